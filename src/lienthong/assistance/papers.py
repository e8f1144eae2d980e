"""What stands on printed papers of social assistance and merit: plain frozen values. The layouts are in ``forms/*.typ``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lienthong.documents.form_data import PaperData

FORMS = Path(__file__).parent / "forms"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One benefit of one person."""

    name: str
    birth: str
    number: str
    place: str
    benefit: str
    category: str
    payee: str
    amount: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPaper(PaperData):
    """The register of who receives what in a commune. Sổ quản lý đối tượng hưởng trợ cấp hằng tháng.

    Args:
        scope: Which list it is, in words.
        total: Sum of a month, in words of figures.
    """

    code = "assistance_register"
    layout = FORMS / "beneficiaries.typ"
    title = ("DANH SÁCH NGƯỜI HƯỞNG TRỢ CẤP HẰNG THÁNG",)

    scope: str
    month_words: str
    rows: tuple[RegisterRow, ...]
    people: int
    total: str
    prepared_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RiceRow:
    """The rice of one household.

    Args:
        handed_out: Day on which it was handed out; empty where the paper leaves room to sign.
    """

    name: str
    receiver: str
    number: str
    place: str
    cause: str
    persons: str
    kilograms: str
    decision: str
    handed_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RicePaper(PaperData):
    """The list by which rice is handed out in a commune. Danh sách phát gạo hỗ trợ hộ thiếu đói.

    Args:
        scope: Which communes, in words.
        total: Kilograms of all rows, in figures.
    """

    code = "emergency_rice"
    layout = FORMS / "rice.typ"
    title = ("DANH SÁCH PHÁT GẠO HỖ TRỢ",)

    scope: str
    rows: tuple[RiceRow, ...]
    total: str
    prepared_by: str
