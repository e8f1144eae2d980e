"""Banks and wallets that a benefit can be paid to, read from data: number, short name, name, and how sure we are.

Ngân hàng, ví điện tử. The numbers are those of the interbank switch (NAPAS BIN); an office completes ``data/banks.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lienthong.kernel.legal import Confidence
from lienthong.kernel.text import fold
from lienthong.rules.parameters import load_yaml

BANKS_FILE = Path(__file__).parent / "data" / "banks.yaml"


class UnknownBank(LookupError):
    """No bank of that number is recorded; the message names the file to complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A bank or wallet. Ngân hàng.

    Attributes:
        code: Six digits of the interbank switch, as text.
        short: What people call it.
        kind: ``bank``, ``wallet`` or ``mobile_money``.
        confidence: How the number was established.
    """

    code: str
    short: str
    name: str
    kind: str
    confidence: Confidence
    source: str


@cache
def banks() -> Mapping[str, Bank]:
    """Return every recorded bank by its number, in the order of the file."""
    data = load_yaml(BANKS_FILE)
    return {
        entry["code"]: Bank(
            code=entry["code"],
            short=entry["short"],
            name=entry["name"],
            kind=entry.get("kind", "bank"),
            confidence=Confidence(entry.get("confidence", data["confidence"])),
            source=entry.get("source", data["source"]),
        )
        for entry in data["banks"]
    }


def bank_of(code: str) -> Bank:
    """Return a bank by its number.

    Raises:
        UnknownBank: It is not recorded.
    """
    found = banks().get(code)
    if found is None:
        raise UnknownBank(
            f"Không có ngân hàng mã “{code[:20]}” trong danh mục. Hãy kiểm tra sáu số của mã, hoặc bổ sung vào tệp "
            f"payments/data/{BANKS_FILE.name}."
        )
    return found


def bank_name(code: str) -> str:
    """Return what people call a bank; its number where it is not recorded."""
    found = banks().get(code)
    return found.short if found else code


def find_bank(text: str) -> Bank | None:
    """Return the bank that somebody typed by number, short name or full name; None where nothing or more than one fits.

    Examples:
        >>> find_bank("agribank").code, find_bank("970436").short
        ('970405', 'Vietcombank')
    """
    wanted = fold(text)
    if not wanted:
        return None
    exact = [bank for bank in banks().values() if wanted in {bank.code, fold(bank.short), fold(bank.name)}]
    return exact[0] if len(exact) == 1 else None
