"""The doctor sees every support whose row says something else than was decided."""

from datetime import date
from typing import Any

import pytest

from lienthong.assistance.health import (
    emergencies_granted_otherwise,
    supports_granted_otherwise,
    supports_that_nobody_is_paid,
)
from lienthong.assistance.models import FuneralSupport
from lienthong.infra.health import checks
from tests.assistance.emergencies import asked, dweller, granted
from tests.world import World


def test_finds_nothing_amiss_where_every_support_was_granted(world: World) -> None:
    world.approve(world.receive())
    assert list(supports_granted_otherwise()) == []
    assert supports_granted_otherwise in checks().values()


@pytest.mark.parametrize(("lacks", "words"), [("payee", "người nhận"), ("unit", "nơi chi trả")])
def test_names_a_support_that_no_run_pays(world: World, lacks: str, words: str) -> None:
    dossier = world.approve(world.receive())
    assert list(supports_that_nobody_is_paid()) == []
    FuneralSupport.objects.update(**{lacks: None})
    (sentence,) = supports_that_nobody_is_paid()
    assert dossier.code in sentence
    assert words in sentence
    assert supports_that_nobody_is_paid in checks().values()


@pytest.mark.parametrize(
    "change", [{"amount": 99_000_000}, {"died_on": date(2020, 1, 1)}, {"reasons": []}, {"granted_by": 0}]
)
def test_names_a_support_that_was_changed(world: World, change: dict[str, Any]) -> None:
    dossier = world.approve(world.receive())
    world.approve(world.receive())
    FuneralSupport.objects.filter(dossier_code=dossier.code).update(**change)
    (sentence,) = supports_granted_otherwise()
    assert sentence.startswith(f"Hỗ trợ chi phí mai táng theo hồ sơ {dossier.code}: số tiền, ngày chết")


def test_names_a_support_that_nobody_granted_and_one_that_is_gone(world: World) -> None:
    dossier = world.approve(world.receive())
    support = FuneralSupport.objects.get()
    FuneralSupport.objects.filter(pk=support.pk).delete()
    (gone,) = supports_granted_otherwise()
    assert gone == f"Hỗ trợ chi phí mai táng theo hồ sơ {dossier.code}: nhật ký còn, trong bảng không còn"

    support.pk, support.dossier_code = support.pk + 1000, "X-1"
    support.save(force_insert=True)
    assert "Hỗ trợ chi phí mai táng theo hồ sơ X-1: không ai quyết định theo nhật ký" in supports_granted_otherwise()


def test_names_an_emergency_that_nobody_decided(world: World) -> None:
    grant = granted(world, asked(world, dweller(world)))
    assert list(emergencies_granted_otherwise()) == []
    assert emergencies_granted_otherwise in checks().values()

    grant.pk, grant.proposal_id, grant.happened_on = grant.pk + 1000, None, date(2026, 10, 2)
    grant.save(force_insert=True)

    (sentence,) = emergencies_granted_otherwise()
    assert sentence == f"Trợ giúp khẩn cấp số {grant.pk} trong bảng: không ai quyết định theo nhật ký"
