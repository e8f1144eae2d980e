"""The model page: how the engine weighs, whether its confidence means what it says, and where the threshold stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import number, percent
from lienthong.office.pages import office_page
from lienthong.office.verification.addresses import number_in
from lienthong.office.verification.quality_forms import SampleForm, ThresholdForm, threshold_words, wrong_words
from lienthong.verification import charts, policies
from lienthong.verification.estimates import Interval
from lienthong.verification.model_words import blocking_in_words, weights_of
from lienthong.verification.queries import reviews, thresholds
from lienthong.verification.services import reviews as review_services
from lienthong.verification.services import thresholds as threshold_services

BATCHES_SHOWN = 8


@allowed(policies.sees_verification)
@reads
def model_page(request: HouseRequest) -> HttpResponse:
    batches = list(thresholds.batches_with_figures()[:BATCHES_SHOWN])
    asked = number_in(request.GET, "batch")
    batch = thresholds.get_batch_with_figures(asked) if asked is not None else (batches[0] if batches else None)
    context: dict[str, Any] = {
        "batch": batch,
        "batches": [(str(one.pk), one.number) for one in batches],
        "default_batch": str(batches[0].pk) if batches else "",
        "threshold": threshold_words(thresholds.threshold_in_force()),
        "chosen": list(thresholds.confirmed_choices()[:5]),
        "waiting": (waiting := thresholds.waiting_choice()),
        "waiting_words": threshold_words(waiting.threshold) if waiting else "",
        "is_own": waiting is not None and waiting.proposed_by_id == request.user.pk,
        "may_choose": policies.runs_batches(request.user, on=request.today),
        "blocking": blocking_in_words(),
    }
    if batch is not None:
        if request.GET.get("format") == "xlsx":
            return _export(batch)
        context |= _figures_of(batch)
    return office_page(request, "office/verification/model.html", context)


@allowed(policies.runs_batches)
@writes
def propose_threshold(request: HouseRequest, batch_id: int) -> HttpResponse:
    batch = thresholds.get_batch_with_figures(batch_id)
    form = ThresholdForm(request.POST or None, points=thresholds.operating_points(batch))
    if form.is_valid():
        try:
            threshold_services.choose_threshold(
                form.to_command(batch_id), acting_user=request.user, now=request.received_at
            )
        except threshold_services.NoReasonGiven as refusal:
            form.show(refusal, field="reason")
        except threshold_services.ThresholdRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã đề xuất ngưỡng. Hãy nhờ một cán bộ khác của sở xác nhận ở trang này."))
            return redirect(f"{reverse('office:verification_model')}?batch={batch_id}")
    context = {"batch": batch, "form": form}
    return office_page(
        request, "office/verification/choose_threshold.html", context, status=422 if form.errors else 200
    )


@require_POST
@allowed(policies.runs_batches)
@writes
def confirm_threshold(request: HouseRequest, choice_id: int) -> HttpResponse:
    try:
        choice = threshold_services.confirm_threshold(choice_id, acting_user=request.user, now=request.received_at)
    except threshold_services.ThresholdRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        words = {"threshold": threshold_words(choice.threshold)}
        messages.success(request, _("Ngưỡng %(threshold)s được dùng cho các đợt lập từ bây giờ.") % words)
    return redirect("office:verification_model")


@require_POST
@allowed(policies.runs_batches)
@writes
def discard_threshold(request: HouseRequest, choice_id: int) -> HttpResponse:
    threshold_services.discard_threshold(choice_id, acting_user=request.user, now=request.received_at)
    messages.success(request, _("Đã hủy đề xuất. Ngưỡng cũ vẫn được dùng."))
    return redirect("office:verification_model")


@allowed(policies.runs_batches)
@writes
def draw_sample(request: HouseRequest, batch_id: int) -> HttpResponse:
    batch = thresholds.get_batch_with_figures(batch_id)
    form = SampleForm(request.POST or None, initial={"size": "400"})
    if form.is_valid():
        try:
            sample = review_services.draw_sample(
                form.to_command(batch_id), acting_user=request.user, now=request.received_at
            )
        except review_services.SampleSizeOutOfRange as refusal:
            form.show(refusal, field="size")
        except review_services.ReviewRefused as refusal:
            form.show(refusal)
        else:
            return redirect("office:verification_sample", sample.pk)
    context = {"batch": batch, "form": form}
    return office_page(request, "office/verification/draw_sample.html", context, status=422 if form.errors else 200)


def interval_words(interval: Interval | None) -> str:
    """Write a rate with its interval: 99,2 % (từ 98,1 % đến 99,7 %)."""
    if interval is None:
        return _("chưa có số liệu")
    words = {"rate": percent(interval.rate), "low": percent(interval.low), "high": percent(interval.high)}
    return _("%(rate)s (từ %(low)s đến %(high)s)") % words


def figures_of_people(result: reviews.SampleResult) -> list[tuple[str, str, str]]:
    """Return precision and recall as figures: the rate, its words, its interval."""
    rates = (
        (result.precision, _("kết quả được nhận là đúng, theo người rà soát")),
        (result.recall, _("người đúng mà máy nêu được nhận, theo người rà soát")),
    )
    return [(percent(one.rate if one is not None else None), words, ends_words(one)) for one, words in rates]


def ends_words(interval: Interval | None) -> str:
    """Write only the ends of an interval, for a figure whose rate stands above them."""
    if interval is None:
        return ""
    words = {"low": percent(interval.low), "high": percent(interval.high)}
    return _("từ %(low)s đến %(high)s, với độ tin cậy 95 %%") % words


def errors_words(result: reviews.SampleResult) -> str:
    """Say in one sentence what the errors found among accepted links mean."""
    if not result.tried:
        return _("Chưa có kết quả nào trên ngưỡng được nhận định.")
    if result.most_errors is not None:
        return _(
            "0 lỗi trong %(tried)s bản ghi trên ngưỡng: với độ tin cậy 95 %%, tỷ lệ lỗi thật không quá %(most)s (khoảng 3 chia cho"
            " %(tried)s)."
        ) % {"tried": number(result.tried), "most": percent(result.most_errors)}
    return _("%(wrong)s lỗi trong %(tried)s bản ghi trên ngưỡng được nhận định.") % {
        "wrong": number(result.wrong),
        "tried": number(result.tried),
    }


def band_words(low: float, high: float) -> str:
    """Write a band of probability: 99 %–99,9 %."""
    return f"{threshold_words(low)}–{threshold_words(high)}"


def _figures_of(batch: Any) -> dict[str, Any]:
    points, weights = thresholds.operating_points(batch), weights_of(batch.model)
    samples = list(reviews.samples_of(batch))
    closed = next((one for one in samples if one.closed_at is not None), None)
    result = reviews.sample_result(closed) if closed is not None else None
    bands = _band_rows(batch, result)
    drawn = [row for row in bands if row["observed"] is not None and row["stated"] is not None]
    own = next((one for one in points if one.threshold == batch.threshold), None)
    return {
        "points": [
            (threshold_words(one.threshold), one.links, wrong_words(one.expected_wrong), one.left, one is own)
            for one in points
        ],
        "batch_threshold": threshold_words(batch.threshold),
        "own_point": own,
        "own_wrong": wrong_words(own.expected_wrong) if own else "",
        "weights": weights,
        "weights_chart": charts.weights_by_level([charts.Weight(one.field, one.level, round(one.bits, 2)) for one in weights])
        if weights
        else "",
        "weight_rows": [
            [
                f"{one.field}: {one.level.lower()}",
                f"{one.bits:+.1f}".replace(".", ",").replace("-", "−"),
                percent(one.among_same),
                percent(one.by_chance, 4),
                one.in_words,
            ]
            for one in weights
        ],
        "weight_columns": [_("Mức so sánh"), _("Bit"), _("Khi cùng một người"), _("Khi tình cờ"), _("Nghĩa là")],
        "bands": bands,
        "calibration_chart": charts.calibration(
            [
                charts.CalibrationBand(
                    row["band"], row["stated"], row["observed"].rate, row["observed"].low, row["observed"].high, row["judged"]
                )
                for row in drawn
            ]
        )
        if drawn
        else "",
        "calibration_rows": [
            [row["band"], percent(row["stated"]), interval_words(row["observed"]), number(row["judged"]), number(row["records"])]
            for row in bands
        ],
        "calibration_columns": [_("Dải xác suất"), _("Máy nói"), _("Người thấy"), _("Đã nhận định"), _("Số bản ghi")],
        "samples": samples,
        "sample": closed,
        "result": result,
        "figures_of_people": figures_of_people(result) if result else [],
        "errors": errors_words(result) if result else "",
        "nobody": reviews.without_candidate(batch),
    }  # fmt: skip


def _band_rows(batch: Any, result: reviews.SampleResult | None) -> list[dict[str, Any]]:
    found = {one.low: one for one in result.bands} if result is not None else {}
    return [
        {
            "band": band_words(band.low, band.high),
            "stated": band.stated,
            "records": band.records,
            "judged": found[band.low].judged if band.low in found else 0,
            "observed": found[band.low].observed if band.low in found else None,
        }
        for band in thresholds.bands_of(batch)
        if band.records
    ]


def _export(batch: Any) -> HttpResponse:
    columns = [_("Ngưỡng"), _("Được nhận"), _("Dự kiến sai"), _("Còn phải xem")]
    rows = [
        [one.threshold, one.links, round(one.expected_wrong, 2), one.left] for one in thresholds.operating_points(batch)
    ]
    return sheet_response(f"nguong-{batch.number}.xlsx", columns=columns, rows=rows)
