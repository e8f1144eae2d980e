"""What officers of the demo decided about verdicts in a month: much in bulk, some one by one, and much left for today."""

from collections.abc import Callable
from datetime import date, datetime
from random import Random
from uuid import UUID

from lienthong.accounts.models import User
from lienthong.ops.demo.staff import DEMO_COMMUNE, Staff
from lienthong.units import queries as units
from lienthong.units.models import Agency
from lienthong.units.states import AgencyKind
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.models import Batch, Case
from lienthong.verification.services import cases
from lienthong.verification.states import CaseState, CloseReason, Looked

ACCEPTED_IN_BULK, APPROVED = 0.2, 0.7
MOST_ONE_BY_ONE = 2  # of one kind, in one commune, in one month
ONE_BY_ONE_SHARE = 0.4
# The others have not begun yet: on the map of progress that is what most of a province looks like.
COMMUNES_AT_WORK = 3

Verb = Callable[[cases.CaseTarget, User, datetime], object]


def _visit(target: cases.CaseTarget, user: User, now: datetime) -> object:
    return cases.order_visit(target, note="Hỏi trưởng xóm", acting_user=user, now=now)


def _ask(target: cases.CaseTarget, user: User, now: datetime) -> object:
    return cases.ask_police(target, note="Giấy khai sinh ghi như sổ của ta", acting_user=user, now=now)


def _close(target: cases.CaseTarget, user: User, now: datetime) -> object:
    return cases.close(target, reason=CloseReason.OURS_IS_RIGHT, acting_user=user, now=now)


def _confirm_death(target: cases.CaseTarget, user: User, now: datetime) -> object:
    return cases.confirm_death(
        target, looked=Looked.DEATH_CERTIFICATE, note="Đã xem trích lục khai tử", acting_user=user, now=now
    )


ONE_BY_ONE: dict[Status, Verb] = {
    Status.NOT_FOUND: _visit,
    Status.SEVERAL_CANDIDATES: _visit,
    Status.NAME_DIFFERS: _ask,
    Status.BIRTH_DIFFERS: _ask,
    Status.SEX_DIFFERS: _close,
    Status.ETHNICITY_DIFFERS: _close,
    Status.MOVED: _close,
    Status.DEAD: _confirm_death,
}


def decide_some(batch: Batch, staff: Staff, *, luck: Random, on: date, now: datetime) -> int:
    """Let the officers of communes with staff decide part of what a batch opened; return how many cases they touched."""
    touched = 0
    for agency in _at_work(staff, on):
        officer = User.objects.get(pk=staff.one("processor", agency.pk, luck=luck))
        leader = User.objects.get(pk=staff.one("leader", agency.pk, luck=luck))
        waiting = Case.objects.filter(commune=agency.unit_id, entry__register=batch.register_id).order_by("id")
        touched += _in_bulk(list(waiting.filter(state=CaseState.OPEN)), officer, luck=luck, now=now)
        touched += _one_by_one(list(waiting.filter(state=CaseState.OPEN)), officer, luck=luck, now=now)
        touched += _approved(list(waiting.filter(state=CaseState.PROPOSED)), leader, luck=luck, now=now)
    return touched


def _at_work(staff: Staff, on: date) -> list[Agency]:
    """Return the committees that work on their lists: that of the demo and the first others that have officers."""
    committees = units.agencies_on(on, kind=AgencyKind.COMMUNE_COMMITTEE).order_by("code")
    staffed = [one for one in committees if all(staff.is_there(role, one.pk) for role in ("processor", "leader"))]
    return sorted(staffed, key=lambda one: (one.code != DEMO_COMMUNE, one.code))[:COMMUNES_AT_WORK]


def _in_bulk(waiting: list[Case], officer: User, *, luck: Random, now: datetime) -> int:
    shown = _some(waiting, ACCEPTED_IN_BULK, luck)[: cases.BULK_AT_MOST]
    if not shown:
        return 0
    report = cases.bulk_accept(_many(shown, luck), acting_user=officer, now=now)
    return report.decided + report.proposed


def _approved(waiting: list[Case], leader: User, *, luck: Random, now: datetime) -> int:
    shown = _some(waiting, APPROVED, luck)[: cases.BULK_AT_MOST]
    return cases.bulk_approve(_many(shown, luck), acting_user=leader, now=now).decided if shown else 0


def _one_by_one(waiting: list[Case], officer: User, *, luck: Random, now: datetime) -> int:
    touched = 0
    for kind, verb in ONE_BY_ONE.items():
        of_kind = [case for case in waiting if case.kind == kind]
        for case in _some(of_kind, ONE_BY_ONE_SHARE, luck)[:MOST_ONE_BY_ONE]:
            try:
                verb(cases.CaseTarget(case_id=case.pk, seen=case.version, client_key=_key(luck)), officer, now)
            except cases.CaseRefused:
                continue  # as an officer would: what the house refuses is left lying
            touched += 1
    return touched


def _some(waiting: list[Case], share: float, luck: Random) -> list[Case]:
    return [case for case in waiting if luck.random() < share]


def _many(shown: list[Case], luck: Random) -> cases.ManyCases:
    return cases.ManyCases(shown=tuple((case.pk, case.version) for case in shown), client_key=_key(luck))


def _key(luck: Random) -> UUID:
    return UUID(int=luck.getrandbits(128), version=4)
