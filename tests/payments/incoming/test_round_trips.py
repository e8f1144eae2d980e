"""What we write and a bank answers is read back exactly, in each of its forms."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.ops.simulated_bank import writing
from lienthong.ops.simulated_bank.answering import BankAnswer, Wishes, answer
from lienthong.ops.simulated_bank.orders import read_order
from lienthong.payments.incoming.recognising import kind_of, read_any_statement
from lienthong.payments.incoming.status_report import read_status_report
from lienthong.payments.incoming.values import AnswerKind, Statement, StatusHead, StatusLine, whole_statements
from lienthong.payments.line_keys import key_of, line_of
from lienthong.payments.templates import InTemplate
from tests.payments.orders import PAYER, transfer, written

ON = date(2026, 9, 7)
ANSWERS = st.fixed_dictionaries(
    {
        name: st.sampled_from([0.0, 0.1, 0.3])
        for name in ("rejected", "returned", "doubled", "changed", "silent", "foreign")
    }
)


def answered(folder: Path, count: int, wishes: Wishes) -> BankAnswer:
    transfers = [transfer(line, 360_000 + 17 * line) for line in range(1, count + 1)]
    return answer(read_order(written(folder, transfers)), wishes, on=ON)


def read(file: Path) -> list[Statement]:
    return list(whole_statements(read_any_statement(file, kind_of(file), template=InTemplate())))


def write(said: BankAnswer, kind: str, folder: Path) -> Path:
    file = folder / f"answer.{kind}"
    if kind == "mt940":
        writing.write_swift(said, to=file, number="00042")
    elif kind == "xlsx":
        writing.write_workbook(said, to=file, statement_id="SK-2026-09-07")
    else:
        writing.write_statement(said, to=file, statement_id="SK-2026-09-07", version=kind.removeprefix("camt"))
    return file


@pytest.mark.parametrize("kind", ["camt02", "camt04", "camt06", "camt08", "mt940", "xlsx"])
@settings(max_examples=25, deadline=None)
@given(count=st.integers(1, 40), shares=ANSWERS, seed=st.text(max_size=3))
def test_a_statement_is_read_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, kind: str, count: int, shares: dict[str, float], seed: str
) -> None:
    folder = tmp_path_factory.mktemp("bank")
    said = answered(folder, count, Wishes(**shares, seed=seed))

    (statement,) = read(write(said, kind, folder))

    head = statement.head
    assert (head.account, head.opening, head.closing) == (PAYER.account, said.opening, said.closing)
    assert (head.first_day, head.last_day, head.lines) == (ON, ON, len(said.bookings))
    assert [(line.reference, line.amount) for line in statement.lines] == [
        (booking.key, booking.amount) for booking in said.bookings
    ]
    assert [line.number for line in statement.lines] == list(range(1, len(said.bookings) + 1))
    assert {line.booked_on for line in statement.lines} <= {ON}
    if kind != "xlsx":
        assert [line.is_reversal for line in statement.lines] == [booking.is_return for booking in said.bookings]


@settings(max_examples=25, deadline=None)
@given(count=st.integers(1, 40), rejected=st.sampled_from([0.0, 0.2, 1.0]))
def test_a_report_names_every_rejected_line_and_why(
    tmp_path_factory: pytest.TempPathFactory, count: int, rejected: float
) -> None:
    folder = tmp_path_factory.mktemp("bank")
    said = answered(folder, count, Wishes(rejected=rejected))
    file = folder / "report.xml"
    writing.write_report(said, to=file)

    assert kind_of(file) is AnswerKind.PAIN002
    *lines, head = read_status_report(file)
    assert isinstance(head, StatusHead)
    assert (head.message_id, head.is_rejected, head.lines) == ("LT-2026-09-1-970405", False, len(said.rejected))
    assert all(isinstance(line, StatusLine) and line.is_rejected for line in lines)
    assert [(line.reference, line.code) for line in lines if isinstance(line, StatusLine)] == [
        (wanted.key, code) for wanted, code in said.rejected
    ]


def test_every_line_is_paid_rejected_or_silent(tmp_path: Path) -> None:
    said = answered(tmp_path, 400, Wishes(rejected=0.1, returned=0.1, silent=0.1))
    booked = {line_of(booking.key) for booking in said.bookings}
    rejected = {line_of(wanted.key) for wanted, _code in said.rejected}

    assert not booked & rejected
    assert len(booked | rejected) < 400
    assert key_of(1) == "LT00000000000195"


def test_two_statements_in_one_file_are_both_read(tmp_path: Path) -> None:
    said = answered(tmp_path, 3, Wishes(rejected=0, returned=0))
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    writing.write_swift(said, to=one, number="1")
    writing.write_swift(said, to=two, number="2")
    both = tmp_path / "both.txt"
    both.write_bytes(one.read_bytes() + two.read_bytes())

    assert [statement.head.statement_id for statement in read(both)] == ["2026/1", "2026/2"]
