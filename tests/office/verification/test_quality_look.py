"""Quality, duplicates, the model and blind review in a real browser: telephone and desk, axe, nothing wider than the screen.

The pages are made by the test client; the browser only draws them, under the real content security policy. With
``LIENTHONG_PICTURES`` set to a folder, pictures of them are left there.
"""

from __future__ import annotations

import os
import random
from datetime import timedelta
from pathlib import Path

import django_htmx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Route

from lienthong.accounts.states import Role
from lienthong.units.queries import communes_on
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.models import DuplicatePair, Verdict
from lienthong.verification.services import reviews, thresholds
from lienthong.verification.services.quality import count_quality, freeze_quality
from lienthong.verification.states import Judged
from tests.office.verification.test_model_screens import PLAIN_MODEL
from tests.screens import Page, enter
from tests.verification.registers import (
    NOW,
    TODAY,
    make_batch,
    make_copy,
    make_entry,
    make_register,
    make_verdict,
    random_register,
)
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

DIST = Path(__file__).resolve().parents[3] / "static" / "dist"
HTMX = Path(django_htmx.__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
LONG = "Nguyễn Thị Phương Thảo Nguyên Hoàng Ỷ Ỵ Ặng"
BASE = "/office/verification/"


def pages_of(world: World) -> dict[str, Page]:
    """Open every page once, the empty ones and the refusing ones among them."""
    first, second = (world.officer(Role.PROCESSOR, HOME_AFFAIRS, another=place > 0) for place in range(2))
    browser = enter(first)
    shown = {name: browser.open(f"{BASE}{name}/") for name in ("quality", "model", "duplicates")}
    shown = {f"nothing-{name}": page for name, page in shown.items()}
    communes = list(communes_on(TODAY)[:12])
    registers = [make_register("bao-tro"), make_register("ho-ngheo")]
    for place, register in enumerate(registers):
        random_register(register, [*communes, None], size=120, seed=place)
    for back in (95, 64, 33):
        count_quality(now=NOW - timedelta(days=back))
        Verdict.objects.filter(is_current=True, status=Status.DEAD, pk__lte=50 * back).update(status=Status.VERIFIED)
    count_quality(now=NOW)
    freeze_quality(now=NOW)
    shown["quality"] = browser.open(f"{BASE}quality/")
    shown["quality-past"] = browser.open(f"{BASE}quality/?month=2026-10")
    shown["records"] = browser.open(f"{BASE}quality/records/?part=whole&answer=no")
    shown["records-none"] = browser.open(f"{BASE}quality/records/?part=complete&answer=unknown")
    shown |= _pairs(world, browser)
    batch = make_batch(registers[0], make_copy(TODAY - timedelta(days=10)), model=PLAIN_MODEL)
    chance = random.Random(5)
    for _number in range(90):
        entry = make_entry(registers[0], communes[0], full_name=LONG)
        person = {"full_name": LONG.replace("Ặ", "Ă"), "birth_date": "19850501", "sex": "Nữ", "number": "019185001234"}
        probability = chance.choice([0.6, 0.85, 0.93, 0.97, 0.992, 0.9995, 0.9999])
        make_verdict(batch, entry, probability=probability, snapshot=person)
    shown["model-unreviewed"] = browser.open(f"{BASE}model/?batch={batch.pk}")
    shown["threshold"] = browser.open(f"{BASE}model/{batch.pk}/threshold/")
    shown["threshold-refused"] = shown["threshold"].press("Gửi để xác nhận", reason="vì")
    shown["draw"] = browser.open(f"{BASE}model/{batch.pk}/sample/")
    sample = reviews.draw_sample(reviews.DrawSample(batch_id=batch.pk, size=70), acting_user=first, now=NOW)
    shown["sample"] = browser.open(f"{BASE}samples/{sample.pk}/")
    shown["judge"] = browser.open(f"{BASE}samples/{sample.pk}/judge/")
    for item in sample.items.select_related("verdict").order_by("position"):
        judged = Judged.SAME if chance.random() < item.verdict.probability else Judged.DIFFERENT
        for officer in (first, second):
            command = reviews.JudgeLink(sample_id=sample.pk, position=item.position, judged=judged)
            reviews.judge_link(command, acting_user=officer, now=NOW)
    shown["sample-closed"] = browser.open(f"{BASE}samples/{sample.pk}/").press("Khép mẫu và xem kết quả")
    thresholds.choose_threshold(
        thresholds.ChooseThreshold(batch_id=batch.pk, threshold=0.995, reason="Sai không quá ba phần vạn " * 8),
        acting_user=second,
        now=NOW,
    )
    shown["model"] = browser.open(f"{BASE}model/?batch={batch.pk}")
    return shown


def _pairs(world: World, browser: object) -> dict[str, Page]:
    home = world.agency(COMMUNE).unit
    register = make_register("hai-lan")
    for number in range(6):
        one = make_entry(register, home, full_name=LONG)
        other = make_entry(register, home, full_name=LONG.replace("Hoàng", "Hoàn"), birth_date="1985", head_name=LONG)
        pair = DuplicatePair.objects.create(
            entry=one, other=other, probability=0.99 - number / 20, explanation="Cùng số định danh, tên khác một chữ", found_at=NOW,
        )  # fmt: skip
    clerk = enter(world.officer(Role.PROCESSOR, COMMUNE))
    shown = {"pairs": clerk.open(f"{BASE}duplicates/"), "pair": clerk.open(f"{BASE}duplicates/{pair.pk}/")}
    shown["pair-next"] = shown["pair"].press("Hai người khác nhau", note="Ghi chú dài. " * 20)
    shown["pair-decided"] = clerk.open(f"{BASE}duplicates/{pair.pk}/")
    return shown


def test_every_page_fits_and_is_accessible(chromium: Browser, world: World) -> None:
    html = {name: page.answer.content.decode() for name, page in pages_of(world).items()}
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = "; ".join(f"{name} {' '.join(where)}" for name, where in directives.items())
    pictures = os.environ.get("LIENTHONG_PICTURES")

    def answer(route: Route) -> None:
        name = route.request.url.split("/", 3)[3].split("?")[0]
        if name in html:
            headers = {"Content-Security-Policy": policy}
            route.fulfill(body=html[name], content_type="text/html; charset=utf-8", headers=headers)
            return
        file = next((one for base in (DIST, HTMX) if (one := base / name.removeprefix("static/")).is_file()), None)
        if file is None:
            route.fulfill(status=404)
        else:
            route.fulfill(body=file.read_bytes(), content_type=KINDS.get(file.suffix, "application/octet-stream"))

    found: list[str] = []
    for width in (390, 1280):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
        page.route("**/*", answer)
        for name in html:
            page.goto(f"http://office.test/{name}")
            for one in Axe().run(page).response["violations"]:
                found.append(f"{name} at {width}: {one['id']} {one['nodes'][0]['html'][:200]}")
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{name} at {width}: wider than the screen")
            if pictures:
                page.screenshot(path=f"{pictures}/{name}-{width}.png", full_page=True)
        page.close()

    assert found == []
