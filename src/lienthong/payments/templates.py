"""Which column of a bank's workbook holds what: templates as plain data, for what goes out and for what comes back.

Mẫu cột của ngân hàng. A template is data that an office can change; reading one says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lienthong.kernel.text import fold

OUT_FIELDS: Final = {
    "number": "số thứ tự",
    "key": "mã dòng chi",
    "account": "số tài khoản",
    "holder": "tên chủ tài khoản",
    "bank_code": "mã ngân hàng",
    "bank_name": "tên ngân hàng",
    "amount": "số tiền",
    "purpose": "nội dung",
}
# What a bank reads under a heading, by its words without marks; the first that fits. The holder comes before the account: "tên tài khoản".
_HEADS: Final = {
    "amount": (" so tien ", " thanh tien ", " tien chuyen ", " thuc nhan ", " thuc linh ", " amount "),
    "holder": (
        " ten tai khoan ", " ten tk ", " chu tai khoan ", " chu tk ", " ho ten ", " ho va ten ", " ten nguoi ", " ten don vi huong ",
        " ten thu huong ", " account name ", " beneficiary name ", " holder ",
    ),
    "account": (" tai khoan ", " tk ", " stk ", " sotk ", " account ", " acc ", " acct "),
}  # fmt: skip
# The province's own account, and what only describes one.
_OTHER_SIDE: Final = (
    " nguon ", " trich ", " ghi no ", " chuyen di ", " nguoi chuyen ", " debit ", " loai ", " chi nhanh ", " ma ngan hang ",
    " ten ngan hang ",
)  # fmt: skip
_LATEST_FIRST_ROW: Final = 50
_LONGEST_SHEET: Final = 31
_OUT_NEEDED: Final = ("key", "account", "holder", "amount")
IN_FIELDS: Final = {
    "reference": "mã dòng chi",
    "booked_on": "ngày ghi sổ",
    "debit": "ghi nợ",
    "credit": "ghi có",
    "text": "nội dung",
    "bank_reference": "số bút toán của ngân hàng",
}
IN_NEEDED: Final = ("booked_on", "debit", "credit")
LABELS: Final = {
    "account": "số tài khoản",
    "statement": "số sao kê",
    "from": "từ ngày",
    "until": "đến ngày",
    "opening": "số dư đầu kỳ",
    "closing": "số dư cuối kỳ",
}
LABELS_NEEDED: Final = ("account", "opening", "closing")


class TemplateRefused(ValueError):
    """A template names a field that does not exist, or lacks one that nothing can be done without."""


@dataclass(frozen=True, slots=True)
class OutColumn:
    """One column: its head, and the field of ours or the fixed text under it. Cột của tệp chi."""

    heading: str
    field: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutTemplate:
    """Columns of a workbook of transfers, from left to right. Mẫu tệp chi.

    Attributes:
        first_row: Row of the first transfer, counted from 1; the heads stand right above it.
        plain_letters: Names without diacritics.
    """

    sheet: str = "Danh sach chi"
    columns: tuple[OutColumn, ...] = tuple(
        OutColumn(words[:1].upper() + words[1:], name) for name, words in OUT_FIELDS.items()
    )
    first_row: int = 2
    plain_letters: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InTemplate:
    """Heads and labels of a statement as a workbook. Mẫu sao kê.

    Attributes:
        columns: Our fields with the head of their column.
        labels: Facts of the statement with the words that stand left of them.
        amounts_as_text: The bank writes amounts as text (1.234.567); otherwise text there is refused.
    """

    columns: Mapping[str, str] = field(
        default_factory=lambda: {
            "reference": "Mã tham chiếu", "booked_on": "Ngày giao dịch", "debit": "Ghi nợ", "credit": "Ghi có",
            "text": "Nội dung",
        }
    )  # fmt: skip
    labels: Mapping[str, str] = field(
        default_factory=lambda: {
            "account": "Số tài khoản", "statement": "Số sao kê", "from": "Từ ngày", "until": "Đến ngày",
            "opening": "Số dư đầu kỳ", "closing": "Số dư cuối kỳ",
        }
    )  # fmt: skip
    amounts_as_text: bool = False


def out_template(
    columns: Sequence[Mapping[str, Any]], *, sheet: str = "", first_row: int = 2, plain_letters: bool = True
) -> OutTemplate:
    """Read a template of transfers: ``[{"heading": "Số TK", "field": "account"}, {"heading": "Loại tiền", "text": "VND"}]``.

    No columns at all mean our own.

    Raises:
        TemplateRefused: In words that say which field.
    """
    if not 2 <= first_row <= _LATEST_FIRST_ROW:
        raise TemplateRefused(f"Dòng đầu của danh sách phải từ 2 đến {_LATEST_FIRST_ROW}, dòng trên nó ghi tên cột.")
    if len(sheet) > _LONGEST_SHEET or set(sheet) & set("[]:*?/\\"):
        raise TemplateRefused("Tên trang tính dài nhất 31 ký tự, không có các dấu [ ] : * ? / \\.")
    more: dict[str, Any] = {"sheet": sheet} if sheet else {}
    if columns:
        read = tuple(
            OutColumn(str(one.get("heading", "")).strip(), str(one.get("field", "")), str(one.get("text", "")))
            for one in columns
        )
        for place, one in enumerate(read, start=1):
            if not one.heading or bool(one.field) == bool(one.text):
                raise TemplateRefused(f"Cột thứ {place} phải có tên và hoặc một trường, hoặc một nội dung cố định.")
        _known([one.field for one in read if one.field], OUT_FIELDS, _OUT_NEEDED)
        for one in read:
            _says_what_it_holds(one)
        more["columns"] = read
    return OutTemplate(first_row=first_row, plain_letters=plain_letters, **more)


def in_template(data: Mapping[str, Any]) -> InTemplate:
    """Read a template of statements: ``{"columns": {"debit": "Ghi nợ", …}, "labels": {"opening": "Số dư đầu", …}}``.

    Raises:
        TemplateRefused: In words that say which field.
    """
    if not data:
        return InTemplate()
    columns, labels = dict(data.get("columns", {})), dict(data.get("labels", {}))
    _known(list(columns), IN_FIELDS, IN_NEEDED)
    _known(list(labels), LABELS, LABELS_NEEDED)
    return InTemplate(columns=columns, labels=labels, amounts_as_text=bool(data.get("amounts_as_text", False)))


def _says_what_it_holds(column: OutColumn) -> None:
    """Refuse a column whose heading promises the bank an account, a holder or an amount, and that holds something else.

    Raises:
        TemplateRefused: With the column and the field that belongs there.
    """
    promised = _meaning_of(fold(column.heading))
    if promised and column.field != promised:
        raise TemplateRefused(
            f"Cột “{column.heading[:40]}” phải ghi trường {OUT_FIELDS[promised]} ({promised}) của từng khoản, không ghi thứ khác."
        )


def _meaning_of(heading: str) -> str:
    words = f" {re.sub(r'[^a-z0-9]+', ' ', heading).strip()} "
    if any(other in words for other in _OTHER_SIDE):
        return ""
    return next((field for field, heads in _HEADS.items() if any(head in words for head in heads)), "")


def _known(names: list[str], fields: Mapping[str, str], needed: tuple[str, ...]) -> None:
    for name in names:
        if name not in fields:
            raise TemplateRefused(f"Mẫu cột có trường “{name[:40]}” không có trong danh mục: {', '.join(fields)}.")
        if names.count(name) > 1:
            raise TemplateRefused(f"Mẫu cột ghi trường “{name}” ({fields[name]}) hai lần.")
    if missing := [f"{fields[name]} ({name})" for name in needed if name not in names]:
        raise TemplateRefused(f"Mẫu cột thiếu trường bắt buộc: {', '.join(missing)}.")
