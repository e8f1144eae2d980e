"""How the facts of a procedure are said to people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.catalogue.states import ApplicantKind, Channel, Confidence, ItemKind, ReceivingLevel
from lienthong.kernel.money import format_dong
from lienthong.rules.deadlines import Allowance, Unit


def limit_in_words(allowance: Sequence[Allowance], *, is_instant: bool = False) -> str:
    """Say how long a procedure takes. Working days that follow each other are one stretch; other parts stay apart."""
    if is_instant:
        return _("trả kết quả ngay")
    if not allowance:
        return _("chưa rõ thời hạn")
    stretches: list[Allowance] = []
    for part in allowance:
        if stretches and part.unit is Unit.WORKING_DAY is stretches[-1].unit:
            stretches[-1] = Allowance(stretches[-1].amount + part.amount, part.unit)
        else:
            stretches.append(part)
    return _(", rồi ").join(map(part_in_words, stretches))


def time_limit_in_words(allowance: Sequence[Allowance]) -> str:
    """Write a time limit, part after part ("5 ngày làm việc + 12 ngày")."""
    return " + ".join(map(part_in_words, allowance))


def part_in_words(part: Allowance) -> str:
    """Write one part of a time limit ("5 ngày làm việc")."""
    number = {"n": part.amount}
    if not part.amount:
        return _("trong ngày")
    match part.unit:
        case Unit.WORKING_DAY:
            return ngettext("%(n)s ngày làm việc", "%(n)s ngày làm việc", part.amount) % number
        case Unit.CALENDAR_DAY:
            return ngettext("%(n)s ngày", "%(n)s ngày", part.amount) % number
        case Unit.WORKING_HOUR:
            return ngettext("%(n)s giờ làm việc", "%(n)s giờ làm việc", part.amount) % number
        case Unit.MONTH:
            return ngettext("%(n)s tháng", "%(n)s tháng", part.amount) % number


def fees_in_words(amounts: Iterable[int]) -> str:
    """Say what is paid, in one phrase. Nothing known is not free of charge."""
    known = sorted(set(amounts))
    if not known:
        return _("chưa rõ mức phí")
    if known == [0]:
        return _("không mất phí")
    if len(known) == 1:
        return format_dong(known[0])
    least = format_dong(known[0]) if known[0] else _("miễn phí")
    return _("%(least)s đến %(most)s, tùy trường hợp") % {"least": least, "most": format_dong(known[-1])}


def desks_in_words(level: str) -> str:
    """Say at which desks a request is handed in."""
    return {
        ReceivingLevel.PROVINCE: _("bộ phận một cửa cấp tỉnh"),
        ReceivingLevel.COMMUNE: _("bộ phận một cửa cấp xã"),
        ReceivingLevel.PROVINCE_OR_COMMUNE: _("bộ phận một cửa cấp tỉnh hoặc cấp xã"),
    }[ReceivingLevel(level)]


def channels_in_words(channels: Iterable[str]) -> str:
    """Say how a request is handed in, in our order."""
    given = set(channels)
    return ", ".join(str(channel.label) for channel in Channel if channel.value in given)


def applicants_in_words(applicants: Iterable[str]) -> str:
    """Say who may ask."""
    given = set(applicants)
    return ", ".join(str(kind.label) for kind in ApplicantKind if kind.value in given)


def how_to_give(item: Any) -> str:
    """Say in which form and how often one paper is given."""
    if item.kind == ItemKind.PRESENT_ONLY:
        return _("mang theo để đối chiếu, được trả lại ngay")
    if item.kind == ItemKind.DATA_LOOKUP:
        return _("không phải nộp, cơ quan tự tra trong cơ sở dữ liệu")
    if item.kind == ItemKind.E_FORM:
        return _("điền trực tuyến")
    counts = []
    if item.originals:
        counts.append(_("%(count)s bản chính") % {"count": item.originals})
    if item.copies and item.kind == ItemKind.CERTIFIED_COPY:
        counts.append(_("%(count)s bản sao chứng thực") % {"count": item.copies})
    elif item.copies:
        counts.append(_("%(count)s bản sao") % {"count": item.copies})
    return _(" và ").join(counts)


def sureness_in_words(confidence: str) -> str:
    """Say honestly how sure what stands on a page is, and what to do about it."""
    return {
        Confidence.VERIFIED: _("Nội dung trang này đã đối chiếu với văn bản."),
        Confidence.SECONDARY: _(
            "Nội dung trang này lấy từ nguồn thứ cấp, chưa đối chiếu với văn bản gốc. Nếu có khác, văn bản là đúng."
        ),
        Confidence.MEMORY: _(
            "Một phần nội dung trang này chưa được kiểm chứng. Hãy hỏi bộ phận một cửa trước khi chuẩn bị giấy tờ."
        ),
    }[Confidence(confidence)]
