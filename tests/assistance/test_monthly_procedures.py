"""Monthly allowances at the desk: only what is unknown is asked, the rules propose, and the approval grants in one transaction."""

from datetime import date
from typing import Any

import pytest

from lienthong.assistance.models import Circumstance, Entitlement
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.monthly import MONTHLY_ALLOWANCE, SOCIAL_PENSION
from lienthong.assistance.procedures.moved import MOVED_ALLOWANCE
from lienthong.dossiers import handlers
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState
from lienthong.kernel.decisions import Outcome
from lienthong.people.models import Person
from tests.assistance.known import amount_in, disabled, granted, known
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World, at, target

NUMBER = "019085001234"
OTHER_COMMUNE = "H55.05455"


def received(world: World, code: str, desk: str = COMMUNE, **answers: Any) -> Dossier:
    full = {"person_number": "", "request": "grant", **answers}
    unit_id = world.agency(desk).unit_id
    return world.receive(code, desk=desk, answers=full, unit_id=unit_id)


def proposed(world: World, dossier: Dossier) -> Any:
    return handlers.for_procedure(dossier.procedure_code).proposal(dossier, on=world.today)


def test_an_approval_grants_what_the_rules_propose(world: World) -> None:
    person = disabled(world, number=NUMBER)
    dossier = received(world, MONTHLY_ALLOWANCE)
    decision = proposed(world, dossier)
    assert (decision.outcome, decision.value) == (Outcome.GRANTED, 810_000)
    assert any("Điều 5" in str(reason) for reason in decision.reasons)

    dossier = world.approve(dossier)

    row = Entitlement.objects.get(person=person)
    assert (row.dossier_code, row.unit_id, row.payee_id) == (dossier.code, dossier.unit_id, person.pk)
    assert amount_in(row, date(2026, 11, 1)) == 810_000


def test_only_what_the_house_does_not_know_is_asked_and_the_answers_are_kept(world: World) -> None:
    person = disabled(world, number=NUMBER, facts={"pension": None, "children": None, "marital": None})
    dossier = received(world, MONTHLY_ALLOWANCE)
    assert proposed(world, dossier).outcome is Outcome.UNKNOWN
    assert all("khuyết tật" not in fact for fact in proposed(world, dossier).missing)

    dossier = received(
        world, MONTHLY_ALLOWANCE, pension="0", marital="widowed", children="12/03/2015 đang học, 04/05/2022"
    )
    assert proposed(world, dossier).outcome is Outcome.GRANTED
    dossier = world.approve(dossier)
    told = dict(
        Circumstance.objects.filter(person=person, evidence=f"Hồ sơ {dossier.code}").values_list("name", "value")
    )
    assert told == {
        "pension": 0, "marital": "widowed",
        "children": [{"birth_date": "12/03/2015", "is_studying": True}, {"birth_date": "04/05/2022", "is_studying": False}],
    }  # fmt: skip


def test_the_social_pension_is_asked_for_by_its_dossier(world: World) -> None:
    person = known(world, born=date(1950, 1, 5), number=NUMBER)
    world.approve(received(world, SOCIAL_PENSION))
    row = Entitlement.objects.get(person=person)
    assert row.rates.get().basis["category"] == "social_pension"
    assert amount_in(row, date(2026, 11, 1)) == 540_000


def test_the_carer_and_the_person_are_granted_together(world: World) -> None:
    carer = PersonFactory(number=NUMBER)
    person = disabled(world, level="extremely_severe", number="019080000077", facts={"care": "household"})
    world.approve(received(world, MONTHLY_ALLOWANCE, person_number="019080000077", payee_ground="carer"))
    found = {row.benefit: row.payee_id for row in Entitlement.objects.filter(person=person)}
    assert found == {"personal": person.pk, "carer": carer.pk}


def test_what_the_rules_do_not_give_undoes_the_approval(world: World) -> None:
    known(world, number=NUMBER)
    dossier = world.to_decision(received(world, MONTHLY_ALLOWANCE))
    assert proposed(world, dossier).outcome is Outcome.REFUSED
    with pytest.raises(ProgrammeRefusal, match="không được hưởng"):
        dossiers.approve(dossiers.Approve(target=target(dossier)), acting_user=world.decider(dossier), now=world.now)
    assert Dossier.objects.get(pk=dossier.pk).state == DossierState.IN_PROGRESS
    assert not Entitlement.objects.exists()


def test_a_person_whom_nobody_knows_is_asked_for(world: World) -> None:
    dossier = received(world, MONTHLY_ALLOWANCE)
    assert "dữ liệu dân cư" in proposed(world, dossier).missing[0]
    with pytest.raises(ProgrammeRefusal):
        world.approve(dossier)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"request": ""}, "Nội dung đề nghị"),
        ({"person_number": "019000000000"}, "không có người này"),
        ({"request": "stop", "changed_on": "2026-11-01"}, "Lý do thôi hưởng"),
        ({"request": "stop", "ending": "declined_on", "changed_on": "2026-11-01"}, "Khoản thôi hưởng"),
        ({"request": "adjust"}, "Ngày có sự thay đổi"),
        ({"request": "adjust", "changed_on": "2027-01-01"}, "không thể sau hôm nay"),
        ({"pension": "hai trăm"}, "pension"),
        ({"children": "hôm qua"}, "children"),
    ],
)
def test_what_cannot_be_is_asked_about_at_intake(world: World, answers: dict[str, str], sentence: str) -> None:
    with pytest.raises(dossiers.ItemsMissing, match=sentence):
        received(world, MONTHLY_ALLOWANCE, **answers)


def test_a_dossier_ends_a_benefit_after_the_month_of_what_happened(world: World) -> None:
    row = granted(world, disabled(world, number=NUMBER))
    dossier = received(
        world, MONTHLY_ALLOWANCE, request="stop", ending="declined_on", which="all", changed_on="2026-11-10"
    )
    assert "hết tháng 11/2026" in str(proposed(world, dossier).reasons[-1])
    world.approve(dossier)
    row.refresh_from_db()
    assert (row.state, row.last_month) == ("ended", date(2026, 11, 1))


@pytest.mark.parametrize(
    ("told", "ended"),
    [
        ({"ending": "declined_on", "which": "carer"}, {"carer"}),
        ({"ending": "declined_on", "which": "all"}, {"personal", "carer"}),
        ({"ending": "ineligible_on", "which": "all", "care": "none"}, {"carer"}),
        ({"ending": "imprisoned_on"}, {"personal", "carer"}),
    ],
)
def test_a_dossier_ends_what_it_is_about_and_leaves_the_rest(
    world: World, told: dict[str, str], ended: set[str]
) -> None:
    person = disabled(world, number=NUMBER, level="extremely_severe", facts={"care": "household"})
    granted(world, person)
    granted(world, person, "carer", payee_id=PersonFactory().pk, payee_ground="carer")
    dossier = received(world, MONTHLY_ALLOWANCE, request="stop", changed_on="2026-11-10", **told)
    assert proposed(world, dossier).outcome is Outcome.GRANTED

    world.approve(dossier)

    assert set(Entitlement.objects.filter(state="ended").values_list("benefit", flat=True)) == ended


@pytest.mark.parametrize("which", ["all", "personal"])
def test_what_the_rules_still_give_is_not_ended_as_no_longer_due(world: World, which: str) -> None:
    row = granted(world, disabled(world, number=NUMBER))
    told = {"request": "stop", "ending": "ineligible_on", "which": which, "changed_on": "2026-11-10"}
    dossier = received(world, MONTHLY_ALLOWANCE, **told)
    assert proposed(world, dossier).outcome is Outcome.REFUSED
    with pytest.raises(ProgrammeRefusal, match="ghi thông tin đã thay đổi"):
        world.approve(dossier)
    row.refresh_from_db()
    assert row.state == "active"


def test_a_dossier_adjusts_from_the_month_of_the_change(world: World) -> None:
    row = granted(world, disabled(world, number=NUMBER))
    world.now = at("2027-03-10 09:00")
    world.approve(received(world, MONTHLY_ALLOWANCE, request="adjust", changed_on="2027-03-01", in_institution="yes"))
    assert amount_in(row, date(2027, 2, 1)) == 810_000
    assert amount_in(row, date(2027, 5, 1)) != 810_000


@pytest.mark.parametrize(
    "asked",
    [
        {"request": "stop", "ending": "declined_on", "which": "all", "changed_on": "2026-11-10"},
        {"request": "adjust", "changed_on": "2026-11-01", "in_institution": "yes"},
    ],
)
def test_another_commune_changes_nothing_of_whom_this_one_pays(world: World, asked: dict[str, str]) -> None:
    row = granted(world, disabled(world, number=NUMBER))
    told = Circumstance.objects.count()
    dossier = received(world, MONTHLY_ALLOWANCE, desk=OTHER_COMMUNE, **asked)

    with pytest.raises(ProgrammeRefusal, match="đang chi trả cho người này"):
        world.approve(dossier)

    row.refresh_from_db()
    assert (row.state, row.last_month, amount_in(row, date(2026, 12, 1))) == ("active", None, 810_000)
    assert Circumstance.objects.count() == told


def test_another_commune_grants_nothing_to_whom_lives_here(world: World) -> None:
    disabled(world, number=NUMBER)
    dossier = received(world, MONTHLY_ALLOWANCE, desk=OTHER_COMMUNE)

    with pytest.raises(ProgrammeRefusal, match="người này ở"):
        world.approve(dossier)

    assert not Entitlement.objects.exists()


def test_somebody_who_moved_is_paid_where_they_live_now(world: World) -> None:
    row = granted(world, disabled(world, number=NUMBER))
    dossier = received(world, MOVED_ALLOWANCE, desk=OTHER_COMMUNE)
    assert proposed(world, dossier).outcome is Outcome.GRANTED
    world.approve(dossier)
    row.refresh_from_db()
    assert row.unit_id == world.agency(OTHER_COMMUNE).unit_id


def test_a_dossier_that_came_without_the_form_grants_nothing_by_itself(world: World) -> None:
    world.approve(world.receive(MONTHLY_ALLOWANCE, desk=COMMUNE))
    assert not Entitlement.objects.exists()
    assert Person.objects.count() == 0


def test_each_procedure_has_its_handler() -> None:
    kinds = {
        code: type(handlers.for_procedure(code)).__name__
        for code in (MONTHLY_ALLOWANCE, SOCIAL_PENSION, MOVED_ALLOWANCE)
    }
    assert kinds == {
        MONTHLY_ALLOWANCE: "MonthlyHandler", SOCIAL_PENSION: "MonthlyHandler", MOVED_ALLOWANCE: "MovedHandler"
    }  # fmt: skip
