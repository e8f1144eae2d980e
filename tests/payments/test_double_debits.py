"""What the bank takes twice and gives back, and runs that are cancelled to avoid paying twice: each month is paid once."""

import pytest

from lienthong.ops.simulated_bank.answering import BankAnswer, Booking, Wishes
from lienthong.payments.line_keys import key_of
from lienthong.payments.models import PaymentLine, PaymentRun, StatementLine
from lienthong.payments.queries.run_lines import LineFilter, unpaid_lines
from lienthong.payments.services.importing import Imported
from lienthong.payments.services.recording import TickResults, record_ticks
from lienthong.payments.services.resolving import DoesNotFit
from lienthong.payments.services.reversing import ReverseTick, reverse_tick
from lienthong.payments.states import LineState, Match, Resolution, Strange
from tests.factories.payments import PaymentAccountFactory
from tests.payments.bank import BankedHouse
from tests.payments.house import DECEMBER, House
from tests.payments.test_resolving import confirm, propose

pytestmark = pytest.mark.django_db
NET = 540_000
PAID, RETURNED, FAILED = LineState.PAID, LineState.RETURNED, LineState.FAILED


@pytest.fixture
def run(bank: BankedHouse) -> PaymentRun:
    return bank.released(people=1)


def book(bank: BankedHouse, run: PaymentRun, number: str, *amounts: int, key: str | None = None) -> Imported:
    said = bank.answer(run)
    named = said.bookings[0].key if key is None else key
    told = tuple(Booking(named, amount, "", is_return=amount > 0) for amount in amounts)
    return bank.take_in(bank.statement(BankAnswer(said.order, said.booked_on, 9_000_000, told), number))


def waiting() -> StatementLine:
    return StatementLine.objects.filter(match=Match.NONE).get()


def settle(bank: BankedHouse, what: Resolution, key: str = "") -> StatementLine:
    line = waiting()
    propose(bank, line, what, key=key)
    return confirm(bank, line)


class TestADoubleDebit:
    def test_that_was_noted_and_given_back_leaves_the_month_paid_once(self, bank: BankedHouse, run: PaymentRun) -> None:
        book(bank, run, "1", -NET)
        book(bank, run, "2", -NET)
        settle(bank, Resolution.NOTED)

        given_back = book(bank, run, "3", NET)

        assert (given_back.outcome.noted, given_back.outcome.returned, given_back.outcome.strange) == (1, 0, 0)
        assert bank.states(run) == [PAID]
        assert bank.house.lines(bank.house.pay(DECEMBER)) == []

    def test_of_which_both_come_back_is_returned_with_the_last(self, bank: BankedHouse, run: PaymentRun) -> None:
        book(bank, run, "1", -NET, -NET)
        settle(bank, Resolution.NOTED)

        given_back = book(bank, run, "2", NET, NET)

        assert (given_back.outcome.noted, given_back.outcome.returned) == (1, 1)
        assert bank.states(run) == [RETURNED]
        assert (book(bank, run, "3", NET).outcome.strange, waiting().strange) == (1, Strange.DUPLICATE)

    @pytest.mark.parametrize("second", [-NET - 3_300, -NET + 40_000])
    def test_of_another_amount_is_one_too(self, bank: BankedHouse, run: PaymentRun, second: int) -> None:
        book(bank, run, "1", -NET)
        book(bank, run, "2", second)
        assert book(bank, run, "3", NET).outcome.strange == 1
        for line in StatementLine.objects.filter(match=Match.NONE).order_by("pk"):
            propose(bank, line, Resolution.NOTED)
            confirm(bank, line)
        assert bank.states(run) == [PAID]

        assert book(bank, run, "4", NET).outcome.returned == 1

    def test_of_another_amount_that_was_noted_leaves_the_month_paid_once(
        self, bank: BankedHouse, run: PaymentRun
    ) -> None:
        book(bank, run, "1", -NET)
        book(bank, run, "2", -NET - 3_300)
        settle(bank, Resolution.NOTED)

        assert (book(bank, run, "3", NET).outcome.noted, bank.states(run)) == (1, [PAID])

    def test_in_one_statement_with_what_comes_back_waits(self, bank: BankedHouse, run: PaymentRun) -> None:
        assert book(bank, run, "1", -NET, -NET - 3_300, NET).outcome.strange == 2
        assert bank.states(run) == [PAID]

    def test_that_nobody_has_looked_at_lets_its_return_wait(self, bank: BankedHouse, run: PaymentRun) -> None:
        book(bank, run, "1", -NET, -NET)

        assert book(bank, run, "2", NET).outcome.strange == 1
        assert bank.states(run) == [PAID]

    def test_is_no_return_by_hand_either(self, bank: BankedHouse, run: PaymentRun) -> None:
        (payment,) = bank.house.lines(run)
        book(bank, run, "1", -NET, -NET)
        settle(bank, Resolution.NOTED)
        book(bank, run, "2", NET, key="")

        with pytest.raises(DoesNotFit, match="hai lần"):
            propose(bank, waiting(), Resolution.RETURNED, key=key_of(payment.pk))
        settle(bank, Resolution.NOTED, key=key_of(payment.pk))
        book(bank, run, "3", NET, key="")
        settle(bank, Resolution.RETURNED, key=key_of(payment.pk))

        assert bank.states(run) == [RETURNED]

    def test_that_two_people_called_somebody_elses_still_counts(self, bank: BankedHouse, run: PaymentRun) -> None:
        book(bank, run, "1", -NET, -NET)
        line = waiting()
        propose(bank, line, Resolution.NOT_OURS)
        confirm(bank, line)

        assert book(bank, run, "2", NET).outcome.noted == 1
        assert bank.states(run) == [PAID]


def test_a_payment_that_was_taken_with_a_fee_comes_back_by_itself(bank: BankedHouse, run: PaymentRun) -> None:
    book(bank, run, "1", -NET - 3_300)
    settle(bank, Resolution.PAID)

    assert (book(bank, run, "2", NET).outcome.returned, bank.states(run)) == (1, [RETURNED])


def test_what_comes_back_before_its_debit_is_understood_waits(bank: BankedHouse, run: PaymentRun) -> None:
    assert book(bank, run, "1", -NET - 3_300, NET).outcome.strange == 2
    assert bank.states(run) == [LineState.SENT]


class TestACancelledRun:
    def test_lets_a_debit_that_came_late_be_put_down(self, bank: BankedHouse, run: PaymentRun) -> None:
        bank.take_in(bank.report(bank.answer(run, Wishes(rejected=1))))
        december = bank.house.prepare(DECEMBER)
        book(bank, run, "1", -NET)
        with pytest.raises(DoesNotFit, match="hãy hủy đợt đó"):
            propose(bank, waiting(), Resolution.PAID)

        bank.house.cancel(december)
        settle(bank, Resolution.PAID)

        assert bank.states(run) == [PAID]
        assert bank.house.lines(bank.house.pay(DECEMBER)) == []

    def test_lets_cash_that_was_collected_late_be_put_down(self, house: House) -> None:
        line = uncollected(house)
        house.cancel(house.prepare(DECEMBER))

        record_ticks(TickResults(paid=(line.pk,)), acting_user=house.accountant, now=house.later())

        assert house.lines(house.pay(DECEMBER)) == []
        line.refresh_from_db()
        assert (line.state, line.is_live, line.resumed_by) == (PAID, True, None)

    def test_leaves_the_next_run_to_pay_once_what_did_not_arrive(self, bank: BankedHouse, run: PaymentRun) -> None:
        bank.take_in(bank.report(bank.answer(run, Wishes(rejected=1))))
        (failed,) = bank.house.lines(run)
        for _time in range(2):
            bank.house.cancel(bank.house.prepare(DECEMBER))
        assert list(unpaid_lines(bank.house.accountant, LineFilter(), on=bank.house.now.date())) == [failed]

        december = bank.house.pay(DECEMBER)

        (again,) = bank.house.lines(december)
        assert (again.carried_from, again.amount, again.state) == (failed, NET, LineState.SENT)
        assert not PaymentLine.objects.filter(resumed_by=None, state__in=(FAILED, LineState.CANCELLED)).exists()

    def test_is_no_reason_to_keep_a_tick_that_was_mistaken(self, house: House) -> None:
        line = uncollected(house)
        house.cancel(house.prepare(DECEMBER))
        record_ticks(TickResults(paid=(line.pk,)), acting_user=house.accountant, now=house.later())

        command = ReverseTick(line_id=line.pk, reason="Ghi nhầm người")
        reverse_tick(command, acting_user=house.another_accountant, now=house.later())

        line.refresh_from_db()
        assert line.state == LineState.SENT


def uncollected(house: House) -> PaymentLine:
    person = house.person(account=False)
    PaymentAccountFactory(person=person, cash=True)
    house.owe(person, 500_000)
    (line,) = house.lines(house.pay())
    command = TickResults(uncollected={line.pk: "Đi vắng"})
    record_ticks(command, acting_user=house.accountant, now=house.later())
    return line
