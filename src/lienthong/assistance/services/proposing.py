"""Proposing that somebody receives, receives otherwise, or receives no more; another person decides (``deciding``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.events import AssistanceProposed
from lienthong.assistance.models import Entitlement, EntitlementRate, Proposal
from lienthong.assistance.queries.decision_reasons import condition_words
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.merit_months import merit_on
from lienthong.assistance.queries.months import explanation
from lienthong.assistance.services.granting import Grant, grant
from lienthong.assistance.services.rates import RateChange, refresh_rates
from lienthong.assistance.services.refusals import (
    AlreadyReceived,
    NotOwed,
    NotYours,
    RecordUnknown,
    reason_given,
)
from lienthong.assistance.states import Benefit, EntitlementState, Programme, ProposalKind
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.kernel.money import format_dong
from lienthong.people.models import Person
from lienthong.rules.social_assistance.timing import month_of

CANNOT = "Chỉ cán bộ phụ trách của xã (hoặc sở, với người có công) đề xuất được. Hãy chuyển cho nơi phụ trách."


def propose_grant(command: Grant, *, acting_user: User, now: datetime) -> Proposal:
    """Propose that a person receives a benefit, with what the rules say of them, sentence by sentence.

    Đề xuất hưởng.

    Raises:
        NotYours: The user proposes nothing in that commune.
        NotOwed, AlreadyReceived, PayeeWrong, MonthWrong: As a grant would be refused now.
    """
    on = local_day(now)
    may_propose(acting_user, command.unit_id, command.programme, on)
    with transaction.atomic():
        preview = _tried_grant(command, acting_user=acting_user, now=now)
        payload = {
            "unit_id": command.unit_id,
            "payee_id": None if command.payee_organization_id else command.payee_id or command.person_id,
            "payee_organization_id": command.payee_organization_id,
            "payee_ground": str(command.payee_ground),
            "first_month": command.first_month.isoformat() if command.first_month else None,
        }
        return propose(
            ProposalKind.GRANT, person_id=command.person_id, unit_id=command.unit_id, programme=command.programme,
            benefit=command.benefit, payload=payload, reasons=_reasons(command.person_id, command.programme, on),
            words=preview, acting_user=acting_user, now=now,
        )  # fmt: skip


def _tried_grant(command: Grant, *, acting_user: User, now: datetime) -> str:
    """Grant and take it back, to word exactly what an approval would do now."""
    savepoint = transaction.savepoint()
    try:
        row = grant(command, acting_user=acting_user, now=now)
        rates = [
            f"từ tháng {rate.first_month:%m/%Y} {format_dong(rate.amount)}"
            for rate in row.rates.filter(superseded_at=None).order_by("first_month")
        ]
        return _("%(benefit)s: %(rates)s.") % {
            "benefit": Benefit(row.benefit).label[:1].upper() + Benefit(row.benefit).label[1:],
            "rates": "; ".join(rates),
        }
    finally:
        transaction.savepoint_rollback(savepoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAdjustment:
    """Đề xuất điều chỉnh mức hưởng từ tháng có sự thay đổi."""

    person_id: int
    from_month: date
    reason: str
    programme: str = Programme.SOCIAL


def propose_adjustment(command: ProposeAdjustment, *, acting_user: User, now: datetime) -> Proposal:
    """Propose to compute everything that a person receives anew.

    Raises:
        NotYours: The user proposes nothing in the commune that pays.
        NotOwed: Nothing would change.
    """
    with transaction.atomic():
        proposal = _proposed_adjustment(command, acting_user=acting_user, now=now)
        if proposal is None:
            raise NotOwed(_("Theo thông tin đang có, mức hưởng không thay đổi nên không cần điều chỉnh."))
        return proposal


def propose_if_changed(command: ProposeAdjustment, *, acting_user: User, now: datetime) -> Proposal | None:
    """Propose an adjustment where facts that were just recorded change what the person receives; None where they do not."""
    if not Entitlement.objects.filter(person_id=command.person_id).exclude(state=EntitlementState.ENDED).exists():
        return None
    try:
        return _proposed_adjustment(command, acting_user=acting_user, now=now)
    except (
        NotYours,
        AlreadyReceived,
    ):  # another commune pays, or an adjustment waits: it computes by what is known then
        return None


def _proposed_adjustment(command: ProposeAdjustment, *, acting_user: User, now: datetime) -> Proposal | None:
    changes = tried_adjustment(command.person_id, command.from_month, now=now)
    if not changes:
        if _is_held(command.person_id):  # what the fact lacked for is certain now: other words, the same money
            refresh_rates(command.person_id, from_month=command.from_month, acting_user_id=acting_user.pk, now=now)
        return None
    change = changes[0]
    row = change.entitlement
    may_propose(acting_user, row.unit_id, row.programme, local_day(now))
    payload = {"from_month": month_of(command.from_month).isoformat(), "reason": reason_given(command.reason)}
    return propose(
        ProposalKind.ADJUST, person_id=row.person_id, unit_id=row.unit_id, programme=row.programme, benefit=row.benefit,
        entitlement=row, payload=payload, reasons=_reasons(row.person_id, row.programme, local_day(now)),
        words=" ".join(change_words(one) for one in changes), acting_user=acting_user, now=now,
    )  # fmt: skip


def _is_held(person_id: int) -> bool:
    rates = EntitlementRate.objects.filter(entitlement__person_id=person_id, superseded_at=None)
    return rates.filter(basis__is_open=True).exists()


def tried_adjustment(person_id: int, from_month: date, *, now: datetime) -> list[RateChange]:
    """Compute what an adjustment would change, and change nothing. The caller holds a transaction."""
    savepoint = transaction.savepoint()
    try:
        return refresh_rates(person_id, from_month=from_month, acting_user_id=None, now=now)
    finally:
        transaction.savepoint_rollback(savepoint)


def change_words(change: RateChange) -> str:
    """Word what a change does to one benefit."""
    return _("%(benefit)s: từ tháng %(month)s là %(amount)s mỗi tháng.") % {
        "benefit": Benefit(change.entitlement.benefit).label,
        "month": f"{change.first_month:%m/%Y}",
        "amount": format_dong(change.amount),
    }


def propose(
    kind: ProposalKind, *, person_id: int, unit_id: int, programme: str, benefit: str, payload: Mapping[str, Any],
    reasons: Sequence[str], words: str, acting_user: User, now: datetime, entitlement: Entitlement | None = None,
) -> Proposal:  # fmt: skip
    """Write a proposal down and tell it.

    Raises:
        AlreadyReceived: The same is proposed already.
    """
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                kind=kind, person_id=person_id, unit_id=unit_id, programme=programme, benefit=benefit,
                entitlement=entitlement, payload=dict(payload), reasons=list(reasons), words=words,
                prepared_by=acting_user, prepared_at=now,
            )  # fmt: skip
    except IntegrityError as duplicate:
        raise AlreadyReceived(
            _("Đã có một đề xuất như vậy đang chờ duyệt. Hãy duyệt hoặc rút đề xuất đó trước.")
        ) from duplicate
    fact = AssistanceProposed(
        proposal_id=proposal.pk, person_id=person_id, kind=str(kind), programme=str(programme), benefit=str(benefit)
    )
    record(fact, stream=proposal.stream, actor_id=acting_user.pk, at=now)
    return proposal


def may_propose(user: User, unit_id: int, programme: str, on: date) -> None:
    """Let those through who propose for people of a commune.

    Raises:
        NotYours: The user is none of them.
    """
    if not policies.proposes(user, unit_id, on=on, programme=programme):
        raise NotYours(_(CANNOT))


def _reasons(person_id: int, programme: str, on: date) -> list[str]:
    history = history_of(person_id)
    if programme == Programme.SOCIAL:
        return list(explanation(history, on, known_on=on))
    found = merit_on(history, on, known_on=on)
    told = [f"{line}." for line in found.lines] + [condition_words(reason) for reason in found.reasons]
    return [*told, *(f"Lưu ý: {notice}" for notice in found.notices)]


def person_of(person_id: int) -> Person:
    """Return a person, locked until the end of the transaction.

    Raises:
        RecordUnknown: There is none.
    """
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise RecordUnknown(_("Không có người này. Hãy tìm lại theo số định danh."))
    return person
