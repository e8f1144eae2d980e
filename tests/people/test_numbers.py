"""A number has one holder a day; the database refuses what two officers do at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection

from lienthong.infra.models import Event
from lienthong.people import health
from lienthong.people import services as people
from lienthong.people.models import IdentityNumber, Person, PersonName
from lienthong.people.queries import PersonUnknown, identity_on
from lienthong.people.services import EndIdentityNumber, GiveIdentityNumber, RegisterPerson
from lienthong.people.services.identity import HoldsAnotherNumber, IdentityNumberUnknown
from lienthong.people.services.refusals import DayInTheFuture, EndsBeforeItBegins
from lienthong.people.states import IdentityKind
from tests.factories.people import IdentityNumberFactory, PersonFactory
from tests.people.conftest import NOW, OFFICER, TODAY

NUMBER = "019180000001"


def give(person: Person, number: str = NUMBER, **told: object) -> people.GivenNumber:
    told = {"kind": IdentityKind.PERSONAL_ID} | told
    command = GiveIdentityNumber(person_id=person.pk, number=number, **told)  # type: ignore[arg-type]
    return people.give_identity_number(command, acting_user_id=OFFICER, now=NOW)


def end(identity: IdentityNumber, on: date = TODAY) -> IdentityNumber:
    command = EndIdentityNumber(identity_id=identity.pk, on=on)
    return people.end_identity_number(command, acting_user_id=OFFICER, now=NOW)


@pytest.mark.django_db
class TestGiveIdentityNumber:
    def test_repeats_the_number_at_the_person(self) -> None:
        person = PersonFactory()

        give(person, issued_on=date(2021, 6, 1), issued_by="Cục Cảnh sát quản lý hành chính")

        identity = identity_on(person, date(2021, 6, 1))
        assert identity is not None
        assert (identity.number, identity.issued_by) == (NUMBER, "Cục Cảnh sát quản lý hành chính")
        assert Person.objects.get().personal_id_number == NUMBER
        assert identity_on(person, date(2021, 5, 31)) is None
        assert list(health.wrong_numbers()) == []

    def test_says_only_the_record_of_the_other_holder(self) -> None:
        holder = PersonFactory(number=NUMBER)

        with pytest.raises(people.NumberHeldByAnother) as refusal:
            give(PersonFactory(full_name="Trần Văn Nam"))

        assert refusal.value.holder_id == holder.pk
        assert str(refusal.value) == (
            f"Số {NUMBER} đang thuộc hồ sơ cá nhân số {holder.pk}. "
            "Hãy kiểm tra lại số; nếu đúng là cùng một người thì dùng hồ sơ đó."
        )
        assert holder.full_name not in str(refusal.value)

    def test_a_number_that_ended_may_go_to_somebody_else(self) -> None:
        IdentityNumberFactory(number=NUMBER, valid_until=date(2020, 1, 1))

        assert give(PersonFactory()).identity.number == NUMBER

    def test_the_same_digits_may_be_another_kind_of_paper(self) -> None:
        IdentityNumberFactory(kind=IdentityKind.PASSPORT, number="090123456")

        assert give(PersonFactory(), "090123456", kind=IdentityKind.OLD_ID_CARD).identity.number == "090123456"

    def test_giving_it_again_changes_nothing(self) -> None:
        person = PersonFactory()

        assert give(person).identity == give(person, "019-180-000001").identity
        assert Event.objects.count() == 1

    def test_refuses_a_second_number_of_the_same_kind(self) -> None:
        with pytest.raises(HoldsAnotherNumber, match=f"đang dùng số định danh cá nhân {NUMBER}"):
            give(PersonFactory(number=NUMBER), "019180000002")

    @pytest.mark.parametrize(
        ("kind", "number", "says"),
        [
            (IdentityKind.PERSONAL_ID, "090123456", "có 9 chữ số, không phải số định danh"),
            (IdentityKind.OLD_ID_CARD, NUMBER, "có 12 chữ số, không phải chứng minh nhân dân"),
            (IdentityKind.PERSONAL_ID, "1,54E+11", "Bảng tính đã rút gọn"),
            (IdentityKind.PERSONAL_ID, "", "Chưa nhập số định danh"),
        ],
    )
    def test_refuses_what_is_no_such_number(self, kind: IdentityKind, number: str, says: str) -> None:
        with pytest.raises(people.NumberUnreadable) as refusal:
            give(PersonFactory(), number, kind=kind)
        assert says in str(refusal.value)

    def test_keeps_other_papers_as_capital_letters(self) -> None:
        assert give(PersonFactory(), "b1234567", kind=IdentityKind.PASSPORT).identity.number == "B1234567"

    def test_refuses_a_day_to_come_and_nobody(self) -> None:
        with pytest.raises(DayInTheFuture):
            give(PersonFactory(), issued_on=TODAY + timedelta(days=1))
        with pytest.raises(PersonUnknown):
            give(Person(pk=0))


@pytest.mark.django_db
class TestEndIdentityNumber:
    def test_the_person_no_longer_holds_it(self) -> None:
        person = PersonFactory(number=NUMBER)
        identity = IdentityNumber.objects.get()

        end(identity)
        end(identity)

        assert Person.objects.get().personal_id_number == ""
        assert identity_on(person, TODAY - timedelta(days=1)) == identity
        assert identity_on(person, TODAY) is None
        assert [event.name for event in Event.objects.order_by("id")] == ["IdentityNumberEnded"]
        assert list(health.wrong_numbers()) == []

    def test_a_number_can_follow_it(self) -> None:
        person = PersonFactory(number=NUMBER)
        end(IdentityNumber.objects.get())

        give(person, "019180000002")

        assert Person.objects.get().personal_id_number == "019180000002"

    def test_refuses_an_end_before_the_beginning_or_twice(self) -> None:
        identity = IdentityNumberFactory()
        with pytest.raises(EndsBeforeItBegins):
            end(identity, date(2016, 1, 1))
        end(identity)
        with pytest.raises(EndsBeforeItBegins):
            end(identity, TODAY - timedelta(days=1))

    def test_refuses_a_number_that_is_not_there(self) -> None:
        with pytest.raises(IdentityNumberUnknown):
            end(IdentityNumber(pk=0))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_the_same_number_at_once_exactly_one_wins() -> None:
    both = [PersonFactory(), PersonFactory()]
    ready = Barrier(2)

    def give_at_once(person: Person) -> str:
        try:
            ready.wait(timeout=10)
            give(person)
        except people.NumberHeldByAnother as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "given"

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(give_at_once, both))

    holder = IdentityNumber.objects.get().person
    assert answers[1] == "given"
    assert f"hồ sơ cá nhân số {holder.pk}" in answers[0]
    assert list(health.wrong_numbers()) == []


@pytest.mark.django_db(transaction=True)
def test_names_are_counted_right_when_many_register_at_once() -> None:
    def register(number: int) -> None:
        try:
            name = "Nguyễn Thị Lan" if number % 2 else "Trần Văn Nam"
            people.register_person(RegisterPerson(full_name=name), acting_user_id=OFFICER, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(register, range(20)))

    assert dict(PersonName.objects.values_list("name_key", "people")) == {"nguyen thi lan": 10, "tran van nam": 10}
    assert list(health.wrong_name_counts()) == []
