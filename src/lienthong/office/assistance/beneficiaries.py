"""Who receives what: the list of a commune or the province with its sums, and the search for anybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.accounts.queries import reader_for
from lienthong.assistance import policies
from lienthong.assistance.queries import beneficiaries as queries
from lienthong.assistance.queries.beneficiaries import ALL_STATES, BeneficiaryFilter, Facets
from lienthong.assistance.queries.people import benefits_now
from lienthong.assistance.queries.sentences import each_words
from lienthong.assistance.states import Benefit, EntitlementState, PayeeGround, Programme
from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.text import whole_number
from lienthong.office.assistance.wording import STATE_TONES, birth_words, month_words, this_month
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.people import queries as people
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.units import queries as units

ROWS_ON_A_PAGE = 50
FOUND_AT_MOST = 30
CATEGORY_WORDS = {str(one): one.in_words for one in AssistanceCategory}


@dataclass(frozen=True, slots=True)
class BeneficiaryRow:
    """What the list shows of one benefit of one person."""

    url: str
    name: str
    number: str
    birth: str
    place: str
    programme: str
    benefit: str
    category: str
    payee: str
    amount: int | None
    each: str
    since: str
    until: str
    state: str
    tone: str


@allowed(policies.sees_assistance)
@reads
def beneficiary_list(request: HouseRequest) -> HttpResponse:
    asked, month = asked_in(request.GET, BeneficiaryFilter), this_month(request.today)
    rows = queries.beneficiaries(request.user, asked, month=month, on=request.today)
    if request.GET.get("format") == "xlsx":
        return _export(request, rows, asked)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    communes = queries.communes_to_choose(request.user, on=request.today)
    places = units.names_now((one.unit for one in page), on=request.today)
    note_read(request, f"beneficiaries:{address_of(asked)}")
    context = {
        "page": page,
        "rows": [row_of(one, places[one.unit_id]) for one in page],
        "totals": queries.totals(request.user, asked, month=month, on=request.today),
        "month_words": _("tháng %(month)s") % {"month": month_words(month)},
        "asked": asked,
        "address": address_of(asked),
        "communes": communes,
        "kept": _kept(asked),
        "is_narrowed": replace(asked, sort="name") != BeneficiaryFilter(),
        "may_record": policies.runs_a_commune(request.user, on=request.today),
        **_choices(asked, queries.facets(request.user, asked, on=request.today)),
    }
    return office_page(request, "office/assistance/beneficiaries.html", context)


@allowed(policies.sees_assistance)
@reads
def find_people(request: HouseRequest) -> HttpResponse:
    text, year = request.GET.get("q", "")[:120].strip(), request.GET.get("year", "")[:4]
    search = people.PersonSearch(text=text, birth_year=whole_number(year, digits=4), limit=FOUND_AT_MOST + 1)
    hits = people.search_people(search, reader_for(request.user, on=request.today)) if text else []
    shown = hits[:FOUND_AT_MOST]
    receives = benefits_now([hit.person.pk for hit in shown], as_=request.user, on=request.today)
    if text:
        note_read(request, f"person-search:{text}", "search")
    context = {
        "text": text,
        "year": year,
        "more": len(hits) > FOUND_AT_MOST,
        "rows": [
            {
                "url": reverse("office:assistance_person", args=[hit.person.pk]),
                "name": hit.person.full_name,
                "number": hit.number or hit.person.personal_id_number,
                "birth": birth_words(hit.person),
                "place": hit.person.unit.name if hit.person.unit else "",
                "benefits": "; ".join(receives.get(hit.person.pk, ())),
            }
            for hit in shown
        ],
    }
    return office_page(request, "office/assistance/people.html", context)


def row_of(one: Any, place: str) -> BeneficiaryRow:
    """Turn an entitlement of the list into a row; ``place`` says which commune pays, as it is called today."""
    state = EntitlementState(one.state)
    other = one.payee_id != one.person_id
    ground = PayeeGround(one.payee_ground).label
    each = each_words(one.benefit)
    return BeneficiaryRow(
        url=reverse("office:assistance_person", args=[one.person_id]),
        name=one.person.full_name,
        number=one.person.personal_id_number,
        birth=birth_words(one.person),
        place=place,
        programme=str(Programme(one.programme).label),
        benefit=str(Benefit(one.benefit).label).capitalize(),
        category=CATEGORY_WORDS.get(one.month_category or "", ""),
        payee=f"{one.receiver} ({ground})" if other else "",
        amount=one.other_amount if each else one.month_amount,
        each=each,
        since=month_words(one.first_month),
        until=month_words(one.last_month) if one.last_month else "",
        state=str(state.label),
        tone=STATE_TONES[state],
    )


def _kept(asked: BeneficiaryFilter) -> list[tuple[str, str]]:
    """Return the filters that a search keeps."""
    usual = BeneficiaryFilter()
    names = ("programme", "benefit", "state", "sort")
    return [(name, getattr(asked, name)) for name in names if getattr(asked, name) != getattr(usual, name)]


def _choices(asked: BeneficiaryFilter, counted: Facets) -> dict[str, Any]:
    programmes = [(one.value, one.label, counted.programmes[one]) for one in Programme if counted.programmes[one]]
    benefits = [(one.value, one.label, counted.benefits[one]) for one in Benefit if counted.benefits[one]]
    states = [(one.value, one.label, counted.states[one]) for one in EntitlementState]
    everything = sum(counted.states.values())
    return {
        "programmes": [("", _("Tất cả"), counted.programmes.total()), *programmes]
        if len(programmes) > 1 or asked.programme
        else [],
        "benefits": [("", _("Tất cả"), counted.benefits.total()), *benefits]
        if len(benefits) > 1 or asked.benefit
        else [],
        "states": [*states, (ALL_STATES, _("Tất cả"), everything)],
    }


def _export(request: HouseRequest, rows: Any, asked: BeneficiaryFilter) -> HttpResponse:
    note_read(request, f"beneficiaries:{address_of(asked)}", "export")
    found = list(rows)
    places = units.names_now((one.unit for one in found), on=request.today)
    return sheet_response(
        "nguoi-huong.xlsx",
        columns=[
            _("Họ và tên"), _("Số định danh"), _("Ngày sinh"), _("Xã, phường"), _("Chương trình"), _("Khoản"), _("Diện"),
            _("Người nhận"), _("Mỗi tháng"), _("Mỗi năm, một lần"), _("Từ tháng"), _("Đến hết tháng"), _("Tình trạng"),
        ],
        rows=(
            (
                row.name, row.number, row.birth, row.place, row.programme, row.benefit, row.category, row.payee,
                None if row.each else row.amount, row.amount if row.each else None, row.since, row.until, row.state,
            )
            for row in (row_of(one, places[one.unit_id]) for one in found)
        ),
    )  # fmt: skip
