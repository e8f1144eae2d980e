"""What a new law adds to what was decided once: proposed by one, decided by another, paid for itself and never twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.models import LawChangeRow, Proposal, TopUp, of
from lienthong.assistance.queries.once_by_law import OnceDue
from lienthong.assistance.queries.paid_once import ground_words
from lienthong.assistance.queries.top_ups import due_of_row, is_of_grant, row_of_grant
from lienthong.assistance.services.once_differing import settle_once_differing
from lienthong.assistance.services.paid_once import locked_once, locked_with_funeral
from lienthong.assistance.services.proposing_paid_once import propose_of
from lienthong.assistance.services.refusals import AlreadySettled, NotOwed, RecordUnknown, reason_given
from lienthong.assistance.states import ProposalKind
from lienthong.assistance.ways_back_events import TopUpGranted
from lienthong.infra.events import record
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.parameters import NoValueInForce


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeTopUp:
    """Đề xuất bổ sung chênh lệch của một quyết định chi một lần."""

    kind: str
    grant_id: int
    reason: str


def propose_top_up(command: ProposeTopUp, *, acting_user: User, now: datetime) -> Proposal:
    """Propose to pay what an approved new law gives more than was decided once.

    Đề xuất bổ sung chênh lệch.

    Raises:
        RecordUnknown: There is no such decision.
        NotYours: The user proposes nothing in the commune that pays it.
        AlreadySettled: It was taken back.
        NotOwed: No approved law gives more, or it is not known on which facts it was decided.
        AlreadyReceived: The same is proposed already.
    """
    if not is_of_grant(command.kind):
        raise RecordUnknown(_("Không có quyết định này. Hãy mở lại trang."))
    with transaction.atomic():
        grant = locked_once(command.kind, command.grant_id)
        row, due = _more(grant)
        reason = reason_given(command.reason)
        words = _("Bổ sung chênh lệch %(more)s cho %(what)s theo %(ground)s: từ %(old)s lên %(new)s, theo mức áp dụng từ tháng %(month)s; người nhận %(payee)s.") % {
            "more": _dong(_new(due) - due.old), "what": grant.what.label, "ground": ground_words(grant), "old": _dong(due.old),
            "new": _dong(_new(due)), "month": f"{row.change.from_month:%m/%Y}", "payee": grant.receiver,
        }  # fmt: skip
        payload = {"law_row_id": row.pk, "before": due.old, "after": due.new, "reason": reason}
        lines = [f"{line['words']}: {_dong(line['amount'])} ({line['reference']})." for line in due.lines]
        return propose_of(
            grant, ProposalKind.TOP_UP, payload, words, reasons=[reason, *lines], acting_user=acting_user, now=now
        )


def grant_top_up(proposal: Proposal, number: str, *, acting_user: User, now: datetime) -> TopUp:
    """Decide what was proposed, in the transaction of whoever approves; the next run pays it.

    Quyết định bổ sung chênh lệch.

    Raises:
        RecordUnknown, NotOwed: As for ``propose_top_up``.
        AlreadySettled: The decision was taken back, or another sum is due by now.
    """
    payload = proposal.payload
    grant = locked_with_funeral(payload["what"], payload["grant_id"])  # for one funeral only the highest is due
    row, due = _more(grant)
    if (row.pk, due.old, due.new) != (payload["law_row_id"], payload["before"], payload["after"]):
        raise AlreadySettled(
            _("Số tiền chênh lệch đã khác lúc đề xuất. Hãy không duyệt đề xuất này và đề xuất lại theo số mới.")
        )
    top_up = TopUp.objects.create(
        **of(grant), law_row=row, programme=grant.programme, benefit=grant.benefit, person_id=grant.subject_id,
        payee_id=grant.payee_id, unit_id=grant.unit_id, before=due.old, amount=_new(due) - due.old, lines=list(due.lines),
        reasons=list(proposal.reasons), proposal=proposal, decision_number=number, prepared_by_id=proposal.prepared_by_id,
        granted_by=acting_user, granted_at=now,
    )  # fmt: skip
    fact = TopUpGranted(
        top_up_id=top_up.pk, what=str(grant.what), grant_id=grant.pk, before=top_up.before, amount=top_up.amount,
        from_month=row.change.from_month, decision_number=number,
    )  # fmt: skip
    record(fact, stream=top_up.stream, actor_id=acting_user.pk, at=now)
    settle_once_differing(top_up.person_id, top_up.benefit, acting_user_id=acting_user.pk, now=now)
    return top_up


def _more(grant: Any) -> tuple[LawChangeRow, OnceDue]:
    """Return by which row of an approved change a decision comes to more, and to how much.

    Raises:
        NotOwed: None does, or it is not known on which facts it was decided.
    """
    row = row_of_grant(grant)
    if row is None:
        raise NotOwed(
            _("Chưa có bảng áp dụng mức mới nào đã duyệt nêu quyết định này, nên chưa có chênh lệch để bổ sung.")
        )
    try:
        due = due_of_row(row)
    except NoValueInForce as unknown:
        raise NotOwed(str(unknown)) from unknown
    if due.new is None:
        raise NotOwed(
            _("Không rõ quyết định này dựa trên thông tin nào nên chưa tính được chênh lệch. Hãy thu hồi và giải quyết lại nếu mức chưa đúng.")
        )  # fmt: skip
    if due.new <= due.old:
        raise NotOwed(_("Quyết định này đã đủ mức theo quy định đang áp dụng, không còn chênh lệch để bổ sung."))
    return row, due


def _new(due: OnceDue) -> int:
    return due.new or 0


def _dong(amount: int) -> str:
    return format_dong(Dong(amount))
