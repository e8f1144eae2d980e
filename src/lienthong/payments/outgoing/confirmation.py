"""Confirmation of what a person was paid, for the person to show elsewhere. The layout is ``forms/confirmation.typ``.

Xác nhận các khoản đã chi trả.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from lienthong.documents.form_data import PaperData

_LAYOUT: Final = Path(__file__).parent / "forms" / "confirmation.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedRow:
    """One payment that arrived.

    Attributes:
        month: For which month.
        whose: Arrears or what is carried over, and whose benefit or who received it where that is somebody else; else empty.
        reference: The name of our line in the order, which the bank's answer names too.
    """

    month: str
    benefit: str
    whose: str
    amount: str
    paid_on: str
    place: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationPaper(PaperData):
    """What a person was paid, month by month.

    Attributes:
        first, last: Days between which the payments arrived.
        total: All of them, in figures and in words.
    """

    code = "payment_confirmation"
    layout = _LAYOUT
    title = ("XÁC NHẬN", "CÁC KHOẢN ĐÃ CHI TRẢ")

    name: str
    birth: str
    id_number: str
    first: date
    last: date
    rows: tuple[ConfirmedRow, ...]
    total: str
    total_in_words: str
    made_by: str
