"""The posting of a commune's list: what hangs out, how long still, what changed since, and posting again."""

from __future__ import annotations

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
from lienthong.office.pages import office_page
from lienthong.office.poverty.village_forms import PostingForm
from lienthong.office.poverty.village_parts import class_state, days_left_words, done_already, last_day_of, opened
from lienthong.poverty import policies, printing
from lienthong.poverty.queries.village import (
    changed_since_posting,
    latest_posting,
    missing_for_posting,
    postings_of,
    result_of,
)
from lienthong.poverty.services import postings as verbs
from lienthong.poverty.services.stages import ReviewRefused
from lienthong.poverty.states import CommuneState
from lienthong.rules.working_time import OutsideCalendar


@allowed(policies.sees_poverty)
@writes
def posting(request: HouseRequest, review_id: int) -> HttpResponse:
    review, context = opened(request, review_id, "poverty_posting")
    last = latest_posting(review)
    if request.GET.get("format") == "xlsx":
        note_read(request, f"{review.stream}:posting", "export")
        return _export(last)
    at_work = review.state in (CommuneState.MEETING, CommuneState.POSTED)
    missing = missing_for_posting(review) if at_work else []
    changed = changed_since_posting(review, last) if last is not None and at_work else []
    may_post = context["runs"] and at_work and not missing and (last is None or bool(changed))
    form = PostingForm(
        request.POST if request.method == "POST" else None,
        initial={"posted_on": request.today, "places": last.places if last else ""},
    )
    if request.method == "POST":
        if not context["runs"]:
            return not_found(request)
        if form.is_valid():
            try:
                made = verbs.post_list(form.to_command(review.pk), acting_user=request.user, now=request.received_at)
            except KeyAlreadyUsed:
                done_already(request)
                return redirect("office:poverty_posting", review.pk)
            except (ReviewRefused, OutsideCalendar) as refusal:
                form.show(refusal)
            else:
                left = days_left_words(review, last_day_of(made.ends_on), on=request.today)
                messages.success(request, _("Đã niêm yết lần %(n)s, %(left)s.") % {"n": made.number, "left": left})
                return redirect("office:poverty_posting", review.pk)
    context |= {
        "form": form,
        "posting": last,
        "left": days_left_words(review, last_day_of(last.ends_on), on=request.today) if last else "",
        "is_over": last is not None and request.today >= last.ends_on,
        "rows": [(row, class_state(row["before"]), class_state(row["class"])) for row in last.households]
        if last
        else [],
        "missing": missing,
        "changed": [(household, class_state(result_of(household))) for household in changed],
        "may_post": may_post or bool(form.errors),
        "earlier": postings_of(review)[1:],
    }
    return office_page(request, "office/poverty/posting.html", context, status=422 if form.errors else 200)


@allowed(policies.sees_poverty)
@reads
def notice(request: HouseRequest, review_id: int, number: int) -> HttpResponseBase:
    review, _context = opened(request, review_id, "poverty_posting")
    found = next((one for one in postings_of(review) if one.number == number), None)
    if found is None:
        return not_found(request)
    note_read(request, f"{review.stream}:posting", "print")
    paper = render_form(printing.posting_notice(found), demo=settings.DEMO_MODE)
    return pdf_response(paper, name=f"niem-yet-{review.unit.code}-{number}.pdf")


def _export(posting: object) -> HttpResponse:
    rows = getattr(posting, "households", [])
    return sheet_response(
        "niem-yet.xlsx",
        columns=[_("Mã hộ"), _("Chủ hộ"), _("Thôn, tổ dân phố"), _("Nhân khẩu"), _("Đang là"), _("Kết quả rà soát"), _("Điểm B1"), _("Điểm B2")],
        rows=[
            [row["code"], row["head"], row["hamlet"], row["size"], class_state(row["before"])[0], class_state(row["class"])[0], row["a_points"], row["b_points"]]
            for row in rows
        ],
    )  # fmt: skip
