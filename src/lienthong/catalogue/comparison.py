"""What changed between two versions, part by part and in words. So khác hai phiên bản."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lienthong.catalogue.definition import FeeData, ItemData, ResultData, StepData, VersionData
from lienthong.catalogue.states import ApplicantKind, Channel, Confidence, StepLevel, StepRole, SupplementRule
from lienthong.kernel.days import format_day
from lienthong.kernel.money import format_dong
from lienthong.rules.deadline_text import allowance_in_words


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that reads otherwise. An empty text means that it was not there."""

    part: str
    before: str
    after: str


def differences(before: VersionData, after: VersionData) -> tuple[Difference, ...]:
    """Return what reads otherwise in ``after``, in the order of the parts."""
    return tuple(_differences(before, after))


def _differences(before: VersionData, after: VersionData) -> Iterator[Difference]:
    for label, words in _facts().items():
        yield from _when_other(label, words(before), words(after))
    yield from _rows(_("Giấy tờ %(number)s"), before.items, after.items, item_in_words)
    yield from _rows(_("Bước %(number)s"), before.steps, after.steps, step_in_words)
    yield from _rows(_("Kết quả %(number)s"), before.results, after.results, result_in_words)
    yield from _when_other(_("Phí, lệ phí"), *("; ".join(map(fee_in_words, one.fees)) for one in (before, after)))


def _when_other(part: str, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference(part, before, after)


def _rows(
    label: str, before: tuple[Any, ...], after: tuple[Any, ...], words: Callable[[Any], str]
) -> Iterator[Difference]:
    old, new = ({row.number: words(row) for row in rows} for rows in (before, after))
    for number in sorted({*old, *new}):
        yield from _when_other(label % {"number": number}, old.get(number, ""), new.get(number, ""))


def _facts() -> dict[str, Callable[[VersionData], str]]:
    return {
        _("Tên"): lambda one: one.name,
        _("Có hiệu lực"): lambda one: str(one.span),
        _("Quyết định công bố"): _decision,
        _("Cấp tiếp nhận"): lambda one: str(one.receiving_level.label),
        _("Cấp giải quyết"): lambda one: _labels(StepLevel, one.competent_levels),
        _("Cơ quan ngoài giải quyết"): lambda one: one.handled_by,
        _("Đối tượng"): lambda one: _labels(ApplicantKind, one.applicants),
        _("Cách nộp"): lambda one: _labels(Channel, one.channels),
        _("Mức độ trực tuyến"): lambda one: str(one.online_level.label),
        _("Mức độ theo thang 1–4"): lambda one: _with(one.online_level_then, one.online_level_confidence),
        _("Trả kết quả ngay"): lambda one: yes_or_no(one.is_instant),
        _("Liên thông"): lambda one: yes_or_no(one.is_joint),
        _("Thời hạn"): lambda one: allowance_in_words(one.allowance),
        _("Thời hạn theo văn bản"): lambda one: one.allowance_text,
        _("Sau khi bổ sung"): lambda one: _with(SupplementRule(one.supplement_rule).label, one.supplement_confidence),
        _("Số bộ hồ sơ"): lambda one: str(one.sets),
        _("Yêu cầu, điều kiện"): lambda one: one.conditions,
        _("Ai làm được"): lambda one: one.who,
        _("Nhận được gì"): lambda one: one.gives,
        _("Căn cứ pháp lý"): lambda one: "; ".join(one.legal_basis),
        _("Nguồn"): lambda one: one.source,
        _("Ghi chú"): lambda one: one.notes,
        _("Độ tin cậy"): lambda one: str(one.confidence.label),
    }


def _decision(version: VersionData) -> str:
    if version.decision is None:
        return ""
    decision = version.decision
    day = format_day(decision.signed_on) if decision.signed_on else ""
    return ", ".join(filter(None, [decision.number, day, decision.issuer, sure(decision.confidence)]))


def _with(value: object, confidence: str) -> str:
    return ", ".join(filter(None, ["" if value is None else str(value), sure(confidence)]))


def sure(confidence: str) -> str:
    """Say how sure a fact is; nothing where nobody has said."""
    return str(Confidence(confidence).label) if confidence else ""


def _labels(choices: Any, values: tuple[str, ...]) -> str:
    known = dict(choices.choices)
    return ", ".join(str(known.get(value, value)) for value in values)


def yes_or_no(value: bool) -> str:
    """Say yes or no."""
    return _("có") if value else _("không")


def item_in_words(item: ItemData) -> str:
    """Say what paper is asked for, in which form and how often."""
    counts = [
        _("%(count)s bản chính") % {"count": item.originals} if item.originals else "",
        _("%(count)s bản sao") % {"count": item.copies} if item.copies else "",
    ]
    form = _("mẫu %(code)s") % {"code": item.form_code} if item.form_code else ""
    must = "" if item.is_required else _("không bắt buộc")
    when = _("chỉ khi %(condition)s") % {"condition": item.condition} if item.condition else ""
    return "; ".join(filter(None, [item.name, form, str(item.kind.label), *counts, must, when]))


def step_in_words(step: StepData) -> str:
    """Say what is done in a step, by whom, where and how long."""
    role = str(dict(StepRole.choices).get(step.role, step.role))
    level = str(dict(StepLevel.choices).get(step.agency_level, step.agency_level))
    place = " ".join(filter(None, [str(step.place.label), level]))
    time = step.allowance.in_words if step.allowance else ""
    return "; ".join(filter(None, [step.name, str(step.kind.label), role, place, time]))


def result_in_words(result: ResultData) -> str:
    """Say what is given, and in which form."""
    form = _("bản điện tử") if result.is_digital else _("bản giấy")
    return "; ".join(filter(None, [result.name, result.code, form]))


def fee_in_words(fee: FeeData) -> str:
    """Say what is paid, for what, by which channel and since when."""
    channel = "" if fee.channel not in Channel.values else str(Channel(fee.channel).label)
    until = _("đến trước %(day)s") % {"day": format_day(fee.valid_until)} if fee.valid_until else ""
    since = _("từ %(day)s") % {"day": format_day(fee.valid_from)}
    return ", ".join(filter(None, [format_dong(fee.amount), fee.note, channel, since, until, sure(fee.confidence)]))
