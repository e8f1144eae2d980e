"""Load places and agencies from our own files: compare, add, change; all of a file or nothing."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from lienthong.infra import locks
from lienthong.kernel.text import fold, sort_key
from lienthong.units.models import (
    AdministrativeUnit,
    Agency,
    AgencySuccession,
    FieldAssignment,
    UnitChange,
    UnitSuccession,
)
from lienthong.units.services.calendar import publish_official_calendar
from lienthong.units.services.files import (
    DATA_FOLDER,
    AgencyFiles,
    AgencyRow,
    InconsistentData,
    PlaceFiles,
    UnitRow,
    by_code,
    by_key,
    holding,
    read_agencies,
    read_places,
    span_of,
)
from lienthong.units.services.synchronize import Loaded, synchronize
from lienthong.units.states import COMMUNE_KINDS, AgencyKind, AgencyLevel, UnitKind

Key = tuple[str, date]

# The letter and number by which the state identifies a province's agencies; see data/README.md.
_PROVINCE_IDENTIFICATION = {"19": "H55", "06": "H03"}


@transaction.atomic
def load_places(*, now: datetime, folder: Path = DATA_FOLDER) -> tuple[Loaded, ...]:
    """Make the tables of places say what the files say.

    Nạp đơn vị hành chính. A second run changes nothing. Units that a file no longer names stay, because people and
    dossiers may refer to them; edges of succession that it no longer names are removed.

    Args:
        now: When the data are loaded.
        folder: Folder with the three files of places.

    Raises:
        InconsistentData: The files contradict each other, or the rows that stayed; nothing was changed.
    """
    locks.hold("load base data")
    files = read_places(folder)
    try:
        with transaction.atomic():
            return (_load_units(files), *_load_successions(files))
    except IntegrityError as error:
        raise InconsistentData([_overlap(error)]) from error


@transaction.atomic
def load_agencies(*, now: datetime, folder: Path = DATA_FOLDER) -> tuple[Loaded, ...]:
    """Make the tables of agencies say what the files say, and publish the province's first working calendar.

    Nạp cơ quan và phân công lĩnh vực. The committee of each commune is not listed: it lives as long as the commune and
    is made from it. A second run changes nothing.

    Args:
        now: When the data are loaded, and the calendar is published.
        folder: Folder with the files of agencies and of places.

    Raises:
        InconsistentData: The files contradict each other, the places or the rows that stayed; nothing was changed.
    """
    locks.hold("load base data")
    places, files = read_places(folder), read_agencies(folder)
    try:
        with transaction.atomic():
            loaded = (_load_agencies(places, files), *_load_competences(places, files))
    except IntegrityError as error:
        raise InconsistentData([_overlap(error)]) from error
    publish_official_calendar(now=now)
    return loaded


def committee_code(unit_code: str, *, province_code: str) -> str:
    """Give the code of the committee of a commune: the province's identification and the commune's code.

    Mã cơ quan của Ủy ban nhân dân cấp xã.

    Raises:
        KeyError: The province has no known identification.
    """
    return f"{_PROVINCE_IDENTIFICATION[province_code]}.{unit_code}"


def _load_units(files: PlaceFiles) -> Loaded:
    rows, ids = by_code(files.units), dict[Key, int]()
    loaded = []
    for generation in ({UnitKind.PROVINCE}, {UnitKind.DISTRICT}, set(COMMUNE_KINDS)):
        wanted = [_unit_columns(unit, rows, ids) for unit in files.units if unit.kind in generation]
        loaded.append(synchronize(AdministrativeUnit, wanted, key=("code", "valid_from")))
        ids = _ids_of(AdministrativeUnit.objects.values_list("code", "valid_from", "id"))
    return reduce(add, loaded)


def _unit_columns(unit: UnitRow, rows: Mapping[str, list[UnitRow]], ids: Mapping[Key, int]) -> dict[str, Any]:
    parent = holding(rows.get(unit.parent_code, ()), span_of(unit))
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent_id": ids[parent.code, parent.valid_from] if parent else None,
        "valid_from": unit.valid_from,
        "valid_until": unit.valid_until,
        "instrument": unit.instrument,
        "confidence": unit.confidence,
        "sort_key": sort_key(_name_before_kind(unit.name, unit.kind)),
        "search_key": fold(unit.name),
    }


def _name_before_kind(name: str, kind: str) -> str:
    """Turn "Xã Tân Cương" into "Tân Cương xã": people look a place up by its name, not by its kind."""
    words = name.split()
    length = 2 if kind == UnitKind.TOWNSHIP or name.startswith(("Thành phố", "Thị xã")) else 1
    return " ".join([*words[length:], *words[:length]])


def _load_successions(files: PlaceFiles) -> Iterator[Loaded]:
    yield synchronize(
        UnitChange,
        [
            {"code": change.change, "on": change.on, "instrument": change.instrument, "title": change.title}
            for change in files.changes
        ],
        key=("code",),
    )
    changes = dict(UnitChange.objects.values_list("code", "id"))
    ids = _ids_of(AdministrativeUnit.objects.values_list("code", "valid_from", "id"))
    yield synchronize(
        UnitSuccession,
        [
            {
                "change_id": changes[edge.change],
                "predecessor_id": ids[edge.predecessor_code, edge.predecessor_valid_from],
                "successor_id": ids[edge.successor_code, edge.successor_valid_from],
                "share": edge.share_kind,
                "share_percent": edge.share_percent,
                "note": edge.note,
            }
            for edge in files.edges
        ],
        key=("predecessor_id", "successor_id"),
        removes_others=True,
    )


def _load_agencies(places: PlaceFiles, files: AgencyFiles) -> Loaded:
    agencies = [*files.agencies, *_committees(places.units, files.agencies)]
    rows, units = by_code(agencies), by_code(places.units)
    unit_ids = _ids_of(AdministrativeUnit.objects.values_list("code", "valid_from", "id"))
    ids, loaded = dict[Key, int](), []
    for generation in _generations(agencies):
        wanted = []
        for agency in generation:
            parent = holding(rows.get(agency.parent_code, ()), span_of(agency))
            place = next(unit for unit in units[agency.unit_code] if span_of(unit).contains(agency.valid_from))
            wanted.append(
                {
                    "code": agency.code,
                    "legal_code": agency.legal_code,
                    "name": agency.name,
                    "kind": agency.kind,
                    "level": agency.level,
                    "parent_id": ids[parent.code, parent.valid_from] if parent else None,
                    "unit_id": unit_ids[place.code, place.valid_from],
                    "valid_from": agency.valid_from,
                    "valid_until": agency.valid_until,
                    "phone": agency.phone,
                    "sort_key": sort_key(agency.name),
                    "confidence": agency.confidence,
                }
            )
        loaded.append(synchronize(Agency, wanted, key=("code", "valid_from")))
        ids = _ids_of(Agency.objects.values_list("code", "valid_from", "id"))
    return reduce(add, loaded)


def _generations(agencies: list[AgencyRow]) -> Iterator[list[AgencyRow]]:
    """Give the agencies in such groups that a parent comes before its parts."""
    waiting = list(agencies)
    while waiting:
        open_codes = {agency.code for agency in waiting}
        ready = [agency for agency in waiting if agency.parent_code not in open_codes]
        if not ready:
            raise InconsistentData([f"{agency.code}: cơ quan cấp trên tạo thành vòng" for agency in waiting])
        yield ready
        waiting = [agency for agency in waiting if agency.parent_code in open_codes]


def _committees(units: Iterable[UnitRow], agencies: Iterable[AgencyRow]) -> Iterator[AgencyRow]:
    """Give the committee of every commune, for as long as the commune is there."""
    rows = by_code(units)
    committees_by_place = by_code(agencies)
    place_of = {agency.unit_code: agency.code for agency in agencies if agency.kind == AgencyKind.PEOPLES_COMMITTEE}
    for unit in units:
        if unit.kind not in COMMUNE_KINDS:
            continue
        above = holding(rows[unit.parent_code], span_of(unit))
        province = unit.parent_code if above and above.kind == UnitKind.PROVINCE else above.parent_code if above else ""
        parent = holding(committees_by_place.get(place_of.get(unit.parent_code, ""), ()), span_of(unit))
        yield AgencyRow(
            code=committee_code(unit.code, province_code=province),
            legal_code="",
            name=f"Ủy ban nhân dân {unit.name[0].lower()}{unit.name[1:]}",
            kind=AgencyKind.COMMUNE_COMMITTEE,
            level=AgencyLevel.COMMUNE,
            parent_code=parent.code if parent else "",
            unit_code=unit.code,
            valid_from=unit.valid_from,
            valid_until=unit.valid_until,
            phone="",
            confidence=unit.confidence,
        )


def _load_competences(places: PlaceFiles, files: AgencyFiles) -> Iterator[Loaded]:
    rows, ids = by_code(files.agencies), _ids_of(Agency.objects.values_list("code", "valid_from", "id"))
    listed = [
        {
            "predecessor_id": ids[edge.predecessor_code, edge.predecessor_valid_from],
            "successor_id": ids[edge.successor_code, edge.successor_valid_from],
            "on": edge.on,
            "fields": list(edge.fields),
            "instrument": edge.instrument,
            "note": edge.note,
        }
        for edge in files.edges
    ]
    yield synchronize(
        AgencySuccession,
        [*listed, *_committee_edges(places)],
        key=("predecessor_id", "successor_id"),
        removes_others=True,
    )

    def id_of(code: str, row: Any) -> int | None:
        agency = holding(rows.get(code, ()), span_of(row))
        return ids[agency.code, agency.valid_from] if agency else None

    yield synchronize(
        FieldAssignment,
        [
            {
                "field_code": row.field_code,
                "level": row.level,
                "agency_id": id_of(row.agency_code, row),
                "division_id": id_of(row.division_code, row),
                "valid_from": row.valid_from,
                "valid_until": row.valid_until,
                "instrument": row.instrument,
                "confidence": row.confidence,
            }
            for row in files.assignments
        ],
        key=("field_code", "level", "agency_id", "valid_from"),
        removes_others=True,
    )


def _committee_edges(places: PlaceFiles) -> Iterator[dict[str, Any]]:
    """Give who followed whom among the committees: they follow as their communes do."""
    units = by_key(places.units)
    changes = {change.change: change for change in places.changes}
    committees = {
        (code, first): agency
        for code, first, agency in Agency.objects.filter(kind=AgencyKind.COMMUNE_COMMITTEE).values_list(
            "unit__code", "valid_from", "id"
        )
    }
    for edge in places.edges:
        if units[edge.predecessor_code, edge.predecessor_valid_from].kind not in COMMUNE_KINDS:
            continue
        yield {
            "predecessor_id": committees[edge.predecessor_code, edge.predecessor_valid_from],
            "successor_id": committees[edge.successor_code, edge.successor_valid_from],
            "on": changes[edge.change].on,
            "fields": [],
            "instrument": changes[edge.change].instrument,
            "note": edge.note,
        }


def _ids_of(rows: Iterable[tuple[str, date, int]]) -> dict[Key, int]:
    return {(code, first): number for code, first, number in rows}


def _overlap(error: IntegrityError) -> str:
    return f"các dòng mới chồng ngày với dòng đã có trong cơ sở dữ liệu ({str(error).splitlines()[0]})"
