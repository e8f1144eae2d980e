"""Granting support with the costs of a funeral."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from lienthong.accounts.models import User
from lienthong.assistance.events import FuneralSupportGranted
from lienthong.assistance.models import EmergencyGrant, Finding, FuneralSupport
from lienthong.assistance.queries.funerals import with_merit
from lienthong.assistance.states import Benefit, FindingState
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.kernel.decisions import Decision, Outcome
from lienthong.kernel.money import Dong, format_dong
from lienthong.kernel.text import clean_line
from lienthong.people.models import Person
from lienthong.rules.social_assistance.funeral import FuneralFacts, funeral_support
from lienthong.rules.social_assistance.pension_funeral import PensionFuneralFacts, pension_funeral

SupportFacts = FuneralFacts | PensionFuneralFacts


class NotEntitled(Exception):
    """The rules do not grant the support, or lack a fact to grant it."""


class SupportedBefore(Exception):
    """The costs of this funeral were supported before: by this article, after an emergency, or of somebody with merit."""

    def __init__(self, number: str, higher: int = 0, by: str = "") -> None:
        told = f"Người chết (số định danh {number}) đã được hỗ trợ"
        if higher:
            told += f" mai táng {by}{format_dong(Dong(higher))}; chỉ hưởng một mức cao nhất."
        else:
            told += " chi phí mai táng; mỗi người chỉ được một lần."
        super().__init__(told)


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
    decision = _decision(command, known_on=local_day(now))
    if decision.outcome is not Outcome.GRANTED or decision.value is None:
        why = "; ".join([*(reason.text for reason in decision.reasons if reason.holds is False), *decision.missing])
        raise NotEntitled(f"Chưa thể hỗ trợ chi phí mai táng: {why}.")
    number = clean_line(command.deceased_number, at_most=12)
    emergency = EmergencyGrant.objects.filter(deceased_number=number, withdrawn_at=None).first() if number else None
    if emergency is not None:
        raise SupportedBefore(number, emergency.amount, "khẩn cấp ")
    merit = sum(one.amount for one in with_merit(None, number))
    if merit:
        raise SupportedBefore(number, merit, "theo chế độ người có công ")
    reasons = [str(reason) for reason in decision.reasons]
    try:
        with transaction.atomic():
            support = FuneralSupport.objects.create(
                dossier_code=command.dossier_code,
                deceased=Person.objects.filter(personal_id_number=number).first() if number else None,
                deceased_name=clean_line(command.deceased_name, at_most=120),
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
        if "funeral_support_once_per_death" in str(error):
            raise SupportedBefore(number) from error
        raise
    return support


def _decision(command: GrantFuneralSupport, *, known_on: date) -> Decision[Dong]:
    """Ask the law of the scheme that the facts belong to: of the day of the death, as it is in force on the other day."""
    if isinstance(command.facts, PensionFuneralFacts):
        return pension_funeral(command.facts, on=command.died_on, known_on=known_on)
    return funeral_support(command.facts, on=command.died_on, known_on=known_on)
