"""Judging a sample blind. Nothing on these pages says what the engine or another judge thinks of a record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.templatetags.formats import percent
from lienthong.office.pages import office_page
from lienthong.office.verification.model import errors_words, figures_of_people, interval_words
from lienthong.office.verification.quality_forms import JudgeForm, threshold_words
from lienthong.verification import policies
from lienthong.verification.queries import reviews
from lienthong.verification.services import reviews as services
from lienthong.verification.states import Judged


@allowed(policies.sees_province)
@reads
def sample_page(request: HouseRequest, sample_id: int) -> HttpResponse:
    sample = reviews.get_sample(sample_id)
    may_judge = policies.runs_batches(request.user, on=request.today) and sample.closed_at is None
    # What has been found so far would lead whoever still judges.
    result = reviews.sample_result(sample) if sample.closed_at is not None else None
    context = {
        "sample": sample,
        "left": result.left if result is not None else reviews.items_to_judge(sample).count(),
        "mine": reviews.judged_by(sample, request.user.pk),
        "may_judge": may_judge,
        "has_next": may_judge and reviews.next_item(sample, judge_id=request.user.pk) is not None,
        "result": result,
        "threshold": threshold_words(sample.batch.threshold),
        "figures_of_people": figures_of_people(result) if result is not None else [],
        "errors": errors_words(result) if result is not None else "",
        "bands": [
            (
                f"{threshold_words(band.low)}–{threshold_words(band.high)}",
                band.links,
                band.judged,
                band.right,
                interval_words(band.observed),
            )
            for band in (result.bands if result is not None else ())
        ],
        "unsure": result.unsure if result is not None else 0,
        "nobody": reviews.without_candidate(sample.batch),
    }
    return office_page(request, "office/verification/sample.html", context)


@allowed(policies.runs_batches)
@reads
def judge_next(request: HouseRequest, sample_id: int) -> HttpResponse:
    sample = reviews.get_sample(sample_id)
    item = reviews.next_item(sample, judge_id=request.user.pk) if sample.closed_at is None else None
    if item is None:
        return redirect("office:verification_sample", sample_id)
    return redirect("office:verification_judge_one", sample_id, item.position)


@allowed(policies.runs_batches)
@writes
def judge_one(request: HouseRequest, sample_id: int, position: int) -> HttpResponse:
    item = reviews.get_item(sample_id, position)
    form = JudgeForm(request.POST or None)
    if form.is_valid():
        command = services.JudgeLink(
            sample_id=sample_id,
            position=position,
            judged=Judged(form.cleaned_data["judged"]),
            note=form.cleaned_data["note"],
        )
        try:
            services.judge_link(command, acting_user=request.user, now=request.received_at)
        except services.ReviewRefused as refusal:
            messages.warning(request, str(refusal))
        return redirect("office:verification_judge", sample_id)
    note_read(request, f"verification-entry:{item.verdict.entry_id}")
    mine = reviews.judged_by(item.sample, request.user.pk)
    context = {
        "sample": item.sample,
        "position": position,
        "mine": mine,
        "progress_words": _("Bạn đã nhận định %(mine)s bản ghi của mẫu %(size)s bản ghi")
        % {"mine": mine, "size": item.sample.size},
        "lines": reviews.lines_to_judge(item),
        "form": form,
        "choices": [
            (Judged.SAME, "c", "primary"),
            (Judged.DIFFERENT, "k", "secondary"),
            (Judged.UNSURE, "h", "secondary"),
        ],
    }
    return office_page(request, "office/verification/judge.html", context, status=422 if form.errors else 200)


@require_POST
@allowed(policies.runs_batches)
@writes
def close_sample(request: HouseRequest, sample_id: int) -> HttpResponse:
    try:
        services.close_sample(sample_id, acting_user=request.user, now=request.received_at)
    except services.ReviewRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        result = reviews.sample_result(reviews.get_sample(sample_id))
        rate = percent(result.precision.rate) if result.precision is not None else _("chưa có số liệu")
        messages.success(request, _("Đã khép mẫu. Tỷ lệ đúng trên ngưỡng: %(rate)s.") % {"rate": rate})
    return redirect("office:verification_sample", sample_id)
