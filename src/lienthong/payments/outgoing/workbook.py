"""An order as a workbook of the bank's own columns, written row by row; whatever names something is text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import xlsxwriter

from lienthong.kernel.text import swift_text
from lienthong.payments.banks import bank_name
from lienthong.payments.outgoing.values import Order, OrderRefused, Sums, Transfer
from lienthong.payments.templates import OutTemplate

MOST_ROWS: Final = 1_000_000
_WIDTHS: Final = {"number": 7, "key": 20, "account": 22, "holder": 34, "bank_name": 24, "amount": 16, "purpose": 40}
_LONGEST: Final = 140


def write_transfer_workbook(
    order: Order, transfers: Iterable[Transfer], *, template: OutTemplate, to: IO[bytes] | Path
) -> Sums:
    """Write an order as XLSX by a template; memory does not grow with the rows.

    Args:
        order: The head.
        transfers: The lines in their order.
        template: The bank's columns.
        to: An open file or a path.

    Raises:
        OrderRefused: Lines and head contradict each other, or there are more than a sheet holds.
    """
    if order.lines > MOST_ROWS:
        raise OrderRefused(
            f"Lệnh chi có {order.lines} dòng, một trang tính chứa nhiều nhất {MOST_ROWS}. Hãy dùng pain.001."
        )
    sums = Sums()
    book = xlsxwriter.Workbook(
        str(to) if isinstance(to, Path) else to,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": order.message_id, "created": _moment(order)})
    page = book.add_worksheet(template.sheet)
    head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    money = book.add_format({"num_format": "#,##0"})
    for place, column in enumerate(template.columns):
        width = _WIDTHS.get(column.field, max(12, len(column.heading) + 2))
        page.set_column(place, place, width, money if column.field == "amount" else text)
    page.freeze_panes(template.first_row - 1, 0)
    for place, column in enumerate(template.columns):
        page.write_string(template.first_row - 2, place, column.heading, head)
    for number, transfer in enumerate(transfers, start=1):
        sums.add(transfer)
        row = template.first_row + number - 2
        for place, column in enumerate(template.columns):
            if column.field == "amount":
                page.write_number(row, place, transfer.amount, money)
            else:
                said = column.text or _cell(column.field, number, transfer, template)
                page.write_string(row, place, said, text)
    book.close()
    sums.must_be(lines=order.lines, amount=order.amount)
    return sums


def _cell(name: str, number: int, transfer: Transfer, template: OutTemplate) -> str:
    if name == "number":
        return str(number)
    value: Any = bank_name(transfer.bank_code) if name == "bank_name" else getattr(transfer, name)
    if name in {"holder", "purpose", "bank_name"} and template.plain_letters:
        return swift_text(value, at_most=_LONGEST)
    return str(value)[:_LONGEST]


def _moment(order: Order) -> datetime:
    return order.made_at.replace(tzinfo=None, microsecond=0)
