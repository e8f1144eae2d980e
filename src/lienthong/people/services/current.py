"""The columns of a person that repeat dated facts, brought up to date after each change of those facts."""

from lienthong.people.models import Person
from lienthong.people.queries.facts import PersonUnknown
from lienthong.people.states import RESIDENCE_ORDER, IdentityKind


def locked_person(person_id: int) -> Person:
    """Return a person whose row nobody else can change until the transaction ends.

    Raises:
        PersonUnknown: There is none.
    """
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise PersonUnknown
    return person


def refresh_number(person: Person) -> None:
    """Repeat the personal identity number that the person holds."""
    held = person.identity_numbers.filter(kind=IdentityKind.PERSONAL_ID, valid_until=None)
    person.personal_id_number = held.order_by("-valid_from", "-pk").values_list("number", flat=True).first() or ""
    person.save(update_fields=["personal_id_number"])


def refresh_unit(person: Person) -> None:
    """Repeat the commune of the residence that lasts longest; among equals the permanent one, then the newest."""
    residences = list(person.residences.order_by("pk"))
    last = max(
        residences,
        key=lambda residence: (
            residence.valid_until is None,
            residence.valid_until or residence.valid_from,
            -RESIDENCE_ORDER.index(residence.kind),
            residence.valid_from,
        ),
        default=None,
    )
    person.unit_id = last.unit_id if last else None
    person.save(update_fields=["unit"])


def refresh_household(person: Person) -> None:
    """Repeat the code of the household that the person belongs to."""
    membership = person.memberships.filter(valid_until=None).select_related("household").order_by("pk").first()
    person.household_code = membership.household.code if membership else ""
    person.save(update_fields=["household_code"])
