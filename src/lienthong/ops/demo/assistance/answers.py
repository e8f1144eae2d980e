"""What else the form asks of everybody: the ordinary answers, so that the rules come to a conclusion."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from lienthong.kernel.identity import Sex
from lienthong.ops.demo.assistance.cases import Case
from lienthong.ops.demo.assistance.folk import Folk
from lienthong.rules.social_assistance.facts import PovertyStanding

FIRST_DAY: Final = date(2021, 7, 1)
EVIDENCE: Final = "Tờ khai của người hưởng (dữ liệu minh họa)"
ELDERLY, CHILD, STUDENT, PARENT_FROM = 60, 16, 22, 10


def complete(case: Case, folk: Folk, *, today: date) -> None:
    """Add the answers that are still missing; what is known already stays.

    Args:
        case: Somebody with what is particular about them.
        folk: For the classes of the household.
        today: The day that is today.
    """
    asked = FIRST_DAY if case.decided_on is None else min(FIRST_DAY, case.decided_on - timedelta(days=10))
    since = max(asked, case.someone.born.earliest)
    for name, value in _ordinary(case, folk, today):
        case.knows(name, value, since=since, evidence=EVIDENCE)


def _ordinary(case: Case, folk: Folk, today: date) -> Iterator[tuple[str, Any]]:
    one = case.someone
    was_poor = any(standing is PovertyStanding.POOR for _since, standing in folk.class_changes(one.household_id))
    oldest, youngest = one.age_on(today), one.age_on(FIRST_DAY)
    yield from (("in_institution", False), ("other_benefit", 0), ("pension", 0), ("disability", "none"))
    yield from (("poverty", "other"), ("care", "none"))
    if was_poor:
        yield "has_hiv", False
    if oldest >= PARENT_FROM:
        yield "children", []
    if youngest < CHILD:
        yield from (("is_abandoned", False), ("father", "caring"), ("mother", "caring"))
    if youngest < STUDENT and oldest >= CHILD:
        yield "received_as_orphan", False
    if oldest >= ELDERLY:
        yield "has_supporter", True
        if was_poor:
            yield from (("supporter_receives_allowance", False), ("eligible_for_institution", False))
    if one.sex is Sex.FEMALE and case.paper is not None and oldest >= PARENT_FROM and youngest < ELDERLY:
        yield "is_pregnant", False
