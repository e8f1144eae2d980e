"""What places have become, read once for many rows, says the same as the question about one place."""

from __future__ import annotations

from datetime import date

import pytest

from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.mark.parametrize("day", [date(2024, 1, 1), BEFORE, AFTER, date(2026, 11, 16)])
def test_every_tenth_commune_is_what_it_is_asked_alone(day: date) -> None:
    known = units.successions()
    asked = list(units.communes_on(date(2022, 6, 30)))[::10] + list(units.communes_on(BEFORE))[::10]

    for unit in asked:
        if unit.valid_from <= day:
            assert known.heirs(unit.pk, day) == {one.unit.pk for one in units.descendants_on(unit, day)}
            heir = units.heir_on(unit, day)
            assert known.heir(unit.pk, day) == (heir.pk if heir else None)


def test_three_communes_were_divided_and_nobody_says_what_they_are() -> None:
    divided = units.successions().divided(AFTER)

    names = AdministrativeUnit.objects.filter(pk__in=divided).values_list("code", flat=True)
    assert sorted(names) == ["05461", "05467", "05932"]
    assert all(len(heirs) == 2 for heirs in divided.values())
    assert units.successions().divided(BEFORE) == {}


def test_a_commune_answers_for_what_it_took_over_and_for_nothing_that_was_divided() -> None:
    heirs = units.successions().sole_heirs(AFTER)
    today = units.unit_on("05488", AFTER)
    absorbed = {before for before, heir in heirs.items() if heir == today.pk}
    assert len(absorbed) > 1

    rows = AdministrativeUnit.objects.filter(units.within("pk", [today.pk], on=AFTER)).order_by("pk")
    assert set(rows.values_list("pk", flat=True)) == absorbed | {today.pk}
    assert units.with_absorbed([today.pk], on=AFTER) == absorbed | {today.pk}
    assert all(units.lies_in(one, [today.pk], on=AFTER) for one in absorbed)
    assert not any(units.lies_in(one, [today.pk], on=BEFORE) for one in absorbed)
    assert not units.lies_in(units.unit_on("05467", BEFORE).pk, [units.unit_on("05467", AFTER).pk], on=AFTER)
    assert not units.lies_in(None, [today.pk], on=AFTER)


def test_where_there_is_no_place_nothing_lies_in_it() -> None:
    assert not AdministrativeUnit.objects.filter(units.within("pk", [], on=AFTER)).exists()
    assert units.with_absorbed([], on=AFTER) == frozenset()


def test_a_place_that_nobody_knows_is_told_so() -> None:
    assert units.get_unit(units.unit_on("05488", AFTER).pk).code == "05488"
    with pytest.raises(units.UnitUnknown, match="Không có đơn vị"):
        units.get_unit(0)


def test_an_old_code_means_what_its_place_has_become() -> None:
    gone = next(
        unit for unit in units.communes_on(BEFORE) if not units.communes_on(AFTER).filter(code=unit.code).exists()
    )
    heir = units.heir_on(gone, AFTER)
    assert heir is not None

    assert units.unit_now(gone.code, BEFORE) == gone
    assert units.unit_now(gone.code, AFTER) == heir
    assert units.unit_now("05467", AFTER).name == "Phường Gia Sàng", "a code that is used again is that of the day"
    with pytest.raises(units.UnitUnknown, match="chia về nhiều nơi"):
        units.unit_now("05461", AFTER)
    with pytest.raises(units.UnitUnknown, match="Hãy kiểm tra lại mã"):
        units.unit_now("00000", AFTER)
