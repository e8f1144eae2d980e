"""An answer of whatever length is read in the same memory, and one that goes on about nothing is read no further."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.payments.incoming.statements import BOOKING, CAMT

READ = """
import re, sys
from pathlib import Path
from lienthong.payments.incoming.refusals import DangerousAnswer
from lienthong.payments.incoming.statements_xml import read_statements
from lienthong.payments.incoming.status_report import read_status_report
read, file = sys.argv[1], Path(sys.argv[2])
try:
    lines = sum(1 for _part in (read_statements if read == "camt" else read_status_report)(file))
except DangerousAnswer:
    lines = -1
# What getrusage says is that of whoever started this process, where that was larger.
print(lines, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""
REPORT = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><A/></CstmrPmtStsRpt></Document>'
)
BALANCE = CAMT[CAMT.index("<Bal>") : CAMT.index("</Bal>") + 6]
TEN_MEGABYTES = 10 * 1024 * 1024
MOST_GROWTH = 16_000  # kB; such a file once took 290.000 more


def whole(content: str, part: str, *, where: str) -> str:
    return content.replace(where, where + part * (TEN_MEGABYTES // len(part.encode())), 1)


@pytest.mark.parametrize(
    ("kind", "content", "part", "where"),
    [
        ("camt", CAMT, "<a/>", "<Stmt>"),
        ("camt", CAMT, "<a/>", "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">"),
        ("camt", CAMT, f"<a>{'b' * 9_000}</a>", "<Stmt>"),
        ("camt", CAMT, f'<a b="{"c" * 9_000}"/>', "<Stmt>"),
        ("camt", CAMT, "<a><b/><b/></a>", "<NtryDtls>"),
        ("camt", CAMT, BALANCE, "</Acct>"),
        ("camt", CAMT, "<Strd/>", "<TxDtls>"),
        ("report", REPORT, "<a/>", "<CstmrPmtStsRpt>"),
    ],
)  # fmt: skip
def test_what_no_answer_holds_is_read_no_further(
    tmp_path: Path, kind: str, content: str, part: str, where: str
) -> None:
    plain = _peak(kind, content if kind == "camt" else "", tmp_path)[1]

    lines, peak = _peak(kind, whole(content, part, where=where), tmp_path)

    assert lines == -1
    assert peak < plain + MOST_GROWTH, f"{plain} kB for a plain statement, {peak} kB"


@pytest.mark.parametrize("one", [BOOKING, ""])
def test_memory_does_not_grow_with_the_lines(tmp_path: Path, one: str) -> None:
    few, many = (_peak("camt", _statement(lines, apart=bool(one)), tmp_path)[1] for lines in (500, 40_000))

    assert many < few + 6_000, f"{few} kB for 500 lines, {many} kB for 40.000"


def _statement(lines: int, *, apart: bool) -> str:
    """Return a statement of so many transfers: each a booking, or all in one, each in details of its own."""
    total = 540_000 * lines
    own = BOOKING.replace("</EndToEndId></Refs>", '</EndToEndId></Refs><Amt Ccy="VND">540000</Amt>', 1)
    details = own[own.index("<NtryDtls>") : own.index("</Ntry>")]
    one = own.replace(details, details * lines).replace("540000", str(total), 1)
    content = CAMT.replace(BOOKING, own * lines if apart else one)
    return content.replace(">1000000<", f">{total + 1}<").replace(">460000<", ">1<")


def _peak(kind: str, content: str, folder: Path) -> tuple[int, int]:
    root, file = Path(__file__).resolve().parents[3], folder / "answer.xml"
    file.write_text(content or CAMT)
    done = subprocess.run(
        [sys.executable, "-c", READ, kind if content else "camt", str(file)], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": f"{root / 'src'}:{root}", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    lines, peak = map(int, done.stdout.split())
    return lines, peak
