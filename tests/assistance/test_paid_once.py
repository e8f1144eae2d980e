"""What was decided once is taken back by two people and paid to somebody else, and real runs pay it exactly once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.assistance.health import supports_granted_otherwise, supports_that_nobody_is_paid
from lienthong.assistance.models import DeathGrant, DecisionSheet, EmergencyGrant, FuneralSupport, Proposal
from lienthong.assistance.payables import SOCIAL_ASSISTANCE
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.queries.paid_once import RECORDS
from lienthong.assistance.services.deaths import TellDeath, report_death
from lienthong.assistance.services.emergency import Deceased
from lienthong.assistance.services.paid_once import NamePayee
from lienthong.assistance.services.proposing_emergency import HandOutRice, hand_out_rice
from lienthong.assistance.services.proposing_paid_once import ProposeRevocation, propose_once_payee, propose_revocation
from lienthong.assistance.services.proposing_ways_back import ProposeNoDeath, propose_no_death
from lienthong.assistance.services.refusals import (
    AlreadyReceived,
    AlreadySettled,
    DecidesOwnProposal,
    NotYours,
    PayeeWrong,
    ReasonMissing,
    RecordUnknown,
)
from lienthong.assistance.services.reinstating import in_the_way
from lienthong.assistance.states import OnceKind
from lienthong.infra.events import Event
from lienthong.payments.health import months_paid_twice
from lienthong.payments.models import Overpayment, PaymentLine
from lienthong.payments.states import LineState
from lienthong.people.models import Person
from lienthong.rules.emergency.kinds import EmergencyKind
from tests.assistance import emergencies
from tests.assistance.known import approved, home_affairs, leader, processor
from tests.factories.payments import PaymentAccountFactory
from tests.payments.house import DECEMBER, JANUARY, NOVEMBER, House
from tests.world import HOME_AFFAIRS, World

EVERY = ["funeral", "at-death", "emergency"]
WRONG, DIED = "Ghi nhầm người chết", "Người nhận đã chết, con trai nhận thay"


def proposer(world: World, kind: str) -> User:
    return world.officer(Role.PROCESSOR, HOME_AFFAIRS) if kind == "at-death" else processor(world)


def decider(world: World, kind: str) -> User:
    return home_affairs(world) if kind == "at-death" else leader(world)


def receiver(world: World, **facts: Any) -> Person:
    """Somebody of the commune with an account that money reaches."""
    person = emergencies.dweller(world, **facts)
    PaymentAccountFactory(person=person)
    return person


def decided(world: World, kind: str, payee: Person, *, deceased: Person | None = None) -> Any:
    """Return a decision of one kind in favour of somebody."""
    if kind == "emergency":
        asked = emergencies.asked(world, payee, EmergencyKind.INJURY)
        return emergencies.granted(world, asked)
    dead = deceased or emergencies.dweller(world, died_on=date(2026, 11, 10))
    known: dict[str, Any] = {
        "dossier_code": f"H55.{kind}.{payee.pk}", "deceased": dead, "died_on": date(2026, 11, 10), "payee": payee,
        "unit": payee.unit, "reasons": ["Có giấy chứng tử"], "granted_at": world.now, "granted_by": 1,
    }  # fmt: skip
    if kind == "funeral":
        return FuneralSupport.objects.create(
            **known, deceased_name=dead.full_name, deceased_number=dead.personal_id_number or "",
            payee_name=payee.full_name, amount=10_800_000,
        )  # fmt: skip
    lines = [{"code": "grant_at_death", "words": "Trợ cấp một lần", "amount": 8_000_000, "reference": "131/2021/NĐ-CP"}]
    return DeathGrant.objects.create(**known, part="relatives", amount=8_000_000, lines=lines)


def taken_back(world: World, kind: str, grant: Any, reason: str = WRONG) -> Proposal:
    command = ProposeRevocation(kind=kind, grant_id=grant.pk, reason=reason)
    return propose_revocation(command, acting_user=proposer(world, kind), now=world.now)


def renamed(world: World, kind: str, grant: Any, payee: Person, **changes: Any) -> Proposal:
    ground = "household" if kind == "emergency" else ""
    command = NamePayee(
        **{"kind": kind, "grant_id": grant.pk, "payee_id": payee.pk, "ground": ground, "reason": DIED, **changes}
    )
    return propose_once_payee(command, acting_user=proposer(world, kind), now=world.now)


def agreed(world: World, kind: str, proposal: Proposal) -> None:
    approved(world, proposal, "31/QĐ-UBND", by=decider(world, kind))


@pytest.fixture
def house(world: World) -> House:
    return House(world, SOCIAL_ASSISTANCE)  # type: ignore[arg-type]


def money(grant: Any) -> list[tuple[str, int, str, date]]:
    """Return every line that a run wrote for whom a decision is about."""
    lines = PaymentLine.objects.filter(person=grant.subject_id).order_by("pk")
    return [(one.payee.full_name, one.amount, one.state, one.run.month) for one in lines.select_related("payee", "run")]


@pytest.mark.parametrize("kind", EVERY)
class TestTakingBack:
    def test_is_done_by_two_people_and_what_was_paid_is_overpaid(self, world: World, house: House, kind: str) -> None:
        grant = decided(world, kind, receiver(world))
        house.pay(NOVEMBER)
        world.now = house.later(days=1)
        proposal = taken_back(world, kind, grant)
        assert "Thu hồi quyết định" in proposal.words
        with pytest.raises(AlreadyReceived):
            taken_back(world, kind, grant)

        agreed(world, kind, proposal)
        house.pay(DECEMBER)

        grant.refresh_from_db()
        assert grant.withdrawn_because == f"{WRONG} (31/QĐ-UBND)"
        over = Overpayment.objects.get()
        assert (over.person_id, over.amount, over.matter) == (grant.subject_id, grant.amount, str(grant.pk))
        assert Event.objects.filter(name__endswith="Revoked", stream=grant.stream).count() == 1
        with pytest.raises(AlreadySettled):
            taken_back(world, kind, grant)

    def test_before_it_is_paid_nothing_is_paid(self, world: World, house: House, kind: str) -> None:
        grant = decided(world, kind, receiver(world))
        agreed(world, kind, taken_back(world, kind, grant))
        house.now = world.now
        house.pay(NOVEMBER)
        assert money(grant) == []

    def test_another_decision_in_the_same_month_is_paid_and_the_first_is_overpaid(
        self, world: World, house: House, kind: str
    ) -> None:
        first, second = receiver(world, full_name="Ma Văn Một"), receiver(world, full_name="Ma Thị Hai")
        grant = decided(world, kind, first)
        house.pay(NOVEMBER)
        world.now = house.later(days=1)
        agreed(world, kind, taken_back(world, kind, grant))
        if kind == "emergency":
            asked = emergencies.asked(world, first, EmergencyKind.INJURY, payee_id=second.pk, payee_ground="authorised")
            again = emergencies.granted(world, asked)
        else:
            again = decided(world, kind, second, deceased=grant.deceased)

        house.pay(NOVEMBER)
        house.pay(DECEMBER)
        house.pay(JANUARY)

        assert money(again) == [
            ("Ma Văn Một", grant.amount, "sent", NOVEMBER), ("Ma Thị Hai", again.amount, "sent", NOVEMBER),
        ]  # fmt: skip
        over = Overpayment.objects.get()
        assert (over.matter, over.amount, over.state) == (str(grant.pk), grant.amount, "open")
        assert list(months_paid_twice()) == []

    def test_needs_a_reason_and_somebody_of_the_commune(self, world: World, kind: str) -> None:
        grant = decided(world, kind, receiver(world))
        with pytest.raises(ReasonMissing):
            taken_back(world, kind, grant, reason="sai")
        command = ProposeRevocation(kind=kind, grant_id=grant.pk, reason=WRONG)
        with pytest.raises(NotYours):
            propose_revocation(command, acting_user=world.officer(Role.PROCESSOR, "H55.05455"), now=world.now)
        proposal = propose_revocation(command, acting_user=decider(world, kind), now=world.now)
        with pytest.raises(DecidesOwnProposal):
            agreed(world, kind, proposal)
        with pytest.raises(RecordUnknown):
            taken_back(world, kind, RECORDS[OnceKind(kind)](pk=0))


@pytest.mark.parametrize("kind", EVERY)
class TestAnotherPayee:
    def test_of_money_that_the_dead_cannot_receive_is_paid_once_by_the_next_run(
        self, world: World, house: House, kind: str
    ) -> None:
        payee, heir = receiver(world, full_name="Ma Văn Một"), receiver(world, full_name="Ma Thị Hai")
        grant = decided(world, kind, payee)
        Person.objects.filter(pk=payee.pk).update(died_on=date(2026, 11, 12))
        house.pay(NOVEMBER)
        house.pay(DECEMBER)
        held = [("Ma Văn Một", grant.amount, LineState.HELD, month) for month in (NOVEMBER, DECEMBER)]
        assert money(grant) == held
        world.now = house.later(days=3)
        proposal = renamed(world, kind, grant, heir)
        assert "Ma Thị Hai nhận" in proposal.words
        assert "thay Ma Văn Một" in proposal.words
        with pytest.raises(AlreadyReceived):
            renamed(world, kind, grant, heir)

        agreed(world, kind, proposal)
        for _again in range(3):
            house.pay(JANUARY)

        assert money(grant) == [*held, ("Ma Thị Hai", grant.amount, LineState.SENT, JANUARY)]
        assert not Overpayment.objects.exists()
        grant.refresh_from_db()
        assert (grant.payee_id, grant.receiver, grant.payee_named_at) == (heir.pk, "Ma Thị Hai", world.now)
        (told,) = Event.objects.filter(name="OncePayeeNamed")
        assert (told.stream, told.payload["payee_id"]) == (grant.stream, heir.pk)

    def test_is_refused_once_it_is_paid_or_on_its_way_and_of_whoever_cannot_receive(
        self, world: World, house: House, kind: str
    ) -> None:
        payee, heir = receiver(world), receiver(world)
        grant = decided(world, kind, payee)
        with pytest.raises(PayeeWrong, match="đang là người nhận"):
            renamed(world, kind, grant, payee)
        with pytest.raises(PayeeWrong, match="đã chết"):
            renamed(world, kind, grant, emergencies.dweller(world, died_on=date(2026, 11, 2)))
        waiting = renamed(world, kind, grant, heir)
        house.prepare(NOVEMBER)
        world.now = house.later()
        with pytest.raises(AlreadySettled, match="đang trong một đợt chi trả"):
            agreed(world, kind, waiting)
        grant.refresh_from_db()
        assert grant.payee_id == payee.pk

    def test_waits_while_a_run_asks_what_is_owed_and_is_told_on_paper_to_whom_it_is_paid(
        self, world: World, house: House, kind: str
    ) -> None:
        payee, heir = receiver(world), receiver(world)
        grant = decided(world, kind, payee)
        Person.objects.filter(pk=payee.pk).update(died_on=date(2026, 11, 12))
        waiting = renamed(world, kind, grant, heir)
        run = house.open(NOVEMBER)
        world.now = house.later()
        with pytest.raises(AlreadySettled, match="Đang tổng hợp"):
            agreed(world, kind, waiting)
        house.collect(run)
        world.now = house.later()

        agreed(world, kind, waiting)

        sheet = DecisionSheet.objects.get(proposal=waiting)
        assert sheet.person_id == (grant.subject_id if kind == "emergency" else heir.pk)

    def test_is_not_named_of_what_was_taken_back(self, world: World, kind: str) -> None:
        grant = decided(world, kind, receiver(world))
        agreed(world, kind, taken_back(world, kind, grant))
        with pytest.raises(AlreadySettled, match="đã được thu hồi"):
            renamed(world, kind, grant, receiver(world))


def test_a_funeral_that_nobody_could_be_paid_for_is_paid_to_whoever_is_named(world: World, house: House) -> None:
    grant = decided(world, "funeral", receiver(world))
    FuneralSupport.objects.filter(pk=grant.pk).update(payee=None)
    house.pay(NOVEMBER)
    assert money(grant) == []
    assert len(list(supports_that_nobody_is_paid())) == 1
    world.now = house.later(days=1)
    agreed(world, "funeral", renamed(world, "funeral", grant, receiver(world, full_name="Ma Thị Hai")))
    house.pay(DECEMBER)
    assert money(grant) == [("Ma Thị Hai", 10_800_000, "sent", DECEMBER)]


def test_a_funeral_that_is_known_by_its_payee_alone_is_taken_back_instead(world: World) -> None:
    grant = decided(world, "funeral", receiver(world))
    FuneralSupport.objects.filter(pk=grant.pk).update(deceased=None)
    grant.refresh_from_db()
    with pytest.raises(AlreadySettled, match="đề xuất thu hồi quyết định này"):
        renamed(world, "funeral", grant, receiver(world))
    agreed(world, "funeral", taken_back(world, "funeral", grant))


def test_a_wrong_death_is_taken_back_after_everything_that_it_brought(world: World) -> None:
    dead = emergencies.dweller(world, number="019080000071", full_name="Hoàng Thị Ổn")
    told = TellDeath(person_id=dead.pk, died_on=date(2026, 11, 10), paper="Trích lục khai tử 12")
    report_death(told, acting_user=processor(world), now=world.now)
    dead.refresh_from_db()
    deceased = Deceased(name=dead.full_name, number="019080000071", person_id=dead.pk)
    command = emergencies.asked(
        world, receiver(world), EmergencyKind.DEATH, deceased=deceased, happened_on=date(2026, 11, 10)
    )
    emergency = emergencies.granted(world, command)
    merit = decided(world, "at-death", receiver(world), deceased=dead)
    assert len(in_the_way(dead)) == 2
    for kind, grant in (("emergency", emergency), ("at-death", merit)):
        agreed(world, kind, taken_back(world, kind, grant))
    assert in_the_way(dead) == []

    no_death = ProposeNoDeath(person_id=dead.pk, programme="social-assistance", reason=WRONG)
    approved(world, propose_no_death(no_death, acting_user=processor(world), now=world.now))

    dead.refresh_from_db()
    assert dead.died_on is None


def test_what_was_taken_back_stands_in_the_way_of_no_other_decision(world: World) -> None:
    dossier = world.approve(world.receive())
    support = FuneralSupport.objects.get(dossier_code=dossier.code)
    with pytest.raises(ProgrammeRefusal, match="mỗi người chỉ được một lần"):
        world.approve(world.receive(answers=dossier.answers))
    agreed(world, "funeral", taken_back(world, "funeral", support))
    again = world.approve(world.receive(answers=dossier.answers))
    assert FuneralSupport.objects.get(withdrawn_at=None).dossier_code == again.code
    assert list(supports_granted_otherwise()) == []


def test_rice_that_was_handed_out_is_not_taken_back_and_rice_that_was_taken_back_is_not_handed_out(
    world: World,
) -> None:
    def rice() -> EmergencyGrant:
        _home, people = emergencies.household(world)
        return emergencies.granted(world, emergencies.asked(world, people[0], EmergencyKind.RICE))

    def hand_out(grant: EmergencyGrant) -> None:
        command = HandOutRice(grant_ids=[grant.pk], handed_out_on=world.today)
        hand_out_rice(command, acting_user=processor(world), now=world.now)

    eaten, revoked = rice(), rice()
    hand_out(eaten)
    with pytest.raises(AlreadySettled, match="Gạo theo quyết định này đã phát"):
        taken_back(world, "emergency", eaten)
    agreed(world, "emergency", taken_back(world, "emergency", revoked))
    revoked.refresh_from_db()
    assert revoked.state == "revoked"
    with pytest.raises(AlreadySettled, match="đã được thu hồi"):
        hand_out(revoked)


@pytest.mark.parametrize("kind", ["at-death", "emergency"])
def test_nothing_else_of_a_decision_is_edited(world: World, kind: str) -> None:
    grant = decided(world, kind, receiver(world))
    rows: Any = RECORDS[OnceKind(kind)].objects.filter(pk=grant.pk)  # type: ignore[attr-defined]
    for change in ({"amount": 1}, {"is_paid_apart": False}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    agreed(world, kind, taken_back(world, kind, grant))
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")


def test_what_was_paid_together_before_stays_together(world: World, house: House) -> None:
    payee = receiver(world)
    for number in ("H1", "H2"):
        FuneralSupport.objects.create(
            dossier_code=number, deceased_name="Hoàng Văn Cụ", died_on=world.today, payee_name=payee.full_name, payee=payee,
            unit=payee.unit, amount=10_800_000, reasons=["Chết"], granted_at=world.now, granted_by=1, is_paid_apart=False,
        )  # fmt: skip
    house.pay(NOVEMBER)
    assert PaymentLine.objects.filter(is_live=True).values_list("matter", "amount").get() == ("", 21_600_000)
    house.pay(DECEMBER)
    assert PaymentLine.objects.count() == 1


def test_a_proposal_of_before_still_takes_back_the_support_that_it_names(world: World) -> None:
    support = decided(world, "funeral", receiver(world))
    proposal = as_before(taken_back(world, "funeral", support), {"support_id": support.pk, "reason": WRONG})
    agreed(world, "funeral", proposal)
    support.refresh_from_db()
    assert support.withdrawn_at is not None


def as_before(proposal: Proposal, payload: dict[str, Any]) -> Proposal:
    """Return the same proposal as it would have been written before."""
    fields = {
        one.attname: getattr(proposal, one.attname) for one in Proposal._meta.concrete_fields if not one.primary_key
    }
    return Proposal.objects.create(**{**fields, "payload": payload})
