"""The public catalogue in a real browser: telephone and desk, keyboard, accessibility, with scripts and without."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.factories.catalogue import VersionFactory, version_data
from tests.factories.units import WorkCalendarVersionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (390, 1280)
LONG = "Giải quyết chế độ trợ cấp một lần đối với người được cử làm chuyên gia sang giúp Lào và Cam-pu-chia " * 3
ADDRESSES = [
    "/",
    "/procedures/",
    "/procedures/?q=mai+tang",
    "/procedures/?q=zzzzqqq",
    "/procedures/9.900001/",
    "/procedures/9.900002/",
    "/procedures/9.900001/?on=2020-01-01",
    "/procedures/9.900001/print/",
    "/decisions/",
    "/decisions/?number=108/QĐ-LĐTBXH",
]


@pytest.fixture(autouse=True)
def _procedures(db: None) -> None:
    WorkCalendarVersionFactory()
    VersionFactory(procedure__code="9.900001")
    VersionFactory(procedure__code="9.900002", joint=True)
    VersionFactory(procedure__code="9.900003", says=version_data(name=LONG.strip()))


def complaints_of(page: Page) -> list[str]:
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def test_every_page_fits_and_is_accessible(chromium: Browser, live_server: Any) -> None:
    for width in WIDTHS:
        page = chromium.new_page(viewport={"width": width, "height": 900})
        complaints = complaints_of(page)
        for address in ADDRESSES:
            page.goto(live_server.url + address)
            found = Axe().run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], (address, width)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
                address,
                width,
            )
            assert complaints == [], (address, width)
        page.close()


def test_typing_finds_without_leaving_the_page_and_the_address_follows(chromium: Browser, live_server: Any) -> None:
    page = chromium.new_page()
    complaints = complaints_of(page)
    page.goto(f"{live_server.url}/procedures/")
    page.evaluate("window.samePage = true")
    page.locator("#finder-q").press_sequentially("tro cap mai tang")
    page.get_by_text("cho “tro cap mai tang”").wait_for()
    assert page.url.endswith("/procedures/?q=tro%20cap%20mai%20tang&field=")
    assert page.evaluate("window.samePage")
    assert page.locator(".results__name").first.inner_text() == version_data().name
    assert complaints == []
    page.close()


def test_the_whole_way_works_without_scripts_by_keyboard(chromium: Browser, live_server: Any) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)
    page.locator("#welcome-q").focus()
    page.keyboard.type("mai tang")
    page.keyboard.press("Enter")
    page.locator(".results__name").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/procedures/9.900001/")
    assert page.locator("h1").inner_text().endswith(version_data().name)
    page.locator("[name=on_year]").fill("2020")
    page.keyboard.press("Enter")
    page.wait_for_url("**on_year=2020")
    assert "có hiệu lực từ 01/07/2021" in page.locator("main").inner_text()
    context.close()


def test_a_telephone_reads_the_steps_as_a_list_and_a_desk_sees_them_drawn(chromium: Browser, live_server: Any) -> None:
    for width, drawn in ((390, False), (1280, True)):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{live_server.url}/procedures/9.900002/")
        assert page.locator("svg.process").is_visible() is drawn
        assert page.locator(".process-table table").is_visible()
        page.close()
