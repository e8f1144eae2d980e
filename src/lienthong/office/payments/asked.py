"""What a list of payments is asked for in its address: drop-down lists beside the links, kept together with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest
from lienthong.infra.templatetags.lists import PLACES
from lienthong.kernel.days import format_day, parse_day
from lienthong.office.pages import page_number
from lienthong.payments import sources
from lienthong.payments.banks import banks
from lienthong.payments.queries.accounts import communes_seen
from lienthong.payments.states import Channel
from lienthong.units import queries as units

ROWS_ON_A_PAGE = 50
ROWS_AT_ONCE = 2_000
"""So many rows of an export are read at once."""


@dataclass(frozen=True, slots=True)
class Select:
    """One drop-down list of a list's address."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...]


def each_of(rows: QuerySet[Any]) -> Iterator[Any]:
    """Yield every row of a list for its spreadsheet, few at a time."""
    return rows.iterator(chunk_size=ROWS_AT_ONCE)


def page_of(request: HouseRequest, rows: Any) -> Page[Any]:
    """Return the page of a list that the address asks for."""
    return Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))


def commune_select(request: HouseRequest, value: str) -> Select | None:
    """Offer the communes that the user sees; None where there is nothing to choose."""
    communes = communes_seen(request.user, on=request.today)
    if len(communes) < 2:
        return None
    return Select("commune", _("Xã, phường"), value, tuple((one.code, one.name) for one in communes))


def programme_select(value: str) -> Select | None:
    """Offer the programmes that pay; None where there is only one."""
    found = sources.registered()
    if len(found) < 2 and not value:
        return None
    return Select("source", _("Chương trình"), value, tuple((one.code, one.label) for one in found.values()))


def channel_select(value: str) -> Select:
    """Offer the ways of paying."""
    return Select(
        "channel", _("Hình thức"), value, tuple((str(one), str(capfirst(label))) for one, label in Channel.choices)
    )


def bank_select(value: str) -> Select:
    """Offer the recorded banks and wallets."""
    return Select("bank", _("Ngân hàng"), value, tuple((one.code, one.short) for one in banks().values()))


def choices(request: HouseRequest, *selects: Select | None, text: str | None = None) -> dict[str, Any]:
    """Return what ``office/payments/_choices.html`` takes.

    Args:
        request: Whose address is kept.
        selects: The drop-down lists; None is left out.
        text: What stands in the field of a search; None where there is none.
    """
    shown = [one for one in selects if one is not None]
    own = {one.name for one in shown} | set(PLACES) | ({"q"} if text is not None else set())
    kept = [(name, value) for name, value in request.GET.items() if name not in own and name != "format" and value]
    narrowed = any(one.value for one in shown) or bool(text)
    return {"selects": shown, "kept": kept, "text": text, "is_chosen": narrowed}


@dataclass(frozen=True, slots=True)
class MapAsked:
    """On the map of which day a run is drawn; None: on its own. ``wrong`` says why what was asked for cannot be."""

    day: date | None
    wrong: str


def map_asked(request: HouseRequest, month: date) -> MapAsked:
    """Read on which map the communes of a run are wanted: ``?day=`` names a day, not before the run's month."""
    typed = request.GET.get("day", "").strip()[:40]
    if not typed:
        return MapAsked(None, "")
    try:
        day = parse_day(typed)
    except ValueError as unreadable:
        return MapAsked(None, _("%(why)s Đang dùng bản đồ của đợt.") % {"why": unreadable})
    if day < month:
        words = _("Ngày %(day)s ở trước tháng của đợt, khi các khoản chưa được chi. Đang dùng bản đồ của đợt.")
        return MapAsked(None, words % {"day": format_day(day)})
    return MapAsked(day, "")


def map_choices(asked: MapAsked, unit_ids: Iterable[int], *, today: date) -> list[tuple[str, str]]:
    """Offer the map of the run and that of today; nothing where both are the same.

    Args:
        asked: What is shown.
        unit_ids: The communes that are shown.
        today: The day.
    """
    if asked.day is None and units.successions().sole_heirs(today).keys().isdisjoint(unit_ids):
        return []
    found = [("", _("của đợt")), (today.isoformat(), _("hôm nay"))]
    if asked.day is not None and asked.day != today:
        found.append((asked.day.isoformat(), format_day(asked.day)))
    return found


def with_all(pairs: Iterable[tuple[Any, Any]], counts: dict[str, int] | None = None) -> list[Any]:
    """Return choices of links with "all" in front, each with its count where there are counts."""
    if counts is None:
        return [("", _("Tất cả")), *((value, capfirst(str(label))) for value, label in pairs)]
    found = [(value, capfirst(str(label)), counts.get(value, 0)) for value, label in pairs]
    return [("", _("Tất cả"), sum(count for _value, _label, count in found)), *found]
