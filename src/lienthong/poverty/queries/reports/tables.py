"""The table of a report: its figures by row on a map, as reported and as they stand now, with what does not add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

from lienthong.accounts.models import User
from lienthong.poverty import policies
from lienthong.poverty.models import CommuneReview, ReviewRound
from lienthong.poverty.movements import ENTRIES, EXITS
from lienthong.poverty.queries.placement import Placement
from lienthong.poverty.queries.reports.figures import (
    HOUSEHOLDS_TOTAL,
    ByPlace,
    Figures,
    figures_now,
    figures_reported,
    is_decided,
)
from lienthong.poverty.queries.reports.shape import Column, Report, Rows
from lienthong.poverty.states import LISTED_CLASSES, CommuneState, HouseholdClass
from lienthong.units.models import AdministrativeUnit


class Basis(StrEnum):
    """Which figures a report shows: those that the communes have reported and froze, or those of today."""

    REPORTED = "reported"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown. ``unit_id`` narrows to one unit of the map, 0 to what is unplaced; None shows all."""

    basis: Basis
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a report; None is "no data". ``other`` is the same figure on the other basis where it differs."""

    column: Column
    value: int | float | None
    other: int | float | None = None
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a report.

    ``unit`` is None in the row of what is unplaced and in reports whose rows are no units. ``decided`` of ``communes`` of the
    round have figures here. ``off_by`` is by how much the account of movements misses its closing; 0 where it adds up.
    """

    key: str
    name: str
    unit: AdministrativeUnit | None
    cells: tuple[Cell, ...]
    communes: int
    decided: int
    off_by: int = 0

    @property
    def has_figures(self) -> bool:
        """Whether anything is known of it."""
        return self.decided > 0

    @property
    def values(self) -> list[int | float | None]:
        """The numbers of the row."""
        return [cell.value for cell in self.cells]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A report with its numbers.

    ``missing_totals`` are the communes that have decided but not told how many households live there: the shares of which they are a
    part are "no data".
    """

    report: Report
    columns: tuple[Column, ...]
    lines: list[Line]
    total: Line
    basis: Basis
    missing_totals: list[CommuneReview]

    @property
    def broken(self) -> list[Line]:
        """The rows whose account does not add up."""
        return [line for line in (*self.lines, self.total) if line.off_by]

    @property
    def differing(self) -> list[Line]:
        """The rows in which what was reported is not what stands now."""
        return [line for line in self.lines if any(cell.differs for cell in line.cells)]


def communes_seen(round_: ReviewRound, *, as_: User, on: date) -> list[CommuneReview]:
    """Return the parts of a round that a user may see, with their units, by name."""
    seen = CommuneReview.objects.filter(policies.visible_to(as_, on=on, path="unit"), round=round_)
    return list(seen.select_related("unit__parent").order_by("unit__sort_key", "unit__code", "pk"))


def table_of(report: Report, round_: ReviewRound, placement: Placement, asked: Asked) -> Table:
    """Return a report of a round on a map: one question for each kind of figure that it needs.

    What was reported is of whole communes: on a map that divides one, only what stands now can be shown.

    Args:
        report: One with a table; those by household have ``listed_households``.
        round_: Whose standard gives the indicators.
        placement: Of the communes that somebody may see.
        asked: The basis, and one unit if not all.
    """
    basis = Basis.NOW if placement.divided else asked.basis
    sources = {at: placement.sources_of(at) for at in (*placement.units, None)}
    now = _Counts(
        figures_now(placement, report.families),
        {pk: review.households_total for pk, review in placement.communes.items() if is_decided(review)},
    )
    reported = _Counts(
        figures_reported(placement) if not placement.divided else {},
        {pk: _reported_total(one) for pk, one in placement.communes.items() if one.state == CommuneState.REPORTED},
    )
    shown, compared = (reported, now) if basis == Basis.REPORTED else (now, reported)
    places = _places(placement, asked)
    reviews = {review.pk: review for at, _unit in places for review in sources[at]}
    builder = _Builder(
        report=report,
        columns=report.columns_of(round_.standard_id),
        placement=placement,
        shown=shown,
        compared=None if placement.divided else compared,
    )
    if report.rows == Rows.ETHNICITY:
        lines = builder.by_ethnicity([at for at, _unit in places], reviews)
    else:
        lines = [builder.of_place(at, unit, {one.pk: one for one in sources[at]}) for at, unit in places]
    return Table(
        report=report,
        columns=builder.columns,
        lines=lines,
        total=builder.total([at for at, _unit in places], reviews),
        basis=basis,
        missing_totals=[one for pk, one in reviews.items() if pk in shown.totals and shown.totals[pk] is None],
    )


def _reported_total(review: CommuneReview) -> int | None:
    total = review.frozen.get(HOUSEHOLDS_TOTAL)
    return total if isinstance(total, int) else None


def _places(placement: Placement, asked: Asked) -> list[tuple[int | None, AdministrativeUnit | None]]:
    places: list[tuple[int | None, AdministrativeUnit | None]] = [(unit.pk, unit) for unit in placement.ordered_units]
    if placement.unplaced:
        places.append((None, None))
    return places if asked.unit_id is None else [(at, unit) for at, unit in places if (at or 0) == asked.unit_id]


@dataclass(frozen=True, slots=True)
class _Counts:
    """Figures by place, and how many households live in each commune that has figures, as far as it told."""

    by_place: ByPlace
    totals: dict[int, int | None]

    def all_households(self, review_ids: Iterable[int]) -> int | None:
        """Return how many households live in some communes; None where one of them did not tell, or there are none."""
        known = [self.totals[pk] for pk in review_ids if pk in self.totals]
        return sum(one or 0 for one in known) if known and None not in known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Builder:
    """Makes the rows of one report."""

    report: Report
    columns: tuple[Column, ...]
    placement: Placement
    shown: _Counts
    compared: _Counts | None

    def of_place(self, at: int | None, unit: AdministrativeUnit | None, reviews: dict[int, CommuneReview]) -> Line:
        """Return the row of a unit. A commune that was divided tells of no part how many households live there."""
        is_whole = at is not None and all(pk in self.placement.whole for pk in reviews)
        return self._line(
            str(at or 0),
            unit.name if unit else "",
            unit,
            reviews,
            lambda counts: _with_total(
                counts.by_place.get(at, Counter()), counts.all_households(reviews) if is_whole else None
            ),
        )

    def total(self, places: list[int | None], reviews: dict[int, CommuneReview]) -> Line:
        """Return the row of all places shown. Of the whole round all households are there, however they are placed."""
        is_whole = all(pk in self.placement.whole for pk in reviews) or len(reviews) == len(self.placement.communes)

        def figures_of(counts: _Counts) -> Figures:
            figures = _added(counts, places)
            if self.report.rows == Rows.ETHNICITY:
                wholes = _wholes(figures)
                figures = wholes + Counter({key.removeprefix("all."): count for key, count in wholes.items()})
            return _with_total(figures, counts.all_households(reviews) if is_whole else None)

        return self._line("total", "", None, reviews, figures_of)

    def by_ethnicity(self, places: list[int | None], reviews: dict[int, CommuneReview]) -> list[Line]:
        """Return a row for each ethnicity, the one with most households first; those that gave none stand last."""
        both = _added(self.shown, places) + (_added(self.compared, places) if self.compared else Counter())
        sizes: Counter[str] = Counter()
        for key, count in both.items():
            if key.startswith("ethnicity."):
                sizes[key.split(".", 2)[2]] += count
        names = sorted(sizes, key=lambda name: (not name, -sizes[name], name))
        return [
            self._line(name or "-", name, None, reviews, partial(_of_ethnicity, places=places, name=name))
            for name in names
        ]

    def _line(
        self,
        key: str,
        name: str,
        unit: AdministrativeUnit | None,
        reviews: dict[int, CommuneReview],
        figures_of: Callable[[_Counts], Figures],
    ) -> Line:
        decided = {pk for pk in reviews if pk in self.shown.totals}
        figures = figures_of(self.shown)
        # Compared only where both speak of the same communes.
        other = self.compared
        both = other is not None and bool(decided) and decided == {pk for pk in reviews if pk in other.totals}
        others = figures_of(other) if other is not None and both else None
        cells = []
        for column in self.columns:
            value = _value(column, figures) if decided else None
            compared = _value(column, others) if others is not None else None
            cells.append(Cell(column, value, compared, differs=others is not None and compared != value))
        off_by = account_misses_by(self.report.account, figures) if self.report.account else 0
        return Line(key, name, unit, tuple(cells), len(reviews), len(decided), off_by)


def account_misses_by(listed: HouseholdClass, figures: Figures) -> int:
    """Return opening + entries - exits - closing of a list, each counted by itself: 0 where the account adds up."""
    entries = sum(figures[f"movement.{one}"] for one in ENTRIES[listed])
    exits = sum(figures[f"movement.{one}"] for one in EXITS[listed])
    return figures[f"before.{listed}"] + entries - exits - figures[listed]


def _added(counts: _Counts, places: list[int | None]) -> Figures:
    figures: Figures = Counter()
    for at in places:
        figures.update(counts.by_place.get(at, Counter()))
    return figures


def _with_total(figures: Figures, total: int | None) -> Figures:
    found = Counter({key: count for key, count in figures.items() if key != HOUSEHOLDS_TOTAL})
    if total is not None:
        found[HOUSEHOLDS_TOTAL] = total
    return found


def _of_ethnicity(counts: _Counts, *, places: list[int | None], name: str) -> Figures:
    figures = _added(counts, places)
    return _wholes(figures) + Counter({str(one): figures[f"ethnicity.{one}.{name}"] for one in LISTED_CLASSES})


def _wholes(figures: Figures) -> Figures:
    """Return all households of each list from their ethnicities."""
    return Counter(
        {
            f"all.{listed}": sum(count for key, count in figures.items() if key.startswith(f"ethnicity.{listed}."))
            for listed in LISTED_CLASSES
        }
    )


def _value(column: Column, figures: Figures) -> int | float | None:
    if HOUSEHOLDS_TOTAL in (*column.parts, *column.of) and HOUSEHOLDS_TOTAL not in figures:
        return None
    count = sum(figures[part] for part in column.parts)
    if not column.is_rate:
        return count
    whole = sum(figures[part] for part in column.of)
    return count / whole if whole else None
