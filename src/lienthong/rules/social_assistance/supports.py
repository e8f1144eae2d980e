"""What is paid each month beside the allowance: the social pension, care in institutions, and support for care at home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lienthong.kernel.identity import Sex
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.logic import Answer, all_of, any_of
from lienthong.kernel.money import format_dong
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.social_assistance import words
from lienthong.rules.social_assistance.allowances import (
    SEVERE,
    by_age,
    child_without_care,
    elderly_taken_in,
    level,
    same,
)
from lienthong.rules.social_assistance.categories import AssistanceCategory as C
from lienthong.rules.social_assistance.facts import WITHOUT_SPOUSE, Care, PensionRequest
from lienthong.rules.social_assistance.trying import NOTHING, Case, ChildCount, Condition, Level, Tried, Way, tried

PENSION_LAW: Final = "41/2024/QH15"
REQUESTED: Final = "Có văn bản đề nghị"
"""Begins the condition of the social pension that a person fulfils by asking."""


def _pension_law(clause: str, point: str | None = None) -> LegalReference:
    return LegalReference(document=PENSION_LAW, article="21", clause=clause, point=point)


def social_pension(case: Case) -> Tried:
    """Try the social pension: the age, a pension below its level, and a request.

    Trợ cấp hưu trí xã hội.

    Legal source:
        41/2024/QH15, Điều 21; 176/2025/NĐ-CP, Điều 2 and 3.
    """
    law, reference = case.law, _pension_law("1")
    from_age, poor_from = law.age_if_any("social_pension_from"), law.age_if_any("social_pension_poor_from")
    if law.social_pension_level is None or from_age is None or poor_from is None:
        never = Condition("Đã có chế độ trợ cấp hưu trí xã hội vào ngày này", False, reference)
        return tried(C.SOCIAL_PENSION, reference, [never], levels=(NOTHING, NOTHING))
    is_of_age = case.at_least(from_age)
    holds = any_of(is_of_age, all_of(case.at_least(poor_from), case.is_poor_or_near))
    known = f"; {words.value(case.facts.poverty)}" if is_of_age is not True else ""
    return tried(
        C.SOCIAL_PENSION,
        reference,
        [
            Condition(
                f"Từ đủ {from_age} tuổi, hoặc từ đủ {poor_from} tuổi và thuộc hộ nghèo, hộ cận nghèo "
                f"({case.in_years}{known})",
                holds,
                _pension_law("1", "a") if is_of_age else _pension_law("2"),
                case.poor_or_near(reference).ways if case.facts.poverty is None else (),
                is_age=case.at_least(poor_from) is False,
            ),
            Condition(
                f"Không có lương hưu, trợ cấp bảo hiểm xã hội hàng tháng, hoặc có nhưng thấp hơn "
                f"{format_dong(law.social_pension)}{_known_pension(case)}",
                _has_low_pension(case),
                _pension_law("1", "b"),
                ((("pension", 0),),),
            ),
            Condition(
                f"{REQUESTED} ({words.value(case.facts.pension_request)})",
                _has_request(case),
                _pension_law("1", "c"),
                ((("pension_request", PensionRequest.WRITTEN),),),
            ),
        ],
        levels=_pension_levels(case),
    )


def _known_pension(case: Case) -> str:
    return f" (đang hưởng {format_dong(case.facts.pension)})" if case.facts.pension else ""


def _has_low_pension(case: Case) -> Answer:
    pension = case.facts.pension
    return None if pension is None else pension < case.law.social_pension


def _has_request(case: Case) -> Answer:
    request = case.facts.pension_request
    if request is PensionRequest.HANDED_OVER:
        return case.law.chooses("handed_over_without_request", "yes")
    return None if request is None else request is PensionRequest.WRITTEN


def _pension_levels(case: Case) -> tuple[Level, Level]:
    full, pension = case.law.social_pension, case.facts.pension
    if not case.law.chooses("social_pension_with_lower_pension", "difference"):
        return same(Level(full))
    if pension is None:
        return Level(0), Level(full)
    return same(Level(max(0, full - pension)))


def institution(case: Case) -> Tried:
    """Try Điều 25 khoản 1: care in an institution."""
    reference = case.law.at("25", "1")
    return tried(
        C.INSTITUTION,
        reference,
        [
            case.flag(
                "Đang được nuôi dưỡng trong cơ sở trợ giúp xã hội theo khoản 1, 2, 3 Điều 24",
                "in_institution",
                reference,
            )
        ],
        levels=by_age(case, "youngest_below", "institution_youngest", "institution_older"),
    )


def _taken_in(case: Case, reference: LegalReference) -> Condition:
    care = case.facts.care
    return Condition(
        f"Được hộ gia đình, cá nhân khác nhận chăm sóc, nuôi dưỡng ({words.value(care)})",
        None if care is None else care is Care.TAKEN_IN,
        reference,
        ((("care", Care.TAKEN_IN),),),
    )


def care_of_child(case: Case) -> Tried:
    """Try Điều 20 khoản 1 for a child without care."""
    reference = case.law.at("20", "1")
    return tried(
        C.CARE_OF_CHILD,
        reference,
        [*child_without_care(case).conditions, _taken_in(case, reference)],
        levels=by_age(case, "youngest_below", "care_of_child_youngest", "care_of_child_older"),
    )


def care_of_elderly(case: Case) -> Tried:
    """Try Điều 20 khoản 1 for an elderly person who was taken in."""
    return tried(
        C.CARE_OF_ELDERLY,
        case.law.at("20", "1", "b"),
        elderly_taken_in(case).conditions,
        levels=same(level(case, "care_of_elderly")),
    )


def _extremely_severe(case: Case, reference: LegalReference) -> Condition:
    degree = case.facts.disability
    return Condition(
        f"Khuyết tật đặc biệt nặng ({words.value(degree)})",
        None if degree is None else degree is DisabilityLevel.EXTREMELY_SEVERE,
        reference,
        ((("disability", DisabilityLevel.EXTREMELY_SEVERE),),),
    )


def pregnant_or_raising_infant(case: Case) -> Tried:
    """Try Điều 20 khoản 2 điểm a: a disabled person who is pregnant or raises infants; one support for a couple."""
    reference, degree = case.law.at("20", "2", "a"), case.facts.disability
    pregnant, infants = pregnancy(case), case.infants()
    lowest, highest = infants.lowest + (pregnant is True), infants.highest + (pregnant is not False)
    ways: tuple[Way, ...] = infants.ways
    if pregnant is None:
        one = (("is_pregnant", True),)
        ways = (one, *(one + way for way in infants.ways), *infants.ways)
    months = case.law.age("infant_below_months")
    number = words.answer(pregnant, yes="đang mang thai", no="không mang thai")
    return tried(
        C.PREGNANT_OR_RAISING_INFANT,
        reference,
        [
            Condition(
                f"Khuyết tật nặng hoặc đặc biệt nặng ({words.value(degree)})",
                None if degree is None else degree in SEVERE,
                reference,
                ((("disability", DisabilityLevel.SEVERE),),),
            ),
            Condition(
                f"Đang mang thai hoặc nuôi con dưới {months} tháng tuổi ({number}; {_number_of(infants)})",
                True if lowest else (None if highest else False),
                reference,
            ),
            _spouse_does_not_receive(case, reference),
        ],
        levels=(_support(case, lowest), _support(case, highest)),
        ways=ways,
    )


def _spouse_does_not_receive(case: Case, reference: LegalReference) -> Condition:
    """Require that no spouse receives it; whoever is known to have none is not asked."""
    text, name = "Vợ hoặc chồng chưa hưởng hỗ trợ này", "spouse_receives_care_support"
    if case.facts.spouse_receives_care_support is None and case.facts.marital in WITHOUT_SPOUSE:
        return Condition(text, True, reference)
    return case.flag(text, name, reference, wanted=False)


def pregnancy(case: Case) -> Answer:
    """Say whether the person is pregnant; never assumed of a man, of a child or of an elderly person."""
    facts = case.facts
    if facts.is_pregnant is not None or not case.may_be_parent() or facts.sex is Sex.MALE:
        return bool(facts.is_pregnant) if facts.is_pregnant is not None else False
    return False if case.at_least(case.law.age("elderly_from")) else None


def _number_of(infants: ChildCount) -> str:
    if infants.lowest == infants.highest:
        return f"{infants.lowest} con" if infants.lowest else "không nuôi con nhỏ"
    return "chưa rõ số con nhỏ"


def _support(case: Case, count: int) -> Level:
    if not count:
        return NOTHING
    return level(case, "pregnant_or_raising_infant" if count == 1 else "pregnant_and_raising_infants")


def care_in_household(case: Case) -> Tried:
    """Try Điều 20 khoản 2 điểm c: the person's own household cares."""
    reference, care = case.law.at("20", "2", "c"), case.facts.care
    return tried(
        C.CARE_IN_HOUSEHOLD,
        reference,
        [
            _extremely_severe(case, reference),
            Condition(
                f"Hộ gia đình trực tiếp chăm sóc, nuôi dưỡng ({words.value(care)})",
                None if care is None else care is Care.HOUSEHOLD,
                reference,
                ((("care", Care.HOUSEHOLD),),),
            ),
        ],
        levels=same(level(case, "care_in_household")),
    )


def care_taken_in(case: Case) -> Tried:
    """Try Điều 20 khoản 2 điểm d: somebody else took the person in; more for a child."""
    reference = case.law.at("20", "2", "d")
    return tried(
        C.CARE_TAKEN_IN,
        reference,
        [_extremely_severe(case, reference), _taken_in(case, reference)],
        levels=by_age(case, "child_below", "care_taken_in_child", "care_taken_in"),
    )


SUPPORTS: Final[tuple[Callable[[Case], Tried], ...]] = (
    social_pension,
    institution,
    care_of_child,
    care_of_elderly,
    pregnant_or_raising_infant,
    care_in_household,
    care_taken_in,
)
