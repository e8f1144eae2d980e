"""Accounts, runs, lines, budgets and overpayments for tests.

``released_run`` gives a run that four people signed; ``PaymentLineFactory`` a line of it that was sent to a bank.
"""

from datetime import UTC, date, datetime
from typing import Any

import factory

from lienthong.payments.models import (
    Budget,
    Overpayment,
    PayingAccount,
    PaymentAccount,
    PaymentComplaint,
    PaymentLine,
    PaymentRun,
)
from lienthong.payments.states import LIVE_STATES, AccountSource, Channel, Ground, LineState, NameCheck, RunState
from tests.factories.people import OrganizationFactory, PersonFactory
from tests.factories.units import AdministrativeUnitFactory

MONTH = date(2026, 11, 1)
PREPARED_AT = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
CHECKED_AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
APPROVED_AT = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
RELEASED_AT = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
VERIFIED_AT = datetime(2026, 1, 10, 2, 0, tzinfo=UTC)
BANK = "970436"


class PaymentAccountFactory(factory.django.DjangoModelFactory[PaymentAccount]):
    """A bank account that was verified and bears the person's name. ``of_organization``, ``unverified``, ``similar``, ``cash`` and ``post`` are others."""

    class Meta:
        model = PaymentAccount

    person = factory.SubFactory(PersonFactory)
    organization = None
    channel = Channel.BANK
    bank_code = BANK
    number = factory.Sequence(lambda number: f"{1_000_000_000 + number}")
    holder_name = factory.LazyAttribute(lambda account: str(account.organization or account.person).upper())
    source = AccountSource.DECLARED
    name_check = NameCheck.SAME
    verified_at = VERIFIED_AT
    verified_by = factory.SubFactory("tests.factories.accounts.UserFactory")
    valid_from = date(2026, 1, 1)
    recorded_at = VERIFIED_AT
    recorded_by = factory.SubFactory("tests.factories.accounts.UserFactory")

    class Params:
        of_organization = factory.Trait(person=None, organization=factory.SubFactory(OrganizationFactory))
        unverified = factory.Trait(
            verified_at=None,
            verified_by=None,
            name_check=NameCheck.UNKNOWN,
            holder_name="",
        )
        similar = factory.Trait(name_check=NameCheck.SIMILAR)
        cash = factory.Trait(channel=Channel.CASH, bank_code="", number="", holder_name="")
        post = factory.Trait(channel=Channel.POST, bank_code="", number="", holder_name="", source=AccountSource.POST)


class PaymentRunFactory(factory.django.DjangoModelFactory[PaymentRun]):
    """A run that is being collected; ``prepared`` waits for the check, ``released`` was signed by four people."""

    class Meta:
        model = PaymentRun

    month = MONTH
    number = factory.Sequence(lambda number: number % 30_000 + 1)
    since = factory.SelfAttribute("month")
    started_at = PREPARED_AT
    prepared_by = factory.SubFactory("tests.factories.accounts.UserFactory")

    class Params:
        prepared = factory.Trait(
            state=RunState.PREPARED, collected_at=PREPARED_AT, prepared_at=PREPARED_AT, digest="0" * 64
        )
        released = factory.Trait(
            state=RunState.RELEASED,
            collected_at=PREPARED_AT,
            prepared_at=PREPARED_AT,
            digest="0" * 64,
            checked_by=factory.SubFactory("tests.factories.accounts.UserFactory"),
            checked_at=CHECKED_AT,
            approved_by=factory.SubFactory("tests.factories.accounts.UserFactory"),
            approved_at=APPROVED_AT,
            released_by=factory.SubFactory("tests.factories.accounts.UserFactory"),
            released_at=RELEASED_AT,
        )


class PaymentLineFactory(factory.django.DjangoModelFactory[PaymentLine]):
    """A line of a released run, sent to a bank and not answered yet."""

    class Meta:
        model = PaymentLine

    run = factory.SubFactory(PaymentRunFactory, released=True)
    number = factory.Sequence(lambda number: number + 1)
    source = "social-assistance"
    benefit = "allowance"
    person = factory.SubFactory(PersonFactory)
    payee = factory.Maybe("payee_organization", None, factory.SelfAttribute("person"))
    payee_organization = None
    unit = factory.SubFactory(AdministrativeUnitFactory)
    for_month = factory.LazyAttribute(lambda line: line.run.month)
    ground = Ground.REGULAR
    amount = 500_000
    owed = factory.SelfAttribute("amount")
    words = "Mức chuẩn 500.000 đồng × hệ số 1,0."
    channel = Channel.BANK
    bank_code = BANK
    account_number = factory.Sequence(lambda number: f"{1_000_000_000 + number}")
    holder_name = factory.LazyAttribute(lambda line: str(line.payee_organization or line.payee).upper())
    state = LineState.SENT
    is_live = factory.LazyAttribute(lambda line: line.state in LIVE_STATES)

    class Params:
        paid = factory.Trait(state=LineState.PAID, paid_on=date(2026, 11, 4))
        failed = factory.Trait(state=LineState.FAILED, why="Tài khoản đã đóng.", why_code="AC04")
        held = factory.Trait(
            state=LineState.HELD, why="Chưa có tài khoản nhận tiền.", channel="", bank_code="", account_number=""
        )


class BudgetFactory(factory.django.DjangoModelFactory[Budget]):
    """The approved budget of a quarter, ten billion đồng."""

    class Meta:
        model = Budget

    source = "social-assistance"
    quarter = date(2026, 10, 1)
    amount = 10_000_000_000
    reference = factory.Sequence(lambda number: f"{number}/QĐ-UBND")
    prepared_by = factory.SubFactory("tests.factories.accounts.UserFactory")
    prepared_at = VERIFIED_AT
    approved_by = factory.SubFactory("tests.factories.accounts.UserFactory")
    approved_at = VERIFIED_AT


class OverpaymentFactory(factory.django.DjangoModelFactory[Overpayment]):
    """Money paid for a month that is not owed any more, not settled."""

    class Meta:
        model = Overpayment

    source = "social-assistance"
    benefit = "allowance"
    person = factory.SubFactory(PersonFactory)
    for_month = date(2026, 10, 1)
    amount = 500_000
    run = factory.SubFactory(PaymentRunFactory, released=True)
    found_at = PREPARED_AT


class PayingAccountFactory(factory.django.DjangoModelFactory[PayingAccount]):
    """The province's account at a bank."""

    class Meta:
        model = PayingAccount

    bank_code = BANK
    bank_name = "Ngân hàng thử nghiệm"
    number = factory.Sequence(lambda number: f"{9_000_000_000 + number}")
    holder_name = "SỞ Y TẾ TỈNH THỬ NGHIỆM"
    valid_from = date(2026, 1, 1)
    recorded_by = factory.SubFactory("tests.factories.accounts.UserFactory")
    recorded_at = VERIFIED_AT
    approved_by = factory.SubFactory("tests.factories.accounts.UserFactory")
    approved_at = VERIFIED_AT


class PaymentComplaintFactory(factory.django.DjangoModelFactory[PaymentComplaint]):
    """A complaint that waits for its answer."""

    class Meta:
        model = PaymentComplaint

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(AdministrativeUnitFactory)
    text = "Tháng này tôi chưa nhận được tiền."
    made_at = RELEASED_AT


def released_run(lines: int = 1, **facts: Any) -> PaymentRun:
    """Return a released run with so many lines that were sent, and its totals."""
    run = PaymentRunFactory(released=True)
    made = [PaymentLineFactory(run=run, number=number + 1, **facts) for number in range(lines)]
    run.lines_total, run.amount_total = len(made), sum(line.amount for line in made)
    run.deducted_total = sum(line.deducted for line in made)
    run.save(update_fields=["lines_total", "amount_total", "deducted_total"])
    return run
