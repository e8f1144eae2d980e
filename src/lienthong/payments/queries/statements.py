"""What banks, post and cashiers answered: statements, their lines, and the lines that wait for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lienthong.infra.missing import NotFound
from lienthong.kernel.text import whole_number
from lienthong.payments import policies
from lienthong.payments.line_keys import line_of
from lienthong.payments.models import Statement, StatementLine
from lienthong.payments.queries.bookings import open_differences
from lienthong.payments.states import Match, StatementFormat, Strange
from lienthong.units import queries as units

WAITING = ~Q(strange="") & Q(match=Match.NONE)
"""Lines that wait for a person."""


class StatementNotFound(NotFound):
    """There is no such statement, or none that this user may see."""


class StatementLineNotFound(NotFound):
    """There is no such line of a statement, or none that this user may see."""


@dataclass(frozen=True, slots=True)
class StatementFilter:
    """Which statements a list shows. Empty means all."""

    bank: str = ""
    kind: str = ""
    waiting: str = ""
    commune: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class StrangeFilter:
    """Which strange lines a list shows. ``stage``: ``new``, ``proposed``, ``settled``, ``different``, or empty for all that wait.

    ``different`` are settled lines of payments of which the bank still has too much or paid too little.
    """

    stage: str = ""
    why: str = ""
    bank: str = ""
    statement: str = ""
    commune: str = ""
    source: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class StatementLineFilter:
    """Which lines of a statement its page shows. Empty means all; ``match`` as in ``Match``, or ``strange``."""

    match: str = ""
    commune: str = ""
    source: str = ""


def statements(user: Any, asked: StatementFilter, *, on: date) -> QuerySet[Statement]:
    """Return the statements of a list, newest first, each with the number of its lines that wait (``waiting``)."""
    rows = Statement.objects.all() if policies.sees_province(user, on=on) else Statement.objects.none()
    rows = rows.annotate(waiting=Count("lines", filter=Q(lines__match=Match.NONE) & ~Q(lines__strange="")))
    if asked.bank:
        rows = rows.filter(bank_code=asked.bank)
    if asked.kind in StatementFormat.values:
        rows = rows.filter(format=asked.kind)
    if asked.waiting:
        rows = rows.filter(waiting__gt=0)
    if asked.commune or asked.source:
        about = StatementLine.objects.filter(_about(asked, on=on), statement=OuterRef("pk"))
        rows = rows.filter(Exists(about))
    return rows.select_related("imported_by", "run").order_by("-imported_at", "-pk")


def get_statement(statement_id: int, *, user: Any, on: date) -> Statement:
    """Load a statement that the user may see.

    Raises:
        StatementNotFound: There is none for this user.
    """
    found: Statement | None = statements(user, StatementFilter(), on=on).filter(pk=statement_id).first()
    if found is None:
        raise StatementNotFound
    return found


def lines_of(statement: Statement, asked: StatementLineFilter, *, on: date) -> QuerySet[StatementLine]:
    """Return the lines of a statement that are asked for, with the payments they belong to."""
    rows = statement.lines.select_related("payment_line__person", "payment_line__run", "named_line__person")
    if asked.match == "strange":
        rows = rows.filter(WAITING)
    elif asked.match in Match.values:
        rows = rows.filter(match=asked.match)
    return rows.filter(_about(asked, on=on)).order_by("number")


def strange_lines(user: Any, asked: StrangeFilter, *, on: date) -> QuerySet[StatementLine]:
    """Return the lines that wait for a person, or waited once, oldest first."""
    rows = StatementLine.objects.exclude(strange="")
    if not policies.sees_province(user, on=on):
        return rows.none()
    stages = {
        "": WAITING,
        "new": WAITING & Q(proposed=""),
        "proposed": WAITING & ~Q(proposed=""),
        "settled": ~Q(match=Match.NONE),
    }
    if asked.stage == "different":
        rows = rows.filter(match=Match.BY_HAND, payment_line__in=list(open_differences()))
    else:
        rows = rows.filter(stages.get(asked.stage, WAITING))
    if asked.why in Strange.values:
        rows = rows.filter(strange=asked.why)
    if asked.bank:
        rows = rows.filter(statement__bank_code=asked.bank)
    rows = rows.filter(_about(asked, on=on))
    if (statement := whole_number(asked.statement)) is not None:
        rows = rows.filter(statement=statement)
    if text := asked.q.strip():
        named = line_of(text)
        rows = (
            rows.filter(named_line=named)
            if named
            else rows.filter(Q(reference__icontains=text) | Q(text__icontains=text))
        )
    return rows.select_related(
        "statement", "named_line__person", "named_line__run", "proposed_line__person", "proposed_by", "matched_by"
    ).order_by("statement_id", "number")


def _about(asked: StatementFilter | StatementLineFilter | StrangeFilter, *, on: date) -> Q:
    """Return the condition on the payment that a line answers, or of which it speaks: of one commune, of one programme."""
    found, is_settled = Q(), Q(payment_line__isnull=False)
    if asked.commune:
        paid, named = (units.of_code(f"{line}__unit", asked.commune, on=on) for line in ("payment_line", "named_line"))
        found &= (is_settled & paid) | (~is_settled & named)
    if asked.source:
        paid, named = Q(payment_line__source=asked.source), Q(named_line__source=asked.source)
        found &= (is_settled & paid) | (~is_settled & named)
    return found


def strange_counts(user: Any, *, on: date) -> dict[str, int]:
    """Return how many lines wait under each reason, how many are proposed, all that wait, and how many payments differ."""
    if not policies.sees_province(user, on=on):
        return {}
    counts = {value: Count("pk", filter=Q(strange=value)) for value in Strange.values}
    rows = StatementLine.objects.filter(WAITING)
    counted = rows.aggregate(all=Count("pk"), proposed=Count("pk", filter=~Q(proposed="")), **counts)
    return {**counted, "different": len(open_differences())}


def get_strange_line(line_id: int, *, user: Any, on: date) -> StatementLine:
    """Load a strange line that the user may see, settled or not.

    Raises:
        StatementLineNotFound: There is none for this user.
    """
    rows = StatementLine.objects.exclude(strange="").select_related(
        "statement", "named_line__person", "named_line__run", "proposed_line__person", "proposed_line__run", "proposed_by",
        "payment_line__person", "matched_by",
    )  # fmt: skip
    line: StatementLine | None = rows.filter(pk=line_id).first() if policies.sees_province(user, on=on) else None
    if line is None:
        raise StatementLineNotFound
    return line
