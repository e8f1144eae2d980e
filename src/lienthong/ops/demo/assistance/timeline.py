"""In which order the demo's benefits were granted, changed and ended, by the days of the law and of people's lives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from random import Random
from typing import Final

from lienthong.assistance.states import Programme
from lienthong.kernel.days import add_months, local_moment
from lienthong.ops.demo.assistance.cases import Case, Kind
from lienthong.ops.demo.assistance.folk import Folk

TAKEN_OVER, FIRST_MONTH = date(2024, 6, 14), date(2024, 7, 1)
"""When the list of the old software was taken over, and the first month that this house pays."""
MERGER: Final = date(2025, 7, 1)
BY_CLASS: Final = (Kind.LONELY, Kind.SINGLE_PARENT, Kind.SMALL_CHILD, Kind.HIV)
POOR_PENSION_UNTIL = 75


class What(Enum):
    """What happens to a person's benefits."""

    TAKEN_OVER = auto()
    GRANTED = auto()
    CHANGED = auto()
    DIED = auto()


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to one person.

    Attributes:
        day: The day from which it counts.
        reason: What changed, as the timeline says it.
    """

    at: datetime
    what: What
    case: Case
    day: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LawDay:
    """A law that changes amounts: when it became known, from which month it applies, what it is."""

    on: date
    from_month: date
    reason: str
    programmes: tuple[Programme, ...] = tuple(Programme)

    @property
    def reaches_back(self) -> bool:
        """Tell whether months were paid before it was known, so that an office reckons and decides what is still owed."""
        return self.on.replace(day=1) > self.from_month


LAWS: Final = (
    LawDay(date(2024, 7, 1), date(2024, 7, 1), "Mức chuẩn mới theo 76/2024/NĐ-CP, 77/2024/NĐ-CP"),
    LawDay(MERGER, MERGER, "Trợ cấp hưu trí xã hội theo 176/2025/NĐ-CP"),
    LawDay(
        date(2026, 10, 1),
        date(2026, 7, 1),
        "Mức chuẩn mới theo 321/2026/NĐ-CP, truy lĩnh từ tháng 7/2026",
        (Programme.MERIT,),
    ),
    LawDay(
        date(2026, 10, 5),
        date(2026, 7, 1),
        "Mức chuẩn mới theo 335/2026/NĐ-CP, truy lĩnh từ tháng 7/2026",
        (Programme.SOCIAL,),
    ),
)


class Timeline:
    """Orders what happened.

    Args:
        folk: For the classes of households.
        ours_then: Ids of the communes that belonged to the province before the merger.
        today: The day that is today; nothing happens on it or later.
        seed: The same seed gives the same hours.
    """

    def __init__(self, folk: Folk, *, ours_then: frozenset[int], today: date, seed: int) -> None:
        self._folk, self._ours, self._today = folk, ours_then, today
        self._luck = Random(f"{seed}/timeline")

    def of(self, cases: Sequence[Case]) -> list[Happening]:
        """Return everything that happened to some people, oldest first."""
        found = [one for case in cases if case.decided_on is not None for one in self._of_one(case, case.decided_on)]
        return sorted((one for one in found if one.at < local_moment(self._today)), key=lambda one: one.at)

    def taken_over_on(self, case: Case) -> date:
        """Return the day on which a benefit of before would have been taken over: that of the province or of its neighbour."""
        is_ours = case.someone.place_on(MERGER - timedelta(days=1))[0] in self._ours
        return TAKEN_OVER if is_ours else MERGER

    def _of_one(self, case: Case, decided: date) -> Iterator[Happening]:
        taken_over = self.taken_over_on(case)
        died = case.someone.died_on
        if died is not None and died <= max(decided, taken_over if decided < taken_over else date.min):
            return
        if decided < taken_over:
            begins = taken_over
            yield Happening(local_moment(taken_over, time(15)), What.TAKEN_OVER, case, taken_over)
        else:
            begins = decided
            yield Happening(self._at(decided), What.GRANTED, case, decided)
        for day, reason in self._changes(case):
            at = self._at(day + timedelta(days=self._luck.randint(3, 18)))
            if day > begins and (died is None or day < died):
                yield Happening(at, What.CHANGED, case, day, reason)
        if died is not None and begins < died < self._today:
            told = self._at(died + timedelta(days=self._luck.randint(3, 40)))
            yesterday = local_moment(self._today - timedelta(days=1), time(16))
            yield Happening(min(told, yesterday), What.DIED, case, died)

    def _changes(self, case: Case) -> Iterator[tuple[date, str]]:
        one = case.someone
        if case.kind in BY_CLASS or (case.kind is Kind.OLD and one.age_on(MERGER) < POOR_PENSION_UNTIL):
            for since, _standing in self._folk.class_changes(one.household_id):
                yield since, "Kết quả rà soát hộ nghèo, hộ cận nghèo thay đổi"
        if case.kind is Kind.ORPHAN:
            yield add_months(one.born.latest, 12 * 16), "Đủ 16 tuổi"

    def _at(self, day: date) -> datetime:
        while day.weekday() >= 5:
            day += timedelta(days=1)
        return local_moment(day, time(8 + self._luck.randrange(8), self._luck.randrange(60)))
