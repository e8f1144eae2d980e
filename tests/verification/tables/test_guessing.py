"""Which column is which: by the names that offices use, by content, and by what a person has said."""

import json
from pathlib import Path
from typing import Any

import pytest

from lienthong.verification.tables import ColumnMapping, TableKind, guess_mapping, read_mapping_file, read_table
from lienthong.verification.tables.mapping import BySex, FirstOf, Joined
from lienthong.verification.tables.refusals import ColumnsMissing, MappingRefused
from tests.verification.tables.files import HEAD, PEOPLE, column, register, text_file

REGISTER_FIELDS = {
    "record_id": ["rid", "Mã đối tượng", "record_id", "MÃ HỒ SƠ"],
    "list_name": ["danh_sach", "Loại đối tượng", "Diện chính sách", "Nhóm đối tượng"],
    "number": [
        "so_giay_to", "Số CCCD", "CCCD", "Số CMND/CCCD", "Số CCCD/CMND/ĐDCN", "Số định danh cá nhân", "Số ĐDCN", "Căn cước công dân",
        "Số giấy tờ tuỳ thân", "SỐ CMT", "Số CMND", "Số CCCD (12 số)", "so cccd",
    ],
    "full_name": ["ho_ten", "Họ và tên", "HỌ TÊN", "Họ và tên đối tượng", "Họ, chữ đệm và tên", "Ho va ten", "Họ tên người hưởng"],
    "birth_date": ["ngay_sinh", "Ngày sinh", "Năm sinh", "Ngày, tháng, năm sinh", "Ngày tháng năm sinh (dd/mm/yyyy)", "NTNS"],
    "sex": ["gioi_tinh", "Giới tính", "Giới tính (Nam/Nữ)", "Nam/Nữ", "Phái"],
    "ethnicity": ["dan_toc", "Dân tộc", "DÂN TỘC"],
    "commune_code": ["ma_xa", "Xã/Phường", "Mã xã", "Xã, phường, thị trấn", "Tên xã", "Phường/Xã", "Mã ĐVHC"],
    "village": ["Thôn", "Xóm", "Thôn/Xóm/Tổ dân phố", "Tổ dân phố", "Thôn, xóm, TDP"],
    "household_id": ["ho_id", "Mã hộ", "Mã số hộ", "Mã hộ gia đình"],
    "head_name": ["chu_ho", "Chủ hộ", "Họ và tên chủ hộ", "Họ tên chủ hộ", "Tên chủ hộ"],
    "relation": ["Quan hệ với chủ hộ", "QH với chủ hộ", "Quan hệ"],
}  # fmt: skip
CELLS = {
    "record_id": "A1", "list_name": "HN", "number": "019161004321", "full_name": "Nông Thị Hạnh", "birth_date": "05/06/1961",
    "sex": "Nữ", "ethnicity": "Tày", "commune_code": "11085", "village": "Nà Mỏ", "household_id": "H1", "head_name": "Hà Văn Tú",
    "relation": "Vợ",
}  # fmt: skip
OTHERS = [
    "Ngày cấp", "Nơi cấp CCCD", "Số điện thoại", "Họ tên cha", "Số quyết định", "Người giám hộ", "CCCD chủ hộ", "Ngày sinh chủ hộ",
    "Số tài khoản", "Ghi chú", "Mức hưởng", "Họ và tên mẹ", "STT",
]  # fmt: skip


def table_of(path: Path, heads: list[str], cells: list[str]) -> Any:
    return read_table(text_file(path, [heads, cells, cells], separator=";"))


@pytest.mark.parametrize(
    ("field", "head"), [(field, head) for field, heads in REGISTER_FIELDS.items() for head in heads]
)
def test_names_that_offices_use_are_known(tmp_path: Path, field: str, head: str) -> None:
    heads = {**{other: names[0] for other, names in REGISTER_FIELDS.items()}, field: head}
    guess = guess_mapping(
        table_of(tmp_path / "a.csv", list(heads.values()), list(CELLS.values())), kind=TableKind.REGISTER
    )

    assert guess.mapping.columns == heads
    assert guess.unmapped == ()
    assert guess.missing == ()
    assert all(confidence >= 0.9 for confidence in guess.confidence.values())


def test_the_columns_of_the_generator_are_read_as_they_are(tmp_path: Path) -> None:
    heads = ["cccd", "cmnd", "ho_ten", "ngay_sinh", "gioi_tinh", "dan_toc", "ma_xa", "ho_id", "chu_ho", "trang_thai"]
    cells = ["019161004321", "090123456", "NÔNG THỊ HẠNH", "19610605", "Nữ", "Tày", "11085", "7", "true", "song"]
    guess = guess_mapping(table_of(tmp_path / "a.csv", heads, cells), kind=TableKind.POPULATION)

    assert list(guess.mapping.columns) == [
        "number", "old_number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "household_id", "is_head",
        "life_status",
    ]  # fmt: skip
    assert list(guess.mapping.columns.values()) == heads


@pytest.mark.parametrize("other", OTHERS)
def test_columns_about_somebody_else_stay_unmapped(tmp_path: Path, other: str) -> None:
    heads = [other, "Họ và tên", "Ngày sinh", "Số CCCD"]
    cells = ["019070000111", "Nông Thị Hạnh", "1961", "019161004321"]
    guess = guess_mapping(table_of(tmp_path / "a.csv", heads, cells), kind=TableKind.REGISTER)

    assert guess.unmapped == (other,)
    assert guess.mapping.columns == {"number": "Số CCCD", "full_name": "Họ và tên", "birth_date": "Ngày sinh"}


def test_heads_that_say_nothing_are_told_by_their_cells(tmp_path: Path) -> None:
    rows = [["F1", "F2", "F3", "F4", "F5"], *[[row[4], row[1], row[2], row[3], row[5]] for row in PEOPLE]]
    guess = guess_mapping(read_table(text_file(tmp_path / "a.csv", rows)), kind=TableKind.REGISTER)

    assert guess.mapping.columns == {
        "number": "F1",
        "full_name": "F2",
        "birth_date": "F3",
        "sex": "F4",
        "ethnicity": "F5",
    }
    assert all(confidence < 0.9 for confidence in guess.confidence.values())


def test_a_name_that_its_cells_belie_is_less_sure(tmp_path: Path) -> None:
    cells = ["Nông Thị Hạnh", "1961", "chưa có"]
    guess = guess_mapping(
        table_of(tmp_path / "a.csv", ["Họ và tên", "Ngày sinh", "Số CCCD"], cells), kind=TableKind.REGISTER
    )

    assert guess.confidence["number"] < 0.7 < guess.confidence["full_name"]


def test_the_new_number_counts_and_the_old_one_stands_in(tmp_path: Path) -> None:
    rows = [
        ["Họ và tên", "Số CMND", "Số CCCD"],
        ["Hà Thị Na", "090123456", "019161004321"],
        ["Lý A Páo", "090123457", ""],
    ]
    path = text_file(tmp_path / "a.csv", rows)
    guess = guess_mapping(read_table(path), kind=TableKind.REGISTER)

    assert guess.mapping.columns["number"] == FirstOf(("Số CCCD", "Số CMND"))
    assert column(register(path), "number") == ["019161004321", "090123457"]


def test_what_is_missing_is_named_with_what_there_is(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", ["Tên hàng", "Số lượng"], ["Gạo", "12"])

    with pytest.raises(
        ColumnsMissing, match=r"họ và tên; số định danh .* hoặc ngày sinh\. Các cột của tệp: Tên hàng, Số lượng"
    ):
        guess_mapping(table, kind=TableKind.REGISTER).require(table)


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_mapping_file_says_what_no_guess_could(tmp_path: Path, form: str) -> None:
    said: dict[str, Any] = {
        "full_name": {"join": ["ho", "TEN"]}, "birth_date": ["d", "m", "y"], "sex": {"male": "trai", "female": "gai"},
        "number": {"first_of": ["so 1", "so 2"]}, "record_id": None,
    }  # fmt: skip
    plain = (
        json.dumps(said)
        if form == "json"
        else (
            "full_name: {join: [ho, TEN]}\nbirth_date: [d, m, y]\nsex: {male: trai, female: gai}\n"
            "number: {first_of: [so 1, so 2]}\nrecord_id: null\n"
        )
    )
    (tmp_path / f"map.{form}").write_text(plain, encoding="utf-8")
    rows = [
        ["id", "ho", "ten", "d", "m", "y", "trai", "gai", "so 1", "so 2"],
        ["a", "Nông Thị", "Hạnh", "5", "6", "1961", "", "x", "", "090123456"],
        ["a", "Lý A", "Páo", "", "", "1990", "x", "", "019090000001", "1"],
    ]
    canonical = register(text_file(tmp_path / "a.csv", rows), **read_mapping_file(tmp_path / f"map.{form}"))

    assert column(canonical, "record_id") == ["2", "3"]
    assert column(canonical, "full_name") == ["Nông Thị Hạnh", "Lý A Páo"]
    assert column(canonical, "birth_date") == ["05/06/1961", "1990"]
    assert column(canonical, "sex") == ["Nữ", "Nam"]
    assert column(canonical, "number") == ["090123456", "019090000001"]


@pytest.mark.parametrize(
    "said",
    [
        {"ho_ten": "b", "so_giay_to": "c", "ngay_sinh": "d"},
        {"full_name": "B", "number": "C", "birth_date": "D"},
        {"register": {"full_name": "b", "number": "c", "birth_date": "d"}},
        {"b": "full_name", "c": "so_giay_to", "d": "Ngày sinh"},
    ],
)
def test_a_mapping_may_be_written_in_several_ways(tmp_path: Path, said: dict[str, Any]) -> None:
    rows = [["a", "b", "c", "d"], ["x", "Lý A Páo", "019090000001", "1990"]]
    canonical = register(text_file(tmp_path / "a.csv", rows), **said)

    assert [column(canonical, name) for name in ("full_name", "number", "birth_date")] == [
        ["Lý A Páo"],
        ["019090000001"],
        ["1990"],
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"full_name": "Không có"}, "tệp không có cột “Không có”. Các cột của tệp: STT, Họ và tên"),
        ({"name": "Họ và tên"}, "không có cột “name” của hệ thống"),
        ({"full_name": "Họ và tên", "ho_ten": "Thôn"}, "“full_name” được nêu hai lần"),
        ({"full_name": "Thôn", "village": "Thôn"}, "cột “Thôn” được dùng cho cả"),
        ({"full_name": {"nam": "Thôn"}}, "viết tên một cột"),
        ({"full_name": []}, "viết tên một cột"),
        ({"full_name": True}, "viết tên một cột"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(tmp_path: Path, said: dict[str, Any], words: str) -> None:
    with pytest.raises(MappingRefused, match=words):
        register(text_file(tmp_path / "a.csv", [HEAD, *PEOPLE]), **said)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"- a\n- b\n", "phải gồm các dòng"),
        (b"{a: [", "không đọc được theo YAML"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"x" * 300_000, "quá lớn"),
    ],
)
def test_a_mapping_file_that_is_none_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "map.yaml").write_bytes(content)

    with pytest.raises(MappingRefused, match=words):
        read_mapping_file(tmp_path / "map.yaml")


def test_a_confirmed_mapping_is_remembered_as_plain_data() -> None:
    heads = ["a", "b", "c", "d", "e", "f"]
    mapping = ColumnMapping(
        TableKind.REGISTER,
        {"full_name": Joined(("a", "b")), "number": FirstOf(("c", "d")), "sex": BySex("e", "f"), "village": None},
    )
    plain = json.loads(json.dumps(mapping.as_plain_data()))

    assert ColumnMapping.from_plain_data(plain, kind=TableKind.REGISTER, heads=heads) == mapping
