"""The funeral of somebody as one question: its facts from plain values, and what each of the two laws says of it.

Empty is unknown. Everything else is either understood exactly or refused in a sentence; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from lienthong.kernel.days import BirthDate, format_day, parse_day
from lienthong.kernel.decisions import Decision, Outcome
from lienthong.kernel.money import Dong
from lienthong.rules.social_assistance.funeral import FuneralFacts, funeral_support
from lienthong.rules.social_assistance.pension_funeral import PensionFuneralFacts, pension_funeral
from lienthong.rules.social_assistance.plain_facts import FactRefused, birth_date, dong, flag, shown

QUESTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "died_on": "ngày mất; luật và mức của ngày này, không ghi thì lấy ngày xét",
        "birth_date": "ngày sinh của người mất; không ghi thì lấy của người này",
        "received_monthly_social_assistance": "người mất đang hưởng trợ cấp xã hội hàng tháng hay không",
        "child_of_poor_single_parent": "người mất là con của người đơn thân nghèo đang nuôi con hay không",
        "received_survivor_or_other_monthly_benefit": "người mất đang hưởng trợ cấp tuất hoặc trợ cấp hàng tháng khác hay không",
        "in_institution": "mất khi được nuôi dưỡng trong cơ sở trợ giúp xã hội hay không; không ghi thì lấy của người này",
        "received_social_pension": "người mất đang hưởng trợ cấp hưu trí xã hội hay không",
        "requested_in_writing": "người mất đã có văn bản đề nghị hưởng trợ cấp hưu trí xã hội hay chưa",
        "was_eligible": "khi mất có đủ điều kiện hưởng trợ cấp hưu trí xã hội hay không",
        "claimant_arranged_funeral": "người đề nghị có đứng ra tổ chức mai táng hay không",
        "highest_other_funeral_support": "mức hỗ trợ mai táng cao nhất theo văn bản khác, đồng; không có thì ghi 0",
    }
)
DAYS: Final = ("died_on",)
BIRTHS: Final = ("birth_date",)
AMOUNTS: Final = ("highest_other_funeral_support",)
_OF_PENSION: Final = ("received_social_pension", "requested_in_writing", "was_eligible")
"""Facts that only the law of the social pension looks at: it is asked where one of them is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funeral:
    """What is known of a funeral, as each law asks for it.

    Attributes:
        pension: None where nothing is told of a social pension.
    """

    assistance: FuneralFacts
    pension: PensionFuneralFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FuneralDecisions:
    """What each law says of one funeral, of which only the highest support is paid.

    Attributes:
        on: Day whose law it is: of the death, where that is known.
        pension: None where the law of the social pension was not asked.

    Legal source:
        20/2021/NĐ-CP, Điều 11 khoản 2 (of several supports the highest).
    """

    on: date
    assistance: Decision[Dong]
    pension: Decision[Dong] | None = None

    @property
    def outcome(self) -> Outcome:
        """Granted where one law grants it and the other one is certain too."""
        outcomes = [one.outcome for one in (self.assistance, self.pension) if one is not None]
        return next((one for one in (Outcome.UNKNOWN, Outcome.GRANTED) if one in outcomes), Outcome.REFUSED)

    @property
    def amount(self) -> Dong | None:
        """Whole đồng, once: the higher of what is granted; None while it is not certain, or nothing is."""
        given = [one.value for one in (self.assistance, self.pension) if one is not None and one.value is not None]
        return max(given) if self.outcome is Outcome.GRANTED else None


def funeral_from_plain(content: Mapping[str, Any]) -> Funeral:
    """Read the facts of a funeral.

    Args:
        content: By the names of ``QUESTIONS``.

    Raises:
        FactRefused: An unknown name, an amount or day that cannot be, or a death before the birth.
    """
    for name in content:
        if name not in QUESTIONS:
            raise FactRefused(shown(name), f"không có mục này. Các mục: {', '.join(QUESTIONS)}.")
    found = {name: _fact(name, content.get(name)) for name in QUESTIONS}
    died_on, born = found["died_on"], found["birth_date"]
    if isinstance(born, BirthDate) and died_on is not None and born.earliest > died_on:
        raise FactRefused("died_on", f"“{format_day(died_on)}” trước ngày sinh {born}. Hãy kiểm tra lại hai ngày.")
    told = any(found[name] is not None for name in _OF_PENSION)
    return Funeral(
        assistance=FuneralFacts(**{one.name: found[one.name] for one in fields(FuneralFacts)}),
        pension=PensionFuneralFacts(**{one.name: found[one.name] for one in fields(PensionFuneralFacts)})
        if told
        else None,
    )


def decide_funeral(funeral: Funeral, *, on: date, known_on: date | None = None) -> FuneralDecisions:
    """Decide on the support for one funeral by the law of the day of the death.

    Hỗ trợ chi phí mai táng.

    Args:
        funeral: What is known.
        on: Day of the decision; of the death where that is not known.
        known_on: Apply only what was in force on this day; None applies all.

    Raises:
        NoValueInForce: Nothing is recorded for the day.
    """
    day = funeral.assistance.died_on or on
    return FuneralDecisions(
        on=day,
        assistance=funeral_support(funeral.assistance, on=day, known_on=known_on),
        pension=pension_funeral(funeral.pension, on=day, known_on=known_on) if funeral.pension else None,
    )


def _fact(name: str, value: Any) -> Any:
    if name in DAYS:
        return _day(name, value)
    if name in BIRTHS:
        return birth_date(name, value)
    return dong(name, value) if name in AMOUNTS else flag(name, value)


def _day(name: str, value: Any) -> date | None:
    if value is None or value == "":
        return None
    try:
        return parse_day(str(value))
    except ValueError as unreadable:
        raise FactRefused(name, str(unreadable)) from None
