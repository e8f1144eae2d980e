"""What became of some benefits in the last months, as offices decide it: suspended on each ground, paid again, moved to another
commune, recovered from, ended by a death, paid once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement, EntitlementRate, Proposal
from lienthong.assistance.services.deaths import TellDeath, report_death
from lienthong.assistance.services.deciding import DecideProposal, approve_proposal
from lienthong.assistance.services.merit import ProposeClaim, propose_claim
from lienthong.assistance.services.proposing_changes import (
    ProposeMove,
    ProposeResumption,
    ProposeSuspension,
    propose_move,
    propose_recovery,
    propose_resumption,
    propose_suspension,
)
from lienthong.assistance.services.recovering import StartRecovery
from lienthong.assistance.states import Benefit, EntitlementState, PayeeGround, Programme
from lienthong.kernel.days import add_months, local_day
from lienthong.ops.demo.assistance.calendar import RunDays
from lienthong.ops.demo.poverty.officers import Officers
from lienthong.payments.models import Overpayment
from lienthong.payments.states import OverpaymentState
from lienthong.people import services as people
from lienthong.people.models import Person
from lienthong.people.states import ResidenceKind
from lienthong.units.models import AdministrativeUnit

# How many months before the newest run somebody was suspended, and paid again.
AWAY_AT, BACK_AT = 3, 1
OLD: Final = 80
MINOR, OLDEST_DETAINED = 18, 60
WORKED_AWAY: Final = "Đi làm ăn xa, người nhà không liên lạc được"
CAME_BACK: Final = "Đã về địa phương và đến nhận, có xác nhận của tổ dân phố (dữ liệu minh họa)"
SUMMONED: Final = "Đã hai lần mời xác định lại, không đến (dữ liệu minh họa)"
DETAINED: Final = "Theo thông báo của công an xã (dữ liệu minh họa)"
WITH_CHILDREN: Final = "Chuyển đến ở với con (dữ liệu minh họa)"
TOO_MUCH: Final = "Kê khai thiếu một khoản lương hưu nên hưởng thừa hai tháng (dữ liệu minh họa)"
DEATH_PAPER: Final = "Trích lục khai tử (dữ liệu minh họa)"
MEDAL: Final = {"category": "helper_resistance_medal"}
LIGHT_INJURY: Final = {"category": "war_invalid", "rate": 15}


@dataclass(slots=True)
class Lately:
    """Lets it happen, each before the run of a month is prepared.

    Args:
        officers: Who proposes and who decides in each commune.
        merit: Who proposes and who decides for people with merit.
        ward: Id of the demo's ward, where there is somebody for everything as far as people last.
        last: The month of the newest run.
        forget: Takes the id of each person of whom only the tables know from then on how they stand.
    """

    officers: Officers
    merit: tuple[User, User]
    ward: int
    last: date
    forget: Callable[[int], None]
    _taken: set[int] = field(default_factory=set)
    _away: int | None = None
    _numbers: int = 0

    def before(self, days: RunDays, *, spared: frozenset[int]) -> None:
        """Let happen what happened just before a run was prepared; not to those who are spared, by the id of the person."""
        self._taken |= spared
        at = days.prepared - timedelta(minutes=50)
        if days.month == add_months(self.last, -AWAY_AT):
            self._go_away(at)
        elif days.month == add_months(self.last, -BACK_AT):
            self._come_back(days.month, at)
        elif days.month == self.last:
            self._suspend(at)
            self._move(at)
            self._recover(days.month, at)
            self._die(at)
            self._pay_once(at)

    def _go_away(self, at: datetime) -> None:
        row = self._somebody()
        if row is not None:
            command = ProposeSuspension(entitlement_id=row.pk, uncollected_months=3, note=WORKED_AWAY)
            self._decide(row.unit_id, propose_suspension(command, acting_user=self._officer(row), now=at), at)
            self._away = row.pk

    def _come_back(self, month: date, at: datetime) -> None:
        row = Entitlement.objects.filter(pk=self._away or 0, state=EntitlementState.SUSPENDED).first()
        if row is not None:
            command = ProposeResumption(entitlement_id=row.pk, first_month=month, reason=CAME_BACK)
            self._decide(row.unit_id, propose_resumption(command, acting_user=self._officer(row), now=at), at)

    def _suspend(self, at: datetime) -> None:
        """Suspend somebody on each of the grounds of the law."""
        on = local_day(at)
        grounds = (
            (ProposeSuspension(entitlement_id=0, uncollected_months=4, note=WORKED_AWAY), Q()),
            (
                ProposeSuspension(entitlement_id=0, refuses_review_on=on - timedelta(days=20), note=SUMMONED),
                Q(person__disability_certificates__isnull=False),
            ),
            (
                ProposeSuspension(entitlement_id=0, detained_on=add_months(on, -2), note=DETAINED),
                Q(person__birth_on__gt=add_months(on, -12 * OLDEST_DETAINED)),
            ),
        )
        for ground, who in grounds:
            row = self._somebody(who & Q(person__birth_on__lt=add_months(on, -12 * MINOR)))
            if row is not None:
                command = replace(ground, entitlement_id=row.pk)
                self._decide(row.unit_id, propose_suspension(command, acting_user=self._officer(row), now=at), at)

    def _move(self, at: datetime) -> None:
        """Let two move into the ward, one of whom waits for its leader, and one out of it."""
        inwards = [self._somebody(~Q(unit=self.ward), anywhere=True) for _ in range(2)]
        outwards = self._somebody()
        for place, row in enumerate(inwards):
            if row is not None:
                self._move_to(row, self.ward, at, is_decided=place == 0)
        if outwards is not None and inwards[0] is not None:
            self._move_to(outwards, inwards[0].unit_id, at, is_decided=True)

    def _move_to(self, row: Entitlement, unit_id: int, at: datetime, *, is_decided: bool) -> None:
        goes = people.MoveResidence(
            person_id=row.person_id, kind=ResidenceKind.PERMANENT, unit_code=_code_of(unit_id),
            on=local_day(at) - timedelta(days=3), source=WITH_CHILDREN,
        )  # fmt: skip
        pair = self.officers.of(unit_id)
        people.move_residence(goes, acting_user_id=pair.officer, now=at)
        for one in Entitlement.objects.filter(
            person=row.person_id, programme=Programme.SOCIAL, state="active"
        ).order_by("pk"):
            command = ProposeMove(entitlement_id=one.pk, unit_id=unit_id, reason=WITH_CHILDREN)
            proposal = propose_move(command, acting_user=_user(pair.officer), now=at)
            if is_decided:
                self._decide(unit_id, proposal, at)

    def _recover(self, month: date, at: datetime) -> None:
        """Keep back, month by month, what somebody was paid too much: what a run found, or else what they declared too low."""
        found = Overpayment.objects.filter(
            state=OverpaymentState.OPEN, source=Programme.SOCIAL, benefit=Benefit.PERSONAL
        )
        row = self._somebody(Q(person__in=found.values("person_id"))) or self._somebody()
        rates = EntitlementRate.objects.filter(
            entitlement=row, superseded_at=None, first_month__lte=month, amount__gt=0
        )
        rate = rates.order_by("-first_month").first()
        if row is None or rate is None:
            return
        mine = list(found.filter(person=row.person_id).order_by("pk"))
        amount = sum(one.amount for one in mine) or 2 * rate.amount
        command = StartRecovery(
            amount=amount, monthly=min(amount, max(rate.amount // 4, 1)), first_month=month, reason=TOO_MUCH,
            overpayment_ids=tuple(one.pk for one in mine),
        )  # fmt: skip
        proposal = propose_recovery(row.pk, command, acting_user=self._officer(row), now=at)
        self._decide(row.unit_id, proposal, at)

    def _die(self, at: datetime) -> None:
        """Let one of the oldest have died; the family is offered the support of the funeral."""
        row = self._somebody(Q(person__birth_on__lt=add_months(local_day(at), -12 * OLD)))
        if row is not None:
            death = TellDeath(person_id=row.person_id, died_on=local_day(at) - timedelta(days=4), paper=DEATH_PAPER)
            report_death(death, acting_user=self._officer(row), now=at)

    def _pay_once(self, at: datetime) -> None:
        """Recognise a helper of the resistance and somebody lightly wounded: both are paid once."""
        proposer, _leader = self.merit
        for data in (MEDAL, LIGHT_INJURY):
            old = Person.objects.filter(unit=self.ward, died_on=None, birth_on__lt=date(1954, 1, 1))
            free = old.filter(merit_claims=None, entitlements=None).exclude(pk__in=self._taken).order_by("-pk").first()
            if free is None:
                return
            self._taken.add(free.pk)
            claim = ProposeClaim(person_id=free.pk, data=data, valid_from=local_day(at).replace(day=1))
            proposal = propose_claim(claim, acting_user=proposer, now=at)
            self._numbers += 1
            decide = DecideProposal(proposal_id=proposal.pk, decision_number=f"{self._numbers}/{at:%m}/QĐ-SNV")
            approve_proposal(decide, acting_user=self.merit[1], now=at + timedelta(minutes=25))

    def _somebody(self, who: Q | None = None, *, anywhere: bool = False) -> Entitlement | None:
        """Take somebody who receives for themselves and of whom nothing else is told; in the ward, while there is anybody."""
        rows: QuerySet[Entitlement] = Entitlement.objects.filter(
            state=EntitlementState.ACTIVE, programme=Programme.SOCIAL, benefit=Benefit.PERSONAL,
            payee_ground=PayeeGround.SELF, payee=F("person"),
        ).exclude(person__in=self._taken)  # fmt: skip
        if who is not None:
            rows = rows.filter(who)
        rows = rows.order_by("-pk")
        row = (None if anywhere else rows.filter(unit=self.ward).first()) or rows.first()
        if row is not None:
            self._taken.add(row.person_id)
            self.forget(row.person_id)
        return row

    def _officer(self, row: Entitlement) -> User:
        return _user(self.officers.of(row.unit_id).officer)

    def _decide(self, unit_id: int, proposal: Proposal, at: datetime) -> None:
        self._numbers += 1
        decide = DecideProposal(proposal_id=proposal.pk, decision_number=f"{self._numbers}/{at:%m}/QĐ-UBND")
        approve_proposal(decide, acting_user=_user(self.officers.of(unit_id).leader), now=at + timedelta(minutes=25))


def _user(pk: int) -> User:
    return User.objects.get(pk=pk)


def _code_of(unit_id: int) -> str:
    return AdministrativeUnit.objects.values_list("code", flat=True).get(pk=unit_id)
