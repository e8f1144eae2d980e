"""Spreadsheets out: every value as text or number exactly as given, identifiers always text."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return an XLSX file of one sheet with a frozen bold head. Text that looks like a formula stays text."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    for place, name in enumerate(columns):
        page.write_string(0, place, name, head)
        page.set_column(place, place, max(12, min(48, len(name) + 4)))
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                page.write_number(line, place, value)
            else:
                page.write_string(line, place, "" if value is None else str(value), text)
    page.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def sheet_response(name: str, *, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return an XLSX file as a download."""
    response = HttpResponse(sheet(columns, rows), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
