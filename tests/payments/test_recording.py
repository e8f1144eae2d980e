"""What the post and cashiers hand back: from their own sheet or ticked; who did not come is paid by the next run."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lienthong.accounts.states import Role
from lienthong.payments.incoming.refusals import AnswerRefused
from lienthong.payments.line_keys import key_of
from lienthong.payments.models import PaymentLine, PaymentRun, Statement
from lienthong.payments.services.importing import Imported
from lienthong.payments.services.recording import (
    NothingTicked,
    NotYoursToRecord,
    RecordList,
    TickedTwice,
    TickResults,
    record_list,
    record_ticks,
)
from lienthong.payments.states import Channel, FileKind, LineState, StatementFormat
from tests.factories.payments import PaymentAccountFactory
from tests.payments.bank import BankedHouse
from tests.payments.house import DECEMBER
from tests.payments.incoming.test_workbooks import paid_list

pytestmark = pytest.mark.django_db
SENT, PAID, UNCOLLECTED = LineState.SENT, LineState.PAID, LineState.UNCOLLECTED


@pytest.fixture
def run(bank: BankedHouse) -> PaymentRun:
    """A released run that pays three people by post and one by bank."""
    for _number in range(3):
        person = bank.house.person(account=False)
        PaymentAccountFactory(person=person, post=True)
        bank.house.owe(person, 360_000)
    bank.house.owe(bank.house.person(), 540_000)
    return bank.house.pay()


def by_post(run: PaymentRun) -> list[PaymentLine]:
    return list(PaymentLine.objects.filter(run=run, channel=Channel.POST).order_by("number"))


def take_in(bank: BankedHouse, content: bytes, by: Any = None) -> Imported:
    command = RecordList(content=BytesIO(content), name="ket-qua.xlsx")
    return record_list(command, acting_user=by or bank.house.accountant, now=bank.house.later())


def filled(bank: BankedHouse, run: PaymentRun, *results: str) -> bytes:
    """The sheet that we export for a commune, filled in as the post does."""
    (file,) = [one for one in bank.export(run) if (one.channel, one.kind) == (Channel.POST, FileKind.XLSX)]
    book = openpyxl.load_workbook(BytesIO(bank.content(file)))
    page = book.active
    heads = [cell.value for cell in page[1]]
    for row, result in enumerate(results, start=2):
        page.cell(row, heads.index("Kết quả") + 1, result)
        if result == "Đã nhận":
            page.cell(row, heads.index("Ngày nhận") + 1, bank.house.now.date())
        else:
            page.cell(row, heads.index("Lý do chưa nhận") + 1, "Đi vắng")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_sheet_that_we_gave_comes_back_filled_in(bank: BankedHouse, run: PaymentRun) -> None:
    imported = take_in(bank, filled(bank, run, "Đã nhận", "Chưa nhận"))

    assert (imported.outcome.paid, imported.outcome.uncollected) == (1, 1)
    assert sorted(line.state for line in by_post(run)) == sorted([PAID, UNCOLLECTED, SENT])
    (missed,) = [line for line in by_post(run) if line.state == UNCOLLECTED]
    assert missed.why == "Đi vắng"
    assert imported.statements[0].run_id == run.pk


def test_who_did_not_come_is_paid_by_the_next_run(bank: BankedHouse, run: PaymentRun) -> None:
    take_in(bank, filled(bank, run, "Đã nhận", "Chưa nhận"))

    carried = bank.house.lines(bank.house.pay(DECEMBER))

    (missed,) = [line.pk for line in by_post(run) if line.state == UNCOLLECTED]
    assert [line.carried_from_id for line in carried] == [missed]


def test_the_same_sheet_again_changes_nothing_and_says_so(bank: BankedHouse, run: PaymentRun) -> None:
    content = filled(bank, run, "Đã nhận", "Chưa nhận")
    take_in(bank, content)

    assert take_in(bank, content).already
    assert Statement.objects.count() == 1


def test_a_fuller_sheet_later_adds_what_is_new(bank: BankedHouse, run: PaymentRun) -> None:
    take_in(bank, filled(bank, run, "Đã nhận"))

    imported = take_in(bank, filled(bank, run, "Đã nhận", "Đã nhận", "Chưa nhận"))

    assert (imported.outcome.noted, imported.outcome.paid, imported.outcome.uncollected) == (1, 1, 1)


def test_whoever_comes_late_is_paid_unless_the_next_run_pays(bank: BankedHouse, run: PaymentRun) -> None:
    line, other, _third = by_post(run)
    _tick(bank, uncollected={line.pk: "", other.pk: ""})
    _tick(bank, paid=(line.pk,))
    line.refresh_from_db()
    assert line.state == PAID

    bank.house.pay(DECEMBER)
    with pytest.raises(AnswerRefused, match="chuyển sang đợt sau"):
        _tick(bank, paid=(other.pk,))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": 360_001}, "số tiền khác"),
        ({"on": date(2027, 5, 1)}, "sau hôm nay"),
        ({"on": date(2026, 1, 1)}, "trước ngày chuyển chi trả"),
        ({"line": "bank"}, "qua ngân hàng"),
        ({"line": 999_999}, "không thuộc danh sách"),
    ],
)
def test_one_wrong_row_and_nothing_of_the_sheet_counts(
    bank: BankedHouse, run: PaymentRun, tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    good, bad, _third = by_post(run)
    by_bank = PaymentLine.objects.get(run=run, channel=Channel.BANK)
    today = bank.house.now.date()
    pk = {"bank": by_bank.pk}.get(change.get("line", ""), change.get("line", bad.pk))
    row = (
        key_of(pk),
        change.get("amount", by_bank.net if pk == by_bank.pk else 360_000),
        "Đã nhận",
        change.get("on", today),
        None,
    )
    file = paid_list(tmp_path, (key_of(good.pk), 360_000, "Đã nhận", today, None), row)

    with pytest.raises(AnswerRefused, match=words) as refused:
        take_in(bank, file.read_bytes())

    assert refused.value.row == 5
    assert {line.state for line in by_post(run)} == {SENT}
    assert not Statement.objects.exists()


def test_a_commune_records_its_own_lines_and_no_others(bank: BankedHouse, run: PaymentRun) -> None:
    own = bank.house.world.officer(Role.PROCESSOR, "H55.05443")
    other = bank.house.world.officer(Role.PROCESSOR, "H55.05488")
    line, second, _third = by_post(run)

    _tick(bank, by=own, paid=(line.pk,))
    with pytest.raises(AnswerRefused, match="xã khác"):
        _tick(bank, by=other, paid=(second.pk,))
    with pytest.raises(NotYoursToRecord):
        _tick(bank, by=bank.house.leader, paid=(second.pk,))
    second.refresh_from_db()
    assert second.state == SENT


def test_ticks_are_kept_line_by_line(bank: BankedHouse, run: PaymentRun) -> None:
    line, other, _third = by_post(run)

    imported = _tick(bank, paid=(line.pk,), uncollected={other.pk: "Đã chuyển đi nơi khác"})

    (statement,) = imported.statements
    assert statement.format == StatementFormat.TICKS
    assert [(one.payment_line_id, one.outcome) for one in statement.lines.order_by("number")] == [
        (line.pk, "paid"), (other.pk, "uncollected"),
    ]  # fmt: skip
    other.refresh_from_db()
    assert other.why == "Đã chuyển đi nơi khác"


def test_what_was_paid_is_not_unpaid_by_a_tick(bank: BankedHouse, run: PaymentRun) -> None:
    line, *_others = by_post(run)
    _tick(bank, paid=(line.pk,))

    with pytest.raises(AnswerRefused, match="đã nhận"):
        _tick(bank, uncollected={line.pk: ""})
    with pytest.raises(NothingTicked):
        _tick(bank)
    with pytest.raises(TickedTwice):
        _tick(bank, paid=(line.pk,), uncollected={line.pk: ""})


def _tick(bank: BankedHouse, by: Any = None, **facts: Any) -> Imported:
    bank.house.now += timedelta(minutes=1)
    return record_ticks(TickResults(**facts), acting_user=by or bank.house.accountant, now=bank.house.now)
