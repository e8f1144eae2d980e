"""On the real tables too: whatever facts are recorded, the current rates of a month add up to what the rules give for it."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from lienthong.assistance.models import EntitlementRate
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.months import horizon, months_of_span
from lienthong.assistance.services.rates import refresh_rates
from lienthong.assistance.states import SOCIAL_BENEFITS
from lienthong.people.models import Person
from lienthong.rules.social_assistance.months import monthly_amounts
from tests.assistance.known import PLAIN, SINCE
from tests.assistance.test_months import FACTS
from tests.factories.assistance import CircumstanceFactory, DisabilityCertificateFactory, EntitlementFactory
from tests.factories.people import PersonFactory
from tests.world import at

BIRTHS = (
    date(1944, 5, 17),
    date(1951, 2, 28),
    date(1967, 3, 31),
    date(1990, 1, 1),
    date(2011, 3, 9),
    date(2023, 11, 30),
)
FIRST = date(2026, 3, 1)


def somebody(luck: Random) -> Person:
    """Return a person whose facts change on some days."""
    person: Person = PersonFactory(birth_on=luck.choice(BIRTHS))
    values: dict[str, Any] = {**PLAIN, **{name: luck.choice(values) for name, values in FACTS.items()}}
    if luck.random() < 0.5:
        day = FIRST + timedelta(days=luck.randrange(300))
        DisabilityCertificateFactory(
            person=person, valid_from=day, level=luck.choice(["severe", "extremely_severe", "mild"])
        )
    for name, value in values.items():
        change = FIRST + timedelta(days=luck.randrange(-60, 400)) if luck.random() < 0.3 and name in FACTS else None
        CircumstanceFactory(person=person, name=name, value=value, valid_from=SINCE, valid_until=change)
        if change:
            CircumstanceFactory(person=person, name=name, value=luck.choice(FACTS[name]), valid_from=change)
    return person


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_the_current_rates_of_a_month_add_up_to_what_the_rules_give(seed: int) -> None:
    luck, now = Random(seed), at("2026-11-16 09:00")
    person = somebody(luck)
    for benefit in SOCIAL_BENEFITS:
        EntitlementFactory(person=person, benefit=benefit, first_month=FIRST)
    for from_month in (FIRST, FIRST, date(2026, 9, 1)):
        refresh_rates(person.pk, from_month=from_month, acting_user_id=None, now=now)

    history = history_of(person.pk)
    months = [month for month in months_of_span(FIRST, horizon(date(2026, 11, 16))) if month > FIRST]
    for one in monthly_amounts(history.facts_on, months):
        rates = EntitlementRate.objects.filter(
            entitlement__person=person, superseded_at=None, first_month__lte=one.month, end_month__gt=one.month
        )
        total = sum(rate.amount for rate in rates)
        if one.amount is not None:
            assert total == one.amount, one.month
        else:
            assert one.lowest <= total <= one.highest, one.month
