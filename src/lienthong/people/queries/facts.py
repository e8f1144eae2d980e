"""Questions about one person: who they are, and what held for them on a day."""

from datetime import date

from django.db.models import Q, QuerySet

from lienthong.people.models import Household, HouseholdMembership, IdentityNumber, Person, Residence
from lienthong.people.policies import Reader, visible_people
from lienthong.people.states import RESIDENCE_ORDER, HouseholdRelation, IdentityKind, ResidenceKind


class PersonUnknown(LookupError):
    """There is no such person, or the reader may not see them: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(
            "Không tìm thấy người này, hoặc bạn không được xem. Hãy tìm lại theo số định danh hoặc họ tên."
        )


def get_person(person_id: int, reader: Reader) -> Person:
    """Return a person whom ``reader`` may see, with the commune they live in.

    Raises:
        PersonUnknown: There is none whom the reader may see.
    """
    person = Person.objects.filter(visible_people(reader), pk=person_id).select_related("unit").first()
    if person is None:
        raise PersonUnknown
    return person


def residence_on(person: Person, on: date, *, kind: ResidenceKind | None = None) -> Residence | None:
    """Return where the person lived on a day: of one kind, or else permanent before temporary before current.

    Nobody lives anywhere after the day of their death.
    """
    if _is_dead(person, on):
        return None
    residences: QuerySet[Residence] = person.residences.valid_on(on).select_related("unit")
    if kind is not None:
        return residences.filter(kind=kind).first()
    return min(
        residences.order_by("pk"),
        key=lambda residence: RESIDENCE_ORDER.index(ResidenceKind(residence.kind)),
        default=None,
    )


def identity_on(person: Person, on: date, *, kind: IdentityKind = IdentityKind.PERSONAL_ID) -> IdentityNumber | None:
    """Return the number of a kind that the person held on a day; the newest where there were several."""
    held: QuerySet[IdentityNumber] = person.identity_numbers.valid_on(on).filter(kind=kind)
    return held.order_by("-valid_from", "-pk").first()


def household_of(person: Person, on: date) -> Household | None:
    """Return the household that the person belonged to on a day; none after the day of their death."""
    if _is_dead(person, on):
        return None
    memberships: QuerySet[HouseholdMembership] = person.memberships.valid_on(on)
    membership = memberships.select_related("household__unit").order_by("pk").first()
    return membership.household if membership else None


def members_on(household: Household, on: date) -> list[HouseholdMembership]:
    """Return who belonged to the household and lived on a day, the head first and then by name."""
    members: QuerySet[HouseholdMembership] = household.memberships.valid_on(on).select_related("person")
    living = members.filter(Q(person__died_on=None) | Q(person__died_on__gte=on))
    ordered = living.order_by("person__sort_key", "person__birth_on", "pk")
    return sorted(ordered, key=lambda member: member.relation != HouseholdRelation.HEAD)


def _is_dead(person: Person, on: date) -> bool:
    return person.died_on is not None and person.died_on < on
