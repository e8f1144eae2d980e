"""Verbs of the people context. Each is one transaction and one event."""

from lienthong.people.services.bulk import (
    HouseholdColumns,
    LoadedPopulation,
    MembershipColumns,
    NumberColumns,
    PersonColumns,
    Population,
    ResidenceColumns,
    bulk_load_people,
)
from lienthong.people.services.condition import EndCondition, RecordCondition, end_condition, record_condition
from lienthong.people.services.household import (
    FormHousehold,
    JoinHousehold,
    LeaveHousehold,
    Member,
    form_household,
    join_household,
    leave_household,
)
from lienthong.people.services.identity import (
    EndIdentityNumber,
    GiveIdentityNumber,
    GivenNumber,
    NumberHeldByAnother,
    NumberUnreadable,
    end_identity_number,
    give_identity_number,
)
from lienthong.people.services.organization import RegisterOrganization, read_tax_code, register_organization
from lienthong.people.services.refusals import PeopleRefusal
from lienthong.people.services.registration import (
    CorrectPerson,
    FirstResidence,
    RecordDeath,
    RegisteredPerson,
    RegisterPerson,
    check_death,
    correct_person,
    record_death,
    register_person,
)
from lienthong.people.services.residence import MoveResidence, move_residence

__all__ = [
    "CorrectPerson",
    "EndCondition",
    "EndIdentityNumber",
    "FirstResidence",
    "FormHousehold",
    "GiveIdentityNumber",
    "GivenNumber",
    "HouseholdColumns",
    "JoinHousehold",
    "LeaveHousehold",
    "LoadedPopulation",
    "Member",
    "MembershipColumns",
    "MoveResidence",
    "NumberColumns",
    "NumberHeldByAnother",
    "NumberUnreadable",
    "PeopleRefusal",
    "PersonColumns",
    "Population",
    "RecordCondition",
    "RecordDeath",
    "RegisterOrganization",
    "RegisterPerson",
    "RegisteredPerson",
    "ResidenceColumns",
    "bulk_load_people",
    "check_death",
    "correct_person",
    "end_condition",
    "end_identity_number",
    "form_household",
    "give_identity_number",
    "join_household",
    "leave_household",
    "move_residence",
    "read_tax_code",
    "record_condition",
    "record_death",
    "register_organization",
    "register_person",
]
