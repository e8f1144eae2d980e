"""What happens to a draft while it lies open: another tab, a second press, a new version, the end of the procedure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lienthong.catalogue.models import ProcedureVersion, RequiredItem
from lienthong.dossiers.checklist import checklist_of
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState
from lienthong.infra.events import Event
from tests.factories.accounts import PASSWORD
from tests.portal.applicants import DECEASED, begin, citizen, draft_of, fill, pdf, send
from tests.screens import enter
from tests.world import FUNERAL_SUPPORT, World

pytestmark = pytest.mark.django_db


def in_force(world: World) -> ProcedureVersion:
    return ProcedureVersion.objects.valid_on(world.today).get(procedure__code=FUNERAL_SUPPORT, status="published")


def withdraw_procedure(world: World) -> None:
    ProcedureVersion.objects.filter(pk=in_force(world).pk).update(valid_until=world.today, ended_by="99/QĐ-UBND")


def publish_new_version(world: World, *names: str) -> ProcedureVersion:
    old = in_force(world)
    ProcedureVersion.objects.filter(pk=old.pk).update(valid_until=world.today)
    new = ProcedureVersion.objects.get(pk=old.pk)
    new.pk, new.number, new.valid_from, new.valid_until = None, old.number + 50, world.today, None  # type: ignore[assignment]
    new.save()
    for number, name in enumerate(names, start=1):
        RequiredItem.objects.create(version=new, number=number, name=name, kind="submit_original")
    return new


class TestSecondPress:
    def test_the_same_first_answer_begins_one_draft(self, world: World) -> None:
        user = citizen(world)
        address, data = enter(user).open(f"/file/{FUNERAL_SUPPORT}/").form("Tiếp tục")
        browser = enter(user)

        first, second = browser.send(address, data), browser.send(address, data)

        assert first.path == second.path
        assert Dossier.objects.filter(submitted_by=user).count() == 1

    def test_a_resent_declaration_sends_nothing_twice(self, world: World) -> None:
        user = citizen(world)
        check = fill(begin(enter(user))).follow("Kiểm tra và gửi")
        address, data = check.form("Gửi hồ sơ")
        data["agreed"] = ["on"]

        first, second = check.browser.send(address, data), check.browser.send(address, data)

        dossier = Dossier.objects.get(submitted_by=user)
        assert first.heading == "Đã gửi hồ sơ"
        assert "đã được gửi" in second.words
        assert second.path == f"/track/{dossier.public_id}/"
        assert Event.objects.filter(stream=dossier.stream).count() == 1

    def test_a_made_up_key_opens_nobody_elses_draft(self, world: World) -> None:
        other = citizen(world, "Trần Văn Khác", number="019190009999")
        begin(enter(other))
        stolen = draft_of(other).public_id
        address, data = enter(user := citizen(world)).open(f"/file/{FUNERAL_SUPPORT}/").form("Tiếp tục")

        page = enter(user).send(address, {**data, "client_key": [str(stolen)]})

        assert page.status == 422
        assert "Không tìm thấy bản nháp này" in page.words


class TestTwoTabs:
    def test_two_tabs_keep_both_parts(self, world: World) -> None:
        user = citizen(world)
        parts = begin(enter(user))
        details, result = parts.follow("Nội dung yêu cầu"), parts.follow("Cách nhận kết quả")

        result.press("Tiếp tục", return_way="online")
        details.press("Lưu và làm tiếp sau", answer_deceased_name="Hoàng Thị Ổn")

        draft = draft_of(user)
        assert draft.return_way == "online"
        assert draft.answers["deceased_name"] == "Hoàng Thị Ổn"

    def test_what_another_tab_changed_is_shown_before_it_is_declared(self, world: World) -> None:
        user = citizen(world)
        parts = fill(begin(enter(user)))
        check, other = parts.follow("Kiểm tra và gửi"), parts.follow("Nội dung yêu cầu")
        world.now += timedelta(minutes=1)
        other.press("Tiếp tục", answer_deceased_name="Tên Khác Hẳn")

        page = check.press("Gửi hồ sơ", agreed="on")

        assert "vừa được sửa ở một cửa sổ khác" in page.words
        assert "Tên Khác Hẳn" in page.words
        assert draft_of(user).state == DossierState.DRAFT
        assert page.press("Gửi hồ sơ", agreed="on").heading == "Đã gửi hồ sơ"

    def test_a_tab_left_open_learns_that_the_request_was_sent(self, world: World) -> None:
        user = citizen(world)
        parts = fill(begin(enter(user)))
        details, paper = parts.follow("Nội dung yêu cầu"), parts.browser.open(f"{parts.path}papers/1/")
        send(parts)

        for page in (details.press("Tiếp tục"), paper.press("Tải lên", papers=[pdf("muộn.pdf")])):
            assert "đã được gửi nên không sửa được nữa" in page.words
            assert page.path.startswith("/track/")
        dossier = Dossier.objects.get(submitted_by=user)
        assert [len(one.files) for one in checklist_of(dossier)] == [1, 1, 0]


class TestNewVersion:
    def test_the_draft_is_led_to_what_has_changed_and_keeps_what_it_can(self, world: World) -> None:
        user = citizen(world)
        parts = fill(begin(enter(user)))
        first, second, _third = (one.name for one in checklist_of(draft_of(user)))
        publish_new_version(world, "Giấy hoàn toàn mới", second)

        page = parts.browser.open(parts.path)

        assert page.heading.endswith("Quy định của thủ tục đã thay đổi")
        assert "Giấy tờ mới phải nộp Giấy hoàn toàn mới" in page.words
        assert f"Giấy tờ không còn phải nộp {first}" in page.words
        assert f"kể cả tệp đã tải lên {second}" in page.words
        papers = page.press("Chuyển sang quy định mới")
        assert papers.lead == "Còn thiếu 1 giấy tờ bắt buộc"
        papers.follow("Giấy hoàn toàn mới").press("Tiếp tục", papers=[pdf("mới.pdf")])
        assert draft_of(user).answers["deceased_name"] == "Hoàng Thị Ổn"
        assert send(papers.browser.open(parts.path)).heading == "Đã gửi hồ sơ"

    def test_what_is_typed_meanwhile_is_kept_before_anybody_is_led_elsewhere(self, world: World) -> None:
        user = citizen(world)
        details = begin(enter(user)).follow("Nội dung yêu cầu")
        publish_new_version(world, "Giấy hoàn toàn mới")

        page = details.press("Lưu và làm tiếp sau", answer_deceased_name="Hoàng Thị Ổn")

        assert page.heading == "Hồ sơ của tôi"
        assert draft_of(user).answers["deceased_name"] == "Hoàng Thị Ổn"

    def test_nothing_is_sent_under_the_old_version(self, world: World) -> None:
        user = citizen(world)
        check = fill(begin(enter(user))).follow("Kiểm tra và gửi")
        publish_new_version(world, "Giấy hoàn toàn mới")

        page = check.press("Gửi hồ sơ", agreed="on")

        assert page.heading.endswith("Quy định của thủ tục đã thay đổi")
        assert draft_of(user).state == DossierState.DRAFT


class TestEndOfTheProcedure:
    def test_every_page_says_so_and_nothing_is_lost(self, world: World) -> None:
        user = citizen(world)
        parts = fill(begin(enter(user)))
        withdraw_procedure(world)

        page = parts.browser.open(parts.path)

        assert page.heading.endswith("Thủ tục này không còn nộp được ở đây")
        assert "hết hiệu lực từ 16/11/2026 theo 99/QĐ-UBND" in page.words
        assert "Không có gì bị mất" in page.words
        kept = page.follow("Xem nội dung đã soạn")
        assert "Hoàng Thị Ổn" in kept.words
        assert kept.buttons() == []
        file = next(link for link in kept.links() if link.endswith(".pdf"))
        assert kept.browser.get(kept.link(file)).status_code == 200

    def test_a_declaration_sent_at_that_moment_is_refused_in_words(self, world: World) -> None:
        user = citizen(world)
        check = fill(begin(enter(user))).follow("Kiểm tra và gửi")
        withdraw_procedure(world)

        page = check.press("Gửi hồ sơ", agreed="on")

        assert page.status == 409
        assert "hết hiệu lực" in page.words
        assert draft_of(user).state == DossierState.DRAFT

    def test_a_new_request_is_not_begun(self, world: World) -> None:
        withdraw_procedure(world)

        page = enter(citizen(world)).open(f"/file/{FUNERAL_SUPPORT}/")

        assert page.status == 404
        assert "hết hiệu lực" in page.words

    def test_an_office_that_no_longer_receives_is_chosen_anew(self, world: World) -> None:
        from lienthong.units.models import Agency

        user = citizen(world)
        parts = fill(begin(enter(user)))
        Agency.objects.filter(pk=draft_of(user).receiving_agency_id).update(valid_until=world.today)

        check = parts.browser.open(f"{parts.path}check/")

        assert "Chưa chọn nơi nộp hồ sơ" in check.words
        assert "Gửi hồ sơ" not in check.buttons()


class TestWhoseDraft:
    PAGES = ("", "where/", "who/", "applicant/", "details/", "papers/", "papers/1/", "result/", "check/", "sent/", "renew/", "delete/", "files/x/")  # fmt: skip

    def test_nobody_else_opens_or_changes_a_draft_by_any_of_its_addresses(self, world: World) -> None:
        owner, stranger = citizen(world), citizen(world, "Trần Văn Khác", number="019190009999")
        parts = fill(begin(enter(owner)))
        before = Dossier.objects.filter(submitted_by=owner).values().get()

        browser = enter(stranger)
        for page in self.PAGES:
            assert browser.get(f"{parts.path}{page}").status_code == 404, page
            assert browser.post(f"{parts.path}{page}", {"client_key": str(uuid4())}).status_code in {404, 405}, page

        assert Dossier.objects.filter(submitted_by=owner).values().get() == before

    def test_a_guest_signs_in_first(self, world: World) -> None:
        parts = begin(enter(citizen(world)))

        for page in self.PAGES:
            assert enter(None).get(f"{parts.path}{page}").status_code == 302

    def test_a_file_link_serves_nobody_else_and_dies_after_a_while(self, world: World) -> None:
        owner = citizen(world)
        stranger: Any = citizen(world, "Trần Văn Khác", number="019190009999")
        page = begin(enter(owner)).browser.open(f"/drafts/{draft_of(owner).public_id}/papers/1/")
        link = page.press("Tải lên", papers=[pdf("giay.pdf")]).link("giay.pdf")

        assert enter(owner).get(link).status_code == 200
        assert enter(stranger).get(link).status_code == 404
        world.now += timedelta(minutes=16)
        late = enter(owner).open(link)
        assert late.status == 410
        assert "đã hết hạn" in late.words
        assert late.follow("Về trang hồ sơ").heading.endswith("Giấy tờ gửi kèm")

    def test_a_link_with_a_letter_changed_opens_nothing(self, world: World) -> None:
        owner = citizen(world)
        page = begin(enter(owner)).browser.open(f"/drafts/{draft_of(owner).public_id}/papers/1/")
        link = page.press("Tải lên", papers=[pdf("giay.pdf")]).link("giay.pdf")

        assert enter(owner).get(link[:-3] + "x/").status_code == 404


def test_the_pages_of_a_draft_ask_a_number_of_questions_that_does_not_grow(
    world: World, django_assert_max_num_queries: Any
) -> None:
    user = citizen(world)
    parts = fill(begin(enter(user)))
    few: dict[str, int] = {}
    for page in ("", "papers/", "check/"):
        with django_assert_max_num_queries(40) as captured:
            parts.browser.open(parts.path + page)
        few[page] = len(captured)
    for number in (1, 2):
        parts.browser.open(f"{parts.path}papers/{number}/").press("Tải lên", papers=[pdf(f"{n}.pdf") for n in range(9)])
    for page, before in few.items():
        with django_assert_max_num_queries(before) as captured:
            parts.browser.open(parts.path + page)


class TestEndOfTheSession:
    def test_what_was_typed_is_kept_through_signing_in_again(self, world: World) -> None:
        user = citizen(world)
        user.set_password(PASSWORD)
        user.save()
        details = begin(enter(user)).follow("Nội dung yêu cầu")
        details.browser.session.flush()

        asked = details.press("Tiếp tục", **DECEASED)
        assert asked.heading == "Đăng nhập"
        kept = asked.press("Đăng nhập", username=user.username, password=PASSWORD)
        assert kept.heading == "Biểu mẫu của bạn được giữ lại"
        kept.press("Gửi lại biểu mẫu")

        assert draft_of(user).answers["deceased_name"] == "Hoàng Thị Ổn"
