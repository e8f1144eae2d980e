"""Registers, areas and claims narrow by commune, programme and state, and go out as they are narrowed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import DifficultAreaDraft
from lienthong.infra.models import ReadRecord
from tests.factories.assistance import (
    DifficultAreaFactory,
    DisabilityCertificateFactory,
    MeritClaimFactory,
    ScenarioFactory,
    TakeOverFactory,
)
from tests.office.assistance.people import HEALTH, elder
from tests.office.payments.test_filters import narrows
from tests.screens import enter
from tests.sheets import sheet_of
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


def test_rows_of_a_register_that_go_out_are_noted(world: World) -> None:
    held = TakeOverFactory(unit=world.agency(COMMUNE).unit, programme="social-assistance")

    sheet_of(enter(world.officer(Role.PROCESSOR, HEALTH)).get(f"{LIST}take-overs/{held.pk}/?format=xlsx"))

    assert ReadRecord.objects.filter(action="export", subject=held.stream).count() == 1


def test_difficult_areas(world: World) -> None:
    here, there = (world.agency(code).unit for code in (COMMUNE, ANOTHER_COMMUNE))
    DifficultAreaFactory(unit=here)
    DifficultAreaFactory(unit=there)
    browser = enter(world.officer(Role.LEADER, HEALTH))

    narrows(browser, f"{LIST}areas/", commune=(str(there.pk), 1), days=("all", 2))
    assert "Không có địa bàn nào khớp" in browser.open(f"{LIST}areas/?commune=999999").words


def test_difficult_areas_that_wait_narrow_and_go_out_too(world: World) -> None:
    here, there = (world.agency(code).unit for code in (COMMUNE, ANOTHER_COMMUNE))
    leader = world.officer(Role.LEADER, HEALTH)
    for unit in (here, there):
        DifficultAreaDraft.objects.create(
            unit=unit, reference="861/QĐ-TTg", valid_from=world.today, prepared_by=leader, prepared_at=world.now
        )
    browser = enter(leader)

    assert len(browser.open(f"{LIST}areas/").rows("Chờ duyệt")) == 2
    assert len(browser.open(f"{LIST}areas/?commune={there.pk}").rows("Chờ duyệt")) == 1
    rows = sheet_of(browser.get(f"{LIST}areas/?commune={there.pk}&format=xlsx"))
    assert [(row[0], row[-1]) for row in rows[1:]] == [(there.name, "chờ duyệt")]


def test_certificates_by_how_they_stand(world: World) -> None:
    for name, facts in {
        "Ma Thị Còn": {}, "Ma Thị Hết": {"valid_until": world.today}, "Ma Thị Rút": {"withdrawn_at": world.now},
    }.items():  # fmt: skip
        DisabilityCertificateFactory(person=elder(world, name), **facts)
    browser = enter(world.officer(Role.LEADER, HEALTH))

    assert len(browser.open(f"{LIST}certificates/").rows()) == 1
    narrows(browser, f"{LIST}certificates/", state=("over", 2))
    narrows(browser, f"{LIST}certificates/", state=("all", 3))
    assert "đã rút" in str(sheet_of(browser.get(f"{LIST}certificates/?state=over&format=xlsx")))
    assert ReadRecord.objects.filter(action="export", subject__startswith="certificates:").count() == 3


def test_drafts_of_the_law_by_programme_and_how_they_stand(world: World) -> None:
    level = [{"parameter": "base_level", "value": 600_000}]
    ScenarioFactory(name="Mức chuẩn 600.000", changes=level, results=None)
    ScenarioFactory(
        name="Mức chuẩn ưu đãi", changes=[{"parameter": "merit:standard", "value": 3_000_000}], results=None
    )
    ScenarioFactory(name="Sai", changes=level, results=None, problem="Thiếu tham số")
    browser, address = enter(world.officer(Role.LEADER, HEALTH)), f"{LIST}what-if/"

    narrows(browser, address, programme=("merit", 1), state=("problem", 1))
    narrows(browser, address, programme=("social-assistance", 2), state=("waiting", 2))
    narrows(browser, address, state=("computed", 0))
    assert "Không có phương án nào khớp" in browser.open(f"{address}?state=computed").words


def test_claims_that_hold_and_that_are_over(world: World) -> None:
    MeritClaimFactory(person=elder(world, "Ma Thị Còn"))
    over = MeritClaimFactory(person=elder(world, "Ma Thị Thôi"))
    over.valid_until = world.today - timedelta(days=1)
    over.save()
    browser = enter(world.officer(Role.LEADER, HOME_AFFAIRS))

    assert [row[0][:10] for row in browser.open(f"{LIST}merit/").rows()] == ["Ma Thị Còn"]
    narrows(browser, f"{LIST}merit/", state=("over", 1))
    narrows(browser, f"{LIST}merit/", state=("all", 2))
