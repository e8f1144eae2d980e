"""Nobody left out: the work list of a commune or the province, and the page of one finding with its reasons and acts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.assistance import policies
from lienthong.assistance.queries import beneficiaries, findings
from lienthong.assistance.queries.findings import ALL_STATES, ASK, CERTAIN, FindingCounts, FindingFilter
from lienthong.assistance.queries.sentences import each_words
from lienthong.assistance.services import finding_acts
from lienthong.assistance.services import findings as reviews
from lienthong.assistance.services.asking_to_reinstate import asks_to_reinstate
from lienthong.assistance.services.finding_dossiers import begins_with_dossier
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Benefit, FindingKind, FindingState, Programme
from lienthong.catalogue.queries import ProcedureNotInForce
from lienthong.dossiers.policies import receives
from lienthong.dossiers.services import DossierRefusal
from lienthong.dossiers.states import DossierState
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day
from lienthong.kernel.text import whole_number
from lienthong.office.assistance.changing import find_payee
from lienthong.office.assistance.wording import birth_words
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.units import queries as units
from lienthong.verification.queries.batches import advance_of

ROWS_ON_A_PAGE = 50
KIND_TONES = {
    FindingKind.NOT_RECEIVING: "open", FindingKind.DEAD: "late", FindingKind.NO_LONGER: "late", FindingKind.CLASS_CHANGED: "soon",
    FindingKind.DOUBLE: "late", FindingKind.AMOUNT_DIFFERS: "soon", FindingKind.UNCOLLECTED: "soon",
    FindingKind.REFUSED_REVIEW: "late", FindingKind.PLACE_DIVIDED: "soon", FindingKind.ONCE_DIFFERS: "soon",
    FindingKind.LACKS_FACTS: "soon",
}  # fmt: skip
STATE_TONES = {
    FindingState.OPEN: "open", FindingState.DRAFTED: "wait", FindingState.DISMISSED: "ended", FindingState.SETTLED: "done",
}  # fmt: skip


class DismissForm(forms.Form):
    """Why nothing follows from a finding."""

    reason = forms.NoteField(label="", max_length=500, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Vì sao bỏ qua?")
        self.fields["reason"].help_text = _("Phát hiện chỉ trở lại khi căn cứ của nó thay đổi.")


class CarerForm(forms.Form):
    """Who cares for the person, and so receives the support: by number and name."""

    payee_number = forms.PersonalIdField(label="")
    payee_name = forms.NameField(label="", max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payee_number"].label = _("Số định danh của người nhận chăm sóc")
        self.fields["payee_name"].label = _("Họ và tên của người nhận chăm sóc")


@allowed(policies.sees_assistance)
@reads
def finding_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, FindingFilter)
    rows = findings.findings_asked(request.user, asked, on=request.today)
    if request.GET.get("format") == "xlsx":
        return _export(request, rows, asked)
    note_read(request, f"findings:{address_of(asked)}")
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    places = units.names_now((one.unit for one in page), on=request.today)
    counts = findings.finding_counts(request.user, asked, on=request.today)
    communes = beneficiaries.communes_to_choose(request.user, on=request.today)
    review = findings.latest_review(request.user, on=request.today)
    context = {
        "page": page,
        "rows": [_row(one, places[one.unit_id]) for one in page],
        "asked": asked,
        "counts": counts,
        "communes": communes,
        "kept": [
            (name, getattr(asked, name)) for name in ("kind", "programme", "certainty", "state") if getattr(asked, name)
        ],
        "is_narrowed": asked != FindingFilter(),
        "review": review,
        "is_running": review is not None and findings.is_running(review),
        "review_unit": _unit_to_review(request, communes, asked),
        **_choices(counts),
    }
    return office_page(request, "office/assistance/findings.html", context)


@allowed(policies.sees_assistance)
@writes
def finding_page(request: HouseRequest, finding_id: int) -> HttpResponse:
    row = findings.get_finding(finding_id, as_=request.user, on=request.today)
    sent = request.POST if request.method == "POST" else None
    verb = sent.get("verb", "") if sent is not None else ""
    form = DismissForm(sent if verb == "dismiss" else None)
    carer = CarerForm(sent if verb == "propose" else None) if _asks_for_carer(row) else None
    refusal = ""
    if _is_complete(verb, form, carer):
        try:
            return _done(request, row, verb, form, carer)
        except (AssistanceRefusal, DossierRefusal, ProcedureNotInForce) as refused:
            refusal = str(refused)
    note_read(request, f"person:{row.person_id}", "finding")
    return office_page(
        request,
        "office/assistance/finding.html",
        {**_told(request, row, form, refusal), "carer": carer, "sent": carer if carer and carer.is_bound else form},
        status=422 if sent is not None else 200,
    )


def _asks_for_carer(row: Any) -> bool:
    return bool(row.kind == FindingKind.NOT_RECEIVING and row.benefit == Benefit.CARER and not asks_to_reinstate(row))


def _is_complete(verb: str, form: DismissForm, carer: CarerForm | None) -> bool:
    if verb == "propose" and carer is not None:
        return carer.is_valid() and (find_payee(carer) is not None)
    return verb in {"draft", "propose", "give_up"} or (verb == "dismiss" and form.is_valid())


def _done(
    request: HouseRequest, row: Any, verb: str, form: DismissForm, carer: CarerForm | None
) -> HttpResponse:  # fmt: skip
    who = {"acting_user": request.user, "now": request.received_at}
    if verb == "draft":
        draft = finding_acts.draft_dossier(row.pk, **who)
        if receives(request.user, on=request.today):
            messages.success(request, _("Đã lập hồ sơ nháp. Điền nốt phần còn thiếu rồi tiếp nhận."))
            return redirect("office:dossier", draft.public_id)
        desk = draft.receiving_agency.name if draft.receiving_agency else _("bộ phận một cửa")
        messages.success(request, _("Đã lập hồ sơ nháp. %(desk)s tiếp nhận ở mục Bản nháp của quầy.") % {"desk": desk})
        return redirect("office:assistance_finding", row.pk)
    if verb == "give_up":
        finding_acts.give_up_draft(row.pk, **who)
        messages.success(request, _("Đã xóa hồ sơ nháp. Phát hiện chờ xử lý lại."))
        return redirect("office:assistance_finding", row.pk)
    if verb == "propose":
        carer_id = find_payee(carer) if carer is not None else None
        proposal = finding_acts.propose_from(row.pk, carer_id=carer_id, **who)
        messages.success(request, _("Đã lập đề xuất, chờ người khác duyệt."))
        return redirect("office:assistance_proposal", proposal.pk)
    finding_acts.dismiss(row.pk, reason=form.cleaned_data["reason"], **who)
    messages.success(request, _("Đã bỏ qua phát hiện và ghi lý do."))
    return redirect(reverse("office:assistance_findings") + f"?commune={row.unit_id}")


@allowed(policies.sees_assistance)
@writes
def ask_review(request: HouseRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("office:assistance_findings")
    unit_id = whole_number(request.POST.get("unit", ""), digits=9)
    try:
        review = reviews.ask_review(unit_id=unit_id, acting_user=request.user, now=request.received_at)
    except reviews.ReviewRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("office:assistance_findings")
    return redirect("office:assistance_findings_review", review.pk)


@allowed(policies.sees_assistance)
@reads
def review_page(request: HouseRequest, review_id: int) -> HttpResponse:
    review = findings.get_review(review_id, as_=request.user, on=request.today)
    counts = [(FindingKind(kind).label, count) for kind, count in sorted(review.counts.items())]
    context = {
        "review": review,
        "is_running": findings.is_running(review),
        "advance": advance_of(review.progress, now=request.received_at),
        "counts": counts,
        "day": format_day(review.on),
    }
    return office_page(request, "office/assistance/findings_review.html", context)


def _row(one: Any, place: str) -> dict[str, Any]:
    kind, state = FindingKind(one.kind), FindingState(one.state)
    return {
        "url": reverse("office:assistance_finding", args=[one.pk]),
        "name": one.person.full_name,
        "number": one.person.personal_id_number,
        "birth": birth_words(one.person),
        "place": place,
        "kind": kind.label,
        "tone": KIND_TONES[kind],
        "certainty": _("chắc chắn") if one.is_certain else _("cần hỏi thêm"),
        "benefit": str(Benefit(one.benefit).label),
        "amount": one.amount,
        "each": each_words(one.benefit),
        "paid": one.paid,
        "state": state.label if state != FindingState.OPEN else "",
        "state_tone": STATE_TONES[state],
    }


def _told(request: HouseRequest, row: Any, form: DismissForm, refusal: str) -> dict[str, Any]:
    kind, state = FindingKind(row.kind), FindingState(row.state)
    is_mine = policies.proposes(request.user, row.unit_id, on=request.today, programme=row.programme)
    is_open = state in finding_acts.WORKED_ON
    begun = findings.dossier_begun(row)
    may_begin = state == FindingState.OPEN or (row.draft_id is not None and begun is None)
    return {
        "row": row,
        "place": units.names_now([row.unit], on=request.today)[row.unit_id],
        "person": row.person,
        "birth": birth_words(row.person),
        "kind": kind.label,
        "tone": KIND_TONES[kind],
        "state": state.label,
        "state_tone": STATE_TONES[state],
        "programme": Programme(row.programme).label,
        "benefit": Benefit(row.benefit).label,
        "certainty": _("chắc chắn") if row.is_certain else _("cần hỏi thêm"),
        "each": each_words(row.benefit),
        "form": form,
        "refusal": refusal,
        "may_act": is_mine and is_open,
        "begun": begun,
        "may_open": begun is not None and findings.sees_dossier(request.user, begun, on=request.today),
        "is_draft": begun is not None and begun.state == DossierState.DRAFT,
        "may_draft": is_mine and is_open and may_begin and begins_with_dossier(row, request.today),
        "is_asked_first": not row.is_certain and bool(row.missing),
        "propose_words": _("Đề xuất phục hồi hưởng") if asks_to_reinstate(row) else {
            FindingKind.NOT_RECEIVING: _("Đề xuất cho hưởng"), FindingKind.AMOUNT_DIFFERS: _("Đề xuất điều chỉnh mức"),
            FindingKind.UNCOLLECTED: _("Đề xuất tạm dừng"), FindingKind.PLACE_DIVIDED: _("Đề xuất chuyển nơi chi trả"),
            FindingKind.ONCE_DIFFERS: _("Đề xuất bổ sung chênh lệch"),
        }.get(kind, _("Đề xuất thôi hưởng")),
        "back": reverse("office:assistance_findings"),
    }  # fmt: skip


def _unit_to_review(
    request: HouseRequest, communes: list[tuple[str, str]], asked: FindingFilter
) -> dict[str, str] | None:
    """Say what a press of the button would review: the chosen commune, one's own, or the province."""
    names = dict(communes)
    if asked.commune in names:
        return {"unit": asked.commune, "words": names[asked.commune]}
    if policies.sees_province(request.user, on=request.today):
        return {"unit": "", "words": _("toàn tỉnh")}
    return {"unit": communes[0][0], "words": communes[0][1]} if communes else None


def _choices(counts: FindingCounts) -> dict[str, Any]:
    everything = ("", _("Tất cả"))
    labels: dict[str, list[tuple[str, Any]]] = {
        "kind": [(one.value, one.label) for one in FindingKind],
        "programme": [(one.value, one.label) for one in Programme],
        "certainty": [(CERTAIN, _("chắc chắn")), (ASK, _("cần hỏi thêm"))],
    }
    found: dict[str, Any] = {}
    for name, choices in labels.items():
        rows = [(value, label, counts.by[name][value]) for value, label in choices if counts.by[name][value]]
        found[f"{name}s"] = [(*everything, counts.by[name].total()), *rows] if len(rows) > 1 else []
    states = [(one.value, one.label, counts.by["state"][one.value]) for one in FindingState]
    found["states"] = [*states, (ALL_STATES, _("Tất cả"), counts.by["state"].total())]
    return found


def _export(request: HouseRequest, rows: Any, asked: FindingFilter) -> HttpResponse:
    note_read(request, f"findings:{address_of(asked)}", "export")
    return sheet_response(
        "ra-soat-nguoi-huong.xlsx",
        columns=[
            _("Phát hiện"), _("Mức chắc chắn"), _("Chương trình"), _("Khoản hưởng"), _("Số định danh"), _("Họ và tên"),
            _("Ngày sinh"), _("Xã, phường"), _("Theo quy định, đồng"), _("Đang được tính, đồng"),
            _("Lý do"), _("Cần hỏi thêm"), _("Coi như"), _("Tình trạng"), _("Ghi chú"),
        ],
        rows=(
            (
                str(FindingKind(one.kind).label), _("chắc chắn") if one.is_certain else _("cần hỏi thêm"),
                str(Programme(one.programme).label), str(Benefit(one.benefit).label), one.person.personal_id_number,
                one.person.full_name, birth_words(one.person), one.unit.name, one.amount, one.paid, "\n".join(one.reasons),
                "\n".join(one.missing), "\n".join(one.assumed), str(FindingState(one.state).label), one.note,
            )
            for one in rows.iterator(chunk_size=2_000)
        ),
    )  # fmt: skip
