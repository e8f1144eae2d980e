"""What may be spent for a programme in a quarter: written down by one person, approved by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.payments import policies
from lienthong.payments.budget_events import BudgetApproved, BudgetPrepared, BudgetWithdrawn
from lienthong.payments.models import Budget
from lienthong.payments.queries.budgets import BudgetNotFound
from lienthong.payments.services.budgets_left import hold_budgets
from lienthong.payments.sources import label_of, registered

MOST = 10**14


class BudgetRefused(Exception):
    """The budget cannot be set so; the message says why, and what to do."""


class NotYoursToBudget(BudgetRefused):
    """The user neither keeps nor approves budgets."""

    def __init__(self) -> None:
        super().__init__(_("Bạn không phụ trách dự toán chi trả của tỉnh. Hãy nhờ kế toán của cơ quan có thẩm quyền."))


class UnknownProgramme(BudgetRefused):
    """No programme of that code is paid here."""

    def __init__(self, code: str) -> None:
        super().__init__(_("Không có chương trình “%s”. Hãy chọn lại trong danh sách.") % code[:40])


class AmountWrong(BudgetRefused):
    """No amount, or more than any budget."""

    def __init__(self) -> None:
        super().__init__(_("Số tiền phải khác 0. Điều chỉnh giảm thì ghi số âm."))


class SetAlready(BudgetRefused):
    """This decision has given the programme its money for this quarter."""

    def __init__(self, source: str) -> None:
        words = _("Văn bản này đã giao dự toán cho chương trình “%s” trong quý đó. Nếu khác văn bản, hãy ghi đúng số.")
        super().__init__(words % label_of(source))


class ApprovedAlready(BudgetRefused):
    """It is approved and stays; another decision may change it."""

    def __init__(self) -> None:
        super().__init__(_("Dự toán này đã duyệt. Muốn thay đổi thì ghi thêm văn bản điều chỉnh tăng hoặc giảm."))


class PreparedByYou(BudgetRefused):
    """Who wrote a budget down does not also approve it."""

    def __init__(self) -> None:
        super().__init__(_("Dự toán này do bạn lập; người khác phải duyệt."))


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareBudget:
    """Money that a decision gives a programme for a quarter. Dự toán.

    Attributes:
        quarter: Any day of it.
        amount: Đồng; negative where a decision takes some back.
        reference: The decision.
        client_key: Key of this one form.
    """

    source: str
    quarter: date
    amount: int
    reference: str
    client_key: UUID | None = None


def first_day_of_quarter(day: date) -> date:
    """Return the first day of the quarter of a day.

    Examples:
        >>> first_day_of_quarter(date(2026, 11, 30))
        datetime.date(2026, 10, 1)
    """
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


@transaction.atomic
def prepare_budget(command: PrepareBudget, *, acting_user: User, now: datetime) -> Budget:
    """Write down what a decision gives a programme for a quarter; it counts once another person has approved it.

    Lập dự toán.

    Raises:
        NotYoursToBudget: The user keeps no budgets.
        UnknownProgramme, AmountWrong: Programme or amount cannot be.
        SetAlready: The same decision was written down for this programme and quarter.
        KeyAlreadyUsed: This form was sent before.
    """
    if not policies.prepares(acting_user, on=local_day(now)):
        raise NotYoursToBudget
    if command.source not in registered():
        raise UnknownProgramme(command.source)
    if not command.amount or abs(command.amount) > MOST:
        raise AmountWrong
    quarter, reference = first_day_of_quarter(command.quarter), " ".join(command.reference.split())
    budget, is_new = Budget.objects.get_or_create(
        source=command.source, quarter=quarter, reference=reference,
        defaults={"amount": command.amount, "prepared_by": acting_user, "prepared_at": now},
    )  # fmt: skip
    if not is_new:
        raise SetAlready(command.source)
    fact = BudgetPrepared(
        budget_id=budget.pk, source=budget.source, quarter=quarter, amount=budget.amount, reference=reference
    )
    record(fact, stream=budget.stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
    return budget


@transaction.atomic
def approve_budget(budget_id: int, *, acting_user: User, now: datetime) -> Budget:
    """Approve what another has written down; from now on runs may spend it.

    Duyệt dự toán.

    Raises:
        BudgetNotFound: There is none.
        NotYoursToBudget: The user approves none.
        ApprovedAlready: It is approved.
        PreparedByYou: The user wrote it down.
    """
    hold_budgets()
    budget = _unapproved(budget_id)
    if not policies.approves(acting_user, on=local_day(now)):
        raise NotYoursToBudget
    if budget.prepared_by_id == acting_user.pk:
        raise PreparedByYou
    budget.approved_by, budget.approved_at = acting_user, now
    budget.save(update_fields=["approved_by", "approved_at"])
    fact = BudgetApproved(budget_id=budget.pk, amount=budget.amount)
    record(fact, stream=budget.stream, actor_id=acting_user.pk, at=now)
    return budget


@transaction.atomic
def withdraw_budget(budget_id: int, *, reason: str, acting_user: User, now: datetime) -> None:
    """Take back a budget that nobody has approved; what was written stays in the log.

    Bỏ dự toán chưa duyệt.

    Raises:
        BudgetNotFound: There is none.
        NotYoursToBudget: The user neither keeps nor approves budgets.
        ApprovedAlready: It is approved and stays.
    """
    budget = _unapproved(budget_id)
    on = local_day(now)
    if not policies.prepares(acting_user, on=on) and not policies.approves(acting_user, on=on):
        raise NotYoursToBudget
    fact = BudgetWithdrawn(
        budget_id=budget.pk, amount=budget.amount, reference=budget.reference, reason=reason.strip()[:300]
    )
    record(fact, stream=budget.stream, actor_id=acting_user.pk, at=now)
    budget.delete()


def _unapproved(budget_id: int) -> Budget:
    budget: Budget | None = Budget.objects.select_for_update().filter(pk=budget_id).first()
    if budget is None:
        raise BudgetNotFound
    if budget.approved_at is not None:
        raise ApprovedAlready
    return budget
