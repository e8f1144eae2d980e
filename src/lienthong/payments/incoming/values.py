"""What an answer says, whatever form it came in: plain frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

# Nobody pays more people from one account in one statement; a longer file is another file, or a trap.
MOST_LINES: Final = 500_000
LONGEST_TEXT: Final = 500
LONGEST_REFERENCE: Final = 64


class AnswerKind(StrEnum):
    """Which form an answer has. Loại tệp trả lời."""

    CAMT053 = "camt.053"
    PAIN002 = "pain.002"
    MT940 = "mt940"
    WORKBOOK = "xlsx"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One booking of a statement. Bút toán.

    Attributes:
        number: Its place in the statement, from 1.
        reference: The payer's own name of the transfer, as the bank gives it back; empty where it gives none.
        amount: Whole đồng; below 0 what left the account, above 0 what came in.
        is_reversal: The bank takes back a booking of its own.
        bank_reference: The bank's name of the booking.
        code: Why it came back, as a code of the standard; empty where the bank gives none.
    """

    number: int
    reference: str
    amount: int
    booked_on: date
    text: str
    is_reversal: bool = False
    bank_reference: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementHead:
    """What a statement says about itself; it comes after the lines, when all of it is known to add up. Sao kê.

    Attributes:
        bank_code: Six digits, or empty where the file names the bank otherwise.
        bank_name: How the file names the bank.
        first_day, last_day: Both days are in it.
        opening, closing: Balances in whole đồng; opening + lines = closing.
    """

    bank_code: str
    bank_name: str
    account: str
    statement_id: str
    first_day: date
    last_day: date
    opening: int
    closing: int
    lines: int


@dataclass(frozen=True, slots=True)
class StatusLine:
    """What became of one transfer. Trạng thái lệnh.

    Attributes:
        is_rejected: The bank will not pay it.
        status: The bank's code (ACSC, RJCT, …).
        reason: The bank's reason: a code of the standard, words, or both.
    """

    number: int
    reference: str
    is_rejected: bool
    status: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusHead:
    """What a report says about the whole order; it comes after the lines.

    Attributes:
        report_id: The bank's number of the report.
        message_id: Our number of the order.
        is_rejected: The bank rejects the whole order.
    """

    report_id: str
    message_id: str
    is_rejected: bool
    status: str
    code: str
    reason: str
    lines: int


@dataclass(frozen=True, slots=True)
class PaidResult:
    """What became of one line of a list of the post or a cashier. Kết quả chi.

    Attributes:
        row: Row of the sheet.
        line_id: Our line.
        is_paid: The person has received it; otherwise nobody came.
        on: Day of payment; None where it was not collected.
        reason: Why it was not collected, as the payer says.
    """

    row: int
    line_id: int
    amount: int
    is_paid: bool
    on: date | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement with its lines in memory, for tests and small files."""

    head: StatementHead
    lines: tuple[StatementLine, ...]


def whole_statements(parts: Iterable[StatementLine | StatementHead]) -> Iterator[Statement]:
    """Put the parts that a reader gives into whole statements."""
    lines: list[StatementLine] = []
    for part in parts:
        if isinstance(part, StatementHead):
            yield Statement(head=part, lines=tuple(lines))
            lines = []
        else:
            lines.append(part)
