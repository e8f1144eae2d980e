"""What a report is asked for in the address: round, day of the map, unit, basis. Every page of reports reads it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.infra.http import HouseRequest
from lienthong.infra.templatetags.formats import number
from lienthong.kernel.days import format_day
from lienthong.kernel.text import whole_number
from lienthong.poverty.queries import placement as placements
from lienthong.poverty.queries import reports
from lienthong.poverty.queries.placement import Placement
from lienthong.poverty.queries.reports import Basis
from lienthong.poverty.queries.rounds import all_rounds
from lienthong.poverty.states import CommuneState

UNPLACED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is asked for, and what is there to choose from. ``wrong_day`` is what was typed and is no day."""

    round: Any
    rounds: list[Any]
    placement: Placement
    day: date | None
    wrong_day: str
    unit_id: int | None
    basis: Basis
    reported: int
    decided: int

    @property
    def unit_words(self) -> str:
        """The unit that is shown alone; empty where all are."""
        if self.unit_id is None:
            return ""
        return _("Chưa rõ xã") if self.unit_id == UNPLACED else self.placement.units[self.unit_id].name

    @property
    def round_words(self) -> str:
        """The round as in a sentence."""
        return str(self.round.in_words)

    @property
    def map_words(self) -> str:
        """The map as in a sentence."""
        if self.day is None:
            return _("bản đồ hành chính của đợt rà soát")
        return _("bản đồ hành chính ngày %(day)s") % {"day": format_day(self.day)}

    def query(self, **more: Any) -> str:
        """Return the query of another page about the same, with more or other facts."""
        facts = {
            "round": self.round.pk,
            "day": self.day.isoformat() if self.day else "",
            "unit": "" if self.unit_id is None else self.unit_id,
            "basis": self.basis if self.basis != default_basis(self.placement) else "",
            **more,
        }
        return urlencode({name: value for name, value in facts.items() if value not in ("", None)})


def chosen(request: HouseRequest) -> Chosen | None:
    """Read what a page of reports is asked for; None where no round was ever opened."""
    rounds: list[Any] = list(all_rounds())
    if not rounds:
        return None
    wanted = request.GET.get("round", "")
    usual = next((one for one in rounds if one.decided_count), rounds[0])
    round_ = next((one for one in rounds if str(one.pk) == wanted), usual)
    typed = request.GET.get("day", "").strip()
    day = _day(typed)
    communes = reports.communes_seen(round_, as_=request.user, on=request.today)
    placement = placements.place(communes, day)
    basis = default_basis(placement)
    if request.GET.get("basis") in set(Basis) and not placement.divided:
        basis = Basis(request.GET["basis"])
    return Chosen(
        round=round_,
        rounds=rounds,
        placement=placement,
        day=day,
        wrong_day=typed if typed and day is None else "",
        unit_id=_unit(request.GET.get("unit", ""), placement),
        basis=basis,
        reported=sum(1 for one in communes if one.state == CommuneState.REPORTED),
        decided=sum(1 for one in communes if one.state in (CommuneState.DECIDED, CommuneState.REPORTED)),
    )


def default_basis(placement: Placement) -> Basis:
    """Return the reported figures where every commune has reported and none is divided on the map; else those of today."""
    states = {review.state for review in placement.communes.values()}
    return Basis.REPORTED if states == {CommuneState.REPORTED} and not placement.divided else Basis.NOW


def _day(typed: str) -> date | None:
    """Read ``2022-12-31`` or ``31/12/2022``."""
    day, _slash, rest = typed.partition("/")
    month, _slash, year = rest.partition("/")
    text = f"{year}-{month.zfill(2)}-{day.zfill(2)}" if rest else typed
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _unit(text: str, placement: Placement) -> int | None:
    unit_id = whole_number(text)
    return unit_id if unit_id in placement.units or (unit_id == UNPLACED and placement.unplaced) else None


def round_choices(asked: Chosen) -> list[tuple[str, str]]:
    """Return the rounds to choose from."""
    return [(str(one.pk), f"{one.get_kind_display()} {one.period}") for one in asked.rounds]


def day_choices(today: date) -> list[tuple[str, str]]:
    """Return the maps to choose from: of the round, of today, and the last day before each change."""
    found = [("", _("của đợt rà soát")), (today.isoformat(), _("hôm nay"))]
    for day in sorted({change.on for change in placements.days_of_change()}, reverse=True):
        last = day - timedelta(days=1)
        found.append((last.isoformat(), _("đến hết %(day)s") % {"day": format_day(last)}))
    return found


def unit_choices(asked: Chosen) -> list[tuple[str, str]]:
    """Return the units of the map to choose from; where a name comes twice, with what tells them apart."""
    units = asked.placement.ordered_units
    found = [
        (str(unit.pk), f"{unit.name} ({unit.parent.name})" if unit.parent and unit.parent.kind == "district" else unit.name)
        for unit in units
    ]  # fmt: skip
    return [*found, (str(UNPLACED), _("Chưa rõ xã"))] if asked.placement.unplaced else found


def basis_choices(asked: Chosen) -> list[tuple[str, str]]:
    """Return the bases to choose from: nothing where only one can be shown."""
    if asked.placement.divided or not asked.reported:
        return []
    return [(Basis.REPORTED, _("đã báo cáo (chốt)")), (Basis.NOW, _("hiện nay"))]


def divided_words(asked: Chosen) -> list[str]:
    """Say of each commune that has no single place on the map what it may be, and how its households were placed."""
    found = []
    for one in asked.placement.divided:
        names = ", ".join(unit.name for unit in one.candidates) or _("không có đơn vị nào trong sổ")
        facts = {
            "name": one.unit.name, "code": one.unit.code, "candidates": names, "placed": number(one.placed),
            "unplaced": number(one.unplaced),
        }  # fmt: skip
        words = (
            _("%(name)s (%(code)s) được lập từ %(candidates)s: %(placed)s hộ rõ nơi cũ, %(unplaced)s hộ chưa rõ.")
            if one.is_earlier
            else _("%(name)s (%(code)s) bị chia vào %(candidates)s: %(placed)s hộ rõ nơi mới, %(unplaced)s hộ chưa rõ.")
        )
        found.append(words % facts)
    return found


def state_words(asked: Chosen) -> str:
    """Say how many communes have figures."""
    communes = len(asked.placement.communes)
    words = ngettext(
        "%(decided)s/%(communes)s xã, phường đã quyết định, %(reported)s đã báo cáo",
        "%(decided)s/%(communes)s xã, phường đã quyết định, %(reported)s đã báo cáo",
        communes,
    )
    return words % {"decided": asked.decided, "communes": communes, "reported": asked.reported}
