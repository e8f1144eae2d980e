"""One change of one benefit: a form, the months before and after, the proposal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.assistance import policies
from lienthong.assistance.queries import people
from lienthong.assistance.queries.recovering import unfinished
from lienthong.assistance.services.previewing import preview_proposal
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import ProposalKind
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, writes
from lienthong.office.assistance.person import acts_of, entitlement_told
from lienthong.office.assistance.proposal_forms import ACT_FORMS, PayeeFields
from lienthong.office.assistance.wording import this_month
from lienthong.office.pages import office_page
from lienthong.payments.queries.overpayments import open_of_benefit
from lienthong.units import queries as units


@allowed(policies.sees_assistance)
@writes
def act(request: HouseRequest, entitlement_id: int, action: str) -> HttpResponse:
    row = people.get_entitlement(entitlement_id, as_=request.user, on=request.today)
    acts = dict(acts_of(row, request))
    here = reverse("office:assistance_act", args=[row.pk, action])
    if here not in acts.values():
        raise people.PersonNotFound
    kind = ProposalKind(action)
    form = _form(kind, row, request)
    preview = None
    if request.method == "POST" and form.is_valid() and _finds_payee(form):
        who = {"acting_user": request.user, "now": request.received_at}
        try:
            if request.POST.get("verb") == "propose":
                proposal = form.verb(**who)
                messages.success(request, _("Đã đề xuất. Người khác của xã, của sở sẽ duyệt."))
                return redirect("office:assistance_proposal", proposal.pk)
            preview = preview_proposal(lambda: form.verb(**who), person_id=row.person_id, **who)
        except AssistanceRefusal as refusal:
            form.show(refusal)
    note_read(request, f"person:{row.person_id}", "assistance")
    context = {
        "row": row,
        "told": entitlement_told(row, this_month(request.today), []),
        "heading": capfirst(str(kind.label)),
        "what": _what(kind),
        "form": form,
        "preview": preview,
        "back": reverse("office:assistance_person", args=[row.person_id]),
    }
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/assistance/change.html", context, status=status)


def find_payee(form: forms.Form) -> int | None:
    """Return who was named as payee; where nobody is, the form says so."""
    number, name = form.cleaned_data.get("payee_number"), form.cleaned_data.get("payee_name")
    if not number or not name:
        return None
    found = people.payee_of(number, name)
    if found is None:
        form.add_error(
            "payee_number",
            _("Không có ai mang cả số định danh và họ tên này trong dữ liệu dân cư. Kiểm tra lại số và tên."),
        )
        return None
    return int(found.pk)


def _finds_payee(form: Any) -> bool:
    if isinstance(form, PayeeFields):
        form.payee_id = find_payee(form)  # type: ignore[attr-defined]
    return not form.errors


def _form(kind: ProposalKind, row: Any, request: HouseRequest) -> Any:
    more: dict[str, Any] = {}
    if kind == ProposalKind.MOVE:
        more["communes"] = [(str(unit.pk), unit.name) for unit in units.communes_on(request.today)]
    if kind == ProposalKind.RECOVER:
        more["overpaid"] = list(open_of_benefit(row.programme, row.person_id, row.benefit))
        left = unfinished(person_id=row.person_id)
        more["unfinished"] = [one for one in left if one.recovery.entitlement.programme == row.programme]
    return ACT_FORMS[kind](request.POST or None, row=row, on=request.today, **more)


def _what(kind: ProposalKind) -> str:
    return {
        ProposalKind.ADJUST: _("Tính lại mọi khoản của người này theo thông tin đang có, từ tháng có sự thay đổi."),
        ProposalKind.SUSPEND: _(
            "Không trả tiền từ tháng sau, cho tới khi có quyết định hưởng trở lại hoặc thôi hưởng."
        ),
        ProposalKind.RESUME: _("Trả tiền trở lại từ một tháng; các tháng đã dừng trước đó không được trả."),
        ProposalKind.STOP: _("Thôi hưởng từ tháng sau tháng xảy ra sự việc; tháng xảy ra vẫn được trả."),
        ProposalKind.MOVE: _("Xã khác chi trả từ tháng sau; mức hưởng không đổi nếu điều kiện không đổi."),
        ProposalKind.CHANGE_PAYEE: _("Người hưởng không đổi; chỉ đổi người nhận tiền."),
        ProposalKind.REINSTATE: _(
            "Khoản đã thôi hưởng nhầm được hưởng tiếp; các tháng chưa trả được truy lĩnh ở đợt chi trả sau."
        ),
        ProposalKind.RECOVER: _("Mỗi tháng giữ lại một phần cho tới khi thu đủ số tiền hưởng thừa."),
    }[kind]
