"""One round of the demo as rows: lists, visits, meetings, postings, decisions, classes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from lienthong.kernel.days import local_moment
from lienthong.ops.demo.poverty.fates import Course, Fate
from lienthong.ops.demo.poverty.homes import Homes, Person, head_of, living_on
from lienthong.ops.demo.poverty.officers import Pair
from lienthong.ops.demo.poverty.schedule import Plan
from lienthong.ops.demo.poverty.standing import Standings, named_by
from lienthong.ops.demo.poverty.village import Village
from lienthong.ops.demo.poverty.visiting import Place, Visiting, asked_at
from lienthong.people.models import Household
from lienthong.poverty.models import CommuneReview, HouseholdReview, ReviewRequest, ReviewRound
from lienthong.poverty.movements import movement_of
from lienthong.poverty.queries.areas import areas_of
from lienthong.poverty.services.bulk import ReviewHistory
from lienthong.poverty.states import (
    LISTED_CLASSES,
    CommuneState,
    DecisionKind,
    GoneReason,
    HouseholdClass,
    ListingSource,
    Movement,
    RequestKind,
    VisitState,
)

MERIT_SHARE = 0.02
DONE = (CommuneState.DECIDED, CommuneState.REPORTED)
MET = (CommuneState.MEETING, CommuneState.POSTED, *DONE)
Result = tuple[int, HouseholdClass, HouseholdClass | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What every round needs to know.

    Attributes:
        homes: All households.
        members: Members of those that are ever on a list, by the place of the household.
        households: Rows of those households.
        places: The middle of communes, where borders are known.
        seed: The same seed gives the same rounds.
    """

    homes: Homes
    members: dict[int, list[Person]]
    households: dict[int, Household]
    places: Mapping[int, Place]
    seed: int


@dataclass(slots=True)
class RoundWriting:
    """Writes one round.

    Args:
        round_: The round, saved or not.
        history: Takes the rows.
        known: What is known of everybody.
        visiting: Fills forms.
        village: Writes meetings, postings and decisions.
        standings: Takes the classes that were decided.
        jumping: Ids of households whose line may have jumped.
    """

    round_: ReviewRound
    history: ReviewHistory
    known: Known
    visiting: Visiting
    village: Village
    standings: Standings
    jumping: Collection[int] = ()

    def write(
        self, communes: Mapping[int, CommuneReview], fates: Sequence[Fate], plans: Mapping[int, Plan],
        officers: Mapping[int, Pair],
    ) -> list[Result]:  # fmt: skip
        """Write the round and return what it came to in the communes that have decided.

        Args:
            communes: Their part of the round, by id of the unit.
            fates: Of every household on a list.
            plans: How far each commune is.
            officers: Who works there.
        """
        by_unit: dict[int, list[Fate]] = {}
        for fate in fates:
            by_unit.setdefault(fate.unit_id, []).append(fate)
        area_of = areas_of(
            {(communes[fate.unit_id].unit, self.known.homes.hamlets[fate.home]) for fate in fates},
            on=self.round_.starts_on,
        )
        results: list[Result] = []
        for unit_id, commune in communes.items():
            plan, here = plans[unit_id], by_unit.get(unit_id, [])
            self._dates(commune, plan)
            luck = Random(f"{self.known.seed}/{self.round_.period}/{commune.unit.code}")
            rows = [(self._listed(fate, commune, str(area_of[unit_id, self.known.homes.hamlets[fate.home]]), luck), fate) for fate in here]  # fmt: skip
            for review, fate in rows:
                self._visit(review, fate, plan, officers[unit_id], luck)
            if plan.state in MET and rows:
                results += self._settle(commune, rows, plan, officers[unit_id], luck)
        return results

    def _dates(self, commune: CommuneReview, plan: Plan) -> None:
        commune.state = plan.state
        if plan.state != CommuneState.LISTING:
            commune.listed_at = local_moment(plan.first_visit - timedelta(days=1), time(16))
        if plan.state == CommuneState.REPORTED:
            commune.reported_at = local_moment(plan.reported, time(16, 30))
        self.history.communes.append(commune)

    def _listed(self, fate: Fate, commune: CommuneReview, area: str, luck: Random) -> HouseholdReview:
        household = self.known.households[fate.home]
        living = self._living(fate.home, self.round_.starts_on) or self.known.members[fate.home]
        head = head_of(living)
        merit = Random(f"{self.known.seed}/{household.code}/merit").random() < MERIT_SHARE
        review = HouseholdReview(
            commune_review=commune, household=household, head_name=head.full_name, head_sort_key=head.sort_key,
            head_sex=head.sex, ethnicity=head.ethnicity, size=len(living), hamlet=self.known.homes.hamlets[fate.home],
            area=area, line_may_jump=household.pk in self.jumping, source=fate.source, class_before=fate.before,
            ever_listed=fate.ever_listed, has_merit_member=merit,
        )  # fmt: skip
        self.history.households.append(review)
        if fate.source == ListingSource.REQUEST:
            asked_on = self.round_.starts_on - timedelta(days=luck.randint(3, 60))
            self.history.requests.append(
                ReviewRequest(
                    household=household,
                    unit=commune.unit,
                    kind=RequestKind.RECOGNIZE,
                    received_on=asked_on,
                    note="Đề nghị rà soát, công nhận hộ nghèo",
                    review=review,
                )
            )
        return review

    def _living(self, home: int, day: date) -> list[Person]:
        return living_on(self.known.members[home], day)

    def _visit(self, review: HouseholdReview, fate: Fate, plan: Plan, officers: Pair, luck: Random) -> None:
        if luck.random() >= plan.visited and plan.state not in MET:
            return
        days = max((plan.last_visit - plan.first_visit).days, 0)
        day = plan.first_visit + timedelta(days=luck.randint(0, days))
        living = self._living(fate.home, day)
        if fate.course == Course.GONE or not living:
            review.visit_state = VisitState.GONE
            review.gone_reason = GoneReason.MOVED_AWAY if living else GoneReason.DISSOLVED
            return
        place = self.known.places.get(fate.unit_id)
        asked = asked_at(review, living, day=day, place=place, seed=self.known.seed, luck=luck)
        review.enumerator_id = officers.officer
        if fate.course == Course.SCREENED_OUT:
            self.visiting.screen_out(review, asked, by=officers.officer)
        else:
            self.visiting.survey(review, fate.surveyed, asked, by=officers.officer)

    def _settle(
        self,
        commune: CommuneReview,
        rows: Sequence[tuple[HouseholdReview, Fate]],
        plan: Plan,
        officers: Pair,
        luck: Random,
    ) -> list[Result]:
        """Meet, post, decide, as far as the commune is."""
        there: dict[str, list[tuple[HouseholdReview, HouseholdClass]]] = {}
        for review, fate in rows:
            if review.visit_state != VisitState.GONE:
                surveyed = HouseholdClass(str(review.surveyed_class))
                wanted = fate.final if surveyed == fate.surveyed != fate.final else surveyed
                there.setdefault(review.hamlet, []).append((review, wanted))
        for _hamlet, households in sorted(there.items()):
            if luck.random() < plan.met:
                self.village.meet(commune, households, plan, officers=officers, luck=luck)
        if plan.state == CommuneState.MEETING:
            return []
        if there:
            self.village.post(commune, plan, officers)
        if plan.state in DONE or plan.is_prepared:
            return self._decide(commune, rows, plan, officers, luck)
        return []

    def _decide(
        self,
        commune: CommuneReview,
        rows: Sequence[tuple[HouseholdReview, Fate]],
        plan: Plan,
        officers: Pair,
        luck: Random,
    ) -> list[Result]:
        movements = {id(review): self._movement(review) for review, _fate in rows}
        applies_from = max(date(int(self.round_.period) + 1, 1, 1), plan.decided)
        number = luck.randint(210, 980)
        kinds = {DecisionKind.RECOGNIZE}
        if any(movement in {Movement.POOR_EXITS, Movement.NEAR_POOR_EXITS} for movement in movements.values()):
            kinds.add(DecisionKind.EXIT)
            if not any(review.proposed_class in LISTED_CLASSES for review, _fate in rows):
                kinds.remove(DecisionKind.RECOGNIZE)
        decisions = {
            kind: self.village.decide(commune, kind, number + place, plan, officers, applies_from=applies_from)
            for place, kind in enumerate(sorted(kinds, reverse=True))
        }
        if plan.is_prepared:
            return []
        results: list[Result] = []
        for review, fate in sorted(rows, key=lambda row: (row[0].hamlet, row[0].head_sort_key, row[1].home)):
            review.movement = movements[id(review)]
            is_gone = review.visit_state == VisitState.GONE
            review.final_class = None if is_gone else review.proposed_class
            named = named_by(review, decisions.get(DecisionKind.RECOGNIZE), decisions.get(DecisionKind.EXIT))
            review.decision = None if is_gone else named
            review.version += 1
            self.standings.decide(
                review, review.decision, unit_code=commune.unit.code, applies_from=applies_from,
                source=f"Kết quả {self.round_}",
            )  # fmt: skip
            results.append((fate.home, fate.before, None if is_gone else HouseholdClass(str(review.proposed_class))))
        return results

    def _movement(self, review: HouseholdReview) -> Movement:
        is_gone = review.visit_state == VisitState.GONE
        before = HouseholdClass(review.class_before)
        after = None if is_gone else HouseholdClass(str(review.proposed_class))
        return movement_of(before, after, ever_listed=review.ever_listed, is_gone=is_gone)
