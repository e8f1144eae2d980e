"""What a new law adds to decisions that are paid once: from which row of which change, and by how much."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Q

from lienthong.assistance.models import (
    REFERENCES,
    Entitlement,
    LawChange,
    LawChangeRow,
    Proposal,
    TopUp,
    of,
)
from lienthong.assistance.queries.once_by_law import OnceDue, due_by_law
from lienthong.assistance.states import Benefit, LawChangeState, OnceKind, ProposalKind, ProposalState
from lienthong.rules.parameters import NoValueInForce

DECIDED: Final = (LawChangeState.APPLYING, LawChangeState.APPLIED)
"""Of a change that somebody approved, what was paid once is looked at; of others not yet."""


def row_of_grant(grant: Any) -> LawChangeRow | None:
    """Return the newest row of an approved change that speaks of a decision; None where none does."""
    rows = LawChangeRow.objects.filter(**of(grant), change__state__in=DECIDED)
    return rows.select_related("change").order_by("-change__prepared_at", "-pk").first()


def due_of_row(row: LawChangeRow) -> OnceDue:
    """Return what the decision of a row comes to by the law of its change, with what is recorded now.

    Raises:
        NoValueInForce: Nothing is recorded for the day of the event.
    """
    return due_by_law(row.grant, known_on=row.change.known_on)


def raise_of(grant: Any) -> tuple[LawChangeRow, OnceDue] | None:
    """Return by which row a decision comes to more now, and to how much; None where it does not, or nobody knows."""
    row = None if isinstance(grant, TopUp) else row_of_grant(grant)
    if row is None:
        return None
    try:
        due = due_of_row(row)
    except NoValueInForce:
        return None
    return (row, due) if due.new is not None and due.new > due.old else None


def is_raised(row: Entitlement) -> bool:
    """Tell whether an approved change lists more than is recorded now for what somebody with merit was paid once."""
    if row.benefit != Benefit.ONE_OFF:
        return False
    listed = LawChangeRow.objects.filter(entitlement=row, change__state__in=DECIDED)
    newest = listed.order_by("-change__prepared_at", "-pk").first()
    if newest is None or newest.new is None:
        return False
    rates = row.rates.filter(superseded_at=None, first_month=row.first_month)
    return newest.new > sum(rate.amount for rate in rates)


def law_in_words(change: LawChange) -> str:
    """Say which law is applied from which month, and by which decision."""
    references = dict.fromkeys(value["reference"].partition(",")[0] for value in change.values)
    told = f"Áp dụng mức mới từ tháng {change.from_month:%m/%Y}: {', '.join(references)}"
    return f"{told} ({change.decision_number})" if change.decision_number else told


def may_be_raised(grants: Iterable[Any]) -> set[tuple[str, int]]:
    """Return kind and id of those decisions that come to more now by an approved change, as ``raise_of`` reckons each.

    Of a page or of one person: each that a change speaks of is reckoned by itself, others cost one query in all.
    """
    standing = [one for one in grants if not isinstance(one, TopUp) and one.withdrawn_at is None and one.amount]
    listed = Q(pk__in=[])
    for what, column in REFERENCES.items():
        listed |= Q(**{f"{column}__in": [one.pk for one in standing if one.what == what]})
    rows = LawChangeRow.objects.filter(listed, change__state__in=DECIDED).order_by("pk")
    named = {
        (str(what), pk)
        for told in rows.values_list(*REFERENCES.values())
        for what, pk in zip(REFERENCES, told, strict=True)
        if pk is not None
    }
    return {once_key(one) for one in standing if once_key(one) in named and raise_of(one) is not None}


def raised_of(person_id: int, benefit: str) -> list[tuple[str, int]]:
    """Return kind and id of what was decided about somebody and an approved change raises, where nobody has proposed it yet."""
    rows = LawChangeRow.objects.filter(person=person_id, benefit=benefit, entitlement=None, change__state__in=DECIDED)
    proposed = Proposal.objects.filter(kind=ProposalKind.TOP_UP, state=ProposalState.PENDING, person=person_id)
    waiting = {(one["what"], one["grant_id"]) for one in proposed.order_by("pk").values_list("payload", flat=True)}
    return sorted(may_be_raised(row.grant for row in rows.order_by("pk")) - waiting)


def once_key(grant: Any) -> tuple[str, int]:
    """Return kind and id of a decision."""
    return str(grant.what), grant.pk


def topped_up(rows: Iterable[LawChangeRow]) -> dict[int, list[TopUp]]:
    """Return what was added by each row and stands."""
    found: dict[int, list[TopUp]] = {}
    for one in TopUp.objects.filter(law_row__in=[row.pk for row in rows], withdrawn_at=None).order_by("pk"):
        found.setdefault(one.law_row_id, []).append(one)
    return found


def is_of_grant(kind: str) -> bool:
    """Tell whether something can be added to decisions of a kind: to what was added itself it cannot."""
    return kind in {str(one) for one in REFERENCES} and kind in set(OnceKind)
