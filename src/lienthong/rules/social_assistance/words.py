"""Vietnamese words for facts, for reasons, questions and the schema of files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from lienthong.kernel.days import AgeRange
from lienthong.kernel.identity import Sex
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.social_assistance.facts import (
    Care,
    MaritalState,
    ParentState,
    PensionRequest,
    PovertyStanding,
)

_VALUES: Final[Mapping[tuple[type[StrEnum], StrEnum], str]] = {
    (Sex, Sex.FEMALE): "nữ",
    (Sex, Sex.MALE): "nam",
    (PovertyStanding, PovertyStanding.POOR): "hộ nghèo",
    (PovertyStanding, PovertyStanding.NEAR_POOR): "hộ cận nghèo",
    (PovertyStanding, PovertyStanding.OTHER): "không phải hộ nghèo, hộ cận nghèo",
    (ParentState, ParentState.CARING): "còn sống và nuôi dưỡng được",
    (ParentState, ParentState.DEAD): "đã chết",
    (ParentState, ParentState.MISSING): "bị tuyên bố mất tích",
    (ParentState, ParentState.INSTITUTION): "đang ở cơ sở trợ giúp xã hội",
    (ParentState, ParentState.DETAINED): "đang chấp hành án phạt tù hoặc biện pháp xử lý hành chính bắt buộc",
    (MaritalState, MaritalState.NEVER_MARRIED): "chưa có vợ, chồng",
    (MaritalState, MaritalState.MARRIED): "đang có vợ, chồng",
    (MaritalState, MaritalState.WIDOWED): "vợ hoặc chồng đã chết",
    (MaritalState, MaritalState.SPOUSE_MISSING): "vợ hoặc chồng bị tuyên bố mất tích",
    (MaritalState, MaritalState.DIVORCED): "đã ly hôn",
    (Care, Care.NONE): "không có người chăm sóc",
    (Care, Care.HOUSEHOLD): "hộ gia đình mình trực tiếp chăm sóc",
    (Care, Care.TAKEN_IN): "được hộ gia đình, cá nhân khác nhận chăm sóc",
    (PensionRequest, PensionRequest.NONE): "chưa có văn bản đề nghị",
    (PensionRequest, PensionRequest.WRITTEN): "đã có văn bản đề nghị",
    (PensionRequest, PensionRequest.HANDED_OVER): "được chuyển từ trợ cấp người cao tuổi",
    **{(DisabilityLevel, one): one.in_words for one in DisabilityLevel},
}
# Members of different enumerations may be equal as text, so each stands beside its enumeration.

QUESTIONS: Final[Mapping[str, str]] = {
    "birth_date": "ngày, tháng, năm sinh",
    "sex": "giới tính",
    "poverty": "thuộc hộ nghèo, hộ cận nghèo hay không",
    "disability": "mức độ khuyết tật (theo giấy xác nhận)",
    "is_abandoned": "có phải trẻ bị bỏ rơi chưa có người nhận làm con nuôi hay không",
    "father": "tình trạng của người cha",
    "mother": "tình trạng của người mẹ",
    "received_as_orphan": "khi đủ 16 tuổi có đang hưởng trợ cấp trẻ em không có nguồn nuôi dưỡng hay không",
    "is_studying": "có đang đi học hay không",
    "has_hiv": "có nhiễm HIV/AIDS hay không",
    "marital": "tình trạng hôn nhân",
    "children": "những người con đang nuôi",
    "has_supporter": "có người có nghĩa vụ và quyền phụng dưỡng hay không",
    "supporter_receives_allowance": "người có nghĩa vụ phụng dưỡng có đang hưởng trợ cấp xã hội hàng tháng hay không",
    "lives_in_difficult_area": "có sống ở xã, thôn đặc biệt khó khăn vùng dân tộc thiểu số và miền núi hay không",
    "pension": "mức lương hưu, trợ cấp bảo hiểm xã hội hàng tháng (0 nếu không có)",
    "other_benefit": "mức trợ cấp hàng tháng cao nhất theo văn bản khác (0 nếu không có)",
    "has_stable_income": "có tiền lương, tiền công hoặc thu nhập ổn định hàng tháng hay không",
    "in_institution": "có đang được nuôi dưỡng trong cơ sở trợ giúp xã hội hay không",
    "eligible_for_institution": "có đủ điều kiện tiếp nhận vào cơ sở trợ giúp xã hội hay không",
    "care": "ai đang chăm sóc, nuôi dưỡng tại nhà",
    "is_pregnant": "có đang mang thai hay không",
    "spouse_receives_care_support": "vợ hoặc chồng đã hưởng hỗ trợ chăm sóc khi mang thai, nuôi con nhỏ hay chưa",
    "pension_request": "đã có văn bản đề nghị hưởng trợ cấp hưu trí xã hội hay chưa",
}

_OF_A_CHILD = re.compile(r"children\.(\d+)\.(\w+)")
_CHILD_QUESTIONS: Final[Mapping[str, str]] = {
    "birth_date": "ngày, tháng, năm sinh của người con thứ {}",
    "is_studying": "người con thứ {} có đang đi học hay không",
}


def question(fact: str) -> str:
    """Ask for a fact in words.

    Args:
        fact: A name of ``PersonFacts``, or ``children.2.is_studying`` of the second child.

    Examples:
        >>> question("children.2.is_studying")
        'người con thứ 2 có đang đi học hay không'
    """
    if match := _OF_A_CHILD.fullmatch(fact):
        return _CHILD_QUESTIONS[match[2]].format(match[1])
    return QUESTIONS[fact]


def value(one: StrEnum | None) -> str:
    """Name a value."""
    return "chưa biết" if one is None else _VALUES[type(one), one]


def answer(one: bool | None, *, yes: str = "có", no: str = "không") -> str:
    """Name yes, no or unknown."""
    return "chưa biết" if one is None else (yes if one else no)


def age(ages: AgeRange | None) -> str:
    """Name an age.

    Examples:
        >>> age(AgeRange(69, 70)), age(AgeRange(3, 3)), age(None)
        ('69 hoặc 70 tuổi', '3 tuổi', 'chưa biết ngày sinh')
    """
    if ages is None:
        return "chưa biết ngày sinh"
    lowest, highest = ages
    if lowest == highest:
        return f"{lowest} tuổi"
    return f"{lowest} {'hoặc' if highest == lowest + 1 else 'đến'} {highest} tuổi"


def coefficient(tenths: int) -> str:
    """Write tenths as officials write a coefficient.

    Examples:
        >>> coefficient(25), coefficient(100)
        ('2,5', '10,0')
    """
    return f"{tenths // 10},{tenths % 10}"


def listed(parts: Iterable[str]) -> str:
    """Join parts of a sentence."""
    return "; ".join(parts)


def quoted(names: Iterable[str]) -> str:
    """Name things in a sentence."""
    return ", ".join(f"“{name}”" for name in names)
