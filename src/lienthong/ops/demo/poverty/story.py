"""How the demo province reviewed its poor households since 2022, and how far it is this morning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

import numpy as np
from django.conf import settings
from django.db import transaction
from numpy.typing import NDArray

from lienthong.kernel.days import local_moment
from lienthong.ops.demo.poverty import schedule, standards, telling, today
from lienthong.ops.demo.poverty.fates import SHARE_OF_THE_NEIGHBOUR, SHARES, Fate, Fates
from lienthong.ops.demo.poverty.ground import draw_communes
from lienthong.ops.demo.poverty.homes import Homes, Whole, people_by_unit
from lienthong.ops.demo.poverty.officers import Officers, Pair
from lienthong.ops.demo.poverty.schedule import Plan
from lienthong.ops.demo.poverty.standing import Standings
from lienthong.ops.demo.poverty.village import Village
from lienthong.ops.demo.poverty.visiting import Visiting
from lienthong.ops.demo.poverty.writing import Known, RoundWriting
from lienthong.ops.demo.staff import DEMO_COMMUNE, Staff
from lienthong.people.models import Household
from lienthong.poverty.models import CommuneReview, FormVersion, PointsTableVersion, ReviewRound
from lienthong.poverty.queries.areas import households_whose_line_may_jump
from lienthong.poverty.queries.rounds import column_of, usual_dates
from lienthong.poverty.services.bulk import ReviewHistory, load_review_history
from lienthong.poverty.services.rounds import OpenRound, open_round
from lienthong.poverty.states import CommuneState, RoundKind
from lienthong.rules.poverty.standards import NoStandard, standard_on
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import UnitKind

FIRST_YEAR, MERGER = 2022, date(2025, 7, 1)
SOURCE = "dữ liệu minh họa"
LIST_BEFORE = "Danh sách hộ nghèo, hộ cận nghèo năm 2021 (dữ liệu minh họa)"
LIST_OF_THE_NEIGHBOUR = "Danh sách năm {year} của tỉnh Bắc Kạn (dữ liệu minh họa)"
OFFICER, HEAD = "demo.giamngheo", "demo.giamngheo.truongphong"
TABLE_BEFORE_THE_ROUND = timedelta(days=14)
# Only these last rounds keep form C, and in a large province the other forms: of the rounds before the results are kept.
ROUNDS_WITH_FORMS = 2
# Before this a round that has begun has nothing to show.
BEGUN_AFTER = timedelta(days=3)
OBJECTED_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Year:
    """A periodic round of the story: its days, its standard, and whether it is still running."""

    year: int
    starts_on: date
    ends_on: date
    standard_id: str
    is_running: bool


class PovertyStory:
    """Tells it: what is over in bulk, what is running by the services where there is work left for somebody.

    Args:
        staff: Officers of the demo.
        seed: The same seed gives the same story.
        today: The day that is today.
        now: When it is told: as the day begins.
        is_large: Of a large province the forms of the first rounds are left out.
    """

    def __init__(self, staff: Staff, *, seed: int, today: date, now: datetime, is_large: bool = False) -> None:
        self._staff, self._seed, self._today, self._now, self._is_large = staff, seed, today, now, is_large
        self._officer, self._head = staff.user(OFFICER), staff.user(HEAD)
        self._history, self._standings = ReviewHistory(), Standings()
        self._village = Village(self._history, seed)
        self._forms: dict[str, dict[str, FormVersion]] = {}

    @transaction.atomic
    def tell(self) -> None:
        """Tell everything. People, places and the officers of the demo are there."""
        places = draw_communes(self._today, province_code=settings.PROVINCE_CODE, now=self._now)
        homes = Homes()
        known = Known(homes=homes, members={}, households={}, places=places, seed=self._seed)
        ward = units.agency_on(DEMO_COMMUNE, self._today).unit_id
        fates = Fates(
            homes, urban=_urban(homes.units_now), crowded=homes.units_now == ward, kept_near_poor=self._citizens(homes),
            seed=self._seed,
        )  # fmt: skip
        officers = Officers(today=self._today, now=self._now, seed=self._seed)
        years = list(_years(self._today))
        table = self._table(years)
        seen = np.zeros(len(homes), dtype=bool)
        live: tuple[ReviewRound, list[Fate], Mapping[int, CommuneReview]] | None = None
        for place, year in enumerate(years):
            communes, round_ = self._open(year, table)
            lived = homes.units_on(year.starts_on)
            empty = homes.empty_on(year.starts_on)
            here = np.isin(lived, list(communes))
            self._newcomers(fates, known, here & ~seen, year.year, is_first=not seen.any())
            seen |= here
            settled = fates.round(year.year, np.where(here, lived, 0), empty, by_points=round_.points_table is not None)
            self._learn(known, [fate.home for fate in settled])
            plans = self._plans(round_, communes, settled, ward, is_running=year.is_running)
            self._count(communes, lived, empty, year.starts_on)
            keeps_forms = not self._is_large or place >= len(years) - ROUNDS_WITH_FORMS
            writing = RoundWriting(
                round_, self._history, known,
                Visiting(self._history, round_, self._forms[round_.standard_id], keeps_forms=keeps_forms, keeps_sheets=place >= len(years) - ROUNDS_WITH_FORMS),
                self._village, self._standings, self._jumping(year),
            )  # fmt: skip
            fates.go_on(writing.write(communes, settled, plans, _pairs(officers, lived, homes.units_now, communes)))
            if year.is_running:
                live = round_, settled, communes
        self._history.standings = self._standings.rows
        load_review_history(self._history, source=SOURCE, acting_user_id=self._officer.pk, now=self._now)
        if live is not None:
            telling.tell_running(self._history, live[0])
        morning = today.Morning(
            staff=self._staff, officers=officers, officer=self._officer, known=known, today=self._today, ward=ward
        )
        if live is not None:
            morning.play_round(*live)
        morning.play_regular_round()

    def _citizens(self, homes: Homes) -> int:
        person = self._staff.user("demo.congdan").person
        assert person is not None, "the citizen of the demo is a person"
        return homes.codes.index(person.household_code)

    def _table(self, years: list[Year]) -> PointsTableVersion | None:
        """Publish the forms of every standard; a table of points is there for the running round only."""
        for year in years:
            if year.standard_id not in self._forms:
                published = local_moment(year.starts_on - timedelta(days=12), time(9))
                self._forms[year.standard_id] = standards.publish_forms(year.standard_id, now=published)
        last = years[-1]
        if last.standard_id != standards.STANDARD_OF_THE_TABLE:
            return None
        day = last.starts_on - TABLE_BEFORE_THE_ROUND if last.is_running else self._today - TABLE_BEFORE_THE_ROUND
        loaded = standards.load_old_table(self._officer, self._head, now=local_moment(day, time(14)))
        if last.is_running:
            self._with_points = standards.publish_with_points(
                self._forms[last.standard_id], loaded, acting_user=self._officer, now=local_moment(day, time(15))
            )
        return loaded

    def _open(self, year: Year, table: PointsTableVersion | None) -> tuple[dict[int, CommuneReview], ReviewRound]:
        instrument, opened = (
            f"Kế hoạch rà soát năm {year.year} (dữ liệu minh họa)",
            local_moment(year.starts_on, time(8)),
        )
        if year.is_running:
            command = OpenRound(
                kind=RoundKind.PERIODIC, period=str(year.year), starts_on=year.starts_on, ends_on=year.ends_on,
                province_code=settings.PROVINCE_CODE, instrument=instrument,
            )  # fmt: skip
            round_ = open_round(command, acting_user=self._officer, now=opened)
            if round_.points_table is not None:
                self._forms[year.standard_id] = self._with_points
            rows = list(round_.communes.select_related("unit").order_by("unit__code"))
            for row in rows:
                row.round = round_
            return {row.unit_id: row for row in rows}, round_
        round_ = ReviewRound(
            kind=RoundKind.PERIODIC, period=str(year.year), standard_id=year.standard_id,
            points_column=column_of(None, year.starts_on), starts_on=year.starts_on, ends_on=year.ends_on,
            instrument=instrument, opened_by=self._officer, opened_at=opened,
            closed_at=local_moment(year.ends_on, time(17)),
        )  # fmt: skip
        self._history.rounds.append(round_)
        communes = units.communes_on(year.starts_on, province_code=settings.PROVINCE_CODE)
        return {unit.pk: CommuneReview(round=round_, unit=unit) for unit in communes.order_by("code")}, round_

    def _newcomers(self, fates: Fates, known: Known, new: NDArray[np.bool_], year: int, *, is_first: bool) -> None:
        """Take over the list of whoever has not been reviewed by this province before."""
        if not new.any():
            return
        listed = fates.begin(new, SHARES[2021] if is_first else SHARE_OF_THE_NEIGHBOUR)
        self._learn(known, listed.tolist())
        source = LIST_BEFORE if is_first else LIST_OF_THE_NEIGHBOUR.format(year=year - 1)
        for home in listed.tolist():
            self._standings.begin(known.households[home], fates.classes[home], since=date(year, 1, 1), source=source)

    def _learn(self, known: Known, homes: list[int]) -> None:
        new = [home for home in homes if home not in known.households]
        if not new:
            return
        known.members.update(known.homes.members(new))
        for home in new:
            known.households[home] = Household(
                pk=int(known.homes.ids[home]), code=known.homes.codes[home], unit_id=int(known.homes.units_now[home])
            )

    def _plans(
        self,
        round_: ReviewRound,
        communes: Mapping[int, CommuneReview],
        settled: list[Fate],
        ward: int,
        *,
        is_running: bool,
    ) -> dict[int, Plan]:
        luck = Random(f"{self._seed}/{round_.period}/plans")
        if not is_running:
            return {unit_id: schedule.finished(round_, luck) for unit_id in communes}
        plans = {unit_id: schedule.running(round_, self._today, luck) for unit_id in communes}
        visiting = schedule.running(round_, self._today, luck, state=CommuneState.VISITING)
        plans[ward] = replace(visiting, visited=0.0)
        objected = _most_listed(settled, except_for=ward)
        gone_by = (self._today - round_.starts_on) / (round_.ends_on - round_.starts_on)
        if objected is not None and gone_by > OBJECTED_FROM:
            posted = schedule.running(round_, self._today, luck, state=CommuneState.POSTED)
            plans[objected] = replace(posted, is_prepared=False)
        return plans

    def _count(self, communes: Mapping[int, CommuneReview], lived: Whole, empty: list[int], day: date) -> None:
        people = people_by_unit(day)
        inhabited = np.ones(len(lived), dtype=bool)
        inhabited[empty] = False
        ids, counts = np.unique(lived[inhabited], return_counts=True)
        households = dict(zip(ids.tolist(), counts.tolist(), strict=True))
        for unit_id, commune in communes.items():
            commune.households_total = households.get(unit_id, 0)
            commune.population_total = people.get(unit_id, 0)

    def _jumping(self, year: Year) -> frozenset[int]:
        if year.starts_on < MERGER:
            return frozenset()
        return frozenset(households_whose_line_may_jump(on=year.starts_on))


def _years(today: date) -> Iterator[Year]:
    """Yield the rounds that are over or running, as long as there is a standard for them."""
    for year in range(FIRST_YEAR, today.year + 1):
        first, last = usual_dates(RoundKind.PERIODIC, str(year))
        try:
            standard_id = standard_on(first).id
        except NoStandard:
            return
        if last < today or first + BEGUN_AFTER < today:
            yield Year(year, first, last, standard_id, is_running=last >= today)


def _urban(unit_ids: Whole) -> list[int]:
    urban = AdministrativeUnit.objects.filter(pk__in=np.unique(unit_ids).tolist(), kind=UnitKind.WARD)
    return list(urban.values_list("pk", flat=True))


def _pairs(officers: Officers, lived: Whole, now: Whole, communes: Mapping[int, CommuneReview]) -> dict[int, Pair]:
    """Return who works in each commune of then: those of what it became."""
    heirs = dict(zip(lived.tolist(), now.tolist(), strict=True))
    anybody = officers.anybody
    return {unit_id: officers.of(heirs[unit_id]) if unit_id in heirs else anybody for unit_id in communes}


def _most_listed(settled: list[Fate], *, except_for: int) -> int | None:
    ids, counts = np.unique([fate.unit_id for fate in settled if fate.unit_id != except_for], return_counts=True)
    return int(ids[int(np.argmax(counts))]) if len(ids) else None
