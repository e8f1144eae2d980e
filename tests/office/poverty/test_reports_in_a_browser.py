"""The reports in a real browser: they fit a telephone and a desk, and whoever cannot see them can read them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from lienthong.accounts.states import Role
from lienthong.poverty.models import HouseholdReview
from lienthong.units.queries import communes_on
from tests.poverty.reported_round import decided_commune, fill, round_of
from tests.screens import enter
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "index": "",
    "result": "poor/",
    "result-back": "poor/?day=2025-06-30",
    "movement": "movement-poor/",
    "causes": "causes/",
    "deprivation": "deprivation-poor/",
    "list": "list-poor/",
    "behind": "poor/households/?column=poor",
    "unplaced": "unplaced/?day=2025-06-30",
}


@pytest.fixture
def cookie(world: World) -> str:
    """Of an officer of the province, where thirty communes have decided and one account does not add up."""
    round_ = round_of(2026)
    communes = [decided_commune(round_, unit) for unit in list(communes_on(date(2026, 9, 1), province_code="19"))[:30]]
    fill(communes, 600)
    broken = HouseholdReview.objects.filter(movement="new_poor").order_by("pk").values_list("pk", flat=True)[0]
    HouseholdReview.objects.filter(pk=broken).update(movement="none")
    return str(enter(world.officer(Role.PROCESSOR, "H55.SNNMT")).cookies["lienthong_session"].value)


def test_every_page_fits_and_is_accessible(chromium: Browser, live_server: Any, cookie: str) -> None:
    folder = os.environ.get("LIENTHONG_LOOK_AT")
    for width in (390, 1280):
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="vi-VN")
        context.add_cookies([{"name": "lienthong_session", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        for name, address in PAGES.items():
            page.goto(f"{live_server.url}/office/poverty/reports/{address}")
            assert "/sign-in/" not in page.url
            if folder:
                page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=name == "result")
            found = Axe().run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], (address, width)
            fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            assert page.evaluate(fits), (address, width)
        context.close()
