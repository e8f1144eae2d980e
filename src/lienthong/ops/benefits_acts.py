"""What the office does for a person, made ready from what was told: the command of each service, as the screens make it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement
from lienthong.assistance.queries import emergency as emergencies
from lienthong.assistance.queries import paid_once, people
from lienthong.assistance.queries.recovering import unfinished
from lienthong.assistance.services import circumstances, proposing, proposing_changes, proposing_ways_back
from lienthong.assistance.services.certificates import RecordCertificate, record_certificate, withdraw_certificate
from lienthong.assistance.services.deaths import TellDeath, report_death
from lienthong.assistance.services.emergency import Deceased, GrantEmergency
from lienthong.assistance.services.granting import Grant
from lienthong.assistance.services.merit import ProposeClaim, propose_claim
from lienthong.assistance.services.paid_once import NamePayee
from lienthong.assistance.services.proposing_emergency import HandOutRice, hand_out_rice, propose_emergency
from lienthong.assistance.services.proposing_paid_once import (
    ProposeRevocation,
    propose_once_payee,
    propose_revocation,
)
from lienthong.assistance.services.recovering import StartRecovery
from lienthong.assistance.services.top_ups import ProposeTopUp, propose_top_up
from lienthong.assistance.states import (
    EMERGENCY_GROUNDS,
    MERIT_BENEFITS,
    Benefit,
    EmergencyGrantKind,
    EmergencyPayee,
    OnceKind,
    PayeeGround,
    Programme,
    ProposalKind,
)
from lienthong.ops.assess_files import FactsRefused
from lienthong.ops.benefits_reading import commune_of, entitlement_of
from lienthong.payments.queries.overpayments import open_of_benefit
from lienthong.people.models import Person
from lienthong.people.queries import OrganizationUnknown, organization_by_tax_code
from lienthong.rules.disability import DisabilityKind, DisabilityLevel
from lienthong.rules.emergency.course import Course
from lienthong.rules.emergency.kinds import EmergencyKind, emergency_from_plain, names_of
from lienthong.rules.merit.facts import Category
from lienthong.rules.merit.words import CLAIM_QUESTIONS, asked_of

Act = Callable[..., Any]
"""What does it, asked with ``acting_user`` and ``now``."""


EMERGENCY_FACTS: Final = tuple(
    dict.fromkeys(name for kind in EmergencyGrantKind for name in names_of(EmergencyKind(kind.value)))
)
"""What the rules ask of the kinds that the office enters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Of whom something is proposed, by whom, on which day, and what was told of it."""

    person: Person
    user: User
    on: date
    facts: Mapping[str, Any]

    def entitlement(self, kind: ProposalKind) -> Entitlement:
        """Return the benefit that is meant."""
        named = {name: self.facts[name] for name in ("benefit", "entitlement") if name in self.facts}
        return entitlement_of(self.person, kind, user=self.user, on=self.on, **named)

    def place_id(self) -> int:
        """Return the commune in which the person lives."""
        place = people.acts_for(self.person, as_=self.user, on=self.on).place
        if place is None:
            raise FactsRefused(f"Chưa biết {self.person.full_name} ở xã nào. Hãy cập nhật nơi cư trú trước.")
        return int(place.pk)

    def payee_id(self) -> int | None:
        """Return who was named to receive the money; None where nobody was."""
        number, name = self.facts.get("payee_number"), self.facts.get("payee_name")
        if not number and not name:
            return None
        if not number or not name:
            raise FactsRefused("Người nhận thay phải có cả --payee-number và --payee-name, để chắc không nhầm người.")
        found = people.payee_of(number, name)
        if found is None:
            raise FactsRefused(
                "Không có ai mang cả số định danh và họ tên này trong dữ liệu dân cư. Kiểm tra lại số và tên."
            )
        return int(found.pk)

    def of(self, *names: str) -> dict[str, Any]:
        """Return those of the facts that were told."""
        return {name: self.facts[name] for name in names if name in self.facts}

    def until(self) -> date | None:
        """Return the first day after the last one that was told."""
        last = self.facts.get("last_day")
        return last + timedelta(days=1) if last else None


def grant(case: Case) -> Act:
    """Propose that the person receives a benefit."""
    facts, organization_id = case.facts, None
    benefit = Benefit(facts["benefit"])
    if benefit == Benefit.INSTITUTION:
        try:
            organization_id = organization_by_tax_code(facts.get("institution", "")).pk
        except OrganizationUnknown as unknown:
            raise FactsRefused(str(unknown)) from None
    elif "institution" in facts:
        raise FactsRefused(f"--institution chỉ dùng với --benefit {Benefit.INSTITUTION.value}.")
    command = Grant(
        person_id=case.person.pk, programme=Programme.MERIT if benefit in MERIT_BENEFITS else Programme.SOCIAL,
        benefit=benefit.value, unit_id=case.place_id(), payee_id=_other_payee(case), payee_organization_id=organization_id,
        payee_ground=facts.get("ground", PayeeGround.SELF), first_month=facts.get("first_month"),
    )  # fmt: skip
    return partial(proposing.propose_grant, command)


def _other_payee(case: Case) -> int | None:
    """Return who receives the money for the person; on every ground but one's own somebody is named."""
    payee_id = case.payee_id()
    if payee_id is None and case.facts.get("ground", PayeeGround.SELF) != PayeeGround.SELF:
        raise FactsRefused("Người khác nhận tiền: ghi --payee-number và --payee-name của người ấy.")
    return payee_id


def adjust(case: Case) -> Act:
    """Propose to reckon everything of a programme anew."""
    row = case.entitlement(ProposalKind.ADJUST)
    command = proposing.ProposeAdjustment(
        person_id=case.person.pk, programme=row.programme, **case.of("from_month", "reason")
    )
    return partial(proposing.propose_adjustment, command)


def move(case: Case) -> Act:
    """Propose that another commune pays."""
    row = case.entitlement(ProposalKind.MOVE)
    unit = commune_of(case.facts["commune"], on=case.on)
    command = proposing_changes.ProposeMove(entitlement_id=row.pk, unit_id=unit.pk, reason=case.facts["reason"])
    return partial(proposing_changes.propose_move, command)


def payee(case: Case) -> Act:
    """Propose that somebody else receives the money."""
    row = case.entitlement(ProposalKind.CHANGE_PAYEE)
    command = proposing_changes.ProposePayee(
        entitlement_id=row.pk, payee_id=_other_payee(case) or case.person.pk,
        ground=case.facts.get("ground", PayeeGround.SELF), reason=case.facts["reason"],
    )  # fmt: skip
    return partial(proposing_changes.propose_payee, command)


def recover(case: Case) -> Act:
    """Propose to keep back what was paid too much: what runs found, an amount, or the remainder of another recovery."""
    row, facts = case.entitlement(ProposalKind.RECOVER), case.facts
    chosen, instead = facts.get("overpayments", ()), facts.get("instead_of")
    overpaid = {one.pk: one.amount for one in open_of_benefit(row.programme, case.person.pk, row.benefit)}
    if strange := [str(one) for one in chosen if one not in overpaid]:
        waiting = ", ".join(map(str, overpaid)) or "không có"
        raise FactsRefused(f"Khoản chi thừa số {', '.join(strange)} không chờ thu ở khoản này. Đang chờ: {waiting}.")
    amount = facts.get("amount") or sum(overpaid[one] for one in chosen)
    if instead is not None:
        left = {one.recovery.pk: one.left for one in unfinished(person_id=case.person.pk)}
        if instead not in left:
            waiting = ", ".join(map(str, left)) or "không có"
            raise FactsRefused(f"Quyết định thu hồi số {instead} không còn phần phải thu. Đang chờ: {waiting}.")
        amount = left[instead]
    command = StartRecovery(
        amount=amount, monthly=facts["monthly"], first_month=facts["first_month"], reason=facts["reason"],
        overpayment_ids=tuple(chosen), instead_of=instead,
    )  # fmt: skip
    return partial(proposing_changes.propose_recovery, row.pk, command)


def death(case: Case) -> Act:
    """Record that the person has died."""
    return partial(report_death, TellDeath(person_id=case.person.pk, **case.of("died_on", "paper")))


def no_death(case: Case) -> Act:
    """Propose to take back that the person is recorded dead."""
    acts = people.acts_for(case.person, as_=case.user, on=case.on)
    command = proposing_ways_back.ProposeNoDeath(
        person_id=case.person.pk, programme=Programme.SOCIAL if acts.records else Programme.MERIT,
        reason=case.facts["reason"],
    )  # fmt: skip
    return partial(proposing_ways_back.propose_no_death, command)


def _once(case: Case) -> Any:
    """Return the decision that is meant: of this person, and seen by whoever asks."""
    row = paid_once.get_once(case.facts["decision"], case.facts["id"], as_=case.user, on=case.on)
    if row.subject_id != case.person.pk:
        raise paid_once.OnceNotFound
    return row


def handed_out(case: Case) -> Act:
    """Note that the rice of a decision was handed out."""
    grant = emergencies.get_grant(case.facts["id"], as_=case.user, on=case.on)
    if grant.person_id != case.person.pk:
        raise emergencies.GrantNotFound
    return partial(hand_out_rice, HandOutRice(grant_ids=[grant.pk], handed_out_on=case.facts["handed_out_on"]))


def revoke(case: Case) -> Act:
    """Propose to take back what was decided once."""
    row = _once(case)
    command = ProposeRevocation(kind=case.facts["decision"], grant_id=row.pk, reason=case.facts["reason"])
    return partial(propose_revocation, command)


def top_up(case: Case) -> Act:
    """Propose to pay what a new law adds to what was decided once."""
    row = _once(case)
    command = ProposeTopUp(kind=case.facts["decision"], grant_id=row.pk, reason=case.facts["reason"])
    return partial(propose_top_up, command)


def once_payee(case: Case) -> Act:
    """Propose that somebody else receives what was decided once."""
    row, kind = _once(case), case.facts["decision"]
    if (kind == OnceKind.EMERGENCY) != ("ground" in case.facts):
        raise FactsRefused("--ground phải ghi với khoản trợ giúp khẩn cấp, và chỉ với khoản đó.")
    command = NamePayee(
        kind=kind, grant_id=row.pk, payee_id=case.payee_id() or 0, ground=case.facts.get("ground", ""),
        reason=case.facts["reason"],
    )  # fmt: skip
    return partial(propose_once_payee, command)


def emergency(case: Case) -> Act:
    """Propose emergency assistance; of somebody who died it is for whoever buries them."""
    facts, kind = case.facts, EmergencyGrantKind(case.facts["kind"])
    if kind not in emergencies.offered_kinds(case.person):
        raise FactsRefused(f"{case.person.full_name} đã chết: chỉ nhập được “{EmergencyGrantKind.DEATH.label}”.")
    grounds = EMERGENCY_GROUNDS[kind]
    ground = facts.get("ground", grounds[0])
    if ground not in grounds:
        raise FactsRefused(f"Mục ground: loại {kind.value} chỉ nhận: {', '.join(one.value for one in grounds)}.")
    is_death, payee_id = kind == EmergencyGrantKind.DEATH, case.payee_id()
    if payee_id is None and (is_death or ground not in {EmergencyPayee.SELF, EmergencyPayee.HOUSEHOLD}):
        raise FactsRefused("Người khác nhận: ghi --payee-number và --payee-name của người ấy.")
    person = case.person
    known = {name: facts[name] for name in (*EMERGENCY_FACTS, "happened_on") if name in facts}
    command = GrantEmergency(
        person_id=payee_id if is_death and payee_id else person.pk, unit_id=case.place_id(),
        emergency=emergency_from_plain(EmergencyKind(kind.value), known), payee_id=payee_id, payee_ground=ground,
        deceased=Deceased(name=person.full_name, number=person.personal_id_number, person_id=person.pk) if is_death else None,
        course=_course(case),
    )  # fmt: skip
    return partial(propose_emergency, command)


def _course(case: Case) -> Course:
    try:
        return Course(**case.of("listed_on", "met_on", "urgent_reason"))
    except ValueError as impossible:
        raise FactsRefused(str(impossible)) from None


def fact(case: Case) -> Act:
    """Record a fact."""
    command = circumstances.RecordCircumstance(
        person_id=case.person.pk, valid_until=case.until(), ends_earlier=bool(case.facts.get("ends_earlier")),
        **case.of("name", "value", "valid_from", "evidence"),
    )  # fmt: skip
    return partial(circumstances.record_circumstance, command)


def facts(case: Case) -> Act:
    """Record the answers of one interview, all of them or none."""
    answers = case.of(*circumstances.RECORDED)
    if not answers:
        raise FactsRefused("Chưa trả lời câu nào. Trả lời ít nhất một câu rồi ghi.")
    commands = [
        circumstances.RecordCircumstance(
            person_id=case.person.pk, name=name, value=value, **case.of("valid_from", "evidence")
        )
        for name, value in answers.items()
    ]
    return partial(circumstances.record_together, commands)


def _circumstance_id(case: Case) -> int:
    row = people.get_circumstance(case.facts["id"], as_=case.user, on=case.on)
    if row.person_id != case.person.pk:
        raise people.PersonNotFound
    return int(row.pk)


def fact_correct(case: Case) -> Act:
    """Record the right fact in the place of a wrong one."""
    command = circumstances.CorrectCircumstance(
        circumstance_id=_circumstance_id(case), valid_until=case.until(),
        **case.of("value", "valid_from", "evidence", "reason"),
    )  # fmt: skip
    return partial(circumstances.correct_circumstance, command)


def fact_end(case: Case) -> Act:
    """Record that a fact holds no longer."""
    return partial(
        circumstances.end_circumstance, _circumstance_id(case), ends_on=case.facts["last_day"] + timedelta(days=1)
    )


def fact_withdraw(case: Case) -> Act:
    """Withdraw a fact that was recorded by mistake."""
    return partial(circumstances.withdraw_circumstance, _circumstance_id(case), reason=case.facts["reason"])


def certificate(case: Case) -> Act:
    """Record a certificate of disability."""
    facts = case.facts
    items = frozenset(filter(None, (one.strip() for one in facts.get("form_items", "").split(","))))
    command = RecordCertificate(
        person_id=case.person.pk, level=DisabilityLevel(facts["level"]), kind=DisabilityKind(facts["kind"]),
        number=facts["number"], issued_on=facts["issued_on"], form_items=items or None, valid_until=case.until(),
        issued_by_id=commune_of(facts["issued_by"], on=case.on).pk if "issued_by" in facts else None,
    )  # fmt: skip
    return partial(record_certificate, command)


def certificate_withdraw(case: Case) -> Act:
    """Withdraw a certificate that was recorded by mistake."""
    row = people.certificates_of(case.person.pk).filter(pk=case.facts["id"]).first()
    if row is None:
        raise people.PersonNotFound
    return partial(withdraw_certificate, row.pk, reason=case.facts["reason"])


def claim(case: Case) -> Act:
    """Propose to recognise a ground of somebody with merit."""
    facts, category = case.facts, Category(case.facts["category"])
    asked = asked_of(category)
    if strange := [name for name in CLAIM_QUESTIONS if name in facts and name not in asked]:
        raise FactsRefused(
            f"Diện {category.in_words} không hỏi: {', '.join(strange)}. Chỉ hỏi: {', '.join(asked) or 'không hỏi gì thêm'}."
        )
    if "relation" in asked and "relation" not in facts:
        raise FactsRefused(f"Còn thiếu: --relation ({CLAIM_QUESTIONS['relation']}).")
    command = ProposeClaim(
        person_id=case.person.pk, data={"category": category.value, **case.of(*asked)}, valid_from=facts["valid_from"],
        valid_until=case.until(), payee_id=_other_payee(case), payee_ground=facts.get("ground", PayeeGround.SELF),
    )  # fmt: skip
    return partial(propose_claim, command)
