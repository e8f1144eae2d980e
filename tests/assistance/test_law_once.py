"""A law of October that applies from July lists what was decided once in August, too; two people decide what is added."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from lienthong.accounts.states import Role
from lienthong.assistance.health import top_ups_granted_otherwise
from lienthong.assistance.models import (
    DecisionSheet,
    Finding,
    FuneralSupport,
    LawChange,
    LawChangeRow,
    Proposal,
    TopUp,
    of,
)
from lienthong.assistance.payables import MERIT, SOCIAL_ASSISTANCE
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.law_change_lists import months_not_looked_at, rows_of_change, table_of
from lienthong.assistance.queries.law_differences import preview_law
from lienthong.assistance.queries.paid_once import once_of
from lienthong.assistance.queries.people import acts_for
from lienthong.assistance.queries.top_ups import may_be_raised
from lienthong.assistance.services import law_changes as services
from lienthong.assistance.services.finding_acts import propose_from
from lienthong.assistance.services.findings import review_at_once
from lienthong.assistance.services.funeral import GrantFuneralSupport, grant_funeral_support
from lienthong.assistance.services.law_changes import ProposeLawChange
from lienthong.assistance.services.paid_once import revoke_once
from lienthong.assistance.services.proposing import ProposeAdjustment, propose_adjustment
from lienthong.assistance.services.proposing_paid_once import ProposeRevocation, propose_revocation
from lienthong.assistance.services.refusals import (
    AlreadyReceived,
    AlreadySettled,
    DecidesOwnProposal,
    NotOwed,
    NotYours,
    RecordUnknown,
)
from lienthong.assistance.services.top_ups import ProposeTopUp, propose_top_up
from lienthong.assistance.states import LawRowState, Programme
from lienthong.infra.events import Event
from lienthong.infra.working import told_moment
from lienthong.kernel.money import Dong
from lienthong.payments.health import months_paid_twice
from lienthong.payments.models import Overpayment, PaymentLine
from lienthong.people.models import Person
from lienthong.rules.emergency.kinds import EmergencyKind
from lienthong.rules.social_assistance.funeral import FuneralFacts
from tests.assistance import emergencies, onces
from tests.assistance.known import approved, home_affairs, leader, processor
from tests.assistance.onces import AFTER, AUGUST, BEFORE
from tests.assistance.test_law_changes import JULY, applied, preparer, reckoned
from tests.payments.house import DECEMBER, JANUARY, NOVEMBER, House
from tests.world import World, at

pytestmark = pytest.mark.django_db
EVERY = ["funeral", "emergency", "at-death"]


def granted(world: World, kind: str) -> Any:
    makes = {"funeral": onces.funeral, "emergency": onces.emergency, "at-death": onces.at_death}
    return makes[kind](world)


def programme_of(grant: Any) -> str:
    return str(grant.programme)


def listed(programme: str = Programme.SOCIAL) -> list[tuple[int, str, str, int, int | None, bool, str]]:
    rows = LawChangeRow.objects.filter(change__programme=programme).order_by("pk")
    return [(one.person_id, one.benefit, f"{one.month:%m}", one.old, one.new, one.was_paid, one.state) for one in rows]


def topped_up(world: World, grant: Any) -> TopUp:
    proposal = onces.agreed(world, grant, onces.top_up_proposed(world, grant))
    return TopUp.objects.get(proposal=proposal)


class TestListing:
    def test_a_funeral_of_august_is_put_apart_with_both_amounts(self, world: World) -> None:
        grant = onces.funeral(world)
        assert grant.amount == BEFORE["funeral"]

        change = reckoned(world)

        assert listed() == [
            (grant.deceased_id, "funeral", "08", BEFORE["funeral"], AFTER["funeral"], False, LawRowState.APART)
        ]
        assert LawChangeRow.objects.get().grant == grant
        assert (change.people, change.amount, change.apart) == (0, 0, 1)

    def test_of_somebody_in_an_institution_by_its_own_multiple(self, world: World) -> None:
        onces.funeral(world, in_institution=True)
        reckoned(world)
        assert [(old, new) for _who, _what, _month, old, new, *_rest in listed()] == [(25_000_000, 27_000_000)]

    def test_emergency_assistance_for_what_happened_in_august(self, world: World) -> None:
        grant = onces.emergency(world)
        reckoned(world)
        assert listed() == [
            (grant.person_id, "emergency", "08", BEFORE["emergency"], AFTER["emergency"], False, LawRowState.APART)
        ]

    def test_what_no_law_changes_is_not_listed(self, world: World) -> None:
        onces.emergency(world, EmergencyKind.HOUSE, facts={"in_difficulty": True})
        onces.emergency(world, EmergencyKind.RICE)
        reckoned(world)
        assert listed() == []

    def test_what_a_death_of_merit_brought_by_both_its_levels(self, world: World) -> None:
        grant = onces.at_death(world)
        reckoned(world, Programme.MERIT)
        ((person_id, benefit, month, old, new, _paid, state),) = listed(Programme.MERIT)
        assert (person_id, benefit, month, state) == (grant.deceased_id, "at_death", "08", LawRowState.APART)
        assert old == grant.amount
        assert new is not None
        assert new > old
        assert not LawChangeRow.objects.exclude(change__programme=Programme.MERIT).exists()

    def test_what_people_with_merit_are_paid_once(self, world: World) -> None:
        row = onces.one_off(world)
        reckoned(world, Programme.MERIT)
        ((person_id, benefit, month, old, new, _paid, state),) = listed(Programme.MERIT)
        assert (person_id, benefit, month, state) == (row.person_id, "one_off", "08", LawRowState.APART)
        assert LawChangeRow.objects.get().entitlement == row
        assert (old, new) == (55_780_000, 60_240_000)  # twenty times the standard

    def test_not_what_happened_outside_of_the_months(self, world: World) -> None:
        onces.funeral(world, died_on=date(2026, 6, 30))
        onces.emergency(world, happened_on=date(2026, 6, 30))
        reckoned(world)
        assert listed() == []

    def test_not_what_was_taken_back(self, world: World) -> None:
        for grant in (onces.funeral(world), onces.emergency(world)):
            revoke_once(grant.what.value, grant.pk, reason="Ghi nhầm người", acting_user=leader(world), now=world.now)
        reckoned(world)
        assert listed() == []

    def test_not_what_was_decided_by_the_new_law_already(self, world: World) -> None:
        command = emergencies.asked(world, onces.receiver(world), EmergencyKind.INJURY)
        assert emergencies.granted(world, command).amount == AFTER["emergency"]
        reckoned(world)
        assert listed() == []

    def test_a_decision_that_no_known_facts_explain_is_open(self, world: World) -> None:
        payee = onces.receiver(world)
        other = FuneralSupport.objects.create(
            dossier_code="H55.OLD", deceased=onces.dead_person(world), deceased_name="Ma Văn Cũ", died_on=AUGUST,
            payee_name=payee.full_name, payee=payee, unit=payee.unit, amount=7_200_000, reasons=["Theo hồ sơ giấy"],
            granted_at=at("2026-08-20 09:00"), granted_by=1,
        )  # fmt: skip
        reckoned(world)
        assert listed() == [(other.deceased_id, "funeral", "08", 7_200_000, None, False, LawRowState.OPEN)]

    def test_of_somebody_whom_no_register_knows_by_whoever_is_paid(self, world: World) -> None:
        grant = onces.funeral(world, deceased_number="")
        assert grant.deceased is None
        reckoned(world)
        assert [(who, old, new) for who, _what, _month, old, new, *_rest in listed()] == [
            (grant.payee_id, BEFORE["funeral"], AFTER["funeral"])
        ]

    def test_says_whether_it_was_paid(self, world: World) -> None:
        house = House(world, SOCIAL_ASSISTANCE)  # type: ignore[arg-type]
        grant = onces.funeral(world)
        house.pay(NOVEMBER, since=JULY)
        assert PaymentLine.objects.get().person_id == grant.deceased_id
        with told_moment(house.later(days=1)):
            reckoned(world)
        assert [paid for *_rest, paid, _state in listed()] == [True]

    def test_for_one_funeral_only_the_highest_is_due(self, world: World) -> None:
        dead = onces.dead_person(world)
        support = onces.funeral(world, of=dead)
        grant = onces.emergency(
            world, EmergencyKind.DEATH, person=onces.receiver(world), payee_ground="household",
            deceased=onces.deceased(dead),
        )  # fmt: skip
        assert (support.amount, grant.amount) == (10_000_000, 15_000_000)
        reckoned(world)
        assert [(old, new) for _who, _what, _month, old, new, *_rest in listed()] == [(15_000_000, 17_000_000)]

    def test_the_preview_says_the_same_twice_and_writes_nothing(self, world: World) -> None:
        grant = onces.funeral(world)
        law = services.new_law(ProposeLawChange(programme=Programme.SOCIAL, from_month=JULY), on=world.today)
        first, second = list(preview_law(law)), list(preview_law(law))
        assert first == second
        assert [(one.of, one.old, one.new, one.state) for one in first] == [
            (grant, BEFORE["funeral"], AFTER["funeral"], LawRowState.APART)
        ]
        assert not LawChange.objects.exists()

    def test_is_announced_where_nobody_has_reckoned(self, world: World) -> None:
        officer = preparer(world)
        assert not [one for one in months_not_looked_at(officer, on=world.today) if one.month == JULY]
        onces.funeral(world)
        assert [one for one in months_not_looked_at(officer, on=world.today) if one.month == JULY]

    def test_an_approval_writes_nothing_of_it(self, world: World) -> None:
        grant = onces.funeral(world)
        applied(world, reckoned(world))
        grant.refresh_from_db()
        assert grant.amount == BEFORE["funeral"]
        assert [state for *_rest, state in listed()] == [LawRowState.APART]
        ((*_who, handling, _why),) = table_of(LawChange.objects.get(), rows_of_change(LawChange.objects.get()))
        assert handling == "khoản chi một lần, xem riêng"

    def test_a_row_is_of_one_thing_and_of_each_decision_once(self, world: World) -> None:
        grant = onces.funeral(world)
        reckoned(world)
        row = LawChangeRow.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError, match="law_row_once_funeral"), transaction.atomic():
            row.save(force_insert=True)
        row.funeral_support = None
        with pytest.raises(IntegrityError, match="law_row_of_one"), transaction.atomic():
            row.save(force_insert=True)
        assert LawChangeRow.objects.filter(**of(grant)).count() == 1


@pytest.mark.parametrize("kind", EVERY)
class TestAdding:
    def test_is_decided_by_two_and_paid_once_for_itself(self, world: World, kind: str) -> None:
        house = House(world, MERIT if kind == "at-death" else SOCIAL_ASSISTANCE)  # type: ignore[arg-type]
        grant = granted(world, kind)
        house.pay(NOVEMBER, since=JULY)
        world.now = house.later(days=1)
        with told_moment(world.now):
            applied(world, reckoned(world, programme_of(grant)))
        row = LawChangeRow.objects.get()
        assert row.was_paid

        proposal = onces.top_up_proposed(world, grant)
        with pytest.raises(AlreadyReceived):
            onces.top_up_proposed(world, grant)
        onces.agreed(world, grant, proposal)
        top_up = TopUp.objects.get()
        assert (top_up.before, top_up.amount, top_up.law_row) == (row.old, row.difference, row)
        assert sum(line["amount"] for line in top_up.lines) == top_up.amount
        for month in (NOVEMBER, DECEMBER, JANUARY):
            house.pay(month)

        lines = PaymentLine.objects.order_by("pk")
        assert [(one.matter, one.amount, one.state) for one in lines] == [
            (str(grant.pk), row.old, "sent"), (f"top-up-{top_up.pk}", row.difference, "sent"),
        ]  # fmt: skip
        assert lines[1].basis["top_ups"] == [top_up.pk]
        assert "Bổ sung chênh lệch" in lines[1].words
        assert {one.payee_id for one in lines} == {grant.payee_id}
        assert list(months_paid_twice()) == []
        with pytest.raises(NotOwed, match="đủ mức"):
            onces.top_up_proposed(world, grant)
        law = services.new_law(ProposeLawChange(programme=programme_of(grant), from_month=JULY), on=world.today)
        assert list(preview_law(law)) == []

    def test_is_told_in_words_on_the_sheet_the_timeline_and_the_page(self, world: World, kind: str) -> None:
        grant = granted(world, kind)
        applied(world, reckoned(world, programme_of(grant)))
        top_up = topped_up(world, grant)

        sheet = DecisionSheet.objects.get(kind="top_up")
        assert "Bổ sung chênh lệch" in sheet.outcome
        assert "đã quyết định" in str(sheet.data)
        assert sheet.person_id == (grant.person_id if kind == "emergency" else grant.payee_id)
        (told,) = Event.objects.filter(name="TopUpGranted")
        assert (told.stream, told.payload["amount"]) == (grant.stream, top_up.amount)
        viewer = onces.proposer(world, kind)
        person = top_up.person
        assert top_up in once_of(person, acts_for(person, as_=viewer, on=world.today))

    def test_goes_with_the_decision_when_that_is_taken_back(self, world: World, kind: str) -> None:
        house = House(world, MERIT if kind == "at-death" else SOCIAL_ASSISTANCE)  # type: ignore[arg-type]
        grant = granted(world, kind)
        applied(world, reckoned(world, programme_of(grant)))
        top_up = topped_up(world, grant)
        house.now = world.now
        house.pay(NOVEMBER, since=JULY)
        world.now = house.later(days=1)
        command = ProposeRevocation(kind=kind, grant_id=grant.pk, reason="Ghi nhầm người chết")
        proposal = propose_revocation(command, acting_user=onces.proposer(world, kind), now=world.now)
        assert "được thu hồi cùng" in proposal.words

        onces.agreed(world, grant, proposal)
        house.pay(DECEMBER)

        top_up.refresh_from_db()
        assert top_up.withdrawn_at == world.now
        over = Overpayment.objects.order_by("matter").values_list("matter", "amount")
        assert list(over) == [(str(grant.pk), grant.amount), (f"top-up-{top_up.pk}", top_up.amount)]

    def test_is_taken_back_by_itself_and_decided_again(self, world: World, kind: str) -> None:
        grant = granted(world, kind)
        applied(world, reckoned(world, programme_of(grant)))
        first = topped_up(world, grant)
        command = ProposeRevocation(kind="top-up", grant_id=first.pk, reason="Chờ hướng dẫn của bộ")
        proposal = propose_revocation(command, acting_user=onces.proposer(world, kind), now=world.now)
        onces.agreed(world, grant, proposal)
        first.refresh_from_db()
        grant.refresh_from_db()
        assert first.withdrawn_at is not None
        assert grant.withdrawn_at is None
        assert Event.objects.filter(name="TopUpRevoked", stream=grant.stream).count() == 1

        second = topped_up(world, grant)

        assert (second.before, second.amount) == (first.before, first.amount)


class TestRefusing:
    def test_before_anybody_approved_the_law(self, world: World) -> None:
        grant = onces.funeral(world)
        reckoned(world)
        with pytest.raises(NotOwed, match="Chưa có bảng"):
            onces.top_up_proposed(world, grant)

    def test_by_others_and_by_whoever_proposed(self, world: World) -> None:
        grant = onces.funeral(world)
        applied(world, reckoned(world))
        command = ProposeTopUp(kind="funeral", grant_id=grant.pk, reason="Áp dụng mức mới")
        with pytest.raises(NotYours):
            propose_top_up(command, acting_user=world.officer(Role.PROCESSOR, "H55.05455"), now=world.now)
        proposal = propose_top_up(command, acting_user=leader(world), now=world.now)
        with pytest.raises(DecidesOwnProposal):
            approved(world, proposal)

    def test_of_what_is_not_there_or_was_added_itself(self, world: World) -> None:
        grant = onces.funeral(world)
        applied(world, reckoned(world))
        top_up = topped_up(world, grant)
        for kind, pk in (("top-up", top_up.pk), ("funeral", 0), ("nothing", grant.pk)):
            with pytest.raises(RecordUnknown):
                propose_top_up(
                    ProposeTopUp(kind=kind, grant_id=pk, reason="Áp dụng mức mới"), acting_user=processor(world),
                    now=world.now,
                )  # fmt: skip

    def test_of_what_was_taken_back_meanwhile(self, world: World) -> None:
        grant = onces.funeral(world)
        applied(world, reckoned(world))
        proposal = onces.top_up_proposed(world, grant)
        revoke_once("funeral", grant.pk, reason="Ghi nhầm người", acting_user=leader(world), now=world.now)
        with pytest.raises(AlreadySettled, match="thu hồi"):
            onces.agreed(world, grant, proposal)
        assert not TopUp.objects.exists()

    def test_where_another_sum_is_due_by_now(self, world: World) -> None:
        dead = onces.dead_person(world)
        grant = onces.funeral(world, of=dead)
        applied(world, reckoned(world))
        proposal = onces.top_up_proposed(world, grant)
        onces.emergency(
            world, EmergencyKind.DEATH, person=onces.receiver(world), payee_ground="household",
            deceased=onces.deceased(dead),
        )  # fmt: skip
        with pytest.raises(NotOwed, match="đủ mức"):
            onces.agreed(world, grant, proposal)

    def test_it_is_never_edited_nor_deleted(self, world: World) -> None:
        grant = onces.funeral(world)
        applied(world, reckoned(world))
        top_up = topped_up(world, grant)
        with pytest.raises(DatabaseError), transaction.atomic():
            TopUp.objects.filter(pk=top_up.pk).update(amount=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            TopUp.objects.filter(pk=top_up.pk).delete()


def test_what_is_paid_once_of_merit_is_reckoned_anew_by_two_and_the_next_run_pays_the_rest(world: World) -> None:
    house = House(world, MERIT)  # type: ignore[arg-type]
    row = onces.one_off(world)
    house.pay(NOVEMBER, since=JULY)
    world.now = house.later(days=1)
    with told_moment(world.now):
        applied(world, reckoned(world, Programme.MERIT))
    command = ProposeAdjustment(
        person_id=row.person_id, from_month=row.first_month, reason="Áp dụng mức mới", programme=Programme.MERIT
    )
    proposal = propose_adjustment(command, acting_user=onces.proposer(world, "at-death"), now=world.now)
    approved(world, proposal, by=home_affairs(world))
    assert "60.240.000" in DecisionSheet.objects.get(proposal=proposal).outcome
    for month in (DECEMBER, JANUARY):
        house.pay(month)
    lines = PaymentLine.objects.filter(benefit="one_off").order_by("pk").values_list("amount", flat=True)
    assert list(lines) == [55_780_000, 4_460_000]
    assert history_of(row.person_id).claims


def test_the_doctor_finds_a_top_up_that_says_otherwise_than_the_log(world: World) -> None:
    grant = onces.funeral(world)
    applied(world, reckoned(world))
    top_up = topped_up(world, grant)
    assert list(top_ups_granted_otherwise()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE assistance_topup DISABLE TRIGGER USER")
        cursor.execute("UPDATE assistance_topup SET amount = 9 WHERE id = %s", [top_up.pk])
        cursor.execute("ALTER TABLE assistance_topup ENABLE TRIGGER USER")
    (told,) = top_ups_granted_otherwise()
    assert f"số {top_up.pk} " in told


class TestWorkList:
    def test_the_commune_finds_it_once_the_law_is_approved_and_proposes_from_there(self, world: World) -> None:
        grant = onces.funeral(world)
        change = reckoned(world)
        assert not Finding.objects.exists()
        applied(world, change)
        finding = Finding.objects.get()
        assert (finding.kind, finding.benefit, finding.paid, finding.amount) == (
            "once_differs", "funeral", BEFORE["funeral"], AFTER["funeral"],
        )  # fmt: skip
        assert "10.000.000" in finding.reasons[0]

        proposal = propose_from(finding.pk, acting_user=processor(world), now=world.now)
        with pytest.raises(AlreadySettled, match="chờ duyệt"):
            propose_from(finding.pk, acting_user=processor(world), now=world.now)
        onces.agreed(world, grant, proposal)

        finding.refresh_from_db()
        assert finding.state == "settled"
        assert TopUp.objects.get().amount == 800_000

    def test_of_two_events_it_stays_until_both_are_decided(self, world: World) -> None:
        person = onces.receiver(world)
        first, second = (onces.emergency(world, person=person, happened_on=day) for day in (AUGUST, date(2026, 8, 11)))
        applied(world, reckoned(world))
        finding = Finding.objects.get()
        assert (finding.paid, finding.amount, len(finding.reasons)) == (10_000_000, 10_800_000, 2)
        for grant, state in ((first, "drafted"), (second, "settled")):
            proposal = propose_from(finding.pk, acting_user=processor(world), now=world.now)
            onces.agreed(world, grant, proposal)
            finding.refresh_from_db()
            assert finding.state == state
        assert TopUp.objects.count() == 2

    def test_what_was_given_otherwise_meanwhile_leaves_it(self, world: World) -> None:
        dead = onces.dead_person(world)
        grant = onces.funeral(world, of=dead)
        applied(world, reckoned(world))
        assert may_be_raised([grant]) == {("funeral", grant.pk)}
        onces.emergency(
            world, EmergencyKind.DEATH, person=onces.receiver(world), payee_ground="household",
            deceased=onces.deceased(dead),
        )  # fmt: skip
        finding = Finding.objects.get()
        assert may_be_raised([grant]) == set()

        with pytest.raises(AlreadySettled, match="Không còn chênh lệch"):
            propose_from(finding.pk, acting_user=processor(world), now=world.now)

        finding.refresh_from_db()
        assert finding.state == "settled"
        assert not Proposal.objects.filter(kind="top_up").exists()

    def test_of_two_decisions_the_one_that_is_due_still_is_proposed(self, world: World) -> None:
        payee, person = onces.receiver(world), onces.receiver(world, number="019050000999")
        injury = onces.emergency(world, person=person)
        Person.objects.filter(pk=person.pk).update(died_on=AUGUST)
        onces.emergency(
            world, EmergencyKind.DEATH, person=payee, payee_ground="household", deceased=onces.deceased(person)
        )
        applied(world, reckoned(world))
        facts = FuneralFacts(
            died_on=AUGUST, received_monthly_social_assistance=True, claimant_arranged_funeral=True,
            highest_other_funeral_support=Dong(0), in_institution=True,
        )  # fmt: skip
        command = GrantFuneralSupport(
            dossier_code="H55.F.1", deceased_name=person.full_name, deceased_number="019050000999",
            died_on=AUGUST, payee_name=payee.full_name, payee_id=payee.pk, unit_id=payee.unit_id, facts=facts,
        )  # fmt: skip
        assert grant_funeral_support(command, acting_user=leader(world), now=world.now).amount == 2_000_000

        proposal = propose_from(
            Finding.objects.get(kind="once_differs").pk, acting_user=processor(world), now=world.now
        )
        onces.agreed(world, injury, proposal)

        assert TopUp.objects.get().emergency_grant == injury
        assert Finding.objects.get(kind="once_differs").state == "settled"

    def test_a_page_of_decisions_asks_for_the_law_only_where_a_change_lists_them(
        self, world: World, django_assert_num_queries: Any
    ) -> None:
        grants = [onces.emergency(world) for _ in range(3)]
        with django_assert_num_queries(1):
            assert may_be_raised(grants) == set()

    def test_what_is_taken_back_leaves_it(self, world: World) -> None:
        grant = onces.funeral(world)
        applied(world, reckoned(world))
        revoke_once("funeral", grant.pk, reason="Ghi nhầm người", acting_user=leader(world), now=world.now)
        assert Finding.objects.get().state == "settled"

    def test_a_one_off_sum_of_merit_is_reckoned_anew_from_it(self, world: World) -> None:
        row = onces.one_off(world)
        applied(world, reckoned(world, Programme.MERIT))
        finding = Finding.objects.get(kind="once_differs")
        proposal = propose_from(finding.pk, acting_user=onces.proposer(world, "at-death"), now=world.now)
        approved(world, proposal, by=home_affairs(world))
        finding.refresh_from_db()
        assert (finding.entitlement, finding.state) == (row, "settled")

    def test_a_review_of_everybody_leaves_it(self, world: World) -> None:
        onces.emergency(world)
        applied(world, reckoned(world))
        review_at_once(now=world.now)
        assert Finding.objects.get(kind="once_differs").state == "open"
