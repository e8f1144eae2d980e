"""What the death of somebody with merit brings once, and on which grounds relatives may receive an allowance."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lienthong.kernel.decisions import Outcome
from lienthong.kernel.legal import Confidence
from lienthong.kernel.money import Dong
from lienthong.rules.merit.assessing import grant_at_death
from lienthong.rules.merit.at_death import (
    LACKS_ARRANGED,
    LACKS_OTHER,
    LACKS_RECEIVING,
    DeathFacts,
    death_payments,
    survivor_starts,
    survivors_claims,
)
from lienthong.rules.merit.facts import Category, MeritClaim, MeritFacts, Relation, School

ON = date(2026, 5, 20)
INVALID = MeritFacts(
    claims=(MeritClaim(category=Category.WAR_INVALID, rate=61, has_especially_severe_condition=False),),
    school=School.NONE,
)
ASKED = DeathFacts(person=INVALID, was_receiving=True, arranged_funeral=True, other_support=Dong(0))


def test_three_months_for_the_relatives_and_ten_levels_for_the_funeral() -> None:
    found = death_payments(ASKED, on=ON)
    once = grant_at_death(INVALID, on=ON).value
    assert once is not None
    assert [(line.code, line.amount) for line in found.lines] == [("grant_at_death", once), ("funeral", 23_400_000)]
    assert found.decision.value == once + 23_400_000
    assert "Điều 25 khoản 4" in str(found.lines[0].reference)


@pytest.mark.parametrize(
    ("died_on", "amount"),
    [
        (date(2023, 6, 30), 14_900_000),
        (date(2023, 7, 1), 18_000_000),
        (date(2024, 6, 30), 18_000_000),
        (date(2024, 7, 1), 23_400_000),
        (date(2026, 6, 30), 23_400_000),
        (date(2026, 7, 1), 25_300_000),
    ],
)
def test_the_funeral_is_of_the_level_of_the_day(died_on: date, amount: int) -> None:
    assert death_payments(ASKED, on=died_on).lines[-1].amount == amount


def test_what_is_from_memory_says_so() -> None:
    found = death_payments(ASKED, on=ON)
    assert found.lines[-1].confidence is Confidence.MEMORY
    assert len(found.notices) == 1
    assert "trí nhớ" in found.notices[0]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"arranged_funeral": False}, ["grant_at_death"]),
        ({"arranged_funeral": False, "other_support": None}, ["grant_at_death"]),
        ({"other_support": Dong(23_400_000)}, ["grant_at_death"]),
        ({"other_support": Dong(23_399_999)}, ["grant_at_death", "funeral"]),
    ],
)
def test_the_funeral_is_for_who_arranged_it_where_nothing_else_gives_as_much(
    changes: dict[str, Any], codes: list[str]
) -> None:
    found = death_payments(replace(ASKED, **changes), on=ON)
    assert [line.code for line in found.lines] == codes
    assert found.decision.outcome is Outcome.GRANTED


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"was_receiving": None}, LACKS_RECEIVING),
        ({"arranged_funeral": None}, LACKS_ARRANGED),
        ({"other_support": None}, LACKS_OTHER),
    ],
)
def test_what_is_not_known_is_asked_for(changes: dict[str, Any], lacking: str) -> None:
    found = death_payments(replace(ASKED, **changes), on=ON)
    assert (found.decision.outcome, found.decision.missing) == (Outcome.UNKNOWN, (lacking,))


def test_nothing_follows_the_death_of_somebody_who_received_nothing() -> None:
    found = death_payments(replace(ASKED, was_receiving=False), on=ON)
    assert (found.decision.outcome, found.lines) == (Outcome.REFUSED, ())


def test_a_survivor_of_an_invalid_with_two_grounds_has_two_of_one_origin() -> None:
    person = MeritFacts(
        claims=(
            *INVALID.claims,
            MeritClaim(category=Category.AGENT_ORANGE_RESISTER, rate=71),
            MeritClaim(category=Category.RESISTANCE_PARTICIPANT, resistance_months=12),
        )
    )
    claims = survivors_claims(person, relation=Relation.SPOUSE, was_receiving=True, origin="Ma Văn Cha")
    assert [(one.category, one.rate, one.origin, one.has_died) for one in claims] == [
        (Category.RELATIVE_OF_WAR_INVALID, 61, "Ma Văn Cha", True),
        (Category.RELATIVE_OF_AGENT_ORANGE_RESISTER, 71, "Ma Văn Cha", True),
    ]


def test_whether_an_activist_died_while_receiving_goes_with_the_ground() -> None:
    person = MeritFacts(claims=(MeritClaim(category=Category.ACTIVIST_OF_1945),))
    (claim,) = survivors_claims(person, relation=Relation.CHILD, was_receiving=False, origin="A")
    assert claim.died_while_receiving is False


def test_a_survivor_receives_from_the_month_after_the_death() -> None:
    month, source = survivor_starts(date(2026, 12, 31))
    assert month == date(2027, 1, 1)
    assert source.confidence is Confidence.MEMORY


def test_the_months_of_a_level_that_was_not_read_say_so_too() -> None:
    (once, _funeral) = death_payments(ASKED, on=date(2026, 8, 1)).lines
    assert once.confidence is Confidence.MEMORY
    assert once.notice is not None
    assert "Chưa đọc được phụ lục" in once.notice


@pytest.mark.parametrize(
    ("before", "amounts"), [(10_800_000, [23_400_000 - 10_800_000]), (23_400_000, []), (27_000_000, [])]
)
def test_what_was_given_for_the_same_funeral_is_taken_off(before: int, amounts: list[int]) -> None:
    found = death_payments(replace(ASKED, given_before=Dong(before)), on=ON)
    assert [line.amount for line in found.lines if line.code == "funeral"] == amounts
    assert found.decision.value == sum(line.amount for line in found.lines)
