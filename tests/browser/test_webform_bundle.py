"""The survey form in a real browser under the real content security policy: filled in, kept, refused, sent."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from defusedxml import ElementTree
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import webform_house as house

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.webform_house")]

PHONE, DESK = 390, 1280
SAVED = re.compile(r"Đã giữ bản nháp lúc \d\d:\d\d trên máy này")


@pytest.fixture
def arrived(monkeypatch: pytest.MonkeyPatch) -> house.Arrived:
    arrived = house.Arrived()
    monkeypatch.setattr(house, "ARRIVED", arrived)
    return arrived


class Enumerator:
    """Somebody with the form before them."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda line: self._complain(line.type, line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())

    def _complain(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and "status of 4" not in text and "ERR_INTERNET_DISCONNECTED" not in text:
            self.complaints.append(text)

    def open(self) -> Enumerator:
        self.page.goto(f"{self.url}/survey/")
        self.question("Hộ được rà soát").wait_for()
        return self

    def question(self, label: str, place: int = 0) -> Any:
        return self.page.locator(".question-container").filter(has_text=label).nth(place)

    def answer(self, label: str, text: str, place: int = 0) -> None:
        control = self.question(label, place).locator("input").first
        # As a person types: the fields for numbers look at each key.
        control.fill("")
        control.press_sequentially(text)
        control.press("Tab")

    def choose_household(self, typed: str, label: str) -> None:
        self.question("Hộ được rà soát").get_by_role("combobox").click()
        self.page.get_by_role("searchbox").fill(typed)
        self.page.get_by_role("option", name=label).click()

    def fill_in(self) -> Enumerator:
        self.choose_household("luong van y", "Lường Văn Ỷ")
        self.answer("Ngày đến hộ", "28/11/2026")
        self.page.keyboard.press("Escape")
        self.answer("Họ và tên", "Lường Thị Hoàng Yến")
        self.answer("Tuổi", "41")
        self.page.get_by_role("button", name="Thêm").click()
        self.answer("Họ và tên", "Lường Đức Thuỵ", 1)
        self.answer("Tuổi", "9", 1)
        self.question("Nguồn nước ăn chính").get_by_text("Nước khe").click()
        self.answer("Ruộng lúa", "2,5")
        self.page.get_by_role("button", name="Lấy vị trí").click()
        self.page.get_by_role("button", name="Ghi vị trí").click()
        expect(self.question("Vị trí của nhà")).to_contain_text("Vĩ độ: 21.7")
        return self

    def draw(self, side: int) -> bytes:
        """Return a JPEG of this many pixels each way, so full of detail that it is heavy."""
        drawn = self.page.evaluate(
            """side => {
                const canvas = Object.assign(document.createElement("canvas"), {width: side, height: side});
                const pen = canvas.getContext("2d");
                const picture = pen.createImageData(side, side);
                for (let at = 0; at < picture.data.length; at++) picture.data[at] = at % 4 === 3 ? 255 : (at * 7919) % 251;
                pen.putImageData(picture, 0, 0);
                return canvas.toDataURL("image/jpeg").split(",")[1];
            }""",
            side,
        )
        return base64.b64decode(drawn)

    def photograph(self) -> Enumerator:
        chosen: Any = {"name": "nhà sàn.jpg", "mimeType": "image/jpeg", "buffer": self.draw(900)}
        self.question("Ảnh ngôi nhà").locator("input[type=file]").last.set_input_files(chosen)
        self.question("Ảnh ngôi nhà").locator("img").wait_for()
        return self

    def send(self) -> None:
        self.page.get_by_role("button", name="Gửi phiếu").click()

    def look(self, name: str) -> None:
        """Keep a picture where LIENTHONG_LOOK names a folder: to be looked at, not kept."""
        if folder := os.environ.get("LIENTHONG_LOOK"):
            self.page.screenshot(path=f"{folder}/webform-{name}.png", full_page=True)

    def drafts(self) -> int:
        return len(self._kept())

    def kept_xml(self) -> str:
        [draft] = self._kept()
        return str(draft["xml"])

    def _kept(self) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = self.page.evaluate(
            """() => new Promise(resolve => {
                const asked = indexedDB.open("lienthong-webform", 1);
                asked.onsuccess = () => {
                    const all = asked.result.transaction("drafts").objectStore("drafts").getAll();
                    all.onsuccess = () => { asked.result.close(); resolve(all.result.map(({xml}) => ({xml}))); };
                };
            })"""
        )
        return kept

    def is_sound(self) -> None:
        strangers = [one for one in self.asked if not one.startswith((self.url, "blob:", "data:"))]
        spill = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (strangers, spill, self.complaints) == ([], 0, [])


@pytest.fixture
def enumerator(
    chromium: Browser, live_server: Any, transactional_db: None, arrived: house.Arrived, request: pytest.FixtureRequest
) -> Iterator[Enumerator]:
    width = getattr(request, "param", PHONE)
    context = chromium.new_context(
        viewport={"width": width, "height": 780 if width == PHONE else 900},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        geolocation={"latitude": 21.7412, "longitude": 105.9103, "accuracy": 4},
        permissions=["geolocation"],
    )
    yield Enumerator(context, live_server.url)
    context.close()


def answers_in(request: dict[str, Any]) -> Any:
    kind, xml = request["files"]["xml_submission_file"]
    assert kind == "text/xml"
    return ElementTree.fromstring(xml)


def size_of_jpeg(picture: bytes) -> tuple[int, int]:
    found = re.search(rb"\xff[\xc0\xc2]..\x08(..)(..)", picture, re.DOTALL)
    assert found, "no JPEG"
    return int.from_bytes(found[2]), int.from_bytes(found[1])


@pytest.mark.parametrize("enumerator", [PHONE, DESK], indirect=True)
def test_a_form_is_filled_in_and_sent_as_multipart(enumerator: Enumerator, arrived: house.Arrived) -> None:
    width = enumerator.page.viewport_size["width"]  # type: ignore[index]
    enumerator.open()
    enumerator.look(f"empty-{width}")
    enumerator.fill_in().photograph()
    expect(enumerator.page.get_by_text("Hộ có 2 người.")).to_be_visible()
    enumerator.look(f"filled-{width}")
    enumerator.is_sound()
    enumerator.send()
    enumerator.page.wait_for_url("**/done/")

    [request] = arrived.requests
    answers = answers_in(request)
    assert answers.findtext("household") == "H01"
    assert answers.findtext("visited") == "2026-11-28"
    assert [one.findtext("name") for one in answers.findall("members")] == ["Lường Thị Hoàng Yến", "Lường Đức Thuỵ"]
    assert (answers.findtext("count"), answers.findtext("water"), answers.findtext("rice")) == ("2", "surface", "2.5")
    assert answers.findtext("location").startswith("21.7412 105.9103")
    kind, picture = request["files"][answers.findtext("photo")]
    assert (kind, size_of_jpeg(picture)) == ("image/jpeg", (400, 400))
    assert enumerator.drafts() == 0


def test_a_draft_is_there_again_after_the_page_was_closed(enumerator: Enumerator, arrived: house.Arrived) -> None:
    enumerator.open().fill_in().photograph()
    expect(enumerator.page.get_by_text(SAVED)).to_be_visible(timeout=10_000)
    enumerator.page.wait_for_timeout(3_500)
    enumerator.page.reload()
    enumerator.question("Hộ được rà soát").wait_for()

    expect(enumerator.page.get_by_text(SAVED)).to_be_visible()
    expect(enumerator.question("Hộ được rà soát")).to_contain_text("Lường Văn Ỷ")
    expect(enumerator.question("Họ và tên", 1).locator("input")).to_have_value("Lường Đức Thuỵ")
    enumerator.question("Ảnh ngôi nhà").locator("img").wait_for()
    enumerator.look("restored")
    kept = enumerator.kept_xml()
    enumerator.send()
    enumerator.page.wait_for_url("**/done/")
    [request] = arrived.requests
    answers = answers_in(request)
    meta = {one.tag.split("}")[-1]: one.text for one in answers.iter() if one.tag.endswith("ID")}
    assert set(meta) == {"instanceID"}, "a draft is not a correction"
    assert meta["instanceID"] in kept, "what may have arrived before the line broke must be known again"
    assert answers.findtext("photo") in request["files"]
    enumerator.is_sound()


def test_a_draft_can_be_thrown_away(enumerator: Enumerator) -> None:
    enumerator.open().answer("Họ và tên", "Nông Văn Đậu")
    expect(enumerator.page.get_by_text(SAVED)).to_be_visible(timeout=10_000)
    with enumerator.page.expect_navigation():
        enumerator.page.get_by_role("button", name="Bỏ bản nháp").click()
    enumerator.question("Hộ được rà soát").wait_for()
    expect(enumerator.question("Họ và tên").locator("input")).to_have_value("")
    assert enumerator.drafts() == 0


def test_the_sentence_of_a_refusal_is_shown_and_the_draft_stays(enumerator: Enumerator, arrived: house.Arrived) -> None:
    arrived.refuses = True
    enumerator.open().fill_in().send()
    expect(enumerator.page.get_by_role("alert").filter(has_text=house.REFUSAL)).to_be_visible()
    expect(enumerator.page.get_by_role("button", name="Gửi lại")).to_be_hidden()
    enumerator.look("refused")
    assert enumerator.drafts() == 1
    enumerator.is_sound()


def test_without_a_line_nothing_is_lost_and_sending_again_works(enumerator: Enumerator, arrived: house.Arrived) -> None:
    enumerator.open().fill_in()
    enumerator.context.set_offline(True)
    enumerator.send()
    expect(enumerator.page.get_by_text("Mất kết nối mạng.")).to_be_visible()
    enumerator.look("offline")
    assert enumerator.drafts() == 1
    enumerator.context.set_offline(False)
    enumerator.page.get_by_role("button", name="Gửi lại").click()
    enumerator.page.wait_for_url("**/done/")
    assert len(arrived.requests) == 1


def test_what_is_wrong_is_said_in_vietnamese_before_anything_is_sent(
    enumerator: Enumerator, arrived: house.Arrived
) -> None:
    enumerator.open().answer("Tuổi", "131")
    enumerator.send()
    expect(enumerator.page.get_by_text("Còn 3 câu chưa đúng.")).to_be_visible()
    expect(enumerator.page.get_by_text("Tuổi phải nhỏ hơn 130")).to_be_visible()
    expect(enumerator.page.get_by_text("Câu này phải trả lời").first).to_be_visible()
    enumerator.look("wrong")
    assert arrived.requests == []


def test_pictures_too_many_for_one_request_come_in_several(enumerator: Enumerator, arrived: house.Arrived) -> None:
    arrived.part_bytes = 10
    enumerator.open().fill_in().photograph().send()
    enumerator.page.wait_for_url("**/done/")
    assert all("xml_submission_file" in one["files"] for one in arrived.requests)
    assert len(arrived.requests[-1]["files"]) == 2


def test_answers_that_are_corrected_name_what_they_replace(enumerator: Enumerator, arrived: house.Arrived) -> None:
    arrived.photos = {"nha.jpg": enumerator.draw(60)}
    arrived.corrects = (
        '<data xmlns:orx="http://openrosa.org/xforms" id="phieu-thu" version="1"><household>H02</household><visited/>'
        "<members><name>Triệu Thị Mùi</name><age>70</age></members><count>1</count><note_count/><water>piped</water><rice/>"
        "<location>21.7 105.9 0 5</location><photo>nha.jpg</photo><end/><meta><instanceID>uuid:first</instanceID></meta></data>"
    )
    enumerator.open()
    expect(enumerator.question("Họ và tên").locator("input")).to_have_value("Triệu Thị Mùi")
    enumerator.answer("Tuổi", "71")
    expect(enumerator.page.get_by_text(SAVED)).to_be_visible(timeout=10_000)
    assert "uuid:first" in enumerator.kept_xml()
    enumerator.page.reload()
    expect(enumerator.question("Tuổi").locator("input")).to_have_value("71")
    enumerator.question("Ảnh ngôi nhà").locator("img").wait_for()
    enumerator.send()
    enumerator.page.wait_for_url("**/done/")
    xml = arrived.requests[0]["files"]["xml_submission_file"][1].decode()
    assert re.search(r"deprecatedID[^>]*>uuid:first<", xml), xml
    assert not re.search(r"instanceID[^>]*>uuid:first<", xml)
    enumerator.is_sound()


def test_the_form_is_accessible(enumerator: Enumerator) -> None:
    enumerator.open()
    found = Axe().run(enumerator.page).response["violations"]
    assert [(one["id"], node["html"][:150]) for one in found for node in one["nodes"]] == []


def test_the_map_is_not_loaded_for_a_place_from_the_device(enumerator: Enumerator) -> None:
    enumerator.open().fill_in()
    assert not [one for one in enumerator.asked if "map.js" in one]


def test_only_the_page_of_the_form_may_do_more_than_others() -> None:
    client = Client()
    page, other = (client.get(address)["Content-Security-Policy"] for address in ("/survey/", "/done/"))
    assert "'wasm-unsafe-eval'" in page and "blob:" in page and re.search(r"style-src 'self' 'nonce-[^']+'", page)
    for word in ("unsafe-inline", "'unsafe-eval'", "http:", "https:", "worker-src"):
        assert word not in page
    assert "nonce" not in other and "wasm" not in other and "blob:" not in other
