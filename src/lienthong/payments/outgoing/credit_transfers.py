"""An order as ISO 20022 ``pain.001.001.09``, written line by line.

Lệnh chuyển tiền theo lô. The transfer's ``EndToEndId`` is the name of our line; banks give it back in their answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree

from lienthong.kernel.text import nfc, swift_text
from lienthong.payments.outgoing.values import Order, OrderRefused, Sums, Transfer

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
CURRENCY: Final = "VND"
_LONGEST_NAME: Final = 140
_LONGEST_TEXT: Final = 140
_LONGEST_ACCOUNT: Final = 34
_CLEARING: Final = "VNNAP"
_NOT_FOR_A_NAME: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_AT_ONCE: Final = 500


def write_credit_transfers(order: Order, transfers: Iterable[Transfer], *, to: IO[bytes] | Path) -> Sums:
    """Write an order; what is in memory does not grow with its lines.

    Args:
        order: The head.
        transfers: The lines, in the order in which they shall stand.
        to: An open file or a path.

    Returns:
        What was written.

    Raises:
        OrderRefused: Lines and head contradict each other, or a line cannot be paid; what was written is worth nothing.
    """
    sums = Sums()
    with etree.xmlfile(str(to) if isinstance(to, Path) else to, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("Document", nsmap={None: NAMESPACE}), xml.element("CstmrCdtTrfInitn"):
            xml.write(_group(order))
            with xml.element("PmtInf"):
                for part in _payment_head(order):
                    xml.write(part)
                for number, transfer in enumerate(transfers, start=1):
                    sums.add(transfer)
                    xml.write(_transfer(order, transfer))
                    if number % _AT_ONCE == 0:
                        xml.flush()
    sums.must_be(lines=order.lines, amount=order.amount)
    return sums


def _group(order: Order) -> Any:
    head = etree.Element("GrpHdr")
    _text(head, "MsgId", order.message_id)
    _text(head, "CreDtTm", f"{order.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    _text(head, "NbOfTxs", str(order.lines))
    _text(head, "CtrlSum", str(order.amount))
    _text(etree.SubElement(head, "InitgPty"), "Nm", _name(order, order.payer.name))
    return head


def _payment_head(order: Order) -> Iterable[Any]:
    for name, value in (
        ("PmtInfId", order.message_id),
        ("PmtMtd", "TRF"),
        ("BtchBookg", "false"),
        ("NbOfTxs", str(order.lines)),
        ("CtrlSum", str(order.amount)),
    ):
        yield _alone(name, value)
    day = etree.Element("ReqdExctnDt")
    _text(day, "Dt", order.pay_on.isoformat())
    yield day
    debtor = etree.Element("Dbtr")
    _text(debtor, "Nm", _name(order, order.payer.name))
    yield debtor
    account = etree.Element("DbtrAcct")
    _account(account, order.payer.account)
    _text(account, "Ccy", CURRENCY)
    yield account
    agent = etree.Element("DbtrAgt")
    _agent(agent, order.payer.bank_code)
    yield agent
    yield _alone("ChrgBr", "DEBT")


def _transfer(order: Order, transfer: Transfer) -> Any:
    line = etree.Element("CdtTrfTxInf")
    names = etree.SubElement(line, "PmtId")
    _text(names, "InstrId", transfer.key)
    _text(names, "EndToEndId", transfer.key)
    amount = etree.SubElement(etree.SubElement(line, "Amt"), "InstdAmt", Ccy=CURRENCY)
    amount.text = str(transfer.amount)
    if transfer.bank_code:  # mobile money is known by its number alone
        _agent(etree.SubElement(line, "CdtrAgt"), transfer.bank_code)
    _text(etree.SubElement(line, "Cdtr"), "Nm", _name(order, transfer.holder))
    _account(etree.SubElement(line, "CdtrAcct"), transfer.account)
    if said := _said(order, transfer.purpose, _LONGEST_TEXT):
        _text(etree.SubElement(line, "RmtInf"), "Ustrd", said)
    return line


def _agent(parent: Any, bank_code: str) -> None:
    member = etree.SubElement(etree.SubElement(parent, "FinInstnId"), "ClrSysMmbId")
    _text(etree.SubElement(member, "ClrSysId"), "Prtry", _CLEARING)
    _text(member, "MmbId", bank_code)


def _account(parent: Any, number: str) -> None:
    if len(number) > _LONGEST_ACCOUNT or not number.isascii() or not number.isalnum():
        raise OrderRefused(f"Số tài khoản “{number[:40]}” chỉ được gồm chữ và số, nhiều nhất {_LONGEST_ACCOUNT} ký tự.")
    _text(etree.SubElement(etree.SubElement(parent, "Id"), "Othr"), "Id", number)


def _name(order: Order, name: str) -> str:
    said = _said(order, name, _LONGEST_NAME)
    if not said:
        raise OrderRefused(
            f"Tên “{name[:60]}” không còn chữ nào sau khi bỏ dấu cho ngân hàng. Hãy sửa tên chủ tài khoản."
        )
    return said


def _said(order: Order, text: str, at_most: int) -> str:
    if order.plain_letters:
        return swift_text(text, at_most=at_most)
    return " ".join(_NOT_FOR_A_NAME.sub(" ", nfc(text)).split())[:at_most].rstrip()


def _text(parent: Any, name: str, value: str) -> None:
    etree.SubElement(parent, name).text = value


def _alone(name: str, value: str) -> Any:
    element = etree.Element(name)
    element.text = value
    return element
