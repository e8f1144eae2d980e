"""A death that an officer, a proposal or a dossier tells reaches the register, and ends everything that the person received."""

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, Finding
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.monthly import MONTHLY_ALLOWANCE
from lienthong.assistance.services.circumstances import EvidenceMissing
from lienthong.assistance.services.deaths import TellDeath, preview_death, report_death
from lienthong.assistance.services.proposing_changes import ProposePayee, ProposeStop, propose_payee, propose_stop
from lienthong.assistance.services.refusals import AlreadySettled, FactWrong, NotYours
from lienthong.assistance.tasks import follow_death
from lienthong.dossiers import services as dossiers
from lienthong.infra.events import Event
from lienthong.people.models import Person
from tests.assistance.known import approved, disabled, granted, processor
from tests.factories.assistance import EntitlementFactory
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World

DIED = date(2026, 11, 10)
NUMBER = "019080000071"


def receiving(world: World, **facts: Any) -> Entitlement:
    return granted(world, disabled(world, **{"number": NUMBER, "full_name": "Hoàng Thị Ổn", **facts}))


def also_of_merit(row: Entitlement) -> Entitlement:
    merit: Entitlement = EntitlementFactory(
        person=row.person, payee=row.person, unit=row.unit, programme="merit", benefit="monthly"
    )
    return merit


def tell(row: Entitlement, **changes: Any) -> TellDeath:
    return TellDeath(**{"person_id": row.person_id, "died_on": DIED, "paper": "Trích lục khai tử 12", **changes})


def ended(row: Entitlement) -> tuple[str, date | None]:
    row.refresh_from_db()
    return row.state, row.last_month


def test_a_stop_because_of_a_death_is_told_to_the_register_and_ends_everything_once(world: World) -> None:
    row = receiving(world)
    merit = also_of_merit(row)
    command = ProposeStop(entitlement_id=row.pk, died_on=DIED)
    proposal = propose_stop(command, acting_user=processor(world), now=world.now)
    assert Person.objects.get(pk=row.person_id).died_on is None

    approved(world, proposal)

    assert Person.objects.get(pk=row.person_id).died_on == DIED
    assert ended(row) == ended(merit) == ("ended", date(2026, 11, 1))
    assert row.ended_because.endswith("(12/QĐ-UBND)")
    assert Finding.objects.get().benefit == "funeral"
    follow_death(event_id=Event.objects.get(name="DeathRecorded").pk)
    assert Event.objects.filter(name="EntitlementEnded").count() == 2
    assert Event.objects.get(name="DeathTold").payload["paper"] == "quyết định 12/QĐ-UBND"


def test_two_proposals_about_one_death_are_both_approved(world: World) -> None:
    row = receiving(world)
    other = EntitlementFactory(person=row.person, payee=row.person, unit=row.unit, benefit="carer")
    proposals = [
        propose_stop(
            ProposeStop(entitlement_id=one.pk, died_on=DIED), acting_user=processor(world), now=world.now
        )
        for one in (row, other)
    ]  # fmt: skip
    for proposal in proposals:
        approved(world, proposal)
    assert ended(row) == ended(other) == ("ended", date(2026, 11, 1))
    assert Event.objects.filter(name="DeathRecorded").count() == 1


@pytest.mark.parametrize(
    ("died_on", "recorded", "sentence"),
    [
        (date(1950, 1, 1), None, "không thể trước ngày sinh"),
        (DIED, date(2026, 11, 2), "chết ngày 02/11/2026"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_a_sentence(
    world: World, died_on: date, recorded: date | None, sentence: str
) -> None:
    row = receiving(world)
    Person.objects.filter(pk=row.person_id).update(died_on=recorded)
    with pytest.raises(FactWrong, match=sentence):
        propose_stop(
            ProposeStop(entitlement_id=row.pk, died_on=died_on), acting_user=processor(world), now=world.now
        )  # fmt: skip
    with pytest.raises(FactWrong, match=sentence):
        report_death(tell(row, died_on=died_on), acting_user=processor(world), now=world.now)
    assert ended(row) == ("active", None)


def test_a_death_in_the_future_is_refused(world: World) -> None:
    with pytest.raises(FactWrong, match="chưa đến"):
        report_death(
            tell(receiving(world), died_on=date(2027, 1, 1)), acting_user=processor(world), now=world.now
        )  # fmt: skip


def test_a_dossier_about_a_death_is_told_to_the_register(world: World) -> None:
    row = receiving(world)
    answers = {"person_number": NUMBER, "request": "stop", "ending": "died_on", "changed_on": DIED.isoformat()}
    dossier = world.approve(world.receive(MONTHLY_ALLOWANCE, desk=COMMUNE, answers=answers, unit_id=row.unit_id))
    assert Person.objects.get(pk=row.person_id).died_on == DIED
    assert ended(row) == ("ended", date(2026, 11, 1))
    assert f"hồ sơ {dossier.code}" in row.ended_because
    assert Finding.objects.get().benefit == "funeral"


def test_whoever_asks_has_not_died(world: World) -> None:
    row = receiving(world, number="019085001234")
    answers = {"person_number": "", "request": "stop", "ending": "died_on", "changed_on": DIED.isoformat()}
    with pytest.raises(dossiers.ItemsMissing, match="ghi số của người đã chết"):
        world.receive(MONTHLY_ALLOWANCE, desk=COMMUNE, answers=answers, unit_id=row.unit_id)


def funeral(world: World, **changes: str) -> Any:
    answers = {**world.request().answers, "deceased_number": NUMBER, "died_on": DIED.isoformat(), **changes}
    return world.receive(answers=answers)


def test_support_of_a_funeral_tells_the_death_and_ends_what_was_received(world: World) -> None:
    row = receiving(world)
    world.approve(funeral(world))
    assert Person.objects.get(pk=row.person_id).died_on == DIED
    assert ended(row) == ("ended", date(2026, 11, 1))
    assert not Finding.objects.exists(), "it was granted already"


@pytest.mark.parametrize(
    ("changes", "recorded", "sentence"),
    [
        ({"deceased_name": "Lò Văn Khác"}, None, "họ tên khác"),
        ({}, date(2026, 11, 2), "chết ngày 02/11/2026"),
    ],
)
def test_a_funeral_of_somebody_else_or_of_another_day_is_not_supported(
    world: World, changes: dict[str, str], recorded: date | None, sentence: str
) -> None:
    row = receiving(world)
    Person.objects.filter(pk=row.person_id).update(died_on=recorded)
    dossier = funeral(world, **changes)
    with pytest.raises(ProgrammeRefusal, match=sentence):
        world.approve(dossier)
    assert ended(row) == ("active", None)
    assert Person.objects.get(pk=row.person_id).died_on == recorded


def test_an_officer_of_the_commune_reports_a_death_with_its_paper(world: World) -> None:
    row = receiving(world)
    merit = also_of_merit(row)
    seen = preview_death(tell(row), acting_user=processor(world), now=world.now)
    assert {(one.pk, one.last_month) for one in seen} == {(row.pk, date(2026, 11, 1)), (merit.pk, date(2026, 11, 1))}
    assert ended(row) == ("active", None)
    assert Person.objects.get(pk=row.person_id).died_on is None

    assert len(report_death(tell(row), acting_user=processor(world), now=world.now)) == 2
    assert report_death(tell(row), acting_user=processor(world), now=world.now) == []

    assert Person.objects.get(pk=row.person_id).died_on == DIED
    assert Event.objects.get(name="DeathTold").payload["paper"] == "Trích lục khai tử 12"


def test_no_death_without_a_paper_or_from_elsewhere(world: World) -> None:
    row = receiving(world)
    with pytest.raises(EvidenceMissing):
        report_death(tell(row, paper=" "), acting_user=processor(world), now=world.now)
    with pytest.raises(NotYours):
        report_death(tell(row), acting_user=world.officer(Role.PROCESSOR, "H55.05467"), now=world.now)
    with pytest.raises(NotYours):
        report_death(tell(row), acting_user=world.officer(Role.RECEIVER, COMMUNE), now=world.now)
    assert Person.objects.get(pk=row.person_id).died_on is None


def test_what_is_unpaid_after_a_death_goes_to_the_heirs(world: World) -> None:
    row, heir = receiving(world), PersonFactory()
    report_death(tell(row), acting_user=processor(world), now=world.now)
    command = ProposePayee(entitlement_id=row.pk, payee_id=heir.pk, ground="authorised", reason="Con trai nhận thay")
    approved(world, propose_payee(command, acting_user=processor(world), now=world.now))
    row.refresh_from_db()
    assert (row.state, row.payee_id) == ("ended", heir.pk)
    with pytest.raises(AlreadySettled):
        propose_stop(
            ProposeStop(entitlement_id=row.pk, declined_on=DIED), acting_user=processor(world), now=world.now
        )  # fmt: skip
