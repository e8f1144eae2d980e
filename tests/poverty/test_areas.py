"""Rural or urban: by designation, else by kind; and whose line jumped when the townships ended."""

from datetime import date
from typing import Any

import pytest

from lienthong.poverty.queries.areas import (
    JumpState,
    area_change_days,
    area_of,
    areas_of,
    default_area,
    households_whose_line_may_jump,
    line_jumps,
)
from lienthong.units.models import AdministrativeUnit, UnitChange, UnitSuccession
from lienthong.units.states import UnitKind
from tests.factories.people import HouseholdFactory, HouseholdMembershipFactory, PersonFactory, ResidenceFactory
from tests.factories.poverty_standards import AreaDesignationFactory
from tests.factories.units import AdministrativeUnitFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 16)
CHANGE = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("kind", "area"), [(UnitKind.WARD, "urban"), (UnitKind.TOWNSHIP, "urban"), (UnitKind.COMMUNE, "rural")]
)
def test_an_undesignated_place_is_what_its_kind_says(kind: str, area: str) -> None:
    assert area_of(AdministrativeUnitFactory(kind=kind), "Xóm 1", on=TODAY) == area


def test_the_default_carries_its_reference_and_how_sure_it_is() -> None:
    value = default_area(UnitKind.WARD, on=TODAY)

    assert str(value.reference) == "07/2021/NĐ-CP, Điều 3"
    assert value.confidence == "secondary"


def test_a_hamlet_s_designation_counts_before_that_of_its_commune() -> None:
    commune = AdministrativeUnitFactory()
    AreaDesignationFactory(unit=commune, area="urban")
    AreaDesignationFactory(unit=commune, hamlet="Xóm 1", area="rural")

    found = areas_of([(commune, "xóm  1"), (commune, "Xóm 2"), (commune, "")], on=TODAY)

    assert found == {(commune.pk, "xóm  1"): "rural", (commune.pk, "Xóm 2"): "urban", (commune.pk, ""): "urban"}


def test_hamlets_whose_names_differ_by_a_tone_are_two_hamlets() -> None:
    commune = AdministrativeUnitFactory()
    AreaDesignationFactory(unit=commune, hamlet="Bản Cái")

    assert area_of(commune, "Bản Cải", on=TODAY) == "rural"


def test_a_designation_that_nobody_approved_changes_nothing() -> None:
    commune = AdministrativeUnitFactory()
    AreaDesignationFactory(unit=commune, draft=True)

    assert area_of(commune, "", on=TODAY) == "rural"


def test_a_designation_counts_from_its_first_day_until_its_last() -> None:
    commune = AdministrativeUnitFactory()
    AreaDesignationFactory(unit=commune, valid_from=date(2026, 1, 1), valid_until=date(2026, 7, 1))

    areas = [area_of(commune, "", on=day) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 7, 1))]
    assert areas == ["rural", "urban", "rural"]


def test_many_places_cost_one_query(django_assert_num_queries: Any) -> None:
    communes = AdministrativeUnitFactory.create_batch(5)

    with django_assert_num_queries(1):
        areas_of([(commune, f"Xóm {number}") for commune in communes for number in range(20)], on=TODAY)


class Merger:
    """A township and a commune became one commune on 2025-07-01."""

    def __init__(self) -> None:
        self.township = AdministrativeUnitFactory(kind=UnitKind.TOWNSHIP, name="Thị trấn Đu", valid_until=CHANGE)
        self.old_commune = AdministrativeUnitFactory(name="Xã Động Đạt", valid_until=CHANGE)
        self.commune = AdministrativeUnitFactory(name="Xã Phú Lương", valid_from=CHANGE)
        change = UnitChange.objects.create(code="2025", on=CHANGE, instrument="Nghị quyết", title="Sắp xếp")
        for old in (self.township, self.old_commune):
            UnitSuccession.objects.create(change=change, predecessor=old, successor=self.commune, share="whole")

    def household(self, *, filed: AdministrativeUnit, lived: AdministrativeUnit | None, hamlet: str = "Xóm 1") -> Any:
        head = PersonFactory()
        if lived is not None:
            ResidenceFactory(person=head, unit=lived, hamlet=hamlet, valid_until=CHANGE)
        household = HouseholdFactory(unit=filed, hamlet=hamlet)
        HouseholdMembershipFactory(household=household, person=head)
        return household


@pytest.fixture
def merger() -> Merger:
    return Merger()


def test_a_household_of_a_former_township_that_is_now_in_a_commune_jumps(merger: Merger) -> None:
    merger.household(filed=merger.commune, lived=merger.township)
    merger.household(filed=merger.commune, lived=merger.old_commune, hamlet="Xóm 2")

    (jump,) = line_jumps(on=TODAY, change_day=CHANGE)

    assert (jump.unit, jump.hamlet, jump.area_before, jump.area_after) == (merger.commune, "Xóm 1", "urban", "rural")
    assert (jump.candidates, jump.households, jump.state) == ((merger.township,), 1, JumpState.JUMPS)


def test_a_household_still_filed_under_the_township_jumps_too(merger: Merger) -> None:
    household = merger.household(filed=merger.township, lived=None)

    assert households_whose_line_may_jump(on=TODAY) == {household.pk: JumpState.JUMPS}


def test_where_nothing_tells_the_place_before_all_candidates_are_named(merger: Merger) -> None:
    merger.household(filed=merger.commune, lived=None)

    (jump,) = line_jumps(on=TODAY, change_day=CHANGE)

    assert jump.state == JumpState.UNCLEAR
    assert {unit.name for unit in jump.candidates} == {"Thị trấn Đu", "Xã Động Đạt"}


def test_a_household_that_moved_in_from_elsewhere_does_not_jump(merger: Merger) -> None:
    merger.household(filed=merger.commune, lived=AdministrativeUnitFactory(kind=UnitKind.WARD))

    assert line_jumps(on=TODAY, change_day=CHANGE) == []


def test_a_hamlet_that_the_department_designated_jumps_no_more(merger: Merger) -> None:
    merger.household(filed=merger.commune, lived=merger.township)
    AreaDesignationFactory(unit=merger.commune, hamlet="Xóm 1", area="urban")

    assert line_jumps(on=TODAY, change_day=CHANGE) == []


def test_the_days_on_which_an_area_can_change_are_those_on_which_a_kind_did(merger: Merger) -> None:
    renamed = UnitChange.objects.create(code="tên", on=date(2024, 1, 1), instrument="", title="Đổi tên")
    old = AdministrativeUnitFactory(valid_until=date(2024, 1, 1))
    new = AdministrativeUnitFactory(valid_from=date(2024, 1, 1))
    UnitSuccession.objects.create(change=renamed, predecessor=old, successor=new, share="whole")

    assert area_change_days(on=TODAY) == [CHANGE]


def test_the_former_townships_of_the_province_went_into_communes_and_wards(province: None) -> None:
    assert area_change_days(on=TODAY)[0] == CHANGE
