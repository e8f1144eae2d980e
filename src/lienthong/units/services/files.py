"""The files that places and agencies are loaded from: read, typed, and checked against each other before anything is written."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, TypeVar

from lienthong.kernel.days import Span
from lienthong.units.states import AgencyKind, AgencyLevel, Share, UnitKind

DATA_FOLDER = Path(__file__).parent.parent / "data"
_AGENCY_CODE = re.compile(r"[A-Z]\d{2}(\.[0-9A-Z]+)*")
_AGENCY_CODE_LENGTH = 35


class InconsistentData(ValueError):
    """The files contradict each other or themselves: nothing of them was loaded.

    Attributes:
        problems: One sentence for each thing that is wrong.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(f"- {problem}" for problem in self.problems)
        super().__init__(f"Dữ liệu đơn vị hành chính và cơ quan có {len(problems)} chỗ sai, chưa nạp gì:\n{listed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    code: str
    name: str
    kind: str
    parent_code: str
    valid_from: date
    valid_until: date | None
    instrument: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    change: str
    on: date
    instrument: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEdgeRow:
    change: str
    predecessor_code: str
    predecessor_valid_from: date
    successor_code: str
    successor_valid_from: date
    share_kind: str
    share_percent: Decimal | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRow:
    code: str
    legal_code: str
    name: str
    kind: str
    level: str
    parent_code: str
    unit_code: str
    valid_from: date
    valid_until: date | None
    phone: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyEdgeRow:
    predecessor_code: str
    predecessor_valid_from: date
    successor_code: str
    successor_valid_from: date
    on: date
    fields: tuple[str, ...]
    instrument: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRow:
    field_code: str
    level: str
    agency_code: str
    division_code: str
    valid_from: date
    valid_until: date | None
    instrument: str
    confidence: str


class DatedRow(Protocol):
    """A row that is known by its code and first day."""

    @property
    def code(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...


Row = TypeVar("Row")
D = TypeVar("D", bound=DatedRow)


@dataclass(frozen=True, slots=True)
class PlaceFiles:
    """What the files say about places. Địa giới."""

    units: tuple[UnitRow, ...]
    changes: tuple[ChangeRow, ...]
    edges: tuple[UnitEdgeRow, ...]


@dataclass(frozen=True, slots=True)
class AgencyFiles:
    """What the files say about agencies. Cơ quan."""

    agencies: tuple[AgencyRow, ...]
    edges: tuple[AgencyEdgeRow, ...]
    assignments: tuple[AssignmentRow, ...]


def read_places(folder: Path) -> PlaceFiles:
    """Read and check the files of places.

    Raises:
        InconsistentData: They contradict each other; every contradiction is named.
    """
    files = PlaceFiles(
        _read(folder / "administrative_units.csv", UnitRow),
        _read(folder / "unit_changes.csv", ChangeRow),
        _read(folder / "unit_successions.csv", UnitEdgeRow),
    )
    _refuse([*_unit_problems(files.units), *_edge_problems(files)])
    return files


def read_agencies(folder: Path) -> AgencyFiles:
    """Read and check the files of agencies.

    Raises:
        InconsistentData: They contradict each other or the places; every contradiction is named.
    """
    units = _read(folder / "administrative_units.csv", UnitRow)
    files = AgencyFiles(
        _read(folder / "agencies.csv", AgencyRow),
        _read(folder / "agency_successions.csv", AgencyEdgeRow),
        _read(folder / "field_assignments.csv", AssignmentRow),
    )
    _refuse([*_agency_problems(files.agencies, units), *_takeover_problems(files), *_assignment_problems(files)])
    return files


def by_key(rows: Iterable[D]) -> dict[tuple[str, date], D]:
    """Give the rows by code and first day."""
    return {(row.code, row.valid_from): row for row in rows}


def by_code(rows: Iterable[D]) -> dict[str, list[D]]:
    """Give the rows of each code, in order of time."""
    grouped: dict[str, list[D]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.valid_from):
        grouped[row.code].append(row)
    return grouped


def holding(rows: Sequence[D], span: Span) -> D | None:
    """Give the row that holds for a whole span, or None."""
    return next((row for row in rows if _covers(row, span)), None)


def span_of(row: DatedRow | AssignmentRow) -> Span:
    """Give the days on which a row holds."""
    return Span(row.valid_from, row.valid_until)


def _covers(row: DatedRow, span: Span) -> bool:
    if row.valid_from > span.valid_from:
        return False
    return row.valid_until is None or (span.valid_until is not None and span.valid_until <= row.valid_until)


def _read(file: Path, row_type: type[Row]) -> tuple[Row, ...]:
    if not file.is_file():
        raise InconsistentData([f"Không có tệp {file.name}."])
    with file.open(encoding="utf-8", newline="") as stream:
        lines = csv.DictReader(stream)
        wanted = {field.name: field.type for field in fields(row_type)}  # type: ignore[arg-type]
        missing = wanted.keys() - set(lines.fieldnames or ())
        if missing:
            raise InconsistentData([f"Tệp {file.name} thiếu cột {', '.join(sorted(missing))}."])
        rows, problems = [], []
        for line in lines:
            try:
                rows.append(row_type(**{name: _value(line[name], kind) for name, kind in wanted.items()}))
            except (ValueError, InvalidOperation) as error:
                problems.append(f"Tệp {file.name}, dòng {lines.line_num}: {error}.")
    _refuse(problems)
    return tuple(rows)


def _value(text: str | None, kind: Any) -> Any:
    text = (text or "").strip()
    if kind is str:
        return text
    if kind == tuple[str, ...]:
        return tuple(text.split())
    if not text and kind is not date:
        return None
    return Decimal(text) if kind == Decimal | None else date.fromisoformat(text)


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        raise InconsistentData(problems)


def _span_problems(rows: Iterable[D]) -> Iterator[str]:
    for code, dated in by_code(rows).items():
        for row in dated:
            if row.valid_until is not None and row.valid_until <= row.valid_from:
                yield f"{code}: ngày kết thúc {row.valid_until} không sau ngày bắt đầu {row.valid_from}"
        for earlier, later in pairwise(dated):
            if earlier.valid_until is None or earlier.valid_until > later.valid_from:
                yield f"{code}: các dòng từ {earlier.valid_from} và từ {later.valid_from} chồng ngày nhau"


def _unit_problems(units: Sequence[UnitRow]) -> Iterator[str]:
    problems = list(_span_problems(units))
    yield from problems
    if problems:
        return
    rows = by_code(units)
    for unit in units:
        if unit.kind not in UnitKind.values:
            yield f"{unit.code}: loại “{unit.kind}” không có trong danh mục loại đơn vị"
        if unit.parent_code and not holding(rows.get(unit.parent_code, ()), span_of(unit)):
            yield f"{unit.code} từ {unit.valid_from}: cấp trên {unit.parent_code} không có suốt thời gian đó"


def _edge_problems(files: PlaceFiles) -> Iterator[str]:
    units, days = by_key(files.units), {change.change: change.on for change in files.changes}
    if len(days) < len(files.changes):
        yield "unit_changes.csv: có mã sự kiện ghi hai lần"
    shares: dict[tuple[str, date], list[str]] = defaultdict(list)
    for edge in files.edges:
        name = f"{edge.predecessor_code} → {edge.successor_code}"
        before = units.get((edge.predecessor_code, edge.predecessor_valid_from))
        after = units.get((edge.successor_code, edge.successor_valid_from))
        if edge.change not in days:
            yield f"{name}: không có sự kiện {edge.change}"
        elif before is None or after is None:
            yield f"{name}: một đầu không có trong administrative_units.csv"
        elif before.valid_until != days[edge.change]:
            yield f"{name}: {before.name} không kết thúc đúng ngày {days[edge.change]}"
        elif after.valid_from != days[edge.change]:
            yield f"{name}: {after.name} không bắt đầu đúng ngày {days[edge.change]}"
        if edge.share_kind not in Share.values:
            yield f"{name}: phần chuyển “{edge.share_kind}” phải là whole hoặc part"
        shares[edge.predecessor_code, edge.predecessor_valid_from].append(edge.share_kind)
    for (code, _first), kinds in shares.items():
        if (len(kinds) == 1) != (kinds == [Share.WHOLE]):
            yield f"{code}: một đơn vị đi trọn vào một nơi (whole), hoặc chia cho từ hai nơi trở lên (part)"


def _agency_problems(agencies: Sequence[AgencyRow], units: Sequence[UnitRow]) -> Iterator[str]:
    problems = list(_span_problems(agencies))
    yield from problems
    if problems:
        return
    rows, places = by_code(agencies), by_code(units)
    for agency in agencies:
        if not _AGENCY_CODE.fullmatch(agency.code) or len(agency.code) > _AGENCY_CODE_LENGTH:
            yield f"{agency.code}: mã cơ quan phải có dạng H55.SNV, tối đa {_AGENCY_CODE_LENGTH} ký tự"
        if agency.kind not in AgencyKind.values or agency.level not in AgencyLevel.values:
            yield f"{agency.code}: loại “{agency.kind}” hoặc cấp “{agency.level}” không có trong danh mục"
        if agency.parent_code and not holding(rows.get(agency.parent_code, ()), span_of(agency)):
            yield f"{agency.code} từ {agency.valid_from}: cơ quan cấp trên {agency.parent_code} không có suốt thời gian đó"
        if not any(span_of(place).contains(agency.valid_from) for place in places.get(agency.unit_code, ())):
            yield f"{agency.code} từ {agency.valid_from}: không có địa bàn {agency.unit_code} vào ngày đó"


def _takeover_problems(files: AgencyFiles) -> Iterator[str]:
    agencies = by_key(files.agencies)
    for edge in files.edges:
        name = f"{edge.predecessor_code} → {edge.successor_code}"
        before = agencies.get((edge.predecessor_code, edge.predecessor_valid_from))
        after = agencies.get((edge.successor_code, edge.successor_valid_from))
        if before is None or after is None:
            yield f"{name}: một đầu không có trong agencies.csv"
        elif not span_of(after).contains(edge.on):
            yield f"{name}: {after.name} không hoạt động vào ngày {edge.on}"


def _assignment_problems(files: AgencyFiles) -> Iterator[str]:
    agencies = by_code(files.agencies)
    taken: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    for row in files.assignments:
        name = f"{row.field_code}, {row.level}, từ {row.valid_from}"
        if row.level not in AgencyLevel.values:
            yield f"{name}: cấp không có trong danh mục"
        if bool(row.agency_code) == (row.level == AgencyLevel.COMMUNE):
            yield f"{name}: cấp xã để trống cơ quan, cấp khác phải nêu cơ quan"
        for code in filter(None, (row.agency_code, row.division_code)):
            if not holding(agencies.get(code, ()), span_of(row)):
                yield f"{name}: cơ quan {code} không có suốt thời gian đó"
        agency = holding(agencies.get(row.agency_code, ()), span_of(row))
        place = agency.unit_code if agency else ""
        if any(span_of(row).overlaps(other) for other in taken[row.field_code, row.level, place]):
            yield f"{name}: hai cơ quan cùng được giao một lĩnh vực trong một ngày"
        taken[row.field_code, row.level, place].append(span_of(row))
