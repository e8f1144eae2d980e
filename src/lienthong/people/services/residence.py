"""Where people live: one residence of a kind at a time, each with its days."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day
from lienthong.people.events import ResidenceMoved
from lienthong.people.models import Person, Residence
from lienthong.people.services.current import locked_person, refresh_unit
from lienthong.people.services.refusals import EndsBeforeItBegins, PeopleRefusal, line, refuse_future, refused_by
from lienthong.people.states import ResidenceKind
from lienthong.units.models import AdministrativeUnit
from lienthong.units.queries import unit_on
from lienthong.units.states import COMMUNE_KINDS


class NotACommune(PeopleRefusal):
    """People live in a commune, a ward or a township, not in a district or a province."""

    def __init__(self, unit: AdministrativeUnit) -> None:
        super().__init__(f"{unit.name} không phải xã, phường, thị trấn. Hãy chọn nơi ở đến cấp xã.")


class LivesThereLater(PeopleRefusal):
    """A residence of that kind is already recorded for that day or a later one."""

    def __init__(self, later: Residence | None) -> None:
        since = f" từ ngày {format_day(later.valid_from)} tại {later.unit}" if later else " cho những ngày đó"
        super().__init__(f"Đã ghi nơi cư trú cùng loại{since}. Hãy nhập ngày chuyển sau ngày đó, hoặc đính chính.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveResidence:
    """A person lives somewhere from a day on; ``valid_until`` where it is known beforehand that they will leave."""

    person_id: int
    kind: ResidenceKind
    unit_code: str
    on: date
    hamlet: str = ""
    address: str = ""
    valid_until: date | None = None
    source: str = ""


@transaction.atomic
def move_residence(command: MoveResidence, *, acting_user_id: int | None, now: datetime) -> Residence:
    """Record that a person lives somewhere from a day on; what they had of that kind ends the same day.

    Thay đổi nơi cư trú. The same move recorded again changes nothing.

    Raises:
        PersonUnknown, UnitUnknown: There is no such person, or no such unit on that day.
        NotACommune: The unit is a district or a province.
        LivesThereLater: Something is already recorded for that day or later.
        DayInTheFuture, EndsBeforeItBegins, TextRefused: A day or a text is wrong.
    """
    person = locked_person(command.person_id)
    residence, left_code, is_new = add_residence(person, command, today=local_day(now))
    if is_new:
        moved = ResidenceMoved(
            kind=command.kind, from_unit_code=left_code, to_unit_code=command.unit_code, on=command.on
        )
        record(moved, stream=f"person:{person.pk}", actor_id=acting_user_id, at=now)
    return residence


def add_residence(person: Person, command: MoveResidence, *, today: date) -> tuple[Residence, str | None, bool]:
    """Move a person without an event of its own.

    Returns:
        The residence, the code of the commune that was left, and whether anything is new.
    """
    refuse_future(command.on, today=today)
    if command.valid_until is not None and command.valid_until <= command.on:
        raise EndsBeforeItBegins(command.on, command.valid_until)
    unit = unit_on(command.unit_code, command.on)
    if unit.kind not in COMMUNE_KINDS:
        raise NotACommune(unit)
    columns = {
        "unit": unit,
        "hamlet": line(command.hamlet, what="Thôn, tổ dân phố", at_most=120),
        "address": line(command.address, what="Địa chỉ", at_most=300),
        "valid_until": command.valid_until,
    }
    last = person.residences.filter(kind=command.kind).select_related("unit").order_by("-valid_from").first()
    if (
        last is not None
        and last.valid_from == command.on
        and all(getattr(last, name) == value for name, value in columns.items())
    ):
        return last, None, False
    if last is not None and last.valid_from >= command.on:
        raise LivesThereLater(last)
    if last is not None and (last.valid_until is None or last.valid_until > command.on):
        last.valid_until = command.on
        last.save(update_fields=["valid_until"])
    with refused_by("residence_one_of_a_kind_a_day", lambda: LivesThereLater(None)):
        residence = Residence.objects.create(
            person=person,
            kind=command.kind,
            valid_from=command.on,
            source=line(command.source, what="Nguồn", at_most=60),
            **columns,
        )
    refresh_unit(person)
    return residence, last.unit.code if last else None, True
