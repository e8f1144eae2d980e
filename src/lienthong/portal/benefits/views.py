"""My benefits: what each comes to, how it is reckoned, and of every month when and where it was paid, or why not yet."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from lienthong.accounts.policies import is_applicant
from lienthong.assistance.queries.decision_sheets import own_sheets, sheets_of_benefit
from lienthong.assistance.queries.own import (
    get_own_benefit,
    own_benefits,
    own_emergencies,
    own_months,
    own_notices,
)
from lienthong.assistance.queries.own_reasons import reasoned
from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.payments.queries import complaints
from lienthong.payments.queries.accounts import account_on, is_payable
from lienthong.payments.queries.own import own_payments, place_of_account, recorded_for
from lienthong.portal.pages import portal_page

PAYMENTS_AT_FIRST = 6
PAYMENTS_ON_A_PAGE = 36
SHEETS_SHOWN = 10
PAYMENTS_AT_MOST = 2_000
"""Three benefits a month for fifty years: nobody has more."""


@allowed(is_applicant)
@reads
def benefits(request: HouseRequest) -> HttpResponse:
    person_id = request.user.person_id
    found = own_benefits(person_id, on=request.today)
    account = account_on(request.user.person, request.today) if person_id else None
    payments = own_payments(person_id, limit=PAYMENTS_AT_FIRST + 1) if person_id else []
    emergencies = own_emergencies(person_id)
    if found or emergencies:
        note_read(request, f"person:{person_id}")
    context = {
        "benefits": found,
        "emergencies": emergencies,
        "notices": own_notices(person_id, on=request.today),
        "total": sum(one.amount for one in found if one.is_own and not one.each),
        "payments": reasoned(payments[:PAYMENTS_AT_FIRST]),
        "has_more": len(payments) > PAYMENTS_AT_FIRST,
        "account": account,
        "account_place": place_of_account(account) if account else "",
        "recorded": recorded_for(person_id, on=request.today) if person_id else [],
        "is_payable": account is not None and is_payable(account),
        "complaints": complaints.complaints_of(person_id) if person_id else [],
        "sheets": own_sheets(person_id)[:SHEETS_SHOWN],
        "has_person": person_id is not None,
    }
    return private(portal_page(request, "portal/benefits/mine.html", context))


@allowed(is_applicant)
@reads
def all_payments(request: HouseRequest) -> HttpResponse:
    person_id = request.user.person_id
    rows = own_payments(person_id, limit=PAYMENTS_AT_MOST) if person_id else []
    if rows:
        note_read(request, f"person:{person_id}")
    page = Paginator(rows, PAYMENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    return private(
        portal_page(request, "portal/benefits/payments.html", {"page": page, "payments": reasoned(list(page))})
    )


@allowed(is_applicant)
@reads
def benefit(request: HouseRequest, entitlement_id: int) -> HttpResponse:
    person_id = request.user.person_id
    own = get_own_benefit(entitlement_id, person_id=person_id, on=request.today)
    note_read(request, f"person:{own.entitlement.person_id}")
    months = own_months(own, person_id=person_id, on=request.today)
    context: dict[str, Any] = {
        "own": own,
        "row": own.entitlement,
        "lines": own.rate.basis.get("lines", []) if own.rate else [],
        "notices": own.rate.basis.get("notices", []) if own.rate else [],
        "months": months,
        "has_earlier": bool(months) and months[-1].month > own.entitlement.first_month,
        "begun": [one for one in reversed(own.rates) if one.first_month <= request.today],
        "sheets": sheets_of_benefit(own.entitlement, person_id)[:SHEETS_SHOWN],
        "ahead": [
            one for one in own.rates if own.is_live and one.first_month > request.today and (one.amount or not own.each)
        ],
    }
    return private(portal_page(request, "portal/benefits/benefit.html", context))


def private(response: HttpResponse) -> HttpResponse:
    """Leave nothing behind in a browser that others use too."""
    patch_cache_control(response, private=True, no_store=True)
    return response
