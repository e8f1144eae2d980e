"""Which column of a bank's workbook holds what: templates as plain data, for what goes out and for what comes back.

Mẫu cột của ngân hàng. A template is data that an office can change; reading one says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

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
_OUT_NEEDED: Final = ("key", "account", "holder", "amount")
IN_FIELDS: Final = {
    "reference": "mã dòng chi",
    "booked_on": "ngày ghi sổ",
    "debit": "ghi nợ",
    "credit": "ghi có",
    "text": "nội dung",
    "bank_reference": "số bút toán của ngân hàng",
}
_IN_NEEDED: Final = ("booked_on", "debit", "credit")
LABELS: Final = {
    "account": "số tài khoản",
    "statement": "số sao kê",
    "from": "từ ngày",
    "until": "đến ngày",
    "opening": "số dư đầu kỳ",
    "closing": "số dư cuối kỳ",
}
_LABELS_NEEDED: Final = ("account", "opening", "closing")


class TemplateRefused(ValueError):
    """A template names a field that does not exist, or lacks one that nothing can be done without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutTemplate:
    """Columns of a workbook of transfers, from left to right. Mẫu tệp chi.

    Attributes:
        columns: Our fields with the heads that the bank wants.
        plain_letters: Names without diacritics.
    """

    sheet: str = "Danh sach chi"
    columns: tuple[tuple[str, str], ...] = tuple(
        (name, words[:1].upper() + words[1:]) for name, words in OUT_FIELDS.items()
    )
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


def out_template(data: Mapping[str, Any]) -> OutTemplate:
    """Read a template of transfers: ``{"sheet": …, "columns": [["account", "Số TK"], …], "plain_letters": true}``.

    Raises:
        TemplateRefused: In words that say which field.
    """
    columns = tuple((str(name), str(head)) for name, head in data.get("columns", ()))
    if not columns:
        return OutTemplate(plain_letters=bool(data.get("plain_letters", True)))
    _known([name for name, _head in columns], OUT_FIELDS, _OUT_NEEDED)
    return OutTemplate(
        sheet=str(data.get("sheet", "Danh sach chi"))[:31],
        columns=columns,
        plain_letters=bool(data.get("plain_letters", True)),
    )


def in_template(data: Mapping[str, Any]) -> InTemplate:
    """Read a template of statements: ``{"columns": {"debit": "Ghi nợ", …}, "labels": {"opening": "Số dư đầu", …}}``.

    Raises:
        TemplateRefused: In words that say which field.
    """
    if not data:
        return InTemplate()
    columns, labels = dict(data.get("columns", {})), dict(data.get("labels", {}))
    _known(list(columns), IN_FIELDS, _IN_NEEDED)
    _known(list(labels), LABELS, _LABELS_NEEDED)
    return InTemplate(columns=columns, labels=labels, amounts_as_text=bool(data.get("amounts_as_text", False)))


def _known(names: list[str], fields: Mapping[str, str], needed: tuple[str, ...]) -> None:
    for name in names:
        if name not in fields:
            raise TemplateRefused(f"Mẫu cột có trường “{name[:40]}” không có trong danh mục: {', '.join(fields)}.")
        if names.count(name) > 1:
            raise TemplateRefused(f"Mẫu cột ghi trường “{name}” ({fields[name]}) hai lần.")
    if missing := [f"{name} ({fields[name]})" for name in needed if name not in names]:
        raise TemplateRefused(f"Mẫu cột thiếu trường bắt buộc: {', '.join(missing)}.")
