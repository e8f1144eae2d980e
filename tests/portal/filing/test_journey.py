"""Filing from the first question to the desk, as a citizen, as a firm, and for somebody else."""

from __future__ import annotations

import pytest

from lienthong.accounts.states import Role
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import ReceiveSubmitted
from lienthong.dossiers.states import DossierState
from lienthong.infra.events import Event
from lienthong.units import queries as units
from tests.portal.applicants import DECEASED, HOME, begin, citizen, draft_of, fill, firm, hand_in_papers, send
from tests.screens import Browser, enter
from tests.world import COMMUNE, FUNERAL_SUPPORT, PROVINCE_DESK, World, target

pytestmark = pytest.mark.django_db

# Gia hạn giấy phép hoạt động dịch vụ việc làm: only firms ask for it, at the desk of the province.
FOR_FIRMS = "1.001823"


class TestCitizen:
    def test_files_for_themselves_from_the_first_question_to_the_receipt(self, world: World) -> None:
        user = citizen(world)
        browser = enter(user)

        where = browser.open(f"/file/{FUNERAL_SUPPORT}/")
        assert where.heading == "Bạn muốn nộp hồ sơ ở đâu?"
        assert "Ủy ban nhân dân phường Phan Đình Phùng Nơi bạn đang cư trú" in where.words
        parts = where.press("Tiếp tục")
        assert parts.lead == "Đã xong 3 trong 5 phần"
        done = fill(parts)
        assert done.lead == "Đã xong 5 trong 5 phần"
        sent = send(done)

        dossier = Dossier.objects.get(submitted_by=user)
        assert sent.heading == "Đã gửi hồ sơ"
        assert dossier.secret in sent.words
        assert f"/track/{dossier.public_id}/" in sent.words
        assert "Bạn được trả lời trước 09:30 thứ Ba 17/11/2026" in sent.words
        assert dossier.state == DossierState.SUBMITTED
        assert dossier.channel == "online"
        assert dossier.person == user.person
        assert dossier.applicant_number == "019190001234"
        assert dossier.unit == world.agency(COMMUNE).unit
        received = dossiers.receive_submitted(
            ReceiveSubmitted(target=target(dossier)), acting_user=world.officer(Role.RECEIVER), now=world.now
        )
        assert received.code == f"{COMMUNE}-261116-0001"
        assert received.code in browser.open("/my/").words

    def test_declares_once_what_the_registers_know(self, world: World) -> None:
        parts = begin(enter(citizen(world)))

        contact = parts.follow("Chủ hồ sơ và cách liên hệ").press("Tiếp tục")

        assert contact.heading == "Cơ quan liên hệ với bạn bằng cách nào?"
        assert "Nguyễn Thị Ngọc Ỷ 0191 9000 1234 Lấy từ tài khoản của bạn" in contact.words.replace("\xa0", " ")
        assert contact.main.find(attrs={"name": "name"}) is None
        assert contact.main.find(attrs={"name": "phone"})["value"] == "0912345678"  # type: ignore[index]
        assert HOME in contact.main.find(attrs={"name": "address"})["value"]  # type: ignore[index]

    def test_files_for_somebody_else_under_their_own_name(self, world: World) -> None:
        user = citizen(world)
        parts = begin(enter(user))

        who = parts.follow("Chủ hồ sơ và cách liên hệ").press("Tiếp tục", whom="person")
        assert who.heading == "Chủ hồ sơ là ai?"
        back = who.press("Tiếp tục", name="Hoàng Văn Ẩn", number="019050001111", address="Tổ 3")

        draft = draft_of(user)
        assert back.heading.endswith("Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội")
        assert (draft.applicant_name, draft.applicant_number) == ("Hoàng Văn Ẩn", "019050001111")
        assert draft.representative_name == user.full_name
        assert draft.person is None
        again = back.follow("Chủ hồ sơ và cách liên hệ").press("Tiếp tục", whom="self")
        assert again.heading == "Cơ quan liên hệ với bạn bằng cách nào?"
        assert draft_of(user).person == user.person
        assert draft_of(user).representative_name == ""

    def test_hands_in_at_another_commune(self, world: World) -> None:
        user = citizen(world)
        other = units.agency_on("H55.05710", world.today)

        begin(enter(user), place="elsewhere", commune=str(other.pk))

        assert draft_of(user).receiving_agency == other
        assert draft_of(user).unit == other.unit

    def test_leaves_at_any_question_and_goes_on_another_day(self, world: World) -> None:
        user = citizen(world)
        details = begin(enter(user)).follow("Nội dung yêu cầu")

        mine = details.press("Lưu và làm tiếp sau", answer_deceased_name="Hoàng Thị Ổn")

        assert mine.heading == "Hồ sơ của tôi"
        assert "Đã lưu" in mine.words
        # a closed browser and another day
        later = enter(user).open("/my/").follow("Hỗ trợ chi phí mai táng").follow("Nội dung yêu cầu")
        assert later.main.find(attrs={"name": "answer_deceased_name"})["value"] == "Hoàng Thị Ổn"  # type: ignore[index]

    def test_is_sent_on_to_the_procedure_in_which_this_is_asked_for(self, world: World) -> None:
        details = begin(enter(citizen(world)), code="1.014028").follow("Nội dung yêu cầu")
        assert "Mở thủ tục" not in details.words

        page = details.press("Tiếp tục", **{**DECEASED, "answer_circumstance": "institution"})

        assert "được đề nghị theo thủ tục 1.001731" in page.words
        assert page.follow("Mở thủ tục 1.001731").path == f"/procedures/{FUNERAL_SUPPORT}/"

    def test_is_led_back_to_the_check_after_a_change(self, world: World) -> None:
        parts = fill(begin(enter(citizen(world))))

        check = parts.follow("Kiểm tra và gửi").follow("Thay đổi Ngày chết").press("Tiếp tục", answer_died_on_day="3")

        assert check.heading.endswith("Kiểm tra trước khi gửi")
        assert "Ngày chết 03/11/2026" in check.words

    def test_sees_which_drafts_of_the_procedure_there_are_before_a_new_one(self, world: World) -> None:
        browser = enter(citizen(world))
        begin(browser)

        start = browser.open(f"/file/{FUNERAL_SUPPORT}/")

        assert "Bạn đang soạn dở hồ sơ của thủ tục này" in start.words
        assert start.follow("Làm tiếp hồ sơ").lead == "Đã xong 3 trong 5 phần"

    def test_throws_a_draft_away_after_being_asked(self, world: World) -> None:
        user = citizen(world)
        asked = begin(enter(user)).follow("Xóa hồ sơ đang soạn")
        assert asked.heading.endswith("Xóa hồ sơ đang soạn này?")

        mine = asked.press("Xóa hồ sơ đang soạn")

        assert "Đã xóa hồ sơ đang soạn" in mine.words
        assert not Dossier.objects.filter(submitted_by=user).exists()


class TestFirm:
    def test_files_for_itself_at_the_desk_of_the_province(self, world: World) -> None:
        user = firm(world)
        parts = begin(enter(user), FOR_FIRMS)
        contact = parts.follow("Chủ hồ sơ và cách liên hệ")
        if contact.heading == "Bạn nộp hồ sơ này cho ai?":
            contact = contact.press("Tiếp tục")
        assert "Công ty TNHH Chè Tân Cương" in contact.words
        contact.press("Tiếp tục", phone="0208 385 5555")

        sent = send(hand_in_papers(parts.browser.open(parts.path)))

        dossier = Dossier.objects.get(submitted_by=user)
        assert sent.heading == "Đã gửi hồ sơ"
        assert dossier.organization == user.organization
        assert dossier.applicant_number == "0100233488"
        assert dossier.receiving_agency == world.agency(PROVINCE_DESK)
        assert Event.objects.filter(stream=dossier.stream, actor_id=user.pk).count() == 1

    def test_a_citizen_files_what_only_firms_ask_for_in_the_name_of_a_firm(self, world: World) -> None:
        user = citizen(world)
        parts = begin(enter(user), FOR_FIRMS)

        who = parts.follow("Chủ hồ sơ và cách liên hệ")
        assert who.heading == "Chủ hồ sơ là ai?"
        who.press("Tiếp tục", name="Công ty TNHH Chè La Bằng", number="0100233488", address="Xã La Bằng")

        draft = draft_of(user)
        assert draft.applicant_name == "Công ty TNHH Chè La Bằng"
        assert draft.representative_name == user.full_name
        assert draft.organization is None


class TestAtTheDoor:
    def test_a_guest_signs_in_and_comes_back(self, world: World) -> None:
        asked = Browser().get(f"/file/{FUNERAL_SUPPORT}/")

        assert asked.status_code == 302
        assert asked["Location"] == f"/sign-in/?next=/file/{FUNERAL_SUPPORT}/"

    def test_an_officer_is_told_where_requests_are_received(self, world: World) -> None:
        page = enter(world.officer(Role.RECEIVER)).open(f"/file/{FUNERAL_SUPPORT}/")

        assert page.status == 403
        assert "tài khoản cán bộ" in page.words

    @pytest.mark.parametrize("code", ["9.999999", "x" * 300, "🫖", "1.001731 OR 1=1"])
    def test_a_procedure_that_does_not_exist_is_said_not_to(self, world: World, code: str) -> None:
        page = enter(citizen(world)).open(f"/file/{code}/")

        assert page.status == 404
        assert "Không có thủ tục mã" in page.words

    def test_a_procedure_of_an_agency_outside_the_province_is_not_filed_here(self, world: World) -> None:
        from lienthong.catalogue.models import ProcedureVersion

        outside = ProcedureVersion.objects.valid_on(world.today).exclude(handled_by="").filter(status="published")
        code = outside.order_by("pk").values_list("procedure__code", flat=True)[0]

        page = enter(citizen(world)).open(f"/file/{code}/")

        assert "không nộp ở cổng này" in page.words
        assert "Tiếp tục" not in page.buttons()
