"""The results of a round as the ministry's software lays them out."""

from __future__ import annotations

from django.http import HttpResponse

from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.sheets import XLSX
from lienthong.kernel.text import whole_number
from lienthong.poverty import policies
from lienthong.poverty.queries import ministry, rounds


@allowed(policies.sees_poverty)
@reads
def ministry_export(request: HouseRequest, round_id: int) -> HttpResponse:
    round_ = rounds.get_round(round_id)
    unit = whole_number(request.GET.get("unit", ""))
    only = [unit] if unit is not None else None
    seen = policies.visible_to(request.user, on=request.today)
    note_read(request, round_.stream, "export")
    response = HttpResponse(
        ministry.ministry_workbook(ministry.ministry_reviews(round_, seen=seen, unit_ids=only)), content_type=XLSX
    )
    # The ministry's layout has no room for the warning, and takes no other column.
    is_trial = round_.points_table is not None and round_.points_table.is_superseded
    trial = "-bang-diem-cu-chi-de-thu" if is_trial else ""
    response["Content-Disposition"] = f'attachment; filename="ra-soat-{round_.period}{trial}.xlsx"'
    return response
