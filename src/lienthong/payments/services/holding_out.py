"""Who is dead when money leaves is paid nothing: such lines are held out of the run at the last moment, for the next one.

Giữ lại khi chuyển chi trả. Nothing of the list that four people signed is changed but what leaves: the lines stay in it, held.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth

from lienthong.payments import sources
from lienthong.payments.models import PaymentLine, PaymentRun
from lienthong.payments.states import HOLD_SENTENCES, HoldReason, LineState
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


def hold_out_the_dead(run: PaymentRun, *, on: date) -> HeldOut:
    """Hold the planned lines of a run whose payee has died, or that are for a month after the death of the person.

    A month is owed until the one of the death, to whoever is paid for the dead; later months only where a programme pays
    because of the death. Deaths that are being recorded are waited for, and none is recorded until the run is released.

    Args:
        run: Locked, about to be released; its totals are brought up to date and not saved.
        on: The day.
    """
    people.let_no_death_be_recorded()
    planned = PaymentLine.objects.filter(run=run, state=LineState.PLANNED)
    for_the_dead = Q(pk__in=[])
    for source in sources.registered().values():
        if benefits := source.paid_because_of_death():
            for_the_dead |= Q(source=source.code, benefit__in=benefits)
    died = planned.filter(person__died_on__isnull=False).annotate(died_in=TruncMonth("person__died_on"))
    not_owed = list(died.filter(for_month__gt=F("died_in")).exclude(for_the_dead).values_list("pk", flat=True))
    payee_died = planned.filter(payee__died_on__lte=on).exclude(amount=F("deducted")).exclude(pk__in=not_owed)
    found = [
        _hold(run, not_owed, HoldReason.PERSON_DIED),
        _hold(run, list(payee_died.values_list("pk", flat=True)), HoldReason.PAYEE_DIED),
    ]
    held = HeldOut(
        lines=sum(one.lines for one in found),
        amount=sum(one.amount for one in found),
        deducted=sum(one.deducted for one in found),
    )
    run.lines_total -= held.lines
    run.amount_total -= held.amount
    run.deducted_total -= held.deducted
    run.held_lines += held.lines
    run.held_amount += held.net
    return held


def _hold(run: PaymentRun, line_ids: list[int], reason: HoldReason) -> HeldOut:
    if not line_ids:
        return HeldOut()
    lines = PaymentLine.objects.filter(run=run, pk__in=line_ids)
    sums = lines.aggregate(
        lines=Count("pk"), amount=Sum("amount", default=0), deducted=Sum("deducted", default=0)
    )  # fmt: skip
    lines.update(state=LineState.HELD, is_live=False, why=HOLD_SENTENCES[reason], why_code=reason.value)
    return HeldOut(**sums)
