"""The table of many accounts as it is sent in: read strictly, every row with what it says or why it is not taken.

An account number says where money goes. A cell that a spreadsheet has made a number may have lost its leading zeros, and
nobody can see it any more: such a cell is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import python_calamine
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.kernel.identity import UnreadablePersonalId, read_personal_id
from lienthong.kernel.text import UncleanText, clean_line
from lienthong.payments.account_numbers import NumberRefused, read_number
from lienthong.payments.states import Channel
from lienthong.people.services.organization import TaxCodeWrong, read_tax_code
from lienthong.verification.tables.file_kind import FileKind, kind_of
from lienthong.verification.tables.labels import column_letters, key_without_asides
from lienthong.verification.tables.refusals import (
    ColumnsMissing,
    DamagedFile,
    EmptyFile,
    FileTooLarge,
    NotATable,
    ProtectedFile,
)
from lienthong.verification.tables.workbook_safety import look_through

COLUMNS: Final = {
    "personal_id": gettext_lazy("Số định danh"),
    "tax_code": gettext_lazy("Mã số thuế"),
    "full_name": gettext_lazy("Họ và tên"),
    "channel": gettext_lazy("Hình thức"),
    "bank": gettext_lazy("Ngân hàng"),
    "number": gettext_lazy("Số tài khoản"),
    "holder_name": gettext_lazy("Tên chủ tài khoản"),
}
"""Every column of the table, by our name, with its head."""
NEEDED: Final = ("full_name", "number", "holder_name", "bank")
NUMBERS: Final = ("personal_id", "tax_code")
"""Whose account it is: a person is named by one of them, an organisation by the other."""
SAMPLE_ROWS: Final = (
    ("019154000001", "", "Nguyễn Thị Hòa", "ngân hàng", "Agribank", "0071001234567", "NGUYEN THI HOA"),
    ("019154000002", "", "Ma Văn Ỷ", "ví điện tử", "MoMo", "0912345678", "MA VAN Y"),
    (
        "",
        "4699990017",
        "Trung tâm Bảo trợ xã hội Mẫu",
        "ngân hàng",
        "Agribank",
        "0071007654321",
        "TRUNG TAM BAO TRO XA HOI MAU",
    ),
)
"""Rows that show how the table is filled in, for people and for an organisation."""
MOST_ROWS: Final = 20_000
_HEADS: Final = {
    "personal_id": ("so dinh danh", "so dinh danh ca nhan", "cccd", "so cccd", "so can cuoc", "so cccd cmnd"),
    "tax_code": ("ma so thue", "mst", "ma so thue to chuc", "ma to chuc", "ma so to chuc"),
    "full_name": (
        "ho va ten",
        "ten to chuc",
        "ho ten ten to chuc",
        "ten nguoi nhan",
        "ho ten",
        "nguoi nhan",
        "ho ten nguoi nhan",
        "ho va ten nguoi nhan",
    ),
    "channel": ("hinh thuc", "kenh", "hinh thuc nhan", "kenh chi tra", "hinh thuc chi tra"),
    "bank": ("ngan hang", "ma ngan hang", "ten ngan hang", "don vi giu tai khoan", "to chuc cung ung"),
    "number": ("so tai khoan", "tai khoan", "stk", "so tk"),
    "holder_name": ("ten chu tai khoan", "chu tai khoan", "ten tai khoan", "ho ten chu tai khoan"),
}
_CHANNEL_WORDS: Final = {
    "": Channel.BANK, "ngan hang": Channel.BANK, "tai khoan ngan hang": Channel.BANK, "vi dien tu": Channel.WALLET,
    "tien di dong": Channel.MOBILE_MONEY, "mobile money": Channel.MOBILE_MONEY, "tai khoan tien di dong": Channel.MOBILE_MONEY,
}  # fmt: skip
_LAST_ROW_OF_HEADS = 30
_MOST_COLUMNS = 60
_LONGEST: Final = {"full_name": 255}
_LONGEST_WORDS: Final = 120


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One row of the table. ``problems``: why it is not taken, each naming the column; then the rest may be empty."""

    number_in_file: int
    personal_id: str = ""
    tax_code: str = ""
    full_name: str = ""
    channel: Channel = Channel.BANK
    bank_code: str = ""
    number: str = ""
    holder_name: str = ""
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class _Cells:
    """The cells of one row under our names, and what is wrong with them."""

    columns: Mapping[str, int]
    cells: Sequence[Any]
    problems: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return a cell of words."""
        value = self._cell(name)
        if isinstance(value, str):
            try:
                return clean_line(value, at_most=_LONGEST.get(name, _LONGEST_WORDS))
            except UncleanText as unclean:
                self.refuse(name, str(unclean))
                return ""
        if value is not None:
            self.refuse(name, _("ô chứa số hoặc ngày, không phải chữ. Hãy nhập lại bằng chữ."))
        return ""

    def digits(self, name: str) -> str:
        """Return a cell whose every digit counts: it must be text."""
        value = self._cell(name)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        self.refuse(
            name,
            _("ô là kiểu số nên số 0 ở đầu có thể đã mất. Định dạng cột là Văn bản (Text) rồi nhập lại đủ chữ số."),
        )
        return ""

    def refuse(self, name: str, why: str) -> None:
        """Keep why a cell is not taken."""
        head, letters = COLUMNS[name], column_letters(self.columns.get(name, 0))
        self.problems.append(
            _("cột “%(head)s” (%(letters)s): %(why)s") % {"head": head, "letters": letters, "why": why}
        )

    def has_problem_in(self, name: str) -> bool:
        """Tell whether a cell was refused already."""
        return any(f"“{COLUMNS[name]}”" in problem for problem in self.problems)

    def _cell(self, name: str) -> Any:
        place = self.columns.get(name)
        value = self.cells[place] if place is not None and place < len(self.cells) else None
        return None if isinstance(value, str) and not value.strip() else value


def read_accounts(path: Path, *, name: str, banks: Mapping[str, str]) -> list[AccountRow]:
    """Read a workbook of accounts.

    Danh sách tài khoản nhận tiền.

    Args:
        path: Where the file lies.
        name: What its sender called it.
        banks: The code of each bank and wallet by the words that name it, folded; the code itself is one of them.

    Returns:
        Every row below the head that is not empty, in the order of the file.

    Raises:
        TableRefused: It is no workbook, too large, damaged or locked, has no rows, or lacks a column; the sentence says
            what and what to do.
    """
    rows = _sheet(path, name)
    head_row, columns = _heads(rows, name)
    found = [
        _row(place, columns, cells, banks)
        for place, cells in enumerate(rows[head_row + 1 :], start=head_row + 2)
        if any(cell not in ("", None) for cell in cells)
    ]
    if not found:
        raise EmptyFile(_("Tệp “%s” có tiêu đề nhưng không có dòng tài khoản nào. Hãy điền rồi gửi lại.") % name)
    return found


def _row(place: int, columns: Mapping[str, int], cells: Sequence[Any], banks: Mapping[str, str]) -> AccountRow:
    read = _Cells(columns, cells)
    personal_id, tax_code = _whose(read)
    full_name = read.text("full_name")
    holder = read.text("holder_name")
    for column, value in (("full_name", full_name), ("holder_name", holder)):
        if not value and not read.has_problem_in(column):
            read.refuse(column, _("ô trống. Hãy điền."))
    words = read.text("channel")
    channel = _CHANNEL_WORDS.get(key_without_asides(words))
    if channel is None:
        read.refuse("channel", _("không có hình thức “%s”. Ghi: ngân hàng, ví điện tử hoặc tiền di động.") % words)
    bank = _bank(read, banks)
    number = read.digits("number")
    if not read.has_problem_in("number"):
        try:
            number = read_number(number, channel=channel or Channel.BANK)
        except NumberRefused as refused:
            read.refuse("number", str(refused))
    if read.problems:
        return AccountRow(place, full_name=full_name, problems=tuple(read.problems))
    return AccountRow(place, personal_id, tax_code, full_name, channel or Channel.BANK, bank, number, holder)


def _whose(read: _Cells) -> tuple[str, str]:
    """Read the identity number of a person, or the tax code of an organisation: one of them stands there."""
    personal_id, tax_code = read.digits("personal_id"), read.digits("tax_code")
    if any(read.has_problem_in(one) for one in NUMBERS):
        return "", ""
    if personal_id and tax_code:
        read.refuse("tax_code", _("dòng có cả số định danh. Ghi một trong hai: của người, hoặc của tổ chức."))
        return "", ""
    try:
        return ("", read_tax_code(tax_code)) if tax_code else (read_personal_id(personal_id).number, "")
    except UnreadablePersonalId as unreadable:
        read.refuse("personal_id", str(unreadable))
    except TaxCodeWrong as wrong:
        read.refuse("tax_code", str(wrong))
    return "", ""


def _bank(read: _Cells, banks: Mapping[str, str]) -> str:
    value = read.text("bank") if not isinstance(read._cell("bank"), int | float) else read.digits("bank")
    if read.has_problem_in("bank"):
        return ""
    if not value:
        read.refuse("bank", _("ô trống. Ghi mã 6 chữ số hoặc tên viết tắt của ngân hàng, ví."))
        return ""
    code = banks.get(key_without_asides(value), "")
    if not code:
        read.refuse("bank", _("không biết “%s”. Ghi mã 6 chữ số hoặc tên viết tắt như trong mẫu.") % value)
    return code


def _heads(rows: Sequence[Sequence[Any]], name: str) -> tuple[int, dict[str, int]]:
    """Find the row that names the most of our columns.

    Raises:
        ColumnsMissing: No row names all that are needed, or one names a column twice.
    """
    best: tuple[int, dict[str, int]] = (0, {})
    for place, cells in enumerate(rows[:_LAST_ROW_OF_HEADS]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(cells):
            key = key_without_asides(cell) if isinstance(cell, str) else ""
            ours = next((one for one, heads in _HEADS.items() if key in heads), None)
            if ours is not None and ours in columns:
                raise ColumnsMissing(
                    _("Tệp “%(name)s” có hai cột “%(head)s” ở dòng %(row)s. Hãy xóa bớt một cột.")
                    % {"name": name, "head": COLUMNS[ours], "row": place + 1}
                )
            if ours is not None:
                columns[ours] = column
        if len(columns) > len(best[1]):
            best = place, columns
    missing = [str(COLUMNS[one]) for one in NEEDED if one not in best[1]]
    if not any(one in best[1] for one in NUMBERS):
        missing.insert(0, str(COLUMNS["personal_id"]))
    if missing:
        raise ColumnsMissing(
            _("Tệp “%(name)s” thiếu cột: %(missing)s. Hãy dùng đúng tiêu đề của tệp mẫu.")
            % {"name": name, "missing": ", ".join(missing)}
        )
    return best


def _sheet(path: Path, name: str) -> list[list[Any]]:
    kind = kind_of(path)
    if kind is not FileKind.XLSX:
        raise NotATable(
            _(
                "Tệp “%(name)s” là %(kind)s. Danh sách tài khoản chỉ nhận XLSX: tải tệp mẫu, chép dữ liệu vào rồi gửi lại."
            )
            % {"name": name, "kind": kind}
        )
    look_through(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            sheet = book.get_sheet_by_index(0)
            if sheet.start is None:
                raise EmptyFile(_("Trang tính đầu của “%s” trống. Hãy điền theo tệp mẫu rồi gửi lại.") % name)
            if sheet.height > MOST_ROWS + _LAST_ROW_OF_HEADS or sheet.width > _MOST_COLUMNS:
                raise FileTooLarge(
                    _(
                        "Tệp “%(name)s” có %(rows)s dòng, %(columns)s cột; mỗi lần nhận nhiều nhất %(most)s dòng. Hãy chia nhỏ."
                    )
                    % {"name": name, "rows": sheet.height, "columns": sheet.width, "most": MOST_ROWS}
                )
            return list(_rows(sheet))
    except python_calamine.PasswordError as locked:
        raise ProtectedFile(_("Tệp “%s” được đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.") % name) from locked
    except (EmptyFile, FileTooLarge, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as broken:  # the reader's panics are no Exception
        raise DamagedFile(_("Tệp “%s” không đọc được đến hết. Hãy mở bằng Excel, lưu lại rồi gửi.") % name) from broken


def _rows(sheet: Any) -> Iterator[list[Any]]:
    """Give every row from the first one of the sheet on, with the columns from A on: the reader begins at the first filled one."""
    before = [None] * sheet.start[1]
    for cells in sheet.iter_rows():
        yield [*before, *cells]
