"""Who is on the registers of an invented province: poor households, people with support, some twice, some dead, some unknown."""

from dataclasses import dataclass

import numpy as np

from lienthong.ops.invented.communes import Communes
from lienthong.ops.invented.folk import NONE, Folk, name_of_relative
from lienthong.ops.invented.households import THIS_YEAR, Place
from lienthong.ops.invented.vocabulary import Flags, Whole, Words

HOUSEHOLD_LIST, SUPPORT_LIST = 0, 1
DOUBLED, UNKNOWN, DEAD = 0.01, 0.03, 0.015
HOUSEHOLD_SHARE = 0.79
KEPT_OF_A_HOUSEHOLD = 0.93
REGISTERED_ELSEWHERE = 0.06
DEAD_AT_HOME = 0.65
ANOTHER_HEAD = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """The people of the registers, one row each, before anybody writes them down.

    Attributes:
        person: Row of the person.
        household: Household that the register puts the person in; ``NONE`` on the list of support.
        home: The household whose head is named: that of the register or the person's own.
        list_number: ``HOUSEHOLD_LIST`` or ``SUPPORT_LIST``.
        is_doubled: Whether the row repeats a person of the other list.
        commune: Old commune of the record.
        heir: New commune of the record.
        group: Ethnic group of the record.
        name: Name of the record.
        head_name: Name of the head of its household.
        household_code: Code of the household in the register; ``NONE`` for none.
    """

    person: Whole
    household: Whole
    home: Whole
    list_number: Whole
    is_doubled: Flags
    commune: Whole
    heir: Whole
    group: Whole
    name: Words
    head_name: Words
    household_code: Whole

    def __len__(self) -> int:
        return len(self.person)


def choose_entries(rng: np.random.Generator, folk: Folk, *, count: int, communes: Communes) -> Entries:
    """Choose who is on the registers, about so many; the shares are those at the head of this file."""
    doubled, unknown = int(count * DOUBLED), int(count * UNKNOWN)
    living = count - doubled - unknown
    of_households, of_support = int(living * HOUSEHOLD_SHARE), living - int(living * HOUSEHOLD_SHARE)
    members, dead_members, households = _poor_households(rng, folk, of_households, communes)
    registered = folk.homes.of[members].copy()
    used = np.zeros(len(folk), dtype=bool)
    members = _registered_elsewhere(rng, folk, members, used)
    supported = _supported(rng, folk, of_support, used)
    _put_the_dead(
        rng, folk, int(count * DEAD), members=members, registered=registered, supported=supported,
        dead_members=dead_members, used=used,
    )  # fmt: skip
    strangers, their_household = _unknown(rng, folk, unknown, households)
    person = np.r_[members, supported, strangers]
    household = np.r_[registered, np.full(len(supported), NONE), their_household]
    list_number = np.where(household >= 0, HOUSEHOLD_LIST, SUPPORT_LIST)
    again = rng.choice(len(person) - unknown, doubled, replace=False)
    order = rng.permutation(len(person) + doubled)
    return _described(
        rng, folk, communes=communes,
        person=np.r_[person, person[again]][order],
        household=np.r_[household, np.full(doubled, NONE)][order],
        list_number=np.r_[list_number, 1 - list_number[again]][order],
        is_doubled=np.r_[np.zeros(len(person), dtype=bool), np.ones(doubled, dtype=bool)][order],
    )  # fmt: skip


def _poor_households(
    rng: np.random.Generator, folk: Folk, count: int, communes: Communes
) -> tuple[Whole, Whole, Whole]:
    """Return members of poor households, those of them who have died, and the households."""
    homes = folk.homes
    inside = np.flatnonzero(homes.head < folk.inside)
    weight = np.where(homes.group[inside] > 0, 3.5, 1.0) * rng.lognormal(0, 0.6, len(communes))[homes.commune[inside]]
    many = min(len(inside), int(count / 2.6))
    chosen = rng.choice(inside, many, replace=False, p=weight / weight.sum())
    rows = np.flatnonzero(np.isin(homes.of[: folk.inside], chosen))
    rows = rows[rng.random(len(rows)) < KEPT_OF_A_HOUSEHOLD]
    dead, alive = rows[folk.is_dead[rows]], rows[~folk.is_dead[rows]]
    order = rng.permutation(np.unique(homes.of[alive]))
    size = np.bincount(homes.of[alive], minlength=len(homes.size))[order]
    kept = order[: np.searchsorted(np.cumsum(size), count)]
    return alive[np.isin(homes.of[alive], kept)][:count], dead[np.isin(homes.of[dead], kept)], kept


def _registered_elsewhere(rng: np.random.Generator, folk: Folk, members: Whole, used: Flags) -> Whole:
    """Let some members be people whom the population has in another household of the commune."""
    members = members.copy()
    used[members] = True
    commune = folk.homes.commune[folk.homes.of[: folk.inside]]
    by_commune = np.argsort(commune, kind="stable")
    border = np.searchsorted(commune[by_commune], np.arange(commune.max() + 2))
    for row in np.flatnonzero(rng.random(len(members)) < REGISTERED_ELSEWHERE):
        here = commune[members[row]]
        for other in by_commune[rng.integers(border[here], border[here + 1], 8)]:
            if not used[other] and not folk.is_dead[other]:
                used[members[row]], used[other] = False, True
                members[row] = other
                break
    return members


def _supported(rng: np.random.Generator, folk: Folk, count: int, used: Flags) -> Whole:
    """Choose people with social assistance, the old far more often than others."""
    age = THIS_YEAR - folk.homes.born[: folk.inside]
    weight = np.select([age >= 80, age >= 60], [14.0, 3.0], 1.0)
    weight *= ~used[: folk.inside] & ~folk.is_dead[: folk.inside]
    chosen = rng.choice(folk.inside, count, replace=False, p=weight / weight.sum())
    used[chosen] = True
    return chosen


def _put_the_dead(
    rng: np.random.Generator, folk: Folk, count: int, *, members: Whole, registered: Whole, supported: Whole,
    dead_members: Whole, used: Flags,
) -> None:  # fmt: skip
    """Put people who have died in the place of others, most of them in their own households."""
    at_home = min(len(dead_members), int(count * DEAD_AT_HOME))
    rows = rng.choice(len(members), at_home, replace=False)
    members[rows] = rng.choice(dead_members, at_home, replace=False)
    registered[rows] = folk.homes.of[members[rows]]
    used[members[rows]] = True
    others = np.flatnonzero(folk.is_dead[: folk.inside] & ~used[: folk.inside])
    weight = np.where(THIS_YEAR - folk.homes.born[others] > 75, 5.0, 1.0)
    many = min(count - at_home, len(others), len(supported))
    rows = rng.choice(len(supported), many, replace=False)
    supported[rows] = rng.choice(others, many, replace=False, p=weight / weight.sum())


def _unknown(rng: np.random.Generator, folk: Folk, count: int, households: Whole) -> tuple[Whole, Whole]:
    """Choose people whom the population does not have; half of them live with a household that it has."""
    outside = folk.inside + np.flatnonzero(~folk.is_dead[folk.inside :])
    chosen = rng.choice(outside, count, replace=len(outside) < count)
    with_relatives = rng.random(count) < 0.5
    return chosen, np.where(with_relatives, rng.choice(households, count), NONE)


def _described(
    rng: np.random.Generator, folk: Folk, *, communes: Communes, person: Whole, household: Whole, list_number: Whole,
    is_doubled: Flags,
) -> Entries:  # fmt: skip
    homes = folk.homes
    in_household = household >= 0
    home = np.where(in_household, household, homes.of[person])
    commune = homes.commune[home]
    place = homes.place[person]
    relative = (person >= folk.inside) & in_household & np.isin(place, [Place.CHILD, Place.GRANDCHILD])
    name = folk.full_name[person].copy()
    for row in np.flatnonzero(relative):
        name[row] = name_of_relative(folk, int(person[row]), int(household[row]))
    codes = {number: code for code, number in enumerate(rng.permutation(np.unique(household[in_household])).tolist())}
    return Entries(
        person=person, household=household, home=home, list_number=list_number, is_doubled=is_doubled, commune=commune,
        heir=np.where(in_household, folk.lives_in[homes.head[home]], folk.lives_in[person]),
        group=np.where(relative, homes.group[home], homes.person_group[person]),
        name=name,
        head_name=folk.full_name[_heads_of_the_register(rng, folk)[home]],
        household_code=np.array([codes.get(number, NONE) for number in household.tolist()]),
    )  # fmt: skip


def _heads_of_the_register(rng: np.random.Generator, folk: Folk) -> Whole:
    """Return whom the register names as head of each household: sometimes another adult than the population."""
    homes = folk.homes
    another = np.flatnonzero((rng.random(len(homes.size)) < ANOTHER_HEAD) & (homes.size > 1))
    head = homes.head.copy()
    head[another] += 1 + (rng.random(len(another)) * np.minimum(homes.size[another] - 1, 2)).astype(np.int64)
    return head
