"""Rows of a file become a points table, or a list of everything that is wrong with them.

A table with a hole would give some household no points; so nothing is taken until every row is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, Final

from lienthong.rules.poverty.points import CHOICES, COLUMNS, NUMBERS, Feature, Kind, Level, PointsTable

ROW_COLUMNS: Final = ("feature", "feature_label", "kind", "level", "level_label", "minimum", "maximum")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
# More points, or more members, than any household has: a slip of the finger.
LARGEST_NUMBER: Final = 10_000
# The form computes fields of its own that are called a_points and a_threshold.
_RESERVED: Final = frozenset({"points", "threshold"})
_LEAST: Final[Mapping[str, int]] = {"household_size": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a points table.

    Lỗi của bảng điểm.

    Attributes:
        row: Of the file, the head being row 1; None where it concerns no single row.
        column: Its name in the head; None where it concerns no single column.
    """

    row: int | None
    column: str | None
    sentence: str

    def __str__(self) -> str:
        place = [*([f"dòng {self.row}"] if self.row else []), *([f"cột {self.column}"] if self.column else [])]
        words = ", ".join(place)
        return f"{words[0].upper()}{words[1:]}: {self.sentence}" if words else self.sentence


class PointsTableRefused(ValueError):
    """The rows make no table; ``problems`` has all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"Bảng điểm có {len(problems)} lỗi. {self.problems[0] if problems else ''}".strip())


def check_points_table(
    rows: Iterable[Mapping[str, Any]], *, columns: Sequence[str] = tuple(COLUMNS), first_row: int = 2
) -> tuple[Problem, ...]:
    """Find everything that is wrong with the rows of a points table.

    Kiểm tra bảng điểm B1.

    Args:
        rows: One mapping for each level: ``ROW_COLUMNS`` and a number of points for each of ``columns``. Cells may be text
            or numbers, as spreadsheets give them.
        columns: The columns of points that the table must have.
        first_row: The number of the first row in its file.

    Returns:
        The problems in the order of the rows; none when the rows make a table.
    """
    return _read(rows, columns=columns, first_row=first_row)[1]


def table_from_rows(
    rows: Iterable[Mapping[str, Any]],
    *,
    version: str,
    is_superseded: bool = False,
    columns: Sequence[str] = tuple(COLUMNS),
    first_row: int = 2,
) -> PointsTable:
    """Make a points table of rows.

    Raises:
        PointsTableRefused: Something is wrong with them; the refusal has every problem.
    """
    features, problems = _read(rows, columns=columns, first_row=first_row)
    if problems:
        raise PointsTableRefused(problems)
    return PointsTable(version=version, features=features, columns=tuple(columns), is_superseded=is_superseded)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Mapping[str, str]
    minimum: int | None
    maximum: int | None
    points: Mapping[str, int]


def _read(
    rows: Iterable[Mapping[str, Any]], *, columns: Sequence[str], first_row: int
) -> tuple[tuple[Feature, ...], tuple[Problem, ...]]:
    taken = list(rows)
    if not taken:
        return (), (Problem(row=None, column=None, sentence="Bảng điểm không có dòng nào."),)
    lacking = [name for name in (*ROW_COLUMNS, *columns) if not any(name in row for row in taken)]
    if lacking:
        return (), tuple(
            Problem(row=first_row - 1, column=name, sentence="thiếu cột này; hãy thêm vào bảng.") for name in lacking
        )
    problems: list[Problem] = []
    by_feature: dict[str, list[_Row]] = {}
    for number, raw in enumerate(taken, first_row):
        row = _row(number, raw, columns, problems)
        by_feature.setdefault(row.cells["feature"], []).append(row)
    features = []
    for code, own in by_feature.items():
        problems += _problems_of(code, own)
        features.append(_feature(code, own, problems))
    problems.sort(key=lambda problem: problem.row or 0)
    return tuple(feature for feature in features if feature is not None), tuple(problems)


def _row(number: int, raw: Mapping[str, Any], columns: Sequence[str], problems: list[Problem]) -> _Row:
    cells = {name: _text(raw.get(name)) for name in ROW_COLUMNS}
    for name in ("feature", "level"):
        if not _CODE.fullmatch(cells[name]):
            problems.append(
                Problem(
                    row=number, column=name,
                    sentence=f"mã “{cells[name]}” phải gồm chữ thường không dấu, số và dấu gạch dưới, bắt đầu bằng chữ."
                    if cells[name] else "ô trống; hãy ghi mã.",
                )
            )  # fmt: skip
    problems += [
        Problem(row=number, column=name, sentence="ô trống; hãy ghi tên tiếng Việt.")
        for name in ("feature_label", "level_label")
        if not cells[name]
    ]
    if cells["kind"] not in set(Kind):
        problems.append(Problem(row=number, column="kind", sentence=f"“{cells['kind']}” phải là derived hoặc asked."))
    points = {}
    for name in columns:
        value = _whole(number, name, raw.get(name), problems, is_needed=True)
        if value is not None:
            points[name] = value
    minimum, maximum = (_whole(number, name, raw.get(name), problems) for name in ("minimum", "maximum"))
    if minimum is not None and maximum is not None and maximum < minimum:
        problems.append(
            Problem(row=number, column="maximum", sentence=f"{maximum} nhỏ hơn minimum {minimum}; hãy sửa khoảng này.")
        )
    return _Row(number, cells, minimum, maximum, points)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _whole(row: int, column: str, value: Any, problems: list[Problem], *, is_needed: bool = False) -> int | None:
    """Read a whole number that is not negative; spreadsheets write 75 as 75.0."""
    text = _text(value)
    if not text:
        if is_needed:
            problems.append(Problem(row=row, column=column, sentence="ô trống; hãy ghi số điểm."))
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or number != number.to_integral_value():
        problems.append(Problem(row=row, column=column, sentence=f"“{text}” không phải số nguyên."))
        return None
    if number < 0:
        problems.append(Problem(row=row, column=column, sentence=f"“{text}” là số âm; phải từ 0 trở lên."))
        return None
    if number > LARGEST_NUMBER:
        problems.append(Problem(row=row, column=column, sentence=f"“{text}” lớn hơn {LARGEST_NUMBER}; hãy xem lại."))
        return None
    return int(number)


def _problems_of(code: str, rows: list[_Row]) -> list[Problem]:
    problems = []
    first = rows[0]
    seen: dict[str, int] = {}
    for row in rows:
        for name in ("kind", "feature_label"):
            if row.cells[name] != first.cells[name]:
                sentence = (
                    f"đặc điểm {code} ghi “{row.cells[name]}”, nhưng dòng {first.number} ghi “{first.cells[name]}”."
                )
                problems.append(Problem(row=row.number, column=name, sentence=sentence))
        level = row.cells["level"]
        if level in seen:
            sentence = f"mức {level} của {code} đã có ở dòng {seen[level]}; mỗi mức một dòng."
            problems.append(Problem(row=row.number, column="level", sentence=sentence))
        seen.setdefault(level, row.number)
    kind = first.cells["kind"]
    if code in _RESERVED:
        sentence = f"“{code}” là tên mà phiếu dùng cho việc khác; hãy đặt mã khác."
        problems.append(Problem(row=first.number, column="feature", sentence=sentence))
    if kind == Kind.ASKED:
        return problems + _problems_of_choices(code, rows, None)
    if kind == Kind.DERIVED and code in NUMBERS:
        return problems + _problems_of_numbers(code, rows)
    if kind == Kind.DERIVED and code in CHOICES:
        return problems + _problems_of_choices(code, rows, CHOICES[code])
    if kind == Kind.DERIVED:
        sentence = f"không tự tính được “{code}”; chỉ tính được {', '.join([*NUMBERS, *CHOICES])}. Dùng asked để hỏi."
        problems.append(Problem(row=first.number, column="feature", sentence=sentence))
    return problems


def _problems_of_choices(code: str, rows: list[_Row], levels: tuple[str, ...] | None) -> list[Problem]:
    problems = [
        Problem(row=row.number, column=name, sentence=f"{code} là lựa chọn, không phải số; hãy để trống ô này.")
        for row in rows
        for name, value in (("minimum", row.minimum), ("maximum", row.maximum))
        if value is not None
    ]
    present = [row.cells["level"] for row in rows]
    if levels is None:
        if len(set(present)) < 2:
            sentence = f"{code} chỉ có một mức; một câu hỏi cần ít nhất hai."
            problems.append(Problem(row=rows[0].number, column="level", sentence=sentence))
        return problems
    problems += [
        Problem(
            row=row.number, column="level",
            sentence=f"{code} không có mức “{row.cells['level']}”; các mức: {', '.join(levels)}.",
        )
        for row in rows if row.cells["level"] not in levels
    ]  # fmt: skip
    absent = [level for level in levels if level not in present]
    if absent:
        sentence = f"{code} thiếu mức {', '.join(absent)}; hãy thêm dòng (0 điểm nếu không cho điểm)."
        problems.append(Problem(row=rows[-1].number, column="level", sentence=sentence))
    return problems


def _problems_of_numbers(code: str, rows: list[_Row]) -> list[Problem]:
    without = [row for row in rows if row.minimum is None]
    if without:
        return [
            Problem(row=row.number, column="minimum", sentence=f"{code} là số; hãy ghi số nhỏ nhất của mức này.")
            for row in without
        ]
    problems = []
    ordered = sorted(rows, key=lambda row: row.minimum or 0)
    least = _LEAST.get(code, 0)
    if (ordered[0].minimum or 0) > least:
        sentence = f"{code} thiếu mức cho {_span(least, (ordered[0].minimum or 0) - 1)}."
        problems.append(Problem(row=ordered[0].number, column="minimum", sentence=sentence))
    for one, other in pairwise(ordered):
        problems += _between(code, one, other)
    if ordered[-1].maximum is not None:
        sentence = f"{code} thiếu mức cho số từ {ordered[-1].maximum + 1} trở lên; hãy để trống maximum của mức cuối."
        problems.append(Problem(row=ordered[-1].number, column="maximum", sentence=sentence))
    return problems


def _between(code: str, one: _Row, other: _Row) -> list[Problem]:
    start = other.minimum or 0
    if one.maximum is None or one.maximum >= start:
        last = start if one.maximum is None else min(one.maximum, other.maximum or one.maximum)
        sentence = f"mức của {code} chồng lên dòng {one.number} ở {_span(start, max(start, last))}."
        return [Problem(row=other.number, column="minimum", sentence=sentence)]
    if start > one.maximum + 1:
        sentence = f"{code} thiếu mức cho {_span(one.maximum + 1, start - 1)}, giữa dòng {one.number} và dòng này."
        return [Problem(row=other.number, column="minimum", sentence=sentence)]
    return []


def _span(first: int, last: int) -> str:
    return f"số {first}" if first == last else f"số {first} đến {last}"


def _feature(code: str, rows: list[_Row], problems: list[Problem]) -> Feature | None:
    if problems:
        return None
    ordered = sorted(rows, key=lambda row: row.minimum or 0) if code in NUMBERS else rows
    return Feature(
        code=code,
        label=rows[0].cells["feature_label"],
        kind=Kind(rows[0].cells["kind"]),
        levels=tuple(
            Level(
                code=row.cells["level"],
                label=row.cells["level_label"],
                minimum=row.minimum,
                maximum=row.maximum,
                points=row.points,
            )
            for row in ordered
        ),
    )
