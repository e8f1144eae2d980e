"""Citizens and firms of the province with what the registers know of them, and how they file in the browser."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.accounts.states import AccountKind
from lienthong.dossiers.models import Dossier
from lienthong.kernel.text import fold, sort_key
from lienthong.people.models import Organization, Residence
from tests.documents import specimens
from tests.screens import Browser, Page
from tests.world import COMMUNE, FUNERAL_SUPPORT, World

UNCLEAR = "Chưa rõ có cần không"
HOME = "Số 5, đường Bến Oánh"
DECEASED = {
    "answer_deceased_name": "Hoàng Thị Ổn",
    "answer_died_on_day": "2",
    "answer_died_on_month": "11",
    "answer_died_on_year": "2026",
    "answer_circumstance": "survivor",
    "answer_deceased_birth_day": "17",
    "answer_deceased_birth_month": "5",
    "answer_deceased_birth_year": "1938",
    "answer_arranged_funeral": "yes",
    "answer_other_support": "0",
}
# What a clerk ticks for the same request: two papers, and that the third is not for this case.
PAPERS = {"item_1_given": "on", "item_2_given": "on", "item_3_not_applicable": "on"}


@pytest.fixture(autouse=True)
def the_clock_shows_the_moment_of_the_world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "world" in request.fixturenames:
        world: World = request.getfixturevalue("world")
        monkeypatch.setattr(timezone, "now", lambda: world.now)


def citizen(world: World, name: str = "Nguyễn Thị Ngọc Ỷ", *, number: str = "019190001234") -> User:
    """Return a citizen whom the registers know: number, telephone, a home in the commune of the world."""
    user = world.citizen(name)
    person, unit = user.person, world.agency(COMMUNE).unit
    assert person is not None
    person.personal_id_number, person.phone, person.unit = number, "0912345678", unit
    person.save()
    Residence.objects.create(person=person, kind="permanent", unit=unit, address=HOME, valid_from=date(2010, 1, 1))
    return user


def firm(world: World, name: str = "Công ty TNHH Chè Tân Cương", *, tax_code: str = "0100233488") -> User:
    """Return the account of a firm, run by somebody with a name of their own."""
    organization = Organization.objects.create(
        tax_code=tax_code, name=name, name_key=fold(name), sort_key=sort_key(name), unit=world.agency(COMMUNE).unit,
        address="Khu công nghiệp Sông Công", phone="02083855555",
    )  # fmt: skip
    return world.account(AccountKind.ORGANIZATION, "Trần Văn Quỳnh", organization=organization)


def pdf(name: str = "giay.pdf", *, text: str = "") -> SimpleUploadedFile:
    """Return a paper as a browser sends it; another ``text`` makes another file."""
    return SimpleUploadedFile(name, specimens.pdf(text=text or name), "application/pdf")


def draft_of(user: User) -> Dossier:
    """Return the only draft of somebody."""
    return Dossier.objects.get(submitted_by=user, state="draft")


def begin(browser: Browser, code: str = FUNERAL_SUPPORT, **typed: Any) -> Page:
    """Answer the first question of a new request; the browser then shows its parts."""
    return browser.open(f"/file/{code}/").press("Tiếp tục", **typed)


def fill(parts: Page, *, answers: dict[str, str] | None = None) -> Page:
    """Fill every part of a request for support with a funeral; the browser then shows the parts, all done."""
    tasks = parts.follow("Nội dung yêu cầu").press("Tiếp tục", **(answers or DECEASED))
    tasks = hand_in_papers(tasks)
    return tasks.browser.open(tasks.path)


def hand_in_papers(tasks: Page) -> Page:
    """Hand in one file for each paper that is demanded, mark the others as not applicable; then show the parts."""
    page = tasks.follow("Giấy tờ gửi kèm")
    while waiting := [
        item
        for item in page.main.select(".govuk-task-list__item")
        if ("Chưa có" in item.get_text() or UNCLEAR in item.get_text()) and item.find("a")
    ]:
        address = str(waiting[0].find("a")["href"])  # type: ignore[index]
        number = address.rstrip("/").rpartition("/")[2]
        says: dict[str, Any] = {"not_applicable": "on"}
        if UNCLEAR not in waiting[0].get_text():
            says = {"papers": [pdf(f"giay-{number}.pdf")]}
        page = page.browser.open(address).press("Tiếp tục", **says)
        page = page.browser.open(page.path.partition("papers/")[0] + "papers/")
    return page.browser.open(page.path.removesuffix("papers/"))


def send(tasks: Page) -> Page:
    """Check, declare and send; the browser then shows the confirmation."""
    return tasks.follow("Kiểm tra và gửi").press("Gửi hồ sơ", agreed="on")
