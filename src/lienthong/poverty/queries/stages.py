"""What is still missing before a commune may go on to the next stage: the same answer for the screen and for the verb."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lienthong.poverty.models import CommuneReview, VisitFlag
from lienthong.poverty.states import CommuneState, VisitState


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps a commune where it is. ``households``: how many it concerns; ``asked``: the filter that lists them."""

    words: str
    households: int = 0
    asked: dict[str, str] = field(default_factory=dict)


Move = tuple[CommuneState, CommuneState]
Guard = Callable[[CommuneReview, str], Iterable[Missing]]
_GUARDS: dict[Move, list[Guard]] = {}


def guards(origin: CommuneState, target: CommuneState) -> Callable[[Guard], Guard]:
    """Make a function one of those that are asked before a move. It gets the commune's review and the reason given."""

    def register(guard: Guard) -> Guard:
        known = _GUARDS.setdefault((origin, target), [])
        if guard not in known:
            known.append(guard)
        return guard

    return register


def missing_for(review: CommuneReview, to: CommuneState, *, reason: str = "") -> list[Missing]:
    """Return everything that is missing before a commune may move, all at once; empty when nothing is.

    Args:
        review: The commune's part of the round.
        to: Where it would go.
        reason: What would be given as the reason.
    """
    asked = _GUARDS.get((CommuneState(review.state), to), ())
    return [missing for guard in asked for missing in guard(review, reason)]


@guards(CommuneState.LISTING, CommuneState.VISITING)
def _list_has_somebody(review: CommuneReview, reason: str) -> Iterable[Missing]:
    if not reason and not review.households.exists():
        yield Missing(_("Danh sách chưa có hộ nào. Hãy lập danh sách, hoặc xác nhận xã không có hộ nào cần rà soát."))


@guards(CommuneState.VISITING, CommuneState.MEETING)
def _everybody_was_visited(review: CommuneReview, reason: str) -> Iterable[Missing]:
    waiting = {
        VisitState.TO_VISIT: _("Còn %(n)s hộ chưa khảo sát."),
        VisitState.REVISIT: _("Còn %(n)s hộ phải khảo sát lại."),
    }
    for state, words in waiting.items():
        if households := review.households.filter(visit_state=state).count():
            yield Missing(words % {"n": households}, households, {"visit": state.value})


@guards(CommuneState.VISITING, CommuneState.MEETING)
def _every_flag_was_looked_at(review: CommuneReview, reason: str) -> Iterable[Missing]:
    if households := open_flags(review).values("visit__review").distinct().count():
        words = _("Còn %(n)s hộ có dấu hiệu cần kiểm tra mà chưa ai xem.")
        yield Missing(words % {"n": households}, households, {"flagged": "yes"})


OPEN_FLAG = Q(cleared_at=None, visit__is_current=True)


def open_flags(review: CommuneReview) -> QuerySet[VisitFlag]:
    """Return the flags of a commune that nobody has looked at, of visits that count."""
    return VisitFlag.objects.filter(OPEN_FLAG, visit__review__commune_review=review)
