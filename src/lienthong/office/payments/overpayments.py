"""What was paid too much: what waits, what has come back as money, and what a decision keeps back of later months."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance import policies as assistance_policies
from lienthong.assistance.queries.recovering import (
    PaidNow,
    Unfinished,
    get_unfinished,
    paid_now,
    unfinished_seen,
)
from lienthong.assistance.services.recovering import record_repayment
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, not_found, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day, local_day
from lienthong.kernel.money import format_dong
from lienthong.office.pages import office_page
from lienthong.office.payments.asked import choices, commune_select, each_of, page_of, programme_select, with_all
from lienthong.payments import policies, sources
from lienthong.payments.queries import overpayments as queries
from lienthong.payments.services.overpayments import confirm_settlement, propose_settlement, refuse_settlement
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.states import OverpaymentState

ALL = "all"
UNFINISHED = "unfinished"
TONES = {OverpaymentState.OPEN: "soon", OverpaymentState.SETTLED: "done", OverpaymentState.WITHDRAWN: "ended"}


class PaidBackForm(forms.Form):
    """The paper by which money came back."""

    paper = forms.LineField(
        label=gettext_lazy("Giấy nộp tiền"),
        max_length=300,
        help_text=gettext_lazy("Số, ngày và nơi nộp; ví dụ: giấy nộp tiền số 12 ngày 05/11/2026, Kho bạc Nhà nước"),
    )


class ConfirmForm(forms.Form):
    """What the second person saw: the amount and the paper."""

    amount = django_forms.IntegerField(widget=django_forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    note = django_forms.CharField(widget=django_forms.HiddenInput, max_length=500)


class RefuseForm(forms.Form):
    """Why the money did not come back."""

    reason = forms.LineField(label=gettext_lazy("Vì sao chưa xác nhận"), max_length=300)


@allowed(policies.sees_payments)
@reads
def overpayment_list(request: HouseRequest) -> HttpResponse:
    commune, source = request.GET.get("commune", "")[:20], request.GET.get("source", "")[:40]
    narrowed = {"commune": commune, "source": source}
    asked = request.GET.get("state", OverpaymentState.OPEN.value)
    state = asked if asked in {*OverpaymentState.values, ALL} else OverpaymentState.OPEN.value
    if request.GET.get("format") == "xlsx" and request.GET.get("part") == UNFINISHED:
        note_read(request, "payment-unfinished-recoveries", "export")
        return _export_unfinished(unfinished_seen(request.user, on=request.today, **narrowed))
    rows = queries.overpayments(request.user, on=request.today, state="" if state == ALL else state, **narrowed)
    if request.GET.get("format") == "xlsx":
        note_read(request, "payment-overpayments", "export")
        return _export(each_of(rows), policies.reasons_seen(request.user, on=request.today))
    counts = queries.state_counts(request.user, on=request.today, **narrowed)
    page = page_of(request, rows)
    unfinished = unfinished_seen(request.user, on=request.today, **narrowed)
    paid = paid_now([one.recovery.entitlement.person_id for one in unfinished])
    context = {
        "page": page,
        "rows": _shown(request, list(page)),
        "unfinished": [_unfinished(request, one, paid) for one in unfinished],
        "open": counts.get(OverpaymentState.OPEN, 0),
        "total": sum(counts.values()),
        "usual": OverpaymentState.OPEN.value,
        "states": [(ALL, *one[1:]) if not one[0] else one for one in with_all(OverpaymentState.choices, counts)],
        **choices(request, commune_select(request, commune), programme_select(source)),
    }
    return office_page(request, "office/payments/overpayments.html", context)


@allowed(policies.settles_overpayments)
@writes
def paid_back(request: HouseRequest, overpayment_id: int) -> HttpResponse:
    row = queries.get_overpayment(overpayment_id, request.user, on=request.today)
    form = PaidBackForm(request.POST or None)
    if form.is_valid():
        note = _("Đã nộp lại tiền: %(paper)s") % {"paper": form.cleaned_data["paper"]}
        try:
            propose_settlement(row.pk, note=note, acting_user=request.user, now=request.received_at)
        except PaymentRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã ghi. Người thứ hai xác nhận rồi khoản này mới được coi là đã nộp lại."))
            return redirect("office:payments_overpayments")
    happens = _(
        "%(benefit)s tháng %(month)s chi thừa %(amount)s. Chỉ ghi khi người hưởng đã nộp đủ; tiền ngân hàng hoàn trả thì sao kê tự trừ, không ghi ở đây."
    )
    return _settling_page(request, row, form, words=_("Đã nộp lại tiền"), happens=happens)


@allowed(policies.settles_overpayments)
@writes
def paid_back_act(request: HouseRequest, overpayment_id: int, action: str) -> HttpResponse:
    """Confirm as the second person that money came back, or send that back."""
    row = queries.get_overpayment(overpayment_id, request.user, on=request.today)
    confirms = action == "confirm"
    if action not in {"confirm", "refuse"}:
        return not_found(request)
    sent = request.POST if request.method == "POST" else None
    seen = {"amount": row.amount, "note": row.note}
    form: Any = ConfirmForm(sent, initial=seen) if confirms else RefuseForm(sent)
    if form.is_valid():
        who = {"acting_user": request.user, "now": request.received_at}
        try:
            if confirms:
                data = form.cleaned_data
                confirm_settlement(row.pk, seen_amount=data["amount"], seen_note=data["note"], **who)
            else:
                refuse_settlement(row.pk, reason=form.cleaned_data["reason"], **who)
        except PaymentRefused as refusal:
            form = ConfirmForm({**seen}) if confirms else form
            form.show(refusal)
        else:
            told = (
                _("Đã ghi khoản chi thừa được nộp lại. Các đợt sau không tính lại khoản này.")
                if confirms
                else _("Đã trả lại. Khoản chi thừa vẫn chờ xử lý.")
            )
            messages.success(request, told)
            return redirect("office:payments_overpayments")
    happens = _("%(benefit)s tháng %(month)s chi thừa %(amount)s. %(who)s ghi: %(note)s")
    words = _("Xác nhận đã nộp lại") if confirms else _("Chưa nộp lại, trả lại đề nghị")
    return _settling_page(request, row, form, words=words, happens=happens, kind="primary" if confirms else "warning")


def _settling_page(
    request: HouseRequest, row: Any, form: Any, *, words: str, happens: str, kind: str = "primary"
) -> HttpResponse:
    note_read(request, f"person:{row.person_id}")
    told = {
        "benefit": sources.benefit_label(row.source, row.benefit), "month": f"{row.for_month:%m/%Y}",
        "amount": format_dong(row.amount), "who": row.proposed_by.full_name if row.proposed_by else "–", "note": row.note or "–",
    }  # fmt: skip
    context = {
        "back": reverse("office:payments_overpayments"),
        "back_words": _("Khoản chi thừa"),
        "caption": row.person.full_name,
        "words": words,
        "what_happens": happens % told,
        "kind": kind,
        "form": form,
    }
    return office_page(request, "office/payments/act.html", context, status=422 if form.errors else 200)


@allowed(policies.settles_overpayments)
@writes
def recovered(request: HouseRequest, recovery_id: int) -> HttpResponse:
    found = get_unfinished(recovery_id, request.user, on=request.today)
    row = found.recovery.entitlement
    form = PaidBackForm(request.POST or None)
    if form.is_valid():
        try:
            record_repayment(
                found.recovery.pk, paper=form.cleaned_data["paper"], acting_user=request.user, now=request.received_at
            )
        except AssistanceRefusal as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã ghi phần còn phải thu được nộp lại. Quyết định thu hồi này kết thúc."))
            return redirect("office:payments_overpayments")
    note_read(request, f"person:{row.person_id}")
    words = {"benefit": row.get_benefit_display(), "amount": format_dong(found.left)}
    context = {
        "back": reverse("office:payments_overpayments"),
        "back_words": _("Khoản chi thừa"),
        "caption": row.person.full_name,
        "words": _("Đã nộp lại tiền"),
        "what_happens": _("Còn phải thu %(amount)s của %(benefit)s đã thôi hưởng. Chỉ ghi khi đã nhận đủ số tiền này.")
        % words,
        "kind": "primary",
        "form": form,
    }
    return office_page(request, "office/payments/act.html", context, status=422 if form.errors else 200)


def _unfinished(request: HouseRequest, one: Unfinished, paid: Mapping[Any, Any]) -> dict[str, Any]:
    """Say what is left of a recovery whose benefit ended, and how it can come back."""
    row = one.recovery.entitlement
    settles = policies.settles_overpayments(request.user, on=request.today)
    others = [
        other
        for (programme, person_id, _benefit), other in paid.items()
        if programme == row.programme and person_id == row.person_id and not other.is_recovering
    ]
    mine = [
        other
        for other in others
        if assistance_policies.proposes(request.user, other.unit_id, on=request.today, programme=other.programme)
    ]
    if mine:
        how = ""
    elif others:
        how = _("Nơi phụ trách chi trả cho người này đề xuất khấu trừ ở khoản khác đang hưởng.")
    else:
        how = _("Không còn khoản nào khác để khấu trừ; thu lại bằng tiền nộp.")
    return {
        "person": row.person, "unit": row.unit.name, "benefit": capfirst(row.get_benefit_display()),
        "recovery": one.recovery, "kept": one.kept, "left": one.left, "ended": row.ended_because, "how": how,
        "recover_url": reverse("office:assistance_act", args=[mine[0].entitlement_id, "recover"]) if mine else "",
        "paid_back_url": reverse("office:payments_recovered", args=[one.recovery.pk]) if settles else "",
    }  # fmt: skip


def _shown(request: HouseRequest, rows: list[Any]) -> list[dict[str, Any]]:
    """Return overpayments with words, and what the user can do about those that wait."""
    paid = paid_now(one.person_id for one in rows if one.state == OverpaymentState.OPEN)
    settles = policies.settles_overpayments(request.user, on=request.today)
    sees = policies.reasons_seen(request.user, on=request.today)
    return [
        {
            "row": one,
            "why": one.words if sees(one.source, one.person.unit_id) else "",
            "benefit": capfirst(sources.benefit_label(one.source, one.benefit)),
            "programme": sources.label_of(one.source),
            "state": (OverpaymentState(one.state).label, TONES[OverpaymentState(one.state)]),
            **(_ways(request, one, paid, settles=settles) if one.state == OverpaymentState.OPEN else {}),
        }
        for one in rows
    ]


def _ways(
    request: HouseRequest, one: Any, paid: dict[tuple[str, int, str], PaidNow], *, settles: bool
) -> dict[str, str]:
    """Say how the money can come back: as money, or kept back of what is paid next."""
    if one.proposed_by_id is not None:
        acts = {
            f"{name}_url": reverse("office:payments_paid_back_act", args=[one.pk, name])
            for name in ("confirm", "refuse")
        }
        waits = _("%(who)s đề nghị, chờ người thứ hai xác nhận.") % {"who": one.proposed_by.full_name}
        return {"how": waits, **(acts if settles and one.proposed_by_id != request.user.pk else {})}
    held = paid.get((one.source, one.person_id, one.benefit))
    found = {"paid_back_url": reverse("office:payments_paid_back", args=[one.pk]) if settles else ""}
    if held is None:
        return {**found, "how": _("Hiện không hưởng khoản này nên không khấu trừ được; thu lại bằng tiền nộp.")}
    if held.is_recovering:
        return {**found, "how": _("Đang khấu trừ theo một quyết định khác; thu đủ rồi mới lập tiếp.")}
    if not assistance_policies.proposes(request.user, held.unit_id, on=request.today, programme=held.programme):
        return {**found, "how": _("Nơi phụ trách chi trả cho người này đề xuất khấu trừ.")}
    return {**found, "recover_url": reverse("office:assistance_act", args=[held.entitlement_id, "recover"])}


def _export(rows: Any, sees: Callable[[str, int | None], bool]) -> HttpResponse:
    columns = [
        _("Người hưởng"), _("Số định danh"), _("Xã, phường"), _("Chương trình"), _("Khoản hưởng"), _("Của tháng"), _("Chi thừa"),
        _("Vì sao"), _("Phát hiện ngày"), _("Trạng thái"), _("Cách xử lý"), _("Xử lý ngày"), _("Người xử lý"),
    ]  # fmt: skip
    lines = (
        (
            one.person.full_name, one.person.personal_id_number, one.person.unit.name if one.person.unit else "",
            sources.label_of(one.source), sources.benefit_label(one.source, one.benefit), f"{one.for_month:%m/%Y}", one.amount,
            one.words if sees(one.source, one.person.unit_id) else "", format_day(local_day(one.found_at)), OverpaymentState(one.state).label, one.note,
            format_day(local_day(one.settled_at)) if one.settled_at else "", one.settled_by.full_name if one.settled_by else "",
        )
        for one in rows
    )  # fmt: skip
    return sheet_response("khoan-chi-thua.xlsx", columns=columns, rows=lines)


def _export_unfinished(rows: list[Unfinished]) -> HttpResponse:
    columns = [
        _("Người hưởng"), _("Số định danh"), _("Xã, phường"), _("Chương trình"), _("Khoản hưởng"), _("Quyết định"), _("Ngày quyết định"),
        _("Phải thu"), _("Đã khấu trừ"), _("Còn lại"),
    ]  # fmt: skip
    lines = (
        (
            row.person.full_name, row.person.personal_id_number, row.unit.name, row.get_programme_display(), row.get_benefit_display(),
            one.recovery.decision_number, format_day(one.recovery.decided_on), one.recovery.amount, one.kept, one.left,
        )
        for one in rows
        for row in [one.recovery.entitlement]
    )  # fmt: skip
    return sheet_response("thu-hoi-do-dang.xlsx", columns=columns, rows=lines)
