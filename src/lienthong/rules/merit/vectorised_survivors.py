"""What relatives of people with merit are due, many at once: survivors' allowances, worship, studies."""

from __future__ import annotations

import numpy as np

from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit.columns import LEVELS, SCHOOLS, UNKNOWN, Codes, Numbers
from lienthong.rules.merit.facts import Category, Relation, School
from lienthong.rules.merit.law import STUDY_YEARLY, WORSHIP
from lienthong.rules.merit.vectorised_claims import ClaimRoom, Flags, all_hold, any_holds, relation_code


def survivor_amounts(room: ClaimRoom) -> None:
    """Survivors' allowances, and the extra beside them."""
    claims, bounds = room.claims, room.law.bounds
    close = (Relation.PARENT, Relation.SPOUSE, Relation.CHILD)
    receiving, has_rate = claims.died_while_receiving, _at_least(room, bounds.survivor_rate)
    for category, row, relations, condition, needs_age in (
        (Category.RELATIVE_OF_ACTIVIST_BEFORE_1945, "activist_before_1945", close[1:], receiving, False),
        (Category.RELATIVE_OF_ACTIVIST_OF_1945, "activist_of_1945", close[1:], receiving, False),
        (Category.RELATIVE_OF_WAR_INVALID, "war_invalid", close, has_rate, True),
        (Category.RELATIVE_OF_SICK_SOLDIER, "sick_soldier", close, has_rate, True),
        (Category.RELATIVE_OF_AGENT_ORANGE_RESISTER, "agent_orange", close, has_rate, True),
    ):
        where = room.are(category)
        kin = _kin(room, relations, of_martyr=False, needs_age=needs_age)
        holds = all_hold(claims.has_died, condition, kin)
        room.found.is_survivor_of_other |= where
        _pay_survivors(room, where, holds, room.amount(f"survivor_of_{row}"), f"extra_of_{row}")
    _martyrs(room)
    _worship(room)


def _martyrs(room: ClaimRoom) -> None:
    claims, where = room.claims, room.are(Category.RELATIVE_OF_MARTYR)
    remarried = room.relation == relation_code(Relation.REMARRIED_SPOUSE)
    again, cares = where & remarried, claims.has_cared_for_martyrs_family
    room.lacks(again & (cares == UNKNOWN))
    room.found.monthly[again & (cares == 1)] = room.amount("remarried_spouse_of_martyr")
    relations = (Relation.PARENT, Relation.SPOUSE, Relation.CHILD, Relation.FOSTERER)
    number = claims.number_of_martyrs
    is_counted = np.where(number < 0, np.int8(UNKNOWN), np.int8(1))
    holds = all_hold(_kin(room, relations, of_martyr=True, needs_age=False), is_counted)
    kin = where & ~remarried
    room.found.is_kin_of_martyr |= kin
    levels = np.array([0, *(room.amount(f"martyr_{one}") for one in (1, 2, 3))], dtype=np.int64)
    _pay_survivors(room, kin, holds, levels[np.clip(number, 0, 3)], "extra_of_martyr")


def _pay_survivors(room: ClaimRoom, where: Flags, holds: Codes, amount: int | Numbers, extra: str) -> None:
    room.lacks(where & (holds == UNKNOWN))
    paid = where & (holds == 1)
    room.found.monthly[paid] = np.broadcast_to(np.asarray(amount, dtype=np.int64), len(paid))[paid]
    is_child = room.relation == relation_code(Relation.CHILD)
    alone = np.where(is_child, room.people.is_orphan[room.person], room.is_lonely).astype(np.int8)
    room.pay_extra(paid, alone, extra)


def _at_least(room: ClaimRoom, rate: int) -> Codes:
    return np.where(room.rate < 0, UNKNOWN, room.rate >= rate).astype(np.int8)


def _kin(room: ClaimRoom, relations: tuple[Relation, ...], *, of_martyr: bool, needs_age: bool) -> Codes:
    is_kin = np.where(
        room.relation == UNKNOWN, UNKNOWN, np.isin(room.relation, [relation_code(one) for one in relations])
    ).astype(np.int8)
    own = np.ones(len(is_kin), dtype=np.int8)
    is_child = room.relation == relation_code(Relation.CHILD)
    own[is_child] = _supported_children(room, of_martyr=of_martyr)[is_child]
    if needs_age:
        is_spouse = room.relation == relation_code(Relation.SPOUSE)
        own[is_spouse] = room.people.has_reached_pension_age[room.person][is_spouse]
    return all_hold(is_kin, own)


def _supported_children(room: ClaimRoom, *, of_martyr: bool) -> Codes:
    people, person = room.people, room.person
    last = room.law.grown_until.toordinal()
    young = np.where(
        people.born_from < 0,
        UNKNOWN,
        np.where(people.born_from > last, 1, np.where(people.born_until <= last, 0, UNKNOWN)),
    ).astype(np.int8)[person]
    unused = np.where(people.has_used_study_benefit == UNKNOWN, UNKNOWN, 1 - people.has_used_study_benefit).astype(
        np.int8
    )[person]
    studying = np.where(
        room.school == UNKNOWN,
        UNKNOWN,
        np.where(
            room.school == SCHOOLS.index(School.GENERAL),
            1,
            np.where(room.school == SCHOOLS.index(School.BOARDING_OR_HIGHER), unused, 0),
        ),
    ).astype(np.int8)
    severe = np.isin(
        people.disability, [LEVELS.index(DisabilityLevel.SEVERE), LEVELS.index(DisabilityLevel.EXTREMELY_SEVERE)]
    )
    income = people.monthly_income
    is_low = np.where(income < 0, UNKNOWN, income < room.law.low_income(of_martyr=of_martyr)).astype(np.int8)
    by_disability = np.where(
        people.disability == UNKNOWN, UNKNOWN, np.where(severe, any_holds(people.disabled_before_18, is_low), 0)
    ).astype(np.int8)[person]
    return any_holds(young, studying, by_disability)


def _worship(room: ClaimRoom) -> None:
    """The yearly sum for who keeps the worship of martyrs."""
    where, level = room.are(Category.WORSHIPPER_OF_MARTYR), room.law.yearly[WORSHIP]
    recipient, number = room.claims.martyr_has_recipient, room.claims.number_of_martyrs
    has_none = np.where(recipient == UNKNOWN, UNKNOWN, 1 - recipient).astype(np.int8)
    is_known = np.where((number < 0) | (level is None), np.int8(UNKNOWN), np.int8(1))
    holds = all_hold(has_none, is_known)
    room.lacks(where & (holds == UNKNOWN))
    if level is not None:
        paid = where & (holds == 1)
        room.found.worship[paid] = number[paid].astype(np.int64) * int(level.amount)


def study_amounts(room: ClaimRoom) -> None:
    """Support with studies."""
    studies = (room.school != UNKNOWN) & (room.school != SCHOOLS.index(School.NONE))
    if not studies.any():
        return
    full, half, lacking = _study_rows(room)
    room.lacks(studies & lacking)
    higher = studies & (room.school == SCHOOLS.index(School.BOARDING_OR_HIGHER))
    room.found.study[higher & full] = room.amount("study_full")
    room.found.study[higher & half] = room.amount("study_half")
    for school, code in STUDY_YEARLY.items():
        there = studies & (full | half) & (room.school == SCHOOLS.index(school))
        level = room.law.yearly[code]
        if level is None:
            room.lacks(there)
        else:
            room.found.study_yearly[there] = level.amount


def _study_rows(room: ClaimRoom) -> tuple[Flags, Flags, Flags]:
    """Say which claims are on the full row, which on the half one, and where a fact is missing."""
    bounds, unknown_kin = room.law.bounds, room.relation == UNKNOWN
    is_child = room.relation == relation_code(Relation.CHILD)
    full = room.are(Category.HERO)
    invalid = room.are(Category.WAR_INVALID) | room.are(Category.WAR_INVALID_TYPE_B)
    full |= invalid & (room.rate >= bounds.monthly_rate)
    lacking = invalid & (room.rate < 0)
    martyrs = room.are(Category.RELATIVE_OF_MARTYR)
    no_kin = [relation_code(one) for one in (Relation.REMARRIED_SPOUSE, Relation.HEIR, Relation.WORSHIPPER)]
    full |= martyrs & ~unknown_kin & ~np.isin(room.relation, no_kin)
    lacking |= martyrs & unknown_kin
    for category in (
        Category.RELATIVE_OF_ACTIVIST_BEFORE_1945,
        Category.RELATIVE_OF_ACTIVIST_OF_1945,
        Category.RELATIVE_OF_HERO,
    ):
        full |= room.are(category) & is_child
        lacking |= room.are(category) & unknown_kin
    half = np.zeros(len(full), dtype=np.bool_)
    for category, least in (
        (Category.RELATIVE_OF_WAR_INVALID, bounds.half_study_war_invalid_rate),
        (Category.RELATIVE_OF_SICK_SOLDIER, bounds.half_study_sick_soldier_rate),
        (Category.RELATIVE_OF_AGENT_ORANGE_RESISTER, bounds.half_study_war_invalid_rate),
    ):
        where = room.are(category)
        lacking |= where & (unknown_kin | (is_child & (room.rate < 0)))
        full |= where & is_child & (room.rate >= bounds.full_study_rate)
        half |= where & is_child & (room.rate >= least) & (room.rate < bounds.full_study_rate)
    return full, half, lacking
