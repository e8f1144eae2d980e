"""The decision of a commune: what changes and why, preparing, signing by the second person, certificates, the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
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
from lienthong.office.pages import office_page
from lienthong.office.poverty.village_forms import BackForm, PrepareForm, SignForm
from lienthong.office.poverty.village_parts import class_state, days_left_words, done_already, opened
from lienthong.poverty import policies, printing
from lienthong.poverty.queries.decisions import (
    Outcome,
    accounts_of,
    all_decisions,
    certificates_of,
    current_decisions,
    decision_due_on,
    default_applies_from,
    missing_for_decision,
    outcomes_of,
)
from lienthong.poverty.services import decisions as verbs
from lienthong.poverty.services.reporting import report_commune
from lienthong.poverty.services.stages import ReviewRefused
from lienthong.poverty.states import CommuneState, DecisionState, Movement

STAYS = (Movement.STAYS_POOR, Movement.STAYS_NEAR_POOR, Movement.NONE)
SHOWN_AT_MOST = 500


@allowed(policies.sees_poverty)
@reads
def decision(request: HouseRequest, review_id: int) -> HttpResponse:
    return _page(request, review_id)


@allowed(policies.runs_a_commune)
@writes
def prepare(request: HouseRequest, review_id: int) -> HttpResponse:
    form = PrepareForm(request.POST if request.method == "POST" else None)

    def do(review: Any) -> str:
        made = verbs.prepare_decision(form.to_command(review.pk), acting_user=request.user, now=request.received_at)
        return _("Đã trình %(n)s quyết định. Lãnh đạo khác người trình sẽ ký.") % {"n": len(made)}

    return _act(request, review_id, "prepare", form, do)


@allowed(policies.runs_a_commune)
@writes
def sign(request: HouseRequest, review_id: int) -> HttpResponse:
    review, _context = opened(request, review_id, "poverty_decision")
    form = SignForm(request.POST if request.method == "POST" else None, decisions=_waiting(review))

    def do(review: Any) -> str:
        signed = verbs.sign_decision(form.to_command(review.pk), acting_user=request.user, now=request.received_at)
        numbers = ", ".join(one.number for one in signed)
        return _("Đã ký quyết định %(numbers)s. Mỗi hộ đã có kết quả; in giấy chứng nhận ở dưới.") % {
            "numbers": numbers
        }

    return _act(request, review_id, "sign", form, do)


@allowed(policies.runs_a_commune)
@writes
def send_back(request: HouseRequest, review_id: int) -> HttpResponse:
    form = BackForm(request.POST if request.method == "POST" else None)

    def do(review: Any) -> str:
        verbs.send_back(
            review.pk, reason=form.cleaned_data["reason"], acting_user=request.user, now=request.received_at
        )
        return _("Đã trả lại. Người trình thấy lý do ở trang này.")

    return _act(request, review_id, "back", form, do)


@allowed(policies.runs_a_commune)
@writes
def report(request: HouseRequest, review_id: int) -> HttpResponse:
    review, context = opened(request, review_id, "poverty_decision")
    if not context["runs"]:
        return not_found(request)
    if request.method == "POST":
        try:
            report_commune(review.pk, acting_user=request.user, now=request.received_at)
        except ReviewRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Đã báo cáo tỉnh. Số liệu được chốt, sửa sau này không làm đổi báo cáo."))
    return redirect("office:poverty_decision", review.pk)


@allowed(policies.sees_poverty)
@reads
def decision_paper(request: HouseRequest, review_id: int, decision_id: int) -> HttpResponseBase:
    review, _context = opened(request, review_id, "poverty_decision")
    found = next((one for one in all_decisions(review) if one.pk == decision_id), None)
    if found is None:
        return not_found(request)
    note_read(request, f"{review.stream}:decision", "print")
    paper = render_form(printing.decision_paper(found, on=request.today), demo=settings.DEMO_MODE)
    return pdf_response(paper, name=f"quyet-dinh-{review.unit.code}-{found.pk}.pdf")


@allowed(policies.sees_poverty)
@reads
def certificates(request: HouseRequest, review_id: int) -> HttpResponseBase:
    review, _context = opened(request, review_id, "poverty_decision")
    hamlet = request.GET.get("hamlet", "")
    found = [one for one in certificates_of(review) if not hamlet or (one.review and one.review.hamlet == hamlet)]
    if not found or found[0].decision is None:
        return not_found(request)
    note_read(request, f"{review.stream}:certificates", "print")
    paper = render_form(printing.certificates(found[0].decision, found), demo=settings.DEMO_MODE)
    return pdf_response(paper, name=f"giay-chung-nhan-{review.unit.code}.pdf")


def _waiting(review: Any) -> list[Any]:
    return [one for one in current_decisions(review) if one.state == DecisionState.PREPARED]


def _act(request: HouseRequest, review_id: int, verb: str, form: Any, do: Callable[[Any], str]) -> HttpResponse:
    review, context = opened(request, review_id, "poverty_decision")
    if not context["runs"]:
        return not_found(request)
    if request.method != "POST":
        return redirect("office:poverty_decision", review.pk)
    if form.is_valid():
        try:
            words = do(review)
        except KeyAlreadyUsed:
            done_already(request)
            return redirect("office:poverty_decision", review.pk)
        except ReviewRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, words)
            return redirect("office:poverty_decision", review.pk)
    return _page(request, review_id, **{verb: form})


def _page(request: HouseRequest, review_id: int, **sent: Any) -> HttpResponse:
    review, context = opened(request, review_id, "poverty_decision")
    outcomes = outcomes_of(review)
    if request.GET.get("format") == "xlsx":
        note_read(request, f"{review.stream}:decision", "export")
        return _export(outcomes)
    decisions = current_decisions(review)
    waiting = [one for one in decisions if one.state == DecisionState.PREPARED]
    signed = [one for one in decisions if one.state == DecisionState.SIGNED]
    is_posted = review.state == CommuneState.POSTED
    changing = [outcome for outcome in outcomes if outcome.movement not in STAYS]
    moved = Counter(outcome.movement for outcome in outcomes)
    due_on = decision_due_on(review)
    applies_from = default_applies_from(review, on=request.today)
    missing = missing_for_decision(review, on=request.today) if is_posted else []
    is_own = any(one.prepared_by_id == request.user.pk for one in waiting)
    forms = {
        "prepare": PrepareForm(initial={"applies_from": applies_from})
        if context["runs"] and is_posted and not waiting
        else None,
        "sign": SignForm(decisions=waiting, initial={"signed_on": request.today})
        if context["signs"] and waiting and not is_own
        else None,
        "back": BackForm() if context["signs"] and waiting else None,
    }
    context |= {
        "accounts": [_account_rows(account) for account in accounts_of(outcomes)],
        "missing": missing,
        "waiting": waiting,
        "signed": signed,
        "decisions": all_decisions(review),
        "changing": [(one, class_state(one.household.class_before), class_state(one.result), one.movement.label) for one in changing[:SHOWN_AT_MOST]],
        "changing_total": len(changing),
        "staying_total": moved[Movement.STAYS_POOR] + moved[Movement.STAYS_NEAR_POOR],
        "due": days_left_words(review, due_on, on=request.today) if due_on and is_posted else "",
        "forms": {**forms, **sent},
        "may_prepare": "prepare" in sent or not missing,
        "is_own": is_own,
        "is_posted": is_posted,
        "may_report": context["runs"] and review.state == CommuneState.DECIDED,
        "is_reported": review.state == CommuneState.REPORTED,
        "certificates": len(certificates_of(review)) if signed else 0,
    }  # fmt: skip
    return office_page(request, "office/poverty/decision.html", context, status=422 if sent else 200)


def _account_rows(account: Any) -> dict[str, Any]:
    return {
        "title": class_state(account.listed)[0],
        "opening": account.opening,
        "entries": [(movement.label, n) for movement, n in account.entries.items()],
        "exits": [(movement.label, n) for movement, n in account.exits.items()],
        "closing": account.closing,
    }


def _export(outcomes: list[Outcome]) -> HttpResponse:
    return sheet_response(
        "ket-qua-ra-soat.xlsx",
        columns=[_("Mã hộ"), _("Chủ hộ"), _("Thôn, tổ dân phố"), _("Nhân khẩu"), _("Trước rà soát"), _("Kết quả"), _("Biến động")],
        rows=[
            [
                one.household.household.code, one.household.head_name, one.household.hamlet, one.household.size,
                class_state(one.household.class_before)[0], class_state(one.result)[0] if one.result else "", str(one.movement.label),
            ]
            for one in outcomes
        ],
    )  # fmt: skip
