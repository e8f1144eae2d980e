"""The calendar of payments: by when lists and money are handed over, by when they are reported, what is carried over.

A month is written as its first day. The days are those of the law; whether an office moves them before a day off is its own
business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lienthong.kernel.days import add_months, format_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.kernel.money import Dong
from lienthong.rules.parameters import DatedValue, load_parameter


class Programme(StrEnum):
    """Under which law something is paid each month.

    Chương trình chi trả.
    """

    SOCIAL_ASSISTANCE = "social_assistance"
    SOCIAL_PENSION = "social_pension"
    MERIT = "merit"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a reason or a screen."""
        return _PROGRAMME_WORDS[self]


_PROGRAMME_WORDS: Final[Mapping[Programme, str]] = MappingProxyType(
    {
        Programme.SOCIAL_ASSISTANCE: "trợ giúp xã hội",
        Programme.SOCIAL_PENSION: "trợ cấp hưu trí xã hội",
        Programme.MERIT: "ưu đãi người có công",
    }
)


def month_of(day: date) -> date:
    """Give the first day of a day's month.

    Examples:
        >>> month_of(date(2026, 7, 24))
        datetime.date(2026, 7, 1)
    """
    return day.replace(day=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCalendar:
    """The days of one month of payments.

    Lịch chi trả hằng tháng.

    Attributes:
        month: Its first day; money is paid from it on.
        hand_over_before: Of the month before: until the day before it, lists and money go to who pays.
        report_before: Of the month itself: until the day before it, who pays reports what was and was not collected.
        carried_into: The month into which what was not collected goes.
        notices: What whoever reads the result must know.
    """

    programme: Programme
    month: date
    hand_over_before: date
    report_before: date
    carried_into: date
    references: tuple[LegalReference, ...]
    notices: tuple[str, ...]

    @property
    def last_hand_over_day(self) -> date:
        """The last day on which lists and money may still be handed over."""
        return self.hand_over_before - timedelta(days=1)

    @property
    def last_report_day(self) -> date:
        """The last day on which the report is in time."""
        return self.report_before - timedelta(days=1)


def payment_calendar(programme: Programme, month: date, *, known_on: date | None = None) -> PaymentCalendar:
    """Give the days of one month of payments.

    Lịch chi trả hằng tháng.

    Args:
        programme: Under which law it is paid.
        month: Any day of it.
        known_on: Apply only what was in force on this day; None applies all.

    Raises:
        NoValueInForce: No days are recorded for the month.

    Legal source:
        20/2021/NĐ-CP, Điều 34 khoản 4 (hand-over), khoản 5 (report, what is carried over).
        44/2022/TT-BTC, Điều 8 (people with merit).
    """
    first = month_of(month)
    before = add_months(first, -1)
    found = {
        what: load_parameter(f"payment/calendar:{programme.value}_{what}").dated_value_on(first, known_on=known_on)
        for what in ("hand_over_day", "report_day")
    }
    return PaymentCalendar(
        programme=programme,
        month=first,
        hand_over_before=before.replace(day=int(found["hand_over_day"].value)),
        report_before=first.replace(day=int(found["report_day"].value)),
        carried_into=add_months(first, 1),
        references=tuple(dict.fromkeys(one.reference for one in found.values())),
        notices=_notices(found.values()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncollected:
    """What a person did not collect in a month.

    Khoản chưa nhận.
    """

    month: date
    amount: Dong


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOver:
    """What goes into the next month because it was not collected.

    Chuyển chi trả vào tháng sau.

    Attributes:
        into: First day of the month that it is paid with.
        months: First days of the months that it is for, oldest first.
        amount: Đồng.
        months_in_a_row: How many months up to the last one were not collected.
        suspension_due: Whether so many in a row are a ground for suspension.
        reference: Of the carrying over.
        suspension_reference: Of the ground for suspension; None for programmes where none was found.
        notices: What whoever reads the result must know.
    """

    into: date
    months: tuple[date, ...]
    amount: Dong
    months_in_a_row: int
    suspension_due: bool
    reference: LegalReference
    suspension_reference: LegalReference | None
    notices: tuple[str, ...]


def carry_over(
    uncollected: Iterable[Uncollected], *, programme: Programme, month: date, known_on: date | None = None
) -> CarryOver | None:
    """Carry what one person did not collect into the month after.

    Chuyển chi trả vào tháng sau khoản chưa nhận.

    Args:
        uncollected: Everything that is still open, of this month and of earlier ones; two of one month are added up.
        programme: Under which law it is paid.
        month: Any day of the month that was reported last.
        known_on: Apply only what was in force on this day; None applies all.

    Returns:
        None where nothing is open.

    Raises:
        NoValueInForce: No days are recorded for the month.
        ValueError: Something is open of a month that was not reported yet, or an amount is not positive.

    Legal source:
        20/2021/NĐ-CP, Điều 34 khoản 5; 44/2022/TT-BTC, Điều 8 (carried over).
        02/2021/TT-BLĐTBXH, Điều 2 khoản 3 điểm a (suspension after three months in a row).
    """
    first = month_of(month)
    by_month: dict[date, int] = {}
    for one in uncollected:
        if month_of(one.month) > first:
            raise ValueError(f"Tháng {one.month:%m/%Y} chưa được báo cáo nên chưa thể chuyển tiền chưa nhận.")
        if one.amount <= 0:
            raise ValueError(f"Số tiền chưa nhận của tháng {one.month:%m/%Y} phải lớn hơn 0.")
        by_month[month_of(one.month)] = by_month.get(month_of(one.month), 0) + one.amount
    if not by_month:
        return None
    calendar = payment_calendar(programme, first, known_on=known_on)
    in_a_row = 0
    while add_months(first, -in_a_row) in by_month:
        in_a_row += 1
    suspension = _suspension(programme, first, known_on)
    return CarryOver(
        into=calendar.carried_into,
        months=tuple(sorted(by_month)),
        amount=Dong(sum(by_month.values())),
        months_in_a_row=in_a_row,
        suspension_due=suspension is not None and in_a_row >= int(suspension.value),
        reference=calendar.references[-1],
        suspension_reference=suspension.reference if suspension else None,
        notices=tuple(dict.fromkeys((*calendar.notices, *_notices([suspension] if suspension else [])))),
    )


def _suspension(programme: Programme, month: date, known_on: date | None) -> DatedValue | None:
    """Give the ground for suspension; for social pension and people with merit none was found in the texts."""
    if programme is not Programme.SOCIAL_ASSISTANCE:
        return None
    return load_parameter("social_assistance/timing:uncollected_months").dated_value_on(month, known_on=known_on)


class Occasion(StrEnum):
    """Why two months might be paid at once.

    Dịp chi trả gộp: Tết Nguyên đán, thiên tai.
    """

    LUNAR_NEW_YEAR = "lunar_new_year"
    DISASTER = "disaster"
    NONE = "none"


def months_paid_together(
    programme: Programme,
    month: date,
    *,
    occasion: Occasion,
    new_year_on: date | None = None,
    known_on: date | None = None,
) -> Decision[tuple[date, ...]]:
    """Say whether a month may be paid together with the one after, as is done for people with merit before the new year.

    Chi trả gộp hai tháng dịp Tết Nguyên đán.

    Args:
        programme: Under which law it is paid.
        month: Any day of the first of the months.
        occasion: Why.
        new_year_on: First day of the lunar new year, where that is the occasion.
        known_on: Apply only what was in force on this day; None applies all.

    Returns:
        The first days of the months that may be paid at once; it may be done, and need not. REFUSED for other programmes, for
        no such occasion, or where the new year does not fall into these months.

    Raises:
        NoValueInForce: Nothing is recorded for the month.

    Deviations:
        The circular speaks of the time of the new year; that its first day lies in one of the months is this house's reading.

    Legal source:
        44/2022/TT-BTC, Điều 8.
    """
    first = month_of(month)
    rule = load_parameter("payment/calendar:merit_months_together").dated_value_on(first, known_on=known_on)
    months = tuple(add_months(first, number) for number in range(int(rule.value)))
    is_merit = programme is Programme.MERIT
    reasons = [Reason("Chi trả ưu đãi người có công", is_merit, rule.reference)]
    reasons.append(Reason("Dịp Tết Nguyên đán hoặc do thiên tai", occasion is not Occasion.NONE, rule.reference))
    lacks_day = occasion is Occasion.LUNAR_NEW_YEAR and new_year_on is None
    if occasion is Occasion.LUNAR_NEW_YEAR:
        holds = None if new_year_on is None else month_of(new_year_on) in months
        day = f" ({format_day(new_year_on)})" if new_year_on else ""
        reasons.append(Reason(f"Mồng Một Tết{day} ở trong các tháng chi trả gộp", holds, rule.reference))
    if any(reason.holds is False for reason in reasons):
        return Decision.refused(reasons=reasons)
    if lacks_day:
        return Decision.unknown(missing=["ngày mồng Một Tết"], reasons=reasons)
    return Decision.granted(months, reasons=reasons)


def _notices(values: Iterable[DatedValue]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            f"Theo {value.reference}, {value.confidence.in_words}. {value.note or ''}".strip()
            for value in values
            if value.confidence is not Confidence.VERIFIED
        )
    )
