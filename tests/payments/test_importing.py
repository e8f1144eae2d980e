"""Answers of banks, reconciled line by line; twice the same changes nothing; what does not fit changes nothing either."""

import re
import threading
from collections import Counter
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connections

from lienthong.accounts.states import Role
from lienthong.infra.events import sentence_of
from lienthong.infra.models import Event
from lienthong.ops.simulated_bank.answering import BankAnswer, Booking, Wishes
from lienthong.payments.incoming.refusals import AnswerRefused, DangerousAnswer, SumsDiffer
from lienthong.payments.line_keys import key_of, line_of
from lienthong.payments.models import PayingAccount, PaymentLine, Statement, StatementLine
from lienthong.payments.services.importing import (
    AccountNotInUse,
    AccountNotOurs,
    AccountOfManyBanks,
    ImportAnswer,
    Imported,
    NotYoursToImport,
    NumberUsedElsewhere,
    OrderUnknown,
    StatementFromTomorrow,
    import_answer,
)
from lienthong.payments.states import LineState, Match, Strange
from tests.factories.payments import PayingAccountFactory
from tests.payments.bank import BankedHouse
from tests.payments.house import DECEMBER
from tests.payments.incoming.test_statements_xml import BOMB

pytestmark = pytest.mark.django_db
SENT, PAID, RETURNED, FAILED = LineState.SENT, LineState.PAID, LineState.RETURNED, LineState.FAILED


def booked(said: BankAnswer, *bookings: Booking, opening: int = 10_000_000) -> BankAnswer:
    return BankAnswer(said.order, said.booked_on, opening, bookings)


@pytest.mark.parametrize("kind", ["camt", "mt940", "xlsx"])
def test_every_line_that_the_bank_booked_is_paid(bank: BankedHouse, kind: str) -> None:
    run = bank.released(people=4)
    said = bank.answer(run)

    imported = bank.take_in(bank.statement(said, kind=kind))

    assert (imported.outcome.lines, imported.outcome.paid, imported.outcome.strange) == (4, 4, 0)
    assert bank.states(run) == [PAID] * 4
    assert {line.paid_on for line in bank.house.lines(run)} == {said.booked_on}
    (statement,) = imported.statements
    assert (statement.opening, statement.closing) == (said.opening, said.closing)
    assert statement.amount_total == -4 * 540_000
    assert set(statement.lines.values_list("match", flat=True)) == {Match.REFERENCE}


def test_what_was_given_back_or_rejected_goes_into_the_next_run(bank: BankedHouse) -> None:
    run = bank.released(people=6)
    wishes = Wishes(rejected=0.34, returned=0.34, seed="c")
    said = bank.answer(run, wishes)
    gone = {line_of(booking.key) for booking in said.bookings if booking.is_return}
    rejected = {line_of(wanted.key) for wanted, _code in said.rejected}
    assert gone and rejected

    report = bank.take_in(bank.report(said))
    statement = bank.take_in(bank.statement(said))

    assert report.outcome.failed == len(rejected)
    assert (statement.outcome.returned, statement.outcome.strange) == (len(gone), 0)
    lines = {line.pk: line for line in bank.house.lines(run)}
    assert {pk for pk, line in lines.items() if line.state == RETURNED} == gone
    assert {pk for pk, line in lines.items() if line.state == FAILED} == rejected
    assert all(lines[pk].why and lines[pk].why_code for pk in gone | rejected)
    assert not any(lines[pk].is_live for pk in gone | rejected)
    carried = bank.house.pay(DECEMBER)
    assert {line.carried_from_id for line in bank.house.lines(carried)} == gone | rejected


def test_reasons_are_words_that_people_understand(bank: BankedHouse) -> None:
    run = bank.released(people=1)
    said = bank.answer(run, Wishes(rejected=1))
    bank.take_in(bank.report(said))

    (line,) = bank.house.lines(run)
    assert line.why_code == said.rejected[0][1]
    assert line.why.endswith(f"({line.why_code}). Ngân hàng ghi: Khong chuyen duoc.")


@pytest.mark.parametrize("kind", ["camt", "mt940", "xlsx"])
def test_the_same_statement_again_changes_nothing_and_says_so(bank: BankedHouse, kind: str) -> None:
    run = bank.released()
    content = bank.statement(bank.answer(run), kind=kind)
    first = bank.take_in(content)
    before = Event.objects.count(), StatementLine.objects.count(), bank.states(run)

    second = bank.take_in(content)

    assert (first.already, second.already) == (False, True)
    assert [one.pk for one in second.statements] == [one.pk for one in first.statements]
    assert (Event.objects.count(), StatementLine.objects.count(), bank.states(run)) == before


def test_the_same_statement_in_other_bytes_is_known(bank: BankedHouse) -> None:
    content = bank.statement(bank.answer(bank.released()))
    bank.take_in(content)

    again = bank.take_in(content.replace(b"<Stmt>", b"<!-- tai lai --><Stmt>"))

    assert again.already
    assert Statement.objects.count() == 1


def test_another_statement_of_the_same_number_is_refused(bank: BankedHouse) -> None:
    said = bank.answer(bank.released())
    bank.take_in(bank.statement(said))
    other = booked(said, Booking("", -1_000, "phi"))

    with pytest.raises(NumberUsedElsewhere, match="SK1"):
        bank.take_in(bank.statement(other))


def test_a_known_statement_in_a_file_with_a_new_one_is_passed_over(bank: BankedHouse) -> None:
    run = bank.released(people=2)
    said = bank.answer(run)
    one, two = said.bookings
    first = bank.statement(booked(said, one), "1", kind="mt940")
    both = first + bank.statement(booked(said, two, opening=10_000_000 - 540_000), "2", kind="mt940")
    bank.take_in(first)

    imported = bank.take_in(both)

    assert (imported.already, imported.outcome.paid, imported.notices) == (False, 1, [])
    assert bank.states(run) == [PAID, PAID]


STRANGE = {
    "partial": ([("a", -539_000)], Strange.PARTIAL, SENT),
    "too much": ([("a", -541_000)], Strange.PARTIAL, SENT),
    "twice": ([("a", -540_000), ("a", -540_000)], Strange.DUPLICATE, PAID),
    "given back without having been taken": ([("a", 540_000)], Strange.CONTRADICTS, SENT),
    "given back before it was taken": ([("a", 540_000), ("a", -540_000)], Strange.CONTRADICTS, PAID),
    "given back in part": ([("a", -540_000), ("a", 40_000)], Strange.PARTIAL, PAID),
    "given back twice": ([("a", -540_000), ("a", 540_000), ("a", 540_000)], Strange.DUPLICATE, RETURNED),
    "nobody knows it": ([("", -11_000)], Strange.UNKNOWN, SENT),
    "another house's": ([(key_of(999_999_999), -540_000)], Strange.UNKNOWN, SENT),
    "a mangled name": ([("LT00000000000196", -540_000)], Strange.UNKNOWN, SENT),
    "one of two is given back": (
        [("a", -540_000), ("a", -540_000), ("a", 540_000)], Strange.CONTRADICTS, PAID,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STRANGE)
def test_what_cannot_be_taken_by_itself_waits_for_a_person(bank: BankedHouse, case: str) -> None:
    bookings, strange, state = STRANGE[case]
    run = bank.released(people=1)
    said = bank.answer(run)
    key = said.bookings[0].key

    imported = bank.take_in(
        bank.statement(booked(said, *(Booking(key if name == "a" else name, amount, "") for name, amount in bookings)))
    )

    assert bank.states(run) == [state]
    waiting = StatementLine.objects.filter(match=Match.NONE)
    assert imported.outcome.strange == waiting.count() >= 1
    assert strange in set(waiting.values_list("strange", flat=True))
    named = None if strange == Strange.UNKNOWN else line_of(key)
    assert set(waiting.values_list("named_line", flat=True)) == {named}


def test_a_duplicate_in_a_later_statement_is_seen_and_its_return_is_not_guessed(bank: BankedHouse) -> None:
    run = bank.released(people=1)
    said = bank.answer(run)
    key = said.bookings[0].key
    bank.take_in(bank.statement(said, "1"))
    second = bank.take_in(bank.statement(booked(said, Booking(key, -540_000, "")), "2"))
    third = bank.take_in(bank.statement(booked(said, Booking(key, 540_000, "", is_return=True)), "3"))

    assert (second.outcome.strange, third.outcome.strange) == (1, 1)
    assert bank.states(run) == [PAID]


def test_money_that_comes_back_months_later_is_paid_again(bank: BankedHouse) -> None:
    run = bank.released(people=1)
    said = bank.answer(run)
    bank.take_in(bank.statement(said, "1"))
    returned = booked(said, Booking(said.bookings[0].key, 540_000, "TK dong", is_return=True, code="AC04"))

    imported = bank.take_in(bank.statement(returned, "2"))

    assert (imported.outcome.returned, bank.states(run)) == (1, [RETURNED])
    (line,) = bank.house.lines(run)
    assert (line.why, line.paid_on, line.is_live) == ("Tài khoản đã đóng (AC04).", None, False)


def test_money_that_comes_back_twice_in_two_ways_is_returned_once(bank: BankedHouse) -> None:
    run = bank.released(people=1)
    said = bank.answer(run)
    bank.take_in(bank.statement(said, "1"))
    key = said.bookings[0].key
    twice = booked(said, Booking(key, 540_000, ""), Booking(key, 540_000, "", is_return=True, code="AC04"))

    imported = bank.take_in(bank.statement(twice, "2"))

    assert (imported.outcome.returned, imported.outcome.strange) == (1, 1)
    assert StatementLine.objects.get(match=Match.NONE).strange == Strange.DUPLICATE
    assert bank.states(run) == [RETURNED]


def test_a_name_that_stands_only_in_the_words_is_found(bank: BankedHouse) -> None:
    run = bank.released(people=1)
    said = bank.answer(run)
    words = f"CHI TRO CAP {said.bookings[0].key} T11"

    imported = bank.take_in(bank.statement(booked(said, Booking("", -540_000, words))))

    assert (imported.outcome.paid, bank.states(run)) == (1, [PAID])


def test_a_line_that_the_bank_rejected_is_not_paid_by_a_booking(bank: BankedHouse) -> None:
    run = bank.released(people=1)
    said = bank.answer(run, Wishes(rejected=1))
    bank.take_in(bank.report(said))

    imported = bank.take_in(bank.statement(bank.answer(run)))

    assert (imported.outcome.strange, bank.states(run)) == (1, [FAILED])


def test_a_bank_may_reject_a_whole_order(bank: BankedHouse) -> None:
    run = bank.released(people=3)
    content = bank.report(bank.answer(run)).replace(
        b"<GrpSts>ACSC</GrpSts>", b"<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>"
    )

    imported = bank.take_in(content)

    assert (imported.outcome.failed, bank.states(run)) == (3, [FAILED] * 3)
    assert {line.why for line in bank.house.lines(run)} == {"Tài khoản chi không đủ số dư (AM04)."}


@pytest.mark.parametrize("code", ["AM05", "DUPL", "DU01"])
def test_an_order_that_the_bank_has_already_stays_on_its_way(bank: BankedHouse, code: str) -> None:
    run = bank.released(people=3)
    rejected = f"<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>".encode()
    content = bank.report(bank.answer(run)).replace(b"<GrpSts>ACSC</GrpSts>", rejected)

    imported = bank.take_in(content)

    assert (imported.outcome.failed, bank.states(run)) == (0, [SENT] * 3)
    assert "trùng với lệnh đã nhận" in imported.notices[0]
    waiting = StatementLine.objects.get(match=Match.NONE)
    assert (waiting.strange, waiting.outcome) == (Strange.UNKNOWN, code)
    assert "trùng" in waiting.text
    assert bank.house.lines(bank.house.pay(DECEMBER)) == []
    assert bank.take_in(bank.statement(bank.answer(run))).outcome.paid == 3


def test_a_transfer_that_the_bank_has_already_waits_for_a_person(bank: BankedHouse) -> None:
    run = bank.released(people=1)
    said = bank.answer(run, Wishes(rejected=1))
    content = bank.report(said).replace(f"<Cd>{said.rejected[0][1]}</Cd>".encode(), b"<Cd>AM05</Cd>")

    imported = bank.take_in(content)

    assert (imported.outcome.failed, imported.outcome.strange, bank.states(run)) == (0, 1, [SENT])
    assert StatementLine.objects.get().strange == Strange.DUPLICATE


def test_a_report_on_an_order_of_somebody_else_is_refused(bank: BankedHouse) -> None:
    run = bank.released(people=1)
    content = bank.report(bank.answer(run)).replace(bank.order(run).message_id.encode(), b"KHAC-1")

    with pytest.raises(OrderUnknown, match="KHAC-1"):
        bank.take_in(content)


def test_a_statement_of_another_account_is_refused(bank: BankedHouse) -> None:
    content = bank.statement(bank.answer(bank.released(people=1)))

    with pytest.raises(AccountNotOurs):
        bank.take_in(content.replace(bank.account.number.encode(), b"0999"))
    with pytest.raises(AccountNotOurs):
        bank.take_in(content.replace(b"<MmbId>970436", b"<MmbId>970405"))


@pytest.mark.parametrize("kind", ["mt940", "xlsx"])
def test_an_account_of_the_same_number_at_another_bank_is_not_meant(bank: BankedHouse, kind: str) -> None:
    content = bank.statement(bank.answer(bank.released(people=1)), kind=kind)
    with pytest.raises(AccountNotOurs, match="ngân hàng đã chọn"):
        bank.take_in(content, bank_code="970405")
    PayingAccountFactory(bank_code="970405", number=bank.account.number, valid_from=date(2026, 6, 1))
    with pytest.raises(AccountOfManyBanks, match="Hãy chọn ngân hàng"):
        bank.take_in(content)

    (statement,) = bank.take_in(content, bank_code=bank.account.bank_code).statements

    assert statement.bank_code == bank.account.bank_code


@pytest.mark.parametrize("kind", ["camt", "mt940", "xlsx"])
@pytest.mark.parametrize(
    "days",
    [{"valid_until": date(2026, 11, 10)}, {"valid_from": date(2026, 12, 1)}],
    ids=["ended", "not yet"],
)
def test_an_account_that_was_not_in_use_on_these_days_is_refused_in_words(
    bank: BankedHouse, kind: str, days: dict[str, date]
) -> None:
    content = bank.statement(bank.answer(bank.released(people=1)), kind=kind)
    PayingAccount.objects.filter(pk=bank.account.pk).update(**days)

    with pytest.raises(AccountNotInUse, match="chưa dùng hoặc đã thôi dùng"):
        bank.take_in(content)

    PayingAccountFactory(bank_code=bank.account.bank_code, number=bank.account.number, valid_from=date(2026, 11, 1))
    assert bank.take_in(content).outcome.paid == 1


def test_a_statement_until_midnight_is_of_today(bank: BankedHouse) -> None:
    said = bank.answer(bank.released(people=1))
    content = re.sub(
        rb"<ToDtTm>[^<]+", f"<ToDtTm>{said.booked_on + timedelta(days=1)}T00:00:00".encode(), bank.statement(said)
    )

    (statement,) = bank.take_in(content).statements

    assert statement.to_day == said.booked_on


def test_a_statement_of_tomorrow_is_refused(bank: BankedHouse) -> None:
    run = bank.released(people=1)
    bank.house.now += timedelta(days=3)
    said = bank.answer(run)
    bank.house.now -= timedelta(days=3)

    with pytest.raises(StatementFromTomorrow):
        bank.take_in(bank.statement(said))


def test_a_gap_to_the_statement_before_is_told(bank: BankedHouse) -> None:
    run = bank.released(people=2)
    said = bank.answer(run)
    one, two = said.bookings
    bank.take_in(bank.statement(booked(said, one), "1"))

    imported = bank.take_in(bank.statement(booked(said, two, opening=7_000_000), "2"))

    assert imported.outcome.paid == 1
    assert "còn thiếu một sao kê" in imported.notices[0]


@pytest.mark.parametrize("spoil", ["sum", "bomb", "half", "amount"])
def test_what_is_refused_leaves_nothing_behind(bank: BankedHouse, spoil: str) -> None:
    run = bank.released(people=3)
    content = bank.statement(bank.answer(run))
    before = Event.objects.count()
    bad, error = {
        "sum": (content.replace(b'<Amt Ccy="VND">540000</Amt>', b'<Amt Ccy="VND">540001</Amt>', 1), SumsDiffer),
        "bomb": (BOMB.encode(), DangerousAnswer),
        "half": (content[: len(content) * 2 // 3], AnswerRefused),
        "amount": (content.replace(b">540000<", b">0.5<"), AnswerRefused),
    }[spoil]

    with pytest.raises(error):
        bank.take_in(bad)

    assert (Statement.objects.count(), StatementLine.objects.count()) == (0, 0)
    assert Event.objects.count() == before
    assert bank.states(run) == [SENT] * 3
    bank.take_in(content)
    assert bank.states(run) == [PAID] * 3


def test_only_accountants_of_the_province_import(bank: BankedHouse) -> None:
    content = bank.statement(bank.answer(bank.released(people=1)))

    for user in (bank.house.leader, bank.house.head, bank.house.world.officer(Role.ACCOUNTANT, "H55.05443")):
        with pytest.raises(NotYoursToImport):
            import_answer(ImportAnswer(content=BytesIO(content), name="a"), acting_user=user, now=bank.house.now)


def test_the_log_of_run_and_statement_tells_what_came(bank: BankedHouse) -> None:
    run = bank.released(people=2)
    (statement,) = bank.take_in(bank.statement(bank.answer(run))).statements

    told = {event.name: sentence_of(event) for event in Event.objects.filter(stream__in=[run.stream, statement.stream])}
    assert told["PaymentsAnswered"].startswith("Có kết quả: 2 khoản đã nhận")
    assert told["StatementImported"].startswith("Nhập sao kê ISO 20022 (camt.053) số SK1: 2 dòng; 2 đã nhận")


@pytest.mark.django_db(transaction=True)
def test_two_who_import_the_same_file_at_once_import_it_once(bank: BankedHouse) -> None:
    run = bank.released(people=30)
    content = bank.statement(bank.answer(run))
    start, done = threading.Barrier(3), []

    def take_in() -> None:
        try:
            start.wait()
            done.append(bank.take_in(content))
        finally:
            connections.close_all()

    hands = [threading.Thread(target=take_in) for _number in range(3)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    results: list[Imported] = done
    assert Counter(one.already for one in results) == {True: 2, False: 1}
    assert (Statement.objects.count(), StatementLine.objects.count()) == (1, 30)
    assert PaymentLine.objects.filter(run=run, state=PAID).count() == 30
    assert Event.objects.filter(name="StatementImported").count() == 1
