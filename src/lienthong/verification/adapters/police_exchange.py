"""The police by files: our records go out under keys of our own, and what comes back is compared field by field.

They look each record up in their own database and give back who they found. Their file may come in another order, in
parts, with rows twice, late: whatever it holds, each row is accounted for (``services.exchange``); here is only what the
file looks like and what an answered row means. Trao đổi tệp với Công an.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import xlsxwriter

from lienthong.kernel.text import fold, nfc
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
# Field of a verdict, beside the column it compares.
_COMPARED = {
    "number": "number", "name": "full_name", "birth": "birth_date", "sex": "sex", "ethnicity": "ethnicity",
    "commune": "commune_code",
}  # fmt: skip
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

    def __init__(self, returned: pl.DataFrame) -> None:
        self.returned = returned

    def ask(self, register: pl.DataFrame, *, since: Since | None = None, progress: Progress | None = None) -> Answer:
        """See the port. Records that have not come back are left out."""
        answers = self.returned.unique("record_id", keep="last", maintain_order=True)
        here = register.join(answers, on="record_id", how="inner", maintain_order="left")
        rows = [_verdict(row) for row in here.iter_rows(named=True)]
        if progress is not None:
            progress("Đọc kết quả Công an trả", 1.0)
        return Answer(pl.DataFrame(rows, schema=ANSWER_SCHEMA))


def _verdict(row: dict[str, str | None]) -> dict[str, object]:
    theirs = {column: _clean(row.get(found)) for column, found in _FOUND.items()}
    result = fold(row.get("result") or "")
    found = bool(theirs["number"] or theirs["full_name"]) and result not in _NOT_FOUND
    fields = {name: _compare(row.get(column), theirs[column], name=name) for name, column in _COMPARED.items()}
    if not found:
        fields = {}
    holding = _statuses(row, theirs, fields) if found else [Status.NOT_FOUND]
    status = holding[0]
    snapshot = {name: theirs.get(name) for name in SNAPSHOT} if found else None
    return {
        "record_id": row["record_id"],
        "status": status.value,
        "tags": [one.value for one in holding[1:]],
        "number": theirs["number"] if found else None,
        "probability": 1.0 if found else 0.0,
        "is_linked": found,
        "stage": "police" if found else "none",
        **{f"{name}_verdict": fields[name].value if name in fields else None for name in FIELDS},
        **{f"{name}_weight": None for name in FIELDS},
        "runner_up": None,
        "runner_up_probability": None,
        "runner_up_reason": "",
        "explanation": _explanation(status, fields, result=row.get("result") or ""),
        "snapshot": snapshot,
    }


def _statuses(
    row: dict[str, str | None], theirs: dict[str, str | None], fields: dict[str, FieldVerdict]
) -> list[Status]:
    differs = {name for name, verdict in fields.items() if verdict is FieldVerdict.DIFFERENT}
    holding = []
    if fold(theirs["life_status"] or "") in _DEAD:
        holding.append(Status.DEAD)
    for name, status in (
        ("name", Status.NAME_DIFFERS), ("birth", Status.BIRTH_DIFFERS), ("sex", Status.SEX_DIFFERS),
        ("number", Status.NUMBER_WRONG), ("ethnicity", Status.ETHNICITY_DIFFERS), ("commune", Status.MOVED),
    ):  # fmt: skip
        if name in differs:
            holding.append(status)
        elif name == "number" and fields[name] is FieldVerdict.MISSING_HERE:
            holding.append(Status.NUMBER_MISSING)
    # In the order of urgency that the vocabulary gives.
    order = list(Status)
    return sorted(holding, key=order.index) or [Status.VERIFIED]


def _compare(ours: str | None, theirs: str | None, *, name: str) -> FieldVerdict:
    ours, theirs = _clean(ours), _clean(theirs)
    if theirs is None:
        return FieldVerdict.MISSING_THERE
    if ours is None:
        return FieldVerdict.MISSING_HERE
    if ours == theirs:
        return FieldVerdict.EQUAL
    reading = _digits if name in {"number", "birth", "commune"} else fold
    if reading(ours) == reading(theirs) or (name == "birth" and _day(ours) == _day(theirs)):
        return FieldVerdict.EQUAL_NORMALISED
    return FieldVerdict.DIFFERENT


def _clean(text: str | None) -> str | None:
    return " ".join(nfc(text).split()) or None if text else None


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit()).lstrip("0")


def _day(text: str) -> tuple[str, ...]:
    """Read 05/07/1960, 5-7-1960, 19600705 and 1960-07-05 as the same day."""
    parts = [part for part in text.replace("-", "/").replace(".", "/").split("/") if part]
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][6:], parts[0][4:6], parts[0][:4]]
    elif len(parts) == 3 and len(parts[0]) == 4:
        parts.reverse()
    return tuple(part.lstrip("0") for part in parts)


def _explanation(status: Status, fields: dict[str, FieldVerdict], *, result: str) -> str:
    said = f" Công an ghi: “{result}”." if result else ""
    if status is Status.NOT_FOUND:
        return f"Công an không tìm thấy người này theo thông tin đã gửi.{said}"
    words = {
        "number": "số định danh", "name": "họ tên", "birth": "ngày sinh", "sex": "giới tính", "ethnicity": "dân tộc",
        "commune": "xã, phường",
    }  # fmt: skip
    differing = [words[name] for name, verdict in fields.items() if verdict is FieldVerdict.DIFFERENT]
    if not differing:
        return f"Công an đã tìm thấy người này; các thông tin đã gửi không khác.{said}"
    return f"Công an đã tìm thấy người này; khác ở: {', '.join(differing)}.{said}"
