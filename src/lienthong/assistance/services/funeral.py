"""Granting support with the costs of a funeral."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from lienthong.accounts.models import User
from lienthong.assistance.events import FuneralSupportGranted
from lienthong.assistance.models import DeathGrant, EmergencyGrant, Finding, FuneralSupport, TopUp
from lienthong.assistance.queries.funerals import after_emergency, supported_namesakes, with_merit
from lienthong.assistance.states import Benefit, EmergencyGrantKind, FindingState
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.money import Dong, format_dong
from lienthong.kernel.text import clean_line, fold
from lienthong.people.models import Person
from lienthong.rules.social_assistance.funeral import FuneralFacts, funeral_support
from lienthong.rules.social_assistance.pension_funeral import PensionFuneralFacts, pension_funeral

SupportFacts = FuneralFacts | PensionFuneralFacts


class NotEntitled(Exception):
    """The rules do not grant the support, or lack a fact to grant it."""


class SupportedBefore(Exception):
    """The costs of this funeral were supported before: by this article, after an emergency, or of somebody with merit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFuneralSupport:
    """Lệnh hỗ trợ chi phí mai táng; what ``facts`` are tells which law it is asked by."""

    dossier_code: str
    deceased_name: str
    deceased_number: str
    died_on: date
    payee_name: str
    facts: SupportFacts
    payee_id: int | None = None
    unit_id: int | None = None


def grant_funeral_support(command: GrantFuneralSupport, *, acting_user: User, now: datetime) -> FuneralSupport:
    """Grant support with the costs of a funeral, in the amount of the law on the day of the death, as it is in force now.

    Hỗ trợ chi phí mai táng.

    Args:
        command: Whose funeral, who is paid, and the facts of the case.
        acting_user: Who approves.
        now: The moment of the decision.

    Returns:
        The support with its amount in whole đồng and the reasons as they were explained.

    Raises:
        NotEntitled: The rules refuse, or do not know a fact; the sentence says why.
        SupportedBefore: The same person's funeral was supported before.

    Legal source:
        20/2021/NĐ-CP, Điều 11; 176/2025/NĐ-CP of whoever received the social pension.
    """
    number = clean_line(command.deceased_number, at_most=12)
    hold_funeral(command.deceased_name, number, command.died_on)
    decision = _decision(command, known_on=local_day(now))
    if decision.outcome is not Outcome.GRANTED or decision.value is None:
        why = "; ".join([*(reason.text for reason in decision.reasons if reason.holds is False), *decision.missing])
        raise NotEntitled(f"Chưa thể hỗ trợ chi phí mai táng: {why}.")
    deceased = Person.objects.filter(personal_id_number=number).first() if number else None
    _refuse_namesake(command.deceased_name, number, command.died_on)
    decision = less_given(decision, deceased, number)
    if decision.value is None:
        raise SupportedBefore(f"{decision.reasons[-1].text}.")
    reasons = [str(reason) for reason in decision.reasons]
    try:
        with transaction.atomic():
            support = FuneralSupport.objects.create(
                dossier_code=command.dossier_code,
                deceased=deceased,
                deceased_name=clean_line(command.deceased_name, at_most=120),
                deceased_key=fold(command.deceased_name)[:120],
                deceased_number=number,
                died_on=command.died_on,
                payee_name=clean_line(command.payee_name, at_most=255),
                payee_id=command.payee_id,
                unit_id=command.unit_id,
                amount=decision.value,
                reasons=reasons,
                granted_at=now,
                granted_by=acting_user.pk,
            )
            fact = FuneralSupportGranted(
                dossier_code=command.dossier_code, died_on=command.died_on, amount=decision.value, reasons=reasons
            )
            record(fact, stream=support.stream, actor_id=acting_user.pk, at=now)
            named = Finding.objects.filter(person=support.deceased_id, benefit=Benefit.FUNERAL)
            named.filter(state__in=[FindingState.OPEN, FindingState.DRAFTED]).update(
                state=FindingState.SETTLED, decided_by=acting_user, decided_at=now
            )
    except IntegrityError as error:
        if "funeral_support_once_per" in str(error):
            whose = f" (số định danh {number})" if number else ""
            told = f"Người chết{whose} đã được hỗ trợ chi phí mai táng; mỗi người chỉ được một lần."
            raise SupportedBefore(told) from error
        raise
    return support


def hold_funeral(name: str, number: str, died_on: date) -> None:
    """Let one funeral be decided by one way at a time: each way looks at what the others gave before it decides.

    Args:
        name: Of who died, as the papers or the register write it.
        number: Their personal number, or nothing.
        died_on: The day of the death.
    """
    names = {f"funeral-of:{fold(name)}:{died_on.isoformat()}"} | ({f"funeral-of:{number}"} if number else set())
    locks.hold_all(sorted(names))


def hold_funeral_of(grant: Any) -> None:
    """Let no other way decide on the funeral that a decision is for, while something is added to it or it is taken back.

    Called before the decision itself is locked, as whoever grants holds the funeral before any row.

    Args:
        grant: A decision that is paid once, or what was added to it; of what is no funeral nothing is held.
    """
    of = grant.grant if isinstance(grant, TopUp) else grant
    if isinstance(of, EmergencyGrant) and of.kind != EmergencyGrantKind.DEATH:
        return
    deceased: Person | None = of.deceased
    known = (deceased.personal_id_number or "") if deceased else ""
    if isinstance(of, DeathGrant):
        hold_funeral(of.deceased.full_name, known, of.died_on)
    else:
        died_on = of.happened_on if isinstance(of, EmergencyGrant) else of.died_on
        hold_funeral(of.deceased_name, of.deceased_number or known, died_on)


def less_given(decision: Decision[Dong], deceased: Person | None, number: str) -> Decision[Dong]:
    """Take off what was given for the same funeral after an emergency or for somebody with merit: only the highest is due."""
    if decision.value is None:
        return decision
    emergency, merit = after_emergency(deceased, number), with_merit(deceased, number)
    told = [f"mai táng khẩn cấp {format_dong(one.amount)} ({one.dossier_code})" for one in emergency]
    told += [f"mai táng theo chế độ người có công {format_dong(one.amount)} ({one.dossier_code})" for one in merit]
    if not told:
        return decision
    words = f"Đã hỗ trợ {' và '.join(told)}; chỉ hưởng một mức cao nhất"
    left = Dong(decision.value - sum(one.amount for one in (*emergency, *merit)))
    if left <= 0:
        return Decision.refused(reasons=[*decision.reasons, Reason(words, False)])
    reason = Reason(f"{words} {format_dong(decision.value)}, nên được thêm {format_dong(left)}", True)
    return Decision.granted(left, reasons=[*decision.reasons, reason])


def _refuse_namesake(name: str, number: str, died_on: date) -> None:
    """Refuse a second support for the same name and day where one of the two has no number: nothing tells them apart.

    Raises:
        SupportedBefore: Such a support stands.
    """
    for one in supported_namesakes(name, number, died_on):
        if not (number and one.deceased_number):
            raise SupportedBefore(
                f"Người cùng họ tên, chết cùng ngày đã được hỗ trợ chi phí mai táng theo hồ sơ {one.dossier_code}. "
                "Nếu là hai người trùng tên, cả hai hồ sơ phải ghi số định danh của người chết."
            )


def _decision(command: GrantFuneralSupport, *, known_on: date) -> Decision[Dong]:
    """Ask the law of the scheme that the facts belong to: of the day of the death, as it is in force on the other day."""
    if isinstance(command.facts, PensionFuneralFacts):
        return pension_funeral(command.facts, on=command.died_on, known_on=known_on)
    return funeral_support(command.facts, on=command.died_on, known_on=known_on)
