"""What happened to a thing, told in words, with the officer who did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lienthong.accounts.events import stream_of
from lienthong.accounts.models import User
from lienthong.accounts.queries.staff import staff_names
from lienthong.infra.events import events_of, events_of_many, sentence_of
from lienthong.infra.models import Event


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a story. ``who`` is empty where the system itself acted, or somebody who is no officer."""

    at: datetime
    name: str
    sentence: str
    who: str
    payload: Mapping[str, Any]


def happenings_of(stream: str) -> list[Happening]:
    """Return what happened in a stream of events, oldest first. Diễn biến."""
    return _told(events_of(stream))


def happenings_of_many(streams: Iterable[str]) -> list[Happening]:
    """Return what happened in several streams of events as one story, oldest first."""
    return _told(events_of_many(streams))


def _told(events: Iterable[Event]) -> list[Happening]:
    rows = list(events)
    names = staff_names(row.actor_id for row in rows)
    return [
        Happening(row.at, row.name, sentence_of(row), names.get(row.actor_id or 0, ""), row.payload) for row in rows
    ]


def history_of(account: User) -> list[Happening]:
    """Return what happened to an account, newest first, each with the officer who did it."""
    return happenings_of(stream_of(account.pk))[::-1]
