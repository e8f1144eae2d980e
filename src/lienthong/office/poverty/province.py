"""The poverty review over the province: what was decided, on a map, through the rounds, and how far the round of today is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.infra.http import HouseRequest, allowed, reads
from lienthong.infra.map_scale import Area
from lienthong.infra.maps import DrawnMap, draw_map
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import number, percent
from lienthong.kernel.text import sort_key
from lienthong.office.pages import office_page
from lienthong.poverty import charts, policies
from lienthong.poverty.queries import province
from lienthong.poverty.queries.province import CommuneFigures, RoundFigures, RoundProgress
from lienthong.poverty.queries.rounds import current_round
from lienthong.poverty.states import CommuneState, RoundKind
from lienthong.rules.poverty.standards import NoStandard, standard
from lienthong.units.queries import boundaries_of, boundary_sources

POOR, NEAR_POOR = "poor", "near_poor"


@dataclass(frozen=True, slots=True)
class Measure:
    """What the map shows: its code in the address, its words, and its share in a commune, from 0 to 1."""

    code: str
    words: str
    share: Callable[[CommuneFigures], float | None]
    deprivation: str = ""

    def counted(self, row: CommuneFigures) -> tuple[int, int | None]:
        """Return the households that the share counts, and those of which it is a share."""
        if self.deprivation:
            return row.deprived, row.listed
        return (row.near_poor if self.code == NEAR_POOR else row.poor), row.total


@dataclass(frozen=True, slots=True)
class Row:
    """A commune in the table, with the share that the map shows and the address of its own page."""

    figures: CommuneFigures
    share: float | None
    state: str
    url: str


@allowed(policies.sees_province)
@reads
def dashboard(request: HouseRequest) -> HttpResponse:
    current = current_round(kind=RoundKind.PERIODIC)
    rounds = province.figures_of_rounds()
    shown = _shown(rounds, request.GET.get("round", ""))
    if shown is None or current is None:
        return office_page(request, "office/poverty/province_empty.html", {})
    measures = _measures(shown.round.standard_id)
    measure = next((one for one in measures if one.code == request.GET.get("measure")), measures[0])
    communes = province.figures_of_communes(shown.round.pk, deprivation=measure.deprivation)
    rows = _sorted([_row(one, measure) for one in communes], request.GET.get("sort", ""))
    if request.GET.get("format") == "xlsx":
        return _export(rows, shown, measure)
    before = rounds[rounds.index(shown) - 1] if shown in rounds[1:] else None
    movements = province.movements_of(shown.round.pk)
    context = {
        "shown": shown,
        "round": shown.round,
        "before": before,
        "rounds": [(one.round.period, one.round.period) for one in reversed(rounds)],
        "default_round": _default(rounds).round.period,
        "measures": [(one.code, one.words) for one in measures],
        "measure": measure,
        "figures": _figures(shown, before, movements),
        "progress": _progress(province.progress_of_province(current, today=request.today)),
        "map": _map(rows, measure, shown),
        "map_source": _map_source(communes),
        "rows": rows,
        "deprivations": _deprivations(shown),
        "chart": charts.households_by_round([(_bar_name(one), one.poor, one.near_poor) for one in rounds]),
        "chart_title": _chart_title(rounds),
        "chart_rows": [
            (one.round.period, number(one.communes), number(one.poor), number(one.near_poor), percent(one.poor_rate), percent(one.near_poor_rate))
            for one in rounds
        ],
        "chart_columns": [_("Đợt rà soát"), _("Xã, phường"), _("Hộ nghèo"), _("Hộ cận nghèo"), _("Tỷ lệ nghèo"), _("Tỷ lệ cận nghèo")],
    }  # fmt: skip
    return office_page(request, "office/poverty/province.html", context)


def _default(rounds: list[RoundFigures]) -> RoundFigures:
    """Return the last round in which some commune has decided; else the last of all."""
    return next((one for one in reversed(rounds) if one.decided), rounds[-1])


def _shown(rounds: list[RoundFigures], period: str) -> RoundFigures | None:
    if not rounds:
        return None
    return next((one for one in rounds if one.round.period == period), _default(rounds))


def _measures(standard_id: str) -> list[Measure]:
    measures = [
        Measure(POOR, _("Tỷ lệ hộ nghèo"), lambda row: row.poor_rate),
        Measure(NEAR_POOR, _("Tỷ lệ hộ cận nghèo"), lambda row: row.near_poor_rate),
    ]
    try:
        indicators = standard(standard_id).indicators
    except NoStandard:
        return measures
    return measures + [
        Measure(one.code, one.name, lambda row: row.deprived_share, deprivation=one.code) for one in indicators
    ]


def _figures(shown: RoundFigures, before: RoundFigures | None, movements: dict[str, int]) -> list[dict[str, Any]]:
    """Return at most seven figures, each with its period, what it is compared with, and where its records are."""
    period = _period(shown)
    exits = sum(movements.get(one, 0) for one in province.EXITS)
    new = sum(movements.get(one, 0) for one in province.NEW_ON_THE_LIST)
    # A part of the province beside the whole of it would say something untrue.
    compared = before if before is not None and before.is_whole and shown.is_whole else None
    here = {"round": shown.round.period}
    moved = f"{reverse('office:poverty_report_table', args=['movement-poor'])}?{urlencode({'round': shown.round.pk})}"
    return [
        {
            "number": number(shown.poor) if shown.decided else _("không có số liệu"), "words": _("hộ nghèo được công nhận"),
            "period": period, "compared": _before(compared, lambda one: number(one.poor)),
            "url": _address({**here, "measure": POOR, "sort": "-poor"}),
        },
        {
            "number": percent(shown.poor_rate), "words": _("tỷ lệ hộ nghèo trên tổng số hộ"),
            "period": period, "compared": _before(compared, lambda one: percent(one.poor_rate)),
            "url": _address({**here, "measure": POOR, "sort": "-share"}),
        },
        {
            "number": number(shown.near_poor) if shown.decided else _("không có số liệu"), "words": _("hộ cận nghèo được công nhận"),
            "period": period, "compared": _before(compared, lambda one: number(one.near_poor)),
            "url": _address({**here, "measure": NEAR_POOR, "sort": "-near_poor"}),
        },
        {
            "number": percent(shown.near_poor_rate), "words": _("tỷ lệ hộ cận nghèo trên tổng số hộ"),
            "period": period, "compared": _before(compared, lambda one: percent(one.near_poor_rate)),
            "url": _address({**here, "measure": NEAR_POOR, "sort": "-share"}),
        },
        {"number": number(exits) if shown.decided else _("không có số liệu"), "words": _("hộ thoát nghèo"), "period": period, "compared": "", "url": moved},
        {"number": number(new) if shown.decided else _("không có số liệu"), "words": _("hộ mới vào danh sách: phát sinh mới hoặc tái nghèo"), "period": period, "compared": "", "url": moved},
    ]  # fmt: skip


def _period(shown: RoundFigures) -> str:
    words = _("đợt %(period)s, %(decided)s/%(communes)s xã, phường đã quyết định")
    return words % {"period": shown.round.period, "decided": shown.decided, "communes": shown.communes}


def _before(one: RoundFigures | None, figure: Callable[[RoundFigures], str]) -> str:
    """Say the same of the round before, with how many communes it had: the map may have changed between them."""
    if one is None:
        return ""
    words = _("đợt %(period)s (%(communes)s xã, phường): %(figure)s")
    return words % {"period": one.round.period, "communes": one.communes, "figure": figure(one)}


def _address(query: dict[str, str]) -> str:
    return f"{reverse('office:poverty_province')}?{urlencode(query)}#communes"


def _progress(found: RoundProgress) -> dict[str, Any]:
    return {
        "found": found,
        "stages": [(state.label, count) for state, count in found.stages],
        "late": [(one, CommuneState(one.state).label, _commune_page(one.review_id)) for one in found.late],
    }


def _commune_page(review_id: int | None) -> str:
    return "" if review_id is None else reverse("office:poverty_commune", args=[review_id])


def _row(figures: CommuneFigures, measure: Measure) -> Row:
    state = CommuneState(figures.state).label if figures.state else ""
    return Row(figures, measure.share(figures), str(state), _commune_page(figures.review_id))


def _sorted(rows: list[Row], asked: str) -> list[Row]:
    """Sort the table; what has no figures stands last in either direction."""
    keys: dict[str, Callable[[Row], Any]] = {
        "name": lambda row: sort_key(row.figures.name),
        "district": lambda row: sort_key(row.figures.district),
        "total": lambda row: row.figures.total,
        "poor": lambda row: row.figures.poor if row.figures.is_decided else None,
        "near_poor": lambda row: row.figures.near_poor if row.figures.is_decided else None,
        "share": lambda row: row.share,
    }
    name, is_falling = asked.removeprefix("-"), asked.startswith("-")
    if name not in keys:
        name, is_falling = "share", True
    known = [row for row in rows if keys[name](row) is not None]
    unknown = [row for row in rows if keys[name](row) is None]
    return sorted(known, key=keys[name], reverse=is_falling) + unknown


def _map(rows: list[Row], measure: Measure, shown: RoundFigures) -> DrawnMap:
    placed = sorted(rows, key=lambda row: (row.figures.district, sort_key(row.figures.name)))
    return draw_map(
        [_area(row, measure) for row in placed],
        title=_map_title(rows, measure, shown),
        shapes=boundaries_of(row.figures.unit_id for row in rows),
        meaning=_("Màu càng đậm, tỷ lệ càng cao."),
        unknown=_("chưa có số liệu"),
    )


def _area(row: Row, measure: Measure) -> Area:
    figures = row.figures
    count, whole = measure.counted(figures)
    if row.share is None:
        words = _("%(name)s: không có số liệu (%(state)s)") % {"name": figures.name, "state": row.state or "–"}
    else:
        words = _("%(name)s: %(measure)s %(share)s (%(count)s trên %(whole)s hộ)") % {
            "name": figures.name, "measure": measure.words.lower(), "share": percent(row.share),
            "count": number(count), "whole": number(whole),
        }  # fmt: skip
    return Area(
        key=figures.unit_id,
        name=figures.name,
        group=figures.district or _("Không rõ huyện cũ"),
        value=None if row.share is None else row.share * 100,
        text="" if row.share is None else percent(row.share, 1),
        words=words,
        url=row.url,
    )


def _map_title(rows: Iterable[Row], measure: Measure, shown: RoundFigures) -> str:
    """Say in one sentence what the map shows: where it is highest."""
    known = [row for row in rows if row.share is not None]
    if not known:
        return _("%(measure)s, đợt %(period)s: chưa có số liệu") % {
            "measure": measure.words,
            "period": shown.round.period,
        }
    highest = max(known, key=lambda row: (row.share or 0, row.figures.unit_id))
    return _("%(measure)s, đợt %(period)s: cao nhất ở %(name)s, %(share)s") % {
        "measure": measure.words, "period": shown.round.period, "name": highest.figures.name, "share": percent(highest.share),
    }  # fmt: skip


def _map_source(communes: list[CommuneFigures]) -> str:
    sources = boundary_sources(row.unit_id for row in communes)
    borders = _("Ranh giới: %(sources)s.") % {"sources": "; ".join(sources)} if sources else ""
    return f"{_('Nguồn: danh sách hộ của các xã, phường đã quyết định.')} {borders}".strip()


def _deprivations(shown: RoundFigures) -> list[tuple[str, str, int, float | None]]:
    """Return every indicator with how many poor and near-poor households are deprived in it, the most frequent first."""
    counts, listed = province.deprivations_of(shown.round.pk), shown.poor + shown.near_poor
    rows = [
        (one.deprivation, one.words, counts.get(one.deprivation, 0))
        for one in _measures(shown.round.standard_id)
        if one.deprivation
    ]
    return [
        (code, words, count, count / listed if listed else None)
        for code, words, count in sorted(rows, key=lambda row: -row[2])
    ]


def _chart_title(rounds: list[RoundFigures]) -> str:
    whole = [one for one in rounds if one.is_whole]
    if len(whole) < 2:
        return _("Hộ nghèo và hộ cận nghèo qua các đợt")
    last, before = whole[-1], whole[-2]
    change = last.poor - before.poor
    words = (
        ngettext("Đợt %(last)s ít hơn đợt %(before)s %(count)s hộ nghèo", "Đợt %(last)s ít hơn đợt %(before)s %(count)s hộ nghèo", -change)
        if change < 0
        else ngettext("Đợt %(last)s nhiều hơn đợt %(before)s %(count)s hộ nghèo", "Đợt %(last)s nhiều hơn đợt %(before)s %(count)s hộ nghèo", change)
        if change
        else _("Đợt %(last)s có số hộ nghèo bằng đợt %(before)s")
    )  # fmt: skip
    return words % {"last": last.round.period, "before": before.round.period, "count": number(abs(change))}


def _bar_name(one: RoundFigures) -> str:
    """Name a round under its bar; one that is not whole says so."""
    if one.is_whole:
        return one.round.period
    words = _("%(period)s (%(decided)s/%(communes)s xã)")
    return words % {"period": one.round.period, "decided": one.decided, "communes": one.communes}


def _export(rows: list[Row], shown: RoundFigures, measure: Measure) -> HttpResponse:
    columns = [
        _("Mã đợt"), _("Xã, phường"), _("Huyện, huyện cũ"), _("Tiến độ"), _("Tổng số hộ"), _("Hộ nghèo"), _("Hộ cận nghèo"),
        _("Tỷ lệ hộ nghèo, %"), _("Tỷ lệ hộ cận nghèo, %"),
        *([_("%(measure)s, %% hộ nghèo và cận nghèo") % {"measure": measure.words}] if measure.deprivation else []),
    ]  # fmt: skip
    lines = [
        (
            shown.round.period, row.figures.name, row.figures.district, row.state, row.figures.total,
            row.figures.poor if row.figures.is_decided else None, row.figures.near_poor if row.figures.is_decided else None,
            _hundredths(row.figures.poor_rate), _hundredths(row.figures.near_poor_rate),
            *([_hundredths(row.share)] if measure.deprivation else []),
        )
        for row in rows
    ]  # fmt: skip
    return sheet_response(f"ho-ngheo-theo-xa-{shown.round.period}.xlsx", columns=columns, rows=lines)


def _hundredths(share: float | None) -> float | str:
    return _("không có số liệu") if share is None else round(share * 100, 2)
