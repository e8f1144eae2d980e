"""What a change of the law would cost and whom it would reach, against everybody who is in the register today.

Giả định thay đổi tham số. Both laws are applied to the same people, month by month for a year; nobody dies, moves or is born in
it, but birthdays pass. Where a fact is unknown, only what is certain is counted, under either law.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from lienthong.assistance.assumptions import assume_columns
from lienthong.assistance.queries.receiving import receiving_in
from lienthong.assistance.queries.register_columns import RegisterColumns
from lienthong.assistance.states import Programme
from lienthong.kernel.days import add_months
from lienthong.kernel.identity import Sex
from lienthong.rules.drafts import Change, law_with, tables_with
from lienthong.rules.merit import vectorised as merit
from lienthong.rules.merit.columns import MeritColumns
from lienthong.rules.social_assistance import vectorised as social
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.columns import NO_AMOUNT, PersonColumns, day_number, rows_of
from lienthong.rules.social_assistance.law import law_on
from lienthong.rules.social_assistance.timing import month_of
from lienthong.rules.social_assistance.vectorised_conditions import last_birth
from lienthong.units.models import AdministrativeUnit

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
MONTHS: Final = 12
AGES: Final = ((0, 6), (6, 16), (16, 60), (60, 70), (70, 75), (75, 80), (80, 150))
MERIT_WORDS: Final = "Ưu đãi người có công hằng tháng"
OPEN_WORDS: Final = "Phần chắc chắn của người còn thiếu thông tin"
SINGLE_PARENT_WORDS: Final = "Người đơn thân nghèo đang nuôi con"
OWN_SUPPORT_WORDS: Final = "Hỗ trợ chăm sóc người khuyết tật mang thai hoặc nuôi con dưới 36 tháng tuổi"
PAID_TO_PEOPLE_WORDS: Final = "Trả cho người hưởng, người chăm sóc"
PAID_TO_INSTITUTIONS_WORDS: Final = "Trả cho cơ sở trợ giúp xã hội"
UNKNOWN_WORDS: Final = "Chưa rõ"
_SEX_WORDS: Final = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Some of the people, or some of the money: under the law of today, and under the changed one.

    ``unit_id`` is the commune that a line is about; None of every other line.
    """

    words: str
    people_before: int
    people_after: int
    gained: int
    lost: int
    amount_before: int
    amount_after: int
    unit_id: int | None = None

    @property
    def difference(self) -> int:
        """Đồng a month more, or less."""
        return self.amount_after - self.amount_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a draft does.

    Attributes:
        month: The month that is broken down: that of the day, or the first in which a change applies.
        whole: Everybody.
        more: People who would receive more than today, those who receive nothing today left out.
        less: People who would receive less, those who would receive nothing left out.
        open: People of whom a fact is unknown that decides: only what is certain is counted of them.
        months: First day of each month with what is due under either law.
        groups: Lines by "benefit", "payee", "commune", "sex", "ethnicity" and "age".
        one_of_two: People to whom both programmes give something that never stands beside the other: the higher is counted.
        receiving: People who receive today, and what is set for them in the month.
    """

    on: date
    month: date
    whole: Line
    more: int
    less: int
    open: int
    one_of_two: int
    months: tuple[tuple[date, int, int], ...]
    groups: Mapping[str, tuple[Line, ...]]
    receiving: tuple[int, int]
    people: int

    @property
    def year(self) -> tuple[int, int]:
        """What twelve months come to, under either law."""
        return sum(before for _month, before, _after in self.months), sum(after for _m, _before, after in self.months)


@dataclass(slots=True)
class _Owed:
    """What everybody is owed in a month under one law.

    Attributes:
        amount: Of social assistance, what is certain.
        merit: What is due for merit, less what is not paid beside social assistance.
        lower: What is not paid because of the other: of both only the higher is (20/2021/NĐ-CP, Điều 6 khoản 2).
    """

    amount: Numbers
    merit: Numbers
    lower: Numbers
    found: social.AssessedColumns
    is_open: Flags

    @property
    def total(self) -> Numbers:
        return self.amount + self.merit


def effect_of(
    register: RegisterColumns,
    changes: Iterable[Change],
    *,
    progress: Progress = lambda _stage, _share: None,
) -> Effect:
    """Reckon what a draft of the law costs and whom it reaches.

    Args:
        register: Everybody on a day.
        changes: Of the draft.
        progress: Hears what is being done, and the share of it that is done.

    Raises:
        NoValueInForce: The law of a month is not recorded; the message names the file and the key to complete.
        ChangeRefused: A change does not fit to the law of a month.
    """
    drafted = tuple(changes)
    first = _first_month(register.on, drafted)
    receiving = receiving_in(first, register.person, on=register.on)
    receives = receiving.has(Programme.SOCIAL)
    rows = np.flatnonzero(register.is_here)
    assumed = assume_columns(register.persons, hints=register.hints, receives=receives)
    persons = rows_of(assumed, rows)
    claims = _Claims.of(register, rows)
    months, detailed = [], None
    for place in range(MONTHS):
        month = add_months(first, place)
        progress(f"Tính tháng {month:%m/%Y}", 0.1 + 0.8 * place / MONTHS)
        before, after = _owed(persons, claims, month, ()), _owed(persons, claims, month, drafted)
        months.append((month, int(before.total.sum()), int(after.total.sum())))
        if detailed is None:
            detailed = before, after
    assert detailed is not None
    before, after = detailed
    now, then = before.total, after.total
    return Effect(
        on=register.on,
        month=first,
        whole=_line("Tất cả", now, then, np.ones(len(rows), dtype=np.bool_)),
        more=int(np.count_nonzero((now > 0) & (then > now))),
        less=int(np.count_nonzero((then > 0) & (then < now))),
        open=int(np.count_nonzero(before.is_open | after.is_open)),
        one_of_two=int(np.count_nonzero(before.lower | after.lower)),
        months=tuple(months),
        groups=_groups(_Broken(register, rows, persons, first), before, after),
        receiving=_receiving(receiving.paid),
        people=len(rows),
    )


def _first_month(on: date, changes: Iterable[Change]) -> date:
    """Give the month of the day, or the first in which a change applies where all apply later."""
    this = month_of(on)
    begins = [this if one.applied_from is None else month_of(one.applied_from) for one in changes]
    return max(this, min(begins, default=this))


@dataclass(frozen=True, slots=True)
class _Claims:
    """People with merit among those who live here: where they lie, and whose merit is what the house pays beside."""

    rows: npt.NDArray[np.intp]
    columns: MeritColumns
    places: npt.NDArray[np.intp]

    @classmethod
    def of(cls, register: RegisterColumns, rows: npt.NDArray[np.intp]) -> _Claims:
        claimants = register.claimants
        if not len(rows):
            nobody = np.zeros(0, dtype=np.intp)
            return cls(nobody, claimants.columns, nobody)
        places = np.minimum(np.searchsorted(rows, claimants.rows), len(rows) - 1)
        is_here = rows[places] == claimants.rows
        return cls(places[is_here], claimants.columns, np.flatnonzero(is_here))


def _owed(persons: PersonColumns, claims: _Claims, month: date, changes: tuple[Change, ...]) -> _Owed:
    last = add_months(month, 1) - timedelta(days=1)
    due, own = np.zeros(len(persons), dtype=np.int64), np.zeros(len(persons), dtype=np.int64)
    if len(claims.rows):
        found = merit.assess_columns(claims.columns, on=last, tables=tables_with(last, changes))
        due[claims.rows], own[claims.rows] = found.monthly_total[claims.places], found.monthly_amount[claims.places]
        if tables_with(last, changes) is not None:
            today = merit.assess_columns(claims.columns, on=last)
            more = (found.monthly_amount - today.monthly_amount)[claims.places]
            persons = _with_other_merit(persons, claims.rows, more)
    law = law_with(last, changes) if changes else law_on(last)
    assessed = social.assess_columns(persons, on=last, law=law)
    is_open = assessed.lowest != assessed.highest
    lower = np.minimum(np.where(is_open, assessed.lowest, assessed.beside_none), own)
    return _Owed(amount=assessed.lowest, merit=due - lower, lower=lower, found=assessed, is_open=is_open)


def _with_other_merit(persons: PersonColumns, rows: npt.NDArray[np.intp], more: Numbers) -> PersonColumns:
    """Let the benefit due by other instruments follow what people with merit would receive."""
    other = persons.other_benefit.copy()
    known = other[rows] != NO_AMOUNT
    other[rows[known]] = np.maximum(0, other[rows[known]] + more[known])
    return replace(persons, other_benefit=other)


def _line(words: str, now: Numbers, then: Numbers, where: Flags) -> Line:
    now, then = now[where], then[where]
    return Line(
        words=words,
        people_before=int(np.count_nonzero(now)),
        people_after=int(np.count_nonzero(then)),
        gained=int(np.count_nonzero((now == 0) & (then > 0))),
        lost=int(np.count_nonzero((now > 0) & (then == 0))),
        amount_before=int(now.sum()),
        amount_after=int(then.sum()),
    )


@dataclass(frozen=True, slots=True)
class _Broken:
    """By what the people are broken down."""

    register: RegisterColumns
    rows: npt.NDArray[np.intp]
    persons: PersonColumns
    month: date


def _groups(by: _Broken, before: _Owed, after: _Owed) -> dict[str, tuple[Line, ...]]:
    now, then = before.total, after.total
    touched = (now > 0) | (then > 0)
    communes = dict(AdministrativeUnit.objects.values_list("pk", "name").order_by("pk"))
    unit, ethnicity = by.register.unit[by.rows], by.register.ethnicity[by.rows]
    sexes = list(Sex)

    def sex_words(key: int) -> str:
        return _SEX_WORDS.get(sexes[key], UNKNOWN_WORDS) if key >= 0 else UNKNOWN_WORDS

    return {
        "benefit": tuple(_by_benefit(before, after)),
        "payee": tuple(_by_payee(before, after)),
        "commune": _by(unit, lambda key: communes.get(int(key), "") or UNKNOWN_WORDS, now, then, touched, is_unit=True),
        "sex": _by(by.persons.sex, sex_words, now, then, touched),
        "ethnicity": _by(ethnicity, lambda key: by.register.ethnicities[key] or UNKNOWN_WORDS, now, then, touched),
        "age": tuple(_by_age(by.persons, now, then, touched, by.month)),
    }


def _by(
    keys: npt.NDArray[Any], words: Callable[[Any], str], now: Numbers, then: Numbers, touched: Flags, *,
    is_unit: bool = False,
) -> tuple[Line, ...]:  # fmt: skip
    """Give a line for each value that occurs among those who are owed anything, the largest change first."""
    lines = [
        replace(_line(words(key), now, then, touched & (keys == key)), unit_id=int(key) if is_unit else None)
        for key in np.unique(keys[touched])
    ]
    return tuple(sorted(lines, key=lambda one: (-abs(one.difference), -one.amount_after, one.words)))


def _by_age(persons: PersonColumns, now: Numbers, then: Numbers, touched: Flags, month: date) -> Iterator[Line]:
    born = persons.birth_latest
    last = add_months(month, 1) - timedelta(days=1)
    for low, high in AGES:
        is_old = born <= day_number(last_birth(last, 12 * low))
        is_young = born > day_number(last_birth(last, 12 * high))
        where = touched & is_old & is_young
        if where.any():
            words = f"Từ {low} tuổi" if high == AGES[-1][1] else f"{low}–{high - 1} tuổi"
            yield _line(words, now, then, where)
    unknown = touched & (born > day_number(last))
    if unknown.any():
        yield _line("Chưa rõ tuổi", now, then, unknown)


def _by_benefit(before: _Owed, after: _Owed) -> Iterator[Line]:
    for place, category in enumerate(social.CATEGORIES):
        now, then = (_of_category(one.found, place) for one in (before, after))
        if now.any() or then.any():
            yield _line(category.in_words, now, then, np.ones(len(now), dtype=np.bool_))
    for words, name in ((SINGLE_PARENT_WORDS, "single_parent"), (OWN_SUPPORT_WORDS, "own_support")):
        now, then = getattr(before.found, name), getattr(after.found, name)
        if now.any() or then.any():
            yield _line(words, now, then, np.ones(len(now), dtype=np.bool_))
    certain, then_certain = (np.where(one.is_open, one.amount, 0) for one in (before, after))
    if certain.any() or then_certain.any():
        yield _line(OPEN_WORDS, certain, then_certain, np.ones(len(certain), dtype=np.bool_))
    if before.merit.any() or after.merit.any():
        yield _line(MERIT_WORDS, before.merit, after.merit, np.ones(len(before.merit), dtype=np.bool_))


def _by_payee(before: _Owed, after: _Owed) -> Iterator[Line]:
    """Tell what institutions are paid for those whom they care for apart from what people are paid."""
    place = social.CATEGORIES.index(AssistanceCategory.INSTITUTION)
    (now, theirs_now), (then, theirs_then) = ((one.total, _of_category(one.found, place)) for one in (before, after))
    for words, paid, paid_then in (
        (PAID_TO_PEOPLE_WORDS, now - theirs_now, then - theirs_then),
        (PAID_TO_INSTITUTIONS_WORDS, theirs_now, theirs_then),
    ):
        if paid.any() or paid_then.any():
            yield _line(words, paid, paid_then, np.ones(len(paid), dtype=np.bool_))


def _of_category(found: social.AssessedColumns, place: int) -> Numbers:
    personal = np.where(found.category == place, found.amount, 0)
    return personal + np.where(found.carer_category == place, found.carer, 0)


def _receiving(paid: Mapping[tuple[str, str], Mapping[int, Any]]) -> tuple[int, int]:
    people = {row for rows in paid.values() for row, one in rows.items() if not one.is_suspended}
    return len(people), sum(one.amount for rows in paid.values() for one in rows.values())


def as_plain(effect: Effect) -> dict[str, Any]:
    """Write an effect as JSON values, as scenarios keep it."""
    before, after = effect.year
    return {
        "on": effect.on.isoformat(),
        "month": effect.month.isoformat(),
        "people": effect.people,
        "receiving": {"people": effect.receiving[0], "amount": effect.receiving[1]},
        "whole": _plain_line(effect.whole),
        "more": effect.more,
        "less": effect.less,
        "open": effect.open,
        "one_of_two": effect.one_of_two,
        "year": {"before": before, "after": after, "difference": after - before},
        "months": [
            {"month": month.isoformat(), "before": now, "after": then, "difference": then - now}
            for month, now, then in effect.months
        ],
        "groups": {name: [_plain_line(one) for one in lines] for name, lines in effect.groups.items()},
    }


def _plain_line(line: Line) -> dict[str, Any]:
    unit = {} if line.unit_id is None else {"unit": line.unit_id}
    return {
        "words": line.words, "people_before": line.people_before, "people_after": line.people_after, "gained": line.gained,
        "lost": line.lost, "amount_before": line.amount_before, "amount_after": line.amount_after, "difference": line.difference,
        **unit,
    }  # fmt: skip
