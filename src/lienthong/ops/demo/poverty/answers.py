"""Answers of forms A, B and C that an invented household would give, so that the rules come to what is wanted.

Every household has its own order in which it is deprived of things, the same in every year: a house that is poor in one
year is much the same house in the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from lienthong.ops.demo.poverty.homes import Person, head_of
from lienthong.poverty.states import AreaKind, Cause, HouseholdClass
from lienthong.rules.poverty.facts import Area
from lienthong.rules.poverty.standards import PovertyStandard

Answers = dict[str, Any]
CHILD_BELOW, WORKS_FROM, RETIRES_AT, OLD_AT = 16, 15, 67, 78
# Deprivations by how common they are among the poor of these hills; what each needs is in ``_can_lack``.
COMMON = {
    "hygienic_toilet": 1.0, "employment": 0.7, "adult_education": 0.65, "housing_quality": 0.6, "health_insurance": 0.5,
    "clean_water": 0.5, "telecommunication": 0.45, "housing_area": 0.35, "nutrition": 0.3, "information_access_assets": 0.25,
    "child_school_attendance": 0.12, "waste_treatment": 0.5,
}  # fmt: skip
HOW_MANY: Mapping[HouseholdClass, tuple[Sequence[int], Sequence[float]]] = {
    HouseholdClass.POOR: ((3, 4, 5, 6), (0.46, 0.31, 0.16, 0.07)),
    HouseholdClass.NEAR_POOR: ((0, 1, 2), (0.1, 0.35, 0.55)),
    HouseholdClass.AVERAGE: ((0, 1, 2), (0.25, 0.45, 0.3)),
    HouseholdClass.NOT_POOR: ((0, 1), (0.65, 0.35)),
}
ILL_SHARE, DISABLED_SHARE = 0.06, 0.03
GOOD_WATER, BAD_WATER = (
    ("piped", "drilled_well", "protected_well", "protected_spring"),
    ("unprotected_spring", "surface"),
)
GOOD_TOILETS, BAD_TOILETS = ("septic", "pour_flush", "double_vault"), ("other", "none")
DEVICES = ("tv", "phone", "smartphone", "radio", "laptop")
CAUSES = {
    Cause.CAPITAL: 0.45, Cause.SKILL: 0.35, Cause.KNOWLEDGE: 0.3, Cause.LABOUR: 0.2, Cause.LAND: 0.15, Cause.TOOLS: 0.2,
    Cause.ILLNESS_ACCIDENT: 0.2,
}  # fmt: skip
WISHES = ("loan", "tools", "training", "housing", "water_toilet", "health")
_ADULT_LEVELS = ("none", "primary", "lower_secondary")
_VISIT, _HOUSING = (
    ("household", "area", "visited_on"),
    ("wall", "pillar", "roof", "housing_area_m2", "water_source", "toilet"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A household as somebody finds it on a visit.

    Attributes:
        code: Of the household.
        living: Its members on that day.
        own: Chances of the household, the same on every visit.
        luck: Chances of this visit.
    """

    code: str
    area: AreaKind
    living: Sequence[Person]
    started_at: datetime
    ended_at: datetime
    place: tuple[float, float] | None
    own: str
    luck: Random

    @property
    def day(self) -> date:
        """The day of the visit."""
        return self.ended_at.date()


def survey(asked: Asked, wanted: HouseholdClass, law: PovertyStandard, *, asks_income: bool) -> Answers:
    """Answer form B so that the household comes to a class."""
    lacks = _lacks(asked, wanted, law)
    answers = _begin(asked)
    answers["members"] = _members(asked, lacks, wanted)
    weak = Random(f"{asked.own}/house").sample(("wall", "pillar", "roof"), 2) if "housing_quality" in lacks else ()
    size = len(asked.living)
    per_person = asked.luck.uniform(4.5, 7.6) if "housing_area" in lacks else asked.luck.uniform(9, 24)
    answers |= {name: "not_durable" if name in weak else "durable" for name in ("wall", "pillar", "roof")}
    answers["housing_area_m2"] = f"{max(per_person * size, 3.5 if 'housing_area' in lacks else 9):.1f}"
    own = Random(f"{asked.own}/water")
    answers["water_source"] = own.choice(BAD_WATER if "clean_water" in lacks else GOOD_WATER)
    answers["toilet"] = own.choice(BAD_TOILETS if "hygienic_toilet" in lacks else GOOD_TOILETS)
    owned = [one for one in DEVICES if own.random() < 0.5] or [own.choice(DEVICES[:3])]
    answers["devices"] = "none" if "information_access_assets" in lacks else " ".join(owned)
    answers["waste"] = "untreated" if "waste_treatment" in lacks else "treated"
    if asks_income:
        answers["income_per_person"] = str(_income(asked, wanted, law))
    return answers


def screening(asked: Asked) -> Answers:
    """Answer form A so that nothing more need be asked."""
    answers = _begin(asked)
    questions = ("has_salaried", "has_pensioner", "has_business", "has_car", "has_solid_house", "has_other_house")
    told = asked.luck.choice(questions[:5])
    answers |= {question: "yes" if question == told else "no" for question in questions}
    answers["screened"] = "out"
    return answers


def sheet(asked: Asked, surveyed: Answers) -> Answers:
    """Answer form C of a household whose form B is filled."""
    answers = _begin(asked)
    copied = (
        "full_name", "relation", "sex", "birth_known", "birth_date", "birth_year", "age_stated", "studying", "qualification",
        "work", "has_health_insurance", "monthly_allowance",
    )  # fmt: skip
    people = zip(surveyed["members"], asked.living, strict=True)
    answers["members"] = [
        {name: member[name] for name in copied if name in member} | {"ethnicity": person.ethnicity or "Kinh"}
        for member, person in people
    ]
    answers["causes"] = " ".join(_causes(asked, surveyed))
    answers["wishes"] = " ".join(Random(f"{asked.own}/wishes").sample(WISHES, 2))
    return answers


def as_xml(form_id: str, version: str, instance_id: str, answers: Answers) -> str:
    """Write answers as a device sends them; reading it gives the same answers."""

    def plain(names: Sequence[str]) -> str:
        return "".join(f"<{name}>{escape(str(answers[name]))}</{name}>" for name in names if name in answers)

    grouped = {*_VISIT, *_HOUSING, "start", "end", "members"}
    members = "".join(
        "<members>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in member.items()) + "</members>"
        for member in answers.get("members", ())
    )
    rest = [name for name in answers if name not in grouped]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><data id="{form_id}" version="{version}"'
        f' xmlns:orx="http://openrosa.org/xforms">{plain(("start", "end"))}<visit>{plain(_VISIT)}</visit>{members}'
        f"<housing>{plain(_HOUSING)}</housing>{plain(rest)}"
        f"<orx:meta><orx:instanceID>{instance_id}</orx:instanceID></orx:meta></data>"
    )


def _begin(asked: Asked) -> Answers:
    answers: Answers = {
        "start": asked.started_at.isoformat(),
        "end": asked.ended_at.isoformat(),
        "household": asked.code,
        "area": str(asked.area.value),
        "visited_on": asked.day.isoformat(),
    }
    if asked.place is not None:
        answers["location"] = f"{asked.place[0]:.6f} {asked.place[1]:.6f} 0 {asked.luck.randint(4, 18)}"
    return answers


def _lacks(asked: Asked, wanted: HouseholdClass, law: PovertyStandard) -> frozenset[str]:
    """Choose of what the household is deprived: what its ages say already counts, the rest comes in its own order."""
    own = Random(f"{asked.own}/lacks")
    fields = {indicator.field for indicator in law.indicators}
    order = sorted(COMMON, key=lambda name: own.expovariate(COMMON[name]))
    possible = [name for name in order if name in fields and _can_lack(name, asked)]
    numbers, chances = HOW_MANY[wanted]
    (many,) = asked.luck.choices(numbers, chances)
    many -= "dependent_person" in fields and _is_dependent(asked)
    return frozenset(possible[: max(many, 0)])


def _can_lack(name: str, asked: Asked) -> bool:
    return name not in _NEEDS or any(_NEEDS[name](asked, person) for person in asked.living)


def _is_able(asked: Asked, person: Person) -> bool:
    return 30 < person.age_on(asked.day) < RETIRES_AT and not _is_disabled(asked, person)


_NEEDS: Mapping[str, Callable[[Asked, Person], bool]] = {
    "employment": _is_able,
    "adult_education": lambda asked, person: 18 <= person.age_on(asked.day) <= 30,
    "nutrition": lambda asked, person: person.age_on(asked.day) < CHILD_BELOW,
    "child_school_attendance": lambda asked, person: 12 <= person.age_on(asked.day) < CHILD_BELOW,
}


def _is_dependent(asked: Asked) -> bool:
    many = sum(
        person.age_on(asked.day) < CHILD_BELOW or _allowance(asked, person) in {"elderly", "disabled"}
        for person in asked.living
    )
    return 2 * many > len(asked.living)


def _is_disabled(asked: Asked, person: Person) -> bool:
    return Random(f"{asked.own}/{person.full_name}/{person.birth_on}").random() < DISABLED_SHARE


def _allowance(asked: Asked, person: Person) -> str:
    if _is_disabled(asked, person):
        return "disabled"
    return "elderly" if person.age_on(asked.day) >= OLD_AT else "none"


def _members(asked: Asked, lacks: frozenset[str], wanted: HouseholdClass) -> list[Answers]:
    first = {
        name: next((one for one in asked.living if need(asked, one)), None)
        for name, need in _NEEDS.items()
        if name in lacks
    }
    insured = {one for one in asked.living if one.age_on(asked.day) >= 6}
    if "health_insurance" in lacks and insured:
        first["health_insurance"] = max(insured, key=lambda one: one.birth_on)
    return [_member(asked, person, lacks, first, wanted) for person in asked.living]


def _member(
    asked: Asked, person: Person, lacks: frozenset[str], first: dict[str, Person | None], wanted: HouseholdClass
) -> Answers:
    head = head_of(list(asked.living))
    age, own = person.age_on(asked.day), Random(f"{asked.own}/{person.full_name}/{person.birth_on}/life")
    found: Answers = {
        "full_name": person.full_name,
        "relation": "head" if person is head else person.relation if person.relation != "head" else "other",
        "sex": person.sex,
    }
    if person.birth_precision == "day":
        found |= {"birth_known": "date", "birth_date": person.birth_on.isoformat()}
    else:
        found |= {"birth_known": "year", "birth_year": str(person.birth_on.year), "age_stated": str(age)}
    found["age"] = str(age)
    found["has_health_insurance"] = "no" if person is first.get("health_insurance") else "yes"
    if age < CHILD_BELOW:
        found["nutrition"] = own.choice(("stunted", "underweight")) if person is first.get("nutrition") else "normal"
    studying = "none" if person is first.get("child_school_attendance") else _level(age)
    if 3 <= age <= 30:
        found["studying"] = studying
    disabled = _is_disabled(asked, person)
    if age >= WORKS_FROM:
        found |= _work(age, own, studying, is_able=not disabled, is_idle=person is first.get("employment"))
        found["qualification"] = _qualification(age, own, is_short=person is first.get("adult_education"))
        is_well_off = wanted in {HouseholdClass.NOT_POOR, HouseholdClass.AVERAGE}
        found["receives_pension"] = "yes" if age >= 60 and is_well_off and own.random() < 0.4 else "no"
    found["monthly_allowance"] = _allowance(asked, person)
    found["is_disabled_or_ill"] = "yes" if disabled or own.random() < ILL_SHARE else "no"
    if age >= 3:
        is_on = "telecommunication" not in lacks and (person is head or own.random() < 0.5)
        found["uses_internet"] = "yes" if is_on else "no"
    return found


def _level(age: int) -> str:
    for until, level in ((6, "preschool"), (12, "primary"), (16, "lower_secondary"), (18, "upper_secondary")):
        if 3 <= age < until:
            return level
    return "none"


def _work(age: int, own: Random, studying: str, *, is_able: bool, is_idle: bool) -> Answers:
    if is_idle:
        is_hired = own.random() < 0.6
        return {"work": "employed_no_contract", "job": "non_farm"} if is_hired else {"work": "unemployed"}
    if studying != "none":
        return {"work": "studying"}
    if not is_able:
        return {"work": "unable"}
    if age >= RETIRES_AT:
        return {"work": "retired"}
    is_hired = age < 45 and own.random() < 0.25
    return {"work": "employed_contract", "job": "non_farm"} if is_hired else {"work": "self_employed", "job": "farm"}


def _qualification(age: int, own: Random, *, is_short: bool) -> str:
    if is_short:
        return "primary"
    if age < 18:
        return "lower_secondary"
    if age <= 30:
        return own.choice(("upper_secondary", "upper_secondary", "vocational"))
    return own.choice(_ADULT_LEVELS)


def _income(asked: Asked, wanted: HouseholdClass, law: PovertyStandard) -> int:
    area = Area(asked.area.value)
    line, ceiling = law.lines[area], law.average_ceilings[area]
    top = ceiling if ceiling is not None else line * 3 // 2
    if wanted in {HouseholdClass.POOR, HouseholdClass.NEAR_POOR}:
        income = line * asked.luck.uniform(0.45, 0.97)
    elif wanted == HouseholdClass.AVERAGE:
        income = line + (top - line) * asked.luck.uniform(0.1, 0.95)
    else:
        income = top * asked.luck.uniform(1.03, 1.7)
    return int(income) // 10_000 * 10_000


def _causes(asked: Asked, surveyed: Answers) -> list[str]:
    own = Random(f"{asked.own}/causes")
    named = [cause.value for cause, share in CAUSES.items() if own.random() < share]
    works = {member.get("work") for member in surveyed["members"]}
    if not works & {"self_employed", "employed_contract", "employed_no_contract", "unemployed"}:
        named = [Cause.LABOUR.value, *(one for one in named if one != Cause.LABOUR)]
    return named or [Cause.CAPITAL.value]
