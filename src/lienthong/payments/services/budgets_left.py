"""Does the budget of the quarter suffice for a run?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from lienthong.payments import sources
from lienthong.payments.models import PaymentRun
from lienthong.payments.services import statements_of_lines as statements
from lienthong.payments.services.refusals import PaymentRefused


class BudgetShort(PaymentRefused):
    """What a run pays is more than what is left of a budget.

    Attributes:
        shortfalls: For each source what is needed, what is left and what is missing, in đồng.
    """

    def __init__(self, shortfalls: list[dict[str, Any]]) -> None:
        self.shortfalls = shortfalls
        parts = [
            _("%(source)s cần %(needed)s đồng, còn %(left)s đồng, thiếu %(missing)s đồng")
            % {"source": row["label"], **{name: dotted(row[name]) for name in ("needed", "left", "missing")}}
            for row in shortfalls
        ]
        super().__init__(
            _(
                "Dự toán của quý không đủ: %(parts)s. Hãy bổ sung dự toán được duyệt rồi bấm “Tổng hợp lại”, hoặc hủy đợt."
            )
            % {"parts": "; ".join(parts)}
        )


def quarter_of(month: date) -> date:
    """Return the first day of the quarter that a month lies in."""
    return month.replace(month=(month.month - 1) // 3 * 3 + 1, day=1)


def check_budgets(run: PaymentRun) -> list[str]:
    """Compare what a run pays with what is left of the quarter's budgets.

    Returns:
        A notice for each source without an approved budget: what is not known stops nobody, and is said.

    Raises:
        BudgetShort: A budget does not suffice.
    """
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
        raise BudgetShort(shortfalls)
    return notices


def dotted(amount: int) -> str:
    """Write an amount with points between thousands."""
    return f"{amount:,}".replace(",", ".")
