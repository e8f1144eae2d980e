"""The one way to draw a map of communes: with their borders where all of them are known, else as tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lienthong.infra.choropleth import Shape, draw_choropleth
from lienthong.infra.map_scale import Area, Scale, key_of, scale_of
from lienthong.infra.tile_map import draw_tiles


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """A map as parts of a page: the drawing, its key, whether it is one of tiles, and the title it was drawn under."""

    svg: SafeString
    key: SafeString
    has_borders: bool
    title: str


def draw_map(
    areas: Sequence[Area],
    *,
    title: str,
    unit_text: str = " %",
    shapes: Mapping[int, Shape] | None = None,
    scale: Scale | None = None,
    meaning: str = "",
    unknown: str = "",
) -> DrawnMap:
    """Draw a map for a page.

    Vẽ bản đồ theo xã.

    Args:
        areas: Communes with their values; for tiles, those of one group stand together in the order given.
        title: The sentence that the map shows.
        unit_text: What follows a number of the key, with its space: ``" %"``, ``" hộ"``.
        shapes: Borders by the key of the area (``units.queries.boundaries_of``). Where those of one area are missing,
            tiles are drawn, for a map with a hole says something untrue.
        scale: Which values have which colour; chosen from the values where it is not given.
        meaning: What a darker colour means, for those who do not see it.
        unknown: What hatching means; "chưa có số liệu" where it is not given.
    """
    shapes = shapes or {}
    scale = scale or scale_of((area.value for area in areas), unit_text=unit_text)
    has_borders = bool(areas) and all(shapes.get(area.key) for area in areas)
    if has_borders:
        place = _("Mỗi vùng là một xã, phường theo ranh giới của ngày đó.")
    else:
        place = _("Mỗi ô là một xã, phường, xếp theo huyện; không theo tỷ lệ.")
    description = f"{place} {meaning or _('Màu càng đậm, số càng lớn.')}"
    if has_borders:
        svg = draw_choropleth(areas, shapes, scale=scale, title=title, description=description)
    else:
        svg = draw_tiles(areas, scale=scale, title=title, description=description)
    is_unknown_somewhere = any(area.value is None for area in areas)
    key = key_of(scale, unknown=(unknown or _("chưa có số liệu")) if is_unknown_somewhere else "")
    return DrawnMap(svg=svg, key=key, has_borders=has_borders, title=title)
