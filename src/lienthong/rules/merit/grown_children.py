"""Whether a child of a person with merit is supported: below eighteen, or going on with studies, or severely disabled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lienthong.kernel.decisions import Reason
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import format_dong
from lienthong.rules.merit.facts import MeritFacts, School
from lienthong.rules.merit.law import MeritLaw, ordinance

LACKS_BIRTH: Final = "ngày sinh"
LACKS_SCHOOL: Final = "nơi đang học (hoặc không đi học)"
LACKS_USED: Final = (
    "đã hưởng trợ cấp tuất khi theo học ở một cơ sở giáo dục nghề nghiệp, đại học khác hoặc đã thôi học hay chưa"
)
LACKS_DISABILITY: Final = "mức độ khuyết tật"
LACKS_BEFORE: Final = "khuyết tật có từ trước khi đủ 18 tuổi hay không"
LACKS_INCOME: Final = "thu nhập hằng tháng"


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """Whether the child is supported, None while a missing fact decides, with what was tried."""

    holds: bool | None
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]


def child_is_supported(facts: MeritFacts, law: MeritLaw, *, of_martyr: bool, article: LegalReference) -> ChildAnswer:
    """Say whether a child is of those who receive a survivor's allowance.

    Con chưa đủ 18 tuổi, hoặc từ đủ 18 tuổi nếu còn tiếp tục đi học hoặc bị khuyết tật nặng, khuyết tật đặc biệt nặng.

    Args:
        facts: Of the child.
        law: Of the day.
        of_martyr: Whose child it is, since the income that one disabled later may have is laid down for martyrs' children.
        article: Of the group, that names such children.

    Legal source:
        02/2020/UBTVQH14, Điều 16 khoản 3 điểm a and its like; Điều 6 khoản 5 điểm đ (a second course of studies).
        131/2021/NĐ-CP, Điều 26 khoản 1 điểm d, đ (disabled before, after the age of eighteen).
    """
    tried = [
        _young(facts, law, article),
        _studying(facts, article),
        _disabled(facts, law, article, of_martyr=of_martyr),
    ]
    reasons = tuple(reason for one in tried for reason in one.reasons)
    if any(one.holds for one in tried):
        return ChildAnswer(True, tuple(reason for reason in reasons if reason.holds), ())
    missing = tuple(dict.fromkeys(fact for one in tried for fact in one.missing))
    return ChildAnswer(None if missing else False, reasons, missing)


def _young(facts: MeritFacts, law: MeritLaw, article: LegalReference) -> ChildAnswer:
    words = f"Chưa đủ {law.bounds.grown_age} tuổi"
    if facts.birth_date is None:
        return ChildAnswer(None, (Reason(words, None, article),), (LACKS_BIRTH,))
    if facts.birth_date.earliest > law.grown_until:
        return ChildAnswer(True, (Reason(words, True, article),), ())
    if facts.birth_date.latest <= law.grown_until:
        return ChildAnswer(False, (Reason(words, False, article),), ())
    return ChildAnswer(None, (Reason(words, None, article),), (f"{LACKS_BIRTH} đầy đủ (mới biết {facts.birth_date})",))


def _studying(facts: MeritFacts, article: LegalReference) -> ChildAnswer:
    words = "Còn tiếp tục đi học"
    if facts.school is None:
        return ChildAnswer(None, (Reason(words, None, article),), (LACKS_SCHOOL,))
    if not facts.school.is_study:
        return ChildAnswer(False, (Reason(words, False, article),), ())
    if facts.school is School.GENERAL:
        return ChildAnswer(True, (Reason(words, True, article),), ())
    second = ordinance("Điều 6 khoản 5 điểm đ")
    words = "Chưa hưởng trợ cấp tuất cho một khóa học khác, không thôi học"
    if facts.has_used_study_benefit is None:
        return ChildAnswer(None, (Reason(words, None, second),), (LACKS_USED,))
    if facts.has_used_study_benefit:
        return ChildAnswer(False, (Reason(words, False, second),), ())
    return ChildAnswer(True, (Reason("Còn tiếp tục đi học", True, article), Reason(words, True, second)), ())


def _disabled(facts: MeritFacts, law: MeritLaw, article: LegalReference, *, of_martyr: bool) -> ChildAnswer:
    words = "Khuyết tật nặng hoặc đặc biệt nặng"
    if facts.disability is None:
        return ChildAnswer(None, (Reason(words, None, article),), (LACKS_DISABILITY,))
    if not facts.disability.carries_allowance:
        return ChildAnswer(False, (Reason(words, False, article),), ())
    severe = Reason(words, True, article)
    if facts.disabled_before_18:
        return ChildAnswer(True, (severe,), ())
    source = law.sources["low_income_tenths" if of_martyr else "other_low_income_tenths"]
    ceiling = law.low_income(of_martyr=of_martyr)
    words = f"Khuyết tật sau 18 tuổi thì thu nhập hằng tháng phải dưới {format_dong(ceiling)}"
    if facts.monthly_income is None:
        lacking = (LACKS_INCOME,) if facts.disabled_before_18 is False else (LACKS_BEFORE,)
        return ChildAnswer(None, (severe, Reason(words, None, source.reference)), lacking)
    if facts.monthly_income < ceiling:
        return ChildAnswer(True, (severe, Reason(words, True, source.reference)), ())
    if facts.disabled_before_18 is None:
        return ChildAnswer(None, (severe, Reason(words, False, source.reference)), (LACKS_BEFORE,))
    return ChildAnswer(False, (severe, Reason(words, False, source.reference)), ())
