"""The households of a commune in a round as a list to work through: one filter for list, counts, export and print."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Value

from lienthong.accounts.models import User
from lienthong.infra.missing import NotFound
from lienthong.kernel.text import whole_number
from lienthong.poverty import policies
from lienthong.poverty.models import CommuneReview, HouseholdReview, ReviewRequest, VisitFlag
from lienthong.poverty.queries.listing import places_of
from lienthong.poverty.queries.rounds import DONE_VISITS
from lienthong.poverty.queries.stages import OPEN_FLAG
from lienthong.poverty.states import HouseholdClass, VisitState


class HouseholdReviewNotFound(NotFound):
    """There is no such household on a list, or none that this user may see."""


ROUNDS_AT_MOST = 20
NOBODY = "none"
UNKNOWN = "unknown"
NO_HAMLET = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFilter:
    """What a list shows; empty means all.

    ``hamlet`` is a name or ``NO_HAMLET``, ``enumerator`` an id or ``NOBODY``, ``visit`` a ``VisitState``, ``before`` and
    ``result`` a ``HouseholdClass`` (``result`` also ``UNKNOWN``), ``flagged`` and ``jump`` "yes", ``area`` an ``AreaKind``,
    ``source`` a ``ListingSource``.
    """

    hamlet: str = ""
    enumerator: str = ""
    visit: str = ""
    before: str = ""
    result: str = ""
    flagged: str = ""
    area: str = ""
    jump: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How many households there are for each choice of each filter, the other filters left as they are not asked."""

    total: int
    by: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class EnumeratorProgress:
    """How far one enumerator is; ``enumerator`` None for what nobody has."""

    enumerator: User | None
    households: int
    done: int
    flags: int

    @property
    def left(self) -> int:
        """How many are still to visit."""
        return self.households - self.done


def households_of(review: CommuneReview, asked: WorkFilter, *, as_: User, on: date) -> QuerySet[HouseholdReview]:
    """Return the households that a list shows, by hamlet and name, each with its enumerator and whether it has a flag."""
    rows = review.households.filter(policies.visible_to(as_, on=on)).filter(_asked(asked))
    flagged = _has_flag()
    if asked.flagged:
        rows = rows.filter(flagged)
    return (
        rows.annotate(is_flagged=flagged)
        .select_related("household", "enumerator")
        .order_by(*_IN_ORDER_OF_HAMLETS, "head_sort_key", "pk")
    )


def reviews_by_code(code: str, *, as_: User, on: date) -> list[HouseholdReview]:
    """Return the rounds in which a household stood, by its code in capitals or not, the latest first; of what the user may see."""
    wanted = code.strip()
    if not any(letter.isdigit() for letter in wanted):
        return []
    rows = HouseholdReview.objects.filter(policies.visible_to(as_, on=on), household__code__in={wanted, wanted.upper()})
    rows = rows.select_related("household", "commune_review__unit", "commune_review__round")
    return list(rows.order_by("-commune_review__round__starts_on", "-pk")[:ROUNDS_AT_MOST])


def household_of(review: CommuneReview, household_review_id: int) -> HouseholdReview:
    """Load a household of the list of a commune that the user may see.

    Raises:
        HouseholdReviewNotFound: It is not on this list.
    """
    found: HouseholdReview | None = review.households.select_related("household").filter(pk=household_review_id).first()
    if found is None:
        raise HouseholdReviewNotFound(household_review_id)
    return found


def counts_of(review: CommuneReview, *, as_: User, on: date) -> WorkCounts:
    """Return how many households of a commune there are for each choice of each filter: two questions for all of them."""
    rows = review.households.filter(policies.visible_to(as_, on=on)).order_by()
    by: dict[str, Counter[str]] = {name: Counter() for name in WorkFilter.__slots__}
    columns = ("hamlet", "enumerator", "visit_state", "class_before", "surveyed_class", "proposed_class", "final_class",
               "area", "line_may_jump", "source")  # fmt: skip
    total = 0
    for *values, count in rows.values_list(*columns).annotate(Count("pk")):
        hamlet, enumerator, visit, before, surveyed, proposed, final, area, jump, source = values
        total += count
        by["hamlet"][hamlet or NO_HAMLET] += count
        by["enumerator"][str(enumerator) if enumerator else NOBODY] += count
        by["visit"][visit] += count
        by["before"][before] += count
        by["result"][final or proposed or surveyed or UNKNOWN] += count
        by["area"][area] += count
        by["jump"]["yes"] += count if jump else 0
        by["source"][source] += count
    by["flagged"]["yes"] = rows.filter(_has_flag()).count()
    return WorkCounts(total, {name: dict(found) for name, found in by.items()})


def enumerator_progress(review: CommuneReview) -> list[EnumeratorProgress]:
    """Return how far each enumerator of a commune is, by name, and what nobody has, last."""
    rows = list(
        review.households.order_by()
        .values_list("enumerator")
        .annotate(households=Count("pk"), done=Count("pk", filter=Q(visit_state__in=DONE_VISITS)))
    )
    flags = dict(review.households.filter(_has_flag()).order_by().values_list("enumerator").annotate(Count("pk")))
    people = User.objects.in_bulk([pk for pk, _count, _done in rows if pk is not None])
    found = [EnumeratorProgress(people.get(pk), count, done, flags.get(pk, 0)) for pk, count, done in rows]
    return sorted(found, key=_by_name)


def open_requests(review: CommuneReview, day: date) -> QuerySet[ReviewRequest]:
    """Return the requests to a commune, or to what it was made of, that no round has taken up."""
    places = places_of(review.unit, day)
    requests = ReviewRequest.objects.filter(unit__in=places.whole | places.divided, review=None, withdrawn_on=None)
    return requests.select_related("household").order_by("received_on", "pk")


# Xóm 2 comes before Xóm 10: the words first, then the number, then the whole.
_IN_ORDER_OF_HAMLETS = (
    Func(F("hamlet"), Value(r"\d.*$"), Value(""), function="regexp_replace", output_field=CharField()).asc(),
    Func(F("hamlet"), Value(r"\d{1,9}"), function="substring", output_field=CharField(),
         template="coalesce(%(function)s(%(expressions)s), '0')::bigint").asc(),
    F("hamlet").asc(),
)  # fmt: skip


def _by_name(one: EnumeratorProgress) -> tuple[bool, str, int]:
    person = one.enumerator
    return person is None, person.sort_key if person else "", person.pk if person else 0


def _has_flag() -> Exists:
    return Exists(VisitFlag.objects.filter(OPEN_FLAG, visit__review=OuterRef("pk")))


def _asked(asked: WorkFilter) -> Q:
    narrowed = Q()
    plain: dict[str, Any] = {
        "visit_state": asked.visit if asked.visit in VisitState.values else "",
        "class_before": asked.before,
        "area": asked.area,
        "source": asked.source,
    }
    for column, value in plain.items():
        if value:
            narrowed &= Q(**{column: value})
    if asked.hamlet:
        narrowed &= Q(hamlet="" if asked.hamlet == NO_HAMLET else asked.hamlet)
    if asked.enumerator == NOBODY:
        narrowed &= Q(enumerator=None)
    elif (enumerator := whole_number(asked.enumerator)) is not None:
        narrowed &= Q(enumerator=enumerator)
    if asked.jump:
        narrowed &= Q(line_may_jump=True)
    return narrowed & _result(asked.result)


def _result(result: str) -> Q:
    """Ask for what was decided, else proposed, else found by the survey."""
    if not result:
        return Q()
    wanted = None if result == UNKNOWN else result
    if wanted is None:
        return Q(final_class=None, proposed_class=None, surveyed_class=None)
    if wanted not in HouseholdClass.values:
        return Q(pk__in=[])
    return (
        Q(final_class=wanted)
        | Q(final_class=None, proposed_class=wanted)
        | Q(final_class=None, proposed_class=None, surveyed_class=wanted)
    )
