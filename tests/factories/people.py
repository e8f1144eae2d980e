"""People, households and organisations for tests, with the columns that repeat dated facts already right."""

from datetime import date
from typing import Any

import factory

from lienthong.kernel.text import fold, person_sort_key, sort_key
from lienthong.people.models import (
    Household,
    HouseholdMembership,
    IdentityNumber,
    Organization,
    Person,
    Residence,
)
from lienthong.people.services.names import count_name
from lienthong.people.states import HouseholdRelation, IdentityKind, ResidenceKind, Sex
from tests.factories.units import AdministrativeUnitFactory


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    """A woman born in 1980. ``number`` and ``lives_in`` give her a personal identity number and a permanent residence."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    full_name = factory.Sequence(
        lambda number: f"Nguyễn Thị Thử {'abcdefghij'[number % 10]}{'abcdefghij'[number // 10 % 10]}"
    )
    name_key = factory.LazyAttribute(lambda person: fold(person.full_name))
    sort_key = factory.LazyAttribute(lambda person: person_sort_key(person.full_name))
    sex = Sex.FEMALE
    birth_on = date(1980, 5, 17)
    ethnicity = "Kinh"

    @factory.post_generation
    def counted(self: Person, create: bool, extracted: Any) -> None:
        if create:
            count_name(self.name_key)

    @factory.post_generation
    def number(self: Person, create: bool, extracted: str | None) -> None:
        if create and extracted:
            IdentityNumberFactory(person=self, number=extracted)
            self.personal_id_number = extracted
            self.save(update_fields=["personal_id_number"])

    @factory.post_generation
    def lives_in(self: Person, create: bool, extracted: Any) -> None:
        if create and extracted:
            ResidenceFactory(person=self, unit=extracted)
            self.unit = extracted
            self.save(update_fields=["unit"])


class IdentityNumberFactory(factory.django.DjangoModelFactory[IdentityNumber]):
    """A personal identity number in force since 2016."""

    class Meta:
        model = IdentityNumber

    person = factory.SubFactory(PersonFactory)
    kind = IdentityKind.PERSONAL_ID
    number = factory.Sequence(lambda number: f"019180{number:06d}")
    valid_from = date(2016, 1, 1)

    class Params:
        old_card = factory.Trait(
            kind=IdentityKind.OLD_ID_CARD, number=factory.Sequence(lambda number: f"{90000000 + number:09d}")
        )


class ResidenceFactory(factory.django.DjangoModelFactory[Residence]):
    """A permanent residence since 2020."""

    class Meta:
        model = Residence

    person = factory.SubFactory(PersonFactory)
    kind = ResidenceKind.PERMANENT
    unit = factory.SubFactory(AdministrativeUnitFactory)
    hamlet = "Xóm 1"
    valid_from = date(2020, 3, 1)


class HouseholdFactory(factory.django.DjangoModelFactory[Household]):
    """A household without members."""

    class Meta:
        model = Household

    code = factory.Sequence(lambda number: f"HT{number:08d}")
    unit = factory.SubFactory(AdministrativeUnitFactory)
    valid_from = date(2020, 3, 1)


class HouseholdMembershipFactory(factory.django.DjangoModelFactory[HouseholdMembership]):
    """A head of a household."""

    class Meta:
        model = HouseholdMembership
        skip_postgeneration_save = True

    household = factory.SubFactory(HouseholdFactory)
    person = factory.SubFactory(PersonFactory)
    relation = HouseholdRelation.HEAD
    valid_from = date(2020, 3, 1)

    @factory.post_generation
    def repeated(self: HouseholdMembership, create: bool, extracted: Any) -> None:
        if create:
            self.person.household_code = self.household.code
            self.person.save(update_fields=["household_code"])


class OrganizationFactory(factory.django.DjangoModelFactory[Organization]):
    """A firm in a commune."""

    class Meta:
        model = Organization

    tax_code = factory.Sequence(lambda number: f"46{number:08d}")
    name = factory.Sequence(lambda number: f"Công ty Thử nghiệm {number}")
    name_key = factory.LazyAttribute(lambda organization: fold(organization.name))
    sort_key = factory.LazyAttribute(lambda organization: sort_key(organization.name))
    unit = factory.SubFactory(AdministrativeUnitFactory)
