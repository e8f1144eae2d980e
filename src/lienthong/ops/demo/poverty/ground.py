"""Invented borders for the communes of the demo, so that maps have something to draw."""

from __future__ import annotations

import json
import tempfile
from datetime import date, datetime
from pathlib import Path

from lienthong.ops.demo.poverty.visiting import Place
from lienthong.ops.invented.boundaries import invented_boundaries
from lienthong.units import queries as units
from lienthong.units.services.boundaries import LoadBoundaries, load_boundaries

SOURCE = "Ranh giới bịa cho bản minh họa"


def draw_communes(day: date, *, province_code: str, now: datetime) -> dict[int, Place]:
    """Load invented borders of the communes of a day, and return the middle of each, latitude first, by id."""
    communes = list(units.communes_on(day, province_code=province_code))
    districts = units.districts_of(one.pk for one in communes)
    drawn = invented_boundaries([(one.code, districts.get(one.pk, "")) for one in communes])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ranh-gioi.geojson"
        file.write_text(json.dumps(drawn), encoding="utf-8")
        load_boundaries(LoadBoundaries(file=file, on=day, source=SOURCE), now=now)
    middles = {}
    for commune, feature in zip(communes, drawn["features"], strict=True):
        ring = feature["geometry"]["coordinates"][0][:-1]
        middles[commune.pk] = (sum(y for _x, y in ring) / len(ring), sum(x for x, _y in ring) / len(ring))
    return middles
