"""The province opens a round over every commune of its first day, and closes it when all have reported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day
from lienthong.poverty import policies
from lienthong.poverty.events import RoundClosed, RoundOpened
from lienthong.poverty.models import CommuneReview, HouseholdReview, ReviewRound
from lienthong.poverty.queries.rounds import RoundNotFound, column_of, round_plan, table_in_the_field
from lienthong.poverty.queries.standards import points_table_on
from lienthong.poverty.round_events import RoundTableTaken
from lienthong.poverty.services.stages import ReviewRefused, RoundIsClosed
from lienthong.poverty.services.visits import score_anew
from lienthong.poverty.states import CommuneState, RoundKind
from lienthong.rules.poverty.standards import NoStandard
from lienthong.units import queries as units

_PERIOD = {
    RoundKind.PERIODIC: re.compile(r"20\d\d"),
    RoundKind.REGULAR: re.compile(r"20\d\d-(0[1-9]|1[0-2])"),
}


class NotTheProvince(ReviewRefused):
    """The user does not run the review of the province."""

    def __init__(self) -> None:
        super().__init__(_("Chỉ cơ quan cấp tỉnh phụ trách giảm nghèo mới mở, đóng đợt rà soát."))


class NoSuchPeriod(ReviewRefused):
    """The period is not written as its kind has it."""

    def __init__(self) -> None:
        super().__init__(
            _("Kỳ của đợt định kỳ là một năm (ví dụ 2026), của đợt thường xuyên là một tháng (ví dụ 2026-11).")
        )


class RoundTaken(ReviewRefused):
    """There is a round of this kind and period."""

    def __init__(self, known: ReviewRound) -> None:
        words = _("Kỳ %(period)s đã có đợt rà soát từ %(first)s đến %(last)s. Hãy mở đợt đó thay vì lập đợt mới.")
        known_words = {
            "period": known.period,
            "first": format_day(known.starts_on),
            "last": format_day(known.ends_on),
        }
        super().__init__(words % known_words)


class DatesTheWrongWay(ReviewRefused):
    """The last day is before the first."""

    def __init__(self) -> None:
        super().__init__(_("Ngày kết thúc không thể trước ngày bắt đầu."))


class NoStandardThen(ReviewRefused):
    """No standard is in force on the first day."""

    def __init__(self, starts_on: date) -> None:
        words = _("Ngày %(day)s không có chuẩn nghèo nào có hiệu lực. Hãy kiểm tra lại ngày bắt đầu.")
        super().__init__(words % {"day": format_day(starts_on)})


class NoCommunesThen(ReviewRefused):
    """No communes are known for the first day."""

    def __init__(self, starts_on: date) -> None:
        words = _("Chưa có xã, phường nào của tỉnh trong dữ liệu ngày %(day)s. Hãy nạp dữ liệu địa bàn trước.")
        super().__init__(words % {"day": format_day(starts_on)})


class CommunesNotDone(ReviewRefused):
    """Some communes that have households on their list have not reported."""

    def __init__(self, communes: int) -> None:
        words = _("Còn %(n)s xã, phường có hộ trong danh sách mà chưa báo cáo kết quả, nên chưa thể đóng đợt.")
        super().__init__(words % {"n": communes})


class NoTableApproved(ReviewRefused):
    """No points table is approved for the standard of the round."""

    def __init__(self, standard_id: str) -> None:
        words = _("Chưa có bảng điểm B1 nào của chuẩn %(id)s được duyệt. Hãy nạp và duyệt bảng điểm trước.")
        super().__init__(words % {"id": standard_id})


class TableTakenAlready(ReviewRefused):
    """The round has its table, and scores stand on it."""

    def __init__(self) -> None:
        super().__init__(_("Đợt này đã có bảng điểm; các hộ đã chấm theo bảng đó nên không đổi bảng giữa đợt."))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRound:
    """A round as the province plans it. ``instrument``: the plan or letter that orders it."""

    kind: RoundKind
    period: str
    starts_on: date
    ends_on: date
    province_code: str
    instrument: str = ""


def open_round(command: OpenRound, *, acting_user: User, now: datetime) -> ReviewRound:
    """Open a round: every commune that is there on its first day takes part, under the standard in force that day.

    Mở đợt rà soát hộ nghèo, hộ cận nghèo.

    Without an approved points table a round may be opened; nobody is scored by points until it takes one.

    Args:
        command: Kind, period and days.
        acting_user: Who.
        now: When.

    Raises:
        NotTheProvince: The user does not run the review of the province.
        NoSuchPeriod: The period does not fit the kind.
        DatesTheWrongWay: The last day is before the first.
        RoundTaken: There is a round of this kind and period.
        NoStandardThen: No standard is in force on the first day.
        NoCommunesThen: No communes are known for it.

    Legal source:
        24/2021/QĐ-TTg.
    """
    if not policies.runs_province(acting_user, on=local_day(now)):
        raise NotTheProvince
    if not _PERIOD[command.kind].fullmatch(command.period):
        raise NoSuchPeriod
    if command.ends_on < command.starts_on:
        raise DatesTheWrongWay
    with transaction.atomic():
        locks.hold("review-rounds")
        try:
            plan = round_plan(
                command.kind, command.period, starts_on=command.starts_on, ends_on=command.ends_on, today=local_day(now),
                province_code=command.province_code,
            )  # fmt: skip
        except NoStandard as none:
            raise NoStandardThen(command.starts_on) from none
        if plan.known is not None:
            raise RoundTaken(plan.known)
        communes = list(units.communes_on(command.starts_on, province_code=command.province_code))
        if not communes:
            raise NoCommunesThen(command.starts_on)
        opened = ReviewRound.objects.create(
            kind=command.kind, period=command.period, standard_id=plan.standard_id, points_table=plan.table,
            points_column=plan.column, starts_on=command.starts_on, ends_on=command.ends_on,
            instrument=command.instrument.strip(), opened_by=acting_user, opened_at=now,
        )  # fmt: skip
        CommuneReview.objects.bulk_create([CommuneReview(round=opened, unit=unit) for unit in communes])
        fact = RoundOpened(
            round_id=opened.pk, period=opened.period, standard_id=opened.standard_id, communes=len(communes)
        )
        record(fact, stream=opened.stream, actor_id=acting_user.pk, at=now)
        return opened


def take_points_table(round_id: int, *, acting_user: User, now: datetime) -> ReviewRound:
    """Give a round that was opened without a points table the one that has been approved meanwhile.

    Households visited before are scored anew by it.

    Raises:
        NotTheProvince: The user does not run the review of the province.
        RoundNotFound: There is no such round.
        RoundIsClosed: It is over.
        TableTakenAlready: It has a table.
        NoTableApproved: None is approved for its standard.
    """
    with transaction.atomic():
        held = _held_round(round_id, acting_user=acting_user, now=now)
        if held.points_table_id is not None:
            raise TableTakenAlready
        day = max(held.starts_on, min(local_day(now), held.ends_on))
        table = table_in_the_field(held.standard_id) or points_table_on(held.standard_id, day)
        if table is None:
            raise NoTableApproved(held.standard_id)
        held.points_table, held.points_column = table, column_of(table, held.starts_on)
        held.save(update_fields=["points_table", "points_column"])
        fact = RoundTableTaken(round_id=held.pk, table_id=table.pk, number=table.number)
        record(fact, stream=held.stream, actor_id=acting_user.pk, at=now)
        score_anew(held, by=acting_user, now=now)
        return held


def close_round(round_id: int, *, acting_user: User, now: datetime) -> ReviewRound:
    """Close a round: nothing in it changes any more. A commune with nobody on its list need not have reported.

    Đóng đợt rà soát.

    Raises:
        NotTheProvince: The user does not run the review of the province.
        RoundNotFound: There is no such round.
        RoundIsClosed: It is over already.
        CommunesNotDone: Some have not reported.
    """
    with transaction.atomic():
        held = _held_round(round_id, acting_user=acting_user, now=now)
        # Held as well, so that nobody lists a household between the count and the closing.
        communes = held.communes.select_for_update().exclude(state=CommuneState.REPORTED)
        waiting = list(communes.order_by("pk").values_list("pk", flat=True))
        listed = Exists(HouseholdReview.objects.filter(commune_review=OuterRef("pk")))
        if unfinished := CommuneReview.objects.filter(listed, pk__in=waiting).count():
            raise CommunesNotDone(unfinished)
        held.closed_at = now
        held.save(update_fields=["closed_at"])
        record(RoundClosed(round_id=held.pk, period=held.period), stream=held.stream, actor_id=acting_user.pk, at=now)
        return held


def _held_round(round_id: int, *, acting_user: User, now: datetime) -> ReviewRound:
    if not policies.runs_province(acting_user, on=local_day(now)):
        raise NotTheProvince
    held = ReviewRound.objects.select_for_update().filter(pk=round_id).first()
    if held is None:
        raise RoundNotFound(round_id)
    if held.closed_at is not None:
        raise RoundIsClosed
    return held
