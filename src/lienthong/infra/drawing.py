"""The dress of every chart: one hue, the type of the house, Vietnamese figures, words for those who do not see it.

altair is loaded by the function that draws: at the head of a file it would cost every start a third of a second.
"""

from __future__ import annotations

from typing import Any

import vl_convert
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

TEA, GREY, INK, SOFT, LINE = "#0f6b53", "#c9c8bf", "#1d2321", "#56605c", "#d9d8cf"
FIGURES = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}


def as_svg(chart: Any, *, title: str, description: str) -> SafeString:
    """Draw an altair chart as SVG for a page.

    Args:
        chart: The chart, of whatever kind.
        title: What it shows, read out by a screen reader.
        description: What its marks mean.
    """
    dressed = (
        chart.configure(font="Be Vietnam Pro, sans-serif", background="transparent")
        .configure_view(strokeWidth=0)
        .configure_axis(
            labelColor=SOFT, titleColor=INK, gridColor=LINE, domainColor=LINE, labelFontSize=13, titleFontSize=13
        )
        .configure_header(labelColor=INK, labelFontSize=13, labelFontWeight="bold", title=None)
    )
    svg = vl_convert.vegalite_to_svg(dressed.to_dict(), format_locale=FIGURES)
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    opening, bracket, rest = svg.partition(">")
    return mark_safe(f'{opening} role="img"{bracket}{words}{rest}')  # noqa: S308  -- drawn here; vl-convert escapes names


def inline(values: list[dict[str, Any]]) -> Any:
    """Return rows as the data of a chart."""
    import altair

    return altair.InlineData(values=values)
