"""A submission becomes a visit of a household on the list; of several visits the one that ended last counts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import Fact, Head, append, canonical, link_to
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.poverty import policies
from lienthong.poverty.events import HouseholdScored, HouseholdVisited
from lienthong.poverty.models import CommuneReview, HouseholdReview, ReviewRound, Score, Submission, Visit, VisitFlag
from lienthong.poverty.queries.visiting import may_be_visited
from lienthong.poverty.services.scoring import score_visit, show_result
from lienthong.poverty.states import CommuneState, FlagKind, FormKind, HouseholdClass, SubmissionState
from lienthong.poverty.survey.reading import Submission as Reading

EARLIEST = datetime(2016, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER_BY = timedelta(minutes=5)
_SCORED_AT_ONCE = 500
_SCORED_IN = frozenset({CommuneState.LISTING, CommuneState.VISITING, CommuneState.MEETING})
# Who and when, not what: two households with the same rest have word for word the same answers.
_LEFT_OUT = frozenset(
    {
        "household", "review", "head", "hamlet", "previous_class", "label", "area", "start", "end", "today", "deviceid",
        "username", "phonenumber", "visited_on", "location", "remarks", "full_name", "personal_id_number", "birth_date",
    }
)  # fmt: skip


def held_lists(submission: Submission, code: str) -> list[HouseholdReview]:
    """Return a household on the lists of open rounds, newest first, held until the transaction ends.

    The communes come first, as everywhere: a commune does not pass to its meetings between our looking and our writing. They
    are shared, so that the phones of one commune do not wait for each other. Where an edited form may name another household
    than the one it replaces, that one is held too, in the order in which everybody takes them.

    ``is_replaced`` on each tells whether an edited submission has replaced this one already.
    """
    held = Q(household__code=code, commune_review__round__closed_at=None)
    if submission.deprecated_id:
        older = Visit.objects.filter(submission__instance_id=submission.deprecated_id)
        held |= Q(pk__in=list(older.order_by().values_list("review", flat=True)))
    _share_communes(set(HouseholdReview.objects.filter(held).order_by().values_list("commune_review", flat=True)))
    replacing = _replacing(
        instance_id=Value(submission.instance_id),
        sent_by=Value(submission.sent_by_id),
        submission=Value(submission.pk),
        commune=OuterRef("commune_review"),
    )
    rows = (
        HouseholdReview.objects.select_for_update(of=("self",))
        .select_related("household", "commune_review__round__points_table")
        .defer("commune_review__round__points_table__content", "commune_review__frozen")
        .filter(held)
        .annotate(is_replaced=Exists(replacing))
        .order_by("pk")
    )
    found = [row for row in rows if row.household.code == code and row.commune_review.round.closed_at is None]
    return sorted(found, key=lambda row: (row.commune_review.round.starts_on, row.pk), reverse=True)


def record_visit(
    submission: Submission, reading: Reading, review: HouseholdReview, *, visited_by: User | None, now: datetime
) -> Visit:
    """Let an accepted submission be a visit of a household, score it, and let the visit that counts decide.

    Ghi một lượt khảo sát.

    Args:
        submission: Accepted.
        reading: What it says.
        review: As ``held_lists`` gave it.
        visited_by: Who was there.
        now: When it is recorded.
    """
    form_id = reading.form_id
    _keep_only_what_may_be_replaced(submission, review, by=visited_by, now=now)
    started_at, ended_at = _span(reading, submission.received_at)
    known = list(Visit.objects.filter(review=review).order_by("pk"))
    is_first = not review.is_replaced and not any(one.form_id == form_id for one in known)  # type: ignore[attr-defined]
    visit = Visit.objects.create(
        review=review,
        submission=submission,
        form_id=form_id,
        visited_by=visited_by,
        started_at=started_at,
        ended_at=ended_at,
        latitude=reading.location.latitude if reading.location else None,
        longitude=reading.location.longitude if reading.location else None,
        accuracy_m=reading.location.accuracy_m if reading.location else None,
        answers=reading.answers,
        answers_digest=answers_digest(reading.answers),
        is_current=is_first,
    )
    facts: list[Fact] = [
        HouseholdVisited(review_id=review.pk, visit_id=visit.pk, form_id=form_id, digest=submission.digest)
    ]
    score = _score(visit, review, facts, round_=review.commune_review.round, now=now) if form_id == FormKind.B else None
    if is_first:
        _decide(review, [*(one for one in known if one.is_current), visit], newest=visit, score=score)
    else:
        settle(review, form_id, newest=visit)
        flag_double(review, now=now)
    if submission.deprecated_id:
        _leave_replaced(submission, review, form_id)
    _tell(review, facts, by=visited_by, now=now)
    return visit


def settle(review: HouseholdReview, form_id: str, *, newest: Visit | None = None) -> None:
    """Let the visit count that ended last and was not replaced by an edited one, in whatever order they arrived."""
    visits = (
        Visit.objects.filter(review=review, form_id=form_id)
        .exclude(submission__state=SubmissionState.DISCARDED)
        .annotate(is_replaced=_replaced())
        .order_by("-ended_at", "-pk")
    )
    counting = next((visit.pk for visit in visits if not visit.is_replaced), 0)
    Visit.objects.filter(review=review, form_id=form_id, is_current=True).exclude(pk=counting).update(is_current=False)
    Visit.objects.filter(pk=counting, is_current=False).update(is_current=True)
    current = list(Visit.objects.filter(review=review, is_current=True).order_by("pk"))
    _decide(review, current, newest=newest if newest is not None and newest.pk == counting else None)


def score_anew(round_: ReviewRound, *, by: User | None, now: datetime) -> int:
    """Score every counting visit of form B of a round again, by the table that it has now; the older scores stay.

    A list that hangs out or is decided does not change under its readers: the communes that have come so far keep theirs.
    The communes are held, so that a visit that is just arriving is scored by the table of before and again here, or by the
    new one.

    Args:
        round_: With its points table.
        by: Who made the table count.
        now: When.

    Returns:
        How many households were scored.
    """
    held = CommuneReview.objects.select_for_update().filter(round=round_).order_by("pk")
    communes = [pk for pk, state in held.values_list("pk", "state") if state in _SCORED_IN]
    open_lists = HouseholdReview.objects.filter(commune_review__in=communes, final_class=None, decision=None)
    visited = Visit.objects.filter(review=OuterRef("pk"), form_id=FormKind.B, is_current=True)
    waiting = open_lists.filter(Exists(visited)).order_by("pk").values_list("pk", flat=True)
    keys = list(waiting)
    for first in range(0, len(keys), _SCORED_AT_ONCE):
        rows = HouseholdReview.objects.select_for_update(of=("self",)).filter(
            pk__in=keys[first : first + _SCORED_AT_ONCE]
        )
        reviews = {row.pk: row for row in rows.order_by("pk")}
        current: dict[int, list[Visit]] = {pk: [] for pk in reviews}
        for visit in Visit.objects.filter(review__in=reviews, is_current=True).order_by("pk"):
            current[visit.review_id].append(visit)
        for pk, review in reviews.items():
            facts: list[Fact] = []
            survey = next((visit for visit in current[pk] if visit.form_id == FormKind.B), None)
            if survey is None:
                continue
            score = _score(survey, review, facts, round_=round_, now=now)
            _decide(review, current[pk], score=score)
            _tell(review, facts, by=by, now=now)
    return len(keys)


def flag_double(review: HouseholdReview, *, now: datetime) -> None:
    """Flag the counting visit of form B if somebody else visited too and found otherwise."""
    visits = Visit.objects.filter(review=review, form_id=FormKind.B)
    standing = visits.annotate(is_replaced=_replaced()).filter(is_replaced=False)
    found = Score.objects.filter(visit__in=standing).select_related("visit").order_by("visit__ended_at", "pk")
    scores = {score.visit_id: score for score in found}
    counting = next((score for score in scores.values() if score.visit.is_current), None)
    if counting is None:
        return
    for other in scores.values():
        if other.visit.visited_by_id != counting.visit.visited_by_id and _says(other) != _says(counting):
            words = f"Lượt khác: {_in_words(other)}; lượt được tính: {_in_words(counting)}."
            VisitFlag.objects.bulk_create(
                [VisitFlag(visit=counting.visit, kind=FlagKind.DOUBLE, words=words, raised_at=now)],
                ignore_conflicts=True,
            )
            return


def answers_digest(answers: dict[str, Any]) -> str:
    """Return the digest by which copied answers are found: without names, numbers, places, photos and moments."""
    return hashlib.sha256(canonical(_content(answers)).encode()).hexdigest()


def _content(answers: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [_content(one) for one in value] if isinstance(value, list) else value
        for name, value in answers.items()
        if name not in _LEFT_OUT and not name.startswith("photo")
    }


def _span(reading: Reading, received_at: datetime) -> tuple[datetime, datetime]:
    """When a visit was: as the device says, unless its clock is plainly wrong; nothing ends after it arrived."""
    latest = received_at + CLOCKS_DIFFER_BY
    given = [
        moment if moment is not None and EARLIEST <= moment <= latest else None
        for moment in (reading.started_at, reading.ended_at)
    ]
    ended_at = min(given[1] or given[0] or received_at, received_at)
    return min(given[0] or ended_at, ended_at), ended_at


def _replacing(*, instance_id: Any, sent_by: Any, submission: Any, commune: Any) -> QuerySet[Submission]:
    """Return the accepted edits of a submission, in the same commune.

    Those that came after it were looked at when they came (``_keep_only_what_may_be_replaced``); of those that came before it,
    which could not be, only the sender's own.
    """
    edited = Submission.objects.filter(state=SubmissionState.ACCEPTED, deprecated_id=instance_id)
    edited = edited.exclude(deprecated_id="").exclude(instance_id=F("deprecated_id"))
    return edited.filter(Q(sent_by=sent_by) | Q(pk__gt=submission), visit__review__commune_review=commune)


def _replaced() -> Exists:
    return Exists(
        _replacing(
            instance_id=OuterRef("submission__instance_id"),
            sent_by=OuterRef("submission__sent_by"),
            submission=OuterRef("submission"),
            commune=OuterRef("review__commune_review"),
        )
    )


def _keep_only_what_may_be_replaced(
    submission: Submission, review: HouseholdReview, *, by: User | None, now: datetime
) -> None:
    """Forget what a submission says that it replaces, unless its sender may correct that; it is a visit of its own then.

    One's own may be corrected, and everything by who runs the commune, in this commune's list only. A household that is left
    for another one must still be open to visits: what the village has agreed to is not undone from outside.
    """
    if not submission.deprecated_id:
        return
    replaced = Submission.objects.filter(instance_id=submission.deprecated_id)
    old = replaced.select_related("visit__review__commune_review").defer("xml", "visit__answers").first()
    if old is None:
        return
    visit = getattr(old, "visit", None)
    may = by is not None and (
        old.sent_by_id == by.pk or policies.runs_commune(by, review.commune_review.unit_id, on=local_day(now))
    )
    if visit is not None and may and visit.review_id != review.pk:
        is_same_list = visit.review.commune_review_id == review.commune_review_id
        may = is_same_list and may_be_visited(visit.review)
    if not may:
        submission.deprecated_id = ""
        submission.save(update_fields=["deprecated_id"])


def _share_communes(communes: Collection[int]) -> None:
    """Hold communes' rows against whoever changes them, not against others who only rely on them.

    By their ids: a question within the question has been planned as a walk of every household for each commune.
    """
    if not communes:
        return
    asked, values = CommuneReview.objects.filter(pk__in=communes).order_by("pk").values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{asked} FOR SHARE", values)


def _score(visit: Visit, review: HouseholdReview, facts: list[Fact], *, round_: ReviewRound, now: datetime) -> Score:
    scored = score_visit(visit, round_=round_, review=review, now=now)
    if flags := list(scored.flags):
        VisitFlag.objects.bulk_create(flags, ignore_conflicts=True)
    score = scored.score
    outcome = HouseholdClass(score.outcome).label if score.outcome else "chưa rõ"
    facts.append(
        HouseholdScored(
            review_id=review.pk,
            score_id=score.pk,
            a_points=score.a_points,
            b_points=score.b_points,
            outcome=str(outcome),
        )
    )
    return score


def _decide(
    review: HouseholdReview, current: Sequence[Visit], *, newest: Visit | None = None, score: Score | None = None
) -> None:
    """Write on the household what its counting visits say. A score that the caller holds is not asked again."""
    counting = {visit.form_id: visit for visit in current}
    survey = counting.get(FormKind.B)
    if survey is None:
        score = None
    elif score is None or score.visit_id != survey.pk:
        score = Score.objects.filter(visit=survey).order_by("-pk").first()
    show_result(
        review,
        survey=score,
        screening=counting.get(FormKind.A),
        sheet=counting.get(FormKind.C),
        has_news=newest is not None and newest.form_id != FormKind.C,
    )
    review.version += 1
    review.save(update_fields=_SHOWN)


_SHOWN = [
    "deciding_score", "surveyed_class", "deprivations", "a_points", "b_points", "size", "visit_state", "revisit_reason", "gone_reason",
    "causes", "has_no_labour", "has_merit_member", "version",
]  # fmt: skip


def _leave_replaced(submission: Submission, review: HouseholdReview, form_id: str) -> None:
    """An edited form may name another household than the one it replaces: that one loses its visit."""
    older = Visit.objects.filter(submission__instance_id=submission.deprecated_id).exclude(review=review).first()
    if older is not None:
        other = HouseholdReview.objects.select_for_update(of=("self",)).get(pk=older.review_id)
        settle(other, form_id)


def _tell(review: HouseholdReview, facts: Sequence[Fact], *, by: User | None, now: datetime) -> None:
    """Append what happened to the household's stream, all in one statement."""
    locks.hold(f"stream:{review.stream}")
    last = Event.objects.filter(stream=review.stream).order_by("-sequence").values_list("sequence", "hash").first()
    head, links = Head(*last) if last else Head(), []
    for fact in facts:
        links.append(link_to(head, fact, stream=review.stream, actor_id=by.pk if by else None, at=now))
        head = links[-1].head
    append(links)


def _says(score: Score) -> tuple[Any, ...]:
    return score.outcome, score.a_points, score.b_points


def _in_words(score: Score) -> str:
    outcome = HouseholdClass(score.outcome).label if score.outcome else "chưa rõ"
    return f"B1 {score.a_points}, B2 {score.b_points}, {outcome}"
