"""Which class each household of the demo holds from one day to another, written as the rounds go by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from lienthong.people.models import Household
from lienthong.poverty.models import HouseholdReview, HouseholdStanding, RecognitionDecision
from lienthong.poverty.states import LISTED_CLASSES, HouseholdClass, Movement, VisitState


@dataclass(slots=True)
class Standings:
    """The classes as they were recorded; see ``poverty.services.standings``, which does it one round at a time."""

    rows: list[HouseholdStanding] = field(default_factory=list)
    _open: dict[int, HouseholdStanding] = field(default_factory=dict)
    _certificates: Counter[str] = field(default_factory=Counter)

    def begin(self, household: Household, household_class: HouseholdClass, *, since: date, source: str) -> None:
        """Take a class from an older list."""
        self._add(
            HouseholdStanding(household=household, household_class=household_class, valid_from=since, source=source)
        )

    def decide(
        self, review: HouseholdReview, decision: RecognitionDecision | None, *, unit_code: str, applies_from: date,
        source: str,
    ) -> None:  # fmt: skip
        """Let a household hold what was decided; who is on no list before and after keeps what is recorded."""
        current, result = self._open.get(review.household.pk), review.final_class
        if review.visit_state == VisitState.GONE:
            if current is not None:
                self._end(current, applies_from)
            return
        assert result is not None, "a household that is there has a class"
        known = HouseholdClass.NOT_POOR if current is None else HouseholdClass(current.household_class)
        if decision is None and (result == known or (current is None and result != HouseholdClass.AVERAGE)):
            return
        if current is not None:
            self._end(current, applies_from)
        standing = HouseholdStanding(
            household=review.household, household_class=result, valid_from=applies_from, review=review,
            decision=decision, source="" if decision else source,
        )  # fmt: skip
        if result in LISTED_CLASSES:
            begins = f"{unit_code}-{applies_from.year}-"
            self._certificates[begins] += 1
            standing.certificate_number = f"{begins}{self._certificates[begins]:04d}"
        self._add(standing)

    def _add(self, standing: HouseholdStanding) -> None:
        self.rows.append(standing)
        self._open[standing.household.pk] = standing

    def _end(self, standing: HouseholdStanding, day: date) -> None:
        standing.valid_until = day
        del self._open[standing.household.pk]


def named_by(review: HouseholdReview, recognition: RecognitionDecision | None, exit_: RecognitionDecision | None) -> RecognitionDecision | None:  # fmt: skip
    """Return the decision that names a household."""
    if review.final_class in LISTED_CLASSES:
        return recognition
    return exit_ if review.movement in {Movement.POOR_EXITS, Movement.NEAR_POOR_EXITS} else None
