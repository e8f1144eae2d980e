"""Who received, who decided and who followed whom, on any day."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import AgencyKind, AgencyLevel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]

IN_2022, BEFORE, AFTER = date(2022, 11, 30), date(2025, 6, 30), date(2025, 7, 1)
TAN_CUONG, GIA_SANG, BAC_KAN_COMMUNE = "05503", "05461", "01840"


def tan_cuong(day: date) -> AdministrativeUnit:
    return units.unit_on(TAN_CUONG, day)


def test_finds_an_agency_of_a_day() -> None:
    assert units.agency_on("H55.LDTBXH", IN_2022).name == "Sở Lao động - Thương binh và Xã hội tỉnh Thái Nguyên"

    with pytest.raises(units.AgencyUnknown, match="từ 01/03/2020 đến hết 28/02/2025"):
        units.agency_on("H55.LDTBXH", AFTER)
    with pytest.raises(units.AgencyUnknown, match="Hãy kiểm tra lại mã"):
        units.agency_on("X", AFTER)


def test_gives_an_agency_by_its_number_with_its_place_in_one_query() -> None:
    number = units.agency_on("H55.SNV", AFTER).pk

    with CaptureQueriesContext(connection) as queries:
        assert units.get_agency(number).unit.name == "Tỉnh Thái Nguyên"
    assert len(queries) == 1
    with pytest.raises(units.AgencyUnknown, match="Không có cơ quan số 0"):
        units.get_agency(0)


def test_lists_the_agencies_of_a_day_by_kind() -> None:
    assert units.agencies_on(AFTER, kind=AgencyKind.COMMUNE_COMMITTEE).count() == 92
    assert units.agencies_on(AFTER).count() > 92
    assert {agency.kind for agency in units.agencies_on(AFTER, kind=AgencyKind.DEPARTMENT)} == {"department"}


def test_lists_agencies_with_their_places_in_one_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len({agency.unit.code for agency in units.agencies_on(BEFORE)}) > 280

    assert len(queries) == 1


@pytest.mark.parametrize(
    ("level", "day", "count"),
    [
        (AgencyLevel.PROVINCE, AFTER, 1),
        (AgencyLevel.DISTRICT, BEFORE, 9),
        (AgencyLevel.DISTRICT, AFTER, 0),
        (AgencyLevel.COMMUNE, BEFORE, 280),
        (AgencyLevel.COMMUNE, AFTER, 92),
    ],
)
def test_says_where_dossiers_of_a_level_are_received(level: AgencyLevel, day: date, count: int) -> None:
    assert units.receiving_agencies(level, on=day).count() == count


@pytest.mark.parametrize(
    ("field", "level", "day", "name"),
    [
        ("social-protection", "province", IN_2022, "Sở Lao động - Thương binh và Xã hội tỉnh Thái Nguyên"),
        ("social-protection", "province", date(2025, 3, 1), "Sở Y tế"),
        ("vocational-education", "province", AFTER, "Sở Giáo dục và Đào tạo"),
        ("merit", "province", AFTER, "Sở Nội vụ"),
        ("drug-rehabilitation", "province", AFTER, "Công an tỉnh Thái Nguyên"),
        ("social-protection", "district", IN_2022, "Phòng Lao động - Thương binh và Xã hội thành phố Thái Nguyên"),
        ("social-protection", "commune", IN_2022, "Ủy ban nhân dân xã Tân Cương"),
        ("social-protection", "commune", AFTER, "Ủy ban nhân dân xã Tân Cương"),
    ],
)
def test_knows_who_is_competent(field: str, level: str, day: date, name: str) -> None:
    agency = units.competent_agency(field_code=field, level=AgencyLevel(level), unit=tan_cuong(day), on=day)

    assert agency.name == name
    assert agency.valid_until is None or day < agency.valid_until


def test_running_work_finds_its_new_agency_when_its_commune_was_merged() -> None:
    agency = units.competent_agency(
        field_code="social-protection", level=AgencyLevel.COMMUNE, unit=units.unit_on("05443", BEFORE), on=AFTER
    )

    assert agency.name == "Ủy ban nhân dân phường Phan Đình Phùng"


def test_a_province_can_be_asked_without_a_place() -> None:
    agency = units.competent_agency(field_code="merit", level=AgencyLevel.PROVINCE, unit=None, on=AFTER)

    assert agency.code == "H55.SNV"


@pytest.mark.parametrize(
    ("level", "code", "of_day", "on", "told"),
    [
        ("commune", GIA_SANG, BEFORE, AFTER, "đã chia về nhiều nơi (Phường Gia Sàng, Phường Phan Đình Phùng)"),
        ("district", TAN_CUONG, AFTER, AFTER, "không thuộc huyện nào"),
        ("commune", "164", BEFORE, BEFORE, "không phải xã, phường"),
        ("commune", TAN_CUONG, AFTER, BEFORE, "chỉ có từ 01/07/2025"),
        ("province", BAC_KAN_COMMUNE, BEFORE, BEFORE, "Tỉnh Bắc Kạn được giao lĩnh vực merit"),
    ],
)
def test_says_why_nobody_is_competent(level: str, code: str, of_day: date, on: date, told: str) -> None:
    with pytest.raises(units.NobodyCompetent) as refusal:
        units.competent_agency(field_code="merit", level=AgencyLevel(level), unit=units.unit_on(code, of_day), on=on)

    assert told in str(refusal.value)


def test_says_that_the_place_or_the_assignment_is_missing() -> None:
    with pytest.raises(units.NobodyCompetent, match="Chưa biết xã, phường"):
        units.competent_agency(field_code="merit", level=AgencyLevel.COMMUNE, unit=None, on=AFTER)
    with pytest.raises(units.NobodyCompetent, match="được giao lĩnh vực fishing"):
        units.competent_agency(field_code="fishing", level=AgencyLevel.PROVINCE, unit=None, on=AFTER)


def test_asks_for_the_competent_agency_in_one_query() -> None:
    commune = tan_cuong(IN_2022)

    for level in AgencyLevel:
        with CaptureQueriesContext(connection) as queries:
            units.competent_agency(field_code="social-protection", level=level, unit=commune, on=IN_2022)
        assert len(queries) == 1


def test_the_department_of_2022_has_five_heirs_with_their_fields() -> None:
    with CaptureQueriesContext(connection) as queries:
        history = units.history_of(units.agency_on("H55.LDTBXH", IN_2022))

    direct = {edge.successor.code: edge.fields for edge in history.after if edge.predecessor.code == "H55.LDTBXH"}
    assert set(direct) == {"H55.SNV", "H55.SYT", "H55.SGDDT", "H55.SNNMT", "H55.CAT"}
    assert "social-protection" in direct["H55.SYT"]
    assert history.before == ()
    assert len(queries) == 3


def test_an_agency_of_today_remembers_all_it_came_from() -> None:
    history = units.history_of(units.agency_on("H55.SYT", AFTER))

    assert "H55.LDTBXH" in {edge.predecessor.code for edge in history.before}
    assert history.after == ()
