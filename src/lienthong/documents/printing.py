"""From the data of a form to its PDF: the same data give the same bytes, whatever day it is printed.

In biểu mẫu. The layout is in ``forms/*.typ``; here texts are made printable, moments are put in words, and QR codes drawn.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import segno
import typst

from lienthong.documents.editions import edition_on
from lienthong.documents.form_data import FormData, IntakeRefusalForm, PaperData, QrCode, ReceiptForm
from lienthong.kernel.days import format_day, local_day, local_time
from lienthong.kernel.text import nfc

FORMS_FOLDER = Path(__file__).parent / "forms"
# Layouts of programmes lie in their own folders and import the frame from here.
_ROOT = Path(__file__).parents[1]

# What the bundled fonts can draw; PDF/A forbids a letter without a shape. The first stands for everything else.
MISSING_LETTER = "□"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_UNPRINTABLE = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u036f\u0384-\u038a\u038e-\u03a1\u03a3-\u0482\u048a-\u04ff\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u2040\u2044-\u2052\u2070\u2074-\u208e\u20a0-\u20c0\u2100-\u211e\u2126-\u2151\u2153-\u2184"
    "\u2190-\u22ff\u25a0-\u25ff]"
)
# A longer run of letters would leave the page: it may break after its strokes, else anywhere. What begins as an address of
# the web is left alone: typst breaks it without a letter in between, so that what is copied from the paper opens.
_UNBROKEN = re.compile(r"(?<!\S)(?!https?://)\S{32,}")
_ADDRESS_PARTS = re.compile(r"(?<=[/?&=])(?!/)")
_BREAK = "\u200b"
_UNBROKEN_PART = re.compile(rf"[^\s{_BREAK}]{{32,}}")


def render_form(data: FormData | PaperData, *, demo: bool = False) -> bytes:
    """Draw a form or a programme's paper as PDF/A-2b and PDF/UA-1.

    Args:
        data: What stands on it.
        demo: Print the line that says that the data are invented.

    Raises:
        NoEditionInForce: The day of issue lies before the first recorded edition.
    """
    face = face_of(data)
    page = {
        "form": {"title": face.title, "name": face.name, "legal_line": face.legal_line},
        "demo": demo,
        "data": _printed(data),
        "codes": _codes(data, paper=face.name) if isinstance(data, ReceiptForm) else {},
    }
    layout = data.layout if isinstance(data, PaperData) else FORMS_FOLDER / f"{data.code.value}.typ"
    return _press(layout).print(json.dumps(page, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class Face:
    """How a paper is called: printed lines of the title, its name in a sentence, the legal line."""

    title: tuple[str, ...]
    name: str
    legal_line: str


def face_of(data: FormData | PaperData) -> Face:
    """Return how a paper is called on its day of issue.

    Raises:
        NoEditionInForce: The day of issue lies before the first recorded edition.
    """
    if isinstance(data, PaperData):
        return Face(data.title, " ".join(data.title).capitalize(), data.legal_line)
    edition = edition_on(data.issued_on)
    form = edition.forms[data.code]
    refused_later = isinstance(data, IntakeRefusalForm) and data.after_receipt
    title = form.title_after_receipt if refused_later else form.title
    return Face(title, form.name, edition.legal_line(data.code))


def printable(text: str) -> str:
    """Give the text as it can be drawn: composed, without invisible characters, unknown letters as □."""
    clean = _UNPRINTABLE.sub(MISSING_LETTER, _INVISIBLE.sub("", nfc(text).replace("\r\n", "\n").replace("\t", " ")))
    return _UNBROKEN.sub(lambda run: _breakable(run[0]), clean)


def _breakable(run: str) -> str:
    return _UNBROKEN_PART.sub(lambda part: _BREAK.join(part[0]), _ADDRESS_PARTS.sub(_BREAK, run))


def day_in_words(day: date) -> str:
    """Write a day as official papers do: a zero before days under 10 and before the months 1 and 2.

    Legal source:
        30/2020/NĐ-CP, Phụ lục I.

    Examples:
        >>> day_in_words(date(2026, 2, 5)), day_in_words(date(2026, 11, 23))
        ('ngày 05 tháng 02 năm 2026', 'ngày 23 tháng 11 năm 2026')
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


@dataclass(frozen=True, slots=True)
class _Press:
    """One template, read once and kept; typst compiles for one caller at a time."""

    compiler: typst.Compiler
    turn: threading.Lock

    def print(self, page: str) -> bytes:
        with self.turn:
            # Archives need PDF/A, screen readers PDF/UA; typst refuses to write what is not both.
            return cast(
                bytes, self.compiler.compile(format="pdf", sys_inputs={"page": page}, pdf_standards=["a-2b", "ua-1"])
            )


@cache
def _press(layout: Path) -> _Press:
    return _Press(typst.Compiler(str(layout), root=str(_ROOT), ignore_system_fonts=True), threading.Lock())


def _printed(value: Any) -> Any:
    """Turn fields into JSON for the template: texts printable, a day or moment in its long and its short form."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, datetime):
        local, day = local_time(value), local_day(value)
        words = f"{local:%H} giờ {local:%M} phút, {day_in_words(day)}"
        return {"words": words, "day": day_in_words(day), "short": f"{local:%H:%M} {format_day(day)}"}
    if isinstance(value, date):
        return {"words": day_in_words(value), "short": format_day(value), "iso": [value.year, value.month, value.day]}
    if isinstance(value, QrCode):
        return _qr_code(value.content)
    if is_dataclass(value):
        return {field.name: _printed(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_printed(item) for item in value]
    return value


def _codes(receipt: ReceiptForm, *, paper: str) -> dict[str, str]:
    """Draw the two QR codes of a receipt: one names the paper itself, the other opens the tracking page.

    Legal source:
        01/2023/TT-VPCP (the code names dossier, procedure, person and paper).
    """
    named = (receipt.dossier_code, receipt.procedure_code, receipt.id_number, paper)
    return {"paper": _qr_code("|".join(named)), "tracking": _qr_code(receipt.tracking_url)}


def _qr_code(content: str) -> str:
    drawing: str = segno.make(content, error="m", micro=False).svg_inline(border=2)
    # Inside a page an SVG needs no name space; on its own it does.
    return drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
