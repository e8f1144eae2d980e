"""What is known of an emergency and of whom it struck. A fact that is None is unknown, not false."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import Dong
from lienthong.rules.poverty.classes import PovertyClass


class Cause(StrEnum):
    """What happened.

    Nguyên nhân: thiên tai, hỏa hoạn, dịch bệnh, mất mùa, giáp hạt, tai nạn, lý do bất khả kháng, dịp Tết âm lịch.
    """

    NATURAL_DISASTER = "natural_disaster"
    FIRE = "fire"
    EPIDEMIC = "epidemic"
    CROP_FAILURE = "crop_failure"
    LEAN_SEASON = "lean_season"
    TRAFFIC_ACCIDENT = "traffic_accident"
    WORK_ACCIDENT = "work_accident"
    FORCE_MAJEURE = "force_majeure"
    LUNAR_NEW_YEAR = "lunar_new_year"
    OTHER = "other"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a reason or a screen."""
        return _CAUSE_WORDS[self]


_CAUSE_WORDS: Final[Mapping[Cause, str]] = MappingProxyType(
    {
        Cause.NATURAL_DISASTER: "thiên tai",
        Cause.FIRE: "hỏa hoạn",
        Cause.EPIDEMIC: "dịch bệnh",
        Cause.CROP_FAILURE: "mất mùa",
        Cause.LEAN_SEASON: "giáp hạt",
        Cause.TRAFFIC_ACCIDENT: "tai nạn giao thông nghiêm trọng",
        Cause.WORK_ACCIDENT: "tai nạn lao động nghiêm trọng",
        Cause.FORCE_MAJEURE: "lý do bất khả kháng khác",
        Cause.LUNAR_NEW_YEAR: "dịp Tết âm lịch",
        Cause.OTHER: "nguyên nhân khác",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvincialLevels:
    """Higher levels of a province; the higher of the two holds.

    Mức của tỉnh.

    Attributes:
        base_level: The standard level of social assistance, đồng a month.
        food_per_day: Of somebody under temporary protection, đồng.
    """

    reference: LegalReference
    base_level: Dong | None = None
    house_lost: Dong | None = None
    house_relocation: Dong | None = None
    house_repair: Dong | None = None
    food_per_day: Dong | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HungerFacts:
    """A household without food.

    Hộ thiếu đói.
    """

    cause: Cause | None = None
    is_short_of_food: bool | None = None
    persons: int | None = None
    months: int | None = None

    def __post_init__(self) -> None:
        _positive("số người thiếu đói", self.persons)
        _positive("số tháng đề nghị hỗ trợ", self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class InjuryFacts:
    """A person who was seriously injured.

    Người bị thương nặng.

    Attributes:
        treated_days: Days of treatment in a health facility.
        at_residence: Whether it happened where the person lives.
        has_carer: Whether relatives look after the person, where it happened elsewhere.
    """

    cause: Cause | None = None
    treated_days: int | None = None
    at_residence: bool | None = None
    has_carer: bool | None = None

    def __post_init__(self) -> None:
        if self.treated_days is not None and self.treated_days < 0:
            raise ValueError(f"Số ngày điều trị {self.treated_days} không thể âm.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathFacts:
    """Somebody who died or is missing.

    Người chết, mất tích.

    Attributes:
        buried_by_others: Whether an organisation or a person buries because nobody takes it on, instead of the household.
        actual_cost: Of the burial by others, đồng.
    """

    cause: Cause | None = None
    buried_by_others: bool | None = None
    actual_cost: Dong | None = None


class Damage(StrEnum):
    """What became of the house.

    Thiệt hại về nhà ở: mất nhà, phải di dời, hư hỏng nặng.
    """

    LOST = "lost"
    RELOCATION = "relocation"
    BADLY_DAMAGED = "badly_damaged"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a reason or a screen."""
        return _DAMAGE_WORDS[self]


_DAMAGE_WORDS: Final[Mapping[Damage, str]] = MappingProxyType(
    {
        Damage.LOST: "nhà bị đổ, sập, trôi, cháy hoàn toàn",
        Damage.RELOCATION: "phải di dời nhà ở khẩn cấp",
        Damage.BADLY_DAMAGED: "nhà bị hư hỏng nặng",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HousingFacts:
    """A house that was destroyed, damaged, or must be left.

    Nhà ở bị thiệt hại.

    Attributes:
        in_difficulty: Whether the household is in difficult circumstances though neither poor nor near-poor.
        has_other_home: Whether there is another place to live.
        is_habitable: Whether the damaged house can be lived in.
        ordered_to_move: Whether the competent agency decided on the relocation.
    """

    cause: Cause | None = None
    damage: Damage | None = None
    poverty_class: PovertyClass | None = None
    in_difficulty: bool | None = None
    has_other_home: bool | None = None
    is_habitable: bool | None = None
    ordered_to_move: bool | None = None


class ProtectedGroup(StrEnum):
    """Who needs urgent protection.

    Đối tượng cần bảo vệ khẩn cấp.
    """

    ORPHAN = "orphan"
    VICTIM = "victim"
    VAGRANT = "vagrant"
    OTHER = "other"
    NONE = "none"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a reason or a screen."""
        return _GROUP_WORDS[self]


_GROUP_WORDS: Final[Mapping[ProtectedGroup, str]] = MappingProxyType(
    {
        ProtectedGroup.ORPHAN: "trẻ em có cả cha và mẹ chết, mất tích",
        ProtectedGroup.VICTIM: "nạn nhân bạo lực, xâm hại, buôn bán, cưỡng bức lao động",
        ProtectedGroup.VAGRANT: "trẻ em, người lang thang xin ăn",
        ProtectedGroup.OTHER: "đối tượng khác",
        ProtectedGroup.NONE: "không thuộc diện nào",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionFacts:
    """Somebody taken in for a time.

    Người được nhận chăm sóc, nuôi dưỡng tạm thời tại cộng đồng.

    Attributes:
        relatives_can_care: Of an orphan, whether relatives can take the child in.
        needs_protection: Of a victim, whether urgent protection is needed while waiting for a place.
        decided_by_province: Of another group, whether the chair of the provincial People's Committee decided on it.
        from_day: First day in the household.
        until_day: The day after the last one; None while it is not over.
    """

    group: ProtectedGroup | None = None
    relatives_can_care: bool | None = None
    needs_protection: bool | None = None
    decided_by_province: bool | None = None
    has_health_insurance: bool | None = None
    from_day: date | None = None
    until_day: date | None = None

    def __post_init__(self) -> None:
        if self.from_day and self.until_day and self.until_day <= self.from_day:
            raise ValueError("Ngày kết thúc chăm sóc tạm thời phải sau ngày bắt đầu.")


def _positive(name: str, value: int | None) -> None:
    if value is not None and value <= 0:
        raise ValueError(f"Giá trị {value} của {name} phải lớn hơn 0.")
