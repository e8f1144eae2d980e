"""Every question about a place is asked as of a day, because codes are used again."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.units import queries as units
from lienthong.units.states import Share, UnitKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.mark.parametrize(
    ("day", "thai_nguyen", "bac_kan"),
    [
        (date(2022, 6, 30), 178, 108),
        (date(2024, 1, 1), 177, 108),
        (BEFORE, 172, 108),
        (AFTER, 92, 0),
    ],
)
def test_counts_the_communes_of_each_day(day: date, thai_nguyen: int, bac_kan: int) -> None:
    assert units.communes_on(day, province_code="19").count() == thai_nguyen
    assert units.communes_on(day, province_code="06").count() == bac_kan
    assert units.communes_on(day).count() == thai_nguyen + bac_kan


def test_lists_communes_by_their_name_in_vietnamese_order() -> None:
    names = [commune.name.split(maxsplit=1)[1] for commune in units.communes_on(AFTER)]

    assert names.index("Ba Bể") < names.index("Bá Xuyên") < names.index("Bắc Kạn") < names.index("Đại Từ")
    assert names.index("Chợ Đồn") < names.index("Đại Từ") < names.index("Yên Trạch")


def test_lists_communes_with_the_unit_above_in_one_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        above = {commune.parent.name for commune in units.communes_on(BEFORE, province_code="19") if commune.parent}

    assert len(queries) == 1
    assert len(above) == 9


def test_a_place_is_what_it_became_unless_it_was_divided() -> None:
    today = units.unit_on("05443", AFTER)
    merged = next(old for old in units.communes_on(BEFORE) if len(units.descendants_on(old, AFTER)) == 1)

    assert units.heir_on(today, AFTER) == today
    assert units.heir_on(merged, AFTER) == units.descendants_on(merged, AFTER)[0].unit
    assert units.heir_on(today, BEFORE) is None
    assert units.heir_on(None, AFTER) is None


def test_a_code_means_what_it_meant_that_day() -> None:
    assert units.unit_on("05488", BEFORE).name != units.unit_on("05488", AFTER).name


def test_finds_a_unit_with_everything_above_it_in_one_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        commune = units.unit_on("05503", BEFORE)
        assert commune.parent is not None
        assert commune.parent.parent is not None
        assert commune.parent.parent.kind == UnitKind.PROVINCE

    assert len(queries) == 1


def test_says_when_an_unknown_code_was_in_use() -> None:
    with pytest.raises(units.UnitUnknown) as refusal:
        units.unit_on("05461", AFTER)

    assert str(refusal.value) == (
        "Ngày 01/07/2025 không có đơn vị hành chính nào mang mã 05461. "
        "Mã này chỉ thuộc về: Phường Gia Sàng từ 01/03/2020 đến hết 30/06/2025."
    )
    with pytest.raises(units.UnitUnknown, match="Hãy kiểm tra lại mã"):
        units.unit_on("00000", AFTER)


def test_a_divided_commune_has_two_successors_in_part() -> None:
    edges = units.successors_of(units.unit_on("05461", BEFORE))

    assert [(edge.successor.name, edge.share, edge.change.on) for edge in edges] == [
        ("Phường Gia Sàng", Share.PART, AFTER),
        ("Phường Phan Đình Phùng", Share.PART, AFTER),
    ]


def test_a_merged_commune_knows_what_it_was_made_of() -> None:
    with CaptureQueriesContext(connection) as queries:
        made_of = units.predecessors_of(units.unit_on("05443", AFTER))
        assert {edge.change.code for edge in made_of} == {"2025-communes"}
        assert len({edge.predecessor.name for edge in made_of}) == len(made_of) > 1

    assert len(queries) == 2


def test_follows_a_commune_through_every_change() -> None:
    pho_yen = units.unit_on("05854", date(2022, 1, 1))

    assert units.descendants_on(pho_yen, date(2022, 1, 2)) == [units.Descendant(pho_yen, is_certain=True)]
    assert [heir.unit.valid_from for heir in units.descendants_on(pho_yen, BEFORE)] == [date(2022, 4, 10)]
    assert units.descendants_on(pho_yen, AFTER)[0].is_certain


def test_what_became_of_a_divided_commune_is_not_certain() -> None:
    heirs = units.descendants_on(units.unit_on("05461", date(2020, 3, 1)), date(2026, 1, 1))

    assert [(heir.unit.name, heir.is_certain) for heir in heirs] == [
        ("Phường Gia Sàng", False),
        ("Phường Phan Đình Phùng", False),
    ]


def test_every_commune_of_2022_became_something_by_now() -> None:
    lost = [
        commune.name
        for commune in units.communes_on(date(2022, 1, 1))
        if not units.descendants_on(commune, date(2026, 1, 1))
    ]

    assert lost == []


def test_follows_all_changes_in_one_query() -> None:
    commune = units.unit_on("05854", date(2022, 1, 1))

    with CaptureQueriesContext(connection) as queries:
        units.descendants_on(commune, AFTER)

    assert len(queries) == 1


def test_does_not_follow_backwards() -> None:
    with pytest.raises(ValueError, match="chỉ có từ"):
        units.descendants_on(units.unit_on("05443", AFTER), BEFORE)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Tân Cương", "Xã Tân Cương"),
        ("tan cuong", "Xã Tân Cương"),
        ("xã tân cương", "Xã Tân Cương"),
        ("  TÂN   CƯƠNG ", "Xã Tân Cương"),
        ("tan cuogn", "Xã Tân Cương"),
        ("05503", "Xã Tân Cương"),
        ("thai nguyen", "Thành phố Thái Nguyên"),
    ],
)
def test_finds_a_place_as_people_type_it(text: str, first: str) -> None:
    assert units.search_units(text, on=BEFORE)[0].name == first


@pytest.mark.parametrize("text", ["", "   ", "zzzzzz", "%", "'; DROP TABLE"])
def test_finds_nothing_for_nonsense(text: str) -> None:
    assert units.search_units(text, on=BEFORE) == []


def test_searches_in_one_query_however_much_is_found() -> None:
    with CaptureQueriesContext(connection) as queries:
        found = units.search_units("phuong", on=BEFORE)
        assert {unit.parent.name for unit in found if unit.parent}

    assert len(found) == 20
    assert len(queries) == 1


def test_what_every_commune_became_is_what_each_became_by_itself() -> None:
    with CaptureQueriesContext(connection) as queries:
        together = {(code, heir.pk) for code, heir in units.commune_heirs_on(AFTER)}
    former = [*units.communes_on(BEFORE), *units.communes_on(date(2022, 6, 30)), *units.communes_on(AFTER)]

    assert len(queries) == 1
    assert together == {(unit.code, one.unit.pk) for unit in former for one in units.descendants_on(unit, AFTER)}
