"""Proposing that a benefit is suspended, resumed, ended, moved, paid to somebody else, or recovered from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.models import Entitlement, Proposal
from lienthong.assistance.services.changing import locked, locked_at_any_time
from lienthong.assistance.services.deaths import refuse_wrong_death
from lienthong.assistance.services.payees import check_other_payee
from lienthong.assistance.services.proposing import CANNOT, may_propose, propose
from lienthong.assistance.services.recovering import StartRecovery, check_amounts, check_instead, check_overpayments
from lienthong.assistance.services.refusals import (
    AlreadySettled,
    FactWrong,
    MonthWrong,
    NotOwed,
    NotYours,
    RecordUnknown,
    reason_given,
)
from lienthong.assistance.states import Benefit, EntitlementState, PayeeGround, Programme, ProposalKind
from lienthong.kernel.days import add_months, format_day, local_day
from lienthong.kernel.money import format_dong
from lienthong.people.models import Person
from lienthong.rules.merit.conduct import MeritConduct, merit_end_of, merit_suspension_reasons
from lienthong.rules.social_assistance.timing import Conduct, End, end_of, month_of, suspension_reasons
from lienthong.units.models import AdministrativeUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeSuspension:
    """Đề xuất tạm dừng hưởng: không nhận tiền nhiều tháng, không chấp hành xác định lại, bị tạm giam.

    Of people with merit (tạm đình chỉ): in prison, or missing or abroad without leave.
    """

    entitlement_id: int
    uncollected_months: int = 0
    refuses_review_on: date | None = None
    detained_on: date | None = None
    imprisoned_on: date | None = None
    absent_on: date | None = None
    note: str = ""


def propose_suspension(command: ProposeSuspension, *, acting_user: User, now: datetime) -> Proposal:
    """Propose to pay nothing for the time being, on a ground that the rules name.

    Raises:
        NotYours: The user proposes nothing in the commune that pays.
        NotOwed: The rules give no ground to suspend.
        AlreadySettled: It is suspended or has ended.
    """
    on = local_day(now)
    with transaction.atomic():
        row = _mine(command.entitlement_id, acting_user, on)
        if row.state == EntitlementState.SUSPENDED:
            raise AlreadySettled(_("Khoản này đang tạm dừng rồi. Hãy mở lại trang để xem."))
        reasons = _reasons_to_suspend(command, row.programme, on)
        payload = {
            "first_month": add_months(month_of(on), 1).isoformat(),
            "reason": "; ".join(reasons) + (f". {command.note}" if command.note else ""),
            "for_refusal": command.refuses_review_on is not None,
        }
        return _propose_for(row, ProposalKind.SUSPEND, payload, reasons, acting_user=acting_user, now=now)


def _reasons_to_suspend(command: ProposeSuspension, programme: str, on: date) -> list[str]:
    """Return the grounds that the law of the programme knows.

    Raises:
        NotOwed: There is none.
    """
    if programme == Programme.MERIT:
        of_merit = MeritConduct(imprisoned_on=command.imprisoned_on, absent_on=command.absent_on)
        found = merit_suspension_reasons(of_merit, on=on)
        lacking = _(
            "Chưa đủ căn cứ tạm đình chỉ chế độ ưu đãi. Căn cứ là chấp hành hình phạt tù, xuất cảnh trái phép hoặc mất tích; hãy kiểm tra ngày."
        )
    else:
        conduct = Conduct(
            uncollected_months=command.uncollected_months, refuses_review_on=command.refuses_review_on,
            detained_on=command.detained_on,
        )  # fmt: skip
        found = suspension_reasons(conduct, on=on, known_on=on)
        lacking = _(
            "Chưa đủ căn cứ tạm dừng. Căn cứ là không nhận tiền nhiều tháng liên tục, không chấp hành xác định lại, hoặc bị tạm giam; hãy kiểm tra số tháng và ngày."
        )
    if not found:
        raise NotOwed(lacking)
    return [str(reason) for reason in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeResumption:
    """Đề xuất cho hưởng trở lại từ một tháng."""

    entitlement_id: int
    first_month: date
    reason: str


def propose_resumption(command: ProposeResumption, *, acting_user: User, now: datetime) -> Proposal:
    """Propose to pay again.

    Raises:
        NotYours: The user proposes nothing in the commune that pays.
        AlreadySettled: It is not suspended.
        MonthWrong: The month lies before the suspension.
    """
    with transaction.atomic():
        row = _mine(command.entitlement_id, acting_user, local_day(now))
        if row.suspended_from is None:
            raise AlreadySettled(_("Khoản này không tạm dừng nên không cần cho hưởng trở lại."))
        if month_of(command.first_month) < row.suspended_from:
            raise MonthWrong(_("Tháng hưởng trở lại không thể trước tháng tạm dừng. Hãy sửa lại tháng."))
        reason = reason_given(command.reason)
        payload = {"first_month": month_of(command.first_month).isoformat(), "reason": reason}
        return _propose_for(row, ProposalKind.RESUME, payload, [reason], acting_user=acting_user, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeStop:
    """Đề xuất thôi hưởng: đã chết, mất tích, không còn đủ điều kiện, chấp hành án phạt tù, từ chối nhận.

    Of people with merit: died, the conditions are not met any more, or another decision withdrew the benefits for good.
    """

    entitlement_id: int
    died_on: date | None = None
    missing_on: date | None = None
    ineligible_on: date | None = None
    imprisoned_on: date | None = None
    declined_on: date | None = None
    withdrawn_on: date | None = None
    note: str = ""


def propose_stop(command: ProposeStop, *, acting_user: User, now: datetime) -> Proposal:
    """Propose to end a benefit; the last month is that of the rules.

    Raises:
        NotYours: The user proposes nothing in the commune that pays.
        NotOwed: Nothing happened that ends it.
        FactWrong: The day lies before the birth, or another day of a death is recorded.
        MonthWrong: Anything but a death lies before the first month.
        AlreadySettled: It has ended.
    """
    on = local_day(now)
    with transaction.atomic():
        if command.died_on is not None:  # whoever carries it out holds the person before what they receive
            list(Person.objects.select_for_update().filter(pk__in=_person_of(command.entitlement_id)))
        row = _mine(command.entitlement_id, acting_user, on)
        end = _end(command, row, on)
        never = _was_never_due(command, row, on)
        if command.died_on is not None:
            refuse_wrong_death(row.person_id, command.died_on, now=now)
        reason = str(end.reason) + (f". {command.note}" if command.note else "")
        last_month = add_months(row.first_month, -1) if never else end.last_month
        payload = {"last_month": last_month.isoformat(), "reason": reason}
        if command.died_on is not None:
            payload["died_on"] = command.died_on.isoformat()
        return _propose_for(row, ProposalKind.STOP, payload, [str(end.reason)], acting_user=acting_user, now=now)


def _was_never_due(command: ProposeStop, row: Entitlement, on: date) -> bool:
    """Tell whether no month of a benefit was due: its conditions were not met on its first day already.

    Of what has not begun yet, any day until now says so. A death has its own day, whenever it was.

    Raises:
        FactWrong: The day lies before the birth.
        MonthWrong: The day lies before the first month, so that it cannot be why the benefit ends.
    """
    days = (command.missing_on, command.ineligible_on, command.imprisoned_on, command.declined_on, command.withdrawn_on)
    if row.first_month <= on and any(day is not None and day < row.first_month for day in days):
        raise MonthWrong(
            _(
                "Khoản này hưởng từ tháng %(month)s nên ngày sớm nhất ghi được là %(day)s. Không đủ điều kiện ngay từ đầu thì ghi ngày đó: không tháng nào được hưởng."
            )
            % {"month": f"{row.first_month:%m/%Y}", "day": format_day(row.first_month)}
        )
    born_on = row.person.birth_on
    if born_on is not None and any(day is not None and day < born_on for day in days):
        raise FactWrong(_("Ngày sớm nhất ghi được là ngày sinh, %(day)s.") % {"day": format_day(born_on)})
    return command.ineligible_on is not None and command.ineligible_on <= row.first_month


def _end(command: ProposeStop, row: Entitlement, on: date) -> End:
    """Return when and why a benefit ends by the law of its programme.

    Raises:
        NotOwed: Nothing happened that ends it.
    """
    lacking = _("Chưa có căn cứ thôi hưởng: hãy ghi ngày xảy ra sự việc, không sau hôm nay.")
    if row.programme == Programme.MERIT:
        if command.imprisoned_on or command.missing_on:
            lacking = _("Người có công chấp hành hình phạt tù hoặc mất tích thì tạm đình chỉ, không thôi hưởng.")
        of_merit = MeritConduct(
            died_on=command.died_on, withdrawn_on=command.withdrawn_on, ineligible_on=command.ineligible_on
        )
        end = merit_end_of(of_merit, on=on)
    else:
        conduct = Conduct(
            died_on=command.died_on, missing_on=command.missing_on, ineligible_on=command.ineligible_on,
            imprisoned_on=command.imprisoned_on, declined_on=command.declined_on,
            suspended_for_refusal_on=row.suspended_for_refusal_on,
        )  # fmt: skip
        end = end_of(conduct, on=on, known_on=on)
    if end is None:
        raise NotOwed(lacking)
    return end


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeMove:
    """Đề xuất chuyển nơi hưởng sang xã khác."""

    entitlement_id: int
    unit_id: int
    reason: str


def propose_move(command: ProposeMove, *, acting_user: User, now: datetime) -> Proposal:
    """Propose that another commune pays; officers of either commune may, and the leader of the new one decides.

    Raises:
        NotYours: The user works in neither.
        AlreadySettled: That commune pays already.
    """
    on = local_day(now)
    with transaction.atomic():
        row = locked(command.entitlement_id)
        if not any(
            policies.proposes(acting_user, unit_id, on=on, programme=row.programme)
            for unit_id in (row.unit_id, command.unit_id)
        ):
            raise NotYours(_(CANNOT))
        if row.unit_id == command.unit_id:
            raise AlreadySettled(_("Xã này đang chi trả khoản này rồi, không cần chuyển."))
        unit = AdministrativeUnit.objects.filter(pk=command.unit_id).first()
        if unit is None:
            raise RecordUnknown(_("Không có xã này. Hãy chọn lại nơi chuyển đến."))
        payload = {"unit_id": unit.pk, "reason": reason_given(command.reason)}
        words = _("Chuyển nơi chi trả đến %(unit)s.") % {"unit": unit}
        return propose(
            ProposalKind.MOVE, person_id=row.person_id, unit_id=unit.pk, programme=row.programme, benefit=row.benefit,
            entitlement=row, payload=payload, reasons=[payload["reason"]], words=words, acting_user=acting_user, now=now,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePayee:
    """Đề xuất thay người nhận tiền."""

    entitlement_id: int
    payee_id: int
    ground: str
    reason: str


def propose_payee(command: ProposePayee, *, acting_user: User, now: datetime) -> Proposal:
    """Propose that somebody else receives the money: also what an ended benefit still owes, say to the heirs.

    Raises:
        NotYours: The user proposes nothing in the commune that pays.
        PayeeWrong: Whoever should receive it cannot.
    """
    on = local_day(now)
    with transaction.atomic():
        row = locked_at_any_time(command.entitlement_id)
        may_propose(acting_user, row.unit_id, row.programme, on)
        check_other_payee(row, command.payee_id, command.ground, on=on)
        reason = reason_given(command.reason)
        payload = {"payee_id": command.payee_id, "ground": str(PayeeGround(command.ground)), "reason": reason}
        return _propose_for(row, ProposalKind.CHANGE_PAYEE, payload, [reason], acting_user=acting_user, now=now)


def propose_recovery(entitlement_id: int, command: StartRecovery, *, acting_user: User, now: datetime) -> Proposal:
    """Propose to keep back what was paid too much.

    Raises:
        NotYours: The user proposes nothing in the commune that pays.
        AmountWrong: An amount is none, or a month takes more than the whole.
        AlreadySettled: The benefit has ended, or overpayments wait of which none is named.
    """
    check_amounts(command.amount, command.monthly)
    with transaction.atomic():
        if Entitlement.objects.filter(pk=entitlement_id, state=EntitlementState.ENDED).exists():
            raise AlreadySettled(
                _(
                    "Khoản này đã thôi hưởng nên không còn gì để khấu trừ; thu lại bằng tiền nộp, kế toán ghi ở Khoản chi thừa."
                )
            )
        row = _mine(entitlement_id, acting_user, local_day(now))
        check_overpayments(row, command)
        if command.instead_of is not None:
            check_instead(row, command)
        reason = reason_given(command.reason)
        payload = {
            "amount": command.amount,
            "monthly": command.monthly,
            "first_month": month_of(command.first_month).isoformat(),
            "reason": reason,
            "overpayment_ids": list(command.overpayment_ids),
            "instead_of": command.instead_of,
        }
        return _propose_for(row, ProposalKind.RECOVER, payload, [reason], acting_user=acting_user, now=now)


def _propose_for(
    row: Entitlement, kind: ProposalKind, payload: Mapping[str, Any], reasons: Sequence[str], *, acting_user: User,
    now: datetime,
) -> Proposal:  # fmt: skip
    months = [
        format_day(date.fromisoformat(payload[name])) for name in ("first_month", "last_month") if name in payload
    ]
    words = f"{ProposalKind(kind).label}: {Benefit(row.benefit).label}"
    if kind == ProposalKind.RECOVER:
        words += _(" %(amount)s, mỗi tháng khấu trừ %(monthly)s") % {
            "amount": format_dong(payload["amount"]), "monthly": format_dong(payload["monthly"]),
        }  # fmt: skip
    if kind == ProposalKind.STOP and date.fromisoformat(payload["last_month"]) < row.first_month:
        words += f", {_('không được hưởng tháng nào')}"
    elif months:
        words += f", {_('tháng')} {months[0][3:]}"
    return propose(
        kind, person_id=row.person_id, unit_id=row.unit_id, programme=row.programme, benefit=row.benefit, entitlement=row,
        payload=payload, reasons=reasons, words=f"{words[:1].upper()}{words[1:]}.", acting_user=acting_user, now=now,
    )  # fmt: skip


def _person_of(entitlement_id: int) -> QuerySet[Entitlement, int]:
    return Entitlement.objects.filter(pk=entitlement_id).values_list("person_id", flat=True)


def _mine(entitlement_id: int, user: User, on: date) -> Entitlement:
    row = locked(entitlement_id)
    may_propose(user, row.unit_id, row.programme, on)
    return row
