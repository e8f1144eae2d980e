"""The lines of the provincial People's Council: prepared by one, approved by another, ended from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.kernel.days import format_day
from lienthong.kernel.text import clean_line
from lienthong.poverty.models import ProvincialLine
from lienthong.poverty.services import approvals
from lienthong.poverty.services.approvals import SpanWrong, StandardRefused
from lienthong.poverty.states import ApprovalState, AreaKind, LineKind
from lienthong.rules.poverty.facts import Area
from lienthong.rules.poverty.standards import NoStandard, standard_on


class LineTooLow(StandardRefused):
    """A province may only raise the national line."""


class LineOverlaps(StandardRefused):
    """Another approved line holds on some of the days."""


class InstrumentMissing(StandardRefused):
    """A line without its resolution has no ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareLine:
    """A line that a resolution of the province sets. Chuẩn riêng của tỉnh.

    Attributes:
        amount: Đồng for one person and month.
        valid_until: First day on which it no longer holds; None for open.
    """

    area: AreaKind
    kind: LineKind
    amount: int
    instrument: str
    valid_from: date
    valid_until: date | None = None


@transaction.atomic
def prepare_line(command: PrepareLine, *, acting_user: User, now: datetime) -> ProvincialLine:
    """Put a line down for a second person.

    Lập chuẩn riêng của tỉnh.

    Raises:
        NotYourStandard: The user is no officer of the competent agency.
        InstrumentMissing, SpanWrong, LineTooLow: The line cannot hold so.
    """
    approvals.may_prepare(acting_user, now)
    instrument = " ".join(command.instrument.split())
    if not instrument:
        raise InstrumentMissing(_("Ghi số và ngày của nghị quyết Hội đồng nhân dân tỉnh đặt mức này."))
    if command.valid_until is not None and command.valid_until <= command.valid_from:
        raise SpanWrong(_("Ngày kết thúc phải sau ngày bắt đầu."))
    _refuse_low(command)
    line: ProvincialLine = ProvincialLine.objects.create(
        area=command.area,
        kind=command.kind,
        amount=command.amount,
        instrument=clean_line(instrument, at_most=200),
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        prepared_by=acting_user,
        prepared_at=now,
    )
    approvals.tell(line, what=_what(line), state=str(ApprovalState.DRAFT.label), acting_user=acting_user, now=now)
    return line


@transaction.atomic
def approve_line(line_id: int, *, acting_user: User, now: datetime) -> ProvincialLine:
    """Let a prepared line hold on its days.

    Duyệt chuẩn riêng của tỉnh.

    Raises:
        StandardChangeUnknown: There is none.
        NotYourStandard, PreparedByApprover, AlreadyDecided: The user or the state does not allow it.
        LineOverlaps: Another approved line holds on some of the days.
    """
    locks.hold("poverty:provincial-lines")
    line = approvals.locked(ProvincialLine, line_id)
    approvals.must_be(line, ApprovalState.DRAFT)
    others = ProvincialLine.objects.filter(area=line.area, kind=line.kind, state=ApprovalState.APPROVED)
    for other in others.order_by("valid_from", "pk"):
        if _overlap(line.valid_from, line.valid_until, other.valid_from, other.valid_until):
            words = {"instrument": other.instrument, "day": format_day(other.valid_from)}
            raise LineOverlaps(
                _(
                    "Mức theo %(instrument)s, áp dụng từ %(day)s, trùng ngày với mức này. Hãy ghi ngày kết thúc cho mức ấy trước."
                )
                % words
            )
    approvals.approve(line, what=_what(line), acting_user=acting_user, now=now)
    return line


@transaction.atomic
def refuse_line(line_id: int, *, reason: str, acting_user: User, now: datetime) -> ProvincialLine:
    """Turn a prepared line down. Không duyệt chuẩn riêng của tỉnh.

    Raises:
        StandardChangeUnknown, StandardRefused: As in ``approvals.refuse``.
    """
    line = approvals.locked(ProvincialLine, line_id)
    approvals.refuse(line, what=_what(line), reason=reason, acting_user=acting_user, now=now)
    return line


@transaction.atomic
def end_line(line_id: int, *, ends_on: date, acting_user: User, now: datetime) -> ProvincialLine:
    """Let an approved line end; somebody other than who prepared it.

    Kết thúc chuẩn riêng của tỉnh.

    Args:
        line_id: Which.
        ends_on: First day on which it no longer holds.
        acting_user: Who ends it.
        now: When.

    Raises:
        StandardChangeUnknown, StandardRefused: As in ``approvals.end``.
    """
    locks.hold("poverty:provincial-lines")
    line = approvals.locked(ProvincialLine, line_id)
    approvals.end(line, what=_what(line), ends_on=ends_on, acting_user=acting_user, now=now)
    return line


def _refuse_low(command: PrepareLine) -> None:
    try:
        law = standard_on(command.valid_from)
    except NoStandard as unknown:
        raise SpanWrong(str(unknown)) from unknown
    area = Area(str(command.area))
    national = law.lines.get(area) if command.kind == LineKind.POOR else law.average_ceilings.get(area)
    if national is not None and command.amount <= national:
        words = {"given": f"{command.amount:,}".replace(",", "."), "national": f"{national:,}".replace(",", ".")}
        raise LineTooLow(
            _("Mức %(given)s ₫ không cao hơn mức chung cả nước là %(national)s ₫; tỉnh chỉ đặt được mức cao hơn.")
            % words
        )


def _overlap(first: date, until: date | None, other_first: date, other_until: date | None) -> bool:
    return (until is None or other_first < until) and (other_until is None or first < other_until)


def _what(line: ProvincialLine) -> str:
    kind, area = LineKind(line.kind).label, AreaKind(line.area).label
    return _("Chuẩn riêng của tỉnh số %(id)s (%(kind)s, %(area)s)") % {"id": line.pk, "kind": kind, "area": area}
