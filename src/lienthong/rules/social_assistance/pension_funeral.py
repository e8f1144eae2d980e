"""The social pension: what is owed when somebody who received it, or had asked for it, has died.

Hỗ trợ chi phí mai táng đối với người hưởng trợ cấp hưu trí xã hội.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.logic import all_of
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.parameters import load_parameter
from lienthong.rules.social_assistance.law import SOCIAL_PENSION_LEVEL, higher_of_province, notices_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PensionFuneralFacts:
    """What is known of the person who died and of the request; None is unknown, not false.

    Thông tin đề nghị hỗ trợ chi phí mai táng đối với người hưởng trợ cấp hưu trí xã hội.

    Args:
        received_social_pension: Whether the person received the social pension at death.
        requested_in_writing: Whether the person had asked for it in writing and died before the decision.
        was_eligible: Whether the person met the conditions of the social pension at death, the request left out.
        claimant_arranged_funeral: Whether the claimant is who arranged the funeral.
        highest_other_funeral_support: Highest funeral support due under other instruments; zero where there is none.
    """

    received_social_pension: bool | None = None
    requested_in_writing: bool | None = None
    was_eligible: bool | None = None
    claimant_arranged_funeral: bool | None = None
    highest_other_funeral_support: Dong | None = None


def pension_funeral(facts: PensionFuneralFacts, *, on: date, known_on: date | None = None) -> Decision[Dong]:
    """Decide on the support for funeral costs by the law of the social pension.

    Hỗ trợ chi phí mai táng.

    Args:
        facts: What is known on that day.
        on: Day whose level of the social pension applies: the day of death.
        known_on: Apply only what was in force on this day; None applies all.

    Returns:
        Whole đồng, once, with every condition tried and how far each value was confirmed. UNKNOWN, with the missing facts, while
        an answer could change the outcome; REFUSED where another instrument gives at least as much.

    Raises:
        NoValueInForce: No level is recorded for ``on``: the social pension began on 1 July 2025.

    Deviations:
        The text of the decree was not read: who and how much is told by secondary sources, and a reason says so. The amount
        is the national minimum, or what is recorded of a higher level of the provincial People's Council.

    Legal source:
        176/2025/NĐ-CP; 41/2024/QH15, Điều 21, Điều 22.
    """
    times = load_parameter("social_assistance/social_pension:funeral_multiple")
    national = times.dated_value_on(on, known_on=known_on)
    multiple = higher_of_province(national, "pension_funeral_multiple", on=on, known_on=known_on)
    level = load_parameter("social_assistance/social_pension:level").dated_value_on(on, known_on=known_on)
    level = higher_of_province(level, SOCIAL_PENSION_LEVEL, on=on, known_on=known_on)
    amount = Dong(int(multiple.value) * int(level.value))
    law, other = national.reference, facts.highest_other_funeral_support
    waited = all_of(facts.requested_in_writing, facts.was_eligible)
    reasons = [
        Reason("Người mất đang hưởng trợ cấp hưu trí xã hội", facts.received_social_pension, law),
        Reason("Người mất đã có văn bản đề nghị, đủ điều kiện hưởng và chết trước khi có quyết định", waited, law),
        Reason("Người đề nghị là người lo mai táng", facts.claimant_arranged_funeral, law),
        Reason(
            f"Mức hỗ trợ {format_dong(amount)} ({multiple.value} lần mức trợ cấp hưu trí xã hội "
            f"{format_dong(int(level.value))}, {level.reference}) cao hơn mức theo văn bản khác"
            + (f" ({format_dong(other)})" if other else ""),
            None if other is None else other < amount,
            law,
        ),
    ]
    used = ((times.vi, multiple), ("mức trợ cấp hưu trí xã hội", level))
    notices = [Reason(notice, True) for notice in notices_of(used)]
    is_one_of_them, conditions = reasons[:2], reasons[2:]
    if all(one.holds is False for one in is_one_of_them) or any(one.holds is False for one in conditions):
        return Decision.refused(reasons=[*reasons, *notices])
    missing = _missing(facts, holds=any(one.holds for one in is_one_of_them))
    if missing:
        return Decision.unknown(missing=missing, reasons=[*reasons, *notices])
    return Decision.granted(amount, reasons=[*reasons, *notices])


def _missing(facts: PensionFuneralFacts, *, holds: bool) -> list[str]:
    asked = (
        (
            not holds and facts.received_social_pension is None,
            "người mất có đang hưởng trợ cấp hưu trí xã hội hay không",
        ),
        (
            not holds and facts.requested_in_writing is None and facts.was_eligible is not False,
            "người mất đã có văn bản đề nghị hưởng trợ cấp hưu trí xã hội hay chưa",
        ),
        (
            not holds and facts.was_eligible is None and facts.requested_in_writing is not False,
            "người mất có đủ điều kiện hưởng trợ cấp hưu trí xã hội khi mất hay không",
        ),
        (facts.claimant_arranged_funeral is None, "người đề nghị có lo mai táng hay không"),
        (facts.highest_other_funeral_support is None, "mức hỗ trợ mai táng theo văn bản khác (0 nếu không có)"),
    )
    return [words for is_missing, words in asked if is_missing]
