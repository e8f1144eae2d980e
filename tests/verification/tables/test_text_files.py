"""CSV, TSV and semicolons in every encoding that offices send."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.kernel.old_encodings import decode_tcvn3
from lienthong.verification.tables import read_table
from lienthong.verification.tables.refusals import EmptyFile, FileTooLarge, NotATable, UnclosedQuote
from tests.verification.tables.files import HEAD, PEOPLE, column, records, register, text_file

NAMES = ["Nông Thị Hạnh", "Trần Văn Đức", "Lý A Páo"]
PLAIN = ["STT", "Ho va ten", "Ngay sinh", "Gioi tinh", "So CCCD", "Dan toc", "Xa", "Thon"]
IN_TCVN3 = "N«ng ThÞ H¹nh"


def as_windows_1258(text: str) -> bytes:
    """Write as Windows does: the tone is a byte of its own, hat, horn and breve belong to the letter."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    apart = ""
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in marks if mark in tones)
        apart += unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones)) + tone
    return apart.encode("cp1258")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_unicode_in_every_dress(tmp_path: Path, separator: str, encoding: str, end: str) -> None:
    path = text_file(tmp_path / "a.csv", [HEAD, *PEOPLE], separator=separator, encoding=encoding, end=end)
    table = read_table(path)

    assert table.heads == tuple(HEAD)
    assert [row[1] for row in records(table)] == NAMES
    assert [row[4] for row in records(table)] == ["019161004321", "019058000123", None]


def test_old_bytes_are_kept_as_western_letters_for_the_engine(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"Hä vµ tªn,Ngµy sinh,Sè CMND\n{IN_TCVN3},1961,090123456\n".encode("latin-1"))
    table = read_table(path)
    canonical = register(path)

    assert column(canonical, "full_name") == [IN_TCVN3]
    assert decode_tcvn3(column(canonical, "full_name")[0]) == "Nông Thị Hạnh"
    assert table.heads == ("Họ và tên", "Ngày sinh", "Số CMND")
    assert "một byte" in table.source


def test_windows_1258_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(as_windows_1258("Họ và tên,Ngày sinh\nNguyễn Thị Hạnh,1961\n"))

    assert column(register(path), "full_name") == ["Nguyễn Thị Hạnh"]


def test_mixed_encodings_are_read_line_by_line_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{place},Nông Thị Hạnh,1961,019161004321".encode() for place in range(40)]
    rows[7] = f"7,{IN_TCVN3},1961,019161004321".encode("latin-1")
    path.write_bytes(b"\n".join(["STT,Họ và tên,Năm sinh,Số CCCD".encode(), *rows]))
    table = read_table(path)

    names = [row[1] for row in records(table)]
    assert names.count("Nông Thị Hạnh") == 39
    assert names[7] == IN_TCVN3
    assert any("lẫn hai bảng mã: 1 dòng" in notice and "dòng 9" in notice for notice in table.notices)


def test_quoted_texts_over_several_lines_keep_the_numbers_of_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'Họ và tên,Ngày sinh,Ghi chú\n"Nông, Thị\nHạnh",1961,"nói ""vâng"""\nLý A Páo,1990,\n', encoding="utf-8"
    )
    table = read_table(path)

    assert records(table) == [["Nông, Thị\nHạnh", "1961", 'nói "vâng"'], ["Lý A Páo", "1990", None]]
    assert table.frame["row_number"].to_list() == [2, 4]


def test_a_row_with_too_many_cells_is_set_apart_with_its_number(tmp_path: Path) -> None:
    rows = [["Họ và tên", "Ngày sinh", "Thôn"], *[["Lý A Páo", "1990", "Nà Mỏ"]] * 30]
    rows[5] = ["Lý A Páo", "1990", "Nà Mỏ", "thừa"]
    rows[9] = ["Lý A Páo", "1990"]
    table = read_table(text_file(tmp_path / "a.csv", rows))

    assert [(one.first, one.reason[:8]) for one in table.skipped if "thừa" in one.reason] == [(6, "thừa cột")]
    assert len(records(table)) == 29
    assert table.rows_in_file == 31


@pytest.mark.parametrize(
    "tail",
    ['Lý A Páo,1990,"Nà Mỏ\nVi Thị Na,1991,x\n', 'Lý A Páo,1990,"Nà Mỏ\nVi Thị Na,1991,x\nHà A,1992,y"\nHà B,1993,z\n'],
)
def test_a_quotation_mark_that_never_closes_is_refused_by_its_line(tmp_path: Path, tail: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Họ và tên,Ngày sinh,Thôn\nNông Thị Hạnh,1961,Nà Mỏ\n" + tail, encoding="utf-8")

    with pytest.raises(UnclosedQuote, match="Dòng 3 mở dấu nháy kép"):
        read_table(path)


def test_the_separator_that_excel_declares_is_obeyed(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", [["sep=;"], ["Họ và tên;Ngày sinh;Thôn"], ["Lý, A Páo;1990;Nà, Mỏ"]])
    table = read_table(path)

    assert records(table) == [["Lý, A Páo", "1990", "Nà, Mỏ"]]
    assert table.frame["row_number"].to_list() == [3]
    assert table.skipped[0].first == 1


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n \n", "\ufeff\n".encode("utf-16-le"), b",,,\n,,,\n"])
def test_empty_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)

    with pytest.raises(EmptyFile):
        read_table(tmp_path / "a.csv")


def test_bytes_that_no_text_holds_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(bytes(range(256)) * 100)

    with pytest.raises(NotATable, match="nhị phân"):
        read_table(tmp_path / "a.csv")


def test_a_cell_without_end_is_refused_by_row_and_column(tmp_path: Path) -> None:
    rows = [["Họ và tên", "Ghi chú"], ["Lý A Páo", "x"], ["Hà Thị Na", "y" * 40_000]]

    with pytest.raises(FileTooLarge, match=r"cột “Ghi chú” \(B\), dòng 3 dài 40000"):
        read_table(text_file(tmp_path / "a.csv", rows))


def test_more_columns_than_any_register_are_refused(tmp_path: Path) -> None:
    rows = [[f"Cột {place}" for place in range(3000)], ["x"] * 3000]

    with pytest.raises(FileTooLarge, match="3000 cột"):
        read_table(text_file(tmp_path / "a.csv", rows))


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "a.csv"
    path.write_bytes(content)
    try:
        table = read_table(path)
    except ValueError as refusal:
        assert str(refusal)[0].isupper()
    else:
        assert table.rows_in_file == table.frame.height + table.rows_skipped


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    )
)
def test_every_row_of_any_text_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("text") / "a.csv"
    text_file(path, [["Họ và tên", "Ngày sinh", "Thôn"], *rows], separator=";")
    try:
        table = read_table(path)
    except ValueError:
        return
    assert table.rows_in_file == table.frame.height + table.rows_skipped


def test_a_refusal_names_the_file_as_its_sender_called_it(tmp_path: Path) -> None:
    kept = tmp_path / ("ab" * 32)
    kept.write_bytes(b" \n")

    with pytest.raises(EmptyFile, match=r"bao-tro\.csv") as refused:
        read_table(kept, name="bao-tro.csv")
    assert kept.name not in str(refused.value)
