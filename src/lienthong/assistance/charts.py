"""Charts of social assistance: what each month costs under the law of today and under a draft."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lienthong.infra.drawing import GREY, INK, TEA, as_svg, inline

_WIDTH, _HEIGHT = 640, 220
_MILLION = 1_000_000


def cost_by_month(months: Sequence[tuple[str, int, int]]) -> SafeString:
    """Draw for each month what is due by the law of today (grey) and by the draft (tea), in millions of đồng, from zero.

    Args:
        months: What a month is called, đồng today, đồng by the draft; the earliest first.
    """
    return _draw(tuple(months), get_language() or "")


@lru_cache(maxsize=32)
def _draw(months: tuple[tuple[str, int, int], ...], _language: str) -> SafeString:
    import altair

    today, draft = _("hiện nay"), _("theo phương án")
    values = [
        {"month": month, "law": law, "amount": amount / _MILLION, "place": place}
        for month, now, then in months
        for place, (law, amount) in enumerate(((today, now), (draft, then)))
    ]
    order = [month for month, _now, _then in months]
    x = altair.X("month:O", sort=order, title=None, axis=altair.Axis(labelAngle=0, labelOverlap=True, ticks=False))
    bars = (
        altair.Chart(inline(values), width=_WIDTH, height=_HEIGHT)
        .mark_bar()
        .encode(
            x=x,
            xOffset=altair.XOffset("place:N"),
            y=altair.Y("amount:Q", title=None, axis=altair.Axis(format=",d", tickCount=4)),
            color=altair.Color(
                "law:N",
                scale=altair.Scale(domain=[today, draft], range=[GREY, TEA]),
                legend=altair.Legend(title=None, orient="top", labelFontSize=13, labelColor=INK),
            ),
        )
    )
    return as_svg(
        bars,
        title=_("Chi mỗi tháng hiện nay và theo phương án"),
        description=_(
            "Mỗi tháng hai cột, tính bằng triệu đồng: cột xám theo quy định hiện nay, cột xanh theo phương án."
        ),
    )
