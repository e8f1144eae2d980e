"""Figures over dossiers: one pass of SQL over rows that events alone have written, with published definitions.

Every figure is a count of records that can be listed; a rate with nothing below the line is "no data", never 100 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, F, Func, Q, Value
from django.db.models.lookups import LessThan
from django.utils.translation import gettext_lazy as _

from lienthong.dossiers.periods import read_period
from lienthong.kernel.days import local_moment

DEFINITIONS = {
    "carried_over": _("Tồn đầu kỳ: hồ sơ tiếp nhận trước kỳ, đến đầu kỳ chưa giải quyết xong."),
    "received": _("Tiếp nhận trong kỳ: hồ sơ được cấp số trong kỳ, mọi cách thức nộp."),
    "online": _("Nộp trực tuyến: hồ sơ tiếp nhận trong kỳ mà người nộp tự gửi qua cổng."),
    "early": _("Trước hạn: giải quyết xong vào ngày trước hạn theo luật."),
    "on_time": _("Đúng hạn: giải quyết xong đúng ngày của hạn theo luật."),
    "late": _(
        "Trễ hạn: giải quyết xong sau hạn theo luật, là ngày hẹn in trên giấy tiếp nhận, tính lại theo quy định khi người nộp"
        " phải bổ sung; xin lỗi và hẹn lại không làm mất lần trễ."
    ),
    "late_extended": _("Trễ cả hạn đã hẹn lại: giải quyết xong sau cả ngày đã xin lỗi và hẹn lại."),
    "without_deadline": _("Không có thời hạn: thủ tục mà pháp luật không đặt thời hạn; không tính vào tỷ lệ đúng hạn."),
    "closed": _("Kết thúc khác: hồ sơ người nộp rút hoặc dừng giải quyết trong kỳ."),
    "within": _(
        "Đang giải quyết trong hạn: đến cuối kỳ chưa xong, chưa qua hạn theo luật hoặc đang chờ người nộp bổ sung."
    ),
    "past": _("Đang giải quyết quá hạn: đến cuối kỳ chưa xong, đã qua hạn theo luật."),
}

LABELS = {
    "carried_over": _("Tồn đầu kỳ"),
    "received": _("Tiếp nhận"),
    "online": _("Nộp trực tuyến"),
    "early": _("Trước hạn"),
    "on_time": _("Đúng hạn"),
    "in_time": _("Trước và đúng hạn"),
    "late": _("Trễ hạn"),
    "late_extended": _("Trễ cả hạn hẹn lại"),
    "without_deadline": _("Không có thời hạn"),
    "closed": _("Rút, dừng"),
    "within": _("Đang xử lý trong hạn"),
    "past": _("Đang xử lý quá hạn"),
}

DIMENSIONS = {
    "all": "''",
    "field": "d.field_code",
    "agency": "d.receiving_agency_id::text",
    "unit": "coalesce(d.unit_id::text, '')",
    "channel": "d.channel",
    "procedure": "d.procedure_code",
    "month": "to_char(d.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM')",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one group in one period. Số liệu giải quyết hồ sơ."""

    group: str
    carried_over: int
    received: int
    online: int
    early: int
    on_time: int
    late: int
    late_extended: int
    without_deadline: int
    closed: int
    within: int
    past: int

    @property
    def settled(self) -> int:
        """Dossiers settled in the period."""
        return self.early + self.on_time + self.late + self.without_deadline

    @property
    def in_progress(self) -> int:
        """Dossiers that were not settled by the end of the period."""
        return self.within + self.past

    @property
    def reconciles(self) -> bool:
        """Whether what came in equals what went out and what is left."""
        return self.carried_over + self.received == self.settled + self.closed + self.in_progress

    @property
    def share_in_time(self) -> float | None:
        """Share of dossiers settled under a time limit that were early or on time; None where there is none."""
        counted = self.settled - self.without_deadline
        return (self.early + self.on_time) / counted if counted else None

    @property
    def share_online(self) -> float | None:
        """Share of received dossiers that were filed online; None where nothing was received."""
        return self.online / self.received if self.received else None


class DueAsOf(Func):
    """When a dossier was due as things stood at a moment: endless while the clock stood, and whatever came later."""

    function = "dossiers_due_as_of"
    output_field = DateTimeField()

    def __init__(self, moment: datetime) -> None:
        super().__init__(F("promised_due_at"), F("pauses"), Value(moment))


def figures(
    *,
    first: date,
    until: date,
    by: str = "all",
    now: datetime,
    agency_ids: Sequence[int] | None = None,
    passed: Sequence[tuple[int, Sequence[str]]] | None = None,
    field_codes: Sequence[str] | None = None,
) -> list[Figures]:
    """Count dossiers of a period by one dimension.

    Thống kê giải quyết thủ tục hành chính.

    Args:
        first: First day of the period.
        until: Day after its last day.
        by: A key of ``DIMENSIONS``.
        now: A period that is not over is counted up to now.
        agency_ids: Only dossiers received by these agencies; None for all.
        passed: Only dossiers that passed through one of these agencies, each with the fields that count there (none for
            all fields); None for all.
        field_codes: Only these fields; None for all.

    Returns:
        One row per group, ordered by group. Empty where there is nothing to count.
    """
    start, end = local_moment(first), min(local_moment(until), now)
    settled = "d.outcome <> '' AND d.finished_at >= %(start)s AND d.finished_at < %(end)s"
    open_at_end = "d.received_at < %(end)s AND (d.finished_at IS NULL OR d.finished_at >= %(end)s)"
    finished_day, due_day = _day("d.finished_at"), _day("d.legal_due_at")
    due_then = "dossiers_due_as_of(d.promised_due_at, d.pauses, %(end)s)"
    where = ["d.received_at < %(end)s", "(d.finished_at IS NULL OR d.finished_at >= %(start)s)"]
    if agency_ids is not None:
        where.append("d.receiving_agency_id = ANY(%(agencies)s::bigint[])")
    if passed is not None:
        where.append(f"({' OR '.join(_passed(place) for place in range(len(passed))) or 'false'})")
    if field_codes is not None:
        where.append("d.field_code = ANY(%(fields)s::text[])")
    sql = f"""
        SELECT {DIMENSIONS[by]} AS grp,
            count(*) FILTER (WHERE d.received_at < %(start)s),
            count(*) FILTER (WHERE d.received_at >= %(start)s),
            count(*) FILTER (WHERE d.received_at >= %(start)s AND d.channel = 'online'),
            count(*) FILTER (WHERE {settled} AND {finished_day} < {due_day}),
            count(*) FILTER (WHERE {settled} AND {finished_day} = {due_day}),
            count(*) FILTER (WHERE {settled} AND {finished_day} > {due_day}),
            count(*) FILTER (WHERE {settled} AND d.extensions > 0 AND {finished_day} > {_day("d.current_due_at")}),
            count(*) FILTER (WHERE {settled} AND d.legal_due_at IS NULL),
            count(*) FILTER (WHERE d.outcome = '' AND d.finished_at >= %(start)s AND d.finished_at < %(end)s),
            count(*) FILTER (WHERE {open_at_end} AND ({due_then} >= %(end)s OR {due_then} IS NULL)),
            count(*) FILTER (WHERE {open_at_end} AND {due_then} < %(end)s)
        FROM dossiers_dossier d WHERE {" AND ".join(where)} GROUP BY 1 ORDER BY 1
    """  # noqa: S608  -- the parts are literals of this module, the values are parameters
    values: dict[str, Any] = {
        "start": start,
        "end": end,
        "agencies": list(agency_ids or ()),
        "fields": list(field_codes or ()),
        **{f"agency_{place}": agency_id for place, (agency_id, _codes) in enumerate(passed or ())},
        **{f"fields_{place}": list(codes) for place, (_id, codes) in enumerate(passed or ())},
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Figures(*row) for row in cursor.fetchall()]


def nothing(group: str = "") -> Figures:
    """Return the figures of a group in which there is nothing to count."""
    return Figures(group, *(0 for _name in FIGURE_NAMES))


def records_behind(name: str, *, first: date, until: date, now: datetime) -> Q:
    """Return the condition for the dossiers that a figure counts, so that every figure opens.

    Args:
        name: One of ``OPENED_NAMES``.
    """
    start, end = local_moment(first), min(local_moment(until), now)
    settled = ~Q(outcome="") & Q(finished_at__gte=start, finished_at__lt=end)
    open_at_end = Q(received_at__lt=end) & (Q(finished_at=None) | Q(finished_at__gte=end))
    is_past = LessThan(DueAsOf(end), Value(end))
    conditions = {
        "carried_over": Q(received_at__lt=start) & (Q(finished_at=None) | Q(finished_at__gte=start)),
        "received": Q(received_at__gte=start, received_at__lt=end),
        "online": Q(received_at__gte=start, received_at__lt=end, channel="online"),
        "early": settled & Q(finished_at__date__lt=F("legal_due_at__date")),
        "on_time": settled & Q(finished_at__date=F("legal_due_at__date")),
        "in_time": settled & Q(finished_at__date__lte=F("legal_due_at__date")),
        "late": settled & Q(finished_at__date__gt=F("legal_due_at__date")),
        "late_extended": settled & Q(extensions__gt=0, finished_at__date__gt=F("current_due_at__date")),
        "without_deadline": settled & Q(legal_due_at=None),
        "closed": Q(outcome="", received_at__lt=end, finished_at__gte=start, finished_at__lt=end),
        "within": open_at_end & (~Q(is_past) | Q(promised_due_at=None)),
        "past": open_at_end & Q(is_past),
    }
    return conditions[name]


def in_group(by: str, group: str) -> Q | None:
    """Return the condition for the dossiers of one group of a dimension; None where there is no such group.

    Args:
        by: A key of ``COLUMNS`` or ``month``.
        group: The group as ``Figures.group`` names it.
    """
    if by == "month" and (month := read_period(group)) is not None:
        return Q(received_at__gte=local_moment(month.first), received_at__lt=local_moment(month.until))
    if by == "agency" and not (group.isdecimal() and len(group) <= LONGEST_ID):
        return None
    return Q(**{COLUMNS[by]: group}) if by in COLUMNS else None


def _passed(place: int) -> str:
    """Return the condition for one agency and its fields; the agency first, for its index serves."""
    fields = f"%(fields_{place})s::text[]"
    return (
        f"d.agency_ids @> ARRAY[%(agency_{place})s]::bigint[] AND ({fields} = '{{}}' OR d.field_code = ANY({fields}))"
    )


def _day(column: str) -> str:
    return f"({column} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"


# The columns behind the dimensions of which one group can be opened.
COLUMNS = {
    "field": "field_code",
    "agency": "receiving_agency_id",
    "channel": "channel",
    "procedure": "procedure_code",
}
LONGEST_ID = 18
FIGURE_NAMES = tuple(field.name for field in fields(Figures) if field.name != "group")
OPENED_NAMES = (*FIGURE_NAMES, "in_time")
