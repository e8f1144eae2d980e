"""Charts of social assistance: what a draft of the law costs each month and each group, and whom it reaches in each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lienthong.infra.drawing import GREY, INK, SOFT, TEA, as_svg, inline
from lienthong.infra.templatetags.formats import number

_WIDTH, _HEIGHT = 640, 220
_MILLION = 1_000_000
_BAR, _LABELS, _LETTERS, _GROUP_WIDTH = 22, 300, 44, 340
_MONTH = "split(datum.value, '/')[0]"
_YEARLY = f"{_MONTH} == '01' || (datum.index == 0 && {_MONTH} != '12') ? datum.value : {_MONTH}"
"""Months by their number, the first and each January with the year, so that twelve stand beside each other."""


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
    x = altair.X("month:O", sort=order, title=None, axis=altair.Axis(labelAngle=0, labelExpr=_YEARLY, ticks=False))
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


def difference_by_group(groups: Sequence[tuple[str, int, str]], *, title: str) -> SafeString:
    """Draw for each group how much more, or less, it costs a month: bars from zero, the sum beside each.

    Args:
        groups: What a group is called, đồng a month more (less: negative), the same as it is written; the first on top.
        title: What the drawing shows, in a sentence.
    """
    values = [(words, amount / _MILLION, told) for words, amount, told in groups]
    return _bars(tuple(values), (), title, _("Mỗi thanh một nhóm, tính bằng đồng mỗi tháng: sang phải là chi thêm, sang trái là chi bớt."))  # fmt: skip


def people_by_group(groups: Sequence[tuple[str, int, int]], *, title: str) -> SafeString:
    """Draw for each group how many people come in (tea, to the right) and how many go (grey, to the left).

    Args:
        groups: What a group is called, people gained, people lost; the first on top.
        title: What the drawing shows, in a sentence.
    """
    gained = tuple((words, float(more), f"+{number(more)}" if more else "") for words, more, _less in groups)
    lost = tuple((words, float(-less), f"−{number(less)}" if less else "") for words, _more, less in groups)
    return _bars(gained, lost, title, _("Mỗi dòng một nhóm: thanh xanh là người được thêm, thanh xám là người không còn được hưởng."))  # fmt: skip


Bars = tuple[tuple[str, float, str], ...]


@lru_cache(maxsize=64)
def _bars(tea: Bars, grey: Bars, title: str, description: str) -> SafeString:
    import altair

    order = [words for words, _value, _told in tea]
    values = [
        {"group": words, "value": value, "told": told, "colour": colour, "is_left": value < 0}
        for colour, bars in ((TEA, tea), (GREY, grey))
        for words, value, told in bars
    ]
    reach = max((abs(value) for _words, value, _told in (*tea, *grey)), default=0.0) or 1.0
    lowest = min((value for _words, value, _told in (*tea, *grey)), default=0.0)
    longest = min(max(map(len, order), default=0), _LETTERS)
    # A browser draws its type wider than it is measured here: sums and names need room beyond the drawing.
    scale = altair.Scale(domain=[-1.6 * reach if lowest < 0 else 0, 1.6 * reach], nice=False)
    y = altair.Y("group:N", sort=order, title=None, axis=altair.Axis(labelLimit=_LABELS, ticks=False, domain=False))
    x = altair.X("value:Q", scale=scale, title=None, axis=None)
    base = altair.Chart(inline(values), width=_GROUP_WIDTH, height=_BAR * len(order)).encode(y=y, x=x)
    bars = base.mark_bar(height=_BAR - 8).encode(color=altair.Color("colour:N", scale=None))
    said = [
        base.transform_filter(altair.datum.is_left == is_left)
        .mark_text(align="right" if is_left else "left", dx=-4 if is_left else 4, fontSize=13, color=INK)
        .encode(text="told:N")
        for is_left in (True, False)
    ]
    zero = (
        altair.Chart(inline([{"at": 0}]))
        .mark_rule(color=SOFT)
        .encode(x=altair.X("at:Q", scale=scale, title=None, axis=None))
    )
    room = {"left": 6 + longest, "right": 6, "top": 4, "bottom": 4}
    return as_svg(altair.layer(bars, zero, *said).properties(padding=room), title=title, description=description)
