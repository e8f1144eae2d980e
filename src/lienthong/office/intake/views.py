"""Receiving a request at the desk in one screen."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.catalogue import queries as catalogue
from lienthong.documents import services as documents
from lienthong.dossiers import handlers, policies
from lienthong.dossiers import services as dossiers
from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.kernel.days import format_moment
from lienthong.office.intake.forms import ReceiveForm
from lienthong.office.intake.registers import known_applicant, link_to_registers
from lienthong.office.pages import office_page, page_number


@allowed(policies.receives)
@reads
def choose_procedure(request: HouseRequest) -> HttpResponse:
    today = request.today
    text = request.GET.get("q", "")[:100]
    found = catalogue.search_catalogue(on=today, text=text, page=page_number(request), per_page=30)
    return office_page(request, "office/intake/choose.html", {"text": text, "found": found})


@allowed(policies.receives)
@writes
def receive(request: HouseRequest, code: str) -> HttpResponse:
    today, now = request.today, request.received_at
    version = catalogue.procedure_in_force(code, on=today)
    desks = policies.desks_of(request.user, on=today)
    form = ReceiveForm(
        request.POST or None,
        request.FILES or None,
        initial=known_applicant(request),
        items=list(version.items.order_by("number")),
        questions=handlers.for_procedure(code).questions(),
        channels=version.channels,
    )
    if request.method == "POST" and form.is_valid():
        person_id, organization_id = link_to_registers(request, form.cleaned_data["number"])
        try:
            stored = _store(form, by=request.user.pk, now=now)
            dossier = dossiers.receive_dossier(
                dossiers.ReceiveDossier(
                    procedure_code=code,
                    receiving_agency_id=desks[0].pk,
                    channel=form.cleaned_data["channel"],
                    request=form.to_request(files=stored, person_id=person_id, organization_id=organization_id),
                    client_key=form.cleaned_data["client_key"],
                    hand_over=not form.cleaned_data["hold"],
                ),
                acting_user=request.user,
                now=now,
            )
        except (dossiers.DossierRefusal, catalogue.ProcedureNotInForce, documents.FileRefused) as refusal:
            form.show(refusal)
        else:
            promised = format_moment(dossier.promised_due_at) if dossier.promised_due_at else ""
            messages.success(
                request, _("Đã tiếp nhận hồ sơ %(code)s, hẹn trả %(day)s.") % {"code": dossier.code, "day": promised}
            )
            return redirect("office:dossier", dossier.public_id)
    context = {"form": form, "version": version, "desk": desks[0], "code": code}
    return office_page(request, "office/intake/receive.html", context, status=422 if form.errors else 200)


def _store(form: ReceiveForm, *, by: int, now: datetime) -> dict[int, tuple[UUID, ...]]:
    """Keep the uploaded files and return their ids by number of item."""
    return {
        number: tuple(
            documents.store_upload(
                documents.Upload(content=file, name=file.name, declared_type=file.content_type or ""), by=by, now=now
            ).pk
            for file in files
        )
        for number, files in form.uploads().items()
    }
