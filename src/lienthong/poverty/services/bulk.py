"""Writing rounds that are over, or as far as they are, all at once: the same rows as the verbs would have left.

For taking over the rounds of another system and for invented provinces. Nothing is decided here, but everything that is
computed elsewhere is computed here by the same rules: scores, what hung out, what was reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Model

from lienthong.infra import locks
from lienthong.infra.bulk import copy_rows, number_rows
from lienthong.infra.events import record
from lienthong.poverty.models import (
    CommuneReview,
    HouseholdReview,
    HouseholdStanding,
    Objection,
    Posting,
    RecognitionDecision,
    ResultChange,
    ReviewRequest,
    ReviewRound,
    Score,
    Submission,
    VillageMeeting,
    Visit,
)
from lienthong.poverty.round_events import ReviewHistoryLoaded
from lienthong.poverty.services.postings import digest_of, snapshot
from lienthong.poverty.services.reporting import count_figures
from lienthong.poverty.states import CommuneState

_AT_ONCE = 1_000


@dataclass(slots=True)
class ReviewHistory:
    """Rows that belong together and refer to each other, not saved yet; rounds and communes that are saved are brought up to date.

    What hung out (``Posting.households``) and what was reported (``CommuneReview.frozen``) is filled in when they are written.
    """

    rounds: list[ReviewRound] = field(default_factory=list)
    communes: list[CommuneReview] = field(default_factory=list)
    decisions: list[RecognitionDecision] = field(default_factory=list)
    households: list[HouseholdReview] = field(default_factory=list)
    requests: list[ReviewRequest] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    meetings: list[VillageMeeting] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    changes: list[ResultChange] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    standings: list[HouseholdStanding] = field(default_factory=list)


_COMMUNE_CHANGES = ("state", "households_total", "population_total", "listed_at", "reported_at", "frozen")


@transaction.atomic
def load_review_history(history: ReviewHistory, *, source: str, acting_user_id: int | None, now: datetime) -> None:
    """Write a history with one fact for each round; every constraint is checked.

    Nạp kết quả rà soát hàng loạt.

    Args:
        history: The rows.
        source: Where they come from, for the log.
        acting_user_id: Who loads; None for the system.
        now: When they are written.

    Raises:
        django.db.IntegrityError: The rows break a constraint; nothing was written.
    """
    locks.hold("bulk load of poverty reviews")
    known = [commune for commune in history.communes if commune.pk is not None]
    created = {part.name: [row for row in getattr(history, part.name) if row.pk is None] for part in fields(history)}
    for rows in created.values():
        number_rows(rows)  # first of all: a household names its score and the score, by its visit, the household
    by_commune = _by_commune(history.households)
    for posting in history.postings:
        listed = sorted(by_commune.get(posting.commune_review.pk, ()), key=_in_order_of_the_list)
        posting.households = snapshot(listed)
        posting.digest = digest_of(posting.households)
    for commune in history.communes:
        if commune.state == CommuneState.REPORTED:
            commune.frozen = count_figures(commune, by_commune.get(commune.pk, ()))
    _check("DEFERRED")
    for rows in created.values():
        if rows:
            _refer(rows)
            copy_rows(rows)
    _check("IMMEDIATE")
    _check("DEFERRED")
    CommuneReview.objects.bulk_update(known, _COMMUNE_CHANGES, batch_size=_AT_ONCE)
    _tell(history, by_commune, source=source, acting_user_id=acting_user_id, now=now)


def _check(when: str) -> None:
    """Let the keys of one table name rows of another that are written later, or check them all at once."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL {when}")


def _refer(rows: Sequence[Model]) -> None:
    """Let every row name the ids of the rows it refers to, which had none when it was made."""
    relations = [one for one in rows[0]._meta.concrete_fields if one.is_relation]
    for row in rows:
        kept = row._state.fields_cache
        for relation in relations:
            if (other := kept.get(relation.name)) is not None:
                row.__dict__[relation.attname] = other.pk


def _by_commune(households: Iterable[HouseholdReview]) -> dict[int, list[HouseholdReview]]:
    found: dict[int, list[HouseholdReview]] = {}
    for household in households:
        found.setdefault(household.commune_review.pk, []).append(household)
    return found


def _in_order_of_the_list(household: HouseholdReview) -> tuple[str, str, int]:
    return household.hamlet, household.head_sort_key, household.pk


def _tell(
    history: ReviewHistory, by_commune: dict[int, list[HouseholdReview]], *, source: str, acting_user_id: int | None,
    now: datetime,
) -> None:  # fmt: skip
    for round_ in history.rounds:
        communes = [one for one in history.communes if one.round.pk == round_.pk]
        fact = ReviewHistoryLoaded(
            round_id=round_.pk, period=round_.period, communes=len(communes),
            households=sum(len(by_commune.get(one.pk, ())) for one in communes), source=source,
        )  # fmt: skip
        record(fact, stream=round_.stream, actor_id=acting_user_id, at=now)
