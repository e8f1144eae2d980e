"""A map of the communes without their borders: one tile for each, grouped by the district it lay in. Sơ đồ ô.

There are no borders in this house; a tile for each commune shows which lag, and pretends no shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# From the wash to the deep of the one hue, with the colour of what is written on it.
_CLASSES = (
    ("#e6f1ec", "#1d2321"), ("#b7d8ca", "#1d2321"), ("#7fbaa3", "#1d2321"), ("#1f7358", "#ffffff"), ("#0a4a3a", "#ffffff"),
)  # fmt: skip
LIMITS = (20, 40, 60, 80, 100)
_INK, _SOFT, _LINE, _PAPER = "#1d2321", "#56605c", "#8d948f", "#ffffff"
_TILE, _HIGH, _GAP, _LEFT, _PER_ROW = 86, 48, 4, 152, 9
_LETTERS_OF_A_LINE = 13
_LONGEST_GROUP = 22


@dataclass(frozen=True, slots=True)
class Tile:
    """One commune. ``share`` from 0 to 1, None where nothing is known; ``words`` say it for those who do not see it."""

    name: str
    group: str
    share: float | None
    words: str
    url: str = ""


def class_of(share: float) -> int:
    """Return the class, from 0 to 4, in which a share lies; a limit belongs to the class above it, all to the last."""
    percent = share * 100
    return min(sum(percent >= limit for limit in LIMITS), len(_CLASSES) - 1)


def draw_tiles(tiles: Sequence[Tile], *, title: str) -> SafeString:
    """Draw the map as SVG.

    Args:
        tiles: In the order in which they are drawn; those of one group stand together.
        title: What it shows, read out by a screen reader.
    """
    parts, top = [], 0
    for group, members in groupby(tiles, key=lambda tile: tile.group):
        row = list(members)
        parts.append(
            f'<text x="0" y="{top + _HIGH // 2 + 4}" font-size="13" fill="{_SOFT}">{escape(_short(group))}</text>'
        )
        for place, tile in enumerate(row):
            left = _LEFT + (place % _PER_ROW) * (_TILE + _GAP)
            parts.append(_tile(tile, left, top + (place // _PER_ROW) * (_HIGH + _GAP)))
        top += -(-len(row) // _PER_ROW) * (_HIGH + _GAP) + _GAP * 2
    parts.append(_key(top + 8))
    width, height = _LEFT + _PER_ROW * (_TILE + _GAP), top + 44
    description = _(
        "Mỗi ô là một xã, phường, xếp theo huyện cũ; không theo tỷ lệ. Ô càng đậm, phần đã xong càng nhiều."
    )
    # What holds links is a group of them; an image would hide them.
    role = "group" if any(tile.url for tile in tiles) else "img"
    return mark_safe(  # noqa: S308 -- drawn here; every text is escaped
        f'<svg role="{role}" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' font-family="Be Vietnam Pro, sans-serif"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
        '<defs><pattern id="no-data" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="{_PAPER}"/><line x1="0" y1="0" x2="0" y2="6" stroke="{_LINE}" stroke-width="2"/>'
        f"</pattern></defs>{''.join(parts)}</svg>"
    )


def _tile(tile: Tile, left: int, top: int) -> str:
    fill, ink = ("url(#no-data)", _INK) if tile.share is None else _CLASSES[class_of(tile.share)]
    lines = _two_lines(tile.name)
    said = "" if tile.share is None else f"{round(tile.share * 100)} %"
    texts = [*lines, said] if said else lines
    first = top + (_HIGH - 14 * len(texts)) // 2 + 11
    middle = left + _TILE // 2
    plate = ""
    if tile.share is None:
        plate = f'<rect x="{left + 3}" y="{first - 12}" width="{_TILE - 6}" height="{14 * len(texts) + 4}" fill="{_PAPER}"/>'
    words = "".join(
        f'<text x="{middle}" y="{first + 14 * line}" font-size="11" text-anchor="middle" fill="{ink}"'
        f' font-weight="{600 if text == said else 400}">{escape(text)}</text>'
        for line, text in enumerate(texts)
    )
    drawn = (
        f"<title>{escape(tile.words)}</title>"
        f'<rect x="{left}" y="{top}" width="{_TILE}" height="{_HIGH}" fill="{fill}" stroke="{_LINE}" stroke-width="0.5"/>'
        f"{plate}{words}"
    )
    return f'<a href="{escape(tile.url)}">{drawn}</a>' if tile.url else f"<g>{drawn}</g>"


def _key(top: int) -> str:
    parts, lowest = [], 0
    for place, (limit, (fill, _ink)) in enumerate(zip(LIMITS, _CLASSES, strict=True)):
        parts.append(_key_mark(_LEFT + place * 110, top, fill, f"{lowest}–{limit} %"))
        lowest = limit
    parts.append(_key_mark(_LEFT + len(LIMITS) * 110, top, "url(#no-data)", _("chưa có bản ghi")))
    return "".join(parts)


def _key_mark(left: int, top: int, fill: str, words: str) -> str:
    return (
        f'<rect x="{left}" y="{top}" width="20" height="16" fill="{fill}" stroke="{_LINE}" stroke-width="0.5"/>'
        f'<text x="{left + 26}" y="{top + 13}" font-size="12" fill="{_INK}">{escape(words)}</text>'
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
