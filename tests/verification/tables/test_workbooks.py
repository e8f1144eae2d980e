"""XLSX, XLS and ODS: what stands in a cell comes out as text, and nothing is lost on the way."""

import datetime
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from lienthong.verification.tables import read_table
from lienthong.verification.tables.refusals import (
    DamagedFile,
    EmptyFile,
    FileMissing,
    FileTooLarge,
    NotATable,
    ProtectedFile,
    SheetMissing,
    TableRefused,
)
from tests.verification.tables.files import HEAD, PEOPLE, column, fill, records, register, text_file, workbook

BORN = datetime.datetime(1961, 6, 5)
ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Danh sách">'
)
ODS_FOOT = "</table:table></office:spreadsheet></office:body></office:document-content>"


def ods(path: Path, rows: list[list[str]], *, manifest: str = "") -> Path:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS_HEAD + cells + empty + ODS_FOOT)
        archive.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
    return path


def sheets(path: Path, **pages: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in pages.items():
            fill(book.add_worksheet(name), rows)
    return path


def one_cell(path: Path, write: Any) -> str | None:
    """Write one cell under a head and read it back."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        fill(page, [["Họ và tên", "Số CCCD"], ["Lý A Páo"], ["Hà Thị Na", "x"]])
        write(book, page)
    return records(read_table(path))[0][1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (19161004321, "19161004321"),
        (19161004321.0, "19161004321"),
        (999999999999, "999999999999"),
        (-19161004321, "-19161004321"),
        (1.5, "1.5"),
        (22437, "22437"),
        ("019161004321", "019161004321"),
        ("1.9161E+10", "1.9161E+10"),
        ("'019161004321", "'019161004321"),
        ("=SUM(A1)", "=SUM(A1)"),
        (True, "true"),
    ],
)
def test_a_cell_is_its_text(tmp_path: Path, value: Any, text: str) -> None:
    def write(_book: Any, page: Any) -> None:
        if isinstance(value, str):
            page.write_string("B2", value)
        else:
            page.write("B2", value)

    assert one_cell(tmp_path / "a.xlsx", write) == text


@pytest.mark.parametrize("fmt", ["dd/mm/yyyy", "d-mmm-yy", "[$-42A]dd/mm/yyyy", "yyyy-mm-dd"])
def test_a_real_date_is_written_the_international_way(tmp_path: Path, fmt: str) -> None:
    def write(book: Any, page: Any) -> None:
        page.write_datetime("B2", BORN, book.add_format({"num_format": fmt}))

    assert one_cell(tmp_path / "a.xlsx", write) == "1961-06-05"


def test_a_calculated_formula_gives_its_value(tmp_path: Path) -> None:
    def write(_book: Any, page: Any) -> None:
        page.write_formula("B2", '="0"&"19161004321"', None, "019161004321")

    assert one_cell(tmp_path / "a.xlsx", write) == "019161004321"


def test_a_formula_that_nobody_calculated_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["Họ và tên", "Số CCCD", "Ngày sinh"])
    page.append(["Lý A Páo", "019090000001", "=DATE(1990,1,2)"])
    page.append(["Hà Thị Na", '="0"&"19161004321"', "1990"])
    book.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx")

    assert records(table) == [["Lý A Páo", "019090000001", None], ["Hà Thị Na", None, "1990"]]
    assert any("2 ô công thức chưa được tính (ví dụ C2, B3)" in notice for notice in table.notices)


def test_errors_of_excel_are_empty_and_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        page = book.add_worksheet("Danh sách & hộ")
        fill(page, [["Họ và tên", "Số CCCD"], ["Lý A Páo"], ["Hà Thị Na", "x"]])
        page.write_formula("B2", "=VLOOKUP(1,A1:A2,1)", None, "#N/A")
    table = read_table(tmp_path / "a.xlsx")

    assert records(table)[0] == ["Lý A Páo", None]
    assert any("1 ô báo lỗi Excel" in notice and "B2" in notice for notice in table.notices)


def test_takes_the_sheet_with_the_data_and_names_the_others(tmp_path: Path) -> None:
    path = sheets(
        tmp_path / "a.xlsx", Bìa=[["Danh sách"]], Dữ_liệu=[HEAD, *PEOPLE], Xã_khác=[HEAD, PEOPLE[0]], Trống=[]
    )
    table = read_table(path)

    assert "“Dữ_liệu”" in table.source
    (notice,) = table.notices
    assert notice.startswith("Chỉ đọc trang tính “Dữ_liệu”. Chưa đọc: “Bìa” (1 dòng), “Xã_khác” (2 dòng); nếu cần")
    assert len(records(read_table(path, sheet="xã_khác"))) == 1
    with pytest.raises(SheetMissing, match=r"không có trang tính “Xã”\. Các trang của tệp: “Bìa”, “Dữ_liệu”"):
        read_table(path, sheet="Xã")
    with pytest.raises(EmptyFile, match="“Trống” trống"):
        read_table(path, sheet="Trống")


def test_a_table_far_from_the_corner_keeps_its_rows_and_columns(tmp_path: Path) -> None:
    rows = [[], [], [], ["", "", "", "Họ và tên", "Ngày sinh"], ["", "", "", "Lý A Páo", "1990"]]
    table = read_table(workbook(tmp_path / "a.xlsx", rows))

    assert table.heads == ("Họ và tên", "Ngày sinh")
    assert table.frame["row_number"].to_list() == [5]


def test_a_household_code_merged_over_its_members_is_theirs(tmp_path: Path) -> None:
    rows = [
        ["Mã hộ", "Họ và tên", "Ngày sinh"],
        ["H01", "Hà A", "1960"],
        ["", "Hà B", "1961"],
        ["", "Hà C", "1990"],
        ["H02", "Vi D", "1970"],
    ]
    canonical = register(workbook(tmp_path / "a.xlsx", rows, merges=["A2:A4"]))

    assert column(canonical, "household_id") == ["H01", "H01", "H01", "H02"]


def test_open_document_sheets_are_read_and_their_endless_empty_rows_are_nothing(tmp_path: Path) -> None:
    table = read_table(ods(tmp_path / "a.ods", [HEAD, *PEOPLE]))

    assert [row[4] for row in records(table)] == ["019161004321", "019058000123", None]
    assert table.source == "ODS, trang tính “Danh sách”"


def test_a_file_that_is_not_what_its_name_says_is_read_as_what_it_is(tmp_path: Path) -> None:
    text = text_file(tmp_path / "a.xlsx", [HEAD, *PEOPLE], separator="\t")
    book = workbook(tmp_path / "b.xlsx", [HEAD, *PEOPLE]).rename(tmp_path / "b.csv")

    for path, notice in (
        (text, "Tên tệp nói là XLSX nhưng nội dung là CSV"),
        (book, "Tên tệp nói là CSV nhưng nội dung là XLSX"),
    ):
        table = read_table(path)
        assert len(records(table)) == 3
        assert table.notices[0].startswith(notice)


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"%PDF-1.7 ...", NotATable, "thực ra là tệp PDF"),
        (b"\x89PNG\r\n\x1a\n....", NotATable, "ảnh PNG"),
        (b"<html><body><table><tr><td>x</td></tr></table></body></html>", NotATable, "trang web"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", NotATable, "XML"),
        (b'{"a": 1}', NotATable, "JSON"),
        (b"PK\x03\x04 broken", DamagedFile, "bị hỏng"),
        (b"PAR1 and no end", DamagedFile, "bị cụt"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, NotATable, "Office cũ nhưng không phải bảng tính"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
            ProtectedFile,
            "mật khẩu",
        ),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512 + "Workbook".encode("utf-16-le"),
            DamagedFile,
            "không đọc được",
        ),
        (b"", EmptyFile, "trống"),
        (b"\0\0\0\0", EmptyFile, "trống"),
    ],
)
def test_other_kinds_of_files_are_refused_by_name(
    tmp_path: Path, content: bytes, kind: type[Exception], words: str
) -> None:
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(content)

    with pytest.raises(kind, match=words) as refused:
        read_table(path)
    assert isinstance(refused.value, TableRefused)


@pytest.mark.parametrize(
    ("names", "words"), [(["word/document.xml"], "văn bản Word"), (["a.csv"], "tệp nén"), (["xl/workbook.bin"], "xlsb")]
)
def test_archives_of_something_else_are_refused(tmp_path: Path, names: list[str], words: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for name in names:
            archive.writestr(name, "x")

    with pytest.raises(NotATable, match=words):
        read_table(tmp_path / "a.xlsx")


def test_a_protected_open_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProtectedFile, match="mật khẩu"):
        read_table(ods(tmp_path / "a.ods", [HEAD], manifest="<manifest:encryption-data/>"))


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    content = workbook(tmp_path / "a.xlsx", [HEAD, *PEOPLE]).read_bytes()
    for share in (0.3, 0.7, 0.95):
        (tmp_path / "cut.xlsx").write_bytes(content[: int(len(content) * share)])
        with pytest.raises(DamagedFile):
            read_table(tmp_path / "cut.xlsx")


def test_a_sheet_of_nonsense_is_refused(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [HEAD, *PEOPLE])
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<worksheet><sheetData><row" if "sheet1" in name else old.read(name))

    with pytest.raises(TableRefused):
        read_table(tmp_path / "b.xlsx")


def test_a_bomb_is_not_unfolded(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [HEAD, *PEOPLE])
    with (
        zipfile.ZipFile(source) as old,
        zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/media/image1.bin", b"\0" * 120_000_000)

    with pytest.raises(FileTooLarge, match="bung ra 120 MB"):
        read_table(tmp_path / "b.xlsx")


def test_a_stray_cell_at_the_end_of_the_sheet_is_named(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        page = book.add_worksheet()
        fill(page, [HEAD, *PEOPLE])
        page.write(1_048_575, 16_383, "x")

    with pytest.raises(FileTooLarge, match="trải tới ô XFD1048576"):
        read_table(tmp_path / "a.xlsx")


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match="Mọi trang tính"):
        read_table(workbook(tmp_path / "a.xlsx", []))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="Không mở được"):
        read_table(tmp_path / "không-có.xlsx")
    with pytest.raises(FileMissing, match="là thư mục"):
        read_table(tmp_path)
