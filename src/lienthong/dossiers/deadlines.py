"""The clock of one dossier, computed from its receipt and its pauses each time; nothing is ever added to a stored date."""

from datetime import datetime

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.models import ProcedureVersion
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import local_day
from lienthong.rules.allowances import Allowance, Pause, PauseRule, Unit
from lienthong.rules.deadlines import Due, due_at
from lienthong.rules.parameters import load_parameter
from lienthong.rules.working_time import WorkCalendar
from lienthong.units import queries as units


def promise(version: ProcedureVersion, *, received_at: datetime, calendar: WorkCalendar) -> Due:
    """Return the promise of a receipt; no due moment where the law sets no time limit.

    Hẹn trả kết quả.
    """
    allowance = catalogue.allowance_of(version)
    if not allowance:
        return Due(due_at=None, trace=())
    return due_at(start=received_at, allowance=allowance, calendar=calendar)


def current_due(dossier: Dossier, *, until: datetime | None = None) -> Due:
    """Return when the dossier is due with every pause so far.

    Hạn giải quyết hiện tại.

    Args:
        dossier: A received dossier.
        until: End of the pause that is still open, when it ends now.
    """
    if dossier.received_at is None or dossier.calendar_id is None:
        raise ValueError("only a received dossier has a time limit")
    calendar = units.calendar_version(dossier.calendar_id)
    allowance = catalogue.allowance_of(catalogue.get_version(dossier.version_id))
    if not allowance:
        return Due(due_at=None, trace=())
    return due_at(
        start=dossier.received_at, allowance=allowance, calendar=calendar, pauses=pauses_of(dossier, until=until)
    )


def pauses_of(dossier: Dossier, *, until: datetime | None = None) -> list[Pause]:
    """Return the dossier's pauses for the deadline engine; ``until`` ends the one that is still open."""
    return [
        Pause(
            start=datetime.fromisoformat(pause["from"]),
            end=datetime.fromisoformat(pause["until"]) if pause["until"] else until,
            rule=PauseRule(pause["rule"]),
        )
        for pause in dossier.pauses
    ]


def intake_answer_due(dossier: Dossier, *, now: datetime) -> datetime:
    """Return until when the desk answers a request that was sent now.

    Hạn trả lời tiếp nhận hồ sơ trực tuyến: a parameter in working hours (its source is not verified, so it is data).
    """
    hours = load_parameter("working_time/intake:online_answer").value_on(local_day(now))
    _, calendar = units.work_calendar(dossier.receiving_agency_id)
    due = due_at(start=now, allowance=Allowance(amount=hours, unit=Unit.WORKING_HOUR), calendar=calendar)
    if due.due_at is None:
        raise ValueError("a time limit without pauses always has an end")
    return due.due_at
