"""When benefits of people with merit are suspended, and when they end. Tạm đình chỉ, thôi hưởng chế độ ưu đãi.

Other grounds than those of social assistance: nobody is suspended for not collecting, and prison ends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lienthong.kernel.days import format_day
from lienthong.kernel.decisions import Reason
from lienthong.kernel.legal import LegalReference
from lienthong.rules.merit.law import ordinance
from lienthong.rules.social_assistance.timing import End, month_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritConduct:
    """What happened to somebody who receives; None: it did not happen.

    Diễn biến khi đang hưởng chế độ ưu đãi.

    Attributes:
        imprisoned_on: The first day of a prison sentence.
        absent_on: The day since which the person is missing, or abroad without leave.
        withdrawn_on: The day of the decision that ends the benefits for good.
        ineligible_on: The first day on which the conditions are not met any more.
    """

    imprisoned_on: date | None = None
    absent_on: date | None = None
    died_on: date | None = None
    withdrawn_on: date | None = None
    ineligible_on: date | None = None


def merit_suspension_reasons(conduct: MeritConduct, *, on: date) -> tuple[Reason, ...]:
    """Say why the benefits are to be suspended on a day; nothing when they are not.

    Tạm đình chỉ hưởng chế độ ưu đãi.

    Legal source:
        02/2020/UBTVQH14, Điều 54 khoản 1, khoản 2.
    """
    tried = (
        (conduct.imprisoned_on, "Chấp hành hình phạt tù", "Điều 54 khoản 1"),
        (conduct.absent_on, "Xuất cảnh trái phép hoặc mất tích", "Điều 54 khoản 2"),
    )
    return tuple(
        Reason(f"{words}, từ ngày {format_day(day)}", True, ordinance(place))
        for day, words, place in tried
        if day is not None and day <= on
    )


def merit_end_of(conduct: MeritConduct, *, on: date) -> End | None:
    """Say when and why the benefits end, by what had happened up to a day; None while they go on.

    The month in which it happens is paid.

    Legal source:
        02/2020/UBTVQH14, Điều 54; 131/2021/NĐ-CP, Điều 122 (death).
    """
    happened = sorted((day, place, words, source) for place, (day, words, source) in enumerate(_endings(conduct)))
    for day, _place, words, source in happened:
        if day <= on:
            return End(last_month=month_of(day), reason=Reason(f"{words} (ngày {format_day(day)})", True, source))
    return None


def _endings(conduct: MeritConduct) -> Iterator[tuple[date, str, LegalReference | None]]:
    dated = (
        (conduct.died_on, "Người hưởng đã chết", LegalReference(document="131/2021/NĐ-CP", article="122")),
        (conduct.withdrawn_on, "Có quyết định chấm dứt hưởng chế độ ưu đãi", ordinance("Điều 54")),
        (conduct.ineligible_on, "Không còn đủ điều kiện hưởng", None),
    )
    yield from ((day, words, source) for day, words, source in dated if day is not None)
