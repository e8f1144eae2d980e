"""The figures of a unit: they reconcile, each opens exactly its records, nothing is a hundred per cent of nothing."""

import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from pypdf import PdfReader

from lienthong.accounts.models import Mandate
from lienthong.accounts.states import Role
from lienthong.dossiers.models import Dossier
from lienthong.infra.models import ReadRecord
from tests.screens import Browser, Page, enter
from tests.stories import approve, receive_online, refuse, stop, with_file, withdraw
from tests.world import HOME_AFFAIRS, PROVINCE_DESK, WORK_PERMIT, World, at

FIGURES = "/office/figures/"


@pytest.fixture
def month(world: World) -> World:
    """A commune's November: early, on time, late, refused, withdrawn, stopped, open, overdue, and one of October."""
    world.now = at("2026-10-20 09:00")
    carried = world.receive(name="Chuyển Từ Tháng Mười")
    world.now = at("2026-11-02 09:00")
    late, on_time, overdue = world.receive(), world.receive(), world.receive()
    receive_online(world)
    withdraw(world, world.receive())
    world.now = at("2026-11-09 10:00")
    approve(world, on_time)
    approve(world, carried)
    stop(world, world.receive())
    refuse(world, world.receive())
    world.now = at("2026-11-12 10:00")
    approve(world, late)
    world.receive()
    assert overdue.promised_due_at == at("2026-11-09 17:00")
    world.now = at("2026-11-16 10:00")
    return world


@pytest.fixture
def leader(month: World) -> Browser:
    return enter(month.officer(Role.LEADER))


def every_code(page: Page) -> list[str]:
    codes = page.codes()
    while "Trang sau" in page.links():
        page = page.follow("Trang sau")
        codes += page.codes()
    return codes


def number_cells(page: Page) -> list[tuple[str, int, str]]:
    """Each figure of the table: the name of its row, the number, and the address behind it."""
    table = page.main.find_all("table")[-1]
    found = []
    for row in table.select("tbody tr, tfoot tr"):
        name = row.th.get_text(strip=True)
        for cell in row.find_all("td"):
            link = cell.find("a")
            found.append(
                (name, int(cell.get_text(strip=True).replace(".", "")), FIGURES if link is None else link["href"])
            )
    return found


class TestThePage:
    def test_says_each_figure_as_a_sentence(self, leader: Browser) -> None:
        page = leader.open(FIGURES)

        assert page.lead == "Tháng 11/2026"
        sentences = [" ".join(one.get_text(" ").split()) for one in page.soup.select(".figure")]
        assert sentences == [
            "8 hồ sơ tiếp nhận kỳ trước 1",
            "12,50 % nộp trực tuyến 1 trong 8 hồ sơ",
            "50,00 % giải quyết trước và đúng hạn trong 4 hồ sơ đã giải quyết",
            "2 hồ sơ giải quyết trễ hạn",
            "1 hồ sơ đang giải quyết, còn hạn",
            "2 hồ sơ đang giải quyết, đã quá hạn",
        ]

    def test_every_sentence_opens_as_many_records_as_it_counts(self, leader: Browser) -> None:
        page = leader.open(FIGURES)

        counts = [len(every_code(leader.open(str(link["href"])))) for link in page.soup.select("a.figure__sentence")]

        assert counts == [8, 1, 2, 2, 1, 2]

    @pytest.mark.parametrize("by", ["field", "agency", "channel", "month", "procedure"])
    def test_every_number_of_the_table_opens_as_many_records(self, leader: Browser, by: str) -> None:
        cells = number_cells(leader.open(f"{FIGURES}?by={by}"))

        assert sum(number for _name, number, _url in cells) > 10
        for name, number, url in cells:
            if number:
                page = leader.open(url)
                assert len(every_code(page)) == number, (name, url)
                assert page.lead.startswith(f"{number} hồ sơ đứng sau con số")

    def test_what_came_in_is_what_went_out_and_what_is_left(self, leader: Browser) -> None:
        *_rows, total = leader.open(FIGURES).main.find_all("table")[-1].find_all("tr")

        carried, received, _online, early, on_time, late, without, closed, within, past = (
            int(cell.get_text(strip=True)) for cell in total.find_all("td")
        )
        assert carried + received == early + on_time + late + without + closed + within + past
        assert (carried, received, early, on_time, late, closed, within, past) == (1, 8, 1, 1, 2, 2, 1, 2)

    def test_nothing_settled_is_no_data_not_a_hundred_per_cent(self, world: World) -> None:
        page = enter(world.officer(Role.LEADER)).open(FIGURES)

        assert "không có số liệu giải quyết trước và đúng hạn" in page.words
        assert "100 %" not in page.words
        assert "Chưa có dữ liệu trong kỳ này. Chọn kỳ khác ở trên." in page.words

    def test_definitions_are_published_beside_the_figures(self, leader: Browser) -> None:
        assert "hẹn lại không làm mất lần trễ" in leader.open(FIGURES).words

    def test_the_table_under_the_chart_shows_the_months_of_the_year_alone(self, month: World, leader: Browser) -> None:
        Dossier.objects.filter(applicant_name="Chuyển Từ Tháng Mười").update(received_at=at("2025-12-30 09:00"))

        rows = leader.open(f"{FIGURES}?period=2026").rows("Hồ sơ theo tháng")

        assert rows == [["11/2026", "8", "1"]]

    @pytest.mark.parametrize(
        "query", ["period=", "period=9999", "period=0", "period=1", "period=2026-13", "period=2026-Q9", "period=²", "by=secret",
                  "period=" + "9" * 5000, "by=all", "by=unit", "period=2026-11-01/2026-12-01"],
    )  # fmt: skip
    def test_nonsense_in_the_address_is_the_month_of_today(self, leader: Browser, query: str) -> None:
        page = leader.open(f"{FIGURES}?{query}")

        assert (page.status, page.lead) == (200, "Tháng 11/2026")

    @pytest.mark.parametrize(
        ("key", "words"),
        [("2026", "Năm 2026"), ("2026-Q4", "Quý 4/2026"), ("2026-10", "Tháng 10/2026"), ("2022", "Năm 2022")],
    )
    def test_another_period_stays_in_the_address_of_everything(self, leader: Browser, key: str, words: str) -> None:
        page = leader.open(f"{FIGURES}?period={key}")

        assert page.lead == words
        links = [page.link("Tải số liệu"), page.link("In sổ theo dõi"), page.link("Thủ tục")]
        assert {parse_qs(urlsplit(link).query)["period"][0] for link in links} == {key}

    def test_costs_the_same_queries_for_any_number_of_dossiers(
        self, month: World, leader: Browser, queries_of: Any
    ) -> None:
        few = queries_of(leader, FIGURES)
        for _ in range(10):
            month.receive()
            month.receive(WORK_PERMIT)

        assert (few, queries_of(leader, FIGURES)) == (10, 10)


class TestWhoseFigures:
    def test_a_head_counts_what_passed_through_their_agency(self, month: World) -> None:
        month.receive(WORK_PERMIT)
        month.now = at("2026-11-16 10:05")

        page = enter(month.officer(Role.LEADER, HOME_AFFAIRS)).open(FIGURES)

        assert "1 hồ sơ tiếp nhận" in page.words

    def test_a_mandate_for_some_fields_counts_those_alone_and_opens_as_many(self, month: World) -> None:
        for _ in range(2):
            month.receive(WORK_PERMIT)
        month.receive("1.000448", desk=PROVINCE_DESK)
        narrow = enter(month.officer(Role.LEADER, HOME_AFFAIRS, fields=["foreign-workers"]))
        month.now = at("2026-11-16 10:05")

        page = narrow.open(FIGURES)

        (first, *_rest) = page.soup.select(".figure")
        number = int(first.select_one(".figure__number").get_text())  # type: ignore[union-attr]
        assert number == 2
        assert len(narrow.open(str(first.a["href"])).codes()) == 2  # type: ignore[index]

    def test_who_also_receives_elsewhere_opens_no_more_than_was_counted(self, month: World) -> None:
        leader = month.officer(Role.LEADER, another=True)
        desk = month.agency(PROVINCE_DESK)
        Mandate.objects.create(user=leader, role=Role.RECEIVER, agency=desk, valid_from=at("2026-01-01").date())
        month.receive(WORK_PERMIT)
        month.now = at("2026-11-16 10:05")
        browser = enter(leader)

        link = browser.open(FIGURES).soup.select_one("a.figure__sentence")

        assert link is not None
        assert len(browser.open(str(link["href"])).codes()) == 8

    @pytest.mark.parametrize("role", [Role.RECEIVER, Role.PROCESSOR, Role.CATALOGUE_EDITOR, Role.ADMINISTRATOR])
    def test_nobody_else_may_open_them(self, world: World, role: Role) -> None:
        browser = enter(world.officer(role))

        assert browser.open(FIGURES).status == browser.open(f"{FIGURES}register.pdf").status == 404


class TestTakenAway:
    def test_as_a_spreadsheet_of_every_figure(self, leader: Browser) -> None:
        answer = leader.get(leader.open(FIGURES).link("Tải số liệu"))

        head, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
        facts = dict(zip(head, rows[0], strict=True))
        assert facts["Tiếp nhận"] == 8
        assert (facts["Trễ hạn"], facts["Trễ cả hạn hẹn lại"]) == (2, 0), "nobody was promised a new day"
        assert facts["Lĩnh vực"] == "Bảo trợ xã hội"

    def test_as_the_register_book_with_every_number(self, month: World, leader: Browser) -> None:
        answer = leader.get(leader.open(FIGURES).link("In sổ theo dõi"))

        text = " ".join(
            page.extract_text()
            for page in PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages  # type: ignore[attr-defined]
        )
        received = Dossier.objects.filter(received_at__gte=at("2026-11-01")).values_list("code", flat=True)
        assert [
            code
            for code in received.order_by("id")
            if code not in text.replace("\n", "").replace(" ", "").replace("\u200b", "")
        ] == []
        assert ReadRecord.objects.filter(action="print", subject__startswith="register:").count() == 1

    def test_the_register_of_a_narrow_mandate_leaves_out_other_fields(self, month: World) -> None:
        agency = month.agency("H55.05443")
        narrow = enter(month.officer(Role.LEADER, agency.code, fields=["employment"]))

        answer = narrow.get(f"{FIGURES}register.pdf?period=2026-11")

        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages)  # type: ignore[attr-defined]
        assert "Hoàng Văn Ẩn" not in text

    @pytest.mark.parametrize("agency", ["0", "x", "999999", "9" * 40])
    def test_the_register_of_another_agency_is_not_there(self, leader: Browser, agency: str) -> None:
        assert leader.open(f"{FIGURES}register.pdf?agency={agency}").status == 404


def test_a_dossier_with_files_counts_once(world: World) -> None:
    dossier = world.receive()
    for number in range(3):
        with_file(world, dossier, number=1 + number)
    world.now = at("2026-11-16 10:00")

    assert "1 hồ sơ tiếp nhận" in enter(world.officer(Role.LEADER)).open(FIGURES).words
