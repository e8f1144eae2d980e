"""Vietnamese words for the facts of a household, for reasons, screens and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from lienthong.rules.poverty.facts import MemberFacts

WORK: Final[Mapping[str, str]] = {
    "employed_contract": "làm công có hợp đồng lao động",
    "employed_no_contract": "làm công không có hợp đồng lao động",
    "self_employed": "tự làm",
    "unemployed": "không có việc làm, đang tìm việc",
    "studying": "đang đi học",
    "not_seeking": "không tìm việc",
    "unable": "không có khả năng lao động",
    "retired": "nghỉ hưu",
}
JOB: Final[Mapping[str, str]] = {
    "public": "công chức, viên chức",
    "non_farm": "việc phi nông nghiệp khác",
    "farm": "việc nông nghiệp",
    "none": "không có việc",
}
STUDY: Final[Mapping[str, str]] = {
    "none": "không đi học",
    "preschool": "mầm non",
    "primary": "tiểu học",
    "lower_secondary": "trung học cơ sở",
    "upper_secondary": "trung học phổ thông",
    "vocational": "sơ cấp, trung cấp nghề",
    "college": "cao đẳng trở lên",
}
QUALIFICATION: Final[Mapping[str, str]] = {
    "none": "chưa có bằng cấp",
    "primary": "tiểu học",
    "lower_secondary": "trung học cơ sở",
    "upper_secondary": "trung học phổ thông",
    "vocational": "sơ cấp, trung cấp nghề",
    "college": "cao đẳng trở lên",
    "on_site": "chứng nhận đào tạo nghề tại chỗ",
}
NUTRITION: Final[Mapping[str, str]] = {
    "normal": "bình thường",
    "stunted": "suy dinh dưỡng chiều cao theo tuổi",
    "underweight": "suy dinh dưỡng cân nặng theo tuổi",
    "both": "suy dinh dưỡng cả chiều cao và cân nặng theo tuổi",
}
MONTHLY_ALLOWANCE: Final[Mapping[str, str]] = {
    "none": "không hưởng",
    "elderly": "người cao tuổi",
    "disabled": "người khuyết tật",
    "other": "trợ cấp khác",
}
MATERIAL: Final[Mapping[str, str]] = {"durable": "bền chắc", "not_durable": "không bền chắc"}
STRUCTURES: Final[Mapping[str, str]] = {"wall": "tường", "pillar": "cột", "roof": "mái"}
WATER_SOURCE: Final[Mapping[str, str]] = {
    "piped": "nước máy",
    "drilled_well": "giếng khoan",
    "protected_well": "giếng đào được bảo vệ",
    "protected_spring": "nước khe, mó được bảo vệ",
    "rain": "nước mưa",
    "bottled": "nước đóng chai, đóng bình",
    "unprotected_well": "giếng đào không được bảo vệ",
    "unprotected_spring": "nước khe, mó không được bảo vệ",
    "surface": "nước sông, suối, ao, hồ",
    "other": "nguồn khác",
}
TOILET: Final[Mapping[str, str]] = {
    "septic": "tự hoại, bán tự hoại",
    "pour_flush": "thấm dội nước",
    "ventilated": "cải tiến có ống thông hơi",
    "seated_pit": "hố xí đào có bệ ngồi",
    "double_vault": "hai ngăn",
    "other": "loại khác",
    "none": "không có nhà tiêu",
}
DEVICES: Final[Mapping[str, str]] = {
    "tv": "tivi",
    "radio": "radio",
    "desktop": "máy tính để bàn",
    "phone": "điện thoại",
    "laptop": "máy tính xách tay",
    "tablet": "máy tính bảng",
    "smartphone": "điện thoại thông minh",
}
WASTE: Final[Mapping[str, str]] = {"treated": "được thu gom, xử lý", "untreated": "không được thu gom, xử lý"}

_NAMED = 4


def member_in_words(position: int, member: MemberFacts) -> str:
    """Name a member by position and age, never by name: reasons are kept for ever.

    Examples:
        >>> member_in_words(2, MemberFacts(age=34))
        'thành viên 2 (34 tuổi)'
    """
    return f"thành viên {position} ({'chưa rõ tuổi' if member.age is None else f'{member.age} tuổi'})"


def listed(parts: Iterable[str]) -> str:
    """Write some parts in a sentence, and only count those after the fourth."""
    words = list(parts)
    if len(words) > _NAMED:
        return f"{'; '.join(words[:_NAMED])} và {len(words) - _NAMED} người khác"
    return "; ".join(words)


def number_in_words(number: Decimal) -> str:
    """Write a number as officials do: 7,5.

    Examples:
        >>> number_in_words(Decimal("7.50")), number_in_words(Decimal("40"))
        ('7,5', '40')
    """
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
