"""Movements of households between the lists, every one of them, and the account that adds up."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.poverty.movements import ENTRIES, EXITS, STAYS, accounts, movement_of
from lienthong.poverty.states import LISTED_CLASSES, HouseholdClass, Movement

POOR, NEAR_POOR = LISTED_CLASSES
OTHERS = (HouseholdClass.AVERAGE, HouseholdClass.NOT_POOR)

EXPECTED = {
    (POOR, POOR): Movement.STAYS_POOR,
    (POOR, NEAR_POOR): Movement.POOR_TO_NEAR_POOR,
    (NEAR_POOR, POOR): Movement.NEAR_POOR_TO_POOR,
    (NEAR_POOR, NEAR_POOR): Movement.STAYS_NEAR_POOR,
    **{(POOR, other): Movement.POOR_EXITS for other in OTHERS},
    **{(NEAR_POOR, other): Movement.NEAR_POOR_EXITS for other in OTHERS},
    **{(other, POOR): Movement.NEW_POOR for other in OTHERS},
    **{(other, NEAR_POOR): Movement.NEW_NEAR_POOR for other in OTHERS},
    **dict.fromkeys(product(OTHERS, OTHERS), Movement.NONE),
}
RELAPSES = {Movement.NEW_POOR: Movement.RELAPSE_POOR, Movement.NEW_NEAR_POOR: Movement.RELAPSE_NEAR_POOR}


@pytest.mark.parametrize(("before", "after"), list(product(HouseholdClass, HouseholdClass)))
def test_every_pair_of_classes_has_its_movement(before: HouseholdClass, after: HouseholdClass) -> None:
    expected = EXPECTED[before, after]

    assert movement_of(before, after) == expected
    assert movement_of(before, after, ever_listed=True) == RELAPSES.get(expected, expected)


@pytest.mark.parametrize("before", list(HouseholdClass))
def test_who_is_gone_leaves_the_list_they_were_on(before: HouseholdClass) -> None:
    expected = {POOR: Movement.POOR_GONE, NEAR_POOR: Movement.NEAR_POOR_GONE}.get(before, Movement.NONE)

    assert movement_of(before, None, is_gone=True) == expected


def test_who_is_there_has_a_class() -> None:
    with pytest.raises(ValueError, match="class"):
        movement_of(POOR, None)


def test_each_movement_stands_in_the_accounts_of_the_lists_it_touches() -> None:
    named = [*STAYS.values(), *(one for listed in LISTED_CLASSES for one in (*ENTRIES[listed], *EXITS[listed]))]
    between = {Movement.POOR_TO_NEAR_POOR, Movement.NEAR_POOR_TO_POOR}

    assert set(named) | {Movement.NONE} == set(Movement)
    assert {movement for movement in named if named.count(movement) == 2} == between


HOUSEHOLDS = st.tuples(st.sampled_from(HouseholdClass), st.sampled_from(HouseholdClass), st.booleans(), st.booleans())


@given(st.lists(HOUSEHOLDS, max_size=60))
def test_accounts_open_and_close_with_the_classes_before_and_after(
    households: list[tuple[HouseholdClass, HouseholdClass, bool, bool]],
) -> None:
    moved = [
        movement_of(before, None if gone else after, ever_listed=ever, is_gone=gone)
        for before, after, ever, gone in households
    ]

    for account in accounts((movement, 1) for movement in moved):
        assert account.opening == sum(before == account.listed for before, *_rest in households)
        assert account.closing == sum(
            after == account.listed and not gone for _before, after, _ever, gone in households
        )


@given(st.lists(st.lists(st.sampled_from(HouseholdClass), min_size=5, max_size=5), max_size=30))
def test_the_closing_of_one_round_is_the_opening_of_the_next(histories: list[list[HouseholdClass]]) -> None:
    closings: dict[HouseholdClass, int] | None = None
    for year in range(4):
        counts = [
            (movement_of(one[year], one[year + 1], ever_listed=any(was in LISTED_CLASSES for was in one[:year])), 1)
            for one in histories
        ]
        found = accounts(counts)
        if closings is not None:
            assert closings == {account.listed: account.opening for account in found}
        closings = {account.listed: account.closing for account in found}
