"""Questions about agencies: which one a code meant on a day, who receives, who is competent, who followed whom."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from lienthong.kernel.days import Span, format_day
from lienthong.units.models import AdministrativeUnit, Agency, AgencySuccession, FieldAssignment
from lienthong.units.queries.places import descendants_on
from lienthong.units.states import COMMUNE_KINDS, AgencyKind, AgencyLevel, UnitKind

_RECEIVING_KINDS = {
    AgencyLevel.PROVINCE: AgencyKind.ONE_STOP_DESK,
    AgencyLevel.DISTRICT: AgencyKind.ONE_STOP_DESK,
    AgencyLevel.COMMUNE: AgencyKind.COMMUNE_COMMITTEE,
}


class AgencyUnknown(LookupError):
    """No agency had this code on this day, or there is none with this number; the message says which."""


class NobodyCompetent(LookupError):
    """No agency is competent for a field at a level on a day; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class AgencyHistory:
    """The edges that lead to an agency and those that lead on from it, all the way, in order of time."""

    before: tuple[AgencySuccession, ...]
    after: tuple[AgencySuccession, ...]


def agency_on(code: str, day: date) -> Agency:
    """Return the agency that had ``code`` on ``day``, with its place.

    Raises:
        AgencyUnknown: There was none.
    """
    agency: Agency | None = Agency.objects.valid_on(day).select_related("unit").filter(code=code).first()
    if agency is None:
        rows = Agency.objects.filter(code=code).order_by("valid_from")
        spans = "; ".join(f"{row.name} {Span(row.valid_from, row.valid_until)}" for row in rows)
        known = f"Mã này chỉ thuộc về: {spans}." if spans else "Hãy kiểm tra lại mã."
        raise AgencyUnknown(f"Ngày {format_day(day)} không có cơ quan nào mang mã {code}. {known}")
    return agency


def get_agency(agency_id: int) -> Agency:
    """Return one agency with its place.

    Raises:
        AgencyUnknown: There is none.
    """
    agency: Agency | None = Agency.objects.select_related("unit").filter(pk=agency_id).first()
    if agency is None:
        raise AgencyUnknown(f"Không có cơ quan số {agency_id}. Hãy chọn lại trong danh sách.")
    return agency


def agencies_on(day: date, *, kind: AgencyKind | None = None) -> QuerySet[Agency]:
    """Return the agencies of a day with their places, by level and name; only those of one kind where it is given."""
    agencies = Agency.objects.valid_on(day)
    if kind is not None:
        agencies = agencies.filter(kind=kind)
    return cast("QuerySet[Agency]", agencies.select_related("unit").order_by("-level", "sort_key", "code"))


def agency_names() -> dict[str, str]:
    """Return the name of every agency of any day by its number as text, for tables that group by agency."""
    return {str(number): name for number, name in Agency.objects.values_list("pk", "name").order_by("pk")}


def receiving_agencies(level: AgencyLevel, *, on: date) -> QuerySet[Agency]:
    """Return where dossiers of a level are received on a day: one-stop desks, or the committees of the communes."""
    return agencies_on(on, kind=_RECEIVING_KINDS[AgencyLevel(level)]).filter(level=level)


def competent_agency(*, field_code: str, level: AgencyLevel, unit: AdministrativeUnit | None, on: date) -> Agency:
    """Return the agency that decides in a field at a level, for a place, on a day.

    Cơ quan có thẩm quyền. A place that has ended stands for what it became, so that running work finds its new agency.

    Args:
        field_code: The field of work.
        level: The level of government that decides.
        unit: The place the matter belongs to; at province level it may be missing.
        on: The day.

    Raises:
        NobodyCompetent: The place is missing or was divided, or no agency is assigned that day.
    """
    place = _place_on(unit, on) if unit else None
    if level == AgencyLevel.PROVINCE:
        return _assigned(field_code, AgencyLevel.PROVINCE, _above(place, UnitKind.PROVINCE), on)
    if place is None:
        raise NobodyCompetent(
            "Chưa biết xã, phường của hồ sơ nên chưa xác định được cơ quan giải quyết. Hãy chọn nơi ở."
        )
    if level == AgencyLevel.DISTRICT:
        district = _above(place, UnitKind.DISTRICT)
        if district is None:
            raise NobodyCompetent(
                f"Ngày {format_day(on)}, {place.name} không thuộc huyện nào. Hãy chuyển việc này cho cấp xã hoặc cấp tỉnh."
            )
        return _assigned(field_code, AgencyLevel.DISTRICT, district, on)
    return _committee_of(place, on)


def _place_on(unit: AdministrativeUnit, on: date) -> AdministrativeUnit:
    """Return what a unit is on a day: itself, or the one unit it became."""
    if unit.valid_from <= on and (unit.valid_until is None or on < unit.valid_until):
        return unit
    if on < unit.valid_from:
        raise NobodyCompetent(
            f"{unit.name} chỉ có từ {format_day(unit.valid_from)}. Hãy chọn đơn vị của ngày {format_day(on)}."
        )
    heirs = descendants_on(unit, on)
    if len(heirs) != 1:
        names = ", ".join(heir.unit.name for heir in heirs) or "chưa rõ"
        raise NobodyCompetent(f"{unit.name} đã chia về nhiều nơi ({names}). Hãy chọn nơi tiếp nhận.")
    return heirs[0].unit


def _above(place: AdministrativeUnit | None, kind: UnitKind) -> AdministrativeUnit | None:
    while place is not None and place.kind != kind:
        place = place.parent
    return place


def _assigned(field_code: str, level: AgencyLevel, place: AdministrativeUnit | None, on: date) -> Agency:
    assignments = FieldAssignment.objects.valid_on(on).filter(field_code=field_code, level=level)
    if place is not None:
        assignments = assignments.filter(agency__unit__code=place.code)
    assignment: FieldAssignment | None = assignments.select_related("agency__unit").order_by("agency_id").first()
    if assignment is None or assignment.agency is None:
        where = place.name if place else AgencyLevel(level).label
        raise NobodyCompetent(
            f"Ngày {format_day(on)} chưa có cơ quan nào ở {where} được giao lĩnh vực {field_code}. "
            "Hãy báo người quản trị bổ sung phân công lĩnh vực."
        )
    return assignment.agency


def _committee_of(place: AdministrativeUnit, on: date) -> Agency:
    if place.kind not in COMMUNE_KINDS:
        raise NobodyCompetent(f"{place.name} không phải xã, phường. Hãy chọn xã, phường cụ thể.")
    committee: Agency | None = (
        Agency.objects.valid_on(on)
        .filter(kind=AgencyKind.COMMUNE_COMMITTEE, unit=place)
        .select_related("unit")
        .order_by("id")
        .first()
    )
    if committee is None:
        raise NobodyCompetent(f"Ngày {format_day(on)} {place.name} chưa có Ủy ban nhân dân. Hãy báo người quản trị.")
    return committee


def history_of(agency: Agency) -> AgencyHistory:
    """Return everything the agency came from and everything that came of it, through every change."""
    return AgencyHistory(
        before=_line(agency, here="successor_id", there="predecessor_id"),
        after=_line(agency, here="predecessor_id", there="successor_id"),
    )


def _line(agency: Agency, *, here: str, there: str) -> tuple[AgencySuccession, ...]:
    edges = RawSQL(  # noqa: S611 - the two names are written in history_of
        f"""
        WITH RECURSIVE line (id) AS (
            SELECT %s::bigint
            UNION
            SELECT edge.{there} FROM line JOIN units_agencysuccession AS edge ON edge.{here} = line.id
        )
        SELECT edge.id FROM units_agencysuccession AS edge JOIN line ON line.id = edge.{here}
        """,  # noqa: S608
        [agency.pk],
    )
    found = AgencySuccession.objects.filter(pk__in=edges).select_related("predecessor", "successor")
    return tuple(found.order_by("on", "successor__sort_key", "id"))
