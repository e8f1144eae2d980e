"""How far each commune is with a round, and on which days it did what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from lienthong.poverty.models import ReviewRound
from lienthong.poverty.states import CommuneState

# Of the way through a round, where each stage begins.
STAGES = (
    (0.07, CommuneState.LISTING),
    (0.50, CommuneState.VISITING),
    (0.64, CommuneState.MEETING),
    (0.80, CommuneState.POSTED),
    (0.94, CommuneState.DECIDED),
)
COMMUNES_DIFFER_BY, NEVER_FASTER_THAN = 0.15, 0.25
# A round that has come to its end finds most communes before theirs.
PACE = 0.84
# Days between a meeting and the posting, the posting and the decision, the decision and the report.
TO_THE_POSTING, TO_THE_DECISION, TO_THE_REPORT = 4, 9, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a commune has done. Days that have not come are those on which it would happen.

    Attributes:
        visited: How much of its list has been visited, from 0 to 1.
        met: How many of its hamlets have met, from 0 to 1.
        is_prepared: Whether a decision waits for its signature.
    """

    state: CommuneState
    first_visit: date
    last_visit: date
    meeting: date
    posted: date
    decided: date
    reported: date
    visited: float = 1.0
    met: float = 1.0
    is_prepared: bool = False


def finished(round_: ReviewRound, luck: Random) -> Plan:
    """Plan a commune of a round that is over: everything in time."""
    meeting = weekday(round_.starts_on + timedelta(days=luck.randint(66, 78)))
    return _counted(CommuneState.REPORTED, round_.starts_on + timedelta(days=3), meeting)


def running(round_: ReviewRound, today: date, luck: Random, *, state: CommuneState | None = None) -> Plan:
    """Plan a commune of a round in which today lies.

    Args:
        round_: The round.
        today: Nothing has happened on it yet.
        luck: Where chance comes from.
        state: The stage, where it is not left to chance.
    """
    gone_by = (today - round_.starts_on) / (round_.ends_on - round_.starts_on)
    way = gone_by * PACE + luck.gauss(0, COMMUNES_DIFFER_BY)
    way = min(max(way, 0.0), gone_by * PACE + NEVER_FASTER_THAN, 1.0)
    stage = state or next((stage for end, stage in STAGES if way < end), CommuneState.REPORTED)
    yesterday, first = today - timedelta(days=1), min(round_.starts_on + timedelta(days=3), today - timedelta(days=1))
    if stage in {CommuneState.LISTING, CommuneState.VISITING}:
        later = today + timedelta(days=10)
        return Plan(
            state=stage, first_visit=first, last_visit=yesterday, meeting=later, posted=later, decided=later,
            reported=later, visited=0.0 if stage == CommuneState.LISTING else min(max(way / STAGES[1][0], 0.1), 0.95),
            met=0.0,
        )  # fmt: skip
    back = {
        CommuneState.MEETING: luck.randint(1, 5),
        CommuneState.POSTED: TO_THE_POSTING + luck.choice((2, 3, 8)),
        CommuneState.DECIDED: TO_THE_POSTING + TO_THE_DECISION + luck.randint(2, 12),
    }.get(stage, TO_THE_POSTING + TO_THE_DECISION + TO_THE_REPORT + luck.randint(2, 10))
    meeting = weekday(max(today - timedelta(days=back + 2), first + timedelta(days=1)))
    plan = _counted(stage, first, meeting)
    if stage == CommuneState.MEETING:
        return replace(plan, met=luck.uniform(0.2, 0.8))
    if stage == CommuneState.POSTED:
        return replace(plan, is_prepared=today - plan.posted > timedelta(days=TO_THE_DECISION - 2))
    return plan


def weekday(day: date) -> date:
    """Return the day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _counted(state: CommuneState, first: date, meeting: date) -> Plan:
    posted = weekday(meeting + timedelta(days=TO_THE_POSTING))
    decided = weekday(posted + timedelta(days=TO_THE_DECISION))
    return Plan(
        state=state, first_visit=first, last_visit=meeting - timedelta(days=2), meeting=meeting, posted=posted,
        decided=decided, reported=weekday(decided + timedelta(days=TO_THE_REPORT)),
    )  # fmt: skip
