"""Somebody with merit who was receiving has died: what is paid once, and a relative's allowance.

Hưởng trợ cấp khi người có công đang hưởng trợ cấp ưu đãi từ trần (1.010824).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.merit_table import OF_SURVIVOR, SURVIVOR_RELATIONS, Case
from lienthong.assistance.models import DeathGrant
from lienthong.assistance.papers import SheetLine
from lienthong.assistance.procedures.applicants import (
    YES_NO_UNKNOWN,
    ProgrammeRefusal,
    known_applicant,
    person_of_number,
)
from lienthong.assistance.procedures.beneficiary import (
    PAYEE,
    PERSON,
    UNKNOWN_PERSON,
    commune_of,
    day_in,
    person_in,
    wrong_with_day,
    wrong_with_person,
)
from lienthong.assistance.procedures.merit import Asked, Brought, Carry, line_told, recognised_like
from lienthong.assistance.procedures.merit_answers import facts_in, person_question, relation_question, told_of
from lienthong.assistance.procedures.told import About, ToldHandler, day_told
from lienthong.assistance.queries.decision_words import once_told
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.merit_months import claims_on, merit_benefits_on
from lienthong.assistance.services.death_grants import GrantAtDeath, due_at_death, grant_after_death
from lienthong.assistance.services.death_offers import offer_other_part
from lienthong.assistance.services.deaths import TellDeath, tell_death
from lienthong.assistance.services.dossier_facts import write_facts
from lienthong.assistance.services.refusals import AlreadyReceived, AssistanceRefusal
from lienthong.assistance.states import Benefit, Programme, ProposalKind
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import local_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.money import format_dong, parse_dong
from lienthong.people.models import Person
from lienthong.rules.merit.at_death import DeathFacts, survivor_starts, survivors_claims
from lienthong.rules.merit.facts import Category, MeritFacts, Relation
from lienthong.rules.merit.plain_facts import merit_as_plain
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.poverty.plain_facts import FactRefused
from lienthong.rules.social_assistance.timing import month_of

ONCE, SURVIVOR, BOTH = "once", "survivor", "both"
_ASKS: Final = Question(
    "asks", "Đề nghị", kind="choice",
    choices=((BOTH, "Trợ cấp một lần, trợ cấp mai táng và trợ cấp tuất hằng tháng"), (ONCE, "Trợ cấp một lần, trợ cấp mai táng"),
             (SURVIVOR, "Trợ cấp tuất hằng tháng")),
)  # fmt: skip
_DECEASED: Final = Question("deceased_number", "Số định danh của người có công đã chết", kind="personal_id")
_DIED: Final = Question("died_on", "Ngày chết", kind="day", hint="Theo trích lục khai tử")
_ARRANGED: Final = Question(
    "arranged_funeral",
    "Người nộp hồ sơ đứng ra tổ chức mai táng?",
    kind="choice",
    choices=YES_NO_UNKNOWN,
    is_required=False,
)
_OTHER: Final = Question(
    "other_support", "Trợ cấp mai táng theo chế độ khác", kind="money", is_required=False,
    hint="Như bảo hiểm xã hội; đồng, không có thì ghi 0",
)  # fmt: skip
_SURVIVOR: Final = replace(
    PERSON, label="Số định danh của thân nhân hưởng trợ cấp tuất", hint="Để trống nếu là người nộp hồ sơ"
)
_CASE: Final = Case(name="survivor", words="Thân nhân hưởng trợ cấp tuất", facts=OF_SURVIVOR)


class _CannotBe(Exception):
    """What is asked for has no ground to stand on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Death:
    """The death that a dossier tells: who, when, what was known of them, and whether they were receiving."""

    person: Person
    died_on: date
    facts: MeritFacts
    was_receiving: bool


class DiedHandler(ToldHandler):
    """Asks about the death and a relative, proposes both by the rules, and on approval tells the death, pays and recognises."""

    programme = Programme.MERIT

    def questions(self) -> Sequence[Question]:
        """Return what is asked for, the death, the funeral, and the relative with what decides on the allowance."""
        return (
            _DECEASED, _DIED, _ASKS, _ARRANGED, _OTHER, _SURVIVOR, relation_question(SURVIVOR_RELATIONS),
            *(person_question(name) for name in OF_SURVIVOR), PAYEE,
        )  # fmt: skip

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name what the form must say; a dossier that came without this form says nothing of it."""
        if _DECEASED.name not in answers:
            return []
        found = [
            f"Chưa trả lời: {one.label}" for one in (_DECEASED, _ASKS) if not str(answers.get(one.name) or "").strip()
        ]
        number = str(answers.get(_DECEASED.name) or "").strip()
        if number and person_of_number(number) is None:
            found.append(f"Số định danh {number}: không có người này trong dữ liệu dân cư; kiểm tra lại số")
        found += wrong_with_day(answers, _DIED, on)
        if answers.get(_ASKS.name) in {SURVIVOR, BOTH}:
            found += wrong_with_person(answers)
            if not answers.get("relation"):
                found.append("Chưa trả lời: Quan hệ với người có công")
        try:
            facts_in(_CASE, answers)
            _other(answers)
        except FactRefused as refused:
            found.append(told_of(refused))
        except ValueError as unreadable:
            found.append(f"{_OTHER.label}: {unreadable}")
        return found

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Return what the death brings once, and what the relative is due each month."""
        try:
            death = _death(dossier)
            asks = str(dossier.answers.get(_ASKS.name) or "")
            parts: list[Decision[Any]] = []
            if asks in {ONCE, BOTH}:
                parts.append(_once(dossier, death, on))
            if asks in {SURVIVOR, BOTH}:
                parts.append(_survivor(dossier, death, on))
        except AlreadyReceived as received:
            return Decision.refused(reasons=[Reason(str(received), False)])
        except (_CannotBe, FactRefused, NoValueInForce, ValueError) as unknown:
            return Decision.unknown(missing=[str(unknown)])
        return _together(parts) if parts else Decision.unknown(missing=["nội dung đề nghị"])

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Tell the death, pay what is paid once, and recognise the relative, in the transaction of the approval.

        Raises:
            ProgrammeRefusal: Somebody is unknown, the death cannot be, or the rules do not give what is asked for.
        """
        if _DECEASED.name not in dossier.answers:  # came without the form
            return
        asks = str(dossier.answers.get(_ASKS.name) or "")
        try:
            death = _death(dossier)
            told = TellDeath(person_id=death.person.pk, died_on=death.died_on, paper=f"hồ sơ {dossier.code}")
            if asks in {ONCE, BOTH}:
                _pay_once(dossier, death, acting_user=acting_user, now=now)
            if asks in {SURVIVOR, BOTH}:
                _recognise(dossier, death, acting_user=acting_user, now=now)
            tell_death(told, acting_user_id=acting_user.pk, now=now)
        except (_CannotBe, AssistanceRefusal, NoValueInForce, FactRefused, ValueError) as refusal:
            raise ProgrammeRefusal(str(refusal)) from refusal

    def about(self, dossier: Dossier, *, is_granted: bool, on: date) -> Sequence[About]:
        """Tell whoever is paid what the death brings once, and the relative what follows each month."""
        if _DECEASED.name not in dossier.answers:
            return ()
        asks, died_on = str(dossier.answers.get(_ASKS.name) or ""), day_told(dossier.answers, _DIED.name)
        law = ("ngày chết", died_on) if died_on else None
        found = [_told_once(dossier, law, is_granted=is_granted)] if asks in {ONCE, BOTH} else []
        if asks in {SURVIVOR, BOTH}:
            found.append(About(person_id=person_in(dossier), kind=ProposalKind.MERIT_CLAIM, since=died_on, law=law))
        return found


def _told_once(dossier: Dossier, law: tuple[str, date] | None, *, is_granted: bool) -> About:
    found = About(
        person_id=person_of_number(str(dossier.answers.get(_DECEASED.name) or "")), kind=ProposalKind.GRANT,
        benefit=Benefit.AT_DEATH, of_death=True, law=law,
    )  # fmt: skip
    grant = DeathGrant.objects.filter(dossier_code=dossier.code).first() if is_granted else None
    if grant is None:
        return found
    lines = [
        SheetLine(words=one["words"], amount=format_dong(one["amount"]), source=one["reference"]) for one in grant.lines
    ]
    return replace(
        found, payee_id=grant.payee_id, sums=[once_told(Benefit.AT_DEATH, grant.amount, lines)],
        words=f"Được hưởng {grant.get_part_display()}: {format_dong(grant.amount)}, một lần.",
    )  # fmt: skip


def _death(dossier: Dossier) -> _Death:
    """Return the death that a dossier tells.

    Raises:
        _CannotBe: Nobody is known by that number, or no day is told.
    """
    person = Person.objects.filter(pk=person_of_number(str(dossier.answers.get(_DECEASED.name) or "")) or 0).first()
    died_on = day_in(dossier.answers, _DIED.name)
    if person is None or died_on is None:
        raise _CannotBe("người có công đã chết (số định danh, ngày chết)")
    history = history_of(person.pk)
    amount = history.amount_of(Programme.MERIT, month_of(died_on), [Benefit.MONTHLY])
    return _Death(person=person, died_on=died_on, facts=history.merit_facts_on(died_on), was_receiving=bool(amount))


def _facts(dossier: Dossier, death: _Death) -> DeathFacts:
    arranged = {"yes": True, "no": False}.get(str(dossier.answers.get(_ARRANGED.name) or ""))
    return DeathFacts(
        person=death.facts, was_receiving=death.was_receiving, arranged_funeral=arranged,
        other_support=_other(dossier.answers),
    )  # fmt: skip


def _other(answers: Mapping[str, Any]) -> Any:
    text = str(answers.get(_OTHER.name) or "").strip()
    return parse_dong(text) if text else None


def _once(dossier: Dossier, death: _Death, on: date) -> Decision[Any]:
    found = due_at_death(_facts(dossier, death), death.person.pk, died_on=death.died_on, on=on, by=dossier.code or "")
    lines = [Reason(f"{line.words}: {format_dong(line.amount)}", True, line.reference) for line in found.lines]
    notices = [Reason(f"Lưu ý: {one}", None) for one in found.notices]
    return replace(found.decision, reasons=(*lines, *found.decision.reasons, *notices))


def _claims(dossier: Dossier, death: _Death) -> list[dict[str, Any]]:
    """Return the grounds that the death gives the relative, by their plain names.

    Raises:
        _CannotBe: No relation is told.
    """
    told = str(dossier.answers.get("relation") or "")
    if told not in {one.value for one in SURVIVOR_RELATIONS}:
        raise _CannotBe("quan hệ với người có công đã chết")
    number = death.person.personal_id_number
    origin = f"{death.person.full_name}, {number}" if number else death.person.full_name
    claims = survivors_claims(death.facts, relation=Relation(told), was_receiving=death.was_receiving, origin=origin)
    return [merit_as_plain(MeritFacts(claims=(claim,)))["claims"][0] for claim in claims]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Best:
    """The ground that brings a relative most: through one person who died it is one allowance only."""

    asked: Asked
    brought: Brought

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.brought.lines if line.kind.is_monthly)


def _best(dossier: Dossier, person_id: int, death: _Death, on: date) -> _Best | None:
    """Return the best ground; None where the person who died gives relatives none.

    A ground that is recognised already is not recognised again: what it brings and was not paid is paid.
    """
    facts, found = facts_in(_CASE, dossier.answers), []
    held = claims_on(history_of(person_id), on)
    month, _after = survivor_starts(death.died_on)
    for claim in _claims(dossier, death):
        case = replace(_CASE, category=Category(claim["category"]))
        asked = Asked(
            case=case, claim=claim, facts=facts, since=death.died_on, is_dated=False,
            is_new=recognised_like(case, claim, held) is None, first_month=month,
        )  # fmt: skip
        found.append(_Best(asked=asked, brought=Brought.by(asked, person_id, on)))
    return max(found, key=lambda one: one.amount, default=None)


def _survivor(dossier: Dossier, death: _Death, on: date) -> Decision[Any]:
    person_id = person_in(dossier)
    if person_id is None:
        return Decision.unknown(missing=[UNKNOWN_PERSON])
    best = _best(dossier, person_id, death, on)
    month, after = survivor_starts(death.died_on)
    if best is None:
        words = "Người chết thuộc diện mà thân nhân được hưởng trợ cấp tuất hằng tháng"
        return Decision.refused(reasons=[Reason(words, False, after.reference)])
    found = best.brought
    told = [Reason(line_told(line), True, line.article) for line in found.lines]
    if found.missing:
        return Decision.unknown(missing=found.missing, reasons=[*told, *found.reasons])
    if not best.amount:
        failed = Reason("Thân nhân đủ điều kiện hưởng trợ cấp tuất hằng tháng", False, after.reference)
        return Decision.refused(reasons=[*found.reasons, failed])
    starts = Reason(f"Hưởng từ tháng {month:%m/%Y} ({after.confidence.in_words})", True, after.reference)
    return Decision.granted(best.amount, reasons=[*told, starts, *found.reasons])


def _together(parts: Sequence[Decision[Any]]) -> Decision[Any]:
    """Put what is asked for together: granted only where all of it is, unknown where something is open."""
    reasons = tuple(dict.fromkeys(reason for part in parts for reason in part.reasons))
    missing = tuple(dict.fromkeys(fact for part in parts for fact in part.missing))
    if missing:
        return Decision.unknown(missing=missing, reasons=reasons)
    if any(part.value is None for part in parts):
        return Decision.refused(reasons=reasons)
    return Decision.granted(sum(part.value or 0 for part in parts), reasons=reasons)


def _pay_once(dossier: Dossier, death: _Death, *, acting_user: User, now: datetime) -> None:
    command = GrantAtDeath(
        dossier_code=dossier.code or "", deceased_id=death.person.pk, died_on=death.died_on,
        payee_id=known_applicant(dossier, acting_user=acting_user, now=now),
        unit_id=commune_of(dossier, death.person.pk, local_day(now), programme=Programme.MERIT),
        facts=_facts(dossier, death),
    )  # fmt: skip
    grant_after_death(command, acting_user=acting_user, now=now)
    offer_other_part(death.person.pk, now=now)


def _recognise(dossier: Dossier, death: _Death, *, acting_user: User, now: datetime) -> None:
    on, person_id = local_day(now), person_in(dossier)
    if person_id is None:
        raise _CannotBe(f"Chưa thể phê duyệt: cần biết {UNKNOWN_PERSON}.")
    best = _best(dossier, person_id, death, on)
    if best is None:
        raise _CannotBe("Chưa thể phê duyệt: người chết không thuộc diện mà thân nhân được hưởng trợ cấp tuất.")
    if not best.amount:
        told = [*(str(one) for one in best.brought.reasons if one.holds is False), *best.brought.missing]
        raise _CannotBe(f"Chưa thể phê duyệt trợ cấp tuất của thân nhân: {'; '.join(told)}.")
    unit_id = commune_of(dossier, person_id, on, programme=Programme.MERIT)
    before = merit_benefits_on(history_of(person_id), on)
    write_facts(
        person_id, best.asked.facts, valid_from=death.died_on, evidence=f"Hồ sơ {dossier.code}",
        acting_user_id=acting_user.pk, now=now,
    )  # fmt: skip
    carry = Carry(dossier, person_id, unit_id, acting_user, now)
    if best.asked.is_new:
        carry.recognise(best.asked)
    else:
        carry.follow(best.asked, before)
