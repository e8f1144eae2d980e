"""What the bank decides about each transfer: a wish says how many go wrong; which ones follows from their names alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from lienthong.ops.simulated_bank.orders import BankOrder, Wanted

_SCALE = 1_000_000
_REJECTIONS = ("AC01", "AC04", "AC06", "BE01")
_RETURNS = ("AC04", "MD07", "MS02")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How badly the bank answers: shares of one, each of another part of the transfers. Mức độ lỗi.

    Attributes:
        rejected: Not paid, told in the report.
        returned: Paid, and given back later in the same statement.
        doubled: Booked twice.
        changed: Booked with another amount.
        silent: Neither booked nor told.
        foreign: Bookings that no order asked for, as a share of the order.
        seed: Another seed chooses other transfers.
        by_place: Choose by the place in the order, and not by the name of the line, which counts all lines ever paid.
    """

    rejected: float = 0.01
    returned: float = 0.005
    doubled: float = 0.0
    changed: float = 0.0
    silent: float = 0.0
    foreign: float = 0.0
    seed: str = ""
    by_place: bool = False


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking on the payer's account, below 0 what left it."""

    key: str
    amount: int
    text: str
    is_return: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """What the bank answers to an order."""

    order: BankOrder
    booked_on: date
    opening: int
    bookings: tuple[Booking, ...]
    rejected: tuple[tuple[Wanted, str], ...] = field(default=())

    @property
    def closing(self) -> int:
        """The balance afterwards, in đồng."""
        return self.opening + sum(booking.amount for booking in self.bookings)


def answer(order: BankOrder, wishes: Wishes, *, on: date, opening: int | None = None) -> BankAnswer:
    """Decide what becomes of each transfer.

    Args:
        order: What is asked for.
        wishes: How badly.
        on: Day of booking.
        opening: Balance before; twice the order when None.
    """
    bookings: list[Booking] = []
    returns: list[Booking] = []
    rejected: list[tuple[Wanted, str]] = []
    for place, one in enumerate(order.wanted):
        fate, dice = _fate(str(place) if wishes.by_place else one.key, wishes)
        if fate == "rejected":
            rejected.append((one, _REJECTIONS[dice % len(_REJECTIONS)]))
        elif fate != "silent":
            amount = one.amount + (1_000 if fate == "changed" else 0)
            bookings.append(Booking(one.key, -amount, one.text))
            if fate == "doubled":
                bookings.append(Booking(one.key, -amount, one.text))
            if fate == "returned":
                returns.append(Booking(one.key, amount, one.text, True, _RETURNS[dice % len(_RETURNS)]))
    foreign = [
        Booking("", -11_000 - number, "Phi dich vu") for number in range(round(len(order.wanted) * wishes.foreign))
    ]
    return BankAnswer(
        order,
        on,
        2 * order.amount if opening is None else opening,
        (*bookings, *returns, *foreign),
        tuple(rejected),
    )


def _fate(key: str, wishes: Wishes) -> tuple[str, int]:
    digest = hashlib.sha256(f"{wishes.seed}:{key}".encode()).digest()
    dice, more = int.from_bytes(digest[:8], "big") % _SCALE, digest[8]
    edge = 0.0
    for name, share in _shares(wishes):
        edge += share * _SCALE
        if dice < edge:
            return name, more
    return "paid", more


def _shares(wishes: Wishes) -> Iterator[tuple[str, float]]:
    for name in ("rejected", "returned", "doubled", "changed", "silent"):
        yield name, getattr(wishes, name)
