"""The province at a glance: what a round decided, commune by commune, beside the rounds before, and how far a round is.

Everything is counted from the households of the list, in a handful of questions however many there are. Only what is
decided counts as poor or near-poor: a commune that has not decided has no figures, which is not the same as none poor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import connection
from django.db.models import Count, F, Q, Sum

from lienthong.poverty.models import CommuneReview, HouseholdReview, ReviewRound
from lienthong.poverty.queries.rounds import DECIDED_STATES
from lienthong.poverty.states import CommuneState, Movement, RoundKind, VisitState
from lienthong.units.models import AdministrativeUnit
from lienthong.units.queries import districts_of

EXITS = (Movement.POOR_EXITS, Movement.POOR_TO_NEAR_POOR)
NEW_ON_THE_LIST = (Movement.NEW_POOR, Movement.NEW_NEAR_POOR, Movement.RELAPSE_POOR, Movement.RELAPSE_NEAR_POOR)
ROUNDS_DRAWN = 8


class Placement(Protocol):
    """Households of a round put on the map of another day: where each lives there, and how many live in each unit."""

    unit_of: Mapping[int, int]
    """Id of the unit by the id of the household; a household that is not named is left out."""
    totals: Mapping[int, int | None]
    """All households by the id of the unit; None where it is not known or one of the communes has not decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFigures:
    """What a round decided over the province. ``total`` is of the communes that have decided and told how many live there."""

    round: ReviewRound
    communes: int
    decided: int
    reported: int
    total: int
    poor: int
    near_poor: int
    poor_of_total: int
    near_poor_of_total: int

    @property
    def poor_rate(self) -> float | None:
        """Poor households of all households, from 0 to 1; None where nothing is below the line."""
        return self.poor_of_total / self.total if self.total else None

    @property
    def near_poor_rate(self) -> float | None:
        """Near-poor households of all households, from 0 to 1; None where nothing is below the line."""
        return self.near_poor_of_total / self.total if self.total else None

    @property
    def is_whole(self) -> bool:
        """Whether every commune has decided."""
        return 0 < self.communes == self.decided


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneFigures:
    """What a round decided in one commune. ``review_id`` is None on the map of another day.

    ``deprived`` counts the poor and near-poor households with the deprivation that was asked for.
    """

    unit_id: int
    review_id: int | None
    name: str
    district: str
    state: str
    is_decided: bool
    total: int | None
    poor: int
    near_poor: int
    deprived: int

    @property
    def listed(self) -> int:
        """Poor and near-poor households."""
        return self.poor + self.near_poor

    @property
    def poor_rate(self) -> float | None:
        """Poor households of all households; None where the commune has not decided or their number is not known."""
        return self._of_all(self.poor)

    @property
    def near_poor_rate(self) -> float | None:
        """Near-poor households of all households; None like ``poor_rate``."""
        return self._of_all(self.near_poor)

    @property
    def deprived_share(self) -> float | None:
        """Households with the deprivation, of the poor and near-poor ones; None where there are none."""
        return self.deprived / self.listed if self.is_decided and self.listed else None

    def _of_all(self, count: int) -> float | None:
        return count / self.total if self.is_decided and self.total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCommune:
    """A commune that has not decided though the round is over."""

    review_id: int
    name: str
    state: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundProgress:
    """How far a round is: communes by state, households that still wait for a visit, and who is late."""

    round: ReviewRound
    stages: tuple[tuple[CommuneState, int], ...]
    households: int
    to_visit: int
    late: tuple[LateCommune, ...]

    @property
    def communes(self) -> int:
        """How many communes take part."""
        return sum(count for _state, count in self.stages)

    @property
    def decided(self) -> int:
        """How many communes have decided."""
        return sum(count for state, count in self.stages if state in DECIDED_STATES)


_LISTED = """
    SELECT review.id, review.commune_review_id, review.household_id, review.final_class, review.deprivations
    FROM poverty_householdreview AS review
    WHERE review.final_class IN ('poor', 'near_poor')
      AND review.commune_review_id IN (SELECT id FROM poverty_communereview WHERE round_id = %(round)s)
"""
_COUNTS = """
    count(*) FILTER (WHERE final_class = 'poor'), count(*) FILTER (WHERE final_class = 'near_poor'),
    count(*) FILTER (WHERE %(deprivation)s = ANY (deprivations))
"""
_BY_REVIEW = f"SELECT commune_review_id, {_COUNTS} FROM ({_LISTED}) AS listed GROUP BY 1"  # noqa: S608 -- put together of our own words
_BY_PLACE = f"""
    SELECT place.unit_id, {_COUNTS} FROM ({_LISTED}) AS listed
    JOIN unnest(%(households)s::bigint[], %(units)s::bigint[]) AS place (household_id, unit_id) USING (household_id)
    GROUP BY 1
"""  # noqa: S608 -- put together of our own words
_BY_ROUND = """
    SELECT commune.round_id, sum(counted.poor)::bigint, sum(counted.near_poor)::bigint,
        coalesce(sum(counted.poor) FILTER (WHERE commune.households_total > 0), 0)::bigint,
        coalesce(sum(counted.near_poor) FILTER (WHERE commune.households_total > 0), 0)::bigint
    FROM (
        SELECT commune_review_id,
            count(*) FILTER (WHERE final_class = 'poor') AS poor, count(*) FILTER (WHERE final_class = 'near_poor') AS near_poor
        FROM poverty_householdreview
        WHERE final_class IN ('poor', 'near_poor') AND commune_review_id IN (
            SELECT id FROM poverty_communereview WHERE round_id = ANY (%(rounds)s) AND state = ANY (%(decided)s)
        )
        GROUP BY commune_review_id
    ) AS counted
    JOIN poverty_communereview AS commune ON commune.id = counted.commune_review_id
    GROUP BY 1
"""


def figures_of_rounds(kind: RoundKind = RoundKind.PERIODIC, *, last: int = ROUNDS_DRAWN) -> list[RoundFigures]:
    """Return what the last rounds of a kind decided over the province, the earliest first: two questions.

    Args:
        kind: Periodic rounds follow one another by the year, regular ones by the month.
        last: How many at most.
    """
    decided = Q(communes__state__in=DECIDED_STATES)
    rounds = (
        ReviewRound.objects.select_related("points_table")
        .filter(kind=kind)
        .annotate(
            commune_count=Count("communes"),
            decided_count=Count("communes", filter=decided),
            reported_count=Count("communes", filter=Q(communes__state=CommuneState.REPORTED)),
            total=Sum("communes__households_total", filter=decided),
        )
    )
    found = list(rounds.order_by("-starts_on", "-pk")[:last])
    rows = _rows(_BY_ROUND, rounds=[one.pk for one in found], decided=list(map(str, DECIDED_STATES)))
    counts = {row[0]: row[1:] for row in rows}
    return [_of_round(one, counts.get(one.pk, (0, 0, 0, 0))) for one in reversed(found)]


def _of_round(one: Any, counts: tuple[int, ...]) -> RoundFigures:
    poor, near_poor, poor_of_total, near_poor_of_total = counts
    return RoundFigures(
        round=one, communes=one.commune_count, decided=one.decided_count, reported=one.reported_count,
        total=one.total or 0, poor=poor, near_poor=near_poor, poor_of_total=poor_of_total,
        near_poor_of_total=near_poor_of_total,
    )  # fmt: skip


def figures_of_communes(round_id: int, *, deprivation: str = "") -> list[CommuneFigures]:
    """Return what a round decided in each of its communes as they were then, by district and name.

    Args:
        round_id: The round.
        deprivation: Code of the indicator whose share is wanted, if any.
    """
    counts = {row[0]: row[1:] for row in _rows(_BY_REVIEW, round=round_id, deprivation=deprivation)}
    reviews = list(CommuneReview.objects.filter(round=round_id).select_related("unit").order_by("unit__sort_key", "pk"))
    districts = districts_of(review.unit_id for review in reviews)
    found = []
    for review in reviews:
        is_decided = review.state in DECIDED_STATES
        poor, near_poor, deprived = counts.get(review.pk, (0, 0, 0)) if is_decided else (0, 0, 0)
        found.append(
            CommuneFigures(
                unit_id=review.unit_id, review_id=review.pk, name=review.unit.name, district=districts.get(review.unit_id, ""),
                state=review.state, is_decided=is_decided, total=review.households_total,
                poor=poor, near_poor=near_poor, deprived=deprived,
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: row.district)


def figures_placed(round_id: int, placement: Placement, *, deprivation: str = "") -> list[CommuneFigures]:
    """Return what a round decided, on the map of another day, by district and name.

    Args:
        round_id: The round.
        placement: In which unit each household lies on that map, and how many households live in each unit.
        deprivation: Code of the indicator whose share is wanted, if any.
    """
    placed = {"households": list(placement.unit_of), "units": list(placement.unit_of.values())}
    counts = {row[0]: row[1:] for row in _rows(_BY_PLACE, round=round_id, deprivation=deprivation, **placed)}
    ids = placement.totals.keys() | counts.keys()
    districts = districts_of(ids)
    found = []
    for unit in AdministrativeUnit.objects.filter(pk__in=ids).order_by("sort_key", "pk"):
        total = placement.totals.get(unit.pk)
        poor, near_poor, deprived = counts.get(unit.pk, (0, 0, 0)) if total is not None else (0, 0, 0)
        found.append(
            CommuneFigures(
                unit_id=unit.pk, review_id=None, name=unit.name, district=districts.get(unit.pk, ""), state="",
                is_decided=total is not None, total=total, poor=poor, near_poor=near_poor, deprived=deprived,
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: row.district)


def movements_of(round_id: int) -> dict[str, int]:
    """Return how many households of a round moved how, of the communes that have decided."""
    rows = HouseholdReview.objects.filter(
        commune_review__round=round_id, commune_review__state__in=DECIDED_STATES, final_class__isnull=False
    )
    return dict(rows.order_by("movement").values_list("movement").annotate(Count("pk")))


def deprivations_of(round_id: int) -> dict[str, int]:
    """Return how many poor and near-poor households have each deprivation, by the code of its indicator."""
    decided = "review.commune_review_id IN (SELECT id FROM poverty_communereview WHERE state = ANY (%(decided)s))"
    statement = f"""
        SELECT code, count(*) FROM ({_LISTED} AND {decided}) AS listed, unnest(deprivations) AS code GROUP BY 1
    """  # noqa: S608 -- put together of our own words
    return dict(_rows(statement, round=round_id, decided=list(map(str, DECIDED_STATES))))


def progress_of_province(one: ReviewRound, *, today: date) -> RoundProgress:
    """Return how far a round is: three questions."""
    reviews = CommuneReview.objects.filter(round=one)
    states = dict(reviews.order_by("state").values_list("state").annotate(Count("pk")))
    visits = HouseholdReview.objects.filter(commune_review__round=one).order_by("visit_state")
    by_visit = dict(visits.values_list("visit_state").annotate(Count("pk")))
    late: tuple[LateCommune, ...] = ()
    if today > one.ends_on:
        rows = reviews.exclude(state__in=DECIDED_STATES).order_by("unit__sort_key", "pk")
        late = tuple(
            LateCommune(review_id=pk, name=name, state=state, days=(today - one.ends_on).days)
            for pk, name, state in rows.annotate(name=F("unit__name")).values_list("pk", "name", "state")
        )
    return RoundProgress(
        round=one,
        stages=tuple((state, states.get(state, 0)) for state in CommuneState),
        households=sum(by_visit.values()),
        to_visit=by_visit.get(VisitState.TO_VISIT, 0) + by_visit.get(VisitState.REVISIT, 0),
        late=late,
    )


def _rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
