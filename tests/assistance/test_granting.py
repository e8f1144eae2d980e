"""A benefit is proposed by one and granted by another, from the month and in the amount of the law, with birthdays ahead."""

from datetime import date

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, EntitlementRate, Proposal
from lienthong.assistance.services.changing import stop
from lienthong.assistance.services.deciding import DecideProposal, approve_proposal, refuse_proposal, withdraw_proposal
from lienthong.assistance.services.proposing import propose_grant
from lienthong.assistance.services.refusals import (
    AlreadyReceived,
    AlreadySettled,
    DecidesOwnProposal,
    MonthWrong,
    NotOwed,
    NotYours,
    PayeeWrong,
    ReasonMissing,
)
from lienthong.assistance.states import Benefit, ProposalState
from lienthong.infra.events import Event
from tests.assistance.known import approved, asked, disabled, granted, known, leader, processor, rates_of
from tests.factories.assistance import CircumstanceFactory, EntitlementFactory, EntitlementRateFactory
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World, at

OTHER_COMMUNE = "H55.05455"


def test_a_severe_disability_is_paid_from_the_month_of_the_decision(world: World) -> None:
    person = disabled(world)
    row = granted(world, person)
    assert row.first_month == date(2026, 11, 1)
    assert rates_of(row) == [("2026-11", "2028-11", 810_000)]
    rate = row.rates.get()
    assert rate.basis["category"] == "disability"
    assert "hệ số 1,5 × mức chuẩn 540.000" in rate.words
    assert "20/2021/NĐ-CP" in rate.basis["lines"][0]["reference"]
    assert row.decision_number == "12/QĐ-UBND"


def test_before_july_2025_a_disability_was_paid_from_the_month_of_the_certificate(world: World) -> None:
    world.now = at("2025-05-20 09:00")
    person = disabled(world, since=date(2025, 2, 10))
    district = world.officer(Role.LEADER, COMMUNE)
    proposal = propose_grant(asked(world, person), acting_user=processor(world), now=world.now)
    with pytest.raises(NotYours):
        approved(world, proposal, by=district)
    assert "từ tháng 02/2025 750.000" in proposal.words


def test_a_birthday_ahead_changes_the_rate_by_itself(world: World) -> None:
    person = disabled(world, born=date(1967, 6, 20))  # 60 in June 2027: an elderly person with a disability
    assert rates_of(granted(world, person)) == [("2026-11", "2027-06", 810_000), ("2027-06", "2028-11", 1_080_000)]


def test_the_social_pension_is_paid_once_asked_for(world: World) -> None:
    person = known(world, born=date(1950, 1, 5), facts={"pension_request": None})
    CircumstanceFactory(person=person, name="pension_request", value="written", valid_from=date(2026, 11, 2))
    row = granted(world, person)
    assert row.rates.get().basis["category"] == "social_pension"


def test_what_the_rules_refuse_is_refused_with_what_is_missing(world: World) -> None:
    with pytest.raises(NotOwed, match="không được hưởng"):
        propose_grant(asked(world, known(world)), acting_user=processor(world), now=world.now)
    unknown = disabled(world, facts={"other_benefit": None})
    with pytest.raises(NotOwed, match=r"Cần biết thêm: .*văn bản khác"):
        propose_grant(asked(world, unknown), acting_user=processor(world), now=world.now)
    assert not Proposal.objects.exists()


def test_a_proposal_prints_the_decision_sentence_by_sentence_and_writes_nothing_else(world: World) -> None:
    person = disabled(world)
    proposal = propose_grant(asked(world, person), acting_user=processor(world), now=world.now)
    assert proposal.reasons[0].startswith("1. Theo pháp luật áp dụng cho ngày 16/11/2026")
    assert "từ tháng 11/2026 810.000" in proposal.words
    assert not Entitlement.objects.exists()
    assert not Event.objects.filter(name="EntitlementGranted").exists()


def test_whoever_proposes_does_not_decide(world: World) -> None:
    person, chair = disabled(world), leader(world)
    proposal = propose_grant(asked(world, person), acting_user=chair, now=world.now)
    with pytest.raises(DecidesOwnProposal):
        approved(world, proposal, by=chair)
    with pytest.raises(NotYours):
        approved(world, proposal, by=world.officer(Role.LEADER, OTHER_COMMUNE))
    assert not Entitlement.objects.exists()
    approved(world, proposal, by=world.officer(Role.LEADER, COMMUNE, another=True))
    assert Entitlement.objects.get().person_id == person.pk


def test_nobody_of_another_commune_proposes(world: World) -> None:
    with pytest.raises(NotYours):
        propose_grant(
            asked(world, disabled(world)), acting_user=world.officer(Role.PROCESSOR, OTHER_COMMUNE), now=world.now
        )


def test_a_benefit_is_received_once_and_proposed_once(world: World) -> None:
    person = disabled(world)
    proposal = propose_grant(asked(world, person), acting_user=processor(world), now=world.now)
    with pytest.raises(AlreadyReceived):
        propose_grant(asked(world, person), acting_user=processor(world), now=world.now)
    approved(world, proposal)
    with pytest.raises(AlreadyReceived):
        propose_grant(asked(world, person), acting_user=processor(world), now=world.now)
    with pytest.raises(AlreadySettled):
        approved(world, proposal)


def test_what_is_refused_or_withdrawn_grants_nothing(world: World) -> None:
    person = disabled(world)
    first = propose_grant(asked(world, person), acting_user=processor(world), now=world.now)
    with pytest.raises(ReasonMissing):
        refuse_proposal(DecideProposal(proposal_id=first.pk), acting_user=leader(world), now=world.now)
    refuse_proposal(
        DecideProposal(proposal_id=first.pk, note="Thiếu biên bản"), acting_user=leader(world), now=world.now
    )
    second = propose_grant(asked(world, person), acting_user=processor(world), now=world.now)
    with pytest.raises(NotYours):
        withdraw_proposal(second.pk, acting_user=leader(world), now=world.now)
    withdraw_proposal(second.pk, acting_user=processor(world), now=world.now)
    states = list(Proposal.objects.order_by("pk").values_list("state", flat=True))
    assert states == [ProposalState.REFUSED, ProposalState.WITHDRAWN]
    assert not EntitlementRate.objects.exists()


def test_somebody_else_receives_the_money_on_a_ground_only(world: World) -> None:
    person, guardian = disabled(world), PersonFactory()
    with pytest.raises(PayeeWrong):
        propose_grant(asked(world, person, payee_id=guardian.pk), acting_user=processor(world), now=world.now)
    row = granted(world, person, payee_id=guardian.pk, payee_ground="guardian")
    assert row.payee_id == guardian.pk


def test_a_decision_may_begin_later_than_the_law_but_never_before(world: World) -> None:
    person = disabled(world)
    with pytest.raises(MonthWrong, match="11/2026"):
        propose_grant(asked(world, person, first_month=date(2026, 9, 1)), acting_user=processor(world), now=world.now)
    assert granted(world, person, first_month=date(2026, 12, 1)).first_month == date(2026, 12, 1)


def test_a_new_decision_begins_after_what_the_old_one_paid(world: World) -> None:
    person = disabled(world)
    EntitlementRateFactory(entitlement=EntitlementFactory(person=person, ended=True, last_month=date(2026, 11, 1)))
    assert granted(world, person).first_month == date(2026, 12, 1)


def test_a_decision_that_never_paid_delays_no_new_one(world: World) -> None:
    person = disabled(world)
    wrong = granted(world, person)
    stop(wrong, last_month=date(2026, 10, 1), reason="Cho hưởng nhầm", acting_user_id=None, now=world.now)
    assert rates_of(wrong) == []
    assert granted(world, person).first_month == date(2026, 11, 1)


def test_whoever_cares_for_the_extremely_severely_disabled_is_paid_beside(world: World) -> None:
    carer = PersonFactory()
    person = disabled(world, level="extremely_severe", facts={"care": "household"})
    granted(world, person)
    row = granted(world, person, Benefit.CARER, payee_id=carer.pk, payee_ground="carer")
    assert rates_of(row)[0][2] == 540_000


def test_approving_computes_anew_what_was_proposed(world: World) -> None:
    person = disabled(world)
    proposal = propose_grant(asked(world, person), acting_user=processor(world), now=world.now)
    person.died_on = date(2026, 11, 15)
    person.save()
    with pytest.raises(NotOwed, match="đã chết"):
        approve_proposal(DecideProposal(proposal_id=proposal.pk), acting_user=leader(world), now=world.now)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PENDING
