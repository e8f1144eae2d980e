"""What is known of a person: the one vocabulary of rules, columns, files and tests.

A fact that is None is unknown, not false.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from lienthong.kernel.days import BirthDate
from lienthong.kernel.identity import Sex
from lienthong.kernel.money import Dong
from lienthong.rules.disability import DisabilityLevel

MOST_CHILDREN: Final = 20
"""As many children as are ever reckoned with: of more nobody is kept, and of unknown children no more are assumed."""


class PovertyStanding(StrEnum):
    """The recognised class of the household.

    Hộ nghèo, hộ cận nghèo.
    """

    POOR = "poor"
    NEAR_POOR = "near_poor"
    OTHER = "other"


class ParentState(StrEnum):
    """What became of a parent.

    Tình trạng của cha, mẹ.

    Legal source:
        20/2021/NĐ-CP, Điều 5 khoản 1.
    """

    CARING = "caring"
    DEAD = "dead"
    MISSING = "missing"
    INSTITUTION = "institution"
    DETAINED = "detained"


class MaritalState(StrEnum):
    """Whether somebody is, was, or never was married.

    Tình trạng hôn nhân.
    """

    NEVER_MARRIED = "never_married"
    MARRIED = "married"
    WIDOWED = "widowed"
    SPOUSE_MISSING = "spouse_missing"
    DIVORCED = "divorced"


WITHOUT_SPOUSE: Final = (
    MaritalState.NEVER_MARRIED, MaritalState.WIDOWED, MaritalState.SPOUSE_MISSING, MaritalState.DIVORCED,
)  # fmt: skip


class Care(StrEnum):
    """Who cares for the person at home: nobody, the person's own household, or somebody who took the person in.

    Chăm sóc, nuôi dưỡng tại cộng đồng.

    Legal source:
        20/2021/NĐ-CP, Điều 2 khoản 1 (taking in), Điều 20.
    """

    NONE = "none"
    HOUSEHOLD = "household"
    TAKEN_IN = "taken_in"


class PensionRequest(StrEnum):
    """Whether the social pension was asked for in writing, or followed the allowance of the elderly that ended.

    Văn bản đề nghị hưởng trợ cấp hưu trí xã hội.
    """

    NONE = "none"
    WRITTEN = "written"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """What is known of a child whom the person raises.

    Người con đang nuôi.

    Attributes:
        is_studying: General school, vocational, professional secondary, college, or a first degree.
    """

    birth_date: BirthDate | None = None
    is_studying: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is known of one person on one day.

    Thông tin của người được xét trợ giúp xã hội.

    Attributes:
        poverty: Class of the household as it was recognised.
        is_abandoned: Abandoned and not adopted.
        father: A state in which nobody of the two parents can care makes a child without care.
        received_as_orphan: Received the allowance of a child without care when turning 16.
        is_studying: General school, vocational, professional secondary, college, or a first degree.
        children: Those whom the person raises now; an empty tuple: none.
        has_supporter: Whether somebody is obliged by law to support the elderly person.
        supporter_receives_allowance: Whether that somebody receives the monthly social allowance.
        lives_in_difficult_area: In an especially difficult commune or village of the ethnic-minority and mountain areas.
        pension: Đồng a month: pension or monthly benefit of the social insurance; 0 where there is none.
        other_benefit: Đồng a month: the highest benefit due by other instruments, such as for merit; 0 where none is.
        has_stable_income: A wage or another steady monthly income, pensions and benefits left out.
        in_institution: Cared for in a social assistance institution by Điều 24 khoản 1, 2 or 3, not of one's own will and
            at one's own expense.
        eligible_for_institution: Could be taken into an institution and cannot live alone in the community.
        spouse_receives_care_support: The spouse receives the support for pregnancy or for raising an infant already.
    """

    birth_date: BirthDate | None = None
    sex: Sex | None = None
    poverty: PovertyStanding | None = None
    disability: DisabilityLevel | None = None
    is_abandoned: bool | None = None
    father: ParentState | None = None
    mother: ParentState | None = None
    received_as_orphan: bool | None = None
    is_studying: bool | None = None
    has_hiv: bool | None = None
    marital: MaritalState | None = None
    children: tuple[ChildFacts, ...] | None = None
    has_supporter: bool | None = None
    supporter_receives_allowance: bool | None = None
    lives_in_difficult_area: bool | None = None
    pension: Dong | None = None
    other_benefit: Dong | None = None
    has_stable_income: bool | None = None
    in_institution: bool | None = None
    eligible_for_institution: bool | None = None
    care: Care | None = None
    is_pregnant: bool | None = None
    spouse_receives_care_support: bool | None = None
    pension_request: PensionRequest | None = None

    def __post_init__(self) -> None:
        for name in AMOUNTS:
            amount = getattr(self, name)
            if amount is not None and amount < 0:
                raise ValueError(f"Mục {name} là số âm ({amount}); số tiền phải từ 0 đồng trở lên.")
        if self.children is not None and len(self.children) > MOST_CHILDREN:
            raise ValueError(f"Có {len(self.children)} người con; nhiều nhất là {MOST_CHILDREN}.")


AMOUNTS: Final = ("pension", "other_benefit")
FLAGS: Final = (
    "is_abandoned", "received_as_orphan", "is_studying", "has_hiv", "has_supporter", "supporter_receives_allowance",
    "lives_in_difficult_area", "has_stable_income", "in_institution", "eligible_for_institution", "is_pregnant",
    "spouse_receives_care_support",
)  # fmt: skip
CHOICES: Final[Mapping[str, type[StrEnum]]] = {
    "sex": Sex,
    "poverty": PovertyStanding,
    "disability": DisabilityLevel,
    "father": ParentState,
    "mother": ParentState,
    "marital": MaritalState,
    "care": Care,
    "pension_request": PensionRequest,
}
FIELDS: Final = tuple(one.name for one in fields(PersonFacts))
CHILD_FIELDS: Final = tuple(one.name for one in fields(ChildFacts))
