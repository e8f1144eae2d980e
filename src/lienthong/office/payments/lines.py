"""Lines of a run, one line with how it was computed and what became of it, and the comparison with the month before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance.queries.months import CATEGORY_WORDS
from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day
from lienthong.office.pages import office_page, page_number
from lienthong.office.payments.asked import (
    ROWS_ON_A_PAGE,
    channel_select,
    choices,
    commune_select,
    each_of,
    page_of,
    programme_select,
    with_all,
)
from lienthong.office.payments.payees import page_of_payee
from lienthong.office.payments.reversals import reversal_of
from lienthong.office.payments.statements import difference_words
from lienthong.office.payments.tones import LINE_TONES
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.payments import policies, sources
from lienthong.payments.banks import bank_name
from lienthong.payments.queries import comparing, runs
from lienthong.payments.queries import run_lines as queries
from lienthong.payments.queries.bookings import open_differences
from lienthong.payments.queries.comparing import Difference
from lienthong.payments.queries.run_lines import LineFilter
from lienthong.payments.states import Channel, Ground, LineState, Match

DIFFERENCE_WORDS = {
    Difference.NEW: (gettext_lazy("Mới"), "done"),
    Difference.STOPPED: (gettext_lazy("Dừng"), "late"),
    Difference.CHANGED: (gettext_lazy("Đổi mức"), "soon"),
    Difference.ELSEWHERE: (gettext_lazy("Đổi nơi nhận"), "soon"),
    Difference.SAME: (gettext_lazy("Như tháng trước"), "ended"),
    Difference.ONCE: (gettext_lazy("Chi một lần"), "ended"),
}


@allowed(policies.sees_payments)
@reads
def line_list(request: HouseRequest, run_id: int) -> HttpResponse:
    run = runs.get_run(run_id, request.user, on=request.today)
    asked = asked_in(request.GET, LineFilter)
    rows = queries.filtered_lines(request.user, asked, on=request.today, run=run)
    if request.GET.get("format") == "xlsx":
        note_read(request, f"{run.stream}:lines{address_of(asked)}", "export")
        return sheet_response(
            f"danh-sach-chi-tra-{run.month:%Y-%m}-{run.number}.xlsx", columns=line_columns(), rows=line_rows(rows)
        )
    counts = queries.state_counts(request.user, asked, on=request.today, run=run)
    page = page_of(request, rows)
    context = {
        "run": run,
        "name": str(run),
        "page": page,
        "rows": shown_lines(page),
        "sums": queries.sums_of(request.user, asked, on=request.today, run=run),
        "states": with_all([(one, label) for one, label in LineState.choices if counts[one]], counts),
        "grounds": with_all(Ground.choices),
        "is_narrowed": bool(asked.state or asked.ground),
        **choices(
            request, commune_select(request, asked.commune), programme_select(asked.source),
            channel_select(asked.channel), text=asked.q,
        ),
    }  # fmt: skip
    return office_page(request, "office/payments/lines.html", context)


@allowed(policies.sees_payments)
@reads
def line_page(request: HouseRequest, line_id: int) -> HttpResponse:
    line = queries.get_line(line_id, request.user, on=request.today)
    note_read(request, f"person:{line.person_id}")
    state = LineState(line.state)
    is_explained = policies.grounds_seen(request.user, on=request.today)(line.source, line.unit_id)
    context = {
        "line": line,
        "is_explained": is_explained,
        "run_name": str(line.run),
        "benefit": capfirst(sources.benefit_label(line.source, line.benefit)),
        "programme": sources.label_of(line.source),
        "state": (capfirst(state.label), LINE_TONES[state]),
        "place": place_words(line),
        "receiver_url": page_of_payee(line.receiver),
        "bank": bank_name(line.bank_code) if line.bank_code else "",
        "steps": _steps(line.basis) if is_explained else [],
        "facts": _facts(line) if is_explained else [],
        "answers": [(one, Match(one.match).label) for one in queries.answers_of(line)],
        "carried_from": line.carried_from,
        "carried_to": queries.carried_to(line),
        "happened": _happened(line),
        "reversal_url": reversal_of(line, request),
        "difference": difference_words(open_differences([line.pk]).get(line.pk)),
    }
    return office_page(request, "office/payments/line.html", context)


@allowed(policies.sees_payments)
@reads
def comparison(request: HouseRequest, run_id: int) -> HttpResponse:
    run = runs.get_run(run_id, request.user, on=request.today)
    narrowed = {name: request.GET.get(name, "")[:40] for name in ("source", "commune")}
    counted = comparing.run_comparison(run, request.user, on=request.today, **narrowed)
    asked = request.GET.get("difference", "")
    wanted = (Difference(asked),) if asked in list(Difference) else comparing.UNLIKE
    total = comparing.how_many(counted, wanted)

    asked_for: dict[str, Any] = {"on": request.today, "differences": wanted, **narrowed}
    if request.GET.get("format") == "xlsx":
        note_read(request, f"{run.stream}:comparison", "export")
        return _export_comparison(run, comparing.every_compared(run, request.user, **asked_for))
    page = Paginator(range(total), ROWS_ON_A_PAGE).get_page(page_number(request))
    shown = comparing.compared_people(
        run, request.user, offset=page.start_index() - 1 if total else 0, limit=ROWS_ON_A_PAGE, **asked_for
    )
    context = {
        "run": run,
        "name": str(run),
        "page": page,
        "rows": [(one, *DIFFERENCE_WORDS[one.difference]) for one in shown],
        "counted": [(counted[one], DIFFERENCE_WORDS[one][0]) for one in Difference],
        "differences": [
            ("", _("Khác tháng trước"), comparing.how_many(counted, comparing.UNLIKE)),
            *((one.value, words, counted[one].count) for one, (words, _tone) in DIFFERENCE_WORDS.items()),
        ],
        "before": counted_sum(counted, "before"),
        "now": counted_sum(counted, "now"),
        **choices(request, commune_select(request, narrowed["commune"]), programme_select(narrowed["source"])),
    }  # fmt: skip
    return office_page(request, "office/payments/comparison.html", context)


def counted_sum(counted: Mapping[Any, Any], name: str) -> int:
    """Add one of the amounts of a comparison up. Who is paid elsewhere stands in another group already."""
    return sum(getattr(one, name) for difference, one in counted.items() if difference != Difference.ELSEWHERE)


def shown_lines(
    lines: Any, missed: Mapping[tuple[str, int, str, date], int] | None = None
) -> list[tuple[Any, str, str, str, str]]:
    """Return lines with words: benefit, place, state and its tone; each knows the months in a row that were not collected."""
    for line in lines:
        line.months_missed = (missed or {}).get((line.source, line.person_id, line.benefit, line.for_month), 0)
    return [
        (
            line, capfirst(sources.benefit_label(line.source, line.benefit)), place_words(line),
            str(capfirst(LineState(line.state).label)), LINE_TONES[LineState(line.state)],
        )
        for line in lines
    ]  # fmt: skip


def place_words(line: Any) -> str:
    """Say where a line's money goes: bank and number, or the way alone."""
    if not line.channel:
        return _("chưa có nơi nhận")
    if line.account_number:
        return f"{bank_name(line.bank_code) or Channel(line.channel).label} {line.account_number}"
    return capfirst(str(Channel(line.channel).label))


def line_columns() -> list[str]:
    """Return the heads of a spreadsheet of lines."""
    return [
        _("Số thứ tự"), _("Người hưởng"), _("Số định danh"), _("Người nhận"), _("Xã, phường"), _("Chương trình"), _("Khoản hưởng"),
        _("Của tháng"), _("Lý do"), _("Số tiền"), _("Khấu trừ"), _("Thực chi"), _("Hình thức"), _("Ngân hàng"), _("Số tài khoản"),
        _("Tên chủ tài khoản"), _("Trạng thái"), _("Vì sao chưa nhận"), _("Ngày nhận"),
    ]  # fmt: skip


def line_rows(lines: Any) -> Iterator[tuple[Any, ...]]:
    """Yield every line as a row of a spreadsheet."""
    for line in each_of(lines):
        yield (
            line.number, line.person.full_name, line.person.personal_id_number, str(line.receiver), line.unit.name,
            sources.label_of(line.source), sources.benefit_label(line.source, line.benefit), f"{line.for_month:%m/%Y}",
            Ground(line.ground).label, line.amount, line.deducted, line.net, Channel(line.channel).label if line.channel else "",
            bank_name(line.bank_code) if line.bank_code else "", line.account_number, line.holder_name,
            LineState(line.state).label, line.why, format_day(line.paid_on) if line.paid_on else "",
        )  # fmt: skip


def _steps(basis: Any) -> list[tuple[str, int | None, str]]:
    """Return the parts of an amount: words, đồng, article of the law."""
    steps = basis.get("lines", []) if isinstance(basis, dict) else []
    return [
        (
            str(step.get("words") or step.get("code") or ""),
            step["amount"] if isinstance(step.get("amount"), int) else None,
            str(step.get("reference") or ""),
        )
        for step in steps
        if isinstance(step, dict)
    ]


def _facts(line: Any) -> list[tuple[str, str]]:
    """Return what was frozen with a line, in words; what has no words of ours is left out."""
    basis = line.basis if isinstance(line.basis, dict) else {}
    told = [
        (_("Theo luật biết đến ngày"), _day_words(basis.get("known_on"))),
        (_("Nhóm đối tượng"), capfirst(CATEGORY_WORDS.get(str(basis.get("category")), ""))),
        (_("Mã phiên bản quy định của đợt"), line.run.rule_version),
    ]
    return [(label, words) for label, words in told if words]


def _day_words(told: Any) -> str:
    try:
        return format_day(date.fromisoformat(str(told)))
    except ValueError:
        return ""


def _happened(line: Any) -> list[tuple[str, Any]]:
    """Return what happened to a line through its run, with the day or moment."""
    run = line.run
    rows = [
        (_("Lập trong đợt %s.") % run, run.prepared_at),
        (_("Kiểm tra."), run.checked_at),
        (_("Duyệt chi."), run.approved_at),
        (_("Chuyển chi trả."), run.released_at if line.state != LineState.HELD else None),
        (_("Hủy đợt."), run.cancelled_at),
        (_("Người nhận đã nhận tiền."), line.paid_on),
    ]
    return [(words, at) for words, at in rows if at is not None]


def _export_comparison(run: Any, rows: Any) -> HttpResponse:
    columns = [
        _("So với tháng trước"), _("Người hưởng"), _("Số định danh"), _("Xã, phường"), _("Chương trình"), _("Khoản hưởng"),
        _("Đổi nơi nhận"), _("Tháng trước"), _("Tháng này"), _("Chênh lệch"), _("Vì sao"),
    ]  # fmt: skip
    lines = (
        (
            DIFFERENCE_WORDS[one.difference][0], one.person_name, one.personal_id_number, one.unit_name,
            sources.label_of(one.source), one.benefit_label, _("có") if one.is_elsewhere else "", one.before, one.now,
            (one.now or 0) - (one.before or 0), one.why,
        )
        for one in rows
    )  # fmt: skip
    return sheet_response(f"so-voi-thang-truoc-{run.month:%Y-%m}-{run.number}.xlsx", columns=columns, rows=lines)
