"""Grounds for merit benefits that were recognised: the list of a commune or the province."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.models import MeritClaim
from lienthong.assistance.states import Programme
from lienthong.kernel.text import fold, whole_number
from lienthong.rules.merit.facts import Category
from lienthong.units import queries as units


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilter:
    """What the list shows; empty means all, of ``state`` those that hold; ``over`` and ``all`` show others."""

    q: str = ""
    commune: str = ""
    category: str = ""
    state: str = ""


def merit_claims(user: User, asked: ClaimFilter, *, on: date) -> QuerySet[MeritClaim]:
    """Return the claims that hold on a day of people whom the user may see, by name."""
    rows = _seen(user, asked, on=on)
    if asked.category in set(Category):
        rows = rows.filter(category=asked.category)
    return rows.select_related("person__unit").order_by("person__sort_key", "-valid_from", "pk")


def category_counts(user: User, asked: ClaimFilter, *, on: date) -> Counter[str]:
    """Count the claims of each category."""
    rows = _seen(user, asked, on=on).order_by().values_list("category").annotate(n=Count("pk"))
    return Counter(dict(rows))


def claims_through(number: str, *, as_: User, on: date) -> list[MeritClaim]:
    """Return the recognised grounds of relatives that name a person with merit by number, of those whom the user may see."""
    if not number:
        return []
    rows = _visible(as_, on=on).filter(data__origin__icontains=number)
    return list(rows.select_related("person").order_by("person__sort_key", "-valid_from", "pk"))


def _states(on: date) -> dict[str, Q]:
    """Return how a claim may stand on a day, by the name of the filter: it holds, it ended or was withdrawn, whichever."""
    holds = Q(valid_from__lte=on, withdrawn_at=None) & (Q(valid_until=None) | Q(valid_until__gt=on))
    return {"": holds, "over": Q(valid_until__lte=on) | Q(withdrawn_at__isnull=False), "all": Q()}


def _visible(user: User, *, on: date, state: str = "") -> QuerySet[MeritClaim]:
    recognised: QuerySet[MeritClaim] = MeritClaim.objects.all()
    rows = recognised.filter(_states(on).get(state, _states(on)[""]))
    if Programme.MERIT not in policies.programmes_seen(user, on=on):
        own = policies.communes_of(user, on=on, programme=Programme.MERIT)
        rows = rows.filter(units.within("person__unit", own, on=on))
    return rows


def _seen(user: User, asked: ClaimFilter, *, on: date) -> QuerySet[MeritClaim]:
    rows = _visible(user, on=on, state=asked.state)
    commune = whole_number(asked.commune)
    if commune is not None:
        rows = rows.filter(units.within("person__unit", [commune], on=on))
    for word in fold(asked.q).split():
        rows = rows.filter(
            Q(person__name_key__contains=word)
            | Q(person__personal_id_number__contains=word)
            | Q(decision_number__icontains=word)
        )
    return rows
