"""The province at a glance: sent, returned, verified; by status, and by commune on a map of tiles."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, reads
from lienthong.infra.map_scale import Area, Scale
from lienthong.infra.maps import draw_map
from lienthong.infra.sheets import sheet_response
from lienthong.office.pages import office_page
from lienthong.units.queries import boundaries_of
from lienthong.verification import policies
from lienthong.verification.queries import batches as queries
from lienthong.verification.queries import province

_NEARLY_ALL = 0.8


@allowed(policies.sees_province)
@reads
def dashboard(request: HouseRequest) -> HttpResponse:
    registers = list(queries.all_registers())
    chosen = request.GET.get("register", "")
    register = next((one for one in registers if str(one.pk) == chosen), None)
    rows = province.progress_by_commune(on=request.today, province_code=settings.PROVINCE_CODE, register=register)
    if request.GET.get("format") == "xlsx":
        return _export(rows)
    funnel = province.funnel(register)
    cases = reverse("office:verification_cases")
    by_share = sorted(rows, key=lambda row: (row.share is None, row.share or 0, row.name, row.commune_id))
    context = {
        "registers": [("", _("Tất cả các sổ")), *((str(one.pk), one.name) for one in registers)],
        "chosen": str(register.pk) if register else "",
        "register": register,
        "funnel": funnel,
        "answered_share": _share(funnel.answered, funnel.entries),
        "verified_share": _share(funnel.verified, funnel.entries),
        "linked_share": _share(funnel.linked, funnel.entries),
        "settled": sum(row.settled for row in rows),
        "open_cases": sum(row.open_cases for row in rows),
        "statuses": [
            (code, words, count, _share(count, funnel.answered))
            for code, words, count in queries.status_counts(funnel.statuses)
        ],
        "ministry": province.ministry_counts(funnel, register),
        "cases_url": cases,
        "rows": [(row, f"{cases}?commune={row.commune_id}" if row.open_cases else "") for row in by_share],
        "map": draw_map(
            _areas(rows, cases),
            title=_map_title(rows),
            shapes=boundaries_of([row.commune_id for row in rows]),
            scale=Scale(),
            meaning=_("Càng đậm, phần đã xong càng nhiều."),
            unknown=_("chưa có bản ghi"),
        ),
        "last": next(iter(queries.all_batches(register.pk if register else None)[:1]), None),
        "may_run": policies.runs_batches(request.user, on=request.today),
    }
    return office_page(request, "office/verification/province.html", context)


def _areas(rows: list[province.CommuneProgress], cases: str) -> list[Area]:
    places = [row for row in rows if row.commune_id]
    places.sort(key=lambda row: row.group)
    return [
        Area(
            key=row.commune_id,
            name=row.name,
            group=row.group or _("Không rõ huyện cũ"),
            value=None if row.share is None else row.share * 100,
            text="" if row.share is None else f"{round(row.share * 100)} %",
            words=_("%(name)s: đã xong %(done)s trong %(all)s bản ghi")
            % {"name": row.name, "done": row.settled, "all": row.entries},
            url=f"{cases}?commune={row.commune_id}" if row.open_cases else "",
        )
        for row in places
    ]


def _map_title(rows: list[province.CommuneProgress]) -> str:
    """Say what the map shows in one sentence."""
    known = [row.share for row in rows if row.commune_id and row.share is not None]
    if not known:
        return _("Chưa xã nào có bản ghi")
    words = {"done": sum(share >= _NEARLY_ALL for share in known), "all": len(known)}
    return _("%(done)s trong %(all)s xã đã xong từ 80 %% bản ghi trở lên") % words


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _export(rows: list[province.CommuneProgress]) -> HttpResponse:
    columns = [_("Xã, phường"), _("Huyện cũ"), _("Bản ghi"), _("Khớp"), _("Đã xong"), _("Đang chờ xử lý")]
    lines = [
        (row.name or _("Chưa rõ xã"), row.group, row.entries, row.verified, row.settled, row.open_cases) for row in rows
    ]
    return sheet_response("tien-do-xac-thuc.xlsx", columns=columns, rows=lines)
