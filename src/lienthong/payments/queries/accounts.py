"""Where people and organisations are paid: lists of a user's communes, one account, one payee with all they had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, F, OrderBy, Q, QuerySet, When
from django.db.models.functions import Coalesce

from lienthong.infra.missing import NotFound
from lienthong.kernel.text import fold
from lienthong.payments import policies
from lienthong.payments.models import PAYABLE, Payee, PaymentAccount, PaymentLine
from lienthong.payments.states import NUMBERED_CHANNELS, Channel, NameCheck
from lienthong.people.models import Organization, Person
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import COMMUNE_KINDS

CHECKS: dict[str, Q] = {
    "differs": Q(name_check=NameCheck.DIFFERENT),
    "unconfirmed": Q(name_check=NameCheck.SAME, verified_at=None) | Q(name_check=NameCheck.SIMILAR, confirmed_at=None),
    "unknown": Q(name_check=NameCheck.UNKNOWN),
    "payable": PAYABLE,
}
"""How an account stands, by the name of the filter, with its condition."""
_NAME = Coalesce("person__sort_key", "organization__sort_key")
_SORTS: dict[str, Any] = {
    "name": _NAME, "commune": Coalesce("person__unit__sort_key", "organization__unit__sort_key"),
    "since": F("valid_from"),
}  # fmt: skip


_PLACES = ("person__unit", "organization__unit")


class PaymentAccountNotFound(NotFound):
    """There is no such account, or none that this user may see."""


class PayeeNotFound(NotFound):
    """There is no such person or organisation, or none whose payments this user may see."""


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts a list shows. Empty means all; ``check`` is one of ``CHECKS``, ``source`` a programme that pays there."""

    commune: str = ""
    channel: str = ""
    check: str = ""
    source: str = ""
    q: str = ""
    sort: str = ""


def filtered_accounts(user: Any, asked: AccountFilter, *, on: date) -> QuerySet[PaymentAccount]:
    """Return the accounts in use that a list names, with the people and communes that it shows."""
    rows = _narrowed(user, asked, on=on)
    if asked.check in CHECKS:
        rows = rows.filter(CHECKS[asked.check])
    key = asked.sort.removeprefix("-")
    first = [OrderBy(_SORTS[key], descending=asked.sort.startswith("-"))] if key in _SORTS else []
    return rows.select_related("person__unit", "organization__unit").order_by(*first, _NAME, "pk")


def check_counts(user: Any, asked: AccountFilter, *, on: date) -> dict[str, int]:
    """Return how many accounts of a list stand in each way, and how many there are under ``all``."""
    counts = {name: Count("pk", filter=condition) for name, condition in CHECKS.items()}
    return _narrowed(user, asked, on=on).order_by().aggregate(all=Count("pk"), **counts)


def _narrowed(user: Any, asked: AccountFilter, *, on: date) -> QuerySet[PaymentAccount]:
    rows = PaymentAccount.objects.filter(_seen(user, on=on)).filter(Q(valid_until=None) | Q(valid_until__gt=on))
    if asked.commune:
        there = (units.of_code(path, asked.commune, on=on) for path in _PLACES)
        rows = rows.filter(reduce(or_, there))
    if asked.channel in Channel.values:
        rows = rows.filter(channel=asked.channel)
    if asked.source:
        lines = PaymentLine.objects.filter(source=asked.source).order_by()
        rows = rows.filter(Q(person__in=lines.values("payee")) | Q(organization__in=lines.values("payee_organization")))
    if text := asked.q.strip():
        by_digits = Q(number=text) | Q(person__personal_id_number=text) | Q(organization__tax_code=text)
        by_name = Q(person__name_key__contains=fold(text)) | Q(organization__name_key__contains=fold(text))
        rows = rows.filter(by_digits if any(map(str.isdigit, text)) else by_name)
    return rows


def _seen(user: Any, *, on: date) -> Q:
    return reduce(or_, (policies.visible_to(user, on=on, path=path) for path in _PLACES))


def get_account(account_id: int, *, user: Any, on: date) -> PaymentAccount:
    """Load an account that the user may see, with whose it is and who had a hand in it.

    Raises:
        PaymentAccountNotFound: There is none for this user.
    """
    rows = PaymentAccount.objects.filter(_seen(user, on=on)).select_related(
        "person__unit", "organization__unit", "recorded_by", "verified_by", "confirmed_by"
    )
    account: PaymentAccount | None = rows.filter(pk=account_id).first()
    if account is None:
        raise PaymentAccountNotFound
    return account


def get_payee(person_id: int, *, user: Any, on: date) -> Person:
    """Load a person whose payments the user may see.

    Raises:
        PayeeNotFound: There is none for this user.
    """
    people = Person.objects.filter(policies.visible_to(user, on=on)).select_related("unit")
    person: Person | None = people.filter(pk=person_id).first()
    if person is None:
        raise PayeeNotFound
    return person


def get_paid_organization(organization_id: int, *, user: Any, on: date) -> Organization:
    """Load an organisation whose payments the user may see.

    Raises:
        PayeeNotFound: There is none for this user.
    """
    rows = Organization.objects.filter(policies.visible_to(user, on=on)).select_related("unit")
    organization: Organization | None = rows.filter(pk=organization_id).first()
    if organization is None:
        raise PayeeNotFound
    return organization


def is_organization(payee: Payee) -> bool:
    """Tell whether it is an organisation that is paid, and not a person."""
    return isinstance(payee, Organization)


def held_by(payee: Payee) -> dict[str, Any]:
    """Return which column of an account says whose it is."""
    return {"organization" if is_organization(payee) else "person": payee}


def accounts_of(payee: Payee) -> list[PaymentAccount]:
    """Return every place where somebody was or will be paid, newest first."""
    rows = PaymentAccount.objects.filter(**held_by(payee)).select_related("recorded_by", "verified_by", "confirmed_by")
    return list(rows.order_by("-valid_from", "-pk"))


def account_on(payee: Payee, on: date) -> PaymentAccount | None:
    """Return where somebody is paid on a day; where nowhere is payable, what waits to be."""
    theirs = PaymentAccount.objects.valid_on(on).filter(**held_by(payee))
    return theirs.order_by(Case(When(PAYABLE, then=0), default=1), "-pk").first()


def others_paid_there(account: PaymentAccount, *, on: date) -> int:
    """Return how many others are paid at the same number on a day: a guardian's, or something to look at."""
    if account.channel not in NUMBERED_CHANNELS:
        return 0
    same = PaymentAccount.objects.valid_on(on).filter(
        channel=account.channel, bank_code=account.bank_code, number=account.number
    )
    return same.exclude(**held_by(account.payee)).count()


def is_payable(account: PaymentAccount) -> bool:
    """Tell whether money may go to an account, as ``PAYABLE`` asks the table."""
    if account.name_check == NameCheck.SIMILAR:
        return account.confirmed_at is not None
    return account.name_check == NameCheck.SAME and account.verified_at is not None


def waits_for_second(account: PaymentAccount) -> bool:
    """Tell whether a second person has to confirm an account, as ``CHECKS["unconfirmed"]`` asks the table."""
    fits = account.name_check in {NameCheck.SAME, NameCheck.SIMILAR}
    return fits and account.valid_until is None and not is_payable(account)


def accounts_to_confirm(user: Any, *, on: date) -> int:
    """Return how many accounts in the user's communes wait for a second person who may be this one."""
    rows = _narrowed(user, AccountFilter(), on=on).filter(CHECKS["unconfirmed"], valid_until=None)
    return rows.exclude(recorded_by=user).exclude(verified_by=user).count()


def communes_seen(user: Any, *, on: date) -> list[AdministrativeUnit]:
    """Return the communes of today whose payments the user may see, in the order of the dictionary."""
    communes = AdministrativeUnit.objects.valid_on(on).filter(policies.visible_to(user, on=on, path="pk"))
    return list(communes.filter(kind__in=COMMUNE_KINDS).order_by("sort_key", "code"))
