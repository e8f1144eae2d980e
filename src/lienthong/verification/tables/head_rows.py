"""Which rows of the first forty are the head, and what it calls each column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from lienthong.verification.tables.labels import decoder_of, key_of_label, key_without_asides, readable
from lienthong.verification.tables.vocabulary import WORDS

Row = list[str | None]
Merges = tuple[tuple[int, int, int, int], ...]

_KNOWN = {
    word
    for words in WORDS.values()
    for names in words.values()
    for word in names
} | {"stt", "tt", "so tt", "so thu tu", "nam", "nu", "ngay", "thang", "ghi chu", "dia chi", "ho", "ten", "ho dem"}  # fmt: skip
_DATA = re.compile(r"\d{5,}|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|^\s*(19|20)\d\d\s*$|^\d{4}-\d\d-\d\d")
_NUMBERING = re.compile(r"^\s*[(\[]?\s*(\d{1,3}|[A-Za-z])\s*[)\].]?\s*(=.*)?$")
_MOST_HEAD_ROWS = 4
_CELL_END = "\x1f"


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a grid.

    Attributes:
        starts: Place of its first row among the rows looked at.
        labels_end: Place after its last row with names.
        ends: Place after the numbering row that follows it, where there is one.
        labels: What each column is called; empty where nothing says.
        rows: The rows themselves, to recognise them when a page repeats them; none when the file has no head.
        merged_groups: Columns that share one merged name without names of their own below it.
    """

    starts: int
    labels_end: int
    ends: int
    labels: list[str]
    rows: list[Row]
    merged_groups: list[list[int]]


def cells_of(frame: pl.DataFrame, columns: list[str]) -> list[Row]:
    """Return a small frame as rows of cells."""
    return [list(row) for row in frame.select(columns).iter_rows()]


def find_head(rows: list[Row], numbers: list[int], merges: Merges) -> Head:
    """Find the head among the first rows.

    Args:
        rows: The first rows that are not empty.
        numbers: Their numbers in the file.
        merges: Merged cells of the file.
    """
    width = len(rows[0])
    main = _main_row(rows)
    if main is None:
        return Head(0, 0, 0, [""] * width, [], [])
    spread = [_spread(row, number, merges) for row, number in zip(rows, numbers, strict=True)]
    last = _last_row(rows, spread, numbers, merges, main)
    first = _first_row(rows, spread, numbers, merges, main)
    ends = last + 1
    if ends < len(rows) and _is_numbering(rows[ends]):
        ends += 1
    parts = _decoded(_filled_right(rows, spread, first, last))
    between = " " if any(_is_split(above, below) for above, below in pairwise(rows[first : last + 1])) else " – "
    labels = [_joined([row[place] for row in parts], between) for place in range(width)]
    groups = _merged_groups(rows[first : last + 1], numbers[first : last + 1], merges)
    return Head(first, last + 1, ends, labels, rows[first : last + 1], groups)


def _main_row(rows: list[Row]) -> int | None:
    """Choose the row with the most names of columns."""
    widest = max(sum(1 for cell in row if cell) for row in rows)
    scores = [_score(row) for row in rows]
    best = max(range(len(rows)), key=lambda place: (scores[place], -place))
    if scores[best] >= (2 if widest > 1 else 1):
        return best
    # No name is known: a first full row of words above rows with figures is a head all the same.
    for place, row in enumerate(rows[:-1]):
        filled = [cell for cell in row if cell]
        if len(filled) < max(1, 0.6 * widest):
            continue
        below = [cell for later in rows[place + 1 : place + 6] for cell in later if cell]
        words = not any(_DATA.search(cell) or cell.strip().isdigit() for cell in filled)
        return place if words and any(_DATA.search(cell) or cell.strip().isdigit() for cell in below) else None
    return None


def _score(row: Row) -> float:
    """Count names of columns in a row; a row with figures of people is none."""
    filled = [cell for cell in row if cell]
    if any(_DATA.search(cell) and not key_of_label(cell)[:1].isalpha() for cell in filled):
        return 0.0
    known = 0.0
    for cell in filled:
        if len(cell) > 120:
            continue
        keys = {key_of_label(cell), key_without_asides(cell)}
        if keys & _KNOWN:
            known += 1
        elif any(
            word in f" {key_of_label(cell)} " for word in (" ho ten ", " ho va ten ", " sinh ", " cccd ", " cmnd ")
        ):
            known += 0.6
    return known


def _spread(row: Row, number: int, merges: Merges) -> Row:
    """Write a merged name over every column it covers, and into every row."""
    spread = list(row)
    for top, left, bottom, right in merges:
        if top == number and top <= bottom:
            for place in range(left, min(right, len(row) - 1) + 1):
                spread[place] = spread[place] or row[left]
    return spread


def _last_row(rows: list[Row], spread: list[Row], numbers: list[int], merges: Merges, main: int) -> int:
    """Follow the head downwards: as far as its merged cells go, or while a row names the parts of a wide name."""
    last = main
    depth = max(
        (bottom for top, _left, bottom, _right in merges if top <= numbers[main] <= bottom and bottom - top < 6),
        default=0,
    )
    while last + 1 < len(rows) and last - main + 1 < _MOST_HEAD_ROWS:
        below = rows[last + 1]
        filled = [cell for cell in below if cell]
        if _is_numbering(below) or any(_DATA.search(cell) or cell.strip().isdigit() for cell in filled):
            break
        within = numbers[last + 1] <= depth
        gaps = [place for place, cell in enumerate(rows[last]) if not cell and below[place]]
        under = [place for place, cell in enumerate(rows[last]) if cell and below[place]]
        # Parts stand right of a wide name as well, where the row above is open; and most of them are known words.
        names_parts = bool(gaps) and _score(below) >= max(2, 0.6 * len(filled))
        if not (within or names_parts) or (len(under) > len(gaps) + 3 and not within):
            break
        last += 1
    return last


def _first_row(rows: list[Row], spread: list[Row], numbers: list[int], merges: Merges, main: int) -> int:
    """Follow the head upwards, over rows that name groups of columns or columns that the main row leaves open."""
    first = main
    while first > 0 and main - first + 1 < _MOST_HEAD_ROWS:
        above = rows[first - 1]
        filled = [place for place, cell in enumerate(above) if cell]
        into = [
            1
            for top, left, bottom, right in merges
            if top == numbers[first - 1]
            and (bottom >= numbers[first] or right > left)
            and right - left < len(above) - 1
        ]
        open_below = [place for place in filled if not rows[first][place]]
        is_title = len(filled) < 2 or any(len(above[place] or "") > 80 for place in filled)
        if (
            is_title
            or not (len(into) >= 2 or len(open_below) >= 2 or _is_split(above, rows[first]))
            or any(_DATA.search(above[p] or "") for p in filled)
        ):
            break
        if _is_letterhead(above):
            break
        first -= 1
    return first


def _is_letterhead(row: Row) -> bool:
    words = " ".join(key_of_label(cell) for cell in row if cell)
    return any(
        mark in words for mark in ("cong hoa xa hoi", "doc lap tu do", "uy ban nhan dan", "ubnd", "danh sach doi tuong")
    )


def _filled_right(rows: list[Row], spread: list[Row], first: int, last: int) -> list[Row]:
    """Carry a wide name to the columns right of it that have a name of their own below."""
    parts: list[Row] = []
    for place in range(first, last + 1):
        row = list(spread[place])
        for column in range(1, len(row)):
            named_below = any(rows[lower][column] for lower in range(place + 1, last + 1))
            named_above = any(rows[upper][column] for upper in range(first, place))
            if not row[column] and named_below and not named_above and place < last:
                row[column] = row[column - 1]
        parts.append(row)
    return parts


def _decoded(parts: list[Row]) -> list[list[str]]:
    """Decode the whole head at once: "Sè" alone is a syllable too, and capitals alone say nothing of the font."""
    width, text = len(parts[0]), _CELL_END.join(cell or "" for row in parts for cell in row)
    cells = decoder_of(text)(text).split(_CELL_END)
    return [cells[start : start + width] for start in range(0, len(cells), width)]


def _is_split(above: Row, below: Row) -> bool:
    """Say whether names are broken over two rows ("Họ và" over "tên"): read together, more of them are known."""
    together = [" ".join(part for part in pair if part) or None for pair in zip(above, below, strict=True)]
    return _score(together) >= max(_score(above), _score(below)) + 2


def _joined(parts: list[str], between: str) -> str:
    names: list[str] = []
    for part in parts:
        name = readable(part)
        if name and name not in names:
            names.append(name)
    return between.join(names)


def _merged_groups(rows: list[Row], numbers: list[int], merges: Merges) -> list[list[int]]:
    groups = []
    for top, left, bottom, right in merges:
        if right > left and top in numbers and right - left < 4:
            below = [row for row, number in zip(rows, numbers, strict=True) if number > bottom]
            if not any(row[place] for row in below for place in range(left, min(right, len(row) - 1) + 1)):
                groups.append(list(range(left, right + 1)))
    return groups


def _is_numbering(row: Row) -> bool:
    """Say whether a row only numbers the columns: (1) (2) (3), or A B 1 2 3."""
    filled = [cell for cell in row if cell]
    if len(filled) < 2 or not all(_NUMBERING.match(cell) for cell in filled):
        return False
    figures = [int(found[1]) for cell in filled if (found := _NUMBERING.match(cell)) and found[1].isdigit()]
    rising = all(later - earlier == 1 for earlier, later in pairwise(figures))
    return rising and (len(figures) >= 2 or len(filled) >= 3)
