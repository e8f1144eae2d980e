"""Nobody left out: whom the rules would grant and who receives nothing, and who receives what the rules no longer grant.

Không bỏ sót ai. One pass of the vectorised rules over everybody chooses; whoever is chosen is then reasoned about by the rules
for one person, whose sentences the finding keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from lienthong.assistance.assumptions import assume_columns
from lienthong.assistance.models import Proposal
from lienthong.assistance.queries.left_out_chosen import ANY, Chosen
from lienthong.assistance.queries.left_out_merit import merit_left_out
from lienthong.assistance.queries.receiving import Receiving, next_yearly, receiving_in
from lienthong.assistance.queries.register_columns import RegisterColumns, register_on
from lienthong.assistance.states import Benefit, FindingKind, Programme, ProposalState
from lienthong.kernel.days import add_months
from lienthong.kernel.decisions import Outcome
from lienthong.rules.merit.lines import OWN_KINDS
from lienthong.rules.social_assistance import vectorised as social
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.columns import FALSE, TRUE, UNKNOWN, PersonColumns
from lienthong.rules.social_assistance.timing import month_of

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_INSTITUTION: Final = social.CATEGORIES.index(AssistanceCategory.INSTITUTION)
GROUPS: Final = (Benefit.PERSONAL, Benefit.OWN_SUPPORT, Benefit.CARER)
COMPARED: Final = (*GROUPS, Benefit.INSTITUTION)
"""What is compared with the rules where it is paid. The money for care in an institution is lacked by nobody, but may go on too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """The register, what is taken as given in it, who receives what, and whom the rules chose.

    Attributes:
        month: The month from which what is paid is compared: the one after the day, for what is known now.
    """

    register: RegisterColumns
    assumed: PersonColumns
    receiving: Receiving
    month: date
    chosen: tuple[Chosen, ...]

    @property
    def on(self) -> date:
        """The day."""
        return self.register.on


def left_out(on: date, *, unit_id: int | None = None) -> Pass:
    """Go through everybody once.

    Args:
        on: The day.
        unit_id: Only the people of one commune.

    Raises:
        NoValueInForce: The law of the day is not recorded; the message names the file and the key to complete.
    """
    register = register_on(on, unit_id=unit_id)
    month = add_months(month_of(on), 1)
    receiving = receiving_in(month, register.person, on=on, yearly_in=next_yearly(month))
    receives = receiving.has(Programme.SOCIAL)
    assumed = assume_columns(register.persons, hints=register.hints, receives=receives)
    now = social.assess_columns(assumed, on=on, known_on=on)
    instead = np.where(receiving.active(Programme.SOCIAL, Benefit.PERSONAL), now.beside_none, 0)
    chosen = [
        *_dead(register, receiving),
        *_not_receiving(register, assumed, now, receiving),
        *_of_month(register, assumed, receiving, month),
        *merit_left_out(register, receiving, month, instead=instead),
    ]
    waiting = _waiting(register)
    kept = tuple(one for one in chosen if (int(register.person[one.row]), one.programme, one.benefit) not in waiting)
    return Pass(register=register, assumed=assumed, receiving=receiving, month=month, chosen=kept)


def _waiting(register: RegisterColumns) -> set[tuple[int, str, str]]:
    """Return whose case waits for a decision already: nobody is told of it twice."""
    rows = Proposal.objects.filter(state=ProposalState.PENDING)
    people = set(register.person.tolist()) if len(register) else set()
    pending = rows.values_list("person_id", "programme", "benefit").order_by("pk")
    return {
        (person, programme, one) for person, programme, benefit in pending if person in people for one in (benefit, ANY)
    }


def _dead(register: RegisterColumns, receiving: Receiving) -> Iterator[Chosen]:
    for programme, benefit in receiving.kinds():
        live = receiving.live(programme, benefit)
        for row in np.flatnonzero(register.is_dead & live).tolist():
            paid = int(receiving.amount(programme, benefit)[row])
            yield Chosen(
                row=row, kind=FindingKind.DEAD, programme=Programme(programme), benefit=benefit, is_certain=True,
                amount=0, paid=paid,
            )  # fmt: skip


def _of_month(register: RegisterColumns, assumed: PersonColumns, receiving: Receiving, month: date) -> Iterator[Chosen]:
    last = add_months(month, 1) - timedelta(days=1)
    end = social.assess_columns(assumed, on=last, known_on=register.on)
    start = social.assess_columns(assumed, on=month - timedelta(days=1), known_on=register.on)
    yield from _wrongly_paid(register, assumed, end, start, receiving)
    yield from _double(register, end, receiving)


def _not_receiving(
    register: RegisterColumns, assumed: PersonColumns, now: social.AssessedColumns, receiving: Receiving
) -> Iterator[Chosen]:
    """Choose who lacks something; the money for care in an institution is the institution's, and nobody lacks it."""
    is_granted = now.outcome == social.OUTCOMES.index(Outcome.GRANTED)
    for benefit, amounts in zip(GROUPS, _groups(now), strict=True):
        lacks = register.is_here & is_granted & (amounts > 0) & ~receiving.live(Programme.SOCIAL, benefit)
        for row in np.flatnonzero(lacks).tolist():
            yield Chosen(
                row=row, kind=FindingKind.NOT_RECEIVING, programme=Programme.SOCIAL, benefit=benefit, is_certain=True,
                amount=int(amounts[row]), paid=0,
            )  # fmt: skip
    is_open = now.outcome == social.OUTCOMES.index(Outcome.UNKNOWN)
    asked = register.is_here & is_open & (now.highest > 0) & ~receiving.has(Programme.SOCIAL)
    asked &= assumed.in_institution != TRUE
    for row in np.flatnonzero(asked).tolist():
        yield Chosen(
            row=row, kind=FindingKind.NOT_RECEIVING, programme=Programme.SOCIAL, benefit=ANY, is_certain=False,
            amount=int(now.highest[row]), paid=0,
        )  # fmt: skip


def _wrongly_paid(
    register: RegisterColumns, assumed: PersonColumns, end: social.AssessedColumns, start: social.AssessedColumns,
    receiving: Receiving,
) -> Iterator[Chosen]:  # fmt: skip
    """Compare what is set for the month with what the rules give in it; unknown facts excuse whatever they allow.

    An institution is owed nothing for who is recorded to live elsewhere, whatever else is unknown; where nothing is recorded,
    that it is paid is the best knowledge there is.
    """
    unknown = social.OUTCOMES.index(Outcome.UNKNOWN)
    is_open = (end.outcome == unknown) | (start.outcome == unknown)
    lives_elsewhere = register.persons.in_institution == FALSE
    is_told = register.persons.in_institution != UNKNOWN
    living = ~register.is_dead
    for benefit, at_end, at_start in zip(COMPARED, _compared(end), _compared(start), strict=True):
        is_institutions = benefit == Benefit.INSTITUTION
        paid = receiving.amount(Programme.SOCIAL, benefit)
        owed = np.where(at_end > 0, at_end, at_start)
        is_sure = is_told & (lives_elsewhere | ~is_open) if is_institutions else ~is_open
        differs = living & receiving.active(Programme.SOCIAL, benefit) & is_sure & (paid != owed)
        for row in np.flatnonzero(differs).tolist():
            kind = FindingKind.NO_LONGER if owed[row] == 0 else FindingKind.AMOUNT_DIFFERS
            yield Chosen(
                row=row, kind=kind, programme=Programme.SOCIAL, benefit=benefit, is_certain=True, amount=int(owed[row]),
                paid=int(paid[row]),
            )  # fmt: skip
    total = np.sum([receiving.amount(Programme.SOCIAL, benefit) for benefit in GROUPS], axis=0)
    total += np.where(assumed.in_institution == TRUE, receiving.amount(Programme.SOCIAL, Benefit.INSTITUTION), 0)
    impossible = (total > np.maximum(end.highest, start.highest)) & living & is_open
    for row in np.flatnonzero(impossible).tolist():
        yield Chosen(
            row=row, kind=FindingKind.AMOUNT_DIFFERS, programme=Programme.SOCIAL, benefit=ANY, is_certain=False,
            amount=int(max(end.highest[row], start.highest[row])), paid=int(total[row]),
        )  # fmt: skip


def _double(register: RegisterColumns, end: social.AssessedColumns, receiving: Receiving) -> Iterator[Chosen]:
    """Choose who is paid for merit beside social assistance that is higher; of one that is lower the rules give nothing."""
    merit = np.sum([receiving.paid_of(Programme.MERIT, kind) for kind in OWN_KINDS], axis=0)
    both = (receiving.paid_of(Programme.SOCIAL, Benefit.PERSONAL) > 0) & (merit > 0)
    for row in np.flatnonzero(both & (end.beside_none > merit) & ~register.is_dead).tolist():
        benefit, paid = next(
            (kind.value, paid) for kind in OWN_KINDS if (paid := int(receiving.paid_of(Programme.MERIT, kind)[row]))
        )
        yield Chosen(
            row=row, kind=FindingKind.DOUBLE, programme=Programme.MERIT, benefit=benefit, is_certain=True, amount=0,
            paid=paid,
        )  # fmt: skip


def _groups(found: social.AssessedColumns) -> tuple[Numbers, ...]:
    paid_here = np.where(found.category == _INSTITUTION, 0, found.amount)
    return paid_here + found.single_parent, found.own_support, found.carer


def _compared(found: social.AssessedColumns) -> tuple[Numbers, ...]:
    return *_groups(found), np.where(found.category == _INSTITUTION, found.amount, 0)


def counts_of(found: Pass) -> Mapping[tuple[str, bool], int]:
    """Count what was chosen by kind, certain and to be asked apart."""
    counted: dict[tuple[str, bool], int] = {}
    for one in found.chosen:
        counted[str(one.kind), one.is_certain] = counted.get((str(one.kind), one.is_certain), 0) + 1
    return counted
