"""The doctor finds what was changed behind the log."""

import pytest
from django.db import connection

from lienthong.infra.health import checks
from lienthong.payments.health import months_paid_twice, runs_told_otherwise, runs_with_other_totals
from lienthong.payments.models import Overpayment, PaymentLine, PaymentRun
from lienthong.payments.states import LineState, RunState
from tests.factories.payments import OverpaymentFactory, PaymentLineFactory
from tests.payments.house import DECEMBER, House

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(house: House) -> PaymentRun:
    for amount in (500_000, 400_000):
        house.owe(house.person(), amount)
    house.owe(house.person(account=False), 300_000)
    return house.pay()


def test_finds_nothing_where_nothing_is_wrong(house: House, run: PaymentRun) -> None:
    house.answer(house.lines(run)[0], LineState.FAILED)
    house.cancel(house.prepare())
    house.prepare(DECEMBER)

    assert [list(check()) for check in (runs_with_other_totals, months_paid_twice, runs_told_otherwise)] == [[], [], []]
    assert {
        "Các khoản chi trả cộng đúng bằng đợt",
        "Không tháng nào chi quá số phải chi",
        "Đợt chi trả đúng như nhật ký",
    } <= set(checks())


def test_finds_a_line_that_was_taken_out(run: PaymentRun) -> None:
    PaymentLine.objects.filter(run=run, number=1).update(state=LineState.CANCELLED, is_live=False)

    (sentence,) = runs_with_other_totals()
    assert "11/2026" in sentence and "trong bảng có 1 khoản" in sentence


def test_finds_a_month_that_is_paid_beyond_what_is_owed(house: House, run: PaymentRun) -> None:
    line = house.lines(run)[0]
    paid_twice(run, line)

    (sentence,) = months_paid_twice()
    assert "phải chi 500000 đồng" in sentence or "phải chi 400000 đồng" in sentence


def test_finds_a_month_that_is_paid_beyond_what_was_put_down_as_overpaid(house: House, run: PaymentRun) -> None:
    line = house.lines(run)[0]
    paid_twice(run, line)
    over = OverpaymentFactory(
        run=run, person=line.person, benefit=line.benefit, for_month=line.for_month, amount=line.amount
    )
    assert list(months_paid_twice()) == []

    Overpayment.objects.filter(pk=over.pk).update(amount=line.amount - 1)
    assert len(list(months_paid_twice())) == 1


def paid_twice(run: PaymentRun, line: PaymentLine) -> None:
    """Write what the database refuses to take, as a restored or mended table may hold it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_paymentline DISABLE TRIGGER payments_paymentline_within_owed")
        PaymentLineFactory(
            run=run, person=line.person, source=line.source, benefit=line.benefit, for_month=line.for_month, part=1,
            amount=line.amount, owed=line.owed, number=99,
        )  # fmt: skip
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_paymentline ENABLE TRIGGER payments_paymentline_within_owed")


def test_finds_a_run_that_moved_without_a_word_and_a_list_that_was_changed(run: PaymentRun) -> None:
    PaymentRun.objects.filter(pk=run.pk).update(state=RunState.APPROVED)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_paymentline DISABLE TRIGGER payments_paymentline_kept")
        cursor.execute("UPDATE payments_paymentline SET account_number = '666' WHERE number = 1")
        cursor.execute("ALTER TABLE payments_paymentline ENABLE TRIGGER payments_paymentline_kept")

    found = list(runs_told_otherwise())

    assert any("bảng ghi approved, nhật ký ghi PaymentRunReleased" in sentence for sentence in found)
    assert any("danh sách khác với lúc lập" in sentence for sentence in found)
