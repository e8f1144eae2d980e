"""What has not arrived: held back, failed, returned, not collected; by commune, with what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse

from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.sheets import sheet_response
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
from lienthong.payments import policies
from lienthong.payments.queries import run_lines as queries
from lienthong.payments.queries.persons import months_missed
from lienthong.payments.queries.run_lines import LineFilter
from lienthong.payments.states import UNPAID_STATES, LineState


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
        "rows": shown_lines(page, _missed(page)),
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


def _missed(page: Any) -> dict[tuple[str, int, str, date], int]:
    people = {line.person_id for line in page if line.state == LineState.UNCOLLECTED}
    return months_missed(people) if people else {}
