"""What every map of ours shares: its areas, five classes with round limits, the colours of one hue, the key beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, isfinite, log10

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

INK, SOFT, LINE, PAPER = "#1d2321", "#56605c", "#8d948f", "#ffffff"
# From the wash to the deep of the one hue, with the colour of what is written on it.
CLASSES = (("#e6f1ec", INK), ("#b7d8ca", INK), ("#7fbaa3", INK), ("#1f7358", PAPER), ("#0a4a3a", PAPER))
HATCHED = "url(#no-data)"
HATCHING = (
    '<defs><pattern id="no-data" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="{PAPER}"/><line x1="0" y1="0" x2="0" y2="6" stroke="{LINE}" stroke-width="2"/>'
    "</pattern></defs>"
)
PERCENT = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
_ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_TOP_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Area:
    """One place of a map.

    Attributes:
        key: By which its shape is found.
        name: What it is called.
        group: What it stands with where there are no shapes: the district it lies or lay in.
        value: In the unit of the scale; None where nothing is known, which is not zero.
        text: The value as it is written, short.
        words: All of it in one sentence, for those who do not see it.
        url: Where it leads, if anywhere.
    """

    key: int
    name: str
    group: str
    value: float | None
    text: str
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """Five classes: ``edges`` are the lowest limit and the upper one of each class, in the unit of the values.

    A limit belongs to the class above it. ``is_open`` says that some values lie beyond the last edge.
    """

    edges: tuple[float, ...] = PERCENT
    unit_text: str = " %"
    is_open: bool = False

    def class_of(self, value: float) -> int:
        """Return the class of a value, from 0 to 4."""
        return min(sum(value >= edge for edge in self.edges[1:]), len(CLASSES) - 1)

    def colours_of(self, value: float | None) -> tuple[str, str]:
        """Return the fill of a value and the colour of what is written on it."""
        return (HATCHED, INK) if value is None else CLASSES[self.class_of(value)]

    def labels(self) -> list[str]:
        """Return what each class is called, from the lowest to the highest."""
        edges = [_figure(edge) for edge in self.edges]
        labels = [f"{low}–{high}{self.unit_text}" for low, high in pairwise(edges)]
        if self.is_open:
            labels[-1] = _("từ %(value)s trở lên") % {"value": f"{edges[-2]}{self.unit_text}"}
        return labels


def scale_of(values: Iterable[float | None], *, unit_text: str = " %") -> Scale:
    """Return the scale that shows these values best, with round limits."""
    known = [value for value in values if value is not None]
    edges = round_limits(known)
    return Scale(edges, unit_text, is_open=any(value > edges[-1] for value in known))


def round_limits(values: Iterable[float]) -> tuple[float, ...]:
    """Return six limits of five equal classes that are easy to read: 0, 5, 10, … or 60, 65, 70, …

    The few highest values may lie beyond the last limit, so that one far-off place does not make all others look alike.
    Begins at zero unless all values lie close together far from it.

    Examples:
        >>> round_limits([3.1, 8.0, 22.4])
        (0.0, 5.0, 10.0, 15.0, 20.0, 25.0)
    """
    known = sorted(value for value in values if isfinite(value))
    if not known:
        return PERCENT
    lowest, high = known[0], known[min(len(known) - 1, round(_TOP_SHARE * (len(known) - 1)))]
    near_zero = min(lowest, 0.0) if high - lowest >= high / 2 or high == lowest else lowest
    step = _round_up((high - near_zero) / len(CLASSES))
    first = floor(near_zero / step) * step
    if first + step * len(CLASSES) < high:
        step = _round_up(step * 1.01)
        first = floor(near_zero / step) * step
    return tuple(round(first + step * place, 6) for place in range(len(CLASSES) + 1))


def key_of(scale: Scale, *, unknown: str = "") -> SafeString:
    """Draw the key as a list: a mark for each class beside its words, as large as the words around it.

    Args:
        scale: The classes.
        unknown: What hatching means here; nothing where every area has a value.
    """
    marks = [
        (f'<rect width="20" height="16" fill="{fill}" stroke="{LINE}"/>', words)
        for (fill, _ink), words in zip(CLASSES, scale.labels(), strict=True)
    ]
    if unknown:
        hatch = f'<path d="M0 10 10 0M4 16 20 0M14 16 20 10" stroke="{LINE}" stroke-width="2"/>'
        marks.append((f'<rect width="20" height="16" fill="{PAPER}" stroke="{LINE}"/>{hatch}', unknown))
    items = "".join(
        f'<li><svg aria-hidden="true" width="20" height="16" viewBox="0 0 20 16">{mark}</svg> {escape(words)}</li>'
        for mark, words in marks
    )
    return mark_safe(f'<ul class="map-key">{items}</ul>')  # noqa: S308 -- drawn here; every text is escaped


def role_of(areas: Sequence[Area]) -> str:
    """Return the role of the drawing: what holds links is a group of them; an image would hide them."""
    return "group" if any(area.url for area in areas) else "img"


def linked(area: Area, drawn: str) -> str:
    """Return what was drawn of an area with its words, as a link where it leads somewhere."""
    inside = f"<title>{escape(area.words)}</title>{drawn}"
    return f'<a href="{escape(area.url)}">{inside}</a>' if area.url else f"<g>{inside}</g>"


def _round_up(step: float) -> float:
    """Return the smallest of 1, 2, 2.5, 5 times a power of ten that is not below the step; 1 for nothing."""
    if step <= 0:
        return 1.0
    power: float = 10.0 ** floor(log10(step))
    return next(power * each for each in _ROUND_STEPS if power * each >= step * (1 - 1e-9))


def _figure(value: float) -> str:
    return f"{value:g}".replace(".", ",") if abs(value) < 1e4 else f"{value:,.0f}".replace(",", ".")
