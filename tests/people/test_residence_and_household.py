"""Where people live and with whom, as facts with days."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from lienthong.infra.models import Event
from lienthong.people import health, queries
from lienthong.people import services as people
from lienthong.people.models import Household, HouseholdMembership, Person, Residence
from lienthong.people.services import FormHousehold, JoinHousehold, LeaveHousehold, Member, MoveResidence
from lienthong.people.services.household import (
    HeadMustBeReplaced,
    HouseholdUnknown,
    InAnotherHousehold,
    NotInAHousehold,
    OneHeadNeeded,
)
from lienthong.people.services.refusals import DayInTheFuture, EndsBeforeItBegins
from lienthong.people.services.residence import LivesThereLater, NotACommune
from lienthong.people.states import HouseholdRelation, ResidenceKind
from lienthong.units.models import AdministrativeUnit
from lienthong.units.queries import UnitUnknown
from tests.factories.people import PersonFactory, ResidenceFactory
from tests.factories.units import AdministrativeUnitFactory
from tests.people.conftest import NOW, OFFICER, TODAY

pytestmark = pytest.mark.django_db

MOVED_ON = date(2026, 3, 1)


def move(person: Person, unit_code: str, on: date = MOVED_ON, **told: object) -> Residence:
    told = {"kind": ResidenceKind.PERMANENT} | told
    command = MoveResidence(person_id=person.pk, unit_code=unit_code, on=on, **told)  # type: ignore[arg-type]
    return people.move_residence(command, acting_user_id=OFFICER, now=NOW)


def form(head: Person, *others: Person, on: date = MOVED_ON) -> Household:
    members = (
        Member(person_id=head.pk, relation=HouseholdRelation.HEAD),
        *(Member(person_id=other.pk, relation=HouseholdRelation.CHILD) for other in others),
    )
    command = FormHousehold(unit_code="05503", members=members, on=on, hamlet="Xóm Nam Đồng")
    return people.form_household(command, acting_user_id=OFFICER, now=NOW)


def leave(person: Person, on: date = TODAY, new_head: Person | None = None) -> HouseholdMembership:
    command = LeaveHousehold(person_id=person.pk, on=on, new_head_id=new_head.pk if new_head else None)
    return people.leave_household(command, acting_user_id=OFFICER, now=NOW)


def join(person: Person, household: Household, relation: HouseholdRelation, on: date = TODAY) -> HouseholdMembership:
    command = JoinHousehold(household_code=household.code, person_id=person.pk, relation=relation, on=on)
    return people.join_household(command, acting_user_id=OFFICER, now=NOW)


class TestMoveResidence:
    def test_ends_the_old_and_begins_the_new_on_one_day(
        self, tan_cuong: AdministrativeUnit, dai_phuc: AdministrativeUnit
    ) -> None:
        person = PersonFactory(lives_in=tan_cuong)

        move(person, dai_phuc.code)

        before, after = queries.residence_on(person, date(2026, 2, 28)), queries.residence_on(person, MOVED_ON)
        assert before is not None
        assert after is not None
        assert (before.unit, before.valid_until, after.unit) == (tan_cuong, MOVED_ON, dai_phuc)
        assert Person.objects.get().unit == dai_phuc
        event = Event.objects.get()
        assert (event.payload["from_unit_code"], event.payload["to_unit_code"]) == ("05503", "05488")
        assert list(health.wrong_units()) == []

    def test_the_same_move_again_changes_nothing(self, tan_cuong: AdministrativeUnit) -> None:
        person = PersonFactory()

        assert move(person, tan_cuong.code) == move(person, tan_cuong.code)
        assert Event.objects.count() == 1

    def test_a_permanent_home_says_where_a_person_lives_before_a_temporary_one(
        self, tan_cuong: AdministrativeUnit, dai_phuc: AdministrativeUnit
    ) -> None:
        person = PersonFactory(lives_in=tan_cuong)

        move(person, dai_phuc.code, kind=ResidenceKind.TEMPORARY, valid_until=date(2027, 3, 1))

        assert Person.objects.get().unit == tan_cuong
        assert queries.residence_on(person, TODAY).unit == tan_cuong  # type: ignore[union-attr]
        temporary = queries.residence_on(person, TODAY, kind=ResidenceKind.TEMPORARY)
        assert temporary is not None
        assert temporary.unit == dai_phuc
        assert list(health.wrong_units()) == []

    def test_who_left_for_good_is_still_found_where_they_lived_last(self, tan_cuong: AdministrativeUnit) -> None:
        person = PersonFactory()

        move(person, tan_cuong.code, valid_until=date(2026, 6, 1))

        assert queries.residence_on(person, TODAY) is None
        assert Person.objects.get().unit == tan_cuong
        assert list(health.wrong_units()) == []

    def test_nobody_lives_anywhere_after_their_death(self, tan_cuong: AdministrativeUnit) -> None:
        person = PersonFactory(lives_in=tan_cuong, died_on=date(2026, 5, 1))

        assert queries.residence_on(person, date(2026, 5, 1)) is not None
        assert queries.residence_on(person, date(2026, 5, 2)) is None

    @pytest.mark.parametrize("on", [date(2020, 3, 1), date(2020, 2, 1)])
    def test_refuses_a_move_before_one_already_recorded(
        self, tan_cuong: AdministrativeUnit, dai_phuc: AdministrativeUnit, on: date
    ) -> None:
        AdministrativeUnit.objects.update(valid_from=date(2000, 1, 1))
        person = PersonFactory(lives_in=tan_cuong)

        with pytest.raises(LivesThereLater, match="từ ngày 01/03/2020 tại Xã Tân Cương"):
            move(person, dai_phuc.code, on)

    def test_refuses_what_is_no_commune_of_that_day(self, tan_cuong: AdministrativeUnit) -> None:
        person, district = PersonFactory(), AdministrativeUnitFactory(district=True)

        with pytest.raises(NotACommune, match="không phải xã"):
            move(person, district.code)
        with pytest.raises(UnitUnknown, match="Mã này chỉ thuộc về: Xã Tân Cương"):
            move(person, tan_cuong.code, date(2019, 1, 1))
        with pytest.raises(DayInTheFuture):
            move(person, tan_cuong.code, TODAY + timedelta(days=1))
        with pytest.raises(EndsBeforeItBegins):
            move(person, tan_cuong.code, valid_until=MOVED_ON)
        assert not Residence.objects.exists()


@pytest.mark.usefixtures("tan_cuong")
class TestHouseholds:
    def test_forms_a_household_under_a_code_that_says_nothing(self) -> None:
        mother, child = PersonFactory(), PersonFactory()

        household = form(mother, child)

        assert household.code == f"HG{household.pk:08d}"
        members = queries.members_on(household, TODAY)
        assert [(member.person, member.relation) for member in members] == [(mother, "head"), (child, "child")]
        assert queries.household_of(child, TODAY) == household
        assert queries.household_of(child, MOVED_ON - timedelta(days=1)) is None
        assert set(Person.objects.values_list("household_code", flat=True)) == {household.code}
        assert Event.objects.get().stream == f"household:{household.pk}"
        assert list(health.wrong_households()) == []

    def test_needs_exactly_one_head(self) -> None:
        heads = tuple(Member(person_id=PersonFactory().pk, relation=HouseholdRelation.HEAD) for _two in range(2))

        for members in ((), heads):
            command = FormHousehold(unit_code="05503", members=members, on=TODAY)
            with pytest.raises(OneHeadNeeded):
                people.form_household(command, acting_user_id=OFFICER, now=NOW)
        assert not Household.objects.exists()

    def test_a_form_sent_twice_forms_one_household(self) -> None:
        member = Member(person_id=PersonFactory().pk, relation=HouseholdRelation.HEAD)
        command, key = FormHousehold(unit_code="05503", members=(member,), on=TODAY), uuid4()

        first, second = (
            people.form_household(command, acting_user_id=OFFICER, now=NOW, client_key=key) for _twice in range(2)
        )

        assert first == second == Household.objects.get()

    def test_nobody_belongs_to_two_households(self) -> None:
        mother, child = PersonFactory(), PersonFactory()
        first = form(mother, child)

        with pytest.raises(InAnotherHousehold, match=f"đã thuộc hộ {first.code} từ ngày 01/03/2026"):
            form(child)
        assert Household.objects.count() == 1

    def test_a_child_joins_once(self) -> None:
        household, child = form(PersonFactory()), PersonFactory()

        assert join(child, household, HouseholdRelation.CHILD) == join(child, household, HouseholdRelation.CHILD)
        assert [event.name for event in Event.objects.order_by("id")] == ["HouseholdFormed", "HouseholdJoined"]

    def test_refuses_a_second_head_and_an_unknown_household(self) -> None:
        household, stranger = form(PersonFactory()), PersonFactory()

        with pytest.raises(OneHeadNeeded):
            join(stranger, household, HouseholdRelation.HEAD)
        with pytest.raises(HouseholdUnknown, match="HG0"):
            join(stranger, Household(code="HG0"), HouseholdRelation.CHILD)
        with pytest.raises(HouseholdUnknown):
            join(stranger, household, HouseholdRelation.CHILD, MOVED_ON - timedelta(days=1))

    def test_who_leaves_is_no_longer_a_member(self) -> None:
        mother, child = PersonFactory(), PersonFactory()
        household = form(mother, child)

        leave(child)

        assert [member.person for member in queries.members_on(household, TODAY)] == [mother]
        assert Person.objects.get(pk=child.pk).household_code == ""
        assert list(health.wrong_households()) == []

    def test_a_head_who_leaves_others_names_the_next(self) -> None:
        mother, child, stranger = PersonFactory(), PersonFactory(), PersonFactory()
        household = form(mother, child)

        for nobody in (None, stranger):
            with pytest.raises(HeadMustBeReplaced):
                leave(mother, new_head=nobody)
        leave(mother, new_head=child)

        assert [(member.person, member.relation) for member in queries.members_on(household, TODAY)] == [
            (child, "head")
        ]
        assert queries.members_on(household, TODAY - timedelta(days=1))[0].person == mother

    def test_the_last_who_leaves_ends_the_household(self) -> None:
        mother = PersonFactory()
        household = form(mother)

        leave(mother)

        assert Household.objects.get(pk=household.pk).valid_until == TODAY

    def test_who_is_in_no_household_cannot_leave_one(self) -> None:
        mother = PersonFactory()
        with pytest.raises(NotInAHousehold):
            leave(mother)

        form(mother)
        with pytest.raises(EndsBeforeItBegins):
            leave(mother, MOVED_ON)

    def test_the_dead_are_no_members_after_their_death(self) -> None:
        mother, child = PersonFactory(), PersonFactory(died_on=date(2026, 5, 1))
        household = form(mother, child)

        assert len(queries.members_on(household, date(2026, 5, 1))) == 2
        assert [member.person for member in queries.members_on(household, date(2026, 5, 2))] == [mother]
        assert queries.household_of(child, date(2026, 5, 2)) is None


def test_the_database_refuses_an_empty_span(tan_cuong: AdministrativeUnit) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="residence_span"):
        ResidenceFactory(unit=tan_cuong, valid_until=date(2020, 3, 1))
