"""Questions about people, households and organisations. Whatever shows people takes a ``Reader``; see ``policies``."""

from lienthong.people.name_matching import Nearness
from lienthong.people.queries.facts import (
    PersonUnknown,
    get_person,
    household_of,
    identity_on,
    members_on,
    residence_on,
)
from lienthong.people.queries.numbers import doubts_about_number
from lienthong.people.queries.organizations import (
    OrganizationUnknown,
    organization_by_tax_code,
    search_organizations,
)
from lienthong.people.queries.search import PersonHit, PersonSearch, search_people

__all__ = [
    "Nearness",
    "OrganizationUnknown",
    "PersonHit",
    "PersonSearch",
    "PersonUnknown",
    "doubts_about_number",
    "get_person",
    "household_of",
    "identity_on",
    "members_on",
    "organization_by_tax_code",
    "residence_on",
    "search_organizations",
    "search_people",
]
