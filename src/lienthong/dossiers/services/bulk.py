"""Writing whole histories at once: the same facts, the same chain, the same rows as the verbs would have written.

For taking over the dossiers of another system and for invented provinces. Nothing is decided here: whoever calls
brings the facts, and the row is what the facts say.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from lienthong.dossiers import projection
from lienthong.dossiers.models import Dossier, Rating, SubmittedItem
from lienthong.dossiers.numbering import bring_counters_up_to_date
from lienthong.infra.bulk import copy_lines, escaped, line, take_ids, without_indexes
from lienthong.infra.events import LINK_COLUMNS, Fact, Head, link_to

_AT_ONCE = 5_000
# A log and a desk with fewer rows than this are as good as empty beside the dossiers of a province.
_FEW_ROWS = 20_000
_TABLES = ("dossiers_dossier", "dossiers_submitteditem", "dossiers_rating", "infra_event")


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


class Lines(NamedTuple):
    """Stories as lines for COPY, table by table. Plain texts: they can be made in one process and written in another."""

    dossiers: list[str]
    items: list[str]
    ratings: list[str]
    events: list[str]


def load_stories(stories: Iterable[Story]) -> int:
    """Write dossiers with their events, items and ratings, in batches of one transaction each.

    Nạp hồ sơ hàng loạt kèm nhật ký.

    Returns:
        How many dossiers were written. Each story's dossier has its id.
    """
    remaining, written = iter(stories), 0
    while batch := list(islice(remaining, _AT_ONCE)):
        with transaction.atomic():
            _copy(lines_of(batch, first_id=take_ids("dossiers_dossier", len(batch))))
        written += len(batch)
    with transaction.atomic():
        bring_counters_up_to_date()
    return written


@transaction.atomic
def load_lines(blocks: Iterable[Lines]) -> int:
    """Write very many stories that were turned into lines elsewhere, in one transaction, building indexes at the end.

    The ids in the lines were taken by ``take_dossier_ids``.

    Returns:
        How many dossiers were written.
    """
    written = 0
    with without_indexes(_TABLES, few_rows=_FEW_ROWS):
        for block in blocks:
            _copy(block)
            written += len(block.dossiers)
    bring_counters_up_to_date()
    return written


def take_dossier_ids(count: int) -> int:
    """Take so many ids for dossiers and return the first; the others follow in order."""
    return take_ids("dossiers_dossier", count)


def lines_of(stories: Sequence[Story], *, first_id: int) -> Lines:
    """Fold each story's facts onto its row and return everything as lines. Asks nothing of the database.

    Args:
        stories: The stories; their dossiers get their ids and projected columns here.
        first_id: The id of the first; the others follow in order.
    """
    lines = Lines([], [], [], [])
    for number, story in enumerate(stories, start=first_id):
        dossier = story.dossier
        dossier.pk = number
        _fold(story, lines.events)
        row = dossier.__dict__
        lines.dossiers.append(line([_plain(name, row[name]) for name in _COLUMNS]))
        lines.items.extend([line([number, *[item.__dict__[name] for name in _ITEM_COLUMNS]]) for item in story.items])
        if story.rating is not None:
            lines.ratings.append(line([number, *[story.rating.__dict__[name] for name in _RATING_COLUMNS]]))
    return lines


def _fold(story: Story, lines: list[str]) -> None:
    dossier, head, stream = story.dossier, Head(), story.dossier.stream
    for told in story.told:
        link = link_to(head, told.fact, stream=stream, actor_id=told.actor_id, at=told.at)
        projection.apply(dossier, link.name, link.payload, actor_id=told.actor_id, at=told.at)
        head = link.head
        dossier.updated_at = told.at
        actor = r"\N" if link.actor_id is None else link.actor_id
        lines.append(
            f"{stream}\t{link.sequence}\t{link.name}\t{escaped(link.text)}\t{actor}\t{link.at.isoformat()}\t\\N"
            f"\t{link.previous_hash}\t{link.hash}"
        )
    dossier.sequence, dossier.head_hash = head.sequence, head.hash


def _copy(lines: Lines) -> None:
    copy_lines("dossiers_dossier", _COLUMNS, lines.dossiers)
    copy_lines("dossiers_submitteditem", ("dossier_id", *_ITEM_COLUMNS), lines.items)
    copy_lines("dossiers_rating", ("dossier_id", *_RATING_COLUMNS), lines.ratings)
    copy_lines("infra_event", LINK_COLUMNS, lines.events)


_COLUMNS = tuple(column.attname for column in Dossier._meta.concrete_fields)
_JSON = {"answers", "appraisal", "pauses"}
_ITEM_COLUMNS = (
    "number", "name", "originals", "certified_copies", "copies", "is_given", "is_not_applicable", "mark", "comment", "is_open",
)  # fmt: skip
_RATING_COLUMNS = ("level", "trips", "comment", "rated_at")


def _plain(name: str, value: Any) -> Any:
    if name in _JSON:
        return json.dumps(value, ensure_ascii=False) if value else "[]" if name == "pauses" else "{}"
    return str(value) if isinstance(value, UUID) else value
