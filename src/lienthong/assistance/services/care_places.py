"""Where somebody is cared for, as a dossier decides it: in an institution, home again, or with a household that took them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.months import is_paid_here, starts_of
from lienthong.assistance.services.dossier_facts import write_facts
from lienthong.assistance.services.granting import Grant, grant
from lienthong.assistance.services.proposing import person_of
from lienthong.assistance.services.refusals import FactWrong
from lienthong.assistance.services.settling import settle
from lienthong.assistance.states import LIVE_STATES, SOCIAL_BENEFITS, Benefit, PayeeGround, Programme
from lienthong.kernel.days import format_day, local_day
from lienthong.people.models import Organization, Person
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.facts import Care
from lienthong.rules.social_assistance.timing import month_of
from lienthong.units import queries as units


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterInstitution:
    """Tiếp nhận vào cơ sở trợ giúp xã hội; ``paper`` is the decision of the head of the institution, with the dossier.

    ``organization_id`` is the institution where it is known as an organisation: then it is paid for the person from now on.
    """

    person_id: int
    institution: str
    admitted_on: date
    paper: str
    organization_id: int | None = None
    dossier_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveInstitution:
    """Dừng trợ giúp xã hội tại cơ sở; ``left_on`` is the first day outside."""

    person_id: int
    left_on: date
    paper: str
    dossier_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIntoCare:
    """Nhận chăm sóc, nuôi dưỡng tại cộng đồng; ``until`` is the first day after temporary care."""

    person_id: int
    carer_id: int
    unit_id: int
    since: date
    until: date
    paper: str
    dossier_code: str = ""


@transaction.atomic
def enter_institution(command: EnterInstitution, *, acting_user: User, now: datetime) -> list[Entitlement]:
    """Record that somebody lives in an institution, end what they received at home, and let the institution be paid.

    Tiếp nhận vào cơ sở trợ giúp xã hội. The allowance of the community and the support of whoever cared end by the rules; the
    money for care in the institution is the institution's. Where nobody said which organisation it is, that is proposed later.

    Args:
        command: Who, where, since when, by which paper.
        acting_user: Who approves.
        now: The moment.

    Returns:
        What has ended.

    Raises:
        FactWrong: The person has died or lives in an institution already, or the day has not come.
        AssistanceRefusal: The institution cannot be paid for the person.

    Legal source:
        20/2021/NĐ-CP, Điều 24, Điều 25 khoản 5, Điều 27, Điều 28.
    """
    person = _living(command.person_id, command.admitted_on, now)
    if history_of(person.pk).facts_on(command.admitted_on).in_institution:
        raise FactWrong(
            _("Ngày %(day)s người này đã ở trong cơ sở trợ giúp xã hội. Hãy kiểm tra lại hoàn cảnh đã ghi.")
            % {"day": format_day(command.admitted_on)}
        )
    evidence = f"{command.institution}, {command.paper}"
    _write(
        person, {"in_institution": True, "care": Care.NONE.value}, command.admitted_on, evidence,
        acting_user=acting_user, now=now,
    )  # fmt: skip
    reason = _("Vào %(institution)s từ ngày %(day)s, %(paper)s (20/2021/NĐ-CP, Điều 25 khoản 5)") % {
        "institution": command.institution, "day": format_day(command.admitted_on), "paper": command.paper,
    }  # fmt: skip
    ended = settle(person.pk, since=command.admitted_on, reason=reason, acting_user_id=acting_user.pk, now=now)
    if command.organization_id is not None:
        institution = Organization.objects.select_related("unit").get(pk=command.organization_id)
        place = units.heir_on(person.unit or institution.unit, local_day(now))
        if place is None:
            raise FactWrong(_("Chưa rõ xã chi trả: hãy ghi nơi ở của người này hoặc trụ sở của cơ sở trước."))
        care = Grant(
            person_id=person.pk, programme=Programme.SOCIAL, benefit=Benefit.INSTITUTION, unit_id=place.pk,
            payee_organization_id=institution.pk, dossier_code=command.dossier_code,
        )  # fmt: skip
        grant(care, acting_user=acting_user, now=now)
    return ended


@transaction.atomic
def leave_institution(command: LeaveInstitution, *, acting_user: User, now: datetime) -> list[Entitlement]:
    """Record that somebody has left an institution, and let them receive again what they received before and the rules give.

    Dừng trợ giúp xã hội tại cơ sở trợ giúp xã hội. Paid from the month in which they left, to whoever was paid before. What
    the rules cannot say yet, or what was never received, waits for a request.

    Returns:
        What is received again.

    Raises:
        FactWrong: The person has died or is not recorded in an institution, or the day has not come.

    Legal source:
        20/2021/NĐ-CP, Điều 30; Điều 8 khoản 1.
    """
    person = _living(command.person_id, command.left_on, now)
    if history_of(person.pk).facts_on(command.left_on).in_institution is not True:
        raise FactWrong(
            _(
                "Ngày %(day)s người này không được ghi là đang ở cơ sở trợ giúp xã hội. Hãy kiểm tra lại hoàn cảnh đã ghi."
            )
            % {"day": format_day(command.left_on)}
        )
    _write(person, {"in_institution": False}, command.left_on, command.paper, acting_user=acting_user, now=now)
    reason = _("Rời cơ sở trợ giúp xã hội từ ngày %(day)s, %(paper)s") % {
        "day": format_day(command.left_on), "paper": command.paper,
    }  # fmt: skip
    settle(person.pk, since=command.left_on, reason=reason, acting_user_id=acting_user.pk, now=now)
    place = units.heir_on(person.unit, local_day(now))
    again = []
    for earlier in _received_before(person.pk, _due(person.pk, local_day(now))):
        again.append(
            grant(
                Grant(
                    person_id=person.pk, programme=Programme.SOCIAL, benefit=earlier.benefit,
                    unit_id=place.pk if place else earlier.unit_id, payee_id=earlier.payee_id,
                    payee_ground=earlier.payee_ground, first_month=_first_month(person.pk, earlier, command.left_on, now),
                    dossier_code=command.dossier_code,
                ),
                acting_user=acting_user, now=now,
            )
        )  # fmt: skip
    return again


@transaction.atomic
def take_into_care(command: TakeIntoCare, *, acting_user: User, now: datetime) -> list[Entitlement]:
    """Record that a household has taken somebody in for the time being, and support whoever cares where the rules give it.

    Nhận chăm sóc, nuôi dưỡng đối tượng cần bảo vệ khẩn cấp. After the last day it is again as it was before: temporary care
    does not go on by silence.

    Returns:
        The support of the carer, where it is due.

    Raises:
        FactWrong: The person has died, or the day has not come.
        AssistanceRefusal: Whoever cares cannot be paid.

    Legal source:
        20/2021/NĐ-CP, Điều 18, Điều 20, Điều 21.
    """
    person = _living(command.person_id, command.since, now)
    before = history_of(person.pk).facts_on(command.since).care or Care.NONE
    _write(person, {"care": Care.TAKEN_IN.value}, command.since, command.paper, acting_user=acting_user, now=now)
    ended = _("hết thời gian chăm sóc tạm thời, %(paper)s") % {"paper": command.paper}
    _write(person, {"care": before.value}, command.until, ended, acting_user=acting_user, now=now)
    reason = _("Được nhận chăm sóc, nuôi dưỡng từ ngày %(day)s, %(paper)s") % {
        "day": format_day(command.since), "paper": command.paper,
    }  # fmt: skip
    settle(person.pk, since=command.since, reason=reason, acting_user_id=acting_user.pk, now=now)
    live = Entitlement.objects.filter(person=person, programme=Programme.SOCIAL, state__in=LIVE_STATES)
    if Benefit.CARER not in _due(person.pk, local_day(now)) or live.filter(benefit=Benefit.CARER).exists():
        return []
    support = Grant(
        person_id=person.pk, programme=Programme.SOCIAL, benefit=Benefit.CARER, unit_id=command.unit_id,
        payee_id=command.carer_id, payee_ground=PayeeGround.CARER, dossier_code=command.dossier_code,
    )  # fmt: skip
    return [grant(support, acting_user=acting_user, now=now)]


def _living(person_id: int, day: date, now: datetime) -> Person:
    person = person_of(person_id)
    if person.died_on is not None:
        raise FactWrong(_("Người này đã chết. Hãy kiểm tra lại số định danh."))
    if day > local_day(now):
        raise FactWrong(_("Ngày %(day)s chưa đến. Hãy ghi ngày không muộn hơn hôm nay.") % {"day": format_day(day)})
    return person


def _write(
    person: Person, facts: dict[str, Any], since: date, evidence: str, *, acting_user: User, now: datetime
) -> None:  # fmt: skip
    write_facts(
        person.pk, facts, valid_from=since, evidence=evidence[:300], acting_user_id=acting_user.pk, now=now,
    )  # fmt: skip


def _due(person_id: int, on: date) -> set[str]:
    lines = assess(history_of(person_id).facts_on(on), on=on, known_on=on).lines
    return {benefit for benefit in SOCIAL_BENEFITS for line in lines if is_paid_here(line.category, benefit)}


def _received_before(person_id: int, due: set[str]) -> list[Entitlement]:
    """Return the last decision of each benefit that is due and was received, and is not now."""
    rows = Entitlement.objects.filter(person_id=person_id, programme=Programme.SOCIAL)
    found = []
    for benefit in sorted(due):
        mine = rows.filter(benefit=benefit)
        last = mine.exclude(last_month=None).order_by("-last_month", "-pk").first()
        if last is not None and not mine.filter(state__in=LIVE_STATES).exists():
            found.append(last)
    return found


def _first_month(person_id: int, earlier: Entitlement, left_on: date, now: datetime) -> date:
    """Return the month of leaving, or a later one that the rules name for the decision."""
    starts = starts_of(history_of(person_id), earlier.benefit, decided_on=local_day(now))
    return max(month_of(left_on), min(starts.values()))
