"""What a change would do month by month, tried by the same verbs that would do it, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from django.db import transaction

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement, EntitlementRate, Proposal
from lienthong.assistance.services.deciding import carry_out
from lienthong.assistance.states import Benefit, ProposalKind
from lienthong.kernel.days import add_months, local_day
from lienthong.rules.social_assistance.timing import month_of

Result = TypeVar("Result")

MONTHS_AHEAD: Final = 24
MONTHS_BACK: Final = 12

_BY_TWO: Final = (ProposalKind.RECOVER, ProposalKind.MERIT_CLAIM, ProposalKind.EMERGENCY, ProposalKind.TOP_UP)
"""What names both who proposed and who decided: whoever proposes cannot try it out alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsBeside:
    """Months in which a benefit comes to the same before a change, and to the same after it.

    Attributes:
        last: The last month, its first day.
        before: Đồng a month; None where nothing is decided.
        after: The same after the change.
    """

    first: date
    last: date
    before: int | None
    after: int | None

    @property
    def differs(self) -> bool:
        """Whether the change changes these months."""
        return (self.before or 0) != (self.after or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitBeside:
    """One benefit of a person before and after a change."""

    benefit: str
    months: tuple[MonthsBeside, ...]

    @property
    def words(self) -> str:
        """What it is called."""
        return str(Benefit(self.benefit).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a proposal would do: its sentence, what the rules say, the months before and after.

    ``keeps_back`` tells that what is decided stays as it is, and some of it is kept back when it is paid.
    """

    words: str
    reasons: tuple[str, ...]
    benefits: tuple[BenefitBeside, ...]
    keeps_back: bool = False

    @property
    def changes(self) -> bool:
        """Whether any month would be another."""
        return any(month.differs for one in self.benefits for month in one.months)


def preview_proposal(
    propose: Callable[[], Proposal],
    *,
    person_id: int,
    decision_number: str = "xem trước",
    acting_user: User,
    now: datetime,
) -> Preview:
    """Propose and carry out, read the months, and take everything back.

    Args:
        propose: Makes the proposal; what it refuses is refused here alike.
        person_id: Of whom the months are read.
        decision_number: Stands in for the number that a decision will have.
        acting_user: Who looks.
        now: The moment.

    Raises:
        AssistanceRefusal: What the proposal or carrying it out refuses.
    """

    def carried_out() -> Preview:
        before = _rates_of(person_id)
        proposal = propose()
        if proposal.kind not in _BY_TWO or proposal.prepared_by_id != acting_user.pk:
            carry_out(proposal, decision_number, acting_user=acting_user, now=now)
        after = _rates_of(person_id)
        return Preview(
            words=proposal.words,
            reasons=tuple(str(one) for one in proposal.reasons),
            benefits=_beside(before, after, on=local_day(now)),
            keeps_back=proposal.kind == ProposalKind.RECOVER,
        )

    return tried(carried_out)


def tried(do: Callable[[], Result]) -> Result:
    """Do something and take it back: what it gives or refuses, with nothing written."""
    with transaction.atomic():
        savepoint = transaction.savepoint()
        try:
            return do()
        finally:
            transaction.savepoint_rollback(savepoint)


def preview_of(proposal: Proposal, *, acting_user: User, now: datetime) -> Preview:
    """Show what approving a proposal that waits would do now.

    Raises:
        AssistanceRefusal: What carrying it out refuses by now.
    """
    return preview_proposal(lambda: proposal, person_id=proposal.person_id, acting_user=acting_user, now=now)


def _rates_of(person_id: int) -> dict[str, list[EntitlementRate]]:
    rows = EntitlementRate.objects.filter(entitlement__person=person_id, superseded_at=None)
    found: dict[str, list[EntitlementRate]] = {}
    for rate in rows.select_related("entitlement").order_by("first_month", "pk"):
        found.setdefault(rate.entitlement.benefit, []).append(rate)
    for benefit in Entitlement.objects.filter(person=person_id).order_by("pk").values_list("benefit", flat=True):
        found.setdefault(benefit, [])
    return found


def _beside(
    before: dict[str, list[EntitlementRate]], after: dict[str, list[EntitlementRate]], *, on: date
) -> tuple[BenefitBeside, ...]:
    first, until = add_months(month_of(on), -MONTHS_BACK), add_months(month_of(on), MONTHS_AHEAD)
    found = []
    for benefit in dict.fromkeys([*after, *before]):
        old, new = before.get(benefit, []), after.get(benefit, [])
        earliest = min([rate.first_month for rate in (*old, *new)], default=first)
        months = _spans(old, new, max(earliest, first), min(until, _stored_until(old, until)))
        if months:
            found.append(BenefitBeside(benefit=benefit, months=months))
    return tuple(found)


def _stored_until(rates: Sequence[EntitlementRate], until: date) -> date:
    """Return until which month a benefit that goes on is computed ahead: beyond it nothing is decided, and nothing changes."""
    if not rates or any(rate.entitlement.last_month is not None for rate in rates):
        return until
    return max(rate.end_month or until for rate in rates)


def _spans(
    old: Sequence[EntitlementRate], new: Sequence[EntitlementRate], first: date, until: date
) -> tuple[MonthsBeside, ...]:
    spans: list[MonthsBeside] = []
    month = first
    while month < until:
        was, will = _amount(old, month), _amount(new, month)
        if spans and (spans[-1].before, spans[-1].after) == (was, will):
            spans[-1] = MonthsBeside(first=spans[-1].first, last=month, before=was, after=will)
        else:
            spans.append(MonthsBeside(first=month, last=month, before=was, after=will))
        month = add_months(month, 1)
    return tuple(one for one in spans if (one.before, one.after) != (None, None))


def _amount(rates: Iterable[EntitlementRate], month: date) -> int | None:
    covering = [
        rate.amount
        for rate in rates
        if rate.first_month <= month and (rate.end_month is None or month < rate.end_month)
    ]
    return sum(covering) if covering else None
