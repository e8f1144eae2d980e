"""Somebody with merit who was receiving has died: the approval tells the death, pays once and recognises the relative."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from lienthong.assistance.merit_table import DIED
from lienthong.assistance.models import DeathGrant, Entitlement, FuneralSupport, MeritClaim
from lienthong.assistance.payables import MERIT
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.services.emergency import Deceased
from lienthong.assistance.services.paid_once import revoke_once
from lienthong.assistance.states import EntitlementState
from lienthong.dossiers import handlers
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.kernel.decisions import Outcome
from lienthong.people.models import Person
from lienthong.rules.emergency.kinds import EmergencyKind
from tests.assistance import emergencies
from tests.assistance.known import amount_in, home_affairs, known
from tests.factories.assistance import (
    CircumstanceFactory,
    EntitlementFactory,
    EntitlementRateFactory,
    MeritClaimFactory,
)
from tests.world import COMMUNE, World

WIDOW, INVALID = "019085001234", "019050000111"
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
DIED_ON = "2026-11-04"
SURVIVOR = {"relation": "spouse", "has_reached_pension_age": "yes", "is_lonely": "no"}


@pytest.fixture
def widow(world: World) -> Person:
    return known(world, born=date(1955, 3, 1), number=WIDOW)


@pytest.fixture
def invalid(world: World) -> Person:
    """Return a war invalid of 61 % who receives since August."""
    person = known(world, born=date(1950, 3, 1), number=INVALID)
    MeritClaimFactory(person=person)
    row = EntitlementFactory(
        person=person, unit=person.unit, programme="merit", benefit="monthly", first_month=date(2026, 8, 1)
    )
    EntitlementRateFactory(entitlement=row, amount=4_000_000, basis={"category": "", "lines": []})
    return person


def received(world: World, asks: str, **answers: Any) -> Dossier:
    given = {"deceased_number": INVALID, "died_on": DIED_ON, "asks": asks, "person_number": "", **answers}
    return world.receive(DIED, answers=given, unit_id=world.agency(COMMUNE).unit_id)


def proposed(world: World, dossier: Dossier) -> Any:
    return handlers.for_procedure(DIED).proposal(dossier, on=world.today)


def test_the_approval_tells_the_death_pays_once_and_ends_what_was_received(
    world: World, invalid: Person, widow: Person
) -> None:
    dossier = received(world, "once", arranged_funeral="yes", other_support="0")
    decision = proposed(world, dossier)
    assert decision.outcome is Outcome.GRANTED

    dossier = world.approve(dossier)

    grant = DeathGrant.objects.get(deceased=invalid)
    assert (grant.amount, grant.payee_id, grant.dossier_code) == (decision.value, widow.pk, dossier.code)
    assert {line["code"] for line in grant.lines} == {"grant_at_death", "funeral"}
    invalid.refresh_from_db()
    assert invalid.died_on == date(2026, 11, 4)
    row = Entitlement.objects.get(person=invalid)
    assert (row.state, row.last_month) == (EntitlementState.ENDED, NOVEMBER)
    told = [one for one in MERIT.owed(NOVEMBER, since=NOVEMBER, changed_since=None) if one.benefit == "at_death"]
    assert [(one.person_id, one.payee_id, one.amount) for one in told] == [(invalid.pk, widow.pk, grant.amount)]
    assert "Điều 25 khoản 4" in told[0].words


def test_the_widow_receives_from_the_month_after_the_death(world: World, invalid: Person, widow: Person) -> None:
    dossier = received(world, "both", arranged_funeral="yes", other_support="0", **SURVIVOR)
    assert any("mỗi tháng" in str(one) for one in proposed(world, dossier).reasons)
    dossier = world.approve(dossier)
    claim = MeritClaim.objects.get(person=widow)
    assert (claim.category, claim.relation, claim.data["rate"]) == ("relative_of_war_invalid", "spouse", 61)
    assert INVALID in claim.data["origin"]
    row = Entitlement.objects.get(person=widow)
    assert (row.benefit, row.first_month, row.dossier_code) == ("monthly", DECEMBER, dossier.code)
    assert (amount_in(row, NOVEMBER), amount_in(row, DECEMBER) > 0) == (0, True)
    assert DeathGrant.objects.count() == 1


def test_a_second_relative_asks_for_the_allowance_alone(world: World, invalid: Person, widow: Person) -> None:
    world.approve(received(world, "once", arranged_funeral="yes", other_support="0"))
    with pytest.raises(ProgrammeRefusal, match="đã được quyết định"):
        world.approve(received(world, "once", arranged_funeral="yes", other_support="0"))
    child = known(world, born=date(2012, 1, 4), number="019212000077")
    answers = {"person_number": "019212000077", "relation": "child", "is_orphan": "no", "payee_ground": "guardian"}
    world.approve(received(world, "survivor", **answers))
    row = Entitlement.objects.get(person=child)
    assert (row.payee_id, row.payee_ground) == (widow.pk, "guardian")
    assert DeathGrant.objects.count() == 1


def test_a_relative_who_is_recognised_already_is_paid_and_not_recognised_twice(
    world: World, invalid: Person, widow: Person
) -> None:
    data = {"category": "relative_of_war_invalid", "relation": "spouse", "rate": 61, "has_died": True}
    MeritClaimFactory(
        person=widow, category="relative_of_war_invalid", relation="spouse", data=data, valid_from=date(2026, 11, 4)
    )
    world.approve(received(world, "survivor", **SURVIVOR))
    assert MeritClaim.objects.filter(person=widow).count() == 1
    assert Entitlement.objects.get(person=widow).benefit == "monthly"


def test_what_the_rules_do_not_give_the_relative_undoes_everything(
    world: World, invalid: Person, widow: Person
) -> None:
    answers = {**SURVIVOR, "has_reached_pension_age": "no"}
    dossier = received(world, "both", arranged_funeral="yes", other_support="0", **answers)
    assert proposed(world, dossier).outcome is Outcome.REFUSED
    with pytest.raises(ProgrammeRefusal, match="đủ tuổi"):
        world.approve(dossier)
    invalid.refresh_from_db()
    assert invalid.died_on is None
    assert not DeathGrant.objects.exists()


def test_what_is_not_known_of_the_relative_is_named(world: World, invalid: Person, widow: Person) -> None:
    decision = proposed(world, received(world, "survivor", relation="spouse"))
    assert decision.outcome is Outcome.UNKNOWN
    assert any("đủ tuổi" in one for one in decision.missing)


def test_the_death_of_somebody_who_received_nothing_brings_nothing(world: World, widow: Person) -> None:
    person = known(world, born=date(1950, 3, 1), number=INVALID)
    MeritClaimFactory(person=person)
    dossier = received(world, "once", arranged_funeral="yes", other_support="0")
    assert proposed(world, dossier).outcome is Outcome.REFUSED
    with pytest.raises(ProgrammeRefusal, match="đang hưởng trợ cấp ưu đãi hằng tháng"):
        world.approve(dossier)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"deceased_number": "019000000000"}, "không có người này"),
        ({"died_on": ""}, "Ngày chết"),
        ({"died_on": "2027-01-01"}, "không thể sau hôm nay"),
        ({"asks": ""}, "Đề nghị"),
        ({"asks": "survivor"}, "Quan hệ với người có công"),
        ({"other_support": "nhiều"}, "Trợ cấp mai táng theo chế độ khác"),
    ],
)
def test_what_cannot_be_is_asked_about_at_intake(
    world: World, invalid: Person, answers: dict[str, str], sentence: str
) -> None:
    with pytest.raises(dossiers.ItemsMissing, match=sentence):
        received(world, answers.pop("asks", "once"), **answers)


def test_a_grant_is_never_edited(world: World, invalid: Person, widow: Person) -> None:
    world.approve(received(world, "once", arranged_funeral="no"))
    with pytest.raises(DatabaseError), transaction.atomic():
        DeathGrant.objects.update(amount=1)


def test_who_arranged_the_funeral_is_paid_it_after_another_was_paid_the_sum_of_the_relatives(
    world: World, invalid: Person, widow: Person
) -> None:
    world.approve(received(world, "once", arranged_funeral="no"))
    son = known(world, born=date(1980, 1, 4), number="019080000033", full_name="Ma Văn Trai")
    applicant = replace(world.request().applicant, name=son.full_name, number="019080000033")
    answers = {
        "deceased_number": INVALID, "died_on": DIED_ON, "asks": "once", "person_number": "", "arranged_funeral": "yes",
        "other_support": "0",
    }  # fmt: skip
    dossier = world.receive(DIED, answers=answers, unit_id=invalid.unit_id, applicant=applicant)
    assert proposed(world, dossier).value == 25_300_000

    world.approve(dossier)

    found = DeathGrant.objects.order_by("pk").values_list("part", "payee")
    assert list(found) == [("relatives", widow.pk), ("funeral", son.pk)]
    told = [one for one in MERIT.owed(NOVEMBER, since=NOVEMBER, changed_since=None) if one.payee_id == son.pk]
    assert [(one.person_id, one.benefit, one.amount) for one in told] == [(invalid.pk, "funeral", 25_300_000)]
    assert "funeral" in MERIT.benefits()
    again = received(world, "once", arranged_funeral="yes", other_support="0")
    assert proposed(world, again).outcome is Outcome.REFUSED


def test_what_was_granted_already_is_refused_in_the_proposal_whatever_else_is_open(
    world: World, invalid: Person, widow: Person
) -> None:
    dossier = world.approve(received(world, "once", arranged_funeral="yes", other_support="0"))
    for answers in ({"arranged_funeral": "yes", "other_support": "0"}, {"arranged_funeral": "unknown"}):
        decision = proposed(world, received(world, "once", **answers))
        assert decision.outcome is Outcome.REFUSED
        assert "đã được quyết định" in str(decision.reasons[0])
    assert proposed(world, dossier).outcome is Outcome.GRANTED


def test_what_was_taken_back_may_be_granted_again(world: World, invalid: Person, widow: Person) -> None:
    world.approve(received(world, "once", arranged_funeral="yes", other_support="0"))
    grant = DeathGrant.objects.get()
    revoke_once("at-death", grant.pk, reason="Ghi nhầm người nhận", acting_user=home_affairs(world), now=world.now)
    again = received(world, "once", arranged_funeral="yes", other_support="0")
    assert proposed(world, again).value == grant.amount
    world.approve(again)
    assert DeathGrant.objects.get(withdrawn_at=None).dossier_code == again.code


def test_only_the_highest_is_paid_for_one_funeral(world: World, invalid: Person, widow: Person) -> None:
    FuneralSupport.objects.create(
        dossier_code="H55.11", deceased=invalid, deceased_name=invalid.full_name, deceased_number=INVALID,
        died_on=date(2026, 11, 4), payee_name="Hoàng Văn Ẩn", amount=10_800_000, reasons=[], granted_at=world.now,
        granted_by=1,
    )  # fmt: skip
    world.approve(received(world, "once", arranged_funeral="yes", other_support="0"))
    (funeral,) = (line for line in DeathGrant.objects.get().lines if line["code"] == "funeral")
    assert funeral["amount"] == 25_300_000 - 10_800_000

    deceased = Deceased(name=invalid.full_name, number=INVALID, person_id=invalid.pk)
    command = emergencies.asked(world, widow, EmergencyKind.DEATH, deceased=deceased, happened_on=date(2026, 11, 4))
    assert emergencies.granted(world, command).amount == 27_000_000 - 25_300_000


def test_after_it_article_eleven_gives_nothing(world: World, invalid: Person, widow: Person) -> None:
    world.approve(received(world, "once", arranged_funeral="yes", other_support="0"))
    answers = {**world.request().answers, "deceased_number": INVALID, "died_on": DIED_ON}
    with pytest.raises(ProgrammeRefusal, match="theo chế độ người có công"):
        world.approve(world.receive(answers=answers))


def test_of_somebody_in_an_institution_it_gives_what_article_twenty_five_gives_more(
    world: World, invalid: Person, widow: Person
) -> None:
    since = date(2025, 1, 1)
    invalid.circumstances.filter(name="in_institution").update(valid_until=since)
    CircumstanceFactory(person=invalid, name="in_institution", value=True, valid_from=since)
    world.approve(received(world, "once", arranged_funeral="yes", other_support="0"))
    answers = {
        **world.request().answers, "deceased_number": INVALID, "deceased_name": invalid.full_name, "died_on": DIED_ON,
        "circumstance": "institution",
    }  # fmt: skip
    dossier = world.receive(answers=answers)
    decision = handlers.for_procedure(dossier.procedure_code).proposal(dossier, on=world.today)
    assert decision is not None
    assert decision.value == 27_000_000 - 25_300_000
    world.approve(dossier)
    support = FuneralSupport.objects.get(deceased=invalid)
    assert support.amount == 1_700_000
    assert any("25.300.000" in reason and "27.000.000" in reason for reason in support.reasons)
