"""What is paid."""

from __future__ import annotations

from datetime import date

from lienthong.catalogue.definition import ANY_CHANNEL
from lienthong.catalogue.models import Fee, ProcedureVersion


def fees_on(version: ProcedureVersion, *, on: date, channel: str | None = None) -> tuple[Fee, ...]:
    """Return what is paid on a day, for one channel or all. Empty means that nobody has said, not that it is free."""
    return tuple(
        fee
        for fee in sorted(version.fees.all(), key=lambda one: (one.channel != channel, one.note, one.pk))
        if fee.valid_from <= on
        and (fee.valid_until is None or on < fee.valid_until)
        and (channel is None or fee.channel in {channel, ANY_CHANNEL})
    )


def fee_on(version: ProcedureVersion, *, channel: str, on: date) -> int | None:
    """Return the one amount to be paid, in whole đồng; None where none is known or the case decides between several."""
    fees = fees_on(version, on=on, channel=channel)
    own = [fee for fee in fees if fee.channel == channel] or fees
    amounts = {fee.amount for fee in own}
    return amounts.pop() if len(amounts) == 1 else None
