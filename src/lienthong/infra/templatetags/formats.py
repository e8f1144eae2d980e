"""How values are written: đồng, days, moments, per cents, numbers, sizes, time left."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.infra.times import moment_in_words
from lienthong.kernel.days import BirthDate, format_day, local_day, local_time
from lienthong.kernel.money import NO_BREAK_SPACE, format_dong

register = template.Library()

_UNITS = ("KB", "MB", "GB")


class SaysItself(Protocol):
    """A value that knows its own words, such as the time left of a deadline."""

    def in_words(self) -> str: ...


@register.filter
def dong(amount: int | None) -> str:
    """Write whole đồng: 1.234.567 ₫. Nothing for None."""
    return "" if amount is None else format_dong(amount)


@register.filter
def number(value: int | None) -> str:
    """Write a whole number with dots: 1.234.567. Nothing for None."""
    return "" if value is None else f"{value:,}".replace(",", ".")


@register.filter
def percent(value: float | Decimal | None, places: int = 2) -> str:
    """Write a rate (0.6817 of 1) as 68,17 %. "không có số liệu" for None: nothing below the line is not 100 %."""
    if value is None:
        return _("không có số liệu")
    rounded = (Decimal(str(value)) * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,}".translate(str.maketrans(",.", ".,")) + NO_BREAK_SPACE + "%"


@register.filter
def day(value: date | datetime | BirthDate | None) -> str:
    """Write a day as 27/11/2026 (a partly known date of birth as far as it is known). Nothing for None."""
    if value is None:
        return ""
    if isinstance(value, BirthDate):
        return str(value)
    return format_day(local_day(value) if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment as 17:00 thứ Sáu 27/11/2026. Nothing for None."""
    return "" if value is None else moment_in_words(value)


@register.filter
def moment_short(value: datetime | None) -> str:
    """Write a moment as 27/11/2026 17:00, for columns and timelines. Nothing for None."""
    return "" if value is None else f"{format_day(local_day(value))} {local_time(value):%H:%M}"


@register.filter
def machine_moment(value: date | datetime | None) -> str:
    """Write a day or moment for the ``datetime`` attribute of ``<time>``."""
    return "" if value is None else (local_time(value) if isinstance(value, datetime) else value).isoformat()


@register.filter
def file_size(size: int | None) -> str:
    """Write a number of bytes as 812 KB or 2,4 MB. Nothing for None."""
    if size is None:
        return ""
    shown = max(size, 1) / 1024
    for unit in _UNITS:
        if shown < 1000 or unit == _UNITS[-1]:
            digits = f"{shown:.1f}" if shown < 10 and unit != "KB" else f"{max(shown, 1):.0f}"
            return f"{digits.replace('.', ',')}{NO_BREAK_SPACE}{unit}"
        shown /= 1024
    return ""


@register.filter
def time_left(value: SaysItself | int | None) -> str:
    """Say the time left: of a deadline's answer, or of a number of working days (negative when late)."""
    if value is None:
        return _("không có hạn")
    if not isinstance(value, int):
        return value.in_words()
    if value > 0:
        return ngettext("còn %(days)s ngày làm việc", "còn %(days)s ngày làm việc", value) % {"days": value}
    if value == 0:
        return _("đến hạn hôm nay")
    return ngettext("trễ %(days)s ngày làm việc", "trễ %(days)s ngày làm việc", -value) % {"days": -value}


@register.filter
def grouped(value: Any) -> str:
    """Write a number that is a name in groups, so that it can be read aloud: 0190 8500 1234, a telephone 0912 345 678."""
    text = str(value or "")
    if not text.isascii() or not text.isdigit():
        return text
    if len(text) == 10:
        return NO_BREAK_SPACE.join([text[:4], text[4:7], text[7:]])
    width = 4 if len(text) % 4 == 0 else 3
    return NO_BREAK_SPACE.join(text[start : start + width] for start in range(0, len(text), width))
