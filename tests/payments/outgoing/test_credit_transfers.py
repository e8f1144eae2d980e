"""Orders as pain.001: what the standard asks, sums that hold, the same bytes each time, memory that does not grow."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from lienthong.ops.simulated_bank.orders import read_order
from lienthong.payments.outgoing.credit_transfers import write_credit_transfers
from lienthong.payments.outgoing.schema import check_credit_transfers
from lienthong.payments.outgoing.values import OrderRefused
from tests.payments.orders import PAYER, order, transfer, written

NAMES = st.text(min_size=1, max_size=200).filter(
    lambda name: any(letter.isalpha() and letter.isascii() for letter in name)
)


def test_an_order_is_what_the_schema_says(tmp_path: Path) -> None:
    file = written(tmp_path, [transfer(line, 360_000 + line) for line in range(1, 41)])

    assert check_credit_transfers(file) == 40


@pytest.mark.parametrize("plain", [True, False])
def test_names_lose_their_marks_only_where_the_bank_asks(tmp_path: Path, plain: bool) -> None:
    file = written(tmp_path, [transfer(1, holder="Đỗ Thị Ánh <&> “Hường”")], plain_letters=plain)
    tree = etree.parse(str(file))

    assert check_credit_transfers(file) == 1
    assert tree.findtext(".//{*}Cdtr/{*}Nm") == ("Do Thi Anh Huong" if plain else "Đỗ Thị Ánh <&> “Hường”")


def test_accounts_keep_their_zeros_and_sums_are_exact(tmp_path: Path) -> None:
    transfers = [transfer(1, 999_999_999_999, account="000000000001"), transfer(2, 1)]
    tree = etree.parse(str(written(tmp_path, transfers)))

    assert tree.findtext(".//{*}GrpHdr/{*}CtrlSum") == "1000000000000"
    assert tree.findtext(".//{*}CdtrAcct/{*}Id/{*}Othr/{*}Id") == "000000000001"
    assert {node.get("Ccy") for node in tree.iter("{*}InstdAmt")} == {"VND"}


def test_mobile_money_goes_to_its_number_alone(tmp_path: Path) -> None:
    file = written(tmp_path, [transfer(1, bank_code="", account="0912345678"), transfer(2)])

    assert check_credit_transfers(file) == 2
    first, second = etree.parse(str(file)).iter("{*}CdtTrfTxInf")
    assert (first.find("{*}CdtrAgt"), second.find("{*}CdtrAgt") is not None) == (None, True)
    assert [one.bank_code == "" for one in read_order(file).wanted] == [True, False]


def test_the_same_order_gives_the_same_bytes(tmp_path: Path) -> None:
    transfers = [transfer(line) for line in range(1, 5)]

    assert written(tmp_path, transfers).read_bytes() == written(tmp_path, transfers).read_bytes()


def test_lines_that_are_not_what_the_head_says_are_refused(tmp_path: Path) -> None:
    transfers = [transfer(1), transfer(2)]

    with pytest.raises(OrderRefused, match="3 dòng"):
        write_credit_transfers(order(transfers, lines=3), transfers, to=tmp_path / "a.xml")
    with pytest.raises(OrderRefused, match="số tiền 0"):
        written(tmp_path, [transfer(1, 0)])
    with pytest.raises(OrderRefused, match="chủ tài khoản"):
        written(tmp_path, [transfer(1, holder=" ")])
    with pytest.raises(OrderRefused, match="Số tài khoản"):
        written(tmp_path, [transfer(1, account="12 34")])


def test_what_the_schema_does_not_know_never_leaves(tmp_path: Path) -> None:
    file = written(tmp_path, [transfer(1)])
    broken = tmp_path / "broken.xml"
    broken.write_bytes(file.read_bytes().replace(b"<PmtMtd>TRF", b"<PmtMtd>XXX"))

    with pytest.raises(OrderRefused, match="lược đồ"):
        check_credit_transfers(broken)


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(
        st.tuples(st.integers(1, 10**12), NAMES, st.from_regex(r"[0-9A-Za-z]{1,34}", fullmatch=True), st.text(max_size=300)),
        min_size=1, max_size=8,
    ),
    plain=st.booleans(),
)  # fmt: skip
def test_whatever_people_are_called_the_bank_reads_what_we_meant(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[int, str, str, str]], plain: bool
) -> None:
    transfers = [
        transfer(place, amount, holder=f"Lê {name}", account=account, purpose=purpose)
        for place, (amount, name, account, purpose) in enumerate(lines, start=1)
    ]
    file = written(tmp_path_factory.mktemp("order"), transfers, plain_letters=plain)

    assert check_credit_transfers(file) == len(transfers)
    read = read_order(file)
    assert (read.payer, read.payer_bank, read.amount) == (PAYER.account, PAYER.bank_code, sum(one[0] for one in lines))
    assert [(one.key, one.amount, one.account) for one in read.wanted] == [
        (one.key, one.amount, one.account) for one in transfers
    ]


GROWTH = """
import resource, sys
from pathlib import Path
from tests.payments.orders import order, transfer
from lienthong.payments.outgoing.credit_transfers import write_credit_transfers
from lienthong.payments.outgoing.schema import check_credit_transfers
lines, file = int(sys.argv[1]), Path(sys.argv[2])
head = order([], lines=lines, amount=540_000 * lines)
write_credit_transfers(head, (transfer(line) for line in range(1, lines + 1)), to=file)
assert check_credit_transfers(file) == lines
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_lines(tmp_path: Path) -> None:
    few, many = (_peak(lines, tmp_path / "order.xml") for lines in (500, 40_000))

    assert many < few + 6_000, f"{few} kB for 500 lines, {many} kB for 40,000"


def _peak(lines: int, file: Path) -> int:
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, str(lines), str(file)], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": f"{root / 'src'}:{root}", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    return int(done.stdout)
