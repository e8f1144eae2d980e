"""A map of communes without their borders: one tile for each, grouped by the district it lies or lay in. Sơ đồ ô.

Where there are no borders a tile for each commune shows which stand out, and pretends no shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from lienthong.infra.map_scale import HATCHING, LINE, PAPER, SOFT, Area, Scale, linked, role_of

_TILE, _HIGH, _GAP, _LEFT, _PER_ROW = 86, 48, 4, 152, 9
_LETTERS_OF_A_LINE = 13
_LONGEST_GROUP = 22


def draw_tiles(areas: Sequence[Area], *, scale: Scale, title: str, description: str) -> SafeString:
    """Draw the map as SVG.

    Args:
        areas: In the order in which they are drawn; those of one group stand together.
        scale: Which values have which colour.
        title: What it shows, read out by a screen reader.
        description: What a tile, its place and its colour mean.
    """
    parts, top = [], 0
    for group, members in groupby(areas, key=lambda area: area.group):
        row = list(members)
        parts.append(
            f'<text x="0" y="{top + _HIGH // 2 + 4}" font-size="13" fill="{SOFT}">{escape(_short(group))}</text>'
        )
        for place, area in enumerate(row):
            left = _LEFT + (place % _PER_ROW) * (_TILE + _GAP)
            parts.append(_tile(area, scale, left, top + (place // _PER_ROW) * (_HIGH + _GAP)))
        top += -(-len(row) // _PER_ROW) * (_HIGH + _GAP) + _GAP * 2
    width, height = _LEFT + _PER_ROW * (_TILE + _GAP), max(top, _HIGH)
    return mark_safe(  # noqa: S308 -- drawn here; every text is escaped
        f'<svg role="{role_of(areas)}" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' font-family="Be Vietnam Pro, sans-serif"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
        f"{HATCHING}{''.join(parts)}</svg>"
    )


def _tile(area: Area, scale: Scale, left: int, top: int) -> str:
    fill, ink = scale.colours_of(area.value)
    lines = _two_lines(area.name)
    said = "" if area.value is None else area.text
    texts = [*lines, said] if said else lines
    first = top + (_HIGH - 14 * len(texts)) // 2 + 11
    middle = left + _TILE // 2
    plate = ""
    if area.value is None:
        plate = (
            f'<rect x="{left + 3}" y="{first - 12}" width="{_TILE - 6}" height="{14 * len(texts) + 4}" fill="{PAPER}"/>'
        )
    words = "".join(
        f'<text x="{middle}" y="{first + 14 * line}" font-size="11" text-anchor="middle" fill="{ink}"'
        f' font-weight="{600 if line == len(lines) else 400}">{escape(text)}</text>'
        for line, text in enumerate(texts)
    )
    return linked(
        area,
        f'<rect x="{left}" y="{top}" width="{_TILE}" height="{_HIGH}" fill="{fill}" stroke="{LINE}" stroke-width="0.5"/>'
        f"{plate}{words}",
    )


def _short(group: str) -> str:
    return group if len(group) <= _LONGEST_GROUP else f"{group[: _LONGEST_GROUP - 1]}…"


def _two_lines(name: str) -> list[str]:
    """Return a name on one or two lines, cut where even two do not hold it."""
    for kind in ("Xã ", "Phường ", "Thị trấn "):
        name = name.removeprefix(kind)
    if len(name) <= _LETTERS_OF_A_LINE:
        return [name]
    words, first = name.split(), ""
    while words and len(f"{first} {words[0]}".strip()) <= _LETTERS_OF_A_LINE:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    return [first, rest if len(rest) <= _LETTERS_OF_A_LINE else f"{rest[: _LETTERS_OF_A_LINE - 1]}…"]
