"""Who receives what in a month: the list of an officer, narrowed, ordered and added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from lienthong.accounts.models import User
from lienthong.accounts.queries import reader_for
from lienthong.assistance import policies
from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.states import Benefit, EntitlementState
from lienthong.kernel.text import fold, whole_number
from lienthong.people import queries as people
from lienthong.units import queries as units

ALL_STATES: Final = "all"
SORTS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("person__sort_key", "person_id"),
    "place": ("unit__sort_key", "person__sort_key", "person_id"),
    "amount": ("month_amount", "person__sort_key"),
    "since": ("first_month", "person__sort_key"),
}
_FOUND_AT_MOST = 100
_DIGITS_AT_LEAST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiaryFilter:
    """What the list shows; empty means all, except of ``state``: those who receive now."""

    q: str = ""
    commune: str = ""
    programme: str = ""
    benefit: str = ""
    state: str = EntitlementState.ACTIVE.value
    sort: str = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many people and benefits a list holds, and what they come to in a month."""

    people: int
    benefits: int
    amount: int


@dataclass(slots=True)
class Facets:
    """How many rows each choice of a filter would show, the other filters staying as they are."""

    programmes: Counter[str] = field(default_factory=Counter)
    benefits: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)


def beneficiaries(user: User, asked: BeneficiaryFilter, *, month: date, on: date) -> QuerySet[Entitlement]:
    """Return the entitlements that a user may see and asked for, each with what it comes to.

    That is ``month_amount`` with its ``month_category``, and ``other_amount`` of what is paid once or each year.

    Args:
        user: Who asks.
        asked: The filter.
        month: Its first day; what each comes to in it is annotated, None where nothing is recorded.
        on: Today.
    """
    rows = _narrowed(_seen(user, asked, on=on), asked).annotate(other_amount=Subquery(_paid_otherwise(month)))
    order = SORTS.get(asked.sort.removeprefix("-"), SORTS["name"])
    keys = [F(order[0]).desc(nulls_last=True) if asked.sort.startswith("-") else F(order[0]).asc(nulls_last=True)]
    return (
        _with_amounts(rows, month)
        .select_related("person", "unit", "payee", "payee_organization")
        .order_by(*keys, *order[1:], "pk")
    )


def totals(user: User, asked: BeneficiaryFilter, *, month: date, on: date) -> Totals:
    """Add a list up."""
    rows = _with_amounts(_narrowed(_seen(user, asked, on=on), asked), month)
    found = rows.aggregate(
        people=Count("person_id", distinct=True), benefits=Count("pk"), amount=Coalesce(Sum("month_amount"), 0)
    )
    return Totals(**found)


def facets(user: User, asked: BeneficiaryFilter, *, on: date) -> Facets:
    """Count what each choice of a filter would show, in one question."""
    found = Facets()
    rows = _seen(user, asked, on=on).order_by().values_list("programme", "benefit", "state").annotate(n=Count("pk"))
    for programme, benefit, state, n in rows:
        fits = {
            "programme": not asked.programme or programme == asked.programme,
            "benefit": not asked.benefit or benefit == asked.benefit,
            "state": asked.state in {ALL_STATES, state},
        }
        if fits["benefit"] and fits["state"]:
            found.programmes[programme] += n
        if fits["programme"] and fits["state"]:
            found.benefits[benefit] += n
        if fits["programme"] and fits["benefit"]:
            found.states[state] += n
    return found


def communes_to_choose(user: User, *, on: date) -> list[tuple[str, str]]:
    """Return the communes of which the user may see beneficiaries, as id and name."""
    places = units.communes_on(on)
    if not policies.sees_province(user, on=on):
        own = {one for programme in policies.ALL for one in policies.communes_of(user, on=on, programme=programme)}
        places = places.filter(pk__in=own)
    return [(str(place.pk), place.name) for place in places]


def _seen(user: User, asked: BeneficiaryFilter, *, on: date) -> QuerySet[Entitlement]:
    rows = Entitlement.objects.filter(policies.visible_to(user, on=on))
    commune = whole_number(asked.commune)
    if commune is not None:
        rows = rows.filter(units.within("unit", [commune], on=on))
    return rows.filter(_named(user, asked.q, on=on)) if asked.q.strip() else rows


def _narrowed(rows: QuerySet[Entitlement], asked: BeneficiaryFilter) -> QuerySet[Entitlement]:
    wanted = {"programme": asked.programme, "benefit": asked.benefit}
    wanted |= {"state": asked.state} if asked.state != ALL_STATES else {}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def _named(user: User, text: str, *, on: date) -> Q:
    """Find by number or name: what is typed stands in it, else, for a name, what is near it."""
    digits = "".join(letter for letter in text if letter.isdigit() and letter.isascii())
    if len(digits) >= _DIGITS_AT_LEAST:
        near = [hit.person.pk for hit in _near(user, text, on=on)]
        return Q(person__personal_id_number__contains=digits) | Q(person__in=near)
    words = Q()
    for word in fold(text).split():
        words &= Q(person__name_key__contains=word)
    if words and Entitlement.objects.filter(policies.visible_to(user, on=on), words).exists():
        return words
    return Q(person__in=[hit.person.pk for hit in _near(user, text, on=on)])


def _near(user: User, text: str, *, on: date) -> list[people.PersonHit]:
    return people.search_people(people.PersonSearch(text=text, limit=_FOUND_AT_MOST), reader_for(user, on=on))


def _paid_otherwise(month: date) -> Any:
    """Return of what is paid each year the sum that is paid next, of what is paid once that sum."""
    once = Q(entitlement__benefit=Benefit.ONE_OFF)
    yearly = Q(entitlement__benefit=Benefit.YEARLY) & (Q(end_month=None) | Q(end_month__gt=month))
    rates = EntitlementRate.objects.filter(
        once | yearly, entitlement=OuterRef("pk"), superseded_at=None, amount__gt=0
    ).order_by("first_month")
    return rates.values("amount")[:1]


def _with_amounts(rows: QuerySet[Entitlement], month: date) -> QuerySet[Entitlement]:
    current: Any = EntitlementRate.objects.filter(
        Q(end_month=None) | Q(end_month__gt=month),
        entitlement=OuterRef("pk"),
        superseded_at=None,
        first_month__lte=month,
    ).order_by("first_month")
    return rows.annotate(
        month_amount=Subquery(current.values("amount")[:1], output_field=BigIntegerField()),
        month_category=Subquery(current.annotate(of=KeyTextTransform("category", "basis")).values("of")[:1]),
    )
