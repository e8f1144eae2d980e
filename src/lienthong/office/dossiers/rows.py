"""A dossier as one row of a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.dossiers import wording
from lienthong.dossiers.wording import Standing

ROWS_ON_A_PAGE = 25
BIGGEST_ID = 2**63 - 1
LONGEST_ID = 18


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of a dossier."""

    public_id: str
    url: str
    code: str
    procedure: str
    applicant: str
    number: str
    holder: str
    agency: str
    state: Standing
    time: Standing
    sequence: int


def rows_of(dossiers: Iterable, *, now: datetime) -> list[Row]:  # type: ignore[type-arg]
    """Turn dossiers into rows."""
    return [
        Row(
            public_id=str(dossier.public_id),
            url=reverse("office:dossier", args=[dossier.public_id]),
            code=dossier.code or _("chưa cấp số"),
            procedure=dossier.version.name,
            applicant=dossier.applicant_name,
            number=dossier.applicant_number,
            holder=dossier.holder.full_name if dossier.holder else "",
            agency=dossier.agency.name if dossier.agency else "",
            state=wording.state_of(dossier),
            time=wording.time_of(dossier, now=now),
            sequence=dossier.sequence,
        )
        for dossier in dossiers
    ]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list that is walked by key: the place of the next page is the last row, not a number."""

    rows: list[Row]
    after: str | None


def page_by_due(dossiers: QuerySet, *, after: str, now: datetime) -> Page:  # type: ignore[type-arg]
    """Return a page of a list ordered by due moment, then id, from behind the row that ``after`` names."""
    place = _place(after)
    if place is not None:
        due, last_id = place
        behind = Q(current_due_at=None, pk__gt=last_id)
        if due is not None:
            behind = Q(current_due_at__gt=due) | Q(current_due_at=due, pk__gt=last_id) | Q(current_due_at=None)
        dossiers = dossiers.filter(behind)
    found = list(dossiers[: ROWS_ON_A_PAGE + 1])
    shown = found[:ROWS_ON_A_PAGE]
    last = shown[-1] if len(found) > ROWS_ON_A_PAGE else None
    following = f"{last.current_due_at.isoformat() if last.current_due_at else ''}~{last.pk}" if last else None
    return Page(rows=rows_of(shown, now=now), after=following)


def page_newest_first(dossiers: QuerySet, *, after: str, now: datetime) -> Page:  # type: ignore[type-arg]
    """Return a page of a list ordered by id, newest first."""
    if after.isdecimal() and len(after) <= LONGEST_ID:
        dossiers = dossiers.filter(pk__lt=int(after))
    found = list(dossiers[: ROWS_ON_A_PAGE + 1])
    shown = found[:ROWS_ON_A_PAGE]
    return Page(rows=rows_of(shown, now=now), after=str(shown[-1].pk) if len(found) > ROWS_ON_A_PAGE else None)


def _place(after: str) -> tuple[datetime | None, int] | None:
    """Read the due moment and the id of the row behind which a page begins; None where the address makes no sense."""
    stamp, _tilde, pk = after.partition("~")
    try:
        due = datetime.fromisoformat(stamp) if stamp else None
        last_id = int(pk)
        due = due.astimezone(UTC) if due is not None and due.tzinfo is not None else due
    except (ValueError, OverflowError):
        return None
    if not 0 <= last_id <= BIGGEST_ID or (due is not None and due.tzinfo is None):
        return None
    return due, last_id
