"""How a register of this house is verified without a file: whoever keeps it registers a source. Nguồn sổ.

A programme's register reaches verification from above in this one way; nothing here names a programme.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import polars as pl

from lienthong.accounts.models import User


class RegisterSource:
    """Base of every source: a register that this house keeps, read in columns.

    Attributes:
        key: Opaque name, stored with the register.
        name: What people call it.
    """

    key: str = ""
    name: str = ""

    def read(self, *, on: date) -> pl.DataFrame:
        """Return the canonical columns of the register as it is on a day, read set by set and never row by row."""
        raise NotImplementedError

    def apply_correction(
        self, record_key: str, changes: Mapping[str, tuple[str, str]], *, acting_user: User, now: datetime
    ) -> None:
        """Write a decided correction into the register itself, in the transaction that decides it.

        An exception undoes the decision too. A source that only shows its records does nothing here.

        Args:
            record_key: The record, by the key that ``read`` gave it.
            changes: Column of a register entry → what it said and what it says from now on.
            acting_user: Who decided.
            now: When.
        """


class SourceUnknown(LookupError):
    """No source has this key any more."""

    def __init__(self, key: str) -> None:
        super().__init__(f"Nguồn sổ “{key}” không còn trong hệ thống. Hãy chọn nguồn khác hoặc dùng tệp.")


_SOURCES: dict[str, RegisterSource] = {}


def register(source: RegisterSource) -> None:
    """Let a register of this house be verified. A second source under one key is refused."""
    known = _SOURCES.setdefault(source.key, source)
    if known is not source and type(known) is not type(source):
        raise ValueError(f"{source.key} is already a source")


def source_of(key: str) -> RegisterSource:
    """Return the source with this key.

    Raises:
        SourceUnknown: There is none.
    """
    if key not in _SOURCES:
        raise SourceUnknown(key)
    return _SOURCES[key]


def all_sources() -> list[RegisterSource]:
    """Return every source, by name."""
    return sorted(_SOURCES.values(), key=lambda source: source.name)
