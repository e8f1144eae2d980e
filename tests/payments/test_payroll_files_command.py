"""Files of a month at the terminal, there and back, with the bank that answers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from lienthong.payments.models import PaymentRun, Statement
from lienthong.payments.queries.leaving import template_of
from lienthong.payments.states import LineState
from tests.payments.bank import BankedHouse

pytestmark = pytest.mark.django_db
Told = Callable[..., tuple[int, str]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Return a function that runs a command and gives its code and its words."""

    def run(*arguments: str) -> tuple[int, str]:
        try:
            call_command(*arguments)
        except SystemExit as end:
            return int(end.code or 0), capsys.readouterr().err
        return 0, capsys.readouterr().out

    return run


@pytest.fixture
def run(bank: BankedHouse, monkeypatch: pytest.MonkeyPatch) -> PaymentRun:
    """A released run, of so many that some are rejected and some returned; the clock of the terminal stands where the house's does."""
    released = bank.released(people=60)
    monkeypatch.setattr(timezone, "now", bank.house.later)
    return released


def test_a_month_goes_to_the_bank_and_comes_back(
    bank: BankedHouse, run: PaymentRun, told: Told, tmp_path: Path
) -> None:
    folder, who = tmp_path / "chi", ("--as", bank.house.accountant.username)
    code, words = told("payroll", "export", "11/2026", "--to", str(folder), *who)
    assert (code, "60 khoản, 32.400.000 đồng" in words) == (0, True)
    day = f"{bank.house.now:%d/%m/%Y}"

    code, words = told(
        "simulate", "bank", "--folder", str(folder), "--day", day, "--rejected", "0.3", "--returned", "0.3", "--json"
    )
    order = json.loads(words)["orders"][0]
    files = [Path(name) for name in json.loads(words)["files"]]
    assert (code, order["lines"]) == (0, 60)
    code, words = told("payroll", "import", *map(str, files), *who)
    assert code == 0, words
    assert f"{order['rejected']} không thành công" in words

    states = bank.states(run)
    assert states.count(LineState.FAILED) == order["rejected"] > 0
    assert states.count(LineState.RETURNED) == order["returned"] > 0
    assert states.count(LineState.PAID) == 60 - order["rejected"] - order["returned"]
    code, words = told("payroll", "import", *map(str, files), *who)
    assert (code, words.count("không có gì thay đổi")) == (0, 2)
    assert "Không có lệnh chi mới" in told("simulate", "bank", "--folder", str(folder))[1]


@pytest.mark.parametrize("kind", ["mt940", "xlsx"])
def test_other_forms_of_statement_do_as_well(
    bank: BankedHouse, run: PaymentRun, told: Told, tmp_path: Path, kind: str
) -> None:
    who = ("--as", bank.house.accountant.username)
    told("payroll", "export", "11/2026", "--to", str(tmp_path), *who)
    day = f"{bank.house.now:%d/%m/%Y}"
    _code, words = told(
        "simulate", "bank", "--folder", str(tmp_path), "--day", day, "--statement", kind, "--foreign", "0.1", "--json"
    )
    statement = json.loads(words)["files"][-1]

    code, words = told("payroll", "import", statement, "--json", *who)

    assert code == 0, words
    (said,) = json.loads(words)
    assert (said["already"], said["strange"]) == (False, 6)
    code, words = told("payroll", "strange", "list", *who)
    assert "không tìm thấy khoản chi" in words and "6 dòng chờ xử lý" in words
    assert json.loads(told("payroll", "strange", "list", "--json", *who)[1])[0]["why"] == "unknown"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["payroll", "import"], "Chưa nêu tệp nào"),
        (["payroll", "import", "khong-co.xml"], "Không có tệp"),
        (["payroll", "export", "10/2026"], "chưa có đợt chi trả nào"),
        (["payroll", "import", "FILE"], "Không nhận ra tệp này"),
        (["payroll", "results", "FILE"], "phải là tệp Excel"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_stored(
    bank: BankedHouse, told: Told, tmp_path: Path, arguments: list[str], words: str
) -> None:
    file = tmp_path / "la.txt"
    file.write_text(":20:LT1\n" if arguments[1] == "results" else "xin chào")
    given = [str(file) if one == "FILE" else one for one in arguments]

    code, said = told(*given, "--as", bank.house.accountant.username)

    assert (code, words in said) == (2, True), said
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Chưa nêu việc"),
        (["bank"], "Chưa nêu việc"),
        (["bank", "--folder", "/khong/co"], "Không có thư mục"),
        (["bank", "--folder", "HERE", "--rejected", "2"], "từ 0 đến 1"),
        (["bank", "--folder", "HERE", "--statement", "pdf"], "Không có --statement"),
        (["bank", "--folder", "HERE", "--day", "mai"], "mai"),
    ],
)
def test_the_bank_refuses_in_words(told: Told, tmp_path: Path, arguments: list[str], words: str) -> None:
    code, said = told("simulate", *[str(tmp_path) if one == "HERE" else one for one in arguments])

    assert (code, words in said) == (2, True), said


def test_the_bank_says_which_file_is_no_order(told: Told, tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text("<a/>")
    (tmp_path / "y.xlsx").write_bytes(b"PK")

    code, words = told("simulate", "bank", "--folder", str(tmp_path))

    assert (code, words.count("không phải lệnh chi")) == (0, 2)


TEMPLATE = """
bank: "970405"
name: Mẫu Agribank
orders: xlsx
first_row: 3
columns:
  - {heading: So TK, field: account}
  - {heading: Ten, field: holder}
  - {heading: So tien, field: amount}
  - {heading: Loai tien, text: VND}
  - {heading: Ma, field: key}
statement:
  columns: {booked_on: Ngày GD, debit: Nợ, credit: Có}
  labels: {account: Số TK, opening: Đầu, closing: Cuối}
"""


def test_the_template_of_a_bank_is_put_down_from_a_file(bank: BankedHouse, told: Told, tmp_path: Path) -> None:
    file, who = tmp_path / "agribank.yaml", ("--as", bank.house.accountant.username)
    file.write_text(TEMPLATE, encoding="utf-8")

    code, words = told("payroll", "template", str(file), *who)
    assert (code, "phiên bản 1" in words, "chờ lãnh đạo duyệt" in words) == (0, True, True), words
    assert template_of("970405") is None
    assert json.loads(told("payroll", "template", str(file), *who, "--json")[1])["version"] == 1
    assert "Chỉ kế toán ghi, lãnh đạo sở duyệt" in told("payroll", "template", "--approve", "Agribank", *who)[1]
    leader = ("--as", bank.house.leader.username)
    assert told("payroll", "template", "--approve", "Agribank", *leader)[0] == 0
    assert "chờ bạn duyệt" in told("payroll", "template", "--approve", "Agribank", *leader)[1]
    assert "--approve" in told("payroll", "template", *leader)[1]
    kept = template_of("970405")
    assert kept is not None
    assert (kept.name, kept.first_row, len(kept.columns)) == ("Mẫu Agribank", 3, 5)
    assert kept.columns[3] == {"heading": "Loai tien", "text": "VND"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('"970405"', '"000001"'), "000001"), (("orders: xlsx", "orders: csv"), "pain001 hoặc xlsx"),
        (("orders:", "order:"), "Không có mục order"), (("first_row: 3", "first_row: ba"), "first_row"),
        (("text: VND", "note: VND"), "columns.4.note"), (("field: amount", "field: sum"), "“sum”"),
        (("debit: Nợ, ", ""), "ghi nợ"), (("columns: {booked_on: Ngày GD, debit: Nợ, credit: Có}", "columns: 3"), "statement.columns"),
        (("first_row: 3", "plain_letters: maybe"), "plain_letters"), ((TEMPLATE, "- 1"), "cặp tên và giá trị"),
    ],
)  # fmt: skip
def test_a_template_that_cannot_be_is_refused_by_name(
    bank: BankedHouse, told: Told, tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    file = tmp_path / "agribank.yaml"
    file.write_text(TEMPLATE.replace(*change), encoding="utf-8")

    code, words = told("payroll", "template", str(file), "--as", bank.house.accountant.username)

    assert code == 2
    assert says in words
    assert template_of("970405") is None
