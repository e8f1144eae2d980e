"""The tables of levels: annexes I to III of each decree, as data that another file of the same shape can replace.

A table whose annex was not read says from which it is derived: each amount times the new standard over the old one, rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from lienthong.kernel.days import format_day
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.kernel.money import Dong
from lienthong.rules.parameters import (
    PARAMETERS_FOLDER,
    NoValueInForce,
    UnreadableParameter,
    instrument_days,
    load_parameter,
    load_yaml,
)

FOLDER: Final = PARAMETERS_FOLDER / "merit" / "levels"
MONTHLY: Final = "monthly"
WAR_INVALID: Final = "war_invalid"
WAR_INVALID_TYPE_B: Final = "war_invalid_type_b"
TABLES: Final = (MONTHLY, WAR_INVALID, WAR_INVALID_TYPE_B)
RATES: Final = range(21, 101)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of annex I.

    Dòng của Phụ lục I.

    Attributes:
        rates: The rates of bodily injury that it is for, both included.
    """

    code: str
    group: int
    words: str
    rates: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelTable:
    """One table of one decree: amounts by row or by rate, from a day on.

    Bảng mức hưởng trợ cấp, phụ cấp ưu đãi.

    Attributes:
        name: One of ``TABLES``.
        levels: Đồng a month, by code of the row or by rate of bodily injury.
        derived_from: The day of the table that the amounts are derived from; None where the annex was read.
    """

    name: str
    applied_from: date
    reference: LegalReference
    confidence: Confidence
    levels: Mapping[str | int, Dong]
    signed_on: date | None = None
    in_force_on: date | None = None
    derived_from: date | None = None
    note: str | None = None

    def is_known_on(self, day: date) -> bool:
        """Say whether the decree was in force on a day, which may be later than the day it applies from."""
        return (self.in_force_on or self.applied_from) <= day


LevelTables = Mapping[str, tuple[LevelTable, ...]]


@cache
def rows_on(day: date) -> Mapping[str, Row]:
    """Give the rows of annex I by code.

    Raises:
        NoValueInForce: None are recorded for the day.
    """
    found: Any = None
    for since, content in _recorded_rows():
        if since <= day:
            found = content["rows"]
    if found is None:
        raise NoValueInForce(_no_table(day))
    return MappingProxyType(
        {
            code: Row(
                code=code,
                group=row["group"],
                words=row["vi"],
                rates=(row["rates"][0], row["rates"][1]) if "rates" in row else None,
            )
            for code, row in found.items()
        }
    )


@cache
def _recorded_rows() -> tuple[tuple[date, Any], ...]:
    return tuple(sorted(load_yaml(PARAMETERS_FOLDER / "merit" / "rows.yaml")["values"].items()))


@cache
def load_tables(folder: Path = FOLDER) -> LevelTables:
    """Read every table of a folder, derived ones computed.

    Raises:
        UnreadableParameter: A file lacks something; the sentence names the file and the place.
    """
    return tables_from({file.name: load_yaml(file) for file in sorted(folder.glob("*.yaml"))})


def tables_from(contents: Mapping[str, Any]) -> LevelTables:
    """Read tables from the content of their files.

    Args:
        contents: By name of the file, in which order does not matter.

    Raises:
        UnreadableParameter: A table lacks a row, a rate or its source, holds an unknown one, an amount is no whole positive
            number, two begin on the same day, or a derived one has nothing to be derived from.
    """
    found: dict[str, dict[date, LevelTable]] = {name: {} for name in TABLES}
    for file, content in contents.items():
        if not isinstance(content, Mapping) or not set(content) <= set(TABLES):
            raise UnreadableParameter(f"Tệp {file}: chỉ được có các bảng {', '.join(TABLES)}.")
        for name, table in content.items():
            for since, entry in table["values"].items():
                if since in found[name]:
                    raise UnreadableParameter(
                        f"Tệp {file}, bảng {name}: đã có bảng khác áp dụng từ ngày {format_day(since)}."
                    )
                found[name][since] = _table(file, name, since, entry)
    return MappingProxyType(
        {name: tuple(_derived(by_day[since], by_day) for since in sorted(by_day)) for name, by_day in found.items()}
    )


def table_on(tables: LevelTables, name: str, day: date, *, known_on: date | None = None) -> LevelTable:
    """Give the table that applies on a day.

    Args:
        tables: All there are.
        name: One of ``TABLES``.
        day: The day the levels are applied to.
        known_on: Leave out what was not yet in force on this day.

    Raises:
        NoValueInForce: There is none.
    """
    applicable = [
        table
        for table in tables[name]
        if table.applied_from <= day and (known_on is None or table.is_known_on(known_on))
    ]
    if not applicable:
        raise NoValueInForce(_no_table(day))
    return applicable[-1]


def _no_table(day: date) -> str:
    return (
        f"Chưa có mức trợ cấp, phụ cấp ưu đãi người có công cho ngày {format_day(day)}. "
        "Hãy bổ sung một tệp trong parameters/merit/levels."
    )


def rounded(numerator: int, denominator: int, to: int) -> Dong:
    """Divide and round to the nearest multiple; half goes up.

    Args:
        numerator: Not negative.
        denominator: Positive.
        to: The amount in đồng that the result is a multiple of.

    Examples:
        >>> rounded(8_941_000 * 3_012, 2_789, 1_000)
        9656000
    """
    return Dong((2 * numerator + denominator * to) // (2 * denominator * to) * to)


def _table(file: str, name: str, since: object, entry: Any) -> LevelTable:
    place = f"Tệp {file}, bảng {name}, mục {since}"
    if not isinstance(since, date) or not isinstance(entry, Mapping):
        raise UnreadableParameter(f"{place}: cần một ngày và nội dung của bảng.")
    if not entry.get("reference") or not entry.get("confidence"):
        raise UnreadableParameter(f"{place}: thiếu căn cứ (reference) hoặc độ tin cậy (confidence).")
    if ("levels" in entry) == ("derived_from" in entry):
        raise UnreadableParameter(f"{place}: phải có hoặc các mức (levels), hoặc ngày của bảng gốc (derived_from).")
    levels = entry.get("levels") or {}
    if "levels" in entry:
        _check_levels(place, levels, set(rows_on(since)) if name == MONTHLY else set(RATES))
    reference = LegalReference.parse(entry["reference"])
    signed_on, in_force_on = instrument_days(reference, entry)
    return LevelTable(
        name=name,
        applied_from=since,
        reference=reference,
        confidence=Confidence(entry["confidence"]),
        levels=MappingProxyType({key: Dong(amount) for key, amount in levels.items()}),
        signed_on=signed_on,
        in_force_on=in_force_on,
        derived_from=entry.get("derived_from"),
        note=entry.get("note"),
    )


def _check_levels(place: str, levels: Mapping[Any, Any], expected: set[Any]) -> None:
    for key, amount in levels.items():
        if key not in expected:
            raise UnreadableParameter(f"{place}: không có dòng hoặc tỷ lệ “{key}”.")
        if type(amount) is not int or amount <= 0:
            raise UnreadableParameter(f"{place}, dòng {key}: mức phải là số nguyên đồng lớn hơn 0, đang là “{amount}”.")
    if lacking := expected - set(levels):
        raise UnreadableParameter(f"{place}: thiếu {_listed(lacking)}.")


def _listed(keys: Iterable[Any]) -> str:
    words = sorted(str(key) for key in keys)
    return ", ".join(words[:5]) + (f" và {len(words) - 5} mục khác" if len(words) > 5 else "")


def _derived(table: LevelTable, by_day: Mapping[date, LevelTable]) -> LevelTable:
    if table.derived_from is None:
        return table
    origin = by_day.get(table.derived_from)
    if origin is None or origin.derived_from is not None:
        raise UnreadableParameter(
            f"Bảng {table.name} áp dụng từ ngày {format_day(table.applied_from)}: không có bảng gốc "
            f"ngày {format_day(table.derived_from)}."
        )
    standard = load_parameter("merit/standard")
    now, then = standard.value_on(table.applied_from), standard.value_on(origin.applied_from)
    to = load_parameter("merit/conditions:rounding").value_on(table.applied_from)
    return replace(
        table,
        levels=MappingProxyType({key: rounded(amount * now, then, to) for key, amount in origin.levels.items()}),
    )
