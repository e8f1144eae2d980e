"""A survey form as its sheets and rows: read from our text or from an office's XLSX, and written as XLSX again."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any, Final, TypeAlias

import xlsxwriter

Row: TypeAlias = dict[str, str]
Workbook: TypeAlias = dict[str, Any]  # as pyxform has it: per sheet its rows, and per sheet with "_header" its columns

SHIPPED: Final = ("phieu-a", "phieu-b", "phieu-c")
LARGEST_FILE_BYTES: Final = 2 << 20
_LARGEST_UNPACKED_BYTES: Final = 20 << 20
_MAIN_PART: Final = "xl/workbook.xml"
_ENCRYPTED: Final = 0x1
_FORMS: Final = Path(__file__).resolve().parent / "forms"
_FIRST_SHEETS: Final = ("survey", "choices", "settings")
_WIDTHS: Final = {"type": 26, "name": 24, "label": 44, "hint": 36, "calculation": 50, "constraint": 36, "relevant": 36}
_DO: Final = "Hãy tải mẫu XLSX của phiếu về, sửa trên mẫu đó rồi tải lên lại."


class SourceUnreadable(ValueError):
    """What was given is no workbook with a survey in it; the message says what to do."""


def shipped_source(form_id: str) -> str:
    """Give the text of a form that comes with the house.

    Raises:
        KeyError: There is none of this id.
    """
    if form_id not in SHIPPED:
        raise KeyError(form_id)
    return (_FORMS / f"{form_id}.md").read_text(encoding="utf-8")


def read_workbook(source: str | bytes) -> Workbook:
    """Read a form's sheets.

    Args:
        source: Our text, or the bytes of an XLSX.

    Raises:
        SourceUnreadable: It is too heavy, dangerous, not an XLSX, or has no sheet "survey".
    """
    # Loaded here: half a second of every start otherwise.
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import md_to_dict, xlsx_to_dict

    content = source if isinstance(source, str) else _guarded(source)
    try:
        book: Workbook = md_to_dict(content) if isinstance(content, str) else xlsx_to_dict(content)
    except Exception as wrong:  # openpyxl raises whatever it trips over
        words = f" ({wrong})" if isinstance(wrong, PyXFormError) else ""
        raise SourceUnreadable(f"Không đọc được các trang tính của tệp{words}. {_DO}") from wrong
    if not book.get("survey"):
        raise SourceUnreadable(f"Tệp không có trang “survey”, hoặc trang đó trống. {_DO}")
    return book


def as_xlsx(source: str | bytes) -> bytes:
    """Write a form as an XLSX that officials open in Excel, change and upload again."""
    book = read_workbook(source)
    content = io.BytesIO()
    written = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = written.add_format({"bold": True, "bottom": 1})
    text = written.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    others = [sheet for sheet in book if sheet not in _FIRST_SHEETS and f"{sheet}_header" in book]
    for name in (sheet for sheet in (*_FIRST_SHEETS, *others) if book.get(sheet)):
        page = written.add_worksheet(name)
        for place, column in enumerate(book[f"{name}_header"][0]):
            page.write_string(0, place, column, head)
            page.set_column(place, place, _WIDTHS.get(column, 18))
            for line, row in enumerate(book[name], start=1):
                page.write_string(line, place, row.get(column, ""), text)
        page.freeze_panes(1, 2 if name == "survey" else 0)
    written.close()
    return content.getvalue()


def _guarded(content: bytes) -> bytes:
    """Refuse what is no XLSX, is locked, or unpacks to too much; nothing is unpacked before its size has been judged."""
    if len(content) > LARGEST_FILE_BYTES:
        raise SourceUnreadable(
            f"Tệp phiếu nặng hơn {LARGEST_FILE_BYTES >> 20} MB. Hãy bỏ ảnh và các trang thừa rồi tải lên lại."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as broken:
        raise SourceUnreadable(
            f"Tệp này không phải bảng tính XLSX, hoặc đã hỏng hay có đặt mật khẩu. {_DO}"
        ) from broken
    if _MAIN_PART not in {part.filename for part in parts} or any(part.flag_bits & _ENCRYPTED for part in parts):
        raise SourceUnreadable(f"Tệp này không phải bảng tính XLSX thường. {_DO}")
    # No part unpacks to more than it says: zipfile stops there.
    if sum(part.file_size for part in parts) > _LARGEST_UNPACKED_BYTES:
        raise SourceUnreadable(f"Tệp bung ra lớn bất thường, không giống một phiếu. {_DO}")
    return content
