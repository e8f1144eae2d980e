"""Vietnamese words for what is asked of a person with merit or a relative, for forms and lists of what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lienthong.rules.merit.facts import Category, School, Suspension

PERSON_QUESTIONS: Final[Mapping[str, str]] = {
    "is_lonely": "có sống cô đơn (độc thân, không còn thân nhân) hay không",
    "is_orphan": "có mồ côi cả cha và mẹ hay không",
    "has_reached_pension_age": "vợ hoặc chồng của người có công đã đủ tuổi nghỉ hưu hay chưa",
    "school": "đang theo học ở đâu",
    "has_used_study_benefit": "đã hưởng trợ cấp tuất khi học một khóa khác, hoặc đã bỏ học hay chưa",
    "disabled_before_18": "có khuyết tật từ trước khi đủ 18 tuổi hay không",
    "monthly_income": "thu nhập hàng tháng (0 nếu không có)",
    "lives_at_home": "có sống ở gia đình, không ở cơ sở nuôi dưỡng người có công hay không",
    "suspension": "có đang bị tạm đình chỉ, chấm dứt chế độ ưu đãi hay không",
}

CLAIM_QUESTIONS: Final[Mapping[str, str]] = {
    "rate": "tỷ lệ tổn thương cơ thể của người có công (%)",
    "has_especially_severe_condition": "có vết thương, bệnh tật đặc biệt nặng hay không",
    "was_detached": "thuộc diện thoát ly hay không",
    "seniority_units": "số thâm niên được hưởng phụ cấp",
    "has_infertility_or_affected_child": "vô sinh, hoặc sinh con dị dạng, dị tật hay không",
    "resistance_months": "số tháng tham gia kháng chiến",
    "relation": "quan hệ với người có công",
    "has_died": "người có công đã chết hay chưa",
    "died_while_receiving": "khi chết người có công đang hưởng trợ cấp hay không",
    "number_of_martyrs": "số liệt sĩ là thân nhân",
    "has_cared_for_martyrs_family": "đã tái giá nhưng nuôi con liệt sĩ đến tuổi trưởng thành hoặc chăm sóc cha mẹ liệt sĩ hay không",
    "martyr_has_recipient": "liệt sĩ còn thân nhân đang hưởng trợ cấp hàng tháng hay không",
    "origin": "họ tên, số hồ sơ của người có công",
}

SCHOOLS: Final[Mapping[School, str]] = {
    School.NONE: "không đi học",
    School.PRESCHOOL: "mầm non",
    School.GENERAL: "giáo dục phổ thông, giáo dục thường xuyên",
    School.BOARDING_OR_HIGHER: "phổ thông dân tộc nội trú, giáo dục nghề nghiệp, đại học",
}
SUSPENSIONS: Final[Mapping[Suspension, str]] = {
    Suspension.IN_PRISON: "đang chấp hành hình phạt tù",
    Suspension.ABSENT: "xuất cảnh trái phép hoặc mất tích",
    Suspension.ENDED: "đã bị chấm dứt hưởng",
}

_INJURED: Final = ("rate", "has_especially_severe_condition")
_OF_RELATIVE: Final = ("origin", "relation", "has_died")
_OF_CATEGORY: Final[Mapping[Category, tuple[str, ...]]] = {
    Category.ACTIVIST_BEFORE_1945: ("was_detached", "seniority_units"),
    Category.WAR_INVALID: _INJURED,
    Category.WAR_INVALID_TYPE_B: _INJURED,
    Category.SICK_SOLDIER: _INJURED,
    Category.AGENT_ORANGE_RESISTER: (*_INJURED, "has_infertility_or_affected_child"),
    Category.RESISTANCE_PARTICIPANT: ("resistance_months",),
    Category.AFFECTED_CHILD: ("origin", "rate", "relation"),
    Category.RELATIVE_OF_ACTIVIST_BEFORE_1945: (*_OF_RELATIVE, "died_while_receiving"),
    Category.RELATIVE_OF_ACTIVIST_OF_1945: (*_OF_RELATIVE, "died_while_receiving"),
    Category.RELATIVE_OF_MARTYR: ("origin", "relation", "number_of_martyrs", "has_cared_for_martyrs_family"),
    Category.RELATIVE_OF_WAR_INVALID: (*_OF_RELATIVE, "rate"),
    Category.RELATIVE_OF_SICK_SOLDIER: (*_OF_RELATIVE, "rate"),
    Category.RELATIVE_OF_AGENT_ORANGE_RESISTER: (*_OF_RELATIVE, "rate"),
    Category.WORSHIPPER_OF_MARTYR: ("origin", "number_of_martyrs", "martyr_has_recipient"),
}
_HELPERS: Final = (
    Category.ACTIVIST_OF_1945, Category.HEROIC_MOTHER, Category.HERO, Category.IMPRISONED, Category.HELPER_BEFORE_1945,
    Category.HELPER_RESISTANCE_ORDER, Category.HELPER_RESISTANCE_MEDAL,
)  # fmt: skip


def asked_of(category: Category) -> tuple[str, ...]:
    """Name what the rules look at in a claim of a category, in the order in which it is asked."""
    if category in _HELPERS:
        return ()
    return _OF_CATEGORY.get(category, _OF_RELATIVE)


def question(name: str) -> str:
    """Ask for a fact of a person or of a claim in words."""
    return PERSON_QUESTIONS.get(name) or CLAIM_QUESTIONS[name]
