"""Which lines of a run that has not left yet no longer agree with what is owed now: a decision came after the list was made.

Khoản không còn khớp số phải chi. The list itself stays as it was prepared and signed; what is too much is held out of it when it leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from lienthong.kernel.days import add_months, format_day
from lienthong.payments import policies, sources
from lienthong.payments.models import PAYABLE, Overpayment, PaymentAccount, PaymentLine, PaymentRun
from lienthong.payments.sources import Owed, PayableSource
from lienthong.payments.states import HoldReason, LineState, OverpaymentState, RunState

# What was recorded just before the list was collected may have been committed after it looked; more than was paid is found by its sum.
_COMMITTED_LATE = timedelta(minutes=10)
_AT_ONCE = 5_000
_WAITING = (RunState.PREPARED, RunState.CHECKED, RunState.APPROVED)
_MONTH = ("source", "person_id", "benefit", "for_month", "matter")
Month = tuple[str, int, str, date, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A line that is not what it would be if it were prepared now. Khoản không còn khớp.

    Attributes:
        now: What the line would come to now, in đồng.
        owed: What is owed for the month in total now, in đồng.
        why: A Vietnamese sentence; empty where the programme does not let whoever looks see on what ground it owes.
        hold: Why it is held when the run leaves; None where it is paid, and the next run pays the rest.
    """

    line: PaymentLine
    now: int
    owed: int
    why: str
    hold: HoldReason | None


def disagreeing_lines(run: PaymentRun, *, user: Any = None, on: date) -> list[Disagreement]:
    """Return the lines of a run that no longer agree with what is owed, whose payee is dead, or whose place is paid no more, in the order of the list.

    Every source is asked only what has changed since the list was collected.

    Args:
        run: Of a run that is not prepared yet, or has left, none disagrees.
        user: Who looks: only lines that they may see; None for all of them.
        on: The day.
    """
    if run.state not in _WAITING or run.collected_at is None:
        return []
    changed_since = run.collected_at - _COMMITTED_LATE
    planned = PaymentLine.objects.filter(run=run, state=LineState.PLANNED)
    if user is not None:
        planned = planned.filter(policies.visible_to(user, on=on))
    planned = planned.select_related("person", "unit", "payee").defer("basis")
    tells = policies.reasons_seen(user, on=on) if user is not None else lambda _source, _unit_id: True
    found = {one.line.pk: one for one in _of_places_not_used(planned, on=on)}
    for source in sources.registered().values():
        for one in _of_source(source, run, planned, changed_since):
            if one.hold is not None or one.line.pk not in found:
                is_told = tells(one.line.source, one.line.unit_id)
                found[one.line.pk] = one if is_told else replace(one, why="")
    found |= {one.line.pk: one for one in _of_the_dead(planned, on=on)}
    return sorted(found.values(), key=lambda one: one.line.number)


def month_of_line(line: PaymentLine) -> Month:
    """Return what of whom a line pays, as its parts share it."""
    return line.source, line.person_id, line.benefit, line.for_month, line.matter


def _of_the_dead(planned: Any, *, on: date) -> Iterator[Disagreement]:
    """A month is owed until the one of the death; later months only where a programme pays because of the death."""
    for_the_dead = Q(pk__in=[])
    for source in sources.registered().values():
        if benefits := source.paid_because_of_death():
            for_the_dead |= Q(source=source.code, benefit__in=benefits)
    payee_died = planned.filter(payee__died_on__lte=on).exclude(amount=F("deducted"))
    for line in payee_died:
        words = _("Người nhận chết ngày %s.") % format_day(line.payee.died_on)
        yield Disagreement(line=line, now=line.amount, owed=line.owed, why=words, hold=HoldReason.PAYEE_DIED)
    died = planned.filter(person__died_on__isnull=False).annotate(died_in=TruncMonth("person__died_on"))
    for line in died.filter(for_month__gt=F("died_in")).exclude(for_the_dead):
        words = _("Người hưởng chết ngày %s.") % format_day(line.person.died_on)
        yield Disagreement(line=line, now=0, owed=0, why=words, hold=HoldReason.PERSON_DIED)


def _of_places_not_used(planned: Any, *, on: date) -> Iterator[Disagreement]:
    """A place that was ended, or whose holder turned out to be another, gets nothing any more, whatever the list says."""
    not_used = PaymentAccount.objects.filter(Q(valid_until__lte=on) | ~PAYABLE)
    for line in planned.filter(account__in=not_used).exclude(amount=F("deducted")):
        words = _("Nơi nhận tiền đã thôi dùng, hoặc tên chủ không còn khớp.")
        yield Disagreement(line=line, now=line.amount, owed=line.owed, why=words, hold=HoldReason.ACCOUNT_NOT_USED)


def _of_source(source: PayableSource, run: PaymentRun, planned: Any, changed_since: datetime) -> Iterator[Disagreement]:
    rows = iter(source.owed(run.month, since=add_months(run.month, 1), changed_since=changed_since))
    while block := list(islice(rows, _AT_ONCE)):
        lines = {
            month_of_line(line): line
            for line in planned.filter(source=source.code, person__in={owed.person_id for owed in block})
        }
        wanted = {key: owed for owed in block if (key := _month_of(source, owed)) in lines}
        held = _held({owed.person_id for owed in wanted.values()})
        beyond = {key: held.get(key, 0) - owed.amount for key, owed in wanted.items()}
        words = _words(source, run, [wanted[key] for key, more in beyond.items() if more])
        for key, more in beyond.items():
            if more:
                line = lines[key]
                yield Disagreement(
                    line=line, now=max(0, line.amount - more), owed=wanted[key].amount, why=words[key],
                    hold=HoldReason.NO_LONGER_OWED if more > 0 else None,
                )  # fmt: skip


def _month_of(source: PayableSource, owed: Owed) -> Month:
    return source.code, owed.person_id, owed.benefit, owed.for_month, owed.matter


def _held(people: set[int]) -> Mapping[Month, int]:
    """Return what people still have or are about to get of each month, by all runs: what came back is not counted."""
    live = PaymentLine.objects.filter(person__in=people, is_live=True).order_by()
    found: dict[Month, int] = {tuple(row[:-1]): row[-1] for row in live.values_list(*_MONTH).annotate(Sum("amount"))}
    settled = Overpayment.objects.filter(person__in=people, state=OverpaymentState.SETTLED).order_by()
    for *key, amount in settled.values_list(*_MONTH).annotate(Sum("amount")):
        month: Any = tuple(key)
        found[month] = found.get(month, 0) - amount
    return found


def _words(source: PayableSource, run: PaymentRun, rows: Sequence[Owed]) -> dict[Month, str]:
    """Say why: of what is owed no more each month, what the programme says of it; else how it is computed now."""
    ended = [(owed.person_id, owed.benefit) for owed in rows if not owed.amount and not owed.matter]
    stopped = source.why_stopped(run.month, ended) if ended else {}
    return {
        _month_of(source, owed): (
            stopped.get((owed.person_id, owed.benefit), "") if not owed.amount and not owed.matter else ""
        )
        or owed.words
        for owed in rows
    }
