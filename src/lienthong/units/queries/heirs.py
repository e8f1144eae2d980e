"""What places have become, for whoever asks it of many rows or many days: read once, or as one predicate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from lienthong.units.models import AdministrativeUnit, UnitSuccession

# The places that lie, whole, in one of some places on a day: they ended, and whatever followed them is one and is among these.
_ABSORBED = """
WITH RECURSIVE line (origin, id) AS (
    SELECT id, id FROM units_administrativeunit WHERE valid_until <= %s
    UNION
    SELECT line.origin, edge.successor_id
    FROM line
    JOIN units_administrativeunit AS was ON was.id = line.id AND was.valid_until <= %s
    JOIN units_unitsuccession AS edge ON edge.predecessor_id = line.id
)
SELECT line.origin FROM line
JOIN units_administrativeunit AS u ON u.id = line.id
WHERE u.valid_from <= %s AND (u.valid_until IS NULL OR u.valid_until > %s)
GROUP BY line.origin HAVING count(*) = 1 AND min(u.id) = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Successions:
    """What followed every place that has ended, for any day without asking again. Kế thừa địa bàn.

    Attributes:
        ends: First day on which a place was no more, by its id.
        followers: Ids of what it became; several where it was divided.
    """

    ends: Mapping[int, date]
    followers: Mapping[int, tuple[int, ...]]

    def heirs(self, unit_id: int, day: date) -> frozenset[int]:
        """Return what a place is on a day: itself as long as it is there, and before it began; several where it was divided."""
        if unit_id not in self.ends or self.ends[unit_id] > day:  # as almost all are
            return frozenset((unit_id,))
        found, ahead, seen = set[int](), [unit_id], set[int]()
        while ahead:
            one = ahead.pop()
            if one in seen:
                continue
            seen.add(one)
            if one in self.ends and self.ends[one] <= day:
                ahead.extend(self.followers[one])
            else:
                found.add(one)
        return frozenset(found)

    def heir(self, unit_id: int, day: date) -> int | None:
        """Return the one place that a place is on a day; None where it was divided: who lives there knows which part is meant."""
        found = self.heirs(unit_id, day)
        return next(iter(found)) if len(found) == 1 else None

    def ended_by(self, day: date) -> dict[int, frozenset[int]]:
        """Return every place that has ended by a day, with what it is then."""
        return {unit_id: self.heirs(unit_id, day) for unit_id, end in self.ends.items() if end <= day}

    def sole_heirs(self, day: date) -> dict[int, int]:
        """Return every place that was absorbed whole by a day, with the one place that it lies in then."""
        return {unit_id: min(heirs) for unit_id, heirs in self.ended_by(day).items() if len(heirs) == 1}

    def divided(self, day: date) -> dict[int, frozenset[int]]:
        """Return every place that was divided by a day, with the places that hold a part of it then."""
        return {unit_id: heirs for unit_id, heirs in self.ended_by(day).items() if len(heirs) > 1}


NO_SUCCESSIONS: Final = Successions({}, {})


def successions() -> Successions:
    """Read what followed every place that has ended, in one query."""
    rows = UnitSuccession.objects.filter(predecessor__valid_until__isnull=False).order_by("pk")
    ends: dict[int, date] = {}
    followers: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for before, end, after in rows.values_list("predecessor_id", "predecessor__valid_until", "successor_id"):
        if end is not None:
            ends[before] = end
        followers[before] += (after,)
    return Successions(ends, dict(followers))


def within(path: str, unit_ids: Iterable[int], *, on: date) -> Q:
    """Return the predicate of the rows whose place lies on a day in one of some places: these, and what was absorbed whole.

    Rows keep the place of their day for ever; whoever answers for a place today answers for what it took over. What was
    divided lies nowhere until somebody says which part is meant.

    Args:
        path: The way from the table that is asked to the place.
        unit_ids: Places of the day.
        on: The day.
    """
    ids = sorted(unit_ids)
    if not ids:
        return Q(pk__in=[])
    absorbed = RawSQL(_ABSORBED, [on, on, on, on, ids])  # noqa: S611 - the statement is written above
    return Q(**{f"{path}__in": ids}) | Q(**{f"{path}__in": absorbed})


def of_code(path: str, code: str, *, on: date) -> Q:
    """Return the predicate of the rows whose place lies on a day in the one that has a code then.

    A code that nobody has that day stands for the places that had it: new communes reuse the codes of old ones.
    """
    ids = AdministrativeUnit.objects.valid_on(on).filter(code=code).order_by("pk").values_list("pk", flat=True)
    found = list(ids)
    if found:
        return within(path, found, on=on)
    return Q(**{f"{path}__in": AdministrativeUnit.objects.filter(code=code).values("pk")})


def with_absorbed(unit_ids: Iterable[int], *, on: date) -> frozenset[int]:
    """Return some places of a day, and every place that was absorbed whole into one of them."""
    ids = frozenset(unit_ids)
    return ids | {before for before, heir in successions().sole_heirs(on).items() if heir in ids} if ids else ids


def lies_in(unit_id: int | None, unit_ids: Iterable[int], *, on: date) -> bool:
    """Tell whether a place is, or has become, one of some places of a day. Asks only where it is not there itself."""
    ids = frozenset(unit_ids)
    if unit_id is None or not ids:
        return False
    return unit_id in ids or successions().heir(unit_id, on) in ids


def places_now(unit_ids: Iterable[int], *, on: date) -> dict[int, AdministrativeUnit]:
    """Return some places, by their ids, as they are on a day: for one that was absorbed its heir, else itself."""
    known, ids = successions(), list(unit_ids)
    heirs = {unit_id: known.heir(unit_id, on) or unit_id for unit_id in ids}
    places = AdministrativeUnit.objects.in_bulk({*heirs.values()})
    return {unit_id: places[heir] for unit_id, heir in heirs.items()}


def names_now(places: Iterable[AdministrativeUnit], *, on: date) -> dict[int, str]:
    """Say some places as they are on a day, by their ids: one that was absorbed by the name of its heir and its own.

    Asks nothing where all of them are still there.
    """
    shown = {one.pk: one for one in places}
    ended = [one for one in shown.values() if one.valid_until is not None and one.valid_until <= on]
    names = {pk: one.name for pk, one in shown.items()}
    if not ended:
        return names
    known = successions()
    heirs = {one.pk: known.heirs(one.pk, on) - {one.pk} for one in ended}
    parts = AdministrativeUnit.objects.filter(pk__in=frozenset[int]().union(*heirs.values())).order_by("sort_key")
    after = {one.pk: one.name for one in parts}
    for one in ended:
        now = [name for pk, name in after.items() if pk in heirs[one.pk]]
        if len(now) == 1:
            names[one.pk] = _("%(now)s (trước là %(before)s)") % {"now": now[0], "before": one.name}
        elif now:
            names[one.pk] = _("%(before)s (đã chia về %(now)s)") % {"now": ", ".join(now), "before": one.name}
    return names
