"""Writing what a version says into its tables: many at once for the base data, one at a time for drafts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lienthong.catalogue.definition import VersionData
from lienthong.catalogue.models import Fee, ProcedureVersion, RequiredItem, Result, Step
from lienthong.catalogue.queries.search import words_key
from lienthong.kernel.text import sort_key
from lienthong.rules.deadlines import Allowance

_SEARCH_KEY_LENGTH = 700


def facts_of(data: VersionData) -> dict[str, Any]:
    """Return what the row of a version holds, without its parts, its status and its end of life."""
    decision = data.decision
    return {
        "valid_from": data.valid_from,
        "valid_until": data.valid_until,
        "name": data.name,
        "search_key": words_key(data.name)[:_SEARCH_KEY_LENGTH],
        "search_text": words_key(
            data.who, data.gives, *(result.name for result in data.results), " ".join(data.legal_basis)
        ),
        "sort_key": sort_key(data.name),
        "decision_number": decision.number if decision else "",
        "decision_signed_on": decision.signed_on if decision else None,
        "decision_issuer": decision.issuer if decision else "",
        "decision_confidence": decision.confidence if decision else data.confidence,
        "handled_by": data.handled_by,
        "receiving_level": data.receiving_level,
        "competent_levels": list(data.competent_levels),
        "applicants": list(data.applicants),
        "channels": list(data.channels),
        "online_level": data.online_level,
        "online_level_then": data.online_level_then,
        "online_level_confidence": data.online_level_confidence,
        "is_instant": data.is_instant,
        "is_joint": data.is_joint,
        "allowance": [plain_allowance(part) for part in data.allowance],
        "allowance_text": data.allowance_text,
        "supplement_rule": data.supplement_rule,
        "supplement_confidence": data.supplement_confidence,
        "sets": data.sets,
        "conditions": data.conditions,
        "who": data.who,
        "gives": data.gives,
        "legal_basis": list(data.legal_basis),
        "source": data.source,
        "notes": data.notes,
        "confidence": data.confidence,
    }


def plain_allowance(part: Allowance | None) -> dict[str, Any] | None:
    """Return a time limit as the column holds it."""
    return {"amount": part.amount, "unit": part.unit.value} if part else None


def write_parts(written: Iterable[tuple[ProcedureVersion, VersionData]]) -> None:
    """Write the items, steps, fees and results of versions that have none yet."""
    pairs: Sequence[tuple[ProcedureVersion, VersionData]] = list(written)
    RequiredItem.objects.bulk_create(
        RequiredItem(
            version=version,
            number=item.number,
            name=item.name,
            form_code=item.form_code,
            kind=item.kind,
            originals=item.originals,
            copies=item.copies,
            is_required=item.is_required,
            condition=item.condition,
        )
        for version, data in pairs
        for item in data.items
    )
    Step.objects.bulk_create(
        Step(
            version=version,
            number=step.number,
            name=step.name,
            kind=step.kind,
            role=step.role,
            place=step.place,
            agency_level=step.agency_level,
            allowance=plain_allowance(step.allowance),
        )
        for version, data in pairs
        for step in data.steps
    )
    Fee.objects.bulk_create(
        Fee(
            version=version,
            channel=fee.channel,
            amount=fee.amount,
            note=fee.note,
            valid_from=fee.valid_from,
            valid_until=fee.valid_until,
            confidence=fee.confidence,
        )
        for version, data in pairs
        for fee in data.fees
    )
    Result.objects.bulk_create(
        Result(version=version, number=one.number, name=one.name, code=one.code, is_digital=one.is_digital)
        for version, data in pairs
        for one in data.results
    )


def rewrite(version: ProcedureVersion, data: VersionData) -> None:
    """Replace everything that a draft says."""
    for name, value in facts_of(data).items():
        setattr(version, name, value)
    version.revision += 1
    version.save()
    for part in (version.items, version.steps, version.fees, version.results):
        part.all().delete()
    write_parts([(version, data)])
