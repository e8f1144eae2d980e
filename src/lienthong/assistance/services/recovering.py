"""Recovering what was paid too much: kept back month by month until it is there. Thu hồi tiền hưởng thừa."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.events import RecoveryClosed, RecoveryDecided
from lienthong.assistance.models import Entitlement, Recovery
from lienthong.assistance.queries.recovering import Unfinished, unfinished
from lienthong.assistance.services.refusals import AlreadySettled, AmountWrong, reason_given
from lienthong.assistance.states import RecoveryState
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.kernel.money import format_dong
from lienthong.payments.queries.overpayments import open_of_benefit, unsettled_of_benefit
from lienthong.payments.services.overpayments import settle_by_deduction
from lienthong.payments.services.refusals import OverpaymentRefused
from lienthong.rules.social_assistance.timing import month_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecovery:
    """Quyết định thu hồi tiền hưởng thừa: tổng số, khấu trừ mỗi tháng, từ tháng nào.

    Attributes:
        overpayment_ids: What runs found, where it is that.
        instead_of: The recovery of another benefit, which ended, whose remainder this is.
    """

    amount: int
    monthly: int
    first_month: date
    reason: str
    overpayment_ids: tuple[int, ...] = ()
    decision_number: str = ""
    instead_of: int | None = None


def start_recovery(
    row: Entitlement, command: StartRecovery, *, prepared_by_id: int, acting_user_id: int, now: datetime
) -> Recovery:
    """Keep so much back each month until the whole is there.

    Raises:
        AmountWrong: An amount is none, or a month takes more than the whole.
        AlreadySettled: Something is being recovered of this benefit, or an overpayment was dealt with or left out.
    """
    check_amounts(command.amount, command.monthly)
    check_overpayments(row, command)
    if row.recoveries.filter(state=RecoveryState.OPEN).exists():
        raise AlreadySettled(_("Khoản này đang được thu hồi theo một quyết định khác. Hãy chờ thu đủ rồi lập tiếp."))
    if command.overpayment_ids:
        _settle(row, command, prepared_by_id=prepared_by_id, acting_user_id=acting_user_id, now=now)
    if command.instead_of is not None:
        left = check_instead(row, command)
        words = _("phần còn lại %(amount)s chuyển sang khấu trừ ở khoản khác") % {"amount": format_dong(left.left)}
        _close_elsewhere(left, reason=words, acting_user_id=acting_user_id, now=now)
    recovery = Recovery.objects.create(
        entitlement=row, amount=command.amount, monthly=command.monthly, first_month=month_of(command.first_month),
        reason=command.reason, overpayment_id=next(iter(command.overpayment_ids), None), decision_number=command.decision_number,
        decided_on=local_day(now), prepared_by_id=prepared_by_id, decided_by_id=acting_user_id, recorded_at=now,
    )  # fmt: skip
    decided = RecoveryDecided(
        entitlement_id=row.pk,
        recovery_id=recovery.pk,
        amount=recovery.amount,
        monthly=recovery.monthly,
        first_month=recovery.first_month,
        reason=recovery.reason,
    )
    record(decided, stream=row.stream, actor_id=acting_user_id, at=now)
    return recovery


def check_overpayments(row: Entitlement, command: StartRecovery) -> None:
    """Refuse to recover beside the overpayments that runs found: the same money would be asked for twice.

    Raises:
        AlreadySettled: Some wait, and none of them is named; or all of them are said to have come back as money.
    """
    if command.instead_of is not None or command.overpayment_ids:
        return
    whose = row.programme, row.person_id, row.benefit
    if open_of_benefit(*whose).exists():
        raise AlreadySettled(
            _("Khoản này đang có khoản chi thừa chờ xử lý. Hãy lập đề xuất mới và chọn các tháng chi thừa cần thu.")
        )
    if unsettled_of_benefit(*whose).exists():
        raise AlreadySettled(
            _("Khoản chi thừa của khoản này đang chờ xác nhận đã nộp lại tiền. Hãy chờ xác nhận xong rồi lập đề xuất.")
        )


def check_instead(row: Entitlement, command: StartRecovery) -> Unfinished:
    """Return the recovery whose remainder is kept back of another benefit; its row is locked.

    Raises:
        AlreadySettled: Nothing is left of it, it goes on by itself, or its remainder is another sum by now.
        AmountWrong: It is of another programme.
    """
    Recovery.objects.select_for_update().filter(pk=command.instead_of or 0).first()
    left = next((one for one in unfinished(person_id=row.person_id) if one.recovery.pk == command.instead_of), None)
    if left is None:
        raise AlreadySettled(_("Phần còn lại của quyết định thu hồi kia đã được thu. Hãy mở lại trang để xem."))
    if left.recovery.entitlement.programme != row.programme:
        raise AmountWrong(_("Chỉ khấu trừ được ở một khoản của cùng chương trình. Hãy thu lại bằng tiền nộp."))
    if left.left != command.amount:
        raise AlreadySettled(
            _("Phần còn phải thu nay là %(left)s, đề xuất ghi %(amount)s. Hãy lập đề xuất thu hồi mới.")
            % {"left": format_dong(left.left), "amount": format_dong(command.amount)}
        )
    return left


@transaction.atomic
def record_repayment(recovery_id: int, *, paper: str, acting_user: User, now: datetime) -> Recovery:
    """Put down that the remainder of a recovery, whose benefit ended, came back as money; whoever calls has asked.

    Đã nộp lại phần còn phải thu.

    Raises:
        ReasonMissing: No paper is named.
        AlreadySettled: Nothing is left of it, or it goes on by itself.
    """
    words = reason_given(paper)
    row = Recovery.objects.select_for_update().filter(pk=recovery_id).select_related("entitlement").first()
    found = unfinished(person_id=row.entitlement.person_id) if row is not None else []
    left = next((one for one in found if one.recovery.pk == recovery_id), None)
    if left is None:
        raise AlreadySettled(_("Quyết định thu hồi này không còn chờ xử lý. Hãy mở lại trang để xem."))
    told = _("đã nộp lại %(amount)s: %(paper)s") % {"amount": format_dong(left.left), "paper": words}
    _close_elsewhere(left, reason=told, acting_user_id=acting_user.pk, now=now)
    return left.recovery


def _close_elsewhere(left: Unfinished, *, reason: str, acting_user_id: int, now: datetime) -> None:
    row = left.recovery
    row.elsewhere += left.left
    row.save(update_fields=["elsewhere"])
    close_recovery(row, reason=reason, acting_user_id=acting_user_id, now=now)


def _settle(
    row: Entitlement, command: StartRecovery, *, prepared_by_id: int, acting_user_id: int, now: datetime
) -> None:
    number = command.decision_number or _("chưa ghi số")
    try:
        settle_by_deduction(
            command.overpayment_ids, source=row.programme, person_id=row.person_id, benefit=row.benefit, amount=command.amount,
            note=_("Thu hồi bằng khấu trừ hằng tháng theo quyết định %(number)s") % {"number": number},
            proposed_by_id=prepared_by_id, acting_user_id=acting_user_id, now=now,
        )  # fmt: skip
    except OverpaymentRefused as refusal:
        raise AlreadySettled(str(refusal)) from refusal


def check_amounts(amount: int, monthly: int) -> None:
    """Refuse amounts that cannot be.

    Raises:
        AmountWrong: They cannot.
    """
    if amount <= 0 or monthly <= 0 or monthly > amount:
        raise AmountWrong(
            _(
                "Tổng số phải thu (%(amount)s) và số khấu trừ mỗi tháng (%(monthly)s) phải lớn hơn 0, mỗi tháng không quá tổng số."
            )
            % {"amount": format_dong(amount), "monthly": format_dong(monthly)}
        )


def close_recovery(recovery: Recovery, *, reason: str, acting_user_id: int | None, now: datetime) -> None:
    """Say that a recovery is over: everything is there. Thu đủ."""
    Recovery.objects.filter(pk=recovery.pk, state=RecoveryState.OPEN).update(state=RecoveryState.SETTLED)
    closed = RecoveryClosed(entitlement_id=recovery.entitlement_id, recovery_id=recovery.pk, reason=reason)
    record(closed, stream=f"entitlement:{recovery.entitlement_id}", actor_id=acting_user_id, at=now)
