"""Who people are: a new record, a correction, a death."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import BirthDate, format_day, local_day
from lienthong.kernel.identity import Finding
from lienthong.kernel.text import fold, person_sort_key, title_name
from lienthong.people.events import DeathRecorded, DeathWithdrawn, PersonCorrected, PersonRegistered
from lienthong.people.models import Person
from lienthong.people.queries.facts import PersonUnknown
from lienthong.people.queries.numbers import birth_date_of
from lienthong.people.services.current import locked_person
from lienthong.people.services.identity import GiveIdentityNumber, add_number, kind_of_number
from lienthong.people.services.names import count_name, count_rename
from lienthong.people.services.once import done_before
from lienthong.people.services.refusals import PeopleRefusal, line, refuse_future
from lienthong.people.services.residence import MoveResidence, add_residence
from lienthong.people.states import BirthPrecision, ResidenceKind, Sex

_NAME_LENGTH = 120
_OLDEST_YEARS = 130
_DEATHS = "people-deaths"


class NameUnreadable(PeopleRefusal):
    """The name holds no letter, or a digit."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Họ và tên “{name}” cần có chữ cái và không có chữ số. Hãy nhập như trên giấy tờ.")


class BirthImpossible(PeopleRefusal):
    """The birth lies in the future, or further back than anybody lives."""

    def __init__(self, birth: BirthDate) -> None:
        super().__init__(
            f"Ngày sinh {birth} không hợp lý: chưa đến, hoặc đã quá {_OLDEST_YEARS} năm. Hãy kiểm tra lại."
        )


class DiesBeforeBirth(PeopleRefusal):
    """The death lies before the birth."""

    def __init__(self, died_on: date, birth: BirthDate) -> None:
        super().__init__(
            f"Ngày chết {format_day(died_on)} không thể trước ngày sinh {birth}. Hãy kiểm tra lại hai ngày."
        )


class DeathAlreadyRecorded(PeopleRefusal):
    """The person is recorded to have died on another day."""

    def __init__(self, died_on: date) -> None:
        super().__init__(
            f"Đã ghi người này chết ngày {format_day(died_on)}. Nếu ngày đó sai, hãy đính chính thông tin."
        )


class NotRecordedDead(PeopleRefusal):
    """Nobody recorded that the person died."""

    def __init__(self) -> None:
        super().__init__("Người này không được ghi là đã chết, nên không có gì để rút. Hãy mở lại trang để xem.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstResidence:
    """Where a person who is being registered lives; ``since`` None means from the day of registration on."""

    kind: ResidenceKind
    unit_code: str
    hamlet: str = ""
    address: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPerson:
    """Everything that is told about a person when they are first recorded. Ghi nhận cá nhân.

    Attributes:
        number: Twelve or nine digits as they were typed, or empty.
    """

    full_name: str
    sex: Sex = Sex.UNKNOWN
    birth: BirthDate | None = None
    ethnicity: str = ""
    phone: str = ""
    email: str = ""
    number: str = ""
    number_issued_on: date | None = None
    number_issued_by: str = ""
    residence: FirstResidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPerson:
    """What a person's record should say, whole: what is left out is emptied. Đính chính thông tin cá nhân."""

    person_id: int
    reason: str
    full_name: str
    sex: Sex
    birth: BirthDate | None
    ethnicity: str
    phone: str
    email: str
    died_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeath:
    """A person died. Ghi nhận người chết."""

    person_id: int
    died_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDeath:
    """Somebody who was recorded dead by mistake lives. Rút ghi nhận người chết.

    Attributes:
        reason: What was mistaken, and which paper says so.
    """

    person_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """The new record, and what a person should look at."""

    person: Person
    warnings: tuple[Finding, ...]


@transaction.atomic
def register_person(
    command: RegisterPerson, *, acting_user_id: int | None, now: datetime, client_key: UUID | None = None
) -> RegisteredPerson:
    """Record a person, with a number and a residence where they are told.

    Ghi nhận cá nhân.

    Args:
        command: What is told.
        acting_user_id: Who records; None for the system.
        now: When.
        client_key: Key of the form: a second press returns the person whom the first recorded, and makes no twin.

    Raises:
        NameUnreadable, BirthImpossible, TextRefused: Something told is impossible.
        NumberUnreadable, NumberHeldByAnother: The number is none, or somebody else's.
        UnitUnknown, NotACommune, DayInTheFuture: The residence is impossible.
    """
    if before := done_before(client_key):
        return RegisteredPerson(Person.objects.get(pk=before["person_id"]), ())
    today = local_day(now)
    person = Person(**_told(command, today=today))
    person.save()
    count_name(person.name_key)
    warnings: tuple[Finding, ...] = ()
    identity = residence = None
    if command.number.strip():
        give = GiveIdentityNumber(
            person_id=person.pk,
            kind=kind_of_number(command.number),
            number=command.number,
            issued_on=command.number_issued_on,
            issued_by=command.number_issued_by,
        )
        given, _is_new = add_number(person, give, today=today)
        identity, warnings = given.identity, given.warnings
    if command.residence is not None:
        first = command.residence
        move = MoveResidence(
            person_id=person.pk,
            kind=first.kind,
            unit_code=first.unit_code,
            hamlet=first.hamlet,
            address=first.address,
            on=first.since or today,
        )
        residence, _left, _is_new = add_residence(person, move, today=today)
    registered = PersonRegistered(
        person_id=person.pk,
        numbers=[identity.pk] if identity else [],
        residence_id=residence.pk if residence else None,
    )
    record(registered, stream=f"person:{person.pk}", actor_id=acting_user_id, at=now, client_key=client_key)
    return RegisteredPerson(person, warnings)


@transaction.atomic
def correct_person(command: CorrectPerson, *, acting_user_id: int | None, now: datetime) -> Person:
    """Make a person's record say what it should have said; the log keeps what it said before.

    Đính chính thông tin cá nhân. Nothing to correct changes nothing.

    Raises:
        PersonUnknown: There is no such person.
        NameUnreadable, BirthImpossible, DiesBeforeBirth, DayInTheFuture, TextRefused: Something told is impossible.
    """
    today = local_day(now)
    person = locked_person(command.person_id)
    told = _told(command, today=today) | {"died_on": command.died_on}
    if command.died_on is not None:
        _refuse_death(command.died_on, command.birth, today=today)
    reason = line(command.reason, what="Lý do đính chính", at_most=300, required=True)
    changes = {name: [getattr(person, name), value] for name, value in told.items() if getattr(person, name) != value}
    if not changes:
        return person
    if "died_on" in changes:
        locks.hold(_DEATHS, shared=True)
    count_rename(person.name_key, str(told["name_key"]))
    for name, value in told.items():
        setattr(person, name, value)
    person.save(update_fields=list(told))
    shown = {name: change for name, change in changes.items() if name not in {"name_key", "sort_key"}}
    corrected = PersonCorrected(changes=shown, reason=reason)
    record(corrected, stream=f"person:{person.pk}", actor_id=acting_user_id, at=now)
    return person


@transaction.atomic
def record_death(command: RecordDeath, *, acting_user_id: int | None, now: datetime) -> Person:
    """Record that a person died.

    Ghi nhận người chết. Residence, household and numbers keep their days: what is asked for a day after the death
    answers that the person no longer lives. Recording the same death again changes nothing.

    Raises:
        PersonUnknown: There is no such person.
        DeathAlreadyRecorded: Another day is recorded.
        DiesBeforeBirth, DayInTheFuture: The day is impossible.
    """
    locks.hold(_DEATHS, shared=True)
    person = locked_person(command.person_id)
    if not _is_new_death(person, command.died_on, today=local_day(now)):
        return person
    person.died_on = command.died_on
    person.save(update_fields=["died_on"])
    died = DeathRecorded(died_on=command.died_on)
    record(died, stream=f"person:{person.pk}", actor_id=acting_user_id, at=now)
    return person


@transaction.atomic
def withdraw_death(command: WithdrawDeath, *, acting_user_id: int | None, now: datetime) -> date:
    """Say that somebody who was recorded dead by mistake lives; the log keeps both.

    Rút ghi nhận người chết. What the death ended elsewhere is put right by whoever ended it.

    Returns:
        The day on which the person was recorded to have died.

    Raises:
        PersonUnknown: There is no such person.
        NotRecordedDead: Nobody recorded a death.
        TextRefused: The reason says nothing.
    """
    locks.hold(_DEATHS, shared=True)
    person = locked_person(command.person_id)
    died_on = person.died_on
    if died_on is None:
        raise NotRecordedDead
    reason = line(command.reason, what="Lý do rút ghi nhận", at_most=300, required=True)
    person.died_on = None
    person.save(update_fields=["died_on"])
    withdrawn = DeathWithdrawn(died_on=died_on, reason=reason)
    record(withdrawn, stream=f"person:{person.pk}", actor_id=acting_user_id, at=now)
    return died_on


def let_no_death_be_recorded() -> None:
    """Wait until every death that is being recorded is there, and let none be until the running transaction ends.

    Raises:
        NoTransaction: There is no running transaction.
    """
    locks.hold(_DEATHS)


def check_death(command: RecordDeath, *, now: datetime) -> None:
    """Refuse what ``record_death`` would refuse, and record nothing.

    Raises:
        PersonUnknown: There is no such person.
        DeathAlreadyRecorded: Another day is recorded.
        DiesBeforeBirth, DayInTheFuture: The day is impossible.
    """
    person = Person.objects.filter(pk=command.person_id).first()
    if person is None:
        raise PersonUnknown
    _is_new_death(person, command.died_on, today=local_day(now))


def _is_new_death(person: Person, died_on: date, *, today: date) -> bool:
    """Tell whether a death that can be is still to be recorded."""
    if person.died_on == died_on:
        return False
    if person.died_on is not None:
        raise DeathAlreadyRecorded(person.died_on)
    _refuse_death(died_on, birth_date_of(person), today=today)
    return True


def _told(command: RegisterPerson | CorrectPerson, *, today: date) -> dict[str, object]:
    """Give the columns that a command tells, clean and checked."""
    name = title_name(line(command.full_name, what="Họ và tên", at_most=_NAME_LENGTH, required=True))
    if any(character.isdigit() for character in name) or not any(character.isalpha() for character in name):
        raise NameUnreadable(name)
    birth = command.birth
    if birth is not None and (birth.earliest > today or birth.year < today.year - _OLDEST_YEARS):
        raise BirthImpossible(birth)
    return {
        "full_name": name,
        "name_key": fold(name),
        "sort_key": person_sort_key(name),
        "sex": command.sex,
        "birth_on": birth.earliest if birth else None,
        "birth_precision": BirthPrecision(birth.precision) if birth else BirthPrecision.DAY,
        "ethnicity": line(command.ethnicity, what="Dân tộc", at_most=30),
        "phone": line(command.phone, what="Điện thoại", at_most=20),
        "email": line(command.email, what="Thư điện tử", at_most=254),
    }


def _refuse_death(died_on: date, birth: BirthDate | None, *, today: date) -> None:
    refuse_future(died_on, today=today)
    if birth is not None and died_on < birth.earliest:
        raise DiesBeforeBirth(died_on, birth)
