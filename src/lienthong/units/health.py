"""What ``./lienthong doctor`` asks of places, agencies and calendars."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from lienthong.infra.health import register_check
from lienthong.infra.models import Event
from lienthong.units.digests import calendar_digest
from lienthong.units.events import CalendarPublished
from lienthong.units.models import WorkCalendarVersion
from lienthong.units.states import COMMUNE_KINDS, AgencyKind

_WITHOUT_COMMITTEE = """
SELECT unit.name, unit.code, unit.valid_from
FROM units_administrativeunit AS unit
WHERE unit.kind = ANY(%s) AND NOT coalesce((
    SELECT range_agg(daterange(agency.valid_from, agency.valid_until)) @> daterange(unit.valid_from, unit.valid_until)
    FROM units_agency AS agency WHERE agency.unit_id = unit.id AND agency.kind = %s), false)
ORDER BY unit.code, unit.valid_from
"""
_WITHOUT_HEIR = """
SELECT unit.name, unit.code, unit.valid_until
FROM units_administrativeunit AS unit
WHERE unit.valid_until IS NOT NULL AND unit.kind <> 'province'
    AND NOT EXISTS (SELECT FROM units_unitsuccession AS edge WHERE edge.predecessor_id = unit.id)
ORDER BY unit.code
"""
_TWICE_ASSIGNED = """
SELECT DISTINCT one.field_code, one.level, first.name, second.name
FROM units_fieldassignment AS one
JOIN units_agency AS first ON first.id = one.agency_id
JOIN units_fieldassignment AS other ON other.field_code = one.field_code AND other.level = one.level AND other.id > one.id
JOIN units_agency AS second ON second.id = other.agency_id
JOIN units_administrativeunit AS here ON here.id = first.unit_id
JOIN units_administrativeunit AS there ON there.id = second.unit_id AND there.code = here.code
WHERE daterange(one.valid_from, one.valid_until) && daterange(other.valid_from, other.valid_until)
"""


def communes_without_committee() -> Iterator[str]:
    """Name the communes that lack a committee on some day of their life."""
    for name, code, first in _rows(_WITHOUT_COMMITTEE, [list(COMMUNE_KINDS), AgencyKind.COMMUNE_COMMITTEE]):
        yield f"{name} ({code}, từ {first:%d/%m/%Y}) có ngày không có Ủy ban nhân dân"


def units_without_heir() -> Iterator[str]:
    """Name the units that ended and were followed by none."""
    for name, code, last in _rows(_WITHOUT_HEIR):
        yield f"{name} ({code}) kết thúc ngày {last:%d/%m/%Y} mà không có đơn vị kế thừa"


def fields_assigned_twice() -> Iterator[str]:
    """Name the fields for which two agencies of one place are competent on the same day."""
    for field, level, one, other in _rows(_TWICE_ASSIGNED):
        yield f"Lĩnh vực {field}, cấp {level}: {one} và {other} cùng được giao trong một ngày"


def missing_calendar() -> Iterator[str]:
    """Say that no calendar was ever published."""
    if not _rows("SELECT 1 FROM units_workcalendarversion WHERE agency_id IS NULL LIMIT 1"):
        yield "Chưa công bố lịch làm việc của tỉnh nên không tính được thời hạn"


def calendars_not_as_published() -> Iterator[str]:
    """Name the calendars that say something else than when they were published, were never published, or are gone.

    Those published before digests were kept have none to compare.
    """
    told: dict[tuple[str | None, int], set[str]] = {}
    for event in Event.objects.filter(name=CalendarPublished.__name__).order_by("pk"):
        key = event.payload["agency_code"], event.payload["number"]
        # Two agencies may have had one code, each on its own days.
        told.setdefault(key, set()).add(event.payload.get("digest", ""))
    there = set[tuple[str | None, int]]()
    for version in WorkCalendarVersion.objects.select_related("agency").order_by("pk").iterator():
        key = version.agency.code if version.agency else None, version.number
        there.add(key)
        what = f"{version} ({version.agency.name if version.agency else 'cả tỉnh'})"
        if key not in told:
            yield f"{what}: không ai công bố theo nhật ký"
        elif "" not in told[key] and calendar_digest(version) not in told[key]:
            yield f"{what}: ngày nghỉ hoặc giờ làm việc khác với khi công bố. Hãy khôi phục từ bản sao lưu."
    for code, number in told.keys() - there:
        yield f"Lịch làm việc, phiên bản {number} ({code or 'cả tỉnh'}): nhật ký còn, trong bảng không còn"


def register_checks() -> None:
    """Offer these checks to the doctor."""
    register_check("Mỗi xã, phường có Ủy ban nhân dân trong mọi ngày tồn tại", communes_without_committee)
    register_check("Đơn vị đã kết thúc đều có đơn vị kế thừa", units_without_heir)
    register_check("Mỗi ngày một lĩnh vực chỉ giao cho một cơ quan", fields_assigned_twice)
    register_check("Có lịch làm việc để tính thời hạn", missing_calendar)
    register_check("Lịch làm việc đúng như khi công bố", calendars_not_as_published)


def _rows(query: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
