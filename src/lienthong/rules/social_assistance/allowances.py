"""Who is entitled to the monthly allowance: every category of Điều 5 with its coefficient of Điều 6.

Trợ cấp xã hội hàng tháng.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lienthong.kernel.logic import Answer, all_of, any_of, negate
from lienthong.kernel.money import format_dong
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.social_assistance import words
from lienthong.rules.social_assistance.categories import AssistanceCategory as C
from lienthong.rules.social_assistance.facts import Care, MaritalState, ParentState
from lienthong.rules.social_assistance.trying import NOTHING, Case, Condition, Level, Tried, Way, tried

UNMARRIED: Final = (MaritalState.NEVER_MARRIED, MaritalState.WIDOWED, MaritalState.SPOUSE_MISSING)
SEVERE: Final = (DisabilityLevel.SEVERE, DisabilityLevel.EXTREMELY_SEVERE)

_POINT_OF_PARENTS: Final = {
    frozenset({ParentState.DEAD}): "b",
    frozenset({ParentState.DEAD, ParentState.MISSING}): "c",
    frozenset({ParentState.DEAD, ParentState.INSTITUTION}): "d",
    frozenset({ParentState.DEAD, ParentState.DETAINED}): "đ",
    frozenset({ParentState.MISSING}): "e",
    frozenset({ParentState.INSTITUTION}): "g",
    frozenset({ParentState.DETAINED}): "h",
    frozenset({ParentState.MISSING, ParentState.INSTITUTION}): "i",
    frozenset({ParentState.MISSING, ParentState.DETAINED}): "k",
    frozenset({ParentState.INSTITUTION, ParentState.DETAINED}): "l",
}


def level(case: Case, coefficient: str, *, times: int = 1) -> Level:
    """Give what a coefficient comes to, so many times."""
    tenths = case.law.tenths(coefficient) * times
    return Level(case.law.amount(tenths), tenths, coefficient, times) if tenths else NOTHING


def same(one: Level) -> tuple[Level, Level]:
    """Say that there is only one level."""
    return one, one


def by_age(case: Case, bounds: str, below: str, above: str) -> tuple[Level, Level]:
    """Give the level of whoever is younger than an age, or of whoever has reached it; both where the age is unknown."""
    older = case.at_least(case.law.age(bounds))
    found = [level(case, below)] if older is not True else []
    found += [level(case, above)] if older is not False else []
    return min(found, key=_amount), max(found, key=_amount)


def _amount(one: Level) -> int:
    return one.amount


def in_force(case: Case, coefficient: str) -> list[Condition]:
    """Refuse a category that has ended, with the text that ended it; nothing to say of one that stands."""
    value = case.law.coefficients[coefficient]
    if isinstance(value.value, int):
        return []
    return [Condition("Còn hiệu lực (đã được thay bằng trợ cấp hưu trí xã hội)", False, value.reference)]


def parents_are_gone(case: Case) -> Answer:
    """Say whether nobody of the parents can care."""
    return all_of(*(_is_gone(state) for state in (case.facts.father, case.facts.mother)))


def _is_gone(state: ParentState | None) -> Answer:
    return None if state is None else state is not ParentState.CARING


def child_without_care(case: Case) -> Tried:
    """Try Điều 5 khoản 1, all letters."""
    facts, law = case.facts, case.law
    point = "a" if facts.is_abandoned else None
    if not point and facts.father is not None and facts.mother is not None:
        point = _POINT_OF_PARENTS.get(frozenset({facts.father, facts.mother}))
    reference = law.at("5", "1", point)
    parents = tuple((name, ParentState.DEAD) for name in ("father", "mother") if getattr(facts, name) is None)
    ways: list[Way] = [(("is_abandoned", True),)] if facts.is_abandoned is None else []
    if parents and parents_are_gone(case) is None:
        ways.append(parents)
    text = (
        f"Không có nguồn nuôi dưỡng (bị bỏ rơi: {words.answer(facts.is_abandoned)}; "
        f"cha: {words.value(facts.father)}; mẹ: {words.value(facts.mother)})"
    )
    return tried(
        C.CHILD_WITHOUT_CARE,
        reference,
        [
            case.below_age("child_below", law.at("5", "1")),
            Condition(text, any_of(facts.is_abandoned, parents_are_gone(case)), reference, tuple(ways)),
        ],
        levels=by_age(case, "youngest_below", "child_without_care_youngest", "child_without_care_older"),
    )


def student_without_care(case: Case) -> Tried:
    """Try Điều 5 khoản 2."""
    reference = case.law.at("5", "2")
    return tried(
        C.STUDENT_WITHOUT_CARE,
        reference,
        [
            case.from_age("child_below", reference),
            case.below_age("student_below", reference),
            case.flag(
                "Khi đủ 16 tuổi đang hưởng trợ cấp trẻ em không có nguồn nuôi dưỡng", "received_as_orphan", reference
            ),
            case.flag("Đang đi học", "is_studying", reference),
        ],
        levels=same(level(case, "student_without_care")),
    )


def child_with_hiv(case: Case) -> Tried:
    """Try Điều 5 khoản 3."""
    reference = case.law.at("5", "3")
    return tried(
        C.CHILD_WITH_HIV,
        reference,
        [
            case.below_age("child_below", reference),
            case.flag("Nhiễm HIV/AIDS", "has_hiv", reference),
            case.poor(reference),
        ],
        levels=by_age(case, "youngest_below", "child_with_hiv_youngest", "child_with_hiv_older"),
    )


def single_parent(case: Case) -> Tried:
    """Try Điều 5 khoản 4: the coefficient for each child."""
    reference, marital = case.law.at("5", "4"), case.facts.marital
    count = case.raised_children()
    has_children = True if count.lowest else (None if count.highest else False)
    number = f"{count.lowest}" if count.lowest == count.highest else f"chưa rõ, từ {count.lowest} đến {count.highest}"
    if case.facts.children is None and count.highest:
        number = "chưa biết"
    return tried(
        C.SINGLE_PARENT,
        reference,
        [
            case.poor_or_near(reference),
            Condition(
                f"Chưa có vợ, chồng, hoặc vợ, chồng đã chết, mất tích ({words.value(marital)})",
                None if marital is None else marital in UNMARRIED,
                reference,
                ((("marital", MaritalState.NEVER_MARRIED),),),
            ),
            Condition(
                f"Đang nuôi con dưới {case.law.age('child_below')} tuổi, hoặc dưới "
                f"{case.law.age('raised_student_below')} tuổi đang đi học (số con: {number})",
                has_children,
                reference,
            ),
        ],
        levels=(
            level(case, "single_parent_per_child", times=count.lowest),
            level(case, "single_parent_per_child", times=count.highest),
        ),
        ways=count.ways,
    )


def lacks_supporter(case: Case) -> Answer:
    """Say whether nobody supports the elderly person, or only somebody who receives the allowance too."""
    return any_of(negate(case.facts.has_supporter), case.facts.supporter_receives_allowance)


def _supporter_ways(case: Case) -> tuple[Way, ...]:
    facts = case.facts
    found: list[Way] = [(("has_supporter", False),)] if facts.has_supporter is None else []
    if facts.supporter_receives_allowance is None:
        found.append((("supporter_receives_allowance", True),))
    return tuple(found)


def elderly_without_supporter(case: Case) -> Tried:
    """Try Điều 5 khoản 5 điểm a."""
    facts, reference = case.facts, case.law.at("5", "5", "a")
    support = f"có người phụng dưỡng: {words.answer(facts.has_supporter)}"
    if facts.has_supporter is not False:
        support += f"; người đó hưởng trợ cấp xã hội: {words.answer(facts.supporter_receives_allowance)}"
    return tried(
        C.ELDERLY_WITHOUT_SUPPORTER,
        reference,
        [
            case.from_age("elderly_from", reference),
            case.poor(reference),
            Condition(
                f"Không có người phụng dưỡng, hoặc người đó đang hưởng trợ cấp xã hội hàng tháng ({support})",
                lacks_supporter(case),
                reference,
                _supporter_ways(case),
            ),
        ],
        levels=by_age(case, "oldest_from", "elderly_without_supporter", "elderly_without_supporter_oldest"),
    )


def elderly_in_difficult_area(case: Case) -> Tried:
    """Try Điều 5 khoản 5 điểm b, without the condition that điểm a does not hold, which is a matter of combining."""
    reference = case.law.at("5", "5", "b")
    return tried(
        C.ELDERLY_IN_DIFFICULT_AREA,
        reference,
        [
            *in_force(case, "elderly_in_difficult_area"),
            case.from_age("difficult_area_elderly_from", reference),
            case.below_age("oldest_from", reference),
            case.poor_or_near(reference),
            _in_difficult_area(case, "5", "5", "b"),
        ],
        levels=same(level(case, "elderly_in_difficult_area")),
    )


def elderly_without_pension(case: Case) -> Tried:
    """Try Điều 5 khoản 5 điểm c, without the condition that điểm a does not hold, which is a matter of combining."""
    reference = case.law.at("5", "5", "c")
    return tried(
        C.ELDERLY_WITHOUT_PENSION,
        reference,
        [
            *in_force(case, "elderly_without_pension"),
            case.from_age("without_pension_from", reference),
            *_no_benefits(case, "5", "5", "c"),
        ],
        levels=same(level(case, "elderly_without_pension")),
    )


def elderly_taken_in(case: Case) -> Tried:
    """Try Điều 5 khoản 5 điểm d."""
    facts, reference = case.facts, case.law.at("5", "5", "d")
    return tried(
        C.ELDERLY_TAKEN_IN,
        reference,
        [
            case.from_age("elderly_from", reference),
            case.poor(reference),
            case.flag("Không có người phụng dưỡng", "has_supporter", reference, wanted=False),
            case.flag(
                "Không có điều kiện sống ở cộng đồng, đủ điều kiện vào cơ sở trợ giúp xã hội",
                "eligible_for_institution", reference,
            ),
            Condition(
                f"Có người nhận nuôi dưỡng, chăm sóc tại cộng đồng ({words.value(facts.care)})",
                None if facts.care is None else facts.care is Care.TAKEN_IN,
                reference,
                ((("care", Care.TAKEN_IN),),),
            ),
        ],
        levels=same(level(case, "elderly_taken_in")),
    )  # fmt: skip


def disability(case: Case) -> Tried:
    """Try Điều 5 khoản 6: more for children and the elderly."""
    found, reference = case.facts.disability, case.law.at("5", "6")
    degrees = SEVERE if found is None else tuple(one for one in SEVERE if one is found)
    levels = [level(case, name) for one in degrees for name in _disability_coefficients(case, one)]
    return tried(
        C.DISABILITY,
        reference,
        [
            Condition(
                f"Khuyết tật nặng hoặc đặc biệt nặng ({words.value(found)})",
                None if found is None else found in SEVERE,
                reference,
                tuple((("disability", one),) for one in SEVERE),
            )
        ],
        levels=(min(levels, key=_amount, default=NOTHING), max(levels, key=_amount, default=NOTHING)),
    )


def _disability_coefficients(case: Case, degree: DisabilityLevel) -> list[str]:
    name = f"{degree.value}_disability"
    is_older, is_elderly = (case.at_least(case.law.age(one)) for one in ("child_below", "elderly_from"))
    found = [f"{name}_child"] if is_older is not True else []
    found += [name] if is_older is not False and is_elderly is not True else []
    return found + ([f"{name}_elderly"] if is_elderly is not False else [])


def small_child_in_difficult_area(case: Case) -> Tried:
    """Try Điều 5 khoản 7, without the condition that khoản 1, 3 and 6 do not hold, which is a matter of combining."""
    reference = case.law.at("5", "7")
    return tried(
        C.SMALL_CHILD_IN_DIFFICULT_AREA,
        reference,
        [
            case.below_age("difficult_area_child_below", reference),
            case.poor_or_near(reference),
            _in_difficult_area(case, "5", "7"),
        ],
        levels=same(level(case, "small_child_in_difficult_area")),
    )


def person_with_hiv(case: Case) -> Tried:
    """Try Điều 5 khoản 8; children with HIV are in khoản 3."""
    reference = case.law.at("5", "8")
    return tried(
        C.PERSON_WITH_HIV,
        reference,
        [
            case.from_age("child_below", reference),
            case.flag("Nhiễm HIV/AIDS", "has_hiv", reference),
            case.poor(reference),
            case.flag(
                "Không có tiền lương, tiền công, thu nhập ổn định hàng tháng",
                "has_stable_income",
                reference,
                wanted=False,
            ),
            *_no_benefits(case, "5", "8"),
        ],
        levels=same(level(case, "person_with_hiv")),
    )


def _in_difficult_area(case: Case, *place: str) -> Condition:
    return case.flag(
        "Sống ở xã, thôn đặc biệt khó khăn vùng dân tộc thiểu số và miền núi",
        "lives_in_difficult_area", case.law.at(*place),
    )  # fmt: skip


def _no_benefits(case: Case, *place: str) -> list[Condition]:
    named = (
        ("pension", "Không có lương hưu, trợ cấp bảo hiểm xã hội hàng tháng"),
        ("other_benefit", "Không có trợ cấp hàng tháng khác"),
    )
    found = []
    for name, text in named:
        amount = getattr(case.facts, name)
        known = f" (đang hưởng {format_dong(amount)})" if amount else ""
        holds = None if amount is None else amount == 0
        found.append(Condition(f"{text}{known}", holds, case.law.at(*place), (((name, 0),),)))
    return found


ALLOWANCES: Final[tuple[Callable[[Case], Tried], ...]] = (
    child_without_care,
    student_without_care,
    child_with_hiv,
    single_parent,
    elderly_without_supporter,
    elderly_in_difficult_area,
    elderly_without_pension,
    elderly_taken_in,
    disability,
    small_child_in_difficult_area,
    person_with_hiv,
)
