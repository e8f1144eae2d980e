"""Complaints about money: lists of a user's communes, one complaint, what a person has raised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from lienthong.infra.missing import NotFound
from lienthong.payments import policies
from lienthong.payments.models import PaymentComplaint, PaymentLine
from lienthong.payments.states import ComplaintState
from lienthong.units import queries as units

LINES_OFFERED = 24


class ComplaintNotFound(NotFound):
    """There is no such complaint, or none that this user may see."""


@dataclass(frozen=True, slots=True)
class ComplaintFilter:
    """Which complaints a list shows. ``state`` is a state or "all"."""

    commune: str = ""
    source: str = ""
    state: str = ComplaintState.OPEN.value


def filtered_complaints(user: Any, asked: ComplaintFilter, *, on: date) -> QuerySet[PaymentComplaint]:
    """Return the complaints that a list names, oldest first."""
    rows = _narrowed(user, asked, on=on)
    if asked.state in ComplaintState.values:
        rows = rows.filter(state=asked.state)
    return rows.select_related("person", "unit", "line__run", "made_by").order_by("made_at", "pk")


def complaint_counts(user: Any, asked: ComplaintFilter, *, on: date) -> dict[str, int]:
    """Return how many complaints of a list are in each state."""
    rows = _narrowed(user, asked, on=on).order_by().values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(ComplaintState.values, 0) | dict(rows)


def complaints_to_answer(user: Any, *, on: date) -> int:
    """Return how many complaints that this user may see wait for an answer."""
    return PaymentComplaint.objects.filter(policies.visible_to(user, on=on), state=ComplaintState.OPEN).count()


def _narrowed(user: Any, asked: ComplaintFilter, *, on: date) -> QuerySet[PaymentComplaint]:
    rows = PaymentComplaint.objects.filter(policies.visible_to(user, on=on))
    if asked.commune:
        rows = rows.filter(units.of_code("unit", asked.commune, on=on))
    if asked.source:
        rows = rows.filter(line__source=asked.source)
    return rows


def get_complaint(complaint_id: int, *, user: Any, on: date) -> PaymentComplaint:
    """Load a complaint that the user may see: of their communes, or their own.

    Raises:
        ComplaintNotFound: There is none for this user.
    """
    seen = policies.visible_to(user, on=on)
    if user.person_id is not None:
        seen = seen | Q(person=user.person_id) if seen else seen
    rows = PaymentComplaint.objects.filter(seen).select_related("person", "unit", "line__run", "made_by", "answered_by")
    complaint: PaymentComplaint | None = rows.filter(pk=complaint_id).first()
    if complaint is None:
        raise ComplaintNotFound
    return complaint


def complaints_of(person_id: int) -> list[PaymentComplaint]:
    """Return what a person has raised, newest first: the citizen's own page, and the officer's beside their payments."""
    rows = PaymentComplaint.objects.filter(person=person_id).select_related("line__run")
    return list(rows.order_by("-made_at", "-pk"))


def lines_to_complain_about(person_id: int) -> list[PaymentLine]:
    """Return the newest payments of a person, or to them for somebody else, to choose from."""
    lines = PaymentLine.objects.filter(Q(person=person_id) | Q(payee=person_id)).select_related("run")
    return list(lines.order_by("-for_month", "-pk")[:LINES_OFFERED])
