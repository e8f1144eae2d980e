"""The work list of verification in a real browser: a thousand decisions a day by the keyboard, and without scripts."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import expect

from lienthong.verification.linkage.vocabulary import FieldVerdict, Status
from lienthong.verification.models import Case, RegisterEntry, Verdict
from lienthong.verification.states import CaseState
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.verification.cases import EQUAL, Caseload, theirs
from tests.world import World

pytestmark = pytest.mark.browser

Comers = Callable[..., Visitor]
LIST = "/office/verification/cases/"


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def some_of_each(caseload: Caseload) -> list[Case]:
    """A morning's list: short and long names, every kind that looks different."""
    return [
        caseload.case(),
        caseload.number_case(full_name="Hoàng Thị Ngọc Khánh Huyền Trang", village="Tổ dân phố Phan Đình Phùng 12", days_ago=9),
        caseload.case(
            Status.BIRTH_DIFFERS, differs="birth", found=theirs(birth_date="19610507"), full_name="Lý A Sính", days_ago=45
        ),
        caseload.case(Status.DEAD, differs="", found=theirs(life_status="chet"), full_name="Nông Văn Ổn", days_ago=33),
        caseload.case(Status.NOT_FOUND, linked=False, full_name="Dương Thị Ỷ", number="", birth_date="1958"),
        caseload.case(
            Status.NUMBER_OF_ANOTHER, differs="number", found=theirs(number="019160004321"), full_name="Bế Thị Ẳng"
        ),
    ]  # fmt: skip


def test_decides_by_the_keyboard_alone(world: World, come_by: Comers) -> None:
    caseload = Caseload(world)
    name, number, birth, dead, *_rest = some_of_each(caseload)
    officer = come_by(caseload.officer).open(LIST)
    page = officer.page

    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Ma Thị Hương"
    page.keyboard.press("a")
    # The focus stands on the row that followed, so that the next press decides the next.
    expect(page.locator(f"#case-{number.pk}")).to_be_focused()
    assert state_of(name) == CaseState.DECIDED
    page.keyboard.press("a")
    expect(page.locator(f"#case-{birth.pk}")).to_be_focused()
    assert state_of(number) == CaseState.PROPOSED
    page.keyboard.press("v")
    expect(page.locator(f"#case-{dead.pk}")).to_be_focused()
    assert state_of(birth) == CaseState.VISIT
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.locator("[data-count]").inner_text() == "1"
    page.keyboard.press("?")
    assert page.locator("dialog[open]").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/\d+/"))
    page.wait_for_load_state()
    page.keyboard.press("d")
    page.wait_for_url("**/do/close/*")
    officer.is_sound()


def test_walks_and_decides_on_the_pages_themselves(world: World, come_by: Comers) -> None:
    caseload = Caseload(world)
    first, second, third = (caseload.case(full_name=name) for name in ("Ma Thị Một", "Ma Thị Hai", "Ma Thị Ba"))
    officer = come_by(caseload.officer).open(f"{LIST}{first.pk}/")
    page = officer.page

    page.keyboard.press("j")
    page.wait_for_url(f"**/cases/{second.pk}/**")
    page.keyboard.press("a")
    page.wait_for_url(f"**/cases/{third.pk}/**")
    assert state_of(second) == CaseState.DECIDED
    page.keyboard.press("b")
    page.wait_for_url(f"**/cases/{second.pk}/**")
    page.keyboard.press("u")
    page.wait_for_load_state("networkidle")
    assert state_of(second) == CaseState.OPEN
    page.keyboard.press("c")
    page.wait_for_url("**/do/correct/**")
    # Letters typed into a field are letters.
    page.locator("[name=full_name]").press_sequentially("a")
    assert page.locator("[name=full_name]").input_value() == "aMa Thị Hai"


def test_works_without_scripts(world: World, come_by: Comers) -> None:
    caseload = Caseload(world)
    case = caseload.case()
    officer = come_by(caseload.officer, scripts=False).open(LIST)

    officer.follow("Ma Thị Hương").page.get_by_role("button", name="Chấp nhận dữ liệu dân cư").click()
    officer.page.wait_for_load_state()

    assert state_of(case) == CaseState.DECIDED


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_is_sound(world: World, come_by: Comers, width: int) -> None:
    caseload = Caseload(world)
    made = some_of_each(caseload)
    officer, leader = come_by(caseload.officer, width=width), come_by(caseload.head, width=width)

    for name, address in {
        "list": LIST, "list-empty": LIST + "?state=visit", "bulk": LIST + "bulk/", "progress": "/office/verification/progress/",
        "visits": LIST + "visits/", "police": LIST + "police/",
        **{f"case-{case.kind}": f"{LIST}{case.pk}/" for case in made},
        **{f"do-{act}": f"{LIST}{made[0].pk}/do/{act}/" for act in ("correct", "close")},
        "do-death": f"{LIST}{made[3].pk}/do/death/",
    }.items():  # fmt: skip
        # An error page is sound as well.
        assert officer.open(address).is_sound().status == 200, address
        keep(officer, f"{name}-{width}")
    officer.open(f"{LIST}{made[0].pk}/").page.keyboard.press("v")
    officer.page.wait_for_load_state("networkidle")
    assert state_of(made[0]) == CaseState.VISIT
    keep(officer.open(LIST + "visits/").is_sound(), f"visits-one-{width}")
    officer.open(f"{LIST}{made[1].pk}/").page.keyboard.press("a")
    officer.page.wait_for_load_state("networkidle")
    assert state_of(made[1]) == CaseState.PROPOSED
    keep(leader.open(LIST + "second/").is_sound(), f"second-{width}")
    keep(leader.open(f"{LIST}{made[1].pk}/").is_sound(), f"second-case-{width}")


def test_a_list_of_ten_thousand_opens(world: World, come_by: Comers) -> None:
    caseload = Caseload(world)
    many_cases(caseload, 10_000)

    for width in (PHONE, DESK):
        officer = come_by(caseload.officer, width=width).open(LIST).is_sound()
        assert "10.000 việc chờ xử lý" in officer.words
        keep(officer, f"list-10000-{width}")
        keep(officer.open(LIST + "bulk/").is_sound(), f"bulk-10000-{width}")


def many_cases(caseload: Caseload, count: int) -> None:
    """Put very many cases of one commune there at once."""
    commune = caseload.world.agency("H55.05443").unit
    entries = RegisterEntry.objects.bulk_create(
        RegisterEntry(
            register=caseload.register, record_key=f"B{n:05d}", full_name=f"Ma Thị Hương {n}", birth_date="05/07/1960",
            village=f"Xóm {n % 12 + 1}", commune=commune, digest="0" * 32,
        )
        for n in range(count)
    )  # fmt: skip
    fields = {**EQUAL, "name": {"verdict": FieldVerdict.DIFFERENT, "weight": -2.5}}
    verdicts = Verdict.objects.bulk_create(
        Verdict(
            batch=caseload.batch, entry=entry, status=Status.NAME_DIFFERS, probability=0.995, is_linked=True, stage="exact",
            fields=fields, snapshot=theirs(full_name="Ma Thị Hường"), found_number="019085001234", digest="1" * 32,
            judged_at=caseload.now,
        )
        for entry in entries
    )  # fmt: skip
    Case.objects.bulk_create(
        Case(
            verdict=said, entry=said.entry, commune=commune, village=said.entry.village, kind=Status.NAME_DIFFERS,
            probability=0.995, opened_at=caseload.now,
        )
        for said in verdicts
    )  # fmt: skip
    # A house that has run for a while knows its tables; here they were empty when they were last looked at.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE verification_case, verification_verdict, verification_registerentry")


def keep(visitor: Visitor, name: str) -> Visitor:
    """Keep a picture to look at, where a folder for them is named."""
    folder = os.environ.get("LIENTHONG_LOOK_AT")
    if folder:
        visitor.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    return visitor
