"""What is decided on a day is decided by the law in force on that day, whatever was signed and reaches back to it.

Decree 335/2026 applies from July 2026 and is in force from 5 October, decree 321/2026 from 1 October: who decides in
September decides by the levels of before, and what was not owed by them is not granted.
"""

from datetime import date
from typing import Any

import pytest

from lienthong.assistance.payables import MERIT, SOCIAL_ASSISTANCE
from lienthong.assistance.procedures.funeral import FuneralSupportHandler
from lienthong.assistance.procedures.monthly import MONTHLY_ALLOWANCE
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.months import starts_of
from lienthong.assistance.services.funeral import GrantFuneralSupport, grant_funeral_support
from lienthong.assistance.services.proposing import propose_grant
from lienthong.assistance.services.refusals import NotOwed
from lienthong.dossiers import handlers
from lienthong.dossiers.models import Dossier
from lienthong.people.models import Person
from lienthong.rules.social_assistance.funeral import FuneralFacts
from tests.assistance.known import asked, disabled, granted, known, leader, processor, rates_of
from tests.world import COMMUNE, World, at

NUMBER = "019085001234"

BEFORE, AFTER = "2026-09-15 09:00", "2026-10-06 09:00"
SEPTEMBER = date(2026, 9, 1)


def with_a_small_pension(world: World) -> Person:
    """Return somebody of 76 whose pension lies between the social pension of before and that of the decree to come."""
    facts = {"pension": 520_000, "pension_request": "written"}
    return known(world, born=date(1950, 1, 5), facts=facts)


def test_a_pension_above_the_level_in_force_gives_no_social_pension_before_the_higher_one_is_in_force(
    world: World,
) -> None:
    person = with_a_small_pension(world)
    world.now = at(BEFORE)
    with pytest.raises(NotOwed, match="không được hưởng"):
        propose_grant(asked(world, person), acting_user=processor(world), now=world.now)
    assert starts_of(history_of(person.pk), "personal", decided_on=date(2026, 9, 15)) == {}

    world.now = at(AFTER)
    assert granted(world, person).first_month == date(2026, 10, 1)


def test_the_desk_proposes_by_the_law_in_force(world: World) -> None:
    person = disabled(world, number=NUMBER)
    answers = {"person_number": "", "request": "grant"}
    dossier = world.receive(MONTHLY_ALLOWANCE, desk=COMMUNE, answers=answers, unit_id=world.agency(COMMUNE).unit_id)
    handler: Any = handlers.for_procedure(MONTHLY_ALLOWANCE)
    assert [handler.proposal(dossier, on=day).value for day in (date(2026, 9, 15), date(2026, 10, 6))] == [
        750_000, 810_000,
    ]  # fmt: skip
    assert person.personal_id_number == NUMBER


def test_a_proposal_is_worded_by_the_law_in_force(world: World) -> None:
    world.now = at(BEFORE)
    proposal = propose_grant(asked(world, disabled(world)), acting_user=processor(world), now=world.now)
    assert "từ tháng 09/2026 750.000" in proposal.words
    assert not any("540.000" in reason for reason in proposal.reasons)
    assert any("500.000" in reason for reason in proposal.reasons)


def test_a_grant_writes_the_rates_of_the_law_in_force(world: World) -> None:
    world.now = at(BEFORE)
    row = granted(world, disabled(world))
    assert rates_of(row) == [("2026-09", "2028-09", 750_000)]


def funeral() -> FuneralFacts:
    return FuneralFacts(
        died_on=date(2026, 8, 20), received_monthly_social_assistance=True, child_of_poor_single_parent=False,
        received_survivor_or_other_monthly_benefit=False, claimant_arranged_funeral=True, highest_other_funeral_support=0,
        in_institution=False,
    )  # fmt: skip


@pytest.mark.parametrize(("decided", "amount"), [(BEFORE, 10_000_000), (AFTER, 10_800_000)])
def test_a_funeral_is_supported_by_the_level_in_force_on_the_day_of_the_decision(
    world: World, decided: str, amount: int
) -> None:
    command = GrantFuneralSupport(
        dossier_code="H55.1", deceased_name="Nông Văn Tư", deceased_number="", died_on=date(2026, 8, 20),
        payee_name="Nông Thị Sáu", facts=funeral(),
    )  # fmt: skip
    support = grant_funeral_support(command, acting_user=leader(world), now=at(decided))
    assert support.amount == amount


@pytest.mark.parametrize(("on", "amount"), [(date(2026, 9, 15), 10_000_000), (date(2026, 10, 6), 10_800_000)])
def test_the_desk_is_told_the_funeral_support_of_the_law_in_force(world: World, on: date, amount: int) -> None:
    answers = {
        "died_on": "20/08/2026", "circumstance": "survivor", "deceased_birth": "1938-05-17", "arranged_funeral": "yes",
        "other_support": "0", "deceased_number": "", "deceased_name": "Nông Văn Tư",
    }  # fmt: skip
    decision = FuneralSupportHandler().proposal(Dossier(answers=answers), on=on)
    assert decision is not None
    assert decision.value == amount


def test_a_run_says_by_which_law_it_was_reckoned_on_its_day() -> None:
    for source in (SOCIAL_ASSISTANCE, MERIT):
        before = source.known_on(SEPTEMBER, on=date(2026, 9, 15))
        assert before == source.known_on(SEPTEMBER, on=date(2026, 9, 20))
        assert before != source.known_on(SEPTEMBER, on=date(2026, 10, 6))
