"""Files that are sent in and spreadsheets that come back, read by another reader than ours."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def sheet_of(answer: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a downloaded spreadsheet, the head first."""
    assert answer.status_code == 200
    book = openpyxl.load_workbook(BytesIO(answer.content))
    return [tuple(row) for row in book.active.iter_rows(values_only=True)]
