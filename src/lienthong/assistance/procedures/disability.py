"""Disability certificates at the desk: the commune's council assesses, the chair signs, the approval issues the certificate.

Xác định, xác định lại mức độ khuyết tật và cấp Giấy xác nhận khuyết tật (1.001699); đổi, cấp lại Giấy xác nhận khuyết tật
(1.001653). What the council concluded is recorded by the officer who works on the dossier; the applicant cannot tell it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import DisabilityCertificate
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.beneficiary import (
    PERSON,
    UNKNOWN_PERSON,
    commune_of,
    person_in,
    wrong_with_person,
)
from lienthong.assistance.procedures.conclusions import APPRAISED, conclusion_in, conclusion_of, wrong_with
from lienthong.assistance.procedures.told import About, ToldHandler
from lienthong.assistance.queries.certificates import as_rules_see, birth_of, in_force_of
from lienthong.assistance.services.certificates import RecordCertificate
from lienthong.assistance.services.issuing import issue_certificate
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Programme, ProposalKind
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import format_day, local_day, parse_day
from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.people.models import Person
from lienthong.rules.disability import DisabilityKind, DisabilityLevel, Step, form_for, time_limit
from lienthong.rules.disability_conclusions import issue_again
from lienthong.rules.parameters import NoValueInForce

ASSESS_DISABILITY: Final = "1.001699"
REISSUE_CERTIFICATE: Final = "1.001653"

_PERSON: Final = replace(
    PERSON, label="Số định danh của người khuyết tật", hint="Để trống nếu người nộp hồ sơ là người khuyết tật"
)
_UNKNOWN: Final = UNKNOWN_PERSON.replace("người hưởng", "người khuyết tật")
_REQUESTS: Final = (("first", "Xác định lần đầu"), ("again", "Xác định lại mức độ khuyết tật"))
_WHY_AGAIN: Final = (
    ("lost", "Giấy xác nhận khuyết tật bị mất"),
    ("damaged", "Giấy xác nhận khuyết tật hư hỏng, không sử dụng được"),
    ("changed", "Thông tin ghi trong Giấy xác nhận khuyết tật cần thay đổi"),
)
_NUMBER: Final = Question("number", "Số Giấy xác nhận khuyết tật cấp lần này", is_required=False)
_NOT_NUMBERED: Final = "số Giấy xác nhận khuyết tật cấp lần này (ghi ở việc “Ghi kết quả thẩm định”)"
_ALLOWANCE: Final = LegalReference(document="20/2021/NĐ-CP", article="5", clause="6")


class _CertificateHandler(ToldHandler):
    """What both procedures of the certificate have in common: what the person is told."""

    def about(self, dossier: Dossier, *, is_granted: bool, on: date) -> Sequence[About]:
        """Tell which certificate was issued, and what the person receives from this month on."""
        person_id = person_in(dossier)
        if PERSON.name not in dossier.answers or person_id is None:
            return ()
        held = in_force_of(person_id, on=on) if is_granted else None
        words = ""
        if held is not None:
            words = f"Được cấp Giấy xác nhận khuyết tật số {held.number}: {held.get_level_display()}, {held.get_kind_display()}."
        return [About(person_id=person_id, kind=ProposalKind.CERTIFICATE, words=words, since=on)]


class AssessmentHandler(_CertificateHandler):
    """Asks who is to be assessed, takes the council's conclusion, proposes by the law, and issues the certificate."""

    def questions(self) -> Sequence[Question]:
        """Return whom it is about, and whether they were assessed before."""
        return (_PERSON, Question("request", "Nội dung đề nghị", kind="choice", choices=_REQUESTS))

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name what the form must say; a dossier that came without this form says nothing of it."""
        if "request" not in answers:
            return []
        return [*super().missing(answers, on=on), *wrong_with_person(answers)]

    def appraised(self) -> Sequence[Question]:
        """Return what the council or the medical assessment council concluded, and the number of the certificate."""
        return (*APPRAISED, _NUMBER)

    def wrong_with_appraisal(self, dossier: Dossier, told: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name votes that do not add up, days that cannot be, and items that form 02 does not have."""
        return wrong_with(told, on=on)

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Return the degree that was concluded, how it came about, and what it means for a monthly allowance."""
        person = Person.objects.filter(pk=person_in(dossier) or 0).first()
        if person is None:
            return Decision.unknown(missing=[_UNKNOWN])
        try:
            concluded = conclusion_in(dossier.appraisal)
            before = (*_on_the_form(person, dossier.appraisal), *_within(on), *_held(person, on))
        except (NoValueInForce, ValueError) as unknown:
            return Decision.unknown(missing=[str(unknown)])
        if concluded.outcome is not Outcome.GRANTED or concluded.value is None:
            return replace(concluded, reasons=(*before, *concluded.reasons))
        level = DisabilityLevel(concluded.value)
        reasons = (*before, *concluded.reasons, _means(level))
        if level is DisabilityLevel.NONE:
            return Decision.refused(reasons=reasons)
        missing = _not_told(dossier.appraisal)
        # The answer is a degree, not an amount: zero đồng is shown as no amount.
        return Decision.unknown(missing=missing, reasons=reasons) if missing else Decision.granted(0, reasons=reasons)

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Issue the certificate, and let what the person receives follow it.

        Raises:
            ProgrammeRefusal: The person is unknown, nobody concluded that there is a disability, or the paper cannot be.
        """
        if "request" not in dossier.answers:  # came without the form
            return
        on = local_day(now)
        person_id = _known(dossier, on)
        decision = self.proposal(dossier, on=on)
        _must_be_granted(decision)
        told = dossier.appraisal
        until = str(told.get("valid_until") or "")
        command = RecordCertificate(
            person_id=person_id, level=conclusion_of(told), kind=DisabilityKind(told["kind"]), number=told["number"],
            issued_on=on, issued_by_id=dossier.unit_id, form_items=_items(told),
            valid_until=parse_day(until) if until else None,
        )  # fmt: skip
        _issue(command, dossier, acting_user=acting_user, now=now)


class ReissueHandler(_CertificateHandler):
    """A certificate that was lost, damaged or says something wrong is made anew as it is kept; a degree is not assessed here."""

    def questions(self) -> Sequence[Question]:
        """Return whose certificate it is, and why another is needed."""
        return (_PERSON, Question("why", "Lý do đề nghị đổi, cấp lại", kind="choice", choices=_WHY_AGAIN))

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name what the form must say; a dossier that came without this form says nothing of it."""
        if "why" not in answers:
            return []
        return [*super().missing(answers, on=on), *wrong_with_person(answers)]

    def appraised(self) -> Sequence[Question]:
        """Return the number of the certificate that is issued."""
        return (_NUMBER,)

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Say whether the certificate that is kept is made anew, or a degree must be assessed first."""
        person_id = person_in(dossier)
        if person_id is None:
            return Decision.unknown(missing=[_UNKNOWN])
        held = in_force_of(person_id, on=on)
        why = dict(_WHY_AGAIN).get(str(dossier.answers.get("why") or ""))
        try:
            decision = issue_again(as_rules_see(held) if held else None, asked=[why] if why else [], on=on)
            before = [_limit(Step.EXCHANGE, on)]
        except NoValueInForce as unknown:
            return Decision.unknown(missing=[str(unknown)])
        reasons = (*before, *decision.reasons)
        if decision.outcome is not Outcome.GRANTED:
            return replace(decision, reasons=reasons)
        if not dossier.appraisal.get("number"):
            return Decision.unknown(missing=[_NOT_NUMBERED], reasons=reasons)
        return Decision.granted(0, reasons=reasons)

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Issue the certificate again: the same degree, kind and last day under a new number.

        Raises:
            ProgrammeRefusal: The person is unknown, no certificate is in force, or the degree must be assessed anew.
        """
        if "why" not in dossier.answers:  # came without the form
            return
        on = local_day(now)
        person_id = _known(dossier, on)
        _must_be_granted(self.proposal(dossier, on=on))
        held = in_force_of(person_id, on=on)
        assert held is not None
        command = RecordCertificate(
            person_id=person_id, level=DisabilityLevel(held.level), kind=DisabilityKind(held.kind),
            number=dossier.appraisal["number"], issued_on=on, issued_by_id=dossier.unit_id,
            form_items=None if held.form_items is None else frozenset(held.form_items), valid_until=held.valid_until,
        )  # fmt: skip
        _issue(command, dossier, acting_user=acting_user, now=now)


def _known(dossier: Dossier, on: date) -> int:
    person_id = person_in(dossier)
    if person_id is None:
        raise ProgrammeRefusal(f"Chưa thể phê duyệt: cần biết {_UNKNOWN}.")
    commune_of(dossier, person_id, on, programme=Programme.SOCIAL)
    return person_id


def _must_be_granted(decision: Decision[Any] | None) -> None:
    if decision is not None and decision.outcome is Outcome.GRANTED:
        return
    told = [str(one) for one in (decision.reasons if decision else ()) if one.holds is False]
    told += [f"còn thiếu {one}" for one in (decision.missing if decision else ())]
    raise ProgrammeRefusal(f"Chưa thể cấp Giấy xác nhận khuyết tật: {'; '.join(told)}.")


def _issue(command: RecordCertificate, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
    try:
        issue_certificate(command, paper=f"hồ sơ {dossier.code}", acting_user=acting_user, now=now)
    except (AssistanceRefusal, NoValueInForce) as refusal:
        raise ProgrammeRefusal(str(refusal)) from refusal


def _on_the_form(person: Person, told: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Say by which form the council assesses, as far as the birthday and the day of the conclusion say it."""
    birth, concluded_on = birth_of(person), str(told.get("concluded_on") or "")
    if birth is None or not concluded_on or told.get("concluded_by") != "council":
        return ()
    form = form_for(birth, on=parse_day(concluded_on))
    words = (
        f"Đánh giá theo phiếu Mẫu số {form}" if form else "Đánh giá theo phiếu Mẫu số 02 hay 03: cần ngày sinh đầy đủ"
    )
    return (Reason(words, True if form else None, LegalReference(document="01/2019/TT-BLĐTBXH", article="3")),)


def _within(on: date) -> tuple[Reason, ...]:
    return tuple(_limit(step, on) for step in (Step.ASSESS, Step.CERTIFY))


def _limit(step: Step, on: date) -> Reason:
    limit = time_limit(step, on=on)
    return Reason(f"Thời hạn: {limit.allowance.amount} ngày làm việc, {_STEPS[step]}", True, limit.source.reference)


_STEPS: Final[Mapping[Step, str]] = {
    Step.ASSESS: "đánh giá, kết luận dạng và mức độ khuyết tật",
    Step.CERTIFY: "niêm yết và cấp giấy sau biên bản kết luận",
    Step.EXCHANGE: "cấp đổi, cấp lại theo hồ sơ đang lưu",
}


def _held(person: Person, on: date) -> tuple[Reason, ...]:
    held: DisabilityCertificate | None = in_force_of(person.pk, on=on)
    if held is None:
        return ()
    words = f"Đang có giấy số {held.number}, cấp ngày {format_day(held.issued_on)}: {held.get_level_display()}"
    return (Reason(words, True, LegalReference(document="01/2019/TT-BLĐTBXH", article="8")),)


def _means(level: DisabilityLevel) -> Reason:
    if level is DisabilityLevel.NONE:
        return Reason(
            "Có khuyết tật để được cấp Giấy xác nhận khuyết tật",
            False,
            LegalReference(document="51/2010/QH12", article="18"),
        )
    words = "thuộc diện" if level.carries_allowance else "không thuộc diện"
    return Reason(f"Mức độ {level.in_words} {words} trợ cấp xã hội hằng tháng", True, _ALLOWANCE)


def _not_told(told: Mapping[str, Any]) -> list[str]:
    missing = [] if told.get("kind") else ["dạng khuyết tật trong kết luận"]
    return missing if told.get("number") else [*missing, _NOT_NUMBERED]


def _items(told: Mapping[str, Any]) -> frozenset[str] | None:
    text = str(told.get("form_items") or "")
    return frozenset(one.strip() for one in text.split(",") if one.strip()) if text else None
