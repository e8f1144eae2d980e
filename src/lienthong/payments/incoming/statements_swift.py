"""MT940, the statement of SWIFT, line by line: pages of one statement follow each other and their balances must chain.

Sao kê SWIFT. ``:61:`` gives a booking, ``:86:`` its words; only the letters that SWIFT knows, or UTF-8 at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from lienthong.payments.incoming.cells import clean, clean_reference
from lienthong.payments.incoming.refusals import (
    AnswerRefused,
    DamagedAnswer,
    EmptyAnswer,
    SumsDiffer,
    WrongAmount,
    WrongCurrency,
)
from lienthong.payments.incoming.tallying import Tally
from lienthong.payments.incoming.values import StatementHead, StatementLine
from lienthong.payments.line_keys import line_named_in

_TAG: Final = re.compile(r":(\d{2}[A-Z]?):(.*)", re.DOTALL)
_BOOKING: Final = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4})?(?P<mark>R?[CD])(?P<funds>[A-Z])?(?P<amount>[\d.,-]+?)(?P<kind>[NFS][A-Z0-9]{3})(?P<rest>.*)",
    re.ASCII,
)
_BALANCE: Final = re.compile(r"([CD])(\d{6})([A-Z]{3})([\d.,-]+)", re.ASCII)
_AMOUNT: Final = re.compile(r"\d{1,15},\d{0,2}", re.ASCII)
_LONGEST_LINE: Final = 4096
_MOST_TAG_LINES: Final = 60
_AFTER_THE_END: Final = frozenset({"64", "65", "86"})
# Banks break words off where a line of SWIFT is full; the two halves belong together.
_FULL_LINE: Final = 65
# The envelope of a message: its end, its trailer, the heads of the next one.
_ENVELOPE: Final = re.compile(r"(?:-\})?(?:\{[1235S]:(?:[^{}]|\{[^{}]*\})*\}\s*)*(?:\{4:\s*)?")
# Banks number the parts of their words; a name may be cut in two by such a number.
_PART: Final = re.compile(r"\s?\?\d\d", re.ASCII)


@dataclass(slots=True)
class _Booking:
    row: int
    reference: str
    amount: int
    booked_on: date
    is_reversal: bool
    bank_reference: str
    words: str = ""


@dataclass(slots=True)
class _Reading:
    """One statement, over all of its pages."""

    account: str = ""
    statement_id: str = ""
    opening: int | None = None
    opened_on: date | None = None
    page_balance: int = 0
    page_sum: int = 0
    waits_for_page: bool = False
    booking: _Booking | None = None
    tally: Tally = field(default_factory=Tally)


def looks_like_swift(head: bytes) -> bool:
    """Tell whether a file begins as MT940 does."""
    return re.search(rb"(?m)(^|\})\s*:20:|\{1:F01|^:25:", head[:4096].removeprefix(b"\xef\xbb\xbf")) is not None


def read_swift_statements(file: Path) -> Iterator[StatementLine | StatementHead]:
    """Yield the lines of each statement and, when it has added up, its head.

    Raises:
        AnswerRefused: With line, field and reason. What was yielded before is worth nothing.
    """
    reading: _Reading | None = None
    statements = 0
    for row, tag, value in _fields(file):
        if tag == "20":
            reading = _next_page(reading, row)
        elif reading is None:
            if not statements or tag not in _AFTER_THE_END:
                raise DamagedAnswer(f"trường :{tag}: đứng trước khi sao kê bắt đầu (:20:).", row=row)
        elif tag in {"61", "62F", "62M"}:
            yield from _flush(reading)
            if tag == "61":
                _begin_booking(reading, value, row)
            elif (head := _close_page(reading, tag, value, row)) is not None:
                yield head
                reading, statements = None, statements + 1
        else:
            _take_head(reading, tag, value, row)
    if reading is not None:
        raise DamagedAnswer("Tệp MT940 dừng giữa chừng, chưa có số dư cuối (:62F:). Hãy lấy lại từ ngân hàng.")
    if not statements:
        raise DamagedAnswer("Tệp không có sao kê MT940 nào (:20: … :62F:).")


def _next_page(reading: _Reading | None, row: int) -> _Reading:
    if reading is None:
        return _Reading()
    if not reading.waits_for_page:
        raise DamagedAnswer("sao kê trước chưa có số dư cuối (:62F:).", row=row)
    return reading


def _fields(file: Path) -> Iterator[tuple[int, str, str]]:
    """Yield row, tag and value; a value may go on over lines."""
    tag, value, begun, parts, last = "", "", 0, 0, 0
    for row, line in _lines(file):
        if line in {"-", ""}:
            continue
        is_envelope = line.startswith(("-}", "{"))
        found = _TAG.fullmatch(_ENVELOPE.sub("", line, count=1) if is_envelope else line)
        if is_envelope and not found:
            if tag:
                yield begun, tag, value
            tag = ""
        elif found:
            if tag:
                yield begun, tag, value
            tag, value, begun, parts = found[1], found[2], row, 1
            last = len(found[2])
        elif tag and tag[:2] in {"61", "86"}:
            parts += 1
            if parts > _MOST_TAG_LINES:
                raise DamagedAnswer(f"trường :{tag}: dài bất thường.", row=row)
            value, last = f"{value}{'' if last == _FULL_LINE else chr(10)}{line}", len(line)
        elif tag:
            raise DamagedAnswer(f"dòng “{line[:30]}” không thuộc trường nào của MT940.", row=row)
        else:
            raise DamagedAnswer("tệp không bắt đầu như một sao kê MT940.", row=row)
    if tag:
        yield begun, tag, value


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    row = 0
    with file.open("rb") as content:
        while raw := content.readline(_LONGEST_LINE + 1):
            row += 1
            if row == 1:
                if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                    raise DamagedAnswer("Tệp MT940 ghi bằng UTF-16. Hãy lưu lại dạng văn bản thường (UTF-8) rồi nạp.")
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            if len(raw) > _LONGEST_LINE or b"\x00" in raw:
                raise DamagedAnswer("dòng dài bất thường hoặc có ký tự không phải văn bản.", row=row)
            try:
                yield row, raw.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError as wrong:
                raise DamagedAnswer(
                    f"có ký tự sai bảng mã ở vị trí {wrong.start + 1}; tệp phải là UTF-8 hoặc không dấu.", row=row
                ) from wrong
    if not row:
        raise EmptyAnswer("Tệp rỗng. Hãy lấy lại từ ngân hàng.")


def _take_head(reading: _Reading, tag: str, value: str, row: int) -> None:
    if tag == "86":
        if reading.booking is not None:
            reading.booking.words = clean(f"{reading.booking.words} {value}")
    elif tag == "25":
        account = clean(value.rpartition("/")[2], at_most=34)
        if reading.account and account != reading.account:
            raise DamagedAnswer("trang sau là của tài khoản khác.", row=row, column=":25:")
        reading.account = account
    elif tag == "28C":
        statement_id = clean(value.partition("/")[0], at_most=60)
        if reading.statement_id and statement_id != reading.statement_id:
            raise DamagedAnswer("thiếu trang cuối của sao kê trước.", row=row, column=":28C:")
        reading.statement_id = statement_id
    elif tag in {"60F", "60M"}:
        amount, day = _balance(value, tag, row)
        if (tag == "60F") == reading.waits_for_page:
            raise DamagedAnswer("thứ tự các trang của sao kê không đúng.", row=row, column=f":{tag}:")
        if reading.waits_for_page and amount != reading.page_balance:
            raise SumsDiffer("số dư đầu trang không bằng số dư cuối trang trước.", row=row, column=f":{tag}:")
        if reading.opening is None:
            reading.opening, reading.opened_on = amount, day
        reading.page_balance, reading.page_sum, reading.waits_for_page = amount, 0, False


def _begin_booking(reading: _Reading, value: str, row: int) -> None:
    if reading.opening is None or reading.waits_for_page:
        raise DamagedAnswer("bút toán đứng trước số dư đầu (:60F:).", row=row, column=":61:")
    first, _gap, more = value.partition("\n")
    found = _BOOKING.fullmatch(first.strip())
    if found is None:
        raise DamagedAnswer(f"“{first[:40]}” không đọc được như một bút toán.", row=row, column=":61:")
    reference, _strokes, bank_reference = found["rest"].partition("//")
    amount = _amount(found["amount"], row, ":61:")
    mark = found["mark"]
    leaves = mark in {"D", "RC"}
    reading.booking = _Booking(
        row=row,
        reference=clean_reference(reference),
        amount=-amount if leaves else amount,
        booked_on=_entry_day(found["value"], found["entry"], row),
        is_reversal=mark.startswith("R"),
        bank_reference=clean(bank_reference, at_most=35),
        words=clean(more),
    )


def _flush(reading: _Reading) -> Iterator[StatementLine]:
    if (booking := reading.booking) is not None:
        reading.booking = None
        reading.page_sum += booking.amount
        number = reading.tally.add(booking.amount, booking.booked_on)
        yield StatementLine(
            number, booking.reference, booking.amount, booking.booked_on, _without_parts(booking.words), booking.is_reversal,
            booking.bank_reference,
        )  # fmt: skip


def _without_parts(words: str) -> str:
    """Return words without the numbers of their parts, which are parted by a space unless that would cut a name of ours."""
    apart = clean(_PART.sub(" ", words))
    joined = clean(_PART.sub("", words))
    return joined if line_named_in(apart) is None and line_named_in(joined) is not None else apart


def _close_page(reading: _Reading, tag: str, value: str, row: int) -> StatementHead | None:
    closing, day = _balance(value, tag, row)
    if reading.opening is None or reading.waits_for_page:
        raise DamagedAnswer("có số dư cuối mà không có số dư đầu (:60F:).", row=row, column=f":{tag}:")
    if tag == "62M":
        page = Tally(amount=reading.page_sum)
        page.must_close(opening=reading.page_balance, closing=closing, statement_id=reading.statement_id)
        reading.page_balance, reading.waits_for_page = closing, True
        return None
    if not reading.account or not reading.statement_id:
        raise AnswerRefused("sao kê thiếu số tài khoản (:25:) hoặc số sao kê (:28C:).", row=row)
    reading.tally.must_close(opening=reading.opening, closing=closing, statement_id=reading.statement_id)
    first = min(filter(None, (reading.opened_on, reading.tally.first_day)))
    return StatementHead(
        bank_code="",
        bank_name="",
        account=reading.account,
        # Banks begin their numbers anew each year.
        statement_id=f"{day.year}/{reading.statement_id}",
        first_day=first,
        last_day=max(filter(None, (day, reading.tally.last_day))),
        opening=reading.opening,
        closing=closing,
        lines=reading.tally.lines,
    )


def _balance(value: str, tag: str, row: int) -> tuple[int, date]:
    found = _BALANCE.fullmatch(value.strip())
    if found is None:
        raise DamagedAnswer(f"“{value[:40]}” không đọc được như một số dư.", row=row, column=f":{tag}:")
    if found[3] != "VND":
        raise WrongCurrency(
            f"tiền tệ là “{found[3]}”, chỉ nhận sao kê tài khoản đồng Việt Nam (VND).", row=row, column=f":{tag}:"
        )
    amount = _amount(found[4], row, f":{tag}:")
    return (amount if found[1] == "C" else -amount), _day(found[2], row)


def _amount(text: str, row: int, column: str) -> int:
    if text.startswith("-"):
        raise WrongAmount(f"số tiền “{text[:30]}” âm; MT940 ghi chiều tiền riêng.", row=row, column=column)
    if not _AMOUNT.fullmatch(text):
        raise WrongAmount(f"“{text[:30]}” không phải số tiền của MT940 (ví dụ 540000,).", row=row, column=column)
    whole, _comma, fraction = text.partition(",")
    if fraction.strip("0"):
        raise WrongAmount(f"số tiền “{text}” có phần lẻ; đồng không có xu.", row=row, column=column)
    return int(whole)


def _day(text: str, row: int) -> date:
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError as wrong:
        raise AnswerRefused(f"“{text}” không phải ngày hợp lệ.", row=row) from wrong


def _entry_day(value: str, entry: str | None, row: int) -> date:
    """Return the day of booking: its year is that of the value day, unless New Year lies between the two."""
    valued_on = _day(value, row)
    if not entry:
        return valued_on
    month = int(entry[:2])
    year = valued_on.year + (1 if valued_on.month - month > 6 else -1 if month - valued_on.month > 6 else 0)
    return _day(f"{year % 100:02d}{entry}", row)
