"""Somebody has died: the register hears of it, and everything they received ends, in the transaction of whoever says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.events import DeathTold
from lienthong.assistance.models import Entitlement
from lienthong.assistance.services.circumstances import EvidenceMissing, line_given, stream_of
from lienthong.assistance.services.following import follow_death
from lienthong.assistance.services.refusals import FactWrong, NotYours, RecordUnknown
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.people import services as people
from lienthong.people.models import Person
from lienthong.units import queries as units


@dataclass(frozen=True, slots=True, kw_only=True)
class TellDeath:
    """Một người đã chết, theo một giấy tờ hay quyết định.

    Attributes:
        reason: Stands in what ends; empty: what the rules say of a death.
    """

    person_id: int
    died_on: date
    paper: str
    reason: str = ""
    client_key: UUID | None = None


def tell_death(command: TellDeath, *, acting_user_id: int | None, now: datetime) -> list[Entitlement]:
    """Record a death and end everything that the person received, inside the transaction of whoever decides.

    Ghi nhận đã chết. Telling the same death again records nothing, and ends what may still be received.

    Returns:
        The benefits that it ended.

    Raises:
        FactWrong: The day lies before the birth or in the future, or another day is recorded.
    """
    if not _is_known(command.person_id):
        _record(command, acting_user_id=acting_user_id, now=now)
    else:
        refuse_wrong_death(command.person_id, command.died_on, now=now)
    return follow_death(command.person_id, now=now, acting_user_id=acting_user_id, reason=command.reason)


def refuse_wrong_death(person_id: int, died_on: date, *, now: datetime) -> None:
    """Refuse a death that the register does not take.

    Raises:
        FactWrong: The day lies before the birth or in the future, or another day is recorded.
    """
    try:
        people.check_death(people.RecordDeath(person_id=person_id, died_on=died_on), now=now)
    except people.PeopleRefusal as refusal:
        raise FactWrong(str(refusal)) from refusal


@transaction.atomic
def report_death(command: TellDeath, *, acting_user: User, now: datetime) -> list[Entitlement]:
    """Record the death of somebody of the user's commune, with the paper that says so, and end what they received.

    Ghi nhận đã chết. Money stops at once; nothing is paid by it.

    Returns:
        The benefits that it ended.

    Raises:
        RecordUnknown: There is no such person.
        NotYours: The user records nothing where the person lives.
        EvidenceMissing: No paper is named.
        FactWrong: The day cannot be, or another day is recorded.
        KeyAlreadyUsed: The form was sent before.
    """
    rows = Person.objects.select_for_update(of=("self",)).select_related("unit")
    person = rows.filter(pk=command.person_id).first()
    if person is None:
        raise RecordUnknown(_("Không có người này. Hãy tìm lại theo số định danh."))
    place = units.heir_on(person.unit, local_day(now))
    if place is None or not may_report(acting_user, place.pk, on=local_day(now)):
        raise NotYours(_("Chỉ cán bộ phụ trách của xã nơi người này ở ghi nhận được. Hãy chuyển cho nơi phụ trách."))
    paper = line_given(
        command.paper,
        at_most=300,
        missing=lambda: EvidenceMissing(_("Ghi giấy tờ xác nhận, ví dụ trích lục khai tử.")),
    )
    told = TellDeath(person_id=person.pk, died_on=command.died_on, paper=paper, client_key=command.client_key)
    return tell_death(told, acting_user_id=acting_user.pk, now=now)


def preview_death(command: TellDeath, *, acting_user: User, now: datetime) -> list[Entitlement]:
    """Return the benefits as ``report_death`` would end them, and change nothing.

    Raises:
        RecordUnknown, NotYours, EvidenceMissing, FactWrong: As for the report.
    """
    with transaction.atomic():
        savepoint = transaction.savepoint()
        try:
            return report_death(command, acting_user=acting_user, now=now)
        finally:
            transaction.savepoint_rollback(savepoint)


def may_report(user: User, unit_id: int, *, on: date) -> bool:
    """Tell whether the user reports deaths in a commune: whoever proposes there for one of the programmes."""
    return any(policies.proposes(user, unit_id, on=on, programme=programme) for programme in policies.ALL)


def _is_known(person_id: int) -> bool:
    return Person.objects.filter(pk=person_id, died_on__isnull=False).exists()


def _record(command: TellDeath, *, acting_user_id: int | None, now: datetime) -> None:
    death = people.RecordDeath(person_id=command.person_id, died_on=command.died_on)
    try:
        people.record_death(death, acting_user_id=acting_user_id, now=now)
    except people.PeopleRefusal as refusal:
        raise FactWrong(str(refusal)) from refusal
    fact = DeathTold(person_id=command.person_id, died_on=command.died_on, paper=command.paper)
    stream = stream_of(command.person_id)
    record(fact, stream=stream, actor_id=acting_user_id, at=now, client_key=command.client_key)
