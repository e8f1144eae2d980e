"""Disability certificates: the list of a commune, and which are to be issued anew because a child turns six."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet

from lienthong.accounts.models import User
from lienthong.accounts.queries import reader_for
from lienthong.assistance.models import DisabilityCertificate
from lienthong.kernel.days import BirthDate, DatePrecision, add_months
from lienthong.kernel.decisions import Outcome
from lienthong.kernel.text import fold, whole_number
from lienthong.people.models import Person
from lienthong.people.policies import visible_people
from lienthong.rules.disability import Certificate, DisabilityLevel, renewal_due_on
from lienthong.rules.parameters import load_parameter

HORIZON_DAYS: Final = 90
"""How long before the day a certificate is shown as soon to be issued anew."""
_SPARE_DAYS: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFilter:
    """What the list shows: all that hold, or those to be issued anew."""

    q: str = ""
    commune: str = ""
    level: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """When a certificate is to be issued anew: the day, or what must be known to say it; neither where it never is."""

    due_on: date | None = None
    missing: tuple[str, ...] = ()

    def is_due(self, on: date) -> bool:
        """Whether the day has come, or comes within the horizon."""
        return self.due_on is not None and self.due_on <= on + timedelta(days=HORIZON_DAYS)


def renewal_of(row: DisabilityCertificate, *, on: date) -> Renewal:
    """Say when a certificate is to be issued anew."""
    birth = birth_of(row.person)
    decision = renewal_due_on(
        Certificate(
            birth_date=birth,
            issued_on=row.issued_on,
            level=DisabilityLevel(row.level),
            form_items=None if row.form_items is None else frozenset(row.form_items),
        ),
        on=on,
    )
    if decision.outcome is Outcome.GRANTED:
        return Renewal(due_on=decision.value)
    return Renewal(missing=tuple(decision.missing)) if decision.outcome is Outcome.UNKNOWN else Renewal()


def birth_of(person: Person) -> BirthDate | None:
    """Return the date of birth as far as it is known."""
    return BirthDate(person.birth_on, DatePrecision(person.birth_precision)) if person.birth_on else None


def certificates(user: User, asked: CertificateFilter, *, on: date) -> QuerySet[DisabilityCertificate]:
    """Return the certificates in force on a day of people whom the user may see, by name."""
    rows = DisabilityCertificate.objects.filter(pk__in=_in_force(on).values("pk"))
    rows = rows.filter(person__in=Person.objects.filter(visible_people(reader_for(user, on=on))))
    commune = whole_number(asked.commune)
    if commune is not None:
        rows = rows.filter(person__unit=commune)
    if asked.level in set(DisabilityLevel):
        rows = rows.filter(level=asked.level)
    for word in fold(asked.q).split():
        rows = rows.filter(
            Q(person__name_key__contains=word)
            | Q(number__icontains=word)
            | Q(person__personal_id_number__contains=word)
        )
    if asked.due:
        rows = rows.filter(pk__in=due_ids(rows, on=on))
    return rows.select_related("person__unit", "issued_by").order_by("person__sort_key", "-valid_from", "pk")


def due_ids(rows: QuerySet[DisabilityCertificate], *, on: date) -> list[int]:
    """Return which of some certificates are to be issued anew by the horizon; asked of the rules one by one."""
    return [row.pk for row in _may_be_due(rows, on=on) if renewal_of(row, on=on).is_due(on)]


def due_in_communes(unit_ids: Collection[int], *, on: date) -> int:
    """Count the certificates of people of some communes that are to be issued anew by the horizon."""
    return len(due_ids(_in_force(on).filter(person__unit__in=unit_ids), on=on))


def _in_force(on: date) -> QuerySet[DisabilityCertificate]:
    found: QuerySet[DisabilityCertificate] = DisabilityCertificate.objects.valid_on(on).filter(withdrawn_at=None)
    return found


def _may_be_due(rows: QuerySet[DisabilityCertificate], *, on: date) -> Iterable[DisabilityCertificate]:
    """Leave out whoever cannot be: still too young, or old enough when it was issued."""
    years = load_parameter("disability/certificate:renewal_age").value_on(on)
    old_enough = add_months(on + timedelta(days=HORIZON_DAYS), -12 * years)
    young_then = F("issued_on") - timedelta(days=years * 366 + _SPARE_DAYS)
    candidates = rows.filter(person__birth_on__lte=old_enough, person__birth_on__gt=young_then)
    return candidates.select_related("person").order_by("pk")
