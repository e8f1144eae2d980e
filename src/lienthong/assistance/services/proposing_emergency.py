"""Proposing emergency assistance without a dossier, and carrying out what another person approved; handing out rice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.grant_events import RiceHandedOut
from lienthong.assistance.models import EmergencyGrant, Proposal
from lienthong.assistance.queries.emergency import event_words
from lienthong.assistance.services.emergency import (
    Deceased,
    Given,
    GrantEmergency,
    check_receiver,
    decided,
    given_words,
    grant_emergency,
    owed_value,
    reasons_of,
    refuse_given_before,
)
from lienthong.assistance.services.proposing import may_propose, person_of, propose
from lienthong.assistance.services.refusals import AlreadyReceived, AlreadySettled, FactWrong, NotYours, RecordUnknown
from lienthong.assistance.states import (
    Benefit,
    EmergencyGrantKind,
    EmergencyGrantState,
    Programme,
    ProposalKind,
    ProposalState,
)
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.rules.emergency.course import Course
from lienthong.rules.emergency.kinds import EmergencyKind, emergency_as_plain, emergency_from_plain

_SHOWN: Final = 5


def propose_emergency(command: GrantEmergency, *, acting_user: User, now: datetime) -> Proposal:
    """Propose emergency assistance for somebody of the user's commune, with what the rules say of it.

    Đề xuất trợ giúp khẩn cấp.

    Raises:
        NotYours: The user proposes nothing in that commune.
        NotOwed, AlreadyReceived, PayeeWrong, FactWrong: As a grant would be refused now.
    """
    on = local_day(now)
    may_propose(acting_user, command.unit_id, Programme.SOCIAL, on)
    with transaction.atomic():
        person = person_of(command.person_id)
        check_receiver(command, person, on=on)
        given = decided(command, on=on)
        value = owed_value(given)
        refuse_given_before(command, given)
        subject, payload = given.deceased or person, _payload(command)
        _refuse_waiting(subject.pk, payload)
        kind = str(EmergencyGrantKind(command.emergency.kind.value).label).capitalize()
        when = event_words(payload["kind"], date.fromisoformat(payload["happened_on"]))
        words = f"{kind}: {given_words(value.amount, value.rice_kg)}, {when}."
        return propose(
            ProposalKind.EMERGENCY, person_id=subject.pk, unit_id=command.unit_id, programme=Programme.SOCIAL,
            benefit=Benefit.EMERGENCY, payload=payload, reasons=[*reasons_of(given), *_other_grants(subject.pk, given)],
            words=words, acting_user=acting_user, now=now,
        )  # fmt: skip


def carry_out_emergency(proposal: Proposal, number: str, *, acting_user: User, now: datetime) -> EmergencyGrant:
    """Grant what was proposed, in the transaction of whoever approves.

    Raises:
        NotOwed, AlreadyReceived, PayeeWrong, FactWrong: What is proposed is refused by now.
    """
    payload = proposal.payload
    facts = {**payload["facts"], "happened_on": payload["happened_on"]}
    deceased = payload.get("deceased")
    command = GrantEmergency(
        person_id=payload["person_id"],
        unit_id=proposal.unit_id,
        emergency=emergency_from_plain(EmergencyKind(payload["kind"]), facts),
        payee_id=payload["payee_id"],
        payee_ground=payload["payee_ground"],
        deceased=Deceased(**deceased) if deceased else None,
        course=Course(
            listed_on=_day(payload, "listed_on"),
            met_on=_day(payload, "met_on"),
            urgent_reason=payload.get("urgent_reason", ""),
        ),
        decision_number=number,
        prepared_by_id=proposal.prepared_by_id,
        proposal_id=proposal.pk,
        received_on=local_day(proposal.prepared_at),
    )
    return grant_emergency(command, acting_user=acting_user, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutRice:
    """Ghi đã phát gạo cho các hộ trong danh sách."""

    grant_ids: Sequence[int]
    handed_out_on: date


def hand_out_rice(command: HandOutRice, *, acting_user: User, now: datetime) -> list[EmergencyGrant]:
    """Note that rice was handed out: all of the list, or nothing.

    Phát gạo hỗ trợ.

    Raises:
        RecordUnknown: Nothing was chosen, or something that is not there.
        NotYours: One of them belongs to a commune in which the user records nothing.
        FactWrong: One of them is no rice, or the day lies before the decision or in the future.
        AlreadySettled: One of them was handed out before.
    """
    on = local_day(now)
    with transaction.atomic():
        rows = EmergencyGrant.objects.select_for_update(of=("self",)).select_related("person")
        grants = list(rows.filter(pk__in=list(command.grant_ids)).order_by("pk"))
        if not grants or len(grants) != len(set(command.grant_ids)):
            raise RecordUnknown(_("Chưa chọn hộ nào, hoặc có dòng không còn trong danh sách. Hãy mở lại trang."))
        for grant in grants:
            _check_hand_out(grant, command.handed_out_on, acting_user, on)
        for grant in grants:
            grant.state, grant.handed_out_on = EmergencyGrantState.HANDED_OUT, command.handed_out_on
            grant.handed_out_by = acting_user
            grant.save(update_fields=["state", "handed_out_on", "handed_out_by"])
            fact = RiceHandedOut(
                grant_id=grant.pk, person_id=grant.person_id, rice_kg=grant.rice_kg,
                handed_out_on=command.handed_out_on,
            )  # fmt: skip
            record(fact, stream=grant.stream, actor_id=acting_user.pk, at=now)
    return grants


def _check_hand_out(grant: EmergencyGrant, day: date, user: User, on: date) -> None:
    if not policies.runs_commune(user, grant.unit_id, on=on):
        raise NotYours(_("Chỉ cán bộ phụ trách của xã ghi đã phát gạo được. Hãy chuyển cho nơi phụ trách."))
    name = {"name": grant.person.full_name}
    if grant.kind != EmergencyGrantKind.RICE:
        raise FactWrong(_("%(name)s: khoản này trả bằng tiền, không phát gạo.") % name)
    if grant.state == EmergencyGrantState.REVOKED:
        raise AlreadySettled(_("%(name)s: quyết định hỗ trợ gạo đã được thu hồi. Hãy mở lại trang để xem.") % name)
    if grant.state == EmergencyGrantState.HANDED_OUT:
        raise AlreadySettled(_("%(name)s: gạo đã được ghi là đã phát. Hãy mở lại trang để xem.") % name)
    if not local_day(grant.granted_at) <= day <= on:
        raise FactWrong(_("%(name)s: ngày phát phải từ ngày quyết định đến hôm nay. Hãy sửa lại ngày.") % name)


def _payload(command: GrantEmergency) -> dict[str, Any]:
    happened_on, course = command.emergency.happened_on, command.course
    return {
        "kind": command.emergency.kind.value,
        "facts": emergency_as_plain(command.emergency.facts),
        "happened_on": happened_on.isoformat() if happened_on else None,
        "payee_id": command.payee_id or command.person_id,
        "payee_ground": str(command.payee_ground),
        "deceased": asdict(command.deceased) if command.deceased else None,
        "person_id": command.person_id,
        "listed_on": course.listed_on.isoformat() if course.listed_on else None,
        "met_on": course.met_on.isoformat() if course.met_on else None,
        "urgent_reason": course.urgent_reason,
    }


def _refuse_waiting(person_id: int, payload: Mapping[str, Any]) -> None:
    """Refuse what waits for a decision already."""
    same = {name: payload[name] for name in ("kind", "happened_on", "deceased")}  # a death has one day
    waiting = Proposal.objects.filter(
        kind=ProposalKind.EMERGENCY, state=ProposalState.PENDING, person=person_id,
        payload__contains={name: value for name, value in same.items() if value is not None},
    )  # fmt: skip
    if waiting.exists():
        raise AlreadyReceived(_("Đã có một đề xuất như vậy đang chờ duyệt. Hãy duyệt hoặc rút đề xuất đó trước."))


def _other_grants(person_id: int, given: Given) -> list[str]:
    """Tell whoever decides what the same person or household was given before, whatever for."""
    same = Q(person=person_id) | (Q(household=given.household) if given.household else Q(pk=0))
    rows = EmergencyGrant.objects.filter(same, withdrawn_at=None).order_by("-happened_on", "-pk")[:_SHOWN]
    return [
        f"Đã được {row.get_kind_display()} {given_words(row.amount, row.rice_kg)} {event_words(row.kind, row.happened_on)} "
        f"({row.decision_number or row.dossier_code or 'chưa ghi số quyết định'})."
        for row in rows
    ]


def _day(payload: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(payload[name]) if payload.get(name) else None
