"""What may be spent in a quarter, and what runs have taken of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Sum
from django.db.models.functions import TruncQuarter

from lienthong.infra.missing import NotFound
from lienthong.kernel.days import add_months
from lienthong.payments.models import Budget, PaymentLine
from lienthong.payments.sources import label_of, registered


class BudgetNotFound(NotFound):
    """There is no such budget."""


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One programme in one quarter: what was given, what is taken, what is left; None given where nothing was decided."""

    source: str
    label: str
    quarter: date
    given: int | None
    waiting: int
    taken: int
    decisions: tuple[Budget, ...]

    @property
    def left(self) -> int | None:
        """What may still be spent, in đồng; negative where more was taken."""
        return None if self.given is None else self.given - self.taken

    @property
    def in_words(self) -> str:
        """The quarter as people write it: quý IV/2026."""
        return quarter_words(self.quarter)


def quarter_words(quarter: date) -> str:
    """Return a quarter as people write it.

    Examples:
        >>> quarter_words(date(2026, 10, 1))
        'IV/2026'
    """
    return f"{('I', 'II', 'III', 'IV')[(quarter.month - 1) // 3]}/{quarter.year}"


def get_budget(budget_id: int) -> Budget:
    """Load a budget.

    Raises:
        BudgetNotFound: There is none.
    """
    budget: Budget | None = Budget.objects.select_related("prepared_by", "approved_by").filter(pk=budget_id).first()
    if budget is None:
        raise BudgetNotFound
    return budget


def budget_lines(quarters: Iterable[date], *, source: str = "") -> list[BudgetLine]:
    """Return every programme in each of these quarters, newest quarter first.

    Args:
        quarters: First days of quarters.
        source: Only this programme; empty for all.
    """
    wanted = sorted(set(quarters), reverse=True)
    if not wanted:
        return []
    decisions: dict[tuple[str, date], list[Budget]] = {}
    rows = Budget.objects.filter(quarter__in=wanted).select_related("prepared_by", "approved_by").order_by("pk")
    for one in rows:
        decisions.setdefault((one.source, one.quarter), []).append(one)
    taken = _taken(wanted)
    codes = list(dict.fromkeys([*registered(), *(code for code, _day in (*decisions, *taken))]))
    return [
        _line(code, quarter, decisions.get((code, quarter), []), taken.get((code, quarter), 0))
        for quarter in wanted
        for code in codes
        if not source or code == source
    ]


def years_of_budgets(*, on: date) -> list[int]:
    """Return the years that have a budget or a run, and this one, newest first."""
    years = {day.year for day in Budget.objects.order_by().values_list("quarter", flat=True).distinct()}
    years |= {day.year for day in PaymentLine.objects.order_by().values_list("run__month", flat=True).distinct()}
    return sorted(years | {on.year}, reverse=True)


def _line(code: str, quarter: date, decisions: list[Budget], taken: int) -> BudgetLine:
    approved = [one.amount for one in decisions if one.approved_at is not None]
    waiting = sum(one.amount for one in decisions if one.approved_at is None)
    return BudgetLine(
        code, label_of(code), quarter, sum(approved) if approved else None, waiting, taken, tuple(decisions)
    )


def _taken(quarters: list[date]) -> dict[tuple[str, date], int]:
    """Return what live lines of the runs of each quarter take, by programme: amounts less what is kept back."""
    months = Q()
    for quarter in quarters:
        months |= Q(run__month__gte=quarter, run__month__lt=add_months(quarter, 3))
    lines = PaymentLine.objects.filter(months, is_live=True).order_by()
    grouped = lines.annotate(quarter=TruncQuarter("run__month")).values_list("source", "quarter")
    return {
        (source, quarter): total for source, quarter, total in grouped.annotate(total=Sum(F("amount") - F("deducted")))
    }
