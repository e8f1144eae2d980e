"""Lists of lines as officers look at them: filters, order, counts and sums; what became of a line; what has not arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from lienthong.infra.missing import NotFound
from lienthong.kernel.text import fold
from lienthong.payments import policies
from lienthong.payments.models import PaymentLine, PaymentRun
from lienthong.payments.states import UNPAID_STATES, Channel, Ground, LineState
from lienthong.units import queries as units

NOTHING = "nothing"
"""The value of a filter that keeps lines without a channel."""
_SORTS = {
    "number": "number", "name": "person__sort_key", "commune": "unit__sort_key", "amount": "amount", "month": "for_month",
}  # fmt: skip


class LineNotFound(NotFound):
    """There is no such line, or none that this user may see."""


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines a list shows. Empty means all; ``month`` is the first day of the month that is paid for, as ISO writes it."""

    commune: str = ""
    source: str = ""
    channel: str = ""
    state: str = ""
    ground: str = ""
    month: str = ""
    q: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """Lines that are paid or to be paid, their amount, what is kept back of it; and lines held back or not arrived."""

    lines: int
    amount: int
    deducted: int
    unpaid_lines: int
    unpaid_amount: int

    @property
    def net(self) -> int:
        """What reaches people, in đồng."""
        return self.amount - self.deducted


def filtered_lines(user: Any, asked: LineFilter, *, on: date, run: PaymentRun | None = None) -> QuerySet[PaymentLine]:
    """Return the lines that a list names, with whom and where it shows; of one run, or of all."""
    rows = of_state(_narrowed(user, asked, on=on, run=run), asked.state)
    key = asked.sort.removeprefix("-")
    first = [("-" if asked.sort.startswith("-") else "") + _SORTS[key]] if key in _SORTS else []
    usual = ["number"] if run is not None else ["-run__month", "-run__number", "number"]
    return (
        rows.select_related("person", "payee", "payee_organization", "unit", "run")
        .defer("basis")
        .order_by(*first, *usual, "pk")
    )


def state_counts(user: Any, asked: LineFilter, *, on: date, run: PaymentRun | None = None) -> dict[str, int]:
    """Return how many lines of a list are in each state."""
    return counts_by_state(_narrowed(user, asked, on=on, run=run))


def counts_by_state(rows: QuerySet[PaymentLine]) -> dict[str, int]:
    """Return how many of some lines are in each state."""
    counted = rows.order_by().values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(LineState.values, 0) | dict(counted)


def of_state(rows: QuerySet[PaymentLine], state: str) -> QuerySet[PaymentLine]:
    """Return those of some lines that are in a state; all where it is none."""
    return rows.filter(state=state) if state in LineState.values else rows


def months_of(rows: QuerySet[PaymentLine]) -> list[date]:
    """Return the months for which some lines pay, newest first."""
    return list(rows.order_by("-for_month").values_list("for_month", flat=True).distinct())


def sums_of(user: Any, asked: LineFilter, *, on: date, run: PaymentRun | None = None) -> Sums:
    """Return the sums of the lines that a list names."""
    return _sums(filtered_lines(user, asked, on=on, run=run).order_by().aggregate(**_SUMS))


def get_line(line_id: int, user: Any, *, on: date) -> PaymentLine:
    """Return a line with its run, people, commune and account.

    Raises:
        LineNotFound: There is none, or none for this user.
    """
    rows = PaymentLine.objects.filter(policies.visible_to(user, on=on), pk=line_id)
    line = rows.select_related("run", "person", "payee", "payee_organization", "unit", "account").first()
    if line is None:
        raise LineNotFound(line_id)
    return line


def held_by_reason(run: PaymentRun, *, user: Any, on: date) -> list[tuple[str, int]]:
    """Return why lines of a run are held back, each with how many, the most frequent first."""
    held = _narrowed(user, LineFilter(), on=on, run=run).filter(state=LineState.HELD).order_by()
    return list(held.values_list("why").annotate(n=Count("pk")).order_by("-n", "why"))


def answers_of(line: PaymentLine) -> list[Any]:
    """Return the lines of statements that answer a payment, in the order in which the bank booked them."""
    return list(line.statement_lines.select_related("statement").order_by("booked_on", "pk"))


def carried_to(line: PaymentLine) -> PaymentLine | None:
    """Return the line by which a later run tries again; a run that was cancelled does not."""
    return line.carried_to.exclude(state=LineState.CANCELLED).select_related("run").order_by("pk").first()


def unpaid_lines(user: Any, asked: LineFilter, *, on: date) -> QuerySet[PaymentLine]:
    """Return the lines whose money has not arrived and that no later run has looked at again, by commune and name."""
    rows = filtered_lines(user, asked, on=on).filter(_WAITING)
    return rows if asked.sort else rows.order_by("unit__sort_key", "person__sort_key", "-for_month", "pk")


def unpaid_counts(user: Any, asked: LineFilter, *, on: date) -> dict[str, int]:
    """Return how many lines have not arrived, by state."""
    rows = _narrowed(user, asked, on=on).filter(_WAITING).order_by().values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys((state.value for state in UNPAID_STATES), 0) | dict(rows)


def unpaid_by_commune(user: Any, asked: LineFilter, *, on: date) -> list[tuple[str, str, int, int]]:
    """Return code, name, lines and amount of each commune of the day in which money has not arrived, the most lines first."""
    rows = filtered_lines(user, asked, on=on).filter(_WAITING).order_by().values_list("unit_id")
    counted = list(rows.annotate(n=Count("pk"), total=Sum("amount")).order_by("unit_id"))
    places = units.places_now((unit_id for unit_id, _n, _total in counted), on=on)
    found: dict[int, tuple[int, int]] = {}
    for unit_id, n, total in counted:
        lines, amount = found.get(places[unit_id].pk, (0, 0))
        found[places[unit_id].pk] = (lines + n, amount + total)
    names = {place.pk: (place.code, place.name) for place in places.values()}
    return sorted(((*names[pk], *sums) for pk, sums in found.items()), key=lambda row: (-row[2], row[1]))


def to_be_collected(user: Any, asked: LineFilter, *, on: date, run: PaymentRun) -> QuerySet[PaymentLine]:
    """Return the lines of a run that lie ready at post offices and counters and have no result yet, by commune and name."""
    rows = filtered_lines(user, asked, on=on, run=run).filter(
        state=LineState.SENT, channel__in=(Channel.POST, Channel.CASH)
    )
    return rows.order_by("unit__sort_key", "person__sort_key", "number")


def _narrowed(user: Any, asked: LineFilter, *, on: date, run: PaymentRun | None = None) -> QuerySet[PaymentLine]:
    rows = PaymentLine.objects.filter(policies.visible_to(user, on=on))
    return narrowed(rows if run is None else rows.filter(run=run), asked, on=on, run=run)


def narrowed(
    rows: QuerySet[PaymentLine], asked: LineFilter, *, on: date, run: PaymentRun | None = None
) -> QuerySet[PaymentLine]:
    """Return those of some lines that a list asks for, of whatever state.

    Args:
        rows: Lines that the user may see.
        asked: What the list asks for.
        on: Today.
        run: Of which run the lines are; None where they are of several.
    """
    if asked.commune:
        # A run is shown on its own map, what waits of all runs on that of the day.
        is_of_it = Q(unit__code=asked.commune) if run is not None else units.of_code("unit", asked.commune, on=on)
        rows = rows.filter(is_of_it)
    if asked.source:
        rows = rows.filter(source=asked.source)
    if asked.channel in Channel.values or asked.channel == NOTHING:
        rows = rows.filter(channel="" if asked.channel == NOTHING else asked.channel)
    if asked.ground in Ground.values:
        rows = rows.filter(ground=asked.ground)
    if (month := _month(asked.month)) is not None:
        rows = rows.filter(for_month=month)
    if text := asked.q.strip():
        by_digits = Q(person__personal_id_number=text) | Q(account_number=text)
        names = ("person__name_key", "payee__name_key", "payee_organization__name_key")
        by_name = reduce(or_, (Q(**{f"{name}__contains": fold(text)}) for name in names))
        rows = rows.filter(by_digits if any(map(str.isdigit, text)) else by_name)
    return rows


def _month(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def _sums(row: Mapping[str, Any]) -> Sums:
    return Sums(*(row[name] for name in _SUMS))


_WAITING = Q(state__in=UNPAID_STATES, resumed_by=None, owed__gt=0)
_LIVE = Q(is_live=True)
_NOT_ARRIVED = Q(state__in=UNPAID_STATES)
_SUMS: dict[str, Any] = {
    "sum_lines": Count("pk", filter=_LIVE),
    "sum_amount": Coalesce(Sum("amount", filter=_LIVE), 0),
    "sum_deducted": Coalesce(Sum(F("deducted"), filter=_LIVE), 0),
    "sum_unpaid": Count("pk", filter=_NOT_ARRIVED),
    "sum_unpaid_amount": Coalesce(Sum("amount", filter=_NOT_ARRIVED), 0),
}
