"""Registers, areas and claims narrow by commune, programme and state, and go out as they are narrowed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lienthong.accounts.states import Role
from tests.factories.assistance import DifficultAreaFactory, MeritClaimFactory, TakeOverFactory
from tests.office.assistance.people import HEALTH, elder
from tests.office.payments.test_filters import narrows
from tests.screens import enter
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db
LIST = "/office/assistance/"


def test_registers_that_are_taken_over(world: World) -> None:
    here, there = (world.agency(code).unit for code in (COMMUNE, ANOTHER_COMMUNE))
    TakeOverFactory(unit=here, programme="social-assistance")
    TakeOverFactory(unit=there, programme="social-assistance")
    browser = enter(world.officer(Role.PROCESSOR, HEALTH))

    narrows(
        browser,
        f"{LIST}take-overs/",
        commune=(str(here.pk), 1),
        programme=("social-assistance", 2),
        state=("staged", 2),
    )
    narrows(browser, f"{LIST}take-overs/", programme=("merit", 0), state=("approved", 0))
    assert "Không có danh sách nào khớp" in browser.open(f"{LIST}take-overs/?programme=merit").words


def test_difficult_areas(world: World) -> None:
    here, there = (world.agency(code).unit for code in (COMMUNE, ANOTHER_COMMUNE))
    DifficultAreaFactory(unit=here)
    DifficultAreaFactory(unit=there)
    browser = enter(world.officer(Role.LEADER, HEALTH))

    narrows(browser, f"{LIST}areas/", commune=(str(there.pk), 1), days=("all", 2))
    assert "Không có địa bàn nào khớp" in browser.open(f"{LIST}areas/?commune=999999").words


def test_claims_that_hold_and_that_are_over(world: World) -> None:
    MeritClaimFactory(person=elder(world, "Ma Thị Còn"))
    over = MeritClaimFactory(person=elder(world, "Ma Thị Thôi"))
    over.valid_until = world.today - timedelta(days=1)
    over.save()
    browser = enter(world.officer(Role.LEADER, HOME_AFFAIRS))

    assert [row[0][:10] for row in browser.open(f"{LIST}merit/").rows()] == ["Ma Thị Còn"]
    narrows(browser, f"{LIST}merit/", state=("over", 1))
    narrows(browser, f"{LIST}merit/", state=("all", 2))
