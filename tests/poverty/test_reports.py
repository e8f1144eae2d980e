"""Each report against a count by hand: plain Python over the rows, without the columns that the reports rely on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.poverty.models import CommuneReview, HouseholdReview, ReviewRound
from lienthong.poverty.queries.placement import Placement, place
from lienthong.poverty.queries.reports import (
    REPORTS,
    Asked,
    Basis,
    Report,
    Rows,
    Table,
    households_behind,
    indicators_of,
    listed_households,
    report_named,
    table_of,
)
from lienthong.poverty.services.reporting import figures_of
from lienthong.poverty.states import Cause, CommuneState
from lienthong.units.queries import unit_on
from tests.poverty.reported_round import decided_commune, fill, round_of

pytestmark = pytest.mark.usefixtures("province")

TABLES = [report for report in REPORTS if report.rows != Rows.HOUSEHOLD]
DAYS = [None, date(2022, 12, 31), date(2025, 6, 30)]
NOW, REPORTED = Asked(Basis.NOW), Asked(Basis.REPORTED)
Row = HouseholdReview
LISTED = ("poor", "near_poor")


def _is(listed: str) -> Callable[[Row], bool]:
    return lambda row: row.final_class == listed


def _movement(listed: str) -> dict[str, Callable[[Row], int]]:
    other = "near_poor" if listed == "poor" else "poor"
    found: dict[str, Callable[[Row], int]] = {
        "opening": lambda row: row.class_before == listed,
        f"{other}_to_{listed}": lambda row: row.class_before == other and row.final_class == listed,
        f"relapse_{listed}": lambda row: row.class_before not in LISTED and row.final_class == listed and row.ever_listed,
        f"new_{listed}": lambda row: row.class_before not in LISTED and row.final_class == listed and not row.ever_listed,
        f"{listed}_exits": lambda row: row.class_before == listed and row.final_class in ("average", "not_poor"),
        f"{listed}_to_{other}": lambda row: row.class_before == listed and row.final_class == other,
        f"{listed}_gone": lambda row: row.class_before == listed and row.visit_state == "gone",
        "closing": lambda row: row.final_class == listed,
    }  # fmt: skip
    return found


def _deprived(listed: str) -> dict[str, Callable[[Row], int]]:
    found: dict[str, Callable[[Row], int]] = {listed: _is(listed)}
    for code, _name in indicators_of("2022-2026"):
        found[code] = lambda row, code=code: row.final_class == listed and code in row.deprivations  # type: ignore[misc]
    return found


def _both(*made: Callable[[str], dict[str, Callable[[Row], int]]]) -> dict[str, Callable[[Row], int]]:
    return {name: count for listed in LISTED for one in made for name, count in one(listed).items()}


EXPECTED: dict[str, dict[str, Callable[[Row], int]]] = {
    "poor": {"poor": _is("poor"), "people": lambda row: (row.size or 0) if row.final_class == "poor" else 0},
    "near-poor": {
        "near_poor": _is("near_poor"),
        "people": lambda row: (row.size or 0) if row.final_class == "near_poor" else 0,
    },
    "movement-poor": _movement("poor"),
    "movement-near-poor": _movement("near_poor"),
    "deprivation-poor": _deprived("poor"),
    "deprivation-near-poor": _deprived("near_poor"),
    "deprivation-poor-share": {"poor": _is("poor")},
    "deprivation-near-poor-share": {"near_poor": _is("near_poor")},
    "targets": _both(
        lambda listed: {
            listed: _is(listed),
            f"{listed}.no_labour": lambda row: row.final_class == listed and row.has_no_labour is True,
            f"{listed}.merit": lambda row: row.final_class == listed and row.has_merit_member is True,
            f"{listed}.minority": lambda row: row.final_class == listed and row.ethnicity not in ("", "Kinh"),
        }
    ),
    "causes": _both(
        lambda listed: {
            f"{listed}.{cause}": lambda row, cause=cause: row.final_class == listed and cause in row.causes  # type: ignore[misc]
            for cause in Cause.values
        }
    ),
    "children": _both(
        lambda listed: {
            listed: _is(listed),
            **{
                f"{listed}.{code}": lambda row, code=code: row.final_class == listed and code in row.deprivations  # type: ignore[misc]
                for code in ("nutrition", "childSchoolAttendance")
            },
        }
    ),
    "average": {"average": _is("average")},
}


@pytest.fixture
def round_() -> ReviewRound:
    return round_of(2026)


@pytest.fixture
def communes(round_: ReviewRound) -> list[CommuneReview]:
    """Four communes of today with 400 households, of which one has not decided."""
    day = round_.starts_on
    made = [decided_commune(round_, unit_on(code, day)) for code in ("05443", "05467", "05719")]
    made.append(decided_commune(round_, unit_on("05908", day), decided=False, visiting=True, households_total=None))
    fill(made, 400)
    return made


def values_of(table: Table, key: str) -> dict[str, Any]:
    line = table.total if key == "total" else next(line for line in table.lines if line.key == key)
    return {cell.column.code: cell.value for cell in line.cells}


def rows_by_place(placement: Placement) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in HouseholdReview.objects.select_related("commune_review").order_by("pk"):
        if row.commune_review.state == CommuneState.DECIDED:
            at = placement.unit_id_of(row.pk, row.commune_review_id)
            found.setdefault(str(at or 0), []).append(row)
    return found


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("code", list(EXPECTED))
def test_equals_the_count_by_hand(
    code: str, day: date | None, round_: ReviewRound, communes: list[CommuneReview]
) -> None:
    report, placement = report_named(code), place(communes, day)
    assert report is not None
    by_place = rows_by_place(placement)

    table = table_of(report, round_, placement, NOW)

    everything = [row for rows in by_place.values() for row in rows]
    assert len(everything) == 300
    for key, rows in {**by_place, "total": everything}.items():
        values = values_of(table, key)
        for name, count in EXPECTED[code].items():
            assert values[name] == sum(int(count(row)) for row in rows), (key, name)
    assert not table.broken


@pytest.mark.parametrize("day", DAYS)
def test_the_report_by_ethnicity_equals_the_count_by_hand(
    day: date | None, round_: ReviewRound, communes: list[CommuneReview]
) -> None:
    report, placement = report_named("ethnicity"), place(communes, day)
    assert report is not None
    rows = [row for found in rows_by_place(placement).values() for row in found]

    table = table_of(report, round_, placement, NOW)

    assert {line.key for line in table.lines} == {"Kinh", "Tày", "Nùng", "Dao", "Mông", "-"}
    for line in table.lines:
        values = values_of(table, line.key)
        for listed in LISTED:
            mine = [row for row in rows if row.final_class == listed and row.ethnicity == line.name]
            everybody = [row for row in rows if row.final_class == listed]
            assert values[listed] == len(mine)
            assert values[f"{listed}.share"] == pytest.approx(len(mine) / len(everybody))
    assert values_of(table, "total")["poor.share"] == 1


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("report", TABLES, ids=lambda report: report.code)
def test_behind_every_number_are_as_many_households(
    report: Report, day: date | None, round_: ReviewRound, communes: list[CommuneReview]
) -> None:
    placement = place(communes, day)
    table = table_of(report, round_, placement, NOW)

    for line in (*table.lines, table.total):
        is_place = report.rows == Rows.COMMUNE and line.key != "total"
        for cell in line.cells:
            if not cell.column.opens or cell.value is None:
                continue
            found = households_behind(
                report,
                cell.column,
                placement,
                row=line.key if report.rows == Rows.ETHNICITY and line.key != "total" else "",
                unit_id=int(line.key) if is_place else None,
            )
            if cell.column.code == "people":
                assert sum(row.size or 0 for row in found) == cell.value
            else:
                assert found.count() == cell.value, (line.name, cell.column.code)


def test_detailed_lists_hold_every_household_of_the_class(round_: ReviewRound, communes: list[CommuneReview]) -> None:
    placement = place(communes, None)
    for code, listed in (("list-poor", "poor"), ("list-near-poor", "near_poor")):
        report = report_named(code)
        assert report is not None
        assert listed_households(report, placement).count() == sum(
            row.final_class == listed for rows in rows_by_place(placement).values() for row in rows
        )


class TestRates:
    def test_are_of_all_households_of_the_commune(self, round_: ReviewRound, communes: list[CommuneReview]) -> None:
        report = report_named("poor")
        assert report is not None

        values = values_of(table_of(report, round_, place(communes, None), NOW), str(communes[0].unit_id))

        assert values["all"] == 1000
        assert values["rate"] == values["poor"] / 1000

    def test_are_no_data_where_nothing_is_below_the_line(
        self, round_: ReviewRound, communes: list[CommuneReview]
    ) -> None:
        CommuneReview.objects.filter(pk=communes[1].pk).update(households_total=None)
        communes[1].households_total = None
        report = report_named("poor")
        assert report is not None

        table = table_of(report, round_, place(communes, None), NOW)

        assert values_of(table, str(communes[1].unit_id))["rate"] is None
        assert values_of(table, "total")["rate"] is None
        assert [one.pk for one in table.missing_totals] == [communes[1].pk]

    def test_a_commune_that_has_not_decided_has_no_figures(
        self, round_: ReviewRound, communes: list[CommuneReview]
    ) -> None:
        report = report_named("deprivation-poor-share")
        assert report is not None

        table = table_of(report, round_, place(communes, None), NOW)

        line = next(line for line in table.lines if line.key == str(communes[3].unit_id))
        assert set(line.values) == {None}
        assert (table.total.decided, table.total.communes) == (3, 4)


def test_an_account_that_does_not_add_up_says_so(round_: ReviewRound, communes: list[CommuneReview]) -> None:
    row = HouseholdReview.objects.filter(commune_review=communes[0], movement="new_poor").order_by("pk").first()
    assert row is not None
    HouseholdReview.objects.filter(pk=row.pk).update(movement="none")
    report = report_named("movement-poor")
    assert report is not None

    table = table_of(report, round_, place(communes, None), NOW)

    assert [(line.key, line.off_by) for line in table.broken] == [(str(communes[0].unit_id), -1), ("total", -1)]


class TestReported:
    def test_what_was_reported_stands_and_what_differs_now_is_named(
        self, round_: ReviewRound, communes: list[CommuneReview]
    ) -> None:
        for review in communes[:3]:
            review.frozen, review.state = figures_of(review), CommuneState.REPORTED
            review.save()
        now = {report.code: table_of(report, round_, place(communes, None), NOW) for report in TABLES}
        reported = {report.code: table_of(report, round_, place(communes, None), REPORTED) for report in TABLES}
        for code, table in reported.items():
            assert [line.values for line in table.lines] == [line.values for line in now[code].lines], code
            assert table.total.values == now[code].total.values
            assert not table.differing

        row = HouseholdReview.objects.filter(commune_review=communes[0], final_class="poor").order_by("pk").first()
        assert row is not None
        HouseholdReview.objects.filter(pk=row.pk).update(final_class="near_poor")
        report = report_named("poor")
        assert report is not None
        table = table_of(report, round_, place(communes, None), REPORTED)
        cell = next(cell for cell in table.differing[0].cells if cell.column.code == "poor")
        assert cell.value is not None
        assert cell.other == cell.value - 1

    def test_is_not_shown_where_the_map_divides_a_commune(
        self, round_: ReviewRound, communes: list[CommuneReview]
    ) -> None:
        report = report_named("poor")
        assert report is not None

        assert table_of(report, round_, place(communes, date(2022, 12, 31)), REPORTED).basis == Basis.NOW


def test_asks_once_for_each_kind_of_figure(round_: ReviewRound, communes: list[CommuneReview]) -> None:
    placement = place(communes, None)
    for report in TABLES:
        with CaptureQueriesContext(connection) as asked:
            table_of(report, round_, placement, NOW)
        assert len(asked) == len(report.families), report.code
