"""Statements written by hand, for tests of what is refused."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from lienthong.payments.incoming.recognising import kind_of, read_any_statement
from lienthong.payments.incoming.values import Statement, whole_statements
from lienthong.payments.templates import InTemplate

BOOKING = """<Ntry><Amt Ccy="VND">540000</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-09-07</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>LT00000000000195</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>"""
CAMT = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt>
<Id>SK1</Id><FrToDt><FrDtTm>2026-09-07T00:00:00</FrDtTm><ToDtTm>2026-09-07T23:59:59</ToDtTm></FrToDt>
<Acct><Id><Othr><Id>0805000123456</Id></Othr></Id><Ccy>VND</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">1000000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-09-07</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">460000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-09-07</Dt></Dt></Bal>
{BOOKING}</Stmt></BkToCstmrStmt></Document>"""
SWIFT = """:20:LT1
:25:0805000123456
:28C:00042/1
:60F:C260907VND1000000,
:61:2609070907D540000,NTRFLT00000000000195//FT1
:86:TRO CAP
:62F:C260907VND460000,
-
"""
COLUMNS = ("Ngày giao dịch", "Mã tham chiếu", "Ghi nợ", "Ghi có", "Nội dung")
ROW = (date(2026, 9, 7), "LT00000000000195", 540_000, None, "TRO CAP")
FACTS: Mapping[str, Any] = {
    "Số tài khoản": "0805000123456", "Số sao kê": "42", "Số dư đầu kỳ": 1_000_000, "Số dư cuối kỳ": 460_000,
}  # fmt: skip


def text_file(folder: Path, content: str | bytes) -> Path:
    file = folder / "answer"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def workbook(
    folder: Path,
    *,
    rows: Sequence[Sequence[Any]] = (ROW,),
    columns: Sequence[str] = COLUMNS,
    facts: Mapping[str, Any] = FACTS,
    below: Sequence[Sequence[Any]] = (),
) -> Path:
    file = folder / "answer.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        page, days = book.add_worksheet("SaoKe"), book.add_format({"num_format": "dd/mm/yyyy"})
        lines = [*facts.items(), (), columns, *rows, *below]
        for row, cells in enumerate(lines):
            for place, value in enumerate(cells):
                if isinstance(value, date):
                    page.write_datetime(row, place, datetime(value.year, value.month, value.day), days)
                elif isinstance(value, str):
                    page.write_string(row, place, value)
                elif value is not None:
                    page.write_number(row, place, value)
    return file


def read(file: Path, template: InTemplate | None = None) -> list[Statement]:
    return list(whole_statements(read_any_statement(file, kind_of(file), template=template or InTemplate())))
