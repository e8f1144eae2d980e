"""Values as they stand in a file: amounts, days, names. Whatever is not exactly one is refused with its place."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from lienthong.payments.incoming.refusals import AnswerRefused, WrongAmount
from lienthong.payments.incoming.values import LONGEST_REFERENCE, LONGEST_TEXT

MOST_AMOUNT: Final = 10**15
_PLAIN_AMOUNT: Final = re.compile(r"\d{1,18}(?:\.\d{1,5})?", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_YEARS: Final = range(2000, 2100)


def whole_amount(text: str, *, row: int, column: str, row_word: str = "Dòng") -> int:
    """Read an amount that a message writes with a point before its fraction: more than nothing, whole đồng.

    Raises:
        WrongAmount: Negative, fractional, endless or no number.
    """
    said = text.strip()
    if said.startswith(("-", "\u2212")):
        raise WrongAmount(
            f"số tiền “{said[:30]}” âm; ngân hàng ghi chiều tiền riêng.", row=row, column=column, row_word=row_word
        )
    if not _PLAIN_AMOUNT.fullmatch(said):
        raise WrongAmount(f"“{said[:30]}” không phải số tiền.", row=row, column=column, row_word=row_word)
    try:
        value = Decimal(said)
    except InvalidOperation as no_number:
        raise WrongAmount(
            f"“{said[:30]}” không phải số tiền.", row=row, column=column, row_word=row_word
        ) from no_number
    if value != value.to_integral_value():
        raise WrongAmount(
            f"số tiền “{said[:30]}” có phần lẻ; đồng không có xu.", row=row, column=column, row_word=row_word
        )
    if value > MOST_AMOUNT:
        raise WrongAmount(f"số tiền “{said[:30]}” lớn bất thường.", row=row, column=column, row_word=row_word)
    return int(value)


def iso_day(text: str, *, row: int, column: str, row_word: str = "Dòng") -> date:
    """Read the day of a day or moment in ISO form; of a moment, the day that its own clock shows.

    Raises:
        AnswerRefused: No day, or none of this time.
    """
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise AnswerRefused(f"“{text.strip()[:30]}” không phải ngày hợp lệ.", row=row, column=column, row_word=row_word)
    return day


def clean(text: str | None, *, at_most: int = LONGEST_TEXT) -> str:
    """Return a text in one line, without what cannot be seen, cut at what is kept."""
    return " ".join(_CONTROL.sub(" ", text or "").split())[:at_most]


def clean_reference(text: str | None) -> str:
    """Return the name of a transfer; empty where the bank says that it was given none."""
    said = clean(text, at_most=LONGEST_REFERENCE)
    return "" if said.upper() in {"NOTPROVIDED", "NONREF", "NOTAVAILABLE"} else said
