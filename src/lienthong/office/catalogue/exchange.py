"""Procedures in and out as files: upload, read the report of every row, confirm; and the whole catalogue with drafts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.catalogue.services import Verdict
from lienthong.catalogue.states import FileFormat
from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.office.catalogue.access import keeps_catalogue, keeps_whole_catalogue
from lienthong.office.catalogue.forms import UploadForm
from lienthong.office.pages import office_page

_TYPES = {
    FileFormat.YAML: "application/yaml; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TONES = {Verdict.ADDED: "open", Verdict.CHANGED: "wait", Verdict.SAME: "done", Verdict.REFUSED: "late"}
# What needs a person comes first.
_ORDER = [Verdict.REFUSED, Verdict.CHANGED, Verdict.ADDED, Verdict.SAME]


@allowed(keeps_catalogue)
@reads
def export(request: HouseRequest, kind: str) -> HttpResponse:
    if kind not in FileFormat.values:
        raise catalogue.NoSuchProcedure
    code = request.GET.get("code", "")[:30]
    codes = [catalogue.get_procedure(code).code] if code else None
    content = catalogue.export_procedures(codes, file_format=FileFormat(kind), now=request.received_at, drafts=True)
    response = HttpResponse(content, content_type=_TYPES[FileFormat(kind)])
    name = code or f"danh-muc-{request.today:%Y-%m-%d}"
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


@allowed(keeps_whole_catalogue)
@writes
def upload(request: HouseRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"][0]
        name = str(file.name)
        staged = services.stage_import(
            file_name=name,
            content=file.read(),
            file_format=FileFormat.XLSX if name.lower().endswith(".xlsx") else FileFormat.YAML,
            actor_id=request.user.pk,
            now=request.received_at,
        )
        return redirect("office:catalogue_import_report", staged.pk)
    return office_page(request, "office/catalogue/upload.html", {"form": form}, status=422 if form.errors else 200)


@allowed(keeps_whole_catalogue)
@writes
def report(request: HouseRequest, import_id: int) -> HttpResponse:
    staged = catalogue.staged_import(import_id, uploaded_by=request.user.pk)
    if request.method == "POST":
        try:
            done = services.confirm_import(import_id, actor_id=request.user.pk, now=request.received_at)
        except services.ImportRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            words = {"added": done.count(Verdict.ADDED), "changed": done.count(Verdict.CHANGED)}
            messages.success(request, _("Đã nhập: %(added)s dự thảo mới, %(changed)s dự thảo sửa.") % words)
            return redirect("office:catalogue")
    told = services.report_of(staged)
    rows = sorted(told.rows, key=lambda row: _ORDER.index(row.verdict))
    context = {
        "staged": staged,
        "report": told,
        "rows": [(row, _TONES[row.verdict]) for row in rows],
        "counts": [(f"{told.count(one)} {one.label}", _TONES[one]) for one in _ORDER if told.count(one)],
    }
    return office_page(request, "office/catalogue/report.html", context)
