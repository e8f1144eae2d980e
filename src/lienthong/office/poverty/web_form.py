"""A survey form filled in the browser: the page, what the form asks for, and where the answers are sent."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.accounts.policies import is_staff
from lienthong.documents.serve import file_response
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.webform import shows_webform
from lienthong.office.pages import office_page
from lienthong.poverty import policies
from lienthong.poverty.queries import own_visits as queries
from lienthong.poverty.queries.forms import FormNotFound
from lienthong.poverty.queries.visiting import may_be_visited
from lienthong.poverty.services import submissions
from lienthong.poverty.states import FormKind
from lienthong.poverty.survey.compiling import HOUSEHOLDS_LIST
from lienthong.poverty.survey.reading import LARGEST_BYTES

XML_PART = "xml_submission_file"
NOT_THE_LAST_PART = "*isIncomplete*"
XML = "text/xml; charset=utf-8"
_STATUS = {
    submissions.SubmissionBroken: 400,
    submissions.FormUnknown: 404,
    submissions.SameIdOtherAnswers: 409,
    submissions.NotAnEnumerator: 403,
}


@allowed(policies.is_enumerator)
@reads
@shows_webform
def web_form(request: HouseRequest, review_id: int, form_id: str) -> HttpResponse:
    review = _household(request, review_id, form_id)
    note_read(request, f"household-review:{review.pk}")
    is_time = may_be_visited(review)
    corrected = _corrected(request, review, form_id) if "correct" in request.GET and is_time else None
    # Answers are corrected on the version that they were given on: another may have other questions.
    version = corrected.submission.form_version if corrected else queries.version_to_fill(review, form_id)
    context: dict[str, Any] = {
        "review": review,
        "round": review.commune_review.round,
        "title": version.title if version else FormKind(form_id).label,
        "is_time": is_time,
        "is_correction": corrected is not None,
        "back": reverse("office:poverty_visits"),
        "webform": _parts(review, form_id, version, corrected) if version and is_time else None,
    }
    return office_page(request, "office/poverty/web_form.html", context)


@allowed(policies.is_enumerator)
@reads
def form_xml(request: HouseRequest, review_id: int, form_id: str) -> HttpResponse:
    review = _household(request, review_id, form_id)
    version = queries.version_to_fill(review, form_id, version=request.GET.get("version", "")[:20])
    if version is None:
        raise FormNotFound(form_id)
    return _private(HttpResponse(queries.xml_for(review, version), content_type=XML))


@allowed(policies.is_enumerator)
@reads
def form_file(request: HouseRequest, review_id: int, form_id: str, name: str) -> HttpResponse:
    review = _household(request, review_id, form_id)
    if name != HOUSEHOLDS_LIST:
        raise FormNotFound(name)
    return _private(HttpResponse(queries.csv_for(review), content_type="text/csv; charset=utf-8"))


@allowed(policies.is_enumerator)
@reads
def answers_xml(request: HouseRequest, review_id: int, form_id: str) -> HttpResponse:
    visit = _corrected(request, _household(request, review_id, form_id), form_id)
    note_read(request, f"household-review:{review_id}", "answers")
    return _private(HttpResponse(visit.submission.xml, content_type=XML))


@allowed(policies.is_enumerator)
@reads
def photo(request: HouseRequest, review_id: int, form_id: str, name: str) -> HttpResponseBase:
    visit = _corrected(request, _household(request, review_id, form_id), form_id)
    return file_response(queries.photo_of(visit, name), as_attachment=False)


@allowed(is_staff)
@writes
def send(request: HouseRequest) -> HttpResponse:
    """Take in what the page sends. Whoever filled it may have lost the household meanwhile: the service tells, nothing is lost."""
    back = reverse("office:poverty_visits")
    if request.method != "POST":
        return redirect("office:poverty")
    filled = request.FILES.getlist(XML_PART)
    if len(filled) != 1:
        words = _("Phần gửi lên không có đúng một phiếu nên chưa được nhận. Hãy tải lại trang rồi gửi lại.")
        return _refusal(words, 400)
    photos = [
        submissions.Photo(name=file.name or name, content=file, declared_type=file.content_type or "")
        for name, files in request.FILES.lists()
        if name != XML_PART
        for file in files
    ]
    # One byte more than may be is enough to see that it is too much.
    command = submissions.ReceiveSubmission(xml=filled[0].read(LARGEST_BYTES + 1), media=photos)
    try:
        received = submissions.receive_submission(command, acting_user=request.user, now=request.received_at)
    except submissions.SubmissionRefused as refused:
        return _refusal(str(refused), _STATUS.get(type(refused), 422))
    if request.POST.get(NOT_THE_LAST_PART) != "yes":
        messages.success(request, received.in_words)
    return JsonResponse({"location": back}, status=201)


def _household(request: HouseRequest, review_id: int, form_id: str) -> Any:
    if form_id not in FormKind.values:
        raise FormNotFound(form_id)
    return queries.get_household_to_fill(review_id, as_=request.user, on=request.today)


def _corrected(request: HouseRequest, review: Any, form_id: str) -> Any:
    return queries.visit_to_correct(review, form_id, as_=request.user, on=request.today)


def _parts(review: Any, form_id: str, version: Any, corrected: Any) -> dict[str, Any]:
    """Return what the part ``office/poverty/_webform.html`` asks for."""
    own = [review.pk, form_id]
    parts = {
        "form": reverse("office:poverty_web_form_xml", args=own) + f"?{urlencode({'version': version.version})}",
        "attachments": reverse("office:poverty_web_form_file", args=[*own, "-"]).removesuffix("-"),
        "submission": reverse("office:poverty_send_form"),
        "draft_key": f"{form_id} {version.version} {review.pk}",
        "next": reverse("office:poverty_visits"),
    }
    if corrected is None:
        return parts
    names = [media.name for media in queries.photos_of(corrected)]
    return {
        **parts,
        "draft_key": f"{form_id} {version.version} visit {corrected.pk}",
        "edit_instance": reverse("office:poverty_web_form_answers", args=own),
        "edit_files": json.dumps(names, ensure_ascii=False),
        "edit_attachments": reverse("office:poverty_web_form_photo", args=[*own, "-"]).removesuffix("-"),
    }


def _refusal(words: str, status: int) -> HttpResponse:
    return JsonResponse({"message": words}, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
