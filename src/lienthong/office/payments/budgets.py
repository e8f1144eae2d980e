"""What may be spent in each quarter, what runs have taken, and the two people behind each decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import forms
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, not_found, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import dong
from lienthong.kernel.days import add_months
from lienthong.office.pages import office_page
from lienthong.office.payments.asked import choices, programme_select, with_all
from lienthong.office.sent_once import SentOnce
from lienthong.payments import policies, sources
from lienthong.payments.queries import budgets as queries
from lienthong.payments.services import budgets as services

QUARTERS_OFFERED = range(-4, 5)


class BudgetForm(SentOnce):
    """Money that a decision gives a programme for a quarter."""

    source = forms.ChoiceField(label=gettext_lazy("Chương trình"), choices=())
    quarter = forms.ChoiceField(label=gettext_lazy("Quý"), choices=(), select=True)
    direction = forms.ChoiceField(
        label=gettext_lazy("Giao hay điều chỉnh giảm"),
        choices=(("plus", gettext_lazy("Giao, bổ sung")), ("minus", gettext_lazy("Điều chỉnh giảm"))),
        initial="plus",
        inline=True,
    )
    amount = forms.MoneyField(label=gettext_lazy("Số tiền"), at_least=1, at_most=services.MOST)
    reference = forms.LineField(
        label=gettext_lazy("Văn bản giao dự toán"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: 3456/QĐ-UBND ngày 15/12/2025"),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(self, "source", [(one.code, one.label) for one in sources.registered().values()])
        quarters = [add_months(services.first_day_of_quarter(on), 3 * step) for step in QUARTERS_OFFERED]
        forms.choose_from(
            self, "quarter", [(day.isoformat(), _("Quý %s") % queries.quarter_words(day)) for day in reversed(quarters)]
        )
        self.initial.setdefault("quarter", services.first_day_of_quarter(on).isoformat())

    def to_command(self) -> services.PrepareBudget:
        """Return the command."""
        data = self.cleaned_data
        return services.PrepareBudget(
            source=data["source"], quarter=date.fromisoformat(data["quarter"]), reference=data["reference"],
            amount=data["amount"] * (-1 if data["direction"] == "minus" else 1), client_key=data["client_key"],
        )  # fmt: skip


class WithdrawForm(forms.Form):
    """Why a budget is taken back before it is approved."""

    reason = forms.NoteField(label=gettext_lazy("Lý do"), max_length=300, rows=2)


@allowed(policies.sees_province)
@reads
def budget_list(request: HouseRequest) -> HttpResponse:
    years = queries.years_of_budgets(on=request.today)
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one) == asked), request.today.year)
    source = request.GET.get("source", "")[:40]
    quarters = [date(year, month, 1) for month in (1, 4, 7, 10) if date(year, month, 1) <= add_months(request.today, 3)]
    asked_standing = request.GET.get("state", "")
    lines = queries.budget_lines(quarters, source=source)
    if asked_standing in dict(STANDINGS):
        lines = [line for line in lines if _standing(line) == asked_standing]
    if request.GET.get("format") == "xlsx":
        return _export(lines)
    waiting = [budget for line in lines for budget in line.decisions if budget.approved_at is None]
    context = {
        "lines": [(line, _tone(line)) for line in lines],
        "years": [(str(one), str(one)) for one in years],
        "usual": str(request.today.year),
        "year": year,
        "waiting": [(budget, sources.label_of(budget.source), queries.quarter_words(budget.quarter)) for budget in waiting],
        "decisions": [
            (budget, line.label, line.in_words) for line in lines for budget in line.decisions if budget.approved_at
        ],
        "may_prepare": policies.prepares(request.user, on=request.today),
        "may_approve": policies.approves(request.user, on=request.today),
        "standings": with_all(STANDINGS.items()),
        **choices(request, programme_select(source)),
    }  # fmt: skip
    return office_page(request, "office/payments/budgets.html", context)


@allowed(policies.prepares)
@writes
def new_budget(request: HouseRequest) -> HttpResponse:
    form = BudgetForm(request.POST or None, on=request.today)
    if form.is_valid():
        try:
            services.prepare_budget(form.to_command(), acting_user=request.user, now=request.received_at)
        except services.SetAlready as refusal:
            form.show(refusal, field="reference")
        except services.AmountWrong as refusal:
            form.show(refusal, field="amount")
        except (services.BudgetRefused, KeyAlreadyUsed) as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã lập dự toán. Lãnh đạo duyệt rồi mới được tính."))
            return redirect("office:payments_budgets")
    return office_page(request, "office/payments/new_budget.html", {"form": form}, status=422 if form.errors else 200)


@allowed(policies.sees_province)
@writes
def budget_act(request: HouseRequest, budget_id: int, action: str) -> HttpResponse:
    budget = queries.get_budget(budget_id)
    gates: dict[str, Callable[..., bool]] = {"approve": policies.approves, "withdraw": _may_withdraw}
    if action not in gates or not gates[action](request.user, on=request.today):
        return not_found(request)
    withdraws = action == "withdraw"
    form: Any = (WithdrawForm if withdraws else forms.Form)(request.POST or None)
    if request.method == "POST" and (not withdraws or form.is_valid()):
        who = {"acting_user": request.user, "now": request.received_at}
        try:
            if withdraws:
                services.withdraw_budget(budget.pk, reason=form.cleaned_data["reason"], **who)
            else:
                services.approve_budget(budget.pk, **who)
        except services.BudgetRefused as refusal:
            form = form if form.is_bound else forms.Form({})
            form.show(refusal)
        else:
            messages.success(request, _("Đã bỏ dự toán chưa duyệt.") if withdraws else _("Đã duyệt dự toán."))
            return redirect("office:payments_budgets")
    words = {"programme": sources.label_of(budget.source), "quarter": queries.quarter_words(budget.quarter)}
    context = {
        "back": reverse("office:payments_budgets"),
        "back_words": _("Dự toán"),
        "caption": _("%(programme)s, quý %(quarter)s") % words,
        "words": _("Bỏ dự toán chưa duyệt") if withdraws else _("Duyệt dự toán"),
        "what_happens": _("%(amount)s theo %(reference)s, do %(who)s lập.")
        % {"amount": dong(budget.amount), "reference": budget.reference, "who": budget.prepared_by.full_name},
        "kind": "warning" if withdraws else "primary",
        "form": form,
    }
    return office_page(request, "office/payments/act.html", context, status=422 if form.errors else 200)


def _may_withdraw(user: Any, *, on: date) -> bool:
    return policies.prepares(user, on=on) or policies.approves(user, on=on)


STANDINGS = {
    "wait": gettext_lazy("chưa có dự toán được duyệt"), "late": gettext_lazy("vượt dự toán"),
    "soon": gettext_lazy("còn dưới 10 %"), "done": gettext_lazy("đủ"),
}  # fmt: skip
"""How a programme may stand in a quarter, by tone."""


def _standing(line: Any) -> str:
    if line.given is None:
        return "wait"
    if line.left < 0:
        return "late"
    return "soon" if line.left * 10 < line.given else "done"


def _tone(line: Any) -> tuple[str, str]:
    """Say in words and tone how a programme stands in a quarter."""
    standing = _standing(line)
    return str(STANDINGS[standing]), standing


def _export(lines: Any) -> HttpResponse:
    columns = [_("Quý"), _("Chương trình"), _("Được giao"), _("Chờ duyệt"), _("Đã dùng"), _("Còn lại"), _("Tình trạng")]
    rows = [
        (line.in_words, line.label, line.given, line.waiting, line.taken, line.left, _tone(line)[0]) for line in lines
    ]
    return sheet_response("du-toan-chi-tra.xlsx", columns=columns, rows=rows)
