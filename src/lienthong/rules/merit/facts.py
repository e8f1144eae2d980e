"""What is known of a person for the benefits of people with merit: the one vocabulary of rules, files and tests.

A fact that is None is unknown, not false. A person may hold several claims: of their own, and as a relative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lienthong.kernel.days import BirthDate
from lienthong.rules.disability import DisabilityLevel


class Category(StrEnum):
    """As what a claim is made: a group of people with merit, a relative, or whoever is paid once after a death.

    Diện người có công.
    """

    ACTIVIST_BEFORE_1945 = "activist_before_1945"
    ACTIVIST_OF_1945 = "activist_of_1945"
    HEROIC_MOTHER = "heroic_mother"
    HERO = "hero"
    WAR_INVALID = "war_invalid"
    WAR_INVALID_TYPE_B = "war_invalid_type_b"
    SICK_SOLDIER = "sick_soldier"
    AGENT_ORANGE_RESISTER = "agent_orange_resister"
    IMPRISONED = "imprisoned"
    RESISTANCE_PARTICIPANT = "resistance_participant"
    HELPER_BEFORE_1945 = "helper_before_1945"
    HELPER_RESISTANCE_ORDER = "helper_resistance_order"
    HELPER_RESISTANCE_MEDAL = "helper_resistance_medal"
    RELATIVE_OF_ACTIVIST_BEFORE_1945 = "relative_of_activist_before_1945"
    RELATIVE_OF_ACTIVIST_OF_1945 = "relative_of_activist_of_1945"
    RELATIVE_OF_MARTYR = "relative_of_martyr"
    RELATIVE_OF_HERO = "relative_of_hero"
    RELATIVE_OF_WAR_INVALID = "relative_of_war_invalid"
    RELATIVE_OF_SICK_SOLDIER = "relative_of_sick_soldier"
    RELATIVE_OF_AGENT_ORANGE_RESISTER = "relative_of_agent_orange_resister"
    AFFECTED_CHILD = "affected_child"
    WORSHIPPER_OF_MARTYR = "worshipper_of_martyr"
    MARTYR_RECOGNISED = "martyr_recognised"
    MARTYR_DEATH_NOTICE = "martyr_death_notice"
    UNPAID_ACTIVIST_BEFORE_1945 = "unpaid_activist_before_1945"
    UNPAID_ACTIVIST_OF_1945 = "unpaid_activist_of_1945"
    UNPAID_HEROIC_MOTHER = "unpaid_heroic_mother"
    UNPAID_HERO = "unpaid_hero"
    UNPAID_IMPRISONED = "unpaid_imprisoned"
    UNPAID_RESISTANCE_PARTICIPANT = "unpaid_resistance_participant"
    UNPAID_HELPER = "unpaid_helper"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a reason or a screen."""
        return _CATEGORY_WORDS[self]


_CATEGORY_WORDS: Final[Mapping[Category, str]] = MappingProxyType(
    {
        Category.ACTIVIST_BEFORE_1945: "người hoạt động cách mạng trước ngày 01/01/1945",
        Category.ACTIVIST_OF_1945: "người hoạt động cách mạng từ ngày 01/01/1945 đến ngày khởi nghĩa tháng Tám năm 1945",
        Category.HEROIC_MOTHER: "Bà mẹ Việt Nam anh hùng",
        Category.HERO: "Anh hùng Lực lượng vũ trang nhân dân, Anh hùng Lao động trong thời kỳ kháng chiến",
        Category.WAR_INVALID: "thương binh, người hưởng chính sách như thương binh",
        Category.WAR_INVALID_TYPE_B: "thương binh loại B",
        Category.SICK_SOLDIER: "bệnh binh",
        Category.AGENT_ORANGE_RESISTER: "người hoạt động kháng chiến bị nhiễm chất độc hóa học",
        Category.IMPRISONED: "người hoạt động cách mạng, kháng chiến bị địch bắt tù, đày",
        Category.RESISTANCE_PARTICIPANT: "người hoạt động kháng chiến giải phóng dân tộc",
        Category.HELPER_BEFORE_1945: "người có công giúp đỡ cách mạng trước cách mạng tháng Tám năm 1945",
        Category.HELPER_RESISTANCE_ORDER: "người có công giúp đỡ cách mạng được tặng Huân chương Kháng chiến",
        Category.HELPER_RESISTANCE_MEDAL: "người có công giúp đỡ cách mạng được tặng Huy chương Kháng chiến",
        Category.RELATIVE_OF_ACTIVIST_BEFORE_1945: "thân nhân của người hoạt động cách mạng trước ngày 01/01/1945",
        Category.RELATIVE_OF_ACTIVIST_OF_1945: "thân nhân của người hoạt động cách mạng từ ngày 01/01/1945 đến ngày khởi nghĩa",
        Category.RELATIVE_OF_MARTYR: "thân nhân của liệt sĩ",
        Category.RELATIVE_OF_HERO: "thân nhân của Anh hùng",
        Category.RELATIVE_OF_WAR_INVALID: "thân nhân của thương binh, thương binh loại B",
        Category.RELATIVE_OF_SICK_SOLDIER: "thân nhân của bệnh binh",
        Category.RELATIVE_OF_AGENT_ORANGE_RESISTER: "thân nhân của người hoạt động kháng chiến bị nhiễm chất độc hóa học",
        Category.AFFECTED_CHILD: "con đẻ bị dị dạng, dị tật của người hoạt động kháng chiến bị nhiễm chất độc hóa học",
        Category.WORSHIPPER_OF_MARTYR: "người thờ cúng liệt sĩ",
        Category.MARTYR_RECOGNISED: "thân nhân hoặc người thừa kế của liệt sĩ được truy tặng Bằng “Tổ quốc ghi công”",
        Category.MARTYR_DEATH_NOTICE: "chi phí báo tử liệt sĩ",
        Category.UNPAID_ACTIVIST_BEFORE_1945: "thân nhân, người thờ cúng của người hoạt động cách mạng trước ngày 01/01/1945 chết mà chưa được hưởng chế độ",
        Category.UNPAID_ACTIVIST_OF_1945: "thân nhân, người thờ cúng của người hoạt động cách mạng từ ngày 01/01/1945 đến ngày khởi nghĩa chết mà chưa được hưởng chế độ",
        Category.UNPAID_HEROIC_MOTHER: "thân nhân của Bà mẹ Việt Nam anh hùng chết mà chưa được hưởng chế độ hoặc được truy tặng",
        Category.UNPAID_HERO: "thân nhân của Anh hùng chết mà chưa được hưởng chế độ hoặc được truy tặng",
        Category.UNPAID_IMPRISONED: "thân nhân của người bị địch bắt tù, đày chết mà chưa được hưởng chế độ",
        Category.UNPAID_RESISTANCE_PARTICIPANT: "thân nhân của người hoạt động kháng chiến chết mà chưa được hưởng chế độ",
        Category.UNPAID_HELPER: "thân nhân của người có công giúp đỡ cách mạng chết mà chưa được hưởng chế độ",
    }
)


class Relation(StrEnum):
    """How a relative stands to the person with merit.

    Thân nhân: cha mẹ đẻ, vợ hoặc chồng, con, người có công nuôi liệt sĩ; người thờ cúng.
    """

    PARENT = "parent"
    SPOUSE = "spouse"
    REMARRIED_SPOUSE = "remarried_spouse"
    CHILD = "child"
    FOSTERER = "fosterer"
    HEIR = "heir"
    WORSHIPPER = "worshipper"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a reason or a screen."""
        return _RELATION_WORDS[self]


_RELATION_WORDS: Final[Mapping[Relation, str]] = MappingProxyType(
    {
        Relation.PARENT: "cha đẻ, mẹ đẻ",
        Relation.SPOUSE: "vợ hoặc chồng",
        Relation.REMARRIED_SPOUSE: "vợ hoặc chồng đã lấy chồng hoặc vợ khác",
        Relation.CHILD: "con",
        Relation.FOSTERER: "người có công nuôi liệt sĩ",
        Relation.HEIR: "người thừa kế",
        Relation.WORSHIPPER: "người thờ cúng",
    }
)


class School(StrEnum):
    """Where a person studies now; general education and everything above it count as going on with one's studies."""

    NONE = "none"
    PRESCHOOL = "preschool"
    GENERAL = "general"
    BOARDING_OR_HIGHER = "boarding_or_higher"

    @property
    def is_study(self) -> bool:
        """Whether it counts as going on with one's studies (131/2021/NĐ-CP, Điều 3 khoản 3)."""
        return self in {School.GENERAL, School.BOARDING_OR_HIGHER}


class Suspension(StrEnum):
    """Why nothing is paid at present, or never again.

    Tạm đình chỉ, chấm dứt hưởng chế độ ưu đãi.
    """

    IN_PRISON = "in_prison"
    ABSENT = "absent"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritClaim:
    """One ground for benefits.

    Diện hưởng.

    Attributes:
        rate: Bodily injury in whole percent, 0 to 100: of the person, or, of a relative's claim, of the person with merit.
            Zero of an agent orange resister means without a disease.
        has_especially_severe_condition: An especially severe wound or illness.
        was_detached: Of an activist before 1945, whether full-time ("thoát ly").
        seniority_units: Of a detached activist, the number of units that the supplement is paid for.
        has_infertility_or_affected_child: Of an agent orange resister (Điều 29 khoản 1 điểm b, c).
        resistance_months: Whole months of resistance.
        relation: To the person with merit.
        has_died: Whether the person with merit has died.
        died_while_receiving: Whether an activist died while receiving benefits.
        number_of_martyrs: Whose relative, or worshipper, the person is.
        has_cared_for_martyrs_family: Of a remarried spouse (Điều 16 khoản 10).
        martyr_has_recipient: Whether a relative of the martyr still receives the monthly allowance.
        origin: Names the person with merit, so that two claims through one person are seen as such.

    Raises:
        ValueError: A number that cannot be.
    """

    category: Category
    rate: int | None = None
    has_especially_severe_condition: bool | None = None
    was_detached: bool | None = None
    seniority_units: int | None = None
    has_infertility_or_affected_child: bool | None = None
    resistance_months: int | None = None
    relation: Relation | None = None
    has_died: bool | None = None
    died_while_receiving: bool | None = None
    number_of_martyrs: int | None = None
    has_cared_for_martyrs_family: bool | None = None
    martyr_has_recipient: bool | None = None
    origin: str | None = None

    def __post_init__(self) -> None:
        _within("tỷ lệ tổn thương cơ thể (%)", self.rate, 0, 100)
        _within("số thâm niên", self.seniority_units, 0, 100)
        _within("số tháng tham gia kháng chiến", self.resistance_months, 0, 600)
        _within("số liệt sĩ", self.number_of_martyrs, 1, 20)


def _within(name: str, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        raise ValueError(f"Giá trị {value} của {name} không thể có; phải từ {least} đến {most}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritFacts:
    """What is known of one person.

    Người có công với cách mạng, thân nhân của người có công.

    Attributes:
        claims: Every ground for benefits that the person has.
        is_lonely: Single and without any relative left ("người sống cô đơn", 02/2020/UBTVQH14, Điều 4 khoản 3).
        is_orphan: Whether both parents are dead.
        has_reached_pension_age: Of a spouse, the age of Điều 169 khoản 2 of the Labour Code; where the person with merit died
            before July 2021, 55 for a wife and 60 for a husband on that day (Điều 58 khoản 2).
        school: Where the person studies; None is unknown, and no support with studies is looked for.
        has_used_study_benefit: Whether a survivor's allowance was already paid for another course of vocational or higher
            education, or the course was left (Điều 6 khoản 5 điểm đ).
        disabled_before_18: Whether the disability was there before the age of eighteen.
        monthly_income: Đồng.
        lives_at_home: At home, not in an institution that cares for people with merit.
        suspension: None where there is none.
    """

    claims: tuple[MeritClaim, ...] = ()
    birth_date: BirthDate | None = None
    is_lonely: bool | None = None
    is_orphan: bool | None = None
    has_reached_pension_age: bool | None = None
    school: School | None = None
    has_used_study_benefit: bool | None = None
    disability: DisabilityLevel | None = None
    disabled_before_18: bool | None = None
    monthly_income: int | None = None
    lives_at_home: bool | None = None
    suspension: Suspension | None = None


CLAIM_FIELDS: Final = tuple(one.name for one in fields(MeritClaim))
PERSON_FIELDS: Final = tuple(one.name for one in fields(MeritFacts))
CLAIM_FLAGS: Final = (
    "has_especially_severe_condition",
    "was_detached",
    "has_infertility_or_affected_child",
    "has_died",
    "died_while_receiving",
    "has_cared_for_martyrs_family",
    "martyr_has_recipient",
)
CLAIM_NUMBERS: Final = ("rate", "seniority_units", "resistance_months", "number_of_martyrs")
PERSON_FLAGS: Final = (
    "is_lonely",
    "is_orphan",
    "has_reached_pension_age",
    "has_used_study_benefit",
    "disabled_before_18",
    "lives_at_home",
)
