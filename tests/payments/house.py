"""A house that pays: officers of the competent agency, a source that owes what a test says, and whole runs in one call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.working import told_moment
from lienthong.payments.models import Overpayment, PaymentLine, PaymentRun
from lienthong.payments.services.collecting import collect_run
from lienthong.payments.services.moving import RunTarget
from lienthong.payments.services.overpayments import confirm_settlement, propose_settlement
from lienthong.payments.services.preparing import PrepareRun, prepare_run
from lienthong.payments.services.signing import approve_run, cancel_run, check_run, release_run
from lienthong.payments.sources import Owed, PayableSource
from lienthong.payments.states import LineState
from lienthong.people.models import Person
from lienthong.rules.payment_calendar import Programme
from lienthong.units.models import AdministrativeUnit
from tests.factories.payments import PaymentAccountFactory
from tests.factories.people import PersonFactory
from tests.world import World

PROVINCE = "H55.SYT"
OCTOBER, NOVEMBER, DECEMBER, JANUARY = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)


@dataclass
class OwingSource(PayableSource):
    """A programme that owes what a test put down: ``owe`` says the total of a month from a moment on."""

    code: str = "social-assistance"
    label: str = "Trợ giúp xã hội"
    programme: Programme = Programme.SOCIAL_ASSISTANCE
    explained: frozenset[int] | None = None
    totals: dict[tuple[int, str, date], tuple[Owed, datetime]] = field(default_factory=dict)

    def benefits(self) -> Mapping[str, str]:
        return {"allowance": "Trợ cấp hằng tháng", "care": "Hỗ trợ chăm sóc"}

    def owe(self, owed: Owed, at: datetime) -> None:
        self.totals[owed.person_id, owed.benefit, owed.for_month] = (owed, at)

    def explains_to(self, user: Any, *, on: date) -> frozenset[int] | None:
        return self.explained

    def owed(self, month: date, *, since: date, changed_since: datetime | None) -> Iterator[Owed]:
        for owed, changed_at in list(self.totals.values()):
            in_full = since <= owed.for_month <= month and owed.amount
            if in_full or (owed.for_month < since and changed_since is not None and changed_at >= changed_since):
                yield owed


@dataclass
class House:
    """What a test of payments acts with. ``now`` moves on with every step."""

    world: World
    source: OwingSource
    now: datetime = field(init=False)
    unit: AdministrativeUnit = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.world.now
        self.unit = self.world.agency("H55.05443").unit
        self.accountant = self.world.officer(Role.ACCOUNTANT, PROVINCE)
        self.another_accountant = self.world.officer(Role.ACCOUNTANT, PROVINCE, another=True)
        self.head = self.world.officer(Role.DIVISION_HEAD, PROVINCE)
        self.leader = self.world.officer(Role.LEADER, PROVINCE)

    def later(self, **span: int) -> datetime:
        self.now += timedelta(**(span or {"minutes": 1}))
        return self.now

    def person(self, *, account: bool = True, **facts: Any) -> Person:
        """Return somebody who is paid at a verified account, or nowhere."""
        person = PersonFactory(unit=self.unit, **facts)
        if account:
            PaymentAccountFactory(person=person)
        return person

    def owe(
        self, person: Person, amount: int, month: date = NOVEMBER, *, benefit: str = "allowance", **facts: Any
    ) -> None:
        payee_id = facts.pop("payee_id", None if "payee_organization_id" in facts else person.pk)
        owed = Owed(
            person_id=person.pk, payee_id=payee_id, unit_id=self.unit.pk, benefit=benefit,
            for_month=month, amount=amount, words=f"Mức {amount} đồng.", basis={"amount": amount}, **facts,
        )  # fmt: skip
        self.source.owe(owed, self.later())

    def open(self, month: date = NOVEMBER, **facts: Any) -> PaymentRun:
        command = PrepareRun(month=month, client_key=facts.pop("client_key", uuid4()), **facts)
        return prepare_run(command, acting_user=self.accountant, now=self.later())

    def prepare(self, month: date = NOVEMBER, **facts: Any) -> PaymentRun:
        run = self.open(month, **facts)
        return self.collect(run)

    def collect(self, run: PaymentRun) -> PaymentRun:
        with told_moment(self.later()):
            collect_run(run.pk)
        run.refresh_from_db()
        return run

    def target(self, run: PaymentRun) -> RunTarget:
        run.refresh_from_db()
        return RunTarget(run_id=run.pk, seen=run.version, client_key=uuid4())

    def check(self, run: PaymentRun, by: User | None = None) -> PaymentRun:
        return check_run(self.target(run), acting_user=by or self.head, now=self.later())

    def approve(self, run: PaymentRun, by: User | None = None) -> PaymentRun:
        return approve_run(self.target(run), acting_user=by or self.leader, now=self.later())

    def release(self, run: PaymentRun, by: User | None = None) -> PaymentRun:
        return release_run(self.target(run), acting_user=by or self.another_accountant, now=self.later())

    def cancel(self, run: PaymentRun, reason: str = "Lập nhầm tháng", by: User | None = None) -> PaymentRun:
        return cancel_run(self.target(run), reason=reason, acting_user=by or self.leader, now=self.later())

    def pay(self, month: date = NOVEMBER, **facts: Any) -> PaymentRun:
        """Prepare, check, approve and release a run."""
        run = self.prepare(month, **facts)
        return self.release(self.approve(self.check(run)))

    def settle(self, found: Overpayment, note: str = "Đã nộp lại tiền: giấy nộp tiền số 12") -> None:
        """Let one accountant say that money came back, and another confirm it."""
        row = propose_settlement(found.pk, note=note, acting_user=self.accountant, now=self.later())
        confirm_settlement(
            row.pk, seen_amount=row.amount, seen_note=row.note, acting_user=self.another_accountant, now=self.later()
        )

    def answer(self, line: PaymentLine, state: LineState, why: str = "Tài khoản đã đóng.") -> None:
        """Let who pays answer a line, as taking a statement in does."""
        is_paid = state == LineState.PAID
        PaymentLine.objects.filter(pk=line.pk).update(
            state=state, is_live=is_paid, why="" if is_paid else why, paid_on=self.now.date() if is_paid else None
        )

    def lines(self, run: PaymentRun) -> list[PaymentLine]:
        return list(PaymentLine.objects.filter(run=run).order_by("number"))
