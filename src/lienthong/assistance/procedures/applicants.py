"""Who asks at the desk, as a person of the registers."""

from __future__ import annotations

from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.people.models import Person

YES_NO = (("yes", "Có"), ("no", "Không"))
YES_NO_UNKNOWN = (*YES_NO, ("unknown", "Chưa rõ"))


class ProgrammeRefusal(DossierRefusal):
    """The programme does not carry out the approval; its own sentence says why."""


def applicant_of(dossier: Dossier) -> int | None:
    """Return who asks, where the registers know exactly one such person."""
    return dossier.person_id or person_of_number(dossier.applicant_number)


def person_of_number(number: str) -> int | None:
    """Return the one person who holds a personal number; None where that is not certain."""
    found = list(Person.objects.filter(personal_id_number=number.strip()).order_by("pk")[:2]) if number.strip() else []
    return found[0].pk if len(found) == 1 else None
