"""Households: who belongs to which between which days, and who heads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day
from lienthong.people.events import HouseholdFormed, HouseholdJoined, HouseholdLeft
from lienthong.people.models import Household, HouseholdMembership, Person
from lienthong.people.services.current import locked_person, refresh_household
from lienthong.people.services.once import done_before
from lienthong.people.services.refusals import EndsBeforeItBegins, PeopleRefusal, line, refuse_future, refused_by
from lienthong.people.services.residence import NotACommune
from lienthong.people.states import HouseholdRelation
from lienthong.units.queries import unit_on
from lienthong.units.states import COMMUNE_KINDS


class HouseholdUnknown(PeopleRefusal):
    """There is no such household, or it had ended by that day."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Không có hộ nào mang mã {code} vào ngày đó. Hãy kiểm tra lại mã hộ.")


class OneHeadNeeded(PeopleRefusal):
    """A household has exactly one head."""

    def __init__(self) -> None:
        super().__init__("Mỗi hộ có đúng một chủ hộ. Hãy chọn một người làm chủ hộ.")


class InAnotherHousehold(PeopleRefusal):
    """The person belongs to a household on one of those days."""

    def __init__(self, membership: HouseholdMembership | None) -> None:
        where = (
            f"hộ {membership.household.code} từ ngày {format_day(membership.valid_from)}" if membership else "một hộ"
        )
        super().__init__(f"Người này đã thuộc {where}. Hãy ghi ra khỏi hộ đó trước.")


class NotInAHousehold(PeopleRefusal):
    """The person belongs to no household, or joined it only later."""

    def __init__(self) -> None:
        super().__init__(
            "Người này không thuộc hộ nào vào ngày đó, nên không có gì để kết thúc. Hãy kiểm tra lại ngày."
        )


class HeadMustBeReplaced(PeopleRefusal):
    """The head leaves while others stay, and nobody of them was named the next head."""

    def __init__(self) -> None:
        super().__init__("Chủ hộ rời đi mà hộ vẫn còn người. Hãy chọn một thành viên còn lại làm chủ hộ mới.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person and their relation to the head."""

    person_id: int
    relation: HouseholdRelation


@dataclass(frozen=True, slots=True, kw_only=True)
class FormHousehold:
    """People form a household in a commune. Lập hộ."""

    unit_code: str
    members: tuple[Member, ...]
    on: date
    hamlet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinHousehold:
    """A person joins a household. Vào hộ."""

    household_code: str
    person_id: int
    relation: HouseholdRelation
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveHousehold:
    """A person leaves their household; a head who leaves others names the next head. Ra khỏi hộ."""

    person_id: int
    on: date
    new_head_id: int | None = None


@transaction.atomic
def form_household(
    command: FormHousehold, *, acting_user_id: int | None, now: datetime, client_key: UUID | None = None
) -> Household:
    """Record a new household with its members, under a code that says nothing about them.

    Lập hộ. A form sent twice (``client_key``) returns the household that the first formed.

    Raises:
        PersonUnknown, UnitUnknown: There is no such person, or no such unit on that day.
        OneHeadNeeded, InAnotherHousehold, NotACommune: The household cannot be formed so.
        DayInTheFuture, TextRefused: The day or the hamlet is wrong.
    """
    if before := done_before(client_key):
        return Household.objects.get(code=before["code"])
    refuse_future(command.on, today=local_day(now))
    if [member.relation for member in command.members].count(HouseholdRelation.HEAD) != 1:
        raise OneHeadNeeded
    unit = unit_on(command.unit_code, command.on)
    if unit.kind not in COMMUNE_KINDS:
        raise NotACommune(unit)
    number = _next_number()
    household = Household.objects.create(
        pk=number,
        code=f"HG{number:08d}",
        unit=unit,
        hamlet=line(command.hamlet, what="Thôn, tổ dân phố", at_most=120),
        valid_from=command.on,
    )
    # In the order of their numbers, so that two households formed at once never wait for each other.
    for member in sorted(command.members, key=lambda member: member.person_id):
        _add_member(household, locked_person(member.person_id), member.relation, command.on)
    formed = HouseholdFormed(
        code=household.code,
        unit_code=unit.code,
        member_ids=[member.person_id for member in command.members],
        on=command.on,
    )
    record(formed, stream=f"household:{household.pk}", actor_id=acting_user_id, at=now, client_key=client_key)
    return household


@transaction.atomic
def join_household(command: JoinHousehold, *, acting_user_id: int | None, now: datetime) -> HouseholdMembership:
    """Record that a person belongs to a household from a day on.

    Vào hộ. Joining again as they joined changes nothing.

    Raises:
        PersonUnknown, HouseholdUnknown: There is no such person or household on that day.
        InAnotherHousehold: The person belongs to another household.
        OneHeadNeeded: The household has a head already.
        DayInTheFuture: The day has not come.
    """
    refuse_future(command.on, today=local_day(now))
    household = _locked_household(command.household_code, command.on)
    person = locked_person(command.person_id)
    known: HouseholdMembership | None = household.memberships.filter(
        person=person, relation=command.relation, valid_from=command.on, valid_until=None
    ).first()
    if known is not None:
        return known
    membership = _add_member(household, person, command.relation, command.on)
    joined = HouseholdJoined(code=household.code, relation=command.relation, on=command.on)
    record(joined, stream=f"person:{person.pk}", actor_id=acting_user_id, at=now)
    return membership


@transaction.atomic
def leave_household(command: LeaveHousehold, *, acting_user_id: int | None, now: datetime) -> HouseholdMembership:
    """Record that a person no longer belongs to their household from a day on; an empty household ends.

    Ra khỏi hộ.

    Raises:
        PersonUnknown: There is no such person.
        NotInAHousehold: The person belongs to no household.
        HeadMustBeReplaced: The head leaves others and no next head among them is named.
        EndsBeforeItBegins, DayInTheFuture: The day is impossible.
    """
    refuse_future(command.on, today=local_day(now))
    code = (
        HouseholdMembership.objects.filter(person=command.person_id, valid_until=None)
        .order_by("pk")
        .values_list("household__code", flat=True)
        .first()
    )
    if code is None:
        locked_person(command.person_id)
        raise NotInAHousehold
    household = _locked_household(code, command.on)
    person = locked_person(command.person_id)
    membership: HouseholdMembership | None = household.memberships.filter(person=person, valid_until=None).first()
    if membership is None:
        raise NotInAHousehold
    _end(membership, command.on)
    staying = list(household.memberships.filter(valid_until=None).select_related("person").order_by("pk"))
    if not staying:
        household.valid_until = command.on
        household.save(update_fields=["valid_until"])
    elif membership.relation == HouseholdRelation.HEAD:
        _name_head(household, staying, command.new_head_id, command.on)
    left = HouseholdLeft(code=household.code, new_head_id=command.new_head_id, on=command.on)
    record(left, stream=f"person:{person.pk}", actor_id=acting_user_id, at=now)
    return membership


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('people_household', 'id'))")
        return int(cursor.fetchone()[0])


def _locked_household(code: str, on: date) -> Household:
    household: Household | None = Household.objects.select_for_update().valid_on(on).filter(code=code).first()
    if household is None:
        raise HouseholdUnknown(code)
    return household


def _add_member(household: Household, person: Person, relation: HouseholdRelation, on: date) -> HouseholdMembership:
    def in_another() -> PeopleRefusal:
        memberships = HouseholdMembership.objects.filter(person=person).select_related("household")
        return InAnotherHousehold(memberships.order_by("-valid_from").first())

    with (
        refused_by("membership_one_head_a_day", OneHeadNeeded),
        refused_by("membership_one_household_a_day", in_another),
    ):
        membership: HouseholdMembership = HouseholdMembership.objects.create(
            household=household, person=person, relation=relation, valid_from=on
        )
    refresh_household(person)
    return membership


def _end(membership: HouseholdMembership, on: date) -> None:
    if on <= membership.valid_from:
        raise EndsBeforeItBegins(membership.valid_from, on)
    membership.valid_until = on
    membership.save(update_fields=["valid_until"])
    refresh_household(membership.person)


def _name_head(household: Household, staying: Sequence[HouseholdMembership], new_head_id: int | None, on: date) -> None:
    for membership in staying:
        if membership.person_id == new_head_id:
            _end(membership, on)
            _add_member(household, membership.person, HouseholdRelation.HEAD, on)
            return
    raise HeadMustBeReplaced
