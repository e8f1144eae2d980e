"""What was proposed: the work list of those who decide, one proposal with its months, and deciding many at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.accounts.queries import happenings_of
from lienthong.assistance import policies
from lienthong.assistance.queries import beneficiaries, decision_sheets
from lienthong.assistance.queries import proposals as queries
from lienthong.assistance.queries.proposals import ProposalFilter
from lienthong.assistance.queries.sentences import NOT_FITTING, unnumbered
from lienthong.assistance.services import deciding as services
from lienthong.assistance.services.previewing import Preview, preview_of
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Programme, ProposalKind, ProposalState
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.money import format_dong
from lienthong.kernel.text import whole_number
from lienthong.office.assistance.stories import told_story
from lienthong.office.assistance.wording import PROPOSAL_TONES
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.payments.queries.overpayments import months_of
from lienthong.units import queries as units

ROWS_ON_A_PAGE = 50
AT_ONCE = 200


class ApproveForm(forms.Form):
    """The decision that is signed."""

    decision_number = forms.LineField(
        label=gettext_lazy("Số quyết định"), max_length=60, help_text=gettext_lazy("Ví dụ: 125/QĐ-UBND")
    )
    note = forms.LineField(label=gettext_lazy("Ghi chú"), max_length=300, required=False)


class RefuseForm(forms.Form):
    """Why it is not approved, or taken back."""

    reason = forms.LineField(label=gettext_lazy("Lý do"), max_length=300)


@allowed(policies.sees_assistance)
@reads
def proposal_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, ProposalFilter)
    rows = queries.proposals(request.user, asked, on=request.today)
    note_read(request, f"assistance-proposals:{address_of(asked)}")
    if request.GET.get("format") == "xlsx":
        note_read(request, f"assistance-proposals:{address_of(asked)}", "export")
        return _export(rows)
    states, kinds = queries.counts(request.user, asked, on=request.today)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    decides = {one.pk: queries.may_decide(request.user, one, on=request.today) for one in page}
    places = units.names_now((one.unit for one in page), on=request.today)
    context = {
        "page": page,
        "rows": [_row(one, places[one.unit_id], may_decide=decides[one.pk]) for one in page],
        "asked": asked,
        "communes": beneficiaries.communes_to_choose(request.user, on=request.today),
        "states": [*((one.value, one.label, states[one]) for one in ProposalState), ("all", _("Tất cả"), states.total())],
        "kinds": [("", _("Tất cả"), kinds.total()), *((one.value, capfirst(one.label), kinds[one]) for one in ProposalKind if kinds[one])],
        "programmes": [("", _("Tất cả")), *((one.value, one.label) for one in Programme)],
        "waiting": states[ProposalState.PENDING],
        "may_bulk": any(decides.values()),
        "mine": queries.waiting_for(request.user, on=request.today),
        "is_narrowed": asked != ProposalFilter(),
    }  # fmt: skip
    return office_page(request, "office/assistance/proposals.html", context)


@allowed(policies.sees_assistance)
@writes
def proposal_page(request: HouseRequest, proposal_id: int) -> HttpResponse:
    proposal = queries.get_proposal(proposal_id, as_=request.user, on=request.today)
    verb = request.POST.get("verb", "")
    approve = ApproveForm(request.POST if verb == "approve" else None)
    refuse = RefuseForm(request.POST if verb in {"refuse", "withdraw"} else None)
    preview: Preview | None = None
    told = ""
    if verb == "preview":
        try:
            preview = preview_of(proposal, acting_user=request.user, now=request.received_at)
        except AssistanceRefusal as refusal:
            told = str(refusal)
    elif verb and _decided(request, proposal, verb, approve if verb == "approve" else refuse):
        return redirect("office:assistance_proposal", proposal.pk)
    note_read(request, f"person:{proposal.person_id}", "assistance")
    state = ProposalState(proposal.state)
    reasons = [unnumbered(one) for one in proposal.reasons]
    is_pending, is_own = state == ProposalState.PENDING, proposal.prepared_by_id == request.user.pk
    context = {
        "proposal": proposal,
        "kind": capfirst(str(proposal.get_kind_display())),
        "state": (state.label, PROPOSAL_TONES[state]),
        "programme": Programme(proposal.programme).label,
        "reasons": [one for one in reasons if not one.startswith(NOT_FITTING)],
        "not_fitting": [one for one in reasons if one.startswith(NOT_FITTING)],
        "asks": _asks(proposal),
        "may_decide": queries.may_decide(request.user, proposal, on=request.today),
        "may_withdraw": is_pending and is_own,
        "waits": is_pending,
        "has_months": proposal.kind != ProposalKind.EMERGENCY,
        "is_own": is_own,
        "approve": approve,
        "refuse": refuse,
        "preview": preview,
        "not_previewed": told,
        "happened": told_story(happenings_of(proposal.stream)),
        "sheet": None if is_pending else decision_sheets.sheet_of_proposal(proposal.pk),
    }
    status = 422 if approve.errors or refuse.errors else 200
    return office_page(request, "office/assistance/proposal.html", context, status=status)


@allowed(policies.sees_assistance)
@writes
def decide_many(request: HouseRequest) -> HttpResponse:
    # What was marked is shown once more; what is refused meanwhile is told and stays.
    ids = [number for one in request.POST.getlist("proposal")[:AT_ONCE] if (number := whole_number(one)) is not None]
    found = [one for one in _waiting(request, ids) if queries.may_decide(request.user, one, on=request.today)]
    back = reverse("office:assistance_proposals")
    if not found:
        if request.method == "POST":
            messages.warning(request, _("Chưa chọn đề xuất nào mà bạn duyệt được. Đánh dấu các dòng rồi bấm lại."))
        return redirect(back)
    form = ApproveForm(request.POST if request.POST.get("verb") == "approve" else None)
    if form.is_bound and form.is_valid():
        done, refused = _approve_all(request, found, form)
        if done:
            messages.success(request, _("Đã duyệt %(n)s đề xuất.") % {"n": done})
        for sentence in refused[:10]:
            messages.warning(request, sentence)
        return redirect(f"{back}?{urlencode({'state': ProposalState.PENDING.value})}")
    context = {
        "rows": [_row(one, one.unit.name, may_decide=True) for one in found],
        "form": form,
        "back": back,
    }
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/assistance/decide_many.html", context, status=status)


def _waiting(request: HouseRequest, ids: list[int]) -> Any:
    asked = ProposalFilter()
    return queries.proposals(request.user, asked, on=request.today).filter(pk__in=ids)


def _approve_all(request: HouseRequest, found: list[Any], form: ApproveForm) -> tuple[int, list[str]]:
    done, refused = 0, []
    for one in found:
        command = services.DecideProposal(
            proposal_id=one.pk, decision_number=form.cleaned_data["decision_number"], note=form.cleaned_data["note"]
        )
        try:
            services.approve_proposal(command, acting_user=request.user, now=request.received_at)
        except AssistanceRefusal as refusal:
            refused.append(f"{one.person.full_name}: {refusal}")
        else:
            done += 1
    return done, refused


def _decided(request: HouseRequest, proposal: Any, verb: str, form: Any) -> bool:
    if verb not in {"approve", "refuse", "withdraw"} or not form.is_valid():
        return verb not in {"approve", "refuse", "withdraw"}
    who = {"acting_user": request.user, "now": request.received_at}
    data = form.cleaned_data
    try:
        if verb == "approve":
            command = services.DecideProposal(
                proposal_id=proposal.pk, decision_number=data["decision_number"], note=data["note"]
            )
            services.approve_proposal(command, **who)
            messages.success(request, _approved_words(proposal))
        elif verb == "refuse":
            services.refuse_proposal(services.DecideProposal(proposal_id=proposal.pk, note=data["reason"]), **who)
            messages.success(request, _("Đã ghi không duyệt. Người đề xuất thấy lý do ở trang này."))
        else:
            services.withdraw_proposal(proposal.pk, reason=data["reason"], **who)
            messages.success(request, _("Đã rút đề xuất."))
    except AssistanceRefusal as refusal:
        form.show(refusal)
        return False
    return True


def _approved_words(proposal: Any) -> str:
    if proposal.kind == ProposalKind.EMERGENCY:
        return _("Đã duyệt. Tiền vào kỳ chi trả tới; gạo vào danh sách phát gạo của xã.")
    return _("Đã duyệt. Mức hưởng có hiệu lực, người hưởng thấy ở trang của mình.")


def _row(one: Any, place: str, *, may_decide: bool) -> dict[str, Any]:
    state = ProposalState(one.state)
    return {
        "id": one.pk,
        "url": reverse("office:assistance_proposal", args=[one.pk]),
        "kind": capfirst(str(one.get_kind_display())),
        "name": one.person.full_name,
        "number": one.person.personal_id_number,
        "place": place,
        "words": one.words,
        "by": one.prepared_by.full_name,
        "at": one.prepared_at,
        "state": state.label,
        "tone": PROPOSAL_TONES[state],
        "decided": one.decided_by.full_name if one.decided_by else "",
        "note": one.note,
        "decision": one.decision_number,
        "may_decide": may_decide,
    }


def _asks(proposal: Any) -> list[tuple[str, str]]:
    """Say what the payload asks for, where the sentence of the proposal does not."""
    payload, found = proposal.payload, []
    if payload.get("reason"):
        found.append((_("Lý do"), str(payload["reason"])))
    if proposal.kind == ProposalKind.RECOVER:
        found.append((_("Tổng số phải thu"), format_dong(payload["amount"])))
        found.append((_("Khấu trừ mỗi tháng"), format_dong(payload["monthly"])))
        if ids := payload.get("overpayment_ids"):
            found.append((_("Chi thừa của tháng"), ", ".join(f"{month:%m/%Y}" for month in months_of(ids))))
    return found


def _export(rows: Any) -> HttpResponse:
    return sheet_response(
        "de-xuat.xlsx",
        columns=[
            _("Loại"), _("Họ và tên"), _("Số định danh"), _("Xã, phường"), _("Nội dung"), _("Người đề xuất"), _("Đề xuất lúc"),
            _("Tình trạng"), _("Người duyệt"), _("Số quyết định"), _("Ghi chú"),
        ],
        rows=[
            (
                row["kind"], row["name"], row["number"], row["place"], row["words"], row["by"], f"{row['at']:%d/%m/%Y}",
                row["state"], row["decided"], row["decision"], row["note"],
            )
            for row in (_row(one, one.unit.name, may_decide=False) for one in rows)
        ],
    )  # fmt: skip
