"""The catalogue counted and listed: by field, by online level, by decision, by what an editor has to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from lienthong.catalogue.checks import check_version
from lienthong.catalogue.findings import Finding, errors_of
from lienthong.catalogue.models import Field, Procedure, ProcedureVersion, StagedImport, Withdrawal
from lienthong.catalogue.queries.search import words_key
from lienthong.catalogue.queries.versions import NoSuchProcedure, data_of, standing_of, with_parts
from lienthong.catalogue.states import OnlineLevel, Standing, VersionStatus
from lienthong.kernel.text import fold


@dataclass(frozen=True, slots=True)
class FieldCount:
    """A field of work and how many procedures it has."""

    code: str
    name: str
    name_en: str
    note: str
    count: int


@dataclass(frozen=True, slots=True)
class OnlineCounts:
    """How many procedures are in force on a day, and how much of them can be done online."""

    all: int
    full: int
    partial: int
    information: int
    level_3: int
    level_4: int


@dataclass(frozen=True, slots=True)
class DecisionCount:
    """A publishing decision and how many versions it made public."""

    number: str
    signed_on: date | None
    issuer: str
    count: int
    first_code: str


@dataclass(frozen=True, slots=True)
class EditorRow:
    """A procedure as an editor sees it: its newest version, its draft where there is one, and what is wrong with that."""

    code: str
    name: str
    field: str
    standing: Standing
    shown: ProcedureVersion
    draft: ProcedureVersion | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many things keep the draft from being published."""
        return len(errors_of(self.findings))


def _published_on(on: date) -> QuerySet[ProcedureVersion]:
    return ProcedureVersion.objects.valid_on(on).filter(status=VersionStatus.PUBLISHED)


def fields_with_counts(*, on: date) -> tuple[FieldCount, ...]:
    """Return the fields that have a procedure in force on a day, in Vietnamese order."""
    rows = (
        _published_on(on)
        .values(
            "procedure__field__code", "procedure__field__name", "procedure__field__name_en", "procedure__field__note"
        )
        .annotate(count=Count("id"), order=Min("procedure__field__sort_key"))
        .order_by("order")
    )
    return tuple(
        FieldCount(
            row["procedure__field__code"],
            row["procedure__field__name"],
            row["procedure__field__name_en"],
            row["procedure__field__note"],
            row["count"],
        )
        for row in rows
    )


def all_fields() -> tuple[tuple[str, str], ...]:
    """Return code and name of every field, in Vietnamese order."""
    return tuple(Field.objects.order_by("sort_key").values_list("code", "name"))


def procedure_names(*, on: date) -> dict[str, str]:
    """Return the name of each procedure by its code: of the version in force on a day, else of the last one published."""
    rows = ProcedureVersion.objects.filter(status=VersionStatus.PUBLISHED, valid_from__lte=on).order_by("valid_from")
    return dict(rows.values_list("procedure__code", "name"))


def online_procedures_on(day: date) -> OnlineCounts:
    """Count the procedures in force on a day by online level: of today's scale, and of the scale 1–4 of the time."""
    counted = _published_on(day).aggregate(
        all=Count("id"),
        full=Count("id", filter=Q(online_level=OnlineLevel.FULL)),
        partial=Count("id", filter=Q(online_level=OnlineLevel.PARTIAL)),
        information=Count("id", filter=Q(online_level=OnlineLevel.INFORMATION)),
        level_3=Count("id", filter=Q(online_level_then=3)),
        level_4=Count("id", filter=Q(online_level_then=4)),
    )
    return OnlineCounts(**counted)


def published_decisions(*, limit: int | None = None) -> tuple[DecisionCount, ...]:
    """Return the publishing decisions, newest first, each with the number of versions that it made public."""
    rows = (
        ProcedureVersion.objects.exclude(status=VersionStatus.DRAFT)
        .exclude(decision_number="")
        .values("decision_number", "decision_issuer")
        .annotate(count=Count("id"), signed=Max("decision_signed_on"), code=Min("procedure__code"))
        .order_by(F("signed").desc(nulls_last=True), "decision_number")
    )
    return tuple(
        DecisionCount(row["decision_number"], row["signed"], row["decision_issuer"], row["count"], row["code"])
        for row in (rows[:limit] if limit else rows)
    )


def versions_by_decision(number: str) -> list[ProcedureVersion]:
    """Return what one publishing decision made public, in Vietnamese order."""
    return list(
        ProcedureVersion.objects.exclude(status=VersionStatus.DRAFT)
        .filter(decision_number=number)
        .select_related("procedure__field")
        .order_by("sort_key")
    )


def catalogue_for_editors(
    *, on: date, text: str = "", field: str = "", standing: str = "", page: int = 1, per_page: int = 50
) -> tuple[Page[Procedure], list[EditorRow]]:
    """Return one page of all procedures with how each stands, drafts and findings included.

    Args:
        on: The day on which they stand so.
        text: Words of the name of any version, or a part of the code.
        field: Code of a field of work.
        standing: ``draft`` for those that have a draft, else how the procedure stands.
        page: Which page, from 1.
        per_page: Rows on a page.
    """
    procedures = Procedure.objects.annotate(order=Min("versions__sort_key")).order_by("order", "code")
    if field:
        procedures = procedures.filter(field__code=field)
    for word in words_key(text).split():
        named = ProcedureVersion.objects.filter(procedure=OuterRef("pk"), search_key__contains=f" {word}")
        procedures = procedures.filter(Q(Exists(named)) | Q(code__contains=text.strip()))
    if standing:
        procedures = procedures.filter(_standing_filter(standing, on))
    shown: Page[Any] = Paginator(procedures, per_page).get_page(page)
    versions: dict[int, list[ProcedureVersion]] = {}
    for version in with_parts(ProcedureVersion.objects.filter(procedure__in=list(shown))).order_by(
        "valid_from", "number"
    ):
        versions.setdefault(version.procedure_id, []).append(version)
    return shown, [editor_row(versions[procedure.pk], on=on) for procedure in shown if procedure.pk in versions]


def editor_row(versions: list[ProcedureVersion], *, on: date) -> EditorRow:
    """Sum up a procedure from its versions, oldest first and fetched ``with_parts``."""
    draft = next((one for one in reversed(versions) if one.status == VersionStatus.DRAFT), None)
    ranks = [Standing.DRAFT, Standing.WITHDRAWN, Standing.ENDED, Standing.AHEAD, Standing.IN_FORCE]
    shown = max(versions, key=lambda one: (ranks.index(standing_of(one, on=on)), one.valid_from))
    return EditorRow(
        code=shown.procedure.code,
        name=shown.name,
        field=shown.procedure.field.name,
        standing=standing_of(shown, on=on),
        shown=shown,
        draft=draft,
        findings=check_version(data_of(draft)) if draft else (),
    )


def editable_versions(code: str) -> list[ProcedureVersion]:
    """Return every version of a procedure with its parts, oldest first, drafts included."""
    versions = with_parts(ProcedureVersion.objects.filter(procedure__code=code))
    return list(versions.order_by("valid_from", "number"))


def _standing_filter(standing: str, on: date) -> Q:
    versions = ProcedureVersion.objects.filter(procedure=OuterRef("pk"))
    published = versions.filter(status=VersionStatus.PUBLISHED)
    in_force = Exists(published.valid_on(on))
    ahead = Exists(published.filter(valid_from__gt=on))
    filters = {
        Standing.DRAFT: Q(Exists(versions.filter(status=VersionStatus.DRAFT))),
        Standing.IN_FORCE: Q(in_force),
        Standing.AHEAD: Q(ahead),
        Standing.ENDED: Q(Exists(published.filter(valid_until__lte=on)), ~in_force),
    }
    return filters.get(Standing(standing), Q()) if standing in Standing.values else Q()


def standings_counted(*, on: date) -> dict[str, int]:
    """Count procedures by what an editor filters for."""
    names = (Standing.IN_FORCE, Standing.DRAFT, Standing.AHEAD, Standing.ENDED)
    counts = Procedure.objects.aggregate(
        **{name.value: Count("id", filter=_standing_filter(name, on)) for name in names}
    )
    return {**counts, "": Procedure.objects.count()}


def get_procedure(code: str) -> Procedure:
    """Return a procedure with its field.

    Raises:
        NoSuchProcedure: There is none with this code.
    """
    procedure = Procedure.objects.select_related("field").filter(code=code).first()
    if procedure is None:
        raise NoSuchProcedure
    return procedure


def procedures_like(code: str, *, on: date, limit: int = 5) -> list[ProcedureVersion]:
    """Return other procedures of the same field in force, those with most words in common first."""
    own = ProcedureVersion.objects.filter(procedure__code=code).order_by("-valid_from").first()
    if own is None:
        return []
    others = list(
        _published_on(on)
        .filter(procedure__field=own.procedure.field)
        .exclude(procedure__code=code)
        .select_related("procedure")
    )
    words = set(fold(own.name).split())
    return sorted(others, key=lambda one: (-len(words & set(fold(one.name).split())), one.sort_key))[:limit]


def staged_import(import_id: int, *, uploaded_by: int) -> StagedImport:
    """Return an uploaded file to whoever uploaded it.

    Raises:
        NoSuchProcedure: There is none, or somebody else uploaded it.
    """
    staged = StagedImport.objects.filter(pk=import_id, uploaded_by=uploaded_by).first()
    if staged is None:
        raise NoSuchProcedure
    return staged


def waiting_withdrawal(code: str) -> Withdrawal | None:
    """Return the withdrawal of a procedure that waits for somebody to confirm it, if there is one."""
    return Withdrawal.objects.filter(procedure__code=code, confirmed_at=None).first()


def get_withdrawal(withdrawal_id: int) -> Withdrawal:
    """Return a withdrawal that waits, with its procedure.

    Raises:
        NoSuchProcedure: There is none, or it was confirmed or discarded meanwhile.
    """
    waiting = Withdrawal.objects.select_related("procedure__field").filter(pk=withdrawal_id, confirmed_at=None).first()
    if waiting is None:
        raise NoSuchProcedure
    return waiting


def versions_that_never_come(withdrawal: Withdrawal) -> list[ProcedureVersion]:
    """Return the published versions that would begin on or after the day of a withdrawal, and so never hold."""
    published = ProcedureVersion.objects.filter(procedure=withdrawal.procedure_id, status=VersionStatus.PUBLISHED)
    return list(published.filter(valid_from__gte=withdrawal.from_on).order_by("valid_from"))
