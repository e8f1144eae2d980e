"""A whole population is loaded at once, every constraint checked, and a thousand more can follow."""

from datetime import date

import numpy as np
import pytest
from django.db import IntegrityError, connection

from lienthong.infra.models import Event
from lienthong.ops.demo.population import Commune, invent_population
from lienthong.people import health, queries
from lienthong.people import services as people
from lienthong.people.models import Household, HouseholdMembership, IdentityNumber, Person, PersonName, Residence
from lienthong.people.queries import PersonSearch
from lienthong.people.services import (
    HouseholdColumns,
    MembershipColumns,
    NumberColumns,
    PersonColumns,
    Population,
    ResidenceColumns,
)
from lienthong.units.models import AdministrativeUnit
from tests.factories.people import IdentityNumberFactory
from tests.people.conftest import EVERYBODY, NOW, TODAY

pytestmark = pytest.mark.django_db

NEVER = "NaT"


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


def two_people(unit: AdministrativeUnit, other: AdministrativeUnit, **people_told: object) -> Population:
    told = {
        "full_name": ["Nông Thị Ngát", "Đặng\tVăn \\ An\n"],
        "sex": ["female", "male"],
        "birth_on": days("1954-01-01", NEVER),
        "birth_precision": ["year", "day"],
        "ethnicity": ["Tày", ""],
        "died_on": days(NEVER, "2026-01-01"),
        "phone": ["", "0912000000"],
    }
    return Population(
        people=PersonColumns(**(told | people_told)),  # type: ignore[arg-type]
        numbers=NumberColumns(
            person=np.array([0, 0]),
            kind=["personal_id", "old_id_card"],
            number=["019154000001", "090123456"],
            issued_on=days("2021-05-01", NEVER),
            issued_by=["", "Công an tỉnh"],
            valid_from=days("2021-05-01", "1980-01-01"),
            valid_until=days(NEVER, "2021-05-01"),
        ),
        residences=ResidenceColumns(
            person=np.array([1, 0, 1, 1]),
            kind=["temporary", "permanent", "permanent", "permanent"],
            unit=np.array([other.pk, unit.pk, other.pk, unit.pk]),
            hamlet=["", "Xóm 1", "", "Xóm 2"],
            address=[""] * 4,
            valid_from=days("2022-01-01", "2020-03-01", "2020-03-01", "2021-01-01"),
            valid_until=days("2030-01-01", NEVER, "2021-01-01", NEVER),
            source=["", "", "", "kê khai"],
        ),
        households=HouseholdColumns(
            code=["HG1"], unit=np.array([unit.pk]), hamlet=[""], valid_from=days("2020-03-01"), valid_until=days(NEVER)
        ),
        memberships=MembershipColumns(
            household=np.array([0, 0]),
            person=np.array([0, 1]),
            relation=["head", "spouse"],
            valid_from=days("2020-03-01", "2020-03-01"),
            valid_until=days(NEVER, "2025-01-01"),
        ),
    )


def load(population: Population) -> people.LoadedPopulation:
    return people.bulk_load_people(population, source="kiểm thử", acting_user_id=None, now=NOW)


def definitions() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid::regclass::text LIKE 'people%'"
            " UNION SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'people%'"
        )
        return set(cursor.fetchall())


def assert_doctor_is_content() -> None:
    checks = (health.wrong_numbers, health.wrong_units, health.wrong_households, health.wrong_name_counts)
    assert [problem for check in checks for problem in check()] == []


def test_writes_every_fact_and_repeats_those_in_force(
    tan_cuong: AdministrativeUnit, dai_phuc: AdministrativeUnit
) -> None:
    loaded = load(two_people(tan_cuong, dai_phuc))

    ngat, an = Person.objects.order_by("pk")
    assert (ngat.pk, an.pk) == (loaded.first_person_id, loaded.first_person_id + 1)
    assert (ngat.name_key, ngat.birth_on, ngat.birth_precision) == ("nong thi ngat", date(1954, 1, 1), "year")
    assert (ngat.personal_id_number, ngat.unit, ngat.household_code) == ("019154000001", tan_cuong, "HG1")
    assert (an.full_name, an.birth_on, an.died_on) == ("Đặng\tVăn \\ An\n", None, date(2026, 1, 1))
    assert (an.personal_id_number, an.unit, an.household_code) == ("", tan_cuong, "")
    assert Household.objects.get().pk == loaded.first_household_id
    assert queries.household_of(an, date(2024, 1, 1)) == Household.objects.get()
    assert (IdentityNumber.objects.count(), Residence.objects.count()) == (2, 4)
    assert_doctor_is_content()


def test_leaves_every_index_and_constraint_as_it_was(
    tan_cuong: AdministrativeUnit, dai_phuc: AdministrativeUnit
) -> None:
    before = definitions()

    load(two_people(tan_cuong, dai_phuc))

    assert definitions() == before


def test_is_one_event(tan_cuong: AdministrativeUnit, dai_phuc: AdministrativeUnit) -> None:
    load(two_people(tan_cuong, dai_phuc))

    assert Event.objects.get().payload == {"source": "kiểm thử", "people": 2, "households": 1}


def test_a_second_load_adds_to_the_first_and_to_what_was_recorded_by_hand(
    tan_cuong: AdministrativeUnit, dai_phuc: AdministrativeUnit
) -> None:
    by_hand = people.register_person(
        people.RegisterPerson(full_name="Nông Thị Ngát"), acting_user_id=None, now=NOW
    ).person
    first = load(two_people(tan_cuong, dai_phuc))

    assert first.first_person_id > by_hand.pk
    assert PersonName.objects.get(name_key="nong thi ngat").people == 2
    later = people.register_person(people.RegisterPerson(full_name="Lò Thị Ún"), acting_user_id=None, now=NOW).person
    assert later.pk == first.first_person_id + 2
    assert_doctor_is_content()


@pytest.mark.parametrize("is_first", [True, False])
def test_what_the_tables_forbid_fails_whole(
    tan_cuong: AdministrativeUnit, dai_phuc: AdministrativeUnit, is_first: bool
) -> None:
    if not is_first:
        IdentityNumberFactory(number="019199999999")
    population = two_people(tan_cuong, dai_phuc)
    population.numbers.person[1] = 1
    population.numbers.kind[1] = "personal_id"  # type: ignore[index]
    population.numbers.number[1] = "019154000001"  # type: ignore[index]
    population.numbers.valid_until[1] = np.datetime64(NEVER)
    count = Person.objects.count()

    with pytest.raises(IntegrityError, match="identity_number_one_holder_a_day"):
        load(population)

    assert Person.objects.count() == count
    assert not HouseholdMembership.objects.exists()


def test_refuses_columns_of_different_lengths(tan_cuong: AdministrativeUnit, dai_phuc: AdministrativeUnit) -> None:
    with pytest.raises(ValueError, match="PersonColumns differ in length"):
        load(two_people(tan_cuong, dai_phuc, phone=[""]))


def test_loads_nothing_at_all() -> None:
    nothing = np.array([], dtype=np.int64)
    no_days = np.array([], dtype="datetime64[D]")
    load(
        Population(
            people=PersonColumns(
                full_name=[], sex=[], birth_on=no_days, birth_precision=[], ethnicity=[], died_on=no_days, phone=[]
            ),
            numbers=NumberColumns(
                person=nothing,
                kind=[],
                number=[],
                issued_on=no_days,
                issued_by=[],
                valid_from=no_days,
                valid_until=no_days,
            ),
            residences=ResidenceColumns(
                person=nothing,
                kind=[],
                unit=nothing,
                hamlet=[],
                address=[],
                valid_from=no_days,
                valid_until=no_days,
                source=[],
            ),
            households=HouseholdColumns(code=[], unit=nothing, hamlet=[], valid_from=no_days, valid_until=no_days),
            memberships=MembershipColumns(
                household=nothing, person=nothing, relation=[], valid_from=no_days, valid_until=no_days
            ),
        )
    )

    assert not Person.objects.exists()


def test_an_invented_population_is_sound_and_can_be_searched(tan_cuong: AdministrativeUnit) -> None:
    commune = Commune(stages=((tan_cuong.pk, date(2025, 7, 1)),), successors=(tan_cuong.pk,))
    population = invent_population(2_000, communes=[commune], today=TODAY, seed=1)

    load(population)

    assert Person.objects.count() == 2_000
    assert_doctor_is_content()
    name = population.people.full_name[1_000]
    found = queries.search_people(PersonSearch(text=name, unit_code="05503"), EVERYBODY)
    assert found[0].person.full_name == name
    assert queries.household_of(found[0].person, TODAY) is not None


def test_the_doctor_names_what_no_longer_agrees(tan_cuong: AdministrativeUnit, dai_phuc: AdministrativeUnit) -> None:
    load(two_people(tan_cuong, dai_phuc))
    Person.objects.update(personal_id_number="1", unit=dai_phuc, household_code="X")
    PersonName.objects.filter(name_key="nong thi ngat").update(people=5)

    assert (
        len(list(health.wrong_numbers()))
        == len(list(health.wrong_units()))
        == len(list(health.wrong_households()))
        == 2
    )
    assert list(health.wrong_name_counts()) == ["Tên “nong thi ngat” được đếm 5 người, thật ra có 1"]
