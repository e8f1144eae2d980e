"""Who people are: what is recorded, corrected and refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from lienthong.infra.models import Event
from lienthong.kernel.days import BirthDate, DatePrecision
from lienthong.kernel.identity import FindingKind
from lienthong.people import health
from lienthong.people import services as people
from lienthong.people.models import IdentityNumber, Person, PersonName, Residence
from lienthong.people.queries import PersonUnknown
from lienthong.people.services import CorrectPerson, FirstResidence, PeopleRefusal, RecordDeath, RegisterPerson
from lienthong.people.services.refusals import DayInTheFuture, TextRefused
from lienthong.people.services.registration import (
    BirthImpossible,
    DeathAlreadyRecorded,
    DiesBeforeBirth,
    NameUnreadable,
)
from lienthong.people.states import BirthPrecision, ResidenceKind, Sex
from lienthong.units.models import AdministrativeUnit
from lienthong.units.queries import UnitUnknown
from tests.factories.people import PersonFactory
from tests.people.conftest import NOW, OFFICER, TODAY

pytestmark = pytest.mark.django_db


def register(**told: object) -> people.RegisteredPerson:
    command = RegisterPerson(**({"full_name": "Nông Thị Ngát", "sex": Sex.FEMALE} | told))  # type: ignore[arg-type]
    return people.register_person(command, acting_user_id=OFFICER, now=NOW)


def correct(person: Person, **told: object) -> Person:
    as_it_is = {
        "person_id": person.pk,
        "reason": "Đối chiếu giấy khai sinh",
        "full_name": person.full_name,
        "sex": Sex(person.sex),
        "birth": BirthDate(date(1980, 5, 17)),
        "ethnicity": person.ethnicity,
        "phone": person.phone,
        "email": person.email,
        "died_on": person.died_on,
    }
    return people.correct_person(CorrectPerson(**(as_it_is | told)), acting_user_id=OFFICER, now=NOW)  # type: ignore[arg-type]


def assert_doctor_is_content() -> None:
    checks = (health.wrong_numbers, health.wrong_units, health.wrong_households, health.wrong_name_counts)
    assert [problem for check in checks for problem in check()] == []


def test_records_everything_that_is_told_at_once(tan_cuong: AdministrativeUnit) -> None:
    home = FirstResidence(kind=ResidenceKind.PERMANENT, unit_code="05503", hamlet="Xóm Gò Pháo")

    registered = register(
        birth=BirthDate(date(1954, 1, 1), DatePrecision.YEAR), number="019 154 000 001", residence=home, ethnicity="Tày"
    )

    person = Person.objects.get(pk=registered.person.pk)
    assert (person.name_key, person.ethnicity) == ("nong thi ngat", "Tày")
    assert (person.birth_on, person.birth_precision) == (date(1954, 1, 1), BirthPrecision.YEAR)
    assert (person.personal_id_number, person.unit) == ("019154000001", tan_cuong)
    assert IdentityNumber.objects.get(person=person).valid_from == TODAY
    assert Residence.objects.get(person=person).hamlet == "Xóm Gò Pháo"
    assert_doctor_is_content()


def test_writes_one_event_without_name_or_number() -> None:
    registered = register(number="019154000001")

    event = Event.objects.get()
    assert (event.name, event.stream) == ("PersonRegistered", f"person:{registered.person.pk}")
    assert (event.actor_id, event.at) == (OFFICER, NOW)
    assert "019154000001" not in str(event.payload)
    assert "Ngát" not in str(event.payload)


def test_writes_a_shouted_name_the_usual_way() -> None:
    assert register(full_name="  NÔNG THỊ   NGÁT ").person.full_name == "Nông Thị Ngát"


def test_knows_an_old_number_by_its_nine_digits() -> None:
    registered = register(number="090123456")

    assert IdentityNumber.objects.get().kind == "old_id_card"
    assert registered.person.personal_id_number == ""


def test_an_odd_number_is_recorded_with_a_warning() -> None:
    registered = register(number="019054000001", birth=BirthDate(date(1960, 1, 1)))

    kinds = {warning.kind for warning in registered.warnings}
    assert kinds == {FindingKind.SEX_DIFFERS, FindingKind.BIRTH_YEAR_DIFFERS}
    assert registered.person.personal_id_number == "019054000001"


def test_a_form_sent_twice_makes_no_twin() -> None:
    command, key = RegisterPerson(full_name="Nông Thị Ngát", number="019154000001"), uuid4()

    first, second = (
        people.register_person(command, acting_user_id=OFFICER, now=NOW, client_key=key) for _twice in range(2)
    )

    assert first.person == second.person == Person.objects.get()
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_no_twin() -> None:
    command, key = RegisterPerson(full_name="Nông Thị Ngát", number="019154000001"), uuid4()

    def press(_time: int) -> int:
        try:
            return people.register_person(command, acting_user_id=OFFICER, now=NOW, client_key=key).person.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(press, range(2)))) == 1
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "refusal", "says"),
    [
        ({"full_name": "  "}, TextRefused, "Chưa nhập họ và tên"),
        ({"full_name": "x" * 300}, TextRefused, "Họ và tên: Nội dung dài 300 ký tự"),
        ({"full_name": "Nông\x00Thị"}, TextRefused, "ký tự điều khiển"),
        ({"full_name": "Nông Thị 2"}, NameUnreadable, "không có chữ số"),
        ({"full_name": "😀"}, NameUnreadable, "cần có chữ cái"),
        ({"birth": BirthDate(date(3000, 1, 1))}, BirthImpossible, "01/01/3000"),
        ({"birth": BirthDate(date(1800, 1, 1))}, BirthImpossible, "quá 130 năm"),
        ({"birth": BirthDate(TODAY + timedelta(days=1))}, BirthImpossible, "chưa đến"),
        ({"number": "12345"}, people.NumberUnreadable, "đang có 5"),
        ({"phone": "0" * 21}, TextRefused, "Điện thoại"),
    ],
)
def test_refuses_in_words_and_records_nothing(told: dict[str, object], refusal: type[Exception], says: str) -> None:
    with pytest.raises(refusal, match=says):
        register(**told)

    assert not Person.objects.exists()
    assert not PersonName.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("name", ["O'Brien “Bé” Ana", "H'Mông Sùng", "Lò Thị 😀 Nhí", "Nguyễn-Trần An"])
def test_accepts_names_with_quotes_marks_and_emoji(name: str) -> None:
    assert register(full_name=name).person.full_name == name


def test_proposes_the_number_that_lost_its_first_zero() -> None:
    with pytest.raises(people.NumberUnreadable) as refusal:
        register(number="19154000001")

    assert refusal.value.suggestion == "019154000001"


def test_refuses_an_unknown_commune() -> None:
    with pytest.raises(UnitUnknown):
        register(residence=FirstResidence(kind=ResidenceKind.PERMANENT, unit_code="00000"))

    assert not Person.objects.exists()


def test_a_correction_keeps_what_was_said_before_in_the_log() -> None:
    person = PersonFactory(full_name="Nguyễn Thị Lan")

    corrected = correct(person, full_name="Nguyễn Thị Lân", birth=BirthDate(date(1981, 5, 1), DatePrecision.MONTH))

    event = Event.objects.get()
    assert corrected.name_key == "nguyen thi lan"
    assert event.payload["changes"] == {
        "full_name": ["Nguyễn Thị Lan", "Nguyễn Thị Lân"],
        "birth_on": ["1980-05-17", "1981-05-01"],
        "birth_precision": ["day", "month"],
    }
    assert_doctor_is_content()


def test_a_new_name_moves_the_count_of_names() -> None:
    person = PersonFactory(full_name="Nguyễn Thị Lan")
    PersonFactory(full_name="Nguyễn Thị Lan")

    correct(person, full_name="Nguyễn Thị Mai")
    assert dict(PersonName.objects.values_list("name_key", "people")) == {"nguyen thi lan": 1, "nguyen thi mai": 1}

    correct(Person.objects.get(name_key="nguyen thi lan"), full_name="Nguyễn Thị Mai")
    assert dict(PersonName.objects.values_list("name_key", "people")) == {"nguyen thi mai": 2}


def test_nothing_to_correct_changes_nothing() -> None:
    correct(PersonFactory())

    assert not Event.objects.exists()


def test_a_correction_needs_a_reason() -> None:
    with pytest.raises(TextRefused, match="lý do đính chính"):
        correct(PersonFactory(), full_name="Nguyễn Thị Mai", reason=" ")


def test_records_a_death_once() -> None:
    person = PersonFactory()
    death = RecordDeath(person_id=person.pk, died_on=date(2026, 11, 20))

    for _twice in range(2):
        people.record_death(death, acting_user_id=OFFICER, now=NOW)

    assert Person.objects.get().died_on == date(2026, 11, 20)
    assert Event.objects.count() == 1


def test_a_wrong_death_is_corrected_and_not_recorded_anew() -> None:
    person = PersonFactory(died_on=date(2026, 11, 20))

    with pytest.raises(DeathAlreadyRecorded, match="20/11/2026"):
        people.record_death(
            RecordDeath(person_id=person.pk, died_on=date(2026, 11, 21)), acting_user_id=OFFICER, now=NOW
        )
    assert correct(person, died_on=None, reason="Nhầm người").died_on is None


@pytest.mark.parametrize(
    ("died_on", "refusal"), [(TODAY + timedelta(days=1), DayInTheFuture), (date(1980, 5, 16), DiesBeforeBirth)]
)
def test_refuses_an_impossible_death(died_on: date, refusal: type[PeopleRefusal]) -> None:
    person = PersonFactory()

    with pytest.raises(refusal):
        people.record_death(RecordDeath(person_id=person.pk, died_on=died_on), acting_user_id=OFFICER, now=NOW)
    with pytest.raises(refusal):
        correct(person, died_on=died_on)


def test_who_is_born_in_a_known_year_only_may_die_on_any_day_of_it() -> None:
    person = PersonFactory(birth_on=date(1954, 1, 1), birth_precision=BirthPrecision.YEAR)

    people.record_death(RecordDeath(person_id=person.pk, died_on=date(1954, 1, 1)), acting_user_id=OFFICER, now=NOW)

    assert Person.objects.get().died_on == date(1954, 1, 1)


def test_says_that_there_is_no_such_person() -> None:
    with pytest.raises(PersonUnknown, match="Không tìm thấy"):
        people.record_death(RecordDeath(person_id=0, died_on=TODAY), acting_user_id=OFFICER, now=NOW)
