"""What was known of a person on a day of the past: nothing that was only recorded later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from typing import Any

from lienthong.assistance.queries.facts import History, histories_of

_DATED = ("residences", "memberships", "standings", "certificates", "circumstances", "claims")


def histories_as_of(days: Mapping[int, date]) -> dict[int, History]:
    """Return what was known of people, each on a day, as if it went on: what ends later has not ended yet.

    Args:
        days: By the id of the person.
    """
    found = histories_of(days)
    for person_id, history in found.items():
        for name in _DATED:
            setattr(history, name, _as_of(getattr(history, name), days[person_id]))
    return found


def _as_of(rows: Sequence[Any], day: date) -> list[Any]:
    known = []
    for row in rows:
        if row.valid_from > day:
            continue
        if row.valid_until is not None and row.valid_until > day:
            row = copy(row)  # noqa: PLW2901 -- the row itself keeps what became of it
            row.valid_until = None
        known.append(row)
    return known
