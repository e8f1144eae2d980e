"""What people with merit are due for themselves, many at once, and what is paid once."""

from __future__ import annotations

import numpy as np

from lienthong.rules.merit.columns import UNKNOWN
from lienthong.rules.merit.facts import Category, Relation
from lienthong.rules.merit.levels import WAR_INVALID, WAR_INVALID_TYPE_B, rounded
from lienthong.rules.merit.own import half_units
from lienthong.rules.merit.vectorised_claims import MOST_MONTHS, PERCENT, ClaimRoom, Flags, relation_code


def own_amounts(room: ClaimRoom) -> None:
    """Allowance, supplement, attendant and extra of people with merit themselves."""
    found, claims = room.found, room.claims
    _activists(room)
    for category in (Category.ACTIVIST_OF_1945, Category.HERO, Category.IMPRISONED):
        found.monthly[room.are(category)] = room.amount(category.value)
    _heroic_mothers(room)
    _war_invalids(room)
    for category, beginning in (
        (Category.SICK_SOLDIER, "sick_soldier"),
        (Category.AFFECTED_CHILD, "affected_child"),
    ):
        where = room.are(category)
        room.lacks(where & (room.rate < 0))
        found.monthly += room.by_rate(room.band(beginning), where)
    _severe(room, room.are(Category.SICK_SOLDIER) & (found.monthly > 0), "sick_soldier")
    _agent_orange(room)
    for category in (Category.HELPER_BEFORE_1945, Category.HELPER_RESISTANCE_ORDER):
        where = room.are(category)
        found.monthly[where] = room.amount(category.value)
        room.pay_extra(where, room.is_lonely, "extra_of_helper")
    participants = room.are(Category.RESISTANCE_PARTICIPANT)
    room.lacks(participants & (claims.resistance_months < 0))
    unit, bounds = int(room.law.once["resistance_participant"].amount), room.law.bounds
    sums = np.array(
        [
            rounded(unit * half_units(months, full_from=bounds.odd_months_full_unit), 2, bounds.rounding)
            for months in range(MOST_MONTHS + 1)
        ],
        dtype=np.int64,
    )
    found.one_off[participants] = sums[np.maximum(claims.resistance_months[participants], 0)]
    _once(room)


def _activists(room: ClaimRoom) -> None:
    found, claims = room.found, room.claims
    where = room.are(Category.ACTIVIST_BEFORE_1945)
    room.lacks(where & (claims.was_detached == UNKNOWN))
    detached = where & (claims.was_detached == 1)
    found.monthly[where & (claims.was_detached == 0)] = room.amount("undetached_activist")
    found.monthly[detached] = room.amount("detached_activist")
    room.lacks(detached & (claims.seniority_units < 0))
    units = np.maximum(claims.seniority_units.astype(np.int64), 0)
    found.supplement[detached] = (units * room.amount("detached_activist_seniority"))[detached]


def _heroic_mothers(room: ClaimRoom) -> None:
    where = room.are(Category.HEROIC_MOTHER)
    room.found.monthly[where] = room.amount("heroic_mother")
    room.found.supplement[where] = room.amount("heroic_mother_supplement")
    room.lacks(where & (room.at_home == UNKNOWN))
    room.found.attendant[where & (room.at_home == 1)] = room.amount("heroic_mother_attendant")
    room.pay_extra(where, room.is_lonely, "extra_of_martyr")


def _war_invalids(room: ClaimRoom) -> None:
    found = room.found
    for category, table in (
        (Category.WAR_INVALID, WAR_INVALID),
        (Category.WAR_INVALID_TYPE_B, WAR_INVALID_TYPE_B),
    ):
        where = room.are(category)
        room.lacks(where & (room.rate < 0))
        levels = np.zeros(PERCENT, dtype=np.int64)
        for rate, level in room.law.by_rate[table].items():
            levels[rate] = level.amount
        found.monthly += room.by_rate(levels, where)
        _severe(room, where, "war_invalid")
    injuries = np.zeros(PERCENT, dtype=np.int64)
    for low, high, code in room.law.injuries:
        injuries[low : high + 1] = room.law.once[code].amount
    found.one_off += room.by_rate(injuries, room.are(Category.WAR_INVALID))


def _agent_orange(room: ClaimRoom) -> None:
    found, flag = room.found, room.claims.has_infertility_or_affected_child
    where = room.are(Category.AGENT_ORANGE_RESISTER)
    levels = room.band("agent_orange")
    at_least = levels[np.maximum(np.arange(PERCENT), room.law.bounds.infertile_rate)]
    soldiers = where & room.has(Category.SICK_SOLDIER)
    found.monthly[soldiers & (flag == 1)] = levels[room.law.bounds.infertile_rate]
    examined = soldiers & (flag != 1) & ((room.rate < 0) | (levels[np.maximum(room.rate, 0)] > 0))
    room.lacks(examined)
    rest = where & ~(soldiers & (flag == 1)) & ~examined
    room.lacks(rest & (room.rate < 0))
    by_disease, by_infertility = room.by_rate(levels, rest), room.by_rate(at_least, rest)
    room.lacks(rest & (by_disease != by_infertility) & (flag == UNKNOWN))
    certain = (by_disease == by_infertility) | (flag == 0)
    found.monthly += np.where(certain, by_disease, np.where(flag == 1, by_infertility, 0))
    _severe(room, rest & (found.monthly > 0), "agent_orange")


def _severe(room: ClaimRoom, where: Flags, beginning: str) -> None:
    """Add supplement and attendant of who is injured severely."""
    severe = where & (room.rate >= room.law.bounds.severe_rate)
    special = room.claims.has_especially_severe_condition
    room.lacks(severe & ((special == UNKNOWN) | (room.at_home == UNKNOWN)))
    room.found.supplement[severe & (special == 1)] = room.amount(f"{beginning}_special_supplement")
    room.found.supplement[severe & (special == 0)] = room.amount(f"{beginning}_supplement")
    attended = severe & (room.at_home == 1)
    ordinary = room.amount(f"{beginning}_attendant")
    if f"{beginning}_special_attendant" not in room.law.monthly:
        room.found.attendant[attended] = ordinary
        return
    room.found.attendant[attended & (special == 0)] = ordinary
    room.found.attendant[attended & (special == 1)] = room.amount(f"{beginning}_special_attendant")


def _once(room: ClaimRoom) -> None:
    """What is paid once, to people with merit or their relatives."""
    for category, code in (
        (Category.HELPER_RESISTANCE_MEDAL, "helper_resistance_medal"),
        (Category.MARTYR_RECOGNISED, "martyr_recognised"),
        (Category.MARTYR_DEATH_NOTICE, "martyr_death_notice"),
        (Category.UNPAID_HEROIC_MOTHER, "unpaid_heroic_mother"),
        (Category.UNPAID_HERO, "unpaid_hero"),
        (Category.UNPAID_IMPRISONED, "unpaid_imprisoned"),
        (Category.UNPAID_RESISTANCE_PARTICIPANT, "unpaid_resistance_participant"),
        (Category.UNPAID_HELPER, "unpaid_helper"),
    ):
        room.found.one_off[room.are(category)] = room.law.once[code].amount
    for category, beginning in (
        (Category.UNPAID_ACTIVIST_BEFORE_1945, "activist_before_1945"),
        (Category.UNPAID_ACTIVIST_OF_1945, "activist_of_1945"),
    ):
        where = room.are(category)
        worships = room.relation == relation_code(Relation.WORSHIPPER)
        room.lacks(where & (room.relation == UNKNOWN))
        room.found.one_off[where & worships] = room.law.once[f"{beginning}_worshipper"].amount
        known = where & (room.relation != UNKNOWN) & ~worships
        room.found.one_off[known] = room.law.once[f"{beginning}_relative"].amount
