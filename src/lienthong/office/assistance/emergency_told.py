"""Emergency grants in words, as the list, the page of a grant and the page of a person show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.assistance.queries import emergency as queries
from lienthong.assistance.states import EmergencyGrantKind, EmergencyGrantState, EmergencyPayee
from lienthong.kernel.days import format_day, local_day
from lienthong.kernel.money import format_dong
from lienthong.office.assistance.money import LINE_TONES
from lienthong.payments.states import LineState


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


def offered_kinds(person: Any) -> list[str]:
    """Return what may be entered for somebody: of the dead the burial, of the living everything."""
    kinds = [EmergencyGrantKind.DEATH] if person.died_on is not None else list(EmergencyGrantKind)
    return [one.value for one in kinds]


def entries_of(person: Any) -> list[tuple[str, str]]:
    """Return the forms that may be filled for somebody, each with its label."""
    return [
        (capfirst(str(EmergencyGrantKind(kind).label)), reverse("office:assistance_emergency_new", args=[person.pk, kind]))
        for kind in offered_kinds(person)
    ]  # fmt: skip


def rows_of(found: Sequence[Any], runs: Collection[int] = ()) -> list[GrantRow]:
    """Turn grants into rows, each with how far its money or rice is."""
    lines = queries.lines_of(found)
    return [_row(one, lines.get(one.pk), one.unit_id in runs) for one in found]


def _row(one: Any, line: Any, may_hand_out: bool) -> GrantRow:
    state, tone = _state(one, line)
    ground = EmergencyPayee(one.payee_ground).label
    return GrantRow(
        id=one.pk,
        url=reverse("office:assistance_emergency", args=[one.pk]),
        name=one.person.full_name,
        number=one.person.personal_id_number,
        place=one.unit.name,
        kind=capfirst(str(one.get_kind_display())),
        cause=str(one.get_cause_display()),
        happened_on=format_day(one.happened_on),
        given=_("%(n)s kg gạo") % {"n": one.rice_kg} if one.rice_kg else format_dong(one.amount),
        receiver=f"{one.payee.full_name} ({ground})" if one.payee_id != one.person_id else "",
        decision=one.decision_number or one.dossier_code,
        decided_on=format_day(local_day(one.granted_at)),
        state=state,
        tone=tone,
        may_hand_out=may_hand_out and one.kind == EmergencyGrantKind.RICE and one.state == EmergencyGrantState.GRANTED,
    )


def _state(one: Any, line: Any) -> tuple[str, str]:
    if one.kind == EmergencyGrantKind.RICE:
        if one.state == EmergencyGrantState.HANDED_OUT:
            return _("đã phát ngày %(day)s") % {"day": format_day(one.handed_out_on)}, "done"
        return _("chờ phát gạo"), "wait"
    if line is None:
        return _("chờ kỳ chi trả"), "wait"
    return str(LineState(line.state).label), LINE_TONES[LineState(line.state)]
