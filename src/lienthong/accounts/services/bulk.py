"""Opening many accounts of officers at once, as when an office takes over the staff list of another system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lienthong.accounts.events import AccountOpened, stream_of
from lienthong.accounts.models import Mandate, User
from lienthong.accounts.services.mandates import granting_of
from lienthong.accounts.states import AccountKind, Role
from lienthong.infra.events import record
from lienthong.kernel.text import fold, person_sort_key
from lienthong.units.models import Agency


@dataclass(frozen=True, slots=True)
class StaffMandate:
    """One role in one agency for a span of days."""

    role: Role
    agency_id: int
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAccount:
    """One officer with what they may do. ``password_hash`` empty lets nobody sign in."""

    username: str
    full_name: str
    mandates: Sequence[StaffMandate]
    password_hash: str = ""
    phone: str = ""


@transaction.atomic
def load_staff(accounts: Sequence[StaffAccount], *, basis: str, now: datetime) -> dict[str, User]:
    """Open accounts of officers with their mandates.

    Nạp danh sách cán bộ.

    Args:
        accounts: The officers; usernames are not in use yet.
        basis: The paper that the mandates rest on.
        now: When.

    Returns:
        The accounts by username.
    """
    users = [_user(account, now=now) for account in accounts]
    User.objects.bulk_create(users)
    agencies = Agency.objects.in_bulk({mandate.agency_id for account in accounts for mandate in account.mandates})
    mandates = Mandate.objects.bulk_create(
        Mandate(
            user=user,
            role=mandate.role,
            agency=agencies[mandate.agency_id],
            valid_from=mandate.valid_from,
            valid_until=mandate.valid_until,
            basis=basis,
        )
        for user, account in zip(users, accounts, strict=True)
        for mandate in account.mandates
    )
    granted: dict[int, list[Mandate]] = {}
    for mandate in mandates:
        granted.setdefault(mandate.user_id, []).append(mandate)
    for user in users:
        opened = AccountOpened(username=user.username, kind=user.kind)
        head = record(opened, stream=stream_of(user.pk), actor_id=None, at=now)
        for mandate in granted.get(user.pk, ()):
            head = record(granting_of(mandate), stream=stream_of(user.pk), actor_id=None, at=now, head=head)
    return {user.username: user for user in users}


def _user(account: StaffAccount, *, now: datetime) -> User:
    user = User(
        username=account.username,
        kind=AccountKind.STAFF,
        full_name=account.full_name,
        name_key=fold(account.full_name),
        sort_key=person_sort_key(account.full_name),
        phone=account.phone,
        created_at=now,
    )
    if account.password_hash:
        user.password = account.password_hash
    else:
        user.set_unusable_password()
    return user
