"""Files of accounts that were loaded, and their rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from lienthong.infra.missing import NotFound
from lienthong.payments import policies
from lienthong.payments.models import AccountImport, AccountImportRow, PaymentLine
from lienthong.payments.states import AccountImportState, AccountRowOutcome, AccountSource, NameCheck
from lienthong.units import queries as units


class AccountImportNotFound(NotFound):
    """There is no such list, or none that this user may see."""


@dataclass(frozen=True, slots=True)
class AccountImportFilter:
    """Which lists of accounts are shown. Empty means all; ``told_by`` is who told the accounts."""

    state: str = ""
    told_by: str = ""
    commune: str = ""


@dataclass(frozen=True, slots=True)
class AccountRowFilter:
    """Which rows of a list are shown. Empty means all; ``outcome`` "names" keeps those whose holder is not the same.

    ``source`` is a programme that pays whom the row names.
    """

    outcome: str = ""
    commune: str = ""
    source: str = ""


def account_imports(
    user: Any, *, on: date, asked: AccountImportFilter = AccountImportFilter()
) -> QuerySet[AccountImport]:
    """Return the lists that a user may see, newest first: the province all, a commune those that concern only its own."""
    rows = AccountImport.objects.select_related("loaded_by", "committed_by")
    if asked.state in AccountImportState.values:
        rows = rows.filter(state=asked.state)
    if asked.told_by in AccountSource.values:
        rows = rows.filter(source=asked.told_by)
    if asked.commune:
        of_commune = units.of_code("person__unit", asked.commune, on=on)
        of_commune |= units.of_code("organization__unit", asked.commune, on=on)
        rows = rows.filter(Exists(AccountImportRow.objects.filter(of_commune, account_import=OuterRef("pk"))))
    if not policies.sees_province(user, on=on):
        own = units.with_absorbed(policies.communes_of(user, on=on), on=on)
        theirs = AccountImportRow.objects.filter(account_import=OuterRef("pk")).exclude(person=None, organization=None)
        theirs = theirs.annotate(place=Coalesce("person__unit", "organization__unit"))
        outside = theirs.filter(Q(place=None) | ~Q(place__in=own))
        rows = rows.filter(Q(loaded_by=user) | Exists(theirs), ~Exists(outside))
    return rows.order_by("-loaded_at", "-pk")


def get_account_import(import_id: int, *, user: Any, on: date) -> AccountImport:
    """Load a list that the user may see.

    Raises:
        AccountImportNotFound: There is none for this user.
    """
    held: AccountImport | None = account_imports(user, on=on).filter(pk=import_id).first()
    if held is None:
        raise AccountImportNotFound
    return held


def rows_of_accounts(held: AccountImport, asked: AccountRowFilter, *, on: date) -> QuerySet[AccountImportRow]:
    """Return the rows of a list that are asked for, in the order of the file."""
    rows = held.rows.select_related("person__unit", "organization__unit").order_by("row_number")
    if asked.outcome in AccountRowOutcome.values:
        rows = rows.filter(outcome=asked.outcome)
    elif asked.outcome == "names":
        rows = rows.filter(_OTHER_NAMES)
    if asked.commune:
        rows = rows.filter(
            units.of_code("person__unit", asked.commune, on=on)
            | units.of_code("organization__unit", asked.commune, on=on)
        )
    if asked.source:
        paid = PaymentLine.objects.filter(source=asked.source).order_by()
        rows = rows.filter(Q(person__in=paid.values("payee")) | Q(organization__in=paid.values("payee_organization")))
    return rows


def account_outcomes(held: AccountImport) -> Counter[str]:
    """Return how many rows have each outcome; those whose holder is not the same under "names"."""
    counts = Counter(dict(held.rows.order_by().values_list("outcome").annotate(n=Count("pk"))))
    counts["names"] = held.rows.filter(_OTHER_NAMES).count()
    return counts


_OTHER_NAMES = ~Q(name_check__in=("", NameCheck.SAME))
