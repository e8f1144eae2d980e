"""The list of beneficiaries on paper: a commune's, or what was filtered."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.assistance import policies
from lienthong.assistance.papers import RegisterPaper, RegisterRow
from lienthong.assistance.queries import beneficiaries as queries
from lienthong.assistance.queries.beneficiaries import BeneficiaryFilter
from lienthong.documents.printing import render_form
from lienthong.documents.serve import pdf_response
from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.kernel.money import format_dong
from lienthong.office.assistance.beneficiaries import BeneficiaryRow, row_of
from lienthong.office.assistance.sheets import head_of
from lienthong.office.assistance.wording import month_words, this_month
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.units import queries as units

PRINT_AT_MOST = 3_000


@allowed(policies.sees_assistance)
@reads
def register(request: HouseRequest) -> HttpResponseBase:
    asked, month = asked_in(request.GET, BeneficiaryFilter), this_month(request.today)
    rows = queries.beneficiaries(request.user, asked, month=month, on=request.today)
    shown = list(rows[: PRINT_AT_MOST + 1])
    places = units.names_now((one.unit for one in shown), on=request.today)
    found = [row_of(one, places[one.unit_id]) for one in shown]
    if not found or len(found) > PRINT_AT_MOST:
        empty = _("Danh sách này không có ai để in.")
        long = _("Danh sách dài hơn %(n)s dòng; hãy chọn một xã rồi in.") % {"n": PRINT_AT_MOST}
        messages.info(request, long if found else empty)
        return redirect("office:assistance")
    totals = queries.totals(request.user, asked, month=month, on=request.today)
    note_read(request, f"beneficiaries:{address_of(asked)}", "print")
    communes = dict(queries.communes_to_choose(request.user, on=request.today))
    paper = RegisterPaper(
        **head_of(request),
        scope=communes.get(asked.commune) or ", ".join(dict.fromkeys(row.place for row in found[:PRINT_AT_MOST]))[:200],
        month_words=_("tháng %(month)s") % {"month": month_words(month)},
        rows=tuple(map(_row, found)),
        people=totals.people,
        total=format_dong(totals.amount),
        prepared_by=request.user.full_name,
    )
    name = f"nguoi-huong-{month:%Y-%m}.pdf"
    return pdf_response(render_form(paper, demo=settings.DEMO_MODE), name=name)


def _row(row: BeneficiaryRow) -> RegisterRow:
    return RegisterRow(
        name=row.name, birth=row.birth, number=row.number, place=row.place, benefit=row.benefit, category=row.category,
        payee=row.payee, amount="" if row.amount is None else f"{format_dong(row.amount)} {row.each}".strip(), since=row.since,
    )  # fmt: skip
