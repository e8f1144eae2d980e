"""One round of the simulated bank: every order of a folder that has no answer yet gets one.

``answers/<order>.pain002.xml`` for each order, and for each account that pays one statement of all that was booked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from lienthong.ops.simulated_bank import writing
from lienthong.ops.simulated_bank.answering import BankAnswer, Wishes, answer
from lienthong.ops.simulated_bank.orders import BankOrder, OrderUnreadable, read_order

STATEMENT_KINDS: Final = ("camt053", "mt940", "xlsx")
_ANSWERS: Final = "answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRound:
    """What the bank is asked to do. Lệnh chạy ngân hàng mô phỏng.

    Attributes:
        kind: Form of the statements.
        opening: Balance before the first booking of each account; twice the orders when None.
        payer, payer_bank: Account and bank for orders as workbooks, which say neither.
    """

    folder: Path
    wishes: Wishes
    on: date
    kind: str = "camt053"
    opening: int | None = None
    payer: str = "0000000000"
    payer_bank: str = "000000"


@dataclass(frozen=True, slots=True)
class Answered:
    """One order and what became of it."""

    name: str
    lines: int
    booked: int
    rejected: int
    returned: int
    problem: str = ""


def answer_folder(asked: BankRound) -> tuple[list[Answered], list[Path]]:
    """Answer the orders of a folder.

    Returns:
        What became of each order, and the files written.
    """
    answers = asked.folder / _ANSWERS
    told: list[Answered] = []
    written: list[Path] = []
    by_account: dict[tuple[str, str], list[BankAnswer]] = {}
    for file in _orders(asked.folder):
        report = answers / f"{file.stem}.pain002.xml"
        if report.exists():
            continue
        try:
            order = read_order(file, payer=asked.payer, payer_bank=asked.payer_bank)
        except OrderUnreadable as wrong:
            told.append(Answered(file.name, 0, 0, 0, 0, str(wrong)))
            continue
        said = answer(order, asked.wishes, on=asked.on)
        answers.mkdir(exist_ok=True)
        writing.write_report(said, to=report)
        written.append(report)
        by_account.setdefault((order.payer_bank, order.payer), []).append(said)
        returned = sum(booking.is_return for booking in said.bookings)
        told.append(Answered(file.name, len(order.wanted), len(said.bookings) - returned, len(said.rejected), returned))
    for (_bank, account), parts in sorted(by_account.items()):
        written.append(_write_statement(asked, account, parts, answers))
    return told, written


def _orders(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.iterdir() if path.is_file() and path.suffix in {".xml", ".xlsx"})


def _write_statement(asked: BankRound, account: str, parts: list[BankAnswer], answers: Path) -> Path:
    first = parts[0]
    bookings = tuple(booking for part in parts for booking in part.bookings)
    opening = asked.opening if asked.opening is not None else sum(part.opening for part in parts)
    whole = replace(first, order=_of_all(parts), opening=opening, bookings=bookings)
    number = 1 + sum(1 for _file in answers.glob(f"{account}-*"))
    name = f"{account}-{asked.on:%Y%m%d}-{number}"
    if asked.kind == "mt940":
        path = answers / f"{name}.sta"
        writing.write_swift(whole, to=path, number=f"{number:05d}")
    elif asked.kind == "xlsx":
        path = answers / f"{name}.xlsx"
        writing.write_workbook(whole, to=path, statement_id=name)
    else:
        path = answers / f"{name}.camt053.xml"
        writing.write_statement(whole, to=path, statement_id=name)
    return path


def _of_all(parts: list[BankAnswer]) -> BankOrder:
    first = parts[0].order
    return BankOrder(
        first.message_id, first.payer, first.payer_bank, tuple(one for part in parts for one in part.order.wanted)
    )
