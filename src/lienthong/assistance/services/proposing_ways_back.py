"""Proposing ways back: from a wrong end, from a death that was recorded by mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement, Proposal
from lienthong.assistance.services import reinstating
from lienthong.assistance.services.asking_to_reinstate import in_words
from lienthong.assistance.services.proposing import may_propose, person_of, propose
from lienthong.assistance.services.refusals import (
    AlreadyReceived,
    AlreadySettled,
    NotYours,
    reason_given,
)
from lienthong.assistance.states import Benefit, PayeeGround, ProposalKind, ProposalState
from lienthong.kernel.days import add_months, format_day, local_day
from lienthong.kernel.money import format_dong
from lienthong.payments.models import Overpayment, PaymentLine
from lienthong.payments.services.answers import hold_answers
from lienthong.payments.states import OverpaymentState
from lienthong.people.models import Person
from lienthong.rules.social_assistance.timing import month_of
from lienthong.units import queries as units


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeReinstatement:
    """Đề xuất phục hồi một khoản đã thôi hưởng nhầm."""

    entitlement_id: int
    reason: str


def propose_reinstatement(command: ProposeReinstatement, *, acting_user: User, now: datetime) -> Proposal:
    """Propose that a benefit which was ended wrongly goes on, and is paid for the months between.

    Raises:
        NotYours: The user proposes nothing in the commune that pays.
        AlreadySettled, AlreadyReceived, NotOwed: As a reinstatement would be refused now.
    """
    with transaction.atomic():
        person, row = reinstating.person_and_row(command.entitlement_id)
        may_propose(acting_user, row.unit_id, row.programme, local_day(now))
        reason = reason_given(command.reason)
        words, first = _tried(lambda: _reinstated([row], person, reason, acting_user, now))
        payload = {"first_month": first.isoformat(), "reason": reason}
        return propose(
            ProposalKind.REINSTATE, person_id=row.person_id, unit_id=row.unit_id, programme=row.programme,
            benefit=row.benefit, entitlement=Entitlement.objects.get(pk=row.pk), payload=payload, reasons=[reason],
            words=words, acting_user=acting_user, now=now,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeNoDeath:
    """Đề xuất rút ghi nhận đã chết.

    Attributes:
        programme: Whose benefits are received again by this decision.
        reason: What was mistaken, and which paper says so.
    """

    person_id: int
    programme: str
    reason: str


def propose_no_death(command: ProposeNoDeath, *, acting_user: User, now: datetime) -> Proposal:
    """Propose to take back that somebody is recorded dead, with everything that the death ended in a programme.

    Raises:
        RecordUnknown: There is no such person.
        NotYours: The user proposes nothing where the benefit is paid, or where the person lives.
        AlreadySettled: Nobody is recorded dead.
        FuneralStands: What was decided because of the death comes first.
        AlreadyReceived: The same is proposed already.
    """
    on = local_day(now)
    with transaction.atomic():
        hold_answers()  # before anybody is locked: a run that is collected holds it while it looks at people
        person = person_of(command.person_id)
        if person.died_on is None:
            raise AlreadySettled(_("Người này không được ghi là đã chết. Hãy mở lại trang để xem."))
        unit_id = _unit_of(person, command.programme, on)
        may_propose(acting_user, unit_id, command.programme, on)
        _refuse_twice(person.pk, ProposalKind.WITHDRAW_DEATH)
        reason, died_on = reason_given(command.reason), person.died_on

        def taken_back() -> tuple[str, date]:
            rows = reinstating.take_back_death(
                person.pk, programme=command.programme, reason=reason, acting_user_id=acting_user.pk, now=now
            )
            missed = add_months(month_of(died_on), 1)
            return " ".join(_words(row, missed, on) for row in rows), died_on

        others = reinstating.left_to_others(person, programme=command.programme, on=on)
        words, _day = _tried(taken_back)
        left = _("Còn phải đề xuất phục hồi ở chương trình khác: %(benefits)s.") % {"benefits": in_words(others)}
        told = _("Rút ghi nhận đã chết ngày %(day)s.") % {"day": format_day(died_on)}
        payload = {"died_on": died_on.isoformat(), "reason": reason}
        return propose(
            ProposalKind.WITHDRAW_DEATH, person_id=person.pk, unit_id=unit_id, programme=command.programme, benefit="",
            payload=payload, reasons=[reason],
            words=" ".join([told, words or _("Không có khoản nào phải phục hồi."), *([left] if others else [])]), acting_user=acting_user, now=now,
        )  # fmt: skip


def _unit_of(person: Person, programme: str, on: date) -> int:
    """Return the commune that paid what the death ended; of whoever received nothing, the one they live in."""
    row = reinstating.ended_by_death(person, on=on).filter(programme=programme).first()
    if row is not None:
        return int(row.unit_id)
    place = units.heir_on(person.unit, on)
    if place is None:
        raise NotYours(_("Chưa biết người này ở xã nào. Hãy cập nhật nơi cư trú trước."))
    return int(place.pk)


def _refuse_twice(person_id: int, kind: ProposalKind) -> None:
    if Proposal.objects.filter(person=person_id, kind=kind, state=ProposalState.PENDING).exists():
        raise AlreadyReceived(
            _("Đã có một đề xuất như vậy đang chờ duyệt. Hãy duyệt hoặc rút đề xuất đó trước.")
        )  # fmt: skip


def _tried(do: Callable[[], tuple[str, date]]) -> tuple[str, date]:
    """Do it and take it back, to word exactly what an approval would do now."""
    savepoint = transaction.savepoint()
    try:
        return do()
    finally:
        transaction.savepoint_rollback(savepoint)


def _reinstated(
    rows: Sequence[Entitlement], person: Person, reason: str, user: User, now: datetime
) -> tuple[str, date]:
    (row,) = rows
    first = reinstating.first_missed(row)
    reinstating.reinstate(row, person, reason=reason, acting_user_id=user.pk, now=now)
    return _words(row, first, local_day(now)), first


def _words(row: Entitlement, first: date, on: date) -> str:
    """Say of a benefit that was just received again what it comes to, what is owed of the months between, and who is paid."""
    rates = row.rates.filter(superseded_at=None, end_month__gt=month_of(first)).order_by("first_month")
    told = [f"từ tháng {one.first_month:%m/%Y} {format_dong(one.amount)}" for one in rates if one.amount]
    said = [
        f"{Benefit(row.benefit).label[:1].upper()}{Benefit(row.benefit).label[1:]}: {'; '.join(told) or _('tạm dừng')}."
    ]
    months, amount = _arrears(row, month_of(first), on)
    if months:
        words = {"months": months, "amount": format_dong(amount)}
        said.append(_("Truy lĩnh %(months)s tháng chưa trả, %(amount)s.") % words)
    payee = {"name": row.receiver, "ground": PayeeGround(row.payee_ground).label}
    said.append(_("Người nhận tiền: %(name)s (%(ground)s).") % payee)
    return " ".join(said)


def _arrears(row: Entitlement, first: date, on: date) -> tuple[int, int]:
    """Return of how many months until this one something is unpaid, and how much in đồng."""
    mine = {"source": row.programme, "person": row.person_id, "benefit": row.benefit, "for_month__gte": first}
    paid = _sums(PaymentLine.objects.filter(is_live=True, **mine))
    settled = _sums(Overpayment.objects.filter(state=OverpaymentState.SETTLED, **mine))
    owed = reinstating.owed_by_month(row, first, month_of(on))
    left = {month: sum_ - paid.get(month, 0) + settled.get(month, 0) for month, sum_ in owed.items()}
    unpaid = [one for one in left.values() if one > 0]
    return len(unpaid), sum(unpaid)


def _sums(rows: object) -> dict[date, int]:
    return dict(rows.order_by().values_list("for_month").annotate(total=Sum("amount")))  # type: ignore[attr-defined]
