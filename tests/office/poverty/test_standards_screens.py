"""Standards, areas and imported lists on screen: what is shown, who may decide, and whose lists are whose."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.accounts.states import Role
from lienthong.poverty.models import ListImport, ListImportRow, PointsTableVersion, ProvincialLine
from lienthong.poverty.points_file import table_workbook
from lienthong.poverty.states import ApprovalState
from lienthong.rules.poverty.points import COLUMNS, Feature, Kind, Level, PointsTable
from tests.factories.poverty_standards import (
    AreaDesignationFactory,
    PointsTableVersionFactory,
    ProvincialLineFactory,
)
from tests.screens import Browser, enter
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World

DEPARTMENT = "H55.SNNMT"
STANDARDS, AREAS, IMPORTS = "/office/poverty/standards/", "/office/poverty/areas/", "/office/poverty/imports/"


@pytest.fixture
def officer(world: World) -> Browser:
    return enter(world.officer(Role.PROCESSOR, DEPARTMENT))


@pytest.fixture
def head(world: World) -> Browser:
    return enter(world.officer(Role.DIVISION_HEAD, DEPARTMENT))


def test_a_standard_shows_its_lines_rule_indicators_and_how_sure_they_are(officer: Browser) -> None:
    page = officer.open(STANDARDS)

    assert page.lead == "Chuẩn 2022–2026, đang áp dụng (01/01/2022 – 31/12/2026)"
    assert page.rows("Đồng một người")[0][:3] == ["Chuẩn nghèo về thu nhập", "1.500.000 ₫", "2.000.000 ₫"]
    assert len(page.rows("Định nghĩa")) == 12
    assert "thiếu hụt từ 3 chỉ số trở lên" in page.words
    assert "nguồn thứ cấp" in page.words
    assert "Chưa có bảng điểm nào được duyệt" in page.words


def test_the_standard_from_2027_says_what_was_not_read(officer: Browser) -> None:
    page = officer.open(f"{STANDARDS}?standard=2027-2030")

    assert page.rows("Đồng một người")[0][1:3] == ["2.200.000 ₫", "2.800.000 ₫"]
    assert "Chưa biết ngưỡng điểm B1" in page.words
    assert "rác" in page.words


def test_a_superseded_table_says_so_wherever_it_is_shown(officer: Browser) -> None:
    table = PointsTableVersionFactory(is_superseded=True)

    assert "chỉ để thử" in officer.open(STANDARDS).words
    assert "không dùng để công nhận hộ nghèo" in officer.open(f"{STANDARDS}points/{table.pk}/").words


def test_a_line_is_approved_by_the_second_person_and_not_by_the_first(officer: Browser, head: Browser) -> None:
    form = officer.open(f"{STANDARDS}lines/new/")
    day = {"valid_from_day": "1", "valid_from_month": "1", "valid_from_year": "2026"}
    page = form.press("Lập, chờ duyệt", kind="poor", area="rural", amount="1.500.000", instrument="NQ 15", **day)
    assert "không cao hơn mức chung cả nước" in page.error_beside("amount")

    page = page.press("Lập, chờ duyệt", amount="1.700.000")
    line = ProvincialLine.objects.get()
    assert "Duyệt" not in officer.open(f"{STANDARDS}lines/{line.pk}/").buttons()
    head.open(f"{STANDARDS}lines/{line.pk}/").press("Duyệt")

    line.refresh_from_db()
    assert line.state == ApprovalState.APPROVED


def test_a_table_that_lacks_a_feature_of_the_one_before_is_loaded_with_a_tick(officer: Browser) -> None:
    PointsTableVersionFactory(number=1)
    size = Feature(
        code="household_size", label="Số nhân khẩu", kind=Kind.DERIVED,
        levels=(Level(code="any", label="mọi hộ", minimum=1, points=dict.fromkeys(COLUMNS, 5)),),
    )  # fmt: skip
    book = table_workbook(PointsTable(version="", features=(size,), columns=tuple(COLUMNS)))
    page = officer.open(f"{STANDARDS}points/load/")
    assert "Bảng mới bỏ hẳn đặc điểm" not in page.words

    page = page.press("Nạp bảng điểm", standard_id="2022-2026", name="Bảng", source="TT", file=_sheet(book))

    assert page.status == 422
    assert "phiên bản 1 có: Tivi màu (color_tv)" in page.error_beside("without")
    assert PointsTableVersion.objects.count() == 1
    page.press("Nạp bảng điểm", without=["color_tv"], file=_sheet(book))
    assert PointsTableVersion.objects.get(number=2).content["features"][0]["code"] == "household_size"


def test_a_tick_for_a_feature_that_nobody_knows_is_refused(officer: Browser) -> None:
    page = officer.send(f"{STANDARDS}points/load/", {"without": ["color_tv", "x" * 200]})

    assert page.status == 422
    assert "không còn trong danh sách" in page.words


def _sheet(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("bang-diem.xlsx", content)


def test_a_list_is_written_by_another_than_who_loaded_it(world: World) -> None:
    officer = world.officer(Role.PROCESSOR)
    held = ListImport.objects.create(
        unit=world.agency(COMMUNE).unit, file_name="hộ nghèo.xlsx", sha256="0" * 64, valid_from=world.today,
        signature="0" * 32, state="staged", loaded_by=officer, loaded_at=world.now,
    )  # fmt: skip
    ListImportRow.objects.create(
        list_import=held, row_number=2, head_name="Ma Thị Lan", household_class="poor", outcome="created"
    )
    address, told = (
        f"{IMPORTS}{held.pk}/",
        "Danh sách này do bạn nạp; người thứ hai của xã hoặc của tỉnh phải ghi nhận.",
    )

    own = enter(officer).open(address)
    assert told in own.words
    assert "Ghi 1 hộ" not in own.buttons()
    second = enter(world.officer(Role.PROCESSOR, another=True)).open(address)
    assert told not in second.words
    assert "Ghi 1 hộ" in second.buttons()


def test_a_refusal_without_a_reason_is_asked_for_one(head: Browser) -> None:
    line = ProvincialLineFactory(draft=True)

    page = head.open(f"{STANDARDS}lines/{line.pk}/").press("Không duyệt")

    assert page.status == 422
    assert "Chưa có “Lý do”" in " ".join(page.errors)


def test_designations_of_another_commune_are_not_there(world: World) -> None:
    row = AreaDesignationFactory(unit=world.agency(ANOTHER_COMMUNE).unit, draft=True)
    browser = enter(world.officer(Role.PROCESSOR, COMMUNE))

    assert browser.open(f"{AREAS}designations/{row.pk}/").status == 404
    assert browser.open(f"{AREAS}designations/").rows() == []


@pytest.mark.parametrize("address", [STANDARDS, AREAS, f"{AREAS}designations/", IMPORTS])
def test_a_list_asks_no_more_for_more_rows(world: World, head: Browser, queries_of: Any, address: str) -> None:
    unit = world.agency(COMMUNE).unit
    AreaDesignationFactory(draft=True, unit=unit)
    ProvincialLineFactory(draft=True)
    PointsTableVersionFactory(draft=True)
    few = queries_of(head, address)
    AreaDesignationFactory.create_batch(6, draft=True, unit=unit)
    ProvincialLineFactory.create_batch(4, draft=True)
    PointsTableVersionFactory.create_batch(4, draft=True)

    assert queries_of(head, address) <= few
