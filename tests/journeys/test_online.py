"""The same procedure from home: filed, asked, answered, refused at the door, rated, all through the screens."""

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.dossiers.models import Dossier, Rating
from lienthong.dossiers.states import DossierState
from tests.journeys.test_at_the_desk import officer, take_and_pass_on, the_dossier
from tests.portal.applicants import begin, citizen, fill, firm, pdf, send
from tests.screens import Page, enter
from tests.world import COMMUNE, HOME_AFFAIRS, PROVINCE_DESK, WORK_PERMIT, World, at


@pytest.fixture
def owner(world: World) -> User:
    return citizen(world)


def file(owner: User) -> Dossier:
    send(fill(begin(enter(owner))))
    return Dossier.objects.get(submitted_by=owner)


def at_home(owner: User, dossier: Dossier) -> Page:
    """The applicant signs in at home and opens the dossier."""
    return enter(owner).open("/my/").follow(dossier.version.name)


def test_a_citizen_files_follows_and_rates(world: World, owner: User) -> None:
    dossier = file(owner)

    world.now = at("2026-11-16 14:00")
    page = officer(world, Role.RECEIVER).open("/office/desk/").follow("Mới gửi trực tuyến").follow("chưa cấp số")
    page.press("Tiếp nhận hồ sơ")
    assert f"{COMMUNE}-261116-0001" in at_home(owner, dossier).words
    world.now = at("2026-11-17 09:00")
    take_and_pass_on(world, Role.PROCESSOR, COMMUNE, proposal="Đề nghị hỗ trợ")
    world.now = at("2026-11-18 09:00")
    page = officer(world, Role.LEADER).open("/office/approval/").follow(str(the_dossier().code)).follow("Phê duyệt")
    page.press("Phê duyệt", document_number="9/QĐ-UBND", result=[pdf("Quyết định 9.pdf")])

    told = at_home(owner, dossier)
    assert "Quyết định 9.pdf" in told.words
    told.follow("Đánh giá").press("Gửi đánh giá", level="4", trips="0")
    assert Rating.objects.get().trips == 0
    world.now = at("2026-11-18 16:00")
    page = officer(world, Role.RECEIVER).open("/office/desk/?list=to_return").follow(str(the_dossier().code))
    page.follow("Trả kết quả").press("Trả kết quả", way="online")
    assert the_dossier().state == DossierState.RETURNED


def test_a_request_is_completed_before_it_is_received(world: World, owner: User) -> None:
    dossier = file(owner)
    world.now = at("2026-11-16 14:00")
    page = officer(world, Role.RECEIVER).open(f"/office/dossiers/{dossier.public_id}/").follow("Đề nghị hoàn thiện")
    page.press("Đề nghị hoàn thiện", mark_2="wrong", remark_2="Ảnh mờ", reason="Không đọc được giấy chứng tử")

    told = at_home(owner, dossier)
    assert "Không đọc được giấy chứng tử" in told.words
    answer = told.follow("Hoàn thiện")
    fields = [name for name in (one.get("name", "") for one in answer.main.find_all("input", type="file")) if name]
    assert len(fields) == 1, "only the marked paper is open"
    answer.press("Gửi lại hồ sơ", **{fields[0]: [pdf("Chứng tử rõ.pdf")]})

    world.now = at("2026-11-17 08:00")
    page = officer(world, Role.RECEIVER).open("/office/desk/?list=online").follow("chưa cấp số")
    assert "Chứng tử rõ.pdf" in page.words
    page.press("Tiếp nhận hồ sơ")
    assert the_dossier().promised_due_at == at("2026-11-25 17:00"), "the clock starts at receipt, not when it was sent"


def test_a_request_is_refused_at_the_door_with_a_reason(world: World, owner: User) -> None:
    dossier = file(owner)
    page = officer(world, Role.RECEIVER).open(f"/office/dossiers/{dossier.public_id}/").follow("Từ chối tiếp nhận")
    page.press("Từ chối tiếp nhận", reason="Người mất cư trú ở xã khác; nộp tại xã đó")

    assert "Người mất cư trú ở xã khác" in at_home(owner, dossier).words
    assert the_dossier().code is None, "what was not received takes no number"


def test_a_citizen_answers_a_supplement_and_the_clock_goes_on(world: World, owner: User) -> None:
    dossier = file(owner)
    officer(world, Role.RECEIVER).open(f"/office/dossiers/{dossier.public_id}/").press("Tiếp nhận hồ sơ")
    world.now = at("2026-11-17 10:00")
    page = officer(world, Role.PROCESSOR).open(f"/office/dossiers/{dossier.public_id}/").follow("Yêu cầu bổ sung")
    page.press("Yêu cầu bổ sung", mark_1="wrong", remark_1="Chưa ký", reason="Tờ khai chưa ký")

    world.now = at("2026-11-18 20:00")
    answer = at_home(owner, dossier).follow("Nộp bổ sung")
    field = answer.main.find("input", type="file")["name"]  # type: ignore[index]
    answer.press("Gửi bổ sung", **{str(field): [pdf("Tờ khai đã ký.pdf")]})

    world.now = at("2026-11-19 08:00")
    page = officer(world, Role.PROCESSOR).open("/office/").follow(str(the_dossier().code))
    assert "Tờ khai đã ký.pdf" in page.words
    assert the_dossier().current_due_at == at("2026-11-26 17:00")


def test_a_citizen_takes_a_request_back(world: World, owner: User) -> None:
    dossier = file(owner)

    at_home(owner, dossier).follow("Rút hồ sơ").press("Rút hồ sơ", agreed="on", reason="Đã nhận chế độ khác")

    assert the_dossier().state == DossierState.WITHDRAWN
    page = officer(world, Role.RECEIVER).open(f"/office/dossiers/{dossier.public_id}/")
    assert "Tiếp nhận hồ sơ" not in page.buttons()


def test_a_firm_files_for_a_work_permit_and_the_department_decides(world: World) -> None:
    applicant = firm(world)
    parts = begin(enter(applicant), WORK_PERMIT)
    from tests.portal.applicants import hand_in_papers

    send(hand_in_papers(parts))
    dossier = Dossier.objects.get(submitted_by=applicant)
    assert dossier.organization == applicant.organization

    officer(world, Role.RECEIVER, PROVINCE_DESK).open("/office/desk/?list=online").follow("chưa cấp số").press(
        "Tiếp nhận hồ sơ"
    )
    take_and_pass_on(world, Role.PROCESSOR, HOME_AFFAIRS, proposal="Đủ điều kiện")
    take_and_pass_on(world, Role.DIVISION_HEAD, HOME_AFFAIRS, proposal="Trình ký")
    page = officer(world, Role.LEADER, HOME_AFFAIRS).open("/office/approval/").follow(str(the_dossier().code))
    page.follow("Phê duyệt").press("Phê duyệt", document_number="46/GP-SNV")

    assert the_dossier().state == DossierState.DECIDED
    assert "46/GP-SNV" in at_home(applicant, dossier).words or "kết quả" in at_home(applicant, dossier).words
