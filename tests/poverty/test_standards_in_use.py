"""Which points table and which provincial lines serve on a day."""

from datetime import date

import pytest

from lienthong.poverty.queries.standards import points_table_on, provincial_lines_on, rules_table
from tests.factories.poverty_standards import PointsTableVersionFactory, ProvincialLineFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 16)


def test_no_points_table_serves_until_one_is_approved() -> None:
    PointsTableVersionFactory(draft=True)
    PointsTableVersionFactory(state="withdrawn")

    assert points_table_on("2022-2026", TODAY) is None


def test_the_table_that_began_last_serves() -> None:
    PointsTableVersionFactory(number=1)
    later = PointsTableVersionFactory(number=2, valid_from=date(2026, 9, 1))

    assert points_table_on("2022-2026", TODAY) == later
    assert points_table_on("2022-2026", date(2026, 8, 31)) != later


def test_a_stored_table_is_what_the_rules_count_with() -> None:
    table = rules_table(PointsTableVersionFactory(number=3, is_superseded=True))

    assert (table.version, table.columns, table.is_superseded) == (
        "2022-2026/3",
        ("northern_midlands_mountains", "urban"),
        True,
    )
    assert [(feature.code, feature.is_number) for feature in table.features] == [
        ("household_size", True),
        ("color_tv", False),
    ]
    assert table.features[0].levels[2].holds(12)


def test_the_lines_of_the_province_name_their_resolution() -> None:
    ProvincialLineFactory()
    ProvincialLineFactory(area="urban", amount=2_100_000, draft=True)

    lines = provincial_lines_on(TODAY)

    assert lines is not None
    assert (lines.rural, lines.urban, str(lines.reference)) == (1_600_000, None, "Nghị quyết 15/NQ-HĐND")
    assert provincial_lines_on(date(2025, 12, 31)) is None


def test_a_ceiling_of_average_living_is_taken_too_and_names_its_own_resolution() -> None:
    ProvincialLineFactory()
    ProvincialLineFactory(kind="average", amount=2_400_000, instrument="Nghị quyết 20/NQ-HĐND")

    lines = provincial_lines_on(TODAY)

    assert lines is not None
    assert (lines.rural, lines.average_rural, lines.average_urban) == (1_600_000, 2_400_000, None)
    assert [str(lines.reference), str(lines.average_reference)] == ["Nghị quyết 15/NQ-HĐND", "Nghị quyết 20/NQ-HĐND"]
