"""People of a commune, where they are paid, what they are owed, and runs that pay it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.payments.models import PaymentLine, PaymentRun
from lienthong.payments.services import collecting, preparing, signing
from lienthong.payments.services.moving import RunTarget
from lienthong.payments.sources import Owed, PayableSource
from lienthong.people.models import Person
from lienthong.rules.payment_calendar import Programme
from tests.factories.payments import PaymentAccountFactory, PaymentLineFactory, PaymentRunFactory
from tests.factories.people import PersonFactory
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World

AGENCY = "H55.SYT"
_numbers = count(1)


class Allowances(PayableSource):
    """A programme that owes what a test tells it."""

    code, label, programme = "allowances", "Trợ cấp thử nghiệm", Programme.SOCIAL_ASSISTANCE

    def __init__(self) -> None:
        self.amounts: dict[int, int] = {}
        self.explained: frozenset[int] | None = None
        """The communes in which officers see the ground; None: in every one."""
        self.units: dict[int, int] = {}

    def benefits(self) -> Mapping[str, str]:
        return {"allowance": "trợ cấp hằng tháng"}

    def owed(self, month: date, *, since: date, changed_since: datetime | None) -> Iterator[Owed]:
        for person_id, amount in self.amounts.items():
            yield Owed(
                person_id=person_id, payee_id=person_id, unit_id=self.units[person_id], benefit="allowance",
                for_month=month, amount=amount, words="Mức chuẩn 540.000 đồng × hệ số 1,5.",
                basis={
                    "lines": [{"code": "a", "words": "Hệ số 1,5", "amount": amount, "reference": "20/2021/NĐ-CP, Điều 6"}],
                    "known_on": "2026-11-01", "category": "disability",
                },
            )  # fmt: skip

    def explains_to(self, user: Any, *, on: date) -> frozenset[int] | None:
        return self.explained

    def why_stopped(self, month: date, pairs: Sequence[tuple[int, str]]) -> Mapping[tuple[int, str], str]:
        return dict.fromkeys(pairs, "Quyết định thôi hưởng số 9/QĐ-UBND.")


class Payroll:
    """Makes payees, runs and the officers who sign them."""

    def __init__(self, world: World, source: Allowances) -> None:
        self.world, self.source = world, source

    def officer(self, role: Role, *, another: bool = False) -> User:
        return self.world.officer(role, AGENCY, another=another)

    @property
    def accountant(self) -> User:
        return self.officer(Role.ACCOUNTANT)

    @property
    def second_accountant(self) -> User:
        key = "second"
        if key not in self.__dict__:
            self.__dict__[key] = self.officer(Role.ACCOUNTANT, another=True)
        found: User = self.__dict__[key]
        return found

    def person(self, name: str = "Nguyễn Thị Hòa", *, commune: str = COMMUNE, **facts: Any) -> Person:
        number = f"0191540{next(_numbers):05d}"
        unit = self.world.agency(commune).unit
        person: Person = PersonFactory(full_name=name, unit=unit, personal_id_number=number, **facts)
        return person

    def payee(
        self, name: str = "Nguyễn Thị Hòa", amount: int = 810_000, *, account: bool = True, **where: Any
    ) -> Person:
        """Return somebody who is owed so much each month, with a bank account unless told otherwise."""
        person = self.person(name, **where)
        self.source.amounts[person.pk] = amount
        self.source.units[person.pk] = person.unit_id or 0
        if account:
            PaymentAccountFactory(person=person)
        return person

    def prepared_run(self, month: date = date(2026, 11, 1)) -> PaymentRun:
        command = preparing.PrepareRun(month=month, client_key=uuid4())
        run = preparing.prepare_run(command, acting_user=self.accountant, now=self.world.now)
        collecting.collect_run(run.pk)
        run.refresh_from_db()
        return run

    def released_run(self, month: date = date(2026, 11, 1)) -> PaymentRun:
        run = self.prepared_run(month)
        signers = [
            (signing.check_run, self.officer(Role.DIVISION_HEAD)),
            (signing.approve_run, self.officer(Role.LEADER)),
            (signing.release_run, self.second_accountant),
        ]
        for verb, user in signers:
            run = verb(self.target(run), acting_user=user, now=self.world.now)
        return run

    def only_line(self) -> PaymentLine:
        """Return the one line that there is."""
        return PaymentLine.objects.get()

    @staticmethod
    def target(run: PaymentRun) -> RunTarget:
        return RunTarget(run_id=run.pk, seen=run.version, client_key=uuid4())

    def line(
        self, *, commune: str = COMMUNE, run: PaymentRun | None = None, name: str = "Nguyễn Thị Hòa", **facts: Any
    ) -> PaymentLine:
        """Return a line of a released run, straight into the table."""
        run = run or PaymentRunFactory(released=True, month=date(2026, 10, 1))
        person = facts.pop("person", None) or self.person(name, commune=commune)
        line: PaymentLine = PaymentLineFactory(
            run=run, person=person, source=self.source.code, unit=self.world.agency(commune).unit, **facts
        )
        return line


__all__ = ["ANOTHER_COMMUNE", "COMMUNE", "Allowances", "Payroll"]
