"""Charts over the figures, drawn on the server as SVG: one hue, direct labels, zero-based."""

from collections.abc import Sequence
from functools import lru_cache

from django.utils.safestring import SafeString

from lienthong.dossiers.statistics import Figures
from lienthong.infra.drawing import GREY, INK, TEA, as_svg

MONTHS_OF_A_YEAR = 12


def received_by_month(rows: Sequence[Figures], *, year: int) -> SafeString:
    """Draw the dossiers received in each month of a year, those filed online in the tea colour.

    Args:
        rows: Figures grouped by month (``YYYY-MM``).
        year: The year that is drawn; months without dossiers are drawn as nothing.
    """
    by_month = {row.group: (row.received, row.online) for row in rows}
    months = [f"{year}-{number:02d}" for number in range(1, MONTHS_OF_A_YEAR + 1)]
    return _draw(tuple((int(key[5:]), *by_month.get(key, (0, 0))) for key in months), year)


def received_by_group(rows: Sequence[tuple[str, int, int]]) -> SafeString:
    """Draw the dossiers received in each group as bars that lie one under the other, those filed online in the tea colour.

    Args:
        rows: Name, received, filed online; in the order in which they are drawn.
    """
    return _draw_groups(tuple(rows))


@lru_cache(maxsize=64)
def _draw(points: tuple[tuple[int, int, int], ...], year: int) -> SafeString:
    import altair

    values = [
        {"month": month, "part": part, "dossiers": count}
        for month, received, online in points
        for part, count in (("online", online), ("other", received - online))
    ]
    bars = (
        altair.Chart(altair.InlineData(values=values), width=640, height=220)
        .mark_bar(size=28)
        .encode(
            x=altair.X("month:O", title="Tháng", axis=altair.Axis(labelAngle=0)),
            y=altair.Y("sum(dossiers):Q", title=None, axis=altair.Axis(tickMinStep=1, tickCount=4)),
            color=altair.Color(
                "part:N", scale=altair.Scale(domain=["online", "other"], range=[TEA, GREY]), legend=None
            ),
            order=altair.Order("part:N"),
        )
    )
    return as_svg(
        bars,
        title=f"Hồ sơ tiếp nhận theo tháng, năm {year}",
        description="Cột xanh là nộp trực tuyến, cột xám là cách khác.",
    )


@lru_cache(maxsize=64)
def _draw_groups(rows: tuple[tuple[str, int, int], ...]) -> SafeString:
    import altair

    values = [
        {"group": name, "part": part, "dossiers": count, "all": received}
        for name, received, online in rows
        for part, count in (("online", online), ("other", received - online))
    ]
    names = [name for name, _received, _online in rows]
    y = altair.Y("group:N", sort=names, title=None, axis=altair.Axis(labelLimit=260, ticks=False, domain=False))
    data = altair.Chart(altair.InlineData(values=values), width=380, height=34 * len(rows))
    bars = data.mark_bar(size=20).encode(
        x=altair.X("sum(dossiers):Q", title=None, axis=None),
        y=y,
        color=altair.Color("part:N", scale=altair.Scale(domain=["online", "other"], range=[TEA, GREY]), legend=None),
        order=altair.Order("part:N"),
    )
    counts = (
        data.transform_filter(altair.datum.part == "online")
        .mark_text(align="left", dx=6, color=INK, fontSize=13)
        .encode(x=altair.X("all:Q", axis=None), y=y, text=altair.Text("all:Q", format=",d"))
    )
    return as_svg(
        bars + counts,
        title="Hồ sơ tiếp nhận theo lĩnh vực",
        description="Thanh xanh là nộp trực tuyến, thanh xám là cách khác; con số là tổng số hồ sơ.",
    )
