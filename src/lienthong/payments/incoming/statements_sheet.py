"""A statement as a workbook in the bank's own columns, read by a template. Sao kê Excel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from lienthong.kernel.money import format_dong
from lienthong.kernel.text import fold
from lienthong.payments.incoming.cells import clean, clean_reference
from lienthong.payments.incoming.refusals import AnswerRefused, ColumnsWrong, SumsDiffer, WrongAmount
from lienthong.payments.incoming.sheets import Row, amount_in, day_in, find_heads, is_blank, name_in, rows_of
from lienthong.payments.incoming.tallying import Tally
from lienthong.payments.incoming.values import LONGEST_REFERENCE, StatementHead, StatementLine
from lienthong.payments.templates import InTemplate

_TOTALS: Final = ("cong", "tong")


def read_sheet_statement(file: Path, *, template: InTemplate) -> Iterator[StatementLine | StatementHead]:
    """Yield the lines of a statement and, when it has added up, its head.

    Raises:
        AnswerRefused: With row, column and reason. What was yielded before is worth nothing.
    """
    above: list[tuple[int, Row]] = []
    rows = rows_of(file)
    _number, places = find_heads(rows, template.columns, seen=above)
    facts = _Facts(template)
    for number, row in above:
        facts.look_at(row, number)
    tally, sums = Tally(), {"debit": 0, "credit": 0}
    for number, row in rows:
        if all(map(is_blank, row)):
            continue
        if _stands_beside(row, places) and (
            facts.look_at(row, number)
            or _check_totals(row, number, places, sums, template)
            or _says_nothing(row, places)
        ):
            continue
        amount = _amount(row, number, places, template)
        sums["debit" if amount < 0 else "credit"] += abs(amount)
        booked_on = day_in(row[places["booked_on"]], row=number, column=template.columns["booked_on"])
        yield StatementLine(
            tally.add(amount, booked_on),
            _reference(row, number, places, template),
            amount,
            booked_on,
            _text(row, places.get("text")),
            False,
            _text(row, places.get("bank_reference"))[:35],
        )
    yield facts.head(tally)


def _stands_beside(row: Row, places: Mapping[str, int]) -> bool:
    """Tell whether no day stands where each booking has one: a label, a total, a signature."""
    day = row[places["booked_on"]]
    return is_blank(day) or (isinstance(day, str) and not day.strip()[0].isdecimal())


def _says_nothing(row: Row, places: Mapping[str, int]) -> bool:
    """Tell whether a row holds words only; were it a booking without its amount, the balances would show it."""
    return all(is_blank(row[places[name]]) for name in ("debit", "credit", "reference") if name in places)


def _amount(row: Row, number: int, places: Mapping[str, int], template: InTemplate) -> int:
    """Return the signed amount: exactly one of the two columns holds one."""
    said: dict[str, int] = {}
    for field in ("debit", "credit"):
        cell = row[places[field]]
        if not is_blank(cell):
            column = template.columns[field]
            if amount := amount_in(cell, row=number, column=column, as_text=template.amounts_as_text):
                said[field] = amount
    heads = f"“{template.columns['debit']}” và “{template.columns['credit']}”"
    if len(said) != 1:
        what = "đều có số tiền" if said else "đều trống"
        raise WrongAmount(f"hai cột {heads} {what}; mỗi dòng chỉ ghi một chiều.", row=number)
    return -said["debit"] if "debit" in said else said["credit"]


def _reference(row: Row, number: int, places: Mapping[str, int], template: InTemplate) -> str:
    if "reference" not in places:
        return ""
    cell = row[places["reference"]]
    return clean_reference(name_in(cell, row=number, column=template.columns["reference"], at_most=LONGEST_REFERENCE))


def _text(row: Row, place: int | None) -> str:
    return "" if place is None or is_blank(row[place]) else clean(str(row[place]))


def _check_totals(
    row: Row, number: int, places: Mapping[str, int], sums: Mapping[str, int], template: InTemplate
) -> bool:
    """Hold a row of totals against the rows above it. False where it is no such row."""
    words = next((fold(cell) for cell in row if isinstance(cell, str) and cell.strip()), "")
    if not words.startswith(_TOTALS):
        return False
    for field in ("debit", "credit"):
        cell, column = row[places[field]], template.columns[field]
        if is_blank(cell):
            continue
        said = amount_in(cell, row=number, column=column, as_text=template.amounts_as_text)
        if said != sums[field]:
            raise SumsDiffer(
                f"dòng cộng ghi {format_dong(said)} nhưng các dòng trên cộng lại {format_dong(sums[field])}.",
                row=number, column=column,
            )  # fmt: skip
    return True


class _Facts:
    """What stands beside labels above and below the table."""

    def __init__(self, template: InTemplate) -> None:
        self.template = template
        self.labels = {fold(words): name for name, words in template.labels.items()}
        self.found: dict[str, tuple[Any, int]] = {}

    def look_at(self, row: Sequence[Any], number: int) -> bool:
        """Take what a row says beside a label; True where it said anything."""
        said = False
        for place, cell in enumerate(row):
            if not isinstance(cell, str):
                continue
            words, colon, value = cell.partition(":")
            name = self.labels.get(fold(words))
            if name is None:
                continue
            if not (colon and value.strip()):
                value = next((other for other in row[place + 1 :] if not is_blank(other)), "")
            if name in self.found and self.found[name][0] != value:
                raise AnswerRefused(f"“{self.template.labels[name]}” được ghi hai lần khác nhau.", row=number)
            self.found[name] = (value, number)
            said = True
        return said

    def head(self, tally: Tally) -> StatementHead:
        """Return the head, when it adds up."""
        opening, closing = self._balance("opening"), self._balance("closing")
        account = self._name("account", 34)
        if not account:
            raise ColumnsWrong(f"Không tìm thấy “{self.template.labels['account']}” trong tệp.")
        first, last = self._day("from") or tally.first_day, self._day("until") or tally.last_day
        if first is None or last is None or last < first:
            raise ColumnsWrong("Sao kê không ghi rõ từ ngày, đến ngày và không có dòng nào.")
        statement_id = self._name("statement", 60) or f"{account} {first:%Y%m%d}-{last:%Y%m%d}"
        tally.must_close(opening=opening, closing=closing, statement_id=statement_id)
        return StatementHead(
            bank_code="", bank_name="", account=account, statement_id=statement_id, first_day=first, last_day=last,
            opening=opening, closing=closing, lines=tally.lines,
        )  # fmt: skip

    def _balance(self, name: str) -> int:
        words = self.template.labels[name]
        if name not in self.found or is_blank(self.found[name][0]):
            raise ColumnsWrong(f"Không tìm thấy “{words}” trong tệp, nên không kiểm tra được có đủ dòng hay không.")
        cell, row = self.found[name]
        return amount_in(cell, row=row, column=words, as_text=self.template.amounts_as_text)

    def _name(self, name: str, at_most: int) -> str:
        if name not in self.found:
            return ""
        cell, row = self.found[name]
        return name_in(cell, row=row, column=self.template.labels[name], at_most=at_most)

    def _day(self, name: str) -> date | None:
        if name not in self.found or is_blank(self.found[name][0]):
            return None
        cell, row = self.found[name]
        return day_in(cell, row=row, column=self.template.labels[name])
