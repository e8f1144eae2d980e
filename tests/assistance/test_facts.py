"""What the house knows of people, on any day, with the record each fact came from; unknown is not false."""

from datetime import date
from typing import Any

import pytest

from lienthong.assistance.queries.facts import facts_of, facts_of_many, histories_of, history_of
from lienthong.assistance.states import Benefit, Programme
from lienthong.kernel.days import BirthDate
from lienthong.kernel.identity import Sex
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.social_assistance.facts import PensionRequest, PersonFacts, PovertyStanding
from tests.factories.assistance import (
    CircumstanceFactory,
    DifficultAreaFactory,
    DisabilityCertificateFactory,
    EntitlementFactory,
    EntitlementRateFactory,
    MeritClaimFactory,
)
from tests.factories.people import HouseholdMembershipFactory, PersonFactory, ResidenceFactory
from tests.factories.poverty import HouseholdStandingFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 16)


def test_of_somebody_of_whom_nothing_else_is_recorded_only_birth_and_sex_are_known() -> None:
    person = PersonFactory()
    assert facts_of(person.pk, TODAY) == PersonFacts(birth_date=BirthDate(date(1980, 5, 17)), sex=Sex.FEMALE)


def test_each_fact_names_the_record_it_came_from() -> None:
    person = PersonFactory()
    membership = HouseholdMembershipFactory(person=person)
    standing = HouseholdStandingFactory(household=membership.household)
    certificate = DisabilityCertificateFactory(person=person)
    told = CircumstanceFactory(person=person, evidence="Biên bản ngày 01/03/2026")

    known = history_of(person.pk).known_on(TODAY)

    assert known.facts.poverty is PovertyStanding.POOR
    assert known.facts.disability is DisabilityLevel.SEVERE
    assert known.facts.has_supporter is False
    assert known.sources["poverty"].record == f"standing:{standing.pk}"
    assert known.sources["disability"].record == f"certificate:{certificate.pk}"
    assert known.sources["has_supporter"].record == f"circumstance:{told.pk}"
    assert known.sources["has_supporter"].words == "Biên bản ngày 01/03/2026"


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2021, 7, 31), None), (date(2021, 8, 1), "severe"), (date(2024, 1, 1), "mild")]
)
def test_a_fact_holds_between_its_days(day: date, expected: str | None) -> None:
    person = PersonFactory()
    DisabilityCertificateFactory(person=person, valid_until=date(2024, 1, 1))
    DisabilityCertificateFactory(person=person, level=DisabilityLevel.MILD, valid_from=date(2024, 1, 1))
    assert facts_of(person.pk, day).disability == expected


def test_the_class_is_that_of_the_household_of_the_day() -> None:
    person = PersonFactory()
    first = HouseholdMembershipFactory(person=person, valid_until=date(2026, 6, 1))
    HouseholdStandingFactory(household=first.household)
    second = HouseholdMembershipFactory(person=person, valid_from=date(2026, 6, 1))
    HouseholdStandingFactory(household=second.household, household_class="not_poor")
    assert facts_of(person.pk, date(2026, 5, 31)).poverty is PovertyStanding.POOR
    assert facts_of(person.pk, date(2026, 6, 1)).poverty is PovertyStanding.OTHER


def test_a_place_is_not_difficult_only_where_a_list_of_the_day_is_there() -> None:
    person = PersonFactory()
    home = ResidenceFactory(person=person)
    assert facts_of(person.pk, TODAY).lives_in_difficult_area is None
    DifficultAreaFactory()
    assert facts_of(person.pk, TODAY).lives_in_difficult_area is False
    area = DifficultAreaFactory(unit=home.unit, hamlet="xóm 1")
    known = history_of(person.pk).known_on(TODAY)
    assert known.facts.lives_in_difficult_area is True
    assert known.sources["lives_in_difficult_area"].record == f"area:{area.pk}"
    assert facts_of(person.pk, date(2021, 1, 1)).lives_in_difficult_area is None


def test_what_merit_gives_is_the_other_benefit() -> None:
    person = PersonFactory()
    rate = EntitlementRateFactory(
        entitlement=EntitlementFactory(person=person, programme=Programme.MERIT, benefit=Benefit.MONTHLY),
        amount=2_000_000,
    )
    EntitlementRateFactory(
        entitlement=EntitlementFactory(person=person, programme=Programme.MERIT, benefit=Benefit.ATTENDANT),
        amount=900_000,
    )
    assert facts_of(person.pk, TODAY).other_benefit == rate.amount
    CircumstanceFactory(person=person, name="other_benefit", value=3_000_000)
    assert facts_of(person.pk, TODAY).other_benefit == 3_000_000


def test_whoever_received_the_allowance_of_the_elderly_was_handed_over() -> None:
    person = PersonFactory()
    entitlement = EntitlementFactory(person=person, first_month=date(2024, 1, 1))
    EntitlementRateFactory(entitlement=entitlement, basis={"lines": [{"code": "elderly_without_pension"}]})
    assert facts_of(person.pk, date(2025, 6, 30)).pension_request is None
    assert facts_of(person.pk, date(2025, 7, 1)).pension_request is PensionRequest.HANDED_OVER


def test_facts_for_merit_take_claims_of_the_day_and_what_was_told() -> None:
    person = PersonFactory()
    MeritClaimFactory(person=person)
    CircumstanceFactory(person=person, name="merit.lives_at_home", value=True)
    history = histories_of([person.pk])[person.pk]
    facts = history.merit_facts_on(TODAY)
    assert [claim.rate for claim in facts.claims] == [61]
    assert facts.lives_at_home is True
    assert not history.merit_facts_on(date(2021, 1, 1)).claims


def test_many_people_cost_as_many_queries_as_one(django_assert_num_queries: Any) -> None:
    people = [HouseholdMembershipFactory().person for _ in range(5)]
    for person in people:
        CircumstanceFactory(person=person)
    with django_assert_num_queries(10):
        facts_of_many([people[0].pk], TODAY)
    with django_assert_num_queries(10):
        found = facts_of_many([person.pk for person in people], TODAY)
    assert len(found) == 5
