"""Disability certificates: the list of a commune, and which are to be issued anew: a child turns six, or the paper ends.

Turning six (đủ 6 tuổi) is a duty to assess anew; the circular does not say that the paper is void from that day, so its degree still counts
and the certificate is on the work list. A paper with a last day says nothing after it: the degree is unknown, what is
received is held as it was, and the certificate is on the same list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

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
from lienthong.units import queries as units

HORIZON_DAYS: Final = 90
"""How long before the day a certificate is shown as soon to be issued anew."""
_SPARE_DAYS: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFilter:
    """What the list shows: of ``state`` those that hold, ``over`` those that ended or were withdrawn, ``all``; or to be issued anew."""

    q: str = ""
    commune: str = ""
    level: str = ""
    state: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """When a certificate is to be issued anew: the day, or what must be known to say it; neither where it never is.

    ``is_expiry``: on that day the paper itself ends.
    """

    due_on: date | None = None
    missing: tuple[str, ...] = ()
    is_expiry: bool = False

    def is_due(self, on: date) -> bool:
        """Whether the day has come, or comes within the horizon."""
        return self.due_on is not None and self.due_on <= on + timedelta(days=HORIZON_DAYS)


def renewal_of(row: DisabilityCertificate, *, on: date) -> Renewal:
    """Say when a certificate is to be issued anew."""
    decision = renewal_due_on(as_rules_see(row), on=on)
    at_six = decision.value if decision.outcome is Outcome.GRANTED else None
    if row.valid_until is not None and (at_six is None or row.valid_until <= at_six):
        return Renewal(due_on=row.valid_until, is_expiry=True)
    if at_six is not None:
        return Renewal(due_on=at_six)
    return Renewal(missing=tuple(decision.missing)) if decision.outcome is Outcome.UNKNOWN else Renewal()


def as_rules_see(row: DisabilityCertificate) -> Certificate:
    """Return a certificate with what decides its renewal."""
    return Certificate(
        birth_date=birth_of(row.person),
        issued_on=row.issued_on,
        level=DisabilityLevel(row.level),
        form_items=None if row.form_items is None else frozenset(row.form_items),
    )


def in_force_of(person_id: int, *, on: date) -> DisabilityCertificate | None:
    """Return the certificate of a person that is in force on a day."""
    found: DisabilityCertificate | None = (
        _in_force(on).filter(person_id=person_id).select_related("person").order_by("-valid_from").first()
    )
    return found


def birth_of(person: Person) -> BirthDate | None:
    """Return the date of birth as far as it is known."""
    return BirthDate(person.birth_on, DatePrecision(person.birth_precision)) if person.birth_on else None


def certificates(user: User, asked: CertificateFilter, *, on: date) -> QuerySet[DisabilityCertificate]:
    """Return certificates of people whom the user may see, by name: as they stand on a day, or those to be issued anew.

    To be issued anew are those in force whose day has come or comes within the horizon, and those that have ended and that
    nothing followed.
    """
    narrowed = _narrowed(user, asked, on=on)
    rows = _of_state(asked.state, on=on).filter(narrowed)
    if asked.due:
        rows = DisabilityCertificate.objects.filter(pk__in=_to_issue_anew(narrowed, on=on))
    return rows.select_related("person__unit", "issued_by").order_by("person__sort_key", "-valid_from", "pk")


def counts_of(user: User, asked: CertificateFilter, *, on: date) -> tuple[int, int]:
    """Count what a user may see, whatever is due: those in force, and those to be issued anew."""
    narrowed = _narrowed(user, asked, on=on)
    return _in_force(on).filter(narrowed).count(), len(_to_issue_anew(narrowed, on=on))


def _to_issue_anew(narrowed: Q, *, on: date) -> list[int]:
    ended = lapsed(on).filter(narrowed).order_by().values_list("pk", flat=True)
    return [*due_ids(_in_force(on).filter(narrowed), on=on), *ended]


def _narrowed(user: User, asked: CertificateFilter, *, on: date) -> Q:
    found = Q(person__in=Person.objects.filter(visible_people(reader_for(user, on=on))))
    commune = whole_number(asked.commune)
    if commune is not None:
        found &= units.within("person__unit", [commune], on=on)
    if asked.level in set(DisabilityLevel):
        found &= Q(level=asked.level)
    for word in fold(asked.q).split():
        found &= (
            Q(person__name_key__contains=word)
            | Q(number__icontains=word)
            | Q(person__personal_id_number__contains=word)
        )
    return found


def lapsed(on: date) -> QuerySet[DisabilityCertificate]:
    """Return the certificates of the living that have ended by a day and that no other followed."""
    kept = DisabilityCertificate.objects.filter(withdrawn_at=None)
    later = kept.filter(person=OuterRef("person"), valid_from__gt=OuterRef("valid_from"))
    found: QuerySet[DisabilityCertificate] = kept.filter(~Exists(later), valid_until__lte=on, person__died_on=None)
    return found


def due_ids(rows: QuerySet[DisabilityCertificate], *, on: date) -> list[int]:
    """Return which of some certificates are to be issued anew by the horizon; asked of the rules one by one."""
    return [row.pk for row in _may_be_due(rows, on=on) if renewal_of(row, on=on).is_due(on)]


def due_in_communes(unit_ids: Collection[int], *, on: date) -> int:
    """Count the certificates of people of some communes that are to be issued anew by the horizon, or have ended."""
    theirs = units.within("person__unit", unit_ids, on=on)
    return len(due_ids(_in_force(on).filter(theirs), on=on)) + lapsed(on).filter(theirs).count()


def due_of_people(people: QuerySet[Person] | QuerySet[Any], *, on: date) -> list[DisabilityCertificate]:
    """Return the certificates of some people that are in force, or have ended and were not followed, in the order recorded."""
    mine = Q(person__in=people)
    rows = [*_in_force(on).filter(mine).select_related("person"), *lapsed(on).filter(mine).select_related("person")]
    return sorted(rows, key=lambda row: row.pk)


def _in_force(on: date) -> QuerySet[DisabilityCertificate]:
    found: QuerySet[DisabilityCertificate] = DisabilityCertificate.objects.valid_on(on).filter(withdrawn_at=None)
    return found


def _of_state(state: str, *, on: date) -> QuerySet[DisabilityCertificate]:
    if state == "over":
        return DisabilityCertificate.objects.filter(Q(valid_until__lte=on) | Q(withdrawn_at__isnull=False))
    return DisabilityCertificate.objects.all() if state == "all" else _in_force(on)


def _may_be_due(rows: QuerySet[DisabilityCertificate], *, on: date) -> Iterable[DisabilityCertificate]:
    """Leave out whoever cannot be: the paper goes on, and the child is still too young or was old enough when it was issued."""
    years = load_parameter("disability/certificate:renewal_age").value_on(on)
    old_enough = add_months(on + timedelta(days=HORIZON_DAYS), -12 * years)
    young_then = F("issued_on") - timedelta(days=years * 366 + _SPARE_DAYS)
    turns_six = Q(person__birth_on__lte=old_enough, person__birth_on__gt=young_then)
    candidates = rows.filter(turns_six | Q(valid_until__lte=on + timedelta(days=HORIZON_DAYS)))
    return candidates.select_related("person").order_by("pk")
