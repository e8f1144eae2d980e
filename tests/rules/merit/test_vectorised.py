"""Many people with merit at once are due what they are due one by one."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.columns import columns_from_facts
from lienthong.rules.merit.facts import Category, MeritClaim, MeritFacts
from lienthong.rules.merit.lines import LineKind
from lienthong.rules.merit.vectorised import OUTCOMES, assess_columns
from tests.rules.merit.worlds import random_people, survivors

DAYS = [date(2021, 12, 31), date(2022, 1, 1), date(2023, 7, 1), date(2024, 7, 1), date(2026, 7, 1)]
batches = st.builds(random_people, st.integers(0, 2**32), st.just(80), unknown=st.sampled_from([0.0, 0.02, 0.1, 0.4]))


def compare(people: Sequence[MeritFacts], on: date, known_on: date | None = None) -> None:
    found = assess_columns(columns_from_facts(people), on=on, known_on=known_on)
    for row, facts in enumerate(people):
        alone = assess_merit(facts, on=on, known_on=known_on)
        together = {
            LineKind.MONTHLY: found.monthly[row],
            LineKind.SUPPLEMENT: found.supplement[row],
            LineKind.ATTENDANT: found.attendant[row],
            LineKind.EXTRA: found.extra[row],
            LineKind.STUDY: found.study[row],
            LineKind.YEARLY: found.yearly[row],
            LineKind.ONE_OFF: found.one_off[row],
        }
        assert {kind: alone.total(kind) for kind in LineKind} == together, facts
        assert alone.outcome == OUTCOMES[found.outcomes[row]], facts
        assert (alone.monthly_amount, alone.monthly_total) == (found.monthly_amount[row], found.monthly_total[row])


@pytest.mark.parametrize("on", DAYS)
@given(people=batches)
@settings(max_examples=25, deadline=None)
def test_the_same_as_one_by_one(on: date, people: list[MeritFacts]) -> None:
    compare(people, on)


@given(people=st.builds(survivors, st.integers(0, 2**32), st.just(120)))
@settings(max_examples=15, deadline=None)
def test_relatives_of_several_people_with_merit_the_same(people: list[MeritFacts]) -> None:
    compare(people, date(2024, 7, 1))


@given(people=batches)
@settings(max_examples=5, deadline=None)
def test_as_the_law_stood_before_the_last_decree_the_same(people: list[MeritFacts]) -> None:
    compare(people, date(2026, 8, 1), known_on=date(2026, 9, 30))


def test_every_rate_the_same() -> None:
    groups = (Category.WAR_INVALID, Category.WAR_INVALID_TYPE_B, Category.SICK_SOLDIER, Category.AGENT_ORANGE_RESISTER)
    people = [
        MeritFacts(
            claims=(
                MeritClaim(
                    category=group,
                    rate=rate,
                    has_especially_severe_condition=False,
                    has_infertility_or_affected_child=False,
                ),
            ),
            lives_at_home=True,
        )
        for group in groups
        for rate in range(101)
    ]

    for on in DAYS:
        compare(people, on)


def test_nobody_is_no_trouble() -> None:
    assert len(assess_columns(columns_from_facts([]), on=date(2024, 7, 1))) == 0
