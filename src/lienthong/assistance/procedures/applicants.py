"""Who asks at the desk, as a person of the registers."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lienthong.accounts.models import User
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.kernel.text import fold
from lienthong.people import services as people
from lienthong.people.models import Person

YES_NO = (("yes", "Có"), ("no", "Không"))
YES_NO_UNKNOWN = (*YES_NO, ("unknown", "Chưa rõ"))

_NO_NUMBER: Final = (
    "Chưa biết chi trả cho ai: hồ sơ chưa ghi số định danh của người đề nghị. Hãy yêu cầu bổ sung trước khi phê duyệt."
)
_NOT_A_PERSON: Final = "Tiền chỉ chuyển được cho cá nhân mà người đề nghị là tổ chức. Hãy yêu cầu bổ sung: người đại diện đứng tên đề nghị."


class ProgrammeRefusal(DossierRefusal):
    """The programme does not carry out the approval; its own sentence says why."""


def applicant_of(dossier: Dossier) -> int | None:
    """Return who asks, where the registers know exactly one such person."""
    return dossier.person_id or person_of_number(dossier.applicant_number)


def known_applicant(dossier: Dossier, *, acting_user: User, now: datetime) -> int:
    """Return who asks, as a person who can be paid; somebody whom the registers do not know is recorded by name and number.

    Raises:
        ProgrammeRefusal: An organisation asks, no number is given, or the number is somebody else's.
    """
    known = applicant_of(dossier)
    if known is not None:
        return known
    if dossier.organization_id is not None:
        raise ProgrammeRefusal(_NOT_A_PERSON)
    if not dossier.applicant_number.strip():
        raise ProgrammeRefusal(_NO_NUMBER)
    command = people.RegisterPerson(
        full_name=dossier.applicant_name, number=dossier.applicant_number, phone=dossier.applicant_phone
    )
    try:
        return int(people.register_person(command, acting_user_id=acting_user.pk, now=now).person.pk)
    except people.NumberHeldByAnother as held:
        holder = Person.objects.filter(pk=held.holder_id or 0, name_key=fold(dossier.applicant_name)).first()
        if holder is None:
            raise ProgrammeRefusal(f"Chưa biết chi trả cho ai. {held}") from held
        return int(holder.pk)
    except people.PeopleRefusal as refusal:
        raise ProgrammeRefusal(f"Chưa biết chi trả cho ai. {refusal}") from refusal


def person_of_number(number: str) -> int | None:
    """Return the one person who holds a personal number; None where that is not certain."""
    found = list(Person.objects.filter(personal_id_number=number.strip()).order_by("pk")[:2]) if number.strip() else []
    return found[0].pk if len(found) == 1 else None
