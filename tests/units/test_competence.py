"""The quick answer to who is competent is the same as the one that explains itself."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit, FieldAssignment
from lienthong.units.states import COMMUNE_KINDS, AgencyLevel

DAYS = [date(2022, 3, 1), date(2022, 9, 5), date(2025, 2, 28), date(2025, 3, 1), date(2025, 8, 1), date(2026, 11, 23)]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("level", list(AgencyLevel))
def test_says_of_every_commune_and_field_what_the_long_way_says(
    province: None, db: None, day: date, level: AgencyLevel
) -> None:
    fields = sorted(set(FieldAssignment.objects.order_by().values_list("field_code", flat=True)))
    places = list(AdministrativeUnit.objects.valid_on(day).filter(kind__in=COMMUNE_KINDS).order_by("code"))[::23]
    for place in places:
        for field in fields:
            assert quick(field, level, place, day) == long(field, level, place, day), (field, place)


def quick(field: str, level: AgencyLevel, place: AdministrativeUnit | None, day: date) -> int | str:
    try:
        return units.competent_agency_id(field_code=field, level=level, unit_id=place.pk if place else None, on=day)
    except units.NobodyCompetent as nobody:
        return str(nobody)


def long(field: str, level: AgencyLevel, place: AdministrativeUnit | None, day: date) -> int | str:
    try:
        return units.competent_agency(field_code=field, level=level, unit=place, on=day).pk
    except units.NobodyCompetent as nobody:
        return str(nobody)


def test_work_of_a_place_that_has_ended_goes_to_its_heir(province: None, db: None) -> None:
    place = units.unit_on("05443", date(2022, 3, 1))

    assert quick("merit", AgencyLevel.COMMUNE, place, date(2026, 11, 23)) == long(
        "merit", AgencyLevel.COMMUNE, place, date(2026, 11, 23)
    )


def test_a_place_that_nobody_knows_is_refused_in_words(province: None, db: None) -> None:
    said = quick("merit", AgencyLevel.COMMUNE, None, date(2026, 11, 23))

    assert isinstance(said, str)
    assert "chọn nơi ở" in said


def test_asks_once(province: None, db: None) -> None:
    place = units.unit_on("05443", date(2026, 11, 23))

    with CaptureQueriesContext(connection) as queries:
        quick("merit", AgencyLevel.PROVINCE, place, date(2026, 11, 23))

    assert len(queries) == 1
