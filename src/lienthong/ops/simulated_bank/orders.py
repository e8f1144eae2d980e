"""Orders as a bank reads them: ``pain.001`` by its elements, a workbook by its heads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine
from lxml import etree


class OrderUnreadable(ValueError):
    """No order that this bank takes; the message says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One transfer that the bank is asked for."""

    key: str
    amount: int
    holder: str
    account: str
    bank_code: str
    text: str


@dataclass(frozen=True, slots=True)
class BankOrder:
    """A whole order. Lệnh chi nhận được."""

    message_id: str
    payer: str
    payer_bank: str
    wanted: tuple[Wanted, ...]

    @property
    def amount(self) -> int:
        """What it would take from the account, in đồng."""
        return sum(one.amount for one in self.wanted)


def read_order(file: Path, *, payer: str = "0000000000", payer_bank: str = "000000") -> BankOrder:
    """Read an order from a file.

    Args:
        file: ``pain.001`` or a workbook.
        payer, payer_bank: The account and bank of a workbook, which says neither.

    Raises:
        OrderUnreadable: It is none, or its sums do not hold.
    """
    try:
        if file.suffix == ".xlsx":
            return BankOrder(file.stem, payer, payer_bank, tuple(_rows(file)))
        return _read_xml(file)
    except (
        etree.XMLSyntaxError,
        python_calamine.CalamineError,
        OSError,
        AttributeError,
        KeyError,
        ValueError,
    ) as wrong:
        raise OrderUnreadable(f"{file.name}: {wrong}") from wrong


def _read_xml(file: Path) -> BankOrder:
    wanted: list[Wanted] = []
    message, payer, payer_bank, count, total = "", "", "", 0, 0
    with file.open("rb") as content:
        for _event, element in etree.iterparse(
            content, events=("end",), tag=("{*}GrpHdr", "{*}DbtrAcct", "{*}DbtrAgt", "{*}CdtTrfTxInf"),
            resolve_entities=False, no_network=True, load_dtd=False,
        ):  # fmt: skip
            name = etree.QName(element).localname
            if name == "GrpHdr":
                message, count = _at(element, "MsgId"), int(_at(element, "NbOfTxs"))
                total = int(_at(element, "CtrlSum"))
            elif name == "DbtrAcct":
                payer = _at(element, "Id/{*}Othr/{*}Id")
            elif name == "DbtrAgt":
                payer_bank = _at(element, "FinInstnId/{*}ClrSysMmbId/{*}MmbId")
            else:
                wanted.append(_wanted(element))
                element.clear()
    if not message:
        raise ValueError("không phải pain.001")
    if (len(wanted), sum(one.amount for one in wanted)) != (count, total):
        raise ValueError("NbOfTxs, CtrlSum không khớp các lệnh")
    return BankOrder(message, payer, payer_bank, tuple(wanted))


def _wanted(element: Any) -> Wanted:
    return Wanted(
        key=_at(element, "PmtId/{*}EndToEndId"),
        amount=int(_at(element, "Amt/{*}InstdAmt")),
        holder=_at(element, "Cdtr/{*}Nm"),
        account=_at(element, "CdtrAcct/{*}Id/{*}Othr/{*}Id"),
        bank_code=element.findtext("{*}CdtrAgt/{*}FinInstnId/{*}ClrSysMmbId/{*}MmbId") or "",
        text=element.findtext("{*}RmtInf/{*}Ustrd") or "",
    )


def _at(element: Any, path: str) -> str:
    found = element.findtext(f"{{*}}{path}")
    if found is None:
        raise ValueError(f"thiếu {path.replace('{*}', '')}")
    return str(found)


def _rows(file: Path) -> Iterator[Wanted]:
    with python_calamine.CalamineWorkbook.from_path(str(file)) as book:
        rows = book.get_sheet_by_index(0).iter_rows()
        heads = [str(head) for head in next(rows)]
        key, amount = _place(heads, "Mã dòng chi", "Ma dong"), _place(heads, "Số tiền", "So tien")
        holder, account = _place(heads, "Tên chủ tài khoản", "Ten"), _place(heads, "Số tài khoản", "So tai khoan")
        for row in rows:
            yield Wanted(
                str(row[key]), int(str(row[amount]).removesuffix(".0")), str(row[holder]), str(row[account]), "", ""
            )


def _place(heads: list[str], *names: str) -> int:
    for place, head in enumerate(heads):
        if any(head.lower().startswith(name.lower()) for name in names):
            return place
    raise ValueError(f"không có cột {names[0]}")
