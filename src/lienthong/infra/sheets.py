"""Spreadsheets out: every value as text or number exactly as given, identifiers always text."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_AT_MOST = 1_048_575
"""What a sheet of Excel holds below its head."""


class TooManyRows(ValueError):
    """A list is longer than a sheet: nothing is left out of it in silence. ``http`` answers with a page that says so."""

    def __init__(self) -> None:
        most = f"{ROWS_AT_MOST:,}".replace(",", ".")
        super().__init__(
            _("Danh sách dài hơn %(most)s dòng, nhiều hơn một trang tính Excel chứa được. Hãy lọc bớt rồi tải từng phần.")
            % {"most": most}
        )  # fmt: skip


def sheet(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return an XLSX file of one sheet with a frozen bold head. Text that looks like a formula stays text.

    Each row is written to disk before the next one is asked for: give an iterator, and memory does not grow with the rows.

    Raises:
        TooManyRows: There are more than ``ROWS_AT_MOST``.
    """
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet()
    page.freeze_panes(1, 0)
    head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    for place, name in enumerate(columns):
        page.write_string(0, place, name, head)
        page.set_column(place, place, max(12, min(48, len(name) + 4)))
    try:
        for line, row in enumerate(rows, start=1):
            if line > ROWS_AT_MOST:
                raise TooManyRows
            for place, value in enumerate(row):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    page.write_number(line, place, value)
                else:
                    page.write_string(line, place, "" if value is None else str(value), text)
    finally:
        book.close()
    return buffer.getvalue()


def sheet_response(name: str, *, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return an XLSX file as a download.

    Raises:
        TooManyRows: There are more rows than a sheet holds.
    """
    response = HttpResponse(sheet(columns, rows), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
