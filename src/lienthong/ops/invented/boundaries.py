"""Borders of an invented ground: one cell for each commune, cells of a district together. Nothing of it is real."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SOURCE = "ranh giới dựng cho dữ liệu minh họa, không phải ranh giới thật"
SEED = 20250701
_WEST, _SOUTH, _ACROSS, _UP = 105.45, 21.35, 0.75, 1.25
_ROUNDS_OF_SMOOTHING = 6
_CORNERS_OF_THE_PROVINCE = 40

Points = NDArray[np.float64]


def invented_boundaries(units: Sequence[tuple[str, str]], *, seed: int = SEED) -> dict[str, Any]:
    """Invent borders as a GeoJSON FeatureCollection that says of itself that it is invented.

    Args:
        units: The code of each commune, and the district it is drawn beside.
        seed: The same seed and units give the same ground.
    """
    rng = np.random.default_rng([seed, len(units)])
    outline = _outline(rng)
    cells = _cells(_seeds(rng, [district for _code, district in units]), outline, _ROUNDS_OF_SMOOTHING)
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "invented": True},
            "geometry": {"type": "Polygon", "coordinates": [_on_the_ground(cell)]},
        }
        for (code, _district), cell in zip(units, cells, strict=True)
    ]
    return {"type": "FeatureCollection", "invented": True, "note": SOURCE, "features": features}


def _outline(rng: np.random.Generator) -> Points:
    """Return the border of the province: a bulging oval inside the square from 0 to 1."""
    turn = np.linspace(0, 2 * np.pi, _CORNERS_OF_THE_PROVINCE, endpoint=False)
    away = 0.46 + 0.025 * np.sin(3 * turn + rng.uniform(0, 6)) + rng.uniform(-0.008, 0.008, len(turn))
    return np.column_stack([0.5 + away * np.cos(turn), 0.5 + away * np.sin(turn)])


def _seeds(rng: np.random.Generator, districts: Sequence[str]) -> Points:
    """Return a point for each commune, those of one district around the same place of a sunflower's head."""
    names = sorted(set(districts))
    place = np.arange(len(names)) + 0.5
    away, turn = 0.4 * np.sqrt(place / len(names)), place * np.pi * (3 - 5**0.5)
    centre = np.column_stack([0.5 + away * np.cos(turn), 0.5 + away * np.sin(turn)])
    spread = 0.16 / max(1.0, len(names) ** 0.5)
    own = centre[[names.index(district) for district in districts]]
    from_middle = own + rng.normal(0, spread, (len(districts), 2)) - 0.5
    # None lies beyond the border, where it would have no ground at all.
    reach = np.hypot(*from_middle.T)
    inside: Points = 0.5 + from_middle * np.minimum(1.0, 0.4 / np.maximum(reach, 0.01))[:, None]
    return inside


def _cells(seeds: Points, outline: Points, rounds: int) -> list[Points]:
    """Return the part of the province that lies nearest to each seed, seeds having moved to the middle of theirs."""
    cells = [_cell(place, seeds, outline) for place in range(len(seeds))]
    for _round in range(rounds):
        seeds = np.array([cell.mean(axis=0) if len(cell) else seed for cell, seed in zip(cells, seeds, strict=True)])
        cells = [_cell(place, seeds, outline) for place in range(len(seeds))]
    return cells


def _cell(place: int, seeds: Points, outline: Points) -> Points:
    cell, here = outline, seeds[place]
    away = np.hypot(*(seeds - here).T)
    for other in np.argsort(away, kind="stable")[1:]:
        # What lies twice as far as the farthest corner cuts nothing any more.
        if not len(cell) or away[other] > 2 * np.hypot(*(cell - here).T).max():
            break
        across = seeds[other] - here
        cell = _cut(cell, across, float(across @ (seeds[other] + here)) / 2)
    return cell


def _cut(cell: Points, across: Points, limit: float) -> Points:
    """Return what of a polygon lies on this side of a line."""
    side = cell @ across - limit
    kept: list[Points] = []
    for one in range(len(cell)):
        other = (one + 1) % len(cell)
        if side[one] <= 0:
            kept.append(cell[one])
        if (side[one] <= 0) != (side[other] <= 0):
            kept.append(cell[one] + (cell[other] - cell[one]) * (side[one] / (side[one] - side[other])))
    return np.array(kept)


def _on_the_ground(cell: Points) -> list[list[float]]:
    ring = (cell * (_ACROSS, _UP) + (_WEST, _SOUTH)).round(6).tolist()
    return [*ring, ring[0]]
