"""Runs of payments: their list, one with its sums and signatures, and every move that somebody may make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.accounts.queries import happenings_of
from lienthong.infra.http import HouseRequest, allowed, not_found, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import dong, number
from lienthong.kernel.days import format_day, local_day
from lienthong.office.pages import office_page
from lienthong.office.payments.asked import (
    choices,
    commune_select,
    map_asked,
    map_choices,
    page_of,
    programme_select,
    with_all,
)
from lienthong.office.payments.disagreeing import disagreement_of, told
from lienthong.office.payments.places import waits_in_payments
from lienthong.office.payments.run_forms import CancelForm, MoveForm, PrepareForm
from lienthong.office.payments.tones import RUN_TONES
from lienthong.payments import policies
from lienthong.payments.queries import runs as queries
from lienthong.payments.queries.budgets import budget_lines, quarter_words
from lienthong.payments.queries.comparing import Difference, run_comparison
from lienthong.payments.queries.overview import month_overview
from lienthong.payments.queries.run_lines import LineFilter, held_by_reason, state_counts
from lienthong.payments.services import preparing, signing
from lienthong.payments.services.budgets import first_day_of_quarter
from lienthong.payments.services.refusals import PaymentRefused, StaleRun
from lienthong.payments.states import LineState, RunAction, RunState
from lienthong.verification.queries.batches import advance_of

COMMUNES_SHOWN = 10
HAPPENINGS_SHOWN = 20
AGAIN = "again"


@allowed(policies.sees_payments)
@reads
def run_list(request: HouseRequest) -> HttpResponse:
    year, source = request.GET.get("year", "")[:4], request.GET.get("source", "")[:40]
    commune = request.GET.get("commune", "")[:20]
    rows = queries.all_runs(request.user, on=request.today)
    years = sorted({month.year for month in rows.order_by().values_list("month", flat=True).distinct()}, reverse=True)
    if year in map(str, years):
        rows = rows.filter(month__year=int(year))
    rows = queries.runs_that_pay(rows, request.user, on=request.today, commune=commune, source=source)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    state = request.GET.get("state", "")
    if state in RunState.values:
        rows = rows.filter(state=state)
    rows = rows.select_related("prepared_by")
    if request.GET.get("format") == "xlsx":
        return _export(rows)
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [(run, capfirst(str(run)), *run_state(run)) for run in page],
        "states": with_all(RunState.choices, counts),
        "years": [("", _("Tất cả")), *((str(one), str(one)) for one in years)],
        "waiting": [(run, str(run)) for run in queries.waits_for(request.user, on=request.today)],
        "waits": waits_in_payments(request, with_runs=False),
        "may_prepare": policies.prepares(request.user, on=request.today),
        "is_narrowed": bool(state or year),
        **choices(request, commune_select(request, commune), programme_select(source)),
    }
    return office_page(request, "office/payments/runs.html", context)


@allowed(policies.prepares)
@writes
def new_run(request: HouseRequest) -> HttpResponse:
    form = PrepareForm(request.POST or None, on=request.today)
    if form.is_valid():
        try:
            run = preparing.prepare_run(form.to_command(), acting_user=request.user, now=request.received_at)
        except PaymentRefused as refusal:
            form.show(refusal)
        else:
            return redirect("office:payments_run", run.pk)
    return office_page(request, "office/payments/new_run.html", {"form": form}, status=422 if form.errors else 200)


@allowed(policies.sees_payments)
@reads
def run_page(request: HouseRequest, run_id: int) -> HttpResponse:
    run = queries.get_run(run_id, request.user, on=request.today)
    if run.state == RunState.COLLECTING and not run.stopped:
        return _working_page(request, run)
    user, on = request.user, request.today
    map_ = map_asked(request, run.month)
    overview = month_overview(run, user, on=on, map_on=map_.day)
    comparison = run_comparison(run, user, on=on)
    happened = happenings_of(run.stream)[::-1]
    sees_all = policies.sees_province(user, on=on)
    quarter = first_day_of_quarter(run.month)
    paid_sources = {total.key for total in overview.by_source}
    budgets = [line for line in budget_lines([quarter]) if line.source in paid_sources] if sees_all else []
    context = {
        "run": run,
        "name": str(run),
        "state": run_state(run),
        "overview": overview,
        "communes": overview.by_unit[:COMMUNES_SHOWN],
        "more_communes": len(overview.by_unit) - COMMUNES_SHOWN,
        "maps": map_choices(map_, [int(one.key) for one in overview.by_unit], today=on),
        "wrong_map": map_.wrong,
        "map_address": f"?day={map_.day.isoformat()}" if map_.day else "",
        "states": [total for total in overview.by_state if total.lines],
        "budgets": [(line, _short(run, line)) for line in budgets],
        "quarter": quarter_words(quarter),
        "differences": [comparison[one] for one in Difference],
        "held": held_by_reason(run, user=user, on=on) if run.held_lines else [],
        "signatures": _signatures(run),
        "happened": happened[:HAPPENINGS_SHOWN],
        "earlier": happened[HAPPENINGS_SHOWN:],
        "sees_all": sees_all,
        "acts": _acts(request, run),
        "waits": _waits_for(run),
        "disagreeing": told(disagreement_of(request, run)),
    }  # fmt: skip
    return office_page(request, "office/payments/run.html", context)


@allowed(policies.sees_payments)
@reads
def run_communes(request: HouseRequest, run_id: int) -> HttpResponse:
    run = queries.get_run(run_id, request.user, on=request.today)
    source = request.GET.get("source", "")[:40]
    map_ = map_asked(request, run.month)
    totals = month_overview(run, request.user, on=request.today, source=source, map_on=map_.day).by_unit
    if request.GET.get("format") == "xlsx":
        columns = [_("Xã, phường"), _("Số người"), _("Số khoản"), _("Số tiền"), _("Khấu trừ"), _("Thực chi")]
        rows = [(one.label, one.people, one.lines, one.amount, one.deducted, one.net) for one in totals]
        return sheet_response(f"chi-tra-theo-xa-{run.month:%Y-%m}-{run.number}.xlsx", columns=columns, rows=rows)
    context = {
        "run": run,
        "name": str(run),
        "totals": totals,
        "lines": sum(one.lines for one in totals),
        "net": sum(one.net for one in totals),
        "maps": map_choices(map_, [int(one.key) for one in totals], today=request.today),
        "wrong_map": map_.wrong,
        **choices(request, programme_select(source)),
    }
    return office_page(request, "office/payments/run_communes.html", context)


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a run: its words, what happens, and the one call."""

    words: str | Promise
    what_happens: str | Promise
    done: str | Promise
    call: Callable[[Any, Any, datetime], Any]
    form: type[MoveForm] = MoveForm
    kind: str = "primary"


MOVES: dict[str, Move] = {
    RunAction.CHECK: Move(
        gettext_lazy("Kiểm tra xong"),
        gettext_lazy("Bạn xác nhận đã xem danh sách, so với tháng trước và các khoản tạm giữ. Danh sách chuyển lãnh đạo duyệt."),
        gettext_lazy("Đã ghi kiểm tra. Chờ lãnh đạo duyệt."),
        lambda form, user, now: signing.check_run(form.target(), acting_user=user, now=now),
    ),
    RunAction.APPROVE: Move(
        gettext_lazy("Duyệt chi"),
        gettext_lazy("Sau khi duyệt, kế toán khác với người lập chuyển chi trả."),
        gettext_lazy("Đã duyệt chi. Chờ kế toán thứ hai chuyển chi trả."),
        lambda form, user, now: signing.approve_run(form.target(), acting_user=user, now=now),
    ),
    RunAction.RELEASE: Move(
        gettext_lazy("Chuyển chi trả"),
        gettext_lazy("Các khoản chuyển sang “đã chuyển”; từ lúc này không hủy được đợt. Tệp cho ngân hàng và bưu điện lập ở trang Tệp."),
        gettext_lazy("Đã chuyển chi trả. Hãy lập tệp gửi ngân hàng, bưu điện."),
        lambda form, user, now: signing.release_run(form.target(), acting_user=user, now=now),
    ),
    RunAction.CLOSE: Move(
        gettext_lazy("Khóa sổ"),
        gettext_lazy("Khoản chưa nhận được tự chuyển sang đợt sau."),
        gettext_lazy("Đã khóa sổ đợt chi trả."),
        lambda form, user, now: signing.close_run(form.target(), acting_user=user, now=now),
    ),
    AGAIN: Move(
        gettext_lazy("Tổng hợp lại"),
        gettext_lazy("Danh sách được lập lại từ đầu theo dữ liệu lúc này; chưa khoản nào được chi."),
        gettext_lazy("Đang tổng hợp lại."),
        lambda form, user, now: preparing.collect_again(form.target(), acting_user=user, now=now),
    ),
    RunAction.CANCEL: Move(
        gettext_lazy("Hủy đợt"),
        gettext_lazy("Chưa đồng nào được chi; mọi khoản của đợt được đợt sau xét lại. Không hoàn tác được."),
        gettext_lazy("Đã hủy đợt chi trả."),
        lambda form, user, now: signing.cancel_run(
            form.target(), reason=form.cleaned_data["reason"], acting_user=user, now=now
        ),
        form=CancelForm,
        kind="warning",
    ),
}  # fmt: skip


@allowed(policies.sees_payments)
@writes
def run_act(request: HouseRequest, run_id: int, action: str) -> HttpResponse:
    run = queries.get_run(run_id, request.user, on=request.today)
    move, posted = MOVES.get(action), request.method == "POST"
    if move is None:
        return not_found(request)
    if not posted and action not in _possible(request, run):
        messages.warning(request, _("Đợt này %s, hoặc việc này do người khác làm.") % RunState(run.state).label)
        return redirect("office:payments_run", run.pk)
    form = move.form(request.POST if posted else None, run=run)
    if posted and form.is_valid():
        try:
            move.call(form, request.user, request.received_at)
        except StaleRun as stale:
            messages.warning(request, str(stale))
            return redirect("office:payments_run", run.pk)
        except PaymentRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, str(move.done))
            return redirect("office:payments_run", run.pk)
    is_signed = action in {RunAction.CHECK, RunAction.APPROVE, RunAction.RELEASE}
    context = {
        "notice": told(disagreement_of(request, run)) if is_signed else "",
        "notice_url": reverse("office:payments_disagreeing", args=[run.pk]),
        "back": reverse("office:payments_run", args=[run.pk]),
        "back_words": _("Đợt %s") % run,
        "caption": _("Đợt %(run)s: %(lines)s khoản, %(amount)s")
        % {"run": run, "lines": number(run.lines_total), "amount": dong(run.net_total)},
        "words": move.words,
        "what_happens": _answered(request, run, move) if action == RunAction.CLOSE else move.what_happens,
        "kind": move.kind,
        "form": form,
    }
    return office_page(request, "office/payments/run_act.html", context, status=422 if form.errors else 200)


def _answered(request: HouseRequest, run: Any, move: Move) -> str:
    """Say how many lines wait for an answer, before the books of a run are closed."""
    waiting = state_counts(request.user, LineFilter(), on=request.today, run=run)[LineState.SENT]
    if not waiting:
        return _("Mọi khoản đã có kết quả. %(then)s") % {"then": move.what_happens}
    return _("Còn %(n)s khoản chờ kết quả: có đủ kết quả mới khóa được. %(then)s") % {
        "n": number(waiting), "then": move.what_happens,
    }  # fmt: skip


def run_state(run: Any) -> tuple[str, str]:
    """Return how a run stands, in words and tone."""
    if run.state == RunState.COLLECTING and run.stopped:
        return _("Dừng lại, chưa lập được"), "late"
    state = RunState(run.state)
    return str(capfirst(state.label)), RUN_TONES[state]


def _working_page(request: HouseRequest, run: Any) -> HttpResponse:
    context = {
        "run": run,
        "name": str(run),
        "advance": advance_of(run.progress, now=request.received_at),
        "acts": _acts(request, run),
    }
    return office_page(request, "office/payments/working.html", context)


def _possible(request: HouseRequest, run: Any) -> list[str]:
    """Return the moves that this user may make now, the one that leads on first."""
    found = [action.value for action in queries.actions_of(run, request.user, on=request.today)]
    may_again = run.state == RunState.COLLECTING and run.stopped and policies.prepares(request.user, on=request.today)
    return [*([AGAIN] if may_again else []), *(name for name in MOVES if name in found)]


def _acts(request: HouseRequest, run: Any) -> list[tuple[str, Any, str]]:
    return [
        (reverse("office:payments_run_act", args=[run.pk, name]), MOVES[name].words, MOVES[name].kind)
        for name in _possible(request, run)
    ]


def _signatures(run: Any) -> list[tuple[str, str, Any]]:
    """Return who did what and when, in the order of the law, with empty places for whom it waits for."""
    rows = [
        (_("Lập danh sách"), run.prepared_by, run.prepared_at),
        (_("Kiểm tra"), run.checked_by, run.checked_at),
        (_("Duyệt chi"), run.approved_by, run.approved_at),
        (_("Chuyển chi trả"), run.released_by, run.released_at),
        (_("Khóa sổ"), run.closed_by, run.closed_at),
    ]
    if run.cancelled_at:
        rows = [row for row in rows if row[2]] + [(_("Hủy đợt"), run.cancelled_by, run.cancelled_at)]
    return [(words, who.full_name if who else "", at) for words, who, at in rows]


def _waits_for(run: Any) -> str:
    """Say what the run waits for, in one sentence."""
    return {
        RunState.PREPARED: _("Chờ trưởng phòng kiểm tra."),
        RunState.CHECKED: _("Chờ lãnh đạo duyệt chi."),
        RunState.APPROVED: _("Chờ kế toán khác người lập chuyển chi trả."),
        RunState.RELEASED: _("Chờ kết quả của ngân hàng, bưu điện và xã."),
    }.get(RunState(run.state), "")


def _short(run: Any, line: Any) -> dict[str, Any] | None:
    return next((one for one in run.shortfalls if one.get("source") == line.source), None)


def _export(rows: Any) -> HttpResponse:
    columns = [
        _("Tháng"), _("Đợt số"), _("Trạng thái"), _("Số khoản"), _("Số tiền"), _("Khấu trừ"), _("Thực chi"), _("Tạm giữ"),
        _("Người lập"), _("Lập ngày"),
    ]  # fmt: skip
    lines = [
        (
            f"{run.month:%m/%Y}", run.number, run_state(run)[0], run.lines_total, run.amount_total, run.deducted_total,
            run.net_total, run.held_lines, run.prepared_by.full_name,
            format_day(local_day(run.prepared_at)) if run.prepared_at else "",
        )
        for run in rows
    ]  # fmt: skip
    return sheet_response("dot-chi-tra.xlsx", columns=columns, rows=lines)
