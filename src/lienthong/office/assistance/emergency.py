"""Emergency assistance: the list, entering it without a dossier, one grant, and rice that is handed out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.accounts.queries import happenings_of
from lienthong.assistance import policies
from lienthong.assistance.papers import RicePaper, RiceRow
from lienthong.assistance.queries import beneficiaries, people
from lienthong.assistance.queries import emergency as queries
from lienthong.assistance.queries.emergency import PRINT_AT_MOST, EmergencyFilter
from lienthong.assistance.services import proposing_emergency as services
from lienthong.assistance.services.previewing import preview_proposal
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import EmergencyGrantKind, EmergencyGrantState
from lienthong.documents.printing import render_form
from lienthong.documents.serve import pdf_response
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.missing import NotFound
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day
from lienthong.kernel.text import whole_number
from lienthong.office.assistance.changing import find_payee
from lienthong.office.assistance.emergency_forms import EmergencyForm, HandOutForm
from lienthong.office.assistance.emergency_told import rows_of
from lienthong.office.assistance.sheets import head_of
from lienthong.office.assistance.stories import told_story
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.units import queries as units

ROWS_ON_A_PAGE = 50
AT_ONCE = 500


@allowed(policies.sees_assistance)
@reads
def grant_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, EmergencyFilter)
    rows = queries.grants(request.user, asked, on=request.today)
    note_read(request, f"emergency:{address_of(asked)}", "export" if request.GET.get("format") else "list")
    if request.GET.get("format") == "xlsx":
        return _export(list(rows))
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    counted = queries.facets(request.user, asked, on=request.today)
    runs = _run_by(request)
    context = {
        "page": page,
        "rows": rows_of(list(page), runs),
        "total": page.paginator.count,
        "amount": counted.amount,
        "rice_kg": counted.rice_kg,
        "asked": asked,
        "address": address_of(asked),
        "communes": beneficiaries.communes_to_choose(request.user, on=request.today),
        "kinds": [("", _("Tất cả"), counted.kinds.total()), *((one.value, capfirst(one.label), counted.kinds[one]) for one in EmergencyGrantKind)],
        "states": [("", _("Tất cả"), counted.states.total()), *((one.value, capfirst(one.label), counted.states[one]) for one in EmergencyGrantState)],
        "is_narrowed": asked != EmergencyFilter(),
        "may_record": policies.runs_a_commune(request.user, on=request.today),
        "may_hand_out": bool(runs) and counted.kinds[EmergencyGrantKind.RICE] > 0,
    }  # fmt: skip
    return office_page(request, "office/assistance/emergencies.html", context)


def _run_by(request: HouseRequest) -> frozenset[int]:
    """Return the communes that the user runs, with what was absorbed by them."""
    runs = policies.communes_of(request.user, on=request.today, roles=policies.RUNNING_ROLES)
    return units.with_absorbed(runs, on=request.today)


@allowed(policies.sees_assistance)
@reads
def grant_page(request: HouseRequest, grant_id: int) -> HttpResponse:
    grant = queries.get_grant(grant_id, as_=request.user, on=request.today)
    note_read(request, f"person:{grant.person_id}", "assistance")
    context = {
        "grant": grant,
        "row": rows_of([grant], _run_by(request), request=request)[0],
        "happened": told_story(happenings_of(grant.stream))[::-1],
    }
    return office_page(request, "office/assistance/emergency.html", context)


@allowed(policies.sees_assistance)
@writes
def enter(request: HouseRequest, person_id: int, kind: str) -> HttpResponse:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    acts = people.acts_for(person, as_=request.user, on=request.today)
    if acts.place is None or not acts.records or kind not in queries.offered_kinds(person):
        raise people.PersonNotFound
    chosen = EmergencyGrantKind(kind)
    form = EmergencyForm(request.POST or None, kind=chosen, person=person)
    preview = None
    if request.method == "POST" and form.is_valid():
        payee_id = find_payee(form)
        who: dict[str, Any] = {"acting_user": request.user, "now": request.received_at}
        try:
            if not form.errors:
                command = form.to_command(acts.place.pk, payee_id)
                if request.POST.get("verb") == "propose":
                    proposal = services.propose_emergency(command, **who)
                    messages.success(request, _("Đã đề xuất. Chủ tịch xã, hoặc người được giao, sẽ duyệt."))
                    return redirect("office:assistance_proposal", proposal.pk)
                preview = preview_proposal(
                    lambda: services.propose_emergency(command, **who), person_id=person.pk, **who
                )
        except (AssistanceRefusal, ValueError) as refusal:
            form.show(refusal)
    note_read(request, f"person:{person.pk}", "assistance")
    context = {
        "person": person,
        "heading": capfirst(str(chosen.label)),
        "form": form,
        "preview": preview,
        "place": acts.place,
        "before": rows_of(queries.grants_of(person.pk, as_=request.user, on=request.today)),
        "back": reverse("office:assistance_person", args=[person.pk]),
    }
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/assistance/emergency_entry.html", context, status=status)


@allowed(policies.sees_assistance)
@writes
def hand_out(request: HouseRequest) -> HttpResponse:
    # What was marked is shown once more with the day; all of it is noted, or nothing.
    ids = [number for one in request.POST.getlist("grant")[:AT_ONCE] if (number := whole_number(one)) is not None]
    waiting = EmergencyFilter(kind=EmergencyGrantKind.RICE.value, state=EmergencyGrantState.GRANTED.value)
    found = list(queries.grants(request.user, waiting, on=request.today).filter(pk__in=ids))
    back = f"{reverse('office:assistance_emergencies')}?kind={waiting.kind}&state={waiting.state}"
    if not found:
        if request.method == "POST":
            messages.warning(request, _("Chưa chọn hộ nào còn chờ phát gạo. Đánh dấu các dòng rồi bấm lại."))
        return redirect(back)
    form = HandOutForm(request.POST if request.POST.get("verb") == "record" else None, on=request.today)
    if form.is_bound and form.is_valid():
        command = services.HandOutRice(
            grant_ids=[one.pk for one in found], handed_out_on=form.cleaned_data["handed_out_on"]
        )
        try:
            done = services.hand_out_rice(command, acting_user=request.user, now=request.received_at)
        except (AssistanceRefusal, NotFound) as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã ghi phát gạo cho %(n)s hộ.") % {"n": len(done)})
            return redirect(back)
    context = {
        "rows": rows_of(found), "kilograms": sum(one.rice_kg for one in found), "form": form, "back": back,
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/assistance/hand_out.html", context, status=status)


@allowed(policies.sees_assistance)
@reads
def rice_paper(request: HouseRequest) -> HttpResponseBase:
    asked = asked_in(request.GET, EmergencyFilter)
    found = list(queries.rice_to_hand_out(request.user, asked, on=request.today)[: PRINT_AT_MOST + 1])
    if not found or len(found) > PRINT_AT_MOST:
        long = _("Danh sách dài hơn %(n)s dòng; hãy chọn một xã rồi in.") % {"n": PRINT_AT_MOST}
        messages.info(request, long if found else _("Danh sách này không có hộ nào chờ phát gạo để in."))
        return redirect("office:assistance_emergencies")
    note_read(request, f"emergency:{address_of(asked)}", "print")
    paper = RicePaper(
        **head_of(request),
        scope=", ".join(dict.fromkeys(one.unit.name for one in found))[:200],
        rows=tuple(map(_paper_row, found)),
        total=str(sum(one.rice_kg for one in found)),
        prepared_by=request.user.full_name,
    )
    name = f"phat-gao-{request.today:%Y-%m-%d}.pdf"
    return pdf_response(render_form(paper, demo=settings.DEMO_MODE), name=name)


def _paper_row(one: Any) -> RiceRow:
    return RiceRow(
        name=one.person.full_name,
        receiver=one.payee.full_name if one.payee_id != one.person_id else "",
        number=one.person.personal_id_number,
        place=one.unit.name,
        cause=one.cause_words,
        persons=str(one.facts.get("persons", "")),
        kilograms=str(one.rice_kg),
        decision=one.decision_number or one.dossier_code,
        handed_out=format_day(one.handed_out_on) if one.handed_out_on else "",
    )


def _export(found: list[Any]) -> HttpResponse:
    return sheet_response(
        "tro-giup-khan-cap.xlsx",
        columns=[
            _("Họ và tên"), _("Số định danh"), _("Xã, phường"), _("Loại"), _("Nguyên nhân"), _("Ngày xảy ra"), _("Số tiền"),
            _("Gạo (kg)"), _("Số người"), _("Người nhận"), _("Quyết định, hồ sơ"), _("Ngày quyết định"), _("Tình trạng"),
        ],
        rows=[
            (
                row.name, row.number, row.place, row.kind, row.cause, row.happened_on, one.amount or None, one.rice_kg or None,
                one.facts.get("persons"), row.receiver, row.decision, row.decided_on, row.state,
            )
            for one, row in zip(found, rows_of(found), strict=True)
        ],
    )  # fmt: skip
