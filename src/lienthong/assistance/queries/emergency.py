"""What was given after emergencies: the list of an officer, the list by which rice is handed out, one grant."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.models import EmergencyGrant
from lienthong.assistance.states import EmergencyGrantKind, EmergencyGrantState, Programme
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import format_day
from lienthong.kernel.text import fold, whole_number
from lienthong.people.models import Person
from lienthong.units import queries as units

PRINT_AT_MOST: Final = 3_000


class GrantNotFound(NotFound):
    """There is no such grant, or none that this user may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyFilter:
    """What the list shows; empty means all."""

    q: str = ""
    commune: str = ""
    kind: str = ""
    state: str = ""


@dataclass(slots=True)
class EmergencyFacets:
    """How many rows each choice of a filter would show, and what the shown ones come to."""

    kinds: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    amount: int = 0
    rice_kg: int = 0


def grants(user: User, asked: EmergencyFilter, *, on: date) -> QuerySet[EmergencyGrant]:
    """Return the grants that a user may see and asked for, newest decision first."""
    rows = _narrowed(_seen(user, asked, on=on), asked)
    return rows.select_related("person", "payee", "unit", "household").order_by("-granted_at", "-pk")


def facets(user: User, asked: EmergencyFilter, *, on: date) -> EmergencyFacets:
    """Count what each choice of a filter would show, and add up what is shown and stands, in one question."""
    found = EmergencyFacets()
    rows = _seen(user, asked, on=on).order_by().values_list("kind", "state")
    counted = rows.annotate(n=Count("pk"), money=Coalesce(Sum("amount"), 0), rice=Coalesce(Sum("rice_kg"), 0))
    for kind, state, n, money, rice in counted:
        fits_kind, fits_state = asked.kind in {"", kind}, asked.state in {"", state}
        found.kinds[kind] += n if fits_state else 0
        found.states[state] += n if fits_kind else 0
        if fits_kind and fits_state and state != EmergencyGrantState.REVOKED:
            found.amount, found.rice_kg = found.amount + money, found.rice_kg + rice
    return found


def rice_to_hand_out(user: User, asked: EmergencyFilter, *, on: date) -> QuerySet[EmergencyGrant]:
    """Return the rice of a list, by commune and name, for paper: what is handed out already only where that is asked for."""
    rows = _narrowed(_seen(user, asked, on=on), asked).filter(kind=EmergencyGrantKind.RICE)
    if asked.state != EmergencyGrantState.HANDED_OUT:
        rows = rows.filter(state=EmergencyGrantState.GRANTED)
    ordered = rows.select_related("person", "payee", "unit", "household")
    return ordered.order_by("unit__sort_key", "person__sort_key", "pk")


def get_grant(grant_id: int, *, as_: User, on: date) -> EmergencyGrant:
    """Load a grant that the user may see.

    Raises:
        GrantNotFound: There is none.
    """
    rows = EmergencyGrant.objects.select_related(
        "person", "payee", "unit", "household", "prepared_by", "granted_by", "handed_out_by"
    )
    found = rows.filter(policies.visible_of(as_, Programme.SOCIAL, on=on), pk=grant_id).first()
    if found is None:
        raise GrantNotFound
    return found


def grants_of(person_id: int, *, as_: User, on: date) -> list[EmergencyGrant]:
    """Return what a person was given, or receives for somebody else, newest first, as far as the user may see it."""
    rows = EmergencyGrant.objects.filter(Q(person=person_id) | Q(payee=person_id))
    seen = rows.filter(policies.visible_of(as_, Programme.SOCIAL, on=on))
    return list(seen.select_related("person", "payee", "unit").order_by("-granted_at", "-pk"))


def offered_kinds(person: Person) -> list[EmergencyGrantKind]:
    """Return what may be entered for somebody: of the dead the burial, of the living everything."""
    return [EmergencyGrantKind.DEATH] if person.died_on is not None else list(EmergencyGrantKind)


def _seen(user: User, asked: EmergencyFilter, *, on: date) -> QuerySet[EmergencyGrant]:
    rows = EmergencyGrant.objects.filter(policies.visible_of(user, Programme.SOCIAL, on=on))
    commune = whole_number(asked.commune)
    if commune is not None:
        rows = rows.filter(units.within("unit", [commune], on=on))
    for word in fold(asked.q).split():
        rows = rows.filter(Q(person__name_key__contains=word) | Q(person__personal_id_number__contains=word))
    return rows


def _narrowed(rows: QuerySet[EmergencyGrant], asked: EmergencyFilter) -> QuerySet[EmergencyGrant]:
    if asked.kind in set(EmergencyGrantKind):
        rows = rows.filter(kind=asked.kind)
    if asked.state in set(EmergencyGrantState):
        rows = rows.filter(state=asked.state)
    return rows


def event_words(kind: str, day: date) -> str:
    """Say when it happened, as decisions do; of temporary care since when it lasts."""
    if kind == EmergencyGrantKind.PROTECTION:
        return f"từ ngày {format_day(day)}"
    return f"vì việc xảy ra ngày {format_day(day)}"
