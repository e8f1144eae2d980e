"""Procedures for people with merit: the rules propose, the approval at the province recognises and pays, in one transaction."""

from datetime import date
from typing import Any

import pytest

from lienthong.assistance.merit_table import DIED, MOVED, PLAIN, PROCEDURES, RESUMED
from lienthong.assistance.models import Circumstance, Entitlement, MeritClaim
from lienthong.assistance.payables import MERIT
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.services import changing
from lienthong.assistance.states import EntitlementState
from lienthong.catalogue.models import Procedure
from lienthong.dossiers import handlers
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState
from lienthong.kernel.decisions import Outcome
from lienthong.people.models import Person
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.facts import Category
from lienthong.rules.merit.plain_facts import merit_from_plain
from tests.assistance.known import amount_in, known
from tests.factories.assistance import CircumstanceFactory, MeritClaimFactory
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World, at, target

NUMBER = "019085001234"
OTHER_COMMUNE = "H55.05455"
BORN = date(1980, 5, 17)
NOVEMBER = date(2026, 11, 1)
MARTYR = "Hoàng Văn Liệt, hồ sơ LS 1207"

GRANTS: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("1.010801", {"case": "relative", "origin": MARTYR, "relation": "spouse", "number_of_martyrs": "1", "is_lonely": "no"},
     {"category": "relative_of_martyr", "origin": MARTYR, "relation": "spouse", "number_of_martyrs": 1}),
    ("1.010801", {"case": "recognised", "origin": MARTYR, "relation": "heir"}, {"category": "martyr_recognised"}),
    ("1.010802", {"origin": MARTYR, "has_cared_for_martyrs_family": "yes"},
     {"category": "relative_of_martyr", "relation": "remarried_spouse", "has_cared_for_martyrs_family": True}),
    ("1.010803", {"origin": MARTYR, "number_of_martyrs": "2", "martyr_has_recipient": "no"},
     {"category": "worshipper_of_martyr", "number_of_martyrs": 2, "martyr_has_recipient": False}),
    ("1.010804", {"case": "heroic_mother", "lives_at_home": "yes", "is_lonely": "no"}, {"category": "heroic_mother"}),
    ("1.010804", {"case": "unpaid_heroic_mother", "origin": "Lường Thị Mẹ", "relation": "child"}, {"category": "unpaid_heroic_mother"}),
    ("1.010805", {"case": "hero"}, {"category": "hero"}),
    ("1.010806", {"rate": "61 %", "has_especially_severe_condition": "no"}, {"category": "war_invalid", "rate": 61}),
    ("1.010806", {"rate": "15"}, {"category": "war_invalid", "rate": 15}),
    ("1.010809", {"rate": "45"}, {"category": "war_invalid", "rate": 45}),
    ("1.010815", {"case": "activist_before_1945", "was_detached": "yes", "seniority_units": "4"},
     {"category": "activist_before_1945", "was_detached": True, "seniority_units": 4}),
    ("1.010816", {"rate": "81", "has_especially_severe_condition": "no", "has_infertility_or_affected_child": "no", "lives_at_home": "yes"},
     {"category": "agent_orange_resister", "rate": 81, "has_especially_severe_condition": False}),
    ("1.010817", {"origin": "Ma Văn Cha", "rate": "70"}, {"category": "affected_child", "rate": 70}),
    ("1.010818", {"case": "imprisoned"}, {"category": "imprisoned"}),
    ("1.010819", {"case": "resistance_participant", "resistance_months": "24"},
     {"category": "resistance_participant", "resistance_months": 24}),
    ("1.010820", {"case": "helper_resistance_medal"}, {"category": "helper_resistance_medal"}),
    ("1.010821", {"case": "relative_of_war_invalid", "origin": "Ma Văn Cha", "rate": "61", "has_died": "no", "school": "boarding_or_higher"},
     {"category": "relative_of_war_invalid", "relation": "child", "rate": 61, "has_died": False}),
]  # fmt: skip


def received(world: World, code: str, **answers: Any) -> Dossier:
    unit_id = world.agency(COMMUNE).unit_id
    return world.receive(code, answers={"person_number": NUMBER, **answers}, unit_id=unit_id)


def proposed(world: World, dossier: Dossier) -> Any:
    return handlers.for_procedure(dossier.procedure_code).proposal(dossier, on=world.today)


def by_rules(data: dict[str, Any], day: date, **facts: Any) -> dict[str, int]:
    given = {"lives_at_home": True, "is_lonely": False, "birth_date": BORN.isoformat(), **facts}
    found: dict[str, int] = {}
    for line in assess_merit(merit_from_plain({"claims": [data], **given}), on=day).lines:
        found[str(line.kind)] = found.get(str(line.kind), 0) + line.amount
    return found


def paid(person: Person, month: date = NOVEMBER) -> dict[str, int]:
    rows = Entitlement.objects.filter(person=person, programme="merit")
    return {row.benefit: amount for row in rows if (amount := amount_in(row, month))}


@pytest.mark.parametrize(("code", "answers", "data"), GRANTS)
def test_an_approval_recognises_and_pays_what_the_rules_propose(
    world: World, code: str, answers: dict[str, str], data: dict[str, Any]
) -> None:
    person = known(world, born=BORN, number=NUMBER)
    expected = by_rules(data, world.today, **({"school": answers["school"]} if "school" in answers else {}))
    assert expected
    dossier = received(world, code, **answers)
    decision = proposed(world, dossier)
    assert decision.outcome is Outcome.GRANTED
    assert all(
        any(f"{amount:,}".replace(",", ".") in str(one) for one in decision.reasons)
        for amount in expected.values()
        if len(expected) == 1
    )
    assert any("Điều" in str(one) for one in decision.reasons)

    dossier = world.approve(dossier)

    assert paid(person) == expected
    claim = MeritClaim.objects.get(person=person)
    assert claim.category == data["category"]
    assert claim.prepared_by_id in dossier.preparer_ids
    assert claim.recorded_by_id == dossier.decided_by
    rows = Entitlement.objects.filter(person=person)
    assert {(row.dossier_code, row.unit_id, row.payee_id) for row in rows} == {(dossier.code, person.unit_id, person.pk)}  # fmt: skip
    told = MERIT.owed(NOVEMBER, since=NOVEMBER, changed_since=None)
    assert {one.benefit: one.amount for one in told} == expected


def test_every_procedure_of_merit_is_handled_or_says_why_not(world: World) -> None:
    codes = set(Procedure.objects.filter(field__code="merit").values_list("code", flat=True))
    own = {RESUMED, DIED, MOVED}
    assert codes == set(PROCEDURES) | own | set(PLAIN)
    assert not set(PROCEDURES) & set(PLAIN)
    assert all(code in handlers.registered() for code in set(PROCEDURES) | own)
    assert not any(code in handlers.registered() for code in PLAIN)


@pytest.mark.parametrize("code", sorted(PROCEDURES))
def test_no_question_is_asked_twice_and_every_choice_can_be_read(code: str) -> None:
    questions = handlers.for_procedure(code).questions()
    assert len({one.name for one in questions}) == len(questions)
    for case in PROCEDURES[code].cases:
        assert "relation" not in case.asks or case.relations
        assert case.category or case.changes or case.facts or case.fixed_facts


def test_what_the_rules_do_not_give_undoes_the_approval(world: World) -> None:
    person = known(world, born=BORN, number=NUMBER)
    dossier = world.to_decision(received(world, "1.010806", rate="3"))
    assert proposed(world, dossier).outcome is Outcome.REFUSED
    with pytest.raises(ProgrammeRefusal, match="chưa đến mức được trợ cấp"):
        dossiers.approve(dossiers.Approve(target=target(dossier)), acting_user=world.decider(dossier), now=world.now)
    assert Dossier.objects.get(pk=dossier.pk).state == DossierState.IN_PROGRESS
    assert not MeritClaim.objects.filter(person=person).exists()


def test_a_missing_fact_is_named_and_nothing_is_approved_without_it(world: World) -> None:
    known(world, born=BORN, number=NUMBER)
    dossier = received(world, "1.010802", origin=MARTYR)
    decision = proposed(world, dossier)
    assert decision.outcome is Outcome.UNKNOWN
    assert "nuôi con liệt sĩ" in decision.missing[0]
    with pytest.raises(ProgrammeRefusal, match="cần biết thêm"):
        world.approve(dossier)


def test_a_grown_child_of_a_martyr_is_recognised_and_paid_nothing(world: World) -> None:
    person = known(world, born=BORN, number=NUMBER)
    dossier = received(
        world, "1.010801", case="relative", origin=MARTYR, relation="child", number_of_martyrs="1", school="none",
        disabled_before_18="no",
    )  # fmt: skip
    Circumstance.objects.create(
        person=person, name="merit.disability", value="none", valid_from=date(2021, 1, 1), evidence="Biên bản",
        recorded_by=world.officer("processor"), recorded_at=world.now,
    )  # fmt: skip
    decision = proposed(world, dossier)
    assert (decision.outcome, decision.value) == (Outcome.GRANTED, 0)
    assert any("giấy chứng nhận" in str(one) for one in decision.reasons)
    world.approve(dossier)
    assert MeritClaim.objects.get(person=person).relation == "child"
    assert not Entitlement.objects.filter(person=person).exists()


@pytest.mark.parametrize(
    ("code", "answers", "sentence"),
    [
        ("1.010801", {}, "Trường hợp đề nghị"),
        ("1.010801", {"case": "relative", "origin": MARTYR, "number_of_martyrs": "1"}, "Quan hệ với người có công"),
        ("1.010801", {"case": "relative", "origin": MARTYR, "relation": "heir", "number_of_martyrs": "1"}, "không thuộc trường hợp"),
        ("1.010806", {"rate": "sáu mươi"}, "không phải số nguyên"),
        ("1.010806", {"rate": "120"}, "từ 0 đến 100"),
        ("1.010806", {"rate": "61", "counts_from": "2027-01-01"}, "không thể sau hôm nay"),
        ("1.010806", {"rate": "61", "person_number": "019000000000"}, "không có người này"),
        ("1.010823", {}, "Trường hợp hưởng lại"),
        ("1.010823", {"ground": "served"}, "Ngày chấp hành xong"),
        ("1.010827", {"where_to": "away"}, "hết tháng của ngày"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_asked_about_at_intake(
    world: World, code: str, answers: dict[str, str], sentence: str
) -> None:
    known(world, born=BORN, number=NUMBER)
    with pytest.raises(dossiers.ItemsMissing, match=sentence):
        received(world, code, **answers)


def invalid(world: World, rate: int = 61, *, severe: bool = False) -> Person:
    """Return a war invalid who lives at home, recognised and paid by a dossier."""
    person = known(world, born=BORN, number=NUMBER)
    severity = "yes" if severe else "no"
    answers = {"rate": str(rate), "has_especially_severe_condition": severity, "lives_at_home": "yes"}
    world.approve(received(world, "1.010806", **answers))
    return person


def test_a_rate_that_was_examined_anew_changes_the_benefits_from_its_month(world: World) -> None:
    person = invalid(world, 81)
    assert set(paid(person)) == {"monthly", "supplement", "attendant"}
    world.now = at("2027-03-20 09:00")

    world.approve(received(world, "1.010807", rate="70", counts_from="2027-03-05"))

    old, new = MeritClaim.objects.filter(person=person).order_by("pk")
    assert (old.valid_until, new.valid_from, new.data["rate"]) == (date(2027, 3, 5), date(2027, 3, 5), 70)
    assert paid(person, date(2027, 2, 1)) == by_rules(old.data, date(2027, 2, 28))
    assert paid(person, date(2027, 3, 1)) == by_rules(new.data, date(2027, 3, 31))
    ended = Entitlement.objects.filter(person=person, state=EntitlementState.ENDED)
    assert {(row.benefit, row.last_month) for row in ended} == {("supplement", date(2027, 2, 1)), ("attendant", date(2027, 2, 1))}  # fmt: skip


def test_the_proposal_of_a_new_rate_says_what_comes_and_what_goes(world: World) -> None:
    invalid(world, 81)
    world.now = at("2027-03-20 09:00")
    reasons = [str(one) for one in proposed(world, received(world, "1.010807", rate="70")).reasons]
    assert any(one.startswith("Trợ cấp thương binh 70%") for one in reasons)
    assert sum(one.startswith("Không còn hưởng") for one in reasons) == 3


def test_the_special_supplement_is_for_the_severely_wounded_only(world: World) -> None:
    person = invalid(world, 61)
    world.now = at("2026-11-20 09:00")
    assert proposed(world, received(world, "1.010822")).outcome is Outcome.REFUSED
    with pytest.raises(ProgrammeRefusal):
        world.approve(received(world, "1.010822"))
    assert MeritClaim.objects.filter(person=person).count() == 1


def test_the_special_supplement_takes_the_place_of_the_other(world: World) -> None:
    person = invalid(world, 85)
    world.now = at("2027-02-10 09:00")
    world.approve(received(world, "1.010822"))
    changed = MeritClaim.objects.filter(person=person).latest("pk").data
    assert changed["has_especially_severe_condition"] is True
    assert paid(person, date(2027, 2, 1)) == by_rules(changed, date(2027, 2, 28))


def test_who_is_no_invalid_cannot_be_examined_anew_nor_receive_a_second_allowance(world: World) -> None:
    known(world, born=BORN, number=NUMBER)
    for code, answers in (("1.010807", {"rate": "70"}), ("1.010808", {"case": "sick_soldier", "rate": "61"})):
        dossier = received(world, code, **answers)
        assert "Chưa có diện nào" in str(proposed(world, dossier).reasons[-1])
        with pytest.raises(ProgrammeRefusal, match="Chưa có diện nào được công nhận"):
            world.approve(dossier)


def test_an_invalid_who_is_a_sick_soldier_too_receives_both(world: World) -> None:
    person = invalid(world, 61)
    before = paid(person)["monthly"]
    world.approve(received(world, "1.010808", case="sick_soldier", rate="61", has_especially_severe_condition="no"))
    both = by_rules({"category": "sick_soldier", "rate": 61}, world.today)["monthly"]
    assert paid(person)["monthly"] == before + both
    assert Entitlement.objects.filter(person=person, benefit="monthly").count() == 1


def test_the_attendant_is_not_paid_in_an_institution_and_again_at_home(world: World) -> None:
    person = invalid(world, 85)
    world.now = at("2027-02-10 09:00")
    world.approve(received(world, "1.010812", counts_from="2027-02-03"))
    assert ("attendant" in paid(person, date(2027, 1, 1)), "attendant" in paid(person, date(2027, 2, 1))) == (True, False)  # fmt: skip
    world.now = at("2027-06-10 09:00")
    world.approve(received(world, "1.010813", counts_from="2027-06-03"))
    assert [("attendant" in paid(person, date(2027, month, 1))) for month in (5, 6, 7)] == [False, True, True]


def test_a_suspended_benefit_is_paid_again_from_the_month_after_the_release(world: World) -> None:
    person = invalid(world, 61)
    row = Entitlement.objects.get(person=person, benefit="monthly")
    amount = amount_in(row, date(2027, 1, 1))
    world.now = at("2027-01-05 09:00")
    changing.suspend(
        changing.locked(row.pk), first_month=date(2027, 1, 1), reason="Chấp hành hình phạt tù", for_refusal=False,
        acting_user_id=None, now=world.now,
    )  # fmt: skip
    world.now = at("2027-05-12 09:00")
    dossier = received(world, RESUMED, ground="served", released_on="2027-03-20")
    assert "hưởng lại từ tháng 04/2027" in str(proposed(world, dossier).reasons[0])
    world.approve(dossier)
    assert [amount_in(row, date(2027, month, 1)) for month in (1, 3, 4, 5)] == [0, 0, amount, amount]
    row.refresh_from_db()
    assert row.state == EntitlementState.ACTIVE


def test_a_recorded_suspension_ends_with_the_month_that_is_paid_again(world: World) -> None:
    person = invalid(world, 61)
    row = Entitlement.objects.get(person=person, benefit="monthly")
    CircumstanceFactory(person=person, name="merit.suspension", value="in_prison", valid_from=date(2027, 1, 10))
    changing.adjust(person.pk, from_month=date(2027, 1, 1), reason="-", acting_user_id=None, now=world.now)
    assert amount_in(row, date(2027, 2, 1)) == 0
    world.now = at("2027-05-12 09:00")
    world.approve(received(world, RESUMED, ground="served", released_on="2027-03-20"))
    assert [bool(amount_in(row, date(2027, month, 1))) for month in (2, 3, 4)] == [False, False, True]
    assert Circumstance.objects.get(name="merit.suspension").valid_until == date(2027, 4, 1)


def test_who_has_lost_the_right_for_good_is_not_paid_again(world: World) -> None:
    person = invalid(world, 61)
    CircumstanceFactory(person=person, name="merit.suspension", value="ended", valid_from=date(2026, 11, 2))
    dossier = received(world, RESUMED, ground="returned")
    assert proposed(world, dossier).outcome is Outcome.REFUSED
    with pytest.raises(ProgrammeRefusal, match="không hưởng lại được"):
        world.approve(dossier)


def test_the_commune_of_the_new_place_pays_who_has_moved(world: World) -> None:
    person = invalid(world, 61)
    new = world.agency(OTHER_COMMUNE).unit
    with pytest.raises(ProgrammeRefusal, match="vẫn ở"):
        world.approve(received(world, MOVED, where_to="here"))
    Person.objects.filter(pk=person.pk).update(unit=new)
    world.approve(received(world, MOVED, where_to="here"))
    assert set(Entitlement.objects.filter(person=person).values_list("unit", flat=True)) == {new.pk}


def test_another_province_pays_on_after_the_last_month_of_this_one(world: World) -> None:
    person = invalid(world, 61)
    dossier = received(world, MOVED, where_to="away", paid_until="2026-11-10")
    assert "đến hết tháng 11/2026" in str(proposed(world, dossier).reasons[-1])
    world.approve(dossier)
    row = Entitlement.objects.get(person=person, benefit="monthly")
    assert (row.state, row.last_month) == (EntitlementState.ENDED, NOVEMBER)


def test_a_commune_vouches_for_its_own_people_only(world: World) -> None:
    known(world, born=BORN, number=NUMBER)
    answers = {"person_number": NUMBER, "case": "hero"}
    unit_id = world.agency(OTHER_COMMUNE).unit_id
    dossier = world.receive("1.010805", desk=OTHER_COMMUNE, answers=answers, unit_id=unit_id)
    with pytest.raises(ProgrammeRefusal, match="người này ở"):
        world.approve(dossier)


def test_a_guardian_receives_for_the_person(world: World) -> None:
    guardian = known(world, number=NUMBER)
    child = known(world, born=date(2015, 1, 4), number="019215000077")
    answers = {"origin": "Ma Văn Cha", "rate": "85", "payee_ground": "guardian"}
    world.approve(received(world, "1.010817", **{**answers, "person_number": "019215000077"}))
    row = Entitlement.objects.get(person=child)
    assert (row.payee_id, row.payee_ground) == (guardian.pk, "guardian")


def test_a_dossier_that_came_without_the_form_changes_nothing(world: World) -> None:
    PersonFactory(number=NUMBER, lives_in=world.agency(COMMUNE).unit)
    MeritClaimFactory(person=Person.objects.get(personal_id_number=NUMBER), category=Category.WAR_INVALID)
    for code in ("1.010806", RESUMED, MOVED):
        world.approve(world.receive(code))
    assert not Entitlement.objects.exists()
