"""A provincial desk full of dossiers that wait to be worked on, with an officer of every role for each client."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import cache

from lienthong.accounts.models import User
from lienthong.accounts.services.bulk import StaffAccount, StaffMandate, load_staff
from lienthong.accounts.states import Role
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services as catalogue_services
from lienthong.catalogue.models import ProcedureVersion
from lienthong.dossiers import routing
from lienthong.dossiers.deadlines import promise
from lienthong.dossiers.events import DossierReceived, StepPassed
from lienthong.dossiers.models import Dossier, SubmittedItem
from lienthong.dossiers.services import Applicant, GivenItem, Request
from lienthong.dossiers.services.bulk import Story, Told, load_stories
from lienthong.dossiers.services.request import new_secret
from lienthong.infra.events import Fact
from lienthong.kernel.days import local_day, local_moment
from lienthong.kernel.text import fold
from lienthong.rules.timeliness import hand_over_due
from lienthong.units import queries as units
from lienthong.units import services as units_services
from lienthong.units.models import Agency

PROCEDURE = "1.014199"  # five steps at the province: received, examined, reviewed, decided, returned
DESK = "H55.TTPVHCC"
TODAY = date(2026, 11, 16)
NOW = local_moment(TODAY, time(9))
BEGAN_ON = date(2025, 7, 1)
ROLES = (Role.RECEIVER, Role.PROCESSOR, Role.DIVISION_HEAD, Role.LEADER)


def fill(*, dossiers: int, clients: int) -> None:
    """Fill an empty database: law, officers, and dossiers that the desk has just handed over."""
    units_services.load_places(now=NOW)
    units_services.load_agencies(now=NOW)
    catalogue_services.load_catalogue(now=NOW)
    load_staff([_account(role, client) for role in ROLES for client in range(clients)], basis="Đo tốc độ", now=NOW)
    load_stories(_waiting(dossiers))


def officer(role: Role, client: int) -> User:
    """Return the officer who does a role for a client, signed in: mandates are read."""
    user: User = User.objects.get(username=_username(role, client))
    user.mandates_on(TODAY)
    return user


def version() -> ProcedureVersion:
    """Return the procedure that is worked on."""
    return catalogue.get_version(catalogue.procedure_in_force(PROCEDURE, on=TODAY).pk)


def request(number: int) -> Request:
    """Return a complete request of an invented firm."""
    given = [GivenItem(number=item.number, originals=1, copies=1) for item in _version().items.all()]
    return Request(applicant=Applicant(name=f"Công ty minh họa số {number}", phone="0900000000"), items=given)


def desk() -> Agency:
    """Return where requests are received."""
    return units.agency_on(DESK, TODAY)


@cache
def _version() -> ProcedureVersion:
    return version()


def _username(role: Role, client: int) -> str:
    return f"bench.{role.value}.{client}"


def _account(role: Role, client: int) -> StaffAccount:
    steps = catalogue.steps_of(version().pk)
    at_desk = role == Role.RECEIVER
    agency = desk() if at_desk else Agency.objects.get(pk=_competent())
    assert at_desk or any(step.role == role for step in steps)
    mandate = StaffMandate(role, agency.pk, BEGAN_ON, None)
    return StaffAccount(
        username=_username(role, client), full_name=f"Cán bộ đo {role.value} {client}", mandates=[mandate]
    )


@cache
def _competent() -> int:
    examined = catalogue.steps_of(version().pk)[1]
    place = Dossier(field_code=version().procedure.field.code, unit=desk().unit, receiving_agency=desk())
    return routing.agency_for(examined, place, on=TODAY)


def _waiting(count: int) -> Iterator[Story]:
    """Tell of dossiers that were received this morning and handed over at once."""
    of, place, receiver = version(), desk(), officer(Role.RECEIVER, 0)
    calendar_id, calendar = units.work_calendar(place.pk)
    steps = catalogue.steps_of(of.pk)
    received = NOW - timedelta(hours=1)
    due = promise(of, received_at=received, calendar=calendar)
    items = list(of.items.all())
    for number in range(1, count + 1):
        name = f"Công ty minh họa số {number}"
        dossier = Dossier(
            version=of, secret=new_secret(),
            procedure_code=PROCEDURE, field_code=of.procedure.field.code, channel="counter",
            receiving_agency=place, unit=place.unit, applicant_name=name, applicant_key=fold(name),
            created_at=received, updated_at=received,
        )  # fmt: skip
        facts: list[Fact] = [
            DossierReceived(
                code=f"{place.legal_code or place.code}-{local_day(received):%y%m%d}-{number:04d}",
                procedure_code=PROCEDURE, version_id=of.pk, field_code=dossier.field_code, channel="counter",
                receiving_agency_id=place.pk, calendar_id=calendar_id, promised_due_at=due.due_at,
                hand_over_due_at=hand_over_due(received, calendar), step=steps[0].number, step_role=steps[0].role,
                step_due_at=routing.step_due(steps[0], entered_at=received, calendar=calendar), agency_id=place.pk,
                holder_id=receiver.pk, trace=[line.text for line in due.trace],
            ),
            StepPassed(
                from_step=steps[0].number, to_step=steps[1].number, to_name=steps[1].name, step_role=steps[1].role,
                agency_id=_competent(), step_due_at=routing.step_due(steps[1], entered_at=received, calendar=calendar),
            ),
        ]  # fmt: skip
        yield Story(
            dossier=dossier,
            told=[Told(fact, receiver.pk, received) for fact in facts],
            items=[SubmittedItem(number=item.number, name=item.name, originals=1, is_given=True) for item in items],
        )
