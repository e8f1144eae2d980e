"""Procedures as files: what goes out comes back the same, and what cannot be read is told in a sentence."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
import yaml
from django.utils.translation import override

from lienthong.catalogue.definition import FeeData, ProcedureData
from lienthong.catalogue.files.reading import Reading, UnreadableFile, read_procedure
from lienthong.catalogue.files.spreadsheet import read_xlsx, write_xlsx
from lienthong.catalogue.files.yaml_file import read_yaml, write_yaml
from tests.factories.catalogue import ITEMS, joint_version_data, procedure_data, version_data

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CHANGE = date(2025, 7, 1)

RICH = procedure_data(
    joint_version_data(valid_until=CHANGE, notes="Dòng một\n=SUM(A1)\n“ngoặc” & <thẻ> 'phẩy'; 🙂"),
    version_data(
        valid_from=CHANGE,
        fees=(
            FeeData(amount=600_000, note="cấp mới; một lần", channel="counter", valid_from=CHANGE, valid_until=date(2026, 1, 1)),
            FeeData(amount=450_000, note="cấp mới; một lần", channel="counter", valid_from=date(2026, 1, 1)),
        ),
        items=(replace(ITEMS[0], condition="người nộp ở tỉnh khác", form_code="004"), ITEMS[1]),
        handled_by="Bảo hiểm xã hội tỉnh",
        decision=None,
        legal_basis=("20/2021/NĐ-CP, Điều 5; Điều 6", "Luật số 51/2010/QH12"),
        conditions="x" * 5000,
    ),
    predecessors=("1.000001", "0.000002"),
)  # fmt: skip
PROVISIONAL = procedure_data(version_data(), code="LT.BTXH.01")


def read_back(raw: list[Any]) -> list[ProcedureData]:
    readings = [read_procedure(one) for one in raw]
    assert [reading.findings for reading in readings] == [()] * len(readings)
    return [reading.procedure for reading in readings]


def test_yaml_comes_back_as_it_went_out() -> None:
    assert read_back(read_yaml(write_yaml([RICH, PROVISIONAL]))) == [RICH, PROVISIONAL]


def test_a_workbook_comes_back_as_it_went_out() -> None:
    assert read_back(read_xlsx(write_xlsx([RICH, PROVISIONAL], now=NOW))) == [RICH, PROVISIONAL]


def test_files_speak_vietnamese_whatever_language_the_pages_are_in() -> None:
    with override("en"):
        content = write_xlsx([RICH], now=NOW)
        assert read_back(read_xlsx(content)) == [RICH]
    assert content == write_xlsx([RICH], now=NOW)


def test_a_workbook_read_by_another_program_holds_every_code_as_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([RICH], now=NOW)))
    assert book.sheetnames == ["Thủ tục", "Phiên bản", "Giấy tờ", "Bước", "Phí, lệ phí", "Kết quả", "Căn cứ pháp lý"]
    for sheet in book.worksheets:
        column = [row[0].value for row in sheet.iter_rows(min_row=2)]
        assert set(column) == {"1.001731"}
    papers = [[cell.value for cell in row] for row in book["Giấy tờ"].iter_rows()]
    place = papers[0].index("Mẫu số")
    assert "004" in [row[place] for row in papers]
    notes = list(book["Phiên bản"].iter_rows(values_only=True))[1]
    assert any(isinstance(value, str) and "=SUM(A1)" in value for value in notes)
    assert all(cell.data_type != "f" for row in book["Phiên bản"].iter_rows() for cell in row)


def test_takes_what_people_change_in_a_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([procedure_data()], now=NOW)))
    versions = book["Phiên bản"]
    headings = [cell.value for cell in versions[1]]
    versions.cell(2, headings.index("Có hiệu lực từ") + 1).value = datetime(2021, 7, 1)
    versions.cell(2, headings.index("Thời hạn giải quyết") + 1).value = "3 ngày làm việc + 12 ngày"
    versions.cell(2, headings.index("Liên thông") + 1).value = "Có"
    versions.cell(2, headings.index("Cấp tiếp nhận") + 1).value = "Cấp xã"
    changed = io.BytesIO()
    book.save(changed)
    version = read_back(read_xlsx(changed.getvalue()))[0].versions[0]
    assert (version.valid_from, version.is_joint, version.receiving_level) == (date(2021, 7, 1), True, "commune")
    assert [part.in_words for part in version.allowance] == ["3 ngày làm việc", "12 ngày"]
    assert len(version.items) == 3


def plain(**changes: Any) -> Any:
    """Return a procedure as YAML holds it; ``versions__name="x"`` changes the first version."""
    raw = yaml.safe_load(write_yaml([procedure_data()]))
    for key, value in changes.items():
        part, _dot, name = key.partition("__")
        home = raw["versions"][0] if part == "versions" and name else raw
        home[name or part] = value
    return raw


def reading(**changes: Any) -> Reading:
    return read_procedure(plain(**changes))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": 1.001731}, "“Mã thủ tục” phải là chữ; “1.001731” bị đọc thành số"),
        ({"code": None}, "Thiếu “Mã thủ tục” (code)"),
        ({"code": '1.1/"x'}, "chỉ gồm chữ không dấu, số, dấu chấm và gạch nối"),
        ({"colour": "red"}, "Không có mục “colour” trong mẫu"),
        ({"versions": []}, "chưa có phiên bản nào"),
        ({"versions": "x"}, "“versions” cần một danh sách"),
        ({"versions": ["x"]}, "cần nhiều mục “tên: giá trị”"),
        ({"versions__valid_from": "31/02/2024"}, "Tháng 02/2024 chỉ có 29 ngày"),
        ({"versions__valid_from": None}, "Thiếu “Có hiệu lực từ”"),
        ({"versions__valid_until": "2020-01-01"}, "01/01/2020 phải sau ngày có hiệu lực 01/07/2021"),
        ({"versions__name": "a\0b"}, "U+0000"),
        ({"versions__name": "a\u202eb"}, "U+202E"),
        ({"versions__name": "x" * 700}, "dài 700 ký tự, tối đa 600"),
        ({"versions__name": ["x"]}, "“Tên thủ tục” phải là chữ."),
        ({"versions__level": "planet"}, "“Cấp tiếp nhận” không có giá trị “planet”. Hãy chọn một trong: cấp tỉnh (province)"),
        ({"versions__applicants": ["alien"]}, "không có giá trị “alien”"),
        ({"versions__applicants": {"a": 1}}, "cần một danh sách"),
        ({"versions__instant": "perhaps"}, "ghi “có” hoặc “không”"),
        ({"versions__sets": -1}, "số nguyên từ 0 đến 100; đang là “-1”"),
        ({"versions__sets": True}, "số nguyên"),
        ({"versions__sets": 10**30}, "số nguyên"),
        ({"versions__allowance": [{"amount": 5, "unit": "fortnight"}]}, "cần số lượng (amount) và đơn vị (unit: working_day"),
        ({"versions__allowance": [{"amount": "5", "unit": "working_day"}]}, "cần số lượng"),
        ({"versions__allowance": "năm ngày"}, "không đọc được"),
        ({"versions__allowance": 5}, "cần số lượng"),
        ({"versions__items": [{"number": 1, "kind": "submit_original"}]}, "giấy tờ 1: Thiếu “Tên giấy tờ”"),
        ({"versions__items": [{}] * 300}, "tối đa 200 dòng"),
        ({"versions__steps": [{"name": "x", "kind": "dance", "role": "receiver"}]}, "bước 1: “Loại bước” không có giá trị “dance”"),
        ({"versions__steps": [{"name": "x", "kind": "intake", "role": "king"}]}, "“Vai trò” không có giá trị “king”"),
        ({"versions__fees": [{"amount": "nhiều"}]}, "mức thu 1: “Mức thu (đồng)” cần một số nguyên"),
        ({"versions__legal_basis": [{"a": 1}]}, "“Căn cứ pháp lý” phải là chữ"),
        ({"versions__start_page": "x"}, "cần nhiều mục"),
        ({"versions__decision": ["x"]}, "cần nhiều mục"),
    ],
)  # fmt: skip
def test_tells_what_cannot_be_taken_where_and_what_to_do(changes: dict[str, Any], sentence: str) -> None:
    findings = [str(finding) for finding in reading(**changes).findings]
    assert any(sentence.casefold() in finding.casefold() for finding in findings), findings


def test_tells_every_finding_of_a_procedure_at_once() -> None:
    raw = plain(versions__name="", versions__level="planet")
    assert len(read_procedure(raw).findings) == 2


def test_refuses_versions_that_overlap() -> None:
    raw = plain()
    raw["versions"].append({**raw["versions"][0], "valid_from": date(2024, 1, 1)})
    assert "Hai phiên bản chồng nhau: bản từ 01/07/2021 chưa hết hiệu lực khi bản từ 01/01/2024 bắt đầu" in str(
        read_procedure(raw).findings[0]
    )


@pytest.mark.parametrize("raw", [None, 5, "text", [], True])
def test_survives_a_procedure_that_is_none(raw: Any) -> None:
    assert read_procedure(raw).findings


BILLION_LAUGHS = b"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00\x01", "không phải văn bản UTF-8"),
        (b"code: [1, 2", "không đọc được theo YAML"),
        (b"\tcode: 1", "không đọc được theo YAML ở dòng 1"),
        (BILLION_LAUGHS, "Dòng 1 dùng dấu neo"),
        (b"code: a\ncode: b\n", "Dòng 2: mục “code” ghi hai lần"),
        (b"[" * 5000 + b"]" * 5000, "quá nhiều tầng"),
        (b"!!python/object/apply:os.system ['true']", "không đọc được"),
        (b"day: 2024-13-45\n", "giá trị không đọc được"),
        (b"code: \x00", "không đọc được"),
    ],
    ids=["not text", "not closed", "tab", "aliases", "key twice", "deep", "object", "no such day", "nul"],
)
def test_refuses_yaml_that_is_none_or_dangerous(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        read_yaml(content)


def archive(entries: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in entries.items():
            zipped.writestr(name, data)
    return content.getvalue()


def with_entry(name: str, data: bytes) -> bytes:
    entries = {}
    with zipfile.ZipFile(io.BytesIO(write_xlsx([procedure_data()], now=NOW))) as zipped:
        entries = {entry: zipped.read(entry) for entry in zipped.namelist()}
    return archive({**entries, name: data})


FAR_CELL = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "không phải tệp Excel"),
        (b"Th\xe1\xbb\xa7 t\xe1\xbb\xa5c;M\xc3\xa3\n", "không phải tệp Excel"),
        (b"PK\x03\x04" + b"\x00" * 200, "không phải tệp Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000, "không phải tệp Excel"),
        (archive({"readme.txt": b"x"}), "không phải tệp Excel"),
        (archive({"xl/workbook.xml": b"x", "content.xml": b"x"}), "không phải tệp Excel"),
        (archive({"xl/workbook.xml": b"garbage"}), "không đọc được theo Excel"),
        (archive({"xl/workbook.xml": b"\0" * 80_000_000}), "bung ra quá lớn"),
        (archive({"xl/workbook.xml": b"x", **{f"{n}.xml": b"" for n in range(600)}}), "bung ra quá lớn"),
        (with_entry("xl/worksheets/sheet1.xml", FAR_CELL), "bung ra quá lớn"),
        (with_entry("xl/evil.xml", b'<!DOCTYPE x [<!ENTITY a "b">]>'), "khai báo lạ"),
        (with_entry("xl/worksheets/sheet1.xml", b"<worksheet"), "không đọc được|thiếu trang tính|Không có|không có"),
        (write_xlsx([procedure_data()], now=NOW)[:3000], "không phải tệp Excel"),
    ],
    ids=[
        "empty", "csv", "broken zip", "old excel", "other zip", "opendocument", "garbage", "bomb", "many entries",
        "two cells far apart", "doctype", "broken sheet", "cut off",
    ],
)  # fmt: skip
def test_refuses_a_workbook_that_is_none_or_dangerous(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        read_xlsx(content)


def test_refuses_a_workbook_with_other_sheets() -> None:
    book = openpyxl.Workbook()
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(UnreadableFile, match="thiếu trang tính: Thủ tục, Phiên bản"):
        read_xlsx(content.getvalue())


def test_refuses_a_row_that_belongs_to_no_version_and_names_its_line() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([procedure_data()], now=NOW)))
    book["Giấy tờ"].cell(3, 1).value = "9.999999"
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(UnreadableFile, match="trang “Giấy tờ”, dòng 3: không có phiên bản nào"):
        read_xlsx(content.getvalue())


def test_refuses_a_code_that_a_spreadsheet_made_a_number() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([procedure_data()], now=NOW)))
    for sheet in book.worksheets:
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, 1).value = 1.001731
    content = io.BytesIO()
    book.save(content)
    findings = read_procedure(read_xlsx(content.getvalue())[0]).findings
    assert "định dạng ô là Text" in str(findings[0])
