"""Filing, tracking and figures in a real browser: telephone and desk, no finding of axe, nothing wider than the screen.

The pages are made by the test client, so that they stand on the loaded province; the browser only draws them, under the
real content security policy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django_htmx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Browser, Route

from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import MarkedItem, RequestSupplement
from lienthong.dossiers.states import ItemMark
from tests.portal.applicants import (  # noqa: F401
    begin,
    citizen,
    fill,
    pdf,
    send,
    the_clock_shows_the_moment_of_the_world,
)
from tests.portal.tracking.test_dossier import held_by, received
from tests.screens import Page, enter
from tests.world import FUNERAL_SUPPORT, World, target

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

DIST = Path(__file__).resolve().parents[2] / "static" / "dist"
HTMX = Path(django_htmx.__file__).parent / "static"
WIDTHS = (390, 1280)
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
LONG = "Nguyễn Thị Phương Thảo Nguyên Hoàng Ỷ Ỵ Ặng " * 5


def pages_of(world: World) -> dict[str, Page]:
    """Open every page of the citizen's side once, the empty ones and the refusing ones among them."""
    owner = citizen(world)
    browser = enter(owner)
    shown = {"nothing-yet": browser.open("/my/"), "no-figures": browser.open("/figures/"), "start": browser.open(f"/file/{FUNERAL_SUPPORT}/")}  # fmt: skip
    parts = begin(browser)
    shown["parts"] = parts
    shown["who"] = parts.follow("Chủ hồ sơ và cách liên hệ")
    shown["contact"] = shown["who"].press("Tiếp tục")
    shown["somebody-else"] = shown["who"].press("Tiếp tục", whom="person")
    shown["who"].press("Tiếp tục", whom="self")
    shown["details-refused"] = parts.follow("Nội dung yêu cầu").press("Tiếp tục")
    shown["papers"] = parts.follow("Giấy tờ gửi kèm")
    paper = browser.open(f"{parts.path}papers/1/")
    shown["paper-refused"] = paper.press(
        "Tải lên",
        papers=[pdf("Tờ khai đề nghị hỗ trợ chi phí mai táng có chữ ký.pdf"), SimpleUploadedFile("x.txt", b"x")],
    )
    shown["result"] = parts.follow("Cách nhận kết quả")
    shown["check-lacking"] = browser.open(f"{parts.path}check/")
    done = fill(parts)
    shown["check"] = done.follow("Kiểm tra và gửi")
    shown["delete"] = done.follow("Xóa hồ sơ đang soạn")
    shown["sent"] = send(done)
    shown["waiting"] = shown["sent"].follow("Theo dõi hồ sơ này")
    shown["withdraw"] = shown["waiting"].follow("Rút hồ sơ")
    shown |= dossiers_of(world, owner)
    begin(browser)
    shown["mine"] = browser.open("/my/")
    shown["figures"] = browser.open("/figures/")
    guest = enter(None)
    shown["track"] = guest.open("/track/")
    shown["track-refused"] = shown["track"].press("Xem hồ sơ", code="H55", secret="AAAA")
    shown["secret"] = guest.open(
        f"/track/{Dossier.objects.filter(submitted_by=owner, state='submitted').get().public_id}/"
    )
    return shown


def dossiers_of(world: World, owner: Any) -> dict[str, Page]:
    browser = enter(owner)
    running = received(world, owner, name=LONG.strip(), summary="Đề nghị giải quyết sớm. " * 12)
    asked = received(world, owner)
    items = [MarkedItem(1, ItemMark.WRONG, "Thiếu chữ ký"), MarkedItem(2, ItemMark.MISSING, "Mờ")]
    command = RequestSupplement(target=target(asked), items=items, reason="Thiếu chữ ký.")
    dossiers.request_supplement(command, acting_user=held_by(world, asked), now=world.now)
    decided = received(world, owner)
    world.approve(decided)
    supplement = browser.open(f"/track/{asked.public_id}/")
    return {
        "running": browser.open(f"/track/{running.public_id}/"),
        "supplement": supplement,
        "answer-refused": supplement.follow("Nộp bổ sung").press("Gửi bổ sung", paper_1=[pdf()]),
        "decided": browser.open(f"/track/{decided.public_id}/"),
        "rate": browser.open(f"/track/{decided.public_id}/rate/"),
    }


def test_every_page_fits_and_is_accessible(chromium: Browser, world: World) -> None:
    html = {name: page.answer.content.decode() for name, page in pages_of(world).items()}
    policy = "; ".join(
        f"{name} {' '.join(where)}" for name, where in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
    )

    def answer(route: Route) -> None:
        name = route.request.url.split("/", 3)[3].split("?")[0]
        if name in html:
            route.fulfill(
                body=html[name],
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": policy},
            )
            return
        places = (base / name.removeprefix("static/") for base in (DIST, HTMX))
        file = next((place for place in places if place.is_file()), None)
        if file is None:
            route.fulfill(status=404)
        else:
            route.fulfill(body=file.read_bytes(), content_type=KINDS.get(file.suffix, "application/octet-stream"))

    found: list[str] = []
    for width in WIDTHS:
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
        page.route("**/*", answer)
        for name in html:
            page.goto(f"http://portal.test/{name}")
            for one in Axe().run(page).response["violations"]:
                found.append(f"{name} at {width}: {one['id']} {one['nodes'][0]['html'][:200]}")
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{name} at {width}: wider than the screen")
        page.close()

    assert found == []
