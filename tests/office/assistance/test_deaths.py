"""Recording that somebody has died, on the screen: what ends is shown first, a wrong day is a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.people.models import Person
from tests.office.assistance.people import entitled, granted
from tests.screens import enter
from tests.stories import ANOTHER_COMMUNE
from tests.world import World

pytestmark = pytest.mark.django_db
PRESS, SHOW = "Ghi nhận đã chết", "Xem những gì sẽ thôi hưởng"


def on(day: str, month: str, year: str) -> dict[str, str]:
    return {"died_on_day": day, "died_on_month": month, "died_on_year": year, "paper": "Trích lục khai tử 12/TLKT-BS"}


def opened(world: World, row: Any) -> Any:
    page = enter(world.officer(Role.PROCESSOR)).open(f"/office/assistance/people/{row.person_id}/")
    return page.follow(PRESS)


def test_what_ends_is_shown_and_then_recorded(world: World) -> None:
    row = granted(world, entitled(world))

    page = opened(world, row)
    assert PRESS not in page.buttons()
    page = page.press(SHOW, **on("10", "11", "2026"))
    assert "hưởng đến hết tháng 11/2026" in page.words
    assert Person.objects.get(pk=row.person_id).died_on is None
    page = page.press(PRESS)

    assert "Số khoản thôi hưởng: 1." in page.notices
    assert Person.objects.get(pk=row.person_id).died_on == date(2026, 11, 10)
    assert "mất ngày 10/11/2026" in page.words
    assert "theo Trích lục khai tử 12/TLKT-BS" in page.words
    row.refresh_from_db()
    assert row.state == "ended"


def test_who_receives_what_is_left_can_be_changed_afterwards(world: World) -> None:
    row = granted(world, entitled(world))
    page = opened(world, row).press(SHOW, **on("10", "11", "2026")).press(PRESS)

    page = page.follow("Thay người nhận")

    assert page.status == 200
    assert page.browser.open(f"/office/assistance/entitlements/{row.pk}/stop/").status == 404


def test_the_page_of_the_dead_speaks_of_the_funeral_and_offers_no_benefit(world: World) -> None:
    row = granted(world, entitled(world))
    page = opened(world, row).press(SHOW, **on("10", "11", "2026")).press(PRESS)

    assert "Theo quy định hôm nay" not in page.words
    assert "Thay đổi sắp tới" not in page.words
    assert "Đề xuất hưởng" not in page.links()
    again = page.browser.open(f"/office/assistance/people/{row.person_id}/grant/")
    assert "Người này đã chết nên không quyết định cho hưởng được" in again.notices
    assert "Còn có thể đề nghị" in page.words
    finding = page.follow("Hỗ trợ chi phí mai táng")
    assert finding.status == 200
    assert row.person.full_name in finding.heading


@pytest.mark.parametrize(
    ("day", "sentence"),
    [(("1", "1", "2030"), "chưa đến"), (("1", "1", "1940"), "không thể trước ngày sinh")],
)
def test_a_wrong_day_is_a_sentence(world: World, day: tuple[str, str, str], sentence: str) -> None:
    row = granted(world, entitled(world))

    page = opened(world, row).press(SHOW, **on(*day))

    assert page.status == 422
    assert sentence in " ".join(page.errors)
    assert Person.objects.get(pk=row.person_id).died_on is None


def test_a_death_that_was_recorded_of_another_day_is_said(world: World) -> None:
    row = granted(world, entitled(world))
    page = opened(world, row)
    Person.objects.filter(pk=row.person_id).update(died_on=date(2026, 11, 2))

    page = page.press(SHOW, **on("10", "11", "2026"))

    assert "chết ngày 02/11/2026" in " ".join(page.errors)


@pytest.mark.parametrize(("role", "agency"), [(Role.RECEIVER, None), (Role.PROCESSOR, ANOTHER_COMMUNE)])
def test_who_records_nothing_there_finds_no_such_page(world: World, role: Role, agency: str | None) -> None:
    row = granted(world, entitled(world))
    user = world.officer(role, agency) if agency else world.officer(role)

    page = enter(user).open(f"/office/assistance/people/{row.person_id}/death/")

    assert page.status == 404
