"""What the registers know of a number that the clerk typed, so that nothing is asked twice."""

from typing import Any

from lienthong.accounts.queries import reader_for
from lienthong.infra.http import HouseRequest, note_read
from lienthong.people import queries as people

LENGTHS_OF_TAX_CODES = (10, 13, 14)
LENGTHS_OF_PERSONAL_NUMBERS = (9, 12)


def known_applicant(request: HouseRequest) -> dict[str, Any]:
    """Return what to fill into the form for the number in the address; the number alone when nobody has it."""
    number = request.GET.get("number", "").strip()[:20]
    if not number:
        return {}
    person = _person(request, number)
    if person is not None:
        note_read(request, f"person:{person.pk}", "lookup")
        home = people.residence_on(person, request.today)
        address = ", ".join(filter(None, [home.address, home.hamlet, home.unit.name])) if home else ""
        return {
            "number": number,
            "name": person.full_name,
            "phone": person.phone,
            "email": person.email,
            "address": address,
        }
    organization = _organization(number)
    if organization is not None:
        return {
            "number": number,
            "name": organization.name,
            "phone": organization.phone,
            "address": organization.address,
        }
    return {"number": number}


def link_to_registers(request: HouseRequest, number: str) -> tuple[int | None, int | None]:
    """Return the ids of the one person and of the organization that hold the number; None where there is none."""
    if not number:
        return None, None
    person, organization = _person(request, number), _organization(number)
    return (person.pk if person else None), (organization.pk if organization else None)


def _person(request: HouseRequest, number: str) -> Any:
    if not number.isdigit() or len(number) not in LENGTHS_OF_PERSONAL_NUMBERS:
        return None
    reader = reader_for(request.user, on=request.today)
    hits = people.search_people(people.PersonSearch(text=number, limit=2), reader)
    return hits[0].person if len(hits) == 1 else None


def _organization(number: str) -> Any:
    if len(number) not in LENGTHS_OF_TAX_CODES:
        return None
    try:
        return people.organization_by_tax_code(number)
    except people.OrganizationUnknown:
        return None
