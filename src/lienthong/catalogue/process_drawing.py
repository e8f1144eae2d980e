"""A process as a picture: lanes side by side, steps from top to bottom, who does each and in how much time.

The picture stands inside a page under a strict content security policy, and alone as a file: so colours are attributes,
which a page's own classes override (for the high-contrast theme), and there is no style, script or link in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from lienthong.catalogue.definition import StepData, VersionData
from lienthong.catalogue.lanes import lane_of, lanes_of, role_in_words, time_in_words
from lienthong.catalogue.states import StepKind

_LANE_WIDTH, _LANE_MARGIN = 232, 12
_PADDING, _LINE, _GAP, _HEAD = 12, 20, 28, 44
_NAME_SIZE, _SMALL_SIZE = 14, 13
_FONT = "'Be Vietnam Pro', 'Noto Sans', system-ui, sans-serif"
_INK, _SOFT, _TEA, _WASH, _LINE_COLOUR, _SURFACE = "#1d2321", "#56605c", "#0f6b53", "#e6f1ec", "#d9d8cf", "#ffffff"
_NARROW, _BROAD = set("iíìỉĩịljltfr.,:;!|()'’ "), set("mwMWĐOÔƠQ")


@dataclass(frozen=True, slots=True)
class _Box:
    step: StepData
    left: int
    top: int
    height: int
    name: tuple[str, ...]
    small: tuple[str, ...]

    @property
    def width(self) -> int:
        return _LANE_WIDTH - 2 * _LANE_MARGIN

    @property
    def middle(self) -> int:
        return self.left + self.width // 2

    @property
    def bottom(self) -> int:
        return self.top + self.height


def draw_process(version: VersionData, *, ids: str = "process") -> str:
    """Draw the process of a version as SVG.

    Args:
        version: What to draw.
        ids: Beginning of the ids in the drawing, where a page holds several.

    Returns:
        An ``svg`` element with a title and a description that says every step in words.
    """
    lanes = lanes_of(version.steps)
    boxes = _lay_out(version.steps)
    width = max(len(lanes), 1) * _LANE_WIDTH
    height = (boxes[-1].bottom if boxes else _HEAD) + _LANE_MARGIN
    title = _("Quy trình: %(name)s") % {"name": version.name}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="process" role="img" viewBox="0 0 {width} {height}"',
        f' width="{width}" height="{height}" aria-labelledby="{ids}-title {ids}-desc" font-family={quoteattr(_FONT)}>',
        f'<title id="{ids}-title">{escape(title)}</title>',
        f'<desc id="{ids}-desc">{escape(process_in_words(version.steps))}</desc>',
        f'<rect class="process__ground" width="{width}" height="{height}" fill="{_SURFACE}"/>',
    ]
    for place, lane in enumerate(lanes):
        parts += _lane(place, lane.name, height)
    parts += [_arrow(one, other) for one, other in pairwise(boxes)]
    for box in boxes:
        parts += _drawn(box)
    return "\n".join([*parts, "</svg>"])


def process_in_words(steps: Sequence[StepData]) -> str:
    """Say the steps one after the other, as a drawing says them to who does not see it."""
    sentences = []
    for step in steps:
        time = time_in_words(step)
        sentences.append(
            _("Bước %(number)s, %(place)s, %(role)s: %(name)s%(time)s.")
            % {
                "number": step.number,
                "place": lane_of(step).name,
                "role": role_in_words(step).lower(),
                "name": step.name,
                "time": f", {time}" if time else "",
            }
        )
    return " ".join(sentences)


def _lay_out(steps: Sequence[StepData]) -> list[_Box]:
    lanes = lanes_of(steps)
    boxes: list[_Box] = []
    top = _HEAD + _LANE_MARGIN
    for step in steps:
        inside = _LANE_WIDTH - 2 * _LANE_MARGIN - 2 * _PADDING
        name = _wrapped(f"{step.number}. {step.name}", inside, _NAME_SIZE)
        small = _wrapped(role_in_words(step), inside, _SMALL_SIZE)
        if time := time_in_words(step):
            small = [*small, time]
        height = 2 * _PADDING + (len(name) + len(small)) * _LINE
        left = lanes.index(lane_of(step)) * _LANE_WIDTH + _LANE_MARGIN
        boxes.append(_Box(step, left, top, height, tuple(name), tuple(small)))
        top += height + _GAP
    return boxes


def _lane(place: int, name: str, height: int) -> Iterator[str]:
    left = place * _LANE_WIDTH
    yield (
        f'<text class="process__lane" x="{left + _LANE_MARGIN}" y="{_HEAD - 16}" font-size="{_NAME_SIZE}"'
        f' font-weight="600" fill="{_SOFT}">{escape(name)}</text>'
    )
    if place:
        yield (
            f'<line class="process__border" x1="{left}" x2="{left}" y1="12" y2="{height - 12}"'
            f' stroke="{_LINE_COLOUR}"/>'
        )


def _drawn(box: _Box) -> Iterator[str]:
    decides = box.step.kind is StepKind.DECIDE
    ends = box.step.kind in {StepKind.INTAKE, StepKind.RETURN}
    kind = "process__step process__step--decide" if decides else "process__step"
    yield (
        f'<rect class="{kind}" x="{box.left}" y="{box.top}" width="{box.width}" height="{box.height}"'
        f' rx="{16 if ends else 4}" fill="{_WASH if decides else _SURFACE}" stroke="{_TEA if decides else _SOFT}"'
        f' stroke-width="{2 if decides else 1}"/>'
    )
    baseline = box.top + _PADDING + 15
    left = box.left + _PADDING
    yield f'<text class="process__name" font-size="{_NAME_SIZE}" font-weight="600" fill="{_INK}">'
    yield from _lines(box.name, left, baseline)
    yield f'</text><text class="process__small" font-size="{_SMALL_SIZE}" fill="{_SOFT}">'
    yield from _lines(box.small, left, baseline + len(box.name) * _LINE)
    yield "</text>"


def _lines(lines: Sequence[str], left: int, baseline: int) -> Iterator[str]:
    for place, line in enumerate(lines):
        # The space at the end keeps words apart for who copies or listens.
        yield f'<tspan x="{left}" y="{baseline + place * _LINE}">{escape(line)} </tspan>'


def _arrow(one: _Box, other: _Box) -> str:
    start, end, half = one.bottom, other.top, (one.bottom + other.top) // 2
    path = f"M{one.middle} {start}"
    if one.middle != other.middle:
        path += f"V{half}H{other.middle}"
    path += f"V{end - 2}"
    head = f"M{other.middle - 5} {end - 8}L{other.middle} {end - 1}L{other.middle + 5} {end - 8}"
    return f'<path class="process__flow" d="{path}{head}" fill="none" stroke="{_SOFT}" stroke-width="1.5"/>'


def _wrapped(text: str, width: int, size: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _width(longer, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _width(text: str, size: int) -> float:
    """Guess how wide semibold text comes out, by three kinds of letters and a little on the safe side."""
    return size * sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    if letter in _NARROW:
        return 0.38
    if letter in _BROAD:
        return 0.95
    return 0.74 if letter.isupper() else 0.64
