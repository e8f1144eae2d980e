"""Records that may be one person, inside a register or between two."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from lienthong.infra.missing import NotFound
from lienthong.verification import policies
from lienthong.verification.models import DuplicatePair, RegisterEntry
from lienthong.verification.states import PairState

WITHIN, BETWEEN = "within", "between"


class NoSuchPair(NotFound):
    """There is no such pair, or none that this user may see."""


def visible_pairs(user: Any, *, on: date) -> QuerySet[DuplicatePair]:
    """Return the pairs of which the user may see both records, the most certain first.

    A commune sees pairs inside the commune; those between two communes are the province's.
    """
    both = policies.visible_to(user, on=on, path="entry__commune") & policies.visible_to(
        user, on=on, path="other__commune"
    )
    pairs = DuplicatePair.objects.filter(both).select_related(
        "entry__register", "other__register", "entry__commune", "other__commune", "decided_by"
    )
    return pairs.order_by("-probability", "id")


def narrowed(
    pairs: QuerySet[DuplicatePair], *, state: str = "", where: str = "", register_id: int | None = None
) -> QuerySet[DuplicatePair]:
    """Return only the pairs in a state, inside one register or between two, or of one register."""
    if state in PairState.values:
        pairs = pairs.filter(state=state)
    if where == WITHIN:
        pairs = pairs.filter(entry__register=F("other__register"))
    elif where == BETWEEN:
        pairs = pairs.exclude(entry__register=F("other__register"))
    if register_id is not None:
        pairs = pairs.filter(Q(entry__register=register_id) | Q(other__register=register_id))
    return pairs


def get_pair(user: Any, pair_id: int, *, on: date) -> DuplicatePair:
    """Return a pair that the user may see.

    Raises:
        NoSuchPair: There is none for them.
    """
    pair = visible_pairs(user, on=on).filter(pk=pair_id).first()
    if pair is None:
        raise NoSuchPair
    return pair


def next_open_pair(user: Any, after: DuplicatePair, *, on: date) -> DuplicatePair | None:
    """Return the open pair that follows another in the work list; the first where none follows."""
    waiting = visible_pairs(user, on=on).filter(state=PairState.OPEN).exclude(pk=after.pk)
    later = Q(probability__lt=after.probability) | Q(probability=after.probability, pk__gt=after.pk)
    return waiting.filter(later).first() or waiting.first()


def entries_to_compare() -> QuerySet[RegisterEntry]:
    """Return the current entries of every register, by id."""
    return RegisterEntry.objects.filter(is_current=True).order_by("id")
