"""Points tables: read from files with every problem at once, loaded by one, approved by another, compared."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.management import call_command
from django.db import IntegrityError, transaction

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.poverty.models import PointsTableVersion
from lienthong.poverty.points_comparison import compare_tables
from lienthong.poverty.points_file import (
    HEADS,
    PointsFileRefused,
    read_points_file,
    rows_of,
    table_workbook,
    template_workbook,
)
from lienthong.poverty.queries.standards import points_table_on, rules_table
from lienthong.poverty.services import approvals, points
from lienthong.rules.poverty.points import COLUMNS
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.poverty_standards import PREPARED_AT as NOW
from tests.factories.units import AgencyFactory, FieldAssignmentFactory

TODAY = date(2026, 11, 16)
SIZES = [
    ["household_size", "Số nhân khẩu", "tự tính", "few", "1 đến 3", "1", "3", *["75"] * 7],
    ["household_size", "Số nhân khẩu", "tự tính", "many", "4 trở lên", "4", "", *["0"] * 7],
]
TELEVISION = [
    ["color_tv", "Tivi màu", "hỏi", "yes", "Có", "", "", *["15"] * 7],
    ["color_tv", "Tivi màu", "hỏi", "no", "Không", "", "", *["0"] * 7],
]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(rows: list[list[Any]], *, heads: list[str] | None = None, above: int = 0) -> Path:
        path = tmp_path / "bang-diem.xlsx"
        book = xlsxwriter.Workbook(str(path))
        page = book.add_worksheet("Bảng điểm")
        for line, row in enumerate([heads or list(HEADS.values()), *rows], start=above):
            for place, cell in enumerate(row):
                page.write(line, place, cell)
        book.close()
        return path

    return written


def read(path: Path) -> Any:
    return read_points_file(path, version="2022-2026/1", name=path.name)


def problems(path: Path) -> list[str]:
    with pytest.raises(PointsFileRefused) as refused:
        read(path)
    return [str(problem) for problem in refused.value.problems]


def test_reads_a_workbook_by_its_vietnamese_heads(write: Write) -> None:
    table = read(write([*SIZES, *TELEVISION], above=3))

    assert [feature.code for feature in table.features] == ["household_size", "color_tv"]
    assert [feature.code for feature in table.asked] == ["color_tv"]
    assert table.features[0].levels[0].points["urban"] == 75


def test_reads_a_csv_by_our_own_names(tmp_path: Path) -> None:
    path = tmp_path / "bang-diem.csv"
    lines = [list(HEADS), *SIZES]
    path.write_text("\n".join(",".join(cells) for cells in lines).replace("tự tính", "derived"), encoding="utf-8")

    assert read(path).features[0].is_number


def test_a_table_written_out_reads_back_the_same(write: Write, tmp_path: Path) -> None:
    table = read(write([*SIZES, *TELEVISION]))
    (again := tmp_path / "lại.xlsx").write_bytes(table_workbook(table))

    assert read(again) == table


def test_lists_every_problem_at_once_by_sheet_row_and_column(write: Write) -> None:
    gap, doubled, broken = list(SIZES[1]), list(TELEVISION[1]), list(TELEVISION[0])
    gap[5], doubled[3], broken[7] = "5", "yes", "1,5"

    assert set(problems(write([SIZES[0], gap, broken, doubled], above=2))) == {
        "Trang tính “Bảng điểm”, dòng 5, cột “Từ”: household_size thiếu mức cho số 4, giữa dòng 4 và dòng này.",
        "Trang tính “Bảng điểm”, dòng 6, cột “Nông thôn: Đồng bằng sông Hồng”: “1,5” không phải số nguyên.",
        "Trang tính “Bảng điểm”, dòng 7, cột “Mã mức”: mức yes của color_tv đã có ở dòng 6; mỗi mức một dòng.",
        "Trang tính “Bảng điểm”, dòng 6, cột “Mã mức”: color_tv chỉ có một mức; một câu hỏi cần ít nhất hai.",
    }


def test_overlapping_levels_are_refused(write: Write) -> None:
    overlap = list(SIZES[1])
    overlap[5] = "3"

    (problem,) = problems(write([SIZES[0], overlap]))
    assert "chồng lên dòng 2 ở số 3" in problem


def test_a_missing_a_doubled_and_a_strange_column_are_named(write: Write) -> None:
    heads = [*list(HEADS.values())[:-1], "Ghi chú", "Mã mức"]

    assert problems(write(SIZES, heads=heads)) == [
        "Trang tính “Bảng điểm”, dòng 1, cột “Thành thị”: thiếu cột này; hãy thêm vào bảng.",
        "Trang tính “Bảng điểm”, dòng 1, cột “Ghi chú”: không biết cột này; hãy bỏ, hoặc sửa tên cho đúng mẫu.",
        "Trang tính “Bảng điểm”, dòng 1, cột “Mã mức”: cột này có hai lần (lần thứ hai ở cột O); hãy bỏ một cột.",
    ]


def test_a_file_without_our_heads_says_to_take_the_form(write: Write) -> None:
    (problem,) = problems(write([["1", "2"]], heads=["Họ tên", "Ngày sinh"]))

    assert "không thấy dòng tiêu đề" in problem
    assert "tải mẫu" in problem


def test_empty_rows_do_not_shift_the_numbers(write: Write) -> None:
    broken = list(TELEVISION[1])
    broken[13] = "-2"

    (problem,) = problems(write([*SIZES, [""], TELEVISION[0], [""], broken]))
    assert problem.startswith("Trang tính “Bảng điểm”, dòng 7, cột “Thành thị”: “-2” là số âm")


def test_the_form_lacks_nothing_but_points(tmp_path: Path) -> None:
    (path := tmp_path / "mẫu.xlsx").write_bytes(template_workbook())

    found = problems(path)

    assert found
    assert all("ô trống; hãy ghi số điểm" in problem for problem in found)


def test_names_each_difference_between_two_versions(write: Write) -> None:
    before = read(write([*SIZES, *TELEVISION]))
    dearer = [*TELEVISION[0][:8], "20", *TELEVISION[0][9:]]
    lamp = [["lamp", "Đèn", *row[2:]] for row in TELEVISION]
    after = read(write([dearer, TELEVISION[1], *lamp]))

    told = [(one.feature, one.level, one.column, one.before, one.after) for one in compare_tables(before, after)]
    assert told == [
        ("Tivi màu", "Có", COLUMNS["northern_midlands_mountains"], "15", "20"),
        ("Đèn", "", "", "không có", "2 mức"),
        ("Số nhân khẩu", "", "", "2 mức", "không còn"),
    ]
    assert len(rows_of(after)) == 4


class Office:
    """A competent agency with two who prepare and approve."""

    def __init__(self) -> None:
        agency = AgencyFactory()
        FieldAssignmentFactory(agency=agency, field_code="poverty")
        self.officer, self.head, self.stranger = UserFactory(), UserFactory(), UserFactory()
        MandateFactory(user=self.officer, role=Role.PROCESSOR, agency=agency)
        MandateFactory(user=self.head, role=Role.DIVISION_HEAD, agency=agency)
        MandateFactory(user=self.stranger, role=Role.LEADER)

    def load(self, path: Path, *, by: User | None = None, **changes: Any) -> PointsTableVersion:
        facts = {"standard_id": "2022-2026", "name": "Bảng thử", "source": "Thông tư thử"} | changes
        command = points.LoadPointsTable(path=path, file_name=path.name, **facts)
        return points.load_points_table(command, acting_user=by or self.officer, now=NOW)


@pytest.fixture
def office(db: None) -> Office:
    return Office()


def test_a_loaded_table_serves_only_when_another_has_approved_it(office: Office, write: Write) -> None:
    version = office.load(write([*SIZES, *TELEVISION]))
    assert points_table_on("2022-2026", TODAY) is None

    points.approve_points_table(version.pk, acting_user=office.head, now=NOW)

    assert points_table_on("2022-2026", TODAY) == version
    assert rules_table(version).features[1].code == "color_tv"
    names = Event.objects.order_by("pk").values_list("name", flat=True)
    assert list(names)[-2:] == ["PointsTableLoaded", "PointsTableApproved"]


def test_whoever_loaded_a_table_does_not_approve_it(office: Office, write: Write) -> None:
    version = office.load(write(SIZES), by=office.head)

    with pytest.raises(approvals.PreparedByApprover, match="không tự duyệt được"):
        points.approve_points_table(version.pk, acting_user=office.head, now=NOW)
    with pytest.raises(IntegrityError, match="points_table_four_eyes"), transaction.atomic():
        PointsTableVersion.objects.filter(pk=version.pk).update(
            state="approved", approved_by=office.head, approved_at=NOW
        )


def test_an_officer_of_another_agency_neither_loads_nor_approves(office: Office, write: Write) -> None:
    with pytest.raises(approvals.NotYourStandard):
        office.load(write(SIZES), by=office.stranger)
    version = office.load(write(SIZES))
    with pytest.raises(approvals.NotYourStandard):
        points.approve_points_table(version.pk, acting_user=office.stranger, now=NOW)


def test_a_specialist_does_not_approve(office: Office, write: Write) -> None:
    version = office.load(write(SIZES), by=office.head)

    with pytest.raises(approvals.NotYourStandard, match="lãnh đạo"):
        points.approve_points_table(version.pk, acting_user=office.officer, now=NOW)


def test_a_table_is_decided_once(office: Office, write: Write) -> None:
    version = office.load(write(SIZES))
    points.refuse_points_table(version.pk, reason="Thiếu các dòng sau", acting_user=office.head, now=NOW)

    with pytest.raises(approvals.AlreadyDecided):
        points.approve_points_table(version.pk, acting_user=office.head, now=NOW)


def test_a_refusal_says_why(office: Office, write: Write) -> None:
    version = office.load(write(SIZES))

    with pytest.raises(approvals.NoReasonGiven):
        points.refuse_points_table(version.pk, reason=" . ", acting_user=office.head, now=NOW)


def test_the_same_table_is_not_loaded_twice(office: Office, write: Write) -> None:
    office.load(write(SIZES))

    with pytest.raises(points.SameTableLoaded, match="giống hệt phiên bản 1"):
        office.load(write(SIZES))


def test_a_feature_that_is_gone_is_asked_about(office: Office, write: Write) -> None:
    lamp = [["lamp", "Đèn", *row[2:]] for row in TELEVISION]
    office.load(write([*SIZES, *TELEVISION, *lamp]))

    with pytest.raises(points.FeaturesGone, match=r"phiên bản 1 có: Tivi màu \(color_tv\), Đèn \(lamp\)") as refused:
        office.load(write(SIZES))
    assert refused.value.features == {"color_tv": "Tivi màu", "lamp": "Đèn"}
    with pytest.raises(points.FeaturesGone, match=r"có: Đèn \(lamp\)") as refused:
        office.load(write(SIZES), without=frozenset({"color_tv"}))
    assert list(refused.value.features) == ["color_tv", "lamp"]
    assert PointsTableVersion.objects.count() == 1

    version = office.load(write(SIZES), without=frozenset({"color_tv", "lamp"}))
    assert [feature.code for feature in rules_table(version).features] == ["household_size"]
    assert office.load(write([*SIZES, *TELEVISION])).number == 3


def test_a_feature_of_a_refused_version_or_another_standard_is_not_missed(office: Office, write: Write) -> None:
    version = office.load(write([*SIZES, *TELEVISION]))
    assert office.load(write(SIZES), standard_id="2027-2030").number == 1

    points.refuse_points_table(version.pk, reason="Tivi không còn", acting_user=office.head, now=NOW)

    assert office.load(write(SIZES)).number == 2


def test_a_table_out_of_use_serves_no_more(office: Office, write: Write) -> None:
    version = office.load(write(SIZES))
    points.approve_points_table(version.pk, acting_user=office.head, now=NOW)
    points.withdraw_points_table(version.pk, reason="Có bảng mới", acting_user=office.head, now=NOW)

    assert points_table_on("2022-2026", TODAY) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"standard_id": "2099"}, points.StandardUnknown),
        ({"name": " "}, points.PointsNamedBadly),
        ({"source": ""}, points.PointsNamedBadly),
        ({"valid_from": date(2027, 1, 1)}, points.StandardUnknown),
    ],
)
def test_a_table_names_its_standard_source_and_day(
    office: Office, write: Write, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        office.load(write(SIZES), **changes)


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    try:
        call_command("poverty", *arguments)
    except SystemExit as end:
        return int(end.code or 0), capsys.readouterr().err
    return 0, capsys.readouterr().out


def test_a_table_is_loaded_and_approved_at_the_terminal(
    office: Office, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    about = ("--standard", "2022-2026", "--name", "Bảng", "--source", "Thông tư")
    code, told = run(
        "load-points", str(write(SIZES)), *about, "--superseded", "--as", office.officer.username, capsys=capsys
    )
    version = PointsTableVersion.objects.get()

    assert (code, version.is_superseded) == (0, True)
    assert f"approve-points {version.pk}" in told
    assert run("approve-points", str(version.pk), "--as", office.head.username, capsys=capsys)[0] == 0
    assert PointsTableVersion.objects.get().state == "approved"


def test_the_terminal_asks_about_a_feature_that_is_gone(
    office: Office, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    office.load(write([*SIZES, *TELEVISION]))
    about = ("--standard", "2022-2026", "--name", "Bảng", "--source", "Thông tư", "--as", office.officer.username)

    code, told = run("load-points", str(write(SIZES)), *about, capsys=capsys)

    assert code == 2
    assert "Tivi màu (color_tv)" in told
    assert "hãy thêm: --without color_tv." in told
    assert run("load-points", str(write(SIZES)), *about, "--without", "color_tv", capsys=capsys)[0] == 0
    assert PointsTableVersion.objects.count() == 2


def test_the_terminal_refuses_in_words_with_code_2(
    office: Office, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = list(SIZES[1])
    broken[5] = "9"
    path, who = str(write([SIZES[0], broken])), office.officer.username

    about = ("--standard", "2022-2026", "--name", "Bảng", "--source", "Thông tư")
    code, told = run("load-points", path, *about, "--as", who, capsys=capsys)
    assert code == 2
    assert "tệp có 1 lỗi:\n  Trang tính “Bảng điểm”, dòng 3, cột “Từ”: household_size thiếu mức cho số 4 đến 8" in told
    for arguments, words in (
        ((), "Chưa nêu việc"),
        (("load-points", path, "--as", who), "Thiếu --standard"),
        (("load-points", path, "--standard", "1999", "--as", who), "Không có chuẩn nghèo"),
        (("load-points", "không-có.xlsx", *about, "--as", who), "Không mở được tệp"),
        (("load-points", path, *about, "--as", "không-ai"), "Không có tài khoản"),
        (("load-points", path, *about), "Thiếu --as"),
        (("approve-points", "x", "--as", who), "không phải mã số"),
        (("approve-points", "999", "--as", who), "Không có mục này"),
        (("load-points", path, "--bogus"), "Không hiểu các tùy chọn"),
    ):
        code, told = run(*arguments, capsys=capsys)
        assert code == 2
        assert words in told
    assert not PointsTableVersion.objects.exists()
