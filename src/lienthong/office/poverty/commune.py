"""A commune's part of a round: its stages as a list of tasks, what is next, how far each enumerator is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.kernel.days import format_day, local_day
from lienthong.kernel.text import whole_number
from lienthong.office.pages import office_page
from lienthong.office.poverty.round_forms import HouseholdForm, RequestForm, TotalsForm
from lienthong.office.poverty.tones import STAGE_TONES
from lienthong.poverty import policies
from lienthong.poverty.queries import listing as lists
from lienthong.poverty.queries import rounds as queries
from lienthong.poverty.queries.stages import Missing, missing_for
from lienthong.poverty.queries.village import missing_for_posting
from lienthong.poverty.queries.visits import waiting_of
from lienthong.poverty.queries.worklist import enumerator_progress, open_requests
from lienthong.poverty.services import listing, requests, stages
from lienthong.poverty.services.stages import ReviewRefused
from lienthong.poverty.states import CommuneState, RequestKind

ORDER = list(CommuneState)


@allowed(policies.sees_poverty)
@reads
def commune_page(request: HouseRequest, review_id: int) -> HttpResponse:
    review = queries.get_commune_review(review_id, as_=request.user, on=request.today)
    progress = queries.progress_of_review(review, today=request.today)
    state = CommuneState(review.state)
    runs = policies.runs_commune(request.user, review.unit_id, on=request.today) and review.round.closed_at is None
    day = lists.listing_day(review, request.today)
    is_open = state in listing.LISTING_STATES
    address = reverse("office:poverty_households", args=[review.pk])
    missing = missing_for(review, CommuneState.MEETING) if state == CommuneState.VISITING else []
    context = {
        "review": review,
        "round": review.round,
        "state": (state.label, STAGE_TONES[state]),
        "progress": progress,
        "left": progress.listed - progress.done,
        "tasks": _tasks(review, progress, address),
        "missing": [(one.words, _address_of(one, review, address)) for one in missing],
        "enumerators": enumerator_progress(review),
        "requests": open_requests(review, day).count() if is_open else 0,
        "unplaced": len(lists.unplaced(review, day)) if runs and is_open else 0,
        "runs": runs,
        "set_aside": waiting_of(review),
        "may_give_devices": policies.gives_devices(request.user, review.unit_id, on=request.today),
        "may_list": runs and is_open,
        "may_confirm": runs and state == CommuneState.LISTING and progress.listed > 0,
        "may_confirm_nobody": runs and state == CommuneState.LISTING and progress.listed == 0,
        "may_finish": runs and state == CommuneState.VISITING and not missing,
        "next": _next(review),
        "wide": policies.sees_province(request.user, on=request.today),
        "households": address,
    }
    return office_page(request, "office/poverty/commune.html", context)


@allowed(policies.runs_a_commune)
@writes
def commune_act(request: HouseRequest, review_id: int, action: str) -> HttpResponse:
    review = queries.get_commune_review(review_id, as_=request.user, on=request.today)
    if request.method != "POST":
        return redirect("office:poverty_commune", review.pk)
    try:
        messages.success(request, _done(request, review, action))
    except stages.StageNotDone as refusal:
        for one in refusal.missing:
            messages.warning(request, one.words)
    except ReviewRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("office:poverty_commune", review.pk)


@allowed(policies.runs_a_commune)
@writes
def totals(request: HouseRequest, review_id: int) -> HttpResponse:
    review = queries.get_commune_review(review_id, as_=request.user, on=request.today)
    known = {"households": review.households_total, "population": review.population_total}
    form = TotalsForm(request.POST) if request.method == "POST" else TotalsForm(initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            listing.record_totals(review, acting_user=request.user, now=request.received_at, **form.cleaned_data)
        except listing.FewerPeopleThanHouseholds as refusal:
            form.show(refusal, field="population")
        except listing.TotalsTooSmall as refusal:
            form.show(refusal, field="households")
        except ReviewRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã ghi tổng số hộ, nhân khẩu của xã."))
            return redirect("office:poverty_commune", review.pk)
    words = {
        "heading": _("Xã có bao nhiêu hộ, bao nhiêu nhân khẩu?"),
        "what": _("Tỷ lệ hộ nghèo được tính trên tổng số hộ này."),
        "press": _("Ghi"),
    }
    return _form_page(request, review, form, words)


@allowed(policies.runs_a_commune)
@writes
def add_household(request: HouseRequest, review_id: int) -> HttpResponse:
    review = queries.get_commune_review(review_id, as_=request.user, on=request.today)
    form = HouseholdForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = listing.add_household(
                review, form.cleaned_data["code"], acting_user=request.user, now=request.received_at
            )
        except ReviewRefused as refusal:
            form.show(refusal, field="code")
        else:
            messages.success(request, _("Đã thêm hộ %(name)s vào danh sách.") % {"name": row.head_name})
            return redirect("office:poverty_households", review.pk)
    unsure = lists.unplaced(review, lists.listing_day(review, request.today))
    if unsure:
        note_read(request, f"poverty-unplaced:{review.pk}")
    context = {"review": review, "round": review.round, "form": form, "unsure": unsure}
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/poverty/add_household.html", context, status=status)


@allowed(policies.sees_poverty)
@writes
def request_list(request: HouseRequest, review_id: int) -> HttpResponse:
    review = queries.get_commune_review(review_id, as_=request.user, on=request.today)
    receives = review.unit_id in policies.communes_of(request.user, on=request.today, roles=requests.RECEIVING_ROLES)
    form = RequestForm(request.POST if request.method == "POST" else None, initial={"received_on": request.today})
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdraw(request, review)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        command = requests.RecordRequest(
            unit_id=review.unit_id, household_code=data["code"], kind=RequestKind(data["kind"]),
            received_on=data["received_on"], note=data["note"],
        )  # fmt: skip
        try:
            requests.record_request(command, acting_user=request.user, now=request.received_at)
        except (listing.HouseholdNotHere, requests.AskedAlready) as refusal:
            form.show(refusal, field="code")
        except requests.NotReceivedYet as refusal:
            form.show(refusal, field="received_on")
        except ReviewRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã ghi giấy đề nghị của hộ %(code)s.") % {"code": data["code"]})
            return redirect("office:poverty_requests", review.pk)
    rows = list(open_requests(review, request.today))
    context = {"review": review, "round": review.round, "form": form, "rows": rows, "receives": receives}
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/poverty/requests.html", context, status=status)


def _withdraw(request: HouseRequest, review: Any) -> HttpResponse:
    number = whole_number(request.POST.get("withdraw", "")) or 0
    try:
        requests.withdraw_request(number, acting_user=request.user, now=request.received_at)
    except ReviewRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi hộ rút giấy đề nghị."))
    return redirect("office:poverty_requests", review.pk)


def _done(request: HouseRequest, review: Any, action: str) -> str:
    """Do what a button of the page asks and return the sentence that reports it."""
    user, now = request.user, request.received_at
    if action == "list":
        report = listing.make_list(review, acting_user=user, now=now)
        words = {"added": report.added, "all": report.households}
        return _("Đã thêm %(added)s hộ; danh sách có %(all)s hộ.") % words
    if action == "visiting":
        stages.move_commune(review, CommuneState.VISITING, acting_user=user, now=now)
        return _("Đã chốt danh sách. Điều tra viên bắt đầu khảo sát.")
    if action == "nobody":
        reason = _("Xã xác nhận không có hộ nào cần rà soát.")
        stages.move_commune(review, CommuneState.VISITING, acting_user=user, now=now, reason=reason)
        return _("Đã xác nhận xã không có hộ nào cần rà soát.")
    if action == "meeting":
        stages.move_commune(review, CommuneState.MEETING, acting_user=user, now=now)
        return _("Đã kết thúc khảo sát. Việc tiếp theo là họp thôn.")
    raise queries.CommuneReviewNotFound(review.pk)


def _form_page(request: HouseRequest, review: Any, form: Any, words: dict[str, str]) -> HttpResponse:
    context = {
        **words,
        "form": form,
        "caption": str(review.unit.name),
        "back": reverse("office:poverty_commune", args=[review.pk]),
    }
    return office_page(
        request, "office/poverty/act.html", context, status=422 if form.is_bound and form.errors else 200
    )


def _address_of(one: Missing, review: Any, households: str) -> str:
    if not one.asked:
        return ""
    if "flagged" in one.asked:
        return reverse("office:poverty_flags") + f"?commune={review.pk}"
    return households + "?" + "&".join(f"{name}={value}" for name, value in one.asked.items())


def _next(review: Any) -> tuple[str, str]:
    """Return words and address of the page of the stage that other screens carry on; once all have met, of the next."""
    pages = {
        CommuneState.MEETING: (_("Ghi biên bản họp thôn"), "poverty_village"),
        CommuneState.POSTED: (_("Xem niêm yết, khiếu nại"), "poverty_posting"),
        CommuneState.DECIDED: (_("Xem quyết định"), "poverty_decision"),
        CommuneState.REPORTED: (_("Xem quyết định"), "poverty_decision"),
    }
    words, name = pages.get(CommuneState(review.state), ("", ""))
    if review.state == CommuneState.MEETING and not missing_for_posting(review):
        words, name = _("Niêm yết danh sách"), "poverty_posting"
    return words, reverse(f"office:{name}", args=[review.pk]) if name else ""


def _tasks(review: Any, progress: queries.CommuneProgress, households: str) -> list[dict[str, str]]:
    """Return the stages of the law, each with how it stands; a stage of which nothing was done yet has no address."""
    at = ORDER.index(CommuneState(review.state))
    listed = ngettext("%(n)s hộ", "%(n)s hộ", progress.listed) % {"n": progress.listed}
    unassigned = ngettext("còn %(n)s hộ chưa giao", "còn %(n)s hộ chưa giao", progress.unassigned)
    flagged = ngettext("%(n)s hộ chưa xem", "%(n)s hộ chưa xem", progress.flags)
    rows = [
        (_("Lập danh sách hộ rà soát"), CommuneState.LISTING, households, _("chốt ngày %(day)s") % {"day": format_day(local_day(review.listed_at))} if review.listed_at else listed),
        (_("Giao hộ cho điều tra viên"), None, f"{households}?enumerator=none", unassigned % {"n": progress.unassigned} if progress.unassigned else _("đã giao hết")),
        (_("Khảo sát, chấm điểm"), CommuneState.VISITING, f"{households}?visit=to_visit", _("xong %(done)s trong %(all)s hộ") % {"done": progress.done, "all": progress.listed}),
        (_("Xem các dấu hiệu cần kiểm tra"), None, reverse("office:poverty_flags") + f"?commune={review.pk}", flagged % {"n": progress.flags} if progress.flags else _("không còn dấu hiệu nào")),
        (_("Họp thôn, tổ dân phố"), CommuneState.MEETING, reverse("office:poverty_village", args=[review.pk]), ""),
        (_("Niêm yết, nhận khiếu nại, kiến nghị"), CommuneState.POSTED, reverse("office:poverty_posting", args=[review.pk]), ""),
        (_("Quyết định công nhận"), CommuneState.DECIDED, reverse("office:poverty_decision", args=[review.pk]), ""),
        (_("Báo cáo tỉnh"), CommuneState.REPORTED, reverse("office:poverty_decision", args=[review.pk]), ""),
    ]  # fmt: skip
    tasks = []
    for number, (title, stage, url, hint) in enumerate(rows):
        if stage is None:
            waits = progress.unassigned if number == 1 else progress.flags
            words, tone = _how_far(at, 1, waiting=waits) if progress.listed else (_("chưa đến"), "draft")
        else:
            words, tone = _how_far(at, ORDER.index(stage), waiting=1)
        may_open = stage is None or at >= ORDER.index(stage) - 1
        tasks.append({"title": title, "words": words, "tone": tone, "url": url if may_open else "", "hint": hint, "name": f"stage-{number}"})  # fmt: skip
    return tasks


def _how_far(at: int, stage: int, *, waiting: int) -> tuple[str, str]:
    # What was decided or reported is done as soon as the commune is there.
    is_ending = ORDER[stage] in {CommuneState.DECIDED, CommuneState.REPORTED}
    if at > stage or (at == stage and (is_ending or not waiting)):
        return _("xong"), "done"
    if at == stage:
        return _("đang làm"), "open"
    return _("chưa đến"), "draft"
