"""Which version holds, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from lienthong.catalogue.definition import (
    DecisionData,
    FeeData,
    ItemData,
    ProcedureData,
    ResultData,
    StepData,
    VersionData,
)
from lienthong.catalogue.models import Fee, Procedure, ProcedureVersion, RequiredItem, Result, Step
from lienthong.catalogue.states import (
    Confidence,
    ItemKind,
    OnlineLevel,
    ReceivingLevel,
    Standing,
    StepKind,
    StepPlace,
    SupplementRule,
    VersionStatus,
)
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import format_day
from lienthong.rules.deadlines import Allowance, Unit

_MOST_REMEMBERED = 5000
# A published version is immutable but for its end, and every move of a dossier asks for its steps.
_STEPS_OF_PUBLISHED: dict[int, tuple[StepData, ...]] = {}


class NoSuchProcedure(NotFound):
    """There is no such procedure or version."""

    def __str__(self) -> str:
        return _("Không có thủ tục hoặc phiên bản này. Kiểm tra lại mã thủ tục.")


class ProcedureNotInForce(Exception):
    """Nobody can file this procedure on this day.

    Attributes:
        code: The procedure asked for.
        replaced_by: Codes of the procedures that took its place.
    """

    def __init__(self, sentence: str, *, code: str, replaced_by: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.code, self.replaced_by = code, replaced_by


def procedure_in_force(code: str, *, on: date) -> ProcedureVersion:
    """Return the version of a procedure that holds on a day.

    Phiên bản thủ tục có hiệu lực.

    Raises:
        ProcedureNotInForce: None does; the message says since when, and what replaced it.
    """
    version: ProcedureVersion | None = (
        ProcedureVersion.objects.valid_on(on)
        .filter(procedure__code=code, status=VersionStatus.PUBLISHED)
        .select_related("procedure__field")
        .first()
    )
    if version is None:
        raise _not_in_force(code, on)
    return version


def _not_in_force(code: str, on: date) -> ProcedureNotInForce:
    published = ProcedureVersion.objects.filter(procedure__code=code, status=VersionStatus.PUBLISHED)
    last = published.filter(valid_from__lte=on).order_by("-valid_from").first()
    if last is not None and last.valid_until is not None:
        successors = list(successors_of(code, on=on))
        words = {"name": last.name, "code": code, "day": format_day(last.valid_until)}
        sentence = _("Thủ tục “%(name)s” (%(code)s) hết hiệu lực từ %(day)s") % words
        if last.ended_by:
            sentence += _(" theo %(decision)s") % {"decision": last.ended_by}
        sentence += "."
        if successors:
            named = "; ".join(f"“{one.name}” ({one.procedure.code})" for one in successors)
            sentence += " " + _("Thay thế bằng: %(named)s.") % {"named": named}
        return ProcedureNotInForce(sentence, code=code, replaced_by=tuple(one.procedure.code for one in successors))
    coming = published.filter(valid_from__gt=on).order_by("valid_from").first()
    if coming is not None:
        words = {"name": coming.name, "code": code, "day": format_day(coming.valid_from)}
        return ProcedureNotInForce(
            _("Thủ tục “%(name)s” (%(code)s) có hiệu lực từ %(day)s, chưa nộp được trước ngày đó.") % words, code=code
        )
    if Procedure.objects.filter(code=code).exists():
        return ProcedureNotInForce(
            _("Thủ tục mã %(code)s chưa được công bố, chưa nộp được.") % {"code": code}, code=code
        )
    return ProcedureNotInForce(
        _("Không có thủ tục mã %(code)s. Kiểm tra lại mã, hoặc tìm theo tên thủ tục.") % {"code": code[:40]}, code=code
    )


def successors_of(code: str, *, on: date) -> QuerySet[ProcedureVersion]:
    """Return the versions in force of the procedures that took the place of another."""
    return (
        ProcedureVersion.objects.valid_on(on)
        .filter(status=VersionStatus.PUBLISHED, procedure__predecessors__code=code)
        .select_related("procedure__field")
        .order_by("sort_key")
    )


def predecessors_of(code: str) -> tuple[tuple[str, str], ...]:
    """Return code and last known name of the procedures whose place this one took."""
    rows = (
        ProcedureVersion.objects.filter(procedure__successors__code=code)
        .exclude(status=VersionStatus.DRAFT)
        .order_by("procedure__code", "valid_from")
        .values_list("procedure__code", "name")
    )
    return tuple(dict(rows).items())


def with_parts(versions: QuerySet[ProcedureVersion]) -> QuerySet[ProcedureVersion]:
    """Fetch versions with procedure, field and every part, in a number of queries that does not grow."""
    return versions.select_related("procedure__field").prefetch_related(
        Prefetch("items", RequiredItem.objects.order_by("number")),
        Prefetch("steps", Step.objects.order_by("number")),
        Prefetch("fees", Fee.objects.order_by("id")),
        Prefetch("results", Result.objects.order_by("number")),
    )


def get_version(version_id: int) -> ProcedureVersion:
    """Return a version with its parts.

    Raises:
        NoSuchProcedure: There is none.
    """
    version = with_parts(ProcedureVersion.objects.filter(pk=version_id)).first()
    if version is None:
        raise NoSuchProcedure
    return version


def versions_of(code: str, *, drafts: bool = False) -> list[ProcedureVersion]:
    """Return the versions of a procedure, newest first; drafts only where asked for."""
    versions = ProcedureVersion.objects.filter(procedure__code=code).select_related("procedure__field")
    if not drafts:
        versions = versions.exclude(status=VersionStatus.DRAFT)
    return list(versions.order_by("-valid_from", "-number"))


def standing_of(version: ProcedureVersion, *, on: date) -> Standing:
    """Say how a version stands on a day."""
    if version.status != VersionStatus.PUBLISHED:
        return Standing(version.status)
    if on < version.valid_from:
        return Standing.AHEAD
    if version.valid_until is not None and version.valid_until <= on:
        return Standing.WITHDRAWN if version.withdrawn_at else Standing.ENDED
    return Standing.IN_FORCE


def steps_of(version_id: int) -> tuple[StepData, ...]:
    """Return the steps of a version in order; those of a published version are read once per process."""
    if version_id in _STEPS_OF_PUBLISHED:
        return _STEPS_OF_PUBLISHED[version_id]
    rows = list(Step.objects.filter(version=version_id).select_related("version").order_by("number"))
    steps = tuple(_step_data(row) for row in rows)
    if rows and rows[0].version.status == VersionStatus.PUBLISHED:
        if len(_STEPS_OF_PUBLISHED) >= _MOST_REMEMBERED:
            _STEPS_OF_PUBLISHED.clear()
        _STEPS_OF_PUBLISHED[version_id] = steps
    return steps


def allowance_of(version: ProcedureVersion) -> tuple[Allowance, ...]:
    """Return the time limit as parts that follow each other; empty where the law sets none or none is known."""
    return tuple(Allowance(part["amount"], Unit(part["unit"])) for part in version.allowance)


def data_of(version: ProcedureVersion) -> VersionData:
    """Return what a version says, as plain values. Fetch it ``with_parts`` first."""
    decision = DecisionData(
        number=version.decision_number,
        signed_on=version.decision_signed_on,
        issuer=version.decision_issuer,
        confidence=Confidence(version.decision_confidence),
    )
    return VersionData(
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        status=VersionStatus(version.status),
        name=version.name,
        decision=decision if decision.number or decision.issuer or decision.signed_on else None,
        handled_by=version.handled_by,
        receiving_level=ReceivingLevel(version.receiving_level),
        competent_levels=tuple(version.competent_levels),
        applicants=tuple(version.applicants),
        channels=tuple(version.channels),
        online_level=OnlineLevel(version.online_level),
        online_level_then=version.online_level_then,
        online_level_confidence=version.online_level_confidence,
        is_instant=version.is_instant,
        is_joint=version.is_joint,
        allowance=allowance_of(version),
        allowance_text=version.allowance_text,
        supplement_rule=SupplementRule(version.supplement_rule),
        supplement_confidence=version.supplement_confidence,
        sets=version.sets,
        items=tuple(_item_data(item) for item in version.items.all()),
        steps=tuple(_step_data(step) for step in version.steps.all()),
        fees=tuple(_fee_data(fee) for fee in version.fees.all()),
        results=tuple(
            ResultData(number=one.number, name=one.name, code=one.code, is_digital=one.is_digital)
            for one in version.results.all()
        ),
        conditions=version.conditions,
        who=version.who,
        gives=version.gives,
        legal_basis=tuple(version.legal_basis),
        source=version.source,
        notes=version.notes,
        confidence=Confidence(version.confidence),
    )


def _item_data(item: RequiredItem) -> ItemData:
    return ItemData(
        number=item.number,
        name=item.name,
        form_code=item.form_code,
        kind=ItemKind(item.kind),
        originals=item.originals,
        copies=item.copies,
        is_required=item.is_required,
        condition=item.condition,
    )


def _step_data(step: Step) -> StepData:
    allowance = Allowance(step.allowance["amount"], Unit(step.allowance["unit"])) if step.allowance else None
    return StepData(
        number=step.number,
        name=step.name,
        kind=StepKind(step.kind),
        role=step.role,
        place=StepPlace(step.place),
        agency_level=step.agency_level,
        allowance=allowance,
    )


def _fee_data(fee: Fee) -> FeeData:
    return FeeData(
        amount=fee.amount,
        channel=fee.channel,
        note=fee.note,
        valid_from=fee.valid_from,
        valid_until=fee.valid_until,
        confidence=Confidence(fee.confidence),
    )


def procedures_as_data(
    codes: Iterable[str] | None = None, *, drafts: bool = False, withdrawn: bool = False
) -> list[ProcedureData]:
    """Return procedures with everything they say, in the order of their codes.

    Args:
        codes: Which; None for all.
        drafts: Whether drafts come too.
        withdrawn: Whether versions that never came into force come too.
    """
    versions = with_parts(ProcedureVersion.objects.all())
    if codes is not None:
        versions = versions.filter(procedure__code__in=list(codes))
    if not drafts:
        versions = versions.exclude(status=VersionStatus.DRAFT)
    if not withdrawn:
        versions = versions.exclude(status=VersionStatus.WITHDRAWN)
    versions = versions.prefetch_related("procedure__predecessors")
    by_procedure: dict[Procedure, list[VersionData]] = {}
    for version in versions.order_by("procedure__code", "valid_from", "number"):
        by_procedure.setdefault(version.procedure, []).append(data_of(version))
    return [
        ProcedureData(
            code=procedure.code,
            field=procedure.field.code,
            code_confidence=Confidence(procedure.code_confidence),
            confidence=Confidence(procedure.confidence),
            predecessors=tuple(sorted(one.code for one in procedure.predecessors.all())),
            versions=tuple(of_procedure),
        )
        for procedure, of_procedure in by_procedure.items()
    ]


def version_to_read(versions: Sequence[ProcedureVersion], *, on: date) -> tuple[ProcedureVersion, str]:
    """Choose the version that a reader sees for a day: the one that holds, else the nearest, with why none holds.

    Args:
        versions: Every public version of one procedure, newest first; at least one.
        on: The day.
    """
    for version in versions:
        if standing_of(version, on=on) is Standing.IN_FORCE:
            return version, ""
    refusal = str(_not_in_force(versions[0].procedure.code, on))
    earlier = [one for one in versions if one.valid_from <= on and one.status == VersionStatus.PUBLISHED]
    return (earlier or list(versions)[-1:])[0], refusal
