"""Personal identity numbers: what twelve or nine digits say, and what looks wrong about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lienthong.kernel.days import BirthDate


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class FindingKind(StrEnum):
    IMPLAUSIBLE_PROVINCE = "implausible_province"
    SEX_DIFFERS = "sex_differs"
    BIRTH_YEAR_DIFFERS = "birth_year_differs"
    LEADING_ZERO_LOST = "leading_zero_lost"
    SCIENTIFIC_NOTATION = "scientific_notation"
    APOSTROPHE = "apostrophe"
    SPACES = "spaces"
    OLD_NUMBER = "old_number"


@dataclass(frozen=True, slots=True)
class Finding:
    kind: FindingKind
    text: str


class UnreadablePersonalId(ValueError):
    """Neither 9 nor 12 digits. ``findings`` says what probably happened, ``suggestion`` what the number may have been."""

    findings: tuple[Finding, ...]
    suggestion: str | None


@dataclass(frozen=True, slots=True)
class PersonalId:
    number: str
    findings: tuple[Finding, ...] = ()
    is_old: bool = False           # 9 digits
    province_code: str | None = None
    province_name: str | None = None
    sex: Sex | None = None
    birth_year: int | None = None

    def compare_with(self, *, sex: Sex | None, birth_date: BirthDate | None) -> tuple[Finding, ...]: raise NotImplementedError


def read_personal_id(text: str) -> PersonalId: raise NotImplementedError
