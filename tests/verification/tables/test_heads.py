"""Where the head is, what it calls the columns, and which rows are no records."""

from pathlib import Path

import pytest

from lienthong.verification.tables import TableRefused, read_table
from lienthong.verification.tables.refusals import EmptyFile
from lienthong.verification.tables.table import ROW_NUMBER, Table
from tests.verification.tables.files import HEAD, PEOPLE, column, records, register, text_file, workbook

LETTERHEAD = [
    ["UBND XÃ BÌNH YÊN", "", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["", "", "", "", "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["DANH SÁCH ĐỐI TƯỢNG BẢO TRỢ XÃ HỘI NĂM 2025"],
    ["(Kèm theo Công văn số 12/UBND ngày 05/03/2025)"],
]
NUMBERING = [f"({number})" for number in range(1, 9)]
FOOT = [
    ["", "Tổng cộng: 3 người"],
    [],
    ["", "Người lập biểu", "", "", "TM. UBND XÃ", ""],
    ["", "", "", "", "CHỦ TỊCH", ""],
    ["", "Hà Thị Thơm", "", "", "Nguyễn Văn Chung", ""],
]


def account(table: Table) -> list[tuple[int, int, str]]:
    return [(one.first, one.last, one.reason.split(",")[0]) for one in table.skipped]


def assert_every_row_is_accounted_for(table: Table) -> None:
    named = table.frame[ROW_NUMBER].to_list()
    for one in table.skipped:
        named += range(one.first, one.last + 1)
    assert sorted(named) == list(range(min(named), max(named) + 1))
    assert len(named) == table.rows_in_file


def test_a_plain_head(tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path / "a.xlsx", [HEAD, *PEOPLE]))

    assert table.heads == tuple(HEAD)
    assert [row[1] for row in records(table)] == ["Nông Thị Hạnh", "Trần Văn Đức", "Lý A Páo"]
    assert table.frame[ROW_NUMBER].to_list() == [2, 3, 4]
    assert table.source == "XLSX, trang tính “Danh sách”"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_titles_above_numbering_below_totals_and_signatures_are_no_records(tmp_path: Path, kind: str) -> None:
    rows = [*LETTERHEAD, HEAD, NUMBERING, *PEOPLE, *FOOT]
    if kind == "xlsx":
        path = workbook(tmp_path / "a.xlsx", rows, merges=["A4:H4", "A5:H5"])
    else:
        path = text_file(tmp_path / "a.csv", [[*row, *[""] * (8 - len(row))] for row in rows], separator=";")
    table = read_table(path)

    assert table.heads == tuple(HEAD)
    assert [row[1] for row in records(table)] == ["Nông Thị Hạnh", "Trần Văn Đức", "Lý A Páo"]
    assert (7, 7, "dòng đánh số cột") in account(table)
    assert (11, 11, "dòng tổng cộng") in account(table)
    assert {one.reason for one in table.skipped} == {
        "dòng tên bảng, phía trên tiêu đề", "dòng trống", "dòng tiêu đề cột", "dòng đánh số cột", "dòng tổng cộng",
        "dòng cuối bảng, chữ ký",
    }  # fmt: skip
    assert_every_row_is_accounted_for(table)


def test_two_rows_of_merged_cells_make_one_head(tmp_path: Path) -> None:
    rows = [
        ["DANH SÁCH HỘ NGHÈO"],
        ["STT", "Họ và tên", "Năm sinh", "", "Số CCCD", "Địa chỉ", ""],
        ["", "", "Nam", "Nữ", "", "Thôn", "Xã"],
        ["1", "Nông Thị Hạnh", "", "1961", "019161004321", "Nà Mỏ", "Bình Yên"],
        ["2", "Trần Văn Đức", "1958", "", "019058000123", "Nà Mỏ", "Bình Yên"],
    ]
    merges = ["A1:G1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "F2:G2"]
    path = workbook(tmp_path / "a.xlsx", rows, merges=merges)
    table = read_table(path)

    assert table.heads == (
        "STT", "Họ và tên", "Năm sinh – Nam", "Năm sinh – Nữ", "Số CCCD", "Địa chỉ – Thôn", "Địa chỉ – Xã"
    )  # fmt: skip
    assert_every_row_is_accounted_for(table)
    canonical = register(path)
    assert column(canonical, "birth_date") == ["1961", "1958"]
    assert column(canonical, "sex") == ["Nữ", "Nam"]
    assert column(canonical, "village") == ["Nà Mỏ", "Nà Mỏ"]
    assert column(canonical, "commune_code") == ["Bình Yên", "Bình Yên"]


def test_two_header_rows_in_text_without_merges_are_joined(tmp_path: Path) -> None:
    rows = [
        ["STT", "Họ và tên", "Giới tính", "", "Ngày tháng năm sinh", "", "", "Số CCCD"],
        ["", "", "Nam", "Nữ", "Ngày", "Tháng", "Năm", ""],
        ["1", "Nông Thị Hạnh", "", "x", "5", "6", "1961", "019161004321"],
        ["2", "Trần Văn Đức", "x", "", "", "", "1958", "019058000123"],
        ["3", "Lý A Páo", "X", "", "", "11", "1990", ""],
    ]
    canonical = register(text_file(tmp_path / "a.csv", rows))

    assert column(canonical, "sex") == ["Nữ", "Nam", "Nam"]
    assert column(canonical, "birth_date") == ["05/06/1961", "1958", "11/1990"]
    assert column(canonical, "full_name") == ["Nông Thị Hạnh", "Trần Văn Đức", "Lý A Páo"]


def test_names_broken_over_two_rows_are_read_together(tmp_path: Path) -> None:
    above = ["Số", "Họ và", "Ngày tháng", "Số", "Giới", "Họ tên"]
    below = ["TT", "tên", "năm sinh", "CCCD", "tính", "chủ hộ"]
    people = [
        ["1", "Nông Thị Hạnh", "05/06/1961", "019161004321", "Nữ", "Nông Văn Páo"],
        ["2", "Trần Văn Đức", "1958", "019058000123", "Nam", "Trần Văn Đức"],
    ]

    found = register(workbook(tmp_path / "a.xlsx", [above, below, *people]))

    assert column(found, "full_name") == ["Nông Thị Hạnh", "Trần Văn Đức"]
    assert column(found, "head_name") == ["Nông Văn Páo", "Trần Văn Đức"]
    assert column(found, "birth_date") == ["05/06/1961", "1958"]


def test_a_group_above_the_names_tells_the_head_of_household_from_the_person(tmp_path: Path) -> None:
    rows = [
        ["Mã hộ", "Chủ hộ", "", "Thành viên", "", ""],
        ["", "Họ và tên", "Số CCCD", "Họ và tên", "Ngày sinh", "Số CCCD"],
        ["H01", "Hà Văn Tú", "019070000111", "Hà Văn Tú", "01/02/1970", "019070000111"],
        ["H01", "Hà Văn Tú", "019070000111", "Hà Thị Na", "03/04/1999", "019199000222"],
    ]
    canonical = register(workbook(tmp_path / "a.xlsx", rows, merges=["A1:A2", "B1:C1", "D1:F1"]))

    assert column(canonical, "full_name") == ["Hà Văn Tú", "Hà Thị Na"]
    assert column(canonical, "head_name") == ["Hà Văn Tú", "Hà Văn Tú"]
    assert column(canonical, "number") == ["019070000111", "019199000222"]


def test_surname_and_given_name_under_one_merged_head_are_one_name(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["STT", "Họ và tên", "", "Năm sinh"],
        [1, "Nông Thị", "Hạnh", 1961],
        [2, "Trần Văn", "Đức", 1958],
    ]
    canonical = register(workbook(tmp_path / "a.xlsx", rows, merges=["B1:C1"]))

    assert column(canonical, "full_name") == ["Nông Thị Hạnh", "Trần Văn Đức"]


def test_a_head_that_each_page_repeats_is_no_record(tmp_path: Path) -> None:
    rows = [HEAD, NUMBERING, *PEOPLE, HEAD, *PEOPLE[:1], [], HEAD, PEOPLE[2]]
    table = read_table(workbook(tmp_path / "a.xlsx", rows))

    assert len(records(table)) == 5
    assert [one.first for one in table.skipped if one.reason == "dòng tiêu đề lặp lại"] == [6, 9]
    assert_every_row_is_accounted_for(table)


def test_empty_columns_vanish_and_a_nameless_one_is_named_by_its_letter(tmp_path: Path) -> None:
    rows = [["", "Họ và tên", "", "Số CCCD", ""], ["", "Lý A Páo", "", "019090000001", "ghi thêm"]]
    table = read_table(workbook(tmp_path / "a.xlsx", rows))

    assert table.heads == ("Họ và tên", "Số CCCD", "Cột E")
    assert any("Cột E" in notice for notice in table.notices)


def test_names_of_groups_between_the_records_are_no_records(tmp_path: Path) -> None:
    rows = [HEAD, ["I", "Xã Bình Yên"], ["", "Thôn Nà Mỏ"], *PEOPLE[:2], ["II. Xã Phú Đình"], PEOPLE[2]]
    canonical = register(workbook(tmp_path / "a.xlsx", rows))

    assert column(canonical, "full_name") == ["Nông Thị Hạnh", "Trần Văn Đức", "Lý A Páo"]
    assert [(one.first, one.last) for one in canonical.skipped] == [(1, 1), (2, 3), (6, 6)]


def test_a_person_called_tong_is_no_total(tmp_path: Path) -> None:
    rows = [["Họ và tên", "Ngày sinh", "Thôn"], ["Tống Thị Cộng", "1/1/1960", ""], ["Tống Văn Số", "2/3/1950", ""]]
    table = read_table(workbook(tmp_path / "a.xlsx", rows))

    assert len(records(table)) == 2


def test_a_file_without_a_head_is_read_by_letters(tmp_path: Path) -> None:
    canonical = register(text_file(tmp_path / "a.csv", PEOPLE))

    assert column(canonical, "full_name") == ["Nông Thị Hạnh", "Trần Văn Đức", "Lý A Páo"]
    assert column(canonical, "number") == ["019161004321", "019058000123", None]
    assert any("Không thấy dòng tiêu đề" in notice for notice in canonical.notices)


@pytest.mark.parametrize("rows", [[HEAD], [["DANH SÁCH"], [], HEAD, NUMBERING]])
def test_a_head_alone_is_refused(tmp_path: Path, rows: list[list[str]]) -> None:
    with pytest.raises(EmptyFile, match="chỉ có tiêu đề"):
        read_table(workbook(tmp_path / "a.xlsx", rows))


def test_one_column_only_is_refused_with_what_was_read(tmp_path: Path) -> None:
    with pytest.raises(TableRefused, match=r"chỉ có một cột \(“Họ và tên”"):
        register(text_file(tmp_path / "a.csv", [["Họ và tên"], ["Nông Thị Hạnh"], ["Lý A Páo"]]))


def test_the_same_head_has_the_same_signature(tmp_path: Path) -> None:
    one = read_table(workbook(tmp_path / "a.xlsx", [HEAD, *PEOPLE]))
    plain = ["stt", "HO VA TEN", "ngay_sinh", "Gioi tinh", "so cccd", "Dan toc", "Xa, phuong", "Thon"]
    other = read_table(text_file(tmp_path / "b.csv", [plain, *PEOPLE], separator=";"))
    more = read_table(text_file(tmp_path / "c.csv", [[*plain, "Ghi chú"], *PEOPLE], separator=";"))

    assert one.signature == other.signature
    assert one.signature != more.signature
