"""Ending a procedure: one editor prepares the withdrawal, another confirms it. What was asked for until then stays readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.catalogue.events import ProcedureWithdrawn, WithdrawalDiscarded, WithdrawalPrepared, stream_of
from lienthong.catalogue.models import Procedure, ProcedureVersion, Withdrawal
from lienthong.catalogue.queries.overviews import get_withdrawal, waiting_withdrawal
from lienthong.catalogue.services.drafts import hold_procedure
from lienthong.catalogue.states import VersionStatus
from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day


class WithdrawalRefused(Exception):
    """A procedure cannot be withdrawn so; the message says why, and what to do."""


class NothingToWithdraw(WithdrawalRefused):
    """No version holds on or after the day."""


class WithdrawalInThePast(WithdrawalRefused):
    """Dossiers were received under the law of that day: it stays as it was."""


class WithdrawalAlreadyThere(WithdrawalRefused):
    """A withdrawal of the procedure waits for somebody to confirm it."""


class PreparedByConfirmer(WithdrawalRefused):
    """Four eyes: whoever prepared a withdrawal does not confirm it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareWithdrawal:
    """A decision that ends a procedure. Quyết định bãi bỏ thủ tục.

    Attributes:
        code: The procedure.
        from_on: The first day on which it does not hold any more; today at the earliest.
        reason: Why, in words for the public.
        decision_number: Number of the decision.
        replaced_by: Codes of the procedures that take its place.
    """

    code: str
    from_on: date
    reason: str
    decision_number: str
    replaced_by: tuple[str, ...] = ()


@transaction.atomic
def prepare_withdrawal(command: PrepareWithdrawal, *, actor_id: int, now: datetime) -> Withdrawal:
    """Write down a withdrawal for another editor to confirm. Until then everything holds as before.

    Soạn bãi bỏ thủ tục.

    Raises:
        NoSuchProcedure: There is none with this code, or a successor does not exist.
        WithdrawalAlreadyThere: Another one waits.
        WithdrawalInThePast: The day is before today.
        NothingToWithdraw: No published version holds on or after the day.
    """
    procedure = hold_procedure(command.code)
    if waiting := waiting_withdrawal(command.code):
        raise WithdrawalAlreadyThere(
            _(
                "Thủ tục %(code)s đã có bản bãi bỏ theo %(decision)s chờ xác nhận. Hãy hủy bản đó trước khi soạn bản khác."
            )
            % {"code": command.code, "decision": waiting.decision_number}
        )
    _versions_ended(procedure, command.from_on, today=local_day(now))
    for successor in command.replaced_by:
        hold_procedure(successor)
    withdrawal = Withdrawal.objects.create(
        procedure=procedure,
        decision_number=command.decision_number,
        from_on=command.from_on,
        reason=command.reason,
        replaced_by=list(command.replaced_by),
        prepared_by=actor_id,
        prepared_at=now,
    )
    fact = WithdrawalPrepared(decision_number=command.decision_number, from_on=command.from_on, reason=command.reason)
    record(fact, stream=stream_of(command.code), actor_id=actor_id, at=now)
    return withdrawal


@transaction.atomic
def confirm_withdrawal(withdrawal_id: int, *, actor_id: int, now: datetime) -> Withdrawal:
    """End a procedure from a day on. What it asked for until then stays readable; open dossiers go on.

    Xác nhận bãi bỏ thủ tục.

    Raises:
        NoSuchProcedure: No such withdrawal waits, or a successor does not exist any more.
        PreparedByConfirmer: The actor prepared it.
        WithdrawalInThePast: Its day went by while it waited.
        NothingToWithdraw: No published version holds on or after its day any more.
    """
    procedure = hold_procedure(get_withdrawal(withdrawal_id).procedure.code)
    withdrawal = get_withdrawal(withdrawal_id)
    if actor_id == withdrawal.prepared_by:
        raise PreparedByConfirmer(
            _("Bạn đã soạn bản bãi bỏ này nên không tự xác nhận được. Hãy nhờ một cán bộ khác đọc lại và xác nhận.")
        )
    for version in _versions_ended(procedure, withdrawal.from_on, today=local_day(now)):
        version.withdrawn_at, version.ended_by = now, withdrawal.decision_number
        if version.valid_from >= withdrawal.from_on:
            version.status = VersionStatus.WITHDRAWN
        else:
            version.valid_until = withdrawal.from_on
        version.save(update_fields=["status", "valid_until", "withdrawn_at", "ended_by"])
    for successor in withdrawal.replaced_by:
        hold_procedure(successor).predecessors.add(procedure)
    withdrawal.confirmed_by, withdrawal.confirmed_at = actor_id, now
    withdrawal.save(update_fields=["confirmed_by", "confirmed_at"])
    record(
        ProcedureWithdrawn(
            decision_number=withdrawal.decision_number,
            from_on=withdrawal.from_on,
            reason=withdrawal.reason,
            replaced_by=withdrawal.replaced_by,
        ),
        stream=stream_of(procedure.code),
        actor_id=actor_id,
        at=now,
    )
    return withdrawal


@transaction.atomic
def discard_withdrawal(withdrawal_id: int, *, actor_id: int, now: datetime) -> None:
    """Throw away a withdrawal that nobody confirmed yet. The procedure holds on.

    Hủy bản bãi bỏ.

    Raises:
        NoSuchProcedure: No such withdrawal waits.
    """
    procedure = hold_procedure(get_withdrawal(withdrawal_id).procedure.code)
    withdrawal = get_withdrawal(withdrawal_id)
    withdrawal.delete()
    fact = WithdrawalDiscarded(decision_number=withdrawal.decision_number)
    record(fact, stream=stream_of(procedure.code), actor_id=actor_id, at=now)


def _versions_ended(procedure: Procedure, from_on: date, *, today: date) -> Sequence[ProcedureVersion]:
    """Return the published versions that a withdrawal from a day on cuts short, or lets never begin."""
    published = list(procedure.versions.filter(status=VersionStatus.PUBLISHED).order_by("valid_from"))
    # A version that began today may have received dossiers today: it holds for one day at least.
    earliest = today + timedelta(days=any(one.valid_from == today for one in published))
    if from_on < earliest:
        raise WithdrawalInThePast(
            _(
                "Chưa bãi bỏ được từ %(day)s: quy định của những ngày đã qua được giữ nguyên, vì hồ sơ đã tiếp nhận theo đó."
                " Hãy soạn bãi bỏ từ ngày %(earliest)s trở đi, và ghi ngày của quyết định vào phần lý do."
            )
            % {"day": format_day(from_on), "earliest": format_day(earliest)}
        )
    ended = [one for one in published if one.valid_until is None or one.valid_until > from_on]
    if not ended:
        raise NothingToWithdraw(
            _("Từ %(day)s thủ tục %(code)s không còn phiên bản nào có hiệu lực, nên không có gì để bãi bỏ.")
            % {"day": format_day(from_on), "code": procedure.code}
        )
    if ended[0] is published[0] and ended[0].valid_from > from_on:
        raise NothingToWithdraw(
            _("Thủ tục chỉ có hiệu lực từ %(day)s. Ngày bãi bỏ không thể trước ngày đó.")
            % {"day": format_day(ended[0].valid_from)}
        )
    return ended
