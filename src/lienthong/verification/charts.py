"""Charts of verification: how good registers become, how fields weigh, and whether a confidence means what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lienthong.infra.drawing import GREY, INK, SOFT, TEA, as_svg, inline

_PERCENT_FROM_ONE = 100


@dataclass(frozen=True, slots=True)
class MonthRates:
    """The rates of one month as per cents from 0 to 100; None where nothing was known."""

    month: str
    rates: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """How much one outcome of one comparison speaks for the same person, in bits. Trọng số."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class CalibrationBand:
    """A band of stated probability with what was observed in it. Dải xác suất."""

    label: str
    stated: float
    observed: float
    low: float
    high: float
    records: int


def quality_by_month(months: Sequence[MonthRates]) -> SafeString:
    """Draw each part of quality as a line of its own, month by month, in the order given.

    Diễn biến đúng, đủ, sạch, sống.
    """
    return _draw_quality(tuple(months))


def weights_by_level(weights: Sequence[Weight]) -> SafeString:
    """Draw the weight of each level of each field: to the right it speaks for the same person, to the left against."""
    return _draw_weights(tuple(weights))


def calibration(bands: Sequence[CalibrationBand]) -> SafeString:
    """Draw what was stated (grey) beside what was observed (tea) with its interval, band by band."""
    return _draw_calibration(tuple(bands))


@lru_cache(maxsize=64)
def _draw_quality(months: tuple[MonthRates, ...]) -> SafeString:
    import altair

    values = [
        {"month": one.month, "part": part, "rate": rate}
        for one in months
        for part, rate in one.rates
        if rate is not None
    ]
    parts = [part for part, _rate in months[0].rates] if months else []
    names = [one.month for one in months]
    last = {
        part: next((one.month for one in reversed(months) if dict(one.rates)[part] is not None), "") for part in parts
    }
    for value in values:
        value["words"] = (
            f"{value['rate']:.1f} %".replace(".", ",") if last[str(value["part"])] == value["month"] else ""
        )
    x = altair.X("month:O", sort=names, title=None, axis=altair.Axis(labelAngle=0, labelOverlap=True, ticks=False))
    y = altair.Y(
        "rate:Q",
        title=None,
        scale=altair.Scale(domain=[0, _PERCENT_FROM_ONE]),
        axis=altair.Axis(values=[0, 50, 100], labelExpr="datum.label + ' %'"),
    )
    base = altair.Chart().encode(x=x, y=y)
    drawing = altair.layer(
        base.mark_line(color=TEA, strokeWidth=2),
        base.mark_circle(color=TEA, size=36, opacity=1),
        # Below a high line and above a low one, so that it crosses neither the line nor the axis.
        *(
            base.transform_filter(where)
            .mark_text(dy=dy, align="right", dx=6, color=INK, fontSize=13, fontWeight="bold")
            .encode(text="words:N")
            for where, dy in (("datum.rate >= 50", 16), ("datum.rate < 50", -14))
        ),
        data=inline(values),
    ).properties(width=600, height=72)
    facets = drawing.facet(
        row=altair.Row(
            "part:N", sort=parts, header=altair.Header(labelAngle=0, labelAnchor="start", labelOrient="top")
        ),
        spacing=12,
    ).resolve_axis(x="independent")
    return as_svg(
        facets,
        title=_("Tỷ lệ đạt của từng phần theo tháng"),
        description=_("Mỗi hàng là một phần; đường xanh là tỷ lệ phần trăm bản ghi đạt, số ghi ở tháng gần nhất."),
    )


@lru_cache(maxsize=64)
def _draw_weights(weights: tuple[Weight, ...]) -> SafeString:
    import altair

    reach = max((abs(one.bits) for one in weights), default=1.0) * 1.18
    panels = [
        _panel_of_field(field, [one for one in weights if one.field == field], reach)
        for field in dict.fromkeys(one.field for one in weights)
    ]
    return as_svg(
        altair.vconcat(*panels, spacing=14),
        title=_("Trọng số của từng mức so sánh"),
        description=_("Thanh xanh sang phải: mức này ủng hộ là cùng một người; thanh xám sang trái: chống lại."),
    )


def _panel_of_field(field: str, weights: list[Weight], reach: float) -> Any:
    import altair

    values = [
        {"level": one.level, "bits": one.bits, "words": f"{one.bits:+.1f}".replace(".", ",").replace("-", "−")}
        for one in weights
    ]
    y = altair.Y(
        "level:N",
        sort=[one.level for one in weights],
        title=None,
        # The same width of words in each panel, so that zero stands on one line.
        axis=altair.Axis(labelLimit=330, minExtent=340, maxExtent=340, ticks=False, domain=False, labelPadding=8),
    )
    x = altair.X("bits:Q", title=None, scale=altair.Scale(domain=[-reach, reach]), axis=None)
    base = altair.Chart(inline(values), width=380, height=altair.Step(24)).encode(x=x, y=y)
    bars = base.mark_bar(size=16).encode(
        color=altair.condition("datum.bits >= 0", altair.value(TEA), altair.value(GREY))
    )
    right = base.transform_filter("datum.bits >= 0").mark_text(align="left", dx=5, color=INK, fontSize=13)
    left = base.transform_filter("datum.bits < 0").mark_text(align="right", dx=-5, color=INK, fontSize=13)
    return altair.layer(bars, right.encode(text="words:N"), left.encode(text="words:N")).properties(
        title=altair.TitleParams(field, anchor="start", color=INK, fontSize=13)
    )


@lru_cache(maxsize=64)
def _draw_calibration(bands: tuple[CalibrationBand, ...]) -> SafeString:
    import altair

    values = [
        {
            "band": one.label,
            "stated": one.stated * _PERCENT_FROM_ONE,
            "observed": one.observed * _PERCENT_FROM_ONE,
            "low": one.low * _PERCENT_FROM_ONE,
            "high": one.high * _PERCENT_FROM_ONE,
        }
        for one in bands
    ]
    names = [one.label for one in bands]
    x = altair.X("band:O", sort=names, title=_("Xác suất máy đưa ra"), axis=altair.Axis(labelAngle=0, ticks=False))
    base = altair.Chart(inline(values), width=600, height=260)
    y = altair.Y(
        "observed:Q",
        title=None,
        scale=altair.Scale(domain=[0, _PERCENT_FROM_ONE]),
        axis=altair.Axis(labelExpr="datum.label + ' %'", tickCount=5),
    )
    stated = base.mark_tick(color=SOFT, thickness=3, size=44).encode(x=x, y=altair.Y("stated:Q", title=None))
    interval = base.mark_rule(color=TEA, strokeWidth=2).encode(x=x, y=altair.Y("low:Q", title=None), y2="high:Q")
    observed = base.mark_circle(color=TEA, size=110, opacity=1).encode(x=x, y=y)
    return as_svg(
        altair.layer(stated, interval, observed),
        title=_("Xác suất máy đưa ra và tỷ lệ đúng thật"),
        description=_("Vạch xám là điều máy nói, chấm xanh là điều người xem thấy, vạch đứng là khoảng tin cậy 95 %."),
    )
