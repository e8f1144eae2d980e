"""The page of a dossier tells its applicant how it stands, until when and why, who holds it and what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import MarkedItem
from lienthong.dossiers.states import Action, DossierState, ItemMark, ReturnWay
from lienthong.units.models import Agency
from tests.portal.applicants import begin, citizen, fill, send
from tests.screens import Page, enter
from tests.world import World, target

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(world: World) -> User:
    return citizen(world)


def received(world: World, owner: User, **changes: object) -> Dossier:
    """Receive a dossier of the owner at the desk."""
    dossier = world.receive(**changes)  # type: ignore[arg-type]
    Dossier.objects.filter(pk=dossier.pk).update(person=owner.person)
    return Dossier.objects.get(pk=dossier.pk)


def page_of(dossier: Dossier, owner: User) -> Page:
    return enter(owner).open(f"/track/{dossier.public_id}/")


def held_by(world: World, dossier: Dossier) -> User:
    assert dossier.agency_id is not None
    return world.officer(Role(dossier.step_role), Agency.objects.get(pk=dossier.agency_id).code)


class TestHowItStands:
    def test_waiting_at_the_desk(self, world: World, owner: User) -> None:
        send(fill(begin(enter(owner))))
        dossier = Dossier.objects.get(submitted_by=owner)

        page = page_of(dossier, owner)

        assert "đã nhận hồ sơ bạn gửi và đang xem. Bạn được trả lời trước 09:30 thứ Ba 17/11/2026" in page.words
        world.now += timedelta(days=2)
        assert "chậm trả lời: lẽ ra phải trả lời trước 09:30" in page_of(dossier, owner).words

    def test_a_paper_that_was_said_not_to_apply_until_an_officer_asks_for_it(self, world: World, owner: User) -> None:
        send(fill(begin(enter(owner))))
        dossier = Dossier.objects.get(submitted_by=owner)
        assert "không thuộc trường hợp này" in page_of(dossier, owner).words

        dossiers.request_completion(
            target(dossier), items=[MarkedItem(3, ItemMark.MISSING, "Người mất đã 82 tuổi")], reason="Cần giấy thứ 3", acting_user=world.officer(Role.RECEIVER), now=world.now,
        )  # fmt: skip

        words = page_of(dossier, owner).words
        assert "không thuộc trường hợp này" not in words
        assert "cần bạn sửa" in words

    def test_under_way_with_the_promised_day_who_holds_it_and_why_that_day(self, world: World, owner: User) -> None:
        dossier = received(world, owner)
        officer = held_by(world, dossier)
        dossiers.claim(target(dossier), acting_user=officer, now=world.now)

        page = page_of(dossier, owner)

        assert "đang giải quyết hồ sơ. Bạn chưa cần làm gì." in page.words
        assert "còn 5 ngày làm việc đến 17:00 thứ Hai 23/11/2026" in page.words
        assert f"người giải quyết: {officer.full_name}" in page.words
        assert "Vì sao hẹn ngày này?" in page.words
        assert "5 ngày làm việc" in page.words
        assert "Trả kết quả trước 17:00 thứ Hai 23/11/2026" in page.words

    def test_late_is_said_in_words(self, world: World, owner: User) -> None:
        dossier = received(world, owner)
        world.now += timedelta(days=9)

        page = page_of(dossier, owner)

        assert "đã trễ hẹn với bạn" in page.words
        assert "Hẹn trả kết quả trễ" in page.words

    def test_a_new_promise_is_told_beside_the_first(self, world: World, owner: User) -> None:
        dossier = world.to_decision(received(world, owner))
        command = dossiers.ExtendDeadline(
            target=target(dossier), new_due_on=world.now.date().replace(day=30), reason="Cần xác minh thêm tại thôn."
        )
        dossiers.extend_deadline(command, acting_user=world.decider(dossier), now=world.now)

        page = page_of(dossier, owner)

        assert "đến 17:00 thứ Hai 30/11/2026" in page.words
        assert "hẹn trên giấy tiếp nhận: 17:00 thứ Hai 23/11/2026" in page.words
        assert "xin lỗi và hẹn lại ngày trả: Cần xác minh thêm tại thôn." in page.words
        assert "Văn bản xin lỗi và hẹn lại ngày trả kết quả (PDF)" in page.links()

    @pytest.mark.parametrize(
        ("way", "words"),
        [
            (ReturnWay.COUNTER, "Mời bạn đến Ủy ban nhân dân phường Phan Đình Phùng nhận kết quả"),
            (ReturnWay.POST, "được gửi qua bưu chính tới: Tổ 3"),
            (ReturnWay.ONLINE, "nằm ở trang này khi được trả"),
        ],
    )
    def test_decided_says_how_the_result_comes(self, world: World, owner: User, way: ReturnWay, words: str) -> None:
        dossier = received(world, owner, return_way=way.value, return_address="Tổ 3")
        world.approve(dossier)

        page = page_of(dossier, owner)

        assert "Hồ sơ đã được chấp thuận" in page.words
        assert words in page.words
        assert "Văn bản số 1234/QĐ-UBND" in page.words

    def test_a_refusal_comes_with_its_reason_and_its_paper(self, world: World, owner: User) -> None:
        dossier = world.to_decision(received(world, owner))
        command = dossiers.Refuse(target=target(dossier), reason="Không thuộc đối tượng.", document_number="12/TB")
        dossiers.refuse(command, acting_user=world.decider(dossier), now=world.now)

        page = page_of(dossier, owner)

        assert "Hồ sơ bị từ chối giải quyết: Không thuộc đối tượng." in page.words
        assert "Phiếu từ chối tiếp nhận, giải quyết hồ sơ (PDF)" in page.links()

    def test_every_state_has_its_sentence_and_no_two_are_alike(self, world: World, owner: User) -> None:
        from lienthong.portal.tracking.story import _SENTENCES

        assert set(_SENTENCES) == set(DossierState)
        assert len(set(_SENTENCES.values())) == len(DossierState) - 1, "received and in progress are one"

    def test_what_officers_do_among_themselves_is_not_told(self, world: World, owner: User) -> None:
        dossier = world.to_decision(received(world, owner))
        leader = held_by(world, dossier)
        dossiers.send_back(
            target(dossier), reason="Viết lại tờ trình, lủng củng quá", acting_user=leader, now=world.now
        )

        page = page_of(dossier, owner)

        assert "Hồ sơ được xem lại ở bước trước." in page.words
        assert "lủng củng" not in page.words
        assert "Đề nghị phê duyệt" not in page.words

    def test_names_and_notes_of_any_kind_are_drawn_as_text(self, world: World, owner: User) -> None:
        name = '<script>alert(1)</script> "Bé" O\'Brien 🌸'
        dossier = received(world, owner, name=name, summary="<b>đậm</b> " + "dài " * 70)

        page = page_of(dossier, owner)

        assert name in page.words
        assert page.main.find("script") is None


class TestWithdraw:
    def test_takes_a_request_back_with_its_reason(self, world: World, owner: User) -> None:
        dossier = received(world, owner)

        page = (
            page_of(dossier, owner).follow("Rút hồ sơ").press("Rút hồ sơ", agreed="on", reason="Tôi nộp nhầm thủ tục.")
        )

        dossier.refresh_from_db()
        assert dossier.state == DossierState.WITHDRAWN
        assert "Bạn đã rút hồ sơ này ngày 16/11/2026" in page.words
        assert "Tôi nộp nhầm thủ tục." in page.words
        assert "Rút hồ sơ" not in page.links()

    def test_asks_before_it_does(self, world: World, owner: User) -> None:
        dossier = received(world, owner)

        page = page_of(dossier, owner).follow("Rút hồ sơ").press("Rút hồ sơ")

        assert page.status == 422
        assert "hãy đánh dấu ô “Tôi muốn rút hồ sơ này”" in page.error_beside("agreed")
        dossier.refresh_from_db()
        assert dossier.state == DossierState.IN_PROGRESS

    def test_a_resent_form_changes_nothing_more(self, world: World, owner: User) -> None:
        asked = page_of(received(world, owner), owner).follow("Rút hồ sơ")
        address, data = asked.form("Rút hồ sơ")

        asked.browser.send(address, {**data, "agreed": ["on"]})
        again = asked.browser.send(address, {**data, "agreed": ["on"]})

        assert "Việc này đã làm xong" in again.words

    def test_what_an_officer_changed_meanwhile_is_not_run_over(self, world: World, owner: User) -> None:
        dossier = received(world, owner)
        asked = page_of(dossier, owner).follow("Rút hồ sơ")
        dossiers.claim(target(dossier), acting_user=held_by(world, dossier), now=world.now)

        page = asked.press("Rút hồ sơ", agreed="on")

        assert page.status == 422
        assert "vừa được người khác xử lý" in page.words

    def test_a_guest_with_the_secret_may_withdraw(self, world: World, owner: User) -> None:
        dossier = received(world, owner)
        guest = enter(None)
        guest.post(f"/track/{dossier.public_id}/", {"secret": dossier.secret})

        page = guest.open(f"/track/{dossier.public_id}/withdraw/").press("Rút hồ sơ", agreed="on")

        assert "Bạn đã rút hồ sơ" in page.words

    def test_a_guest_whose_hour_is_over_proves_the_secret_again(self, world: World, owner: User) -> None:
        dossier = received(world, owner)
        guest = enter(None)
        guest.post(f"/track/{dossier.public_id}/", {"secret": dossier.secret})
        asked = guest.open(f"/track/{dossier.public_id}/withdraw/")
        world.now += timedelta(hours=2)

        page = asked.press("Rút hồ sơ", agreed="on")

        assert page.heading == "Nhập mã tra cứu để xem hồ sơ"


class TestRate:
    def decided(self, world: World, owner: User) -> Dossier:
        return world.approve(received(world, owner))

    def test_keeps_level_trips_and_comment(self, world: World, owner: User) -> None:
        dossier = self.decided(world, owner)

        page = (
            page_of(dossier, owner)
            .follow("Đánh giá việc phục vụ")
            .press("Gửi đánh giá", level="4", trips="2", comment="Cán bộ hướng dẫn rõ.\nCảm ơn 🌸")
        )

        assert "Cảm ơn bạn đã đánh giá" in page.words
        rating = dossier.rating
        assert (rating.level, rating.trips, rating.comment) == ("4", 2, "Cán bộ hướng dẫn rõ. Cảm ơn 🌸")
        assert "Đánh giá việc phục vụ" not in page.links()
        assert "hướng dẫn rõ" not in page.words

    @pytest.mark.parametrize("trips", ["-1", "51", "hai", "1.5", "９"])
    def test_says_which_numbers_of_trips_can_be(self, world: World, owner: User, trips: str) -> None:
        asked = page_of(self.decided(world, owner), owner).follow("Đánh giá việc phục vụ")

        page = asked.press("Gửi đánh giá", level="4", trips=trips)

        assert page.status == 422
        assert "một số từ 0 đến 50" in page.error_beside("trips")

    def test_asks_for_a_level(self, world: World, owner: User) -> None:
        asked = page_of(self.decided(world, owner), owner).follow("Đánh giá việc phục vụ")

        page = asked.press("Gửi đánh giá", comment="Tốt")

        assert "Chưa chọn" in page.error_beside("level")
        assert page.main.find("textarea").get_text().strip() == "Tốt"  # type: ignore[union-attr]

    def test_a_dossier_is_rated_once(self, world: World, owner: User) -> None:
        asked = page_of(self.decided(world, owner), owner).follow("Đánh giá việc phục vụ")
        asked.press("Gửi đánh giá", level="4")

        again = asked.press("Gửi đánh giá", level="1")

        assert "Việc này đã làm xong" in again.words

    def test_a_dossier_under_way_is_not_rated(self, world: World, owner: User) -> None:
        dossier = received(world, owner)

        assert "Đánh giá việc phục vụ" not in page_of(dossier, owner).links()
        assert "Dưới đây là tình trạng hiện tại" in enter(owner).open(f"/track/{dossier.public_id}/rate/").words


def test_every_action_of_an_applicant_has_its_page() -> None:
    from lienthong.dossiers.states import MOVES, By
    from lienthong.portal.tracking import actions

    of_applicants = {action for action, move in MOVES.items() if move.by in {By.APPLICANT, By.APPLICANT_OR_DESK}}

    assert of_applicants == {Action.SUBMIT, Action.COMPLETE, Action.ANSWER_SUPPLEMENT, Action.WITHDRAW, Action.RATE}
    assert all(hasattr(actions, name) for name in ("answer", "withdraw", "rate"))


def test_a_long_story_asks_no_more_questions_than_a_short_one(
    world: World, owner: User, django_assert_max_num_queries: Any
) -> None:
    dossier = received(world, owner)
    page_of(dossier, owner)
    with django_assert_max_num_queries(40) as captured:
        page_of(dossier, owner)
    short = len(captured)
    officer = held_by(world, dossier)
    for _ in range(5):
        dossier = dossiers.claim(target(dossier), acting_user=officer, now=world.now)
        dossier = dossiers.release(target(dossier), acting_user=officer, now=world.now)

    with django_assert_max_num_queries(short):
        page_of(dossier, owner)
