"""camt.053 as banks send it, and as an attacker or a broken line would."""

from pathlib import Path

import pytest

from lienthong.payments.incoming.recognising import kind_of
from lienthong.payments.incoming.refusals import (
    AnswerRefused,
    DamagedAnswer,
    DangerousAnswer,
    EmptyAnswer,
    NotAnAnswer,
    SumsDiffer,
    WrongAmount,
    WrongCurrency,
)
from lienthong.payments.incoming.status_report import read_status_report
from lienthong.payments.incoming.values import StatusHead, StatusLine
from tests.payments.incoming.statements import BOOKING, CAMT, read, text_file

BOMB = CAMT.replace(
    "?>",
    '?><!DOCTYPE D [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    1,
).replace("SK1", "&c;")
OUTSIDE = CAMT.replace("?>", '?><!DOCTYPE D [<!ENTITY f SYSTEM "file:///etc/passwd">]>', 1).replace("SK1", "&f;")
PARAMETER = CAMT.replace("?>", '?><!DOCTYPE D [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', 1)
EMPTY_TYPE = CAMT.replace("?>", "?><!DOCTYPE Document>", 1)


@pytest.mark.parametrize("content", [BOMB, OUTSIDE, PARAMETER, EMPTY_TYPE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_what_declares_a_document_type_is_not_read(tmp_path: Path, content: str, encoding: str) -> None:
    declared = content.replace('encoding="UTF-8"', "" if encoding != "utf-16" else 'encoding="UTF-16"')

    with pytest.raises(DangerousAnswer, match="DOCTYPE"):
        kind_of(text_file(tmp_path, declared.encode(encoding)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_a_file_is_read_in_the_encoding_that_it_declares(tmp_path: Path, encoding: str) -> None:
    content = CAMT.replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding)

    (statement,) = read(text_file(tmp_path, content))
    assert statement.lines[0].amount == -540_000


def test_bytes_that_are_not_the_declared_encoding_are_refused(tmp_path: Path) -> None:
    content = CAMT.replace("<Id>SK1</Id>", "<Id>Sao kê</Id>").encode("latin-1")

    with pytest.raises(DamagedAnswer):
        read(text_file(tmp_path, content))


@pytest.mark.parametrize("encoding", ["UTF-7", "IBM037", "x-unknown"])
def test_an_encoding_that_nobody_uses_is_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(AnswerRefused):
        read(text_file(tmp_path, CAMT.replace("UTF-8", encoding)))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    content = CAMT.encode()

    with pytest.raises(DamagedAnswer):
        read(text_file(tmp_path, content[: int(len(content) * share)]))


@pytest.mark.parametrize("content", ["", " \n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(EmptyAnswer):
        kind_of(text_file(tmp_path, content))


@pytest.mark.parametrize("content", ["<html><body>401</body></html>", "STT;So tien\n1;2\n", "%PDF-1.7", "{}"])
def test_another_kind_of_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(NotAnAnswer):
        kind_of(text_file(tmp_path, content))


@pytest.mark.parametrize(
    ("was", "now", "error", "words"),
    [
        ('>540000<', '>540000.50<', WrongAmount, "phần lẻ"),
        ('>540000<', '>-540000<', WrongAmount, "âm"),
        ('>540000<', '>540.000,00<', WrongAmount, "không phải số tiền"),
        ('>540000<', '>1e6<', WrongAmount, "không phải số tiền"),
        ('>540000<', '><', WrongAmount, "không phải số tiền"),
        ('>540000<', '>99999999999999999<', WrongAmount, "lớn bất thường"),
        ('"VND">540000', '"USD">540000', WrongCurrency, "USD"),
        ("<Ccy>VND</Ccy>", "<Ccy>EUR</Ccy>", WrongCurrency, "EUR"),
        (">460000<", ">460001<", SumsDiffer, "460.001"),
        ("DBIT", "OUT", AnswerRefused, "CRDT hoặc DBIT"),
        ("<Dt>2026-09-07</Dt></BookgDt>", "<Dt>07/09/2026</Dt></BookgDt>", AnswerRefused, "không phải ngày"),
        ("<Id>SK1</Id>", "", AnswerRefused, "không có số"),
        ("OPBD", "ITBD", AnswerRefused, "số dư đầu kỳ"),
        ("<Id>0805000123456</Id>", "", AnswerRefused, "số tài khoản"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(
    tmp_path: Path, was: str, now: str, error: type[AnswerRefused], words: str
) -> None:
    assert was in CAMT
    with pytest.raises(error, match=words):
        read(text_file(tmp_path, CAMT.replace(was, now)))


def test_a_refused_amount_names_entry_and_field(tmp_path: Path) -> None:
    content = CAMT.replace(BOOKING, BOOKING + BOOKING.replace("540000", "0.5"))

    with pytest.raises(WrongAmount) as refused:
        read(text_file(tmp_path, content))
    assert (refused.value.row, refused.value.column) == (2, "Amt")
    assert str(refused.value) == "Bút toán 2, cột “Amt”: số tiền “0.5” có phần lẻ; đồng không có xu."


def test_the_three_figures_of_a_statement_that_does_not_close(tmp_path: Path) -> None:
    with pytest.raises(SumsDiffer) as refused:
        read(text_file(tmp_path, CAMT.replace(">460000<", ">400000<")))
    said = str(refused.value).replace("\u00a0", " ")
    assert "1.000.000 ₫" in said
    assert "-540.000 ₫" in said
    assert "400.000 ₫" in said


def batch(*amounts: int, total: int) -> str:
    transfers = "".join(
        f'<TxDtls><Refs><EndToEndId>LT{number}</EndToEndId></Refs><Amt Ccy="VND">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls>'
        for number, amount in enumerate(amounts)
    )
    entry = (
        f'<Ntry><Amt Ccy="VND">{total}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><DtTm>2026-09-07T10:00:00+07:00'
        f"</DtTm></BookgDt><NtryDtls>{transfers}</NtryDtls></Ntry>"
    )
    return CAMT.replace(BOOKING, entry)


def test_a_booking_of_many_transfers_gives_a_line_for_each(tmp_path: Path) -> None:
    (statement,) = read(text_file(tmp_path, batch(200_000, 300_000, 40_000, total=540_000)))

    assert [(line.reference, line.amount) for line in statement.lines] == [
        ("LT0", -200_000), ("LT1", -300_000), ("LT2", -40_000),
    ]  # fmt: skip


def test_a_booking_whose_transfers_do_not_add_up_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SumsDiffer, match="bên trong"):
        read(text_file(tmp_path, batch(200_000, 300_000, total=540_000)))


OWN = '<Amt Ccy="VND">540000</Amt><CdtDbtInd>DBIT</CdtDbtInd>'


def charged(booked: int, *, told: str = "", own: str = OWN, way: str = "DBIT") -> str:
    """Return a statement of one booking whose transfer has an amount of its own."""
    entry = BOOKING.replace("</EndToEndId></Refs>", f"</EndToEndId></Refs>{own}", 1)
    entry = entry.replace(
        '<Ntry><Amt Ccy="VND">540000</Amt><CdtDbtInd>DBIT', f'<Ntry><Amt Ccy="VND">{booked}</Amt><CdtDbtInd>{way}', 1
    )
    closing = 1_000_000 + (booked if way == "CRDT" else -booked)
    return CAMT.replace(BOOKING, entry.replace("<NtryDtls>", f"{told}<NtryDtls>")).replace(">460000<", f">{closing}<")


TOLD = '<Chrgs><TtlChrgsAndTaxAmt Ccy="VND">3300</TtlChrgsAndTaxAmt></Chrgs>'
EACH = '<Chrgs><Rcrd><Amt Ccy="VND">3000</Amt></Rcrd><Rcrd><Amt Ccy="VND">300</Amt></Rcrd></Chrgs>'


@pytest.mark.parametrize("told", ["", TOLD, EACH])
def test_what_was_charged_with_a_transfer_stands_apart(tmp_path: Path, told: str) -> None:
    (statement,) = read(text_file(tmp_path, charged(543_300, told=told)))

    assert [(line.reference, line.amount) for line in statement.lines] == [("LT00000000000195", -540_000), ("", -3_300)]
    assert "Phí ngân hàng" in statement.lines[1].text
    assert statement.head.lines == 2


def test_what_came_back_less_a_charge_came_back_whole(tmp_path: Path) -> None:
    content = charged(536_700, own=OWN.replace("DBIT", "CRDT"), way="CRDT")

    (statement,) = read(text_file(tmp_path, content))
    assert [line.amount for line in statement.lines] == [540_000, -3_300]


def test_charges_of_many_bookings_are_one_line(tmp_path: Path) -> None:
    once = charged(543_300).replace(">1000000<", ">2000000<").replace(">456700<", ">370100<")
    entry = once[once.index("<Ntry>") : once.index("</Stmt>")]
    content = once.replace(entry, entry * 3)

    (statement,) = read(text_file(tmp_path, content))
    assert [line.amount for line in statement.lines] == [-540_000, -540_000, -540_000, -9_900]
    assert statement.lines[-1].text == "Phí ngân hàng thu cùng 3 bút toán"


@pytest.mark.parametrize(("booked", "told"), [(543_300, TOLD.replace("3300", "2200")), (536_700, ""), (1_080_000, "")])
def test_what_charges_do_not_explain_is_refused(tmp_path: Path, booked: int, told: str) -> None:
    with pytest.raises(SumsDiffer, match="bên trong"):
        read(text_file(tmp_path, charged(booked, told=told)))


def test_charges_of_several_transfers_are_those_that_are_told(tmp_path: Path) -> None:
    content = batch(200_000, 340_000, total=543_300)
    with pytest.raises(SumsDiffer, match="bên trong"):
        read(text_file(tmp_path, content.replace(">460000<", ">456700<")))

    told = content.replace("</EndToEndId></Refs>", f"</EndToEndId></Refs>{TOLD}", 1).replace(">460000<", ">456700<")
    (statement,) = read(text_file(tmp_path, told))
    assert [line.amount for line in statement.lines] == [-200_000, -340_000, -3_300]


def test_a_name_that_is_not_provided_is_looked_for_elsewhere(tmp_path: Path) -> None:
    content = CAMT.replace(
        "<EndToEndId>LT00000000000195<", "<InstrId>LT00000000000195</InstrId><EndToEndId>NOTPROVIDED<"
    )

    (statement,) = read(text_file(tmp_path, content))
    assert statement.lines[0].reference == "LT00000000000195"


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("2026-09-08T00:00:00", 7), ("2026-09-08T00:00:00.000+07:00", 7), ("2026-09-08T00:00:01", 8),
        ("2026-09-07T00:00:00", 7), ("2026-09-07T23:59:59Z", 7), ("2026-09-08", 8),
    ],
)  # fmt: skip
def test_until_midnight_is_until_the_day_before(tmp_path: Path, until: str, last: int) -> None:
    (statement,) = read(text_file(tmp_path, CAMT.replace("2026-09-07T23:59:59", until)))

    assert (statement.head.first_day.day, statement.head.last_day.day) == (7, last)


def test_a_transfer_without_its_own_amount_is_refused_among_others(tmp_path: Path) -> None:
    content = batch(200_000, 340_000, total=540_000).replace('<Amt Ccy="VND">340000</Amt>', "")

    with pytest.raises(AnswerRefused, match="không ghi số tiền riêng"):
        read(text_file(tmp_path, content))


def test_what_is_only_announced_is_no_booking(tmp_path: Path) -> None:
    (statement,) = read(text_file(tmp_path, CAMT.replace(BOOKING, BOOKING + BOOKING.replace("BOOK<", "PDNG<"))))

    assert len(statement.lines) == 1


def test_a_file_that_nests_without_end_is_refused(tmp_path: Path) -> None:
    deep = "<a>" * 3_000 + "</a>" * 3_000

    with pytest.raises(DamagedAnswer):
        read(text_file(tmp_path, CAMT.replace("<Id>SK1</Id>", f"<Id>SK1</Id>{deep}")))


REPORT = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>LT-1</OrgnlMsgId><GrpSts>{status}</GrpSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>
{lines}</CstmrPmtStsRpt></Document>"""


def test_a_bank_may_reject_the_whole_order(tmp_path: Path) -> None:
    (head,) = read_status_report(text_file(tmp_path, REPORT.format(status="RJCT", lines="")))

    assert isinstance(head, StatusHead)
    assert (head.is_rejected, head.code, head.message_id) == (True, "AM04", "LT-1")


def test_a_report_may_name_a_transfer_in_either_place(tmp_path: Path) -> None:
    names = "<OrgnlInstrId>LT00000000000195</OrgnlInstrId><OrgnlEndToEndId>NOTPROVIDED</OrgnlEndToEndId>"
    lines = f"<OrgnlPmtInfAndSts><TxInfAndSts>{names}<TxSts>RJCT</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>"

    line, _head = read_status_report(text_file(tmp_path, REPORT.format(status="PART", lines=lines)))
    assert isinstance(line, StatusLine)
    assert line.reference == "LT00000000000195"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("<OrgnlPmtInfAndSts><TxInfAndSts><TxSts>RJCT</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>", "mã lệnh gốc"),
        (
            "<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>A</OrgnlEndToEndId><TxSts>DONE</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>",
            "DONE",
        ),
    ],
)
def test_a_report_that_names_nothing_is_refused(tmp_path: Path, lines: str, words: str) -> None:
    with pytest.raises(AnswerRefused, match=words):
        list(read_status_report(text_file(tmp_path, REPORT.format(status="PART", lines=lines))))
