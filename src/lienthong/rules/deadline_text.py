"""Deadlines from text and to plain data: what command lines, data files and screens read and write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import TypedDict

from lienthong.kernel.days import LOCAL_ZONE, local_moment, local_time, parse_day
from lienthong.rules.deadlines import Allowance, Due, Pause, PauseRule, Unit, due_at
from lienthong.rules.working_time import OfficeHours, WorkCalendar, official_calendar

_PART = re.compile(r"(\d+)\s+(\S.*)")
_TIMED_DAY = re.compile(r"(\d{1,2}):(\d{2})\s+(\S+)|(\S+)\s+(\d{1,2}):(\d{2})")
_UNITS = {unit.value: unit for unit in Unit} | {unit.in_words: unit for unit in Unit}


class DueData(TypedDict):
    """A due moment as plain data: ISO 8601 with +07:00 (None while a pause is open), trace, and what remains."""

    due_at: str | None
    trace: list[str]
    remaining: str | None


def read_unit(text: str) -> Unit:
    """Read a unit by its code or its Vietnamese word.

    Raises:
        ValueError: Neither; lists what is possible.
    """
    try:
        return _UNITS[" ".join(text.lower().split())]
    except KeyError:
        known = ", ".join(unit.value for unit in Unit)
        raise ValueError(f"Đơn vị thời hạn “{text.strip()}” không có. Hãy dùng một trong: {known}.") from None


def read_allowance(text: str) -> tuple[Allowance, ...]:
    """Read a time limit or a chain of them, by codes or in Vietnamese words.

    Raises:
        ValueError: Not a time limit; the message shows how to write one.

    Examples:
        >>> read_allowance("5 working_day + 12 calendar_day") == read_allowance("5 ngày làm việc + 12 ngày")
        True
    """
    parts = [_PART.fullmatch(part.strip()) for part in text.split("+")]
    if not all(parts):
        raise ValueError(f"Thời hạn “{text.strip()}” không đọc được. Hãy viết như 5 working_day + 12 calendar_day.")
    return tuple(Allowance(int(part[1]), read_unit(part[2])) for part in parts if part)


def write_allowance(allowance: Allowance | Sequence[Allowance]) -> str:
    """Write a time limit by codes, as :func:`read_allowance` reads it."""
    return " + ".join(f"{part.amount} {part.unit.value}" for part in _chain(allowance))


def allowance_in_words(allowance: Allowance | Sequence[Allowance]) -> str:
    """Write a time limit in Vietnamese words.

    Examples:
        >>> allowance_in_words(read_allowance("5 working_day + 12 calendar_day"))
        '5 ngày làm việc + 12 ngày'
    """
    return " + ".join(part.in_words for part in _chain(allowance))


def _chain(allowance: Allowance | Sequence[Allowance]) -> Sequence[Allowance]:
    return (allowance,) if isinstance(allowance, Allowance) else allowance


def read_moment(text: str) -> datetime:
    """Read a moment: ISO 8601, or a day and a time as people write them; without an offset it is Vietnamese time.

    A day alone means its midnight.

    Raises:
        ValueError: Not a moment; worded in Vietnamese.

    Examples:
        >>> read_moment("2022-09-05T16:30").isoformat(), read_moment("16:30 05/09/2022").isoformat()
        ('2022-09-05T16:30:00+07:00', '2022-09-05T16:30:00+07:00')
    """
    bare = text.strip()
    try:
        moment = datetime.fromisoformat(bare)
    except ValueError:
        return _read_local_moment(bare)
    return moment.replace(tzinfo=LOCAL_ZONE) if moment.tzinfo is None else local_time(moment)


def _read_local_moment(text: str) -> datetime:
    match = _TIMED_DAY.fullmatch(text)
    try:
        if match:
            day, hour, minute = (match[3], match[1], match[2]) if match[3] else (match[4], match[5], match[6])
            return local_moment(parse_day(day), time(int(hour), int(minute)))
        return local_moment(parse_day(text))
    except ValueError:
        raise ValueError(
            f"Thời điểm “{text}” không đọc được. Hãy viết như 2022-09-05T16:30 hoặc 16:30 05/09/2022."
        ) from None


def read_pause(text: str, *, rule: PauseRule = PauseRule.RESUME) -> Pause:
    """Read a pause written START/END; START/ alone is a pause still open.

    Raises:
        ValueError: Not a pause; worded in Vietnamese.
    """
    # Days may hold slashes themselves, so the one that parts the two moments is found by trying.
    for slash in (place for place, character in enumerate(text) if character == "/"):
        try:
            start, end = read_moment(text[:slash]), text[slash + 1 :].strip()
            finish = read_moment(end) if end else None
        except ValueError:
            continue
        return Pause(start, finish, rule)
    raise ValueError(f"Khoảng tạm dừng “{text}” không đọc được. Hãy viết như 2022-09-06T08:00/2022-09-08T08:00.")


def as_plain_data(due: Due) -> DueData:
    """Give a due moment as plain data for JSON."""
    return {
        "due_at": due.due_at.isoformat() if due.due_at else None,
        "trace": [line.text for line in due.trace],
        "remaining": due.remaining.in_words if due.remaining else None,
    }


def answer(
    *,
    start: str,
    amount: int | str,
    unit: str = Unit.WORKING_DAY.value,
    pauses: Sequence[str] = (),
    pause_rule: str = PauseRule.RESUME.value,
    office_hours: str | None = None,
    calendar: WorkCalendar | None = None,
) -> DueData:
    """Answer a deadline question put in text, as the command line does.

    Args:
        start: Moment of receipt.
        amount: A number of ``unit``, or a whole chain such as ``5 working_day + 12 calendar_day``.
        unit: Unit of the number.
        pauses: Each START/END.
        pause_rule: ``resume`` or ``restart``, for all pauses.
        office_hours: Hours from Monday to Friday; the province's default where None.
        calendar: Calendar of the agency; the official one where None.

    Raises:
        ValueError: Something cannot be read; worded in Vietnamese.
        OutsideCalendar: Counting leaves the days the calendar knows.
    """
    amount_text = str(amount).strip()
    chain = (Allowance(int(amount_text), read_unit(unit)),) if amount_text.isdecimal() else read_allowance(amount_text)
    if pause_rule not in set(PauseRule):
        raise ValueError(f"Cách tính sau tạm dừng “{pause_rule}” không có. Hãy dùng resume hoặc restart.")
    calendar = calendar or official_calendar()
    if office_hours:
        calendar = calendar.with_hours(OfficeHours.parse(office_hours), version=f"{calendar.version}+{office_hours}")
    rule = PauseRule(pause_rule)
    due = due_at(
        start=read_moment(start),
        allowance=chain,
        calendar=calendar,
        pauses=[read_pause(pause, rule=rule) for pause in pauses],
    )
    return as_plain_data(due)
