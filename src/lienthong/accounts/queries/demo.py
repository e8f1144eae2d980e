"""The accounts of the demo province."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from lienthong.accounts.models import Mandate, User
from lienthong.accounts.states import AccountKind

DEMO_PREFIX = "demo."


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo province, with what it is for."""

    username: str
    full_name: str
    purpose: str
    kind: str


def demo_accounts(*, on: date) -> list[DemoAccount]:
    """Return the accounts of the demo province with what each is for: staff first, then firms and citizens."""
    accounts = User.objects.filter(username__startswith=DEMO_PREFIX, is_active=True)
    held = Prefetch(
        "mandates", Mandate.objects.valid_on(on).select_related("agency").order_by("id"), to_attr="mandates_now"
    )
    rows = accounts.prefetch_related(held).select_related("organization").order_by("-kind", "id")
    return [DemoAccount(row.username, row.full_name, _purpose(row), row.kind) for row in rows]


def _purpose(account: Any) -> str:
    if account.kind == AccountKind.STAFF:
        return "; ".join(f"{mandate.role_words}, {mandate.agency.name}" for mandate in account.mandates_now)
    if account.organization is not None:
        return str(account.organization.name)
    return str(AccountKind(account.kind).label)
