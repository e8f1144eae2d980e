"""The database itself refuses what must never be, and nothing recorded is edited."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from lienthong.assistance.models import Circumstance, EntitlementRate, Proposal
from lienthong.assistance.states import ProposalState
from tests.factories.accounts import UserFactory
from tests.factories.assistance import (
    CircumstanceFactory,
    DifficultAreaFactory,
    DisabilityCertificateFactory,
    EntitlementFactory,
    EntitlementRateFactory,
    FindingFactory,
    MeritClaimFactory,
    ProposalFactory,
    ScenarioFactory,
)

pytestmark = pytest.mark.django_db


def test_every_factory_makes_a_row() -> None:
    made = [
        CircumstanceFactory(), DifficultAreaFactory(), DisabilityCertificateFactory(), EntitlementRateFactory(),
        FindingFactory(), MeritClaimFactory(), ProposalFactory(), ScenarioFactory(), EntitlementFactory(ended=True),
    ]  # fmt: skip
    assert all(row.pk and str(row) for row in made)


def test_a_person_receives_a_benefit_once() -> None:
    first = EntitlementFactory()
    with pytest.raises(IntegrityError, match="entitlement_one_of_a_kind"), transaction.atomic():
        EntitlementFactory(person=first.person)
    EntitlementFactory(person=first.person, ended=True)


def test_a_month_has_one_rate_and_a_superseded_one_makes_room() -> None:
    rate = EntitlementRateFactory()
    with pytest.raises(IntegrityError, match="rate_one_a_month"), transaction.atomic():
        EntitlementRateFactory(entitlement=rate.entitlement, first_month=date(2027, 3, 1))
    EntitlementRate.objects.filter(pk=rate.pk).update(superseded_at=timezone.now())
    EntitlementRateFactory(entitlement=rate.entitlement)


@pytest.mark.parametrize("change", [{"amount": 1}, {"words": "khác"}, {"end_month": date(2027, 1, 1)}])
def test_a_rate_is_never_edited(change: dict[str, object]) -> None:
    rate = EntitlementRateFactory()
    with pytest.raises(DatabaseError, match="không được sửa"), transaction.atomic():
        EntitlementRate.objects.filter(pk=rate.pk).update(**change)


def test_what_was_superseded_or_withdrawn_stays_so() -> None:
    rate, fact = EntitlementRateFactory(superseded_at=timezone.now()), CircumstanceFactory(withdrawn_at=timezone.now())
    for row in (EntitlementRate.objects.filter(pk=rate.pk), Circumstance.objects.filter(pk=fact.pk)):
        with pytest.raises(DatabaseError, match="không được sửa"), transaction.atomic():
            row.update(**{"superseded_at" if row.model is EntitlementRate else "withdrawn_at": None})


def test_nothing_is_deleted() -> None:
    fact = CircumstanceFactory()
    with pytest.raises(DatabaseError), transaction.atomic():
        fact.delete()


def test_whoever_proposes_does_not_decide_and_a_decision_stays() -> None:
    proposal = ProposalFactory()
    row = Proposal.objects.filter(pk=proposal.pk)
    decided = {"state": ProposalState.APPROVED, "decided_at": timezone.now()}
    with pytest.raises(IntegrityError, match="proposal_by_two"), transaction.atomic():
        row.update(decided_by=proposal.prepared_by, **decided)
    row.update(decided_by=UserFactory(), **decided)
    with pytest.raises(DatabaseError, match="không được sửa"), transaction.atomic():
        row.update(note="sửa")
