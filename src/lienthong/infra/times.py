"""Moments and stretches of time in the language of the reader; the kernel and the rules speak Vietnamese alone."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from lienthong.kernel.days import format_day, local_time, weekday_name

WEEKDAYS = (
    gettext_noop("thứ Hai"), gettext_noop("thứ Ba"), gettext_noop("thứ Tư"), gettext_noop("thứ Năm"),
    gettext_noop("thứ Sáu"), gettext_noop("thứ Bảy"), gettext_noop("Chủ nhật"),
)  # fmt: skip


def weekday_in_words(day: date) -> str:
    """Name the day of the week ("thứ Sáu", "Friday")."""
    return _(weekday_name(day))


def moment_in_words(moment: datetime) -> str:
    """Write a moment as the clocks here show it ("17:00 thứ Sáu 27/11/2026")."""
    local = local_time(moment)
    return f"{local:%H:%M} {weekday_in_words(local.date())} {format_day(local.date())}"


def hours_in_words(span: timedelta) -> str:
    """Write a stretch in hours and minutes ("3 giờ 30 phút"); seconds are left out."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    words = [ngettext("%(n)s giờ", "%(n)s giờ", hours) % {"n": hours}] * bool(hours)
    words += [ngettext("%(n)s phút", "%(n)s phút", minutes) % {"n": minutes}] * bool(minutes)
    return " ".join(words) or _("dưới 1 phút")
