"""Who belongs on the list of a commune: found by where a household lives now, whatever the place was called before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection

from lienthong.people.states import RESIDENCE_ORDER
from lienthong.poverty.models import CommuneReview, HouseholdReview, ReviewRound
from lienthong.poverty.states import LISTED_CLASSES, HouseholdClass, RoundKind, VisitState
from lienthong.units.models import AdministrativeUnit


@dataclass(frozen=True, slots=True)
class Places:
    """What a commune was made of by a day: units that went into it whole, and such as were divided over several."""

    whole: frozenset[int]
    divided: frozenset[int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A household as it goes on a list. ``listed``: it is poor or near-poor that day; ``asked``: it has an open request."""

    household_id: int
    code: str
    hamlet: str
    head_name: str
    head_sort_key: str
    head_sex: str
    ethnicity: str
    size: int
    class_before: str
    ever_listed: bool
    listed: bool
    asked: bool


def listing_day(review: CommuneReview, today: date) -> date:
    """Return the day as of which a list is made: today, or the last day of a commune that is no more."""
    last = review.unit.valid_until
    return today if last is None or today < last else last - timedelta(days=1)


def places_of(unit: AdministrativeUnit, day: date) -> Places:
    """Return the ids of every unit that had become this one, or a part of it, by a day; the unit itself among the whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE back (id) AS (
                SELECT %(unit)s::bigint
                UNION
                SELECT edge.predecessor_id FROM back JOIN units_unitsuccession AS edge ON edge.successor_id = back.id
            ), line (origin, id) AS (
                SELECT id, id FROM back
                UNION
                SELECT line.origin, edge.successor_id
                FROM line
                JOIN units_administrativeunit AS was ON was.id = line.id AND was.valid_until <= %(day)s
                JOIN units_unitsuccession AS edge ON edge.predecessor_id = line.id
            )
            SELECT line.origin, count(*)
            FROM line JOIN units_administrativeunit AS heir ON heir.id = line.id
            WHERE heir.valid_from <= %(day)s AND (heir.valid_until IS NULL OR heir.valid_until > %(day)s)
            GROUP BY line.origin
            HAVING bool_or(line.id = %(unit)s)
            """,
            {"unit": unit.pk, "day": day},
        )
        heirs = dict(cursor.fetchall())
    return Places(
        whole=frozenset(origin for origin, count in heirs.items() if count == 1),
        divided=frozenset(origin for origin, count in heirs.items() if count > 1),
    )


# Of a household filed under a place that was divided, the residence of its head says in which part it lives.
_CANDIDATES = """
WITH open_request AS (
    SELECT DISTINCT household_id FROM poverty_reviewrequest
    WHERE unit_id = ANY(%(places)s) AND review_id IS NULL AND withdrawn_on IS NULL AND received_on <= %(day)s
), wanted AS (
    SELECT h.id, h.code, h.hamlet, h.unit_id, standing.household_class, request.household_id IS NOT NULL AS asked,
           standing.household_class = ANY(%(listed)s) IS TRUE AS listed
    FROM people_household AS h
    LEFT JOIN poverty_householdstanding AS standing ON standing.household_id = h.id
        AND standing.valid_from <= %(day)s AND (standing.valid_until IS NULL OR standing.valid_until > %(day)s)
    LEFT JOIN open_request AS request ON request.household_id = h.id
    WHERE h.valid_from <= %(day)s AND (h.valid_until IS NULL OR h.valid_until > %(day)s)
        AND (h.unit_id = ANY(%(places)s) OR request.household_id IS NOT NULL)
        AND {which}
)
SELECT w.id, w.code, coalesce(nullif(w.hamlet, ''), lived.hamlet, ''), coalesce(head.full_name, w.code),
       coalesce(head.sort_key, w.code), coalesce(head.sex, ''), coalesce(head.ethnicity, ''), members.size,
       w.household_class, EXISTS (
           SELECT FROM poverty_householdstanding AS earlier
           WHERE earlier.household_id = w.id AND earlier.valid_until <= %(day)s
               AND earlier.household_class = ANY(%(listed)s)
       ), w.listed, w.asked,
       w.unit_id = ANY(%(whole)s) OR lived.unit_id = ANY(%(whole)s) IS TRUE OR w.asked, lived.unit_id IS NULL
           OR lived.unit_id = ANY(%(divided)s)
FROM wanted AS w
LEFT JOIN LATERAL (
    SELECT count(*) AS size FROM people_householdmembership AS m JOIN people_person AS p ON p.id = m.person_id
    WHERE m.household_id = w.id AND m.valid_from <= %(day)s AND (m.valid_until IS NULL OR m.valid_until > %(day)s)
        AND (p.died_on IS NULL OR p.died_on >= %(day)s)
) AS members ON true
LEFT JOIN LATERAL (
    SELECT p.* FROM people_householdmembership AS m JOIN people_person AS p ON p.id = m.person_id
    WHERE m.household_id = w.id AND m.valid_from <= %(day)s AND (m.valid_until IS NULL OR m.valid_until > %(day)s)
    ORDER BY m.relation <> 'head', p.died_on IS NOT NULL, p.birth_on, p.id LIMIT 1
) AS head ON true
LEFT JOIN LATERAL (
    SELECT r.unit_id, r.hamlet FROM people_residence AS r
    WHERE r.person_id = head.id AND r.valid_from <= %(day)s AND (r.valid_until IS NULL OR r.valid_until > %(day)s)
    ORDER BY array_position(%(kinds)s, r.kind::text), r.id LIMIT 1
) AS lived ON true
WHERE NOT EXISTS (
    SELECT FROM poverty_householdreview AS review
    JOIN poverty_communereview AS commune ON commune.id = review.commune_review_id
    WHERE review.household_id = w.id AND commune.round_id = %(round)s
        AND (commune.id = %(review)s OR review.visit_state <> %(gone)s)
)
ORDER BY w.id
"""
_LISTED_OR_ASKED = "(standing.household_class = ANY(%(listed)s) OR request.household_id IS NOT NULL)"
_ASKED = "request.household_id IS NOT NULL"
_BY_CODE = "h.code = ANY(%(codes)s)"


def candidates(review: CommuneReview, day: date) -> list[Candidate]:
    """Return who is missing from the list of a commune: of a periodic round the poor and near-poor, of any who asked.

    A household that is on the list of another commune in the same round stays there, unless it has gone from there.
    """
    which = _LISTED_OR_ASKED if review.round.kind == RoundKind.PERIODIC else _ASKED
    return [one for one, is_here, _is_unsure in _asked_of(review, day, which) if is_here]


def candidates_by_code(review: CommuneReview, codes: Collection[str], day: date) -> list[Candidate]:
    """Return those of the households that live in the commune, or in a place that was divided over it and others."""
    found = _asked_of(review, day, _BY_CODE, codes=list(codes))
    return [one for one, is_here, is_unsure in found if is_here or is_unsure]


def undecided_elsewhere(review: CommuneReview, code: str) -> ReviewRound | None:
    """Return another round that runs and has not decided on a household yet; None where there is none."""
    rows = HouseholdReview.objects.filter(household__code=code, commune_review__round__closed_at=None, final_class=None)
    rows = rows.exclude(commune_review__round=review.round_id).exclude(visit_state=VisitState.GONE)
    found = rows.select_related("commune_review__round__points_table").order_by("pk").first()
    return found.commune_review.round if found else None


def unplaced(review: CommuneReview, day: date) -> list[Candidate]:
    """Return the poor and near-poor of a place that was divided, of whom nobody knows in which part they live."""
    if review.round.kind != RoundKind.PERIODIC or not places_of(review.unit, day).divided:
        return []
    found = _asked_of(review, day, _LISTED_OR_ASKED)
    return [one for one, is_here, is_unsure in found if is_unsure and not is_here]


def _asked_of(
    review: CommuneReview, day: date, which: str, *, codes: list[str] | None = None
) -> list[tuple[Candidate, bool, bool]]:
    places = places_of(review.unit, day)
    with connection.cursor() as cursor:
        cursor.execute(
            _CANDIDATES.format(which=which),
            {
                "day": day,
                "places": [*places.whole, *places.divided],
                "whole": list(places.whole),
                "divided": list(places.divided),
                "listed": [str(one) for one in LISTED_CLASSES],
                "kinds": [str(kind) for kind in RESIDENCE_ORDER],
                "gone": str(VisitState.GONE),
                "round": review.round_id,
                "review": review.pk,
                "codes": codes or [],
            },
        )
        return [_read(row) for row in cursor.fetchall()]


def _read(row: tuple[Any, ...]) -> tuple[Candidate, bool, bool]:
    *facts, is_here, is_unsure = row
    names = (field.name for field in fields(Candidate))
    one = Candidate(**dict(zip(names, facts, strict=True)))
    known = one if one.class_before else replace(one, class_before=HouseholdClass.NOT_POOR.value)
    return known, bool(is_here), bool(is_unsure)
