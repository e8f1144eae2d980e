"""Institutions and urgent care at the desk: dated facts are written by the approval, and monthly benefits stop and start."""

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Circumstance, Entitlement
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.care_places import ADMISSION, LEAVING, URGENT_ADMISSION
from lienthong.assistance.procedures.urgent_care import URGENT_CARE
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.services.granting import grant
from lienthong.assistance.services.refusals import NotOwed
from lienthong.dossiers import handlers
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.kernel.decisions import Outcome
from lienthong.people.models import Person
from lienthong.units.models import Agency
from tests.assistance.known import amount_in, asked, disabled, granted, granted_in_october, known, leader
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, PROVINCE_DESK, World, at, target

NUMBER, CARER = "019080000077", "019085001234"
ENTERED = {
    "institution": "Trung tâm Điều dưỡng tỉnh",
    "admitted_on": "2026-11-10",
    "ground": "1",
    "decision": "45/QĐ-TT",
}
LEFT = {"left_on": "2027-03-05", "decision": "12/QĐ-TT"}
CARED = {"since": "2026-11-10", "record": "Biên bản số 3"}
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


def received(world: World, code: str, told: dict[str, str], **answers: Any) -> Dossier:
    desk = COMMUNE if code in {ADMISSION, URGENT_CARE} else PROVINCE_DESK
    dossier = world.receive(
        code, desk=desk, answers={"person_number": NUMBER, **answers}, unit_id=world.agency(COMMUNE).unit_id
    )
    return appraised(world, dossier, told)


def appraised(world: World, dossier: Dossier, told: dict[str, str]) -> Dossier:
    officer = world.officer(Role.PROCESSOR, Agency.objects.get(pk=dossier.agency_id).code)
    return dossiers.record_appraisal(
        dossiers.RecordAppraisal(target=target(dossier), told=told), acting_user=officer, now=world.now
    )


def proposed(world: World, dossier: Dossier) -> Any:
    return handlers.for_procedure(dossier.procedure_code).proposal(dossier, on=world.today)


@pytest.fixture
def person(world: World) -> Person:
    return disabled(world, number=NUMBER)


@pytest.mark.parametrize(("code", "ground"), [(ADMISSION, "1"), (URGENT_ADMISSION, "2")])
def test_whoever_enters_an_institution_receives_nothing_at_home(
    world: World, person: Person, code: str, ground: str
) -> None:
    row = granted_in_october(world, person)
    dossier = received(world, code, {**ENTERED, "ground": ground})
    decision = proposed(world, dossier)
    assert decision.outcome is Outcome.GRANTED
    assert "2.160.000" in str(decision.reasons[0]).replace("\u00a0", " ")
    assert any("Điều 25 khoản 5" in str(reason) for reason in decision.reasons)
    world.approve(dossier)

    row.refresh_from_db()
    assert (row.state, row.last_month) == ("ended", OCTOBER)
    assert "Trung tâm Điều dưỡng tỉnh" in row.ended_because
    assert (amount_in(row, OCTOBER), amount_in(row, NOVEMBER)) == (810_000, 0)
    assert history_of(person.pk).facts_on(date(2026, 11, 9)).in_institution is False
    assert history_of(person.pk).facts_on(date(2026, 11, 10)).in_institution is True


def test_the_support_of_whoever_cared_ends_after_the_month(world: World) -> None:
    person = disabled(world, level="extremely_severe", number=NUMBER, facts={"care": "household"})
    carer = PersonFactory()
    row = granted(world, person, "carer", payee_id=carer.pk, payee_ground="carer")
    world.approve(received(world, ADMISSION, ENTERED))
    row.refresh_from_db()
    assert (row.state, row.last_month) == ("ended", NOVEMBER)


def test_the_money_of_an_institution_is_granted_to_nobody_at_home(world: World, person: Person) -> None:
    world.approve(received(world, ADMISSION, ENTERED))
    with pytest.raises(NotOwed, match="tiền nuôi dưỡng thuộc cơ sở"):
        grant(asked(world, person), acting_user=leader(world), now=world.now)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"institution": ""}, "cơ sở trợ giúp xã hội tiếp nhận"),
        ({"admitted_on": ""}, "ngày tiếp nhận"),
        ({"decision": ""}, "số quyết định"),
        ({"ground": "own"}, "tự chi trả"),
    ],
)
def test_an_admission_that_is_not_whole_changes_nothing(
    world: World, person: Person, changes: dict[str, str], sentence: str
) -> None:
    row = granted(world, person)
    told = Circumstance.objects.count()
    with pytest.raises(ProgrammeRefusal, match=sentence):
        world.approve(received(world, ADMISSION, {**ENTERED, **changes}))
    row.refresh_from_db()
    assert (row.state, Circumstance.objects.count()) == ("active", told)


def test_nobody_enters_twice_or_tomorrow(world: World, person: Person) -> None:
    with pytest.raises(dossiers.AppraisalWrong, match="không thể sau hôm nay"):
        received(world, ADMISSION, {**ENTERED, "admitted_on": "2026-11-17"})
    world.approve(received(world, ADMISSION, ENTERED))
    with pytest.raises(ProgrammeRefusal, match="đã ở trong cơ sở"):
        world.approve(received(world, ADMISSION, ENTERED))


class TestLeaving:
    @pytest.fixture
    def inside(self, world: World, person: Person) -> Person:
        granted(world, person)
        world.approve(received(world, ADMISSION, ENTERED))
        world.now = at("2027-03-10 09:00")
        return person

    def test_what_was_received_before_begins_again_in_the_month_of_leaving(self, world: World, inside: Person) -> None:
        dossier = received(world, LEAVING, LEFT)
        assert "810.000" in str(proposed(world, dossier).reasons[1]).replace("\u00a0", " ")
        dossier = world.approve(dossier)
        row = Entitlement.objects.get(person=inside, state="active")
        assert (row.benefit, row.first_month, row.payee_id) == ("personal", date(2027, 3, 1), inside.pk)
        assert row.dossier_code == dossier.code
        assert amount_in(row, date(2027, 3, 1)) == 810_000
        assert history_of(inside.pk).facts_on(date(2027, 3, 5)).in_institution is False

    def test_what_was_never_received_waits_for_a_request(self, world: World, person: Person) -> None:
        world.approve(received(world, ADMISSION, ENTERED))
        world.now = at("2027-03-10 09:00")
        world.approve(received(world, LEAVING, LEFT))
        assert not Entitlement.objects.exists()

    def test_what_is_unknown_at_home_is_not_paid_by_guess(self, world: World, inside: Person) -> None:
        Circumstance.objects.filter(person=inside, name="pension").update(valid_until=date(2027, 1, 1))
        world.approve(received(world, LEAVING, LEFT))
        assert not Entitlement.objects.filter(state="active").exists()

    def test_nobody_leaves_where_they_are_not(self, world: World, person: Person) -> None:
        world.now = at("2027-03-10 09:00")
        dossier = received(world, LEAVING, LEFT)
        assert proposed(world, dossier).outcome is Outcome.REFUSED
        with pytest.raises(ProgrammeRefusal, match="Đang được nuôi dưỡng"):
            world.approve(dossier)


class TestUrgentCare:
    @pytest.fixture
    def child(self, world: World) -> Person:
        PersonFactory(number=CARER)
        return known(world, born=date(2018, 5, 17), number=NUMBER, facts={"father": "dead", "mother": "missing"})

    def test_whoever_takes_a_child_in_is_supported_for_three_months_at_most(self, world: World, child: Person) -> None:
        dossier = received(world, URGENT_CARE, CARED)
        decision = proposed(world, dossier)
        assert "10/02/2027" in str(decision.reasons[0])
        assert any("Hỗ trợ nhận chăm sóc" in str(reason) for reason in decision.reasons)
        world.approve(dossier)

        row = Entitlement.objects.get(person=child, benefit="carer")
        assert row.payee is not None
        assert (row.payee.personal_id_number, row.payee_ground) == (CARER, "carer")
        assert amount_in(row, NOVEMBER) == 810_000
        assert amount_in(row, date(2027, 3, 1)) == 0
        assert history_of(child.pk).facts_on(date(2027, 2, 10)).care == "none"

    def test_longer_than_the_law_allows_is_refused(self, world: World, child: Person) -> None:
        with pytest.raises(ProgrammeRefusal, match="không quá ngày 10/02/2027"):
            world.approve(received(world, URGENT_CARE, {**CARED, "until": "2027-02-11"}))
        assert not Entitlement.objects.exists()

    def test_who_needs_protection_must_be_named(self, world: World, child: Person) -> None:
        with pytest.raises(dossiers.ItemsMissing, match="Số định danh"):
            world.receive(URGENT_CARE, desk=COMMUNE, answers={"person_number": ""})

    def test_where_the_rules_give_nothing_the_care_is_recorded_all_the_same(self, world: World) -> None:
        PersonFactory(number=CARER)
        person = known(world, number=NUMBER)
        world.approve(received(world, URGENT_CARE, CARED))
        assert history_of(person.pk).facts_on(world.today).care == "taken_in"
        assert not Entitlement.objects.exists()


@pytest.mark.parametrize("code", [ADMISSION, URGENT_ADMISSION, LEAVING, URGENT_CARE])
def test_a_dossier_that_came_without_the_form_writes_nothing(world: World, code: str) -> None:
    world.approve(world.receive(code, desk=COMMUNE if code in {ADMISSION, URGENT_CARE} else PROVINCE_DESK))
    assert not Circumstance.objects.exists()


def test_the_month_in_an_institution_is_not_paid_to_the_person_later(world: World, person: Person) -> None:
    world.approve(received(world, ADMISSION, ENTERED))
    world.now = at("2027-03-10 09:00")
    world.approve(received(world, LEAVING, LEFT))
    row = grant(asked(world, person), acting_user=leader(world), now=world.now)
    assert amount_in(row, date(2027, 1, 1)) == 0
