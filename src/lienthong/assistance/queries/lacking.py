"""Whose amount is held, or will be within three months, because a fact lacks; and whose school must be asked anew each year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final

from django.db.models import Q, QuerySet

from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.queries.facts import History, histories_of
from lienthong.assistance.queries.merit_months import merit_on
from lienthong.assistance.queries.months import paid_here
from lienthong.assistance.states import Benefit, EntitlementState, Programme
from lienthong.kernel.days import add_months, format_day
from lienthong.kernel.money import format_dong
from lienthong.rules.merit.asking import missing_of
from lienthong.rules.merit.lines import LineKind
from lienthong.rules.parameters import NoValueInForce, load_parameter
from lienthong.rules.social_assistance.assessing import Assessment, assess
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.timing import month_of
from lienthong.rules.social_assistance.words import question

AHEAD: Final = timedelta(days=90)
"""So long before a birthday after which a fact will lack it is asked for."""
SCHOOL_YEAR_BEGINS: Final = 9
"""The month from which school is asked anew; no article fixes a day, schools open in September."""
_AT_ONCE: Final = 500
_OF_STUDENTS: Final = {
    AssistanceCategory.STUDENT_WITHOUT_CARE: "is_studying",
    AssistanceCategory.SINGLE_PARENT: "children",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What must be asked of one benefit. Khoản đang thiếu thông tin.

    Attributes:
        month: The first month, from this one on, that is open; None where only school is asked anew.
        paid: Đồng a month that is paid meanwhile.
        highest: Đồng a month, at most, that the rules give.
        missing: One question each.
        reason: Why, in one sentence.
        ground: What the question rests on: another one is another question.
    """

    entitlement: Entitlement
    month: date | None
    paid: int
    highest: int
    missing: tuple[str, ...]
    reason: str
    ground: str


def lacking_facts(on: date, *, unknown: dict[int, NoValueInForce]) -> Iterator[Lacking]:
    """Go through what is paid now and give what must be asked, in the order of the benefits.

    Args:
        on: The day.
        unknown: Is filled with the benefits for which the law of a month is not recorded, and what lacks of it.
    """
    rates = _rates(on).iterator(chunk_size=2_000)
    asked: set[int] = set()
    while some := list(islice(rates, _AT_ONCE)):
        histories = histories_of(rate.entitlement.person_id for rate in some)
        for rate in some:
            row = rate.entitlement
            if row.pk in asked:
                continue
            try:
                one = _asked(rate, histories[row.person_id], on)
            except NoValueInForce as missing:
                unknown[row.pk] = missing
                continue
            if one is not None:
                asked.add(row.pk)
                yield one


def _rates(on: date) -> QuerySet[EntitlementRate]:
    month = month_of(on)
    students = Q(pk__in=[])
    for code in _OF_STUDENTS:
        students |= Q(basis__contains={"lines": [{"code": str(code)}]}, first_month__lte=month, amount__gt=0)
    rates = EntitlementRate.objects.filter(
        Q(end_month=None) | Q(end_month__gt=month), Q(basis__is_open=True) | students, superseded_at=None,
        first_month__lte=on + AHEAD, entitlement__state=EntitlementState.ACTIVE,
        entitlement__person__died_on=None,
    )  # fmt: skip
    return rates.exclude(entitlement__benefit=Benefit.ONE_OFF).select_related("entitlement").order_by(
        "entitlement_id", "first_month"
    )  # fmt: skip


def _asked(rate: EntitlementRate, history: History, on: date) -> Lacking | None:
    if rate.basis.get("is_open"):
        return _open(rate, history, on)
    return _of_school(rate, history, on)


def _open(rate: EntitlementRate, history: History, on: date) -> Lacking | None:
    """Ask what still lacks; nothing where it was recorded meanwhile."""
    row, month = rate.entitlement, max(rate.first_month, month_of(on))
    day = add_months(month, 1) - timedelta(days=1)
    highest = rate.amount
    if row.programme == Programme.MERIT:
        missing = missing_of(merit_on(history, day, known_on=on).missing, LineKind(row.benefit))
    else:
        found = assess(history.facts_on(day), on=day, known_on=on)
        before = month - timedelta(days=1)
        stands = (found, assess(history.facts_on(before), on=before, known_on=on))
        missing = tuple(
            dict.fromkeys(fact.text for one in stands if _is_open(one, row.benefit) for fact in one.missing)
        )
        highest = max(_bounds(one, row.benefit)[1] for one in stands)
    if not missing:
        return None
    told = f"Từ tháng {month:%m/%Y} chưa đủ thông tin để kết luận"
    goes_on = f"mức {format_dong(rate.amount)} mỗi tháng được tạm giữ" if rate.amount else "chưa chi"
    return Lacking(
        entitlement=row, month=month, paid=rate.amount, highest=highest, missing=missing,
        reason=f"{told}; {goes_on} cho đến khi ghi thông tin còn thiếu.", ground="open",
    )  # fmt: skip


def _is_open(one: Assessment, benefit: str) -> bool:
    lowest, highest = _bounds(one, benefit)
    return lowest < highest


def _bounds(one: Assessment, benefit: str) -> tuple[int, int]:
    return paid_here(one, Benefit.PERSONAL if benefit == Benefit.INSTITUTION else benefit)


def _of_school(rate: EntitlementRate, history: History, on: date) -> Lacking | None:
    """Ask each school year anew whether somebody still studies by whose studies something is paid."""
    year = on.year if on.month >= SCHOOL_YEAR_BEGINS else on.year - 1
    begins = date(year, SCHOOL_YEAR_BEGINS, 1)
    codes = {str(line["code"]) for line in rate.basis["lines"]}
    for code, name in _OF_STUDENTS.items():
        if str(code) not in codes:
            continue
        source = history.known_on(on).sources.get(name)
        missing = tuple(question(one) for one in _studies(name, history, on))
        if not missing or source is None or source.since is None or source.since >= begins:
            continue
        told = f"Khoản này dựa vào việc đang đi học, đã ghi từ ngày {format_day(source.since)}"
        return Lacking(
            entitlement=rate.entitlement, month=None, paid=rate.amount, highest=rate.amount, missing=missing,
            reason=f"{told}. Mỗi năm học cần hỏi lại một lần: năm học {year}–{year + 1}.", ground=f"school:{year}",
        )  # fmt: skip
    return None


def _studies(name: str, history: History, on: date) -> Iterable[str]:
    facts = history.facts_on(on)
    if name == "is_studying":
        return [name] if facts.is_studying else []
    grown = add_months(on, -12 * int(load_parameter("social_assistance/ages:child_below").value_on(on)))
    return [
        f"children.{place}.is_studying"
        for place, child in enumerate(facts.children or (), start=1)
        if child.is_studying and child.birth_date is not None and child.birth_date.latest <= grown
    ]
