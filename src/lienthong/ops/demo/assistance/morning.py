"""Work that is left for this morning, left by the services themselves: proposals, complaints, overpayments; and a beneficiary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from lienthong.accounts.models import User
from lienthong.accounts.services import OpenAccount, open_account
from lienthong.accounts.states import AccountKind
from lienthong.assistance.models import Entitlement, Proposal
from lienthong.assistance.services.circumstances import RecordCircumstance, record_circumstance
from lienthong.assistance.services.deciding import DecideProposal, approve_proposal, refuse_proposal
from lienthong.assistance.services.findings import ask_review, make_review
from lienthong.assistance.services.granting import Grant
from lienthong.assistance.services.merit import ProposeClaim, propose_claim
from lienthong.assistance.services.proposing import propose_grant
from lienthong.assistance.services.proposing_changes import (
    ProposePayee,
    ProposeSuspension,
    propose_payee,
    propose_suspension,
)
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.services.scenarios import KeepScenario, compute_scenario, keep_scenario
from lienthong.assistance.states import Benefit, EntitlementState, PayeeGround, Programme
from lienthong.infra.working import told_moment
from lienthong.kernel.days import local_moment
from lienthong.ops.demo.assistance.calendar import weekday_before
from lienthong.ops.demo.assistance.cases import Case, Kind
from lienthong.ops.demo.assistance.folk import Folk
from lienthong.ops.demo.assistance.paying import PREPARER
from lienthong.ops.demo.staff import Staff
from lienthong.payments.models import Overpayment, PaymentAccount, PaymentLine
from lienthong.payments.services.complaints import RaiseComplaint, answer_complaint, close_complaint, raise_complaint
from lienthong.payments.services.overpayments import confirm_settlement, propose_settlement
from lienthong.payments.states import Channel, LineState, NameCheck, OverpaymentState
from lienthong.people.models import Person
from lienthong.rules.drafts import read_changes

CITIZEN: Final = "demo.nguoihuong"
OFFICER, LEADER = "demo.xa.chuyenvien", "demo.xa.lanhdao"
MERIT_OFFICER, ACCOUNTANT, CHECKER = "demo.chuyenvien", "demo.ketoan2", "demo.trogiup"
DRAFT_LEVEL: Final = 600_000
DRAFT_NAME: Final = "Nâng mức chuẩn lên 600.000 đồng (minh họa)"
DRAFT_NOTE: Final = "Phương án để xem chi phí; không phải dự thảo có thật."
REQUEST: Final = "Văn bản đề nghị hưởng trợ cấp hưu trí xã hội (dữ liệu minh họa)"
SETTLED_AFTER: Final = timedelta(days=75)
SETTLED_NOTE: Final = "Gia đình đã nộp lại, có giấy nộp tiền (dữ liệu minh họa)"
NOT_GRANTED: Final = (
    "Bảo hiểm xã hội báo người này đang hưởng trợ cấp mất sức lao động; đề nghị xác minh lại (dữ liệu minh họa)."
)
GRANTS: Final = 4
DECLINED: Final = "Chưa có giấy ủy quyền; đề nghị bổ sung rồi trình lại."
ASKED: Final = "Truy lĩnh từ tháng 7 của mẹ tôi tính thế nào, tôi chưa rõ."
SAID: Final = (
    "Tháng này tôi chưa nhận được tiền, trước đây ngày 5 đã có. Đề nghị xem giúp.",
    "Tôi đã mở tài khoản mới, đề nghị chuyển tiền vào tài khoản đó.",
    "Tôi muốn biết tháng trước tiền chuyển vào ngày nào.",
)
ANSWERS: Final = {
    0: "Ngân hàng báo số tài khoản không đúng nên tiền chưa vào; đã ghi lại số tài khoản, kỳ tới sẽ chi lại.",
    2: "Tiền đã vào tài khoản ngày 5, đúng kỳ; đã gửi lại chứng từ. Người hỏi đồng ý.",
}


@dataclass(slots=True)
class Morning:
    """Leaves the work.

    Args:
        staff: Officers of the demo.
        folk: For families.
        cases: Everybody who was looked at.
        ward: Id of the demo's ward.
        today: The day that is today.
    """

    staff: Staff
    folk: Folk
    cases: Sequence[Case]
    ward: int
    today: date
    _day: date = field(init=False)

    def __post_init__(self) -> None:
        self._day = weekday_before(self.today)

    def leave(self, staying_away: frozenset[int]) -> None:
        """Open the account of a beneficiary, and leave something on every list."""
        citizen = self._open_account(staying_away)
        self._settle_old_overpayments()
        for proposals in (
            self._grants(), self._suspensions(staying_away), self._payees(), self._claims(),
        ):  # fmt: skip
            list(proposals)
        self._complain(citizen)
        self._review()
        self._draft_a_law()

    def _review(self) -> None:
        """Go through everybody as they are known now: who is left out, who receives what the rules no longer grant."""
        review = ask_review(unit_id=None, acting_user=self.staff.user(CHECKER), now=self._at(16, 30))
        with told_moment(self._at(16, 32)):
            make_review(review.pk)

    def _draft_a_law(self) -> None:
        """Keep a draft of the law with what it would cost."""
        changes = read_changes([{"parameter": "base_level", "value": DRAFT_LEVEL}])
        command = KeepScenario(name=DRAFT_NAME, changes=changes, note=DRAFT_NOTE, as_of=self.today.replace(day=1))
        scenario = keep_scenario(command, acting_user=self.staff.user(CHECKER), now=self._at(16, 50))
        with told_moment(self._at(16, 51)):
            compute_scenario(scenario.pk)

    def _at(self, hour: int, minute: int) -> datetime:
        return local_moment(self._day, time(hour, minute))

    def _in_ward(self) -> Iterator[Case]:
        return (case for case in self.cases if case.someone.place_on(self.today)[0] == self.ward)

    def _rows(self) -> QuerySet[Entitlement]:
        rows = Entitlement.objects.filter(unit=self.ward, state=EntitlementState.ACTIVE, programme=Programme.SOCIAL)
        return rows.filter(benefit=Benefit.PERSONAL).select_related("person").order_by("pk")

    def _open_account(self, staying_away: frozenset[int]) -> User:
        """Let somebody sign in who has received all the time in the demo's ward, into an account; or at least receives."""
        rows = self._rows().filter(payee_ground=PayeeGround.SELF).exclude(payee__in=staying_away)
        by_bank = rows.filter(
            payee__payment_accounts__in=PaymentAccount.objects.filter(
                channel=Channel.BANK, valid_until=None, verified_at__isnull=False, name_check=NameCheck.SAME
            )
        )
        of_old = by_bank.filter(source__gt="", person__birth_on__lt=date(self.today.year - 80, 1, 1))
        row = of_old.first() or by_bank.first() or rows.first()
        person = (
            row.person
            if row is not None
            else Person.objects.filter(entitlements__state=EntitlementState.ACTIVE).first()
        )
        assert person is not None, "somebody receives"
        command = OpenAccount(
            username=CITIZEN, kind=AccountKind.CITIZEN, full_name=person.full_name, person_id=person.pk,
            phone="0900000003", password=settings.DEMO_PASSWORD,
        )  # fmt: skip
        return open_account(command, acting_user=None, now=local_moment(self.today)).user

    def _settle_old_overpayments(self) -> None:
        open_since = local_moment(self.today - SETTLED_AFTER)
        old = Overpayment.objects.filter(state=OverpaymentState.OPEN, found_at__lt=open_since).order_by("pk")
        for row in old:
            at = row.found_at + timedelta(days=21)
            propose_settlement(row.pk, note=SETTLED_NOTE, acting_user=self.staff.user(PREPARER), now=at)
            confirm_settlement(
                row.pk, seen_amount=row.amount, seen_note=SETTLED_NOTE, acting_user=self.staff.user(ACCOUNTANT),
                now=at + timedelta(hours=2),
            )  # fmt: skip

    def _grants(self) -> Iterator[Proposal]:
        """Propose the social pension for some who had not asked; one was granted it yesterday, and one refused."""
        officer = self.staff.user(OFFICER)
        waiting = (case for case in self._in_ward() if case.decided_on is None and case.kind is Kind.OLD)
        place = 0
        for case in waiting:
            person_id = case.someone.id
            asked = RecordCircumstance(
                person_id=person_id, name="pension_request", value="written", valid_from=self._day, evidence=REQUEST
            )
            record_circumstance(asked, acting_user=officer, now=self._at(8, 20 + place))
            command = Grant(
                person_id=person_id, programme=Programme.SOCIAL, benefit=Benefit.PERSONAL, unit_id=self.ward
            )
            try:
                proposal = propose_grant(command, acting_user=officer, now=self._at(9, 5 + place))
            except AssistanceRefusal:
                continue
            if place == 0:
                decide = DecideProposal(proposal_id=proposal.pk, decision_number=f"TC-{self._day:%d%m}/QĐ-UBND")
                approve_proposal(decide, acting_user=self.staff.user(LEADER), now=self._at(15, 10))
            elif place == 1:
                decide = DecideProposal(proposal_id=proposal.pk, note=NOT_GRANTED)
                refuse_proposal(decide, acting_user=self.staff.user(LEADER), now=self._at(15, 20))
            yield proposal
            place += 1
            if place == GRANTS:
                return

    def _suspensions(self, staying_away: frozenset[int]) -> Iterator[Proposal]:
        """Propose to suspend what has not been collected for three months."""
        for place, row in enumerate(self._rows().filter(payee__in=staying_away)[:1]):
            command = ProposeSuspension(
                entitlement_id=row.pk, uncollected_months=3, note="Đi làm ăn xa, chưa liên lạc được"
            )
            yield propose_suspension(command, acting_user=self.staff.user(OFFICER), now=self._at(10, 15 + place))

    def _payees(self) -> Iterator[Proposal]:
        """Propose another payee for two of the oldest; one was not approved, for want of a paper."""
        oldest = self._rows().filter(payee_ground=PayeeGround.SELF).exclude(person__accounts__username=CITIZEN)
        by_id = {one.id: one for one in self.folk.people}
        found = 0
        for row in oldest.order_by("person__birth_on", "pk"):
            family = [one for one in self.folk.family_of(by_id[row.person_id]) if 20 <= one.age_on(self.today) < 75]
            if not family or found == 2:
                continue
            found += 1
            command = ProposePayee(
                entitlement_id=row.pk, payee_id=family[0].id, ground=PayeeGround.AUTHORISED,
                reason="Người hưởng già yếu, ủy quyền cho người nhà nhận thay",
            )  # fmt: skip
            proposal = propose_payee(command, acting_user=self.staff.user(OFFICER), now=self._at(10, 40 + found))
            if found == 1:
                decide = DecideProposal(proposal_id=proposal.pk, note=DECLINED)
                refuse_proposal(decide, acting_user=self.staff.user(LEADER), now=self._at(15, 25))
            yield proposal

    def _claims(self) -> Iterator[Proposal]:
        """Propose, at the province, to recognise somebody as the relative of a martyr."""
        women = Person.objects.filter(unit=self.ward, sex="female", died_on=None, birth_on__lt=date(1958, 1, 1))
        free = women.filter(entitlements=None, merit_claims=None).order_by("pk").first()
        if free is not None:
            data = {
                "category": "relative_of_martyr", "relation": "spouse", "has_died": True, "number_of_martyrs": 1,
            }  # fmt: skip
            command = ProposeClaim(person_id=free.pk, data=data, valid_from=self._day.replace(day=1))
            yield propose_claim(command, acting_user=self.staff.user(MERIT_OFFICER), now=self._at(14, 5))

    def _complain(self, citizen: User) -> None:
        """Let the beneficiary ask about the arrears, and three others complain: one has an answer, one is content with it."""
        officer = self.staff.user(OFFICER)
        own = PaymentLine.objects.filter(person=citizen.person_id).order_by("-pk").first()
        said = RaiseComplaint(person_id=citizen.person_id or 0, text=ASKED, line_id=own.pk if own else None)
        raise_complaint(said, acting_user=citizen, now=self._at(19, 45))
        unpaid = PaymentLine.objects.filter(
            unit=self.ward, state__in=(LineState.FAILED, LineState.RETURNED, LineState.HELD)
        )
        paid = PaymentLine.objects.filter(unit=self.ward).exclude(pk__in=unpaid.values("pk")).order_by("pk")
        rows = [*unpaid.order_by("-pk")[:1], *paid[:2]]
        for place, (line, text) in enumerate(zip(rows, SAID, strict=False)):
            command = RaiseComplaint(person_id=line.person_id, text=text, line_id=line.pk)
            complaint = raise_complaint(command, acting_user=officer, now=self._at(11, 10 + place))
            if place != 1:
                answer_complaint(complaint.pk, answer=ANSWERS[place], acting_user=officer, now=self._at(16, 5 + place))
            if place == 2:
                close_complaint(complaint.pk, acting_user=officer, now=self._at(16, 25))
