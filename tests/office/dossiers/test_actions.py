"""Every action as a screen: its form, its refusals beside the field, once per press, and nothing for whoever may not."""

from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState, Outcome
from lienthong.infra.models import Event
from tests.office.intake.test_receive import scan
from tests.screens import Browser, Page, enter
from tests.stories import approve, ask, claim, extend, file_online
from tests.world import HOME_AFFAIRS, WORK_PERMIT, World, at


def at_page(user: User, dossier: Dossier, action: str = "") -> Page:
    return enter(user).open(f"/office/dossiers/{dossier.public_id}/{f'do/{action}/' if action else ''}")


def now_of(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def moves(dossier: Dossier) -> list[str]:
    return list(Event.objects.filter(stream=dossier.stream).order_by("sequence").values_list("name", flat=True))


class TestOnThePage:
    def test_an_officer_takes_a_dossier_and_puts_it_back(self, world: World) -> None:
        processor, dossier = world.officer(Role.PROCESSOR), world.receive()

        page = at_page(processor, dossier).press("Nhận xử lý")
        assert now_of(dossier).holder == processor
        assert "Đã làm xong: nhận xử lý." in page.words

        page.press("Thôi xử lý")
        assert now_of(dossier).holder is None

    def test_the_desk_receives_what_was_filed_online(self, world: World) -> None:
        dossier = file_online(world)

        page = at_page(world.officer(Role.RECEIVER), dossier).press("Tiếp nhận hồ sơ")

        assert now_of(dossier).code == "H55.05443-261116-0001"
        assert "H55.05443-261116-0001" in page.words

    def test_a_double_click_acts_once(self, world: World) -> None:
        dossier = world.receive()
        page = at_page(world.officer(Role.PROCESSOR), dossier)

        first, second = page.press("Nhận xử lý"), page.press("Nhận xử lý")

        assert first.status == second.status == 200
        assert moves(dossier).count("DossierClaimed") == 1

    def test_the_second_of_two_officers_is_told_and_changes_nothing(self, world: World) -> None:
        dossier = world.receive()
        first = at_page(world.officer(Role.PROCESSOR), dossier)
        second = at_page(world.officer(Role.PROCESSOR, another=True), dossier)

        first.press("Nhận xử lý")
        refused = second.press("Nhận xử lý")

        assert refused.status == 422
        assert "vừa được người khác xử lý" in refused.errors[0]
        assert "Việc này không còn làm được" in refused.words
        assert now_of(dossier).holder == world.officer(Role.PROCESSOR)
        assert refused.follow("Xem hồ sơ như hiện nay").status == 200


class TestManyAtOnce:
    def press(self, browser: Browser, dossiers: list[Dossier]) -> Page:
        page = browser.open("/office/?list=queue")
        return page.press("Nhận xử lý các hồ sơ đã chọn", dossier=[str(one.public_id) for one in dossiers])

    def test_takes_each_that_was_marked(self, world: World) -> None:
        made = [world.receive() for _ in range(3)]

        page = self.press(enter(world.officer(Role.PROCESSOR)), made[:2])

        assert "Đã nhận xử lý 2 hồ sơ." in page.words
        assert [now_of(one).holder_id is not None for one in made] == [True, True, False]

    def test_says_of_each_that_was_taken_meanwhile(self, world: World) -> None:
        made, first = [world.receive() for _ in range(2)], world.officer(Role.PROCESSOR)
        browser = enter(world.officer(Role.PROCESSOR, another=True))
        page = browser.open("/office/?list=queue")
        claim(world, made[0])

        after = page.press("Nhận xử lý các hồ sơ đã chọn", dossier=[str(one.public_id) for one in made])

        assert "Đã nhận xử lý 1 hồ sơ." in after.words
        assert f"{made[0].code}: {first.full_name} đã nhận trước." in after.words

    def test_says_that_nothing_was_marked(self, world: World) -> None:
        world.receive()

        assert "Chưa chọn hồ sơ nào." in self.press(enter(world.officer(Role.PROCESSOR)), []).words

    def test_takes_nothing_of_another_agency(self, world: World) -> None:
        world.receive()
        foreign = world.receive(WORK_PERMIT)

        self.press(enter(world.officer(Role.PROCESSOR)), [foreign])

        assert now_of(foreign).holder is None

    def test_reads_nonsense_as_nothing(self, world: World) -> None:
        world.receive()
        page = enter(world.officer(Role.PROCESSOR)).open("/office/?list=queue")

        assert page.press("Nhận xử lý các hồ sơ đã chọn", dossier=["x", "", "😀", "0" * 9000]).status == 200


class TestPassingOn:
    def test_carries_the_proposal_to_the_leader(self, world: World) -> None:
        dossier = world.receive()
        page = at_page(world.officer(Role.PROCESSOR), dossier).follow("Chuyển bước tiếp theo")
        assert "Bước hiện tại kết thúc" in page.lead

        page.press("Chuyển bước tiếp theo", proposal="Đề nghị phê duyệt\nmức 10.800.000 đồng", note="Kèm biên bản")

        shown = at_page(world.officer(Role.LEADER), dossier).words
        assert "Đề xuất: Đề nghị phê duyệt mức 10.800.000 đồng" in shown
        assert "Kèm biên bản" in shown

    def test_leads_back_to_work_when_the_dossier_goes_out_of_sight(self, world: World) -> None:
        dossier = world.receive()

        page = at_page(world.officer(Role.PROCESSOR), dossier, "pass_on").press("Chuyển bước tiếp theo")

        assert page.path == f"/office/dossiers/{dossier.public_id}/", "it passed through the agency and stays visible"

    def test_a_stale_form_is_told_keeps_what_was_typed_and_may_be_sent_again(self, world: World) -> None:
        dossier = world.receive()
        page = at_page(world.officer(Role.PROCESSOR), dossier, "pass_on")
        claim(world, dossier)

        told = page.press("Chuyển bước tiếp theo", proposal="Đề nghị phê duyệt")
        assert "vừa được người khác xử lý" in told.errors[0]
        assert told.form("Chuyển bước tiếp theo")[1]["proposal"] == ["Đề nghị phê duyệt"]
        assert moves(dossier).count("StepPassed") == 1

        assert told.press("Chuyển bước tiếp theo").status == 200
        assert moves(dossier).count("StepPassed") == 2


class TestDeciding:
    @pytest.fixture
    def waiting(self, world: World) -> Dossier:
        return world.to_decision(world.receive())

    def test_approves_with_the_number_of_the_decision(self, world: World, waiting: Dossier) -> None:
        page = at_page(world.officer(Role.LEADER), waiting).follow("Phê duyệt")

        page.press("Phê duyệt", document_number="1234/QĐ-UBND", note="Đồng ý")

        assert now_of(waiting).outcome == Outcome.APPROVED

    def test_refuses_only_with_a_reason_said_beside_the_field(self, world: World, waiting: Dossier) -> None:
        page = at_page(world.officer(Role.LEADER), waiting, "refuse").press("Từ chối giải quyết", reason="  ")
        assert page.status == 422
        assert "Lý do" in page.error_beside("reason")

        page.press("Từ chối giải quyết", reason="Không thuộc đối tượng")
        assert now_of(waiting).outcome == Outcome.REFUSED

    def test_sends_back_to_who_prepared_it(self, world: World, waiting: Dossier) -> None:
        at_page(world.officer(Role.LEADER), waiting, "send_back").press("Trả lại bước trước", reason="Thiếu biên bản")

        assert now_of(waiting).holder == world.officer(Role.PROCESSOR)

    def test_the_programme_refuses_in_its_own_words(self, world: World) -> None:
        answers = {**world.request().answers, "circumstance": "none"}
        waiting = world.to_decision(world.receive(answers=answers))

        page = at_page(world.officer(Role.LEADER), waiting, "approve").press("Phê duyệt", document_number="1/QĐ")

        assert page.status == 422
        assert page.errors
        assert page.form("Phê duyệt")[1]["document_number"] == ["1/QĐ"]
        assert now_of(waiting).state == DossierState.IN_PROGRESS

    def test_whoever_prepared_does_not_approve(self, world: World) -> None:
        dossier = world.receive()
        processor = world.officer(Role.PROCESSOR)
        mandate = world.officer(Role.LEADER, another=True).mandates.get()
        mandate.user = processor
        mandate.save()
        waiting = world.to_decision(dossier)

        page = at_page(User.objects.get(pk=processor.pk), waiting, "approve").press("Phê duyệt")

        assert "Người ký phải khác người trình" in page.errors[0]


class TestSupplement:
    def ask_for(self, page: Page, **typed: Any) -> Page:
        return page.press("Yêu cầu bổ sung", **typed)

    def test_marks_papers_each_with_a_remark_and_stops_the_clock(self, world: World) -> None:
        dossier = world.receive()
        page = at_page(world.officer(Role.PROCESSOR), dossier).follow("Yêu cầu bổ sung")

        page = self.ask_for(
            page,
            mark_2="wrong",
            remark_2="Bản chụp bị mờ",
            mark_3="missing",
            remark_3="Nộp thêm",
            reason="Chưa đọc được",
        )

        assert now_of(dossier).state == DossierState.AWAITING_SUPPLEMENT
        assert "đồng hồ tạm dừng" in page.words
        assert dict(dossier.items.filter(is_open=True).values_list("number", "mark")) == {2: "wrong", 3: "missing"}

    def test_says_everything_that_is_missing_beside_its_field(self, world: World) -> None:
        page = self.ask_for(at_page(world.officer(Role.PROCESSOR), world.receive(), "request_supplement"))

        assert "đánh dấu ít nhất một giấy tờ" in page.error_beside("mark_1")
        assert "Lý do" in page.error_beside("reason")

    def test_a_mark_without_a_remark_is_refused_and_everything_typed_is_kept(self, world: World) -> None:
        page = at_page(world.officer(Role.PROCESSOR), world.receive(), "request_supplement")

        again = self.ask_for(page, mark_2="wrong", reason="Mờ\n" * 100)

        assert "Ghi rõ cần sửa gì" in again.error_beside("remark_2")
        kept = again.form("Yêu cầu bổ sung")[1]
        assert (kept["mark_2"], kept["reason"][0].count("Mờ")) == (["wrong"], 100)

    def test_a_second_round_asks_for_the_law_beside_its_field(self, world: World) -> None:
        from tests.stories import answer

        dossier = answer(world, ask(world, world.receive()))
        page = at_page(world.officer(Role.PROCESSOR), dossier, "request_supplement")

        page = self.ask_for(page, mark_2="wrong", remark_2="Vẫn mờ", reason="Vẫn mờ")
        assert "Hướng dẫn phải đầy đủ trong một lần" in page.error_beside("legal_basis")

        assert self.ask_for(page, legal_basis="Điều 19 khoản 4").status == 200

    def test_is_answered_at_the_desk_with_exactly_the_open_papers(self, world: World) -> None:
        dossier = ask(world, world.receive())
        page = at_page(world.officer(Role.RECEIVER), dossier).follow("Nhận phần bổ sung")
        assert [row[1] for row in page.rows()] == ["Bản sao giấy chứng tử của đối tượng mờ"]

        missed = page.press("Nhận phần bổ sung")
        assert "Thiếu “Bản sao giấy chứng tử" in missed.error_beside("item_2_given")

        missed.press("Nhận phần bổ sung", item_2_given="on", item_2_files=[scan(name="Chứng tử.pdf")])
        assert now_of(dossier).state == DossierState.IN_PROGRESS
        assert "Chứng tử.pdf" in at_page(world.officer(Role.PROCESSOR), dossier).words

    def test_before_receipt_is_asked_for_and_taken_in_at_the_desk(self, world: World) -> None:
        dossier, clerk = file_online(world), world.officer(Role.RECEIVER)
        page = at_page(clerk, dossier).follow("Đề nghị hoàn thiện")
        assert "legal_basis" not in page.form("Đề nghị hoàn thiện")[1]

        page.press("Đề nghị hoàn thiện", mark_1="wrong", remark_1="Chưa ký", reason="Tờ khai chưa ký")
        assert now_of(dossier).state == DossierState.INCOMPLETE

        at_page(clerk, dossier).follow("Nhận phần hoàn thiện").press("Nhận phần hoàn thiện", item_1_given="on")
        assert now_of(dossier).state == DossierState.SUBMITTED


class TestExtending:
    DAY = {"new_day_day": "4", "new_day_month": "12", "new_day_year": "2026"}

    def test_keeps_the_first_promise_and_prints_an_apology(self, world: World) -> None:
        dossier = world.to_decision(world.receive())

        page = at_page(world.officer(Role.LEADER), dossier, "extend").press(
            "Xin lỗi và hẹn lại ngày trả", reason="Chờ xác minh", **self.DAY
        )

        assert now_of(dossier).promised_due_at == at("2026-11-23 17:00")
        assert now_of(dossier).current_due_at == at("2026-12-04 17:00")
        assert "Văn bản xin lỗi" in " ".join(page.links())

    @pytest.mark.parametrize(
        ("typed", "field", "says"),
        [
            ({"new_day_day": "5"}, "new_day_day", "là ngày nghỉ"),
            ({"new_day_day": "20", "new_day_month": "11"}, "new_day_day", "sau hạn hiện tại"),
            ({"new_day_year": "3000"}, "new_day_day", "3000"),
            ({"new_day_day": "31", "new_day_month": "11"}, "new_day_day", "30 ngày"),
            ({"new_day_day": "-1"}, "new_day_day", "không đọc được"),
            ({"reason": ""}, "reason", "Lý do"),
        ],
    )
    def test_a_day_that_cannot_be_promised_is_refused_beside_it(
        self, world: World, typed: dict[str, str], field: str, says: str
    ) -> None:
        dossier = world.to_decision(world.receive())

        page = at_page(world.officer(Role.LEADER), dossier, "extend").press(
            "Xin lỗi và hẹn lại ngày trả", **{"reason": "Chờ", **self.DAY, **typed}
        )

        assert page.status == 422
        errors = " ".join(page.errors)
        assert says in errors
        assert now_of(dossier).extensions == 0

    def test_a_second_time_asks_for_the_law(self, world: World) -> None:
        dossier = extend(world, world.to_decision(world.receive()), at("2026-12-01").date())

        page = at_page(world.officer(Role.LEADER), dossier, "extend").press(
            "Xin lỗi và hẹn lại ngày trả", reason="Chờ thêm", **self.DAY
        )
        assert "nêu căn cứ pháp lý" in page.error_beside("legal_basis")

        page.press("Xin lỗi và hẹn lại ngày trả", legal_basis="Điều 19 khoản 9")
        assert now_of(dossier).extensions == 2


class TestHandsAndEnds:
    def test_a_head_gives_the_dossier_to_a_colleague_of_the_step(self, world: World) -> None:
        dossier, colleague = world.receive(), world.officer(Role.PROCESSOR)
        page = at_page(world.officer(Role.LEADER), dossier).follow("Phân công")
        assert colleague.full_name in page.words

        page.press("Phân công", colleague=str(colleague.pk))

        assert now_of(dossier).holder == colleague

    @pytest.mark.parametrize("whom", ["", "x", "999999", "-1"])
    def test_nobody_else_can_be_given_it(self, world: World, whom: str) -> None:
        dossier = world.receive()
        world.officer(Role.PROCESSOR)

        page = at_page(world.officer(Role.LEADER), dossier, "assign").press("Phân công", colleague=whom)

        assert page.status == 422
        assert now_of(dossier).holder is None

    def test_says_when_there_is_nobody_to_give_it_to(self, world: World) -> None:
        page = at_page(world.officer(Role.LEADER), world.receive(), "assign")

        assert "Chưa có ai được phân công cho bước này" in page.words

    def test_the_desk_returns_the_result_as_the_applicant_chose(self, world: World) -> None:
        dossier = approve(world, world.receive(return_way="post", return_address="Tổ 12"))
        page = at_page(world.officer(Role.RECEIVER), dossier).follow("Trả kết quả")
        assert page.form("Trả kết quả")[1]["way"] == ["post"]
        assert page.form("Trả kết quả")[1]["recipient"] == ["Hoàng Văn Ẩn"]

        page.press("Trả kết quả", recipient="Hoàng Thị Ổn", proof="Giấy ủy quyền 12/11/2026")

        assert now_of(dossier).state == DossierState.RETURNED

    @pytest.mark.parametrize(
        ("role", "action", "words", "state"),
        [
            (Role.LEADER, "stop", "Dừng giải quyết", DossierState.STOPPED),
            (Role.RECEIVER, "withdraw", "Rút hồ sơ", DossierState.WITHDRAWN),
        ],
    )
    def test_an_end_needs_a_reason(
        self, world: World, role: Role, action: str, words: str, state: DossierState
    ) -> None:
        dossier = world.receive()

        page = at_page(world.officer(role), dossier, action).press(words)
        assert "Lý do" in page.error_beside("reason")

        page.press(words, reason="Theo đề nghị của người nộp")
        assert now_of(dossier).state == state

    def test_intake_is_refused_with_the_reason_that_the_form_prints(self, world: World) -> None:
        dossier = file_online(world)

        page = at_page(world.officer(Role.RECEIVER), dossier, "refuse_intake").press(
            "Từ chối tiếp nhận", reason="Không thuộc thẩm quyền"
        )

        assert now_of(dossier).state == DossierState.REFUSED_INTAKE
        assert "Phiếu từ chối" in " ".join(page.links())


class TestWhatMayNotBeDone:
    """Who does not see the dossier gets the page for nothing there, word for word; who sees it is told why."""

    FACTS = {"reason": "x", "seen": "2", "client_key": "6f1c1f3e-0000-4000-8000-000000000000", "colleague": "1"}
    ALL = [
        "receive", "request_completion", "complete", "refuse_intake", "pass_on", "send_back", "claim", "release", "assign",
        "request_supplement", "answer_supplement", "extend", "approve", "refuse", "stop", "withdraw", "return_result",
        "submit", "rate", "nonsense", "CLAIM",
    ]  # fmt: skip

    NO_ACTIONS_OF_AN_OFFICER = ["submit", "rate", "nonsense", "CLAIM"]

    def nothing_there(self, browser: Browser) -> str:
        return browser.open("/office/dossiers/00000000-0000-4000-8000-000000000000/").words

    @pytest.mark.parametrize("action", ALL)
    def test_with_a_dossier_of_another_agency(self, world: World, action: str) -> None:
        foreign = world.receive(WORK_PERMIT)
        browser = enter(world.officer(Role.LEADER))
        address = f"/office/dossiers/{foreign.public_id}/do/{action}/"

        for page in (browser.open(address), browser.send(address, self.FACTS)):
            assert (page.status, page.words) == (404, self.nothing_there(browser))
        assert moves(foreign) == ["DossierReceived", "StepPassed"]

    @pytest.mark.parametrize("action", ALL)
    def test_by_an_auditor_who_sees_it(self, world: World, action: str) -> None:
        dossier = world.receive()
        browser = enter(world.officer(Role.AUDITOR))
        address = f"/office/dossiers/{dossier.public_id}/do/{action}/"

        for page in (browser.open(address), browser.send(address, self.FACTS), browser.send(address, {})):
            if action in self.NO_ACTIONS_OF_AN_OFFICER:
                assert (page.status, page.words) == (404, self.nothing_there(browser))
            else:
                assert page.status == 409
                assert page.buttons() == []
                assert "Bạn không được phân công" in page.words or "hồ sơ đang ở trạng thái “" in page.words
        assert moves(dossier) == ["DossierReceived", "StepPassed"]

    def test_once_a_colleague_has_finished_it(self, world: World) -> None:
        dossier = approve(world, world.receive())
        browser = enter(world.officer(Role.LEADER, another=True))
        address = f"/office/dossiers/{dossier.public_id}/do/approve/"

        for page in (browser.open(address), browser.send(address, {})):
            assert page.status == 409
            assert page.lead == "Việc này không còn làm được: hồ sơ đang ở trạng thái “Đã có kết quả”."
            assert page.follow("Xem hồ sơ như hiện nay").path == f"/office/dossiers/{dossier.public_id}/"

    def test_once_a_mandate_has_ended(self, world: World) -> None:
        dossier, processor = world.receive(), world.officer(Role.PROCESSOR)
        page = at_page(processor, dossier, "pass_on")
        processor.mandates.update(valid_until=world.today)

        assert page.press("Chuyển bước tiếp theo").status == 404
        assert moves(dossier) == ["DossierReceived", "StepPassed"]

    def test_in_a_field_that_the_mandate_leaves_out(self, world: World) -> None:
        dossier = world.receive(WORK_PERMIT)
        narrow = world.officer(Role.PROCESSOR, HOME_AFFAIRS, fields=["employment"])

        assert at_page(narrow, dossier).status == 404
        assert at_page(narrow, dossier, "claim").status == 404

    def test_with_a_form_of_which_half_was_lost(self, world: World) -> None:
        dossier, browser = world.receive(), enter(world.officer(Role.PROCESSOR))
        address = f"/office/dossiers/{dossier.public_id}/do/claim/"

        for facts in (
            {},
            {"seen": "x"},
            {"seen": "2", "client_key": "x"},
            {"seen": str(10**30), "client_key": self.FACTS["client_key"]},
        ):
            page = browser.send(address, facts)
            assert page.status == 422
            assert len(page.errors) == 1
        assert now_of(dossier).holder is None
