"""What waits today, made by the real services: drafts, new requests online, one that was asked to be completed."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from lienthong.accounts.models import User
from lienthong.catalogue import queries as catalogue
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import Applicant, GivenItem, Request, Target
from lienthong.units import queries as units
from lienthong.units.models import Agency

FUNERAL_SUPPORT, NEW_CARD, WORK_PERMIT = "1.001731", "1.001653", "1.014199"


def file_today(*, citizen: User, firm: User, commune_desk: Agency, now: datetime, today: date) -> None:
    """File what an officer finds this morning: sent requests of the citizen and the firm, and drafts of both."""
    province_desk = units.agency_on("H55.TTPVHCC", today)
    sent = now - timedelta(hours=2)
    for code, user, desk in (
        (NEW_CARD, citizen, commune_desk),
        (FUNERAL_SUPPORT, citizen, commune_desk),
        (WORK_PERMIT, firm, province_desk),
    ):
        draft = _draft(code, user, desk, now=sent, today=today)
        target = Target(dossier_id=draft.pk, seen=draft.sequence, client_key=uuid4())
        dossiers.submit_draft(target, acting_user=user, now=sent)
    _draft(NEW_CARD, citizen, commune_desk, now=sent, today=today, is_begun_only=True)
    _draft(WORK_PERMIT, firm, province_desk, now=sent, today=today, is_begun_only=True)


def _draft(code: str, user: User, desk: Agency, *, now: datetime, today: date, is_begun_only: bool = False) -> Dossier:
    version = catalogue.procedure_in_force(code, on=today)
    items = [GivenItem(number=item.number, originals=1, copies=1) for item in version.items.order_by("number")]
    answers = {
        "deceased_name": "Người chết trong dữ liệu minh họa",
        "died_on": (today - timedelta(days=9)).isoformat(),
        "circumstance": "assistance",
        "arranged_funeral": "yes",
        "other_support": "0",
    }
    request = Request(
        applicant=Applicant(
            name=user.full_name,
            number=user.person.personal_id_number
            if user.person
            else user.organization.tax_code
            if user.organization
            else "",
            phone=user.phone,
            person_id=user.person_id,
            organization_id=user.organization_id,
        ),
        items=[] if is_begun_only else items,
        answers=answers if code == FUNERAL_SUPPORT else {},
    )
    command = dossiers.SaveDraft(procedure_code=code, request=request, channel="online", receiving_agency_id=desk.pk)
    return dossiers.save_draft(command, acting_user=user, now=now)
