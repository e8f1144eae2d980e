"""The office in a real browser: the main job from the counter to the result, by mouse, by keyboard, without scripts."""

from collections.abc import Callable
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState
from lienthong.units.models import WorkCalendarVersion
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor
from tests.browser.morning import morning
from tests.portal.applicants import DECEASED, PAPERS
from tests.stories import approve, ask, extend, file_online
from tests.world import FUNERAL_SUPPORT, HOME_AFFAIRS, PROVINCE_DESK, World, at

pytestmark = pytest.mark.browser

Comers = Callable[..., Visitor]


def receive(clerk: Visitor, name: str = "Hà Thị Chiều") -> Dossier:
    clerk.page.locator("main form[method=post] [name=number]").fill("019085001234")
    clerk.press("Tiếp nhận hồ sơ", name=name, **PAPERS, **DECEASED)
    return Dossier.objects.get(applicant_name=name)


def test_the_main_job_from_the_counter_to_the_result(world: World, come_by: Comers) -> None:
    clerk_account = world.officer(Role.RECEIVER)
    clerk_account.set_password(PASSWORD)
    clerk_account.save()

    clerk = come_by().open("/sign-in/").press("Đăng nhập", username=clerk_account.username, password=PASSWORD)
    assert clerk.heading == "Quầy một cửa"
    clerk.is_sound().follow("Tiếp nhận hồ sơ mới").press("Tìm thủ tục", q="mai táng").is_sound()
    clerk.follow("Hỗ trợ chi phí mai táng").press("Tiếp nhận hồ sơ").is_sound()
    assert "chỗ cần xem lại" in clerk.words
    dossier = receive(clerk)
    assert f"Đã tiếp nhận hồ sơ {dossier.code}" in clerk.is_sound().words

    officer = come_by(world.officer(Role.PROCESSOR)).open("/office/").is_sound()
    officer.follow(str(dossier.code)).press("Nhận xử lý").is_sound().follow("Chuyển bước tiếp theo")
    officer.is_sound().press("Chuyển bước tiếp theo", proposal="Đề nghị hỗ trợ").is_sound()

    leader = come_by(world.officer(Role.LEADER)).open("/office/approval/").is_sound()
    leader.follow(str(dossier.code)).is_sound().follow("Phê duyệt").is_sound()
    leader.press("Phê duyệt", document_number="1234/QĐ-UBND").is_sound()

    clerk.open("/office/desk/?list=to_return").follow(str(dossier.code)).follow("Trả kết quả").is_sound()
    clerk.press("Trả kết quả").is_sound()
    assert Dossier.objects.get().state == DossierState.RETURNED


def test_the_main_job_without_scripts(world: World, come_by: Comers) -> None:
    clerk = come_by(world.officer(Role.RECEIVER), scripts=False).open(f"/office/receive/{FUNERAL_SUPPORT}/")
    dossier = receive(clerk)

    officer = come_by(world.officer(Role.PROCESSOR), scripts=False).open("/office/?list=queue")
    officer.page.locator("[name=dossier]").first.check()
    officer.press("Nhận xử lý các hồ sơ đã chọn")
    assert "Đã nhận xử lý 1 hồ sơ." in officer.words
    officer.open(f"/office/dossiers/{dossier.public_id}/").follow("Chuyển bước tiếp theo").press(
        "Chuyển bước tiếp theo"
    )

    leader = come_by(world.officer(Role.LEADER), width=PHONE, scripts=False).open("/office/")
    leader.page.get_by_role("button", name="Danh mục").click()
    leader.follow("Chờ phê duyệt").follow(str(dossier.code)).follow("Phê duyệt").press("Phê duyệt")
    assert Dossier.objects.get().state == DossierState.DECIDED


def test_a_queue_is_worked_by_keyboard_alone(world: World, come_by: Comers) -> None:
    made = [world.receive() for _ in range(3)]
    officer = come_by(world.officer(Role.PROCESSOR)).open("/office/?list=queue")
    page = officer.page

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Đến nội dung chính"
    page.keyboard.press("Enter")
    for key in ("j", "x", "j", "j", "k", "x"):
        page.keyboard.press(key)
    assert page.inner_text("[data-count]") == "2"
    # From the list back to the button above it, and pressed.
    page.get_by_role("button", name="Nhận xử lý các hồ sơ đã chọn").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Đã nhận xử lý 2 hồ sơ.").wait_for()
    assert [Dossier.objects.get(pk=one.pk).holder_id is not None for one in made] == [True, True, False]

    officer.open("/office/?list=in_hand")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/dossiers/*/")
    page.get_by_role("link", name="Chuyển bước tiếp theo").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/do/pass_on/")
    page.locator("[name=proposal]").focus()
    page.keyboard.type("Đề nghị hỗ trợ")
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Chuyển bước tiếp theo"
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/dossiers/*/")
    assert "Đã làm xong" in officer.words


def test_what_is_typed_is_kept_when_the_page_is_left(world: World, come_by: Comers) -> None:
    dossier = world.receive()
    officer = come_by(world.officer(Role.PROCESSOR)).open(f"/office/dossiers/{dossier.public_id}/do/pass_on/")
    officer.fill("proposal", "Đã gọi điện xác minh")

    officer.open("/office/").open(f"/office/dossiers/{dossier.public_id}/do/pass_on/")

    assert officer.page.input_value("[name=proposal]") == "Đã gọi điện xác minh"
    assert "Đã lấy lại những gì bạn gõ dở" in officer.words


def test_a_double_click_receives_once(world: World, come_by: Comers) -> None:
    clerk = come_by(world.officer(Role.RECEIVER)).open(f"/office/receive/{FUNERAL_SUPPORT}/")
    for name, value in {"name": "Hà Thị Chiều", **PAPERS, **DECEASED}.items():
        clerk.fill(name, value)

    clerk.page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).dblclick()
    clerk.page.wait_for_url("**/office/dossiers/*/")

    assert Dossier.objects.count() == 1


def pages_of_the_office(world: World, rich: Dossier) -> list[tuple[Any, list[str]]]:
    """Everybody's pages, the empty ones, the refusing ones and the longest names among them."""
    long = world.receive(
        name=("Nguyễn Thị Phương Thảo Nguyên Hoàng Ỷ Ỵ Ặng " * 6)[:255].strip(), summary="Đề nghị giải quyết sớm. " * 12
    )
    asked, online = ask(world, world.receive()), file_online(world, "Lý Thị Ổn")
    waiting = world.to_decision(world.receive(), now=world.now)
    extended = extend(world, world.to_decision(world.receive(), now=world.now), at("2026-12-11").date())
    decided = approve(world, world.receive())
    calendar, version = "/office/calendar/", WorkCalendarVersion.objects.values_list("pk", flat=True).latest("pk")

    def of(dossier: Dossier, action: str = "") -> str:
        return f"/office/dossiers/{dossier.public_id}/{f'do/{action}/' if action else ''}"

    return [
        (world.officer(Role.PROCESSOR), [
            "/office/", "/office/?list=queue", "/office/?list=in_hand&field=none", "/office/search/?q=nguyen", "/office/search/?q=zzz",
            of(rich), of(long), of(asked), of(rich, "request_supplement"), of(rich, "pass_on"), "/office/nowhere/",
        ]),
        (world.officer(Role.RECEIVER), [
            "/office/desk/", "/office/receive/", "/office/receive/?q=zzzzqqq", f"/office/receive/{FUNERAL_SUPPORT}/",
            f"/office/receive/{FUNERAL_SUPPORT}/?number=019085001234", of(online), of(online, "request_completion"),
            of(asked, "answer_supplement"), of(decided), of(decided, "return_result"), "/office/receive/1.009811/",
        ]),
        (world.officer(Role.LEADER), [
            "/office/approval/", of(waiting), of(waiting, "approve"), of(waiting, "refuse"), of(waiting, "assign"), of(extended),
            of(waiting, "extend"), "/office/dossiers/", "/office/dossiers/?state=stopped", "/office/figures/",
            "/office/figures/?by=procedure", "/office/figures/?period=2024",
        ]),
        (world.officer(Role.CATALOGUE_EDITOR, PROVINCE_DESK), [calendar, f"{calendar}?year=2027", f"{calendar}change/", f"{calendar}{version}/touched/"]),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_is_accessible_and_fits(world: World, come_by: Comers, width: int) -> None:
    for user, addresses in pages_of_the_office(world, morning(world)):
        visitor = come_by(user, width=width)
        for address in addresses:
            visitor.open(address).is_sound()


def test_the_pictures_of_the_readme_are_of_today(world: World, come_by: Comers) -> None:
    """Drawn anew with LIENTHONG_SCREENSHOTS=1."""
    rich = morning(world)

    come_by(world.officer(Role.PROCESSOR)).open("/office/?list=queue").is_sound().picture("my-work")
    come_by(world.officer(Role.PROCESSOR)).open(f"/office/dossiers/{rich.public_id}/").is_sound().picture("dossier")
    clerk = come_by(world.officer(Role.RECEIVER)).open(f"/office/receive/{FUNERAL_SUPPORT}/")
    clerk.press("Tiếp nhận hồ sơ", name="Hoàng Thị Bích Ỷ", phone="0912345678", item_1_given="on", **DECEASED)
    clerk.is_sound().picture("receive")
    come_by(world.officer(Role.LEADER)).open("/office/figures/").is_sound().picture("figures")


def test_a_department_without_work_says_so(world: World, come_by: Comers) -> None:
    visitor = come_by(world.officer(Role.PROCESSOR, HOME_AFFAIRS), width=PHONE).open("/office/").is_sound()

    assert "Không có hồ sơ nào trong mục này." in visitor.words
