"""Urgent care at the desk: a household takes somebody in for some months, is supported, and is paid the food once.

Nhận chăm sóc, nuôi dưỡng đối tượng cần bảo vệ khẩn cấp (1.001739).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from django.utils.text import capfirst

from lienthong.accounts.models import User
from lienthong.assistance.models import EmergencyGrant
from lienthong.assistance.papers import SheetLine
from lienthong.assistance.procedures.applicants import YES_NO_UNKNOWN, known_applicant
from lienthong.assistance.procedures.beneficiary import PERSON, commune_of, person_in, wrong_with_person
from lienthong.assistance.procedures.care_places import CARED_FOR, UNKNOWN_CARED_FOR, CareHandler
from lienthong.assistance.procedures.told import About
from lienthong.assistance.queries.decision_words import once_told
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.services.care_places import TakeIntoCare, take_into_care
from lienthong.assistance.services.emergency import (
    GrantEmergency,
    decided,
    given_words,
    grant_emergency,
    refuse_given_before,
)
from lienthong.assistance.services.refusals import AlreadyReceived, AssistanceRefusal
from lienthong.assistance.states import Benefit, EmergencyPayee, Programme, ProposalKind
from lienthong.dossiers.handlers import ProcedureHandler, Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import add_months, format_day, local_day, parse_day
from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.money import format_dong
from lienthong.rules.emergency.assistance import EmergencyAssistance
from lienthong.rules.emergency.facts import ProtectedGroup, ProtectionFacts
from lienthong.rules.emergency.kinds import Emergency, EmergencyKind
from lienthong.rules.parameters import NoValueInForce, load_parameter
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.facts import Care

URGENT_CARE: Final = "1.001739"
_NEEDED: Final = ("since", "record")


class UrgentCareHandler(CareHandler):
    """A household takes in somebody who needs protection at once, for some months at most; whoever asks is who cares.

    Where the officer says why the person needs it, food for all days is paid once to whoever cares.
    """

    kind = ProposalKind.GRANT

    def result(self, told: Mapping[str, Any]) -> str:
        """Say since when a household cares."""
        return f"Được nhận chăm sóc, nuôi dưỡng tạm thời từ ngày {format_day(parse_day(told['since']))}."

    def about(self, dossier: Dossier, *, is_granted: bool, on: date) -> Sequence[About]:
        """Tell since when a household cares, and what is paid once for it."""
        found = super().about(dossier, is_granted=is_granted, on=on)
        grant = EmergencyGrant.objects.filter(dossier_code=dossier.code).first() if is_granted else None
        if grant is None:
            return found
        given = given_words(grant.amount, grant.rice_kg)
        line = SheetLine(words=grant.words, amount=given, source="")
        sums = [once_told(Benefit.EMERGENCY, grant.amount, [line])]
        return [replace(one, words=f"{one.words} Hỗ trợ một lần {given} tiền ăn.", sums=sums) for one in found]

    def questions(self) -> Sequence[Question]:
        """Ask who was taken in; whoever asks is who cares."""
        return (replace(CARED_FOR, hint="Người nộp hồ sơ là người nhận chăm sóc", is_required=True),)

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name what the form must say; a dossier that came without this form says nothing of it."""
        if PERSON.name not in answers:
            return []
        return [*ProcedureHandler.missing(self, answers, on=on), *wrong_with_person(answers)]

    def appraised(self) -> Sequence[Question]:
        """Return since when and until when the household cares, and by which paper."""
        return (
            Question("since", "Ngày bắt đầu nhận chăm sóc", kind="day", is_required=False),
            Question(
                "until", "Ngày kết thúc chăm sóc tạm thời", kind="day", is_required=False,
                hint="Để trống nếu chưa rõ: tính hết thời gian dài nhất luật cho phép",
            ),
            Question("record", "Biên bản, văn bản xác nhận tình trạng cần bảo vệ khẩn cấp", is_required=False),
            Question(
                "group", "Thuộc diện cần bảo vệ khẩn cấp nào?", kind="choice", is_required=False,
                choices=tuple((one.value, capfirst(one.in_words)) for one in ProtectedGroup if one != ProtectedGroup.NONE),
                hint="Để trống thì chưa tính tiền ăn cho người nhận chăm sóc",
            ),
            Question(
                "is_confirmed", "Điều kiện của diện đó đã được xác nhận?", kind="choice", is_required=False,
                choices=YES_NO_UNKNOWN,
                hint="Trẻ em: người thân thích không chăm sóc được; nạn nhân: cần được bảo vệ khẩn cấp; đối tượng khác: có quyết "
                "định của Chủ tịch Ủy ban nhân dân cấp tỉnh",
            ),
        )  # fmt: skip

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Return how long the care may last, and what the rules give whoever cares."""
        person_id, told = person_in(dossier), dossier.appraisal
        if person_id is None:
            return Decision.unknown(missing=[UNKNOWN_CARED_FOR])
        missing = [one.label.lower() for one in self.appraised() if one.name in _NEEDED and not told.get(one.name)]
        if missing:
            return Decision.unknown(missing=missing)
        since = parse_day(str(told["since"]))
        try:
            until, last = _until(told, since, known_on=on), _latest(since, known_on=on)
            facts = replace(history_of(person_id).facts_on(since), care=Care.TAKEN_IN)
            found = assess(facts, on=since, known_on=on)
            food = self._food(dossier, person_id, since, until, on=on)
        except NoValueInForce as unknown:
            return Decision.unknown(missing=[str(unknown)])
        reasons = [
            Reason(
                f"Chăm sóc tạm thời từ ngày {format_day(since)} đến trước ngày {format_day(until)}, không quá ngày "
                f"{format_day(last)}",
                since < until <= last,
                load_parameter("emergency/amounts:protection_months").dated_value_on(since, known_on=on).reference,
            )
        ]
        reasons += [
            Reason(f"{line.category.in_words}: {format_dong(line.amount)} mỗi tháng", True, line.reference)
            for line in found.lines
            if line.category.payee == "carer"
        ]
        if food is not None:
            reasons += food.reasons
        if not reasons[0].holds or (food is not None and food.outcome is Outcome.REFUSED):
            return Decision.refused(reasons=reasons)
        if food is not None and food.value is None:
            return Decision.unknown(missing=food.missing, reasons=reasons)
        if food is not None and food.value is not None:
            reasons.append(Reason(f"Tiền ăn chi một lần: {food.value.words}, {format_dong(food.value.amount)}", True))
        return Decision.granted(0, reasons=reasons)

    def _food(
        self, dossier: Dossier, person_id: int, since: date, until: date, *, on: date
    ) -> Decision[EmergencyAssistance] | None:
        """Return what the rules say of the food; None where nobody said why the person needs protection."""
        if not dossier.appraisal.get("group"):
            return None
        command = _command(dossier, person_id, since, until)
        try:
            given = decided(command, on=on)
            refuse_given_before(command, given)
        except AlreadyReceived as received:
            return Decision.refused(reasons=[Reason(str(received), False)])
        except AssistanceRefusal as unknown:
            return Decision.unknown(missing=[str(unknown)])
        return given.decision

    def carry_out(self, dossier: Dossier, person_id: int, *, acting_user: User, now: datetime) -> None:
        """Record the care with its last day, and support whoever cares where the rules give it."""
        on, told = local_day(now), dossier.appraisal
        unit_id = commune_of(dossier, person_id, on, programme=Programme.SOCIAL)
        since = parse_day(told["since"])
        command = TakeIntoCare(
            person_id=person_id, carer_id=known_applicant(dossier, acting_user=acting_user, now=now),
            unit_id=unit_id, since=since, until=_until(told, since, known_on=on),
            paper=f"{told['record']}, hồ sơ {dossier.code}", dossier_code=dossier.code or "",
        )  # fmt: skip
        take_into_care(command, acting_user=acting_user, now=now)
        if told.get("group"):
            food = _command(dossier, person_id, since, command.until)
            given = replace(food, unit_id=unit_id, payee_id=command.carer_id)
            grant_emergency(given, acting_user=acting_user, now=now)


def _command(dossier: Dossier, person_id: int, since: date, until: date) -> GrantEmergency:
    told = dossier.appraisal
    is_so = {"yes": True, "no": False}.get(str(told.get("is_confirmed") or ""))
    facts = ProtectionFacts(
        group=ProtectedGroup(told["group"]), relatives_can_care=None if is_so is None else not is_so,
        needs_protection=is_so, decided_by_province=is_so, from_day=since, until_day=until,
    )  # fmt: skip
    return GrantEmergency(
        person_id=person_id, unit_id=dossier.unit_id or 0,
        emergency=Emergency(kind=EmergencyKind.PROTECTION, facts=facts, happened_on=since),
        payee_ground=EmergencyPayee.CARER, dossier_code=dossier.code or "",
        received_on=local_day(dossier.received_at) if dossier.received_at else None,
    )  # fmt: skip


def _latest(since: date, *, known_on: date) -> date:
    months = load_parameter("emergency/amounts:protection_months").value_on(since, known_on=known_on)
    return add_months(since, int(months))


def _until(told: Mapping[str, Any], since: date, *, known_on: date) -> date:
    text = str(told.get("until") or "")
    return parse_day(text) if text else _latest(since, known_on=known_on)
