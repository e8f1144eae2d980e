"""What is left of a recovery when its benefit ends stands on a list until it came back: as money, or kept back elsewhere."""

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, Recovery
from lienthong.assistance.payables import SOCIAL_ASSISTANCE
from lienthong.assistance.queries.recovering import unfinished
from lienthong.assistance.services.changing import stop
from lienthong.assistance.services.following import close_recoveries
from lienthong.assistance.services.proposing_changes import propose_recovery
from lienthong.assistance.services.proposing_ways_back import ProposeReinstatement, propose_reinstatement
from lienthong.assistance.services.recovering import StartRecovery, record_repayment
from lienthong.assistance.services.refusals import AlreadySettled, AmountWrong, ReasonMissing
from lienthong.infra.events import Event, sentence_of
from lienthong.kernel.money import format_dong
from tests.assistance.known import approved, disabled, granted, leader, processor
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory
from tests.factories.payments import PaymentLineFactory, PaymentRunFactory
from tests.world import HOME_AFFAIRS, World, at

NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
PAPER = "Giấy nộp tiền số 12 ngày 20/01/2027"


@pytest.fixture
def row(world: World) -> Entitlement:
    return ended_before_it_was_repaid(world)


def ended_before_it_was_repaid(world: World) -> Entitlement:
    """A benefit of which 600.000 of 900.000 đồng are still to be kept back, that has ended."""
    row = granted(world, disabled(world))
    Recovery.objects.create(
        entitlement=row, amount=900_000, monthly=300_000, first_month=NOVEMBER, reason="Hưởng thừa", decided_on=world.today,
        decision_number="9/QĐ-UBND", prepared_by=processor(world), decided_by=leader(world), recorded_at=world.now,
    )  # fmt: skip
    PaymentLineFactory(
        run=PaymentRunFactory(released=True), person=row.person, benefit="personal", amount=810_000, deducted=300_000,
        paid=True,
    )  # fmt: skip
    world.now = at("2027-01-15 09:00")
    assert unfinished() == [], "it goes on by itself while the benefit does"
    stop(row, last_month=NOVEMBER, reason="Từ chối nhận", acting_user_id=None, now=world.now)
    return row


def another(row: Entitlement, **facts: Any) -> Entitlement:
    """Give the person another benefit that is received."""
    found = EntitlementFactory(person=row.person, unit=row.unit, **{"benefit": "carer", **facts})
    EntitlementRateFactory(entitlement=found)
    return found


def kept_back(person_id: int, month: date) -> dict[str, int]:
    rows = SOCIAL_ASSISTANCE.owed(month, since=month, changed_since=None)
    return {one.benefit: one.deduction for one in rows if one.person_id == person_id and one.deduction}


def instead(left: int, recovery: Recovery, **changes: Any) -> StartRecovery:
    plain: dict[str, Any] = {"monthly": 200_000, "first_month": JANUARY, "reason": "Phần còn lại"}
    return StartRecovery(**{**plain, "amount": left, "instead_of": recovery.pk, **changes})


def test_the_remainder_waits_on_the_list(row: Entitlement) -> None:
    (one,) = unfinished()
    assert (one.recovery.entitlement_id, one.kept, one.left) == (row.pk, 300_000, 600_000)
    assert unfinished(person_id=row.person_id) == [one]
    assert close_recoveries(now=one.recovery.recorded_at) == 0


def test_money_that_came_back_settles_it_once(world: World, row: Entitlement) -> None:
    (one,) = unfinished()
    with pytest.raises(ReasonMissing):
        record_repayment(one.recovery.pk, paper="12", acting_user=leader(world), now=world.now)
    record_repayment(one.recovery.pk, paper=PAPER, acting_user=leader(world), now=world.now)

    recovery = Recovery.objects.get()
    assert (recovery.state, recovery.elsewhere) == ("settled", 600_000)
    assert unfinished() == []
    told = Event.objects.filter(stream=row.stream).latest("sequence")
    assert sentence_of(told) == f"Kết thúc thu hồi: đã nộp lại {format_dong(600_000)}: {PAPER}"
    with pytest.raises(AlreadySettled):
        record_repayment(recovery.pk, paper=PAPER, acting_user=leader(world), now=world.now)


def test_the_remainder_is_kept_back_of_another_benefit_by_two_people(world: World, row: Entitlement) -> None:
    other = another(row)
    (one,) = unfinished()
    proposal = propose_recovery(
        other.pk, instead(600_000, one.recovery), acting_user=processor(world), now=world.now
    )  # fmt: skip
    approved(world, proposal)

    assert unfinished() == []
    old, new = Recovery.objects.order_by("pk")
    assert (old.state, old.elsewhere) == ("settled", 600_000)
    assert (new.entitlement_id, new.state, new.amount) == (other.pk, "open", 600_000)
    assert kept_back(row.person_id, JANUARY) == {"carer": 200_000}


def test_only_what_is_left_is_moved_and_within_one_programme(world: World, row: Entitlement) -> None:
    (one,) = unfinished()
    who: dict[str, Any] = {"acting_user": processor(world), "now": world.now}
    other = another(row)
    with pytest.raises(AlreadySettled, match=r"nay là 600\.000"):
        propose_recovery(other.pk, instead(500_000, one.recovery), **who)
    proposal = propose_recovery(other.pk, instead(600_000, one.recovery), **who)
    record_repayment(one.recovery.pk, paper=PAPER, acting_user=leader(world), now=world.now)
    with pytest.raises(AlreadySettled, match="đã được thu"):
        approved(world, proposal)
    merit = another(row, programme="merit", benefit="monthly")
    Recovery.objects.filter(pk=one.recovery.pk).update(state="open", elsewhere=0)
    with pytest.raises(AmountWrong, match="cùng chương trình"):
        propose_recovery(
            merit.pk,
            instead(600_000, one.recovery),
            acting_user=world.officer(Role.PROCESSOR, HOME_AFFAIRS),
            now=world.now,
        )


def test_what_came_back_otherwise_is_not_kept_back_when_the_benefit_is_received_again(
    world: World, row: Entitlement
) -> None:
    (one,) = unfinished()
    record_repayment(one.recovery.pk, paper=PAPER, acting_user=leader(world), now=world.now)
    command = ProposeReinstatement(entitlement_id=row.pk, reason="Ghi nhầm người từ chối")
    approved(world, propose_reinstatement(command, acting_user=processor(world), now=world.now))
    assert kept_back(row.person_id, JANUARY) == {}
    Recovery.objects.create(
        entitlement=row, amount=100_000, monthly=100_000, first_month=JANUARY, reason="Hưởng thừa", decided_on=world.today,
        prepared_by=processor(world), decided_by=leader(world), recorded_at=world.now,
    )  # fmt: skip
    assert kept_back(row.person_id, JANUARY) == {"personal": 100_000}


def test_a_benefit_that_is_received_again_goes_on_being_kept_back(world: World, row: Entitlement) -> None:
    command = ProposeReinstatement(entitlement_id=row.pk, reason="Ghi nhầm người từ chối")
    approved(world, propose_reinstatement(command, acting_user=processor(world), now=world.now))
    assert unfinished() == []
    assert kept_back(row.person_id, JANUARY) == {"personal": 300_000}
    assert kept_back(row.person_id, DECEMBER) == {"personal": 300_000}
