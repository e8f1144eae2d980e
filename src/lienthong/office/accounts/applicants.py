"""At the desk: a citizen or a firm who shows who they are gets an account, or a new password."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lienthong.accounts import queries as accounts
from lienthong.accounts import services
from lienthong.accounts.policies import may_serve_applicants
from lienthong.accounts.services import OpenAccount
from lienthong.accounts.states import AccountKind
from lienthong.infra.http import HouseRequest, allowed, note_read, writes
from lienthong.office.pages import office_page
from lienthong.people import queries as people
from lienthong.people.queries import PersonSearch

PERSONAL_ID_LENGTHS = {9, 12}


@dataclass(frozen=True, slots=True)
class Found:
    """Who a number belongs to, and the account that they have."""

    opening: OpenAccount
    place: str
    account: Any


@allowed(may_serve_applicants)
@writes
def applicant_account(request: HouseRequest) -> HttpResponse:
    number = (request.POST.get("number") or request.GET.get("number", "")).strip()[:40]
    found = _find(number, request) if number else None
    if found is not None and found.opening.person_id is not None:
        note_read(request, f"person:{found.opening.person_id}", "lookup")
    if request.method == "POST" and found is not None:
        try:
            username, password = _open_or_renew(found, request)
        except services.AccountRefusal as refusal:
            messages.error(request, str(refusal))
            return redirect(f"{reverse('office:applicant_account')}?{urlencode({'number': number})}")
        context = {
            "username": username,
            "full_name": found.opening.full_name,
            "password": password,
            "is_new": found.account is None,
        }
        return office_page(request, "office/accounts/applicant_password.html", context)
    return office_page(request, "office/accounts/applicant.html", {"number": number, "found": found})


def _find(number: str, request: HouseRequest) -> Found | None:
    digits = "".join(character for character in number if character.isascii() and character.isdigit())
    if len(digits) in PERSONAL_ID_LENGTHS:
        return _find_person(digits, request)
    try:
        firm = people.organization_by_tax_code(number)
    except people.OrganizationUnknown:
        return None
    opening = OpenAccount(
        username=firm.tax_code,
        kind=AccountKind.ORGANIZATION,
        full_name=firm.name[:120],
        phone=firm.phone,
        email=firm.email,
        organization_id=firm.pk,
    )
    return Found(opening, str(firm.unit or ""), accounts.account_of(organization_id=firm.pk))


def _find_person(number: str, request: HouseRequest) -> Found | None:
    reader = accounts.reader_for(request.user, on=request.today)
    hits = [hit for hit in people.search_people(PersonSearch(text=number), reader) if hit.number == number]
    if len(hits) != 1:
        return None
    person = hits[0].person
    opening = OpenAccount(
        username=number,
        kind=AccountKind.CITIZEN,
        full_name=person.full_name,
        phone=person.phone,
        email=person.email,
        person_id=person.pk,
    )
    return Found(opening, str(person.unit or ""), accounts.account_of(person_id=person.pk))


def _open_or_renew(found: Found, request: HouseRequest) -> tuple[str, str]:
    """Return the name and the password to hand over."""
    if found.account is not None:
        password = services.reset_password(user_id=found.account.pk, acting_user=request.user, now=request.received_at)
        return found.account.username, password
    opened = services.open_account(found.opening, acting_user=request.user, now=request.received_at)
    return opened.user.username, opened.one_time_password or _("đã đặt")
