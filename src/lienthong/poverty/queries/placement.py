"""The households of a round on the map of any day: where the place in which each was reviewed lay then.

A commune that became a part of one other goes there whole. Of one that was divided, and of one that was put together when the
map is older than the round, each household goes where it was shown to live: by its other reviews, the residences of its
people, the place under which it is filed. Where nothing shows it, or the evidence names two places, it stays unplaced, with
the places it may lie in; nothing is shared out by percentages. So the sum is always that of the round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, cast

from django.db import connection
from django.db.models import Q

from lienthong.people.states import ResidenceKind
from lienthong.poverty.models import CommuneReview
from lienthong.units.models import AdministrativeUnit, UnitChange
from lienthong.units.states import COMMUNE_KINDS


@dataclass(frozen=True, slots=True)
class Divided:
    """A commune of the round that has no single place on the map: what it may be there, and how its households were placed.

    ``is_earlier``: the map is older than the commune, which was put together of several; else it was divided later.
    """

    unit: AdministrativeUnit
    candidates: tuple[AdministrativeUnit, ...]
    is_earlier: bool
    placed: int
    unplaced: int


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where each household of some communes of a round stands on the map of a day. Bản đồ của một ngày.

    Attributes:
        day: Of the map; None for that of the round itself.
        communes: The parts of the round that are placed, by id.
        whole: Id of the unit of the day by the id of the commune's review, of those that have one.
        shown: Id of the unit of the day by the id of the household's review, of the others, as far as evidence goes.
        unplaced: Ids of the reviews of households that nothing places.
        units: Every unit of the day that may have households, by id.
        divided: The communes that have no single place.
    """

    day: date | None
    communes: Mapping[int, CommuneReview]
    whole: Mapping[int, int]
    shown: Mapping[int, int] = field(default_factory=dict)
    unplaced: frozenset[int] = frozenset()
    units: Mapping[int, AdministrativeUnit]
    divided: tuple[Divided, ...] = ()

    @cached_property
    def ordered_units(self) -> list[AdministrativeUnit]:
        """The units of the day in Vietnamese order."""
        return sorted(self.units.values(), key=lambda unit: (unit.sort_key, unit.code))

    def unit_id_of(self, review_id: int, commune_review_id: int) -> int | None:
        """Return the unit of one household; None where it is not known."""
        return self.whole.get(commune_review_id) or self.shown.get(review_id)

    def where(self, unit_id: int | None) -> Q:
        """Return the filter on household reviews for those that stand in a unit of the day; None for the unplaced."""
        if unit_id is None:
            return Q(pk__in=self.unplaced)
        whole = [review_id for review_id, found in self.whole.items() if found == unit_id]
        return Q(commune_review__in=whole) | Q(pk__in=[pk for pk, found in self.shown.items() if found == unit_id])

    def sources_of(self, unit_id: int | None) -> list[CommuneReview]:
        """Return the communes of the round of which households may stand in a unit of the day."""
        divided = {one.unit.pk: one for one in self.divided}
        found = []
        for review in self.communes.values():
            if (at := self.whole.get(review.pk)) is not None:
                parts: tuple[int, ...] = (at,)
            else:
                one = divided.get(review.unit_id)
                parts = tuple(unit.pk for unit in one.candidates) if one else ()
            if unit_id in parts or (unit_id is None and review.pk not in self.whole):
                found.append(review)
        return found


def place(communes: Iterable[CommuneReview], day: date | None) -> Placement:
    """Put the households of parts of a round on the map of a day.

    Args:
        communes: With their units, as far as somebody may see them.
        day: Of the map; None for the units as the round had them.
    """
    reviews = {review.pk: review for review in communes}
    units_of_round = {review.unit_id: review.unit for review in reviews.values()}
    if day is None or all(_is_of(unit, day) for unit in units_of_round.values()):
        own = {review.pk: review.unit_id for review in reviews.values()}
        return Placement(day=day, communes=reviews, whole=own, units=units_of_round)
    lineages = _lineages(day)
    targets = {unit_id: lineage.targets for unit_id, lineage in lineages.items()}
    whole = {pk: at[0] for pk, review in reviews.items() if len(at := targets.get(review.unit_id, ())) == 1}
    open_reviews = [review for pk, review in reviews.items() if pk not in whole]
    shown, unplaced = _by_evidence(open_reviews, lineages, day) if open_reviews else ({}, {})
    wanted = {unit_id for review in reviews.values() for unit_id in targets.get(review.unit_id, ())}
    units = AdministrativeUnit.objects.select_related("parent").in_bulk(wanted)
    return Placement(
        day=day,
        communes=reviews,
        whole=whole,
        shown={pk: at for found in shown.values() for pk, at in found.items()},
        unplaced=frozenset(pk for found in unplaced.values() for pk in found),
        units=units,
        divided=tuple(
            Divided(
                unit=review.unit,
                candidates=tuple(units[at] for at in targets.get(review.unit_id, ())),
                is_earlier=review.unit.valid_from > day,
                placed=len(shown.get(review.pk, {})),
                unplaced=len(unplaced.get(review.pk, [])),
            )
            for review in sorted(open_reviews, key=lambda one: (one.unit.sort_key, one.unit.code))
        ),
    )


def days_of_change() -> list[UnitChange]:
    """Return the events that changed the map, the latest first: the days before and after which reports differ."""
    changes = UnitChange.objects.filter(edges__predecessor__kind__in=COMMUNE_KINDS).distinct()
    return list(changes.order_by("-on", "code"))


def _is_of(unit: AdministrativeUnit, day: date) -> bool:
    return unit.valid_from <= day and (unit.valid_until is None or day < unit.valid_until)


_TARGETS = """
WITH RECURSIVE forward (origin, id) AS (
    SELECT id, id FROM units_administrativeunit WHERE kind = ANY(%(kinds)s)
    UNION
    SELECT forward.origin, edge.successor_id
    FROM forward
    JOIN units_administrativeunit AS was ON was.id = forward.id AND was.valid_until <= %(day)s
    JOIN units_unitsuccession AS edge ON edge.predecessor_id = forward.id
), back (origin, id) AS (
    SELECT id, id FROM units_administrativeunit WHERE kind = ANY(%(kinds)s)
    UNION
    SELECT back.origin, edge.predecessor_id
    FROM back
    JOIN units_administrativeunit AS later ON later.id = back.id AND later.valid_from > %(day)s
    JOIN units_unitsuccession AS edge ON edge.successor_id = back.id
)
SELECT line.origin, line.id, origin.valid_from, origin.valid_until
FROM (SELECT * FROM forward UNION SELECT * FROM back) AS line
JOIN units_administrativeunit AS origin ON origin.id = line.origin
JOIN units_administrativeunit AS u ON u.id = line.id
WHERE u.valid_from <= %(day)s AND (u.valid_until IS NULL OR u.valid_until > %(day)s)
ORDER BY line.origin, u.sort_key, u.id
"""


@dataclass(frozen=True, slots=True)
class _Lineage:
    """What a commune is, or may be, on the map of a day, and between which days it was what it was."""

    targets: tuple[int, ...]
    valid_from: date
    valid_until: date | None


def _lineages(day: date) -> dict[int, _Lineage]:
    """Return the lineage of each commune that ever was."""
    with connection.cursor() as cursor:
        cursor.execute(_TARGETS, {"kinds": [str(kind) for kind in COMMUNE_KINDS], "day": day})
        rows = cast("list[tuple[int, int, date, date | None]]", cursor.fetchall())
    found: dict[int, _Lineage] = {}
    for origin, target, valid_from, valid_until in rows:
        before = found[origin].targets if origin in found else ()
        found[origin] = _Lineage((*before, target), valid_from, valid_until)
    return found


# ``edge`` is the day on which the commune of the round began, or ended: what was recorded closest to it, on the side of the
# map, tells where the house lay. A move later does not carry the house of the review along.
_EVIDENCE = """
WITH allowed (origin_id, unit_id, target_id) AS (
    SELECT * FROM unnest(%(origins)s::bigint[], %(units)s::bigint[], %(targets)s::bigint[])
), asked AS (
    SELECT review.id, review.household_id, commune.id AS commune_id, commune.unit_id AS origin_id,
           CASE WHEN origin.valid_from > %(day)s THEN origin.valid_from ELSE origin.valid_until END AS edge
    FROM poverty_householdreview AS review
    JOIN poverty_communereview AS commune ON commune.id = review.commune_review_id
    JOIN units_administrativeunit AS origin ON origin.id = commune.unit_id
    WHERE commune.id = ANY(%(communes)s)
), found AS (
    SELECT a.id, allowed.target_id, 1 AS rank, abs(other_round.starts_on - a.edge) AS days
    FROM asked AS a
    JOIN poverty_householdreview AS other ON other.household_id = a.household_id AND other.id <> a.id
    JOIN poverty_communereview AS other_commune ON other_commune.id = other.commune_review_id
    JOIN poverty_reviewround AS other_round ON other_round.id = other_commune.round_id
    JOIN allowed ON allowed.origin_id = a.origin_id AND allowed.unit_id = other_commune.unit_id
    UNION ALL
    SELECT a.id, allowed.target_id,
           CASE WHEN m.relation <> 'head' THEN 4 WHEN lived.kind = %(permanent)s THEN 2 ELSE 3 END,
           greatest(0, lived.valid_from - a.edge, a.edge - coalesce(lived.valid_until, date '9999-12-31'))
    FROM asked AS a
    JOIN people_householdmembership AS m ON m.household_id = a.household_id
    JOIN people_residence AS lived ON lived.person_id = m.person_id
        AND (lived.valid_until IS NULL OR m.valid_from < lived.valid_until)
        AND (m.valid_until IS NULL OR lived.valid_from < m.valid_until)
    JOIN allowed ON allowed.origin_id = a.origin_id AND allowed.unit_id = lived.unit_id
    UNION ALL
    SELECT a.id, allowed.target_id, 5, 0
    FROM asked AS a
    JOIN people_household AS household ON household.id = a.household_id
    JOIN allowed ON allowed.origin_id = a.origin_id AND allowed.unit_id = household.unit_id
), evidence AS (
    SELECT id, target_id, rank() OVER (PARTITION BY id ORDER BY rank, days) AS place FROM found
)
SELECT a.commune_id, a.id, CASE WHEN count(DISTINCT e.target_id) = 1 THEN min(e.target_id) END
FROM asked AS a LEFT JOIN evidence AS e ON e.id = a.id AND e.place = 1
GROUP BY a.commune_id, a.id
"""


def _allowed(communes: list[CommuneReview], lineages: Mapping[int, _Lineage], day: date) -> list[tuple[int, int, int]]:
    """Return which units tell where a household of a commune stands: those that have one place there, on the side of the map."""
    by_target: dict[int, list[tuple[int, _Lineage]]] = {}
    for unit_id, lineage in lineages.items():
        if len(lineage.targets) == 1:
            by_target.setdefault(lineage.targets[0], []).append((unit_id, lineage))
    found = set()
    for review in communes:
        began, ended = review.unit.valid_from, review.unit.valid_until
        for target in lineages[review.unit_id].targets if review.unit_id in lineages else ():
            for unit_id, one in by_target.get(target, []):
                is_before = began > day and one.valid_until is not None and one.valid_until <= began
                is_after = began <= day and ended is not None and one.valid_from >= ended
                if is_before or is_after:
                    found.add((review.unit_id, unit_id, target))
    return sorted(found)


def _by_evidence(
    communes: list[CommuneReview], lineages: Mapping[int, _Lineage], day: date
) -> tuple[dict[int, dict[int, int]], dict[int, list[int]]]:
    """Return, by commune's review, where each of its households is shown to lie, and those that nothing shows."""
    allowed = _allowed(communes, lineages, day)
    facts: dict[str, Any] = {
        "day": day,
        "origins": [origin for origin, _unit, _target in allowed],
        "units": [unit for _origin, unit, _target in allowed],
        "targets": [target for _origin, _unit, target in allowed],
        "communes": [review.pk for review in communes],
        "permanent": str(ResidenceKind.PERMANENT),
    }
    with connection.cursor() as cursor:
        cursor.execute(_EVIDENCE, facts)
        rows = cast("list[tuple[int, int, int | None]]", cursor.fetchall())
    shown: dict[int, dict[int, int]] = {}
    unplaced: dict[int, list[int]] = {}
    for commune_id, review_id, target in rows:
        if target is None:
            unplaced.setdefault(commune_id, []).append(review_id)
        else:
            shown.setdefault(commune_id, {})[review_id] = target
    return shown, unplaced
