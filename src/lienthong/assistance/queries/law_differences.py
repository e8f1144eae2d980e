"""What a new law changes for each person and month: everybody of a chunk at once, and one by one where that cannot decide.

Chênh lệch theo mức mới. What was decided once is always put apart: two people decide what is added to it. Three amounts stand beside each other: what was recorded, what the law before gives by the facts known
now, and what the new law gives. Only where the first two agree is the difference the law's own; else it is put apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

import numpy as np
from django.db.models import Q, QuerySet

from lienthong.assistance.models import Entitlement, EntitlementRate, handling_words
from lienthong.assistance.queries.facts import History, histories_of
from lienthong.assistance.queries.merit_months import merit_spans, paid_once
from lienthong.assistance.queries.months import RateSpan
from lienthong.assistance.queries.once_by_law import due_by_law, event_on, grants_in_months
from lienthong.assistance.queries.owed import owed_spans
from lienthong.assistance.queries.paid_once import key_of, lines_of
from lienthong.assistance.states import Benefit, EntitlementState, LawRowState, Programme
from lienthong.kernel.days import add_months
from lienthong.kernel.decisions import Outcome
from lienthong.payments.queries.own import months_with_money
from lienthong.rules.merit.columns import columns_from_facts as merit_columns
from lienthong.rules.merit.vectorised import OUTCOMES
from lienthong.rules.merit.vectorised import assess_columns as assess_merit_columns
from lienthong.rules.social_assistance.categories import BenefitGroup
from lienthong.rules.social_assistance.columns import columns_from_facts
from lienthong.rules.social_assistance.months import months_between
from lienthong.rules.social_assistance.months_vectorised import ONE_BY_ONE, monthly_group_columns
from lienthong.rules.social_assistance.timing import month_of

PEOPLE_AT_ONCE: Final = 2_000
JANUARY: Final = 1
_UNKNOWN: Final = OUTCOMES.index(Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLaw:
    """Which law is compared with which, over which months. Phép so sánh hai thời điểm của pháp luật.

    Attributes:
        from_month: The first month, by its first day.
        until_month: The last one.
        known_before: The last day of the law before.
        known_on: The day up to which laws are in force now.
    """

    programme: str
    from_month: date
    until_month: date
    known_before: date
    known_on: date

    @property
    def months(self) -> tuple[date, ...]:
        """Every month, by its first day."""
        return tuple(months_between(self.from_month, self.until_month))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changes for one benefit in one month, or of one decision that is paid once. Chênh lệch một tháng.

    Attributes:
        of: The benefit with months, or the decision.
        month: Of a decision that of the death, or of what happened.
        new: None while facts lack.
    """

    of: Any
    person_id: int
    month: date
    old: int
    new: int | None
    was_paid: bool
    state: LawRowState

    @property
    def entitlement(self) -> Entitlement | None:
        """The benefit with months; None of a decision that is paid once."""
        return self.of if isinstance(self.of, Entitlement) else None

    @property
    def handling(self) -> str:
        """How it is dealt with, in words."""
        return handling_words(self.state, str(self.of.benefit))


def people_touched(law: NewLaw, *, after: int = 0, unit_id: int | None = None) -> Iterator[int]:
    """Yield the people who receive something of the programme in the months, in the order of their ids."""
    mine = Q() if unit_id is None else Q(unit_id=unit_id)
    rows = _touched(law).filter(mine, person_id__gt=after).order_by().values_list("person_id")
    grants = (
        found.filter(mine, who__gt=after).order_by().values_list("who")
        for found in grants_in_months(law.programme, law.from_month, law.until_month)
    )
    everybody = rows.union(*grants).order_by("person_id")
    yield from (person_id for (person_id,) in everybody.iterator(chunk_size=20_000))


def preview_law(law: NewLaw, *, after: int = 0, unit_id: int | None = None) -> Iterator[Difference]:
    """Yield what changes, person by person in the order of their ids, in chunks: memory does not grow with them.

    Args:
        law: What is compared.
        after: Only people whose id is higher.
        unit_id: Only of this commune.

    Raises:
        NoValueInForce: Something is not recorded for a month; the message names the file and the key.
    """
    people = people_touched(law, after=after, unit_id=unit_id)
    while chunk := list(islice(people, PEOPLE_AT_ONCE)):
        yield from differences_of(law, chunk)


def differences_of(law: NewLaw, person_ids: Iterable[int]) -> list[Difference]:
    """Return what changes for some people; nothing is written."""
    ids = list(person_ids)
    touched = list(_touched(law).filter(person_id__in=ids).order_by("person_id", "pk"))
    rows = [one for one in touched if one.benefit != Benefit.ONE_OFF]
    histories = histories_of(ids)
    paid = months_with_money(ids, source=law.programme)
    before = _amounts(law, rows, histories, known_on=law.known_before)
    after = _amounts(law, rows, histories, known_on=law.known_on)
    found = []
    for row in rows:
        rates = [one for one in histories[row.person_id].rates if one.entitlement_id == row.pk]
        for month in law.months:
            recorded = _recorded(rates, month)
            if recorded is None:
                continue
            old, new = before[row.pk, month], after[row.pk, month]
            if new == recorded:
                continue
            state = LawRowState.OPEN if new is None else LawRowState.LAW if old == recorded else LawRowState.APART
            was_paid = (row.person_id, str(row.benefit), month) in paid
            found.append(
                Difference(
                    of=row, person_id=row.person_id, month=month, old=recorded, new=new, was_paid=was_paid, state=state
                )
            )
    once = [one for one in touched if one.benefit == Benefit.ONE_OFF]
    found = [*_whole(found), *_paid_at_once(law, once, histories, paid), *_decided_once(law, ids, histories)]
    return sorted(found, key=lambda one: one.person_id)


def _paid_at_once(
    law: NewLaw, rows: Sequence[Entitlement], histories: Mapping[int, History], paid: Collection[tuple[int, str, date]]
) -> Iterator[Difference]:
    """Yield what the law changes of what people with merit are paid once: their facts are asked by both laws."""
    for row in rows:
        history, month = histories[row.person_id], row.first_month
        recorded = _recorded([one for one in history.rates if one.entitlement_id == row.pk], month)
        if not recorded or not law.from_month <= month <= law.until_month:
            continue
        before, after = (
            merit_spans(history, row.benefit, [month], first_month=month, known_on=day, paid=paid_once(history, but=row.pk))[0]
            for day in (law.known_before, law.known_on)
        )  # fmt: skip
        if after.amount in {before.amount, recorded}:
            continue
        is_open = after.basis["is_open"]
        yield Difference(
            of=row, person_id=row.person_id, month=month, old=recorded, new=None if is_open else after.amount,
            was_paid=(row.person_id, str(row.benefit), month) in paid,
            state=LawRowState.OPEN if is_open else LawRowState.APART,
        )  # fmt: skip


def _decided_once(law: NewLaw, ids: Sequence[int], histories: Mapping[int, History]) -> Iterator[Difference]:
    """Yield what the law changes of what was decided once, whoever of the people it is about."""
    for rows in grants_in_months(law.programme, law.from_month, law.until_month):
        grants = list(rows.filter(who__in=ids).order_by("who", "pk"))
        lines = lines_of(grants)
        for grant in grants:
            due = due_by_law(grant, known_on=law.known_on, history=histories[grant.who])
            if due.new == due.old:
                continue
            line = lines.get(key_of(grant))
            yield Difference(
                of=grant, person_id=grant.who, month=month_of(event_on(grant)), old=due.old, new=due.new,
                was_paid=line is not None and line.is_live,
                state=LawRowState.OPEN if due.new is None else LawRowState.APART,
            )  # fmt: skip


def _whole(found: Sequence[Difference]) -> list[Difference]:
    """Put every month of a benefit apart where one of them is: it is applied whole or not at all."""
    not_law = {one.of.pk: one.state for one in found if one.state != LawRowState.LAW}
    return [
        replace(one, state=not_law[one.of.pk]) if one.state == LawRowState.LAW and one.of.pk in not_law else one
        for one in found
    ]


def _touched(law: NewLaw) -> QuerySet[Entitlement]:
    """Return the benefits that reach into the months."""
    rows = Entitlement.objects.filter(programme=law.programme, first_month__lte=law.until_month)
    ended = rows.filter(state=EntitlementState.ENDED, last_month__lt=law.from_month)
    return rows.exclude(pk__in=ended.values("pk"))


Amounts = Mapping[tuple[int, date], int | None]


def _amounts(law: NewLaw, rows: Sequence[Entitlement], histories: Mapping[int, History], *, known_on: date) -> Amounts:
    found: dict[tuple[int, date], int | None] = {}
    of_people = (
        _social_columns(histories, law.months, known_on)
        if law.programme == Programme.SOCIAL
        else _merit_columns(histories, law.months, known_on)
    )
    for row in rows:
        for month in law.months:
            if _is_outside(row, month) or (
                law.programme == Programme.MERIT and row.benefit == Benefit.YEARLY and not _is_month_of_year(row, month)
            ):
                found[row.pk, month] = 0
            else:
                found[row.pk, month] = of_people.get((row.person_id, str(row.benefit), month))
        if _needs_words(row, histories[row.person_id], law, found):
            found.update(one_by_one(row, histories[row.person_id], law, known_on=known_on))
    return found


def _is_outside(row: Entitlement, month: date) -> bool:
    return (
        month < row.first_month
        or (row.last_month is not None and month > row.last_month)
        or (row.state == EntitlementState.SUSPENDED and row.suspended_from is not None and month >= row.suspended_from)
    )


def _is_month_of_year(row: Entitlement, month: date) -> bool:
    return month == row.first_month or (month > row.first_month and month.month == JANUARY)


def _needs_words(row: Entitlement, history: History, law: NewLaw, found: Amounts) -> bool:
    """Tell whether unknown facts, or a category that begins later than the benefit, must be looked at one by one."""
    if any(found[row.pk, month] == ONE_BY_ONE for month in law.months):
        return True
    starts = [
        date.fromisoformat(month)
        for rate in history.rates
        if rate.entitlement_id == row.pk
        for month in rate.basis.get("starts", {}).values()
    ]
    return any(month > law.from_month for month in starts)


def one_by_one(row: Entitlement, history: History, law: NewLaw, *, known_on: date) -> Amounts:
    """Return what a benefit comes to by the law of a day, as its rates are computed; None where facts lack and a bare sum is held."""
    months = [month for month in law.months if not _is_outside(row, month)]
    if not months:
        return {}
    spans = owed_spans(row, history, months, known_on=known_on)
    is_merit = row.programme == Programme.MERIT  # what is held there is raised by its law in any case
    return {
        (row.pk, month): None if not is_merit and span.basis.get("is_open") and not _has_level(span) else span.amount
        for span in spans
        for month in months
        if _covers(span, month)
    }


def _covers(span: RateSpan, month: date) -> bool:
    return span.first_month <= month < span.end_month


def _has_level(span: RateSpan) -> bool:
    """Tell whether what is held while facts lack is a coefficient, which a new level raises by itself."""
    return all(line.get("level") is not None for line in span.basis["lines"])


def _social_columns(
    histories: Mapping[int, History], months: Sequence[date], known_on: date
) -> dict[tuple[int, str, date], int]:
    found: dict[tuple[int, str, date], int] = {}
    ids = list(histories)
    for month in months:
        day = add_months(month, 1) - timedelta(days=1)
        columns = columns_from_facts([histories[pk].facts_on(day) for pk in ids])
        facts = {pk: histories[pk].facts_on(day) for pk in ids}
        apart = {
            pk
            for pk in ids
            if facts[pk].in_institution or facts[pk] != histories[pk].facts_on(month - timedelta(days=1))
        }
        groups = monthly_group_columns(columns, month, known_on=known_on).groups
        for group in BenefitGroup:
            for pk, amount in zip(ids, groups[group].tolist(), strict=True):
                found[pk, str(group), month] = ONE_BY_ONE if pk in apart else amount
        found |= {(pk, str(Benefit.INSTITUTION), month): ONE_BY_ONE for pk in ids}
    return found


def _merit_columns(
    histories: Mapping[int, History], months: Sequence[date], known_on: date
) -> dict[tuple[int, str, date], int]:
    found: dict[tuple[int, str, date], int] = {}
    ids = list(histories)
    for month in months:
        day = add_months(month, 1) - timedelta(days=1)
        columns = merit_columns([histories[pk].merit_facts_on(day) for pk in ids])
        assessed = assess_merit_columns(columns, on=day, known_on=known_on)
        for benefit in (
            Benefit.MONTHLY, Benefit.SUPPLEMENT, Benefit.ATTENDANT, Benefit.EXTRA, Benefit.STUDY, Benefit.YEARLY,
        ):  # fmt: skip
            amounts = np.where(assessed.outcomes == _UNKNOWN, ONE_BY_ONE, getattr(assessed, str(benefit)))
            for pk, amount in zip(ids, amounts.tolist(), strict=True):
                found[pk, str(benefit), month] = amount
    return found


def _recorded(rates: Sequence[EntitlementRate], month: date) -> int | None:
    """Return what is recorded for a month; None where nothing is, or a suspension took it away."""
    covering = (one for one in rates if one.first_month <= month and (one.end_month is None or month < one.end_month))
    return next((one.amount for one in covering if not one.basis.get("suspended")), None)
