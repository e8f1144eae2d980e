"""One visit as an officer reads it, the flags that wait for one, and visits to lay beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from lienthong.accounts.models import User
from lienthong.infra.missing import NotFound
from lienthong.kernel.text import fold, whole_number
from lienthong.poverty import policies
from lienthong.poverty.models import CommuneReview, HouseholdReview, Score, Submission, Visit, VisitFlag
from lienthong.poverty.queries.visiting import VISITABLE
from lienthong.poverty.queries.worklist import NO_HAMLET
from lienthong.poverty.states import FlagKind, FormKind

OTHERS_AT_MOST = 3
ALIKE_AT_MOST = 5


class VisitNotFound(NotFound):
    """There is no such visit, or none whose answers this user may read."""


class FlagNotFound(NotFound):
    """There is no such flag, or none that this user may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagFilter:
    """What the list of flags shows; empty means all. ``commune`` is the id of a commune's review, the rest as in the work list."""

    commune: str = ""
    kind: str = ""
    hamlet: str = ""
    enumerator: str = ""


@dataclass(frozen=True, slots=True)
class FlagCounts:
    """How many open flags there are for each choice of each filter, and the words of communes and people."""

    total: int
    by: Mapping[str, Mapping[str, int]]
    communes: Mapping[str, str]
    people: Mapping[str, str]


def get_visit(visit_id: int, *, as_: User, on: date) -> Visit:
    """Load a visit whose answers the user may read: of the communes that they see, or their own.

    Who goes as a control does not see what the first one wrote.

    Raises:
        VisitNotFound: There is none.
    """
    found = _visits(as_, on=on).filter(pk=visit_id).first()
    if found is None:
        raise VisitNotFound(visit_id)
    return found


def score_of(visit: Visit) -> Score | None:
    """Return what the rules said last of a visit."""
    return Score.objects.filter(visit=visit).order_by("-computed_at", "-pk").first()


def flags_waiting(user: User, *, on: date) -> QuerySet[VisitFlag]:
    """Return the flags of open rounds that nobody has looked at, of the communes that a user sees, newest first."""
    seen = Q() if policies.sees_province(user, on=on) else Q(visit__review__commune_review__unit__in=policies.communes_of(user, on=on))  # fmt: skip
    flags = VisitFlag.objects.filter(seen, cleared_at=None, visit__is_current=True)
    return flags.filter(visit__review__commune_review__round__closed_at=None).order_by("-raised_at", "-pk")


def flags_asked(user: User, asked: FlagFilter, *, on: date) -> QuerySet[VisitFlag]:
    """Return the flags of a list, with household, commune and who was there."""
    rows = flags_waiting(user, on=on).select_related(
        "visit__review__commune_review__unit",
        "visit__review__commune_review__round",
        "visit__review__household",
        "visit__visited_by",
    )
    if asked.commune:
        rows = rows.filter(visit__review__commune_review=whole_number(asked.commune) or 0)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.hamlet:
        rows = rows.filter(visit__review__hamlet="" if asked.hamlet == NO_HAMLET else asked.hamlet)
    if asked.enumerator:
        rows = rows.filter(visit__visited_by=whole_number(asked.enumerator) or 0)
    return rows.defer("visit__answers", "visit__review__commune_review__frozen")


def flag_counts(user: User, asked: FlagFilter, *, on: date) -> FlagCounts:
    """Return how many flags there are for each choice, in the commune that is asked for, or in all: one question."""
    by: dict[str, dict[str, int]] = {name: {} for name in FlagFilter.__slots__}
    communes: dict[str, str] = {}
    people: dict[str, str] = {}
    total = 0
    columns = (
        "visit__review__commune_review", "visit__review__commune_review__unit__name",
        "visit__review__commune_review__round__period", "kind", "visit__review__hamlet", "visit__visited_by",
        "visit__visited_by__full_name",
    )  # fmt: skip
    rows: QuerySet[Any] = flags_waiting(user, on=on).order_by()
    for commune, name, period, kind, hamlet, person, full_name, count in rows.values_list(*columns).annotate(Count("pk")):  # fmt: skip
        communes[str(commune)] = f"{name}, {period}"
        by["commune"][str(commune)] = by["commune"].get(str(commune), 0) + count
        if asked.commune and asked.commune != str(commune):
            continue
        total += count
        if person:
            people[str(person)] = full_name
        for column, value in (("kind", kind), ("hamlet", hamlet or NO_HAMLET), ("enumerator", str(person or ""))):
            by[column][value] = by[column].get(value, 0) + count
    return FlagCounts(total, by, communes, people)


def get_flag(flag_id: int, *, as_: User, on: date) -> VisitFlag:
    """Load a flag of the communes that a user sees, looked at or not.

    Raises:
        FlagNotFound: There is none.
    """
    flags = VisitFlag.objects.select_related("cleared_by").filter(pk=flag_id)
    found = flags.filter(visit__in=_visits(as_, on=on).values("pk")).first() if not _only_visits(as_, on=on) else None
    if found is None:
        raise FlagNotFound(flag_id)
    return found


def flags_of(visit: Visit) -> list[VisitFlag]:
    """Return everything that makes a visit worth a second look, what was looked at too."""
    return list(visit.flags.select_related("cleared_by").order_by("cleared_at", "pk"))


def visits_beside(flag: VisitFlag, visit: Visit) -> list[Visit]:
    """Return the visits that explain a flag: those with the same answers, or what somebody else found in the same household."""
    visits = Visit.objects.select_related("review__household", "visited_by", "submission__form_version")
    if flag.kind == FlagKind.COPIED:
        rows = visits.filter(
            review__commune_review=visit.review.commune_review_id, form_id=visit.form_id, visited_by=visit.visited_by_id,
            answers_digest=visit.answers_digest, is_current=True,
        ).exclude(review=visit.review_id)  # fmt: skip
    elif flag.kind == FlagKind.DOUBLE:
        rows = visits.filter(review=visit.review_id, form_id=FormKind.B).exclude(visited_by=visit.visited_by_id)
    else:
        return []
    return list(rows.order_by("ended_at", "pk")[:OTHERS_AT_MOST])


def households_alike(submission: Submission, head_name: str, *, as_: User, on: date) -> list[HouseholdReview]:
    """Return households on open lists of the submission's commune whose head has this name, however it is written."""
    if submission.unit_id not in policies.communes_of(as_, on=on) or not head_name:
        return []
    rows = HouseholdReview.objects.filter(
        VISITABLE, commune_review__unit=submission.unit_id, commune_review__round__closed_at=None
    )
    names = rows.order_by("hamlet", "head_sort_key", "pk").values_list("pk", "head_name")
    wanted = fold(head_name)
    chosen = [pk for pk, name in names if fold(name) == wanted][:ALIKE_AT_MOST]
    return list(rows.filter(pk__in=chosen).select_related("household").order_by("hamlet", "head_sort_key", "pk"))


def waiting_of(review: CommuneReview) -> int:
    """Return how many submissions of a commune were set aside and wait."""
    return Submission.objects.filter(unit=review.unit_id, state="set_aside").count()


def _visits(user: User, *, on: date) -> QuerySet[Visit]:
    seen = Q() if policies.sees_province(user, on=on) else Q(review__commune_review__unit__in=policies.communes_of(user, on=on)) | Q(visited_by=user)  # fmt: skip
    rows = Visit.objects.filter(seen).select_related(
        "visited_by",
        "review__household",
        "review__commune_review__unit",
        "review__commune_review__round__points_table",
        "submission__form_version__points_table",
        "submission__device",
        "submission__sent_by",
    )
    return rows.defer("review__commune_review__frozen", "review__commune_review__round__points_table__content")


def _only_visits(user: User, *, on: date) -> bool:
    return not policies.sees_poverty(user, on=on)
