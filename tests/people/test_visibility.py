"""One predicate says whom a reader may see; not found and not allowed look the same."""

import pytest

from lienthong.people.models import Person
from lienthong.people.policies import SYSTEM, Reader, visible_people
from lienthong.people.queries import PersonUnknown, get_person
from lienthong.units.models import AdministrativeUnit
from tests.factories.people import PersonFactory
from tests.people.conftest import OFFICER

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan(tan_cuong: AdministrativeUnit) -> Person:
    return PersonFactory(lives_in=tan_cuong)


@pytest.fixture
def nam(dai_phuc: AdministrativeUnit) -> Person:
    return PersonFactory(lives_in=dai_phuc)


@pytest.fixture
def newcomer(db: None) -> Person:
    return PersonFactory()


def seen_by(reader: Reader) -> set[Person]:
    return set(Person.objects.filter(visible_people(reader)).order_by("pk"))


def test_without_communes_named_everybody_is_seen(lan: Person, nam: Person, newcomer: Person) -> None:
    assert seen_by(SYSTEM) == {lan, nam, newcomer}


def test_an_officer_sees_their_communes_and_people_without_one(lan: Person, nam: Person, newcomer: Person) -> None:
    assert seen_by(Reader(user_id=OFFICER, unit_codes=frozenset({"05503"}))) == {lan, newcomer}


def test_a_citizen_sees_only_themselves(lan: Person, nam: Person, newcomer: Person) -> None:
    assert seen_by(Reader(user_id=1, unit_codes=frozenset(), own_person_id=nam.pk)) == {nam}


def test_a_stranger_sees_nobody(lan: Person, newcomer: Person) -> None:
    assert seen_by(Reader(user_id=None, unit_codes=frozenset())) == set()


def test_an_officer_sees_themselves_wherever_they_live(lan: Person, nam: Person) -> None:
    reader = Reader(user_id=OFFICER, unit_codes=frozenset({"05503"}), own_person_id=nam.pk)

    assert seen_by(reader) == {lan, nam}


def test_somebody_elses_record_looks_like_none(lan: Person, nam: Person) -> None:
    reader = Reader(user_id=OFFICER, unit_codes=frozenset({"05503"}))

    assert get_person(lan.pk, reader) == lan
    with pytest.raises(PersonUnknown) as forbidden:
        get_person(nam.pk, reader)
    with pytest.raises(PersonUnknown) as missing:
        get_person(0, reader)
    assert str(forbidden.value) == str(missing.value)
