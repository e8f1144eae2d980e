"""The categories of monthly social assistance, in the order of the law.

Đối tượng bảo trợ xã hội.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class BenefitKind(StrEnum):
    """The kinds of money that are paid each month.

    Loại trợ cấp, hỗ trợ hàng tháng.
    """

    ALLOWANCE = "allowance"
    SOCIAL_PENSION = "social_pension"
    INSTITUTION = "institution"
    CARE_SUPPORT = "care_support"


class Payee(StrEnum):
    """To whom a benefit belongs: the person, the household or person who cares, or the institution."""

    PERSON = "person"
    CARER = "carer"
    INSTITUTION = "institution"


class BenefitGroup(StrEnum):
    """What takes the place of what: of each group only one thing is paid, and all groups beside each other.

    Nhóm trợ cấp. The person's own benefit; the support of a disabled person who is pregnant or raises infants; what is paid
    to whoever cares.
    """

    PERSONAL = "personal"
    OWN_SUPPORT = "own_support"
    CARER = "carer"


class AssistanceCategory(StrEnum):
    """One ground on which money is paid each month.

    Đối tượng bảo trợ xã hội. A code says what it means; the article beside it is data.
    """

    CHILD_WITHOUT_CARE = "child_without_care"
    STUDENT_WITHOUT_CARE = "student_without_care"
    CHILD_WITH_HIV = "child_with_hiv"
    SINGLE_PARENT = "single_parent"
    ELDERLY_WITHOUT_SUPPORTER = "elderly_without_supporter"
    ELDERLY_IN_DIFFICULT_AREA = "elderly_in_difficult_area"
    ELDERLY_WITHOUT_PENSION = "elderly_without_pension"
    ELDERLY_TAKEN_IN = "elderly_taken_in"
    DISABILITY = "disability"
    SMALL_CHILD_IN_DIFFICULT_AREA = "small_child_in_difficult_area"
    PERSON_WITH_HIV = "person_with_hiv"
    SOCIAL_PENSION = "social_pension"
    INSTITUTION = "institution"
    CARE_OF_CHILD = "care_of_child"
    CARE_OF_ELDERLY = "care_of_elderly"
    PREGNANT_OR_RAISING_INFANT = "pregnant_or_raising_infant"
    CARE_IN_HOUSEHOLD = "care_in_household"
    CARE_TAKEN_IN = "care_taken_in"

    @property
    def kind(self) -> BenefitKind:
        """What kind of money it is."""
        return _KINDS.get(self, BenefitKind.ALLOWANCE)

    @property
    def group(self) -> BenefitGroup:
        """Which group it belongs to."""
        if self in CARER_CATEGORIES:
            return BenefitGroup.CARER
        is_own = self is AssistanceCategory.PREGNANT_OR_RAISING_INFANT
        return BenefitGroup.OWN_SUPPORT if is_own else BenefitGroup.PERSONAL

    @property
    def payee(self) -> Payee:
        """To whom it belongs."""
        if self.group is BenefitGroup.CARER:
            return Payee.CARER
        return Payee.INSTITUTION if self is AssistanceCategory.INSTITUTION else Payee.PERSON

    @property
    def in_words(self) -> str:
        """The Vietnamese name of the category."""
        return _WORDS[self]


_C = AssistanceCategory

ALLOWANCE_CATEGORIES: Final = tuple(_C)[:11]
"""Of Điều 5."""

CARER_CATEGORIES: Final = (_C.CARE_OF_CHILD, _C.CARE_OF_ELDERLY, _C.CARE_IN_HOUSEHOLD, _C.CARE_TAKEN_IN)
"""Paid to whoever cares, once for each person: the highest."""

BESIDE_SINGLE_PARENT: Final = (
    _C.ELDERLY_WITHOUT_SUPPORTER,
    _C.ELDERLY_IN_DIFFICULT_AREA,
    _C.ELDERLY_WITHOUT_PENSION,
    _C.ELDERLY_TAKEN_IN,
    _C.DISABILITY,
    _C.PERSON_WITH_HIV,
)
"""Paid beside the allowance of a single parent (20/2021/NĐ-CP, Điều 6 khoản 2)."""

ALONE: Final = (
    _C.CHILD_WITHOUT_CARE,
    _C.STUDENT_WITHOUT_CARE,
    _C.CHILD_WITH_HIV,
    _C.SMALL_CHILD_IN_DIFFICULT_AREA,
)
"""Never paid beside another."""

_KINDS: Final[Mapping[AssistanceCategory, BenefitKind]] = {
    _C.SOCIAL_PENSION: BenefitKind.SOCIAL_PENSION,
    _C.INSTITUTION: BenefitKind.INSTITUTION,
    _C.PREGNANT_OR_RAISING_INFANT: BenefitKind.CARE_SUPPORT,
    **dict.fromkeys(CARER_CATEGORIES, BenefitKind.CARE_SUPPORT),
}
_WORDS: Final[Mapping[AssistanceCategory, str]] = {
    _C.CHILD_WITHOUT_CARE: "Trẻ em dưới 16 tuổi không có nguồn nuôi dưỡng",
    _C.STUDENT_WITHOUT_CARE: "Người từ đủ 16 tuổi không có nguồn nuôi dưỡng đang đi học",
    _C.CHILD_WITH_HIV: "Trẻ em nhiễm HIV/AIDS thuộc hộ nghèo",
    _C.SINGLE_PARENT: "Người đơn thân nghèo đang nuôi con",
    _C.ELDERLY_WITHOUT_SUPPORTER: "Người cao tuổi thuộc hộ nghèo không có người phụng dưỡng",
    _C.ELDERLY_IN_DIFFICULT_AREA: "Người cao tuổi thuộc hộ nghèo, hộ cận nghèo ở vùng đặc biệt khó khăn",
    _C.ELDERLY_WITHOUT_PENSION: "Người từ đủ 80 tuổi không có lương hưu, trợ cấp hàng tháng",
    _C.ELDERLY_TAKEN_IN: "Người cao tuổi thuộc hộ nghèo được nhận chăm sóc tại cộng đồng",
    _C.DISABILITY: "Người khuyết tật nặng, đặc biệt nặng",
    _C.SMALL_CHILD_IN_DIFFICULT_AREA: "Trẻ em dưới 3 tuổi thuộc hộ nghèo, hộ cận nghèo ở vùng đặc biệt khó khăn",
    _C.PERSON_WITH_HIV: "Người nhiễm HIV/AIDS thuộc hộ nghèo không có thu nhập ổn định",
    _C.SOCIAL_PENSION: "Trợ cấp hưu trí xã hội",
    _C.INSTITUTION: "Trợ cấp nuôi dưỡng trong cơ sở trợ giúp xã hội",
    _C.CARE_OF_CHILD: "Hỗ trợ nhận chăm sóc trẻ em không có nguồn nuôi dưỡng",
    _C.CARE_OF_ELDERLY: "Hỗ trợ nhận chăm sóc người cao tuổi",
    _C.PREGNANT_OR_RAISING_INFANT: "Hỗ trợ chăm sóc người khuyết tật mang thai hoặc nuôi con dưới 36 tháng tuổi",
    _C.CARE_IN_HOUSEHOLD: "Hỗ trợ hộ gia đình trực tiếp chăm sóc người khuyết tật đặc biệt nặng",
    _C.CARE_TAKEN_IN: "Hỗ trợ nhận chăm sóc người khuyết tật đặc biệt nặng",
}
