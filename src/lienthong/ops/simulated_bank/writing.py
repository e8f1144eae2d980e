"""The bank's answers as files: ``pain.002``, ``camt.053``, MT940, a workbook. Written as the standard says, line by line."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from lxml import etree

from lienthong.ops.simulated_bank.answering import BankAnswer, Booking

_REASON = "Khong chuyen duoc"


def write_report(answer: BankAnswer, *, to: Path, version: str = "10") -> None:
    """Write ``pain.002``: the rejected transfers by name, all others accepted as a whole."""
    with etree.xmlfile(str(to), encoding="utf-8") as xml:
        xml.write_declaration()
        space = f"urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"
        with xml.element("Document", nsmap={None: space}), xml.element("CstmrPmtStsRpt"):
            head = etree.Element("GrpHdr")
            _put(head, MsgId=f"RPT-{answer.order.message_id}"[:35], CreDtTm=_moment(answer))
            xml.write(head)
            group = etree.Element("OrgnlGrpInfAndSts")
            _put(group, OrgnlMsgId=answer.order.message_id, OrgnlMsgNmId="pain.001.001.09")
            _put(group, OrgnlNbOfTxs=str(len(answer.order.wanted)), GrpSts="PART" if answer.rejected else "ACSC")
            xml.write(group)
            if answer.rejected:
                with xml.element("OrgnlPmtInfAndSts"):
                    xml.write(_text("OrgnlPmtInfId", answer.order.message_id))
                    for wanted, code in answer.rejected:
                        line = etree.Element("TxInfAndSts")
                        _put(line, OrgnlInstrId=wanted.key, OrgnlEndToEndId=wanted.key, TxSts="RJCT")
                        reason = etree.SubElement(line, "StsRsnInf")
                        _put(etree.SubElement(reason, "Rsn"), Cd=code)
                        _put(reason, AddtlInf=_REASON)
                        xml.write(line)


def write_statement(answer: BankAnswer, *, to: Path, statement_id: str, version: str = "08") -> None:
    """Write ``camt.053`` of one day."""
    with etree.xmlfile(str(to), encoding="utf-8") as xml:
        xml.write_declaration()
        space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
        with xml.element("Document", nsmap={None: space}), xml.element("BkToCstmrStmt"):
            head = etree.Element("GrpHdr")
            _put(head, MsgId=f"STM-{statement_id}"[:35], CreDtTm=_moment(answer))
            xml.write(head)
            with xml.element("Stmt"):
                for part in _statement_head(answer, statement_id, version):
                    xml.write(part)
                for number, booking in enumerate(answer.bookings, start=1):
                    xml.write(_entry(answer, booking, number, version))


def _statement_head(answer: BankAnswer, statement_id: str, version: str) -> list[Any]:
    span = etree.Element("FrToDt")
    day = answer.booked_on
    _put(
        span,
        FrDtTm=datetime.combine(day, time.min).isoformat(),
        ToDtTm=datetime.combine(day, time(23, 59, 59)).isoformat(),
    )
    account = etree.Element("Acct")
    _put(etree.SubElement(etree.SubElement(account, "Id"), "Othr"), Id=answer.order.payer)
    _put(account, Ccy="VND")
    agent = etree.SubElement(etree.SubElement(account, "Svcr"), "FinInstnId")
    _put(etree.SubElement(agent, "ClrSysMmbId"), MmbId=answer.order.payer_bank)
    balances = [_balance(answer, "OPBD", answer.opening), _balance(answer, "CLBD", answer.closing)]
    return [_text("Id", statement_id), _text("CreDtTm", _moment(answer)), span, account, *balances]


def _balance(answer: BankAnswer, code: str, amount: int) -> Any:
    balance = etree.Element("Bal")
    _put(etree.SubElement(etree.SubElement(balance, "Tp"), "CdOrPrtry"), Cd=code)
    _amount(balance, amount)
    _put(etree.SubElement(balance, "Dt"), Dt=answer.booked_on.isoformat())
    return balance


def _entry(answer: BankAnswer, booking: Booking, number: int, version: str) -> Any:
    entry = etree.Element("Ntry")
    _put(entry, NtryRef=str(number))
    _amount(entry, booking.amount)
    if booking.is_return:
        _put(entry, RvslInd="true")
    if version < "08":
        _put(entry, Sts="BOOK")
    else:
        _put(etree.SubElement(entry, "Sts"), Cd="BOOK")
    _put(etree.SubElement(entry, "BookgDt"), Dt=answer.booked_on.isoformat())
    _put(entry, AcctSvcrRef=f"FT{number:012d}")
    transfer = etree.SubElement(etree.SubElement(entry, "NtryDtls"), "TxDtls")
    _put(etree.SubElement(transfer, "Refs"), EndToEndId=booking.key or "NOTPROVIDED")
    if booking.text:
        _put(etree.SubElement(transfer, "RmtInf"), Ustrd=booking.text)
    if booking.is_return:
        _put(etree.SubElement(etree.SubElement(transfer, "RtrInf"), "Rsn"), Cd=booking.code)
    return entry


def write_swift(answer: BankAnswer, *, to: Path, number: str) -> None:
    """Write MT940 of one day."""
    day = f"{answer.booked_on:%y%m%d}"
    with to.open("w", encoding="ascii", newline="\r\n") as out:
        out.write(f":20:{answer.order.message_id[:16]}\n:25:{answer.order.payer}\n:28C:{number}/1\n")
        out.write(f":60F:{_sided(answer.opening)[0]}{day}VND{abs(answer.opening)},\n")
        for place, booking in enumerate(answer.bookings, start=1):
            mark = "D" if booking.amount < 0 else "RD" if booking.is_return else "C"
            out.write(f":61:{day}{day[2:]}{mark}{abs(booking.amount)},NTRF{booking.key or 'NONREF'}//FT{place:012d}\n")
            if booking.text:
                out.write(f":86:{booking.text[:65]}\n")
        out.write(f":62F:{_sided(answer.closing)[0]}{day}VND{abs(answer.closing)},\n-\n")


def write_workbook(answer: BankAnswer, *, to: Path, statement_id: str) -> None:
    """Write the statement as a workbook in the columns that most banks use."""
    with xlsxwriter.Workbook(str(to), {"constant_memory": True}) as book:
        page, days = book.add_worksheet("SaoKe"), book.add_format({"num_format": "dd/mm/yyyy"})
        head = (
            ("Số tài khoản:", answer.order.payer), ("Số sao kê:", statement_id), ("Số dư đầu kỳ:", answer.opening),
            ("Số dư cuối kỳ:", answer.closing),
        )  # fmt: skip
        for row, (words, value) in enumerate(head):
            page.write(row, 0, words)
            page.write(row, 1, value)
        for row, words in enumerate(("Từ ngày:", "Đến ngày:"), start=len(head)):
            page.write(row, 0, words)
            page.write_datetime(row, 1, datetime.combine(answer.booked_on, time.min), days)
        for place, words in enumerate(("Ngày giao dịch", "Mã tham chiếu", "Ghi nợ", "Ghi có", "Nội dung")):
            page.write(7, place, words)
        for row, booking in enumerate(answer.bookings, start=8):
            page.write_datetime(row, 0, datetime.combine(answer.booked_on, time.min), days)
            page.write_string(row, 1, booking.key)
            page.write_number(row, 2 if booking.amount < 0 else 3, abs(booking.amount))
            page.write_string(row, 4, booking.text)


def _amount(parent: Any, amount: int) -> None:
    etree.SubElement(parent, "Amt", Ccy="VND").text = str(abs(amount))
    _put(parent, CdtDbtInd=_sided(amount)[1])


def _sided(amount: int) -> tuple[str, str]:
    return ("C", "CRDT") if amount >= 0 else ("D", "DBIT")


def _moment(answer: BankAnswer) -> str:
    return datetime.combine(answer.booked_on, time(18)).isoformat()


def _put(parent: Any, **texts: str) -> None:
    for name, value in texts.items():
        etree.SubElement(parent, name).text = value


def _text(name: str, value: str) -> Any:
    element = etree.Element(name)
    element.text = value
    return element
