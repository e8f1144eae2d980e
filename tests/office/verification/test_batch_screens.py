"""The batch wizard, copies of the population data and the dashboard, as officers of the province and others see them."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.verification import services
from lienthong.verification.models import Batch, PopulationCopy
from lienthong.verification.queries import province
from lienthong.verification.services import exchange as round_trip
from lienthong.verification.services import reading, running
from lienthong.verification.states import BatchState, CopyState
from tests.screens import Browser, enter
from tests.verification.fakes import HUNG, LAN, MAI, FakePopulation, arrived, checked_batch, copy_in_use, csv_of, run
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db

ROOT = "/office/verification/"
WITH_COMMUNE = {**LAN, "ma_xa": "05443"}


@pytest.fixture
def population(monkeypatch: pytest.MonkeyPatch) -> FakePopulation:
    from tests.verification.fakes import nothing_wrong

    fake = FakePopulation()
    monkeypatch.setattr(running, "port_for", lambda _batch: fake)
    monkeypatch.setattr(reading.linkage, "precheck", nothing_wrong, raising=False)
    return fake


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR, HOME_AFFAIRS)


@pytest.fixture
def browser(officer: User) -> Browser:
    return enter(officer)


def upload(content: bytes, name: str = "so.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def address(batch: Batch) -> str:
    return f"{ROOT}batches/{batch.pk}/"


def test_a_file_goes_from_upload_to_result(browser: Browser, world: World, population: FakePopulation) -> None:
    copy_in_use(world)
    population.statuses = {"A2": "not_found"}
    page = browser.open(f"{ROOT}batches/new/")
    page = page.press("Đọc sổ", register="new", register_name="Sổ bảo trợ", file=upload(csv_of([LAN, HUNG, MAI])))
    batch = Batch.objects.get()
    assert page.path == address(batch)
    assert "Chờ đọc dữ liệu" in page.words

    reading.read_batch(batch.pk)
    page = browser.open(address(batch))
    assert page.heading == "Cột nào là trường nào?"
    assert ["A1", "019190000001", "Ma Thị Lan", "05/07/1960", "Nữ"] in page.rows("Những dòng đầu của tệp")
    page.press("Xác nhận và kiểm tra")
    reading.check_batch(batch.pk)

    page = browser.open(address(batch))
    assert "Không thấy điều gì sai" in page.words
    page = page.press("Bắt đầu", way="full")
    assert "Chờ máy bắt đầu" in page.words
    running.run_batch(batch.pk)

    page = browser.open(address(batch))
    assert "Hoàn thành" in page.words
    assert ["Không thấy trong dữ liệu dân cư", "1"] in page.rows("Bản ghi theo kết quả")
    content = b"".join(browser.get(f"{address(batch)}results.csv").streaming_content).decode("utf-8-sig")
    assert [line.split(",")[0] for line in content.splitlines()] == ["rid", "A1", "A2", "A3"]


def test_what_is_missing_is_asked_for_beside_its_field(browser: Browser, world: World) -> None:
    page = browser.open(f"{ROOT}batches/new/").press("Đọc sổ", register="new")

    assert page.status == 422
    assert page.error_beside("register_name") == "Lỗi: Ghi tên sổ để lần sau chọn lại được."
    assert "Chọn tệp của sổ này." in page.error_beside("file")
    assert not Batch.objects.exists()


@pytest.mark.parametrize("name", ["so.pdf", "so.exe"])
def test_a_file_that_is_no_table_by_its_name_is_refused(browser: Browser, name: str) -> None:
    page = browser.open(f"{ROOT}batches/new/")
    page = page.press("Đọc sổ", register="new", register_name="Sổ", file=upload(b"%PDF-1.7", name))

    assert page.status == 422
    assert "thuộc loại chưa nhận được" in page.error_beside("file")


def test_a_file_that_says_it_is_a_table_and_is_not_stops_with_a_sentence(browser: Browser) -> None:
    page = browser.open(f"{ROOT}batches/new/")
    page.press("Đọc sổ", register="new", register_name="Sổ", file=upload(b"%PDF-1.7 x", "so.xlsx"))
    batch = Batch.objects.get()
    reading.read_batch(batch.pk)

    page = browser.open(address(batch))

    assert "Dừng vì lỗi" in page.words
    assert "PDF" in page.words


def test_columns_that_nobody_reads_are_named_and_a_list_without_numbers_is_warned_of(
    browser: Browser, officer: User, world: World, population: FakePopulation
) -> None:
    def read(rows: list[dict[str, str]]) -> Batch:
        command = services.CreateBatch(
            register_name="Sổ", file=arrived(csv_of(rows)), file_name="so.csv", client_key=uuid4()
        )
        batch = services.create_batch(command, acting_user=officer, now=world.now)
        reading.read_batch(batch.pk)
        return batch

    missing = "Danh sách này không có cột số định danh"
    person = {**LAN, "<ghi chú>": "x"}
    page = browser.open(address(read([person])))
    assert missing not in page.words
    assert "Các cột của tệp chưa dùng: <ghi chú>." in page.words

    # Chosen away once, it is remembered so; the next file with that head is warned of all the same.
    page = page.press("Xác nhận và kiểm tra", column_number="none")
    page = browser.open(address(read([{**person, "ho_ten": "Ma Thị Liên"}])))
    assert "các cột đã được nhớ" in page.words
    assert missing in page.words
    assert "Các cột của tệp chưa dùng: so_giay_to, <ghi chú>." in page.words


def test_a_column_chosen_twice_is_refused_in_words(
    browser: Browser, officer: User, world: World, population: FakePopulation
) -> None:
    command = services.CreateBatch(
        register_name="Sổ", file=arrived(csv_of([LAN])), file_name="so.csv", client_key=uuid4()
    )
    batch = services.create_batch(command, acting_user=officer, now=world.now)
    reading.read_batch(batch.pk)

    page = browser.open(address(batch)).press(
        "Xác nhận và kiểm tra", column_full_name="ho_ten", column_head_name="ho_ten"
    )

    assert page.status == 422
    assert "ho_ten" in " ".join(page.errors)
    batch.refresh_from_db()
    assert batch.state == BatchState.DRAFT


def test_without_a_copy_the_way_is_shown(
    browser: Browser, officer: User, world: World, population: FakePopulation
) -> None:
    batch = checked_batch([LAN], officer, world)

    page = browser.open(address(batch)).press("Bắt đầu", way="full")

    assert page.status == 422
    assert "Chưa có bản sao dữ liệu dân cư nào sẵn sàng" in " ".join(page.errors)


def test_a_batch_that_somebody_else_has_started_says_so(
    browser: Browser, officer: User, world: World, population: FakePopulation
) -> None:
    copy_in_use(world)
    page = browser.open(address(checked_batch([LAN], officer, world)))
    run(Batch.objects.get(), officer, world)

    page = page.press("Bắt đầu", way="full")

    assert "đang ở trạng thái “Hoàn thành”" in page.notices
    assert "Kết quả" in page.words


def test_the_round_trip_with_the_police(
    browser: Browser, officer: User, world: World, population: FakePopulation
) -> None:
    batch = checked_batch([LAN, HUNG], officer, world)
    browser.open(address(batch)).press("Bắt đầu", way="csv")
    assert "Đang viết tệp gửi Công an" in browser.open(address(batch)).words
    round_trip.write_exchange_file(batch.pk, file_format="csv")

    page = browser.open(address(batch))
    out = b"".join(browser.get(page.link("Tải tệp gửi đi, 2 bản ghi")).streaming_content).decode("utf-8-sig")
    head, first, _second = out.splitlines()
    answered = f"{head}\n{first.split(',')[0]},,,,,,,,,Tìm thấy,019190000001,MA THỊ LAN,05/07/1960,Nữ,,,sống\n"
    page = page.press("Nhận tệp trả", file=upload(answered.encode(), "tra.csv"))
    assert "Chờ ghi tệp trả về" in page.words
    round_trip.take_in_return(batch.exchanges.get(direction="returned").pk)

    page = browser.open(address(batch))
    assert "Đã gửi, chờ trả" in page.words
    assert page.rows("Tệp đã nhận")[0][1:] == ["1", "1", "0", "0", "0", "0", "0"]
    page = page.press("Nhận tệp trả", file=upload(answered.encode(), "tra.csv"))
    assert "đã được nhận" in page.error_beside("file")


def test_a_batch_is_cancelled_and_says_so(
    browser: Browser, officer: User, world: World, population: FakePopulation
) -> None:
    batch = checked_batch([LAN], officer, world)

    page = browser.open(address(batch)).press("Hủy đợt này")

    assert "Đã hủy đợt" in page.notices
    assert "Đợt này không có kết quả" in page.words


def test_a_copy_is_loaded_and_older_data_are_refused(browser: Browser, world: World) -> None:
    copy_in_use(world, as_of=date(2026, 11, 1))
    page = browser.open(f"{ROOT}copies/new/")

    page = page.press("Nạp dữ liệu", **_day(page, 2026, 10, 1), file=upload(b"cccd,ho_ten\n1,A\n", "dan-cu.csv"))
    assert page.status == 422
    assert "không mới hơn bản đang dùng" in " ".join(page.errors)

    page = page.press("Nạp dữ liệu", **_day(page, 2026, 11, 10), file=upload(b"cccd,ho_ten\n1,A\n", "dan-cu.csv"))
    assert "Dữ liệu dân cư đến ngày 10/11/2026" in page.heading
    assert PopulationCopy.objects.filter(state=CopyState.LOADING).count() == 1
    assert [row[0] for row in browser.open(f"{ROOT}copies/").rows()] == ["10/11/2026", "01/11/2026"]


def test_a_copy_that_was_refused_can_be_loaded_all_the_same_with_a_reason(browser: Browser, world: World) -> None:
    copy = copy_in_use(world, as_of=date(2026, 11, 1))
    assert "Vẫn nạp bản này" not in browser.open(f"{ROOT}copies/new/").words
    refused = PopulationCopy.objects.create(
        as_of=date(2026, 11, 10), sha256="f" * 64, file_name="thieu.csv", state=CopyState.FAILED, previous=copy,
        loaded_at=world.now, note="Tệp có 1 người",
    )  # fmt: skip
    page = browser.open(f"{ROOT}copies/{refused.pk}/").follow("Nạp bản sao dữ liệu dân cư")
    typed = {**_day(page, 2026, 11, 10), "insists": "on"}

    page = page.press("Nạp dữ liệu", **typed, file=upload(b"cccd,ho_ten\n1,A\n", "dan-cu.csv"))
    assert "Ghi lý do vẫn nạp bản này" in page.error_beside("reason")

    page = page.press("Nạp dữ liệu", **typed, reason="Hai xã tách", file=upload(b"cccd,ho_ten\n1,A\n", "dan-cu.csv"))
    assert page.status == 200
    assert PopulationCopy.objects.get(state=CopyState.LOADING).note == "Hai xã tách"


def _day(page: Any, year: int, month: int, day: int) -> dict[str, str]:
    names = [str(one["name"]) for one in page.main.select("input[name^=as_of]")]
    return dict(zip(names, (str(day), str(month), str(year)), strict=True))


def test_the_dashboard_tells_the_funnel_and_each_commune(
    browser: Browser, officer: User, world: World, population: FakePopulation
) -> None:
    copy_in_use(world)
    population.statuses = {"A2": "not_found"}
    run(checked_batch([WITH_COMMUNE, {**HUNG, "ma_xa": "05443"}], officer, world), officer, world)

    page = browser.open(ROOT)

    assert "2 bản ghi trong sổ" in page.words
    assert "1 khớp mọi thông tin" in page.words
    assert page.rows("Bản ghi theo trạng thái rà soát mã định danh") == [
        ["Chưa gửi rà soát", "0"], ["Chờ xác thực", "0"], ["Đã xác thực", "1"],
        ["Lệch thông tin", "0"], ["Không thấy thông tin", "1"], ["Không có CCCD", "0"],
    ]  # fmt: skip
    done = [row for row in page.rows("Tiến độ theo xã") if row[2] == "2"]
    assert done[0][3:] == ["1", "1", "50,00 %", "1"]
    drawing = page.main.select_one("svg[role]")
    assert drawing is not None
    assert drawing.find("title") is not None
    assert drawing.find("desc") is not None
    assert browser.get(f"{ROOT}?format=xlsx").status_code == 200


def test_what_was_never_compared_waits_where_its_batch_is_out(world: World, officer: User) -> None:
    batch = checked_batch([LAN, HUNG], officer, world)
    running.bring_register_up_to_date(batch)
    before = province.ministry_counts(province.funnel())
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.SENT)

    assert [count for _words, count in before] == [2, 0, 0, 0, 0, 0]
    assert [count for _words, count in province.ministry_counts(province.funnel())] == [0, 2, 0, 0, 0, 0]


def test_an_empty_province_says_what_to_do(browser: Browser) -> None:
    assert "Lập một đợt xác thực để có kết quả đầu tiên" in browser.open(ROOT).words
    assert "Chưa có đợt xác thực nào" in browser.open(f"{ROOT}batches/").words
    assert "Chưa có bản sao nào" in browser.open(f"{ROOT}copies/").words


@pytest.mark.parametrize("path", ["", "batches/", "batches/1/", "copies/", "copies/1/", "batches/new/", "copies/new/"])
@pytest.mark.parametrize("who", ["commune", "citizen", "other"])
def test_others_find_nothing_there(world: World, path: str, who: str) -> None:
    user = {
        "commune": lambda: world.officer(Role.LEADER, COMMUNE),
        "citizen": world.citizen,
        "other": lambda: world.officer(Role.CATALOGUE_EDITOR, HOME_AFFAIRS),
    }[who]()

    assert enter(user).open(f"{ROOT}{path}").status == 404


def test_an_auditor_reads_and_changes_nothing(world: World, officer: User, population: FakePopulation) -> None:
    batch = checked_batch([LAN], officer, world)
    auditor = enter(world.officer(Role.AUDITOR, HOME_AFFAIRS))

    page = auditor.open(address(batch))

    assert page.status == 200
    assert page.buttons() == []
    assert auditor.open(f"{ROOT}batches/new/").status == 404
    assert auditor.send(f"{address(batch)}cancel/", {}).status == 404


@pytest.mark.parametrize(
    "path", ["batches/999999/", "copies/999999/", "batches/999999/results.csv", "batches/999999/outgoing/"]
)
def test_what_is_not_there_is_not_there(browser: Browser, path: str) -> None:
    assert browser.open(f"{ROOT}{path}").status == 404


def test_the_number_of_queries_does_not_grow_with_the_lists(
    browser: Browser, officer: User, world: World, population: FakePopulation, queries_of: Any
) -> None:
    copy_in_use(world)
    run(checked_batch([WITH_COMMUNE], officer, world), officer, world)
    one = {path: queries_of(browser, f"{ROOT}{path}") for path in ("", "batches/", "copies/")}
    for _turn in range(3):
        checked_batch([WITH_COMMUNE, MAI], officer, world)

    assert {path: queries_of(browser, f"{ROOT}{path}") for path in one} == one
    assert max(one.values()) <= 25, one


def test_a_batch_does_not_go_on_over_a_younger_one(
    browser: Browser, officer: User, world: World, population: FakePopulation
) -> None:
    copy_in_use(world)
    older = checked_batch([LAN], officer, world)
    younger = run(checked_batch([LAN, HUNG], officer, world), officer, world)

    for way in ("full", "csv"):
        page = browser.open(address(older)).press("Bắt đầu", way=way)
        assert page.status == 422
        assert f"đã có đợt mới hơn là {younger.number}" in " ".join(page.errors)
    older.refresh_from_db()
    assert older.state == BatchState.CHECKED


def test_each_row_to_look_at_is_in_a_sheet(browser: Browser, officer: User, world: World) -> None:
    page = browser.open(address(checked_batch([{**LAN, "so_giay_to": ""}, HUNG], officer, world)))

    answer = browser.get(page.link("Tải danh sách từng dòng cần xem"))

    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[1][:5] == (2, "A1", "", LAN["ho_ten"], LAN["ngay_sinh"])
    assert rows[1][5].startswith("Chưa có số định danh.")
    assert {row[1] for row in rows[1:]} == {"A1", "A2"}
