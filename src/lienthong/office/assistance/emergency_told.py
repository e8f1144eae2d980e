"""Emergency grants in words, as the list, the page of a grant and the page of a person show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst

from lienthong.assistance.queries.emergency import offered_kinds
from lienthong.assistance.queries.paid_once import given_words, key_of, lines_of
from lienthong.assistance.queries.top_ups import may_be_raised, once_key
from lienthong.assistance.states import EmergencyGrantKind, EmergencyGrantState, EmergencyPayee
from lienthong.infra.http import HouseRequest
from lienthong.kernel.days import format_day, local_day
from lienthong.office.assistance.paid_once_told import acts_of_once, state_of


@dataclass(frozen=True, slots=True)
class GrantRow:
    """What the list shows of one grant."""

    id: int
    url: str
    name: str
    number: str
    place: str
    kind: str
    cause: str
    happened_on: str
    given: str
    receiver: str
    decision: str
    decided_on: str
    state: str
    tone: str
    may_hand_out: bool
    acts: list[tuple[str, str]]


def entries_of(person: Any) -> list[tuple[str, str]]:
    """Return the forms that may be filled for somebody, each with its label."""
    return [
        (capfirst(str(EmergencyGrantKind(kind).label)), reverse("office:assistance_emergency_new", args=[person.pk, kind]))
        for kind in offered_kinds(person)
    ]  # fmt: skip


def rows_of(found: Sequence[Any], runs: Collection[int] = (), *, request: HouseRequest | None = None) -> list[GrantRow]:
    """Turn grants into rows, each with how far its money or rice is; for a request with what may be proposed."""
    lines, raised = lines_of(found), may_be_raised(found) if request else set()
    return [
        _row(one, lines.get(key_of(one)), one.unit_id in runs, request, is_raised=once_key(one) in raised)
        for one in found
    ]


def _row(one: Any, line: Any, may_hand_out: bool, request: HouseRequest | None, *, is_raised: bool) -> GrantRow:
    state, tone = state_of(one, line)
    ground = EmergencyPayee(one.payee_ground).label
    return GrantRow(
        id=one.pk,
        url=reverse("office:assistance_emergency", args=[one.pk]),
        name=one.person.full_name,
        number=one.person.personal_id_number,
        place=one.unit.name,
        kind=capfirst(str(one.get_kind_display())),
        cause=one.cause_words,
        happened_on=format_day(one.happened_on),
        given=given_words(one),
        receiver=f"{one.payee.full_name} ({ground})" if one.payee_id != one.person_id else "",
        decision=one.decision_number or one.dossier_code,
        decided_on=format_day(local_day(one.granted_at)),
        state=state,
        tone=tone,
        may_hand_out=may_hand_out and one.kind == EmergencyGrantKind.RICE and one.state == EmergencyGrantState.GRANTED,
        acts=acts_of_once(one, request, line, is_raised=is_raised) if request else [],
    )
