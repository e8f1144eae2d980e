"""The review of everybody, saved as findings that officers work through: each once, settled by itself when it is over.

What an officer set aside with a reason, or what was settled, comes back only when what it rests on has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.finding_events import LeftOutReviewAsked, LeftOutReviewFinished
from lienthong.assistance.models import Finding, LeftOutReview
from lienthong.assistance.queries.left_out import left_out
from lienthong.assistance.queries.left_out_reasons import Found, explained
from lienthong.assistance.services.asking_to_reinstate import asks_to_reinstate
from lienthong.assistance.services.surviving import is_because_of_death
from lienthong.assistance.states import BECAUSE_OF_DEATH, FindingKind, FindingState, ReviewState
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.infra.working import Progress, alone, is_cut_off, moment
from lienthong.kernel.days import local_day
from lienthong.rules.parameters import NoValueInForce
from lienthong.units import queries as units

_AT_ONCE: Final = 500
_Key = tuple[int, str, str, str]
WORK: Final = "left-out-review"
PRESSED_TWICE: Final = timedelta(seconds=10)
CUT_OFF: Final = "Lượt rà soát bị ngắt giữa chừng; chưa phát hiện nào được ghi. Hãy yêu cầu rà soát lại."
WENT_WRONG: Final = "Có lỗi khi rà soát; chưa phát hiện nào được ghi. Hãy yêu cầu lại; nếu vẫn lỗi, báo quản trị viên."
SETTLED_BY_ITSELF: Final = "Lượt rà soát ngày {day:%d/%m/%Y} không còn thấy."


class ReviewRefused(Exception):
    """A review that cannot be asked for; the sentence says why."""


@dataclass(slots=True)
class Saved:
    """What a review changed."""

    people: int = 0
    opened: int = 0
    kept: int = 0
    changed: int = 0
    settled: int = 0
    set_aside: int = 0


def ask_review(*, unit_id: int | None, acting_user: User, now: datetime) -> LeftOutReview:
    """Ask for a pass over everybody, or over one commune; a job makes it.

    Yêu cầu rà soát. Asked twice for one commune, by pressing twice or while one waits, it is one.

    Raises:
        ReviewRefused: It is not this user's to ask, or one waits already.
    """
    on = local_day(now)
    may = (
        policies.sees_province(acting_user, on=on)
        if unit_id is None
        else any(policies.runs_commune(acting_user, unit_id, on=on, programme=one) for one in policies.ALL)
        or policies.sees_province(acting_user, on=on)
    )
    if not may:
        raise ReviewRefused(_("Bạn chỉ rà soát được xã mình phụ trách. Hãy chọn xã của bạn."))
    try:
        with transaction.atomic():
            if unit_id is not None and (asked := _just_asked(unit_id, acting_user, now)) is not None:
                return asked
            review = LeftOutReview.objects.create(on=on, unit_id=unit_id, asked_by=acting_user, asked_at=now)
            record(LeftOutReviewAsked(review_id=review.pk), stream=review.stream, actor_id=acting_user.pk, at=now)
    except IntegrityError as waiting:
        raise ReviewRefused(_("Một lượt rà soát toàn tỉnh đang chờ. Hãy đợi lượt đó xong.")) from waiting
    return review


def _just_asked(unit_id: int, user: User, now: datetime) -> LeftOutReview | None:
    locks.hold(f"left-out-review-of:{unit_id}")
    twice = Q(state=ReviewState.WAITING) | Q(asked_by=user, asked_at__gt=now - PRESSED_TWICE)
    return LeftOutReview.objects.filter(twice, unit=unit_id).order_by("-asked_at", "-pk").first()


def review_at_once(
    *, now: datetime, on: date | None = None, unit_id: int | None = None
) -> tuple[LeftOutReview, Saved | None]:
    """Make a review for which nobody asked by name: each week, or from the terminal.

    Returns:
        The review, and what it changed; None where the law of the day is not recorded.

    Raises:
        WorkedElsewhere: Another worker makes one; nothing is written.
    """
    with alone(WORK):
        review = LeftOutReview.objects.create(
            on=on or local_day(now), unit_id=unit_id, asked_at=now, state=ReviewState.RUNNING
        )
        saved = _make(review)
    review.refresh_from_db()
    return review, saved


def make_review(review_id: int) -> Saved | None:
    """Make a review that was asked for; done twice, it changes nothing.

    Args:
        review_id: Which.

    Returns:
        What it changed; None where it was made before, or the law of the day is not recorded.

    Raises:
        WorkedElsewhere: Another worker makes one.
    """
    with alone(WORK):
        review = LeftOutReview.objects.get(pk=review_id)
        return None if review.state == ReviewState.DONE else _make(review)


def _make(review: LeftOutReview) -> Saved | None:
    """Make a review while nobody else makes one: whatever else is called running was cut off, and says so."""
    cut_off = LeftOutReview.objects.filter(state=ReviewState.RUNNING).exclude(pk=review.pk)
    cut_off.update(state=ReviewState.FAILED, problem=CUT_OFF, finished_at=moment())
    LeftOutReview.objects.filter(pk=review.pk).update(state=ReviewState.RUNNING, problem="", finished_at=None)
    try:
        people, everything = find(review.on, unit_id=review.unit_id, progress=Progress(review, now=moment()))
        return _keep_all(review.pk, people, everything)
    except NoValueInForce as missing:
        _fail(review, str(missing))
        return None
    except Exception:
        if not is_cut_off():
            _fail(review, WENT_WRONG)
        raise


def _fail(review: LeftOutReview, problem: str) -> None:
    LeftOutReview.objects.filter(pk=review.pk).update(state=ReviewState.FAILED, problem=problem, finished_at=moment())


def _keep_all(review_id: int, people: list[int], everything: list[Found]) -> Saved:
    with transaction.atomic():
        review = LeftOutReview.objects.select_for_update().get(pk=review_id)
        now = moment()
        saved, counts = save_findings(
            everything, people=people, on=review.on, unit_id=review.unit_id, run_id=str(review.pk), now=now
        )
        review.state, review.finished_at = ReviewState.DONE, now
        review.people, review.counts = len(people), dict(counts)
        review.save(update_fields=["state", "finished_at", "people", "counts"])
        fact = LeftOutReviewFinished(
            review_id=review.pk, people=len(people), opened=saved.opened, settled=saved.settled, counts=dict(counts)
        )
        record(fact, stream=review.stream, actor_id=review.asked_by_id, at=now)
        return saved


def _say_nothing(_stage: str, _share: float) -> None:
    pass


def find(
    on: date, *, unit_id: int | None, progress: Callable[[str, float], None] = _say_nothing
) -> tuple[list[int], list[Found]]:
    """Go through everybody and reason about whoever was chosen; nothing is written.

    Args:
        on: The day.
        unit_id: Only one commune.
        progress: Hears what is being done, and the share of it that is done.

    Returns:
        The ids of everybody, and what is found.

    Raises:
        NoValueInForce: The law of the day is not recorded.
    """
    progress(_("Đọc dữ liệu của mọi người"), 0.02)
    chosen = left_out(on, unit_id=unit_id)
    count = len(chosen.chosen)
    everything: list[Found] = []
    for start in range(0, count, _AT_ONCE):
        progress(_("Nêu lý do của từng phát hiện"), 0.2 + 0.7 * start / count)
        everything += explained(chosen, chosen.chosen[start : start + _AT_ONCE])
    progress(_("Ghi lại"), 0.9)
    return chosen.register.person.tolist(), everything


def save_findings(
    everything: Iterable[Found], *, people: list[int], on: date, unit_id: int | None, run_id: str, now: datetime
) -> tuple[Saved, Counter[str]]:
    """Keep what a review found. Runs inside the transaction of whoever asks.

    Args:
        everything: What is found.
        people: Ids of everybody who was gone through.
        on: The day.
        unit_id: The commune that was gone through; None for all of them.
        run_id: Which review finds it.
        now: The moment.

    Returns:
        What changed, and how many findings of each kind are open now.
    """
    of_commune = Q() if unit_id is None else units.within("unit", [unit_id], on=on)
    scope = Finding.objects.filter(of_commune)
    latest = _latest(people if unit_id is not None else None)
    saved, counts, seen = Saved(people=len(people)), Counter[str](), set[_Key]()
    new: list[Finding] = []
    for one in everything:
        key = (one.person_id, str(one.kind), str(one.programme), str(one.benefit))
        if key in seen:
            continue
        seen.add(key)
        if _keep(one, latest.get(key), new, saved, on=on, run_id=run_id):
            counts[str(one.kind)] += 1
    Finding.objects.bulk_create(new, batch_size=_AT_ONCE)
    saved.opened = len(new)
    over = [
        row.pk for key, row in latest.items() if key not in seen and row.state in _WORKED_ON and _is_of_reviews(row)
    ]
    saved.settled = scope.filter(pk__in=over).update(
        state=FindingState.SETTLED,
        note=SETTLED_BY_ITSELF.format(day=on),
        decided_at=now,
        decided_by=None,
        run_id=run_id,
    )
    return saved, counts


_WORKED_ON: Final = frozenset({FindingState.OPEN, FindingState.DRAFTED})


def _is_of_reviews(row: Finding) -> bool:
    """Tell whether a review looks for such a finding: others follow deaths, payments, suspensions and mergers."""
    return (
        row.benefit not in BECAUSE_OF_DEATH
        and row.kind not in _OF_OTHERS
        and not is_because_of_death(row)
        and not asks_to_reinstate(row)
    )


_OF_OTHERS: Final = frozenset({
    FindingKind.UNCOLLECTED, FindingKind.REFUSED_REVIEW, FindingKind.PLACE_DIVIDED, FindingKind.ONCE_DIFFERS,
    FindingKind.LACKS_FACTS,
})  # fmt: skip


def _latest(person_ids: list[int] | None) -> dict[_Key, Finding]:
    """Return the last finding of each kind for each person."""
    rows = Finding.objects.all() if person_ids is None else Finding.objects.filter(person_id__in=person_ids)
    return {(row.person_id, row.kind, row.programme, row.benefit): row for row in rows.order_by("pk").iterator()}


def _keep(one: Found, before: Finding | None, new: list[Finding], saved: Saved, *, on: date, run_id: str) -> bool:
    """Open a finding, or bring the one there is up to date; say whether it is to be worked on."""
    if before is None or (before.state not in _WORKED_ON and before.ground != one.ground):
        new.append(_row(one, on=on, run_id=run_id))
        return True
    if before.state not in _WORKED_ON:
        saved.set_aside += 1
        return False
    if asks_to_reinstate(before):  # what waits to go on is not granted anew
        saved.kept += 1
        return True
    if before.ground == one.ground and before.unit_id == one.unit_id and before.amount == one.amount:
        saved.kept += 1
        return True
    fresh = _row(one, on=before.found_on, run_id=run_id)
    for name in _CHANGING:
        setattr(before, name, getattr(fresh, name))
    before.save(update_fields=_CHANGING)
    saved.changed += 1
    return True


_CHANGING: Final = (
    "unit", "amount", "paid", "reasons", "missing", "assumed", "is_certain", "ground", "entitlement", "run_id",
)  # fmt: skip


def _row(one: Found, *, on: date, run_id: str) -> Finding:
    return Finding(
        person_id=one.person_id, unit_id=one.unit_id, kind=one.kind, programme=one.programme, benefit=one.benefit,
        amount=one.amount, paid=one.paid, reasons=list(one.reasons), missing=list(one.missing), assumed=list(one.assumed),
        is_certain=one.is_certain, ground=one.ground, entitlement_id=one.entitlement_id, found_on=on, run_id=run_id,
    )  # fmt: skip
