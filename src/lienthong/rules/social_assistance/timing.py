"""When a benefit begins, pauses and ends, who decides, and within which time.

Thời điểm hưởng, tạm dừng, thôi hưởng. A month is written as its first day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from lienthong.kernel.days import DatePrecision, add_months, format_day
from lienthong.kernel.decisions import Reason
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.rules.parameters import DatedValue, load_parameter
from lienthong.rules.social_assistance.categories import AssistanceCategory as C
from lienthong.rules.social_assistance.facts import PersonFacts
from lienthong.rules.social_assistance.law import FOLDER, value_notice

_START_PARAMETERS: Final = {
    C.ELDERLY_IN_DIFFICULT_AREA: "start_of_elderly_by_age",
    C.ELDERLY_WITHOUT_PENSION: "start_of_elderly_by_age",
    C.DISABILITY: "start_of_disability",
    C.SOCIAL_PENSION: "start_of_social_pension",
}
_START_AGES: Final = {
    C.ELDERLY_IN_DIFFICULT_AREA: "difficult_area_elderly_from",
    C.ELDERLY_WITHOUT_PENSION: "without_pension_from",
}


class StartRule(StrEnum):
    """From which month a benefit is paid."""

    DECISION_MONTH = "decision_month"
    BIRTHDAY_MONTH = "birthday_month"
    CERTIFICATE_MONTH = "certificate_month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The first month of a benefit.

    Tháng bắt đầu hưởng.

    Attributes:
        month: Its first day; None while ``missing`` is not known.
        notice: What to say where the rule was not read in the official text.
    """

    month: date | None
    rule: StartRule
    reference: LegalReference
    missing: str | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingAuthority:
    """Who decides on a benefit, and within how many working days.

    Thẩm quyền và thời hạn quyết định trợ cấp xã hội hàng tháng.
    """

    name: str
    working_days: int
    reference: LegalReference
    time_reference: LegalReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """What happened to a benefit that is being paid; None: it did not happen.

    Diễn biến khi đang hưởng.

    Attributes:
        uncollected_months: Consecutive months for which nothing was collected.
        refuses_review_on: The day from which the person does not comply with the request to have the degree of disability,
            the conditions or other information reviewed.
        suspended_for_refusal_on: The day of the decision to suspend the benefit for that.
        detained_on: The first day of temporary detention.
        released_on: The day of release.
        imprisoned_on: The first day of a prison sentence, or of a decision to end the allowance.
        declined_on: The day on which the person declined the benefit.
        ineligible_on: The first day on which the conditions are not met any more.
        missing_on: The day on which the person was declared missing.
    """

    uncollected_months: int = 0
    refuses_review_on: date | None = None
    suspended_for_refusal_on: date | None = None
    detained_on: date | None = None
    released_on: date | None = None
    died_on: date | None = None
    missing_on: date | None = None
    ineligible_on: date | None = None
    imprisoned_on: date | None = None
    declined_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The end of a benefit: the last month that is paid, and why.

    Thôi hưởng.
    """

    last_month: date
    reason: Reason

    @property
    def first_unpaid_month(self) -> date:
        """The month right after."""
        return add_months(self.last_month, 1)


def month_of(day: date) -> date:
    """Give the month of a day, as its first day."""
    return day.replace(day=1)


def start_of(
    category: C,
    facts: PersonFacts,
    *,
    decided_on: date,
    certified_on: date | None = None,
    known_on: date | None = None,
) -> Start:
    """Work out the first month of a benefit.

    Args:
        category: Of the benefit.
        facts: For the date of birth.
        decided_on: The day the decision is signed; selects the rule.
        certified_on: The day the certificate of disability was issued.
        known_on: Apply only what was in force on this day.

    Raises:
        NoValueInForce: No rule is recorded for the day.

    Legal source:
        20/2021/NĐ-CP, Điều 8 khoản 1 điểm đ; 147/2025/NĐ-CP from 1 July 2025; 176/2025/NĐ-CP, Điều 4.
    """
    parameter = load_parameter(f"{FOLDER}/timing:{_START_PARAMETERS.get(category, 'start')}")
    value = parameter.dated_value_on(decided_on, known_on=known_on)
    rule = StartRule(str(value.value))
    month: date | None = month_of(decided_on)
    missing = None
    if rule is StartRule.CERTIFICATE_MONTH:
        month, missing = _from_certificate(certified_on)
    elif rule is StartRule.BIRTHDAY_MONTH:
        month, missing = _from_birthday(category, facts, decided_on, known_on)
    earliest = month_of(parameter.values[0].applied_from)
    return Start(
        month=None if month is None else max(month, earliest),
        rule=rule,
        reference=value.reference,
        missing=missing,
        notice=None if value.confidence is Confidence.VERIFIED else value_notice(parameter.vi, value),
    )


def _from_certificate(certified_on: date | None) -> tuple[date | None, str | None]:
    if certified_on is None:
        return None, "ngày cấp giấy xác nhận khuyết tật"
    return month_of(certified_on), None


def _from_birthday(
    category: C, facts: PersonFacts, decided_on: date, known_on: date | None
) -> tuple[date | None, str | None]:
    birth = facts.birth_date
    if birth is None or birth.precision is DatePrecision.YEAR:
        return None, "tháng sinh"
    years = load_parameter(f"{FOLDER}/ages:{_START_AGES[category]}").value_on(decided_on, known_on=known_on)
    return month_of(add_months(birth.day, 12 * years)), None


def deciding_authority_on(day: date, *, known_on: date | None = None) -> DecidingAuthority:
    """Say who decides on a day, and within which time.

    Raises:
        NoValueInForce: Nothing is recorded for the day.
    """
    office = _timing("deciding_authority", day, known_on)
    days = _timing("decision_working_days", day, known_on)
    return DecidingAuthority(
        name=str(office.value),
        working_days=int(days.value),
        reference=office.reference,
        time_reference=days.reference,
    )


def suspension_reasons(conduct: Conduct, *, on: date, known_on: date | None = None) -> tuple[Reason, ...]:
    """Say why a benefit is to be suspended on a day; nothing when it is not.

    Tạm dừng hưởng trợ cấp.

    Args:
        conduct: What happened.
        on: The day.
        known_on: Apply only what was in force on this day.

    Raises:
        NoValueInForce: The rules are not recorded for the day.

    Legal source:
        02/2021/TT-BLĐTBXH, Điều 2 khoản 3.
    """
    uncollected, detained = (_timing(name, on, known_on) for name in ("uncollected_months", "detained_months"))
    found = []
    if conduct.uncollected_months >= int(uncollected.value):
        text = f"Không nhận trợ cấp liên tục {conduct.uncollected_months} tháng, từ {uncollected.value} tháng trở lên"
        found.append(Reason(text, True, uncollected.reference))
    if conduct.refuses_review_on is not None and conduct.refuses_review_on <= on:
        clause = LegalReference(document=uncollected.reference.document, article="2", clause="3", point="b")
        text = (
            "Không chấp hành yêu cầu xác định lại mức độ khuyết tật, điều kiện hưởng hoặc thông tin khác, "
            f"từ ngày {format_day(conduct.refuses_review_on)}"
        )
        found.append(Reason(text, True, clause))
    if conduct.detained_on is not None:
        until = min(on, conduct.released_on or on)
        is_detained = conduct.released_on is None or conduct.released_on > on
        if is_detained and add_months(conduct.detained_on, int(detained.value)) <= until:
            text = f"Bị tạm giam từ {detained.value} tháng trở lên, từ ngày {format_day(conduct.detained_on)}"
            found.append(Reason(text, True, detained.reference))
    return tuple(found)


def end_of(conduct: Conduct, *, on: date, known_on: date | None = None) -> End | None:
    """Say when and why a benefit ends, by what had happened up to a day; None while it goes on.

    The month in which it happens is paid; the benefit ends from the month right after.

    Args:
        conduct: What happened; of several events the first counts.
        on: The day up to which events are looked at.
        known_on: Apply only what was in force on this day.

    Raises:
        NoValueInForce: The rules are not recorded for the day.

    Legal source:
        20/2021/NĐ-CP, Điều 8 khoản 2; 02/2021/TT-BLĐTBXH, Điều 2 khoản 1.
    """
    happened = sorted((day, reason) for day, reason in _endings(conduct, on, known_on) if day <= on)
    if not happened:
        return None
    day, place = happened[0]
    words, point = _ENDINGS[place]
    document = _timing("refusal_months", on, known_on).reference.document
    reference = LegalReference(document=document, article="2", clause="1", point=point)
    return End(last_month=month_of(day), reason=Reason(f"{words} (ngày {format_day(day)})", True, reference))


_ENDINGS: Final = (
    ("Người hưởng đã chết", "a"),
    ("Người hưởng bị tuyên bố mất tích", "a"),
    ("Không còn đủ điều kiện hưởng", "b"),
    ("Chấp hành án phạt tù hoặc có quyết định thôi hưởng", "c"),
    ("Từ chối nhận chế độ", "d"),
    ("Sau khi tạm dừng vẫn không chấp hành yêu cầu xác định lại", "đ"),
)


def _endings(conduct: Conduct, on: date, known_on: date | None) -> Iterator[tuple[date, int]]:
    dated = (
        conduct.died_on, conduct.missing_on, conduct.ineligible_on, conduct.imprisoned_on, conduct.declined_on,
        None if conduct.suspended_for_refusal_on is None
        else add_months(conduct.suspended_for_refusal_on, int(_timing("refusal_months", on, known_on).value)),
    )  # fmt: skip
    yield from ((day, place) for place, day in enumerate(dated) if day is not None)


def _timing(name: str, day: date, known_on: date | None = None) -> DatedValue:
    return load_parameter(f"{FOLDER}/timing:{name}").dated_value_on(day, known_on=known_on)
