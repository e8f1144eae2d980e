"""People who have recognised claims: what they are due each month, each year and once, beside what they receive.

Who receives without a recorded claim is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from lienthong.assistance.queries.left_out_chosen import ANY, Chosen
from lienthong.assistance.queries.receiving import Receiving, next_yearly, paid_once_to
from lienthong.assistance.queries.register_columns import RegisterColumns
from lienthong.assistance.states import MERIT_BENEFITS, Benefit, FindingKind, Programme
from lienthong.kernel.days import add_months
from lienthong.kernel.decisions import Outcome
from lienthong.rules.merit import vectorised as merit
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.lines import OWN_KINDS, LineKind, MeritLine

Numbers = npt.NDArray[np.int64]
_UNKNOWN: Final = merit.OUTCOMES.index(Outcome.UNKNOWN)
_LASTING: Final = tuple(one for one in MERIT_BENEFITS if one != Benefit.ONE_OFF)


def merit_left_out(
    register: RegisterColumns, receiving: Receiving, month: date, *, instead: Numbers
) -> Iterator[Chosen]:
    """Go through everybody who has a recognised claim.

    Args:
        register: Everybody.
        receiving: Who receives what.
        month: The month for which what is set is compared.
        instead: Đồng a month of social assistance that each receives and that is never paid beside what is due for merit.
    """
    claimants = register.claimants
    if not len(claimants):
        return
    found = merit.assess_columns(claimants.columns, on=register.on, known_on=register.on)
    next_year = merit.assess_columns(claimants.columns, on=yearly_day(month), known_on=register.on)
    for benefit in _LASTING:
        assessed = next_year if benefit == Benefit.YEARLY else found
        yield from _compared(register, receiving, benefit, assessed, found, instead=instead)
    yield from _never_paid(register, found)
    has_any = receiving.has(Programme.MERIT)
    for place, row in enumerate(claimants.rows.tolist()):
        if found.outcomes[place] == _UNKNOWN and register.is_here[row] and not has_any[row]:
            yield Chosen(
                row=row, kind=FindingKind.NOT_RECEIVING, programme=Programme.MERIT, benefit=ANY, is_certain=False,
                amount=int(found.monthly_total[place]), paid=0,
            )  # fmt: skip


def yearly_day(month: date) -> date:
    """Return the day on which the next yearly payment after a month is reckoned: the last of its month."""
    return add_months(next_yearly(month), 1) - timedelta(days=1)


def _compared(
    register: RegisterColumns, receiving: Receiving, benefit: Benefit, assessed: merit.AssessedColumns,
    now: merit.AssessedColumns, *, instead: Numbers,
) -> Iterator[Chosen]:  # fmt: skip
    """Compare one benefit that goes on with what is set; unknown facts excuse whatever they allow.

    Args:
        register: Everybody.
        receiving: Who receives what.
        benefit: Which.
        assessed: What the rules give the next time it is paid.
        now: What they give today, for who receives nothing.
        instead: Where it is more than everything for the person, nothing is lacking: only the highest is paid.
    """
    owed_next: Numbers = getattr(assessed, benefit.value)
    owed_now: Numbers = getattr(now, benefit.value)
    live, active = receiving.live(Programme.MERIT, benefit), receiving.active(Programme.MERIT, benefit)
    paid, has_any = receiving.amount(Programme.MERIT, benefit), receiving.has(Programme.MERIT)
    has_more = np.zeros(len(now), dtype=np.bool_)
    if LineKind(benefit.value) in OWN_KINDS:
        has_more = instead[register.claimants.rows] > now.monthly_amount
    for place, row in enumerate(register.claimants.rows.tolist()):
        is_known = bool(now.outcomes[place] != _UNKNOWN)
        if register.is_dead[row] or not (is_known or has_any[row]):
            continue
        owed = int(owed_next[place])
        if owed_now[place] and not live[row] and register.is_here[row]:
            if has_more[place]:
                continue
            kind, owed = FindingKind.NOT_RECEIVING, int(owed_now[place])
        elif is_known and active[row] and owed != paid[row] and assessed.outcomes[place] != _UNKNOWN:
            kind = FindingKind.AMOUNT_DIFFERS if owed else FindingKind.NO_LONGER
        else:
            continue
        yield Chosen(
            row=row, kind=kind, programme=Programme.MERIT, benefit=benefit, is_certain=is_known, amount=owed,
            paid=int(paid[row]),
        )  # fmt: skip


def _never_paid(register: RegisterColumns, found: merit.AssessedColumns) -> Iterator[Chosen]:
    """Find sums that are paid once and that no decision of the house has paid; whether another did is to be asked."""
    claimants = register.claimants
    due = np.flatnonzero((found.one_off > 0) & (found.outcomes != _UNKNOWN)).tolist()
    here = [place for place in due if register.is_here[claimants.rows[place]]]
    persons = {place: int(register.person[claimants.rows[place]]) for place in here}
    paid = paid_once_to(persons.values()) if persons else {}
    for place, person in persons.items():
        known = paid.get(person, frozenset())
        if {claim for claim, _code in known}.issuperset(claimants.claims[place]):
            continue  # each claim was paid something once already
        lines = _lines_never_paid(register, place, known)
        if lines:
            yield Chosen(
                row=int(claimants.rows[place]), kind=FindingKind.NOT_RECEIVING, programme=Programme.MERIT,
                benefit=Benefit.ONE_OFF, is_certain=False, amount=sum(line.amount for line in lines), paid=0,
                lines=tuple(str(line) for line in lines),
            )  # fmt: skip


def _lines_never_paid(
    register: RegisterColumns, place: int, paid: frozenset[tuple[int | None, str]]
) -> list[MeritLine]:
    """Return the lines of one claimant that are paid once and that nobody has paid.

    Args:
        register: Everybody.
        place: Among the claimants.
        paid: Claim and code of each line that was paid; a line that was recorded without its claim counts for all.
    """
    claimants = register.claimants
    found = assess_merit(claimants.facts[place], on=register.on, known_on=register.on)
    return [
        line
        for line in found.lines
        if line.kind is LineKind.ONE_OFF
        and paid.isdisjoint({(claimants.claims[place][line.claim], line.code), (None, line.code)})
    ]
