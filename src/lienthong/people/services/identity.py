"""Identity numbers: who holds which number between which days."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.kernel.identity import Finding, PersonalId, UnreadablePersonalId, read_personal_id
from lienthong.people.events import IdentityNumberEnded, IdentityNumberGiven
from lienthong.people.models import IdentityNumber, Person
from lienthong.people.queries.numbers import differences_from
from lienthong.people.services.current import locked_person, refresh_number
from lienthong.people.services.refusals import (
    EndsBeforeItBegins,
    PeopleRefusal,
    line,
    refuse_future,
    refused_by,
)
from lienthong.people.states import IdentityKind


class NumberUnreadable(PeopleRefusal):
    """The text is no number of that kind.

    Attributes:
        suggestion: What may have been meant, for a person to confirm; empty when nothing can be said.
    """

    def __init__(self, message: str, *, suggestion: str = "") -> None:
        super().__init__(message)
        self.suggestion = suggestion


class NumberHeldByAnother(PeopleRefusal):
    """Somebody else holds the number on one of those days. Only their record's number is told.

    Attributes:
        holder_id: The person who holds it; None when that cannot be seen yet.
    """

    def __init__(self, number: str, holder_id: int | None) -> None:
        who = f"hồ sơ cá nhân số {holder_id}" if holder_id else "một người vừa được ghi"
        super().__init__(
            f"Số {number} đang thuộc {who}. Hãy kiểm tra lại số; nếu đúng là cùng một người thì dùng hồ sơ đó."
        )
        self.holder_id = holder_id


class HoldsAnotherNumber(PeopleRefusal):
    """The person already holds a number of that kind."""

    def __init__(self, held: IdentityNumber) -> None:
        super().__init__(
            f"Người này đang dùng {IdentityKind(held.kind).label} {held.number}. "
            "Hãy kết thúc số đó trước khi ghi số mới."
        )


class IdentityNumberUnknown(PeopleRefusal):
    """There is no such identity number."""

    def __init__(self) -> None:
        super().__init__("Không tìm thấy giấy tờ định danh này. Hãy tải lại trang.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveIdentityNumber:
    """A person holds a number. ``issued_on``, where known, is the first day; else the day it is recorded."""

    person_id: int
    kind: IdentityKind
    number: str
    issued_on: date | None = None
    issued_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndIdentityNumber:
    """A number is no longer held from a day on."""

    identity_id: int
    on: date


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """The number as it was recorded, and what a person should look at."""

    identity: IdentityNumber
    warnings: tuple[Finding, ...]


@transaction.atomic
def give_identity_number(command: GiveIdentityNumber, *, acting_user_id: int | None, now: datetime) -> GivenNumber:
    """Record that a person holds a number.

    Ghi nhận giấy tờ định danh. An implausible number is recorded with a warning, because real numbers look odd too.
    Giving the number that the person holds already changes nothing.

    Raises:
        PersonUnknown: There is no such person.
        NumberUnreadable: It is no number of that kind.
        HoldsAnotherNumber: The person holds another number of that kind.
        NumberHeldByAnother: Somebody else holds it.
        DayInTheFuture, TextRefused: A day or a text is wrong.
    """
    person = locked_person(command.person_id)
    given, is_new = add_number(person, command, today=local_day(now))
    if is_new:
        record(
            IdentityNumberGiven(
                kind=given.identity.kind, identity_id=given.identity.pk, valid_from=given.identity.valid_from
            ),
            stream=f"person:{person.pk}",
            actor_id=acting_user_id,
            at=now,
        )
    return given


@transaction.atomic
def end_identity_number(command: EndIdentityNumber, *, acting_user_id: int | None, now: datetime) -> IdentityNumber:
    """Record that a number is no longer held from a day on.

    Kết thúc giấy tờ định danh. Ending it again on the same day changes nothing.

    Raises:
        IdentityNumberUnknown: There is no such number.
        EndsBeforeItBegins: The number was given on that day or later, or ended on another day.
        DayInTheFuture: The day has not come.
    """
    person_id = IdentityNumber.objects.filter(pk=command.identity_id).values_list("person_id", flat=True).first()
    if person_id is None:
        raise IdentityNumberUnknown
    person = locked_person(person_id)
    identity = IdentityNumber.objects.get(pk=command.identity_id)
    refuse_future(command.on, today=local_day(now))
    if identity.valid_until == command.on:
        return identity
    if command.on <= identity.valid_from or identity.valid_until is not None:
        raise EndsBeforeItBegins(identity.valid_until or identity.valid_from, command.on)
    identity.valid_until = command.on
    identity.save(update_fields=["valid_until"])
    refresh_number(person)
    record(
        IdentityNumberEnded(kind=identity.kind, identity_id=identity.pk, valid_until=command.on),
        stream=f"person:{person.pk}",
        actor_id=acting_user_id,
        at=now,
    )
    return identity


def add_number(person: Person, command: GiveIdentityNumber, *, today: date) -> tuple[GivenNumber, bool]:
    """Add a number to a person without an event of its own, and say whether it is new."""
    number, warnings = _read(command, person)
    first_day = command.issued_on or today
    refuse_future(first_day, today=today)
    held = person.identity_numbers.filter(kind=command.kind, valid_until=None).order_by("pk").first()
    if held is not None:
        if held.number != number:
            raise HoldsAnotherNumber(held)
        return GivenNumber(held, warnings), False
    issued_by = line(command.issued_by, what="Nơi cấp", at_most=200)

    def held_by_another() -> PeopleRefusal:
        holders = IdentityNumber.objects.filter(Q(valid_until=None) | Q(valid_until__gt=first_day))
        holder = holders.filter(kind=command.kind, number=number).order_by("pk").first()
        return NumberHeldByAnother(number, holder.person_id if holder else None)

    # Two rows of one number inserted at once would wait for each other: whoever comes second waits here instead.
    locks.hold(f"identity number:{command.kind}:{number}")
    with refused_by("identity_number_one_holder_a_day", held_by_another):
        identity = IdentityNumber.objects.create(
            person=person,
            kind=command.kind,
            number=number,
            issued_on=command.issued_on,
            issued_by=issued_by,
            valid_from=first_day,
        )
    refresh_number(person)
    return GivenNumber(identity, warnings), True


def kind_of_number(text: str) -> IdentityKind:
    """Say whether digits are a personal identity number or an old identity card's.

    Raises:
        NumberUnreadable: Neither 9 nor 12 digits.
    """
    return IdentityKind.OLD_ID_CARD if _personal_id(text).is_old else IdentityKind.PERSONAL_ID


def _read(command: GiveIdentityNumber, person: Person) -> tuple[str, tuple[Finding, ...]]:
    """Read the number as its kind demands, with everything about it that looks odd."""
    if command.kind not in {IdentityKind.PERSONAL_ID, IdentityKind.OLD_ID_CARD}:
        return line(command.number, what=str(IdentityKind(command.kind).label), at_most=20, required=True).upper(), ()
    personal_id = _personal_id(command.number)
    if personal_id.is_old != (command.kind == IdentityKind.OLD_ID_CARD):
        raise NumberUnreadable(
            f"Số {personal_id.number} có {len(personal_id.number)} chữ số, không phải {IdentityKind(command.kind).label}. "
            "Số định danh có 12 chữ số, chứng minh nhân dân có 9. Hãy chọn lại loại hoặc kiểm tra số."
        )
    return personal_id.number, (*personal_id.findings, *differences_from(person, personal_id))


def _personal_id(text: str) -> PersonalId:
    try:
        return read_personal_id(text)
    except UnreadablePersonalId as unreadable:
        raise NumberUnreadable(str(unreadable), suggestion=unreadable.suggestion or "") from unreadable
