"""What stands on a printed report: plain frozen values. The layout is ``forms/report.typ``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lienthong.documents.form_data import PaperData
from lienthong.poverty.queries.reports.shape import LEGAL_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPaper(PaperData):
    """A report of a round on paper. Báo cáo kết quả rà soát.

    Args:
        groups: Headings above the columns of figures, each with how many it covers; empty where there are none.
        columns: All headings; the first is what a row is.
        rows: Everything in words; with ``has_total`` the last is the total.
        figures: Whether all columns but the first are numbers.
        notes: What is to be known below the table.
    """

    code = "poverty_report"
    layout = Path(__file__).parent / "forms" / "report.typ"
    title = ("BÁO CÁO RÀ SOÁT HỘ NGHÈO, HỘ CẬN NGHÈO",)
    legal_line = LEGAL_LINE

    report_title: str
    round_words: str
    map_words: str
    unit_words: str
    state_words: str
    groups: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    has_total: bool
    figures: bool
    notes: tuple[str, ...]
    prepared_by: str
