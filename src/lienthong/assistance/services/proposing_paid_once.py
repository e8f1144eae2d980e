"""Proposing that what was decided once is taken back, or is paid to somebody else; another person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.models import Proposal, TopUp, standing_top_ups
from lienthong.assistance.queries.paid_once import given_words, ground_words
from lienthong.assistance.services.paid_once import NamePayee, check_naming, locked_once
from lienthong.assistance.services.proposing import may_propose, propose
from lienthong.assistance.services.refusals import AlreadyReceived, reason_given
from lienthong.assistance.states import OnceKind, ProposalKind, ProposalState
from lienthong.kernel.days import local_day
from lienthong.kernel.money import Dong, format_dong


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRevocation:
    """Đề xuất thu hồi một quyết định chi một lần."""

    kind: str
    grant_id: int
    reason: str


def propose_revocation(command: ProposeRevocation, *, acting_user: User, now: datetime) -> Proposal:
    """Propose to take a decision back that is paid once.

    Raises:
        RecordUnknown: There is none, or nobody knows whose it was.
        NotYours: The user proposes nothing in the commune that pays it.
        AlreadySettled: It was taken back before, or its rice was handed out.
        AlreadyReceived: The same is proposed already.
    """
    with transaction.atomic():
        row = locked_once(command.kind, command.grant_id)
        words = _("Thu hồi quyết định %(what)s %(given)s theo %(ground)s, người nhận %(payee)s.") % _told(row)
        reason = reason_given(command.reason)
        added = sum(one.amount for one in standing_top_ups(row)) if not isinstance(row, TopUp) else 0
        if added:
            words += " " + _("Khoản bổ sung chênh lệch %(added)s được thu hồi cùng.") % {
                "added": format_dong(Dong(added))
            }
        return propose_of(
            row, ProposalKind.REVOKE_ONCE, {"reason": reason}, words, reasons=[reason], acting_user=acting_user, now=now
        )


def propose_once_payee(command: NamePayee, *, acting_user: User, now: datetime) -> Proposal:
    """Propose that somebody else receives what was decided once and is not paid yet.

    Raises:
        RecordUnknown: There is no such decision.
        NotYours: The user proposes nothing in the commune that pays it.
        AlreadySettled: It was taken back, or is paid or on its way.
        PayeeWrong: Whoever should receive it cannot.
        AlreadyReceived: The same is proposed already.
    """
    with transaction.atomic():
        row = locked_once(command.kind, command.grant_id)
        payee = check_naming(row, command, on=local_day(now))
        words = _(
            "%(name)s nhận %(what)s %(given)s theo %(ground)s, thay %(payee)s. Đợt chi trả sau chi cho người nhận mới."
        )
        reason = reason_given(command.reason)
        payload = {"payee_id": payee.pk, "ground": str(command.ground), "reason": reason}
        return propose_of(
            row, ProposalKind.NAME_PAYEE, payload, words % {**_told(row), "name": payee.full_name}, reasons=[reason],
            acting_user=acting_user, now=now,
        )  # fmt: skip


def decision_named(payload: Mapping[str, Any]) -> tuple[str, int]:
    """Return which decision a proposal speaks of; the first that could be taken back were supports of funerals alone."""
    return payload.get("what", OnceKind.FUNERAL), payload["grant_id" if "grant_id" in payload else "support_id"]


def propose_of(
    row: Any, kind: ProposalKind, payload: Mapping[str, Any], words: str, *, reasons: Sequence[str], acting_user: User,
    now: datetime,
) -> Proposal:  # fmt: skip
    """Propose something of a decision that is paid once, where nobody has proposed the same.

    Raises:
        NotYours: The user proposes nothing in the commune that pays it.
        AlreadyReceived: The same is proposed already.
    """
    may_propose(acting_user, row.unit_id, row.programme, local_day(now))
    named = {"what": str(row.what.value), "grant_id": row.pk}
    if Proposal.objects.filter(kind=kind, state=ProposalState.PENDING, payload__contains=named).exists():
        raise AlreadyReceived(_("Đã có một đề xuất như vậy đang chờ duyệt. Hãy duyệt hoặc rút đề xuất đó trước."))
    return propose(
        kind, person_id=row.subject_id, unit_id=row.unit_id, programme=row.programme, benefit=row.benefit,
        payload={**named, **payload}, reasons=reasons, words=words, acting_user=acting_user, now=now,
    )  # fmt: skip


def _told(row: Any) -> dict[str, str]:
    return {
        "what": str(row.what.label), "given": given_words(row), "ground": ground_words(row),
        "payee": row.receiver or _("chưa ghi"),
    }  # fmt: skip
