"""What a draft of the law does, group by group: one drawing for the money, one for the people, each with its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lienthong.assistance import charts
from lienthong.infra.map_scale import Area
from lienthong.infra.maps import DrawnMap, draw_map
from lienthong.infra.templatetags.formats import dong, number
from lienthong.units import queries as units

BARS_AT_MOST: Final = 15
"""So many groups are drawn, those with the largest change; the table has them all."""
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One question with its drawing and its table; of communes a map where all of them change in one direction."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    svg: SafeString | None = None
    map: DrawnMap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One way to break a draft down."""

    name: str
    words: str
    drawings: tuple[Drawing, ...]


def parts_of(groups: Mapping[str, Sequence[Mapping[str, Any]]], words: Mapping[str, str], *, on: date) -> list[Part]:
    """Return each breakdown that has any line, with what it costs and whom it reaches.

    Args:
        groups: Lines by name, as a scenario keeps them.
        words: What each breakdown is called, in the order of the page.
        on: The day whose communes a map shows.
    """
    return [_part(name, said, groups[name], on) for name, said in words.items() if groups.get(name)]


def reaches_nobody(groups: Mapping[str, Sequence[Mapping[str, Any]]]) -> bool:
    """Tell whether nobody comes in or goes, in whatever group: then no drawing of people is shown."""
    return not any(one["gained"] or one["lost"] for lines in groups.values() for one in lines)


def _part(name: str, words: str, lines: Sequence[Mapping[str, Any]], on: date) -> Part:
    moved = any(one["gained"] or one["lost"] for one in lines)
    return Part(name=name, words=words, drawings=(_cost(name, lines, on), *((_people(lines),) if moved else ())))


def _cost(name: str, lines: Sequence[Mapping[str, Any]], on: date) -> Drawing:
    title = _cost_title(lines)
    columns = [_("Nhóm"), _("Chi hiện nay"), _("Theo phương án"), _("Chênh lệch")]
    rows = [
        (one["words"], dong(one["amount_before"]), dong(one["amount_after"]), signed(one["difference"])) for one in lines
    ]  # fmt: skip
    if name == "commune" and (drawn := _map(lines, title, on)):
        return Drawing(title=title, columns=columns, rows=rows, map=drawn)
    changed = _largest(lines, lambda one: abs(one["difference"]))
    drawn_lines = [(one["words"], one["difference"], signed(one["difference"])) for one in changed]
    return Drawing(
        title=title, columns=columns, rows=rows, svg=charts.difference_by_group(drawn_lines, title=title)
    )  # fmt: skip


def _people(lines: Sequence[Mapping[str, Any]]) -> Drawing:
    title = _people_title(lines)
    shown = _largest(lines, lambda one: one["gained"] + one["lost"])
    return Drawing(
        title=title,
        columns=[_("Nhóm"), _("Người hiện nay"), _("Thêm"), _("Bớt"), _("Theo phương án")],
        rows=[
            (
                one["words"], number(one["people_before"]), number(one["gained"]), number(one["lost"]),
                number(one["people_after"]),
            )
            for one in lines
        ],
        svg=charts.people_by_group([(one["words"], one["gained"], one["lost"]) for one in shown], title=title),
    )  # fmt: skip


def _largest(lines: Sequence[Mapping[str, Any]], of: Any) -> list[Mapping[str, Any]]:
    """Keep the groups with the largest change, in the order in which they stand."""
    if len(lines) <= BARS_AT_MOST:
        return list(lines)
    kept = {id(one) for one in sorted(lines, key=of, reverse=True)[:BARS_AT_MOST]}
    return [one for one in lines if id(one) in kept]


def _map(lines: Sequence[Mapping[str, Any]], title: str, on: date) -> DrawnMap | None:
    """Draw the communes, where all of them change in one direction: a map has one hue."""
    of_unit = {one["unit"]: one for one in lines if one.get("unit") is not None}
    differences = [one["difference"] for one in of_unit.values()]
    if not any(differences) or (min(differences) < 0 < max(differences)):
        return None
    communes = list(units.communes_on(on))
    districts = units.districts_of(unit.pk for unit in communes)
    areas = [_area(unit, districts.get(unit.pk, ""), of_unit.get(unit.pk)) for unit in communes]
    areas.sort(key=lambda one: one.group)
    return draw_map(
        areas, title=title, unit_text=_(" triệu ₫"), shapes=units.boundaries_of(unit.pk for unit in communes),
        meaning=_("Màu càng đậm, mỗi tháng chi thêm càng nhiều.") if max(differences) > 0 else _("Màu càng đậm, mỗi tháng chi bớt càng nhiều."),
        unknown=_("không có ai được hưởng"),
    )  # fmt: skip


def _area(unit: Any, district: str, line: Mapping[str, Any] | None) -> Area:
    difference = line["difference"] if line else 0
    said = {"name": unit.name, "amount": signed(difference)}
    return Area(
        key=unit.pk,
        name=unit.name,
        group=district or _("Không rõ huyện cũ"),
        value=abs(difference) / _MILLION if line else None,
        text=f"{abs(difference) / _MILLION:.1f}".replace(".", ",") if line else "",
        words=_("%(name)s: mỗi tháng %(amount)s") % said if line else _("%(name)s: không có ai được hưởng") % said,
    )


def _cost_title(lines: Sequence[Mapping[str, Any]]) -> str:
    most = max(lines, key=lambda one: abs(one["difference"]))
    if not most["difference"]:
        return _("Chi mỗi tháng không thay đổi ở nhóm nào")
    said = {"name": most["words"], "amount": dong(abs(most["difference"]))}
    if most["difference"] > 0:
        return _("Chi thêm nhiều nhất cho “%(name)s”: %(amount)s mỗi tháng") % said
    return _("Chi bớt nhiều nhất ở “%(name)s”: %(amount)s mỗi tháng") % said


def _people_title(lines: Sequence[Mapping[str, Any]]) -> str:
    gained, lost = (sum(one[which] for one in lines) for which in ("gained", "lost"))
    said = {"gained": number(gained), "lost": number(lost)}
    if not lost:
        return _("Thêm %(gained)s người được hưởng, không ai phải thôi hưởng") % said
    return _("Thêm %(gained)s người được hưởng, %(lost)s người không còn được hưởng") % said


def signed(amount: int) -> str:
    """Write a difference with its sign."""
    return f"+{dong(amount)}" if amount > 0 else str(dong(amount))
