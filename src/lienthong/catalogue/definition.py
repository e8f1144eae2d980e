"""What a procedure says, as plain values: read from files and tables, compared, checked, drawn, written.

Screens, files and the engine speak of a version through these values; the tables behind it are only where it lies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lienthong.catalogue.states import (
    Confidence,
    ItemKind,
    OnlineLevel,
    ReceivingLevel,
    StepKind,
    StepPlace,
    SupplementRule,
    VersionStatus,
)
from lienthong.kernel.days import Span
from lienthong.rules.deadlines import Allowance

ANY_CHANNEL = "any"
PROVISIONAL_CODE = "LT."


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemData:
    """One paper or form that is asked for. Thành phần hồ sơ (quy định)."""

    number: int
    name: str
    form_code: str = ""
    kind: ItemKind = ItemKind.ORIGINAL
    originals: int = 1
    copies: int = 0
    is_required: bool = True
    condition: str = ""

    @property
    def is_always_demanded(self) -> bool:
        """Whether the paper is missing when it is not there, without asking about the case."""
        return self.is_required and not self.condition and self.kind is not ItemKind.DATA_LOOKUP


@dataclass(frozen=True, slots=True, kw_only=True)
class StepData:
    """One step: what is done, by which role, where, in how much of the time. Bước thực hiện."""

    number: int
    name: str
    kind: StepKind
    role: str
    place: StepPlace = StepPlace.RECEIVING
    agency_level: str = ""
    allowance: Allowance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeData:
    """What is paid by one channel from one day to another, in whole đồng. Phí, lệ phí."""

    amount: int
    channel: str = ANY_CHANNEL
    note: str = ""
    valid_from: date
    valid_until: date | None = None
    confidence: Confidence = Confidence.SECONDARY


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultData:
    """One thing that the procedure gives. Kết quả giải quyết."""

    number: int
    name: str
    code: str = ""
    is_digital: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionData:
    """The decision by which an authority made a version public, as far as it is known. Quyết định công bố."""

    number: str = ""
    signed_on: date | None = None
    issuer: str = ""
    confidence: Confidence = Confidence.VERIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionData:
    """Everything that a procedure asked for and promised between two days. Phiên bản thủ tục.

    ``allowance`` is a chain of parts, empty where the law sets no time or none is known.
    """

    valid_from: date
    valid_until: date | None = None
    name: str
    decision: DecisionData | None = None
    handled_by: str = ""
    receiving_level: ReceivingLevel
    competent_levels: tuple[str, ...] = ()
    applicants: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    online_level: OnlineLevel = OnlineLevel.INFORMATION
    online_level_then: int | None = None
    online_level_confidence: str = ""
    is_instant: bool = False
    is_joint: bool = False
    allowance: tuple[Allowance, ...] = ()
    allowance_text: str = ""
    supplement_rule: SupplementRule = SupplementRule.RESTART
    supplement_confidence: str = ""
    sets: int = 1
    items: tuple[ItemData, ...] = ()
    steps: tuple[StepData, ...] = ()
    fees: tuple[FeeData, ...] = ()
    results: tuple[ResultData, ...] = ()
    conditions: str = ""
    who: str = ""
    gives: str = ""
    legal_basis: tuple[str, ...] = ()
    source: str = ""
    notes: str = ""
    confidence: Confidence = Confidence.SECONDARY
    status: VersionStatus = field(default=VersionStatus.DRAFT, compare=False)

    @property
    def span(self) -> Span:
        """The days on which the version holds."""
        return Span(self.valid_from, self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureData:
    """A procedure with its versions, oldest first. Thủ tục hành chính."""

    code: str
    field: str
    code_confidence: Confidence = Confidence.SECONDARY
    confidence: Confidence = Confidence.SECONDARY
    predecessors: tuple[str, ...] = ()
    versions: tuple[VersionData, ...] = ()

    @property
    def status(self) -> VersionStatus:
        """Whether anything of it is public."""
        is_public = any(version.status is VersionStatus.PUBLISHED for version in self.versions)
        return VersionStatus.PUBLISHED if is_public else VersionStatus.DRAFT


def as_plain(procedure: ProcedureData) -> dict[str, Any]:
    """Give a procedure as the mapping that our YAML files hold, in their order of keys."""
    return {
        "code": procedure.code,
        "field": procedure.field,
        **({"code_status": "unknown"} if procedure.code.startswith(PROVISIONAL_CODE) else {}),
        "code_confidence": procedure.code_confidence.value,
        "status": procedure.status.value,
        "confidence": procedure.confidence.value,
        "predecessors": list(procedure.predecessors),
        "versions": [_plain_version(version, procedure) for version in procedure.versions],
    }


def _plain_version(version: VersionData, procedure: ProcedureData) -> dict[str, Any]:
    return {
        "valid_from": version.valid_from,
        "valid_until": version.valid_until,
        **({"status": version.status.value} if version.status != procedure.status else {}),
        "name": version.name,
        "confidence": version.confidence.value,
        "decision": _plain_decision(version.decision),
        "level": version.receiving_level.value,
        "competent": list(version.competent_levels),
        "handled_by": version.handled_by or None,
        "applicants": list(version.applicants),
        "online_level": version.online_level.value,
        "online_level_then": version.online_level_then,
        "online_level_confidence": version.online_level_confidence or None,
        "channels": list(version.channels),
        "instant": version.is_instant,
        "joint": version.is_joint,
        "allowance": [_plain_allowance(part) for part in version.allowance],
        "allowance_text": version.allowance_text,
        "supplement_rule": version.supplement_rule.value,
        "supplement_confidence": version.supplement_confidence or None,
        "fees": [_plain_fee(fee) for fee in version.fees],
        "items": [_plain_item(item) for item in version.items],
        "sets": version.sets,
        "steps": [_plain_step(step) for step in version.steps],
        "results": [
            {"number": one.number, "name": one.name, "code": one.code or None, "digital": one.is_digital}
            for one in version.results
        ],
        "conditions": version.conditions,
        "legal_basis": list(version.legal_basis),
        "start_page": {"who": version.who, "gives": version.gives},
        "source": version.source,
        "notes": version.notes,
    }


def _plain_decision(decision: DecisionData | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {
        "number": decision.number or None,
        "signed_on": decision.signed_on,
        "issuer": decision.issuer,
        "confidence": decision.confidence.value,
    }


def _plain_allowance(part: Allowance) -> dict[str, Any]:
    return {"amount": part.amount, "unit": part.unit.value}


def _plain_fee(fee: FeeData) -> dict[str, Any]:
    return {
        "amount": fee.amount,
        "note": fee.note,
        "channel": fee.channel,
        "valid_from": fee.valid_from,
        "valid_until": fee.valid_until,
        "confidence": fee.confidence.value,
    }


def _plain_item(item: ItemData) -> dict[str, Any]:
    return {
        "number": item.number,
        "name": item.name,
        "form": item.form_code or None,
        "kind": item.kind.value,
        "originals": item.originals,
        "copies": item.copies,
        "required": item.is_required,
        "condition": item.condition or None,
    }


def _plain_step(step: StepData) -> dict[str, Any]:
    return {
        "number": step.number,
        "name": step.name,
        "kind": step.kind.value,
        "role": step.role,
        "place": step.place.value,
        "agency_level": step.agency_level or None,
        "allowance": _plain_allowance(step.allowance) if step.allowance else None,
    }
