"""Institutions at the desk: what is decided there becomes a dated fact, and the monthly benefits follow it.

Tiếp nhận vào cơ sở trợ giúp xã hội (2.000286, 2.000282), dừng trợ giúp xã hội tại cơ sở (2.000477). Where and since when is
recorded by the officer who works on the dossier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.beneficiary import (
    PERSON,
    UNKNOWN_PERSON,
    person_in,
    received,
    wrong_with_person,
)
from lienthong.assistance.procedures.told import About, ToldHandler
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.services.care_places import (
    EnterInstitution,
    LeaveInstitution,
    enter_institution,
    leave_institution,
)
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Programme, ProposalKind
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import format_day, local_day, parse_day
from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import format_dong
from lienthong.people.queries import OrganizationUnknown, organization_by_tax_code
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.facts import Care, PersonFacts

ADMISSION: Final = "2.000286"
URGENT_ADMISSION: Final = "2.000282"
LEAVING: Final = "2.000477"

_DECREE: Final = "20/2021/NĐ-CP"
CARED_FOR: Final = replace(
    PERSON, label="Số định danh của người được trợ giúp", hint="Để trống nếu người nộp hồ sơ là người được trợ giúp"
)
UNKNOWN_CARED_FOR: Final = UNKNOWN_PERSON.replace("người hưởng", "người được trợ giúp")
_INSTITUTION: Final = Question("institution", "Cơ sở trợ giúp xã hội tiếp nhận", is_required=False)
_TAX_CODE: Final = Question(
    "institution_tax_code", "Mã số thuế của cơ sở, để chi trả tiền nuôi dưỡng cho cơ sở", is_required=False,
    hint="Để trống nếu cơ sở chưa được đăng ký; khi đó đề xuất chi trả cho cơ sở sau",
)  # fmt: skip
_GROUNDS: Final = (
    ("1", "Đối tượng bảo trợ xã hội có hoàn cảnh đặc biệt khó khăn (khoản 1)"),
    ("2", "Đối tượng cần bảo vệ khẩn cấp (khoản 2)"),
    (
        "3",
        "Người được đưa vào theo quyết định của cơ quan có thẩm quyền (khoản 3)",
    ),
    ("own", "Tự nguyện, tự chi trả chi phí (không hưởng trợ cấp nuôi dưỡng)"),
)


class CareHandler(ToldHandler):
    """What the procedures of a place of care have in common: whose it is, and that only a whole dossier changes anything."""

    kind: ProposalKind

    def questions(self) -> Sequence[Question]:
        """Ask whom it is about."""
        return (CARED_FOR,)

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name a number that nobody has."""
        return wrong_with_person(answers)

    def wrong_with_appraisal(self, dossier: Dossier, told: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name days that have not come."""
        days = [one for one in self.appraised() if one.kind == "day" and one.name != "until" and told.get(one.name)]
        return [
            f"{one.label} không thể sau hôm nay; kiểm tra lại" for one in days if parse_day(str(told[one.name])) > on
        ]

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Record where the person is cared for, and let the monthly benefits follow.

        Raises:
            ProgrammeRefusal: The person is unknown, something is missing, or the fact contradicts what is recorded.
        """
        if PERSON.name not in dossier.answers:  # came without the form
            return
        person_id = person_in(dossier)
        if person_id is None:
            raise ProgrammeRefusal(f"Chưa thể phê duyệt: cần biết {UNKNOWN_CARED_FOR}.")
        decision = self.proposal(dossier, on=local_day(now))
        if decision is None or decision.outcome is not Outcome.GRANTED:
            told = [str(one) for one in (decision.reasons if decision else ()) if one.holds is False]
            told += [f"còn thiếu {one}" for one in (decision.missing if decision else ())]
            raise ProgrammeRefusal(f"Chưa thể phê duyệt: {'; '.join(told)}.")
        try:
            self.carry_out(dossier, person_id, acting_user=acting_user, now=now)
        except (AssistanceRefusal, NoValueInForce) as refusal:
            raise ProgrammeRefusal(str(refusal)) from refusal

    def about(self, dossier: Dossier, *, is_granted: bool, on: date) -> Sequence[About]:
        """Tell where the person is cared for, and which monthly benefits that ended or began."""
        if PERSON.name not in dossier.answers:
            return ()
        words = self.result(dossier.appraisal) if is_granted else ""
        return [About(person_id=person_in(dossier), kind=self.kind, words=words)]

    def result(self, told: Mapping[str, Any]) -> str:
        """Say an approval in one sentence."""
        raise NotImplementedError

    def carry_out(self, dossier: Dossier, person_id: int, *, acting_user: User, now: datetime) -> None:
        """Do what the approved dossier says."""
        raise NotImplementedError


class AdmissionHandler(CareHandler):
    """Somebody is taken into an institution: its money is the institution's, and what was received at home ends."""

    kind = ProposalKind.STOP

    def __init__(self, *, clause: str) -> None:
        self.clause = clause

    def result(self, told: Mapping[str, Any]) -> str:
        """Say which institution takes the person in, and since when."""
        return f"Được tiếp nhận vào {told['institution']} từ ngày {format_day(parse_day(told['admitted_on']))}."

    def appraised(self) -> Sequence[Question]:
        """Return which institution takes the person in, since when, on which ground of Điều 24 and by which decision."""
        grounds = tuple(one for one in _GROUNDS if self.clause == "1" or one[0] == self.clause)
        return (
            _INSTITUTION,
            _TAX_CODE,
            Question("admitted_on", "Ngày tiếp nhận vào cơ sở", kind="day", is_required=False),
            Question("ground", "Thuộc trường hợp (Điều 24)", kind="choice", choices=grounds, is_required=False),
            Question("decision", "Số quyết định tiếp nhận của người đứng đầu cơ sở", is_required=False),
        )

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Return what care in the institution comes to each month, and what ends at home."""
        person_id, told = person_in(dossier), dossier.appraisal
        if person_id is None:
            return Decision.unknown(missing=[UNKNOWN_CARED_FOR])
        missing = [one.label.lower() for one in self.appraised() if one != _TAX_CODE and not told.get(one.name)]
        reasons = [_ending(row) for row in received(person_id, Programme.SOCIAL)]
        if told.get("ground") == "own":
            words = "Được nuôi dưỡng theo khoản 1, 2, 3 Điều 24, không phải tự nguyện và tự chi trả"
            return Decision.refused(reasons=[*reasons, Reason(words, False, _article("25", "1"))])
        day = parse_day(str(told["admitted_on"])) if told.get("admitted_on") else on
        try:
            facts = replace(history_of(person_id).facts_on(day), in_institution=True, care=Care.NONE)
            level = _institution_level(facts, day, known_on=on)
        except NoValueInForce as unknown:
            return Decision.unknown(missing=[str(unknown)], reasons=reasons)
        if level is None:
            missing.append("ngày sinh (mức nuôi dưỡng theo tuổi)")
        else:
            reasons.insert(0, level)
        if missing:
            return Decision.unknown(missing=missing, reasons=reasons)
        return Decision.granted(0, reasons=reasons)

    def wrong_with_appraisal(self, dossier: Dossier, told: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name days that have not come, and a tax code that no organisation has."""
        wrong = list(super().wrong_with_appraisal(dossier, told, on=on))
        if told.get(_TAX_CODE.name):
            try:
                organization_by_tax_code(str(told[_TAX_CODE.name]))
            except OrganizationUnknown as unknown:
                wrong.append(str(unknown))
        return wrong

    def carry_out(self, dossier: Dossier, person_id: int, *, acting_user: User, now: datetime) -> None:
        """Record the day of the admission; what was received at home ends, and the institution is paid."""
        told = dossier.appraisal
        tax_code = str(told.get(_TAX_CODE.name) or "")
        command = EnterInstitution(
            person_id=person_id, institution=told["institution"], admitted_on=parse_day(told["admitted_on"]),
            paper=f"quyết định {told['decision']}, hồ sơ {dossier.code}", dossier_code=dossier.code or "",
            organization_id=organization_by_tax_code(tax_code).pk if tax_code else None,
        )  # fmt: skip
        enter_institution(command, acting_user=acting_user, now=now)


class LeavingHandler(CareHandler):
    """Somebody leaves an institution: what was received at home before begins again where the rules still give it."""

    kind = ProposalKind.GRANT

    def result(self, told: Mapping[str, Any]) -> str:
        """Say since when the person is at home again."""
        return f"Dừng trợ giúp tại cơ sở; trở về gia đình, cộng đồng từ ngày {format_day(parse_day(told['left_on']))}."

    def appraised(self) -> Sequence[Question]:
        """Return since when the person is at home again, by which minutes and decision."""
        return (
            Question("left_on", "Ngày bàn giao về gia đình, cộng đồng", kind="day", is_required=False),
            Question("decision", "Số quyết định dừng trợ giúp của người đứng đầu cơ sở", is_required=False),
        )

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Return what the rules give the person at home."""
        person_id, told = person_in(dossier), dossier.appraisal
        if person_id is None:
            return Decision.unknown(missing=[UNKNOWN_CARED_FOR])
        missing = [one.label.lower() for one in self.appraised() if not told.get(one.name)]
        if missing:
            return Decision.unknown(missing=missing)
        day = parse_day(str(told["left_on"]))
        facts = history_of(person_id).facts_on(day)
        is_inside = Reason(
            "Đang được nuôi dưỡng trong cơ sở trợ giúp xã hội", facts.in_institution is True, _article("30")
        )
        if not is_inside.holds:
            return Decision.refused(reasons=[is_inside])
        try:
            at_home = assess(replace(facts, in_institution=False), on=on, known_on=on)
        except NoValueInForce as unknown:
            return Decision.unknown(missing=[str(unknown)], reasons=[is_inside])
        reasons = [
            is_inside,
            *(
                Reason(f"Ở nhà: {line.category.in_words}, {format_dong(line.amount)} mỗi tháng", True, line.reference)
                for line in at_home.lines
            ),
        ]
        if at_home.missing:
            words = "; ".join(one.text for one in at_home.missing)
            reasons.append(
                Reason(f"Trợ cấp ở nhà chưa kết luận được, cần biết thêm: {words}", None, _article("8", "1"))
            )
        return Decision.granted(0, reasons=reasons)

    def carry_out(self, dossier: Dossier, person_id: int, *, acting_user: User, now: datetime) -> None:
        """Record the day; what was received before begins again."""
        told = dossier.appraisal
        command = LeaveInstitution(
            person_id=person_id, left_on=parse_day(told["left_on"]),
            paper=f"quyết định {told['decision']}, hồ sơ {dossier.code}", dossier_code=dossier.code or "",
        )  # fmt: skip
        leave_institution(command, acting_user=acting_user, now=now)


def _ending(row: Entitlement) -> Reason:
    words = f"{str(row.get_benefit_display()).capitalize()} đang hưởng tại {row.unit}: xét lại từ tháng tiếp nhận"
    return Reason(words, True, _article("25", "5"))


def _institution_level(facts: PersonFacts, day: date, *, known_on: date) -> Reason | None:
    found = assess(facts, on=day, known_on=known_on).lines
    lines = [one for one in found if one.category is AssistanceCategory.INSTITUTION]
    if not lines:
        return None
    words = f"{lines[0].category.in_words}: {format_dong(lines[0].amount)} mỗi tháng, thuộc cơ sở"
    return Reason(words, True, lines[0].reference)


def _article(article: str, clause: str | None = None) -> LegalReference:
    return LegalReference(document=_DECREE, article=article, clause=clause)
