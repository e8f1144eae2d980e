"""Objections of a commune: the list by day due, taking one in, and the page of one with its recheck and its answer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.documents.printing import render_form
from lienthong.documents.serve import pdf_response
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, not_found, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day
from lienthong.office.pages import office_page
from lienthong.office.poverty.village_forms import AnswerForm, ObjectionForm, RecheckForm
from lienthong.office.poverty.village_parts import class_state, done_already, opened, overdue_words
from lienthong.poverty import policies, printing
from lienthong.poverty.queries.enumerators import enumerators_of
from lienthong.poverty.queries.objections import get_objection, objections_of
from lienthong.poverty.queries.village import result_of, results_of
from lienthong.poverty.services import objections as verbs
from lienthong.poverty.services.meetings import ChangeNotPossible
from lienthong.poverty.services.stages import ReviewRefused
from lienthong.poverty.states import CommuneState, ObjectionState, VisitState
from lienthong.rules.working_time import OutsideCalendar

TONES = {ObjectionState.RECEIVED: "soon", ObjectionState.RECHECKING: "wait", ObjectionState.ANSWERED: "done"}


@allowed(policies.sees_poverty)
@reads
def objection_list(request: HouseRequest, review_id: int) -> HttpResponse:
    review, context = opened(request, review_id, "poverty_objections")
    every = list(objections_of(review))
    if request.GET.get("format") == "xlsx":
        note_read(request, f"{review.stream}:objections", "export")
        return _export(every)
    asked = request.GET.get("state", "")
    shown = [one for one in every if one.state == asked] if asked in ObjectionState.values else every
    open_ones = [one for one in every if one.state != ObjectionState.ANSWERED]
    counts = {state: sum(one.state == state for one in every) for state in ObjectionState}
    context |= {
        "rows": [(one, *_stands(review, one, request)) for one in shown],
        "total": len(every),
        "left": len(open_ones),
        "late": sum(one.due_on < request.today for one in open_ones),
        "states": [("", _("Tất cả"), len(every)), *((one.value, one.label, counts[one]) for one in ObjectionState)],
        "may_receive": context["runs"] and review.state == CommuneState.POSTED,
    }
    return office_page(request, "office/poverty/objections.html", context)


@allowed(policies.runs_a_commune)
@writes
def receive(request: HouseRequest, review_id: int) -> HttpResponse:
    review, context = opened(request, review_id, "poverty_objections")
    if not context["runs"]:
        return not_found(request)
    households = list(results_of(review).exclude(visit_state=VisitState.GONE))
    form = ObjectionForm(
        request.POST if request.method == "POST" else None, households=households, initial={"raised_on": request.today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.receive_objection(
                form.to_command(review.pk), acting_user=request.user, now=request.received_at
            )
        except KeyAlreadyUsed:
            done_already(request)
            return redirect("office:poverty_objections", review.pk)
        except (ReviewRefused, OutsideCalendar) as refusal:
            form.show(refusal, field="raised_on" if isinstance(refusal, verbs.RaisedOnWrongDay) else None)
        else:
            words = _("Đã nhận ý kiến của %(name)s; phải trả lời đến hết ngày %(day)s.")
            messages.success(request, words % {"name": made.raised_by, "day": format_day(made.due_on)})
            return redirect("office:poverty_objection", review.pk, made.pk)
    context["form"] = form
    return office_page(request, "office/poverty/objection_new.html", context, status=422 if form.errors else 200)


@allowed(policies.sees_poverty)
@reads
def objection_page(request: HouseRequest, review_id: int, objection_id: int) -> HttpResponse:
    return _page(request, review_id, objection_id)


@allowed(policies.runs_a_commune)
@writes
def recheck(request: HouseRequest, review_id: int, objection_id: int) -> HttpResponse:
    return _act(request, review_id, objection_id, "recheck")


@allowed(policies.runs_a_commune)
@writes
def answer(request: HouseRequest, review_id: int, objection_id: int) -> HttpResponse:
    return _act(request, review_id, objection_id, "answer")


@allowed(policies.sees_poverty)
@reads
def answer_paper(request: HouseRequest, review_id: int, objection_id: int) -> HttpResponseBase:
    objection = get_objection(objection_id, as_=request.user, on=request.today)
    if objection.commune_review_id != review_id or objection.state != ObjectionState.ANSWERED:
        return not_found(request)
    note_read(request, f"{objection.commune_review.stream}:objection", "print")
    paper = render_form(printing.answer(objection), demo=settings.DEMO_MODE)
    return pdf_response(paper, name=f"tra-loi-{objection.pk}.pdf")


def _act(request: HouseRequest, review_id: int, objection_id: int, verb: str) -> HttpResponse:
    objection = get_objection(objection_id, as_=request.user, on=request.today)
    runs = policies.runs_commune(request.user, objection.commune_review.unit_id, on=request.today)
    if objection.commune_review_id != review_id or not runs:
        return not_found(request)
    if request.method != "POST":
        return redirect("office:poverty_objection", review_id, objection_id)
    form = _forms(request, objection, request.POST)[verb]
    if form.is_valid():
        try:
            if verb == "recheck":
                done = verbs.start_recheck(
                    form.to_command(objection.pk), acting_user=request.user, now=request.received_at
                )
                words = _("Đã giao phúc tra. Danh sách vẫn niêm yết trong khi chờ.")
            else:
                done = verbs.answer_objection(
                    form.to_command(objection.pk), acting_user=request.user, now=request.received_at
                )
                words = _("Đã trả lời.")
                if done.outcome == "upheld":
                    words = _("Đã trả lời và sửa kết quả. Hãy niêm yết lại danh sách trước khi trình quyết định.")
        except (ReviewRefused, ChangeNotPossible) as refusal:
            form.show(refusal)
        else:
            messages.success(request, words)
            return redirect("office:poverty_objection", review_id, done.pk)
    return _page(request, review_id, objection_id, **{verb: form})


def _forms(request: HouseRequest, objection: Any, data: Any = None) -> dict[str, Any]:
    review = objection.commune_review
    households = [] if objection.review_id else list(results_of(review).exclude(visit_state=VisitState.GONE))
    people = enumerators_of(review.unit_id, on=request.today)
    surveyed = objection.review.surveyed_class if objection.review else None
    return {
        "recheck": RecheckForm(data, households=households, enumerators=people),
        "answer": AnswerForm(data, initial={"class_to": surveyed or ""}),
    }


def _page(request: HouseRequest, review_id: int, objection_id: int, **sent: Any) -> HttpResponse:
    objection = get_objection(objection_id, as_=request.user, on=request.today)
    if objection.commune_review_id != review_id:
        return not_found(request)
    review, context = opened(request, review_id, "poverty_objections")
    household = objection.review
    works = context["runs"] and review.state == CommuneState.POSTED and objection.state != ObjectionState.ANSWERED
    waits = household is not None and household.visit_state == VisitState.REVISIT
    words, tone = overdue_words(review, objection.due_on, on=request.today)
    context |= {
        "objection": objection,
        "household": household,
        "state": ObjectionState(objection.state).label,
        "state_tone": TONES[ObjectionState(objection.state)],
        "time": words if objection.state != ObjectionState.ANSWERED else "",
        "time_tone": tone,
        "result": class_state(result_of(household)) if household else None,
        "surveyed": class_state(household.surveyed_class) if household else None,
        "changes": [
            (one, class_state(one.class_from)[0], class_state(one.class_to)[0])
            for one in objection.changes.order_by("pk")
        ],
        "forms": {**_forms(request, objection), **sent} if works else {},
        "refused": [] if works and not waits else list(sent.values()),
        "may_recheck": works and not waits,
        "may_answer": works and not waits,
        "waits": waits,
    }
    return office_page(request, "office/poverty/objection.html", context, status=422 if sent else 200)


def _stands(review: Any, objection: Any, request: HouseRequest) -> tuple[str, str, str, str]:
    state = ObjectionState(objection.state)
    words, tone = "", ""
    if state != ObjectionState.ANSWERED:
        words, tone = overdue_words(review, objection.due_on, on=request.today)
    return str(state.label), TONES[state], words, tone


def _export(rows: list[Any]) -> HttpResponse:
    return sheet_response(
        "khieu-nai.xlsx",
        columns=[
            _("Ngày nhận"), _("Người nêu"), _("Liên hệ"), _("Hộ"), _("Mã hộ"), _("Nội dung ý kiến"), _("Hạn trả lời"), _("Tình trạng"),
            _("Kết quả"), _("Trả lời"), _("Ngày trả lời"),
        ],
        rows=[
            [
                format_day(one.raised_on), one.raised_by, one.contact, one.review.head_name if one.review else "",
                one.review.household.code if one.review else "", one.content, format_day(one.due_on), one.get_state_display(),
                one.get_outcome_display() if one.outcome else "", one.answer, format_day(one.answered_on) if one.answered_on else "",
            ]
            for one in rows
        ],
    )  # fmt: skip
