"""Who is on the lists of poor and near-poor households of each year, and what each round makes of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lienthong.ops.demo.poverty.homes import Homes, Whole
from lienthong.poverty.states import LISTED_CLASSES, HouseholdClass, ListingSource

POOR, NEAR_POOR, AVERAGE, NOT_POOR = HouseholdClass
# Of all households, how many are poor or near-poor at the end of a year. What comes after 2026 goes on falling.
SHARES = {2021: 0.122, 2022: 0.110, 2023: 0.094, 2024: 0.079, 2025: 0.068, 2026: 0.059}
FALLS_BY = 0.92
# The neighbour that came in with the merger brought a list of its own.
SHARE_OF_THE_NEIGHBOUR = 0.095
POOR_AMONG_LISTED, POOR_AMONG_NEW = 0.52, 0.4
BECOMES: dict[HouseholdClass, tuple[tuple[HouseholdClass, float], ...]] = {
    POOR: ((POOR, 0.64), (NEAR_POOR, 0.24), (AVERAGE, 0.05), (NOT_POOR, 0.07)),
    NEAR_POOR: ((POOR, 0.05), (NEAR_POOR, 0.60), (AVERAGE, 0.13), (NOT_POOR, 0.22)),
}
RECOGNISED_OF_THOSE_WHO_ASK = 0.62
CHANGED_BY_THE_VILLAGE = 0.035
SCREENED_OUT_OF_NOT_POOR = 0.4
MOVED_AWAY = 0.004
ADDED_BY_THE_COMMUNE = 0.2
# Chances beside a Kinh household in a commune of the plain.
MINORITY, URBAN = 2.4, 0.4
SPREAD_OF_COMMUNES = 0.45
# In the demo ward so many are on every list that there is work for everybody.
LISTED_IN_THE_DEMO_WARD = 26
KEPT_SINCE = 2023


class Course(StrEnum):
    """How a household went through a round."""

    SURVEYED = "surveyed"
    SCREENED_OUT = "screened_out"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a round is to make of one household: what the survey says, what the village makes of it."""

    home: int
    unit_id: int
    before: HouseholdClass
    surveyed: HouseholdClass
    final: HouseholdClass
    source: ListingSource
    course: Course
    ever_listed: bool


@dataclass(slots=True)
class Fates:
    """Goes through the years.

    Args:
        homes: All households.
        urban: Ids of wards and townships.
        crowded: Household places of the demo ward.
        kept_near_poor: The household of the citizen whom visitors sign in as; near-poor from 2023 on.
        seed: The same seed gives the same years.
    """

    homes: Homes
    urban: Collection[int]
    crowded: NDArray[np.bool_]
    kept_near_poor: int
    seed: int
    classes: NDArray[np.object_] = field(init=False)
    ever: NDArray[np.bool_] = field(init=False)
    gone: NDArray[np.bool_] = field(init=False)
    _weight: NDArray[np.float64] = field(init=False)
    _rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng([self.seed, 71])
        self.classes = np.full(len(self.homes), None, dtype=object)
        self.ever = np.zeros(len(self.homes), dtype=bool)
        self.gone = np.zeros(len(self.homes), dtype=bool)
        now = self.homes.units_now
        communes, place = np.unique(now, return_inverse=True)
        remote = self._rng.lognormal(0, SPREAD_OF_COMMUNES, len(communes))
        self._weight = remote[place] * np.where(self.homes.is_kinh, 1.0, MINORITY)
        self._weight *= np.where(np.isin(now, list(self.urban)), URBAN, 1.0)

    def begin(self, here: NDArray[np.bool_], share: float) -> Whole:
        """Put the first list of a province together and return the places of its households."""
        here = here.copy()
        here[self.kept_near_poor] = False
        chosen = self._chosen(here, round(share * here.sum()))
        ward = self._chosen(
            here & self.crowded & ~np.isin(np.arange(len(here)), chosen),
            LISTED_IN_THE_DEMO_WARD - int(self.crowded[chosen].sum()),
        )
        chosen = np.sort(np.concatenate([chosen, ward]))
        is_poor = self._rng.random(len(chosen)) < POOR_AMONG_LISTED
        self.classes[chosen] = np.where(is_poor, POOR, NEAR_POOR)
        return chosen

    def round(self, year: int, units: Whole, empty: Collection[int], *, by_points: bool) -> list[Fate]:
        """Say what the round of a year is to make of everybody on its lists.

        Args:
            year: Of the round.
            units: Where each household lives; 0 outside the province.
            empty: Households in which nobody is alive any more.
            by_points: A table that is far from whole counts: whoever is surveyed lies at or below its threshold, and who
                leaves the lists does so by the quick form.
        """
        here = (units > 0) & ~self.gone
        listed_before = np.isin(self.classes, LISTED_CLASSES)
        listed = np.flatnonzero(here & listed_before)
        fates = [self._of_listed(int(home), int(units[home]), empty, by_points=by_points) for home in listed]
        stay = sum(fate.final in LISTED_CLASSES and fate.course != Course.GONE for fate in fates)
        wanted = max(round(_share(year) * here.sum()) - stay, 0)
        asking = round(max(wanted, here.sum() * 0.004) / RECOGNISED_OF_THOSE_WHO_ASK)
        free = here & ~listed_before
        free[[*empty, self.kept_near_poor]] = False
        chosen = self._chosen(free, asking)
        short = LISTED_IN_THE_DEMO_WARD - sum(bool(self.crowded[one.home]) for one in fates)
        ward = self._chosen(
            free & self.crowded & ~np.isin(np.arange(len(free)), chosen), short - int(self.crowded[chosen].sum())
        )
        new = np.sort(np.concatenate([chosen, ward]))
        fates += [self._of_new(int(home), int(units[home]), by_points=by_points) for home in new]
        return sorted(self._with_the_citizen(fates, year, units), key=lambda fate: fate.home)

    def go_on(self, results: Iterable[tuple[int, HouseholdClass, HouseholdClass | None]]) -> None:
        """Take what a round really came to into the next year: place, class before, class after (None: gone)."""
        for home, before, after in results:
            if before in LISTED_CLASSES:
                self.ever[home] = True
            if after is None:
                self.gone[home], self.classes[home] = True, None
            elif after in LISTED_CLASSES or before in LISTED_CLASSES or after == AVERAGE:
                self.classes[home] = after

    def _of_listed(self, home: int, unit_id: int, empty: Collection[int], *, by_points: bool) -> Fate:
        before: HouseholdClass = self.classes[home]
        row = BECOMES[before]
        final, _chance = row[int(self._rng.choice(len(row), p=[chance for _outcome, chance in row]))]
        lot = self._rng.random()
        is_gone = home in empty or (lot < MOVED_AWAY and home != self.kept_near_poor)
        return self._fate(
            home, unit_id, before, final, ListingSource.CURRENT_LIST, is_gone=is_gone, by_points=by_points
        )

    def _of_new(self, home: int, unit_id: int, *, by_points: bool) -> Fate:
        before = self.classes[home] or NOT_POOR
        if self._rng.random() < RECOGNISED_OF_THOSE_WHO_ASK:
            final = POOR if self._rng.random() < POOR_AMONG_NEW else NEAR_POOR
        else:
            final = AVERAGE if self._rng.random() < 0.5 else NOT_POOR
        source = ListingSource.ADDED if self._rng.random() < ADDED_BY_THE_COMMUNE else ListingSource.REQUEST
        return self._fate(home, unit_id, before, final, source, is_gone=False, by_points=by_points)

    def _fate(
        self, home: int, unit_id: int, before: HouseholdClass, final: HouseholdClass, source: ListingSource, *,
        is_gone: bool, by_points: bool,
    ) -> Fate:  # fmt: skip
        if by_points and final == AVERAGE:
            final = NOT_POOR  # average living is told by income alone
        is_out = final == NOT_POOR and (by_points or self._rng.random() < SCREENED_OUT_OF_NOT_POOR)
        course = Course.GONE if is_gone else Course.SCREENED_OUT if is_out else Course.SURVEYED
        surveyed = final
        if course == Course.SURVEYED and self._rng.random() < CHANGED_BY_THE_VILLAGE:
            surveyed = NEAR_POOR if final in {POOR, AVERAGE} else POOR if final == NEAR_POOR else NEAR_POOR
        return Fate(home, unit_id, before, surveyed, final, source, course, bool(self.ever[home]))

    def _with_the_citizen(self, fates: list[Fate], year: int, units: Whole) -> list[Fate]:
        home = self.kept_near_poor
        if year < KEPT_SINCE or not units[home]:
            return fates
        known = next((fate for fate in fates if fate.home == home), None)
        before = self.classes[home] or NOT_POOR
        source = known.source if known else ListingSource.REQUEST
        kept = Fate(
            home, int(units[home]), before, NEAR_POOR, NEAR_POOR, source, Course.SURVEYED, bool(self.ever[home])
        )
        return [*(fate for fate in fates if fate.home != home), kept]

    def _chosen(self, among: NDArray[np.bool_], how_many: int) -> Whole:
        """Draw households without putting back, the more likely the greater their weight."""
        places = np.flatnonzero(among)
        if how_many <= 0 or not len(places):
            return np.empty(0, dtype=np.int64)
        score = np.log(self._weight[places]) + self._rng.gumbel(size=len(places))
        return np.sort(places[np.argsort(-score)[:how_many]])


def _share(year: int) -> float:
    last = max(SHARES)
    return SHARES[year] if year in SHARES else SHARES[last] * FALLS_BY ** (year - last)
