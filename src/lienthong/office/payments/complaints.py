"""Complaints about money: the list, one with its timeline, taking in, answering, closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.accounts.queries import happenings_of
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, not_found, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import dong, moment_short
from lienthong.office.pages import office_page
from lienthong.office.payments.asked import choices, commune_select, each_of, page_of, programme_select
from lienthong.office.payments.complaint_forms import AnswerForm, ComplaintForm, ReopenForm
from lienthong.office.payments.tones import COMPLAINT_TONES, LINE_TONES
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.payments import policies, sources
from lienthong.payments.queries import complaints as queries
from lienthong.payments.queries.accounts import get_payee
from lienthong.payments.queries.complaints import ComplaintFilter
from lienthong.payments.services import complaints as services
from lienthong.payments.states import ComplaintState, LineState

ALL = "all"


@allowed(policies.sees_payments)
@reads
def complaint_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, ComplaintFilter)
    rows = queries.filtered_complaints(request.user, asked, on=request.today)
    if request.GET.get("format") == "xlsx":
        note_read(request, f"payment-complaints:{address_of(asked)}", "export")
        return _export(each_of(rows))
    counts = queries.complaint_counts(request.user, asked, on=request.today)
    page = page_of(request, rows)
    states = [(state.value, capfirst(state.label), counts[state]) for state in ComplaintState]
    context = {
        "page": page,
        "rows": [(one, _line_words(one.line), *_state(one)) for one in page],
        "counts": counts,
        "total": sum(counts.values()),
        "states": [*states, (ALL, _("Tất cả"), sum(counts.values()))],
        "usual": ComplaintState.OPEN.value,
        **choices(request, commune_select(request, asked.commune), programme_select(asked.source)),
    }
    return office_page(request, "office/payments/complaints.html", context)


@allowed(policies.sees_payments)
@reads
def complaint_page(request: HouseRequest, complaint_id: int) -> HttpResponse:
    return _shown(request, queries.get_complaint(complaint_id, user=request.user, on=request.today))


@allowed(policies.sees_payments)
@writes
def new_complaint(request: HouseRequest, person_id: int) -> HttpResponse:
    person = get_payee(person_id, user=request.user, on=request.today)
    if not policies.answers_complaints(request.user, person.unit_id, on=request.today):
        return not_found(request)
    lines = [(line.pk, _line_words(line)) for line in queries.lines_to_complain_about(person.pk)]
    form = ComplaintForm(request.POST or None, lines=lines, initial={"line": request.GET.get("line", "")})
    if form.is_valid():
        try:
            complaint = services.raise_complaint(
                form.to_command(person.pk), acting_user=request.user, now=request.received_at
            )
        except services.NotTheirPayment as refusal:
            form.show(refusal, field="line")
        except services.NothingSaid as refusal:
            form.show(refusal, field="text")
        except (services.ComplaintRefused, KeyAlreadyUsed) as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã ghi phản ánh."))
            return redirect("office:payments_complaint", complaint.pk)
    note_read(request, f"person:{person.pk}")
    context = {"person": person, "form": form}
    return office_page(request, "office/payments/new_complaint.html", context, status=422 if form.errors else 200)


@allowed(policies.sees_payments)
@writes
def complaint_act(request: HouseRequest, complaint_id: int, action: str) -> HttpResponse:
    complaint = queries.get_complaint(complaint_id, user=request.user, on=request.today)
    if action not in {"answer", "reopen", "close"} or not _may_work(request, complaint):
        return not_found(request)
    if request.method != "POST":
        return redirect("office:payments_complaint", complaint.pk)
    who = {"acting_user": request.user, "now": request.received_at}
    forms: dict[str, Any] = {"answer": AnswerForm(), "reopen": ReopenForm()}
    if action in forms:
        forms[action] = type(forms[action])(request.POST)
        if not forms[action].is_valid():
            return _shown(request, complaint, forms)
    try:
        match action:
            case "answer":
                services.answer_complaint(complaint.pk, answer=forms["answer"].cleaned_data["text"], **who)
            case "reopen":
                services.reopen_complaint(complaint.pk, reason=forms["reopen"].cleaned_data["reason"], **who)
            case _:
                services.close_complaint(complaint.pk, **who)
    except services.ComplaintRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi."))
    return redirect("office:payments_complaint", complaint.pk)


def _shown(request: HouseRequest, complaint: Any, forms: dict[str, Any] | None = None) -> HttpResponse:
    note_read(request, f"person:{complaint.person_id}")
    forms = forms or {"answer": AnswerForm(), "reopen": ReopenForm()}
    line = complaint.line
    works = _may_work(request, complaint)
    context = {
        "complaint": complaint,
        "state": _state(complaint),
        "line": line,
        "line_words": _line_words(line),
        "line_state": (capfirst(LineState(line.state).label), LINE_TONES[LineState(line.state)]) if line else None,
        "forms": forms,
        "may_answer": works and complaint.state == ComplaintState.OPEN,
        "may_close": works and complaint.state == ComplaintState.ANSWERED,
        "happened": happenings_of(complaint.stream),
    }
    wrong = any(form.errors for form in forms.values())
    return office_page(request, "office/payments/complaint.html", context, status=422 if wrong else 200)


def _may_work(request: HouseRequest, complaint: Any) -> bool:
    return policies.answers_complaints(request.user, complaint.unit_id, on=request.today)


def _state(complaint: Any) -> tuple[str, str]:
    state = ComplaintState(complaint.state)
    return str(capfirst(state.label)), COMPLAINT_TONES[state]


def _line_words(line: Any) -> str:
    """Name a payment as people know it: what, of which month, how much."""
    if line is None:
        return ""
    return _("%(benefit)s, tháng %(month)s, %(amount)s") % {
        "benefit": capfirst(sources.benefit_label(line.source, line.benefit)),
        "month": f"{line.for_month:%m/%Y}",
        "amount": dong(line.net),
    }


def _export(rows: Any) -> HttpResponse:
    columns = [
        _("Người hưởng"), _("Xã, phường"), _("Chương trình"), _("Khoản chi"), _("Nội dung phản ánh"), _("Gửi lúc"), _("Trạng thái"),
        _("Trả lời"), _("Trả lời lúc"),
    ]  # fmt: skip
    lines = (
        (
            one.person.full_name, one.unit.name if one.unit else "", sources.label_of(one.line.source) if one.line else "",
            _line_words(one.line), one.text, moment_short(one.made_at), ComplaintState(one.state).label, one.answer,
            moment_short(one.answered_at),
        )
        for one in rows
    )  # fmt: skip
    return sheet_response("phan-anh-chi-tra.xlsx", columns=columns, rows=lines)
