"""``pain.002``, a bank's report on an order: which transfers it will not pay, and why. Báo kết quả lệnh chi."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lienthong.payments.incoming.cells import clean, clean_reference
from lienthong.payments.incoming.refusals import AnswerRefused, DamagedAnswer, TooManyLines
from lienthong.payments.incoming.values import MOST_LINES, StatusHead, StatusLine
from lienthong.payments.incoming.xml_walk import child, children, forget, local, text, walk

_ENTRY: Final = "Lệnh"
_REJECTED: Final = frozenset({"RJCT", "CANC"})
_KNOWN: Final = _REJECTED | {
    "ACCC",
    "ACCP",
    "ACSC",
    "ACSP",
    "ACTC",
    "ACWC",
    "ACWP",
    "PART",
    "PDNG",
    "RCVD",
    "ACFC",
    "BLCK",
}


def read_status_report(file: Path) -> Iterator[StatusLine | StatusHead]:
    """Yield what became of each transfer that the report names, then what it says about the whole order.

    Raises:
        AnswerRefused: With entry, field and reason. What was yielded before is worth nothing.
    """
    lines, head = 0, None
    for element in walk(file, ("TxInfAndSts", "CstmrPmtStsRpt")):
        if local(element) == "TxInfAndSts":
            lines += 1
            if lines > MOST_LINES:
                raise TooManyLines("Báo kết quả có quá nhiều lệnh.", row=lines, row_word=_ENTRY)
            yield _line(element, lines)
            forget(element)
        elif head is None:
            head = _head(element, lines)
    if head is None:
        raise DamagedAnswer("Tệp pain.002 không có báo kết quả nào (CstmrPmtStsRpt). Hãy lấy lại từ ngân hàng.")
    yield head


def _line(element: Any, number: int) -> StatusLine:
    status = text(element, "TxSts")
    if status not in _KNOWN:
        raise AnswerRefused(
            f"trạng thái “{status[:10]}” không có trong chuẩn.", row=number, column="TxSts", row_word=_ENTRY
        )
    reference = clean_reference(text(element, "OrgnlEndToEndId")) or clean_reference(text(element, "OrgnlInstrId"))
    if not reference:
        raise AnswerRefused("không ghi mã lệnh gốc.", row=number, column="OrgnlEndToEndId", row_word=_ENTRY)
    code, reason = _reason(element)
    return StatusLine(number, reference, status in _REJECTED, status, code, reason)


def _head(element: Any, lines: int) -> StatusHead:
    report_id = clean(text(element, "GrpHdr", "MsgId"), at_most=60)
    group = child(element, "OrgnlGrpInfAndSts")
    if group is None or not report_id:
        raise AnswerRefused("Báo kết quả không ghi số của nó (MsgId) hoặc lệnh gốc (OrgnlGrpInfAndSts).")
    payments = children(element, "OrgnlPmtInfAndSts")
    status, told_by = text(group, "GrpSts"), group
    if status not in _REJECTED:
        # An order of ours has one payment block: the bank that rejects the block rejects the order.
        for payment in payments:
            if text(payment, "PmtInfSts") in _REJECTED:
                status, told_by = text(payment, "PmtInfSts"), payment
    code, reason = _reason(told_by)
    return StatusHead(
        report_id=report_id,
        message_id=clean(text(group, "OrgnlMsgId"), at_most=35),
        is_rejected=status in _REJECTED,
        status=clean(status, at_most=10),
        code=code,
        reason=reason,
        lines=lines,
    )


def _reason(element: Any) -> tuple[str, str]:
    """Return the code of the first reason, and what the bank adds in words."""
    code, words = "", []
    for told in children(element, "StsRsnInf"):
        code = code or text(told, "Rsn", "Cd") or text(told, "Rsn", "Prtry")
        words += [part.text or "" for part in children(told, "AddtlInf")]
    return clean(code, at_most=20), clean(" ".join(words), at_most=300)
