"""Who of the demo's people needs what: drawn by chance, in shares like those of a province, and said to be invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from lienthong.kernel.days import DatePrecision, add_months
from lienthong.kernel.identity import Sex
from lienthong.ops.demo.assistance import answers
from lienthong.ops.demo.assistance.cases import Case, Claim, Kind, Paper
from lienthong.ops.demo.assistance.folk import Folk, Someone
from lienthong.rules.social_assistance.facts import PovertyStanding

LAW, PENSION_LAW, TOLD_FROM = date(2021, 7, 1), date(2025, 7, 1), date(2024, 7, 1)
"""Decree 20/2021 applies; the social pension does; the first month that this house pays."""
EVIDENCE: Final = "Tờ khai và xác nhận của xã (dữ liệu minh họa)"
REQUEST: Final = "Văn bản đề nghị hưởng trợ cấp hưu trí xã hội (dữ liệu minh họa)"
LISTED: Final = (PovertyStanding.POOR, PovertyStanding.NEAR_POOR)
# How many of each hundred.
WITH_PENSION, WITH_PENSION_IN_A_WARD = 0.22, 0.36
MERIT_OF_MEN, MERIT_OF_WOMEN, BORN_BEFORE = 0.16, 0.10, 1959
DISABLED_BY_AGE: Final = ((16, 0.010), (60, 0.013), (200, 0.028))
EXTREMELY_SEVERE, CARED_FOR = 0.27, 0.85
LONELY_OF_POOR, ORPHANS, HIV_OF_POOR = 0.14, 0.012, 0.008
ASKS_AT_ONCE, ASKS_LATER = 0.82, 0.11
KINDS: Final = ("movement", "sight", "hearing_speech", "nervous_mental", "intellectual", "other")
WEIGHTS: Final = (44, 12, 12, 16, 12, 4)
CANNOT_SIGN: Final = ("nervous_mental", "intellectual")
ELDERLY, PENSION_AGE, POOR_PENSION_AGE, OLDEST = 60, 75, 70, 80


@dataclass(slots=True)
class Needs:
    """Draws the cases.

    Args:
        folk: Everybody.
        today: The day that is today; nobody asked on it or later.
        seed: The same seed gives the same cases.
        wards: Ids of the urban communes.
        difficult: Ids of the communes, of now and of then, that are especially difficult.
    """

    folk: Folk
    today: date
    seed: int
    wards: frozenset[int]
    difficult: frozenset[int]
    _luck: Random = field(init=False)
    _numbers: int = 0

    def __post_init__(self) -> None:
        self._luck = Random(f"{self.seed}/needs")

    def draw(self) -> list[Case]:
        """Return a case for everybody who received in these years, or could receive today."""
        found = []
        for one in self.folk.people:
            if one.died_on is not None and one.died_on <= TOLD_FROM:
                continue
            if one.born.latest >= self.today - timedelta(days=60):
                continue
            case = self._case(one)
            if case is not None:
                answers.complete(case, self.folk, today=self.today)
                found.append(case)
        return found

    def _case(self, one: Someone) -> Case | None:
        """Try one ground after the other; each draws once, so that one person's luck does not change the next one's."""
        luck = self._luck
        draws = [luck.random() for _ in range(5)]
        age = one.age_on(self.today)
        return (
            self._merit(one, draws[0])
            or self._disabled(one, draws[1])
            or (self._old(one, draws[2]) if age >= ELDERLY else None)
            or (self._child(one, draws[3]) if age < ELDERLY else None)
        )

    def _new(self, one: Someone, kind: Kind, decided_on: date | None) -> Case:
        unit_id, _hamlet = one.place_on(self.today)
        case = Case(
            someone=one, kind=kind, decided_on=decided_on, payee=one, lives_in_difficult_area=unit_id in self.difficult
        )
        if one.age_on(self.today) < 18:
            self._guard(case)
        return case

    def _guard(self, case: Case) -> None:
        """Let the oldest grown-up of the household receive for whoever cannot."""
        grown_up = [other for other in self.folk.family_of(case.someone) if self._is_grown_up(other)]
        if grown_up:
            case.payee, case.payee_ground = (
                min(grown_up, key=lambda other: (other.relation != "head", other.id)),
                "guardian",
            )

    def _is_grown_up(self, one: Someone) -> bool:
        return one.age_on(LAW) >= 20 and (one.died_on is None)

    # People with merit

    def _merit(self, one: Someone, draw: float) -> Case | None:
        is_man = one.sex is Sex.MALE
        if one.born.day.year >= BORN_BEFORE or draw >= (MERIT_OF_MEN if is_man else MERIT_OF_WOMEN):
            return None
        data = self._claim_of_a_man() if is_man else self._claim_of_a_woman(one)
        decided = self._between(date(2013, 1, 1), date(2021, 6, 20))
        if self._luck.random() < 0.12:
            decided = self._between(date(2022, 1, 5), self.today - timedelta(days=40))
        case = self._new(one, Kind.MERIT, decided)
        case.claim = Claim(data=data, decision_number=self._number("QĐ-SLĐTBXH", decided), since=decided)
        for name in ("is_lonely", "is_orphan"):
            case.knows(f"merit.{name}", False, since=decided, evidence=EVIDENCE)
        for name in ("lives_at_home", "has_reached_pension_age"):
            case.knows(f"merit.{name}", True, since=decided, evidence=EVIDENCE)
        return case

    def _claim_of_a_man(self) -> dict[str, object]:
        luck = self._luck
        category = luck.choices(
            ("war_invalid", "war_invalid_type_b", "sick_soldier", "agent_orange_resister"), (58, 8, 18, 16)
        )[0]
        if category == "sick_soldier":
            rate = luck.choice((61, 65, 71, 75, 81, 85))
        elif category == "agent_orange_resister":
            rate = luck.choice((21, 35, 45, 61, 65, 81))
        else:
            rate = luck.choices(
                (luck.randint(21, 40), luck.randint(41, 60), luck.randint(61, 80), luck.randint(81, 92)),
                (62, 22, 11, 5),
            )[0]
        data: dict[str, object] = {"category": category, "rate": rate, "has_especially_severe_condition": False}
        if category == "agent_orange_resister":
            data["has_infertility_or_affected_child"] = False
        return data

    def _claim_of_a_woman(self, one: Someone) -> dict[str, object]:
        luck = self._luck
        if one.born.day.year < 1944 and luck.random() < 0.12:
            return {"category": "heroic_mother"}
        relation = "spouse" if one.born.day.year > 1935 else luck.choice(("spouse", "parent"))
        return {
            "category": "relative_of_martyr", "relation": relation, "has_died": True,
            "number_of_martyrs": 2 if luck.random() < 0.06 else 1,
        }  # fmt: skip

    # Disability

    def _disabled(self, one: Someone, draw: float) -> Case | None:
        share = next(share for below, share in DISABLED_BY_AGE if one.age_on(self.today) < below)
        if draw >= share:
            return None
        luck = self._luck
        first = max(LAW, one.born.latest + timedelta(days=200))
        if first >= self.today - timedelta(days=60):
            return None
        issued = self._between(first, self.today - timedelta(days=45))
        if luck.random() < 0.55:
            issued = min(issued, self._between(first, max(first + timedelta(days=40), date(2024, 4, 1))))
        decided = issued + timedelta(days=luck.randint(9, 33))
        if one.died_on is not None and decided >= one.died_on:
            return None
        level = "extremely_severe" if luck.random() < EXTREMELY_SEVERE else "severe"
        kind = luck.choices(KINDS, WEIGHTS)[0]
        case = self._new(one, Kind.DISABLED, decided)
        case.paper = Paper(level=level, kind=kind, number=f"{self._next():06d}/GXN-KT", issued_on=issued)
        if kind in CANNOT_SIGN and case.payee is one:
            self._guard(case)
        if level == "extremely_severe" and luck.random() < CARED_FOR:
            self._care(case, "household", decided)
        return case

    def _care(self, case: Case, how: str, since: date) -> None:
        carers = [other for other in self.folk.family_of(case.someone) if self._is_grown_up(other)]
        if carers:
            case.carer = min(carers, key=lambda other: (other.relation not in {"head", "spouse"}, other.id))
            case.knows("care", how, since=since - timedelta(days=9), evidence=EVIDENCE)

    # The elderly

    def _old(self, one: Someone, draw: float) -> Case | None:
        luck, (unit_id, _hamlet) = self._luck, one.place_on(self.today)
        if draw < (WITH_PENSION_IN_A_WARD if unit_id in self.wards else WITH_PENSION):
            return None
        lonely = self._lonely(one)
        if lonely is not None:
            return lonely
        first = self._entitled_by_age(one)
        if first is not None and first < PENSION_LAW:
            decided = min(max(first, LAW) + timedelta(days=luck.randint(8, 50)), PENSION_LAW - timedelta(days=8))
            case = self._new(one, Kind.OLD, decided)
            return self._of_age(case)  # what was paid on the last day tells that it was handed over
        first = self._pensioned(one)
        if first is None:
            return None
        late = luck.randint(3, 40) if luck.random() < ASKS_AT_ONCE else luck.randint(45, 230)
        asked, decided = first + timedelta(days=late), first + timedelta(days=late + luck.randint(3, 12))
        if luck.random() > ASKS_AT_ONCE + ASKS_LATER or decided >= self.today - timedelta(days=3):
            return self._of_age(self._new(one, Kind.OLD, None)) if first < self.today else None
        if one.died_on is not None and decided >= one.died_on:
            return None
        case = self._new(one, Kind.OLD, decided)
        case.knows("pension_request", "written", since=asked, evidence=REQUEST)
        return self._of_age(case)

    def _of_age(self, case: Case) -> Case:
        """Let somebody receive in the place of the very old, now and then."""
        if case.someone.age_on(self.today) > 86 and self._luck.random() < 0.35:
            family = [other for other in self.folk.family_of(case.someone) if self._is_grown_up(other)]
            if family:
                case.payee, case.payee_ground = family[0], "authorised"
        return case

    def _lonely(self, one: Someone) -> Case | None:
        """Return the case of somebody old and poor whom nobody supports."""
        since = self._first_listed(one, only_poor=True, from_age=ELDERLY)
        if since is None or self._luck.random() >= LONELY_OF_POOR:
            return None
        decided = since + timedelta(days=self._luck.randint(12, 80))
        if decided >= self.today - timedelta(days=20) or (one.died_on is not None and decided >= one.died_on):
            return None
        case = self._new(one, Kind.LONELY, decided)
        case.knows("has_supporter", False, since=since, evidence=EVIDENCE)
        if one.age_on(PENSION_LAW) >= POOR_PENSION_AGE:
            case.knows("pension_request", "written", since=PENSION_LAW, evidence=REQUEST)
        return case

    def _entitled_by_age(self, one: Someone) -> date | None:
        """Return since when the allowance of the elderly that ended in 2025 was due: at 80, or at 75 in a difficult area."""
        at_oldest = add_months(one.born.latest, 12 * OLDEST)
        day = max(LAW, add_months(one.born.latest, 12 * PENSION_AGE))
        while one.place_on(day)[0] in self.difficult and day < min(at_oldest, PENSION_LAW):
            if self.folk.class_on(one.household_id, day) in LISTED:
                return day
            day = add_months(day, 1)
        return at_oldest

    def _pensioned(self, one: Someone) -> date | None:
        """Return since when the social pension is due: at 75, or at 70 in a poor or near-poor household."""
        at_age = max(PENSION_LAW, add_months(one.born.latest, 12 * PENSION_AGE))
        day = max(PENSION_LAW, add_months(one.born.latest, 12 * POOR_PENSION_AGE))
        while day < min(at_age, self.today):
            if self.folk.class_on(one.household_id, day) in LISTED:
                return day
            day = add_months(day, 1)
        return at_age if at_age < self.today else None

    def _first_listed(self, one: Someone, *, only_poor: bool, from_age: int) -> date | None:
        """Return since when the household is on the lists, when the person is of an age."""
        wanted = (PovertyStanding.POOR,) if only_poor else LISTED
        of_age = max(LAW, add_months(one.born.latest, 12 * from_age))
        changes = self.folk.class_changes(one.household_id)
        for place, (since, standing) in enumerate(changes):
            until = changes[place + 1][0] if place + 1 < len(changes) else date.max
            if standing in wanted and until > max(of_age, date(2022, 1, 1)):
                return max(since, of_age)
        return None

    # Children and those who raise them

    def _child(self, one: Someone, draw: float) -> Case | None:
        age = one.age_on(TOLD_FROM)
        if age < 15 and draw < ORPHANS:
            return self._orphan(one)
        if age < 3 and one.age_on(self.today) < 16:
            return self._small_child(one)
        if 19 <= age < 55 and one.relation == "head":
            return self._single_parent(one)
        if 20 <= age < 50 and draw > 1 - HIV_OF_POOR:
            return self._with_hiv(one)
        return None

    def _orphan(self, one: Someone) -> Case | None:
        luck = self._luck
        first = max(LAW, one.born.latest + timedelta(days=90))
        if first >= self.today - timedelta(days=60):
            return None
        since = self._between(first, self.today - timedelta(days=50))
        if luck.random() < 0.7:
            since = min(since, self._between(first, max(first + timedelta(days=30), date(2024, 5, 1))))
        case = self._new(one, Kind.ORPHAN, since + timedelta(days=luck.randint(15, 40)))
        father, mother = luck.choices(
            (("dead", "dead"), ("dead", "missing"), ("missing", "missing"), ("dead", "detained")), (5, 5, 2, 2)
        )[0]
        case.knows(
            "father", father, since=since, evidence="Trích lục khai tử, quyết định của tòa án (dữ liệu minh họa)"
        )
        case.knows(
            "mother", mother, since=since, evidence="Trích lục khai tử, quyết định của tòa án (dữ liệu minh họa)"
        )
        at_16 = add_months(one.born.latest, 12 * 16)
        if at_16 < self.today:
            case.knows("received_as_orphan", value=True, since=at_16, evidence=EVIDENCE)
            case.knows("is_studying", luck.random() < 0.75, since=at_16, evidence=EVIDENCE)
        if luck.random() < 0.7:
            self._care(case, "taken_in", since)
        return case

    def _small_child(self, one: Someone) -> Case | None:
        if one.place_on(self.today)[0] not in self.difficult or self._luck.random() < 0.12:
            return None
        since = self._first_listed(one, only_poor=False, from_age=0)
        if since is None:
            return None
        decided = since + timedelta(days=self._luck.randint(25, 70))
        is_past = decided >= min(self.today - timedelta(days=10), add_months(one.born.earliest, 35))
        return None if is_past else self._new(one, Kind.SMALL_CHILD, decided)

    def _single_parent(self, one: Someone) -> Case | None:
        family = self.folk.households[one.household_id]
        children = [
            other for other in family
            if other.relation == "child" and other.age_on(TOLD_FROM) < 15 and other.born.precision is DatePrecision.DAY
        ]  # fmt: skip
        if not children or any(other.relation == "spouse" for other in family) or one.died_on is not None:
            return None
        since = self._first_listed(one, only_poor=False, from_age=18)
        if since is None or self._luck.random() < 0.08:
            return None
        decided = max(since, *(child.born.latest for child in children)) + timedelta(days=self._luck.randint(18, 75))
        if decided >= self.today - timedelta(days=20):
            return None
        case = self._new(one, Kind.SINGLE_PARENT, decided)
        state = "widowed" if self._luck.random() < 0.6 else "never_married"
        case.knows("marital", state, since=min(since, decided), evidence=EVIDENCE)
        plain = [{"birth_date": child.born.day.isoformat(), "is_studying": True} for child in children]
        case.knows("children", plain, since=min(since, decided), evidence=EVIDENCE)
        return case

    def _with_hiv(self, one: Someone) -> Case | None:
        since = self._first_listed(one, only_poor=True, from_age=16)
        if since is None or since >= self.today - timedelta(days=90) or one.died_on is not None:
            return None
        case = self._new(one, Kind.HIV, since + timedelta(days=self._luck.randint(20, 60)))
        case.knows("has_hiv", value=True, since=since, evidence=EVIDENCE)
        case.knows("has_stable_income", value=False, since=since, evidence=EVIDENCE)
        return case

    # Chance

    def _between(self, first: date, last: date) -> date:
        return first + timedelta(days=self._luck.randint(0, max((last - first).days, 0)))

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers

    def _number(self, ending: str, day: date) -> str:
        return f"{self._next()}/{ending}-{day.year}"
