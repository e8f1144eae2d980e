"""Visits of the demo's enumerators as rows: what was sent, what it says, and what the rules make of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from lienthong.kernel.days import local_moment
from lienthong.ops.demo.poverty import answers as filling
from lienthong.ops.demo.poverty.answers import Answers, Asked
from lienthong.ops.demo.poverty.homes import Person
from lienthong.poverty.models import FormVersion, HouseholdReview, ReviewRound, Score, Submission, Visit
from lienthong.poverty.services.bulk import ReviewHistory
from lienthong.poverty.services.scoring import computed_score, read_facts, show_result
from lienthong.poverty.services.visits import answers_digest
from lienthong.poverty.states import LISTED_CLASSES, AreaKind, FormKind, HouseholdClass, VisitState
from lienthong.poverty.survey.answers import facts_from
from lienthong.rules.poverty.classifying import classify
from lienthong.rules.poverty.facts import Area
from lienthong.rules.poverty.standards import standard

EARLIEST_HOUR, LATEST_HOUR = 8, 16
HAMLETS_APART, HOUSES_APART = 0.011, 0.0025
Place = tuple[float, float]


def asked_at(
    review: HouseholdReview, living: Sequence[Person], *, day: date, place: Place | None, seed: int, luck: Random
) -> Asked:
    """Tell which household is found where and when."""
    began = local_moment(day, time(luck.randint(EARLIEST_HOUR, LATEST_HOUR), luck.randrange(60), luck.randrange(60)))
    code = review.household.code
    return Asked(
        code=code, area=AreaKind(review.area), living=living, started_at=began,
        ended_at=began + timedelta(minutes=luck.randint(17, 44), seconds=luck.randrange(60)),
        place=_house(place, review.hamlet, code), own=f"{seed}/{code}", luck=luck,
    )  # fmt: skip


def _house(place: Place | None, hamlet: str, code: str) -> Place | None:
    """Return where a house stands: the hamlets lie around the middle of the commune."""
    if place is None:
        return None
    village, house = Random(f"{place}/{hamlet}"), Random(f"{place}/{code}")
    return (
        place[0] + village.gauss(0, HAMLETS_APART) + house.gauss(0, HOUSES_APART),
        place[1] + village.gauss(0, HAMLETS_APART) + house.gauss(0, HOUSES_APART),
    )


@dataclass(slots=True)
class Visiting:
    """Fills the forms of one round.

    Args:
        history: Takes the rows.
        round_: The round, with its points table.
        forms: The versions in use then, by id of the form.
        keeps_forms: Whether what was filled is kept, or only what came of it.
        keeps_sheets: Whether form C is kept.
    """

    history: ReviewHistory
    round_: ReviewRound
    forms: Mapping[str, FormVersion]
    keeps_forms: bool = True
    keeps_sheets: bool = True

    @property
    def asks_income(self) -> bool:
        """Whether form B asks for the income, because no points are taken."""
        return self.round_.points_table is None

    def survey(self, review: HouseholdReview, wanted: HouseholdClass, asked: Asked, *, by: int | None) -> None:
        """Visit with form B, and with form C whoever comes out poor or near-poor."""
        law = standard(self.round_.standard_id)
        answers = filling.survey(asked, wanted, law, asks_income=self.asks_income)
        if not self.keeps_forms:
            self._keep_result(review, answers, asked)
            return
        visit = self._visit(FormKind.B, review, asked, answers, by=by)
        facts, at = read_facts(visit, area=review.area), visit.submission.received_at
        score, found = computed_score(visit, facts, round_=self.round_, area=review.area, now=at)
        self.history.scores.append(score)
        sheet = None
        if found.poverty_class is not None and found.poverty_class.value in LISTED_CLASSES:
            told = filling.sheet(asked, answers)
            if self.keeps_sheets:
                sheet = self._visit(FormKind.C, review, asked, told, by=by)
            else:
                review.causes = told["causes"].split()
        self._show(review, survey=score, sheet=sheet)

    def screen_out(self, review: HouseholdReview, asked: Asked, *, by: int | None) -> None:
        """Visit with form A, which ends the matter."""
        if not self.keeps_forms:
            review.surveyed_class, review.visit_state = HouseholdClass.NOT_POOR, VisitState.SCREENED_OUT
            return
        visit = self._visit(FormKind.A, review, asked, filling.screening(asked), by=by)
        self._show(review, screening=visit)

    def _keep_result(self, review: HouseholdReview, answers: Answers, asked: Asked) -> None:
        facts = replace(facts_from(answers, on=asked.day), area=Area(review.area), income_per_person=_income(answers))
        found = classify(facts, standard(self.round_.standard_id))
        review.surveyed_class = found.poverty_class.value if found.poverty_class else None
        review.a_points, review.b_points = found.a_points, found.b_points
        review.deprivations, review.size = list(found.deprived_codes), len(facts.members)
        if review.surveyed_class in LISTED_CLASSES:
            review.causes = filling.sheet(asked, answers)["causes"].split()
        review.visit_state = VisitState.VISITED

    def _show(
        self, review: HouseholdReview, *, survey: Score | None = None, screening: Visit | None = None,
        sheet: Visit | None = None,
    ) -> None:  # fmt: skip
        show_result(review, survey=survey, screening=screening, sheet=sheet, has_news=True)
        review.version += 1

    def _visit(
        self, form_id: FormKind, review: HouseholdReview, asked: Asked, answers: Answers, *, by: int | None
    ) -> Visit:
        version, moment = self.forms[form_id], _sent(asked, form_id)
        instance_id = f"uuid:{UUID(int=asked.luck.getrandbits(128), version=4)}"
        xml = filling.as_xml(str(form_id.value), version.version, instance_id, answers)
        submission = Submission(
            instance_id=instance_id, form_version=version, xml=xml, digest=hashlib.sha256(xml.encode()).hexdigest(),
            sent_by_id=by, unit=review.commune_review.unit, household_code=asked.code, received_at=moment,
            completed_at=moment,
        )  # fmt: skip
        visit = Visit(
            review=review, submission=submission, form_id=form_id.value, visited_by_id=by, started_at=asked.started_at,
            ended_at=asked.ended_at, answers=answers, answers_digest=answers_digest(answers),
            latitude=round(asked.place[0], 6) if asked.place else None,
            longitude=round(asked.place[1], 6) if asked.place else None,
            accuracy_m=float(answers["location"].split()[3]) if asked.place else None,
        )  # fmt: skip
        self.history.submissions.append(submission)
        self.history.visits.append(visit)
        return visit


def _income(answers: Answers) -> int | None:
    return int(answers["income_per_person"]) if "income_per_person" in answers else None


def _sent(asked: Asked, form_id: FormKind) -> datetime:
    """Return when it arrived: in the evening of that day, when there is a network."""
    return local_moment(asked.day, time(20, 15 + 10 * list(FormKind).index(form_id)))
