"""Who may see which people: one predicate for search, page, file, API and count alike."""

from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who looks at people, as the accounts context knows them.

    Attributes:
        user_id: The account; None for the system itself.
        unit_codes: Codes of the communes whose people they may see; None for all.
        own_person_id: The person they are, whom they may always see.
    """

    user_id: int | None
    unit_codes: frozenset[str] | None
    own_person_id: int | None = None


SYSTEM = Reader(user_id=None, unit_codes=None)


def visible_people(reader: Reader) -> Q:
    """Return the one condition on people that says whom ``reader`` may see.

    People of the reader's communes, and people whose commune nobody has recorded yet: somebody must be able to record
    it. Without communes only the reader's own record.
    """
    if reader.unit_codes is None:
        return Q()
    own = Q(pk=reader.own_person_id) if reader.own_person_id is not None else Q(pk__in=[])
    if not reader.unit_codes:
        return own
    return own | Q(unit__code__in=reader.unit_codes) | Q(unit=None)
