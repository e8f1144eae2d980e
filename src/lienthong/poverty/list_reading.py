"""Rows of an existing list as values, each with what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from lienthong.kernel.days import BirthDate, parse_day
from lienthong.kernel.identity import UnreadablePersonalId, read_personal_id
from lienthong.kernel.text import UncleanText, clean_line, fold
from lienthong.people.states import Sex
from lienthong.poverty.list_columns import class_of
from lienthong.poverty.states import HouseholdClass

_NOTHING: Final = frozenset({"", "-", "–", "0", "không", "khong", "k"})
_SEXES: Final = {"nam": Sex.MALE, "male": Sex.MALE, "nu": Sex.FEMALE, "female": Sex.FEMALE}
_EXCEL_BEGINS: Final = date(1899, 12, 30)
_SERIAL: Final = re.compile(r"[2-6]\d{4}(\.\d+)?")
_MONTH_FIRST: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(slots=True, kw_only=True)
class ListRow:
    """One row of a list: what it says, why it cannot be taken, and what somebody should look at."""

    number: int
    code: str = ""
    head_name: str = ""
    head_number: str = ""
    birth: BirthDate | None = None
    sex: Sex = Sex.UNKNOWN
    ethnicity: str = ""
    hamlet: str = ""
    household_class: HouseholdClass | None = None
    others: dict[str, str] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def name_key(self) -> str:
        """The folded name, which search compares."""
        return fold(self.head_name)

    def details(self) -> dict[str, str]:
        """Return what else the row tells, as it is kept."""
        own = {
            "head_number": self.head_number, "birth": str(self.birth) if self.birth else "", "sex": str(self.sex),
            "ethnicity": self.ethnicity, "hamlet": self.hamlet,
        }  # fmt: skip
        return {name: value for name, value in (own | self.others).items() if value}


def read_rows(
    cells: Iterable[Mapping[str, Any]], columns: Mapping[str, str], *, row_number: str, class_of_all: str
) -> list[ListRow]:
    """Read the rows of a list and find what they contradict each other in.

    Args:
        cells: Rows by head, as ``Table.frame`` gives them.
        columns: Our fields with their heads.
        row_number: The head under which the number of the row in the file stands.
        class_of_all: The class of every row, or empty where a column tells it.
    """
    rows = [_read(record, columns, int(record[row_number]), class_of_all) for record in cells]
    _refuse_doubles(rows)
    return rows


def _read(record: Mapping[str, Any], columns: Mapping[str, str], number: int, class_of_all: str) -> ListRow:
    row = ListRow(number=number)
    cell = {name: _line(row, str(record[head] or ""), name) for name, head in columns.items()}
    row.code, row.head_name = cell.get("household_code", "")[:60], cell.get("head_name", "")[:120]
    row.hamlet, row.ethnicity = cell.get("hamlet", "")[:120], cell.get("ethnicity", "")[:30]
    row.sex = _SEXES.get(fold(cell.get("sex", "")), Sex.UNKNOWN)
    _read_number(row, cell.get("head_number", ""))
    _read_birth(row, cell.get("birth", ""))
    _read_class(row, cell, class_of_all)
    if not row.head_name and not row.code:
        row.refusals.append(_("không ghi chủ hộ và mã hộ"))
    for name in ("size", "a_points", "b_points"):
        if text := cell.get(name, ""):
            row.others[name] = text[:20]
            if not text.removesuffix(".0").isdecimal():
                row.notes.append(_("“%(text)s” không phải số") % {"text": text[:40]})
    if "reviewed_on" in columns:
        _read_reviewed_on(row, cell["reviewed_on"])
    if "reviewer" in columns:
        row.others["reviewer"] = cell["reviewer"][:120]
        if not cell["reviewer"]:
            row.notes.append(_("không ghi người rà soát"))
    return row


def _line(row: ListRow, text: str, name: str) -> str:
    try:
        return clean_line(text.lstrip("'"), at_most=200)
    except UncleanText as unclean:
        row.refusals.append(f"{name}: {unclean}")
        return ""


def _read_number(row: ListRow, text: str) -> None:
    if not text:
        return
    try:
        row.head_number = read_personal_id(text).number
    except UnreadablePersonalId as unreadable:
        row.refusals.append(str(unreadable))


def _read_birth(row: ListRow, text: str) -> None:
    if not text:
        return
    try:
        row.birth = BirthDate.parse(text.removesuffix(" 00:00:00"))
    except ValueError as unreadable:
        row.refusals.append(str(unreadable))


def _read_class(row: ListRow, cell: Mapping[str, str], class_of_all: str) -> None:
    marked = [
        found
        for name, found in (("poor_mark", HouseholdClass.POOR), ("near_poor_mark", HouseholdClass.NEAR_POOR))
        if cell.get(name, "").lower() not in _NOTHING
    ]
    if text := cell.get("household_class", ""):
        row.household_class = class_of(text)
        if row.household_class is None:
            row.refusals.append(
                _("không hiểu phân loại “%(text)s”; ghi Hộ nghèo, Hộ cận nghèo hoặc Hộ không nghèo")
                % {"text": text[:60]}
            )
    elif len(marked) > 1:
        row.refusals.append(_("đánh dấu cả hộ nghèo và hộ cận nghèo"))
    elif marked:
        row.household_class = marked[0]
    elif class_of_all:
        row.household_class = HouseholdClass(class_of_all)
    else:
        row.refusals.append(_("không ghi phân loại"))


def _read_reviewed_on(row: ListRow, text: str) -> None:
    if not text:
        return
    day = read_day(text)
    if day is None:
        row.notes.append(_("không đọc được ngày rà soát “%(text)s”") % {"text": text[:40]})
    else:
        row.others["reviewed_on"] = day.isoformat()


def read_day(text: str) -> date | None:
    """Read a day in any of the forms that exports hold: 2023-11-07T03:12:00Z, 7/11/2023, 45237. None where it is no day.

    A day written month first is read so only where it can be nothing else.
    """
    bare = re.split(r"[T ]", text.strip(), maxsplit=1)[0]
    if _SERIAL.fullmatch(bare):
        return _EXCEL_BEGINS + timedelta(days=int(float(bare)))
    try:
        return parse_day(bare)
    except ValueError:
        if match := _MONTH_FIRST.fullmatch(bare):
            try:
                return date(int(match[3]), int(match[1]), int(match[2]))
            except ValueError:
                return None
        return None


def _refuse_doubles(rows: list[ListRow]) -> None:
    """Of rows that repeat one household the first counts; where they contradict each other none does."""
    for name in ("code", "head_number"):
        for group in _groups(rows, name):
            said = {(row.name_key, row.household_class) for row in group}
            first = group[0]
            for row in group if len(said) > 1 else group[1:]:
                words = {
                    "code": getattr(row, name),
                    "rows": ", ".join(str(one.number) for one in group if one is not row),
                }
                if len(said) > 1:
                    row.refusals.append(_("%(code)s ghi khác nhau ở dòng %(rows)s; hãy xem dòng nào đúng") % words)
                else:
                    row.refusals.append(_("trùng với dòng %(first)s (%(code)s)") % (words | {"first": first.number}))


def _groups(rows: Iterable[ListRow], name: str) -> Iterator[list[ListRow]]:
    found: dict[str, list[ListRow]] = {}
    for row in rows:
        if told := getattr(row, name):
            found.setdefault(told, []).append(row)
    return (group for group in found.values() if len(group) > 1)
