"""Duplicates inside and between registers: sought by the engine, decided by people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.verification import policies
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.models import Case, DuplicatePair, RegisterEntry, Verdict
from lienthong.verification.queries.duplicates import entries_to_compare, get_pair
from lienthong.verification.review_events import DuplicatesSought, PairDecided
from lienthong.verification.states import OPEN_CASES, PairState

STREAM = "duplicates:all"
# Columns of the engine and the fields of an entry that they come from.
COLUMNS = {
    "record_id": "id",
    "list_name": "list_name",
    "number": "number",
    "full_name": "full_name",
    "birth_date": "birth_date",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "commune_code": "commune_code",
    "household_id": "household_key",
    "head_name": "head_name",
}
_AT_ONCE = 2000


class Finder(Protocol):
    """The engine: canonical columns in; record_id, other_record_id, probability and explanation out."""

    def __call__(self, frame: pl.DataFrame, *, on: date) -> pl.DataFrame: ...


class PairRefused(Exception):
    """A pair cannot be decided so; the message says why, and what to do."""


class NotYourPair(PairRefused):
    """The user does not work both records."""


class PairAlreadyDecided(PairRefused):
    """Somebody has decided it."""


class KeepsNeither(PairRefused):
    """The record that is to stay is none of the pair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePair:
    """Whether two records are one person, and which of them stays. Quyết định về cặp nghi trùng.

    Attributes:
        pair_id: The pair.
        kept_entry_id: The record that stays where they are one person; None where they are two people.
        note: What led to it.
    """

    pair_id: int
    kept_entry_id: int | None
    note: str = ""


@transaction.atomic
def seek_duplicates(*, find: Finder, now: datetime) -> DuplicatesSought:
    """Look for records that may be one person, over all registers together.

    Tìm bản ghi trùng. What people decided stays decided; an open pair that the engine no longer finds is set aside. A
    second run on the same records changes nothing.

    Args:
        find: The engine.
        now: The moment.
    """
    locks.hold("verification:duplicates")
    rows = list(entries_to_compare().values_list(*COLUMNS.values()))
    texts = [[str(value) if value not in (None, "") else None for value in row] for row in rows]
    frame = pl.DataFrame(texts, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    found: dict[tuple[int, int], tuple[float, str]] = {}
    pairs = (
        find(frame, on=local_day(now)).select("record_id", "other_record_id", "probability", "explanation")
        if rows
        else None
    )
    for one, other, probability, explanation in pairs.iter_rows() if pairs is not None else ():
        first, second = sorted((int(one), int(other)))
        if first != second:
            best = max((probability, explanation or ""), found.get((first, second), (0.0, "")))
            found[first, second] = best
    known = {(pair.entry_id, pair.other_id): pair for pair in DuplicatePair.objects.order_by("id").iterator(_AT_ONCE)}
    new = [
        DuplicatePair(entry_id=one, other_id=other, probability=share, explanation=words, found_at=now)
        for (one, other), (share, words) in sorted(found.items())
        if (one, other) not in known
    ]
    changed = []
    for key, pair in known.items():
        if pair.state not in {PairState.OPEN, PairState.GONE}:
            continue
        state = PairState.OPEN if key in found else PairState.GONE
        share, words = found.get(key, (pair.probability, pair.explanation))
        if (pair.state, pair.probability, pair.explanation) != (state, share, words):
            pair.state, pair.probability, pair.explanation = state, share, words
            changed.append(pair)
    DuplicatePair.objects.bulk_create(new, batch_size=_AT_ONCE)
    DuplicatePair.objects.bulk_update(changed, ["state", "probability", "explanation"], batch_size=_AT_ONCE)
    waiting = DuplicatePair.objects.filter(state=PairState.OPEN).count()
    fact = DuplicatesSought(entries=len(rows), open_pairs=waiting, new_pairs=len(new))
    record(fact, stream=STREAM, actor_id=None, at=now)
    return fact


@transaction.atomic
def decide_pair(command: DecidePair, *, acting_user: User, now: datetime) -> DuplicatePair:
    """Say whether two records are one person. Nothing leaves a register by that: the other record becomes a case.

    Quyết định về cặp bản ghi nghi trùng.

    Raises:
        NoSuchPair: There is none that the user may see.
        NotYourPair: The user does not work the records of both places.
        PairAlreadyDecided: Somebody has decided, or the engine no longer finds it.
        KeepsNeither: The record to keep is none of the two.
    """
    today = local_day(now)
    get_pair(acting_user, command.pair_id, on=today)
    locked = DuplicatePair.objects.select_for_update(of=("self",)).select_related("entry", "other", "decided_by")
    pair = locked.get(pk=command.pair_id)
    for entry in (pair.entry, pair.other):
        if not policies.works_in(acting_user, entry.commune_id, on=today):
            raise NotYourPair(_("Cặp này thuộc địa bàn khác, nơi bạn không xử lý. Hãy chuyển cho sở hoặc xã quản lý."))
    if pair.state != PairState.OPEN:
        raise PairAlreadyDecided(_settled_words(pair))
    if command.kept_entry_id not in {None, pair.entry_id, pair.other_id}:
        raise KeepsNeither(_("Bản ghi được giữ phải là một trong hai bản ghi của cặp. Hãy chọn lại."))
    case = None
    if command.kept_entry_id is not None:
        pair.state, pair.kept_id = PairState.SAME, command.kept_entry_id
        case = _case_for(pair.other if pair.entry_id == command.kept_entry_id else pair.entry, now=now)
    else:
        pair.state = PairState.DIFFERENT
    pair.case, pair.note, pair.decided_by, pair.decided_at = case, command.note.strip()[:500], acting_user, now
    pair.save(update_fields=["state", "kept", "case", "note", "decided_by", "decided_at"])
    fact = PairDecided(
        pair_id=pair.pk, state=pair.state, kept_entry_id=pair.kept_id, case_id=case.pk if case is not None else None
    )
    record(fact, stream=pair.stream, actor_id=acting_user.pk, at=now)
    return pair


def _settled_words(pair: DuplicatePair) -> str:
    if pair.decided_by is None:
        return _(
            "Sau lần tìm mới nhất, hai bản ghi này không còn giống nhau nên không cần quyết định. Hãy xem cặp tiếp theo."
        )
    return _("Cặp này đã được %(who)s quyết định. Hãy xem cặp tiếp theo.") % {"who": pair.decided_by.full_name}


def _case_for(entry: RegisterEntry, *, now: datetime) -> Case | None:
    """Return the open case of a record, opened where there is none; None for a record that was never verified."""
    open_case = Case.objects.filter(entry=entry, state__in=OPEN_CASES).order_by("id").first()
    if open_case is not None:
        return open_case
    verdict = Verdict.objects.filter(entry=entry, is_current=True).order_by("id").first()
    if verdict is None:
        return None
    return Case.objects.create(
        verdict=verdict,
        entry=entry,
        commune_id=entry.commune_id,
        village=entry.village,
        kind=Status.DUPLICATE,
        probability=verdict.probability,
        opened_at=now,
    )
