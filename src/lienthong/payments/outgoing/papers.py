"""Lists of a commune on paper, for the post or a cashier to pay from and people to sign on: rows in pages, with totals.

Danh sách chi trả theo xã. The layout is ``forms/list.typ``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from lienthong.documents.form_data import PaperData
from lienthong.kernel.money import dong_in_words

# Names may need three lines; the first page has the head above its table.
ROWS_ON_FIRST_PAGE: Final = 8
ROWS_ON_A_PAGE: Final = 12
_LAYOUT: Final = Path(__file__).parent / "forms" / "list.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One payment on a list.

    Attributes:
        key: Name of our line; it comes back with the result.
        person: Whose benefit; ``payee`` who receives it, empty where the person does.
        number: Identity number of whoever receives.
        benefit: What it is and for which month, in words.
    """

    key: str
    person: str
    payee: str
    number: str
    address: str
    benefit: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """What stands on one page, and what it adds up to."""

    first: int
    rows: tuple[ListRow, ...]
    amount: int
    amount_so_far: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentListPaper(PaperData):
    """List for the post or for cash. Danh sách chi trả qua bưu điện hoặc tiền mặt.

    Attributes:
        month_words: "tháng 9 năm 2026".
        channel_words: "qua bưu điện", "bằng tiền mặt".
        message_id: Our number of the list.
    """

    code = "payment_list"
    layout = _LAYOUT
    title = ("DANH SÁCH CHI TRẢ TRỢ CẤP, PHỤ CẤP",)

    month_words: str
    channel_words: str
    unit: str
    message_id: str
    prepared_by: str
    checked_by: str
    approved_by: str
    pages: tuple[ListPage, ...]
    lines: int
    amount: int
    amount_words: str


def pages_of(rows: Sequence[ListRow]) -> tuple[ListPage, ...]:
    """Put rows into pages, each with its own sum and the sum up to it."""
    pages, so_far = [], 0
    starts = [0, *range(ROWS_ON_FIRST_PAGE, len(rows), ROWS_ON_A_PAGE)]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        part = tuple(rows[start:end])
        amount = sum(row.amount for row in part)
        so_far += amount
        pages.append(ListPage(first=start + 1, rows=part, amount=amount, amount_so_far=so_far))
    return tuple(pages)


def payment_list(
    rows: Sequence[ListRow],
    *,
    agency_lines: tuple[str, ...],
    place: str,
    issued_on: date,
    month: date,
    channel_words: str,
    unit: str,
    message_id: str,
    prepared_by: str = "",
    checked_by: str = "",
    approved_by: str = "",
) -> PaymentListPaper:
    """Return what a list says, with its totals in figures and in words."""
    amount = sum(row.amount for row in rows)
    words = dong_in_words(amount)
    return PaymentListPaper(
        agency_lines=agency_lines,
        place=place,
        issued_on=issued_on,
        month_words=f"tháng {month.month} năm {month.year}",
        channel_words=channel_words,
        unit=unit,
        message_id=message_id,
        prepared_by=prepared_by,
        checked_by=checked_by,
        approved_by=approved_by,
        pages=pages_of(rows),
        lines=len(rows),
        amount=amount,
        amount_words=words[:1].upper() + words[1:],
    )
