"""Rows of a report as they are shown, exported and printed, with the address of the households behind each number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.infra.templatetags.formats import number, percent
from lienthong.kernel.text import sort_key
from lienthong.office.poverty.report_choices import UNPLACED, Chosen
from lienthong.poverty.queries.reports import (
    Basis,
    Cell,
    HouseholdOnMap,
    Line,
    Report,
    Rows,
    Table,
    indicators_of,
)
from lienthong.poverty.states import Cause, HouseholdClass, Movement

NO_DATA = "–"


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One number in words; ``other`` what it is on the other basis, where it differs."""

    words: str
    url: str
    other: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One row. ``note`` says what is wrong or not yet there."""

    name: str
    code: str
    sub: str
    cells: list[ShownCell]
    note: str


def row_heading(report: Report) -> str:
    """Return what a row of a report is."""
    return _("Dân tộc") if report.rows == Rows.ETHNICITY else _("Xã, phường")


def heads_of(table: Table) -> list[tuple[str, int]]:
    """Return the headings above the columns with how many each covers; nothing where no column has one."""
    groups = [
        (str(name), len(list(columns))) for name, columns in groupby(table.columns, key=lambda one: str(one.group))
    ]
    return groups if any(name for name, _count in groups) else []


def sorted_lines(table: Table, asked: str) -> list[Line]:
    """Return the rows in the order asked for; what has no number stands last, the unplaced after that."""
    name, is_falling = asked.removeprefix("-"), asked.startswith("-")
    at = next((place for place, column in enumerate(table.columns) if column.code == name), None)
    if at is None and name != "name":
        return table.lines
    key: Callable[[Line], Any] = (
        (lambda line: sort_key(line.name)) if at is None else (lambda line: line.cells[at].value)
    )
    last = [line for line in table.lines if key(line) is None or line.key == str(UNPLACED)]
    known = [line for line in table.lines if line not in last]
    return sorted(known, key=key, reverse=is_falling) + last


def shown_line(line: Line, table: Table, asked: Chosen) -> ShownLine:
    """Return a row of a report in words."""
    return ShownLine(
        name=name_of(line, table),
        code=line.unit.code if line.unit else "",
        sub=line.unit.parent.name if line.unit and line.unit.parent and line.unit.parent.kind == "district" else "",
        cells=[_shown_cell(cell, line, table, asked) for cell in line.cells],
        note=note_of(line),
    )


def name_of(line: Line, table: Table) -> str:
    """Return what a row is called."""
    if line.key == "total":
        return _("Tổng cộng")
    if line.name:
        return line.name
    return _("Không ghi dân tộc") if table.report.rows == Rows.ETHNICITY else _("Chưa rõ xã")


def note_of(line: Line) -> str:
    """Say what is not yet there, or does not add up."""
    said = []
    if line.decided < line.communes and (line.unit is not None or line.key == "total"):
        said.append(
            _("%(decided)s/%(communes)s xã có số liệu") % {"decided": line.decided, "communes": line.communes}
            if line.communes > 1
            else _("chưa có số liệu")
        )
    if line.off_by:
        said.append(_("không cân: lệch %(count)s hộ") % {"count": number(line.off_by)})
    return "; ".join(said)


def cell_words(value: int | float | None, *, is_rate: bool) -> str:
    """Write a number of a report."""
    if value is None:
        return _("không có số liệu") if is_rate else NO_DATA
    return percent(value) if is_rate else number(int(value))


def _shown_cell(cell: Cell, line: Line, table: Table, asked: Chosen) -> ShownCell:
    words = cell_words(cell.value, is_rate=cell.column.is_rate)
    other = ""
    if cell.differs:
        said = _("nay là %(figure)s") if table.basis == Basis.REPORTED else _("đã báo cáo %(figure)s")
        other = said % {"figure": cell_words(cell.other, is_rate=cell.column.is_rate)}
    is_now = table.basis == Basis.NOW or (not cell.differs and cell.other is not None)
    return ShownCell(
        words, _behind(cell, line, table, asked) if cell.value and cell.column.opens and is_now else "", other
    )


def _behind(cell: Cell, line: Line, table: Table, asked: Chosen) -> str:
    where: dict[str, Any] = {"column": cell.column.code}
    if table.report.rows == Rows.ETHNICITY:
        where["row"] = "" if line.key == "total" else line.key
    elif line.key != "total":
        where["unit"] = line.key
    return f"{reverse('office:poverty_report_households', args=[table.report.code])}?{asked.query(**where)}"


def sheet_columns(table: Table) -> list[str]:
    """Return the head of the exported table."""
    first = [_("Mã xã"), _("Xã, phường")] if table.report.rows == Rows.COMMUNE else [row_heading(table.report)]
    labels = []
    for column in table.columns:
        words = f"{column.group}: {column.label}" if column.group else str(column.label)
        labels.append(f"{words} (%)" if column.is_rate else words)
    return [*first, *labels, _("Ghi chú")]


def sheet_rows(lines: list[Line], table: Table) -> list[list[Any]]:
    """Return the rows of the exported table: numbers as numbers, shares in per cent with two decimals."""
    return [
        [
            *([line.unit.code if line.unit else ""] if table.report.rows == Rows.COMMUNE else []),
            name_of(line, table),
            *(_sheet_value(cell) for cell in line.cells),
            "; ".join(filter(None, [note_of(line), _differences(line, table)])),
        ]
        for line in (*lines, table.total)
    ]


def _sheet_value(cell: Cell) -> int | float | str:
    if cell.value is None:
        return _("không có số liệu")
    return round(cell.value * 100, 2) if cell.column.is_rate else cell.value


def _differences(line: Line, table: Table) -> str:
    said = _("%(name)s nay là %(figure)s") if table.basis == Basis.REPORTED else _("%(name)s đã báo cáo %(figure)s")
    return "; ".join(
        said % {"name": cell.column.label, "figure": cell_words(cell.other, is_rate=cell.column.is_rate)}
        for cell in line.cells
        if cell.differs
    )


# --- households ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownHousehold:
    """One household of a detailed list, in words."""

    name: str
    url: str
    code: str
    unit: str
    hamlet: str
    size: int | None
    ethnicity: str
    before: str
    result: str
    movement: str
    points: str
    deprivations: str
    causes: str
    decision: str


def shown_household(found: HouseholdOnMap, standard_id: str) -> ShownHousehold:
    """Return a household in words."""
    review, names = found.review, dict(indicators_of(standard_id))
    return ShownHousehold(
        name=review.head_name,
        url=reverse("office:poverty_household", args=[review.pk]),
        code=review.household.code,
        unit=found.unit.name if found.unit else _("Chưa rõ xã"),
        hamlet=review.hamlet,
        size=review.size,
        ethnicity=review.ethnicity,
        before=str(HouseholdClass(review.class_before).label),
        result=str(HouseholdClass(review.final_class).label) if review.final_class else "",
        movement=str(Movement(review.movement).label) if review.movement else "",
        points=f"{NO_DATA if review.a_points is None else review.a_points} / {NO_DATA if review.b_points is None else review.b_points}",
        deprivations=", ".join(names.get(code, code) for code in review.deprivations),
        causes=", ".join(str(Cause(code).label) if code in Cause.values else code for code in review.causes),
        decision=review.decision.number if review.decision else "",
    )


def household_columns(standard_id: str) -> list[str]:
    """Return the head of an exported list of households."""
    return [
        _("Mã hộ"), _("Chủ hộ"), _("Giới tính"), _("Dân tộc"), _("Nhân khẩu"), _("Mã xã"), _("Xã, phường"), _("Xã khi rà soát"), _("Thôn, tổ"),
        _("Điểm B1"), _("Điểm B2"), _("Trước rà soát"), _("Kết quả"), _("Biến động"), *(name for _code, name in indicators_of(standard_id)),
        *(str(cause.label) for cause in Cause), _("Số quyết định"),
    ]  # fmt: skip


def household_values(found: HouseholdOnMap, standard_id: str) -> list[Any]:
    """Return a row of an exported list: 1 where a household is deprived or names a cause."""
    review, shown = found.review, shown_household(found, standard_id)
    sexes = {"male": _("nam"), "female": _("nữ")}
    return [
        shown.code, shown.name, sexes.get(review.head_sex, ""), shown.ethnicity, review.size, found.unit.code if found.unit else "", shown.unit,
        review.commune_review.unit.name, shown.hamlet, review.a_points, review.b_points, shown.before, shown.result, shown.movement,
        *(int(code in review.deprivations) for code, _name in indicators_of(standard_id)),
        *(int(cause in review.causes) for cause in Cause), shown.decision,
    ]  # fmt: skip
