"""Charts of the poverty review: how many households each round found poor and near-poor."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lienthong.infra.drawing import GREY, INK, TEA, as_svg, inline

_WIDTH, _HEIGHT, _WIDEST_BAR = 620, 240, 64


def households_by_round(rounds: Sequence[tuple[str, int, int]]) -> SafeString:
    """Draw the poor (tea) and on them the near-poor households (grey) of each round, from zero, with their numbers.

    Hộ nghèo, hộ cận nghèo qua các đợt.

    Args:
        rounds: What a round is called, poor, near-poor; the earliest first.
    """
    return _draw(tuple(rounds), get_language() or "")


@lru_cache(maxsize=32)
def _draw(rounds: tuple[tuple[str, int, int], ...], _language: str) -> SafeString:
    import altair

    poor_words, near_words = _("hộ nghèo"), _("hộ cận nghèo")
    values = [
        {"round": name, "part": part, "households": count, "order": order, "middle": below + count / 2}
        for name, poor, near_poor in rounds
        for order, (part, count, below) in enumerate(((poor_words, poor, 0), (near_words, near_poor, poor)))
        if count
    ]
    totals = [{"round": name, "all": poor + near_poor} for name, poor, near_poor in rounds]
    order = [name for name, _poor, _near_poor in rounds]
    size = min(_WIDEST_BAR, round(_WIDTH / max(1, len(rounds)) * 0.7))
    x = altair.X("round:O", sort=order, title=None, axis=altair.Axis(labelAngle=0, ticks=False))
    colour = altair.Color("part:N", scale=altair.Scale(domain=[poor_words, near_words], range=[TEA, GREY]), legend=None)
    base = altair.Chart(inline(values), width=_WIDTH, height=_HEIGHT).encode(x=x)
    bars = base.mark_bar(size=size).encode(
        y=altair.Y("sum(households):Q", title=None, axis=None), color=colour, order=altair.Order("order:Q")
    )
    numbers = base.mark_text(fontSize=12).encode(
        y="middle:Q",
        text=altair.Text("households:Q", format=",d"),
        color=altair.Color(
            "part:N", scale=altair.Scale(domain=[poor_words, near_words], range=["#ffffff", INK]), legend=None
        ),
    )
    sums = (
        altair.Chart(inline(totals))
        .mark_text(dy=-8, color=INK, fontSize=13, fontWeight="bold")
        .encode(x=x, y="all:Q", text=altair.Text("all:Q", format=",d"))
    )
    return as_svg(
        altair.layer(bars, numbers, sums).resolve_scale(color="independent"),
        title=_("Hộ nghèo và hộ cận nghèo qua các đợt"),
        description=_("Phần xanh là hộ nghèo, phần xám là hộ cận nghèo; số trên cột là tổng của hai loại."),
    )
