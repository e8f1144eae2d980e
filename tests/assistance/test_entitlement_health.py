"""The doctor sees what does not hang together between decisions, months and money."""

from datetime import date

import pytest

from lienthong.assistance import entitlement_health as health
from lienthong.assistance.models import Entitlement
from lienthong.infra.health import checks
from tests.assistance.known import disabled, granted
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory
from tests.world import World

CHECKS = (
    health.active_without_a_rate, health.paid_after_the_end, health.paid_while_suspended, health.received_by_the_dead,
    health.sums_that_differ, health.granted_by_nobody,
)  # fmt: skip


def test_what_was_granted_properly_is_in_order(world: World) -> None:
    granted(world, disabled(world))
    assert [sentence for check in CHECKS for sentence in check()] == []
    assert set(CHECKS) <= set(checks().values())


@pytest.mark.django_db
def test_what_is_not_in_order_is_named() -> None:
    bare = EntitlementFactory(first_month=date(2020, 1, 1))
    rate = EntitlementRateFactory(amount=1)
    Entitlement.objects.filter(pk=rate.entitlement_id).update(
        state="ended", last_month=date(2026, 10, 1), first_month=date(2026, 10, 1)
    )
    paused = EntitlementRateFactory().entitlement
    Entitlement.objects.filter(pk=paused.pk).update(state="suspended", suspended_from=date(2026, 11, 1))
    paused.person.died_on = date(2026, 11, 2)
    paused.person.save()

    assert f"Quyết định hưởng {bare.pk}: đang hưởng" in next(health.active_without_a_rate())
    assert str(rate.entitlement_id) in next(health.paid_after_the_end())
    assert "10/2026" in next(health.paid_after_the_end())
    assert str(paused.pk) in next(health.paid_while_suspended())
    assert "02/11/2026" in next(health.received_by_the_dead())
    assert str(rate.entitlement_id) in next(health.sums_that_differ())
    assert len(list(health.granted_by_nobody())) == 3
