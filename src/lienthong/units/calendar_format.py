"""Between the published row of a calendar and the pure calendar that deadlines are counted with."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from itertools import groupby
from typing import Any

from lienthong.kernel.days import Span
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.rules.working_time import DayKind, ExceptionalDay, Hours, OfficeHours

DatedHours = tuple[tuple[Span, OfficeHours], ...]


def day_to_json(day: ExceptionalDay) -> dict[str, str]:
    """Write one exceptional day; what is not known is left out."""
    row = {"kind": day.kind.value, "reason": day.reason}
    if day.reference:
        row["source"] = str(day.reference)
    if day.confidence:
        row["confidence"] = day.confidence.value
    return row


def days_to_json(days: Mapping[date, ExceptionalDay]) -> dict[str, dict[str, str]]:
    """Write the exceptional days by their ISO day, in order."""
    return {day.isoformat(): day_to_json(days[day]) for day in sorted(days)}


def days_from_json(rows: Mapping[str, Mapping[str, str]]) -> dict[date, ExceptionalDay]:
    """Read back what ``days_to_json`` wrote."""
    return {
        date.fromisoformat(day): ExceptionalDay(
            DayKind(row["kind"]),
            row["reason"],
            LegalReference.parse(row["source"]) if "source" in row else None,
            Confidence(row["confidence"]) if "confidence" in row else None,
        )
        for day, row in rows.items()
    }


def hours_to_json(hours: DatedHours) -> list[dict[str, Any]]:
    """Write the office hours: one row for each first day and weekday (Monday is 1); no periods means closed."""
    return [
        {
            "valid_from": span.valid_from.isoformat(),
            "weekday": weekday,
            "periods": [[opens.isoformat("minutes"), closes.isoformat("minutes")] for opens, closes in periods],
        }
        for span, office in hours
        for weekday, periods in enumerate(office.by_weekday, start=1)
    ]


def hours_from_json(rows: Iterable[Mapping[str, Any]]) -> DatedHours:
    """Read back what ``hours_to_json`` wrote; each first day ends the hours before it."""
    ordered = sorted(rows, key=lambda row: (row["valid_from"], row["weekday"]))
    starts = [
        (date.fromisoformat(first), OfficeHours(tuple(_periods(row["periods"]) for row in week)))
        for first, week in groupby(ordered, key=lambda row: row["valid_from"])
    ]
    ends = [*(first for first, _ in starts[1:]), None]
    return tuple((Span(first, end), hours) for (first, hours), end in zip(starts, ends, strict=True))


def _periods(rows: Iterable[tuple[str, str]]) -> Hours:
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in rows)
