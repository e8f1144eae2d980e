"""Does the budget of the quarter suffice for a run?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from lienthong.infra import locks
from lienthong.payments import sources
from lienthong.payments.models import PaymentRun
from lienthong.payments.services import statements_of_lines as statements
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.states import RunState


class BudgetShort(PaymentRefused):
    """What a run pays is more than what is left of a budget.

    Attributes:
        shortfalls: For each source what is needed, what is left and what is missing, in đồng.
        is_listed: The list is there, and waits to be signed.
    """

    def __init__(self, shortfalls: list[dict[str, Any]], *, is_listed: bool) -> None:
        self.shortfalls = shortfalls
        parts = [
            _("%(source)s cần %(needed)s đồng, còn %(left)s đồng, thiếu %(missing)s đồng")
            % {"source": row["label"], **{name: dotted(row[name]) for name in ("needed", "left", "missing")}}
            for row in shortfalls
        ]
        words = (
            _("Dự toán của quý không còn đủ: %(parts)s. Hãy bổ sung dự toán được duyệt rồi ký lại, hoặc hủy đợt.")
            if is_listed
            else _(
                "Dự toán của quý không đủ: %(parts)s. Hãy bổ sung dự toán được duyệt rồi bấm “Tổng hợp lại”, hoặc hủy đợt."
            )
        )
        super().__init__(words % {"parts": "; ".join(parts)})


def quarter_of(month: date) -> date:
    """Return the first day of the quarter that a month lies in."""
    return month.replace(month=(month.month - 1) // 3 * 3 + 1, day=1)


def hold_budgets() -> None:
    """Let nobody else approve a budget, or compare one, until the transaction ends."""
    locks.hold("payment-budgets")


def check_budgets(run: PaymentRun) -> list[str]:
    """Compare what a run pays with what is left of the quarter's budgets; asked when it is listed, approved and released.

    Returns:
        A notice for each source without an approved budget: what is not known stops nobody, and is said.

    Raises:
        BudgetShort: A budget does not suffice.
    """
    hold_budgets()
    quarter = quarter_of(run.month)
    with connection.cursor() as cursor:
        cursor.execute(statements.BUDGETS, {"run": run.pk, "quarter": quarter})
        rows = cursor.fetchall()
    notices, shortfalls = [], []
    for code, needed, budget, used in rows:
        label = sources.label_of(code)
        if budget is None:
            notices.append(
                _("Chưa có dự toán được duyệt của %(source)s cho quý %(quarter)s; chưa so được với số tiền của đợt.")
                % {"source": label, "quarter": f"{(quarter.month + 2) // 3}/{quarter.year}"}
            )
        elif needed > budget - used:
            left = max(budget - used, 0)
            shortfalls.append(
                {"source": code, "label": label, "needed": needed, "left": left, "missing": needed - left}
            )
    if shortfalls:
        raise BudgetShort(shortfalls, is_listed=run.state != RunState.COLLECTING)
    return notices


def dotted(amount: int) -> str:
    """Write an amount with points between thousands."""
    return f"{amount:,}".replace(",", ".")
