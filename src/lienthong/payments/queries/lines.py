"""Questions about lines: of a run, of a commune, and what waits to be put right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from lienthong.infra.missing import NotFound
from lienthong.kernel.text import fold
from lienthong.payments import policies
from lienthong.payments.models import PaymentLine
from lienthong.payments.states import LineState

ARRIVED_NOT = (LineState.FAILED, LineState.RETURNED, LineState.UNCOLLECTED)


class LineNotFound(NotFound):
    """There is no such line, or none that this user may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """What a list of lines shows; empty means all. ``text`` is part of a name, or a whole number of a person or account."""

    state: str = ""
    source: str = ""
    benefit: str = ""
    channel: str = ""
    ground: str = ""
    unit_id: int | None = None
    text: str = ""


def lines_of_run(run_id: int, user: Any, asked: LineFilter, *, on: date) -> QuerySet[PaymentLine]:
    """Return the lines of a run that the user may see, in the order of their numbers. Danh sách chi trả."""
    return _shown(user, on=on).filter(_asked(asked), run_id=run_id).order_by("number")


def get_line(line_id: int, user: Any, *, on: date) -> PaymentLine:
    """Return a line with its run, people, commune and account.

    Raises:
        LineNotFound: There is none, or none for this user.
    """
    line = _shown(user, on=on, with_basis=True).filter(pk=line_id).first()
    if line is None:
        raise LineNotFound(line_id)
    return line


def held_lines(user: Any, asked: LineFilter, *, on: date) -> QuerySet[PaymentLine]:
    """Return what is held back until an account is right, oldest first. Khoản tạm giữ."""
    return _waiting(user, asked, (LineState.HELD,), on=on)


def failed_lines(user: Any, asked: LineFilter, *, on: date) -> QuerySet[PaymentLine]:
    """Return what did not arrive and no run has paid again, oldest first. Khoản chưa nhận."""
    return _waiting(user, asked, ARRIVED_NOT, on=on)


def _waiting(user: Any, asked: LineFilter, states: tuple[LineState, ...], *, on: date) -> QuerySet[PaymentLine]:
    lines = _shown(user, on=on).filter(_asked(asked), resumed_by=None, state__in=states, owed__gt=0)
    return lines.order_by("for_month", "unit__sort_key", "person__sort_key", "pk")


def _shown(user: Any, *, on: date, with_basis: bool = False) -> QuerySet[PaymentLine]:
    lines = PaymentLine.objects.select_related("run", "person", "payee", "unit").filter(
        policies.visible_to(user, on=on)
    )
    return lines.select_related("account") if with_basis else lines.defer("basis")


def _asked(asked: LineFilter) -> Q:
    wanted = Q()
    for name in ("state", "source", "benefit", "channel", "ground"):
        if value := getattr(asked, name):
            wanted &= Q(**{name: value})
    if asked.unit_id is not None:
        wanted &= Q(unit_id=asked.unit_id)
    if text := asked.text.strip():
        if text.isdecimal():
            wanted &= Q(person__personal_id_number=text) | Q(account_number=text)
        else:
            key = fold(text)
            wanted &= Q(person__name_key__contains=key) | Q(payee__name_key__contains=key)
    return wanted
