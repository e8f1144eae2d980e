"""What is recorded of a person: the list with its history, one form for each fact, correcting, ending, withdrawing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance import policies
from lienthong.assistance.queries import people as queries
from lienthong.assistance.queries.fact_words import fact_label, plain_words
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.services import circumstances as services
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Programme
from lienthong.infra import forms
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.text import whole_number
from lienthong.office.assistance.fact_forms import EndForm, FactForm, MissingForm
from lienthong.office.assistance.wording import days_span, until_of
from lienthong.office.pages import office_page
from lienthong.office.sent_once import SentOnce
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.facts import MOST_CHILDREN


class WithdrawForm(SentOnce):
    """Why something that was recorded is withdrawn."""

    reason = forms.LineField(label=gettext_lazy("Lý do rút"), max_length=200)


@allowed(policies.sees_assistance)
@reads
def fact_list(request: HouseRequest, person_id: int) -> HttpResponse:
    person = queries.get_person(person_id, as_=request.user, on=request.today)
    acts = queries.acts_for(person, as_=request.user, on=request.today)
    rows = [_row(one, acts) for one in queries.circumstances_of(person.pk) if _sees(one.name, acts)]
    note_read(request, f"person:{person.pk}", "facts")
    if request.GET.get("format") == "xlsx":
        note_read(request, f"person:{person.pk}:facts", "export")
        return _export(rows, person.pk)
    known = {row["name"] for row in rows if row["is_open"]}
    context = {
        "person": person,
        "rows": rows,
        "to_record": [(fact_label(name), name) for name in _recorded_by(acts) if name not in known],
        "records": acts.records or acts.claims_merit,
        "place": acts.place,
    }
    return office_page(request, "office/assistance/facts.html", context)


@allowed(policies.sees_assistance)
@writes
def record_fact(request: HouseRequest, person_id: int, name: str) -> HttpResponse:
    person = queries.get_person(person_id, as_=request.user, on=request.today)
    if name not in _recorded_by(queries.acts_for(person, as_=request.user, on=request.today)):
        raise queries.PersonNotFound
    open_row = next((one for one in queries.circumstances_of(person.pk) if one.name == name and _is_open(one)), None)
    form = FactForm(request.POST or None, name=name, rows=_rows(request), follows=open_row is not None)
    if request.method == "POST" and "more_rows" not in request.POST and form.is_valid():
        data = form.cleaned_data
        command = services.RecordCircumstance(
            person_id=person.pk, name=name, value=form.plain_value, valid_from=data["valid_from"],
            valid_until=until_of(data["last_day"]), evidence=data["evidence"],
            ends_earlier=bool(data.get("ends_earlier")), client_key=data["client_key"],
        )  # fmt: skip
        if _done(request, form, lambda: services.record_circumstance(command, **_who(request))):
            return redirect(_next(request, person.pk))
    return _form_page(request, person, form, name, heading=fact_label(name), open_row=open_row)


@allowed(policies.sees_assistance)
@writes
def record_missing(request: HouseRequest, person_id: int) -> HttpResponse:
    person = queries.get_person(person_id, as_=request.user, on=request.today)
    acts = queries.acts_for(person, as_=request.user, on=request.today)
    if not acts.records:
        raise queries.PersonNotFound
    names = _asked_for(person.pk, request.today)
    form = MissingForm(request.POST or None, names=names) if names else None
    if form is not None and request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        commands = [
            services.RecordCircumstance(
                person_id=person.pk, name=name, value=value, valid_from=data["valid_from"], evidence=data["evidence"],
                client_key=data["client_key"] if place == 0 else None,
            )
            for place, (name, value) in enumerate(form.answers.items())
        ]  # fmt: skip
        if _done(request, form, lambda: services.record_together(commands, **_who(request))):
            return redirect(_next(request, person.pk))
    note_read(request, f"person:{person.pk}", "facts")
    context = {"person": person, "form": form, "back": _next(request, person.pk)}
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return office_page(request, "office/assistance/missing.html", context, status=status)


def _asked_for(person_id: int, on: date) -> tuple[str, ...]:
    """Name the facts that could still change what the rules say, each once, in the order of the rules."""
    try:
        missing = {
            one.fact.split(".")[0] for one in assess(history_of(person_id).facts_on(on), on=on, known_on=on).missing
        }
    except NoValueInForce:
        return ()
    return tuple(name for name in services.RECORDED if name in missing)


@allowed(policies.sees_assistance)
@writes
def correct_fact(request: HouseRequest, circumstance_id: int) -> HttpResponse:
    row = queries.get_circumstance(circumstance_id, as_=request.user, on=request.today)
    _must_record(request, row)
    initial = {"valid_from": row.valid_from, "last_day": _last_day(row), "evidence": row.evidence}
    form = FactForm(
        request.POST or None, name=row.name, rows=_rows(request), plain=row.value, corrects=True, initial=initial
    )
    if request.method == "POST" and "more_rows" not in request.POST and form.is_valid():
        data = form.cleaned_data
        command = services.CorrectCircumstance(
            circumstance_id=row.pk, value=form.plain_value, valid_from=data["valid_from"],
            valid_until=until_of(data["last_day"]), evidence=data["evidence"], reason=data["reason"],
            client_key=data["client_key"],
        )  # fmt: skip
        if _done(request, form, lambda: services.correct_circumstance(command, **_who(request))):
            return redirect(_next(request, row.person_id))
    heading = _("Đính chính: %(fact)s") % {"fact": fact_label(row.name).lower()}
    return _form_page(request, row.person, form, row.name, heading=heading)


@allowed(policies.sees_assistance)
@writes
def close_fact(request: HouseRequest, circumstance_id: int, action: str) -> HttpResponse:
    row = queries.get_circumstance(circumstance_id, as_=request.user, on=request.today)
    if action not in {"end", "withdraw"}:
        raise queries.PersonNotFound
    _must_record(request, row)
    ends = action == "end"
    form = (EndForm if ends else WithdrawForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if ends:
            day = until_of(form.cleaned_data["last_day"])
            done = _done(request, form, lambda: services.end_circumstance(row.pk, ends_on=day, **_who(request)))  # type: ignore[arg-type]
        else:
            reason = form.cleaned_data["reason"]
            done = _done(request, form, lambda: services.withdraw_circumstance(row.pk, reason=reason, **_who(request)))
        if done:
            return redirect("office:assistance_facts", row.person_id)
    note_read(request, f"person:{row.person_id}", "facts")
    words = plain_words(row.name, row.value)
    context = {
        "heading": _("Thông tin không còn đúng") if ends else _("Rút thông tin ghi nhầm"),
        "what": f"{fact_label(row.name)}: {words}, {days_span(row.valid_from, row.valid_until)}.",
        "press": _("Ghi ngày kết thúc") if ends else _("Rút thông tin này"),
        "caption": row.person.full_name,
        "back": reverse("office:assistance_facts", args=[row.person_id]),
        "form": form,
    }
    return office_page(request, "office/assistance/act.html", context, status=422 if form.errors else 200)


def _form_page(
    request: HouseRequest, person: Any, form: FactForm, name: str, *, heading: str, open_row: Any = None
) -> HttpResponse:
    note_read(request, f"person:{person.pk}", "facts")
    if "more_rows" in request.POST:
        form.errors.clear()
    context = {
        "person": person,
        "form": form,
        "heading": heading,
        "is_children": name == "children",
        "rows": min(MOST_CHILDREN, len(form.child_rows) + 3) if name == "children" else 0,
        "plain_fields": [form[one] for one in form.fields if one not in form.answer_names and one != "client_key"],
        "back": _next(request, person.pk),
        "next": request.GET.get("next", ""),
        "before": f"{plain_words(name, open_row.value)}, {days_span(open_row.valid_from, open_row.valid_until)}"
        if open_row
        else "",
    }
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/assistance/fact.html", context, status=status)


def _rows(request: HouseRequest) -> int:
    """Return how many rows of children the page shows: as many as were sent, or were asked for."""
    asked = whole_number(request.POST.get("more_rows") or request.GET.get("rows", ""), digits=2) or 0
    sent = sum(name.startswith("birth_") and name.endswith("_year") for name in request.POST)
    return min(MOST_CHILDREN, max(asked, sent))


def _next(request: HouseRequest, person_id: int) -> str:
    """Return the page that asked for the fact: the person, the proposal, or what is recorded."""
    pages = {"person": "assistance_person", "grant": "assistance_grant"}
    name = pages.get(request.GET.get("next", ""), "assistance_facts")
    return reverse(f"office:{name}", args=[person_id])


def _done(request: HouseRequest, form: Any, verb: Any) -> bool:
    try:
        verb()
    except AssistanceRefusal as refusal:
        form.show(refusal)
        return False
    except KeyAlreadyUsed as again:
        messages.info(request, str(again))
        return True
    messages.success(request, _("Đã ghi."))
    return True


def _who(request: HouseRequest) -> dict[str, Any]:
    return {"acting_user": request.user, "now": request.received_at}


def _is_open(row: Any) -> bool:
    return row.withdrawn_at is None and row.valid_until is None


def _last_day(row: Any) -> Any:
    return row.valid_until - timedelta(days=1) if row.valid_until else None


def _must_record(request: HouseRequest, row: Any) -> None:
    if row.name not in _recorded_by(queries.acts_for(row.person, as_=request.user, on=request.today)):
        raise queries.PersonNotFound


def _sees(name: str, acts: Any) -> bool:
    return bool(acts.sees_merit if services.programme_of(name) == Programme.MERIT else acts.sees_social)


def _recorded_by(acts: Any) -> tuple[str, ...]:
    """Name the facts that a user may record of a person."""
    social = services.RECORDED if acts.records else ()
    return (*social, *(services.MERIT_RECORDED if acts.claims_merit else ()))


def _row(one: Any, acts: Any) -> dict[str, Any]:
    return {
        "may_change": one.name in _recorded_by(acts),
        "id": one.pk,
        "name": one.name,
        "label": fact_label(one.name),
        "words": plain_words(one.name, one.value),
        "days": days_span(one.valid_from, one.valid_until),
        "evidence": one.evidence,
        "by": one.recorded_by.full_name,
        "at": one.recorded_at,
        "is_withdrawn": one.withdrawn_at is not None,
        "is_open": _is_open(one),
    }


def _export(rows: list[dict[str, Any]], person_id: int) -> HttpResponse:
    return sheet_response(
        f"thong-tin-{person_id}.xlsx",
        columns=[_("Thông tin"), _("Nội dung"), _("Thời gian"), _("Giấy tờ, căn cứ"), _("Người ghi"), _("Ghi lúc"), _("Tình trạng")],
        rows=[
            (
                row["label"], row["words"], row["days"], row["evidence"], row["by"], f"{row['at']:%d/%m/%Y}",
                _("đã rút") if row["is_withdrawn"] else "",
            )
            for row in rows
        ],
    )  # fmt: skip
