"""What the registers know of a number that the clerk typed, so that nothing is asked twice."""

from dataclasses import dataclass, field
from typing import Any

from lienthong.accounts.queries import reader_for
from lienthong.infra.http import HouseRequest, note_read
from lienthong.kernel.text import fold
from lienthong.people import queries as people
from lienthong.units import queries as units

LENGTHS_OF_PERSONAL_NUMBERS = (9, 12)


@dataclass(frozen=True, slots=True)
class Known:
    """What is filled into the form. ``number`` is what was asked for, ``facts`` holds more than it where it was found."""

    number: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_found(self) -> bool:
        """Whether the registers know the number and this officer may see whose it is."""
        return "name" in self.facts


def known_applicant(request: HouseRequest) -> Known:
    """Return what the registers know of the number in the address."""
    number = "".join(request.GET.get("number", "").split())[:20]
    if not number:
        return Known()
    person = _person(request, number)
    if person is not None:
        note_read(request, f"person:{person.pk}", "lookup")
        home = people.residence_on(person, request.today)
        address = ", ".join(filter(None, [home.address, home.hamlet, home.unit.name])) if home else ""
        facts = {"name": person.full_name, "phone": person.phone, "email": person.email, "address": address}
        commune = _commune_today(request, home.unit if home else person.unit)
        return Known(number, {"number": number, "commune": commune, **facts})
    firm = _organization(number)
    if firm is not None:
        facts = {"name": firm.name, "phone": firm.phone, "address": firm.address}
        return Known(number, {"number": firm.tax_code, "commune": _commune_today(request, firm.unit), **facts})
    return Known(number, {"number": number})


def link_to_registers(request: HouseRequest, *, number: str, name: str) -> tuple[int | None, int | None]:
    """Return the ids of the person and of the organization that hold both the number and the name.

    A number alone may be mistyped, and would show the dossier to a stranger; None where the name is another.
    """
    person, firm = _person(request, number), _organization(number)
    key = fold(name)
    return (
        person.pk if person is not None and person.name_key == key else None,
        firm.pk if firm is not None and firm.name_key == key else None,
    )


def _commune_today(request: HouseRequest, unit: Any) -> str:
    commune = units.heir_on(unit, request.today)
    return str(commune.pk) if commune is not None else ""


def _person(request: HouseRequest, number: str) -> Any:
    if not number.isdecimal() or len(number) not in LENGTHS_OF_PERSONAL_NUMBERS:
        return None
    reader = reader_for(request.user, on=request.today)
    hits = people.search_people(people.PersonSearch(text=number, limit=2), reader)
    return hits[0].person if len(hits) == 1 else None


def _organization(number: str) -> Any:
    try:
        return people.organization_by_tax_code(number) if number else None
    except people.OrganizationUnknown:
        return None
