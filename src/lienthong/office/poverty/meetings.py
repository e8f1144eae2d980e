"""Hamlets of a commune with their meetings, the form of the minutes, and what is printed of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.documents.printing import render_form
from lienthong.documents.serve import pdf_response
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, not_found, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_moment
from lienthong.office.pages import office_page
from lienthong.office.poverty.village_forms import CorrectForm, MeetingForm
from lienthong.office.poverty.village_parts import class_state, done_already, opened
from lienthong.poverty import policies, printing
from lienthong.poverty.queries.rounds import CommuneReviewNotFound
from lienthong.poverty.queries.village import (
    Hamlet,
    changes_of,
    hamlets_of,
    meetings_of,
    missing_for_posting,
    result_of,
    results_of,
)
from lienthong.poverty.services import meetings as verbs
from lienthong.poverty.services.stages import ReviewRefused
from lienthong.poverty.states import CommuneState, HouseholdClass, VisitState


@allowed(policies.sees_poverty)
@reads
def village(request: HouseRequest, review_id: int) -> HttpResponse:
    review, context = opened(request, review_id, "poverty_village")
    hamlets = hamlets_of(review)
    if request.GET.get("format") == "xlsx":
        return _export(review, hamlets)
    done = sum(hamlet.is_done for hamlet in hamlets)
    context |= {
        "hamlets": [(hamlet, *_how_far(hamlet)) for hamlet in hamlets],
        "done": done,
        "left": len(hamlets) - done,
        "may_record": context["runs"] and review.state == CommuneState.MEETING,
        "missing": missing_for_posting(review) if review.state == CommuneState.MEETING else [],
        "meetings": meetings_of(review)[:100],
    }
    return office_page(request, "office/poverty/village.html", context)


@allowed(policies.sees_poverty)
@reads
def hamlet_results(request: HouseRequest, review_id: int) -> HttpResponse:
    review, context = opened(request, review_id, "poverty_village")
    hamlet = request.GET.get("hamlet", "")
    households = list(results_of(review, hamlet))
    if not households:
        return not_found(request)
    changes = changes_of(review)
    correctable = context["runs"] and review.state == CommuneState.MEETING
    context |= {
        "hamlet": hamlet,
        "rows": [
            (
                household,
                class_state(household.class_before),
                class_state(result_of(household))
                if household.visit_state != VisitState.GONE
                else (_("không còn ở địa bàn"), "wait"),
                changes.get(household.pk, []),
                correctable and household.proposed_class is not None,
            )
            for household in households
        ],
        "meetings": meetings_of(review, hamlet),
    }
    return office_page(request, "office/poverty/hamlet.html", context)


@allowed(policies.runs_a_commune)
@writes
def record_meeting(request: HouseRequest, review_id: int) -> HttpResponse:
    review, context = opened(request, review_id, "poverty_village")
    hamlet = request.GET.get("hamlet", "")
    households = list(results_of(review, hamlet).exclude(visit_state=VisitState.GONE))
    if not households or not context["runs"]:
        return not_found(request)
    form = MeetingForm(
        request.POST if request.method == "POST" else None, households=households, initial={"held_on": request.today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            meeting = verbs.record_meeting(
                form.to_command(review.pk, hamlet), acting_user=request.user, now=request.received_at
            )
        except KeyAlreadyUsed:
            done_already(request)
            return redirect("office:poverty_village", review.pk)
        except ReviewRefused as refusal:
            form.show(refusal)
        else:
            _say(request, meeting)
            return redirect("office:poverty_village", review.pk)
    context |= {"form": form, "hamlet": hamlet, "rows": [(row, class_state(row.result)) for row in form.rows()]}
    return office_page(request, "office/poverty/meeting.html", context, status=422 if form.errors else 200)


@allowed(policies.runs_a_commune)
@writes
def correct(request: HouseRequest, review_id: int, household_id: int) -> HttpResponse:
    review, context = opened(request, review_id, "poverty_village")
    household = next(iter(results_of(review).filter(pk=household_id)), None)
    if household is None or not context["runs"]:
        return not_found(request)
    form = CorrectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.correct_result(form.to_command(household.pk), acting_user=request.user, now=request.received_at)
        except (ReviewRefused, CommuneReviewNotFound) as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã sửa kết quả của hộ %(name)s.") % {"name": household.head_name})
            return redirect("office:poverty_village", review.pk)
    words, tone = class_state(result_of(household))
    context |= {"form": form, "household": household, "words": words, "tone": tone}
    return office_page(request, "office/poverty/correct.html", context, status=422 if form.errors else 200)


@allowed(policies.sees_poverty)
@reads
def minutes(request: HouseRequest, review_id: int, number: int) -> HttpResponseBase:
    review, _context = opened(request, review_id, "poverty_village")
    meeting = next((one for one in meetings_of(review) if one.pk == number), None)
    if meeting is None:
        return not_found(request)
    note_read(request, f"{review.stream}:minutes", "print")
    paper = render_form(printing.minutes(meeting), demo=settings.DEMO_MODE)
    return pdf_response(paper, name=f"bien-ban-hop-thon-{meeting.pk}.pdf")


def _how_far(hamlet: Hamlet) -> tuple[str, str]:
    if not hamlet.households:
        return _("không còn hộ nào"), "wait"
    if hamlet.waiting:
        words = ngettext("còn %(n)s hộ phải khảo sát", "còn %(n)s hộ phải khảo sát", hamlet.waiting)
        return words % {"n": hamlet.waiting}, "late"
    if hamlet.unknown:
        words = ngettext("%(n)s hộ chưa rõ phân loại", "%(n)s hộ chưa rõ phân loại", hamlet.unknown)
        return words % {"n": hamlet.unknown}, "late"
    if hamlet.meeting is None:
        return _("chưa họp"), "soon"
    if not hamlet.meeting.is_accepted:
        return _("chưa đạt tỷ lệ, phải họp lại"), "soon"
    if hamlet.without_result:
        return _("có hộ chưa được họp"), "soon"
    return _("đã họp xong"), "done"


def _say(request: HouseRequest, meeting: Any) -> None:
    numbers = {"agreed": meeting.agreed, "attendees": meeting.attendees}
    if meeting.is_accepted:
        words = _("Đã ghi biên bản: %(agreed)s trên %(attendees)s người đồng ý, kết quả được thông qua.")
        messages.success(request, words % numbers)
    else:
        words = _(
            "Chưa đạt tỷ lệ (%(agreed)s trên %(attendees)s người đồng ý): không thay đổi nào được nhận, các hộ của thôn phải "
            "khảo sát và họp lại. Xã trở về bước khảo sát."
        )
        messages.warning(request, words % numbers)


def _export(review: Any, hamlets: list[Hamlet]) -> HttpResponse:
    return sheet_response(
        "hop-thon.xlsx",
        columns=[
            _("Thôn, tổ dân phố"), _("Số hộ"), _("Tình trạng"), _("Lần họp"), _("Họp lúc"), _("Số người dự"), _("Số người đồng ý"),
            *(str(one.label).capitalize() for one in HouseholdClass), _("Kết quả thay đổi"),
        ],
        rows=[
            [
                hamlet.name, hamlet.households, _how_far(hamlet)[0],
                *((hamlet.meeting.number, format_moment(hamlet.meeting.held_at), hamlet.meeting.attendees, hamlet.meeting.agreed) if hamlet.meeting else ("", "", "", "")),
                *(hamlet.classes[one] for one in HouseholdClass), hamlet.changed,
            ]
            for hamlet in hamlets
        ],
    )  # fmt: skip
