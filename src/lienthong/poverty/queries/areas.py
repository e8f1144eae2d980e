"""Whether a place is rural or urban on a day, and whose line jumped because their township is no more.

The approved designation of the hamlet counts, else that of the whole unit, else what the kind of unit says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import connection
from django.db.models import F, QuerySet

from lienthong.infra.missing import NotFound
from lienthong.kernel.text import nfc, sort_key
from lienthong.people.states import RESIDENCE_ORDER
from lienthong.poverty.models import AreaDesignation
from lienthong.poverty.states import LISTED_CLASSES, ApprovalState, AreaKind
from lienthong.rules.parameters import DatedValue, load_parameter
from lienthong.units.models import AdministrativeUnit, UnitSuccession
from lienthong.units.states import COMMUNE_KINDS


class JumpState(StrEnum):
    """What is known of a hamlet's area before and after a change of places."""

    JUMPS = "jumps"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineJump:
    """Households of one hamlet whose area differs before and after a change of places although they did not move.

    Chuẩn nghèo đổi do sắp xếp đơn vị.

    Attributes:
        unit: As it is from the day of the change on.
        candidates: Where they may have lived the day before; one when it is known.
        area_before: None where the candidates differ.
        households: How many live there.
        listed: How many of them are poor or near-poor on the day asked.
    """

    unit: AdministrativeUnit
    hamlet: str
    candidates: tuple[AdministrativeUnit, ...]
    area_before: AreaKind | None
    area_after: AreaKind
    households: int
    listed: int

    @property
    def state(self) -> JumpState:
        """Whether the line jumps for certain."""
        return JumpState.UNCLEAR if self.area_before is None else JumpState.JUMPS


@dataclass(frozen=True, slots=True)
class _Lived:
    """Households of one hamlet that are recorded alike: where they are filed, and where their heads lived before."""

    unit_id: int
    hamlet: str
    before_id: int | None
    before_hamlet: str
    households: tuple[int, ...]
    listed: int


def default_area(kind: str, *, on: date) -> DatedValue:
    """Give the area of an undesignated place by its kind, with the source and how sure it is."""
    return load_parameter(f"poverty/areas:{kind}").dated_value_on(on)


def area_of(unit: AdministrativeUnit, hamlet: str, *, on: date) -> AreaKind:
    """Return the area of a hamlet on a day. Khu vực của địa bàn.

    Raises:
        NoValueInForce: No text is recorded for the day.
    """
    return areas_of([(unit, hamlet)], on=on)[unit.pk, hamlet]


def areas_of(places: Iterable[tuple[AdministrativeUnit, str]], *, on: date) -> Mapping[tuple[int, str], AreaKind]:
    """Return the areas of many hamlets on a day, by id of the unit and hamlet as given.

    Args:
        places: Units with a hamlet, or an empty text for the unit as a whole.
        on: The day. A designation counts for the unit row that it names.
    """
    wanted = list(places)
    designated = _designated({unit.pk for unit, _ in wanted}, on)
    found: dict[tuple[int, str], AreaKind] = {}
    for unit, hamlet in wanted:
        area = designated.get((unit.pk, hamlet_key(hamlet))) or designated.get((unit.pk, ""))
        found[unit.pk, hamlet] = area or AreaKind(str(default_area(unit.kind, on=on).value))
    return found


def hamlet_key(hamlet: str) -> str:
    """Give what two writings of one hamlet share: case and spaces do not count, diacritics do."""
    return " ".join(nfc(hamlet).casefold().split())


def designations(*, on: date | None = None) -> QuerySet[AreaDesignation]:
    """Return the designations, those that hold on a day or all, by place."""
    rows = AreaDesignation.objects.select_related("unit", "prepared_by", "approved_by")
    if on is not None:
        rows = rows.valid_on(on).filter(state=ApprovalState.APPROVED)
    return rows.order_by("unit__sort_key", "hamlet", "-valid_from", "-pk")


class DesignationUnknown(NotFound):
    """There is no such designation, or it is of a place that the user does not see."""


def get_designation(designation_id: int, *, unit_ids: Collection[int] | None = None) -> AreaDesignation:
    """Return one designation.

    Args:
        designation_id: Which.
        unit_ids: Only of these units; None for all.

    Raises:
        DesignationUnknown: There is none.
    """
    rows = designations().filter(pk=designation_id)
    if unit_ids is not None:
        rows = rows.filter(unit__in=unit_ids)
    found: AreaDesignation | None = rows.first()
    if found is None:
        raise DesignationUnknown
    return found


def unit_names(unit_ids: Collection[int]) -> dict[int, str]:
    """Return the names of units by id."""
    return dict(AdministrativeUnit.objects.filter(pk__in=unit_ids).order_by("pk").values_list("pk", "name"))


def _designated(unit_ids: Collection[int], on: date) -> dict[tuple[int, str], AreaKind]:
    rows = AreaDesignation.objects.valid_on(on).filter(state=ApprovalState.APPROVED, unit__in=unit_ids)
    return {
        (unit_id, hamlet_key(hamlet)): AreaKind(area)
        for unit_id, hamlet, area in rows.values_list("unit_id", "hamlet", "area")
    }


def area_change_days(*, on: date) -> list[date]:
    """Return the days up to ``on`` on which places became places of another kind, the last first.

    On these, and on no others, an area can change by law alone. The last is the day from which there are no townships.
    """
    edges = UnitSuccession.objects.filter(change__on__lte=on, successor__kind__in=COMMUNE_KINDS)
    changed = edges.exclude(predecessor__kind=F("successor__kind")).order_by("-change__on")
    return list(changed.values_list("change__on", flat=True).distinct())


def line_jumps(*, on: date, change_day: date, unit_ids: Collection[int] | None = None) -> list[LineJump]:
    """List the hamlets whose poverty line changes with the change of places and not with a move.

    Former townships that went into communes: the household lives where it lived, and its line fell from the urban one
    to the rural. Where a household lived the day before is read from its head's residence, or from the household itself
    if it is still filed under the old place; where neither tells, all that the new place was made of are candidates.

    Args:
        on: The day on which households are counted as poor or near-poor.
        change_day: First day of the new places, one of ``area_change_days``.
        unit_ids: Only these units, as they are from ``change_day`` on; None for all.
    """
    return [jump for jump, _ in _jumps(change_day, on, unit_ids=unit_ids)]


def households_whose_line_may_jump(*, on: date, unit_ids: Collection[int] | None = None) -> Mapping[int, JumpState]:
    """Return the ids of the households whose line jumped or may have at the last such change, for a round's list."""
    days = area_change_days(on=on)
    if not days:
        return {}
    return {
        household: jump.state for jump, households in _jumps(days[0], on, unit_ids=unit_ids) for household in households
    }


def _jumps(change_day: date, on: date, *, unit_ids: Collection[int] | None) -> list[tuple[LineJump, tuple[int, ...]]]:
    day_before = change_day - timedelta(days=1)
    made_of = _made_of(change_day, unit_ids)
    into: dict[int, list[AdministrativeUnit]] = defaultdict(list)
    for unit, predecessors in made_of.items():
        for predecessor in predecessors:
            into[predecessor.pk].append(unit)
    concerned = _concerned(made_of, change_day)
    if not concerned:
        return []
    units_by_id = {unit.pk: unit for unit in (*made_of, *(one for found in made_of.values() for one in found))}
    filed_under = {unit.pk for unit in concerned} | {one.pk for unit in concerned for one in made_of[unit]}
    settled: list[tuple[AdministrativeUnit, _Lived, tuple[tuple[AdministrativeUnit, str], ...]]] = []
    for lived in _where_lived(filed_under, day_before, change_day, on):
        filed = units_by_id[lived.unit_id]
        now_in = [filed] if filed in made_of else into[filed.pk]
        for unit in now_in:
            before = _before(lived, filed, unit, made_of, units_by_id)
            if unit in concerned and before:
                settled.append((unit, lived, before))
    after = areas_of(((unit, lived.hamlet) for unit, lived, _ in settled), on=change_day)
    earlier = areas_of((place for *_, before in settled for place in before), on=day_before)
    return _told(settled, after, earlier)


def _told(
    settled: list[tuple[AdministrativeUnit, _Lived, tuple[tuple[AdministrativeUnit, str], ...]]],
    after: Mapping[tuple[int, str], AreaKind],
    earlier: Mapping[tuple[int, str], AreaKind],
) -> list[tuple[LineJump, tuple[int, ...]]]:
    found = []
    for unit, lived, before in settled:
        areas = {earlier[place.pk, hamlet] for place, hamlet in before}
        area_after = after[unit.pk, lived.hamlet]
        if areas == {area_after}:
            continue
        jump = LineJump(
            unit=unit,
            hamlet=lived.hamlet,
            candidates=tuple(place for place, _ in before),
            area_before=next(iter(areas)) if len(areas) == 1 else None,
            area_after=area_after,
            households=len(lived.households),
            listed=lived.listed,
        )
        found.append((jump, lived.households))
    return sorted(found, key=_by_place)


def _by_place(row: tuple[LineJump, tuple[int, ...]]) -> tuple[str, str, str, str]:
    jump = row[0]
    return jump.unit.sort_key, jump.unit.code, sort_key(jump.hamlet), jump.candidates[0].sort_key


def _made_of(change_day: date, unit_ids: Collection[int] | None) -> dict[AdministrativeUnit, list[AdministrativeUnit]]:
    edges = UnitSuccession.objects.filter(
        change__on=change_day, successor__valid_from=change_day, successor__kind__in=COMMUNE_KINDS
    )
    if unit_ids is not None:
        edges = edges.filter(successor__in=unit_ids)
    found: dict[AdministrativeUnit, list[AdministrativeUnit]] = defaultdict(list)
    for edge in edges.select_related("predecessor", "successor").order_by("predecessor__sort_key", "pk"):
        found[edge.successor].append(edge.predecessor)
    return dict(found)


def _concerned(
    made_of: Mapping[AdministrativeUnit, list[AdministrativeUnit]], change_day: date
) -> set[AdministrativeUnit]:
    """Keep the units of which some part, or some hamlet by a designation, has another area after than before."""
    day_before = change_day - timedelta(days=1)
    olds = {one for predecessors in made_of.values() for one in predecessors}
    after = areas_of(((unit, "") for unit in made_of), on=change_day)
    before = areas_of(((unit, "") for unit in olds), on=day_before)
    of_hamlets: dict[int, set[AreaKind]] = defaultdict(set)
    for ids, day in (({unit.pk for unit in made_of}, change_day), ({unit.pk for unit in olds}, day_before)):
        for (unit_id, _), area in _designated(ids, day).items():
            of_hamlets[unit_id].add(area)
    concerned = set()
    for unit, predecessors in made_of.items():
        areas = {after[unit.pk, ""], *of_hamlets[unit.pk]}
        for one in predecessors:
            areas |= {before[one.pk, ""], *of_hamlets[one.pk]}
        if len(areas) > 1:
            concerned.add(unit)
    return concerned


def _before(
    lived: _Lived,
    filed: AdministrativeUnit,
    unit: AdministrativeUnit,
    made_of: Mapping[AdministrativeUnit, list[AdministrativeUnit]],
    units_by_id: Mapping[int, AdministrativeUnit],
) -> tuple[tuple[AdministrativeUnit, str], ...]:
    """Return where the households may have lived the day before; nothing when they came from elsewhere, so moved."""
    predecessors = made_of[unit]
    if lived.before_id is not None:
        known = units_by_id.get(lived.before_id)
        return ((known, lived.before_hamlet),) if known in predecessors and known is not None else ()
    if filed in predecessors:
        return ((filed, lived.hamlet),)
    return tuple((one, lived.hamlet) for one in predecessors)


def _where_lived(unit_ids: Collection[int], day_before: date, change_day: date, on: date) -> list[_Lived]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT h.unit_id, h.hamlet, lived.unit_id, coalesce(lived.hamlet, ''), array_agg(h.id ORDER BY h.id),
                   count(standing.id)
            FROM people_household AS h
            LEFT JOIN LATERAL (
                SELECT r.unit_id, r.hamlet
                FROM people_householdmembership AS m
                JOIN people_residence AS r ON r.person_id = m.person_id
                    AND r.valid_from <= %(before)s AND (r.valid_until IS NULL OR r.valid_until > %(before)s)
                WHERE m.household_id = h.id AND m.relation = 'head'
                    AND m.valid_from <= %(before)s AND (m.valid_until IS NULL OR m.valid_until > %(before)s)
                ORDER BY array_position(%(kinds)s, r.kind::text), r.id
                LIMIT 1
            ) AS lived ON true
            LEFT JOIN poverty_householdstanding AS standing ON standing.household_id = h.id
                AND standing.household_class = ANY(%(listed)s)
                AND standing.valid_from <= %(on)s AND (standing.valid_until IS NULL OR standing.valid_until > %(on)s)
            WHERE h.unit_id = ANY(%(units)s)
                AND h.valid_from <= %(before)s AND (h.valid_until IS NULL OR h.valid_until > %(change)s)
            GROUP BY 1, 2, 3, 4
            """,
            {
                "before": day_before,
                "change": change_day,
                "on": on,
                "units": list(unit_ids),
                "kinds": [str(kind) for kind in RESIDENCE_ORDER],
                "listed": [str(one) for one in LISTED_CLASSES],
            },
        )
        return [_Lived(row[0], row[1], row[2], row[3], tuple(row[4]), row[5]) for row in cursor.fetchall()]
