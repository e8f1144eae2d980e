"""The work list and the page of a case: what is shown to whom, and that a press does what it says."""

import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.accounts.states import Role
from lienthong.infra.models import ReadRecord
from lienthong.verification.linkage.vocabulary import FieldVerdict, Status
from lienthong.verification.models import Case, RegisterEntry
from lienthong.verification.services import cases
from lienthong.verification.states import CaseEffect, CaseState
from tests.screens import Browser, Page, enter
from tests.stories import ANOTHER_COMMUNE
from tests.verification.cases import Caseload, target, theirs
from tests.world import HOME_AFFAIRS

LIST = "/office/verification/cases/"
QUERIES_OF_LIST = 15
QUERIES_OF_CASE = 22


def page_of(case: Case, more: str = "") -> str:
    return f"{LIST}{case.pk}/{more}"


def names(page: Page) -> list[str]:
    return [link.get_text() for link in page.main.select("tr[data-row] a[data-open]")]


def entry_of(case: Case) -> RegisterEntry:
    return RegisterEntry.objects.get(pk=case.entry_id)


@pytest.fixture
def officer(caseload: Caseload) -> Browser:
    return enter(caseload.officer)


class TestTheList:
    def test_shows_the_commune_its_open_cases_oldest_first(self, caseload: Caseload, officer: Browser) -> None:
        for name in ("Ma Thị Một", "Ma Thị Hai"):
            caseload.case(full_name=name)
        caseload.case(full_name="Ma Thị Khác Xã", commune=ANOTHER_COMMUNE)

        page = officer.open(LIST)

        assert names(page) == ["Ma Thị Một", "Ma Thị Hai"]
        assert page.lead.startswith("2 việc chờ xử lý, 0 chờ người thứ hai")

    def test_says_what_differs_how_sure_and_how_old(self, caseload: Caseload, officer: Browser) -> None:
        caseload.case(days_ago=45)

        row = officer.open(LIST).rows("Việc xác thực")[0]

        assert "Họ và tên: Ma Thị Hương → Ma Thị Hường" in row[3]
        assert "99,5" in row[2]
        assert "mở 6 tuần trước" in row[5]

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("?kind=dead", ["Người Mất"]), ("?village=X%C3%B3m+A", ["Người Xóm A"]), ("?age=old", ["Người Lâu"]),
            ("?state=visit", ["Người Đi"]), ("?kind=dead&age=old", []), ("?state=done", []),
        ],
    )  # fmt: skip
    def test_filters_stand_in_the_address(
        self, caseload: Caseload, officer: Browser, query: str, shown: list[str]
    ) -> None:
        caseload.case(Status.DEAD, differs="", full_name="Người Mất")
        caseload.case(full_name="Người Xóm A", village="Xóm A")
        caseload.case(full_name="Người Lâu", days_ago=31)
        cases.order_visit(target(caseload.case(full_name="Người Đi")), acting_user=caseload.officer, now=caseload.now)

        page = officer.open(LIST + query)

        assert names(page) == shown
        if not shown:
            assert "Không" in page.words

    @pytest.mark.parametrize(
        "query",
        ["?batch=99999999999999999999", "?commune=x", "?after=-1", "?after=99999999999999999999999", "?state=ha",
         "?kind=" + "x" * 5000, "?commune=%D9%A1"],
    )  # fmt: skip
    def test_an_address_that_makes_no_sense_is_no_error(self, caseload: Caseload, officer: Browser, query: str) -> None:
        caseload.case()

        assert officer.open(LIST + query).status == 200

    def test_an_empty_list_says_why(self, officer: Browser, caseload: Caseload) -> None:
        assert "Việc hiện ở đây khi một đợt xác thực" in officer.open(LIST).words

    def test_walks_on_by_key(self, caseload: Caseload, officer: Browser) -> None:
        for number in range(51):
            caseload.case(full_name=f"Người {number:02d}")

        first = officer.open(LIST)

        assert len(names(first)) == 50
        assert names(first.follow("Trang sau")) == ["Người 50"]

    def test_asks_as_often_for_one_as_for_many(self, caseload: Caseload, officer: Browser, queries_of: Any) -> None:
        caseload.case()
        few = queries_of(officer, LIST)
        for _ in range(20):
            caseload.case()

        assert queries_of(officer, LIST) == few
        assert few <= QUERIES_OF_LIST

    def test_accepts_in_the_row_and_goes_on_in_the_list(self, caseload: Caseload, officer: Browser) -> None:
        first, second = caseload.case(), caseload.case(full_name="Ma Thị Sau")

        page = officer.open(LIST + "?age=week").press("Chấp nhận Ma Thị Hương", seen="0")

        assert entry_of(first).full_name == "Ma Thị Hường"
        assert page.path == LIST
        assert page.answer.redirect_chain[-1][0].endswith(f"?age=week#case-{second.pk}")

    def test_exports_what_is_shown_and_remembers_who_read(self, caseload: Caseload, officer: Browser) -> None:
        caseload.case()

        answer = officer.get(LIST + "?format=xlsx")

        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        assert [cell.value for cell in sheet[2]][2] == "Ma Thị Hương"
        assert ReadRecord.objects.filter(action="export", subject__startswith="verification-cases").exists()

    def test_an_auditor_reads_without_buttons(self, caseload: Caseload) -> None:
        caseload.case()

        page = enter(caseload.world.officer(Role.AUDITOR)).open(LIST)

        assert names(page) == ["Ma Thị Hương"]
        assert page.buttons() == [] or "Chấp nhận" not in " ".join(page.buttons())

    def test_a_citizen_and_the_editor_find_nothing_here(self, caseload: Caseload) -> None:
        for user in (caseload.world.citizen(), caseload.world.officer(Role.CATALOGUE_EDITOR)):
            assert enter(user).open(LIST).status == 404


class TestTheProvince:
    def test_sees_how_far_each_commune_is(self, caseload: Caseload) -> None:
        caseload.case()
        cases.accept(target(caseload.case()), acting_user=caseload.officer, now=caseload.now)
        caseload.case(commune=ANOTHER_COMMUNE, days_ago=31)

        page = enter(caseload.province).open("/office/verification/progress/")

        assert "Còn 2 việc, 1 mở từ 30 ngày; đã xong 1 trong 3 việc" in page.lead
        assert sorted(row[1:5] for row in page.rows()) == [["1", "0", "0", "1"], ["1", "0", "1", "0"]]

    def test_opens_one_commune_of_them(self, caseload: Caseload) -> None:
        case = caseload.case()
        caseload.case(commune=ANOTHER_COMMUNE)

        page = enter(caseload.province).open(f"{LIST}?commune={case.commune_id}")

        assert len(names(page)) == 1


class TestTheRecord:
    def test_leads_to_the_decision_at_once(self, caseload: Caseload, officer: Browser) -> None:
        page = officer.open(page_of(caseload.case()))

        (link,) = page.main.select("a[href='#decide']")
        assert link.find_next("table") is not None, "before the fields, which fill several screens of a phone"
        assert page.main.select_one("#decide button") is not None

    def test_marks_the_letters_that_differ_and_tells_the_words(self, caseload: Caseload, officer: Browser) -> None:
        page = officer.open(page_of(caseload.case()))

        assert [mark.get_text() for mark in page.main.find_all("mark")] == ["ơ", "ờ"]
        assert "“Hương” và “Hường”" in page.words
        assert "Khác" in page.words

    def test_shows_the_weight_of_each_field_as_number_and_bar(self, caseload: Caseload, officer: Browser) -> None:
        page = officer.open(page_of(caseload.case()))

        assert "−3,2" in page.words or "−3,3" in page.words
        assert "+6,5" in page.words
        assert len(page.main.select("svg.weight__bar rect")) == 5

    def test_says_why_and_why_the_second_lost_and_never_who_they_are(
        self, caseload: Caseload, officer: Browser
    ) -> None:
        case = caseload.case()
        case.verdict.runner_up = {"number": "019085777777", "probability": 0.004, "reason": "Khác năm sinh"}
        case.verdict.save()

        page = officer.open(page_of(case))

        assert "họ tên khác một chữ" in page.words
        assert "Khác năm sinh" in page.words
        assert "019085777777" not in page.answer.content.decode()

    def test_accepting_leads_to_the_next_of_the_same_list(self, caseload: Caseload, officer: Browser) -> None:
        first = caseload.case(days_ago=31)
        caseload.case()
        second = caseload.case(days_ago=31)

        page = officer.open(page_of(first, "?age=old")).press("Chấp nhận dữ liệu dân cư")

        assert page.path == page_of(second)
        assert "age=old" in page.answer.redirect_chain[-1][0]
        assert "Ma Thị Hường: Đã quyết định" in page.notices

    def test_the_way_back_to_what_was_just_done_can_be_undone(self, caseload: Caseload, officer: Browser) -> None:
        first = caseload.case()
        caseload.case()

        page = (
            officer.open(page_of(first))
            .press("Chấp nhận dữ liệu dân cư")
            .follow("Xem lại việc vừa làm")
            .press("Hoàn tác")
        )

        assert page.path == page_of(first)
        assert entry_of(first).full_name == "Ma Thị Hương"

    def test_walks_to_its_neighbours_in_the_list(self, caseload: Caseload, officer: Browser) -> None:
        before, here, after = caseload.case(), caseload.case(), caseload.case()

        page = officer.open(page_of(here))

        assert page.follow("Việc trước").path == page_of(before)
        assert page.follow("Việc sau").path == page_of(after)

    def test_another_communes_case_looks_like_none(self, caseload: Caseload, officer: Browser) -> None:
        foreign = caseload.case(commune=ANOTHER_COMMUNE)

        there = officer.open(page_of(foreign))
        nowhere = officer.open(f"{LIST}999999/")

        assert (there.status, there.words) == (nowhere.status, nowhere.words) == (404, nowhere.words)
        assert officer.send(page_of(foreign, "do/accept/"), {}).status == 404

    def test_reading_is_remembered(self, caseload: Caseload, officer: Browser) -> None:
        case = caseload.case()

        officer.open(page_of(case))

        assert ReadRecord.objects.filter(subject=f"verification-entry:{case.entry_id}").count() == 1

    def test_the_number_of_questions_is_known(self, caseload: Caseload, officer: Browser, queries_of: Any) -> None:
        assert queries_of(officer, page_of(caseload.case())) <= QUERIES_OF_CASE


class TestDecidingOnScreen:
    def test_correcting_begins_with_what_the_register_says(self, caseload: Caseload, officer: Browser) -> None:
        case = caseload.case(birth_date="5/7/1960")

        page = officer.open(page_of(case, "do/correct/")).press("Sửa dữ liệu của ta", full_name="Ma Thị Hường")

        assert page.errors == []
        assert (entry_of(case).full_name, entry_of(case).birth_date) == ("Ma Thị Hường", "5/7/1960")

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"number": "01908500123"}, "đang có 11"),
            ({"birth_date": "31/02/1960"}, "1960"),
            ({"full_name": ""}, "Họ và tên không để trống"),
            ({}, "Chưa có gì khác"),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field_and_kept(
        self, caseload: Caseload, officer: Browser, typed: dict[str, str], sentence: str
    ) -> None:
        case = caseload.case()

        page = officer.open(page_of(case, "do/correct/")).press("Sửa dữ liệu của ta", **typed)

        assert page.status == 422
        assert sentence in " ".join(page.errors)
        for name, value in typed.items():
            assert page.main.find(attrs={"name": name})["value" if value else "name"] == (value or name)  # type: ignore[index]

    def test_a_death_is_confirmed_with_a_ground(self, caseload: Caseload, officer: Browser) -> None:
        case = caseload.case(Status.DEAD, differs="", found=theirs(life_status="chet"))
        form = officer.open(page_of(case)).follow("Xác nhận đã mất")

        assert form.press("Xác nhận đã mất").status == 422
        form.press("Xác nhận đã mất", looked="death_certificate")

        assert Case.objects.get(pk=case.pk).effect == CaseEffect.PAYMENT_ALERT

    def test_of_two_records_one_is_chosen(self, caseload: Caseload, officer: Browser) -> None:
        one, other = (caseload.case(Status.DUPLICATE, differs="") for _ in range(2))

        page = officer.open(page_of(one)).follow("Chọn bản ghi giữ lại")
        assert other.entry.record_key in page.words
        page.press("Chọn bản ghi giữ lại", twin=str(other.entry_id), keep="this")

        assert Case.objects.get(pk=one.pk).state == CaseState.DECIDED

    def test_not_found_says_that_it_stops_no_payment(self, caseload: Caseload, officer: Browser) -> None:
        page = officer.open(page_of(caseload.case(Status.NOT_FOUND, linked=False)))

        assert "không phải là lý do dừng chi trả" in page.words
        assert "Chấp nhận" not in " ".join(page.buttons())

    def test_a_second_officer_is_told_what_happened(self, caseload: Caseload, officer: Browser) -> None:
        case = caseload.case()
        shown = officer.open(page_of(case))
        colleague = caseload.world.officer(Role.PROCESSOR, another=True)
        cases.order_visit(target(case), acting_user=colleague, now=caseload.now)

        page = shown.press("Chấp nhận dữ liệu dân cư")

        assert page.status == 422
        assert "vừa được người khác xử lý" in page.words
        assert entry_of(case).full_name == "Ma Thị Hương"

    @pytest.mark.parametrize(
        "broken", [{}, {"seen": "x", "client_key": "y"}, {"seen": "9" * 40, "client_key": "0" * 32}]
    )
    def test_a_broken_form_is_no_error(self, caseload: Caseload, officer: Browser, broken: dict[str, str]) -> None:
        case = caseload.case()

        for action in (
            "accept",
            "correct",
            "close",
            "death",
            "double",
            "visited",
            "answered",
            "send_back",
            "undo",
            "x",
        ):
            assert officer.send(page_of(case, f"do/{action}/"), broken).status in {404, 409, 422}

    def test_what_is_not_possible_now_says_so(self, caseload: Caseload, officer: Browser) -> None:
        page = officer.open(page_of(caseload.case(), "do/visited/"))

        assert page.status == 409
        assert "Chờ xử lý" in page.words


class TestBulkOnScreen:
    def test_says_how_many_and_which_before_it_is_done(self, caseload: Caseload, officer: Browser) -> None:
        caseload.case(), caseload.number_case(), caseload.case(probability=0.9), caseload.case(Status.DEAD, differs="")

        page = officer.open(LIST).follow("Chấp nhận hàng loạt")

        assert page.lead.startswith(
            "Với các loại đã đánh dấu sẵn: 1 việc được ghi vào sổ ngay; 1 việc đụng tới số định danh"
        )
        assert len(page.rows("Các việc nhận hàng loạt được")) == 2

    def test_does_what_it_said(self, caseload: Caseload, officer: Browser) -> None:
        name, number = caseload.case(), caseload.number_case()

        page = officer.open(LIST).follow("Chấp nhận hàng loạt").press("Chấp nhận các loại đã chọn")

        assert "Đã quyết định 1 việc" in page.notices
        assert "1 việc về số định danh đã chuyển người thứ hai" in page.notices
        assert entry_of(name).full_name == "Ma Thị Hường"
        assert Case.objects.get(pk=number.pk).state == CaseState.PROPOSED

    def test_takes_only_the_kinds_that_are_ticked(self, caseload: Caseload, officer: Browser) -> None:
        caseload.case()
        birth = caseload.case(Status.BIRTH_DIFFERS, differs="birth", found=theirs(birth_date="19600706"))

        officer.open(LIST).follow("Chấp nhận hàng loạt").press("Chấp nhận các loại đã chọn")

        assert Case.objects.get(pk=birth.pk).state == CaseState.OPEN

    def test_leaves_and_tells_what_changed_meanwhile(self, caseload: Caseload, officer: Browser) -> None:
        changed = caseload.case()
        caseload.case()
        page = officer.open(LIST).follow("Chấp nhận hàng loạt")
        cases.order_visit(target(changed), acting_user=caseload.officer, now=caseload.now)

        page = page.press("Chấp nhận các loại đã chọn")

        assert "1 việc được để lại" in page.notices

    def test_marked_rows_are_accepted_together(self, caseload: Caseload, officer: Browser) -> None:
        first, second, left = caseload.case(), caseload.case(), caseload.case()

        officer.open(LIST).press("Chấp nhận các việc đã chọn", case=[f"{first.pk}:0", f"{second.pk}:0"])

        assert [Case.objects.get(pk=one.pk).state for one in (first, second, left)] == ["decided", "decided", "open"]

    @pytest.mark.parametrize("garbage", ["", "x", "1:", ":1", "9" * 30 + ":0", "1:0:0,,,", "-1:0"])
    def test_garbage_is_no_error(self, caseload: Caseload, officer: Browser, garbage: str) -> None:
        for address in ("bulk/", "marked/"):
            data = {"cases": garbage, "case": garbage, "client_key": garbage, "kind": "name_differs"}
            assert officer.send(LIST + address, data).status == 200

    def test_the_second_person_agrees_to_many(self, caseload: Caseload) -> None:
        waiting = [
            cases.accept(target(caseload.number_case()), acting_user=caseload.officer, now=caseload.now)
            for _ in range(2)
        ]
        leader = enter(caseload.head)

        page = leader.open(LIST + "second/")
        assert page.lead.startswith("2 đề xuất")
        page = page.press("Đồng ý các đề xuất đã chọn", case=[f"{one.pk}:{one.version}" for one in waiting])

        assert "Đã quyết định 2 việc" in page.notices
        assert {entry_of(one).number for one in waiting} == {"019085001234"}

    def test_the_second_person_agrees_to_one_in_its_row(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.number_case()), acting_user=caseload.officer, now=caseload.now)

        page = enter(caseload.head).open(LIST + "second/").press("Đồng ý Ma Thị Hương", seen=str(case.version))

        assert page.path == LIST + "second/"
        assert entry_of(case).number == "019085001234"

    def test_who_decides_no_numbers_has_no_such_list(self, officer: Browser, caseload: Caseload) -> None:
        assert officer.open(LIST + "second/").status == 404


class TestOnPaper:
    def test_the_visit_list_stands_by_village(self, caseload: Caseload, officer: Browser) -> None:
        for village in ("Xóm B", "Xóm A", "Xóm A"):
            case = caseload.case(village=village)
            cases.order_visit(target(case), acting_user=caseload.officer, now=caseload.now)

        page = officer.open(LIST + "visits/?state=visit")

        assert [head.get_text().split(",")[0] for head in page.main.find_all("h2")] == ["Xóm A", "Xóm B"]
        assert "Chữ ký" in page.words

    def test_the_police_are_told_what_to_change_to_what(self, caseload: Caseload, officer: Browser) -> None:
        cases.ask_police(target(caseload.case()), acting_user=caseload.officer, now=caseload.now)

        page = officer.open(LIST + "police/")

        assert "Họ và tên: Ma Thị Hường → Ma Thị Hương" in page.words
        assert officer.get(LIST + "police/?format=xlsx").status_code == 200

    def test_an_empty_list_is_no_error(self, officer: Browser, caseload: Caseload) -> None:
        assert "Không có ai" in officer.open(LIST + "visits/").words
        assert "Chưa có đề nghị" in officer.open(LIST + "police/").words


def test_the_list_of_ten_thousand_is_quick(caseload: Caseload) -> None:
    first = caseload.case()
    entries = [
        RegisterEntry(
            register=caseload.register, record_key=f"B{n}", full_name=f"Người {n}", village=f"Xóm {n % 12}",
            commune=first.commune, digest="0" * 32,
        )
        for n in range(10_000)
    ]  # fmt: skip
    RegisterEntry.objects.bulk_create(entries)
    from lienthong.verification.models import Verdict

    verdicts = Verdict.objects.bulk_create(
        Verdict(
            batch=caseload.batch, entry=entry, status=Status.NAME_DIFFERS, probability=0.995, is_linked=True, stage="exact",
            fields={"name": {"verdict": FieldVerdict.DIFFERENT, "weight": -2}}, snapshot=theirs(), found_number="019085001234",
            digest="1" * 32, judged_at=caseload.now,
        )
        for entry in entries
    )  # fmt: skip
    Case.objects.bulk_create(
        Case(
            verdict=said, entry=said.entry, commune=first.commune, village=said.entry.village, kind=Status.NAME_DIFFERS,
            probability=0.995, opened_at=caseload.now,
        )
        for said in verdicts
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE verification_case, verification_verdict, verification_registerentry")
    browser = enter(caseload.officer)

    page = browser.open(LIST)
    with CaptureQueriesContext(connection) as asked_to_look:
        bulk = browser.open(LIST + "bulk/")
    with CaptureQueriesContext(connection) as asked:
        done = bulk.press("Chấp nhận các loại đã chọn")

    assert len(names(page)) == 50
    assert page.lead.startswith("10.001 việc chờ xử lý")
    assert "Đã quyết định 1 việc. 4999 việc về số định danh đã chuyển người thứ hai" in done.notices
    assert len(asked_to_look) <= QUERIES_OF_LIST
    assert len(asked) < 200


def test_the_head_of_department_sees_every_commune(caseload: Caseload) -> None:
    caseload.case(), caseload.case(commune=ANOTHER_COMMUNE)

    assert len(names(enter(caseload.world.officer(Role.LEADER, HOME_AFFAIRS)).open(LIST))) == 2
