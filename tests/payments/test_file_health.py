"""The doctor finds files that pay twice, and statements whose lines were changed."""

import pytest

from lienthong.infra.health import checks
from lienthong.payments.file_health import runs_that_leave_twice, statements_that_do_not_close
from lienthong.payments.models import PaymentFile, StatementLine
from tests.payments.bank import BankedHouse

pytestmark = pytest.mark.django_db


def test_finds_nothing_where_nothing_is_wrong(bank: BankedHouse) -> None:
    run = bank.released()
    bank.take_in(bank.statement(bank.answer(run)))

    assert [*runs_that_leave_twice(), *statements_that_do_not_close()] == []
    assert {"Tệp chi trả không vượt số đã duyệt", "Sao kê đã nhập khớp số dư"} <= set(checks())


def test_finds_a_file_too_many(bank: BankedHouse) -> None:
    (file,) = bank.export(bank.released(people=1))
    PaymentFile.objects.create(
        run=file.run, channel=file.channel, bank_code=file.bank_code, kind=file.kind, part=2, file=file.file,
        sha256=file.sha256, lines=1, amount=540_000, message_id="LT-2", made_at=file.made_at,
    )  # fmt: skip

    (sentence,) = runs_that_leave_twice()
    assert "duyệt 540000 đồng, các tệp cộng lại 1080000 đồng" in sentence


def test_finds_a_changed_line_of_a_statement(bank: BankedHouse) -> None:
    bank.take_in(bank.statement(bank.answer(bank.released(people=1))))
    StatementLine.objects.update(amount=-1)

    (sentence,) = statements_that_do_not_close()
    assert "SK1" in sentence
