"""What a round does to a household's place on the two lists, and the account of them.

Biến động hộ nghèo, hộ cận nghèo. Pure: classes in, movements out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lienthong.poverty.states import LISTED_CLASSES, HouseholdClass, Movement

_POOR, _NEAR_POOR = LISTED_CLASSES
_BETWEEN_LISTS = {
    (_POOR, _POOR): Movement.STAYS_POOR,
    (_NEAR_POOR, _NEAR_POOR): Movement.STAYS_NEAR_POOR,
    (_POOR, _NEAR_POOR): Movement.POOR_TO_NEAR_POOR,
    (_NEAR_POOR, _POOR): Movement.NEAR_POOR_TO_POOR,
}
_EXITS = {_POOR: Movement.POOR_EXITS, _NEAR_POOR: Movement.NEAR_POOR_EXITS}
_GONE = {_POOR: Movement.POOR_GONE, _NEAR_POOR: Movement.NEAR_POOR_GONE}
_NEW = {_POOR: Movement.NEW_POOR, _NEAR_POOR: Movement.NEW_NEAR_POOR}
_RELAPSES = {_POOR: Movement.RELAPSE_POOR, _NEAR_POOR: Movement.RELAPSE_NEAR_POOR}

# Of each list: what leads into it, what stays on it, what leads out of it. Together the three name every movement once.
ENTRIES: dict[HouseholdClass, tuple[Movement, ...]] = {
    _POOR: (Movement.NEAR_POOR_TO_POOR, Movement.RELAPSE_POOR, Movement.NEW_POOR),
    _NEAR_POOR: (Movement.POOR_TO_NEAR_POOR, Movement.RELAPSE_NEAR_POOR, Movement.NEW_NEAR_POOR),
}
STAYS: dict[HouseholdClass, Movement] = {_POOR: Movement.STAYS_POOR, _NEAR_POOR: Movement.STAYS_NEAR_POOR}
EXITS: dict[HouseholdClass, tuple[Movement, ...]] = {
    _POOR: (Movement.POOR_EXITS, Movement.POOR_TO_NEAR_POOR, Movement.POOR_GONE),
    _NEAR_POOR: (Movement.NEAR_POOR_EXITS, Movement.NEAR_POOR_TO_POOR, Movement.NEAR_POOR_GONE),
}


@dataclass(frozen=True, slots=True)
class ListAccount:
    """One list over a round: opening + entries - exits = closing, by how it is drawn up. Bảng cân đối biến động."""

    listed: HouseholdClass
    opening: int
    entries: dict[Movement, int]
    exits: dict[Movement, int]
    closing: int


def movement_of(
    before: HouseholdClass, after: HouseholdClass | None, *, ever_listed: bool = False, is_gone: bool = False
) -> Movement:
    """Say what a round did to one household's place on the lists.

    Args:
        before: The class it held when the list was made.
        after: The class that was decided; None for a household that is gone.
        ever_listed: Whether it was on a list in some year before the last: then coming back is a relapse.
        is_gone: Whether it no longer lives there; then it has no class after.

    Raises:
        ValueError: A household that is there has no class.
    """
    before = HouseholdClass(before)
    if is_gone:
        return _GONE.get(before, Movement.NONE)
    if after is None:
        raise ValueError("a household that is there has a class")
    after = HouseholdClass(after)
    if after not in LISTED_CLASSES:
        return _EXITS.get(before, Movement.NONE)
    if before not in LISTED_CLASSES:
        return (_RELAPSES if ever_listed else _NEW)[after]
    return _BETWEEN_LISTS[before, after]


def accounts(counts: Iterable[tuple[str, int]]) -> tuple[ListAccount, ...]:
    """Draw up the account of both lists from how many households each movement has.

    Args:
        counts: Movement and number of households, in any order; a movement may come more than once.
    """
    found: Counter[Movement] = Counter()
    for movement, households in counts:
        found[Movement(movement)] += households
    return tuple(_account(HouseholdClass(listed), found) for listed in LISTED_CLASSES)


def _account(listed: HouseholdClass, found: Counter[Movement]) -> ListAccount:
    stays = found[STAYS[listed]]
    entries = {movement: found[movement] for movement in ENTRIES[listed]}
    exits = {movement: found[movement] for movement in EXITS[listed]}
    return ListAccount(
        listed=listed,
        opening=stays + sum(exits.values()),
        entries=entries,
        exits=exits,
        closing=stays + sum(entries.values()),
    )
