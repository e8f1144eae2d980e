"""Funerals of whoever received the social pension, or had asked for it, at the desk."""

from datetime import date, timedelta
from typing import Any

import pytest

from lienthong.assistance.models import FuneralSupport
from lienthong.assistance.payables import SOCIAL_ASSISTANCE
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.pension_funeral import PENSION_FUNERAL
from lienthong.dossiers import handlers
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.kernel.decisions import Outcome
from lienthong.people.models import Person
from tests.assistance.known import disabled, granted, known
from tests.world import COMMUNE, FUNERAL_SUPPORT, World

NUMBER = "019050000011"


def received(world: World, code: str = PENSION_FUNERAL, **answers: Any) -> Dossier:
    full = {
        "deceased_name": "Hoàng Thị Ổn", "deceased_number": NUMBER, "died_on": "2026-11-12", "circumstance": "pension",
        "was_eligible": "", "arranged_funeral": "yes", "other_support": "0", **answers,
    }  # fmt: skip
    return world.receive(code, desk=COMMUNE, answers=full, unit_id=world.agency(COMMUNE).unit_id)


def proposed(world: World, dossier: Dossier) -> Any:
    return handlers.for_procedure(dossier.procedure_code).proposal(dossier, on=world.today)


def pensioner(world: World, born: date = date(1950, 1, 5), request: str = "written") -> Person:
    return known(world, born=born, full_name="Hoàng Thị Ổn", number=NUMBER, facts={"pension_request": request})


def test_twenty_times_the_social_pension_and_it_is_paid(world: World) -> None:
    person = pensioner(world)
    row = granted(world, person)
    dossier = received(world)
    decision = proposed(world, dossier)
    assert (decision.outcome, decision.value) == (Outcome.GRANTED, 10_800_000)
    assert any("danh sách chi trả" in reason.text for reason in decision.reasons)
    dossier = world.approve(dossier)

    support = FuneralSupport.objects.get(dossier_code=dossier.code)
    assert (support.amount, support.deceased_id) == (10_800_000, person.pk)
    row.refresh_from_db()
    person.refresh_from_db()
    assert (person.died_on, row.state) == (date(2026, 11, 12), "ended")
    month = world.today.replace(day=1)
    owed = [one for one in SOCIAL_ASSISTANCE.owed(month, since=month, changed_since=None) if one.benefit == "funeral"]
    assert [one.amount for one in owed] == [10_800_000]


def test_a_form_that_the_lists_contradict_is_looked_at(world: World) -> None:
    person = disabled(world, born=date(1950, 1, 5), full_name="Hoàng Thị Ổn", number=NUMBER)
    granted(world, person)
    decision = proposed(world, received(world))
    assert decision.outcome is Outcome.UNKNOWN
    assert "đang hưởng trợ cấp hưu trí xã hội" in decision.missing[0]


def test_who_had_asked_and_was_eligible_is_supported_by_the_registers(world: World) -> None:
    pensioner(world, request="none")
    decision = proposed(world, received(world, circumstance="requested"))
    assert (decision.outcome, decision.value) == (Outcome.GRANTED, 10_800_000)


def test_who_had_asked_too_young_is_not(world: World) -> None:
    pensioner(world, born=date(1960, 1, 5), request="none")
    dossier = received(world, circumstance="requested", was_eligible="yes")
    assert proposed(world, dossier).outcome is Outcome.REFUSED
    with pytest.raises(ProgrammeRefusal, match="Chưa thể hỗ trợ"):
        world.approve(dossier)


@pytest.mark.parametrize(
    ("told", "outcome"), [("yes", Outcome.GRANTED), ("no", Outcome.REFUSED), ("", Outcome.UNKNOWN)]
)
def test_of_somebody_whom_nobody_knows_the_form_is_asked(world: World, told: str, outcome: Outcome) -> None:
    assert proposed(world, received(world, circumstance="requested", was_eligible=told)).outcome is outcome


@pytest.mark.parametrize("is_known", [True, False])
def test_who_is_not_on_the_lists_is_looked_for(world: World, is_known: bool) -> None:
    if is_known:
        pensioner(world)
    dossier = received(world)
    assert "đang hưởng trợ cấp hưu trí xã hội" in proposed(world, dossier).missing[0]
    with pytest.raises(ProgrammeRefusal, match="hưu trí xã hội"):
        world.approve(dossier)
    assert not FuneralSupport.objects.exists()


def test_one_death_is_supported_by_one_scheme(world: World) -> None:
    granted(world, pensioner(world))
    world.approve(received(world))
    second = received(world, FUNERAL_SUPPORT, circumstance="assistance")
    with pytest.raises(ProgrammeRefusal, match="đã được hỗ trợ"):
        world.approve(second)
    assert FuneralSupport.objects.count() == 1


def test_a_death_before_there_was_a_social_pension_is_asked_about_at_intake(world: World) -> None:
    with pytest.raises(dossiers.ItemsMissing, match="chưa có mức chuẩn"):
        received(world, died_on="2025-06-30")
    assert received(world, died_on=(world.today - timedelta(days=1)).isoformat()).code


def test_the_funeral_of_somebody_in_an_institution_is_asked_for_in_its_own_procedure(world: World) -> None:
    handler = handlers.for_procedure(PENSION_FUNERAL)
    told = {
        "deceased_name": "Hoàng Thị Ổn", "died_on": "2026-11-12", "circumstance": "institution", "arranged_funeral": "yes",
        "other_support": "0",
    }  # fmt: skip
    assert handler.elsewhere(told) == FUNERAL_SUPPORT
    (sentence,) = handler.missing(told, on=world.today)
    assert "nuôi dưỡng trong cơ sở trợ giúp xã hội" in sentence and FUNERAL_SUPPORT in sentence
    assert handler.elsewhere({**told, "circumstance": "pension"}) == ""
    assert handlers.for_procedure(FUNERAL_SUPPORT).elsewhere(told) == ""


def test_whoever_decides_reads_that_the_person_was_in_an_institution(world: World) -> None:
    known(world, born=date(1950, 1, 5), full_name="Hoàng Thị Ổn", number=NUMBER, facts={"in_institution": True})
    decision = proposed(world, received(world, circumstance="requested"))
    assert any(f"trợ giúp xã hội; hỗ trợ chi phí mai táng được đề nghị theo thủ tục {FUNERAL_SUPPORT}" in one.text
               for one in decision.reasons)  # fmt: skip
