"""What can happen to what may be spent."""

from dataclasses import dataclass
from datetime import date

from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class BudgetPrepared(Fact):
    """Lập dự toán của một chương trình cho một quý."""

    sentence = "Lập dự toán {amount} đồng theo {reference}."
    budget_id: int
    source: str
    quarter: date
    amount: int
    reference: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class BudgetApproved(Fact):
    """Duyệt dự toán."""

    sentence = "Duyệt dự toán {amount} đồng."
    budget_id: int
    amount: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class BudgetWithdrawn(Fact):
    """Bỏ một dự toán chưa duyệt."""

    sentence = "Bỏ dự toán {amount} đồng chưa duyệt theo {reference}. {reason}"
    budget_id: int
    amount: int
    reference: str
    reason: str
