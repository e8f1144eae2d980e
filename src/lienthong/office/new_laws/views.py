"""Applying a law that was in force later than it applies: choose the month, look at the differences, approve or leave it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.accounts.queries import happenings_of
from lienthong.assistance import policies
from lienthong.assistance.queries import law_change_lists as queries
from lienthong.assistance.queries.law_change_lists import BY_LAW
from lienthong.assistance.queries.law_values import MonthOfLaw, value_words
from lienthong.assistance.queries.top_ups import topped_up
from lienthong.assistance.services import law_changes as services
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import LawChangeState, Programme
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day, local_day
from lienthong.kernel.money import Dong, format_dong
from lienthong.kernel.text import whole_number
from lienthong.office.pages import office_page, page_number
from lienthong.office.payments.asked import with_all

ROWS_ON_A_PAGE = 50
SHOWN = (("", gettext_lazy("Tất cả")), ("law", gettext_lazy("Do mức mới")), ("apart", gettext_lazy("Phải xem riêng")))
WORKING = (LawChangeState.RECKONING, LawChangeState.APPLYING)
_TONES = {
    LawChangeState.RECKONING: "wait", LawChangeState.PREPARED: "soon", LawChangeState.APPLYING: "wait",
    LawChangeState.APPLIED: "done", LawChangeState.REFUSED: "late",
}  # fmt: skip


class ChooseMonthForm(forms.Form):
    """From which month a new law is applied."""

    month = forms.ChoiceField(label=gettext_lazy("Áp dụng mức mới từ tháng nào?"))

    def __init__(self, *args: Any, months: list[MonthOfLaw], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(self, "month", [(f"{one.programme}:{one.month.isoformat()}", _words(one)) for one in months])
        self.months = {f"{one.programme}:{one.month.isoformat()}": one for one in months}

    def to_command(self) -> services.ProposeLawChange:
        """Return the command."""
        chosen = self.months[self.cleaned_data["month"]]
        return services.ProposeLawChange(programme=chosen.programme, from_month=chosen.month)


class DecideForm(forms.Form):
    """The number of the decision, or why nothing is applied."""

    decision_number = forms.LineField(label=gettext_lazy("Số quyết định"), max_length=60, width=20, required=False)
    reason = forms.NoteField(label=gettext_lazy("Lý do, nếu không áp dụng"), max_length=500, rows=2, required=False)


def _words(one: MonthOfLaw) -> str:
    late = _(" – phải truy lĩnh") if one.is_late else ""
    return _("%(programme)s, từ tháng %(month)s: %(documents)s%(late)s") % {
        "programme": str(Programme(one.programme).label).capitalize(), "month": f"{one.month:%m/%Y}",
        "documents": ", ".join(one.documents), "late": late,
    }  # fmt: skip


@allowed(policies.sees_province)
@writes
def law_changes(request: HouseRequest) -> HttpResponse:
    months = queries.months_to_choose(request.user, on=request.today)
    form = ChooseMonthForm(request.POST or None, months=months)
    if request.method == "POST" and form.is_valid():
        try:
            change = services.propose_law_change(form.to_command(), acting_user=request.user, now=request.received_at)
        except AssistanceRefusal as refusal:
            form.show(refusal)
        else:
            return redirect("office:assistance_law", change.pk)
    asked = {name: request.GET.get(name, "")[:40] for name in ("programme", "state")}
    seen = queries.law_changes_seen(request.user, on=request.today, **asked)
    if request.GET.get("format") == "xlsx":
        return _export_list(seen)
    context = {
        "form": form,
        "months": months,
        "changes": [(one, _TONES[LawChangeState(one.state)]) for one in seen[:ROWS_ON_A_PAGE]],
        "programmes": with_all(Programme.choices),
        "states": with_all(LawChangeState.choices),
        "is_narrowed": any(asked.values()),
    }
    return office_page(request, "office/new_laws/laws.html", context, status=422 if form.errors else 200)


def _export_list(changes: Any) -> HttpResponse:
    columns = [
        _("Chương trình"), _("Từ tháng"), _("Tình trạng"), _("Số người"), _("Chênh lệch"), _("Người lập"), _("Lập ngày"),
        _("Người duyệt"), _("Số quyết định"),
    ]  # fmt: skip
    rows = [
        (
            one.get_programme_display(), f"{one.from_month:%m/%Y}", one.get_state_display(), one.people, one.amount,
            one.prepared_by.full_name, format_day(local_day(one.prepared_at)),
            one.decided_by.full_name if one.decided_by else "", one.decision_number,
        )
        for one in changes
    ]  # fmt: skip
    return sheet_response("ap-dung-muc-moi.xlsx", columns=columns, rows=rows)


@allowed(policies.sees_province)
@writes
def law_change(request: HouseRequest, change_id: int) -> HttpResponse:
    change = queries.get_law_change(change_id, user=request.user, on=request.today)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, change_id, form)
        except AssistanceRefusal as refusal:
            form.show(refusal, field="reason" if request.POST.get("verb") == "refuse" else None)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("office:assistance_law", change_id)
    state = LawChangeState(change.state)
    is_approver = policies.approves_at_province(request.user, on=request.today, programme=change.programme)
    is_waiting, is_own = state == LawChangeState.PREPARED, change.prepared_by_id == request.user.pk
    context = {
        "change": change,
        "tone": _TONES[state],
        "is_working": state in WORKING,
        "percent": round(100 * change.progress.get("share", 0)),
        "stage": change.progress.get("stage", ""),
        "values": [value_words(one) for one in change.values],
        "communes": queries.sums_by_commune(change),
        "form": form,
        "may_approve": is_waiting and is_approver and not is_own,
        "may_refuse": is_waiting and (is_approver or is_own),
        "happened": happenings_of(change.stream)[::-1],
    }
    return office_page(request, "office/new_laws/law.html", context, status=422 if form.errors else 200)


def _decide(request: HouseRequest, change_id: int, form: DecideForm) -> None:
    given = form.cleaned_data
    if request.POST.get("verb") == "approve":
        services.approve_law_change(
            change_id, decision_number=given["decision_number"], acting_user=request.user, now=request.received_at
        )
    else:
        services.refuse_law_change(change_id, reason=given["reason"], acting_user=request.user, now=request.received_at)


@allowed(policies.sees_province)
@reads
def rows(request: HouseRequest, change_id: int) -> HttpResponse:
    change = queries.get_law_change(change_id, user=request.user, on=request.today)
    communes = queries.sums_by_commune(change)
    unit_id, shown = whole_number(request.GET.get("commune", "")), request.GET.get("show", "")
    page = Paginator(queries.rows_of_change(change, unit_id=unit_id, shown=shown), ROWS_ON_A_PAGE).get_page(
        page_number(request)
    )
    for person_id in dict.fromkeys(row.person_id for row in page):
        note_read(request, f"person:{person_id}")
    context = {
        "change": change,
        "page": page,
        "rows": _linked(list(page)),
        "communes": [("", _("Mọi xã")), *((str(one.unit_id), one.name) for one in communes)],
        "choices": list(SHOWN),
        "asked": request.GET.urlencode(),
    }
    return office_page(request, "office/new_laws/rows.html", context)


def _linked(found: Sequence[Any]) -> list[tuple[Any, str, str]]:
    """Return each row with the page where what is paid once is decided again, and what was added already."""
    added = topped_up(found)
    return [
        (
            row,
            "" if row.state in BY_LAW else reverse("office:assistance_person", args=[row.person_id]),
            format_dong(Dong(sum(one.amount for one in added[row.pk]))) if row.pk in added else "",
        )
        for row in found
    ]


@allowed(policies.sees_province)
@reads
def workbook(request: HouseRequest, change_id: int) -> HttpResponse:
    change = queries.get_law_change(change_id, user=request.user, on=request.today)
    note_read(request, change.stream, "export")
    found = queries.rows_of_change(
        change, unit_id=whole_number(request.GET.get("commune", "")), shown=request.GET.get("show", "")
    )
    name = f"chenh-lech-muc-moi-{change.from_month:%m-%Y}.xlsx"
    return sheet_response(name, columns=queries.COLUMNS, rows=queries.table_of(change, found))
