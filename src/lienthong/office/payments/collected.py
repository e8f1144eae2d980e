"""Who came for their money: results of post and cash, ticked on the list or taken from the payer's filled-in sheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import number
from lienthong.kernel.text import whole_number
from lienthong.office.pages import office_page
from lienthong.office.payments.asked import choices, commune_select, page_of, programme_select
from lienthong.office.payments.lines import line_columns, line_rows, shown_lines
from lienthong.office.payments.places import works_with_receivers
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.office.poverty.standard_forms import MEGABYTE
from lienthong.payments import policies
from lienthong.payments.incoming.refusals import AnswerRefused
from lienthong.payments.queries import run_lines, runs
from lienthong.payments.queries.run_lines import LineFilter
from lienthong.payments.services import recording
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.states import RunState

TICKED = "line-"


class TicksForm(forms.Form):
    """The day on which people came, and why others did not."""

    on = forms.DayField(label=gettext_lazy("Ngày nhận"))
    reason = forms.LineField(
        label=gettext_lazy("Lý do chưa nhận"), required=False, max_length=200,
        help_text=gettext_lazy("Ghi chung cho những người được đánh dấu chưa nhận ở trang này"),
    )  # fmt: skip


class SheetForm(forms.Form):
    """The payer's sheet, filled in."""

    file = forms.FilesField(
        label=gettext_lazy("Tệp kết quả chi trả"), several=False, at_most=1, kinds=(".xlsx",), limit_bytes=30 * MEGABYTE,
        help_text=gettext_lazy("XLSX lập cùng danh sách ký nhận, đã điền kết quả, tối đa 30 MB"),
    )  # fmt: skip


@allowed(policies.sees_payments)
@reads
def waiting_list(request: HouseRequest, run_id: int) -> HttpResponse:
    return _shown(request, run_id)


@allowed(works_with_receivers)
@writes
def tick(request: HouseRequest, run_id: int) -> HttpResponse:
    if request.method != "POST":
        return redirect("office:payments_collected", run_id)
    form = TicksForm(request.POST)
    if form.is_valid():
        paid, uncollected = _ticked(request.POST)
        command = recording.TickResults(
            paid=paid, uncollected=dict.fromkeys(uncollected, form.cleaned_data["reason"]), on=form.cleaned_data["on"]
        )
        try:
            recorded = recording.record_ticks(command, acting_user=request.user, now=request.received_at)
        except (AnswerRefused, PaymentRefused) as refusal:
            form.show(refusal)
        else:
            return _done(request, run_id, recorded)
    return _shown(request, run_id, ticks=form)


@allowed(works_with_receivers)
@writes
def take_sheet(request: HouseRequest, run_id: int) -> HttpResponse:
    if request.method != "POST":
        return redirect("office:payments_collected", run_id)
    form = SheetForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"][0]
        try:
            recorded = recording.record_list(
                recording.RecordList(content=upload, name=str(upload.name)),
                acting_user=request.user,
                now=request.received_at,
            )
        except (AnswerRefused, PaymentRefused) as refusal:
            form.show(refusal, field="file")
        else:
            return _done(request, run_id, recorded)
    return _shown(request, run_id, sheet=form)


def _shown(
    request: HouseRequest, run_id: int, *, ticks: TicksForm | None = None, sheet: SheetForm | None = None
) -> HttpResponse:
    run = runs.get_run(run_id, request.user, on=request.today)
    asked = asked_in(request.GET, LineFilter)
    rows = run_lines.to_be_collected(request.user, asked, on=request.today, run=run)
    if request.GET.get("format") == "xlsx":
        note_read(request, f"{run.stream}:to-be-collected{address_of(asked)}", "export")
        return sheet_response(
            f"cho-den-nhan-{run.month:%Y-%m}-{run.number}.xlsx", columns=line_columns(), rows=line_rows(rows)
        )
    ticks = ticks or TicksForm(initial={"on": request.today})
    sheet = sheet or SheetForm()
    page = page_of(request, rows)
    marked = {name: value for name, value in request.POST.items() if name.startswith(TICKED)}
    context = {
        "run": run,
        "name": str(run),
        "page": page,
        "rows": [(*row, marked.get(f"{TICKED}{row[0].pk}", "")) for row in shown_lines(page)],
        "ticks": ticks,
        "sheet": sheet,
        "may_record": run.state == RunState.RELEASED and works_with_receivers(request.user, on=request.today),
        **choices(request, commune_select(request, asked.commune), programme_select(asked.source), text=asked.q),
    }
    wrong = bool(ticks.errors or sheet.errors)
    return office_page(request, "office/payments/collected.html", context, status=422 if wrong else 200)


def _ticked(posted: QueryDict) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the lines marked as received and those that nobody came for; what is no line is left out."""
    marked: dict[str, list[int]] = {"paid": [], "uncollected": []}
    for name, value in posted.items():
        line_id = whole_number(name.removeprefix(TICKED)) if name.startswith(TICKED) else None
        if line_id is not None and value in marked:
            marked[str(value)].append(line_id)
    return tuple(marked["paid"]), tuple(marked["uncollected"])


def _done(request: HouseRequest, run_id: int, recorded: Any) -> HttpResponse:
    if recorded.already:
        messages.info(request, _("Kết quả này đã được ghi trước đó; không có gì thay đổi."))
    else:
        found = recorded.outcome
        words = _("Đã ghi %(paid)s khoản đã nhận, %(uncollected)s khoản chưa nhận.")
        messages.success(request, words % {"paid": number(found.paid), "uncollected": number(found.uncollected)})
    return redirect("office:payments_collected", run_id)
