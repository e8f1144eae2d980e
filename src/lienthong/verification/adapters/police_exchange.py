"""The police by files: our records go out under keys of our own, and what comes back is compared field by field.

They look each record up in their own database and give back who they found. Their file may come in another order, in
parts, with rows twice, late: whatever it holds, each row is accounted for (``services.exchange``); here is only what the
file looks like and what an answered row means. Trao đổi tệp với Công an.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from lienthong.kernel.text import fold, nfc
from lienthong.verification.linkage import Places, compare_found
from lienthong.verification.linkage.vocabulary import FieldVerdict, Status
from lienthong.verification.ports import ANSWER_SCHEMA, FIELDS, SNAPSHOT, Answer, PopulationPort, Progress, Since

MOST_ROWS_OF_A_SHEET = 1_000_000
# What goes out: the head of each column beside the canonical name.
OUTGOING = {
    "key": "Khóa đối chiếu",
    "number": "Số định danh",
    "full_name": "Họ và tên",
    "birth_date": "Ngày sinh",
    "sex": "Giới tính",
    "ethnicity": "Dân tộc",
    "commune_code": "Mã xã",
    "household_id": "Mã hộ",
    "head_name": "Chủ hộ",
}
# What we ask back, under these heads; the key is what counts, the order of columns and rows does not.
RETURNED = {
    "key": "Khóa đối chiếu",
    "result": "Kết quả",
    "found_number": "Số định danh theo CSDL",
    "found_name": "Họ và tên theo CSDL",
    "found_birth": "Ngày sinh theo CSDL",
    "found_sex": "Giới tính theo CSDL",
    "found_ethnicity": "Dân tộc theo CSDL",
    "found_commune": "Mã xã theo CSDL",
    "found_life": "Tình trạng (sống, chết)",
}
_FOUND = {
    "number": "found_number", "full_name": "found_name", "birth_date": "found_birth", "sex": "found_sex",
    "ethnicity": "found_ethnicity", "commune_code": "found_commune", "life_status": "found_life",
}  # fmt: skip
# The fields of a verdict that the file asks back.
_COMPARED = ("number", "name", "birth", "sex", "ethnicity", "commune")
_NOT_THE_SAME = (FieldVerdict.SIMILAR, FieldVerdict.DIFFERENT)
_DEAD = ("chet", "da chet", "da mat", "khai tu", "tu vong")
_NOT_FOUND = ("khong thay", "khong tim thay", "khong co", "khong ton tai", "not found", "khong thay thong tin")


def write_outgoing(register: pl.DataFrame, path: Path, *, as_csv: bool) -> None:
    """Write the file that goes out: every value as text, so that no zero is lost on the way.

    Args:
        register: Canonical columns, with ``key``.
        path: Where to.
        as_csv: Text with a byte order mark, for registers that no sheet holds; else XLSX.
    """
    columns = [name for name in OUTGOING if name in register.columns]
    asked = [*[OUTGOING[name] for name in columns], *[RETURNED[name] for name in RETURNED if name not in columns]]
    rows = register.select([pl.col(name).fill_null("") for name in columns])
    if as_csv:
        blank = rows.select(pl.all(), *[pl.lit("").alias(head) for head in asked[len(columns) :]])
        blank.columns = asked
        blank.write_csv(path, include_bom=True)
        return
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    page, bold, text = (
        book.add_worksheet("Đối chiếu"),
        book.add_format({"bold": True}),
        book.add_format({"num_format": "@"}),
    )
    page.set_column(0, len(asked), 20, text)
    page.freeze_panes(1, 0)
    for place, head in enumerate(asked):
        page.write_string(0, place, head, bold)
    for line, row in enumerate(rows.iter_rows(), start=1):
        for place, value in enumerate(row):
            page.write_string(line, place, value)
    book.close()


class PoliceExchange(PopulationPort):
    """Answers from what the police have given back so far.

    ``returned`` has ``record_id`` and the columns ``found_…`` and ``result`` of ``RETURNED``; of a record that came back
    twice the last row counts.
    """

    def __init__(self, returned: pl.DataFrame, *, places: pl.DataFrame | None = None) -> None:
        self.returned, self.places = returned, Places.read(places)

    def ask(self, register: pl.DataFrame, *, since: Since | None = None, progress: Progress | None = None) -> Answer:
        """See the port. Records that have not come back are left out."""
        answers = self.returned.unique("record_id", keep="last", maintain_order=True)
        here = register.join(answers, on="record_id", how="inner", maintain_order="left")
        theirs = pl.DataFrame([_theirs(row) for row in here.iter_rows(named=True)], schema=_THEIRS)
        asked = here.select(register.columns)
        compared = compare_found(asked.filter(theirs["is_found"]), theirs.filter("is_found"), places=self.places)
        by_record = {row["record_id"]: row for row in compared.iter_rows(named=True)}
        rows = [
            _verdict(record_id, row, by_record.get(record_id))
            for record_id, row in zip(here["record_id"], theirs.iter_rows(named=True), strict=True)
        ]
        if progress is not None:
            progress("Đọc kết quả Công an trả", 1.0)
        return Answer(pl.DataFrame(rows, schema=ANSWER_SCHEMA))


_THEIRS = {**dict.fromkeys(_FOUND, pl.String), "said": pl.String, "is_found": pl.Boolean}


def _theirs(row: dict[str, str | None]) -> dict[str, object]:
    """Return the person of an answered row in the columns of the population, and whether there is one."""
    person = {column: _clean(row.get(found)) for column, found in _FOUND.items()}
    if fold(person["life_status"] or "") in _DEAD:
        person["life_status"] = "chet"
    is_found = bool(person["number"] or person["full_name"]) and fold(row.get("result") or "") not in _NOT_FOUND
    return {**person, "said": row.get("result") or "", "is_found": is_found}


def _verdict(record_id: str, theirs: dict[str, Any], compared: dict[str, Any] | None) -> dict[str, object]:
    status = Status(compared["status"]) if compared else Status.NOT_FOUND
    fields = {name: compared[f"{name}_verdict"] for name in _COMPARED} if compared else {}
    # The number as the engine reads it, with the zeros that a sheet lost; an old or a mistyped one as they wrote it.
    number = (compared["number"] or theirs["number"]) if compared else None
    return {
        "record_id": record_id,
        "status": status.value,
        "tags": compared["tags"] if compared else [],
        "number": number,
        "probability": 1.0 if compared else 0.0,
        "is_linked": compared is not None,
        "stage": "police" if compared else "none",
        **{f"{name}_verdict": fields.get(name) for name in FIELDS},
        **{f"{name}_weight": None for name in FIELDS},
        "runner_up": None,
        "runner_up_probability": None,
        "runner_up_reason": "",
        "explanation": _explanation(status, fields, result=theirs["said"]),
        "snapshot": {**{name: theirs.get(name) for name in SNAPSHOT}, "number": number} if compared else None,
    }


def _clean(text: str | None) -> str | None:
    return " ".join(nfc(text).split()) or None if text else None


def _explanation(status: Status, fields: dict[str, str | None], *, result: str) -> str:
    said = f" Công an ghi: “{result}”." if result else ""
    if status is Status.NOT_FOUND:
        return f"Công an không tìm thấy người này theo thông tin đã gửi.{said}"
    words = {
        "number": "số định danh", "name": "họ tên", "birth": "ngày sinh", "sex": "giới tính", "ethnicity": "dân tộc",
        "commune": "xã, phường",
    }  # fmt: skip
    differing = [words[name] for name, verdict in fields.items() if verdict in _NOT_THE_SAME]
    if not differing:
        return f"Công an đã tìm thấy người này; các thông tin đã gửi không khác.{said}"
    return f"Công an đã tìm thấy người này; khác ở: {', '.join(differing)}.{said}"
