"""What stands in a file that leaves the house: plain frozen values, whichever form the file has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


class OrderRefused(ValueError):
    """A file cannot be made of these values; the message says which and what to do. Nothing is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The account of the province that the money leaves. Tài khoản chi.

    Attributes:
        name: Who holds the account.
        bank_code: Six digits of the bank.
        account: Number of the account, text.
    """

    name: str
    bank_code: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One transfer to one account. Lệnh chuyển tiền.

    Attributes:
        key: Name of our line, which comes back in the answer.
        amount: Whole đồng, more than 0.
        holder: Name of the holder of the account as the bank knows it.
        bank_code: Six digits of the bank; empty for mobile money, which its number alone finds.
        purpose: What the person sees in the bank's message.
    """

    key: str
    amount: int
    holder: str
    bank_code: str
    account: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a file of transfers says before the first of them. Lệnh chi theo lô.

    Attributes:
        message_id: Our number of the file, at most 35 plain letters.
        made_at: Moment of release: the same order gives the same bytes whenever it is written.
        pay_on: Day on which the bank shall pay.
        lines: How many transfers follow.
        amount: Their sum in whole đồng.
        plain_letters: Write names without diacritics, as banks ask that read the SWIFT letters only.
    """

    message_id: str
    made_at: datetime
    pay_on: date
    payer: Payer
    lines: int
    amount: int
    plain_letters: bool = True


@dataclass(slots=True)
class Sums:
    """Counts what is written, and says at the end whether it is what the order promised."""

    lines: int = 0
    amount: int = 0

    def add(self, transfer: Transfer) -> None:
        """Count one transfer.

        Raises:
            OrderRefused: It pays nothing, or names no account.
        """
        if transfer.amount <= 0:
            raise OrderRefused(f"Dòng {transfer.key} có số tiền {transfer.amount} đồng; lệnh chi phải lớn hơn 0.")
        if not transfer.account or not transfer.holder.strip():
            raise OrderRefused(
                f"Dòng {transfer.key} thiếu số tài khoản hoặc tên chủ tài khoản. Hãy bổ sung trước khi chi."
            )
        self.lines += 1
        self.amount += transfer.amount

    def must_be(self, *, lines: int, amount: int) -> None:
        """Refuse a file whose lines are not what its head says.

        Raises:
            OrderRefused: Count or sum differs.
        """
        if (self.lines, self.amount) != (lines, amount):
            raise OrderRefused(
                f"Lệnh chi ghi {lines} dòng, {amount} đồng nhưng có {self.lines} dòng, {self.amount} đồng. "
                "Số liệu của kỳ đã thay đổi trong lúc xuất; hãy xuất lại."
            )
