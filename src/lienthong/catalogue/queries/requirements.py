"""What must be handed in, and what is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from lienthong.catalogue.definition import ANY_CHANNEL
from lienthong.catalogue.models import Fee, ProcedureVersion, RequiredItem
from lienthong.catalogue.states import ItemKind


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenItem:
    """What was handed in for one item: papers by their form, files, or the paper only shown."""

    originals: int = 0
    certified_copies: int = 0
    copies: int = 0
    files: int = 0
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class MissingItem:
    """One item that is not there, or not often enough. ``words`` says what still has to come."""

    number: int
    name: str
    words: str

    def __str__(self) -> str:
        return f"{self.name} ({self.words})" if self.words else self.name


def items_missing_from(version: ProcedureVersion, given: Mapping[int, GivenItem]) -> tuple[MissingItem, ...]:
    """Return everything that is still missing, at once and in the order of the checklist.

    Giấy tờ còn thiếu. A paper that is asked for only in some cases is left to the officer; what can be looked up in a
    database is never demanded; a file stands for the paper it shows, an original for any copy of it.

    Args:
        version: The version under which is filed.
        given: What was handed in, by the number of the item.
    """
    return tuple(
        MissingItem(item.number, item.name, words)
        for item in sorted(version.items.all(), key=lambda one: one.number)
        if item.is_required and not item.condition
        for words in [_still_needed(item, given.get(item.number, GivenItem()))]
        if words is not None
    )


def _still_needed(item: RequiredItem, given: GivenItem) -> str | None:
    anything = given.originals + given.certified_copies + given.copies + given.files
    if item.kind == ItemKind.DATA_LOOKUP or (given.files and item.kind != ItemKind.PRESENT_ONLY):
        return None
    if item.kind == ItemKind.PRESENT_ONLY:
        return None if given.is_shown or anything else _("chưa xuất trình")
    if item.kind == ItemKind.E_FORM:
        return None if anything else _("chưa kê khai")
    if item.kind == ItemKind.ORIGINAL:
        lacking, words = max(item.originals, 1) - given.originals, _("thiếu %(count)s bản chính")
    elif item.kind == ItemKind.CERTIFIED_COPY:
        usable = given.certified_copies + given.originals
        lacking, words = max(item.copies, 1) - usable, _("thiếu %(count)s bản sao chứng thực")
    else:
        usable = given.copies + given.certified_copies + given.originals
        lacking, words = max(item.copies, 1) - usable, _("thiếu %(count)s bản sao")
    return words % {"count": lacking} if lacking > 0 else None


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
