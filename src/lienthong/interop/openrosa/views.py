"""The addresses of the protocol: forms, what belongs to them, and where filled ones are sent."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.http.response import HttpResponseNotModified
from django.utils.translation import gettext as _

from lienthong.interop.openrosa.answers import XML, form_list, manifest, message, with_headers, xml
from lienthong.interop.openrosa.entering import DeviceRequest, for_devices
from lienthong.interop.openrosa.middleware import too_heavy, too_large
from lienthong.poverty.queries import forms
from lienthong.poverty.services import submissions
from lienthong.poverty.survey.compiling import HOUSEHOLDS_LIST
from lienthong.poverty.survey.reading import LARGEST_BYTES

XML_PART = "xml_submission_file"
_STATUS = {
    submissions.SubmissionBroken: HTTPStatus.BAD_REQUEST,
    submissions.FormUnknown: HTTPStatus.NOT_FOUND,
    submissions.SameIdOtherAnswers: HTTPStatus.CONFLICT,
    submissions.NotAnEnumerator: HTTPStatus.FORBIDDEN,
}


@for_devices("GET", "HEAD")
def forms_of_device(request: DeviceRequest) -> HttpResponse:
    listed = [
        (
            form.form_id, form.title, form.version, form.md5, f"{request.root}/forms/{form.form_id}/{form.version}.xml",
            f"{request.root}/forms/{form.form_id}/{form.version}/manifest",
        )
        for form in forms.form_lists(request.device.user, on=request.today)
        if request.GET.get("formID") in {None, form.form_id}
    ]  # fmt: skip
    return _if_changed(request, xml(form_list(listed)))


@for_devices("GET", "HEAD")
def form(request: DeviceRequest, form_id: str, version: str) -> HttpResponse:
    found = forms.get_form_version(form_id, version)
    return _if_changed(request, with_headers(HttpResponse(found.xml, content_type=XML)), tag=found.md5)


@for_devices("GET", "HEAD")
def files_of_form(request: DeviceRequest, form_id: str, version: str) -> HttpResponse:
    forms.get_form_version(form_id, version)
    households = forms.households_csv(request.device.user, on=request.today)
    address = f"{request.root}/forms/{form_id}/{version}/{HOUSEHOLDS_LIST}"
    return _if_changed(request, xml(manifest([(HOUSEHOLDS_LIST, forms.md5_of(households), address)])))


@for_devices("GET", "HEAD")
def households(request: DeviceRequest, form_id: str, version: str) -> HttpResponse:
    forms.get_form_version(form_id, version)
    text = forms.households_csv(request.device.user, on=request.today)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{HOUSEHOLDS_LIST}"'
    response["Cache-Control"] = "private, no-store"
    return _if_changed(request, with_headers(response), tag=forms.md5_of(text))


@for_devices("HEAD", "POST")
def submission(request: DeviceRequest) -> HttpResponse:
    if request.method == "HEAD":
        return with_headers(
            HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Location": f"{request.root}/submission"})
        )
    if names := too_heavy(request):
        return too_large(", ".join(names))  # type: ignore[return-value]
    filled = request.FILES.getlist(XML_PART)
    if len(filled) != 1:
        words = _(
            "Phần gửi lên không có đúng một tệp phiếu (xml_submission_file) nên chưa được nhận. Phiếu vẫn còn trên máy: hãy gửi lại."
        )
        return message(words, status=HTTPStatus.BAD_REQUEST)
    photos = [
        submissions.Photo(name=file.name or name, content=file, declared_type=file.content_type or "")
        for name, files in request.FILES.lists()
        if name != XML_PART
        for file in files
    ]
    # One byte more than may be is enough to see that it is too much.
    content = filled[0].read(LARGEST_BYTES + 1)
    command = submissions.ReceiveSubmission(xml=content, media=photos)
    try:
        received = submissions.receive_submission(
            command, acting_user=request.device.user, now=request.received_at, device=request.device
        )
    except submissions.SubmissionRefused as refused:
        return message(str(refused), status=_STATUS.get(type(refused), HTTPStatus.UNPROCESSABLE_ENTITY))
    return message(received.in_words, status=HTTPStatus.CREATED if received.is_complete else HTTPStatus.ACCEPTED)


def _if_changed(request: DeviceRequest, response: HttpResponse, *, tag: str = "") -> HttpResponse:
    """Answer 304 without a body to a device that has this already."""
    response["ETag"] = f'"{tag or forms.md5_of(response.content.decode())}"'
    if response["ETag"] in request.headers.get("If-None-Match", ""):
        unchanged = HttpResponseNotModified()
        unchanged["ETag"] = response["ETag"]
        return with_headers(unchanged)
    return response
