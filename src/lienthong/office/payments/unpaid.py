"""What has not arrived: held back, failed, returned, not collected; by commune, with what to do. And what was paid too much."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day, local_day
from lienthong.office.pages import office_page
from lienthong.office.payments.asked import (
    channel_select,
    choices,
    commune_select,
    page_of,
    programme_select,
    with_all,
)
from lienthong.office.payments.lines import line_columns, line_rows, shown_lines
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.payments import policies, sources
from lienthong.payments.queries import run_lines as queries
from lienthong.payments.queries.lines import open_overpayments
from lienthong.payments.queries.run_lines import LineFilter
from lienthong.payments.states import UNPAID_STATES


@allowed(policies.sees_payments)
@reads
def unpaid_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, LineFilter)
    rows = queries.unpaid_lines(request.user, asked, on=request.today)
    if request.GET.get("format") == "xlsx":
        note_read(request, f"payment-unpaid:{address_of(asked)}", "export")
        return sheet_response("chua-nhan-duoc-tien.xlsx", columns=line_columns(), rows=line_rows(rows))
    counts = queries.unpaid_counts(request.user, asked, on=request.today)
    by_commune = queries.unpaid_by_commune(request.user, asked, on=request.today)
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": shown_lines(page),
        "counts": counts,
        "total": sum(counts.values()),
        "states": with_all([(state.value, state.label) for state in UNPAID_STATES], counts),
        "by_commune": by_commune if not asked.commune and len(by_commune) > 1 else [],
        "is_narrowed": bool(asked.state),
        **choices(
            request, commune_select(request, asked.commune), programme_select(asked.source),
            channel_select(asked.channel), text=asked.q,
        ),
    }  # fmt: skip
    return office_page(request, "office/payments/unpaid.html", context)


@allowed(policies.sees_province)
@reads
def overpayment_list(request: HouseRequest) -> HttpResponse:
    commune, source = request.GET.get("commune", "")[:20], request.GET.get("source", "")[:40]
    rows = open_overpayments(request.user, on=request.today).select_related("person__unit", "run")
    if commune:
        rows = rows.filter(person__unit__code=commune)
    if source:
        rows = rows.filter(source=source)
    if request.GET.get("format") == "xlsx":
        note_read(request, "payment-overpayments", "export")
        columns = [
            _("Người hưởng"), _("Số định danh"), _("Xã, phường"), _("Chương trình"), _("Khoản hưởng"), _("Của tháng"),
            _("Chi thừa"), _("Vì sao"), _("Phát hiện ngày"),
        ]  # fmt: skip
        lines = [
            (
                one.person.full_name, one.person.personal_id_number, one.person.unit.name if one.person.unit else "",
                sources.label_of(one.source), sources.benefit_label(one.source, one.benefit), f"{one.for_month:%m/%Y}",
                one.amount, one.words, format_day(local_day(one.found_at)),
            )
            for one in rows
        ]  # fmt: skip
        return sheet_response("khoan-chi-thua.xlsx", columns=columns, rows=lines)
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [(one, capfirst(sources.benefit_label(one.source, one.benefit)), sources.label_of(one.source)) for one in page],
        **choices(request, commune_select(request, commune), programme_select(source)),
    }  # fmt: skip
    return office_page(request, "office/payments/overpayments.html", context)
