"""How good registers are: counted in the database by the definitions of ``quality``, read from what was counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    FilteredRelation,
    Max,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from lienthong.verification import policies
from lienthong.verification.models import DuplicatePair, QualityFigure, Register, RegisterEntry
from lienthong.verification.quality import (
    FEWEST_DIGITS,
    FRESH_FOR,
    NO_FAULT,
    NOBODY_TO_COMPARE,
    NOT_ALIVE,
    NOT_CLEAN,
    NOT_CORRECT,
    REQUIRED,
    Answer,
    Part,
    Standing,
    rate,
)
from lienthong.verification.states import PairState

WHOLE = "whole"
PARTS = (*Part, WHOLE)
MONTHS_SHOWN = 12


@dataclass(slots=True)
class Tally:
    """How many records answer yes, no and unknown."""

    yes: int = 0
    no: int = 0
    unknown: int = 0

    @property
    def rate(self) -> float | None:
        """Share of yes in what is known; None where nothing is."""
        return rate(self.yes, self.no)

    def add(self, other: Mapping[str, int]) -> None:
        """Add the counts of another group."""
        self.yes += other["yes"]
        self.no += other["no"]
        self.unknown += other["unknown"]


@dataclass(slots=True)
class QualityCounts:
    """Counts of one group of records. Chỉ số chất lượng của một nhóm bản ghi."""

    entries: int = 0
    parts: dict[str, Tally] = field(default_factory=lambda: {part: Tally() for part in PARTS})

    def add(self, entries: int, detail: Mapping[str, Mapping[str, int]]) -> None:
        """Add the counts of another group."""
        self.entries += entries
        for part in PARTS:
            self.parts[part].add(detail[part])


def with_answers(entries: QuerySet[RegisterEntry], *, on: date) -> QuerySet[RegisterEntry]:
    """Add to each entry its answers: ``says_correct``, ``says_complete``, ``says_clean`` and ``says_alive``.

    The same as ``quality.standing``, as columns of the database; a test compares the two.
    """
    said = {
        column(part): Case(
            When(no, then=Value(Answer.NO.value)),
            When(yes, then=Value(Answer.YES.value)),
            default=Value(Answer.UNKNOWN.value),
            output_field=CharField(),
        )
        for part, (no, yes) in _conditions(on).items()
    }
    return _with_verdict(entries).annotate(**said)


def _with_verdict(entries: QuerySet[RegisterEntry]) -> QuerySet[RegisterEntry]:
    current = FilteredRelation("verdicts", condition=Q(verdicts__is_current=True))
    as_of = Coalesce(
        F("current__batch__population_copy__as_of"), TruncDate("current__judged_at"), output_field=DateField()
    )
    return entries.annotate(current=current, data_as_of=as_of)


def _conditions(on: date) -> dict[Part, tuple[Q, Q]]:
    """Return for each part when it is no, and when it is yes unless it is no."""
    pairs = DuplicatePair.objects.filter(state=PairState.OPEN)
    # Asked as a list that is made once, not row by row.
    in_pair = Q(pk__in=pairs.values("entry")) | Q(pk__in=pairs.values("other"))
    gaps = ~Q(number__regex=f"([0-9][^0-9]*){{{FEWEST_DIGITS}}}")
    for name in REQUIRED:
        gaps |= Q(**{f"{name}__regex": "^ *$"})
    compared = Q(current__status__isnull=False) & ~_status_in(NOBODY_TO_COMPARE)
    faults = Q(findings__isnull=False) & ~Q(findings__contained_by=sorted(NO_FAULT))
    return {
        Part.CORRECT: (_holds(NOT_CORRECT), compared),
        Part.COMPLETE: (gaps, Q(pk__isnull=False)),
        Part.CLEAN: (
            _holds(NOT_CLEAN) | in_pair | faults,
            Q(findings__isnull=False) | Q(current__status__isnull=False),
        ),
        Part.ALIVE: (_holds(NOT_ALIVE), compared & Q(data_as_of__gte=on - FRESH_FOR)),
    }


def _answering(part: str, answer: str) -> Q:
    """Return the condition for entries of ``with_answers`` whose part, or the whole of the four, has this answer."""
    if part != WHOLE:
        return Q(**{column(part): answer})
    any_no, all_yes = Q(), Q()
    for one in Part:
        any_no |= Q(**{column(one): Answer.NO})
        all_yes &= Q(**{column(one): Answer.YES})
    return {Answer.NO: any_no, Answer.YES: all_yes, Answer.UNKNOWN: ~any_no & ~all_yes}[Answer(answer)]


def column(part: str) -> str:
    """Return the name under which ``with_answers`` adds a part."""
    return f"says_{part}"


def counted_by_commune(register_ids: Iterable[int], *, on: date) -> list[dict[str, Any]]:
    """Count the current entries of registers by commune, in one pass over them.

    Returns:
        Rows of register_id, commune_id, entries and detail (each part to yes, no, unknown).
    """
    entries = with_answers(RegisterEntry.objects.filter(is_current=True, register__in=list(register_ids)), on=on)
    # By every combination of answers, of which there are few: each answer is worked out once per record.
    said = [column(part) for part in Part]
    grouped: Any = entries.order_by().values_list("register_id", "commune_id", *said).annotate(entries=Count("pk"))
    rows: dict[tuple[int, int | None], dict[str, Any]] = {}
    for register_id, commune_id, *answers, entries_counted in grouped:
        row = rows.setdefault(
            (register_id, commune_id),
            {
                "register_id": register_id,
                "commune_id": commune_id,
                "entries": 0,
                "detail": {str(part): dict.fromkeys(map(str, Answer), 0) for part in PARTS},
            },
        )
        row["entries"] += entries_counted
        whole = Standing(*map(Answer, answers)).whole
        for part, answer in zip(PARTS, (*answers, whole), strict=True):
            row["detail"][str(part)][str(answer)] += entries_counted
    return [rows[key] for key in sorted(rows, key=lambda key: (key[0], key[1] or 0))]


def records_behind(
    user: Any, *, part: str, answer: str, on: date, register_id: int | None = None, commune_id: int | None = None
) -> QuerySet[RegisterEntry]:
    """Return the entries that a figure counts, for whoever may see them, by id.

    Args:
        user: Who asks.
        part: A value of ``Part``, or ``whole``.
        answer: A value of ``Answer``.
        on: The day.
        register_id: Only this register.
        commune_id: Only this commune; 0 for entries whose commune is not known.
    """
    entries = RegisterEntry.objects.filter(policies.visible_to(user, on=on), is_current=True)
    if register_id is not None:
        entries = entries.filter(register=register_id)
    if commune_id is not None:
        entries = entries.filter(commune=commune_id or None) if commune_id else entries.filter(commune=None)
    answered = with_answers(entries, on=on).filter(_answering(part, answer))
    return answered.select_related("register", "commune").order_by("pk")


def quality_figures(
    user: Any, *, on: date, register_id: int | None = None, commune_id: int | None = None
) -> list[tuple[date, int, int | None, str, int, dict[str, Any]]]:
    """Return what was counted in the last twelve months, for whoever may see it.

    Returns:
        Month, register, commune (id and name), entries and detail; oldest first.
    """
    figures = QualityFigure.objects.filter(policies.visible_to(user, on=on), month__gt=_months_back(on, MONTHS_SHOWN))
    if register_id is not None:
        figures = figures.filter(register=register_id)
    if commune_id is not None:
        figures = figures.filter(commune=commune_id)
    rows = figures.order_by("month", F("commune__sort_key").asc(nulls_last=True), "register_id", "id")
    return [
        (month, register, commune, name or "", entries, detail)
        for month, register, commune, name, entries, detail in rows.values_list(
            "month", "register_id", "commune_id", "commune__name", "entries", "detail"
        )
    ]


def last_counted(*, register_id: int | None = None) -> Any:
    """Return when quality was counted last; None where it never was."""
    figures = QualityFigure.objects.filter(**({"register": register_id} if register_id is not None else {}))
    return figures.aggregate(at=Max("counted_at"))["at"]


def all_registers() -> list[tuple[int, str]]:
    """Return the registers by name."""
    return list(Register.objects.order_by("name", "id").values_list("id", "name"))


def _status_in(statuses: Iterable[str]) -> Q:
    return Q(current__status__in=sorted(statuses))


def _holds(statuses: Iterable[str]) -> Q:
    """Whether one of these is the status of the current verdict or among its tags."""
    return _status_in(statuses) | Q(current__tags__overlap=sorted(statuses))


def _months_back(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
