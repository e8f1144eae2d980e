"""Procedures to take along: as data, as a drawing, as BPMN."""

from django.http import HttpResponse

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.bpmn import write_bpmn
from lienthong.catalogue.process_drawing import draw_process
from lienthong.catalogue.states import FileFormat
from lienthong.infra.http import HouseRequest, public, reads

_TYPES = {
    "yaml": "application/yaml; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml; charset=utf-8",
    "bpmn": "application/xml; charset=utf-8",
}


@public
@reads
def whole_catalogue(request: HouseRequest, kind: str) -> HttpResponse:
    if kind not in FileFormat.values:
        raise catalogue.NoSuchProcedure
    content = catalogue.export_procedures(None, file_format=FileFormat(kind), now=request.received_at)
    return _file(content, f"danh-muc-thu-tuc-{request.today:%Y-%m-%d}", kind)


@public
@reads
def one_procedure(request: HouseRequest, code: str, kind: str) -> HttpResponse:
    versions = catalogue.versions_of(code)
    if kind not in _TYPES or not versions:
        raise catalogue.NoSuchProcedure
    if kind in FileFormat.values:
        content = catalogue.export_procedures([code], file_format=FileFormat(kind), now=request.received_at)
        return _file(content, code, kind)
    version, _refusal = catalogue.version_to_read(versions, on=request.today)
    data = catalogue.data_of(catalogue.get_version(version.pk))
    content = draw_process(data).encode() if kind == "svg" else write_bpmn(code, data)
    return _file(content, code, kind)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
