"""Is a version whole and without contradiction? Asked of drafts while they are written, and again before publishing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from lienthong.catalogue.definition import FeeData, StepData, VersionData
from lienthong.catalogue.findings import Finding, Part, Severity
from lienthong.catalogue.states import ItemKind, StepKind, StepPlace, StepRole
from lienthong.kernel.days import format_day
from lienthong.kernel.money import format_dong
from lienthong.rules.deadline_text import allowance_in_words
from lienthong.rules.deadlines import Allowance, Unit

_TIME_IN_WORDS = re.compile(r"(\d+)\s*(ngày\s+làm\s+việc|giờ\s+làm\s+việc|ngày|giờ|tháng)", re.IGNORECASE)
_WORDED_UNITS = {
    "ngày làm việc": Unit.WORKING_DAY,
    "giờ làm việc": Unit.WORKING_HOUR,
    "ngày": Unit.CALENDAR_DAY,
    "giờ": Unit.WORKING_HOUR,
    "tháng": Unit.MONTH,
}


_HOURS_IN = {Unit.WORKING_DAY: 8, Unit.WORKING_HOUR: 1}
# Handing over after intake is a duty of its own, and returning waits for the applicant.
_OUTSIDE_THE_LIMIT = {StepKind.INTAKE, StepKind.RETURN}


def check_version(version: VersionData) -> tuple[Finding, ...]:
    """Return what is wrong or doubtful in a version, in the order of its parts; a version in force has no error."""
    by_part = {
        Part.FACTS: _facts(version),
        Part.START_PAGE: _start_page(version),
        Part.ITEMS: _items(version),
        Part.STEPS: _steps(version.steps),
        Part.TIME: _times(version),
        Part.FEES: _fees(version.fees),
        Part.RESULTS: _results(version),
        Part.LAW: _law(version),
    }
    return tuple(replace(finding, part=part) for part, findings in by_part.items() for finding in findings)


def _facts(version: VersionData) -> Iterator[Finding]:
    if not version.name:
        yield Finding(_("Chưa có tên thủ tục."), _("thông tin chung"))
    if version.valid_until is not None and version.valid_until <= version.valid_from:
        yield Finding(
            _("Ngày hết hiệu lực %(until)s phải sau ngày có hiệu lực %(start)s.")
            % {"until": format_day(version.valid_until), "start": format_day(version.valid_from)},
            _("thông tin chung"),
        )
    if not version.applicants:
        yield Finding(_("Chưa nêu ai được làm thủ tục này."), _("thông tin chung"))
    if not version.channels:
        yield Finding(_("Chưa nêu nộp bằng cách nào."), _("thông tin chung"))


def _law(version: VersionData) -> Iterator[Finding]:
    if not version.legal_basis:
        yield Finding(_("Chưa có căn cứ pháp lý. Hãy ghi số văn bản, điều, khoản."), _("căn cứ pháp lý"))


def _start_page(version: VersionData) -> Iterator[Finding]:
    if not version.who or not version.gives:
        yield Finding(
            _("Trang giới thiệu cho người dân còn thiếu câu “ai làm được” hoặc “nhận được gì”."),
            _("trang giới thiệu"),
            Severity.WARNING,
        )


def _items(version: VersionData) -> Iterator[Finding]:
    if not version.items:
        yield Finding(_("Chưa có thành phần hồ sơ nào."), _("thành phần hồ sơ"))
    yield from _numbering([item.number for item in version.items], _("thành phần hồ sơ"))
    for item in version.items:
        place = _("giấy tờ %(number)s") % {"number": item.number}
        if item.kind is ItemKind.ORIGINAL and not item.originals:
            yield Finding(_("Nộp bản chính nhưng số bản chính là 0."), place)
        if item.kind in {ItemKind.COPY, ItemKind.CERTIFIED_COPY} and not item.copies:
            yield Finding(_("Nộp bản sao nhưng số bản sao là 0."), place)


def _steps(steps: tuple[StepData, ...]) -> Iterator[Finding]:
    place = _("quy trình")
    if not steps:
        yield Finding(
            _("Chưa có bước nào. Quy trình bắt đầu bằng bước tiếp nhận và kết thúc bằng bước trả kết quả."), place
        )
        return
    yield from _numbering([step.number for step in steps], place)
    kinds = [step.kind for step in steps]
    if kinds[0] is not StepKind.INTAKE:
        yield Finding(
            _("Bước đầu tiên phải là “tiếp nhận”; đang là “%(kind)s”.") % {"kind": kinds[0].label}, _("bước 1")
        )
    if kinds[-1] is not StepKind.RETURN:
        yield Finding(
            _("Bước cuối cùng phải là “trả kết quả”; đang là “%(kind)s”.") % {"kind": kinds[-1].label},
            _("bước %(number)s") % {"number": steps[-1].number},
        )
    decisions = kinds.count(StepKind.DECIDE)
    if decisions != 1:
        yield Finding(_("Quy trình cần đúng một bước “phê duyệt”; đang có %(count)s.") % {"count": decisions}, place)
    for step in steps:
        yield from _step(step, is_first=step is steps[0], is_last=step is steps[-1])


def _step(step: StepData, *, is_first: bool, is_last: bool) -> Iterator[Finding]:
    place = _("bước %(number)s") % {"number": step.number}
    if step.role not in StepRole.values:
        yield Finding(
            _("Không có vai trò “%(role)s”. Hãy chọn một trong: %(roles)s.")
            % {"role": step.role, "roles": ", ".join(str(label) for label in StepRole.labels)},
            place,
        )
    if (step.kind is StepKind.INTAKE and not is_first) or (step.kind is StepKind.RETURN and not is_last):
        yield Finding(
            _("Bước “%(kind)s” đứng giữa quy trình thì các bước sau không bao giờ tới. Hãy đổi loại bước hoặc thứ tự.")
            % {"kind": step.kind.label},
            place,
        )
    if step.place is StepPlace.COMPETENT and not step.agency_level:
        yield Finding(_("Chưa nêu cấp của cơ quan có thẩm quyền."), place)


def _numbering(numbers: list[int], place: str) -> Iterator[Finding]:
    if numbers != list(range(1, len(numbers) + 1)):
        yield Finding(
            _("Số thứ tự phải liền nhau từ 1; đang là %(numbers)s.") % {"numbers": ", ".join(map(str, numbers))}, place
        )


def _times(version: VersionData) -> Iterator[Finding]:
    place = _("thời hạn")
    if not version.allowance and not version.is_instant:
        yield Finding(_("Chưa có thời hạn giải quyết."), place)
    shared = [step.allowance for step in version.steps if step.allowance and step.kind not in _OUTSIDE_THE_LIMIT]
    if version.steps and version.allowance and not shared:
        yield Finding(_("Chưa chia thời hạn cho từng bước."), place, Severity.WARNING)
    elif not _fills(shared, version.allowance):
        yield Finding(
            _("Thời hạn các bước (%(parts)s) không vừa với thời hạn của thủ tục (%(whole)s).")
            % {
                "parts": allowance_in_words(shared) or _("không có"),
                "whole": allowance_in_words(version.allowance) or _("không có"),
            },
            place,
        )
    yield from unit_conflicts(version.allowance, version.allowance_text)


def _fills(shared: Sequence[Allowance], whole: Sequence[Allowance]) -> bool:
    """Say whether the times of the steps, in their order, fill the parts of the limit one after the other, exactly."""
    steps = list(shared)
    for part in whole:
        left = _in_smallest(part, part.unit)
        while left and left > 0 and steps:
            taken = _in_smallest(steps.pop(0), part.unit)
            if taken is None:
                return False
            left -= taken
        if left != 0:
            return False
    return not steps


def _in_smallest(time: Allowance, unit: Unit) -> int | None:
    """Give a time in hours where the part is of working days, else in its own unit; None where the units do not fit."""
    if unit in _HOURS_IN:
        return time.amount * _HOURS_IN[time.unit] if time.unit in _HOURS_IN else None
    return time.amount if time.unit is unit else None


def unit_conflicts(allowance: Iterable[Allowance], text: str) -> Iterator[Finding]:
    """Find where the unit of a time limit contradicts its wording: portals often say one and mean the other.

    Only amounts that the wording names are compared; a wording that splits the limit otherwise is no contradiction.
    """
    worded: dict[int, set[Unit]] = {}
    for amount, unit in _TIME_IN_WORDS.findall(text):
        worded.setdefault(int(amount), set()).add(_WORDED_UNITS[" ".join(unit.lower().split())])
    for part in allowance:
        said = worded.get(part.amount)
        if said and part.unit not in said:
            yield Finding(
                _(
                    "Đơn vị là “%(unit)s” nhưng lời văn ghi “%(amount)s %(said)s”. Hãy so với văn bản và sửa một trong hai."
                )
                % {
                    "unit": part.unit.in_words,
                    "amount": part.amount,
                    "said": " / ".join(sorted(unit.in_words for unit in said)),
                },
                _("thời hạn"),
            )


def _fees(fees: tuple[FeeData, ...]) -> Iterator[Finding]:
    place = _("phí, lệ phí")
    if not fees:
        yield Finding(_("Chưa nêu phí, lệ phí; nếu không thu thì ghi 0."), place, Severity.WARNING)
    for index, fee in enumerate(fees):
        if fee.amount < 0:
            yield Finding(_("Mức thu %(amount)s nhỏ hơn 0.") % {"amount": format_dong(fee.amount)}, place)
        if fee.valid_until is not None and fee.valid_until <= fee.valid_from:
            yield Finding(
                _("Mức thu từ %(start)s phải hết hiệu lực sau ngày đó.") % {"start": format_day(fee.valid_from)}, place
            )
        for other in fees[:index]:
            if (fee.channel, fee.note) == (other.channel, other.note) and _overlap(fee, other):
                yield Finding(
                    _(
                        "Hai mức thu cùng cách nộp và cùng nội dung chồng nhau từ %(day)s. Hãy ghi ngày kết thúc của mức cũ."
                    )
                    % {"day": format_day(max(fee.valid_from, other.valid_from))},
                    place,
                )


def _overlap(one: FeeData, other: FeeData) -> bool:
    return (other.valid_until is None or one.valid_from < other.valid_until) and (
        one.valid_until is None or other.valid_from < one.valid_until
    )


def _results(version: VersionData) -> Iterator[Finding]:
    if not version.results:
        yield Finding(_("Chưa nêu kết quả của thủ tục."), _("kết quả"), Severity.WARNING)
    yield from _numbering([result.number for result in version.results], _("kết quả"))
