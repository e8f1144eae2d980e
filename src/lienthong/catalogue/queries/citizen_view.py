"""A version of a procedure as the person reads it who wants something: what it gives, what to bring, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lienthong.catalogue.definition import ItemData, VersionData
from lienthong.catalogue.lanes import lane_of, role_in_words, time_in_words
from lienthong.catalogue.models import ProcedureVersion
from lienthong.catalogue.process_drawing import draw_process
from lienthong.catalogue.queries.fees import fees_on
from lienthong.catalogue.queries.versions import allowance_of, data_of, standing_of
from lienthong.catalogue.states import Channel, Standing
from lienthong.catalogue.wording import (
    applicants_in_words,
    channels_in_words,
    desks_in_words,
    fees_in_words,
    how_to_give,
    limit_in_words,
    sureness_in_words,
)
from lienthong.kernel.days import local_day
from lienthong.kernel.money import format_dong
from lienthong.rules.deadlines import due_at
from lienthong.rules.working_time import OutsideCalendar, WorkCalendar


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line of the checklist."""

    number: int
    name: str
    form_code: str
    how: str
    is_required: bool
    condition: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step, in words."""

    number: int
    name: str
    place: str
    role: str
    time: str


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One amount, for what and by which channel."""

    amount: str
    note: str
    channel: str


@dataclass(frozen=True, slots=True)
class CitizenView:
    """Everything a start page says about one version.

    Attributes:
        due_at: When the result is there if it is filed now; None where no limit is known or the version does not hold.
        due_trace: How that was counted, a sentence a line.
        fees: Each amount, where anything costs; empty where nothing does, or where nobody knows.
        may_be_filed_online: Whether there is a button.
    """

    version: ProcedureVersion
    data: VersionData
    on: date
    standing: Standing
    limit: str
    due_at: datetime | None
    due_trace: tuple[str, ...]
    fee: str
    fee_is_known: bool
    fees: tuple[FeeRow, ...]
    applicants: str
    channels: str
    desks: str
    papers: tuple[PaperRow, ...]
    steps: tuple[StepRow, ...]
    drawing: SafeString
    sureness: str
    may_be_filed_online: bool

    @property
    def code(self) -> str:
        """Code of the procedure."""
        return self.version.procedure.code


def citizen_view(
    version: ProcedureVersion, *, on: date, now: datetime, calendar: WorkCalendar | None = None
) -> CitizenView:
    """Say a version, fetched ``with_parts``, as a start page does.

    Args:
        version: What to say.
        on: The day for which it is read: fees and standing are of that day.
        now: The moment of reading, from which the day of the result is counted.
        calendar: The calendar by which it is counted; None where there is none.
    """
    data = data_of(version)
    standing = standing_of(version, on=on)
    holds_now = standing is Standing.IN_FORCE and on == local_day(now)
    due, trace = _due(data, now=now, calendar=calendar) if holds_now else (None, ())
    fees = fees_on(version, on=on)
    costs = any(fee.amount for fee in fees)
    return CitizenView(
        version=version,
        data=data,
        on=on,
        standing=standing,
        limit=limit_in_words(data.allowance, is_instant=data.is_instant),
        due_at=due,
        due_trace=trace,
        fee=fees_in_words(fee.amount for fee in fees),
        fee_is_known=bool(fees),
        fees=tuple(FeeRow(format_dong(fee.amount), fee.note, _channel(fee.channel)) for fee in fees if costs),
        applicants=applicants_in_words(data.applicants),
        channels=channels_in_words(data.channels),
        desks=data.handled_by or desks_in_words(data.receiving_level),
        papers=tuple(
            PaperRow(item.number, item.name, _form(item), how_to_give(item), item.is_required, item.condition)
            for item in data.items
        ),
        steps=tuple(
            StepRow(step.number, step.name, lane_of(step).name, role_in_words(step), time_in_words(step))
            for step in data.steps
        ),
        # Our own drawing: every text in it is escaped where it is drawn.
        drawing=SafeString(draw_process(data)) if data.steps else SafeString(""),
        sureness=sureness_in_words(data.confidence),
        may_be_filed_online=holds_now and Channel.ONLINE in data.channels and not data.handled_by,
    )


def _due(data: VersionData, *, now: datetime, calendar: WorkCalendar | None) -> tuple[datetime | None, tuple[str, ...]]:
    if calendar is None or not data.allowance:
        return None, ()
    try:
        due = due_at(start=now, allowance=data.allowance, calendar=calendar)
    except OutsideCalendar:
        return None, ()
    return due.due_at, tuple(line.text for line in due.trace)


def _form(item: ItemData) -> str:
    """Name the form, unless the name of the paper does so already."""
    form = (
        item.form_code if item.form_code.lower().startswith(_("mẫu")) else _("mẫu %(code)s") % {"code": item.form_code}
    )
    return "" if not item.form_code or item.form_code.lower() in item.name.lower() else form


def _channel(channel: str) -> str:
    return str(Channel(channel).label) if channel in Channel.values else ""


@dataclass(frozen=True, slots=True)
class ListedProcedure:
    """A version in a list: one line of facts under its name."""

    code: str
    name: str
    field: str
    limit: str
    fee: str
    desks: str
    online: str


def listed(version: ProcedureVersion, *, on: date) -> ListedProcedure:
    """Say a version as a list does."""
    return ListedProcedure(
        code=version.procedure.code,
        name=version.name,
        field=version.procedure.field.name,
        limit=limit_in_words(allowance_of(version), is_instant=version.is_instant),
        fee=fees_in_words(fee.amount for fee in fees_on(version, on=on)),
        desks=version.handled_by or desks_in_words(version.receiving_level),
        online=str(version.get_online_level_display()),
    )
