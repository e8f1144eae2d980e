"""Questions about money that was paid beyond what is owed: the list, one of them, and what waits of a benefit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from lienthong.infra.missing import NotFound
from lienthong.payments import policies
from lienthong.payments.models import Overpayment
from lienthong.payments.states import OverpaymentState
from lienthong.units import queries as units


class OverpaymentNotFound(NotFound):
    """There is no such overpayment, or none that this user may see."""


def overpayments(
    user: Any, *, on: date, state: str = OverpaymentState.OPEN, commune: str = "", source: str = ""
) -> QuerySet[Overpayment]:
    """Return overpayments of the people who live in the user's communes, oldest first. Khoản chi thừa.

    Args:
        user: Whose communes.
        on: The day.
        state: How far they are; empty for all.
        commune: Code of one commune; empty for all.
        source: Code of one programme; empty for all.
    """
    rows = Overpayment.objects.filter(policies.visible_to(user, on=on, path="person__unit"))
    if commune:
        rows = rows.filter(units.of_code("person__unit", commune, on=on))
    for name, value in (("state", state), ("source", source)):
        if value:
            rows = rows.filter(**{name: value})
    return rows.select_related("person__unit", "run", "proposed_by", "settled_by").order_by("found_at", "pk")


def state_counts(user: Any, *, on: date, commune: str = "", source: str = "") -> dict[str, int]:
    """Return how many are in each state."""
    rows = overpayments(user, on=on, state="", commune=commune, source=source).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def get_overpayment(overpayment_id: int, user: Any, *, on: date) -> Overpayment:
    """Load an overpayment.

    Raises:
        OverpaymentNotFound: There is none that this user may see.
    """
    row = overpayments(user, on=on, state="").filter(pk=overpayment_id).first()
    if row is None:
        raise OverpaymentNotFound(overpayment_id)
    return row


def months_of(overpayment_ids: Iterable[int]) -> list[date]:
    """Return the months of which overpayments are, the earliest first; whoever calls has asked."""
    rows = Overpayment.objects.filter(pk__in=list(overpayment_ids))
    return list(rows.order_by("for_month").values_list("for_month", flat=True))


def unsettled_of_benefit(source: str, person_id: int, benefit: str) -> QuerySet[Overpayment]:
    """Return what is still open of one benefit of a person, the earliest month first; whoever calls has asked."""
    rows = Overpayment.objects.filter(source=source, person=person_id, benefit=benefit, state=OverpaymentState.OPEN)
    return rows.order_by("for_month", "pk")


def open_of_benefit(source: str, person_id: int, benefit: str) -> QuerySet[Overpayment]:
    """Return what a decision may keep back: what is unsettled, and of which nobody says that it came back as money."""
    return unsettled_of_benefit(source, person_id, benefit).filter(proposed_by=None)
