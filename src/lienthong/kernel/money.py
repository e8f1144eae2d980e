"""Whole đồng: the only money of the platform.

Amounts are integers of đồng; there are no smaller coins, so nothing is ever rounded here.
"""

from __future__ import annotations

import re
from typing import NewType

Dong = NewType("Dong", int)
"""An amount of money in whole đồng."""

NO_BREAK_SPACE = "\u00a0"
CURRENCY_SIGN = "₫"

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")
_BILLION = 10**9
_GROUPED = re.compile(r"\d{1,3}(?:([.,\s])\d{3}(?:\1\d{3})*)?|\d+")
_CURRENCY = re.compile(r"(?:₫|đồng|đ|vnđ|vnd)\.?$", re.IGNORECASE)


def format_dong(amount: int) -> str:
    """Write an amount as officials write it.

    Args:
        amount: Whole đồng.

    Examples:
        >>> format_dong(1234567)
        '1.234.567\\xa0₫'
        >>> format_dong(-500)
        '-500\\xa0₫'
    """
    return f"{amount:,}".replace(",", ".") + NO_BREAK_SPACE + CURRENCY_SIGN


def parse_dong(text: str) -> Dong:
    """Read an amount that a person typed or a spreadsheet holds.

    Args:
        text: Digits, optionally grouped by threes with dots, commas or spaces, optionally followed by the currency.

    Raises:
        ValueError: The text is not a whole number of đồng; the message says what to type.

    Examples:
        >>> parse_dong("1.234.567 ₫"), parse_dong("7200000"), parse_dong("360,000 đồng")
        (1234567, 7200000, 360000)
    """
    bare = _CURRENCY.sub("", text.replace(NO_BREAK_SPACE, " ").strip()).strip()
    sign = -1 if bare[:1] in {"-", "\u2212"} else 1
    digits = bare[1:].strip() if sign < 0 else bare
    if not _GROUPED.fullmatch(digits) or not digits.isascii():
        raise ValueError(f"Số tiền “{text.strip()}” không đọc được. Hãy nhập số nguyên đồng, ví dụ 1.234.567.")
    return Dong(sign * int(re.sub(r"\D", "", digits)))


def dong_in_words(amount: int) -> str:
    """Spell an amount out as printed on vouchers (số tiền bằng chữ).

    Args:
        amount: Whole đồng.

    Examples:
        >>> dong_in_words(24_000_001)
        'hai mươi bốn triệu không trăm nghìn không trăm lẻ một đồng'
        >>> dong_in_words(7_200_000)
        'bảy triệu hai trăm nghìn đồng'
    """
    sign = "âm " if amount < 0 else ""
    return f"{sign}{' '.join(_words(abs(amount), leading=True)) or _DIGITS[0]} đồng"


def _words(number: int, *, leading: bool) -> list[str]:
    """Spell a number; ``leading`` is False where a larger part was already said, so that zeros must be said too."""
    words: list[str] = []
    billions, rest = divmod(number, _BILLION)
    if billions:
        words += [*_words(billions, leading=leading), "tỷ"]
    if not rest:
        return words
    for position in (2, 1, 0):
        group, rest = divmod(rest, 1000**position)
        said_before = bool(words) or not leading
        if group or (said_before and rest):
            words += [*_group_words(group, said_before=said_before), *filter(None, [_GROUPS[position]])]
    return words


def _group_words(group: int, *, said_before: bool) -> list[str]:
    """Spell three digits."""
    hundreds, tens, units = group // 100, group // 10 % 10, group % 10
    words = [_DIGITS[hundreds], "trăm"] if hundreds or said_before else []
    if tens == 1:
        words.append("mười")
    elif tens:
        words += [_DIGITS[tens], "mươi"]
    elif units and words:
        words.append("lẻ")
    if units == 1 and tens > 1:
        words.append("mốt")
    elif units == 5 and tens:
        words.append("lăm")
    elif units:
        words.append(_DIGITS[units])
    return words
