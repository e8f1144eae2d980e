"""Rounds and the communes in them: which there are, what a new one would be, and how far each commune is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from lienthong.accounts.models import User
from lienthong.infra.missing import NotFound
from lienthong.poverty import policies
from lienthong.poverty.models import CommuneReview, HouseholdReview, PointsTableVersion, ReviewRound, VisitFlag
from lienthong.poverty.queries.stages import OPEN_FLAG
from lienthong.poverty.queries.standards import points_table_on
from lienthong.poverty.states import CommuneState, HouseholdClass, RoundKind, VisitState
from lienthong.rules.parameters import load_parameter
from lienthong.rules.poverty.points import URBAN_COLUMN
from lienthong.rules.poverty.standards import standard_on
from lienthong.units import queries as units

DONE_VISITS = (VisitState.VISITED, VisitState.SCREENED_OUT, VisitState.GONE)
DECIDED_STATES = (CommuneState.DECIDED, CommuneState.REPORTED)
POSTED_STATES = (CommuneState.POSTED, *DECIDED_STATES)


class CommuneReviewNotFound(NotFound):
    """There is no such part of a round, or none that this user may see."""


class RoundNotFound(NotFound):
    """There is no such round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """What a round of a period would be. ``table`` None: points cannot be computed until one is approved."""

    kind: RoundKind
    period: str
    starts_on: date
    ends_on: date
    standard_id: str
    communes: int
    table: PointsTableVersion | None
    column: str
    known: ReviewRound | None


@dataclass(frozen=True, slots=True)
class CommuneProgress:
    """How far one commune is. ``late``: the round has ended and nothing was decided there."""

    review: CommuneReview
    listed: int
    visited: int
    gone: int
    unassigned: int
    flags: int
    poor: int
    near_poor: int
    late: bool

    @property
    def done(self) -> int:
        """Of how many households nothing more is to be found out."""
        return self.visited + self.gone

    @property
    def is_posted(self) -> bool:
        """Whether the list hangs out, or did."""
        return self.review.state in POSTED_STATES

    @property
    def is_decided(self) -> bool:
        """Whether the chair decided."""
        return self.review.state in DECIDED_STATES


def usual_dates(kind: RoundKind, period: str) -> tuple[date, date]:
    """Return first and last day of a round as the law has them for a period.

    Args:
        kind: Of the round.
        period: ``2026`` for a periodic one, ``2026-11`` for a regular one.

    Raises:
        ValueError: The period is no year, or no month.
        NoValueInForce: The law recorded begins later.

    Legal source:
        24/2021/QĐ-TTg.
    """
    if kind == RoundKind.PERIODIC:
        year = date(int(period), 12, 31)
        first = load_parameter("poverty/calendar:periodic_start").text_on(year)
        last = load_parameter("poverty/calendar:periodic_end").text_on(year)
        return date.fromisoformat(f"{year.year}-{first}"), date.fromisoformat(f"{year.year}-{last}")
    month = date.fromisoformat(f"{period}-28")
    starts_on = month.replace(day=load_parameter("poverty/calendar:regular_start_day").value_on(month))
    return starts_on, starts_on + timedelta(days=load_parameter("poverty/calendar:regular_days").value_on(starts_on))


def usual_period(kind: RoundKind, today: date) -> str:
    """Return the period that somebody who opens a round today most likely means."""
    return f"{today:%Y}" if kind == RoundKind.PERIODIC else f"{today:%Y-%m}"


def round_plan(
    kind: RoundKind, period: str, *, starts_on: date, ends_on: date, today: date, province_code: str
) -> RoundPlan:
    """Return what a round would be: its standard, its communes, its points table.

    Raises:
        NoStandard: No standard is in force on the first day.
    """
    standard = standard_on(starts_on)
    table = table_in_the_field(standard.id) or points_table_on(standard.id, max(starts_on, min(today, ends_on)))
    return RoundPlan(
        kind=kind,
        period=period,
        starts_on=starts_on,
        ends_on=ends_on,
        standard_id=standard.id,
        communes=units.communes_on(starts_on, province_code=province_code).count(),
        table=table,
        column=column_of(table, starts_on),
        known=ReviewRound.objects.filter(kind=kind, period=period).first(),
    )


def table_in_the_field(standard_id: str) -> PointsTableVersion | None:
    """Return the points table of a round that runs: every other round of its standard takes the same.

    Devices hold one form of a standard, compiled with one table; two tables at once would let the phone and the office
    come to different classes.
    """
    running = ReviewRound.objects.select_related("points_table").filter(standard_id=standard_id, closed_at=None)
    found = running.exclude(points_table=None).order_by("-starts_on", "-pk").first()
    return found.points_table if found else None


def column_of(table: PointsTableVersion | None, day: date) -> str:
    """Return the rural column of a table for this province; that of towns is the same for all."""
    region = load_parameter("poverty/calendar:points_region").text_on(day)
    if table is None or region in table.columns:
        return region
    rural = [column for column in table.columns if column != URBAN_COLUMN]
    return rural[0] if len(rural) == 1 else region


def all_rounds() -> QuerySet[Any]:
    """Return the rounds, the latest first, with how many communes are in each and how many have decided."""
    rounds = ReviewRound.objects.select_related("points_table", "opened_by").annotate(
        commune_count=Count("communes"),
        decided_count=Count("communes", filter=Q(communes__state__in=DECIDED_STATES)),
        reported_count=Count("communes", filter=Q(communes__state=CommuneState.REPORTED)),
    )
    return rounds.order_by("-starts_on", "-pk")


def get_round(round_id: int) -> ReviewRound:
    """Load a round with its points table.

    Raises:
        RoundNotFound: There is none.
    """
    found = ReviewRound.objects.select_related("points_table").filter(pk=round_id).first()
    if found is None:
        raise RoundNotFound(round_id)
    return found


def current_round(*, kind: RoundKind | None = None) -> ReviewRound | None:
    """Return the round that is open and began last; where none is open, the last of all."""
    rounds = ReviewRound.objects.select_related("points_table")
    if kind is not None:
        rounds = rounds.filter(kind=kind)
    return rounds.filter(closed_at=None).order_by("-starts_on", "-pk").first() or rounds.order_by("-starts_on").first()


def get_commune_review(review_id: int, *, as_: User, on: date) -> CommuneReview:
    """Load a commune's part of a round that the user may see, with its round, points table and commune.

    Raises:
        CommuneReviewNotFound: There is none, or none for this user.
    """
    seen = policies.visible_to(as_, on=on, path="unit")
    found = CommuneReview.objects.select_related("round__points_table", "unit").filter(seen, pk=review_id).first()
    if found is None:
        raise CommuneReviewNotFound(review_id)
    return found


def reviews_of_communes(unit_ids: frozenset[int]) -> list[CommuneReview]:
    """Return what communes have to do with rounds: those that are open first, then the latest."""
    reviews = CommuneReview.objects.filter(unit__in=unit_ids).select_related("round", "unit")
    open_first = F("round__closed_at").desc(nulls_first=True)
    return list(reviews.order_by(open_first, "-round__starts_on", "unit__sort_key", "pk"))


def progress_of(reviews: QuerySet[CommuneReview], *, today: date) -> list[CommuneProgress]:
    """Return how far each commune is, by name: three questions, however many there are."""
    rows = list(reviews.select_related("unit", "round").order_by("unit__sort_key", "unit__code", "pk"))
    ids = [row.pk for row in rows]
    counts: dict[int, dict[str, Any]] = {
        one["commune_review"]: dict(one)
        for one in HouseholdReview.objects.filter(commune_review__in=ids)
        .order_by()
        .values("commune_review")
        .annotate(
            listed=Count("pk"),
            visited=Count("pk", filter=Q(visit_state__in=(VisitState.VISITED, VisitState.SCREENED_OUT))),
            gone=Count("pk", filter=Q(visit_state=VisitState.GONE)),
            unassigned=Count("pk", filter=Q(enumerator=None) & ~Q(visit_state__in=DONE_VISITS)),
            poor=Count("pk", filter=_counts_as(HouseholdClass.POOR)),
            near_poor=Count("pk", filter=_counts_as(HouseholdClass.NEAR_POOR)),
        )
    }
    flags = dict(
        VisitFlag.objects.filter(OPEN_FLAG, visit__review__commune_review__in=ids)
        .order_by()
        .values_list("visit__review__commune_review")
        .annotate(Count("visit__review", distinct=True))
    )
    nothing = dict.fromkeys(("listed", "visited", "gone", "unassigned", "poor", "near_poor"), 0)
    return [
        CommuneProgress(
            row,
            **{name: counts.get(row.pk, nothing)[name] for name in nothing},
            flags=flags.get(row.pk, 0),
            late=today > row.round.ends_on and row.state not in DECIDED_STATES,
        )
        for row in rows
    ]


def progress_of_round(round_id: int, *, today: date) -> list[CommuneProgress]:
    """Return how far each commune of a round is, by name."""
    return progress_of(CommuneReview.objects.filter(round=round_id), today=today)


def progress_of_review(review: CommuneReview, *, today: date) -> CommuneProgress:
    """Return how far one commune is."""
    return progress_of(CommuneReview.objects.filter(pk=review.pk), today=today)[0]


def _counts_as(household_class: HouseholdClass) -> Q:
    """Count a household by what was decided, else by what was proposed, else by what the survey says."""
    return (
        Q(final_class=household_class)
        | Q(final_class=None, proposed_class=household_class)
        | Q(final_class=None, proposed_class=None, surveyed_class=household_class)
    )
