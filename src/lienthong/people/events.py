"""What can happen to people, households and organisations. Rows name things by number; old and new values stand only where
somebody must be able to see later what was corrected."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class PersonRegistered(Fact):
    """Ghi nhận một người."""

    sentence = "Ghi nhận người mới vào hệ thống."
    person_id: int
    numbers: list[int]
    residence_id: int | None


@register_fact
@dataclass(frozen=True, kw_only=True)
class PersonCorrected(Fact):
    """Đính chính thông tin cá nhân. ``changes`` maps each column to its old and new value."""

    sentence = "Đính chính thông tin cá nhân: {reason}"
    changes: dict[str, list[Any]]
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DeathRecorded(Fact):
    """Ghi nhận người đã chết."""

    sentence = "Ghi nhận người đã chết ngày {died_on}."
    died_on: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class DeathWithdrawn(Fact):
    """Rút ghi nhận người đã chết, vì ghi nhầm."""

    sentence = "Rút ghi nhận người đã chết ngày {died_on}: {reason}"
    died_on: date
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class ResidenceMoved(Fact):
    """Thay đổi nơi cư trú."""

    sentence = "Thay đổi nơi cư trú từ ngày {on}."
    kind: str
    from_unit_code: str | None
    to_unit_code: str
    on: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class IdentityNumberGiven(Fact):
    """Ghi nhận giấy tờ định danh."""

    sentence = "Ghi nhận giấy tờ định danh."
    kind: str
    identity_id: int
    valid_from: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class IdentityNumberEnded(Fact):
    """Giấy tờ định danh không còn dùng."""

    sentence = "Giấy tờ định danh không còn dùng từ ngày {valid_until}."
    kind: str
    identity_id: int
    valid_until: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class HouseholdFormed(Fact):
    """Lập hộ."""

    sentence = "Lập hộ {code}."
    code: str
    unit_code: str
    member_ids: list[int]
    on: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class HouseholdJoined(Fact):
    """Vào hộ."""

    sentence = "Vào hộ {code} từ ngày {on}."
    code: str
    relation: str
    on: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class HouseholdLeft(Fact):
    """Ra khỏi hộ."""

    sentence = "Ra khỏi hộ {code} từ ngày {on}."
    code: str
    new_head_id: int | None
    on: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class ConditionRecorded(Fact):
    """Ghi nhận tình trạng của người."""

    sentence = "Ghi nhận tình trạng từ ngày {valid_from}."
    kind: str
    level: str
    valid_from: date
    valid_until: date | None


@register_fact
@dataclass(frozen=True, kw_only=True)
class ConditionEnded(Fact):
    """Tình trạng không còn."""

    sentence = "Tình trạng không còn từ ngày {valid_until}."
    kind: str
    valid_until: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class OrganizationRegistered(Fact):
    """Đăng ký tổ chức."""

    sentence = "Ghi nhận tổ chức mang mã số thuế {tax_code}."
    tax_code: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PeopleLoaded(Fact):
    """Nạp dân cư hàng loạt."""

    sentence = "Nạp {people} người và {households} hộ từ {source}."
    source: str
    people: int
    households: int
