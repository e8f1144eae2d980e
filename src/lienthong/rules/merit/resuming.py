"""From which month benefits that were suspended are paid again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lienthong.kernel.days import add_months, format_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.legal import LegalReference

LACKS_RELEASE: Final = "ngày chấp hành xong hình phạt tù"
LACKS_SUSPENSION: Final = "tháng bị tạm dừng, tạm đình chỉ hưởng"


class ResumeGround(StrEnum):
    """Why benefits are paid again.

    Trường hợp hưởng lại chế độ ưu đãi.
    """

    SERVED = "served"
    RETURNED = "returned"
    CLEARED = "cleared"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a form or a reason."""
        return _WORDS[self]


_WORDS: Final[Mapping[ResumeGround, str]] = MappingProxyType(
    {
        ResumeGround.SERVED: "đã chấp hành xong hình phạt tù",
        ResumeGround.RETURNED: "xuất cảnh trái phép hoặc mất tích, nay trở về",
        ResumeGround.CLEARED: "đã xác minh, không giả mạo giấy tờ, không khai báo gian dối",
    }
)


def resumes_from(
    ground: ResumeGround, *, asked_on: date, released_on: date | None = None, suspended_from: date | None = None
) -> Decision[date]:
    """Give the first month that is paid again.

    Thời điểm hưởng lại chế độ ưu đãi.

    Args:
        ground: Why.
        asked_on: The day on which the request was received.
        released_on: The day on which the sentence was served in full; None where it is not known.
        suspended_from: The first month that was not paid.

    Returns:
        The first day of the month; UNKNOWN while the day that decides it is not told.

    Legal source:
        131/2021/NĐ-CP, Điều 119 khoản 1 điểm a (the month after the sentence was served), điểm b (the month after that of the
        request), khoản 2 (the month of the suspension).
    """
    if ground is ResumeGround.SERVED:
        article = LegalReference(document="131/2021/NĐ-CP", article="119", clause="1", point="a")
        if released_on is None:
            return Decision.unknown(missing=[LACKS_RELEASE])
        month = _month_after(released_on)
        words = f"Chấp hành xong hình phạt tù ngày {format_day(released_on)}: hưởng lại từ tháng {month:%m/%Y}"
    elif ground is ResumeGround.RETURNED:
        article = LegalReference(document="131/2021/NĐ-CP", article="119", clause="1", point="b")
        month = _month_after(asked_on)
        words = f"Đơn nhận ngày {format_day(asked_on)}: hưởng lại từ tháng {month:%m/%Y}"
    else:
        article = LegalReference(document="131/2021/NĐ-CP", article="119", clause="2")
        if suspended_from is None:
            return Decision.unknown(missing=[LACKS_SUSPENSION])
        month = suspended_from.replace(day=1)
        words = f"Hưởng lại từ tháng bị tạm đình chỉ, {month:%m/%Y}"
    return Decision.granted(month, reasons=[Reason(words, True, article)])


def _month_after(day: date) -> date:
    return add_months(day.replace(day=1), 1)
