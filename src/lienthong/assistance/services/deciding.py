"""Deciding what was proposed: approve, refuse, withdraw. Whoever proposed does not decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.events import (
    AssistanceProposalApproved,
    AssistanceProposalRefused,
    AssistanceProposalWithdrawn,
)
from lienthong.assistance.models import Entitlement, Proposal, TopUp
from lienthong.assistance.papers import SheetLine, SheetMonths
from lienthong.assistance.queries.decision_words import once_told
from lienthong.assistance.queries.paid_once import RECORDS
from lienthong.assistance.services import changing, reinstating
from lienthong.assistance.services.certificates import RecordCertificate, record_certificate
from lienthong.assistance.services.deaths import TellDeath, tell_death
from lienthong.assistance.services.decision_sheets import Decided, keep_sheet
from lienthong.assistance.services.granting import Grant, grant
from lienthong.assistance.services.merit import RecogniseClaim, recognise_claim
from lienthong.assistance.services.once_differing import settle_once_differing
from lienthong.assistance.services.paid_once import NamePayee, name_payee, revoke_once
from lienthong.assistance.services.proposing_emergency import carry_out_emergency
from lienthong.assistance.services.proposing_paid_once import decision_named
from lienthong.assistance.services.recovering import StartRecovery, start_recovery
from lienthong.assistance.services.refusals import (
    AlreadySettled,
    DecidesOwnProposal,
    NotYours,
    RecordUnknown,
    reason_given,
)
from lienthong.assistance.services.top_ups import grant_top_up
from lienthong.assistance.states import LIVE_STATES, Benefit, EmergencyGrantKind, OnceKind, ProposalKind, ProposalState
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.kernel.money import format_dong
from lienthong.rules.disability import DisabilityKind, DisabilityLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideProposal:
    """Lệnh duyệt hoặc không duyệt một đề xuất."""

    proposal_id: int
    decision_number: str = ""
    note: str = ""


def approve_proposal(command: DecideProposal, *, acting_user: User, now: datetime) -> Proposal:
    """Approve a proposal and carry it out in the same transaction.

    Duyệt đề xuất.

    Raises:
        RecordUnknown: There is none.
        AlreadySettled: It was decided or withdrawn.
        NotYours: The user does not decide there.
        DecidesOwnProposal: The user proposed it.
        AssistanceRefusal: What the proposal does is refused by now; its sentence says why.
    """
    with transaction.atomic():
        proposal = _to_decide(command.proposal_id, acting_user, now)
        number = command.decision_number.strip()[:60]
        carry_out(proposal, number, acting_user=acting_user, now=now)
        _settle(proposal, ProposalState.APPROVED, command.note, acting_user, now, number=number)
        fact = AssistanceProposalApproved(proposal_id=proposal.pk, kind=proposal.kind, decision_number=number)
        record(fact, stream=proposal.stream, actor_id=acting_user.pk, at=now)
        _tell(proposal, is_granted=True, acting_user=acting_user, now=now)
    return proposal


def carry_out(proposal: Proposal, number: str, *, acting_user: User, now: datetime) -> None:
    """Do what a proposal says, inside the transaction of whoever decides, or of whoever looks what it would do.

    Raises:
        AssistanceRefusal: What the proposal does is refused by now; its sentence says why.
    """
    _CARRY_OUT[ProposalKind(proposal.kind)](proposal, number, acting_user, now)


def refuse_proposal(command: DecideProposal, *, acting_user: User, now: datetime) -> Proposal:
    """Refuse a proposal, with a reason.

    Không duyệt đề xuất.

    Raises:
        RecordUnknown, AlreadySettled, NotYours, DecidesOwnProposal: As for an approval.
        ReasonMissing: No reason is given.
    """
    reason = reason_given(command.note)
    with transaction.atomic():
        proposal = _to_decide(command.proposal_id, acting_user, now)
        _settle(proposal, ProposalState.REFUSED, reason, acting_user, now)
        fact = AssistanceProposalRefused(proposal_id=proposal.pk, kind=proposal.kind, reason=reason)
        record(fact, stream=proposal.stream, actor_id=acting_user.pk, at=now)
        _tell(proposal, is_granted=False, acting_user=acting_user, now=now)
    return proposal


def withdraw_proposal(proposal_id: int, *, reason: str = "", acting_user: User, now: datetime) -> Proposal:
    """Take a proposal back; only whoever made it can.

    Rút đề xuất.

    Raises:
        RecordUnknown: There is none.
        AlreadySettled: It was decided or withdrawn.
        NotYours: Somebody else made it.
    """
    with transaction.atomic():
        proposal = _locked(proposal_id)
        if proposal.prepared_by_id != acting_user.pk:
            raise NotYours(_("Chỉ người lập đề xuất mới rút được. Người duyệt có thể không duyệt kèm lý do."))
        Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.WITHDRAWN, note=reason[:500])
        fact = AssistanceProposalWithdrawn(proposal_id=proposal.pk, kind=proposal.kind, reason=reason)
        record(fact, stream=proposal.stream, actor_id=acting_user.pk, at=now)
        proposal.state = ProposalState.WITHDRAWN
    return proposal


def _tell(proposal: Proposal, *, is_granted: bool, acting_user: User, now: datetime) -> None:
    """Freeze what the person is told; a certificate that was recorded is a paper of its own."""
    if proposal.kind != ProposalKind.CERTIFICATE:
        keep_sheet(_decided(proposal, is_granted=is_granted), acting_user=acting_user, now=now)


def _decided(proposal: Proposal, *, is_granted: bool) -> Decided:
    """Say what was decided, as its paper tells it; of a death whoever receives is told."""
    deceased = proposal.payload.get("deceased")
    told_id = proposal.payload["payee_id"] if deceased else _whom_to_tell(proposal)
    touched = [proposal.entitlement_id] if proposal.entitlement_id else []
    if proposal.kind in _OF_ALL and is_granted:
        rows = Entitlement.objects.filter(person=proposal.person_id, programme=proposal.programme)
        held = Q(state__in=LIVE_STATES)
        if proposal.kind == ProposalKind.MERIT_CLAIM:  # what is paid once has ended already
            held |= Q(decision_number=proposal.decision_number)
        if proposal.entitlement_id:
            held |= Q(pk=proposal.entitlement_id)
        touched = list(rows.filter(held).order_by("pk").values_list("pk", flat=True))
    return Decided(
        kind=proposal.kind, is_granted=is_granted, person_id=told_id, unit_id=proposal.unit_id,
        about_id=proposal.person_id if told_id != proposal.person_id else None,
        asked=f"{str(EmergencyGrantKind.DEATH.label).capitalize()}: {deceased['name']}" if deceased else "",
        programme=proposal.programme, benefit="" if proposal.kind in _OF_ALL else proposal.benefit,
        payload=proposal.payload, words=proposal.words, reasons=tuple(str(one) for one in proposal.reasons),
        sums=_sums(proposal) if is_granted else (), number=proposal.decision_number, note=proposal.note, prepared_by=proposal.prepared_by.full_name, entitlement_ids=touched, proposal_id=proposal.pk,
    )  # fmt: skip


def _sums(proposal: Proposal) -> tuple[SheetMonths, ...]:
    """Return what a new law adds to what was paid once, as the table of the paper tells it."""
    if proposal.kind != ProposalKind.TOP_UP:
        return ()
    top_up = TopUp.objects.get(proposal=proposal)
    lines = (
        SheetLine(words=line["words"], amount=format_dong(line["amount"]), source=line["reference"])
        for line in top_up.lines
    )
    return (once_told(top_up.benefit, top_up.amount, lines),)


def _whom_to_tell(proposal: Proposal) -> int:
    """Return the person, or of what was decided for a death whoever receives it."""
    if proposal.kind in _OF_ONCE:
        kind, grant_id = decision_named(proposal.payload)
        model: Any = RECORDS[OnceKind(kind)]
        row = model.objects.get(pk=grant_id)
        if row.deceased_id is not None and row.payee_id is not None:
            return int(row.payee_id)
    return proposal.person_id


_OF_ONCE: Final = frozenset({ProposalKind.REVOKE_ONCE, ProposalKind.NAME_PAYEE, ProposalKind.TOP_UP})
"""What is about a decision that is paid once."""
_OF_ALL: Final = frozenset({ProposalKind.ADJUST, ProposalKind.MERIT_CLAIM})
"""What touches everything that somebody receives of a programme."""


def _locked(proposal_id: int) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None:
        raise RecordUnknown(_("Không có đề xuất này. Hãy mở lại trang."))
    if proposal.state != ProposalState.PENDING:
        words = {"state": ProposalState(proposal.state).label}
        raise AlreadySettled(_("Đề xuất này %(state)s, không làm lại được. Hãy mở lại trang để xem.") % words)
    return proposal


def _to_decide(proposal_id: int, user: User, now: datetime) -> Proposal:
    proposal = _locked(proposal_id)
    if not policies.decides(user, proposal.unit_id, on=local_day(now), programme=proposal.programme):
        raise NotYours(_("Chỉ chủ tịch xã (trợ giúp xã hội) hoặc lãnh đạo sở (người có công) duyệt được đề xuất này."))
    if proposal.prepared_by_id == user.pk:
        raise DecidesOwnProposal(_("Bạn đã lập đề xuất này nên không tự duyệt được. Hãy nhờ người khác duyệt."))
    return proposal


def _settle(
    proposal: Proposal, state: ProposalState, note: str, user: User, now: datetime, *, number: str = ""
) -> None:
    proposal.state, proposal.note, proposal.decision_number = state, note[:500], number
    proposal.decided_by, proposal.decided_at = user, now
    proposal.save(update_fields=["state", "note", "decision_number", "decided_by", "decided_at"])


def _grant(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    payload = proposal.payload
    command = Grant(
        person_id=proposal.person_id, programme=proposal.programme, benefit=proposal.benefit, unit_id=payload["unit_id"],
        payee_id=payload["payee_id"], payee_organization_id=payload.get("payee_organization_id"),
        payee_ground=payload["payee_ground"], first_month=_day(payload, "first_month"), decision_number=number,
    )  # fmt: skip
    row = grant(command, acting_user=user, now=now)
    Proposal.objects.filter(pk=proposal.pk).update(entitlement=row)
    proposal.entitlement = row


def _adjust(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    payload = proposal.payload
    changing.adjust(
        proposal.person_id, from_month=_needed(payload, "from_month"), reason=_with(payload["reason"], number),
        acting_user_id=user.pk, now=now,
    )  # fmt: skip
    settle_once_differing(proposal.person_id, Benefit.ONE_OFF, acting_user_id=user.pk, now=now)


def _suspend(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    payload = proposal.payload
    changing.suspend(
        changing.locked(_entitlement(proposal)), first_month=_needed(payload, "first_month"),
        reason=_with(payload["reason"], number), for_refusal=payload["for_refusal"], acting_user_id=user.pk, now=now,
    )  # fmt: skip


def _resume(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    payload = proposal.payload
    changing.resume(
        changing.locked(_entitlement(proposal)), first_month=_needed(payload, "first_month"),
        reason=_with(payload["reason"], number), acting_user_id=user.pk, now=now,
    )  # fmt: skip


def _stop(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    payload = proposal.payload
    died_on = _day(payload, "died_on")
    if died_on is not None:  # the register hears of it, and everything that the person receives ends
        paper = _("quyết định %(number)s") % {"number": number} if number else _("đề xuất thôi hưởng được duyệt")
        death = TellDeath(
            person_id=proposal.person_id, died_on=died_on, paper=paper, reason=_with(payload["reason"], number)
        )
        tell_death(death, acting_user_id=user.pk, now=now)
        return
    changing.stop(
        changing.locked(_entitlement(proposal)), last_month=_needed(payload, "last_month"),
        reason=_with(payload["reason"], number), acting_user_id=user.pk, now=now,
    )  # fmt: skip


def _move(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    payload = proposal.payload
    changing.move(
        changing.locked(_entitlement(proposal)), unit_id=payload["unit_id"], reason=_with(payload["reason"], number),
        acting_user_id=user.pk, now=now,
    )  # fmt: skip


def _change_payee(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    payload = proposal.payload
    changing.change_payee(
        changing.locked_at_any_time(_entitlement(proposal)), payee_id=payload["payee_id"], ground=payload["ground"],
        acting_user_id=user.pk, now=now,
    )  # fmt: skip


def _recover(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    payload = proposal.payload
    command = StartRecovery(
        amount=payload["amount"], monthly=payload["monthly"], first_month=_needed(payload, "first_month"),
        reason=payload["reason"], overpayment_ids=tuple(payload.get("overpayment_ids", ())), decision_number=number,
        instead_of=payload.get("instead_of"),
    )  # fmt: skip
    start_recovery(
        changing.locked(_entitlement(proposal)), command, prepared_by_id=proposal.prepared_by_id, acting_user_id=user.pk,
        now=now,
    )  # fmt: skip


def _recognise(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    payload = proposal.payload
    command = RecogniseClaim(
        person_id=proposal.person_id, unit_id=proposal.unit_id, data=payload["data"],
        valid_from=_needed(payload, "valid_from"), valid_until=_day(payload, "valid_until"), decision_number=number,
        prepared_by_id=proposal.prepared_by_id, payee_id=payload["payee_id"], payee_ground=payload["payee_ground"],
    )  # fmt: skip
    recognise_claim(command, acting_user=user, now=now)


def _certify(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    payload = proposal.payload
    items = payload["form_items"]
    command = RecordCertificate(
        person_id=proposal.person_id, level=DisabilityLevel(payload["level"]), kind=DisabilityKind(payload["kind"]), number=payload["number"],
        issued_on=_needed(payload, "issued_on"), issued_by_id=payload["issued_by_id"],
        form_items=None if items is None else frozenset(items), valid_until=_day(payload, "valid_until"),
    )  # fmt: skip
    record_certificate(command, acting_user=user, now=now)


def _emergency(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    carry_out_emergency(proposal, number, acting_user=user, now=now)


def _reinstate(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    person, row = reinstating.person_and_row(_entitlement(proposal))
    reason = _with(proposal.payload["reason"], number)
    reinstating.reinstate(row, person, reason=reason, acting_user_id=user.pk, now=now)


def _withdraw_death(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    reinstating.take_back_death(
        proposal.person_id, programme=proposal.programme, reason=_with(proposal.payload["reason"], number),
        acting_user_id=user.pk, now=now,
    )  # fmt: skip


def _revoke_once(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    kind, grant_id = decision_named(proposal.payload)
    revoke_once(kind, grant_id, reason=_with(proposal.payload["reason"], number), acting_user=user, now=now)


def _name_payee(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    payload = proposal.payload
    command = NamePayee(
        kind=payload["what"], grant_id=payload["grant_id"], payee_id=payload["payee_id"], ground=payload["ground"],
        reason=_with(payload["reason"], number),
    )  # fmt: skip
    name_payee(command, acting_user=user, now=now)


def _top_up(proposal: Proposal, number: str, user: User, now: datetime) -> None:
    grant_top_up(proposal, number, acting_user=user, now=now)


_CARRY_OUT: Final[Mapping[ProposalKind, Callable[[Proposal, str, User, datetime], None]]] = {
    ProposalKind.GRANT: _grant,
    ProposalKind.ADJUST: _adjust,
    ProposalKind.SUSPEND: _suspend,
    ProposalKind.RESUME: _resume,
    ProposalKind.STOP: _stop,
    ProposalKind.MOVE: _move,
    ProposalKind.CHANGE_PAYEE: _change_payee,
    ProposalKind.RECOVER: _recover,
    ProposalKind.MERIT_CLAIM: _recognise,
    ProposalKind.CERTIFICATE: _certify,
    ProposalKind.EMERGENCY: _emergency,
    ProposalKind.REINSTATE: _reinstate,
    ProposalKind.WITHDRAW_DEATH: _withdraw_death,
    ProposalKind.REVOKE_ONCE: _revoke_once,
    ProposalKind.NAME_PAYEE: _name_payee,
    ProposalKind.TOP_UP: _top_up,
}


def _entitlement(proposal: Proposal) -> int:
    if proposal.entitlement_id is None:
        raise RecordUnknown(_("Đề xuất này không gắn với quyết định hưởng nào. Hãy lập đề xuất mới."))
    return proposal.entitlement_id


def _day(payload: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(payload[name]) if payload.get(name) else None


def _needed(payload: Mapping[str, Any], name: str) -> date:
    return date.fromisoformat(payload[name])


def _with(reason: str, number: str) -> str:
    return f"{reason} ({number})" if number else reason
