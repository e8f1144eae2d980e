"""The lists of a day: each figure opens exactly its records, the address says what is shown, nothing is shown twice."""

import io
from typing import Any

import openpyxl
import pytest

from lienthong.accounts.states import Role
from lienthong.dossiers.models import Dossier
from lienthong.infra.models import ReadRecord
from tests.screens import Browser, Page, enter
from tests.stories import ask, claim, file_online
from tests.world import HOME_AFFAIRS, PROVINCE_DESK, WORK_PERMIT, World, at

MY_WORK = ("Đang giữ", "Hàng chờ chung", "Sắp đến hạn", "Quá hạn")
AT_DESK = ("Mới gửi trực tuyến", "Chờ trả kết quả", "Chờ người nộp bổ sung")


def figure(page: Page, name: str) -> int:
    """The number beside the name of a list."""
    return int(next(words for words in page.links() if words.startswith(name)).split()[-1].replace(".", ""))


def every_page(browser: Browser, address: str) -> list[str]:
    """Walk a list to its end."""
    page = browser.open(address)
    codes = page.codes()
    while "Trang sau" in page.links():
        page = page.follow("Trang sau")
        codes += page.codes()
    return codes


@pytest.fixture
def day(world: World) -> dict[str, list[str]]:
    """A processor's day: what they hold, what waits, what is soon due and what is late; and the codes by list."""
    codes: dict[str, list[str]] = {name: [] for name in (*MY_WORK, *AT_DESK)}
    world.now = at("2026-11-06 08:00")
    late = [world.receive(name="Ma Thị Muộn"), claim(world, world.receive(name="Lê Văn Trễ"))]
    world.now = at("2026-11-11 09:00")
    soon = [world.receive(name="Nông Văn Sớm")]
    world.now = at("2026-11-16 14:00")
    fresh = [world.receive(name="Hà Thị Mới"), claim(world, world.receive(name="Bế Văn Giữ"))]
    codes["Đang giữ"] = [late[1].code or "", fresh[1].code or ""]
    codes["Hàng chờ chung"] = [late[0].code or "", soon[0].code or "", fresh[0].code or ""]
    codes["Sắp đến hạn"] = [soon[0].code or ""]
    codes["Quá hạn"] = [late[0].code or "", late[1].code or ""]
    codes["Mới gửi trực tuyến"] = ["chưa cấp số", "chưa cấp số"]
    file_online(world, "Triệu Thị Gửi")
    file_online(world, "Đặng Văn Nộp")
    codes["Chờ trả kết quả"] = [world.approve(world.receive()).code or ""]
    codes["Chờ người nộp bổ sung"] = [ask(world, world.receive()).code or ""]
    return codes


class TestEachFigureOpensItsRecords:
    @pytest.mark.parametrize("name", MY_WORK)
    def test_of_my_work(self, world: World, day: dict[str, list[str]], name: str) -> None:
        page = enter(world.officer(Role.PROCESSOR)).open("/office/")

        opened = page.follow(name)

        assert figure(page, name) == len(day[name])
        assert sorted(opened.codes()) == sorted(day[name])

    @pytest.mark.parametrize("name", AT_DESK)
    def test_of_the_desk(self, world: World, day: dict[str, list[str]], name: str) -> None:
        page = enter(world.officer(Role.RECEIVER)).open("/office/desk/")

        opened = page.follow(name)

        assert figure(page, name) == len(day[name])
        assert sorted(opened.codes()) == sorted(day[name])

    def test_of_the_navigation(self, world: World, day: dict[str, list[str]]) -> None:
        processor = enter(world.officer(Role.PROCESSOR)).open("/office/")
        receiver = enter(world.officer(Role.RECEIVER)).open("/office/desk/")

        assert figure(processor, "Việc của tôi") == len(day["Đang giữ"]) + len(day["Hàng chờ chung"])
        assert figure(receiver, "Quầy một cửa") == len(day["Mới gửi trực tuyến"]) + len(day["Chờ trả kết quả"])

    def test_the_sentence_above_sums_them_up(self, world: World, day: dict[str, list[str]]) -> None:
        assert enter(world.officer(Role.PROCESSOR)).open("/office/").lead == "5 hồ sơ, 1 sắp đến hạn, 2 trễ"
        assert enter(world.officer(Role.RECEIVER)).open("/office/desk/").lead == (
            "2 hồ sơ mới gửi trực tuyến, 1 chờ trả kết quả, 1 chờ người nộp bổ sung"
        )

    def test_what_is_due_first_stands_first(self, world: World, day: dict[str, list[str]]) -> None:
        page = enter(world.officer(Role.PROCESSOR)).open("/office/?list=queue")

        assert page.codes() == day["Hàng chờ chung"]

    def test_approval_lists_what_waits_for_the_leader_and_nothing_else(
        self, world: World, day: dict[str, list[str]]
    ) -> None:
        waiting = [world.to_decision(world.receive()).code for _ in range(2)]

        page = enter(world.officer(Role.LEADER)).open("/office/approval/")

        assert page.lead.startswith("2 hồ sơ chờ bạn")
        assert page.codes() == waiting

    def test_all_dossiers_are_those_that_passed_through_the_agency(
        self, world: World, day: dict[str, list[str]]
    ) -> None:
        elsewhere = world.receive(WORK_PERMIT)

        shown = every_page(enter(world.officer(Role.PROCESSOR)), "/office/dossiers/")

        assert len(shown) == Dossier.objects.exclude(pk=elsewhere.pk).count()
        assert elsewhere.code not in shown

    def test_a_list_opens_on_the_first_that_holds_anything(self, world: World) -> None:
        code = world.receive().code

        page = enter(world.officer(Role.PROCESSOR)).open("/office/")

        assert page.codes() == [code]
        assert page.soup.select_one(".filters a[aria-current]").get_text(strip=True).startswith("Hàng chờ chung")  # type: ignore[union-attr]


class TestTheAddressSaysWhatIsShown:
    @pytest.fixture
    def mixed(self, world: World) -> Browser:
        """A processor of the department with dossiers of two fields."""
        for _ in range(3):
            world.receive(WORK_PERMIT)
        world.receive("1.000448", desk=PROVINCE_DESK)
        return enter(world.officer(Role.PROCESSOR, HOME_AFFAIRS))

    def test_the_list_that_is_shown_can_be_opened_again_by_its_own_link(
        self, world: World, day: dict[str, list[str]]
    ) -> None:
        page = enter(world.officer(Role.PROCESSOR)).open("/office/?list=overdue")

        for name in MY_WORK:
            assert sorted(page.follow(name).codes()) == sorted(day[name]), name

    def test_a_field_narrows_the_list_and_its_count(self, mixed: Browser) -> None:
        page = mixed.open("/office/?list=queue")
        assert len(page.codes()) == 4

        narrowed = page.follow("Lao động nước ngoài")

        assert "list=queue" in narrowed.answer.request["QUERY_STRING"]
        assert len(narrowed.codes()) == 3
        assert "3 dòng" in narrowed.words

    def test_both_filters_of_all_dossiers_stay_together(self, world: World, day: dict[str, list[str]]) -> None:
        page = (
            enter(world.officer(Role.PROCESSOR)).open("/office/dossiers/").follow("Trực tuyến").follow("Chờ tiếp nhận")
        )

        assert "channel=online" in page.answer.request["QUERY_STRING"]
        assert "state=submitted" in page.answer.request["QUERY_STRING"]
        assert len(page.codes()) == 2
        assert len(page.follow("Đã có kết quả").codes()) == 0

    @pytest.mark.parametrize(
        "query",
        ["list=none", "field=none", "after=x", "after=~", "after=2026~", "after=2026-11-16T08:00~1", f"after=~{10**30}",
         "after=0001-01-01T00:00:00%2B00:00~1", "state=boss", "channel=9", "format=pdf"],
    )  # fmt: skip
    def test_nonsense_in_the_address_is_read_as_nothing(self, world: World, query: str) -> None:
        code = world.receive().code
        browser = enter(world.officer(Role.PROCESSOR))

        for place in ("/office/", "/office/dossiers/"):
            page = browser.open(f"{place}?{query}")
            assert page.status == 200
            assert code in page.codes() or "after" in query


class TestPages:
    def test_every_row_is_walked_once_however_many_share_one_due_moment(self, world: World) -> None:
        codes = [world.receive().code for _ in range(60)]
        browser = enter(world.officer(Role.PROCESSOR))

        assert every_page(browser, "/office/?list=queue") == codes
        assert every_page(browser, "/office/dossiers/") == codes[::-1]

    def test_rows_without_a_time_limit_come_last_and_once(self, world: World) -> None:
        dated = [world.receive().code for _ in range(20)]
        undated = [world.receive() for _ in range(15)]
        Dossier.objects.filter(pk__in=[one.pk for one in undated]).update(current_due_at=None)

        walked = every_page(enter(world.officer(Role.PROCESSOR)), "/office/?list=queue")

        assert walked == [*dated, *(one.code for one in undated)]

    def test_a_later_page_leads_back_to_the_first(self, world: World) -> None:
        codes = [world.receive().code for _ in range(30)]

        page = enter(world.officer(Role.PROCESSOR)).open("/office/?list=queue").follow("Trang sau")

        assert page.follow("Trang đầu").codes() == codes[:25]

    def test_a_row_taken_meanwhile_neither_hides_nor_repeats_another(self, world: World) -> None:
        made = [world.receive() for _ in range(40)]
        first = enter(world.officer(Role.PROCESSOR)).open("/office/?list=queue")
        claim(world, made[3])

        second = first.follow("Trang sau")

        assert first.codes() + second.codes() == [one.code for one in made]


class TestEmptyLists:
    @pytest.mark.parametrize(
        ("role", "address", "says"),
        [
            (Role.PROCESSOR, "/office/", "Không có hồ sơ nào trong mục này."),
            (Role.RECEIVER, "/office/desk/", "Không có hồ sơ nào chờ ở quầy."),
            (Role.LEADER, "/office/approval/", "Hồ sơ đến đây khi chuyên viên đã thẩm định và trình."),
            (Role.AUDITOR, "/office/dossiers/", "Chưa có hồ sơ nào qua cơ quan của bạn."),
            (Role.PROCESSOR, "/office/dossiers/?state=stopped", "Không có hồ sơ nào khớp bộ lọc."),
            (Role.PROCESSOR, "/office/search/?q=Khong Co Ai", "Không tìm thấy hồ sơ nào."),
        ],
    )
    def test_say_why_and_what_to_do(self, world: World, role: Role, address: str, says: str) -> None:
        page = enter(world.officer(role)).open(address)

        assert says in page.words
        assert len(page.words.split(says)[1]) > 20, "and what to do"
        assert page.rows() == []


class TestSearch:
    @pytest.fixture
    def found_by(self, world: World) -> Any:
        world.receive(name="Nguyễn Thị Ngọc Ỷ")
        world.receive(name="Nguyễn Văn Ẩn")
        browser = enter(world.officer(Role.PROCESSOR))
        return lambda text: len(browser.open(f"/office/search/?q={text}").codes())

    @pytest.mark.parametrize(
        ("text", "hits"),
        [("nguyen", 2), ("Nguyễn Thị Ngọc Ỷ", 1), ("nguyen thi ngoc y", 1), ("019085001234", 2), ("0001", 1), ("H55.05443-261116", 2),
         ("h55.05443-261116-0002", 1), ("  ", 0), ("100%25", 0), ("_", 0), ("'; drop table", 0), ("😀", 0)],
    )  # fmt: skip
    def test_finds_by_name_with_or_without_diacritics_by_number_and_by_code(
        self, found_by: Any, text: str, hits: int
    ) -> None:
        assert found_by(text) == hits

    def test_does_not_say_that_fifty_are_all(self, world: World) -> None:
        for _ in range(51):
            world.receive()

        page = enter(world.officer(Role.PROCESSOR)).open("/office/search/?q=hoang")

        assert len(page.codes()) == 50
        assert page.lead.startswith("Hơn 50 hồ sơ khớp")

    def test_finds_nothing_of_another_agency(self, world: World) -> None:
        world.receive(WORK_PERMIT, name="Công ty Chè Tân Cương")

        assert enter(world.officer(Role.PROCESSOR)).open("/office/search/?q=cong ty").codes() == []

    def test_is_recorded_because_it_reads_personal_data(self, world: World) -> None:
        user = world.officer(Role.PROCESSOR)

        enter(user).open("/office/search/?q=nguyen")

        assert ReadRecord.objects.get(actor_id=user.pk).subject == "dossier-search:nguyen"

    def test_survives_a_very_long_question(self, world: World) -> None:
        assert enter(world.officer(Role.PROCESSOR)).open(f"/office/search/?q={'ỷ' * 10_000}").status == 200


class TestSpreadsheet:
    def read(self, browser: Browser, address: str) -> list[tuple[Any, ...]]:
        answer = browser.get(address)
        assert answer.status_code == 200
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        return list(sheet.iter_rows(values_only=True))  # type: ignore[union-attr]

    def test_holds_every_row_of_the_list_as_it_is_filtered(self, world: World, day: dict[str, list[str]]) -> None:
        browser = enter(world.officer(Role.PROCESSOR))

        for name in MY_WORK:
            page = browser.open("/office/").follow(name)
            rows = self.read(browser, page.link("Tải danh sách này (XLSX)"))
            assert [row[0] for row in rows[1:]] == day[name]

    def test_keeps_the_zero_at_the_front_of_a_number_and_formulas_as_text(self, world: World) -> None:
        world.receive(name="=cmd|' /C calc'!A0")

        head, row = self.read(enter(world.officer(Role.PROCESSOR)), "/office/dossiers/?format=xlsx")

        facts = dict(zip(head, row, strict=True))
        assert facts["Số định danh hoặc mã số thuế"] == "019085001234"
        assert facts["Chủ hồ sơ"] == "=cmd|' /C calc'!A0"

    def test_holds_more_than_a_page(self, world: World) -> None:
        for _ in range(30):
            world.receive()

        assert len(self.read(enter(world.officer(Role.PROCESSOR)), "/office/?list=queue&format=xlsx")) == 31

    def test_is_recorded_as_a_reading(self, world: World) -> None:
        user = world.officer(Role.PROCESSOR)

        enter(user).get("/office/dossiers/?format=xlsx")

        assert ReadRecord.objects.get(actor_id=user.pk).action == "export"


class TestQueries:
    """Session, user, mandates and two counts of the navigation are asked by every page; the rest are counts and rows."""

    @pytest.mark.parametrize(
        ("role", "address", "count"),
        [
            # Of these, findings, accounts and complaints that wait in the commune are one question each.
            (Role.PROCESSOR, "/office/?list=queue", 18),
            (Role.RECEIVER, "/office/desk/?list=to_return", 14),
            (Role.LEADER, "/office/approval/", 8),
            (Role.PROCESSOR, "/office/dossiers/", 6),
            (Role.PROCESSOR, "/office/search/?q=hoang", 7),
        ],
    )
    def test_are_as_many_for_sixty_rows_as_for_five(
        self, world: World, queries_of: Any, role: Role, address: str, count: int
    ) -> None:
        def more(number: int) -> None:
            for place in range(number):
                dossier = world.receive(name=f"Hoàng Văn {chr(65 + place // 26)}{chr(97 + place % 26)}")
                if role is Role.RECEIVER:
                    world.approve(dossier)
                elif role is Role.LEADER:
                    world.to_decision(dossier)

        browser = enter(world.officer(role))
        more(5)
        few = queries_of(browser, address)
        more(55)

        assert (few, queries_of(browser, address)) == (count, count)

    def test_of_a_spreadsheet_do_not_grow(self, world: World) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        browser = enter(world.officer(Role.PROCESSOR))
        counts = []
        for _ in range(2):
            for _ in range(10):
                world.receive()
            browser.get("/office/dossiers/?format=xlsx")
            with CaptureQueriesContext(connection) as captured:
                browser.get("/office/dossiers/?format=xlsx")
            counts.append(len(captured))

        assert counts[0] == counts[1]
