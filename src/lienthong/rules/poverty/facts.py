"""What is known of a household and its members: the one vocabulary of rules, forms, files and tests.

A fact that is None is unknown, not false.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Area(StrEnum):
    """Whether a place counts as rural or urban.

    Khu vực: nông thôn, thành thị.
    """

    RURAL = "rural"
    URBAN = "urban"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a reason or a screen."""
        return "nông thôn" if self is Area.RURAL else "thành thị"


class Work(StrEnum):
    """Whether a member works, and if not, why."""

    EMPLOYED_CONTRACT = "employed_contract"
    EMPLOYED_NO_CONTRACT = "employed_no_contract"
    SELF_EMPLOYED = "self_employed"
    UNEMPLOYED = "unemployed"
    STUDYING = "studying"
    NOT_SEEKING = "not_seeking"
    UNABLE = "unable"
    RETIRED = "retired"


class Job(StrEnum):
    """The main job of a member, as form B1 asks it."""

    PUBLIC = "public"
    NON_FARM = "non_farm"
    FARM = "farm"
    NONE = "none"


class Study(StrEnum):
    """The level at which a member studies now, from the lowest to the highest."""

    NONE = "none"
    PRESCHOOL = "preschool"
    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"
    VOCATIONAL = "vocational"
    COLLEGE = "college"


class Qualification(StrEnum):
    """What a member has completed, from the lowest to the highest; training on site, certified by an employer, comes last."""

    NONE = "none"
    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"
    VOCATIONAL = "vocational"
    COLLEGE = "college"
    ON_SITE = "on_site"


class Nutrition(StrEnum):
    """What the measuring of a child showed: height for age, weight for age."""

    NORMAL = "normal"
    STUNTED = "stunted"
    UNDERWEIGHT = "underweight"
    BOTH = "both"


class MonthlyAllowance(StrEnum):
    """The monthly social allowance that a member receives."""

    NONE = "none"
    ELDERLY = "elderly"
    DISABLED = "disabled"
    OTHER = "other"


class Material(StrEnum):
    """Whether a main structure of the house is durable."""

    DURABLE = "durable"
    NOT_DURABLE = "not_durable"


class WaterSource(StrEnum):
    """Where the household takes its water from."""

    PIPED = "piped"
    DRILLED_WELL = "drilled_well"
    PROTECTED_WELL = "protected_well"
    PROTECTED_SPRING = "protected_spring"
    RAIN = "rain"
    BOTTLED = "bottled"
    UNPROTECTED_WELL = "unprotected_well"
    UNPROTECTED_SPRING = "unprotected_spring"
    SURFACE = "surface"
    OTHER = "other"


class Toilet(StrEnum):
    """The toilet that the household uses."""

    SEPTIC = "septic"
    POUR_FLUSH = "pour_flush"
    VENTILATED = "ventilated"
    SEATED_PIT = "seated_pit"
    DOUBLE_VAULT = "double_vault"
    OTHER = "other"
    NONE = "none"


class Device(StrEnum):
    """A device by which a household gets information."""

    TV = "tv"
    RADIO = "radio"
    DESKTOP = "desktop"
    PHONE = "phone"
    LAPTOP = "laptop"
    TABLET = "tablet"
    SMARTPHONE = "smartphone"


class Waste(StrEnum):
    """Whether the household's waste is treated."""

    TREATED = "treated"
    UNTREATED = "untreated"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """What is known of one member of a household.

    Thành viên hộ gia đình.

    Attributes:
        age: Whole years on the day of the visit.
        nutrition: Of children; None where nobody measured.
    """

    age: int | None = None
    sex: str | None = None
    work: Work | None = None
    job: Job | None = None
    has_health_insurance: bool | None = None
    studying: Study | None = None
    qualification: Qualification | None = None
    nutrition: Nutrition | None = None
    monthly_allowance: MonthlyAllowance | None = None
    is_disabled_or_ill: bool | None = None
    receives_pension: bool | None = None
    uses_internet: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdFacts:
    """What is known of one household.

    Thông tin hộ gia đình.

    Attributes:
        members: Everybody of the household; empty means that the members are not known.
        housing_area_m2: Area of the whole house.
        income_per_person: Đồng a month, social assistance left out.
        asked: Answers to what the points table asks besides: feature → level.
    """

    area: Area | None = None
    members: tuple[MemberFacts, ...] = ()
    wall: Material | None = None
    pillar: Material | None = None
    roof: Material | None = None
    housing_area_m2: Decimal | None = None
    water_source: WaterSource | None = None
    toilet: Toilet | None = None
    devices: frozenset[Device] | None = None
    waste: Waste | None = None
    income_per_person: int | None = None
    asked: Mapping[str, str] = field(default_factory=dict)


MEMBER_CHOICES: Final[Mapping[str, type[StrEnum]]] = {
    "work": Work,
    "job": Job,
    "studying": Study,
    "qualification": Qualification,
    "nutrition": Nutrition,
    "monthly_allowance": MonthlyAllowance,
}
MEMBER_FLAGS: Final = ("has_health_insurance", "is_disabled_or_ill", "receives_pension", "uses_internet")
HOUSEHOLD_CHOICES: Final[Mapping[str, type[StrEnum]]] = {
    "area": Area,
    "wall": Material,
    "pillar": Material,
    "roof": Material,
    "water_source": WaterSource,
    "toilet": Toilet,
    "waste": Waste,
}
MEMBER_FIELDS: Final = tuple(one.name for one in fields(MemberFacts))
HOUSEHOLD_FIELDS: Final = tuple(one.name for one in fields(HouseholdFacts))
