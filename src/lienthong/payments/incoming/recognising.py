"""What kind of answer a file is, by its own first bytes; its name is not asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lienthong.payments.incoming.refusals import EmptyAnswer, NotAnAnswer
from lienthong.payments.incoming.statements_sheet import read_sheet_statement
from lienthong.payments.incoming.statements_swift import looks_like_swift, read_swift_statements
from lienthong.payments.incoming.statements_xml import read_statements
from lienthong.payments.incoming.values import AnswerKind, StatementHead, StatementLine
from lienthong.payments.incoming.xml_walk import root_name
from lienthong.payments.templates import InTemplate

_ZIP: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_ACCEPTED: Final = "camt.053, pain.002, MT940 hoặc Excel (.xlsx) theo mẫu"


def kind_of(file: Path) -> AnswerKind:
    """Find out what an answer is.

    Raises:
        EmptyAnswer: Nothing is in it.
        NotAnAnswer: It is none of the kinds that are read.
        DangerousAnswer, DamagedAnswer: It is XML that nobody should read.
    """
    with file.open("rb") as content:
        head = content.read(4096)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise EmptyAnswer("Tệp rỗng. Hãy lấy lại từ ngân hàng.")
    if head.startswith(_ZIP):
        return AnswerKind.WORKBOOK
    if head.startswith(_OLD_OFFICE):
        raise NotAnAnswer("Tệp là sổ Excel đời cũ (.xls) hoặc có mật khẩu. Hãy lưu lại thành .xlsx không mật khẩu.")
    if looks_like_swift(head):
        return AnswerKind.MT940
    if b"<" in head[:400]:
        space, name = root_name(file)
        if name == "Document" and "camt.053" in space:
            return AnswerKind.CAMT053
        if name == "Document" and "pain.002" in space:
            return AnswerKind.PAIN002
        raise NotAnAnswer(f"Tệp XML là “{space[-40:] or name[:40]}”, không phải {_ACCEPTED}.")
    raise NotAnAnswer(f"Không nhận ra tệp này. Hãy nạp {_ACCEPTED}.")


def read_any_statement(
    file: Path, kind: AnswerKind, *, template: InTemplate
) -> Iterator[StatementLine | StatementHead]:
    """Read a statement of whichever kind, ``pain.002`` excepted, which is none.

    Raises:
        AnswerRefused: With its place and reason.
    """
    if kind is AnswerKind.CAMT053:
        return read_statements(file)
    if kind is AnswerKind.MT940:
        return read_swift_statements(file)
    if kind is AnswerKind.WORKBOOK:
        return read_sheet_statement(file, template=template)
    raise ValueError(f"no statement: {kind}")
