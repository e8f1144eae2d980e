"""Generated households for the second opinion: every choice, every age at which something changes, some facts unknown.

A chain is one household as XML and then the same household answered otherwise, a few answers at a time. Seeded, so that a
difference that was found is found again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from xml.sax.saxutils import escape

from lienthong.rules.poverty.facts import (
    HOUSEHOLD_CHOICES,
    MEMBER_CHOICES,
    Device,
    Job,
)
from tests.poverty.survey.tables import OLD_TABLE

HOUSEHOLDS_CSV: Final = (
    "name,label,head,hamlet,area,previous_class,review\n"
    "TN-001,Hộ 1,Nguyễn Văn An,Thôn 1,rural,poor,1\nTN-002,Hộ 2,Trần Thị Bình,Tổ 2,urban,not_poor,1\n"
)
EDGE_AGES: Final = (0, 2, 3, 5, 6, 11, 12, 14, 15, 16, 17, 18, 30, 31, 60, 61, 119)
VISITS: Final = (date(2026, 11, 29), date(2026, 2, 28), date(2024, 2, 29), date(2024, 2, 28), date(2026, 3, 1))
_HOUSE: Final = {name: tuple(kind) for name, kind in HOUSEHOLD_CHOICES.items() if name != "area"}
_FLAGS: Final = ("has_health_insurance", "is_disabled_or_ill", "receives_pension", "uses_internet")
_ASKED: Final = {f"asked_{feature.code}": tuple(level.code for level in feature.levels) for feature in OLD_TABLE.asked}
_GROUPS: Final = {
    "visit": ("household", "area", "visited_on", "visit_year", "visit_number"),
    "housing": ("wall", "pillar", "roof", "housing_area_m2", "water_source", "toilet", "devices", "waste"),
    "b1_asked": tuple(_ASKED),
}
Change = list[tuple[str, str]]


@dataclass(slots=True)
class Chain:
    """A household as it is restored, and what is answered otherwise afterwards."""

    instance: str
    changes: list[Change] = field(default_factory=list)


def chains(*, seed: int, count: int, length: int) -> Iterator[Chain]:
    """Generate ``count`` chains of ``length`` households each."""
    for number in range(count):
        draw = random.Random(f"{seed}-{number}")
        yield _chain(
            draw, size=number % 12 + 1 if number < 12 else draw.choice((1, 2, 2, 3, 3, 4, 4, 5, 6, 7)), length=length
        )


def _chain(draw: random.Random, *, size: int, length: int) -> Chain:
    visit = draw.choice(VISITS)
    top = {"household": draw.choice(("TN-001", "TN-002")), "visited_on": visit.isoformat()}
    top |= {name: _answer(draw, name, size) for name in (*_HOUSE, "housing_area_m2", "devices", *_ASKED)}
    # Some households are well off in most things, so that each side of three deprivations and of the line is met.
    calm = draw.random() < 0.6
    members = [_member(draw, visit, calm=calm) for _ in range(size)]
    chain = Chain(_instance(top, members))
    for _ in range(length - 1):
        chain.changes.append([_change(draw, visit, size) for _ in range(draw.choice((1, 1, 2, 3)))])
    return chain


def _member(draw: random.Random, visit: date, *, calm: bool) -> dict[str, str]:
    member = _birth(draw, visit, draw.choice(EDGE_AGES) if draw.random() < 0.7 else draw.randint(0, 100))
    for name in (*MEMBER_CHOICES, *_FLAGS):
        member[name] = _answer(draw, name, 1)
    if calm:
        member |= {"has_health_insurance": "yes", "work": "employed_contract", "qualification": "upper_secondary"}
        member |= {
            "nutrition": "normal",
            "uses_internet": "yes",
            "monthly_allowance": "none",
            "studying": "lower_secondary",
        }
    return member


def _birth(draw: random.Random, visit: date, age: int) -> dict[str, str]:
    """A person who is this old on the day of the visit, often to the day, sometimes known by the year only."""
    if draw.random() < 0.2:
        year = visit.year - age - draw.choice((0, 1))
        return {"birth_known": "year", "birth_year": str(max(1900, year)), "age_stated": str(age), "birth_date": ""}
    if draw.random() < 0.1:
        born = date(visit.year - visit.year % 4 - 4 * (age // 4), 2, 29)
        born = born if born <= visit else date(born.year - 4, 2, 29)
    else:
        birthday = date(visit.year - age, visit.month, min(visit.day, 28))
        born = birthday - timedelta(days=draw.choice((0, 0, 1, 100, 364)))
    born = max(born, date(1900, 1, 1))
    return {"birth_known": "date", "birth_date": born.isoformat(), "birth_year": "", "age_stated": ""}


def _answer(draw: random.Random, name: str, size: int) -> str:
    if name in _FLAGS:
        return draw.choice(("yes", "no"))
    if name == "nutrition":
        return draw.choice((*MEMBER_CHOICES[name], "normal", "normal", "not_measured"))
    if name == "job":
        return draw.choice([job for job in Job if job != Job.NONE])
    if name in MEMBER_CHOICES:
        return draw.choice(tuple(MEMBER_CHOICES[name]))
    if name == "devices":
        return "none" if draw.random() < 0.3 else " ".join(draw.sample(tuple(Device), draw.randint(1, 7)))
    if name == "housing_area_m2":
        return draw.choice((f"{8 * size}", f"{8 * size - 1}.9", f"{8 * size}.1", f"{draw.randint(1, 200)}.5"))
    return draw.choice(_HOUSE.get(name) or _ASKED[name])


def _change(draw: random.Random, visit: date, size: int) -> tuple[str, str]:
    if draw.random() < 0.35:
        name = draw.choice(("household", "housing_area_m2", "devices", *_HOUSE, *_ASKED))
        return (name, draw.choice(("TN-001", "TN-002")) if name == "household" else _answer(draw, name, size))
    path = f"members[{draw.randint(1, size)}]"
    if draw.random() < 0.3:
        born = _birth(draw, visit, draw.choice(EDGE_AGES))
        if born["birth_known"] == "date":
            return (f"{path}/birth_date", born["birth_date"])
        return (f"{path}/age_stated", born["age_stated"])
    name = draw.choice((*MEMBER_CHOICES, *_FLAGS))
    return (f"{path}/{name}", _answer(draw, name, size))


_MEMBER_ORDER: Final = [
    "birth_known",
    "birth_date",
    "birth_year",
    "age_stated",
    "age",
    "has_health_insurance",
    "nutrition",
    "studying",
    "qualification",
    "work",
    "job",
    "monthly_allowance",
    "is_disabled_or_ill",
    "receives_pension",
    "uses_internet",
]


def _instance(top: dict[str, str], members: list[dict[str, str]]) -> str:
    def leaves(names: tuple[str, ...] | list[str], values: dict[str, str]) -> str:
        return "".join(f"<{name}>{escape(values.get(name, ''))}</{name}>" for name in names)

    roster = "".join(
        f"<members><full_name>Người {place}</full_name><relation>{'other' if place else 'head'}</relation><sex>female</sex>"
        f"{leaves(_MEMBER_ORDER, member)}</members>"
        for place, member in enumerate(members)
    )
    groups = {name: f"<{name}>{leaves(inner, top)}</{name}>" for name, inner in _GROUPS.items()}
    return (
        f'<data id="phieu-b" version="1"><start/><end/><today/><deviceid/>{groups["visit"]}{roster}'
        "<roster><size/><heads/><roster_complete>yes</roster_complete></roster>"
        f"{groups['housing']}{groups['b1_asked']}<meta><instanceID>uuid:1</instanceID></meta></data>"
    )
