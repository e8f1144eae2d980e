"""The question pages of a draft: where, who, what, how the result comes back. Each Continue keeps its part."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import ApplicantKind
from lienthong.dossiers import handlers, services
from lienthong.dossiers.services import Applicant, ChangeDraft
from lienthong.dossiers.states import ReturnWay
from lienthong.infra.http import HouseRequest
from lienthong.portal.filing.drafts import of_draft
from lienthong.portal.filing.forms import (
    ORGANIZATION,
    PERSON,
    SELF,
    ApplicantForm,
    DetailsForm,
    PartForm,
    ReturnForm,
    WhereForm,
    WhoForm,
)
from lienthong.portal.filing.known import is_own, known_of, own_kinds
from lienthong.portal.filing.places import places_for, unit_of_request
from lienthong.portal.pages import portal_page

LENGTH_OF_PERSONAL_NUMBERS = (9, 12)


@of_draft()
def where(request: HouseRequest, draft: Any) -> HttpResponse:
    unit = known_of(request.user, on=request.today).unit
    places = places_for(draft.version, unit=unit, on=request.today)
    agency = places.find(draft.receiving_agency_id)
    form = WhereForm(request.POST or None, places=places, agency=agency)
    if _is_answered(request, form):
        chosen = form.agency()
        if chosen is None:
            return onward(request, draft)
        change = ChangeDraft(
            draft_id=draft.public_id,
            receiving_agency_id=chosen.pk,
            unit_id=unit_of_request(chosen, unit=unit),
        )
        return _kept(request, change)
    return _page(request, "where", draft, form, begun=[], version=draft.version)


@of_draft()
def who(request: HouseRequest, draft: Any) -> HttpResponse:
    choices, hints = _whom_choices(request, draft)
    if len(choices) == 1 and request.method != "POST":
        return redirect_keeping("portal:draft_applicant", request, draft)
    form = WhoForm(request.POST or None, choices=choices, hints=hints, initial={"whom": _whom(request, draft)})
    if _is_answered(request, form):
        whom = form.cleaned_data["whom"]
        if whom and whom != _whom(request, draft):
            services.change_draft(
                _change_of_whom(request, draft, whom), acting_user=request.user, now=request.received_at
            )
        if "leave" in request.POST:
            return onward(request, draft)
        other = {} if whom == SELF else {"whom": whom}
        return redirect_keeping("portal:draft_applicant", request, draft, **other)
    return _page(request, "who", draft, form)


@of_draft()
def applicant(request: HouseRequest, draft: Any) -> HttpResponse:
    whom = _whom(request, draft)
    initial = {
        "name": draft.applicant_name,
        "number": draft.applicant_number,
        "phone": draft.applicant_phone,
        "email": draft.applicant_email,
        "address": draft.applicant_address,
    }
    form = ApplicantForm(request.POST or None, whom=whom, initial=initial)
    known = known_of(request.user, on=request.today).applicant
    if _is_answered(request, form):
        return _kept(request, ChangeDraft(draft_id=draft.public_id, applicant=form.to_applicant(known)))
    return _page(request, "applicant", draft, form, known=known if whom == SELF else None)


@of_draft()
def details(request: HouseRequest, draft: Any) -> HttpResponse:
    handler = handlers.for_procedure(draft.procedure_code)
    form = DetailsForm(
        request.POST or None,
        questions=handler.questions(),
        answers=draft.answers,
        initial={"summary": draft.summary},
    )
    if _is_answered(request, form):
        answers = form.answers()
        if "leave" not in request.POST:
            form.show_missing(handler.missing(answers, on=request.today))
        if form.is_valid():
            change = ChangeDraft(draft_id=draft.public_id, answers=answers, summary=form.cleaned_data["summary"])
            return _kept(request, change)
    told = form.answers() if form.is_bound else draft.answers
    return _page(request, "details", draft, form, elsewhere=handler.elsewhere(told))


@of_draft()
def result(request: HouseRequest, draft: Any) -> HttpResponse:
    initial = {
        "return_way": draft.return_way,
        "return_address": draft.return_address or draft.applicant_address,
    }
    ways, hints = _ways_of_return(draft)
    form = ReturnForm(request.POST or None, ways=ways, hints=hints, initial=initial)
    if _is_answered(request, form):
        return _kept(request, form.to_change(draft.public_id))
    return _page(request, "result", draft, form)


def onward(request: HouseRequest, draft: Any) -> HttpResponse:
    """Go on from a part that is kept: out when the applicant leaves, else to the check or the list of parts."""
    if "leave" in request.POST:
        messages.success(request, _("Đã lưu. Hồ sơ đang soạn của bạn nằm ở đây, quay lại làm tiếp lúc nào cũng được."))
        return redirect("portal:my_dossiers")
    if request.GET.get("back") == "check":
        return redirect("portal:draft_check", draft.public_id)
    return redirect("portal:draft", draft.public_id)


def redirect_keeping(route: str, request: HouseRequest, draft: Any, *parts: Any, **query: str) -> HttpResponse:
    """Go to another page of the draft and remember whether the applicant came from the check."""
    if request.GET.get("back") == "check":
        query["back"] = "check"
    address = reverse(route, args=[draft.public_id, *parts])
    return redirect(f"{address}?{urlencode(query)}" if query else address)


def _is_answered(request: HouseRequest, form: PartForm) -> bool:
    if request.method != "POST":
        return False
    if "leave" in request.POST:
        form.allow_gaps()
    return form.is_valid()


def _kept(request: HouseRequest, change: ChangeDraft) -> HttpResponse:
    draft = services.change_draft(change, acting_user=request.user, now=request.received_at)
    return onward(request, draft)


def _page(request: HouseRequest, name: str, draft: Any, form: PartForm, **more: Any) -> HttpResponse:
    context = {"form": form, "draft": draft, "is_change": request.GET.get("back") == "check", **more}
    return portal_page(request, f"portal/filing/{name}.html", context, status=422 if form.errors else 200)


def _whom(request: HouseRequest, draft: Any) -> str:
    """Tell for whom a draft is; a tax code is not as long as a personal number."""
    if is_own(draft, request.user):
        return SELF
    if request.GET.get("whom") in {PERSON, ORGANIZATION}:
        return request.GET["whom"]
    if draft.applicant_number:
        return PERSON if len(draft.applicant_number) in LENGTH_OF_PERSONAL_NUMBERS else ORGANIZATION
    return PERSON if ApplicantKind.CITIZEN in draft.version.applicants else ORGANIZATION


def _whom_choices(request: HouseRequest, draft: Any) -> tuple[list[tuple[str, str]], dict[str, str]]:
    allowed = set(draft.version.applicants)
    name = known_of(request.user, on=request.today).applicant.name
    choices: list[tuple[str, str]] = []
    hints = {SELF: name}
    if own_kinds(request.user) & allowed:
        is_firm = request.user.organization_id is not None
        choices.append((SELF, _("Cho tổ chức, doanh nghiệp của tôi") if is_firm else _("Cho chính tôi")))
    if ApplicantKind.CITIZEN in allowed:
        choices.append((PERSON, _("Nộp thay một người khác")))
        hints[PERSON] = _("Ví dụ: cha mẹ, con, người được bạn chăm sóc. Mang theo giấy ủy quyền khi được hỏi.")
    if allowed - {ApplicantKind.CITIZEN}:
        choices.append((ORGANIZATION, _("Nộp thay một tổ chức, doanh nghiệp")))
    return choices, hints


def _change_of_whom(request: HouseRequest, draft: Any, whom: str) -> ChangeDraft:
    """Turn a draft to somebody else: what is known of the account comes in, or goes out again."""
    known = known_of(request.user, on=request.today).applicant
    if whom == SELF:
        return ChangeDraft(draft_id=draft.public_id, applicant=known, representative_name="")
    other = Applicant(name="", phone=draft.applicant_phone or known.phone, email=draft.applicant_email)
    return ChangeDraft(draft_id=draft.public_id, applicant=other, representative_name=request.user.full_name)


def _ways_of_return(draft: Any) -> tuple[list[tuple[str, str]], dict[str, str]]:
    is_digital = any(result.is_digital for result in catalogue.get_version(draft.version_id).results.all())
    ways = [(way.value, str(way.label).capitalize()) for way in ReturnWay if way is not ReturnWay.ONLINE or is_digital]
    agency = draft.receiving_agency.name if draft.receiving_agency else ""
    return ways, {
        ReturnWay.COUNTER.value: agency,
        ReturnWay.POST.value: _("Bưu tá giao tận nơi; cước do bưu chính thu khi giao"),
        ReturnWay.ONLINE.value: _("Tải về ở trang hồ sơ của bạn"),
    }
