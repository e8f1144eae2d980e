"""Ending a procedure: one editor prepares the withdrawal, another reads and confirms it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.infra.http import HouseRequest, allowed, writes
from lienthong.kernel.days import format_day
from lienthong.office.catalogue.access import keeps_catalogue, keeps_field
from lienthong.office.catalogue.forms import WithdrawForm
from lienthong.office.pages import office_page


@allowed(keeps_catalogue)
@writes
def withdraw(request: HouseRequest, code: str) -> HttpResponse:
    record = catalogue.get_procedure(code)
    if not keeps_field(request.user, record.field.code, on=request.today):
        raise catalogue.NoSuchProcedure
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        command = services.PrepareWithdrawal(
            code=code,
            from_on=given["from_on"],
            reason=given["reason"],
            decision_number=given["decision_number"],
            replaced_by=form.codes(),
        )
        try:
            services.prepare_withdrawal(command, actor_id=request.user.pk, now=request.received_at)
        except services.WithdrawalAlreadyThere as refusal:
            form.show(refusal)
        except services.WithdrawalRefused as refusal:
            form.show(refusal, field="from_on")
        except catalogue.NoSuchProcedure as refusal:
            form.show(refusal, field="replaced_by")
        else:
            messages.success(
                request, _("Đã soạn bãi bỏ thủ tục %(code)s. Hãy nhờ một cán bộ khác xác nhận.") % {"code": code}
            )
            return redirect("office:catalogue_procedure", code)
    versions = catalogue.versions_of(code, drafts=True)
    context = {"record": record, "version": versions[0], "form": form}
    return office_page(request, "office/catalogue/withdraw.html", context, status=422 if form.errors else 200)


@require_POST
@allowed(keeps_catalogue)
@writes
def confirm(request: HouseRequest, withdrawal_id: int) -> HttpResponse:
    code = _kept(request, withdrawal_id).procedure.code
    try:
        done = services.confirm_withdrawal(withdrawal_id, actor_id=request.user.pk, now=request.received_at)
    except services.WithdrawalRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        words = {"code": code, "day": format_day(done.from_on)}
        messages.success(request, _("Đã bãi bỏ thủ tục %(code)s từ %(day)s.") % words)
    return redirect("office:catalogue_procedure", code)


@require_POST
@allowed(keeps_catalogue)
@writes
def discard(request: HouseRequest, withdrawal_id: int) -> HttpResponse:
    code = _kept(request, withdrawal_id).procedure.code
    services.discard_withdrawal(withdrawal_id, actor_id=request.user.pk, now=request.received_at)
    messages.success(request, _("Đã hủy bản bãi bỏ. Thủ tục %(code)s vẫn có hiệu lực như trước.") % {"code": code})
    return redirect("office:catalogue_procedure", code)


def _kept(request: HouseRequest, withdrawal_id: int) -> Any:
    """Return the waiting withdrawal of a procedure whose field the reader keeps."""
    withdrawal = catalogue.get_withdrawal(withdrawal_id)
    if not keeps_field(request.user, withdrawal.procedure.field.code, on=request.today):
        raise catalogue.NoSuchProcedure
    return withdrawal
