"""The catalogue as its keepers see it: every procedure with its drafts, and the record of one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.accounts import queries as accounts
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.catalogue.events import stream_of
from lienthong.catalogue.states import ReceivingLevel, Standing
from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.office.catalogue.access import keeps_catalogue, keeps_field, keeps_whole_catalogue
from lienthong.office.catalogue.forms import AddProcedureForm
from lienthong.office.pages import office_page, page_number

TONES = {
    Standing.DRAFT: "draft",
    Standing.AHEAD: "wait",
    Standing.IN_FORCE: "done",
    Standing.ENDED: "ended",
    Standing.WITHDRAWN: "ended",
}


@allowed(keeps_catalogue)
@reads
def procedures(request: HouseRequest) -> HttpResponse:
    text, field = request.GET.get("q", "")[:100], request.GET.get("field", "")[:40]
    standing = request.GET.get("standing", "")
    page, rows = catalogue.catalogue_for_editors(
        on=request.today, text=text, field=field, standing=standing, page=page_number(request)
    )
    counts = catalogue.standings_counted(on=request.today)
    context = {
        "text": text,
        "field": field,
        "page": page,
        "rows": [(row, TONES[row.standing]) for row in rows],
        "counts": counts,
        "standings": [
            ("", _("tất cả"), counts[""]),
            (Standing.DRAFT.value, _("có dự thảo"), counts[Standing.DRAFT]),
            (Standing.IN_FORCE.value, _("đang có hiệu lực"), counts[Standing.IN_FORCE]),
            (Standing.AHEAD.value, _("sắp có hiệu lực"), counts[Standing.AHEAD]),
            (Standing.ENDED.value, _("hết hiệu lực"), counts[Standing.ENDED]),
        ],
        "standing": standing if standing in Standing.values else "",
        "fields": catalogue.all_fields(),
        "may_import": keeps_whole_catalogue(request.user, on=request.today),
    }
    return office_page(request, "office/catalogue/procedures.html", context)


@allowed(keeps_catalogue)
@reads
def procedure(request: HouseRequest, code: str) -> HttpResponse:
    record = catalogue.get_procedure(code)
    rows = catalogue.editable_versions(code)
    row = catalogue.editor_row(rows, on=request.today) if rows else None
    waiting = catalogue.waiting_withdrawal(code)
    context = {
        "record": record,
        "row": row,
        "tone": TONES[row.standing] if row else "draft",
        "versions": [
            (one, standing, TONES[standing])
            for one in reversed(rows)
            for standing in [catalogue.standing_of(one, on=request.today)]
        ],
        "drafts": [one for one in rows if catalogue.standing_of(one, on=request.today) is Standing.DRAFT],
        "history": accounts.happenings_of(stream_of(code)),
        "replaces": catalogue.predecessors_of(code),
        "replaced_by": catalogue.successors_of(code, on=request.today),
        "may_keep": keeps_field(request.user, record.field.code, on=request.today),
        "withdrawal": waiting,
        "never_come": catalogue.versions_that_never_come(waiting) if waiting else [],
        "is_own_withdrawal": waiting is not None and waiting.prepared_by == request.user.pk,
        "is_in_use": any(
            catalogue.standing_of(one, on=request.today) in {Standing.IN_FORCE, Standing.AHEAD} for one in rows
        ),
    }
    return office_page(request, "office/catalogue/procedure.html", context)


@require_POST
@allowed(keeps_catalogue)
@writes
def begin_draft(request: HouseRequest, code: str) -> HttpResponse:
    record = catalogue.get_procedure(code)
    if not keeps_field(request.user, record.field.code, on=request.today):
        raise catalogue.NoSuchProcedure
    try:
        draft = services.draft_version(code, actor_id=request.user.pk, now=request.received_at)
    except services.DraftAlreadyThere as refusal:
        messages.warning(request, str(refusal))
        return redirect("office:catalogue_procedure", code)
    messages.success(request, _("Đã chép bản mới nhất thành dự thảo phiên bản %(n)s.") % {"n": draft.number})
    return redirect("office:catalogue_draft", draft.pk)


@allowed(keeps_catalogue)
@writes
def add(request: HouseRequest) -> HttpResponse:
    kept = [one for one in catalogue.all_fields() if keeps_field(request.user, one[0], on=request.today)]
    form = AddProcedureForm(request.POST or None, fields_of_work=kept)
    if form.is_valid():
        given = form.cleaned_data
        command = services.AddProcedure(
            code=given["code"],
            field=given["field"],
            name=" ".join(given["name"].split()),
            receiving_level=ReceivingLevel(given["receiving_level"]),
        )
        try:
            draft = services.add_procedure(command, actor_id=request.user.pk, now=request.received_at)
        except services.DraftRefused as refusal:
            form.show(refusal, field="code")
        else:
            return redirect("office:catalogue_draft", draft.pk)
    return office_page(request, "office/catalogue/add.html", {"form": form}, status=422 if form.errors else 200)
