"""What is received is adjusted, suspended, resumed, ended, moved, paid to another or recovered from: by two people, never edited."""

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, EntitlementRate, Proposal, Recovery
from lienthong.assistance.queries.own import own_benefits
from lienthong.assistance.services.changing import adjust, resume, stop, suspend
from lienthong.assistance.services.previewing import preview_proposal
from lienthong.assistance.services.proposing import ProposeAdjustment, propose_adjustment
from lienthong.assistance.services.proposing_changes import (
    ProposeMove,
    ProposePayee,
    ProposeResumption,
    ProposeStop,
    ProposeSuspension,
    propose_move,
    propose_payee,
    propose_recovery,
    propose_resumption,
    propose_stop,
    propose_suspension,
)
from lienthong.assistance.services.rates import refresh_rates
from lienthong.assistance.services.recovering import StartRecovery
from lienthong.assistance.services.refusals import AlreadySettled, AmountWrong, FactWrong, MonthWrong, NotOwed, NotYours
from lienthong.assistance.states import EntitlementState
from lienthong.infra.events import Event
from lienthong.kernel.days import add_months
from lienthong.payments.models import Overpayment
from lienthong.payments.queries.overpayments import open_of_benefit
from lienthong.payments.services.overpayments import propose_settlement, refuse_settlement
from tests.assistance.known import amount_in, approved, disabled, granted, home_affairs, processor, rates_of
from tests.factories.assistance import (
    CircumstanceFactory,
    DisabilityCertificateFactory,
    EntitlementFactory,
    MeritClaimFactory,
)
from tests.factories.payments import OverpaymentFactory
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World, at

OTHER_COMMUNE = "H55.05455"
MARCH = date(2027, 3, 1)


def worse(row: Entitlement, since: date) -> None:
    """Give somebody a certificate of an extremely severe disability."""
    row.person.disability_certificates.update(valid_until=since)
    DisabilityCertificateFactory(person=row.person, level="extremely_severe", valid_from=since)


def test_a_change_is_paid_from_its_month_and_the_old_rates_stay_readable(world: World) -> None:
    row = granted(world, disabled(world))
    world.now = at("2027-02-15 09:00")
    worse(row, date(2027, 1, 20))
    command = ProposeAdjustment(person_id=row.person_id, from_month=date(2027, 1, 20), reason="Giấy xác nhận mới")
    proposal = propose_adjustment(command, acting_user=processor(world), now=world.now)
    assert "từ tháng 01/2027 là 1.080.000" in proposal.words
    assert rates_of(row) == [("2026-11", "2028-11", 810_000)]

    approved(world, proposal)

    assert rates_of(row) == [("2026-11", "2027-01", 810_000), ("2027-01", "2029-02", 1_080_000)]
    assert EntitlementRate.objects.filter(entitlement=row, superseded_at__isnull=False).count() == 1
    told = Event.objects.filter(stream=row.stream).order_by("sequence").values_list("name", flat=True)
    assert list(told) == ["EntitlementGranted", "EntitlementAdjusted"]


def test_nothing_is_written_where_nothing_changes(world: World) -> None:
    row = granted(world, disabled(world))
    assert refresh_rates(row.person_id, from_month=row.first_month, acting_user_id=None, now=world.now) == []
    assert row.rates.count() == 1
    command = ProposeAdjustment(person_id=row.person_id, from_month=row.first_month, reason="Rà soát định kỳ")
    with pytest.raises(NotOwed):
        propose_adjustment(command, acting_user=processor(world), now=world.now)


def test_time_that_passes_only_adds_months(world: World) -> None:
    row = granted(world, disabled(world))
    world.now = at("2027-05-03 09:00")
    assert refresh_rates(row.person_id, from_month=date(2027, 5, 1), acting_user_id=None, now=world.now) == []
    assert rates_of(row) == [("2026-11", "2028-11", 810_000), ("2028-11", "2029-05", 810_000)]
    assert not row.rates.exclude(superseded_at=None).exists()


def test_three_months_uncollected_suspend_and_an_earlier_month_may_be_paid_again(world: World) -> None:
    row = granted(world, disabled(world))
    world.now = at("2027-02-10 09:00")
    with pytest.raises(NotOwed):
        propose_suspension(
            ProposeSuspension(entitlement_id=row.pk, uncollected_months=2), acting_user=processor(world), now=world.now
        )
    proposal = propose_suspension(
        ProposeSuspension(entitlement_id=row.pk, uncollected_months=3), acting_user=processor(world), now=world.now
    )
    approved(world, proposal)
    row.refresh_from_db()
    assert (row.state, row.suspended_from) == (EntitlementState.SUSPENDED, date(2027, 3, 1))
    assert amount_in(row, date(2027, 2, 1)) == 810_000
    assert amount_in(row, date(2027, 3, 1)) == 0

    world.now = at("2027-06-10 09:00")
    early = ProposeResumption(entitlement_id=row.pk, first_month=date(2027, 2, 1), reason="Đã đến nhận")
    with pytest.raises(MonthWrong):
        propose_resumption(early, acting_user=processor(world), now=world.now)
    command = ProposeResumption(entitlement_id=row.pk, first_month=date(2027, 5, 1), reason="Đã đến nhận")
    approved(world, propose_resumption(command, acting_user=processor(world), now=world.now))
    assert amount_in(row, date(2027, 4, 1)) == 0
    assert amount_in(row, date(2027, 5, 1)) == 810_000


def suspended_in_march_and_resumed_in_may(world: World) -> Entitlement:
    row = granted(world, disabled(world))
    world.now = at("2027-02-10 09:00")
    suspend(row, first_month=MARCH, reason="Không đến nhận", for_refusal=False, acting_user_id=None, now=world.now)
    world.now = at("2027-05-10 09:00")
    resume(row, first_month=date(2027, 5, 1), reason="Đã đến nhận", acting_user_id=None, now=world.now)
    return row


def forget_other_benefits(row: Entitlement, since: date) -> None:
    """From a day on nobody knows any more what else the person is paid."""
    row.person.circumstances.filter(name="other_benefit").update(valid_until=since)


@pytest.mark.parametrize("resumed_in", [4, 5, 6])
def test_what_is_resumed_while_a_fact_is_missing_goes_on_as_it_was_decided(world: World, resumed_in: int) -> None:
    row = granted(world, disabled(world))
    world.now = at("2027-02-10 09:00")
    suspend(row, first_month=MARCH, reason="Không đến nhận", for_refusal=False, acting_user_id=None, now=world.now)
    forget_other_benefits(row, date(2027, 3, 20))
    world.now = at("2027-06-10 09:00")
    first = date(2027, resumed_in, 1)
    resume(row, first_month=first, reason="Đã đến nhận", acting_user_id=None, now=world.now)
    assert [amount_in(row, date(2027, month, 1)) for month in (2, 3, 6)] == [810_000, 0, 810_000]
    assert row.rates.get(superseded_at=None, first_month=first).basis["is_open"]


def test_what_grew_during_a_suspension_is_resumed_at_what_it_grew_to(world: World) -> None:
    row = granted(world, disabled(world))
    world.now = at("2027-02-10 09:00")
    suspend(row, first_month=MARCH, reason="Không đến nhận", for_refusal=False, acting_user_id=None, now=world.now)
    worse(row, date(2027, 4, 3))
    forget_other_benefits(row, date(2027, 5, 3))
    world.now = at("2027-06-10 09:00")
    resume(row, first_month=date(2027, 6, 1), reason="Đã đến nhận", acting_user_id=None, now=world.now)
    assert amount_in(row, date(2027, 6, 1)) == 1_080_000


def test_what_was_suspended_from_its_first_month_is_resumed_as_it_was_granted(world: World) -> None:
    row = granted(world, disabled(world))
    suspend(row, first_month=row.first_month, reason="Vắng", for_refusal=False, acting_user_id=None, now=world.now)
    forget_other_benefits(row, date(2026, 11, 20))
    resume(row, first_month=row.first_month, reason="Đã về", acting_user_id=None, now=world.now)
    assert amount_in(row, date(2026, 12, 1)) == 810_000


@pytest.mark.parametrize("has_ended", [False, True])
def test_months_of_a_suspension_stay_unpaid_whatever_changes_later(world: World, has_ended: bool) -> None:
    row = suspended_in_march_and_resumed_in_may(world)
    world.now = at("2027-06-10 09:00")
    if has_ended:
        stop(row, last_month=date(2027, 5, 1), reason="Từ chối", acting_user_id=None, now=world.now)
    worse(row, date(2027, 2, 20))
    adjust(row.person_id, from_month=date(2027, 2, 1), reason="Giấy mới", acting_user_id=None, now=world.now)
    paid = [amount_in(row, date(2027, month, 1)) for month in (1, 2, 3, 4, 5)]
    assert paid == [810_000, 1_080_000, 0, 0, 1_080_000]


def test_a_second_suspension_leaves_the_first_as_it_was(world: World) -> None:
    row = suspended_in_march_and_resumed_in_may(world)
    world.now = at("2027-08-10 09:00")
    suspend(row, first_month=date(2027, 8, 1), reason="Vắng", for_refusal=False, acting_user_id=None, now=world.now)
    worse(row, date(2027, 2, 20))
    adjust(row.person_id, from_month=date(2027, 2, 1), reason="Giấy mới", acting_user_id=None, now=world.now)
    paid = [amount_in(row, date(2027, month, 1)) for month in (2, 3, 4, 5, 7, 8, 9)]
    assert paid == [1_080_000, 0, 0, 1_080_000, 1_080_000, 0, 0]


def test_a_suspension_of_a_month_without_an_amount_is_remembered_too(world: World) -> None:
    person = disabled(world)
    row = granted(world, person)
    person.circumstances.filter(name="pension").update(valid_until=date(2027, 2, 20))
    pension = CircumstanceFactory(person=person, name="pension", value=9_000_000, valid_from=date(2027, 2, 20))
    world.now = at("2027-03-10 09:00")
    adjust(person.pk, from_month=MARCH, reason="Có lương hưu", acting_user_id=None, now=world.now)
    assert amount_in(row, MARCH) == 0
    suspend(row, first_month=MARCH, reason="Vắng", for_refusal=False, acting_user_id=None, now=world.now)
    resume(row, first_month=date(2027, 5, 1), reason="Đã về", acting_user_id=None, now=world.now)
    person.circumstances.filter(pk=pension.pk).update(withdrawn_at=world.now)
    CircumstanceFactory(person=person, name="pension", value=0, valid_from=date(2027, 2, 20))
    adjust(person.pk, from_month=MARCH, reason="Ghi nhầm", acting_user_id=None, now=world.now)
    assert [amount_in(row, date(2027, month, 1)) for month in (2, 3, 4, 5)] == [810_000, 0, 0, 810_000]


def test_while_suspended_no_adjustment_pays_anything(world: World) -> None:
    row = granted(world, disabled(world))
    command = ProposeSuspension(entitlement_id=row.pk, detained_on=date(2026, 9, 1))
    approved(world, propose_suspension(command, acting_user=processor(world), now=world.now))
    worse(row, date(2026, 12, 1))
    world.now = at("2027-01-10 09:00")
    adjust(row.person_id, from_month=date(2026, 12, 1), reason="Giấy mới", acting_user_id=None, now=world.now)
    assert amount_in(row, date(2027, 1, 1)) == 0


@pytest.mark.parametrize(
    ("happened", "last_month"),
    [({"declined_on": date(2026, 11, 3)}, "2026-11"), ({"imprisoned_on": date(2026, 11, 15)}, "2026-11")],
)
def test_a_benefit_ends_after_the_month_in_which_it_happened(
    world: World, happened: dict[str, Any], last_month: str
) -> None:
    row = granted(world, disabled(world))
    command = ProposeStop(entitlement_id=row.pk, **happened)
    approved(world, propose_stop(command, acting_user=processor(world), now=world.now))
    row.refresh_from_db()
    assert (row.state, f"{row.last_month:%Y-%m}") == (EntitlementState.ENDED, last_month)
    assert rates_of(row) == [("2026-11", "2026-12", 810_000)]
    with pytest.raises(AlreadySettled):
        propose_stop(command, acting_user=processor(world), now=world.now)


def test_what_never_should_have_begun_pays_no_month(world: World) -> None:
    row = granted(world, disabled(world))
    command = ProposeStop(entitlement_id=row.pk, ineligible_on=row.first_month)
    seen = preview_proposal(
        lambda: propose_stop(command, acting_user=processor(world), now=world.now),
        person_id=row.person_id, acting_user=processor(world), now=world.now,
    )  # fmt: skip
    assert [(one.first, one.after) for one in seen.benefits[0].months] == [(row.first_month, None)]
    assert seen.words.endswith("không được hưởng tháng nào.")
    approved(world, propose_stop(command, acting_user=processor(world), now=world.now))
    assert rates_of(row) == []
    (told,) = own_benefits(row.person_id, on=world.today)
    assert told.sentence.startswith("Đã thôi hưởng, không được hưởng tháng nào.")
    assert refresh_rates(row.person_id, from_month=row.first_month, acting_user_id=None, now=world.now) == []
    assert rates_of(row) == []


@pytest.mark.parametrize("name", ["ineligible_on", "missing_on", "imprisoned_on", "declined_on"])
@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2026, 10, 31)])
def test_nothing_ends_a_benefit_before_it_began(world: World, name: str, day: date) -> None:
    row = granted(world, disabled(world))
    command = ProposeStop(entitlement_id=row.pk, **{name: day})
    with pytest.raises(MonthWrong, match="ngày sớm nhất ghi được là 01/11/2026"):
        propose_stop(command, acting_user=processor(world), now=world.now)
    assert rates_of(row) and Proposal.objects.filter(entitlement=row, kind="stop").count() == 0


def test_what_has_not_begun_is_called_off_by_a_day_since_the_birth(world: World) -> None:
    person = disabled(world)
    row = EntitlementFactory(person=person, unit=world.agency(COMMUNE).unit, first_month=date(2026, 12, 1))
    assert person.birth_on is not None
    too_early = ProposeStop(entitlement_id=row.pk, ineligible_on=add_months(person.birth_on, -1))
    with pytest.raises(FactWrong, match="ngày sinh"):
        propose_stop(too_early, acting_user=processor(world), now=world.now)
    command = ProposeStop(entitlement_id=row.pk, ineligible_on=date(2026, 11, 3))
    proposal = propose_stop(command, acting_user=processor(world), now=world.now)
    assert proposal.payload["last_month"] == "2026-11-01"


def test_what_lost_its_conditions_in_its_first_month_is_paid_for_that_month(world: World) -> None:
    row = granted(world, disabled(world))
    command = ProposeStop(entitlement_id=row.pk, ineligible_on=date(2026, 11, 2))
    approved(world, propose_stop(command, acting_user=processor(world), now=world.now))
    assert rates_of(row) == [("2026-11", "2026-12", 810_000)]


def test_a_benefit_moves_by_the_decision_of_the_new_commune(world: World) -> None:
    row = granted(world, disabled(world))
    there = world.agency(OTHER_COMMUNE).unit_id
    command = ProposeMove(entitlement_id=row.pk, unit_id=there, reason="Chuyển nơi thường trú")
    proposal = propose_move(command, acting_user=processor(world), now=world.now)
    with pytest.raises(NotYours):
        approved(world, proposal)
    approved(world, proposal, by=world.officer(Role.LEADER, OTHER_COMMUNE))
    row.refresh_from_db()
    assert row.unit_id == there
    with pytest.raises(NotYours):
        propose_move(
            ProposeMove(entitlement_id=row.pk, unit_id=world.agency(COMMUNE).unit_id, reason="Chuyển về"),
            acting_user=world.officer(Role.PROCESSOR, "H55.05467"), now=world.now,
        )  # fmt: skip


def test_the_payee_changes_by_two_people(world: World) -> None:
    row, guardian = granted(world, disabled(world)), PersonFactory()
    command = ProposePayee(entitlement_id=row.pk, payee_id=guardian.pk, ground="guardian", reason="Quyết định giám hộ")
    approved(world, propose_payee(command, acting_user=processor(world), now=world.now))
    row.refresh_from_db()
    assert (row.payee_id, row.payee_ground) == (guardian.pk, "guardian")


def overpaid(row: Entitlement, *months: int) -> tuple[int, ...]:
    """Let runs have paid 810.000 đồng too much in some months of 2026."""
    return tuple(
        OverpaymentFactory(person=row.person, benefit=row.benefit, for_month=date(2026, month, 1), amount=810_000).pk
        for month in months
    )


def recovery(row: Entitlement, **changes: Any) -> StartRecovery:
    plain = {"monthly": 200_000, "first_month": date(2026, 12, 1), "reason": "Hưởng thừa hai tháng"}
    return StartRecovery(**{**plain, "amount": 1_620_000, **changes})


def test_overpayments_are_recovered_once_by_two_people(world: World) -> None:
    row = granted(world, disabled(world))
    command = recovery(row, overpayment_ids=overpaid(row, 8, 9))
    with pytest.raises(AmountWrong):
        propose_recovery(
            row.pk, StartRecovery(amount=100, monthly=200, first_month=date(2026, 12, 1), reason="Sai số"),
            acting_user=processor(world), now=world.now,
        )  # fmt: skip
    approved(world, propose_recovery(row.pk, command, acting_user=processor(world), now=world.now))
    assert Recovery.objects.get().monthly == 200_000
    assert {(one.state, one.note) for one in Overpayment.objects.all()} == {
        ("settled", "Thu hồi bằng khấu trừ hằng tháng theo quyết định 12/QĐ-UBND")
    }
    again = propose_recovery(row.pk, command, acting_user=processor(world), now=world.now)
    with pytest.raises(AlreadySettled):
        approved(world, again)
    assert Proposal.objects.get(pk=again.pk).state == "pending"


def test_a_recovery_takes_the_overpayments_as_they_are_or_nothing(world: World) -> None:
    row = granted(world, disabled(world))
    found = overpaid(row, 8, 9)
    with pytest.raises(AlreadySettled, match="chọn các tháng chi thừa"):
        propose_recovery(row.pk, recovery(row), acting_user=processor(world), now=world.now)
    proposal = propose_recovery(
        row.pk, recovery(row, overpayment_ids=found), acting_user=processor(world), now=world.now
    )
    Overpayment.objects.filter(pk=found[0]).update(amount=500_000)

    with pytest.raises(AlreadySettled, match=r"nay là 1\.310\.000"):
        approved(world, proposal)

    assert not Recovery.objects.exists()
    assert {one.state for one in Overpayment.objects.all()} == {"open"}


def test_what_somebody_says_came_back_as_money_is_not_kept_back_too(world: World) -> None:
    row = granted(world, disabled(world))
    (found,) = overpaid(row, 8)
    command = recovery(row, amount=810_000, overpayment_ids=(found,))
    proposal = propose_recovery(row.pk, command, acting_user=processor(world), now=world.now)
    propose_settlement(found, note="Giấy nộp tiền số 12", acting_user=processor(world), now=world.now)

    with pytest.raises(AlreadySettled, match="chờ xác nhận đã nộp lại tiền"):
        approved(world, proposal)

    assert not open_of_benefit(row.programme, row.person_id, row.benefit).exists()
    with pytest.raises(AlreadySettled, match="chờ xác nhận đã nộp lại tiền"):
        propose_recovery(row.pk, recovery(row, amount=810_000), acting_user=processor(world), now=world.now)
    assert not Recovery.objects.exists()
    kept = Overpayment.objects.get()
    assert (kept.state, kept.note) == ("open", "Giấy nộp tiền số 12")
    refuse_settlement(found, reason="Kho bạc chưa nhận", acting_user=world.officer(Role.ACCOUNTANT), now=world.now)
    approved(world, proposal)
    assert Recovery.objects.get().amount == 810_000


def test_an_overpayment_of_somebody_else_is_not_recovered(world: World) -> None:
    row, other = granted(world, disabled(world)), granted(world, disabled(world))
    command = recovery(row, amount=810_000, overpayment_ids=overpaid(other, 8))
    proposal = propose_recovery(row.pk, command, acting_user=processor(world), now=world.now)

    with pytest.raises(AlreadySettled):
        approved(world, proposal)


def test_a_benefit_that_ended_keeps_nothing_back(world: World) -> None:
    row = granted(world, disabled(world))
    Entitlement.objects.filter(pk=row.pk).update(state="ended", last_month=row.first_month)

    with pytest.raises(AlreadySettled, match="thu lại bằng tiền nộp"):
        propose_recovery(row.pk, recovery(row), acting_user=processor(world), now=world.now)


class TestOfMerit:
    @pytest.fixture
    def row(self, world: World) -> Entitlement:
        person = PersonFactory(lives_in=world.agency(COMMUNE).unit)
        MeritClaimFactory(person=person)
        found: Entitlement = EntitlementFactory(
            person=person, unit=person.unit, programme="merit", benefit="monthly", first_month=date(2026, 1, 1)
        )
        return found

    def test_prison_and_absence_suspend_by_the_ordinance(self, world: World, row: Entitlement) -> None:
        command = ProposeSuspension(entitlement_id=row.pk, imprisoned_on=date(2026, 11, 2))
        proposal = propose_suspension(command, acting_user=processor(world), now=world.now)
        assert proposal.reasons == ["Chấp hành hình phạt tù, từ ngày 02/11/2026 (02/2020/UBTVQH14, Điều 54 khoản 1)"]
        approved(world, proposal, by=home_affairs(world))
        row.refresh_from_db()
        assert (row.state, row.suspended_from) == ("suspended", date(2026, 12, 1))

    @pytest.mark.parametrize(
        "ground",
        [{"uncollected_months": 5}, {"refuses_review_on": date(2026, 1, 1)}, {"detained_on": date(2026, 1, 1)}],
    )
    def test_no_ground_of_social_assistance_suspends_it(
        self, world: World, row: Entitlement, ground: dict[str, Any]
    ) -> None:
        with pytest.raises(NotOwed, match="tạm đình chỉ"):
            propose_suspension(
                ProposeSuspension(entitlement_id=row.pk, **ground), acting_user=processor(world), now=world.now
            )

    @pytest.mark.parametrize("name", ["imprisoned_on", "missing_on", "declined_on"])
    def test_what_suspends_it_does_not_end_it(self, world: World, row: Entitlement, name: str) -> None:
        command = ProposeStop(entitlement_id=row.pk, **{name: date(2026, 11, 2)})
        with pytest.raises(NotOwed):
            propose_stop(command, acting_user=processor(world), now=world.now)

    def test_a_decision_that_withdraws_it_ends_it(self, world: World, row: Entitlement) -> None:
        command = ProposeStop(entitlement_id=row.pk, withdrawn_on=date(2026, 11, 2))
        proposal = propose_stop(command, acting_user=processor(world), now=world.now)
        assert "02/2020/UBTVQH14" in proposal.payload["reason"]
        approved(world, proposal, by=home_affairs(world))
        row.refresh_from_db()
        assert (row.state, row.last_month) == ("ended", date(2026, 11, 1))

    @pytest.mark.parametrize("ground", ["imprisoned_on", "absent_on"])
    def test_social_assistance_knows_neither(self, world: World, ground: str) -> None:
        social = granted(world, disabled(world))
        command = ProposeSuspension(entitlement_id=social.pk, **{ground: date(2026, 11, 2)})
        with pytest.raises(NotOwed):
            propose_suspension(command, acting_user=processor(world), now=world.now)
