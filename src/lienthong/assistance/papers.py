"""What stands on printed papers of social assistance and merit: plain frozen values. The layouts are in ``forms/*.typ``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """One sum of a month: how it is reckoned, and where that stands."""

    words: str
    amount: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetMonths:
    """What a benefit comes to in some months."""

    benefit: str
    months: str
    amount: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFact:
    """A fact that was known, and from where."""

    label: str
    words: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSheetPaper(PaperData):
    """A decision on a benefit as it is told the person. Thông báo kết quả xét trợ cấp.

    Args:
        number: Number of the decision, of the dossier where it has none; empty where neither is known.
        asked: What was decided upon.
        outcome: The result in one sentence.
        months: What is paid from now on; empty where nothing is.
        categories: On which grounds.
        articles: Where that stands in the law.
        reasons: Why, sentence by sentence.
        others: What was tried and does not fit, each with its reason.
        facts: What was known; ``noes`` names those that are known not to be so.
        missing: What could still change the answer.
        remedies: How to complain.
        notices: What rests on another source than the official text.
        decided_as: In which office whoever decided did so.
        as_of: By the law and the facts of which days; empty on papers of the first days.
    """

    code = "assistance_decision"
    layout = FORMS / "decision_sheet.typ"
    title = ("THÔNG BÁO", "KẾT QUẢ XÉT TRỢ CẤP")

    number: str
    dossier_code: str
    addressee: str
    birth: str
    id_number: str
    address: str
    asked: str
    is_granted: bool
    outcome: str
    payees: tuple[str, ...]
    months: tuple[SheetMonths, ...]
    categories: tuple[str, ...]
    articles: tuple[str, ...]
    reasons: tuple[str, ...]
    others: tuple[str, ...]
    facts: tuple[SheetFact, ...]
    noes: tuple[str, ...]
    missing: tuple[str, ...]
    remedies: tuple[str, ...]
    notices: tuple[str, ...]
    prepared_by: str
    decided_by: str
    decided_as: str
    decided_at: datetime
    as_of: str = ""


def sheet_of(data: Mapping[str, Any]) -> DecisionSheetPaper:
    """Return the paper that was frozen with a decision."""
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    plain["issued_on"] = date.fromisoformat(data["issued_on"])
    plain["decided_at"] = datetime.fromisoformat(data["decided_at"])
    plain["facts"] = tuple(SheetFact(**one) for one in data["facts"])
    plain["months"] = tuple(
        SheetMonths(**{**one, "lines": tuple(SheetLine(**line) for line in one["lines"])}) for one in data["months"]
    )
    return DecisionSheetPaper(**plain)
