"""Answering an officer: only the marked papers, all in one go, files kept until they are sent."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.documents import queries as papers
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.checklist import checklist_of
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import MarkedItem, RequestSupplement
from lienthong.dossiers.states import DossierState, ItemMark
from lienthong.infra.events import Event
from lienthong.portal.tracking.answering import answer_owner
from lienthong.units.models import Agency
from tests.documents import specimens
from tests.portal.applicants import begin, citizen, fill, pdf, send
from tests.screens import Browser, Page, enter
from tests.world import World, target

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(world: World) -> User:
    return citizen(world)


@pytest.fixture
def asked(world: World, owner: User) -> Dossier:
    """A dossier whose first two papers an officer wants mended."""
    dossier = world.receive()
    Dossier.objects.filter(pk=dossier.pk).update(person=owner.person)
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.agency_id is not None
    officer = world.officer(Role(dossier.step_role), Agency.objects.get(pk=dossier.agency_id).code)
    command = RequestSupplement(
        target=target(dossier),
        items=[
            MarkedItem(1, ItemMark.WRONG, "Tờ khai thiếu chữ ký"),
            MarkedItem(2, ItemMark.MISSING, "Không đọc được"),
        ],
        reason="Tờ khai chưa ký, giấy chứng tử mờ.",
    )
    return dossiers.request_supplement(command, acting_user=officer, now=world.now)


def open_answer(browser: Browser, dossier: Dossier) -> Page:
    return browser.open(f"/track/{dossier.public_id}/").follow("Nộp bổ sung")


class TestWhatIsAsked:
    def test_the_dossier_says_what_is_wanted_and_how_the_clock_goes_on(self, asked: Dossier, owner: User) -> None:
        page = enter(owner).open(f"/track/{asked.public_id}/")

        assert "Hồ sơ đang chờ bạn bổ sung: Tờ khai chưa ký, giấy chứng tử mờ. Thời hạn tạm dừng" in page.words
        assert "thời hạn 5 ngày làm việc được tính lại từ đầu" in page.words
        assert "Nộp đủ ngay bây giờ thì hẹn trả 17:00 thứ Hai 23/11/2026" in page.words
        assert "cần bạn sửa Tờ khai thiếu chữ ký" in page.words
        assert "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (PDF)" in page.links()

    def test_only_the_marked_papers_are_open(self, asked: Dossier, owner: User) -> None:
        page = open_answer(enter(owner), asked)

        assert [heading.get_text() for heading in page.main.select("h2")] == [
            paper.name for paper in checklist_of(asked)[:2]
        ]
        assert page.main.find(attrs={"name": "paper_3"}) is None

    def test_a_paper_that_nobody_asked_for_is_not_taken(self, asked: Dossier, owner: User) -> None:
        page = open_answer(enter(owner), asked)

        page.press("Gửi bổ sung", paper_1=[pdf("một.pdf")], paper_2=[pdf("hai.pdf")], paper_3=[pdf("ba.pdf")])

        assert [len(paper.files) for paper in checklist_of(asked)] == [1, 1, 0]


class TestSending:
    def test_everything_in_one_go_starts_the_clock_again(self, world: World, asked: Dossier, owner: User) -> None:
        page = open_answer(enter(owner), asked)

        page = page.press("Gửi bổ sung", paper_1=[pdf("một.pdf"), pdf("hai.pdf")], paper_2=[pdf("ba.pdf")])

        asked.refresh_from_db()
        assert asked.state == DossierState.IN_PROGRESS
        assert "Đã gửi bổ sung. Hẹn trả kết quả: 17:00 thứ Hai 23/11/2026." in page.words
        assert [len(paper.files) for paper in checklist_of(asked)] == [2, 1, 0]
        assert papers.attachments_of(answer_owner(asked)) == []
        assert "hẹn trên giấy tiếp nhận" not in page.words

    def test_a_paper_left_out_is_named_and_the_others_are_kept(self, asked: Dossier, owner: User) -> None:
        page = open_answer(enter(owner), asked).press("Gửi bổ sung", paper_1=[pdf("một.pdf")])

        assert page.status == 422
        assert "Chưa có tệp cho “Bản sao giấy chứng tử" in page.error_beside("paper_2")
        assert "một.pdf" in page.links()
        page = page.press("Gửi bổ sung", paper_2=[pdf("hai.pdf")])
        assert "Đã gửi bổ sung" in page.words

    def test_a_bad_file_costs_nothing_of_what_is_good(self, asked: Dossier, owner: User) -> None:
        bad = SimpleUploadedFile("bom.pdf", specimens.bomb())

        page = open_answer(enter(owner), asked).press(
            "Gửi bổ sung", paper_1=[pdf("một.pdf")], paper_2=[bad, pdf("hai.pdf")]
        )

        assert page.status == 422
        assert "nén bên trong" in page.error_beside("paper_2")
        assert {"một.pdf", "hai.pdf"} <= set(page.links())
        asked.refresh_from_db()
        assert asked.state == DossierState.AWAITING_SUPPLEMENT

    def test_files_wait_until_another_day(self, asked: Dossier, owner: User) -> None:
        page = open_answer(enter(owner), asked).press("Giữ tệp, chưa gửi", paper_1=[pdf("một.pdf")])
        assert "Đã giữ các tệp, chưa gửi" in page.words

        later = open_answer(enter(owner), asked)
        assert enter(owner).get(later.link("một.pdf")).status_code == 200
        later = later.press("Gỡ một.pdf")

        assert "một.pdf" not in later.links()
        assert "Đã gỡ tệp “một.pdf”" in later.words

    def test_a_second_press_hands_in_nothing_twice(self, asked: Dossier, owner: User) -> None:
        page = open_answer(enter(owner), asked)
        address, data = page.form("Gửi bổ sung")
        files = {"paper_1": [pdf("một.pdf")], "paper_2": [pdf("hai.pdf")]}
        page.browser.send(address, {**data, **files})

        again = page.browser.send(address, {**data, "paper_1": [pdf("một.pdf")], "paper_2": [pdf("hai.pdf")]})

        assert "Việc này đã làm xong" in again.words
        assert [len(paper.files) for paper in checklist_of(asked)] == [1, 1, 0]
        assert Event.objects.filter(stream=asked.stream, name="SupplementAnswered").count() == 1

    def test_a_guest_with_the_secret_answers_too(self, asked: Dossier) -> None:
        guest = enter(None)
        guest.post(f"/track/{asked.public_id}/", {"secret": asked.secret})

        page = open_answer(guest, asked).press("Gửi bổ sung", paper_1=[pdf("một.pdf")], paper_2=[pdf("hai.pdf")])

        assert "Đã gửi bổ sung" in page.words
        event = Event.objects.filter(stream=asked.stream, name="SupplementAnswered").get()
        assert event.actor_id is None


class TestBeforeReceipt:
    def test_a_request_that_the_desk_wants_completed_is_sent_again(self, world: World, owner: User) -> None:
        send(fill(begin(enter(owner))))
        dossier = Dossier.objects.get(submitted_by=owner)
        dossiers.request_completion(
            target(dossier),
            items=[MarkedItem(2, ItemMark.WRONG, "Ảnh chụp thiếu trang sau")],
            reason="Thiếu trang sau của giấy chứng tử.",
            acting_user=world.officer(Role.RECEIVER),
            now=world.now,
        )

        page = enter(owner).open(f"/track/{dossier.public_id}/")
        assert "hoàn thiện hồ sơ trước khi tiếp nhận: Thiếu trang sau của giấy chứng tử." in page.words
        assert "Thời hạn giải quyết bắt đầu tính khi hồ sơ được tiếp nhận." in page.words
        page = page.follow("Hoàn thiện và gửi lại").press("Gửi lại hồ sơ", paper_2=[pdf("đủ trang.pdf")])

        dossier.refresh_from_db()
        assert dossier.state == DossierState.SUBMITTED
        assert "đủ trang.pdf" in page.links()
