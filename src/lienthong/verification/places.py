"""What the code of a commune means today: our own places, as columns for the engine and as ids for the tables."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import polars as pl

from lienthong.units.models import AdministrativeUnit
from lienthong.units.queries import commune_heirs_on
from lienthong.units.states import COMMUNE_KINDS


def places_on(on: date) -> pl.DataFrame:
    """Return every code that communes had and what it is on a day: columns ``old`` and ``new``, several rows where divided."""
    rows = {(code, heir.code) for code, heirs in _heirs(on).items() for heir in heirs}
    return pl.DataFrame(sorted(rows), schema={"old": pl.String, "new": pl.String}, orient="row")


def commune_ids(on: date) -> dict[str, int]:
    """Return the commune that each code means on a day, by id; a code of a commune that was divided means none.

    A code that is in use on the day means the commune that has it, even where another had it before.
    """
    found = {code: heirs[0].pk for code, heirs in _heirs(on).items() if len(heirs) == 1}
    now = AdministrativeUnit.objects.valid_on(on).filter(kind__in=COMMUNE_KINDS).order_by("id")
    return {**found, **dict(now.values_list("code", "id"))}


def _heirs(on: date) -> dict[str, list[AdministrativeUnit]]:
    heirs: dict[str, dict[int, AdministrativeUnit]] = defaultdict(dict)
    for code, heir in commune_heirs_on(on):
        heirs[code][heir.pk] = heir
    return {code: list(by_id.values()) for code, by_id in heirs.items()}
