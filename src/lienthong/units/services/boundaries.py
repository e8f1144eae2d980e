"""Load borders of units from a file: all of it or nothing, each feature reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.units.events import BoundariesLoaded
from lienthong.units.models import AdministrativeUnit, UnitBoundary
from lienthong.units.services.boundary_file import BoundariesRefused, FeatureReport, Polygons, read_boundaries
from lienthong.units.states import COMMUNE_KINDS

__all__ = ["BoundariesRefused", "LoadBoundaries", "LoadedBoundaries", "load_boundaries"]

STREAM = "units:boundaries"
_LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBoundaries:
    """What to load: a GeoJSON file with the borders of units as they were on a day.

    Attributes:
        file: A FeatureCollection in longitude and latitude.
        on: The day whose units the codes mean.
        source: Where the borders come from, as it is told under every map; the name of the file where it is empty.
        skip_unknown: Features of codes that are no unit of that day are left out, not refused.
    """

    file: Path
    on: date
    source: str = ""
    skip_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedBoundaries:
    """What was loaded: the report of every feature, and the communes of the day that still have no borders."""

    reports: tuple[FeatureReport, ...]
    loaded: int
    replaced: int
    missing: tuple[str, ...]


@transaction.atomic
def load_boundaries(command: LoadBoundaries, *, acting_user_id: int | None = None, now: datetime) -> LoadedBoundaries:
    """Load the borders of a file; those that a unit had before are replaced.

    Nạp ranh giới đơn vị hành chính.

    Args:
        command: The file, the day, the source.
        acting_user_id: Who loads them; None for the command of the house.
        now: When.

    Raises:
        BoundariesRefused: The file, or one feature of it, cannot be taken; nothing was changed.
    """
    locks.hold("load boundaries")
    units = {unit.code: unit for unit in AdministrativeUnit.objects.valid_on(command.on)}
    found = read_boundaries(command.file, known=units.keys(), skip_unknown=command.skip_unknown)
    source = (command.source.strip() or command.file.name)[:_LONGEST_SOURCE]
    rows = [_row(units[code], polygons, source, now) for code, polygons in found.polygons.items()]
    replaced, _by_model = UnitBoundary.objects.filter(unit__in=[row.unit_id for row in rows]).delete()
    UnitBoundary.objects.bulk_create(rows)
    fact = BoundariesLoaded(count=len(rows), on=command.on, source=source, digest=found.digest)
    record(fact, stream=STREAM, actor_id=acting_user_id, at=now)
    return LoadedBoundaries(
        reports=tuple(found.reports), loaded=len(rows), replaced=replaced, missing=_without_borders(command.on)
    )


def _row(unit: AdministrativeUnit, polygons: Polygons, source: str, now: datetime) -> UnitBoundary:
    outer = [point for part in polygons for point in part[0]]
    across, up = [point[0] for point in outer], [point[1] for point in outer]
    return UnitBoundary(
        unit=unit, polygons=polygons, west=min(across), south=min(up), east=max(across), north=max(up),
        source=source, loaded_at=now,
    )  # fmt: skip


def _without_borders(day: date) -> tuple[str, ...]:
    communes = AdministrativeUnit.objects.valid_on(day).filter(kind__in=COMMUNE_KINDS, boundary=None)
    return tuple(communes.order_by("sort_key", "code").values_list("name", flat=True))
