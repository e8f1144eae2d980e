"""The page of a dossier: everything that is known, what is possible now and nothing else, papers and printed forms."""

import io
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.dossiers.models import Dossier
from lienthong.infra.models import ReadRecord
from tests.factories.people import PersonFactory
from tests.screens import Browser, Page, enter
from tests.stories import answer, approve, ask, claim, extend, file_online, hand_over, refuse, stop, with_file, withdraw
from tests.world import HOME_AFFAIRS, WORK_PERMIT, World, at


def address(dossier: Dossier) -> str:
    return f"/office/dossiers/{dossier.public_id}/"


def open_as(user: User, dossier: Dossier) -> Page:
    return enter(user).open(address(dossier))


def offered(page: Page) -> set[str]:
    """What the page lets this officer do."""
    panel = page.main.find("aside")
    assert panel is not None
    return {" ".join(one.get_text(" ").split()) for one in panel.find_all(["button", "a"])}  # type: ignore[union-attr]


class TestWhatIsShown:
    def test_the_three_facts_that_matter_stand_first(self, world: World) -> None:
        page = open_as(world.officer(Role.PROCESSOR), world.receive())

        head = page.words.split("Yêu cầu")[0]
        assert "còn 5 ngày làm việc đến 17:00 thứ Hai 23/11/2026" in head
        assert "Hoàng Văn Ẩn" in head
        assert "hàng chờ chung, chưa ai nhận Ủy ban nhân dân phường Phan Đình Phùng" in head

    def test_a_number_that_does_not_fit_its_holder_is_said_beside_it(self, world: World) -> None:
        holder = PersonFactory(full_name="Hoàng Văn Ẩn", number="019154000001", sex="female", birth_on=date(1955, 3, 1))
        dossier = world.receive()
        Dossier.objects.filter(pk=dossier.pk).update(person=holder, applicant_number="019154000001")

        head = open_as(world.officer(Role.PROCESSOR), dossier).words.split("Yêu cầu")[0]

        assert "Giới tính theo số định danh" not in head
        assert "Năm sinh theo số định danh là 1954, đã khai là 1955." in head

    @pytest.mark.parametrize("number", ["", "019085001234", "0100233488"])
    def test_a_number_without_fault_raises_no_doubt(self, world: World, number: str) -> None:
        dossier = world.receive()
        Dossier.objects.filter(pk=dossier.pk).update(applicant_number=number)

        page = open_as(world.officer(Role.PROCESSOR), dossier)

        assert page.soup.select("dl .row-sub .state") == []

    def test_answers_papers_and_what_the_law_says(self, world: World) -> None:
        page = open_as(world.officer(Role.PROCESSOR), world.receive())

        assert "Từ đủ 80 tuổi, đang hưởng trợ cấp tuất hằng tháng" in page.words
        assert "02/11/2026" in page.words
        assert "Đủ điều kiện" in page.words
        assert page.rows("Thành phần hồ sơ")[0][2] == "1 bản chính 1 bản chụp"

    def test_who_did_what_and_when_newest_first(self, world: World) -> None:
        dossier = claim(world, world.receive())

        page = open_as(world.officer(Role.PROCESSOR), dossier)

        happened = [line.get_text(" ", strip=True) for line in page.soup.select(".timeline__event")]
        assert len(happened) == 3
        assert happened[0].startswith("Cán bộ nhận xử lý hồ sơ.")
        assert world.officer(Role.PROCESSOR).full_name in happened[0]
        assert "Hồ sơ được tiếp nhận, số H55.05443-261116-0001." in happened[2]

    def test_every_promise_that_was_made_and_why(self, world: World) -> None:
        dossier = world.receive()
        world.now = at("2026-11-17 10:00")
        dossier = ask(world, dossier)
        world.now = at("2026-11-20 15:00")
        dossier = extend(world, answer(world, dossier), at("2026-12-04").date())

        rows = open_as(world.officer(Role.LEADER), dossier).rows("Hạn trả")

        assert [row[1] for row in rows] == [
            "17:00 thứ Hai 23/11/2026",
            "đồng hồ tạm dừng",
            "17:00 thứ Hai 30/11/2026",
            "17:00 thứ Sáu 04/12/2026",
        ]

    def test_of_a_dossier_filed_online_that_waits_for_receipt(self, world: World) -> None:
        page = open_as(world.officer(Role.RECEIVER), file_online(world))

        assert "chưa cấp số" in page.words
        assert "trả lời trước 09:30 thứ Ba 17/11/2026" in page.words
        assert "Mã tra cứu" not in page.words

    @pytest.mark.parametrize("end", [refuse, stop, withdraw, approve])
    def test_of_a_dossier_that_has_ended_says_how(self, world: World, end: Any) -> None:
        dossier = end(world, world.receive())

        page = open_as(world.officer(Role.AUDITOR), dossier)

        assert page.status == 200
        assert {refuse: "Từ chối giải quyết", stop: "Dừng giải quyết", withdraw: "Đã rút", approve: "Đã có kết quả"}[
            end
        ] in page.words

    def test_quotes_tags_and_three_hundred_letters_break_nothing(self, world: World) -> None:
        name = ("Ỷ “<b>Ẳ</b>” O'Brien 😀 " * 20)[:255].strip()

        page = open_as(
            world.officer(Role.PROCESSOR), world.receive(name=name, summary="<script>alert(1)</script> & " * 30)
        )

        assert name in page.words
        assert page.main.find("script") is None

    def test_is_recorded_as_a_reading(self, world: World) -> None:
        user, dossier = world.officer(Role.PROCESSOR), world.receive()

        open_as(user, dossier)

        assert ReadRecord.objects.get(actor_id=user.pk).subject == f"dossier:{dossier.pk}"


class TestWhatMayBeDone:
    """Each role, each state: the actions that are offered, literally."""

    def test_with_a_request_filed_online(self, world: World) -> None:
        dossier = file_online(world)

        assert offered(open_as(world.officer(Role.RECEIVER), dossier)) == {
            "Tiếp nhận hồ sơ", "Đề nghị hoàn thiện", "Từ chối tiếp nhận", "Rút hồ sơ",
        }  # fmt: skip
        assert offered(open_as(world.officer(Role.PROCESSOR), dossier)) == set()

    def test_with_a_dossier_in_the_queue(self, world: World) -> None:
        dossier = world.receive()

        assert offered(open_as(world.officer(Role.PROCESSOR), dossier)) == {
            "Nhận xử lý", "Chuyển bước tiếp theo", "Yêu cầu bổ sung",
        }  # fmt: skip
        assert offered(open_as(world.officer(Role.RECEIVER), dossier)) == {"Rút hồ sơ"}
        assert offered(open_as(world.officer(Role.LEADER), dossier)) == {
            "Phân công", "Xin lỗi và hẹn lại ngày trả", "Dừng giải quyết",
        }  # fmt: skip
        assert offered(open_as(world.officer(Role.AUDITOR), dossier)) == set()

    def test_with_a_dossier_that_a_colleague_holds(self, world: World) -> None:
        dossier = claim(world, world.receive())

        assert offered(open_as(world.officer(Role.PROCESSOR, another=True), dossier)) == set()
        assert offered(open_as(world.officer(Role.PROCESSOR), dossier)) == {
            "Chuyển bước tiếp theo", "Thôi xử lý", "Yêu cầu bổ sung",
        }  # fmt: skip

    def test_at_the_decision(self, world: World) -> None:
        dossier = world.to_decision(world.receive())

        assert offered(open_as(world.officer(Role.LEADER), dossier)) == {
            "Phê duyệt", "Từ chối giải quyết", "Trả lại bước trước", "Nhận xử lý", "Yêu cầu bổ sung", "Phân công",
            "Xin lỗi và hẹn lại ngày trả", "Dừng giải quyết",
        }  # fmt: skip

    def test_while_the_applicant_is_asked(self, world: World) -> None:
        dossier = ask(world, world.receive())

        assert offered(open_as(world.officer(Role.RECEIVER), dossier)) == {"Nhận phần bổ sung", "Rút hồ sơ"}
        assert offered(open_as(world.officer(Role.PROCESSOR), dossier)) == set()

    def test_with_a_result(self, world: World) -> None:
        dossier = approve(world, world.receive())

        assert offered(open_as(world.officer(Role.RECEIVER), dossier)) == {"Trả kết quả"}
        assert offered(open_as(world.officer(Role.PROCESSOR), dossier)) == set()

    def test_after_the_end_nothing(self, world: World) -> None:
        dossier = hand_over(world, approve(world, world.receive()))

        assert offered(open_as(world.officer(Role.RECEIVER), dossier)) == set()

    def test_every_offer_opens_or_acts(self, world: World) -> None:
        dossier = world.to_decision(world.receive())
        browser = enter(world.officer(Role.LEADER))

        page = browser.open(address(dossier))

        for words in offered(page) - {"Nhận xử lý"}:
            if words in page.links():
                assert page.follow(words).heading.endswith(words)


class TestPrintedForms:
    def text(self, browser: Browser, page: Page, title: str) -> str:
        answer = browser.get(page.link(title))
        assert answer["Content-Type"] == "application/pdf"
        reader = PdfReader(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
        return " ".join(" ".join(one.extract_text() for one in reader.pages).split())

    def test_a_receipt_carries_number_promise_and_secret(self, world: World) -> None:
        dossier, browser = world.receive(), enter(world.officer(Role.RECEIVER))

        text = self.text(browser, browser.open(address(dossier)), "Giấy tiếp nhận hồ sơ")

        assert dossier.code in text
        assert "Hoàng Văn Ẩn" in text
        assert dossier.secret in text.replace(" ", "")

    @pytest.mark.parametrize(
        ("title", "happen"),
        [
            ("Phiếu yêu cầu bổ sung", ask),
            ("Phiếu từ chối", refuse),
            ("Văn bản xin lỗi", lambda world, dossier: extend(world, dossier, at("2026-12-04").date())),
            ("Thông báo dừng", stop),
            ("Phiếu kiểm soát", claim),
            ("Giấy giao nhận kết quả", lambda world, dossier: hand_over(world, approve(world, dossier))),
        ],
    )
    def test_each_is_offered_once_it_can_be_issued_and_carries_the_number(
        self, world: World, title: str, happen: Any
    ) -> None:
        dossier, browser = world.receive(), enter(world.officer(Role.AUDITOR))
        before = browser.open(address(dossier)).links()
        dossier = happen(world, dossier)

        page = browser.open(address(dossier))

        assert title == "Phiếu kiểm soát" or not [words for words in before if words.startswith(title)]
        assert dossier.code in self.text(browser, page, title)

    def test_one_that_was_not_issued_is_not_there(self, world: World) -> None:
        dossier, browser = world.receive(), enter(world.officer(Role.RECEIVER))

        for code in ("apology", "register", "nonsense", "RECEIPT"):
            assert browser.open(f"{address(dossier)}forms/{code}.pdf").status == 404

    def test_printing_is_recorded(self, world: World) -> None:
        user, dossier = world.officer(Role.RECEIVER), world.receive()

        enter(user).get(f"{address(dossier)}forms/receipt.pdf")

        assert ReadRecord.objects.get(actor_id=user.pk).action == "print:receipt"


class TestFiles:
    def test_of_the_dossier_open_in_the_page_or_are_saved(self, world: World) -> None:
        dossier, browser = world.receive(), enter(world.officer(Role.PROCESSOR))
        with_file(world, dossier, name="Tờ khai <b>.pdf")

        shown = browser.get(browser.open(address(dossier)).link("Tờ khai"))
        saved = browser.get(browser.open(address(dossier)).link("Tờ khai") + "?download")

        assert shown["Content-Disposition"].startswith("inline")
        assert saved["Content-Disposition"].startswith("attachment")
        assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert b"".join(shown.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]

    def test_of_another_dossier_are_not_there(self, world: World) -> None:
        mine, other = world.receive(), world.receive()
        file_id = with_file(world, other)
        browser = enter(world.officer(Role.PROCESSOR))

        assert browser.open(f"{address(mine)}files/{file_id}/").status == 404
        assert browser.open(f"{address(mine)}files/{uuid4()}/").status == 404
        assert browser.get(f"{address(other)}files/{file_id}/").status_code == 200

    def test_of_a_dossier_of_another_agency_are_not_there(self, world: World) -> None:
        foreign = world.receive(WORK_PERMIT)
        file_id = with_file(world, foreign)

        assert enter(world.officer(Role.PROCESSOR)).open(f"{address(foreign)}files/{file_id}/").status == 404
        assert (
            enter(world.officer(Role.PROCESSOR, HOME_AFFAIRS)).get(f"{address(foreign)}files/{file_id}/").status_code
            == 200
        )

    def test_that_were_lost_are_said_to_be_lost(self, world: World, settings: Any, tmp_path: Any) -> None:
        dossier, browser = world.receive(), enter(world.officer(Role.PROCESSOR))
        file_id = with_file(world, dossier)
        settings.FILES_DIR = tmp_path / "elsewhere"

        page = browser.open(f"{address(dossier)}files/{file_id}/")

        assert page.status == 410
        assert "không còn trong kho lưu trữ" in page.words


class TestQueries:
    def test_do_not_grow_with_events_papers_and_files(self, world: World, queries_of: Any) -> None:
        browser = enter(world.officer(Role.PROCESSOR))
        dossier = claim(world, world.receive())
        with_file(world, dossier)
        few = queries_of(browser, address(dossier))
        for _ in range(3):
            dossier = answer(world, ask(world, dossier, basis="Luật"))
        for number in range(10):
            with_file(world, dossier, number=1 + number % 3, name=f"Trang {number}.pdf")

        assert (few, queries_of(browser, address(dossier))) == (19, 19)

    def test_are_as_many_for_another_procedure_and_role_but_for_what_its_rules_read(
        self, world: World, queries_of: Any
    ) -> None:
        first, second = world.receive(), world.receive(WORK_PERMIT)

        of_first = queries_of(enter(world.officer(Role.LEADER)), address(first))
        of_second = queries_of(enter(world.officer(Role.LEADER, HOME_AFFAIRS)), address(second))

        assert (of_first, of_second) == (
            18,
            14,
        )  # who has died, in which household, and what was given for the same funeral
