"""Papers of a person: adding scans beside what is recorded, opening them, taking away what was added by mistake."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance import policies
from lienthong.assistance.queries import people
from lienthong.assistance.queries.evidence import evidence_of, get_evidence, recorded_of
from lienthong.assistance.services import evidence as services
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.documents import services as documents
from lienthong.documents.serve import file_response
from lienthong.documents.vault import ContentMissing
from lienthong.infra import forms
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.office.pages import office_page
from lienthong.office.sent_once import SentOnce


class EvidenceForm(SentOnce):
    """Scans, and of what they are the evidence."""

    of = forms.ChoiceField(label=gettext_lazy("Giấy tờ này làm căn cứ cho"), select=True)
    scans = forms.FilesField(label=gettext_lazy("Bản quét"), at_most=services.MOST_FILES)

    def __init__(self, *args: Any, records: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(self, "of", [("", _("– chọn –")), *records])

    def store(self, *, by: int, now: Any) -> tuple[UUID, ...]:
        """Keep each file; what cannot be kept is said beside the field."""
        stored: list[UUID] = []
        for file in self.cleaned_data["scans"]:
            upload = documents.Upload(content=file, name=file.name, declared_type=file.content_type or "")
            try:
                stored.append(documents.store_upload(upload, by=by, now=now).pk)
            except documents.FileRefused as refusal:
                self.show(refusal, field="scans")
        return tuple(stored)


class RemovalForm(SentOnce):
    """Why a file is taken away."""

    reason = forms.LineField(label=gettext_lazy("Lý do gỡ"), max_length=200)


@allowed(policies.sees_assistance)
@writes
def new_evidence(request: HouseRequest, person_id: int) -> HttpResponse:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    acts = people.acts_for(person, as_=request.user, on=request.today)
    records = [
        one for one in recorded_of(person.pk, programmes=acts.programmes) if services.may_change(one, acts)
    ]  # fmt: skip
    if not (acts.records or acts.claims_merit):
        raise people.PersonNotFound
    back = reverse("office:assistance_person", args=[person.pk]) + "#papers"
    is_sent = request.method == "POST"
    form = EvidenceForm(
        request.POST if is_sent else None, request.FILES if is_sent else None,
        records=[(one.owner, f"{one.kind}: {one.words}") for one in records], initial={"of": request.GET.get("of", "")},
    )  # fmt: skip
    if is_sent and form.is_valid():
        stored = form.store(by=request.user.pk, now=request.received_at)
        command = services.AddEvidence(
            person_id=person.pk, owner=form.cleaned_data["of"], files=stored, client_key=form.cleaned_data["client_key"]
        )
        try:
            if not form.errors:
                services.add_evidence(command, acting_user=request.user, now=request.received_at)
                messages.success(request, _("Đã đính kèm giấy tờ."))
                return redirect(back)
        except KeyAlreadyUsed as again:
            messages.info(request, str(again))
            return redirect(back)
        except AssistanceRefusal as refusal:
            form.show(refusal)
    note_read(request, f"person:{person.pk}", "papers")
    context = {"person": person, "form": form, "back": back, "has_records": bool(records)}
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/assistance/evidence_new.html", context, status=status)


@allowed(policies.sees_assistance)
@reads
def evidence_file(request: HouseRequest, person_id: int, file_id: UUID) -> HttpResponseBase:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    acts = people.acts_for(person, as_=request.user, on=request.today)
    file = get_evidence(file_id, person_id=person.pk, programmes=acts.programmes)
    note_read(request, f"person:{person.pk}", f"file:{file_id}")
    try:
        return file_response(file, as_attachment="download" in request.GET)
    except ContentMissing as lost:
        context = {
            "name": file.name,
            "sentence": str(lost),
            "back": reverse("office:assistance_person", args=[person.pk]),
        }
        return office_page(request, "office/assistance/lost_file.html", context, status=410)


@allowed(policies.sees_assistance)
@writes
def remove_evidence(request: HouseRequest, person_id: int, attachment_id: int) -> HttpResponse:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    acts = people.acts_for(person, as_=request.user, on=request.today)
    rows = evidence_of(person.pk, programmes=acts.programmes)
    found = next((one for one in rows if one.attachment_id == attachment_id), None)
    if found is None or not services.may_change(found.of, acts):
        raise people.PersonNotFound
    form = RemovalForm(request.POST or None)
    back = reverse("office:assistance_person", args=[person.pk]) + "#papers"
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_evidence(
                attachment_id, person_id=person.pk, reason=form.cleaned_data["reason"], acting_user=request.user,
                now=request.received_at,
            )  # fmt: skip
        except AssistanceRefusal as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã gỡ tệp đính kèm nhầm."))
            return redirect(back)
    note_read(request, f"person:{person.pk}", "papers")
    context = {
        "heading": _("Gỡ tệp đính kèm nhầm"),
        "what": f"{found.file.name}. {found.of.kind}: {found.of.words}",
        "press": _("Gỡ tệp này"),
        "caption": person.full_name,
        "back": back,
        "form": form,
    }
    return office_page(request, "office/assistance/act.html", context, status=422 if form.errors else 200)
