"""A map of communes with their borders, drawn as paths. Bản đồ theo ranh giới."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import cos, radians

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from lienthong.infra.map_scale import HATCHING, INK, Area, Scale, linked, role_of

Point = Sequence[float]
# Polygons of rings of points, each longitude and latitude in degrees; the first ring is the outer one, the others are holes.
Shape = Sequence[Sequence[Sequence[Point]]]

# Points are whole units of a box four times as fine as it is drawn.
_BOX, _FINE = 720, 4


def draw_choropleth(
    areas: Sequence[Area], shapes: Mapping[int, Shape], *, scale: Scale, title: str, description: str
) -> SafeString:
    """Draw the map as SVG, north up, in true proportion at its middle latitude.

    Args:
        areas: What is drawn, in the order in which it is read.
        shapes: The borders of every one of them, by key.
        scale: Which values have which colour.
        title: What it shows, read out by a screen reader.
        description: What colours and hatching mean.
    """
    west, south, east, north = _box(shapes[area.key] for area in areas)
    narrow = cos(radians((south + north) / 2))
    size = max((east - west) * narrow, north - south) or 1.0
    across, up = narrow * _BOX * _FINE / size, _BOX * _FINE / size
    parts = []
    for area in areas:
        line = "".join(
            _ring([(round((x - west) * across), round((north - y) * up)) for x, y, *_height in ring])
            for polygon in shapes[area.key]
            for ring in polygon
        )
        fill, _ink = scale.colours_of(area.value)
        parts.append(linked(area, f'<path d="{line}" fill="{fill}"/>'))
    width, height = round((east - west) * across), round((north - south) * up)
    edge = 2 * _FINE
    return mark_safe(  # noqa: S308 -- drawn here; every text is escaped
        f'<svg role="{role_of(areas)}" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg"'
        f' viewBox="{-edge} {-edge} {width + 2 * edge} {height + 2 * edge}" width="{width // _FINE + 4}" height="{height // _FINE + 4}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{_coarse_hatching()}"
        f'<g stroke="{INK}" stroke-width="{_FINE * 3 // 4}" stroke-linejoin="round" fill-rule="evenodd">{"".join(parts)}</g></svg>'
    )


def _coarse_hatching() -> str:
    """Return the hatching at the fineness of this box."""
    return HATCHING.replace("rotate(45)", f"rotate(45) scale({_FINE})")


def _box(shapes: Iterable[Shape]) -> tuple[float, float, float, float]:
    outer = [point for shape in shapes for polygon in shape for point in polygon[0]]
    across, up = [point[0] for point in outer], [point[1] for point in outer]
    return min(across), min(up), max(across), max(up)


def _ring(points: list[tuple[int, int]]) -> str:
    """Return a closed line in steps from point to point: half as long as whole co-ordinates."""
    (left, top), *rest = points
    steps = []
    last = (left, top)
    for across, down in rest[:-1]:
        if (across, down) != last:
            steps.append(f"{across - last[0]} {down - last[1]}")
            last = (across, down)
    return f"M{left} {top}l{' '.join(steps)}z".replace(" -", "-") if steps else ""
