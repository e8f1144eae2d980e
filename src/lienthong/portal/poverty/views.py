"""A household sees its own result and why: signed in, or by its code and the number of one of its members."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from lienthong.accounts.policies import is_applicant
from lienthong.infra.http import HouseRequest, allowed, note_read, public, reads, writes
from lienthong.infra.throttle import Limit, TooManyTries, begin_try, succeeded
from lienthong.people import queries as people
from lienthong.portal.pages import portal_page
from lienthong.portal.poverty.forms import LookUpForm
from lienthong.portal.tracking.access import network_of
from lienthong.poverty.queries import results
from lienthong.poverty.queries.results import ResultNotFound

LOOKED_UP = "household"
REMEMBERED_FOR = timedelta(minutes=30)
# A number of 12 digits is no secret in a village: from one network a few may fail, for one household fewer.
GUESSES = Limit(tries=20, within=timedelta(minutes=15))
GUESSES_AT_A_HOUSEHOLD = Limit(tries=5, within=timedelta(hours=1))


@allowed(is_applicant)
@reads
def household(request: HouseRequest) -> HttpResponse:
    person = request.user.person
    own = people.household_of(person, request.today) if person else None
    if own is None:
        return _private(portal_page(request, "portal/poverty/no_household.html", {"has_person": person is not None}))
    return _result(request, own, is_signed_in=True)


@public
@writes
def look_up(request: HouseRequest) -> HttpResponse:
    form = LookUpForm(request.POST or None)
    status = 200
    if form.is_valid():
        code, number = form.cleaned_data["code"].upper().replace(" ", ""), form.cleaned_data["number"].replace(" ", "")
        try:
            tries = begin_try(_limits(request, code), now=request.received_at)
            results.find_by_member(code, number, on=request.today)
        except ResultNotFound as refusal:
            form.show(refusal)
        except TooManyTries as refusal:
            form.show(refusal)
            status = 429
        else:
            succeeded(tries)
            request.session[LOOKED_UP] = [code, number, request.received_at.isoformat()]
            return redirect("portal:household_result")
    context = {"form": form, "form_code": form}
    return _private(
        portal_page(
            request,
            "portal/poverty/look_up.html",
            context,
            status=422 if form.errors and status == 200 else status,
        )
    )


@public
@reads
def looked_up(request: HouseRequest) -> HttpResponse:
    code, number, at = request.session.get(LOOKED_UP) or ("", "", "")
    if not at or datetime.fromisoformat(at) < request.received_at - REMEMBERED_FOR:
        return redirect("portal:household_look_up")
    try:
        found = results.find_by_member(code, number, on=request.today)
    except ResultNotFound:
        return redirect("portal:household_look_up")
    return _result(request, found, is_signed_in=False)


def _result(request: HouseRequest, household: Any, *, is_signed_in: bool) -> HttpResponse:
    own = results.own_result(household, on=request.today)
    note_read(request, f"household:{household.code}")
    told = results.explanation(own.review.deciding_score) if own.review else None
    context = {
        "own": own,
        "told": told,
        "deprived": [one for one in told.deprivations if one.is_deprived] if told else [],
        "is_signed_in": is_signed_in,
    }
    return _private(portal_page(request, "portal/poverty/result.html", context))


def _limits(request: HouseRequest, code: str) -> dict[str, Limit]:
    network = network_of(request)
    return {
        f"household-from:{network}": GUESSES,
        f"household-from:{network}:{code[:20]}": GUESSES_AT_A_HOUSEHOLD,
        f"household:{code[:20]}": Limit(tries=30, within=timedelta(hours=1)),
    }


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    return response
