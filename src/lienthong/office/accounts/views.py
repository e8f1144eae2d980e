"""The list of staff, and the page of one account."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _

from lienthong.accounts import queries as accounts
from lienthong.accounts.policies import governed_agencies, may_change_account, may_manage_accounts
from lienthong.accounts.queries import StaffFilter
from lienthong.accounts.states import Role
from lienthong.catalogue import queries as catalogue
from lienthong.infra.http import HouseRequest, allowed, reads
from lienthong.office.accounts.forms import role_choices
from lienthong.office.pages import office_page

ROWS_ON_A_PAGE = 50
EVENTS_SHOWN = 100
STATES = ("working", "idle", "closed")


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A mandate with the names of its fields, how it stands today, and whether the reader may end it."""

    mandate: Any
    fields: list[str]
    is_running: bool
    is_over: bool
    may_end: bool


@allowed(may_manage_accounts)
@reads
def staff(request: HouseRequest) -> HttpResponse:
    wanted = _wanted(request)
    rows = accounts.staff_list(wanted, as_=request.user, on=request.today)
    counts = accounts.staff_counts(as_=request.user, on=request.today)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "counts": counts,
        "wanted": wanted,
        "is_narrowed": wanted != StaffFilter(),
        "states": [
            ("", _("Tất cả"), counts.working + counts.idle + counts.closed),
            ("working", _("Đang được phân công"), counts.working),
            ("idle", _("Chưa được phân công"), counts.idle),
            ("closed", _("Đã đóng"), counts.closed),
        ],
        "roles": [("", _("Mọi vai trò")), *role_choices()],
        "agencies": accounts.agencies_to_grant(request.user, on=request.today),
    }
    return office_page(request, "office/accounts/staff.html", context)


@allowed(may_manage_accounts)
@reads
def account(request: HouseRequest, user_id: int) -> HttpResponse:
    user, today = request.user, request.today
    account = accounts.get_user(user_id, as_=user, on=today)
    governed = governed_agencies(user, on=today)
    field_names = dict(catalogue.all_fields())
    mandates = [
        MandateRow(
            mandate=mandate,
            fields=[field_names.get(code, code) for code in mandate.fields],
            is_running=mandate.span.contains(today),
            is_over=mandate.valid_until is not None and mandate.valid_until <= today,
            may_end=mandate.agency_id in governed and account.pk != user.pk,
        )
        for mandate in accounts.mandates_of(account)
    ]
    events = accounts.history_of(account)
    context = {
        "account": account,
        "lasting": [one for one in mandates if not one.is_over],
        "past": [one for one in mandates if one.is_over],
        "is_working": any(one.is_running for one in mandates),
        "sessions": accounts.sessions_of(account, now=request.received_at),
        "last_seen_at": accounts.last_seen(account),
        "events": events[:EVENTS_SHOWN],
        "hidden_events": max(0, len(events) - EVENTS_SHOWN),
        "may_change": account.is_active and may_change_account(user, account, on=today),
        "may_grant": account.is_active and account.pk != user.pk,
        "is_own": account.pk == user.pk,
    }
    return office_page(request, "office/accounts/account.html", context)


def _wanted(request: HouseRequest) -> StaffFilter:
    agency, role, state = (request.GET.get(name, "") for name in ("agency", "role", "state"))
    return StaffFilter(
        text=request.GET.get("q", "")[:100],
        agency_id=int(agency) if agency.isascii() and agency.isdigit() and len(agency) < 18 else None,
        role=role if role in Role.values else "",
        state=state if state in STATES else "",
    )
