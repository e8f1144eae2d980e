"""Especially difficult communes and hamlets: the list, putting one down, the second person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance import policies
from lienthong.assistance.queries import difficult_areas as queries
from lienthong.assistance.services import difficult_areas as services
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Programme, ProposalState
from lienthong.infra import forms
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.office.assistance.asked import commune_of_assistance
from lienthong.office.assistance.wording import PROPOSAL_TONES, days_span, until_of
from lienthong.office.pages import office_page, page_number
from lienthong.office.payments.asked import choices
from lienthong.office.sent_once import SentOnce
from lienthong.units import queries as units

ROWS_ON_A_PAGE = 100


def runs_areas(user: Any, *, on: date) -> bool:
    """Tell whether the user puts areas down or decides on them."""
    return policies.runs_province(user, on=on, programme=Programme.SOCIAL)


class AreaForm(SentOnce):
    """A commune or a hamlet of it, with the instrument that lists it."""

    unit = forms.ChoiceField(label=gettext_lazy("Xã, phường"), select=True)
    hamlet = forms.LineField(
        label=gettext_lazy("Thôn, xóm, tổ dân phố"), required=False, max_length=120, help_text=gettext_lazy("Để trống nếu cả xã")
    )  # fmt: skip
    reference = forms.LineField(
        label=gettext_lazy("Văn bản công nhận"), max_length=200, help_text=gettext_lazy("Ví dụ: 861/QĐ-TTg")
    )
    valid_from = forms.DayField(label=gettext_lazy("Từ ngày"))
    last_day = forms.DayField(
        label=gettext_lazy("Đến hết ngày"), required=False, help_text=gettext_lazy("Để trống khi còn áp dụng")
    )

    def __init__(self, *args: Any, communes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(self, "unit", [("", _("chọn xã, phường")), *communes])


class RefuseForm(SentOnce):
    """Why an area is turned down."""

    reason = forms.LineField(label=gettext_lazy("Lý do"), max_length=200)


@allowed(policies.sees_assistance)
@reads
def area_list(request: HouseRequest) -> HttpResponse:
    commune = request.GET.get("commune", "")[:20]
    rows = queries.areas(on=None if request.GET.get("days") == "all" else request.today, commune=commune)
    drafts = queries.drafts_waiting(commune=commune)
    if request.GET.get("format") == "xlsx":
        return _export(rows, drafts)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "rows": [(one, days_span(one.valid_from, one.valid_until)) for one in page],
        "drafts": [(one, days_span(one.valid_from, one.valid_until)) for one in drafts],
        "runs": runs_areas(request.user, on=request.today),
        "days": [("", _("Hôm nay")), ("all", _("Mọi thời gian"))],
        **choices(request, commune_of_assistance(request, commune)),
    }
    return office_page(request, "office/assistance/areas.html", context)


@allowed(runs_areas)
@writes
def new_area(request: HouseRequest) -> HttpResponse:
    communes = [(str(unit.pk), unit.name) for unit in units.communes_on(request.today)]
    form = AreaForm(request.POST or None, communes=communes)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        command = services.PrepareArea(
            unit_id=int(data["unit"]), hamlet=data["hamlet"], reference=data["reference"], valid_from=data["valid_from"],
            valid_until=until_of(data["last_day"]), client_key=data["client_key"],
        )  # fmt: skip
        try:
            draft = services.prepare_area(command, acting_user=request.user, now=request.received_at)
        except AssistanceRefusal as refusal:
            form.show(refusal)
        except KeyAlreadyUsed as again:
            messages.info(request, str(again))
            return redirect("office:assistance_areas")
        else:
            messages.success(request, _("Đã lập, chờ người khác của sở duyệt."))
            return redirect("office:assistance_area", draft.pk)
    context = {
        "heading": _("Lập địa bàn đặc biệt khó khăn"),
        "what": _("Có hiệu lực khi người khác của sở duyệt; lần rà soát đối tượng sau đó nêu ai được hưởng thêm."),
        "press": _("Lập, chờ duyệt"),
        "caption": _("Địa bàn đặc biệt khó khăn"),
        "back": reverse("office:assistance_areas"),
        "form": form,
    }
    return office_page(request, "office/assistance/act.html", context, status=422 if form.errors else 200)


@allowed(runs_areas)
@writes
def area(request: HouseRequest, draft_id: int) -> HttpResponse:
    draft = queries.get_draft(draft_id)
    verb = request.POST.get("verb", "")
    form = RefuseForm(request.POST) if verb == "refuse" else RefuseForm()
    if verb == "approve" or (verb == "refuse" and form.is_valid()):
        _decide(request, draft, form, refuses=verb == "refuse")
        return redirect("office:assistance_area", draft.pk)
    is_own = draft.prepared_by_id == request.user.pk
    approves = policies.approves_at_province(request.user, on=request.today, programme=Programme.SOCIAL)
    is_pending = draft.state == ProposalState.PENDING
    context = {
        "row": draft,
        "days": days_span(draft.valid_from, draft.valid_until),
        "tone": PROPOSAL_TONES[ProposalState(draft.state)],
        "form": form,
        "is_own": is_own,
        "may_approve": is_pending and approves and not is_own,
        "may_refuse": is_pending and (approves or is_own),
        "waits": is_pending and not (approves and not is_own),
    }
    return office_page(request, "office/assistance/area.html", context, status=422 if form.errors else 200)


def _decide(request: HouseRequest, draft: Any, form: RefuseForm, *, refuses: bool) -> None:
    who = {"acting_user": request.user, "now": request.received_at}
    try:
        if refuses:
            services.refuse_area(draft.pk, reason=form.cleaned_data["reason"], **who)
        else:
            services.approve_area(draft.pk, **who)
    except AssistanceRefusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi."))


def _export(rows: Any, drafts: Any) -> HttpResponse:
    """Give the list as it is narrowed: what waits for the second person first, as on screen."""
    columns = [
        _("Xã, phường"), _("Thôn, xóm, tổ dân phố"), _("Văn bản công nhận"), _("Áp dụng"), _("Người ghi"), _("Trạng thái"),
    ]  # fmt: skip
    waiting = [(one, one.prepared_by, _("chờ duyệt")) for one in drafts]
    recorded = [(one, one.recorded_by, _("đã duyệt")) for one in rows]
    lines = [
        (
            one.unit.name, one.hamlet or _("cả xã"), one.reference, days_span(one.valid_from, one.valid_until), who.full_name,
            state,
        )
        for one, who, state in (*waiting, *recorded)
    ]  # fmt: skip
    return sheet_response("dia-ban-dac-biet-kho-khan.xlsx", columns=columns, rows=lines)
