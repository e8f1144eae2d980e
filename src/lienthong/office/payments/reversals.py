"""A payment over the counter that was ticked as received by mistake: another person reverses it, with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, writes
from lienthong.office.pages import office_page
from lienthong.office.payments.places import works_with_receivers
from lienthong.payments.queries import run_lines
from lienthong.payments.services import reversing
from lienthong.payments.services.refusals import PaymentRefused


class ReversalForm(forms.Form):
    """What was mistaken."""

    reason = forms.LineField(
        label=gettext_lazy("Vì sao ghi nhầm"), max_length=300,
        help_text=gettext_lazy("Ví dụ: đánh dấu nhầm dòng; người nhận báo chưa nhận tiền"),
    )  # fmt: skip


@allowed(works_with_receivers)
@writes
def reverse_tick(request: HouseRequest, line_id: int) -> HttpResponse:
    line = run_lines.get_line(line_id, request.user, on=request.today)
    form = ReversalForm(request.POST or None)
    back = reverse("office:payments_line", args=[line.pk])
    if request.method == "POST" and form.is_valid():
        command = reversing.ReverseTick(line_id=line.pk, reason=form.cleaned_data["reason"])
        try:
            reversing.reverse_tick(command, acting_user=request.user, now=request.received_at)
        except PaymentRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã đảo kết quả ghi nhầm. Lần ghi trước vẫn giữ trong sổ."))
            return redirect(back)
    note_read(request, f"person:{line.person_id}")
    context = {
        "back": back,
        "back_words": line.person.full_name,
        "caption": line.person.full_name,
        "words": _("Đảo kết quả ghi nhầm"),
        "what_happens": _(
            "Khoản này lại chờ kết quả; nếu đợt đã khóa sổ thì thành chưa nhận và được chi lại ở đợt sau. Người đã ghi kết quả không tự đảo được."
        ),
        "kind": "warning",
        "form": form,
    }
    return office_page(request, "office/payments/act.html", context, status=422 if form.errors else 200)


def reversal_of(line: Any, request: HouseRequest) -> str:
    """Return where a payment that was ticked as received is reversed; empty where nobody, or not this user, can."""
    if not works_with_receivers(request.user, on=request.today):
        return ""
    try:
        tick = reversing.ticked(line)
    except reversing.NotReversible:
        return ""
    is_own = tick.statement.imported_by_id == request.user.pk
    return "" if is_own else reverse("office:payments_reverse_tick", args=[line.pk])
