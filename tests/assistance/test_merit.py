"""Claims of people with merit: proposed in the commune, decided at the province; everything that follows is granted with them."""

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.events import EntitlementAdjusted
from lienthong.assistance.models import Entitlement, MeritClaim, Proposal
from lienthong.assistance.payables import MERIT, SOCIAL_ASSISTANCE
from lienthong.assistance.services.changing import adjust
from lienthong.assistance.services.merit import ProposeClaim, propose_claim
from lienthong.assistance.services.refusals import AlreadyReceived, AssistanceRefusal, FactWrong, NotYours
from lienthong.assistance.states import Programme
from lienthong.infra.models import Event
from lienthong.people.models import Person
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.plain_facts import merit_from_plain
from tests.assistance.known import amount_in, approved, disabled, granted, home_affairs, known, leader, processor
from tests.factories.assistance import CircumstanceFactory
from tests.world import HOME_AFFAIRS, World, at

INVALID = {"category": "war_invalid", "rate": 61, "has_especially_severe_condition": False}
SEVERE_INVALID = {"category": "war_invalid", "rate": 85, "has_especially_severe_condition": True}


def proposed(world: World, person: Person, data: dict[str, Any], since: date = date(2026, 11, 1)) -> Proposal:
    for name, value in (("merit.lives_at_home", True), ("merit.school", "none")):
        CircumstanceFactory(person=person, name=name, value=value)
    command = ProposeClaim(person_id=person.pk, data=data, valid_from=since)
    return propose_claim(command, acting_user=processor(world), now=world.now)


def by_rules(data: dict[str, Any], day: date) -> dict[str, int]:
    facts = merit_from_plain({"claims": [data], "lives_at_home": True, "school": "none", "birth_date": "1980-05-17"})
    found: dict[str, int] = {}
    for line in assess_merit(facts, on=day).lines:
        found[str(line.kind)] = found.get(str(line.kind), 0) + line.amount
    return found


@pytest.mark.parametrize("data", [INVALID, SEVERE_INVALID])
def test_recognition_grants_everything_that_follows(world: World, data: dict[str, Any]) -> None:
    person = known(world)
    approved(world, proposed(world, person, data), "77/QĐ-SNV", by=home_affairs(world))
    rows = {row.benefit: row for row in Entitlement.objects.filter(person=person, programme=Programme.MERIT)}
    expected = by_rules(data, world.today)
    assert expected
    assert {benefit: amount_in(row, date(2026, 11, 1)) for benefit, row in rows.items()} == expected
    assert {row.decision_number for row in rows.values()} == {"77/QĐ-SNV"}
    claim = MeritClaim.objects.get()
    assert (claim.prepared_by_id, claim.recorded_by_id) == (processor(world).pk, home_affairs(world).pk)
    told = {
        one.benefit: one.amount for one in MERIT.owed(date(2026, 11, 1), since=date(2026, 11, 1), changed_since=None)
    }
    assert told == expected


def test_the_commune_proposes_and_does_not_decide(world: World) -> None:
    proposal = proposed(world, known(world), INVALID)
    with pytest.raises(NotYours):
        approved(world, proposal, by=leader(world))
    with pytest.raises(FactWrong, match="số quyết định"):
        approved(world, proposal, "", by=home_affairs(world))
    assert not MeritClaim.objects.exists()


def test_a_claim_that_cannot_be_is_refused_and_one_is_recognised_once(world: World) -> None:
    person = known(world)
    with pytest.raises(FactWrong):
        proposed(world, person, {"category": "war_invalid", "rate": 200})
    approved(world, proposed_again(world, person), "1/QĐ", by=home_affairs(world))
    with pytest.raises(FactWrong, match="đã được công nhận"):
        approved(world, proposed_again(world, person), "2/QĐ", by=home_affairs(world))


def proposed_again(world: World, person: Person) -> Proposal:
    command = ProposeClaim(person_id=person.pk, data=INVALID, valid_from=date(2026, 11, 1))
    return propose_claim(command, acting_user=processor(world), now=world.now)


def test_what_is_paid_once_is_paid_once_and_what_is_paid_yearly_each_year(world: World) -> None:
    person = known(world)
    worship = {
        "category": "worshipper_of_martyr",
        "relation": "worshipper",
        "number_of_martyrs": 1,
        "martyr_has_recipient": False,
    }
    approved(world, proposed(world, person, worship), "5/QĐ-SNV", by=home_affairs(world))
    rows = {row.benefit: row for row in Entitlement.objects.filter(person=person)}
    if "yearly" in rows:
        yearly = rows["yearly"]
        months = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1), date(2028, 1, 1)]
        paid = [bool(amount_in(yearly, month)) for month in months]
        assert paid == [True, False, True, False, True]
    else:
        pytest.fail(f"no yearly benefit among {sorted(rows)}")


@pytest.mark.parametrize("months", [(10, 11, 9), (11, 10, 11), (11, 11, 11), (9, 10, 11)])
def test_each_claim_that_is_paid_once_is_paid_once(world: World, months: tuple[int, ...]) -> None:
    person = known(world)
    claims = [
        {"category": "martyr_death_notice", "origin": "Hoàng Văn A"},
        {"category": "helper_resistance_medal"},
        {"category": "martyr_death_notice", "origin": "Hoàng Văn B"},
    ]
    for data, month in zip(claims, months, strict=True):
        command = ProposeClaim(person_id=person.pk, data=data, valid_from=date(2026, month, 3))
        proposal = propose_claim(command, acting_user=processor(world), now=world.now)
        approved(world, proposal, "7/QĐ-SNV", by=home_affairs(world))
    adjust(person.pk, from_month=date(2026, 9, 1), reason="Rà soát", acting_user_id=None, now=world.now)
    told = MERIT.owed(date(2026, 11, 1), since=date(2026, 9, 1), changed_since=None)
    expected = sum(amount for data in claims for amount in by_rules(data, world.today).values())
    assert expected == sum(one.amount for one in told) > 0


def test_merit_counts_against_the_allowance_from_its_first_month(world: World) -> None:
    person = disabled(world, facts={"other_benefit": None})
    CircumstanceFactory(person=person, name="other_benefit", value=0, valid_from=date(2021, 1, 1))
    row = granted(world, person)
    assert amount_in(row, date(2026, 11, 1)) == 810_000
    approved(world, proposed(world, person, INVALID), "9/QĐ-SNV", by=home_affairs(world))
    assert amount_in(row, date(2027, 1, 1)) == 0


def test_merit_of_months_that_have_gone_by_takes_the_allowance_of_those_months(world: World) -> None:
    person = disabled(world, facts={"other_benefit": None})
    CircumstanceFactory(person=person, name="other_benefit", value=0, valid_from=date(2021, 1, 1))
    today, world.now = world.now, at("2026-03-20 09:00")
    row = granted(world, person)
    world.now = today
    months = [date(2026, month, 1) for month in range(3, 12)]
    assert all(amount_in(row, month) for month in months)
    approved(world, proposed(world, person, INVALID, date(2026, 3, 5)), "9/QĐ-SNV", by=home_affairs(world))
    assert [amount_in(row, month) for month in months] == [0] * 9
    owed = SOCIAL_ASSISTANCE.owed(date(2026, 11, 1), since=date(2026, 3, 1), changed_since=None)
    assert {(one.month, one.amount) for one in owed if one.person_id == person.pk} <= {(one, 0) for one in months}
    adjusted = Event.objects.filter(stream=row.stream, name=EntitlementAdjusted.__name__).latest("sequence")
    assert (adjusted.payload["first_month"], adjusted.payload["amount"]) == ("2026-03-01", 0)
    assert "ưu đãi người có công" in adjusted.payload["reason"]


def test_an_officer_of_the_province_may_propose_and_another_decides(world: World) -> None:
    decider, officer = home_affairs(world), world.officer(Role.LEADER, HOME_AFFAIRS, another=True)
    command = ProposeClaim(person_id=known(world).pk, data=INVALID, valid_from=date(2026, 11, 1))
    proposal = propose_claim(command, acting_user=officer, now=world.now)
    with pytest.raises(AssistanceRefusal):
        approved(world, proposal, "1/QĐ", by=officer)
    approved(world, proposal, "1/QĐ", by=decider)
    assert MeritClaim.objects.count() == 1
    assert (
        adjust(proposal.person_id, from_month=date(2026, 11, 1), reason="-", acting_user_id=None, now=world.now) == []
    )


def test_what_all_relatives_of_a_martyr_receive_once_is_recognised_for_one_of_them(world: World) -> None:
    def asks(origin: str) -> Proposal:
        data = {"category": "martyr_recognised", "relation": "child", "has_died": True, "origin": origin}
        return proposed(world, known(world), data)

    approved(world, asks("Ma Văn Cha, hồ sơ 12"), "1/QĐ", by=home_affairs(world))
    with pytest.raises(AlreadyReceived, match="hưởng chung một khoản"):
        approved(world, asks("ma văn  CHA, hồ sơ 12"), "2/QĐ", by=home_affairs(world))
    approved(world, asks("Ma Văn Cha, hồ sơ 13"), "3/QĐ", by=home_affairs(world))
    assert MeritClaim.objects.count() == 2
