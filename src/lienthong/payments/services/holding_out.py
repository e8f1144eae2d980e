"""What is owed no more when money leaves is not paid: such lines are held out of the run at the last moment, for the next one.

Giữ lại khi chuyển chi trả. Nothing of the list that four people signed is changed but what leaves: the lines stay in it, held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.kernel.days import local_day
from lienthong.payments.models import Overpayment, PaymentLine, PaymentRun
from lienthong.payments.queries.agreeing import Disagreement, disagreeing_lines
from lienthong.payments.services.answers import hold_answers
from lienthong.payments.services.overpayments import take_back_what_is_owed
from lienthong.payments.states import HOLD_SENTENCES, HoldReason, LineState, OverpaymentState
from lienthong.people import services as people


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """How many lines were held out, and what they come to before and after deductions, in đồng."""

    lines: int = 0
    amount: int = 0
    deducted: int = 0

    @property
    def net(self) -> int:
        """What would have left."""
        return self.amount - self.deducted

    def __add__(self, other: HeldOut) -> HeldOut:
        return HeldOut(
            lines=self.lines + other.lines, amount=self.amount + other.amount, deducted=self.deducted + other.deducted
        )


def hold_out(run: PaymentRun, *, acting_user_id: int, now: datetime) -> Mapping[HoldReason, HeldOut]:
    """Hold the planned lines of a run that disagree; the next run looks at them.

    Payees who have died, what is more than is owed now, places to which nothing is paid any more.

    Deaths that are being recorded are waited for, and none is recorded until the run is released. A decision that is being made
    counts where it was committed before; a later one finds an overpayment.

    Args:
        run: Locked, about to be released; its totals are brought up to date and not saved.
        acting_user_id: Who releases it.
        now: The moment.

    Returns:
        What was held, by the reason.
    """
    hold_answers()  # what other runs have paid of these months is not changed meanwhile; before deaths, as a death is taken back
    people.let_no_death_be_recorded()
    held = [one for one in disagreeing_lines(run, on=local_day(now)) if one.hold is not None]
    found = {
        reason: _hold([one for one in held if one.hold == reason], reason)
        for reason in {one.hold for one in held}
        if reason
    }
    for one in found.values():
        run.lines_total -= one.lines
        run.amount_total -= one.amount
        run.deducted_total -= one.deducted
        run.held_lines += one.lines
        run.held_amount += one.net
    _note_what_is_owed([one for one in held if one.hold == HoldReason.NO_LONGER_OWED], acting_user_id, now)
    return found


def _hold(held: Sequence[Disagreement], reason: HoldReason) -> HeldOut:
    lines = [one.line for one in held]
    PaymentLine.objects.filter(pk__in=[line.pk for line in lines]).update(
        state=LineState.HELD, is_live=False, why=HOLD_SENTENCES[reason], why_code=reason.value
    )
    return HeldOut(
        lines=len(lines), amount=sum(line.amount for line in lines), deducted=sum(line.deducted for line in lines)
    )


def _note_what_is_owed(held: Sequence[Disagreement], acting_user_id: int, now: datetime) -> None:
    """Keep what is owed now of the months of these lines, and take back what another run had found as overpaid for planning them."""
    people_with_overpayments = set(
        Overpayment.objects.filter(
            person__in={one.line.person_id for one in held}, state=OverpaymentState.OPEN
        ).values_list("person_id", flat=True)
    )
    for one in held:
        line = one.line
        mine = {"source": line.source, "benefit": line.benefit, "matter": line.matter}
        PaymentLine.objects.filter(person=line.person_id, for_month=line.for_month, **mine).update(owed=one.owed)
        if line.person_id in people_with_overpayments:
            take_back_what_is_owed(
                person_id=line.person_id,
                owed={line.for_month: one.owed},
                acting_user_id=acting_user_id,
                now=now,
                **mine,
            )
