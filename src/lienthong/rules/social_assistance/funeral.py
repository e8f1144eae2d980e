"""Social assistance: what a household is owed when somebody who was being helped has died.

Hỗ trợ chi phí mai táng.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from lienthong.kernel.days import BirthDate, format_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.logic import all_of
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.parameters import DatedValue, load_parameter
from lienthong.rules.social_assistance.law import (
    BASE_LEVEL,
    higher_of_province,
    law_on,
    notices_of,
    vietnamese_name,
)

_CATEGORIES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FuneralFacts:
    """What is known of the person who died and of the request; None is unknown, not false.

    Thông tin đề nghị hỗ trợ chi phí mai táng.

    Args:
        birth_date: Date of birth of the person who died, as far as known.
        died_on: Day of death.
        received_monthly_social_assistance: Whether the person received the monthly allowance at death.
        child_of_poor_single_parent: Whether the person was a child for whom a poor single parent received it.
        received_survivor_or_other_monthly_benefit: Whether the person received a survivor's pension of the social
            insurance, or another monthly benefit.
        claimant_arranged_funeral: Whether the claimant is who arranged the funeral.
        highest_other_funeral_support: Highest funeral support due under other instruments; zero where there is none.
        in_institution: Whether the person was cared for in a social assistance institution at death.
    """

    birth_date: BirthDate | None = None
    died_on: date | None = None
    received_monthly_social_assistance: bool | None = None
    child_of_poor_single_parent: bool | None = None
    received_survivor_or_other_monthly_benefit: bool | None = None
    claimant_arranged_funeral: bool | None = None
    highest_other_funeral_support: Dong | None = None
    in_institution: bool | None = None


def funeral_support(facts: FuneralFacts, *, on: date, known_on: date | None = None) -> Decision[Dong]:
    """Decide on the support for funeral costs.

    Hỗ trợ chi phí mai táng.

    Args:
        facts: What is known on that day.
        on: Day whose standard level applies: the day of death.
        known_on: Apply only what was in force on this day, to repeat a decision of that time; None applies all.

    Returns:
        Whole đồng, once, with every condition tried and how far each value was confirmed. UNKNOWN, with the missing facts,
        while an answer could change the outcome; REFUSED where another instrument gives at least as much, since only the
        highest is paid.

    Raises:
        NoValueInForce: No standard level is recorded for ``on``; the message names the file to complete.
        ValueError: The day of death lies before the birth.

    Deviations:
        The amount is the national minimum, or what is recorded of a higher level of the provincial People's Council.
        For days from 1 July 2026 the conditions of 20/2021/NĐ-CP are applied, as the text of 335/2026/NĐ-CP was not read.

    Legal source:
        20/2021/NĐ-CP, Điều 4 khoản 2 (standard level), Điều 11 khoản 1 (who), khoản 2 (amount), khoản 3 (claimant),
        Điều 25 khoản 3 (in an institution).
    """
    law, outside, inside = _multiples(on, known_on)
    multiple = inside if facts.in_institution else outside
    base = law_on(on, known_on=known_on).base_level
    amount = Dong(int(multiple.value) * int(base.value))
    most = Dong(int(inside.value) * int(base.value)) if facts.in_institution is None else amount
    reasons, missing = _who(facts, law=law, on=on)
    reasons.append(
        Reason(
            "Người đề nghị là người đứng ra tổ chức mai táng",
            facts.claimant_arranged_funeral,
            _inside(law) if facts.in_institution else LegalReference(document=law, article="11", clause="3", point="a"),
        )
    )
    if facts.claimant_arranged_funeral is None:
        missing.append("người đề nghị có đứng ra tổ chức mai táng hay không")
    other = facts.highest_other_funeral_support
    reasons.append(
        Reason(
            f"Mức hỗ trợ {format_dong(amount)} ({multiple.value} lần mức chuẩn {format_dong(int(base.value))}, "
            f"{base.reference}) cao hơn mức theo văn bản khác" + (f" ({format_dong(other)})" if other else ""),
            None if other is None or amount <= other < most else other < amount,
            multiple.reference,
        )
    )
    if other is None:
        missing.append("mức hỗ trợ mai táng theo văn bản khác (0 nếu không có)")
    is_possible = _may_qualify(reasons)
    used = (("số lần mức chuẩn để hỗ trợ chi phí mai táng", multiple), (vietnamese_name(BASE_LEVEL), base))
    reasons += [Reason(notice, True) for notice in notices_of(used)]
    if not is_possible:
        return Decision.refused(reasons=reasons)
    if missing:
        return Decision.unknown(missing=missing, reasons=reasons)
    return Decision.granted(amount, reasons=reasons)


def _multiples(on: date, known_on: date | None) -> tuple[str, DatedValue, DatedValue]:
    """Return the decree, and how many times the standard level is due at home and in an institution."""
    national = {
        name: load_parameter(f"social_assistance/funeral_support:{name}").dated_value_on(on, known_on=known_on)
        for name in ("multiple_of_base_level", "multiple_in_institution")
    }
    outside, inside = (
        higher_of_province(value, f"funeral_{name}", on=on, known_on=known_on) for name, value in national.items()
    )
    return national["multiple_of_base_level"].reference.document, outside, inside


def _may_qualify(reasons: list[Reason]) -> bool:
    """Say whether no condition has failed: one of the categories is enough, the rest must all hold."""
    categories, conditions = reasons[:_CATEGORIES], reasons[_CATEGORIES:]
    return any(reason.holds is not False for reason in categories) and all(
        reason.holds is not False for reason in conditions
    )


def _who(facts: FuneralFacts, *, law: str, on: date) -> tuple[list[Reason], list[str]]:
    """Try the categories of Điều 11 khoản 1 and Điều 25 khoản 3; facts are missing only while none of them holds.

    Whether it was in an institution is always asked: it decides how much is due.
    """
    age = load_parameter("social_assistance/funeral_support:age_with_other_benefit").value_on(on)
    is_old_enough = _is_at_least(facts, age)
    has_benefit = facts.received_survivor_or_other_monthly_benefit
    tried = (
        ("a", "Người mất đang hưởng trợ cấp xã hội hàng tháng", facts.received_monthly_social_assistance),
        ("b", "Người mất là con của người đơn thân nghèo đang nuôi con", facts.child_of_poor_single_parent),
        (
            "c",
            f"Người mất từ đủ {age} tuổi, đang hưởng trợ cấp tuất hàng tháng hoặc trợ cấp hàng tháng khác",
            all_of(is_old_enough, has_benefit),
        ),
    )
    reasons = [
        Reason(words, holds, LegalReference(document=law, article="11", clause="1", point=point))
        for point, words, holds in tried
    ]
    is_aged = reasons[-1].holds
    words = "Người mất được chăm sóc, nuôi dưỡng trong cơ sở trợ giúp xã hội"
    reasons.append(Reason(words, facts.in_institution, _inside(law)))
    missing: list[str] = []
    if not any(reason.holds for reason in reasons):
        if facts.received_monthly_social_assistance is None:
            missing.append("người mất có đang hưởng trợ cấp xã hội hàng tháng hay không")
        if facts.child_of_poor_single_parent is None:
            missing.append("người mất có phải con của người đơn thân nghèo đang nuôi con hay không")
        if is_aged is None:
            missing += _missing_of_the_aged(facts, is_old_enough, has_benefit)
    if facts.in_institution is None:
        missing.append("người mất có được nuôi dưỡng trong cơ sở trợ giúp xã hội hay không")
    return reasons, missing


def _inside(law: str) -> LegalReference:
    return LegalReference(document=law, article="25", clause="3")


def _is_at_least(facts: FuneralFacts, age: int) -> bool | None:
    if facts.birth_date is None or facts.died_on is None:
        return None
    return facts.birth_date.age_on(facts.died_on).at_least(age)


def _missing_of_the_aged(facts: FuneralFacts, is_old_enough: bool | None, has_benefit: bool | None) -> list[str]:
    missing = []
    if has_benefit is None:
        missing.append("người mất có hưởng trợ cấp tuất hoặc trợ cấp hàng tháng khác hay không")
    if is_old_enough is None and facts.died_on is None:
        missing.append("ngày mất")
    if is_old_enough is None and facts.birth_date is None:
        missing.append("ngày sinh của người mất")
    elif is_old_enough is None and facts.died_on is not None:
        missing.append(
            f"ngày sinh đầy đủ của người mất (mới biết {facts.birth_date}, mất ngày {format_day(facts.died_on)})"
        )
    return missing
