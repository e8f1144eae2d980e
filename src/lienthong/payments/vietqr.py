"""VietQR: the code that a banking application scans to fill in a transfer. Pure; nobody is asked.

Mã VietQR. An EMVCo payload of tags with lengths, closed by a CRC-16 (polynomial 0x1021, begun with 0xFFFF).
"""

from __future__ import annotations

import re
from typing import Final

import segno

from lienthong.kernel.text import swift_text

_NAPAS: Final = "A000000727"
_TO_ACCOUNT: Final = "QRIBFTTA"
_VND: Final = "704"
_LONGEST_PURPOSE: Final = 25
_LONGEST_AMOUNT: Final = 13
_BANK: Final = re.compile(r"\d{6}", re.ASCII)
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9]{1,19}")
_POLYNOMIAL: Final = 0x1021


class NoCodePossible(ValueError):
    """No code can be made of these values; the message says which."""


def payload(*, bank_code: str, account: str, amount: int | None = None, purpose: str = "") -> str:
    """Return what the code of an account says.

    Args:
        bank_code: Six digits of the bank.
        account: Number of the account, up to nineteen letters and digits.
        amount: Whole đồng; None leaves it to whoever pays.
        purpose: Up to 25 plain letters; diacritics are taken off.

    Raises:
        NoCodePossible: A value does not fit the code.
    """
    if not _BANK.fullmatch(bank_code):
        raise NoCodePossible(f"Mã ngân hàng “{bank_code[:20]}” phải gồm đúng 6 chữ số.")
    if not _ACCOUNT.fullmatch(account):
        raise NoCodePossible("Số tài khoản chỉ gồm chữ và số, nhiều nhất 19 ký tự, mới tạo được mã VietQR.")
    if amount is not None and not 0 < amount < 10**_LONGEST_AMOUNT:
        raise NoCodePossible("Số tiền của mã VietQR phải lớn hơn 0 và có nhiều nhất 13 chữ số.")
    receiver = _tag("00", bank_code) + _tag("01", account)
    parts = [
        _tag("00", "01"),
        _tag("01", "11" if amount is None else "12"),
        _tag("38", _tag("00", _NAPAS) + _tag("01", receiver) + _tag("02", _TO_ACCOUNT)),
        _tag("53", _VND),
    ]
    if amount is not None:
        parts.append(_tag("54", str(amount)))
    parts.append(_tag("58", "VN"))
    if said := swift_text(purpose, at_most=_LONGEST_PURPOSE):
        parts.append(_tag("62", _tag("08", said)))
    open_end = "".join(parts) + "6304"
    return f"{open_end}{crc16(open_end.encode('ascii')):04X}"


def picture(content: str, *, scale: int = 4) -> str:
    """Return the code as an SVG for a page."""
    drawing: str = segno.make(content, error="m", micro=False).svg_inline(scale=scale, border=4)
    return drawing


def crc16(content: bytes) -> int:
    """Return the CRC-16/CCITT-FALSE of some bytes.

    Examples:
        >>> f"{crc16(b'123456789'):04X}"
        '29B1'
    """
    value = 0xFFFF
    for byte in content:
        value ^= byte << 8
        for _bit in range(8):
            value = (value << 1) ^ _POLYNOMIAL if value & 0x8000 else value << 1
        value &= 0xFFFF
    return value


def _tag(name: str, value: str) -> str:
    return f"{name}{len(value):02d}{value}"
