"""Ways back, by two people: a wrong stop, a death recorded by mistake, the support of a funeral that was none."""

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.health import supports_granted_otherwise
from lienthong.assistance.models import DeathGrant, Entitlement, EntitlementRate, Finding, FuneralSupport, Proposal
from lienthong.assistance.payables import SOCIAL_ASSISTANCE
from lienthong.assistance.services.changing import stop, suspend
from lienthong.assistance.services.deaths import TellDeath, report_death
from lienthong.assistance.services.emergency import Deceased
from lienthong.assistance.services.finding_acts import dismiss, draft_dossier, propose_from
from lienthong.assistance.services.following import follow_death
from lienthong.assistance.services.proposing_changes import ProposeStop, propose_stop
from lienthong.assistance.services.proposing_paid_once import ProposeRevocation, propose_revocation
from lienthong.assistance.services.proposing_ways_back import (
    ProposeNoDeath,
    ProposeReinstatement,
    propose_no_death,
    propose_reinstatement,
)
from lienthong.assistance.services.refusals import (
    AlreadyReceived,
    AlreadySettled,
    DecidesOwnProposal,
    NotOwed,
    NotYours,
    ReasonMissing,
)
from lienthong.assistance.services.reinstating import FuneralStands, in_the_way, reinstate
from lienthong.infra.events import Event
from lienthong.payments.models import Overpayment
from lienthong.people.models import Person
from lienthong.rules.emergency.kinds import EmergencyKind
from tests.assistance import emergencies
from tests.assistance.known import amount_in, approved, disabled, granted, leader, processor, rates_of
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory, MeritClaimFactory
from tests.factories.payments import OverpaymentFactory, PaymentLineFactory, PaymentRunFactory
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World, at

NOVEMBER, DECEMBER, JANUARY, FEBRUARY = (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1))
NUMBER = "019080000071"
WRONG = "Trùng tên với người khác"


def stopped(world: World, **facts: Any) -> Entitlement:
    """Return a benefit of November 2026 that was ended with its month, seen in February."""
    row = granted(world, disabled(world, **facts))
    stop(row, last_month=NOVEMBER, reason="Từ chối nhận", acting_user_id=None, now=world.now)
    world.now = at("2027-02-15 09:00")
    return row


def asked_back(world: World, row: Entitlement, reason: str = WRONG) -> Proposal:
    command = ProposeReinstatement(entitlement_id=row.pk, reason=reason)
    return propose_reinstatement(command, acting_user=processor(world), now=world.now)


def paid(row: Entitlement, month: date, amount: int) -> None:
    """Let a run have paid a month."""
    PaymentLineFactory(
        run=PaymentRunFactory(released=True, month=month), person=row.person, benefit=row.benefit, unit=row.unit,
        for_month=month, amount=amount, paid=True,
    )  # fmt: skip


def owed(month: date, *, changed_since: Any) -> dict[date, int]:
    rows = SOCIAL_ASSISTANCE.owed(month, since=month, changed_since=changed_since)
    return {one.for_month: one.amount for one in rows if one.benefit == "personal"}


class TestAWrongStop:
    def test_is_undone_by_two_people_and_the_months_between_are_owed(self, world: World) -> None:
        row = stopped(world)
        proposal = asked_back(world, row)
        assert "từ tháng 12/2026 810.000" in proposal.words
        assert "Truy lĩnh 3 tháng chưa trả, 2.430.000" in proposal.words
        assert row.person.full_name in proposal.words
        row.refresh_from_db()
        assert row.state == "ended"
        with pytest.raises(DecidesOwnProposal):
            approved(world, asked_back_by(world, stopped(world), leader(world)), by=leader(world))

        approved(world, proposal, number="30/QĐ-UBND")

        row.refresh_from_db()
        assert (row.state, row.last_month, row.ended_because) == ("active", None, "")
        assert rates_of(row) == [("2026-11", "2026-12", 810_000), ("2026-12", "2029-02", 810_000)]
        assert owed(FEBRUARY, changed_since=world.now) == {DECEMBER: 810_000, JANUARY: 810_000, FEBRUARY: 810_000}
        told = Event.objects.filter(stream=row.stream).order_by("sequence").values_list("name", flat=True)
        assert list(told) == ["EntitlementGranted", "EntitlementEnded", "EntitlementReinstated"]
        assert EntitlementRate.objects.filter(entitlement=row, superseded_at__isnull=False).count() == 1

    def test_closes_what_waited_as_overpaid_and_keeps_what_is_too_much_all_the_same(self, world: World) -> None:
        row = stopped(world)
        for month, amount in ((DECEMBER, 810_000), (JANUARY, 900_000)):
            paid(row, month, amount)
            OverpaymentFactory(person=row.person, benefit=row.benefit, for_month=month, amount=amount)
        proposal = asked_back(world, row)
        assert "Truy lĩnh 1 tháng chưa trả, 810.000" in proposal.words
        assert set(Overpayment.objects.values_list("state", flat=True)) == {"open"}

        approved(world, proposal)

        found = dict(Overpayment.objects.values_list("for_month", "state"))
        assert found == {DECEMBER: "withdrawn", JANUARY: "open"}
        assert Overpayment.objects.get(for_month=JANUARY).amount == 90_000
        assert Event.objects.filter(name="OverpaymentWithdrawn").count() == 1

    def test_of_what_never_should_have_been_stopped_from_its_first_month_pays_from_there(self, world: World) -> None:
        row = granted(world, disabled(world))
        stop(row, last_month=date(2026, 9, 1), reason="Cho hưởng nhầm", acting_user_id=None, now=world.now)
        approved(world, asked_back(world, row))
        assert rates_of(row) == [("2026-11", "2028-11", 810_000)]

    def test_leaves_suspended_what_was_suspended(self, world: World) -> None:
        row = granted(world, disabled(world))
        suspend(row, first_month=DECEMBER, reason="Vắng", for_refusal=True, acting_user_id=None, now=world.now)
        world.now = at("2027-01-15 09:00")
        stop(row, last_month=JANUARY, reason="Từ chối nhận", acting_user_id=None, now=world.now)
        world.now = at("2027-02-15 09:00")

        approved(world, asked_back(world, row))

        row.refresh_from_db()
        assert (row.state, row.suspended_from) == ("suspended", DECEMBER)
        assert [amount_in(row, month) for month in (NOVEMBER, DECEMBER, FEBRUARY)] == [810_000, 0, 0]

    def test_is_paid_until_another_decision_took_over(self, world: World) -> None:
        row = stopped(world)
        world.now = at("2027-02-20 09:00")
        later = granted(world, row.person)
        assert later.first_month == FEBRUARY

        approved(world, asked_back(world, row))

        row.refresh_from_db()
        assert (row.state, row.last_month) == ("ended", JANUARY)
        assert "02/2027" in row.ended_because
        assert owed(FEBRUARY, changed_since=world.now)[JANUARY] == 810_000
        with pytest.raises(AlreadyReceived, match="02/2027"):
            asked_back(world, row)

    def test_of_somebody_who_died_meanwhile_is_owed_until_the_month_of_the_death(self, world: World) -> None:
        row = stopped(world)
        Person.objects.filter(pk=row.person_id).update(died_on=date(2027, 1, 20))

        approved(world, asked_back(world, row))

        row.refresh_from_db()
        assert (row.state, row.last_month) == ("ended", JANUARY)
        assert row.ended_because.startswith("Người hưởng đã chết (ngày 20/01/2027)")
        assert [amount_in(row, month) for month in (DECEMBER, JANUARY, FEBRUARY)] == [810_000, 810_000, 0]
        with pytest.raises(NotOwed, match="rút ghi nhận đã chết"):
            asked_back(world, row)

    def test_gives_nothing_that_the_rules_do_not_give(self, world: World) -> None:
        row = stopped(world)
        row.person.disability_certificates.update(valid_until=date(2026, 11, 20))
        row.person.circumstances.filter(name="disability").update(valid_until=None)
        with pytest.raises(NotOwed, match="không tháng nào"):
            asked_back(world, row)

    def test_needs_a_reason_a_benefit_that_ended_and_somebody_of_its_commune(self, world: World) -> None:
        row = granted(world, disabled(world))
        with pytest.raises(AlreadySettled):
            asked_back(world, row)
        row = stopped(world)
        with pytest.raises(ReasonMissing):
            asked_back(world, row, reason="sai")
        stranger = world.officer(Role.PROCESSOR, "H55.05455")
        with pytest.raises(NotYours):
            asked_back_by(world, row, stranger)


def asked_back_by(world: World, row: Entitlement, user: Any) -> Proposal:
    return propose_reinstatement(
        ProposeReinstatement(entitlement_id=row.pk, reason=WRONG), acting_user=user, now=world.now
    )


def died(world: World) -> Entitlement:
    """Return the benefit of somebody who was reported dead in December 2026, seen in February."""
    row = granted(world, disabled(world, number=NUMBER, full_name="Hoàng Thị Ổn"))
    world.now = at("2026-12-20 09:00")
    told = TellDeath(person_id=row.person_id, died_on=date(2026, 12, 10), paper="Trích lục khai tử 12")
    report_death(told, acting_user=processor(world), now=world.now)
    row.refresh_from_db()
    assert (row.state, row.last_month) == ("ended", DECEMBER)
    world.now = at("2027-02-15 09:00")
    return row


def not_dead(world: World, row: Entitlement, **changes: Any) -> Proposal:
    command = ProposeNoDeath(
        **{"person_id": row.person_id, "programme": "social-assistance", "reason": WRONG, **changes}
    )
    return propose_no_death(command, acting_user=processor(world), now=world.now)


class TestADeathThatWasNone:
    def test_is_taken_back_by_two_people_with_what_it_ended(self, world: World) -> None:
        row = died(world)
        proposal = not_dead(world, row)
        assert "Rút ghi nhận đã chết ngày 10/12/2026" in proposal.words
        assert "Truy lĩnh 2 tháng chưa trả, 1.620.000" in proposal.words
        assert Person.objects.get(pk=row.person_id).died_on == date(2026, 12, 10)
        with pytest.raises(AlreadyReceived):
            not_dead(world, row)

        approved(world, proposal)

        assert Person.objects.get(pk=row.person_id).died_on is None
        row.refresh_from_db()
        assert (row.state, row.last_month) == ("active", None)
        assert owed(FEBRUARY, changed_since=world.now) == {JANUARY: 810_000, FEBRUARY: 810_000}
        names = set(Event.objects.filter(at=world.now).values_list("name", flat=True))
        assert {"DeathWithdrawn", "DeathTakenBack", "EntitlementReinstated", "FindingDismissed"} <= names
        assert Event.objects.get(name="DeathRecorded").payload["died_on"] == "2026-12-10"
        assert Finding.objects.get(benefit="funeral").state == "dismissed"

    def test_names_what_it_ended_in_the_other_programme_and_asks_there_that_it_goes_on(self, world: World) -> None:
        row = granted(world, disabled(world, number=NUMBER, full_name="Hoàng Thị Ổn"))
        MeritClaimFactory(person=row.person)
        merit = EntitlementFactory(
            person=row.person, unit=row.unit, programme="merit", benefit="monthly", first_month=row.first_month
        )
        EntitlementRateFactory(
            entitlement=merit, amount=4_000_000, end_month=date(2028, 12, 1), basis={"category": "", "lines": []}
        )
        told = TellDeath(person_id=row.person_id, died_on=date(2026, 12, 1), paper="Trích lục khai tử 12")
        world.now = at("2026-12-20 09:00")
        report_death(told, acting_user=processor(world), now=world.now)
        merit.refresh_from_db()
        assert merit.state == "ended"

        proposal = not_dead(world, row)
        assert "Còn phải đề xuất phục hồi ở chương trình khác: " in proposal.words
        approved(world, proposal)

        merit.refresh_from_db()
        assert merit.state == "ended"
        finding = Finding.objects.get(entitlement=merit)
        assert (finding.kind, finding.programme, finding.state) == ("not_receiving", "merit", "open")
        assert (finding.amount, finding.unit_id) == (4_000_000, merit.unit_id)
        assert "01/12/2026" in finding.reasons[0]
        again = propose_from(finding.pk, acting_user=processor(world), now=world.now)
        assert (again.kind, again.entitlement_id) == ("reinstate", merit.pk)
        reinstate(merit, Person.objects.get(pk=row.person_id), reason=WRONG, acting_user_id=None, now=world.now)
        finding.refresh_from_db()
        assert finding.state == "settled"

    def test_is_not_told_again_by_the_job_that_was_late(self, world: World) -> None:
        row = died(world)
        approved(world, not_dead(world, row))
        assert follow_death(row.person_id, now=world.now) == []
        row.refresh_from_db()
        assert row.state == "active"

    def test_offers_the_funeral_anew_when_the_person_really_dies(self, world: World) -> None:
        row = died(world)
        approved(world, not_dead(world, row))
        told = TellDeath(person_id=row.person_id, died_on=date(2027, 2, 10), paper="Trích lục khai tử 7")
        report_death(told, acting_user=processor(world), now=world.now)
        assert sorted(Finding.objects.filter(benefit="funeral").values_list("state", flat=True)) == [
            "dismissed",
            "open",
        ]

    def test_leaves_alone_what_ended_for_another_reason(self, world: World) -> None:
        row = died(world)
        other = EntitlementFactory(
            person=row.person,
            unit=row.unit,
            benefit="carer",
            ended=True,
            last_month=DECEMBER,
            ended_because="Từ chối nhận",
        )
        merit = EntitlementFactory(
            person=row.person, unit=row.unit, programme="merit", benefit="monthly", ended=True, last_month=DECEMBER,
            ended_because=row.ended_because,
        )  # fmt: skip
        approved(world, not_dead(world, row))
        for one in (other, merit):
            one.refresh_from_db()
            assert one.state == "ended"

    def test_of_somebody_who_received_nothing_is_taken_back_too(self, world: World) -> None:
        person = disabled(world, number=NUMBER)
        Person.objects.filter(pk=person.pk).update(died_on=date(2026, 11, 2))
        command = ProposeNoDeath(person_id=person.pk, programme="social-assistance", reason=WRONG)
        proposal = propose_no_death(command, acting_user=processor(world), now=world.now)
        assert "Không có khoản nào phải phục hồi" in proposal.words
        approved(world, proposal)
        assert Person.objects.get(pk=person.pk).died_on is None

    def test_a_stop_that_was_proposed_for_it_and_approved_is_undone_alike(self, world: World) -> None:
        row = granted(world, disabled(world))
        command = ProposeStop(entitlement_id=row.pk, died_on=date(2026, 11, 10), note="theo lời kể")
        approved(world, propose_stop(command, acting_user=processor(world), now=world.now))
        approved(world, not_dead(world, row))
        row.refresh_from_db()
        assert row.state == "active"

    def test_is_not_taken_back_of_the_living_nor_by_strangers(self, world: World) -> None:
        row = granted(world, disabled(world))
        with pytest.raises(AlreadySettled):
            not_dead(world, row)
        row = died(world)
        command = ProposeNoDeath(person_id=row.person_id, programme="social-assistance", reason=WRONG)
        with pytest.raises(NotYours):
            propose_no_death(command, acting_user=world.officer(Role.PROCESSOR, "H55.05455"), now=world.now)


class TestAFuneralThatWasNone:
    @pytest.fixture
    def row(self, world: World) -> Entitlement:
        PersonFactory(number="019085001234")
        row = granted(world, disabled(world, number=NUMBER, full_name="Hoàng Thị Ổn"))
        answers = {**world.request().answers, "deceased_number": NUMBER, "died_on": "2026-11-10"}
        world.approve(world.receive(answers=answers))
        row.refresh_from_db()
        assert row.state == "ended"
        return row

    def revoked(self, world: World) -> Proposal:
        support = FuneralSupport.objects.get()
        command = ProposeRevocation(kind="funeral", grant_id=support.pk, reason="Người được nói đã chết còn sống")
        return propose_revocation(command, acting_user=processor(world), now=world.now)

    def test_comes_before_the_death_is_taken_back(self, world: World, row: Entitlement) -> None:
        with pytest.raises(FuneralStands, match=r"10\.800\.000.*theo hồ sơ.*thu hồi quyết định đó trước"):
            not_dead(world, row)
        proposal = self.revoked(world)
        assert "10.800.000" in proposal.words
        with pytest.raises(AlreadyReceived):
            self.revoked(world)

        approved(world, proposal, number="31/QĐ-UBND")

        support = FuneralSupport.objects.get()
        assert support.withdrawn_because == "Người được nói đã chết còn sống (31/QĐ-UBND)"
        assert list(supports_granted_otherwise()) == []
        approved(world, not_dead(world, row))
        row.refresh_from_db()
        assert row.state == "active"
        with pytest.raises(AlreadySettled):
            self.revoked(world)

    def test_is_owed_no_more_so_that_what_was_paid_is_overpaid(self, world: World, row: Entitlement) -> None:
        def funeral(since: Any) -> list[int]:
            rows = SOCIAL_ASSISTANCE.owed(DECEMBER, since=DECEMBER, changed_since=since)
            return [one.amount for one in rows if one.benefit == "funeral"]

        assert funeral(world.now) == [10_800_000]
        world.now = at("2026-12-15 09:00")
        approved(world, self.revoked(world))
        assert funeral(world.now) == [0]
        assert funeral(at("2026-12-16 09:00")) == []

    def test_that_is_only_asked_for_is_settled_first(self, world: World) -> None:
        row = died(world)
        finding = Finding.objects.get(benefit="funeral")
        draft_dossier(finding.pk, acting_user=processor(world), now=world.now)
        with pytest.raises(FuneralStands, match="bỏ qua phát hiện"):
            not_dead(world, row)
        dismiss(finding.pk, reason="Người này còn sống", acting_user=processor(world), now=world.now)
        approved(world, not_dead(world, row))
        assert Person.objects.get(pk=row.person_id).died_on is None

    def test_nor_may_other_money_of_the_death_stand_or_be_asked_for(self, world: World) -> None:
        row = died(world)
        world.now = at("2026-12-21 09:00")
        PersonFactory(number="019085001234")
        DeathGrant.objects.create(
            dossier_code="H55.7", deceased=row.person, died_on=date(2026, 12, 10), payee=row.person, unit=row.unit,
            part="both", amount=23_400_000, lines=[], reasons=[], granted_at=world.now, granted_by=1,
        )  # fmt: skip
        person = Person.objects.get(pk=row.person_id)
        deceased = Deceased(name=person.full_name, number=NUMBER, person_id=person.pk)
        command = emergencies.asked(
            world, emergencies.dweller(world), EmergencyKind.DEATH, deceased=deceased, happened_on=date(2026, 12, 10)
        )
        emergencies.granted(world, command)
        answers = {"deceased_number": NUMBER, "died_on": "2026-12-10", "asks": "once", "person_number": ""}
        dossier = world.receive("1.010824", answers=answers, unit_id=row.unit_id)

        merit, emergency, asked = in_the_way(person)

        assert "23.400.000" in merit
        assert "H55.7" in merit
        assert "27.000.000" in emergency
        assert dossier.code in asked
        assert "trợ cấp khi người có công từ trần" in asked
        with pytest.raises(FuneralStands):
            not_dead(world, row)

    def test_whose_dossier_is_on_its_way_is_settled_first(self, world: World) -> None:
        row = died(world)
        world.now = at("2026-12-21 09:00")
        answers = {**world.request().answers, "deceased_number": NUMBER, "died_on": "2026-12-10"}
        dossier = world.receive(answers=answers)
        with pytest.raises(FuneralStands, match=dossier.code):
            not_dead(world, row)


def test_the_commune_that_paid_decides(world: World) -> None:
    row = stopped(world)
    proposal = asked_back(world, row)
    with pytest.raises(NotYours):
        approved(world, proposal, by=world.officer(Role.LEADER, "H55.05455"))
    assert world.agency(COMMUNE).unit_id == proposal.unit_id
