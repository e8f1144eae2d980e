"""Filled forms that could not be placed: read in words, given to a household of the list, or not used and why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_moment
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.filters import typed
from lienthong.office.poverty.told import told_form
from lienthong.poverty import policies
from lienthong.poverty.queries import submissions as queries
from lienthong.poverty.queries.visits import households_alike
from lienthong.poverty.services import setting_aside as verbs
from lienthong.poverty.states import SubmissionState
from lienthong.poverty.survey.answers import head_of
from lienthong.poverty.survey.reading import SubmissionUnreadable, read_submission

ROWS_ON_A_PAGE = 50
TONES = {SubmissionState.ACCEPTED: "done", SubmissionState.SET_ASIDE: "soon", SubmissionState.DISCARDED: "ended"}


class AttachForm(forms.Form):
    """Whose form it is."""

    code = forms.LineField(label="", max_length=20)
    is_surely_theirs = forms.AgreementField(label="", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Mã hộ")
        self.fields["code"].help_text = _("Hộ phải có trong danh sách rà soát đang mở của xã, phường.")
        self.fields["is_surely_theirs"].label = _("Đã kiểm tra: phiếu đúng là của hộ này, dù ghi chủ hộ khác")


class DiscardForm(forms.Form):
    """Why it is not used."""

    note = forms.NoteField(label="", max_length=500, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("Vì sao không dùng phiếu này?")


@allowed(policies.sees_poverty)
@reads
def set_aside(request: HouseRequest) -> HttpResponse:
    asked = typed(request.GET, "unit")
    rows = queries.set_aside(request.user, on=request.today)
    if asked:
        rows = rows.filter(unit__code=asked)
    if request.GET.get("format") == "xlsx":
        return _export(request, list(rows))
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    note_read(request, "poverty-set-aside")
    context = {
        "page": page,
        "asked": asked,
        "is_wide": policies.sees_province(request.user, on=request.today) and not asked,
    }
    return office_page(request, "office/poverty/set_aside.html", context)


@allowed(policies.sees_poverty)
@writes
def set_aside_one(request: HouseRequest, submission_id: int) -> HttpResponse:
    submission = queries.get_submission(submission_id, as_=request.user, on=request.today)
    sent = request.POST if request.method == "POST" else None
    is_discard = sent is not None and sent.get("verb") == "discard"
    attach = AttachForm(None if is_discard else sent, initial={"code": submission.household_code})
    discard = DiscardForm(sent if is_discard else None)
    if sent is not None and (discard if is_discard else attach).is_valid():
        try:
            words = _discard(request, submission_id, discard) if is_discard else _attach(request, submission_id, attach)
        except verbs.SettingAsideRefused as refusal:
            (discard if is_discard else attach).show(refusal, field="note" if is_discard else "code")
        else:
            messages.success(request, words)
            return redirect("office:poverty_set_aside")
    answers = _answers(submission)
    note_read(request, f"survey-submission:{submission.pk}", "answers")
    state = SubmissionState(submission.state)
    runs = submission.unit_id is not None and policies.runs_commune(request.user, submission.unit_id, on=request.today)
    context = {
        "submission": submission,
        "version": submission.form_version,
        "state": (state.label, TONES[state]),
        "told": told_form(submission.form_version, answers),
        "head": head_of(answers),
        "alike": households_alike(submission, head_of(answers), as_=request.user, on=request.today),
        "attach": attach,
        "discard": discard,
        "may_act": runs and state == SubmissionState.SET_ASIDE,
    }
    return office_page(request, "office/poverty/set_aside_one.html", context, status=422 if sent is not None else 200)


def _attach(request: HouseRequest, submission_id: int, form: AttachForm) -> str:
    visit = verbs.attach_submission(
        submission_id,
        form.cleaned_data["code"].upper(),
        is_surely_theirs=form.cleaned_data["is_surely_theirs"],
        acting_user=request.user,
        now=request.received_at,
    )
    return _("Đã gắn phiếu vào hộ %(name)s; hộ đã được chấm theo phiếu này.") % {"name": visit.review.head_name}


def _discard(request: HouseRequest, submission_id: int, form: DiscardForm) -> str:
    verbs.discard_submission(
        submission_id, note=form.cleaned_data["note"], acting_user=request.user, now=request.received_at
    )
    return _("Đã ghi không dùng phiếu. Phiếu vẫn được lưu.")


def _answers(submission: Any) -> dict[str, Any]:
    try:
        return read_submission(submission.xml.encode()).answers
    except SubmissionUnreadable:  # what was taken in could be read then; a page is no place to fall over it
        return {}


def _export(request: HouseRequest, rows: list[Any]) -> HttpResponse:
    note_read(request, "poverty-set-aside", "export")
    return sheet_response(
        "phieu-de-rieng.xlsx",
        columns=[_("Phiếu của hộ"), _("Lý do"), _("Mã hộ ghi trong phiếu"), _("Người gửi"), _("Máy"), _("Xã, phường"), _("Nhận lúc")],
        rows=[
            [
                one.form_version.title, one.reason, one.household_code, one.sent_by.full_name if one.sent_by else "",
                one.device.name if one.device else "", one.unit.name if one.unit else "", format_moment(one.received_at),
            ]
            for one in rows
        ],
    )  # fmt: skip
