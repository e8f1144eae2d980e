"""Which commune looks after a form that came from the web: that of the household it names, else where its sender visits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from lienthong.accounts.models import Mandate, User
from lienthong.accounts.states import Role
from lienthong.poverty.models import CommuneReview, Submission
from lienthong.poverty.services import setting_aside
from lienthong.poverty.services.submissions import ReceiveSubmission, receive_submission
from lienthong.poverty.states import CommuneState, SubmissionState
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from tests.factories.people import HouseholdFactory
from tests.factories.poverty import CommuneReviewFactory, HouseholdReviewFactory
from tests.poverty.filled import Field
from tests.world import COMMUNE

BEFORE_IT, AFTER_IT = "H55.01840", "H55.05500"  # by the code of the place, before and after that of COMMUNE
UNKNOWN = "HT999999"


def place(field: Field, agency: str) -> AdministrativeUnit:
    unit = field.world.agency(agency).unit
    assert unit is not None
    return unit


def sender_in(field: Field, agencies: Iterable[str]) -> User:
    first, *others = agencies
    user = field.world.officer(Role.ENUMERATOR, first, another=True)
    for code in others:
        Mandate.objects.create(
            user=user, role=Role.ENUMERATOR, agency=field.world.agency(code), valid_from=date(2020, 3, 1)
        )
    return user


def sent(field: Field, household_code: str, *, by: User) -> Submission:
    xml = field.xml().replace(field.review.household.code.encode(), household_code.encode())
    return field.send(xml, by=by).submission


def list_of(field: Field, agency: str, **facts: object) -> CommuneReview:
    commune: CommuneReview = CommuneReviewFactory(round=field.commune.round, unit=place(field, agency), **facts)
    return commune


@pytest.mark.parametrize("agency", [BEFORE_IT, AFTER_IT])
def test_the_list_that_names_the_household_decides(field: Field, agency: str) -> None:
    review = HouseholdReviewFactory(
        commune_review=list_of(field, agency, visiting=True), enumerator=field.another_enumerator()
    )

    aside = sent(field, review.household.code, by=sender_in(field, [COMMUNE, BEFORE_IT, AFTER_IT]))

    assert (aside.state, aside.unit) == (SubmissionState.SET_ASIDE, place(field, agency))
    setting_aside.attach_submission(
        aside.pk,
        review.household.code,
        is_surely_theirs=True,
        acting_user=field.world.officer(Role.PROCESSOR, agency),
        now=field.now,
    )


def test_even_where_the_sender_does_not_visit(field: Field) -> None:
    aside = sent(field, field.review.household.code, by=sender_in(field, [BEFORE_IT]))

    assert (aside.state, aside.unit) == (SubmissionState.SET_ASIDE, place(field, COMMUNE))
    assert "nơi người gửi khảo sát" in aside.reason


def test_of_two_lists_that_of_a_commune_where_the_sender_visits(field: Field) -> None:
    elsewhere = HouseholdReviewFactory(
        commune_review=list_of(field, AFTER_IT, state=CommuneState.LISTING), household=field.review.household
    )
    assert elsewhere.commune_review.unit != field.commune.unit
    CommuneReview.objects.filter(pk=field.commune.pk).update(state=CommuneState.DECIDED)

    assert sent(field, field.review.household.code, by=sender_in(field, [COMMUNE])).unit == field.commune.unit
    assert sent(field, field.review.household.code, by=sender_in(field, [AFTER_IT])).unit == place(field, AFTER_IT)


def test_a_visit_stands_under_the_commune_of_its_list(field: Field) -> None:
    visit = sent(field, field.review.household.code, by=sender_in(field, [AFTER_IT, COMMUNE, BEFORE_IT]))

    assert (visit.state, visit.unit) == (SubmissionState.ACCEPTED, place(field, COMMUNE))


def test_a_household_on_no_list_is_looked_at_where_it_lives(field: Field) -> None:
    household = HouseholdFactory(unit=place(field, AFTER_IT))

    assert sent(field, household.code, by=sender_in(field, [COMMUNE])).unit == place(field, AFTER_IT)


def test_a_place_that_became_another_is_that_one(field: Field) -> None:
    here = place(field, COMMUNE)
    former = next(
        edge.predecessor
        for edge in units.predecessors_of(here)
        if units.heir_on(edge.predecessor, field.world.today) == here
    )

    assert sent(field, HouseholdFactory(unit=former).code, by=sender_in(field, [BEFORE_IT])).unit == here


def test_a_household_that_nobody_knows_is_looked_at_where_a_list_of_the_sender_is_open(field: Field) -> None:
    assert sent(field, UNKNOWN, by=sender_in(field, [AFTER_IT, BEFORE_IT, COMMUNE])).unit == place(field, COMMUNE)

    field.commune.round.closed_at = field.now
    field.commune.round.save()
    assert sent(field, UNKNOWN, by=sender_in(field, [AFTER_IT, COMMUNE])).unit == place(field, COMMUNE)
    assert sent(field, UNKNOWN, by=sender_in(field, [COMMUNE, BEFORE_IT])).unit == place(field, BEFORE_IT)


def test_of_several_open_lists_the_first_by_code(field: Field) -> None:
    for agency in (AFTER_IT, BEFORE_IT):
        list_of(field, agency, visiting=True)

    assert sent(field, UNKNOWN, by=sender_in(field, [AFTER_IT, COMMUNE, BEFORE_IT])).unit == place(field, BEFORE_IT)


def test_what_a_phone_sends_stays_with_the_commune_of_the_phone(field: Field) -> None:
    device = field.phone().device
    xml = field.xml().replace(field.review.household.code.encode(), HouseholdFactory().code.encode())

    received = receive_submission(
        ReceiveSubmission(xml=xml), acting_user=field.enumerator, now=field.now, device=device
    )

    assert (received.submission.state, received.submission.unit) == (SubmissionState.SET_ASIDE, field.commune.unit)
