"""What the database itself refuses of payments, whoever asks."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from lienthong.accounts.states import Role
from lienthong.payments import policies
from lienthong.payments.models import PaymentLine, PaymentRun
from lienthong.payments.states import LineState, RunAction, RunState
from tests.factories.accounts import MandateFactory, UserFactory, officer
from tests.factories.payments import (
    BudgetFactory,
    OverpaymentFactory,
    PayingAccountFactory,
    PaymentAccountFactory,
    PaymentComplaintFactory,
    PaymentLineFactory,
    PaymentRunFactory,
    released_run,
)

pytestmark = pytest.mark.django_db


def test_refuses_one_person_benefit_and_month_in_two_live_lines() -> None:
    line = PaymentLineFactory()

    with pytest.raises(IntegrityError, match="payment_line_paid_once"), transaction.atomic():
        PaymentLineFactory(person=line.person, run=PaymentRunFactory(released=True, month=date(2026, 12, 1)),
                           for_month=line.for_month)  # fmt: skip

    PaymentLine.objects.filter(pk=line.pk).update(state=LineState.FAILED, is_live=False, why="Tài khoản đã đóng.")
    assert PaymentLineFactory(person=line.person, for_month=line.for_month).is_live


def test_a_line_is_live_exactly_while_it_holds_the_money() -> None:
    line = PaymentLineFactory()

    with pytest.raises(IntegrityError, match="payment_line_live_while"), transaction.atomic():
        PaymentLine.objects.filter(pk=line.pk).update(state=LineState.CANCELLED)


@pytest.mark.parametrize(
    "change", [{"amount": 1}, {"account_number": "0"}, {"words": "khác"}, {"for_month": date(2026, 1, 1)}]
)
def test_what_a_line_pays_to_whom_is_never_changed(change: dict[str, object]) -> None:
    line = PaymentLineFactory()

    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentLine.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        line.delete()


@pytest.mark.parametrize(("one", "other"), [
    ("checked_by", "prepared_by"), ("approved_by", "prepared_by"), ("approved_by", "checked_by"),
    ("released_by", "prepared_by"), ("released_by", "checked_by"), ("released_by", "approved_by"),
])  # fmt: skip
def test_four_different_people_sign_a_run(one: str, other: str) -> None:
    run = PaymentRunFactory(released=True)

    with pytest.raises(IntegrityError, match="payment_run_four_people"), transaction.atomic():
        PaymentRun.objects.filter(pk=run.pk).update(**{one: getattr(run, other)})


def test_one_run_of_a_month_is_open_at_a_time() -> None:
    PaymentRunFactory(number=1)

    with pytest.raises(IntegrityError, match="payment_run_one_open"), transaction.atomic():
        PaymentRunFactory(number=2)
    assert PaymentRunFactory(number=3, released=True).state == RunState.RELEASED


def test_every_factory_makes_a_row_that_the_database_takes() -> None:
    for trait in ("unverified", "similar", "cash", "post"):
        PaymentAccountFactory(**{trait: True})
    for trait in ("paid", "failed", "held"):
        PaymentLineFactory(**{trait: True})
    for factory in (BudgetFactory, OverpaymentFactory, PayingAccountFactory, PaymentComplaintFactory):
        assert str(factory())
    run = released_run(lines=2)
    assert (run.lines_total, run.net_total, run.stream) == (2, 1_000_000, f"payment-run:{run.pk}")


def test_who_prepares_checks_approves_and_sees(world: object) -> None:
    day = date(2026, 11, 2)
    province = world.agency("H55.SYT")  # type: ignore[attr-defined]
    accountant, head, leader = (
        officer(role, agency=province) for role in (Role.ACCOUNTANT, Role.DIVISION_HEAD, Role.LEADER)
    )
    commune = world.agency("H55.SNV")  # type: ignore[attr-defined]
    elsewhere = officer(Role.ACCOUNTANT, agency=commune)

    assert policies.prepares(accountant, on=day) and policies.may(RunAction.RELEASE, accountant, on=day)
    assert policies.checks(head, on=day) and not policies.checks(leader, on=day)
    assert policies.approves(leader, on=day) and not policies.approves(head, on=day)
    assert not policies.sees_payments(elsewhere, on=day)
    assert policies.sees_payments(officer(Role.AUDITOR, agency=commune), on=day)
    assert not policies.sees_payments(UserFactory(citizen=True), on=day)
    narrowed = UserFactory()
    MandateFactory(user=narrowed, role=Role.ACCOUNTANT, agency=province, fields=["children"])
    assert not policies.prepares(narrowed, on=day)
