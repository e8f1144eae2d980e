"""Vietnamese sentences of the log and of the rules, as a person reads them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from lienthong.kernel.days import format_day
from lienthong.kernel.money import format_dong

NOT_FITTING: Final = "Không thuộc diện"
"""How the rules begin a sentence about a category that was tried and does not fit."""
_MONTH = re.compile(r"tháng (\d{4})-(\d{2})-01\b")
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DONG = re.compile(r"\b(\d{4,}) đồng\b")


def spoken(sentence: str) -> str:
    """Write days, months and sums of a sentence as people do.

    Examples:
        >>> spoken("Được hưởng từ tháng 2026-11-01, mỗi tháng 540000 đồng, ghi ngày 2026-11-16.")
        'Được hưởng từ tháng 11/2026, mỗi tháng 540.000\xa0₫, ghi ngày 16/11/2026.'
    """
    sentence = _MONTH.sub(r"tháng \2/\1", sentence)
    sentence = _DAY.sub(lambda day: format_day(date(int(day[1]), int(day[2]), int(day[3]))), sentence)
    return _DONG.sub(lambda sum_: format_dong(int(sum_[1])), sentence)
