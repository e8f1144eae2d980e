"""The one log: record a fact in the transaction that made it, read it in commit order afterwards.

A fact is a frozen dataclass in a context's ``events.py``. It is written once and read four times: the citizen's
timeline, the audit, the outside sync, the indicators. Rows of one stream are chained by hash.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, ClassVar, NamedTuple, TypeVar
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Choices
from django.utils import translation

from lienthong.infra import locks, statements
from lienthong.infra.models import Event
from lienthong.kernel.days import format_day

EMPTY_HASH = "0" * 64
SOURCE_LANGUAGE = "vi"  # of the sentences
LINK_COLUMNS = ("stream", "sequence", "name", "payload", "actor_id", "at", "client_key", "previous_hash", "hash")


class Fact:
    """Base of every event: a frozen dataclass with a Vietnamese sentence for people.

    Sự kiện. ``sentence`` may name the fact's own fields in braces: days, months (fields called so) and numbers stand in it as
    people write them. ``coded`` names the choices of those that hold a code: their words stand in the sentence.
    """

    sentence: ClassVar[str]
    coded: ClassVar[Mapping[str, type[Choices]]] = {}

    def payload(self) -> dict[str, Any]:
        """Return the fields as JSON values."""
        return {name: plain(getattr(self, name)) for name in _field_names(type(self))}  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream ends: the last row's number and hash. A projection may keep it and spare the look-up."""

    sequence: int = 0
    hash: str = EMPTY_HASH


class Link(NamedTuple):
    """One row of the log, ready to be written: ``text`` is what ``payload`` says in canonical JSON."""

    stream: str
    sequence: int
    name: str
    text: str
    actor_id: int | None
    at: datetime
    client_key: UUID | None
    previous_hash: str
    hash: str
    payload: dict[str, Any]

    @property
    def head(self) -> Head:
        """The end of the stream after this row."""
        return Head(self.sequence, self.hash)

    @property
    def values(self) -> tuple[Any, ...]:
        """The values of ``LINK_COLUMNS``."""
        return self[:-1]


class KeyAlreadyUsed(Exception):
    """A client key came a second time: the action happened once and is not repeated."""

    def __str__(self) -> str:
        return "Thao tác này đã được ghi nhận trước đó, không thực hiện lại."


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FACTS: dict[str, type[Fact]] = {}
F = TypeVar("F", bound=type[Fact])


def register_fact(cls: F) -> F:
    """Make a fact known by its class name, so that its rows can be told in words. Used as a decorator."""
    known = _FACTS.setdefault(cls.__name__, cls)
    if known is not cls:
        raise ValueError(f"two facts are called {cls.__name__}")
    return cls


def known_facts() -> dict[str, type[Fact]]:
    """Return every registered fact by name."""
    return dict(_FACTS)


def sentence_of(event: Event) -> str:
    """Return what happened in words, or the bare name for a fact that a later version no longer knows."""
    cls = _FACTS.get(event.name)
    return cls.sentence.format_map(_Gaps(event.payload | _words_of(cls, event.payload))) if cls else event.name


def _words_of(cls: type[Fact], payload: Mapping[str, Any]) -> dict[str, str]:
    """Return the Vietnamese words of each code; a code that a later version no longer knows stays as it is."""
    words = {
        one.name: shown
        for one in fields(cls)  # type: ignore[arg-type]
        if (shown := _as_people_write(one.name, payload.get(one.name))) is not None
    }
    with translation.override(SOURCE_LANGUAGE):
        for name, choices in cls.coded.items():
            with suppress(ValueError):
                words[name] = str(choices(payload.get(name)).label)
    return words


def _as_people_write(name: str, value: Any) -> str | None:
    """Return a day, a month or a number as it stands in a sentence; None for whatever stays as it is."""
    if isinstance(value, int) and not isinstance(value, bool) and not name.endswith("_id") and name != "year":
        return f"{value:,}".replace(",", ".")
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        day = date.fromisoformat(value)
        return f"{day:%m/%Y}" if name.endswith("month") else format_day(day)
    return None


def record(
    fact: Fact,
    *,
    stream: str,
    actor_id: int | None,
    at: datetime,
    head: Head | None = None,
    client_key: UUID | None = None,
) -> Head:
    """Append one fact to its stream, in the running transaction.

    Args:
        fact: What happened.
        stream: The thing it happened to, as ``<kind>:<id>``.
        actor_id: The user who did it; None for the system itself.
        at: When it happened.
        head: End of the stream when the caller holds it under a lock; looked up otherwise.
        client_key: Key that the form or client chose, so that a second press does nothing.

    Returns:
        The new end of the stream.

    Raises:
        KeyAlreadyUsed: The client key is already in the log.
    """
    if head is None:
        locks.hold(stream_lock(stream))
        last = Event.objects.filter(stream=stream).order_by("-sequence").values_list("sequence", "hash").first()
        head = Head(*last) if last else Head()
    link = link_to(head, fact, stream=stream, actor_id=actor_id, at=at, client_key=client_key)
    append([link])
    return link.head


def stream_lock(stream: str) -> str:
    """Return the name of the lock under which the end of a stream is read and written."""
    return f"stream:{stream}"


def link_to(
    head: Head, fact: Fact, *, stream: str, actor_id: int | None, at: datetime, client_key: UUID | None = None
) -> Link:
    """Make the row that tells a fact at the end of a stream. Nothing is written yet; arguments as for ``record``."""
    payload, sequence, name = fact.payload(), head.sequence + 1, type(fact).__name__
    text = canonical(payload)
    digest = _digest(head.hash, stream, sequence, name, actor_id=actor_id, at=at, text=text)
    return Link(stream, sequence, name, text, actor_id, at, client_key, head.hash, digest, payload)


def append(links: Sequence[Link], *, and_then: str = "", values: Sequence[Any] = ()) -> None:
    """Write rows to the log and run what follows from them, all in one statement.

    Args:
        links: The rows.
        and_then: A statement on other tables, with ``%s`` for each of ``values``.
        values: The values of ``and_then``.

    Raises:
        KeyAlreadyUsed: A client key is already in the log.
    """
    insert = _INSERT + statements.value_lists(len(links), len(LINK_COLUMNS))
    told = [value for link in links for value in link.values]
    try:
        if and_then:
            statements.execute(f"WITH told AS ({insert}) {and_then}", [*told, *values])
        else:
            statements.execute(insert, told)
    except IntegrityError as error:
        if "event_once_per_key" in str(error):
            raise KeyAlreadyUsed from error
        raise


def hash_of(
    *,
    previous_hash: str,
    stream: str,
    sequence: int,
    name: str,
    payload: dict[str, Any],
    actor_id: int | None,
    at: datetime,
) -> str:
    """Return the SHA-256 of one row with the hash of the row before it, as 64 hexadecimal digits."""
    return _digest(previous_hash, stream, sequence, name, actor_id=actor_id, at=at, text=canonical(payload))


def _digest(
    previous_hash: str, stream: str, sequence: int, name: str, *, actor_id: int | None, at: datetime, text: str
) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    whole = "\n".join([previous_hash, stream, str(sequence), name, str(actor_id or ""), moment, text])
    return hashlib.sha256(whole.encode()).hexdigest()


def canonical(payload: dict[str, Any]) -> str:
    """Return JSON with sorted keys and no spaces: the same text for the same facts."""
    return _CANONICAL.encode(payload)


def events_of(stream: str) -> Iterable[Event]:
    """Return the rows of one stream, oldest first."""
    return Event.objects.filter(stream=stream).order_by("sequence")


def events_of_many(streams: Iterable[str]) -> Iterable[Event]:
    """Return the rows of several streams as one story, oldest first."""
    return Event.objects.filter(stream__in=list(streams)).order_by("at", "pk")


def broken_links(rows: Iterable[Event]) -> Iterator[str]:
    """Yield a sentence for each row whose hash, number or link does not hold. Rows come ordered by stream and sequence."""
    stream, head = "", Head()
    for row in rows:
        if row.stream != stream:
            stream, head = row.stream, Head()
        expected = hash_of(
            previous_hash=head.hash, stream=row.stream, sequence=head.sequence + 1, name=row.name, payload=row.payload,
            actor_id=row.actor_id, at=row.at,
        )  # fmt: skip
        if row.sequence != head.sequence + 1:
            yield f"{row.stream}: thiếu sự kiện số {head.sequence + 1}, gặp số {row.sequence}"
        elif row.hash != expected or row.previous_hash != head.hash:
            yield f"{row.stream}: sự kiện số {row.sequence} ({row.name}) không khớp mã băm"
        head = Head(row.sequence, row.hash)


_INSERT = f"INSERT INTO infra_event ({', '.join(LINK_COLUMNS)}) VALUES "  # noqa: S608 -- names of our own columns
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_PLAIN_ALREADY = frozenset({str, int, bool, float, type(None)})


@cache
def _field_names(cls: type[Fact]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))  # type: ignore[arg-type]


class _Gaps(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: days and moments in ISO form, enumerations by value, tuples as lists."""
    if type(value) in _PLAIN_ALREADY:
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
