"""Lasting conditions that the law asks about: disability, orphanhood and the like, each with its days and its paper."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.people.events import ConditionEnded, ConditionRecorded
from lienthong.people.models import Condition
from lienthong.people.services.current import locked_person
from lienthong.people.services.refusals import EndsBeforeItBegins, PeopleRefusal, line, refuse_future, refused_by
from lienthong.people.states import ConditionKind, DisabilityLevel


class LevelUnknown(PeopleRefusal):
    """The degree is none of those the law knows."""

    def __init__(self, level: str) -> None:
        known = ", ".join(str(known.label) for known in DisabilityLevel)
        super().__init__(f"Mức độ khuyết tật “{level}” không có trong quy định. Hãy chọn một trong: {known}.")


class ConditionAlreadyRecorded(PeopleRefusal):
    """The condition is recorded for one of those days."""

    def __init__(self, kind: ConditionKind) -> None:
        super().__init__(
            f"Tình trạng {ConditionKind(kind).label} đã được ghi cho những ngày đó. Hãy nhập ngày sau lần ghi gần nhất."
        )


class ConditionUnknown(PeopleRefusal):
    """The person has no such condition that could end."""

    def __init__(self, kind: ConditionKind) -> None:
        super().__init__(f"Người này không có tình trạng {ConditionKind(kind).label} đang còn. Hãy tải lại trang.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCondition:
    """A condition holds for a person from a day on. ``level`` is a value of ``DisabilityLevel`` for a disability."""

    person_id: int
    kind: ConditionKind
    valid_from: date
    valid_until: date | None = None
    level: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCondition:
    """A condition holds no longer from a day on."""

    person_id: int
    kind: ConditionKind
    on: date


@transaction.atomic
def record_condition(command: RecordCondition, *, acting_user_id: int | None, now: datetime) -> Condition:
    """Record a condition; one of the same kind that was still open ends the same day, as when a degree changes.

    Ghi nhận tình trạng. The same condition recorded again changes nothing.

    Raises:
        PersonUnknown: There is no such person.
        LevelUnknown: A disability has none of the degrees of the law.
        ConditionAlreadyRecorded: The condition is recorded for one of those days.
        DayInTheFuture, EndsBeforeItBegins, TextRefused: A day or a text is wrong.
    """
    refuse_future(command.valid_from, today=local_day(now))
    if command.valid_until is not None and command.valid_until <= command.valid_from:
        raise EndsBeforeItBegins(command.valid_from, command.valid_until)
    if command.kind == ConditionKind.DISABILITY and command.level not in DisabilityLevel.values:
        raise LevelUnknown(command.level)
    person = locked_person(command.person_id)
    told = {
        "kind": command.kind,
        "level": line(command.level, what="Mức độ", at_most=30),
        "evidence": line(command.evidence, what="Giấy tờ", at_most=200),
        "valid_from": command.valid_from,
        "valid_until": command.valid_until,
    }
    known: Condition | None = person.conditions.filter(**told).first()
    if known is not None:
        return known
    person.conditions.filter(kind=command.kind, valid_until=None, valid_from__lt=command.valid_from).update(
        valid_until=command.valid_from
    )
    with refused_by("condition_once_a_day", lambda: ConditionAlreadyRecorded(command.kind)):
        condition = Condition.objects.create(person=person, **told)
    recorded = ConditionRecorded(
        kind=condition.kind, level=condition.level, valid_from=command.valid_from, valid_until=command.valid_until
    )
    record(recorded, stream=f"person:{person.pk}", actor_id=acting_user_id, at=now)
    return condition


@transaction.atomic
def end_condition(command: EndCondition, *, acting_user_id: int | None, now: datetime) -> Condition:
    """Record that a condition holds no longer from a day on.

    Raises:
        PersonUnknown: There is no such person.
        ConditionUnknown: No condition of the kind is open.
        DayInTheFuture, EndsBeforeItBegins: The day is impossible.
    """
    refuse_future(command.on, today=local_day(now))
    person = locked_person(command.person_id)
    condition: Condition | None = person.conditions.filter(kind=command.kind, valid_until=None).first()
    if condition is None:
        raise ConditionUnknown(command.kind)
    if command.on <= condition.valid_from:
        raise EndsBeforeItBegins(condition.valid_from, command.on)
    condition.valid_until = command.on
    condition.save(update_fields=["valid_until"])
    ended = ConditionEnded(kind=condition.kind, valid_until=command.on)
    record(ended, stream=f"person:{person.pk}", actor_id=acting_user_id, at=now)
    return condition
