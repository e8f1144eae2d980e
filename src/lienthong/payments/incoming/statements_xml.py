"""``camt.053``, the statement of ISO 20022, versions .02 to .08 and later: names of elements decide, not their name space.

Sao kê tài khoản. A booking gives a line for each transfer inside, and their sum must be the booking. What the bank charged with
them and booked together is a line of its own at the end, so that each transfer has the amount that was ordered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from lienthong.kernel.money import format_dong
from lienthong.payments.incoming.cells import clean, clean_reference, iso_day, whole_amount
from lienthong.payments.incoming.refusals import AnswerRefused, DamagedAnswer, SumsDiffer, WrongCurrency
from lienthong.payments.incoming.tallying import Tally
from lienthong.payments.incoming.values import StatementHead, StatementLine
from lienthong.payments.incoming.xml_walk import child, children, forget, forget_elders, local, text, walk

_ENTRY: Final = "Bút toán"
_VND: Final = "VND"
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = ("CLBD",)
_TRUE: Final = frozenset({"true", "1"})
_MIDNIGHT: Final = re.compile(r".{10}T00:00(:00(\.0+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


@dataclass(slots=True)
class _Entry:
    """A booking whose transfers go by. The first is held back: alone and without an amount, it has that of the booking.

    ``charges`` is what its transfers say was charged for them.
    """

    number: int
    amount: int
    booked_on: date
    is_reversal: bool
    bank_reference: str
    held: Any = None
    transfers: int = 0
    sum: int = 0
    charges: int = 0


@dataclass(slots=True)
class _Reading:
    tally: Tally = field(default_factory=Tally)
    entries: int = 0
    entry: _Entry | None = None
    charged: int = 0
    charges: int = 0


def read_statements(file: Path) -> Iterator[StatementLine | StatementHead]:
    """Yield the lines of each statement and, when it has added up, its head.

    Raises:
        AnswerRefused: With entry, field and reason. What was yielded before is worth nothing.
    """
    reading, statements = _Reading(), 0
    for element in walk(file, ("TxDtls", "Ntry", "Stmt")):
        name, parent = local(element), element.getparent()
        if name == "TxDtls" and (booking := _booking_of(parent)) is not None:
            yield from _take_transfer(reading, element, booking)
            forget(element)
            forget_elders(parent)
        elif name == "Ntry" and parent is not None and local(parent) == "Stmt":
            yield from _end_entry(reading, element)
            forget(element)
        elif name == "Stmt":
            yield from _charges_line(reading)
            yield _head(reading, element)
            forget(element)
            statements += 1
            reading = _Reading()
    if not statements:
        raise DamagedAnswer("Tệp camt.053 không có sao kê nào (Stmt). Hãy lấy lại từ ngân hàng.")


def _booking_of(details: Any) -> Any | None:
    """Return the booking that a list of transfers belongs to; None for what only looks like one."""
    booking = details.getparent() if details is not None and local(details) == "NtryDtls" else None
    statement = booking.getparent() if booking is not None and local(booking) == "Ntry" else None
    return booking if statement is not None and local(statement) == "Stmt" else None


def _begin_entry(reading: _Reading, element: Any) -> _Entry:
    if reading.entry is None:
        reading.entries += 1
        number = reading.entries
        when = child(element, "BookgDt")
        if when is None:
            when = child(element, "ValDt")
        if when is None:
            raise AnswerRefused("thiếu ngày ghi sổ.", row=number, column="BookgDt", row_word=_ENTRY)
        reading.entry = _Entry(
            number=number,
            amount=_signed(element, number),
            booked_on=_day(when, number),
            is_reversal=text(element, "RvslInd") in _TRUE,
            bank_reference=clean(text(element, "AcctSvcrRef"), at_most=35),
        )
    return reading.entry


def _is_booked(element: Any) -> bool:
    status = child(element, "Sts")
    said = "" if status is None else text(status, "Cd") or (status.text or "").strip()
    return said in {"", "BOOK"}


def _take_transfer(reading: _Reading, element: Any, booking: Any) -> Iterator[StatementLine]:
    if not _is_booked(booking):
        return
    entry = _begin_entry(reading, booking)
    entry.transfers += 1
    entry.charges += _charges(element, entry.number)
    own = _own_amount(element, entry)
    line = (
        clean_reference(text(element, "Refs", "EndToEndId")) or clean_reference(text(element, "Refs", "InstrId")),
        own,
        _said(element),
        entry.is_reversal or child(element, "RtrInf") is not None,
        clean(text(element, "Refs", "AcctSvcrRef"), at_most=35) or entry.bank_reference,
        clean(text(element, "RtrInf", "Rsn", "Cd") or text(element, "RtrInf", "Rsn", "Prtry"), at_most=20),
    )
    if entry.transfers == 1:
        entry.held = line
        return
    if entry.held is not None:
        first, entry.held = entry.held, None
        yield _part(reading, entry, first)
    yield _part(reading, entry, line)


def _part(reading: _Reading, entry: _Entry, line: tuple[str, int | None, str, bool, str, str]) -> StatementLine:
    reference, amount, said, is_reversal, bank_reference, code = line
    if amount is None:
        raise AnswerRefused(
            "gồm nhiều lệnh nhưng có lệnh không ghi số tiền riêng.",
            row=entry.number,
            column="TxDtls/Amt",
            row_word=_ENTRY,
        )
    entry.sum += amount
    number = reading.tally.add(amount, entry.booked_on)
    return StatementLine(number, reference, amount, entry.booked_on, said, is_reversal, bank_reference, code)


def _end_entry(reading: _Reading, element: Any) -> Iterator[StatementLine]:
    if not _is_booked(element):
        return
    entry = _begin_entry(reading, element)
    reading.entry = None
    if entry.transfers > 1:
        _take_charges(reading, element, entry, entry.sum)
        return
    reference, own, said, is_reversal, bank_reference, code = entry.held or (
        clean_reference(text(element, "NtryRef")), None, "", entry.is_reversal, entry.bank_reference, "",
    )  # fmt: skip
    amount = entry.amount if own is None else own
    _take_charges(reading, element, entry, amount)
    number = reading.tally.add(amount, entry.booked_on)
    said = said or clean(text(element, "AddtlNtryInf"))
    yield StatementLine(number, reference, amount, entry.booked_on, said, is_reversal, bank_reference, code)


def _take_charges(reading: _Reading, element: Any, entry: _Entry, inside: int) -> None:
    """Put apart what a booking is beyond the transfers inside, which only charges can be: they leave the account.

    Banks that charge for one transfer do not always say so in the booking; of several transfers only what is said is believed.
    """
    charged = inside - entry.amount
    if not charged:
        return
    told = _charges(element, entry.number) or entry.charges
    is_said = charged == told if told or entry.transfers > 1 else charged < abs(inside)
    if charged < 0 or not is_said:
        raise SumsDiffer(
            f"các lệnh bên trong cộng lại {format_dong(inside)}, phí {format_dong(told)} nhưng bút toán ghi {format_dong(entry.amount)}.",
            row=entry.number, column="Amt", row_word=_ENTRY,
        )  # fmt: skip
    reading.charged += 1
    reading.charges += charged


def _charges(element: Any, number: int) -> int:
    """Return what a booking or a transfer says was charged for it."""
    total = 0
    for told in children(element, "Chrgs"):
        sums = [child(told, "TtlChrgsAndTaxAmt")]
        if sums == [None]:
            sums = [child(one, "Amt") for one in children(told, "Rcrd")] or [child(told, "Amt")]
        for amount in sums:
            if amount is not None:
                _must_be_dong(amount, number)
                total += whole_amount(amount.text or "", row=number, column="Chrgs", row_word=_ENTRY)
    return total


def _charges_line(reading: _Reading) -> Iterator[StatementLine]:
    """Give what was charged with the transfers of a statement as one line, which leaves the account on its last day."""
    if reading.charges and reading.tally.last_day is not None:
        day = reading.tally.last_day
        number = reading.tally.add(-reading.charges, day)
        yield StatementLine(number, "", -reading.charges, day, f"Phí ngân hàng thu cùng {reading.charged} bút toán")


def _own_amount(element: Any, entry: _Entry) -> int | None:
    """Return the signed amount of one transfer of a booking; None where it says none."""
    amount = child(element, "Amt")
    if amount is None:
        amount = child(element, "AmtDtls", "TxAmt", "Amt")
    if amount is None:
        return None
    _must_be_dong(amount, entry.number)
    value = whole_amount(amount.text or "", row=entry.number, column="TxDtls/Amt", row_word=_ENTRY)
    own_way = text(element, "CdtDbtInd")
    way = _way(own_way, entry.number) if own_way else (1 if entry.amount >= 0 else -1)
    return way * value


def _said(element: Any) -> str:
    remittance = child(element, "RmtInf")
    lines = [part.text or "" for part in children(remittance, "Ustrd")] if remittance is not None else []
    return clean(" ".join(lines) or text(element, "AddtlTxInf") or text(element, "RtrInf", "AddtlInf"))


def _signed(element: Any, number: int) -> int:
    amount = child(element, "Amt")
    if amount is None:
        raise AnswerRefused("thiếu số tiền.", row=number, column="Amt", row_word=_ENTRY)
    _must_be_dong(amount, number)
    value = whole_amount(amount.text or "", row=number, column="Amt", row_word=_ENTRY)
    return _way(text(element, "CdtDbtInd"), number) * value


def _way(indicator: str, number: int) -> int:
    if indicator not in {"CRDT", "DBIT"}:
        raise AnswerRefused(
            f"chiều tiền “{indicator[:10]}” không phải CRDT hoặc DBIT.", row=number, column="CdtDbtInd", row_word=_ENTRY
        )
    return 1 if indicator == "CRDT" else -1


def _must_be_dong(amount: Any, number: int) -> None:
    currency = amount.get("Ccy", "")
    if currency != _VND:
        raise WrongCurrency(
            f"tiền tệ là “{currency[:10]}”, chỉ nhận sao kê tài khoản đồng Việt Nam (VND).",
            row=number, column="Ccy", row_word=_ENTRY,
        )  # fmt: skip


def _day(element: Any, number: int) -> date:
    said = text(element, "Dt") or text(element, "DtTm")
    return iso_day(said, row=number, column="BookgDt", row_word=_ENTRY)


def _head(reading: _Reading, element: Any) -> StatementHead:
    statement_id = clean(text(element, "Id"), at_most=60)
    balances = children(element, "Bal")
    opening, opened_on = _balance(balances, _OPENING, "số dư đầu kỳ (OPBD)")
    closing, closed_on = _balance(balances, _CLOSING, "số dư cuối kỳ (CLBD)")
    account = child(element, "Acct")
    number = "" if account is None else text(account, "Id", "IBAN") or text(account, "Id", "Othr", "Id")
    if not number:
        raise AnswerRefused("Sao kê không ghi số tài khoản (Acct).")
    currency = text(account, "Ccy")
    if currency not in {"", _VND}:
        raise WrongCurrency(f"Tài khoản của sao kê là “{currency[:10]}”, chỉ nhận tài khoản đồng Việt Nam (VND).")
    if not statement_id:
        raise AnswerRefused("Sao kê không có số (Id).")
    reading.tally.must_close(opening=opening, closing=closing, statement_id=statement_id)
    first = _edge(element, "FrDtTm") or opened_on or reading.tally.first_day
    last = _last_edge(element, first) or closed_on or reading.tally.last_day
    if first is None or last is None or last < first:
        raise AnswerRefused("Sao kê không ghi rõ từ ngày, đến ngày (FrToDt).")
    member = text(account, "Svcr", "FinInstnId", "ClrSysMmbId", "MmbId") or text(
        account, "Svcr", "FinInstnId", "Othr", "Id"
    )
    named = text(account, "Svcr", "FinInstnId", "BICFI") or text(account, "Svcr", "FinInstnId", "BIC")
    return StatementHead(
        bank_code=member if len(member) == 6 and member.isdecimal() else "",
        bank_name=clean(named or text(account, "Svcr", "FinInstnId", "Nm") or member, at_most=60),
        account=clean(number, at_most=34),
        statement_id=statement_id,
        first_day=first,
        last_day=last,
        opening=opening,
        closing=closing,
        lines=reading.tally.lines,
    )


def _edge(element: Any, name: str) -> date | None:
    said = text(element, "FrToDt", name)
    return iso_day(said, row=0, column="FrToDt") if said else None


def _last_edge(element: Any, first: date | None) -> date | None:
    """Return the last day: a statement that goes until midnight ends with the day before."""
    last = _edge(element, "ToDtTm")
    is_midnight = _MIDNIGHT.fullmatch(text(element, "FrToDt", "ToDtTm")) is not None
    return last - timedelta(days=1) if last and is_midnight and (first is None or first < last) else last


def _balance(balances: list[Any], codes: tuple[str, ...], words: str) -> tuple[int, date | None]:
    for code in codes:
        for balance in balances:
            if text(balance, "Tp", "CdOrPrtry", "Cd") == code:
                amount = child(balance, "Amt")
                if amount is None:
                    break
                _must_be_dong(amount, 0)
                value = whole_amount(amount.text or "", row=0, column=words)
                day = text(balance, "Dt", "Dt") or text(balance, "Dt", "DtTm")
                way = _way(text(balance, "CdtDbtInd"), 0)
                return way * value, iso_day(day, row=0, column=words) if day else None
    raise AnswerRefused(f"Sao kê không ghi {words}, nên không kiểm tra được có đủ dòng hay không.")
