"""Opening balance, lines, closing balance: do they add up? Kiểm tra số dư."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lienthong.kernel.money import format_dong
from lienthong.payments.incoming.refusals import SumsDiffer, TooManyLines
from lienthong.payments.incoming.values import MOST_LINES


@dataclass(slots=True)
class Tally:
    """Counts the lines of one statement as they go by."""

    lines: int = 0
    amount: int = 0
    first_day: date | None = None
    last_day: date | None = None

    def add(self, amount: int, booked_on: date) -> int:
        """Count one line and return its number.

        Raises:
            TooManyLines: Longer than any statement of a province.
        """
        self.lines += 1
        if self.lines > MOST_LINES:
            limit = f"{MOST_LINES:,}".replace(",", ".")
            raise TooManyLines(
                f"sao kê có hơn {limit} dòng, quá số nhận được trong một tệp. Hãy chia theo ngày.", row=self.lines
            )
        self.amount += amount
        if self.first_day is None or booked_on < self.first_day:
            self.first_day = booked_on
        if self.last_day is None or booked_on > self.last_day:
            self.last_day = booked_on
        return self.lines

    def must_close(self, *, opening: int, closing: int, statement_id: str) -> None:
        """Refuse a statement whose lines do not lead from one balance to the other.

        Raises:
            SumsDiffer: With the three figures.
        """
        if opening + self.amount != closing:
            raise SumsDiffer(
                f"Sao kê {statement_id or '(không số)'} không khớp: số dư đầu {format_dong(opening)}, cộng các dòng "
                f"{format_dong(self.amount)}, phải bằng {format_dong(opening + self.amount)} nhưng số dư cuối ghi "
                f"{format_dong(closing)} (lệch {format_dong(closing - opening - self.amount)}). "
                "Tệp có thể thiếu dòng; hãy lấy lại từ ngân hàng."
            )
