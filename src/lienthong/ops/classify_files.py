"""Files of households and members become columns for the rules, or a list of everything that is wrong with them.

A value is read by the same functions that read a form (``rules/poverty/plain_facts.py``), once for each value that occurs.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from lienthong.rules.poverty import plain_facts
from lienthong.rules.poverty.columns import CM2_OF_M2, NO_NUMBER, UNKNOWN, HouseholdColumns, MemberColumns, code_of
from lienthong.rules.poverty.facts import HOUSEHOLD_CHOICES, MEMBER_CHOICES, MEMBER_FIELDS, MEMBER_FLAGS, Device
from lienthong.rules.poverty.plain_facts import FactRefused
from lienthong.rules.poverty.points import COLUMNS, PointsTable
from lienthong.rules.poverty.points_reading import PointsTableRefused, table_from_rows
from lienthong.rules.poverty.standards import PovertyStandard

SHOWN = 20
MOST_POINTS = 10_000
CODE, HOUSEHOLD_CODE = "code", "household_code"
HOUSEHOLD_COLUMNS = (CODE, *HOUSEHOLD_CHOICES, "housing_area_m2", "devices", "income_per_person", "a_points")
MEMBER_COLUMNS = (HOUSEHOLD_CODE, *MEMBER_FIELDS)


class FilesRefused(ValueError):
    """The files cannot be taken; ``sentences`` says everything that is wrong, each with file, row and column."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("\n".join(sentences))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: codes as they stand in the file, facts as columns, and the columns that nothing was made of."""

    codes: list[str]
    columns: HouseholdColumns
    unused: tuple[str, ...]


class _Table:
    """One CSV file as text, with everything wrong with it so far."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        self.path, self.problems = path, problems
        self.taken: set[str] = set()
        names = _head(path)
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise FilesRefused([f"{path.name}, dòng 1: cột {', '.join(twice)} có hai lần."])
        try:
            frame = pl.read_csv(path, infer_schema=False)
        except pl.exceptions.NoDataError:
            frame = pl.DataFrame({name: [] for name in names}, schema=dict.fromkeys(names, pl.String))
        except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
            reason = str(error).splitlines()[0]
            sentence = f"{path.name}: không đọc được tệp CSV; có dòng thừa cột hoặc thiếu dấu ngoặc kép ({reason})."
            raise FilesRefused([sentence]) from None
        if frame.width != len(names):
            raise FilesRefused([f"{path.name}: có dòng không đủ {len(names)} cột như dòng 1."])
        frame.columns = names
        self.frame = frame.with_columns(pl.all().str.strip_chars().replace("", None))

    def __len__(self) -> int:
        return self.frame.height

    def has(self, name: str) -> bool:
        return name in self.frame.columns

    def refuse(self, row: int, column: str, sentence: str) -> None:
        self.problems.append(f"{self.path.name}, dòng {row + 2}, cột {column}: {sentence}")

    def text(self, name: str) -> pl.Series:
        self.taken.add(name)
        return self.frame[name]

    def numbers(
        self, name: str, parse: Callable[[str], int | None], *, unknown: int = UNKNOWN
    ) -> npt.NDArray[np.int64]:
        """Read a column, each value that occurs once; where there is no such column everything is unknown."""
        if not self.has(name):
            return np.full(len(self), unknown, dtype=np.int64)
        column = self.text(name)
        found: dict[str, int] = {}
        wrong: dict[str, str] = {}
        for value in column.drop_nulls().unique().to_list():
            try:
                number = parse(value)
                found[value] = unknown if number is None else number
            except FactRefused as refusal:
                wrong[value], found[value] = refusal.sentence, unknown
        if wrong:
            rows = np.flatnonzero(column.is_in(list(wrong)).fill_null(value=False).to_numpy())
            for row in rows[:SHOWN]:
                self.refuse(int(row), name, wrong[column[int(row)]])
        if not found:
            return np.full(len(self), unknown, dtype=np.int64)
        mapped = column.replace_strict(
            pl.Series(list(found)),
            pl.Series(list(found.values()), dtype=pl.Int64),
            default=unknown,
            return_dtype=pl.Int64,
        )
        return mapped.fill_null(unknown).to_numpy().astype(np.int64)

    @property
    def unused(self) -> list[str]:
        return [name for name in self.frame.columns if name not in self.taken]


def _head(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = [name.strip() for name in next(csv.reader(file), [])]
    except FileNotFoundError:
        raise FilesRefused([f"Không có tệp {path}."]) from None
    except UnicodeDecodeError:
        raise FilesRefused([f"{path.name}: tệp phải là CSV mã hóa UTF-8."]) from None
    except (OSError, csv.Error) as error:
        raise FilesRefused([f"{path.name}: không đọc được ({error})."]) from None
    if not any(names):
        raise FilesRefused([f"{path.name}: tệp trống; dòng 1 phải là tên cột."])
    return names


def read_files(
    households: Path, members: Path | None, *, standard: PovertyStandard, table: PointsTable | None = None
) -> Reading:
    """Read households, and members where there are any.

    Args:
        households: CSV with one row for each household.
        members: CSV with one row for each member.
        standard: Whose indicators may stand in the file as 1 or 0, by their code or in snake case.
        table: Whose asked features may stand in the file, by their code.

    Raises:
        FilesRefused: A column is missing, or a value cannot be; nothing is taken.
    """
    problems: list[str] = []
    file = _Table(households, problems)
    for name in (CODE, "area"):
        if not file.has(name):
            problems.append(f"{households.name}, dòng 1: thiếu cột {name}.")
    if table is None and not file.has("income_per_person") and not file.has("a_points"):
        problems.append(
            f"{households.name}, dòng 1: cần cột income_per_person (thu nhập) hoặc a_points (điểm B1), hoặc --points."
        )
    people = None if members is None else _Table(members, problems)
    if people is not None and not people.has(HOUSEHOLD_CODE):
        problems.append(f"{people.path.name}, dòng 1: thiếu cột {HOUSEHOLD_CODE}.")
    if problems:
        raise FilesRefused(problems)
    codes = _codes(file)
    columns = HouseholdColumns(
        **{name: _choices(file, name, kind) for name, kind in HOUSEHOLD_CHOICES.items()},
        devices=file.numbers("devices", _devices).astype(np.int16),
        housing_area_cm2=file.numbers("housing_area_m2", _area, unknown=NO_NUMBER),
        income_per_person=file.numbers(
            "income_per_person", partial(_whole, "income_per_person", plain_facts.LARGEST_INCOME), unknown=NO_NUMBER
        ),
        members=_members(people, codes),
        asked={
            feature.code: file.numbers(feature.code, partial(_level, [level.code for level in feature.levels])).astype(
                np.int8
            )
            for feature in (table.asked if table else ())
        },
        a_points=file.numbers("a_points", partial(_whole, "a_points", MOST_POINTS), unknown=NO_NUMBER),
        given=_given(file, standard),
    )
    if problems:
        more = [f"… và {len(problems) - SHOWN} lỗi khác."] if len(problems) > SHOWN else []
        raise FilesRefused([*problems[:SHOWN], *more])
    unused = [f"{one.path.name}: {name}" for one in (file, people) if one is not None for name in one.unused]
    return Reading(codes, columns, tuple(unused))


def _codes(file: _Table) -> list[str]:
    """Take the codes as text, so that leading zeros stay; each once."""
    column = file.text(CODE)
    for row in np.flatnonzero(column.is_null().to_numpy())[:SHOWN]:
        file.refuse(int(row), CODE, "ô trống; mỗi hộ phải có mã.")
    first: dict[str, int] = {}
    codes: list[str] = [code or "" for code in column.to_list()]
    if len(set(codes)) < len(codes):
        for row, code in enumerate(codes):
            if code and code in first:
                file.refuse(row, CODE, f"mã hộ {code} đã có ở dòng {first[code] + 2}.")
            first.setdefault(code, row)
    return codes


def _members(people: _Table | None, codes: Sequence[str]) -> MemberColumns:
    """Order the members by household, inside it as they stand in the file."""
    if people is None:
        nobody = np.zeros(0, dtype=np.int8)
        return MemberColumns(
            offsets=np.zeros(len(codes) + 1, dtype=np.int64),
            age=nobody.astype(np.int16),
            **dict.fromkeys((*MEMBER_CHOICES, *MEMBER_FLAGS), nobody),
        )
    rows = {code: row for row, code in enumerate(codes)}
    column = people.text(HOUSEHOLD_CODE).to_list()
    household = np.array([rows.get(code or "", UNKNOWN) for code in column], dtype=np.int64)
    for row in np.flatnonzero(household == UNKNOWN)[:SHOWN]:
        code = column[int(row)]
        people.refuse(
            int(row), HOUSEHOLD_CODE, f"không có hộ {code} trong danh sách hộ." if code else "ô trống; hãy ghi mã hộ."
        )
    order = np.argsort(household, kind="stable")
    order = order[household[order] != UNKNOWN]
    if people.has("sex"):
        people.numbers("sex", _sex)
    flags = {name: people.numbers(name, partial(_flag, name)).astype(np.int8)[order] for name in MEMBER_FLAGS}
    return MemberColumns(
        offsets=np.searchsorted(household[order], np.arange(len(codes) + 1)),
        age=people.numbers("age", partial(_whole, "age", plain_facts.OLDEST)).astype(np.int16)[order],
        **{name: _choices(people, name, kind)[order] for name, kind in MEMBER_CHOICES.items()},
        **flags,
    )


def _given(file: _Table, standard: PovertyStandard) -> dict[str, npt.NDArray[np.int8]]:
    found = {}
    for indicator in standard.indicators:
        for name in (indicator.code, indicator.field, f"d_{indicator.field}"):
            if file.has(name) and indicator.code not in found:
                found[indicator.code] = file.numbers(name, partial(_flag, name)).astype(np.int8)
    return found


def _choices(file: _Table, name: str, kind: Any) -> npt.NDArray[np.int8]:
    return file.numbers(name, lambda value: code_of(plain_facts.choice(name, value, kind))).astype(np.int8)


def _flag(name: str, value: str) -> int | None:
    answer = plain_facts.flag(name, value)
    return None if answer is None else int(answer)


def _whole(name: str, most: int, value: str) -> int | None:
    return plain_facts.whole(name, value, most=most)


def _area(value: str) -> int | None:
    area = plain_facts.area_m2(value)
    return None if area is None else int(area * CM2_OF_M2)


def _devices(value: str) -> int | None:
    devices = plain_facts.devices(value)
    return None if devices is None else sum(1 << place for place, one in enumerate(Device) if one in devices)


def _level(levels: Sequence[str], value: str) -> int:
    if value not in levels:
        raise FactRefused("asked", f"không có mức “{value}”. Các mức: {', '.join(levels)}.")
    return levels.index(value)


def _sex(value: str) -> int:
    if value not in plain_facts.SEXES:
        raise FactRefused("sex", f"“{value}” phải là {' hoặc '.join(plain_facts.SEXES)}.")
    return plain_facts.SEXES.index(value)


def read_points(path: Path) -> PointsTable:
    """Read a points table of form B1: CSV, or the first sheet of an XLSX file.

    Raises:
        FilesRefused: The file cannot be read, or its rows make no table.
    """
    rows: list[Mapping[str, Any]]
    if path.suffix.lower() == ".csv":
        names = _head(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [dict(zip(names, row, strict=False)) for row in list(csv.reader(file))[1:] if any(row)]
    else:
        try:
            cells = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
        except (CalamineError, OSError) as error:
            raise FilesRefused([f"{path.name}: không đọc được bảng điểm ({error})."]) from None
        names = [str(cell).strip() for cell in cells[0]] if cells else []
        rows = [dict(zip(names, row, strict=False)) for row in cells[1:] if any(cell != "" for cell in row)]
    try:
        return table_from_rows(rows, version=path.stem)
    except PointsTableRefused as refusal:
        sentences = [f"{path.name}: {problem}" for problem in refusal.problems[:SHOWN]]
        raise FilesRefused(sentences) from None


def check_region(region: str, table: PointsTable) -> None:
    """Refuse a region that is no rural column of the table.

    Raises:
        FilesRefused: It is none; the sentence names those there are.
    """
    regions = [column for column in table.columns if COLUMNS[column] != COLUMNS["urban"]]
    if region not in regions:
        raise FilesRefused([f"Không có vùng “{region}”. Các vùng: {', '.join(regions)}."])
