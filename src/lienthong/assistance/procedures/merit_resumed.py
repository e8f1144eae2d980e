"""Merit benefits that were suspended and are paid again. Hưởng lại chế độ ưu đãi người có công (1.010823)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Min

from lienthong.accounts.models import User
from lienthong.assistance.models import EntitlementRate
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.beneficiary import (
    PERSON,
    UNKNOWN_PERSON,
    commune_of,
    day_in,
    person_in,
    received_on,
    wrong_with_day,
    wrong_with_person,
)
from lienthong.assistance.procedures.told import About, ToldHandler
from lienthong.assistance.services.merit_resuming import (
    ResumeMerit,
    resume_merit,
    suspended_of,
    suspensions_of,
)
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Programme, ProposalKind
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import local_day
from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.rules.merit.facts import Suspension
from lienthong.rules.merit.resuming import ResumeGround, resumes_from
from lienthong.rules.merit.words import SUSPENSIONS
from lienthong.rules.parameters import NoValueInForce

_GROUND: Final = Question(
    "ground", "Trường hợp hưởng lại", kind="choice",
    choices=tuple((one.value, f"{one.in_words[:1].upper()}{one.in_words[1:]}") for one in ResumeGround),
)  # fmt: skip
_RELEASED: Final = Question(
    "released_on", "Ngày chấp hành xong hình phạt tù", kind="day", is_required=False,
    hint="Theo giấy chứng nhận chấp hành xong hình phạt tù",
)  # fmt: skip
_ENDED: Final = LegalReference(document="02/2020/UBTVQH14", article="54")


class ResumedHandler(ToldHandler):
    """Asks why, works out from which month, and pays again on approval."""

    programme = Programme.MERIT

    def questions(self) -> Sequence[Question]:
        """Return whose benefits, why they are paid again, and the day that decides since when."""
        return (PERSON, _GROUND, _RELEASED)

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name the ground and the day that must be told; a dossier that came without this form says nothing of it."""
        if PERSON.name not in answers:
            return []
        found = wrong_with_person(answers)
        if not answers.get(_GROUND.name):
            found.append(f"Chưa trả lời: {_GROUND.label}")
        if answers.get(_GROUND.name) == ResumeGround.SERVED and not answers.get(_RELEASED.name):
            found.append(f"Chưa trả lời: {_RELEASED.label}")
        return [*found, *wrong_with_day(answers, _RELEASED, on)]

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Say what is suspended, and from which month it is paid again."""
        person_id = person_in(dossier)
        if person_id is None:
            return Decision.unknown(missing=[UNKNOWN_PERSON])
        told, rows = suspensions_of(person_id), suspended_of(person_id)
        if any(row.value == Suspension.ENDED for row in told):
            return Decision.refused(reasons=[Reason(_capital(SUSPENSIONS[Suspension.ENDED]), False, _ENDED)])
        if not told and not rows:
            words = "Có khoản ưu đãi đang tạm dừng, tạm đình chỉ"
            return Decision.refused(reasons=[Reason(words, False, _ENDED)])
        found = _month(dossier, person_id, on)
        if found.outcome is not Outcome.GRANTED:
            return found
        named = [
            Reason(f"{str(row.get_benefit_display()).capitalize()}: tạm dừng từ tháng {row.suspended_from:%m/%Y}", True)
            for row in rows
        ]
        named += [Reason(f"Đã ghi: {SUSPENSIONS[Suspension(row.value)]}", True, _ENDED) for row in told]
        return Decision.granted(0, reasons=[*found.reasons, *named])

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Pay again what was suspended, in the transaction of the approval.

        Raises:
            ProgrammeRefusal: The person is unknown, nothing is suspended, or the right has ended for good.
        """
        if PERSON.name not in dossier.answers:  # came without the form
            return
        person_id, on = person_in(dossier), local_day(now)
        if person_id is None:
            raise ProgrammeRefusal(f"Chưa thể phê duyệt: cần biết {UNKNOWN_PERSON}.")
        unit_id = commune_of(dossier, person_id, on, programme=Programme.MERIT)
        found = _month(dossier, person_id, on)
        if found.value is None:
            raise ProgrammeRefusal(f"Chưa thể phê duyệt: cần biết {'; '.join(found.missing)}.")
        command = ResumeMerit(
            person_id=person_id, unit_id=unit_id, from_month=found.value,
            reason=f"{_capital(ResumeGround(dossier.answers[_GROUND.name]).in_words)} (hồ sơ {dossier.code})",
            dossier_code=dossier.code or "",
        )  # fmt: skip
        try:
            resume_merit(command, acting_user=acting_user, now=now)
        except (AssistanceRefusal, NoValueInForce) as refusal:
            raise ProgrammeRefusal(str(refusal)) from refusal

    def about(self, dossier: Dossier, *, is_granted: bool, on: date) -> Sequence[About]:
        """Tell what is paid again, and from which month."""
        person_id = person_in(dossier)
        if PERSON.name not in dossier.answers or person_id is None:
            return ()
        return [About(person_id=person_id, kind=ProposalKind.RESUME, since=_resumed_from(person_id, on))]


def _resumed_from(person_id: int, on: date) -> date | None:
    """Return from which month on amounts were written on a day."""
    rates = EntitlementRate.objects.filter(
        entitlement__person=person_id, entitlement__programme=Programme.MERIT, superseded_at=None, amount__gt=0,
        recorded_at__date=on,
    )  # fmt: skip
    found: date | None = rates.aggregate(first=Min("first_month"))["first"]
    return found


def _month(dossier: Dossier, person_id: int, on: date) -> Decision[date]:
    ground = dossier.answers.get(_GROUND.name)
    if ground not in set(ResumeGround):
        return Decision.unknown(missing=["trường hợp hưởng lại"])
    months = [row.suspended_from for row in suspended_of(person_id) if row.suspended_from]
    months += [row.valid_from.replace(day=1) for row in suspensions_of(person_id)]
    return resumes_from(
        ResumeGround(ground), asked_on=received_on(dossier, on), released_on=day_in(dossier.answers, _RELEASED.name),
        suspended_from=min(months, default=None),
    )  # fmt: skip


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
