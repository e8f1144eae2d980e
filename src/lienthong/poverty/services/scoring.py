"""What the rules say of a visit, kept as a score that never changes, and what of it stands on the household of the list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from lienthong.kernel.days import local_day
from lienthong.poverty.models import HouseholdReview, PointsTableVersion, ReviewRound, Score, Visit, VisitFlag
from lienthong.poverty.queries.standards import provincial_lines_on, rules_table
from lienthong.poverty.states import Cause, FlagKind, HouseholdClass, VisitState
from lienthong.poverty.survey.answers import computed_from, facts_from
from lienthong.rules.poverty.classifying import Classification, classify
from lienthong.rules.poverty.facts import Area, HouseholdFacts, Work
from lienthong.rules.poverty.plain_facts import household_as_plain
from lienthong.rules.poverty.points import PointsTable, column_for
from lienthong.rules.poverty.recording import as_json
from lienthong.rules.poverty.standards import PovertyStandard, ProvincialLines, standard

_LABOUR = frozenset(
    {Work.EMPLOYED_CONTRACT, Work.EMPLOYED_NO_CONTRACT, Work.SELF_EMPLOYED, Work.UNEMPLOYED, Work.NOT_SEEKING}
)
_SHOWN_FIELDS = 8


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, with the fields in which the device had computed something else."""

    score: Score
    differing: tuple[str, ...]

    @property
    def flags(self) -> Iterator[VisitFlag]:
        """What is worth a second look; not saved yet."""
        if self.differing:
            named = ", ".join(self.differing[:_SHOWN_FIELDS]) + (" …" if len(self.differing) > _SHOWN_FIELDS else "")
            yield VisitFlag(
                visit=self.score.visit,
                kind=FlagKind.COMPUTED_OTHERWISE,
                words=f"Máy tính khác máy chủ ở: {named}. Kết quả của máy chủ được dùng."[:500],
                raised_at=self.score.computed_at,
            )


def score_visit(visit: Visit, *, round_: ReviewRound, review: HouseholdReview, now: datetime) -> Scored:
    """Score a visit of form B by the standard and the points table of its round, in the area that the list gives the household.

    Chấm điểm một lượt khảo sát.

    Args:
        visit: Saved, with its answers.
        round_: Of the list; its points table may be deferred.
        review: The household on the list.
        now: When.

    Returns:
        The saved score, and where the device had computed otherwise; ours counts.
    """
    facts = read_facts(visit, area=review.area)
    lines = provincial_lines_on(_day_of(round_, visit)) if facts.income_per_person is not None else None
    score, found = computed_score(visit, facts, round_=round_, area=review.area, lines=lines, now=now)
    score.save()
    differing = computed_otherwise(visit.answers, facts, found, standard(round_.standard_id))
    return Scored(score, tuple(differing))


def computed_score(
    visit: Visit, facts: HouseholdFacts, *, round_: ReviewRound, area: str, now: datetime,
    lines: ProvincialLines | None = None,
) -> tuple[Score, Classification]:  # fmt: skip
    """Compute the score of a visit of form B, which may itself not be saved yet; nothing is saved here.

    Args:
        visit: Of form B.
        facts: What it says, as ``read_facts`` gives it.
        round_: Of the list; its standard and its points table count.
        area: That the list gives the household.
        now: When it is computed.
        lines: Of the province on the day; None where it has none of its own or nothing is compared with them.
    """
    law, version = standard(round_.standard_id), round_.points_table
    table, column = table_of(version), None
    if table is not None:
        column = column_for(Area(area), round_.points_column)
        if column not in table.columns:
            version = table = column = None
    found = classify(facts, law, points_table=table, column=column, provincial_lines=lines)
    score = Score(
        visit=visit,
        standard_id=law.id,
        points_table=version,
        table_digest=version.digest if version is not None else "",
        points_column=column or "",
        area=area,
        provincial_lines=_plain_lines(lines),
        facts=household_as_plain(facts),
        result=as_json(found),
        a_points=found.a_points,
        b_points=found.b_points,
        deprivations=list(found.deprived_codes),
        outcome=found.poverty_class.value if found.poverty_class else None,
        computed_at=now,
    )
    return score, found


def read_facts(visit: Visit, *, area: str) -> HouseholdFacts:
    """Return what a visit says of its household; the area is the list's, whatever the form was told."""
    return replace(facts_from(visit.answers, on=local_day(visit.ended_at)), area=Area(area))


def computed_otherwise(
    answers: dict[str, Any], facts: HouseholdFacts, ours: Classification, law: PovertyStandard
) -> Iterator[str]:
    """Name the fields in which the form on the device computed something else than we; what it left empty does not count."""
    theirs = computed_from(answers)
    expected: dict[str, Any] = {
        "size": len(facts.members),
        "ages": [member.age for member in facts.members],
        "a_points": ours.a_points,
        "b_points": ours.b_points,
        "deprivations": ours.deprivation_count,
        "result": ours.poverty_class.value if ours.poverty_class else None,
    }
    fields = {indicator.code: indicator.field for indicator in law.indicators}
    for one in ours.deprivations:
        expected[f"d_{fields[one.code]}"] = None if one.is_deprived is None else int(one.is_deprived)
    for item in ours.points.items if ours.points else ():
        expected[f"a_{item.feature}"] = item.points
    if expected["result"] == HouseholdClass.AVERAGE:
        expected["result"] = HouseholdClass.NOT_POOR.value  # the device does not compare the income
    for name, value in expected.items():
        their = theirs.get(name)
        if their is not None and value is not None and their != value:
            yield name


def show_result(
    review: HouseholdReview, *, survey: Score | None, screening: Visit | None, sheet: Visit | None, has_news: bool
) -> None:
    """Write on a locked household what its counting visits say; saving is the caller's.

    Args:
        review: Locked.
        survey: The score of the counting visit of form B.
        screening: The counting visit of form A.
        sheet: The counting visit of form C.
        has_news: Whether a visit of form A or B has just come that counts: what was asked again is then done.
    """
    is_out = survey is None and screening is not None and screening.answers.get("screened") == "out"
    review.deciding_score = survey
    review.surveyed_class = survey.outcome if survey else (HouseholdClass.NOT_POOR.value if is_out else None)
    review.deprivations = list(survey.deprivations) if survey else []
    review.a_points, review.b_points = (survey.a_points, survey.b_points) if survey else (None, None)
    if survey is not None:
        review.size = len(survey.facts.get("members", ())) or review.size
    if sheet is not None:
        _show_sheet(review, sheet.answers)
    is_waiting = review.visit_state in {VisitState.REVISIT, VisitState.GONE} and not has_news
    if not is_waiting or (survey is None and review.visit_state != VisitState.GONE):
        review.visit_state = VisitState.VISITED if survey else VisitState.TO_VISIT
        if is_out:
            review.visit_state = VisitState.SCREENED_OUT
        review.gone_reason = review.revisit_reason = ""


def _show_sheet(review: HouseholdReview, answers: dict[str, Any]) -> None:
    known = set(Cause.values)
    review.causes = [cause for cause in str(answers.get("causes", "")).split() if cause in known]
    works = [member.get("work") for member in answers.get("members") or ()]
    if any(work in _LABOUR for work in works):
        review.has_no_labour = False
    else:
        review.has_no_labour = True if works and None not in works else None
    merit = {"yes": True, "no": False}.get(answers.get("has_merit_member", ""))
    review.has_merit_member = merit if merit is not None else review.has_merit_member


def table_of(version: PointsTableVersion | None) -> PointsTable | None:
    """Return a points table as the rules count with it. What was approved never changes, so it is read once per process."""
    return None if version is None else _table(version.pk, version.digest, _Kept(version))


class _Kept:
    """A version that is not part of the key by which tables are remembered."""

    def __init__(self, version: PointsTableVersion) -> None:
        self.version = version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=16)
def _table(version_id: int, digest: str, kept: _Kept) -> PointsTable:
    return rules_table(kept.version)


def _day_of(round_: ReviewRound, visit: Visit) -> date:
    """The day whose provincial lines hold: that of the visit, within the round."""
    return min(max(local_day(visit.ended_at), round_.starts_on), round_.ends_on)


def _plain_lines(lines: ProvincialLines | None) -> dict[str, Any]:
    if lines is None:
        return {}
    plain = {"rural": lines.rural, "urban": lines.urban, "document": lines.reference.document}
    if lines.average_reference is None:
        return plain
    ceilings = {"average_rural": lines.average_rural, "average_urban": lines.average_urban}
    return plain | ceilings | {"average_document": lines.average_reference.document}
