"""Our columns out of a file's: what is joined, what is set apart, what is refused."""

from pathlib import Path

import polars as pl
import pytest

from lienthong.verification.tables import TableKind, canonical_frame, guess_mapping, read_table
from lienthong.verification.tables.canonical import POPULATION_COLUMNS, REGISTER_COLUMNS
from lienthong.verification.tables.refusals import EmptyFile, RecordIdsRefused
from tests.verification.tables.files import HEAD, PEOPLE, column, register, text_file


def test_a_register_has_our_columns_as_text_and_the_rows_of_the_file(tmp_path: Path) -> None:
    canonical = register(text_file(tmp_path / "a.csv", [HEAD, *PEOPLE]))

    assert canonical.frame.columns == [*REGISTER_COLUMNS, "row_number"]
    assert set(canonical.frame.drop("row_number").dtypes) == {pl.String}
    assert column(canonical, "record_id") == ["2", "3", "4"]
    assert column(canonical, "village") == ["Thôn Nà Mỏ", "Thôn Nà Mỏ", "Thôn Khuân Ca"]
    assert canonical.rows_in_file == canonical.frame.height + sum(one.count for one in canonical.skipped)


def test_record_ids_that_stand_twice_are_refused_with_their_rows(tmp_path: Path) -> None:
    rows = [["rid", "Họ và tên", "Ngày sinh"], ["a", "Hà A", "1960"], ["b", "Hà B", "1961"], ["a", "Hà C", "1962"]]

    with pytest.raises(RecordIdsRefused, match="1 mã bản ghi bị trùng: “a” ở dòng 2, 4"):
        register(text_file(tmp_path / "a.csv", rows))
    assert column(register(tmp_path / "a.csv", record_id=None), "record_id") == ["2", "3", "4"]


def test_absent_record_ids_are_refused_with_their_rows(tmp_path: Path) -> None:
    rows = [["rid", "Họ và tên", "Ngày sinh"], ["a", "Hà A", "1960"], ["", "Hà B", "1961"]]

    with pytest.raises(RecordIdsRefused, match="Thiếu mã bản ghi ở dòng 3"):
        register(text_file(tmp_path / "a.csv", rows))


def test_rows_with_neither_name_nor_number_are_set_apart_unless_they_have_an_id(tmp_path: Path) -> None:
    rows = [["Họ và tên", "Ngày sinh", "Thôn"], ["Hà A", "1960", "x"], ["", "1961", "x"], ["Hà C", "1962", "x"]]
    canonical = register(text_file(tmp_path / "a.csv", rows))
    assert [str(one) for one in canonical.skipped[1:]] == ["dòng 3: không có họ tên và số định danh"]

    rows = [["rid", *rows[0]], ["1", *rows[1]], ["2", *rows[2]], ["3", *rows[3]]]
    assert len(column(register(text_file(tmp_path / "b.csv", rows)), "record_id")) == 3


def test_nobody_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match="Không có dòng nào ghi họ tên"):
        register(
            text_file(tmp_path / "a.csv", [["Họ và tên", "Ngày sinh", "Thôn"], ["", "1961", "x"], ["", "1962", "y"]])
        )


def test_members_get_the_name_of_their_head(tmp_path: Path) -> None:
    rows = [
        ["Mã hộ", "Họ và tên", "Quan hệ với chủ hộ", "Năm sinh"],
        ["H1", "Hà Văn Tú", "Chủ hộ", "1960"], ["H1", "Vi Thị Na", "Vợ", "1961"], ["H2", "Lý A Páo", "Chủ hộ", "1990"],
        ["H3", "Lò Thị Xa", "Con", "2001"],
    ]  # fmt: skip
    canonical = register(text_file(tmp_path / "a.csv", rows))
    assert column(canonical, "head_name") == ["Hà Văn Tú", "Hà Văn Tú", "Lý A Páo", None]

    without_codes = register(text_file(tmp_path / "b.csv", [row[1:] for row in rows[:4]]))
    assert column(without_codes, "head_name") == ["Hà Văn Tú", "Hà Văn Tú", "Lý A Páo"]
    assert column(without_codes, "household_id") == ["1", "1", "2"]


def test_numbers_that_cannot_be_are_kept_and_told(tmp_path: Path) -> None:
    rows = [["Họ và tên", "Số CCCD"], ["Hà A", "-19161004321"], ["Hà B", "1.9161E+10"], ["Hà C", "019161004321"]]
    canonical = register(text_file(tmp_path / "a.csv", rows))

    assert column(canonical, "number") == ["-19161004321", "1.9161E+10", "019161004321"]
    assert [notice.split(".")[0].split(":")[0] for notice in canonical.notices] == [
        "1 số định danh là số âm (dòng 2)", "1 số định danh ở dạng lũy thừa như 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heads", "living"),
    [
        ("true song", True),
        ("1 Sống", True),
        ("x Còn-sống", True),
        ("false chet", False),
        (" Đã-chết", False),
        ("0 Khai-tử", False),
    ],
)
def test_the_population_says_who_heads_and_who_lives(tmp_path: Path, heads: str, living: bool) -> None:
    is_head, _, status = heads.partition(" ")
    rows = [
        ["cccd", "ho_ten", "ngay_sinh", "chu_ho", "trang_thai"],
        ["019161004321", "NÔNG THỊ HẠNH", "19610605", is_head, status.replace("-", " ")],
        ["019161004322", "VI THỊ NA", "19610000", "true", "song"],
    ]
    table = read_table(text_file(tmp_path / "a.csv", rows))
    frame = canonical_frame(table, guess_mapping(table, kind=TableKind.POPULATION).require(table)).frame

    assert frame.columns == list(POPULATION_COLUMNS)
    assert frame["is_head"].to_list() == [living, True]
    assert frame["life_status"].to_list() == ["song" if living else "chet", "song"]


def test_half_a_line_of_the_map_of_communes_is_set_apart(tmp_path: Path) -> None:
    rows = [["Mã xã cũ", "Mã xã mới"], ["05432", "11001"], ["05435", ""], ["05438", "11001"]]
    table = read_table(text_file(tmp_path / "a.csv", rows))
    canonical = canonical_frame(table, guess_mapping(table, kind=TableKind.COMMUNES).require(table))

    assert canonical.frame["old"].to_list() == ["05432", "05438"]
    assert str(canonical.skipped[-1]) == "dòng 3: thiếu mã xã cũ hoặc mã xã mới"
