"""What was decided once in words: what, how far it is, and what may be proposed of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.assistance.queries.paid_once import given_words, ground_words, key_of, lines_of, may_propose_of
from lienthong.assistance.queries.top_ups import may_be_raised, once_key
from lienthong.assistance.states import EmergencyGrantState, OnceKind
from lienthong.infra.http import HouseRequest
from lienthong.kernel.days import format_day
from lienthong.kernel.money import format_dong
from lienthong.office.assistance.money import LINE_TONES
from lienthong.payments.states import LineState


@dataclass(frozen=True, slots=True)
class OnceTold:
    """One decision in words: what, how it stands and why, and what may be proposed."""

    words: str
    state: str
    tone: str
    because: str
    acts: list[tuple[str, str]]


def acts_of_once(one: Any, request: HouseRequest, line: Any, *, is_raised: bool = False) -> list[tuple[str, str]]:
    """Return what the user may propose for a decision, each with its address: nothing once it is settled or elsewhere.

    Args:
        one: The decision.
        request: Who asks.
        line: The payment line that pays it; None while there is none.
        is_raised: Whether a new law gives more.
    """
    if not may_propose_of(one, as_=request.user, on=request.today):
        return []
    where = [str(one.what.value), one.pk]
    acts = [(_("Thu hồi quyết định"), reverse("office:assistance_once_revoke", args=where))]
    if is_raised:
        acts.insert(0, (_("Bổ sung chênh lệch"), reverse("office:assistance_once_top_up", args=where)))
    if line is None or not line.is_live:
        acts.append((_("Thay người nhận"), reverse("office:assistance_once_payee", args=where)))
    return acts


def told_once(found: Sequence[Any], request: HouseRequest) -> list[OnceTold]:
    """Say what was decided because of a death and what was added since, each with how far its money is."""
    lines, raised = lines_of(found), may_be_raised(found)
    return [_told(one, lines.get(key_of(one)), request, is_raised=once_key(one) in raised) for one in found]


def _told(one: Any, line: Any, request: HouseRequest, *, is_raised: bool) -> OnceTold:
    state, tone = state_of(one, line)
    because = one.withdrawn_because or (line.why if line is not None else "")
    return OnceTold(_words(one), state, tone, because, acts_of_once(one, request, line, is_raised=is_raised))


def _words(one: Any) -> str:
    if one.what == OnceKind.TOP_UP:
        return _("Bổ sung chênh lệch %(given)s cho %(payee)s, %(ground)s: thêm vào %(before)s của %(of)s") % {
            **once_words(one), "before": format_dong(one.before), "of": one.grant.what.label,
        }  # fmt: skip
    return _("%(what)s: %(given)s cho %(payee)s, %(ground)s; chết ngày %(day)s") % {
        **once_words(one), "what": capfirst(str(one.what.label)), "day": format_day(one.died_on),
    }  # fmt: skip


def state_of(one: Any, line: Any) -> tuple[str, str]:
    """Say how far what was decided once is, and its tone: taken back, rice handed out, money in a run."""
    if one.withdrawn_at is not None:
        return str(EmergencyGrantState.REVOKED.label), "ended"
    if not one.amount:
        if one.state == EmergencyGrantState.HANDED_OUT:
            return _("đã phát ngày %(day)s") % {"day": format_day(one.handed_out_on)}, "done"
        return _("chờ phát gạo"), "wait"
    if line is None:
        return _("chờ kỳ chi trả"), "wait"
    return str(LineState(line.state).label), LINE_TONES[LineState(line.state)]


def once_words(one: Any) -> dict[str, str]:
    """Return the words in which a decision is named."""
    return {
        "what": str(one.what.label), "given": given_words(one), "ground": ground_words(one),
        "payee": one.receiver or _("chưa ghi người nhận"),
    }  # fmt: skip
