"""No month is planned beyond what is owed for it: the database refuses it of whoever writes lines, past every service."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from lienthong.payments.models import Overpayment, PaymentLine, PaymentRun
from lienthong.payments.states import LineState, OverpaymentState, RunState
from tests.factories.payments import OverpaymentFactory, PaymentLineFactory, PaymentRunFactory
from tests.payments.house import DECEMBER, NOVEMBER, House

AGAIN = """
INSERT INTO payments_paymentline (run_id, number, source, benefit, person_id, payee_id, payee_organization_id, unit_id, for_month,
    part, ground, amount, deducted, owed, words, basis, channel, account_id, bank_code, account_number, holder_name, state, is_live,
    why, why_code, matter)
SELECT %(run)s, number + 1000 + %(part)s, source, benefit, person_id, payee_id, payee_organization_id, unit_id, for_month, %(part)s, ground,
    %(amount)s, 0, %(owed)s, words, basis, channel, account_id, bank_code, account_number, holder_name, 'planned', true, '', '', matter
FROM payments_paymentline WHERE id = %(line)s
"""


def all_is_done() -> None:
    """Let the database check what it checks when a transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def again(line: PaymentLine, *, part: int, amount: int, owed: int, run: PaymentRun | None = None) -> None:
    """Write another line of the same month, past every service."""
    with transaction.atomic(), connection.cursor() as cursor:
        wanted = {
            "line": line.pk, "run": run.pk if run else line.run_id, "part": part, "amount": amount, "owed": owed
        }  # fmt: skip
        cursor.execute(AGAIN, wanted)


@pytest.mark.django_db
class TestALineWrittenPastTheServices:
    def test_is_refused_as_a_second_part_of_what_is_held_in_full(self) -> None:
        line = PaymentLineFactory()
        with pytest.raises(IntegrityError, match="phải chi"):
            again(line, part=1, amount=500_000, owed=500_000)
        assert PaymentLine.objects.count() == 1

    def test_is_refused_in_another_open_run(self) -> None:
        line = PaymentLineFactory(run=PaymentRunFactory(prepared=True), state=LineState.PLANNED)
        other = PaymentRunFactory(prepared=True, month=DECEMBER)
        with pytest.raises(IntegrityError, match="phải chi"):
            again(line, run=other, part=1, amount=1, owed=500_000)

    def test_is_refused_although_it_says_itself_that_more_is_owed(self) -> None:
        line = PaymentLineFactory()
        with pytest.raises(IntegrityError, match="phải chi"):
            again(line, part=1, amount=500_000, owed=1_000_000)

    def test_is_refused_before_the_first_part_too(self) -> None:
        line = PaymentLineFactory(part=1)
        with pytest.raises(IntegrityError, match="phải chi"):
            again(line, part=0, amount=500_000, owed=500_000)

    def test_is_refused_where_an_overpayment_is_not_settled(self) -> None:
        line = PaymentLineFactory()
        OverpaymentFactory(person=line.person, for_month=line.for_month, amount=200_000)
        PaymentLine.objects.update(owed=300_000)
        with pytest.raises(IntegrityError, match="phải chi"):
            again(line, part=1, amount=200_000, owed=300_000)

    def test_names_the_constraint_and_says_what_is_held_and_owed(self) -> None:
        line = PaymentLineFactory()
        with pytest.raises(IntegrityError) as refused:
            again(line, part=1, amount=1, owed=500_000)
        told = refused.value.__cause__.diag  # type: ignore[union-attr]
        assert told.constraint_name == "payment_line_within_owed"
        assert told.message_primary == (
            f"Người số {line.person_id}, khoản allowance, tháng 11/2026: các đợt chi 500001 đồng, phải chi 500000 đồng."
        )


@pytest.mark.django_db
class TestWhatStaysPossible:
    def test_more_that_is_owed_of_the_month(self) -> None:
        line = PaymentLineFactory()
        PaymentLine.objects.update(owed=700_000)
        again(line, part=1, amount=200_000, owed=700_000)
        assert PaymentLine.objects.filter(is_live=True).count() == 2

    def test_what_did_not_arrive(self) -> None:
        line = PaymentLineFactory(failed=True)
        again(line, part=0, amount=500_000, owed=500_000)
        assert PaymentLine.objects.get(is_live=True).pk != line.pk

    def test_what_came_back_and_is_owed_after_all(self) -> None:
        line = PaymentLineFactory()
        over = OverpaymentFactory(person=line.person, for_month=line.for_month, amount=500_000)
        Overpayment.objects.filter(pk=over.pk).update(
            state=OverpaymentState.SETTLED, settled_at=datetime(2026, 11, 9, tzinfo=UTC), note="Đã nộp lại đủ.",
        )  # fmt: skip
        again(line, part=1, amount=500_000, owed=500_000)
        with pytest.raises(IntegrityError, match="phải chi"):
            again(line, part=2, amount=1, owed=500_000)

    def test_another_decision_of_the_same_month(self) -> None:
        line = PaymentLineFactory(matter="1")
        other = PaymentLineFactory(person=line.person, run=line.run, matter="2")
        assert other.is_live

    def test_less_that_is_owed_afterwards(self) -> None:
        PaymentLineFactory()
        assert PaymentLine.objects.update(owed=0) == 1


@pytest.mark.django_db
class TestMoneyIsHeldByNewLinesOnly:
    @pytest.mark.parametrize("state", [LineState.PLANNED, LineState.SENT])
    def test_what_is_held_back_never_holds_money_again(self, state: LineState) -> None:
        line = PaymentLineFactory(state=LineState.HELD, why="Chưa có tài khoản.")
        with pytest.raises(DatabaseError), transaction.atomic():
            PaymentLine.objects.filter(pk=line.pk).update(state=state, is_live=True)

    def test_what_was_cancelled_never_holds_money_again(self) -> None:
        line = PaymentLineFactory(state=LineState.CANCELLED)
        with pytest.raises(DatabaseError), transaction.atomic():
            PaymentLine.objects.filter(pk=line.pk).update(state=LineState.SENT, is_live=True)

    def test_nothing_waits_to_be_sent_a_second_time(self) -> None:
        line = PaymentLineFactory(failed=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            PaymentLine.objects.filter(pk=line.pk).update(state=LineState.PLANNED, is_live=True)

    def test_what_a_run_has_looked_at_again_stays_so_unless_that_run_is_cancelled(self) -> None:
        line, run = PaymentLineFactory(failed=True), PaymentRunFactory(released=True, month=DECEMBER)
        mine = PaymentLine.objects.filter(pk=line.pk)
        mine.update(resumed_by=run)
        for other in (None, PaymentRunFactory(released=True, month=NOVEMBER)):
            with pytest.raises(IntegrityError, match="đã được đợt số"), transaction.atomic():
                mine.update(resumed_by=other)
                all_is_done()
        PaymentRun.objects.filter(pk=run.pk).update(
            state=RunState.CANCELLED, released_by=None, released_at=None, cancelled_by=run.prepared_by, cancelled_at=run.prepared_at,
            cancelled_reason="Lập nhầm tháng",
        )  # fmt: skip

        mine.update(resumed_by=None)
        all_is_done()

        assert mine.get().resumed_by is None

    def test_what_failed_and_arrived_after_all_is_put_down(self) -> None:
        line = PaymentLineFactory(failed=True)
        PaymentLine.objects.filter(pk=line.pk).update(
            state=LineState.PAID, is_live=True, paid_on=date(2026, 11, 5), why=""
        )
        assert PaymentLine.objects.get().is_live


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_once_the_second_one_is_refused(house: House) -> None:
    house.owe(house.person(), 500_000)
    run = house.prepare()
    (line,) = house.lines(run)
    PaymentLine.objects.filter(pk=line.pk).update(owed=700_000)
    other = PaymentRunFactory(prepared=True, month=DECEMBER, number=9)
    refused: list[str] = []

    def write_too() -> None:
        try:
            again(line, run=other, part=2, amount=200_000, owed=700_000)
        except IntegrityError as refusal:
            refused.append(str(refusal))
        finally:
            connections.close_all()

    writing = threading.Thread(target=write_too)
    with transaction.atomic():
        again(line, part=1, amount=200_000, owed=700_000)
        writing.start()
        writing.join(1)
        assert writing.is_alive(), "it waits until the first one is done"
    writing.join()

    assert len(refused) == 1 and "phải chi" in refused[0]
    assert sum(one.amount for one in PaymentLine.objects.filter(for_month=NOVEMBER, is_live=True)) == 700_000
