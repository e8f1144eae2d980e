"""Writing whole histories at once: the same facts, the same chain, the same rows as the verbs would have written.

For taking over the dossiers of another system and for invented provinces. Nothing is decided here: whoever calls
brings the facts, and the row is what the facts say.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lienthong.dossiers import projection
from lienthong.dossiers.models import Dossier, Rating, SubmittedItem
from lienthong.infra.events import LINK_COLUMNS, Fact, Head, link_to

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of a story: what, by whom, when."""

    fact: Fact
    actor_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """One dossier with everything that happened to it, oldest first.

    Attributes:
        dossier: A new row with what the applicant wrote; the columns of the projection are filled from the facts.
        told: The facts; empty for a draft.
        items: The checklist, with what was given.
        rating: What the applicant thought, if they said.
    """

    dossier: Dossier
    told: Sequence[Told]
    items: Sequence[SubmittedItem] = field(default_factory=tuple)
    rating: Rating | None = None


def load_stories(stories: Iterable[Story]) -> int:
    """Write dossiers with their events, items and ratings, in batches of one transaction each.

    Nạp hồ sơ hàng loạt kèm nhật ký.

    Returns:
        How many dossiers were written.
    """
    remaining, written = iter(stories), 0
    while batch := list(islice(remaining, _AT_ONCE)):
        with transaction.atomic():
            _write(batch)
        written += len(batch)
    with transaction.atomic():
        _bring_counters_up_to_date()
    return written


def _write(batch: Sequence[Story]) -> None:
    first = _take_ids("dossiers_dossier", len(batch))
    links: list[tuple[Any, ...]] = []
    for number, story in enumerate(batch):
        story.dossier.pk = first + number
        links += _apply(story)
    dossiers = [story.dossier for story in batch]
    _copy("dossiers_dossier", _COLUMNS, (_row(dossier) for dossier in dossiers))
    _copy("infra_event", LINK_COLUMNS, links)
    _copy(
        "dossiers_submitteditem",
        ("dossier_id", *_ITEM_COLUMNS),
        (
            (story.dossier.pk, *(getattr(item, name) for name in _ITEM_COLUMNS))
            for story in batch
            for item in story.items
        ),
    )
    _copy(
        "dossiers_rating",
        ("dossier_id", *_RATING_COLUMNS),
        (
            (story.dossier.pk, *(getattr(story.rating, name) for name in _RATING_COLUMNS))
            for story in batch
            if story.rating is not None
        ),
    )


def _apply(story: Story) -> Iterator[tuple[Any, ...]]:
    dossier, head = story.dossier, Head()
    for told in story.told:
        link = link_to(
            head, told.fact, stream=dossier.stream, actor_id=told.actor_id, at=told.at, client_key=None
        )
        projection.apply(dossier, link.name, link.payload, actor_id=told.actor_id, at=told.at)
        head = link.head
        dossier.updated_at = told.at
        yield link.values
    dossier.sequence, dossier.head_hash = head.sequence, head.hash


_COLUMNS = tuple(column.attname for column in Dossier._meta.concrete_fields)
_JSON = {"answers", "pauses"}
_ITEM_COLUMNS = ("number", "name", "originals", "certified_copies", "copies", "is_given", "mark", "comment", "is_open")
_RATING_COLUMNS = ("level", "trips", "comment", "rated_at")


def _row(dossier: Dossier) -> tuple[Any, ...]:
    values = ((name, getattr(dossier, name)) for name in _COLUMNS)
    return tuple(
        json.dumps(value, ensure_ascii=False) if name in _JSON else str(value) if isinstance(value, UUID) else value
        for name, value in values
    )


def _copy(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,  # names of our own tables
    ):
        for row in rows:
            copy.write_row(row)


def _take_ids(table: str, count: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(name, nextval(name) + %s) - %s FROM pg_get_serial_sequence(%s, 'id') AS name",
            [max(count - 1, 0), max(count - 1, 0), table],
        )
        return int(cursor.fetchone()[0])


def _bring_counters_up_to_date() -> None:
    """Let the next number of each agency and day follow the highest that is there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_dossiercounter (prefix, day, last)"
            r" SELECT regexp_replace(code, '-\d{6}-\d+$', ''), to_date(substring(code FROM '-(\d{6})-\d+$'), 'YYMMDD'),"
            r" max(substring(code FROM '-(\d+)$')::int) FROM dossiers_dossier WHERE code IS NOT NULL GROUP BY 1, 2"
            " ON CONFLICT (prefix, day) DO UPDATE SET last = greatest(dossiers_dossiercounter.last, excluded.last)"
        )
