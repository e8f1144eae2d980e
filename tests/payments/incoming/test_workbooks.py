"""Statements and results of lists as workbooks: what offices really send."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from lienthong.payments.incoming import sheets
from lienthong.payments.incoming.paid_lists import HEADS, read_paid_list
from lienthong.payments.incoming.refusals import (
    AnswerRefused,
    ColumnsWrong,
    DamagedAnswer,
    DangerousAnswer,
    SumsDiffer,
    TooManyLines,
    WrongAmount,
    ZerosLost,
)
from lienthong.payments.line_keys import key_of
from lienthong.payments.templates import in_template
from tests.payments.incoming.statements import COLUMNS, FACTS, ROW, read, text_file, workbook


def test_a_plain_workbook_is_read(tmp_path: Path) -> None:
    (statement,) = read(workbook(tmp_path, below=[("Cộng", None, 540_000, None, None), ("Người lập biểu",)]))

    assert (statement.head.account, statement.head.statement_id) == ("0805000123456", "42")
    assert [(line.reference, line.amount, line.booked_on) for line in statement.lines] == [
        ("LT00000000000195", -540_000, date(2026, 9, 7))
    ]


def row(**cells: Any) -> tuple[Any, ...]:
    names = ("day", "reference", "debit", "credit", "text")
    return tuple(cells.get(name, value) for name, value in zip(names, ROW, strict=True))


@pytest.mark.parametrize(
    ("bad", "error", "words"),
    [
        (row(debit="540.000"), WrongAmount, "Dòng 7, cột “Ghi nợ”: số tiền “540.000” là văn bản"),
        (row(debit=540_000.5), WrongAmount, "phần lẻ"),
        (row(debit=-540_000), WrongAmount, "âm"),
        (row(debit=1e300), WrongAmount, "lớn bất thường"),
        (row(credit=540_000), WrongAmount, "đều có số tiền"),
        (row(debit=None), WrongAmount, "đều trống"),
        (row(reference=195), ZerosLost, "Dòng 7, cột “Mã tham chiếu”.*đã mất"),
        (row(day="hôm nay"), AnswerRefused, "Dòng 7, cột “Ngày giao dịch”.*không phải ngày"),
        (row(day=45_000), AnswerRefused, "không phải ngày"),
        (row(day=None), AnswerRefused, "không phải ngày"),
    ],
)
def test_a_bad_cell_is_refused_with_row_column_and_reason(
    tmp_path: Path, bad: tuple[Any, ...], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        read(workbook(tmp_path, rows=[bad]))


@pytest.mark.parametrize(
    ("facts", "error", "words"),
    [
        ({"Số tài khoản": 805000123456}, ZerosLost, "đã mất"),
        ({"Số tài khoản": None}, ColumnsWrong, "Số tài khoản"),
        ({"Số dư cuối kỳ": None}, ColumnsWrong, "Số dư cuối kỳ"),
        ({"Số dư cuối kỳ": 460_001}, SumsDiffer, "lệch"),
        ({"Số dư đầu kỳ": "1 triệu"}, WrongAmount, "văn bản"),
        ({"Số dư đầu kỳ": 1_000_000.25}, WrongAmount, "phần lẻ"),
    ],
)
def test_a_bad_fact_is_refused(tmp_path: Path, facts: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        read(workbook(tmp_path, facts={**FACTS, **facts}))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (("Ngày giao dịch", "Mã tham chiếu", "Số tiền", "Ghi có", "Nội dung"), "“Ghi nợ”"),
        (("A", "B", "C", "D", "E"), "“Ngày giao dịch”"),
        (("Ngày giao dịch", "Mã tham chiếu", "Ghi nợ", "Ghi có", "Nội dung", "Ghi nợ"), "hai lần"),
    ],
)
def test_wrong_columns_are_refused(tmp_path: Path, columns: tuple[str, ...], words: str) -> None:
    with pytest.raises(ColumnsWrong, match=words):
        read(workbook(tmp_path, columns=columns))


def test_totals_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SumsDiffer, match="dòng cộng"):
        read(workbook(tmp_path, below=[("Cộng phát sinh", None, 540_001, None, None)]))


def test_a_bank_that_writes_amounts_as_text_has_a_template_for_it(tmp_path: Path) -> None:
    template = in_template(
        {
            "columns": {"booked_on": COLUMNS[0], "reference": COLUMNS[1], "debit": COLUMNS[2], "credit": COLUMNS[3]},
            "labels": {"account": "Số tài khoản", "opening": "Số dư đầu kỳ", "closing": "Số dư cuối kỳ"},
            "amounts_as_text": True,
        }
    )
    file = workbook(tmp_path, rows=[row(day="07/09/2026", debit="540.000")])

    assert read(file, template)[0].lines[0].amount == -540_000
    with pytest.raises(WrongAmount):
        read(workbook(tmp_path, rows=[row(debit="540,5")]), template)


def test_a_million_rows_are_refused_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_LINES", 1_000)

    with pytest.raises(TooManyLines, match=r"nhiều nhất 1\.000"):
        read(workbook(tmp_path, rows=[ROW] * 1_000))


def test_a_cell_far_away_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        book.add_worksheet().write_string(1_048_575, 16_383, "x")

    with pytest.raises(AnswerRefused):
        read(file)


def test_an_archive_that_unfolds_beyond_measure_is_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/a.bin", "w") as part:
        for _piece in range(200):
            part.write(bytes(1_000_000))

    with pytest.raises(DangerousAnswer, match="bung ra"):
        read(file)


def test_a_sheet_with_entities_is_refused(tmp_path: Path) -> None:
    source, file = workbook(tmp_path), tmp_path / "entities.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                content = content.replace(b"?>", b'?><!DOCTYPE w [<!ENTITY x "1">]>', 1)
            new.writestr(entry, content)

    with pytest.raises(DangerousAnswer, match="DOCTYPE"):
        read(file)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_truncated_workbook_is_refused(tmp_path: Path, share: float) -> None:
    content = workbook(tmp_path).read_bytes()

    with pytest.raises(DamagedAnswer):
        read(text_file(tmp_path, content[: int(len(content) * share)]))


def paid_list(folder: Path, *rows: tuple[Any, ...]) -> Path:
    return workbook(folder, facts={"Danh sách": "xã Phú Bình"}, columns=tuple(HEADS.values()), rows=rows)


def test_results_of_a_list_are_read(tmp_path: Path) -> None:
    day = date(2026, 9, 8)
    file = paid_list(
        tmp_path,
        (key_of(1), 540_000, "Đã nhận", day, None),
        (key_of(2), 540_000, "chưa nhận", None, "Đi vắng"),
        (key_of(3), 540_000, None, None, None),
    )

    results = list(read_paid_list(file))
    assert [(one.line_id, one.is_paid, one.on, one.reason) for one in results] == [
        (1, True, day, ""), (2, False, None, "Đi vắng"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(key_of(1), 540_000, "có", date(2026, 9, 8), None)], "không hiểu “có”"),
        ([("LT123", 540_000, "Đã nhận", date(2026, 9, 8), None)], "không phải mã dòng"),
        ([(77, 540_000, "Đã nhận", date(2026, 9, 8), None)], "đã mất"),
        ([(key_of(1), "540000", "Đã nhận", date(2026, 9, 8), None)], "văn bản"),
        ([(key_of(1), 540_000, "Đã nhận", None, None)], "không ghi ngày"),
        ([(key_of(1), 540_000, "Đã nhận", date(2026, 9, 8), None)] * 2, "đã ghi ở dòng"),
        ([(None, 540_000, "Đã nhận", date(2026, 9, 8), None)], "không ghi mã dòng"),
        ([(key_of(1), 540_000, None, None, None)], "Không có dòng nào"),
    ],
)
def test_results_that_cannot_be_meant_are_refused(tmp_path: Path, rows: list[tuple[Any, ...]], words: str) -> None:
    with pytest.raises(AnswerRefused, match=words):
        list(read_paid_list(paid_list(tmp_path, *rows)))
