"""Which officers there are, what they may do, and what happened to their accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from lienthong.accounts import policies
from lienthong.accounts.models import Mandate, SignIn, User
from lienthong.accounts.states import AccountKind
from lienthong.infra.missing import NotFound
from lienthong.kernel.text import fold
from lienthong.units import queries as units
from lienthong.units.models import Agency


class AccountNotFound(NotFound):
    """There is no such account, or this user may not know of it."""


class MandateNotFound(NotFound):
    """There is no such mandate, or this user may not know of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFilter:
    """What a list of staff shows. Empty means all; ``state`` is one of "working", "idle", "closed"."""

    text: str = ""
    agency_id: int | None = None
    role: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class StaffCounts:
    """How many officers there are: who hold a mandate today, who hold none, whose account is closed."""

    working: int
    idle: int
    closed: int


def get_user(user_id: int, *, as_: User, on: date) -> User:
    """Load an account that ``as_`` may see.

    Raises:
        AccountNotFound: It does not exist or is not theirs to see.
    """
    account = User.objects.filter(policies.visible_accounts(as_, on=on), pk=user_id).first()
    if account is None:
        raise AccountNotFound
    return account


def get_mandate(mandate_id: int, *, as_: User, on: date) -> Mandate:
    """Load a mandate of an account that ``as_`` may see, with agency and officer.

    Raises:
        MandateNotFound: It does not exist or is not theirs to see.
    """
    mandate: Mandate | None = Mandate.objects.select_related("agency", "user").filter(pk=mandate_id).first()
    if mandate is None or not User.objects.filter(policies.visible_accounts(as_, on=on), pk=mandate.user_id).exists():
        raise MandateNotFound
    return mandate


def account_of(*, person_id: int | None = None, organization_id: int | None = None) -> User | None:
    """Return the account in use by which a citizen or a firm signs in; None where there is none."""
    applicants = User.objects.filter(is_active=True)
    if person_id is not None:
        return applicants.filter(kind=AccountKind.CITIZEN, person=person_id).order_by("id").first()
    return applicants.filter(kind=AccountKind.ORGANIZATION, organization=organization_id).order_by("id").first()


def colleagues(agency_id: int, *, role: str, on: date, field_code: str | None = None) -> list[User]:
    """Return the officers who hold a role in an agency on a day, by name: those to whom a step can be assigned.

    Args:
        agency_id: The agency.
        role: The role.
        on: The day.
        field_code: Only those whose mandate covers this field of work; None for any.
    """
    mandates = Mandate.objects.valid_on(on).filter(agency=agency_id, role=role)
    if field_code is not None:
        mandates = mandates.filter(Q(fields=[]) | Q(fields__contains=[field_code]))
    holders = User.objects.filter(pk__in=mandates.values("user"), is_active=True, kind=AccountKind.STAFF)
    return list(holders.order_by("sort_key", "id"))


def staff_names(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of officers by the id of their account, to say who did something. Guests and citizens are left out."""
    staff = User.objects.filter(pk__in={one for one in user_ids if one is not None}, kind=AccountKind.STAFF)
    return dict(staff.values_list("pk", "full_name"))


def staff_list(wanted: StaffFilter, *, as_: User, on: date) -> QuerySet[User]:
    """Return the officers whom an administrator may see, by name.

    Each has ``mandates_now`` (a list, with agency) and ``last_seen_at``.
    """
    staff = User.objects.filter(policies.visible_accounts(as_, on=on), kind=AccountKind.STAFF)
    for word in fold(wanted.text).split():
        staff = staff.filter(Q(name_key__contains=word) | Q(username__contains=word))
    held = Mandate.objects.valid_on(on)
    if wanted.agency_id is not None:
        staff = staff.filter(pk__in=held.filter(agency=wanted.agency_id).values("user"))
    if wanted.role:
        staff = staff.filter(pk__in=held.filter(role=wanted.role).values("user"))
    if wanted.state == "closed":
        staff = staff.filter(is_active=False)
    elif wanted.state == "working":
        staff = staff.filter(is_active=True, pk__in=held.values("user"))
    elif wanted.state == "idle":
        staff = staff.filter(is_active=True).exclude(pk__in=held.values("user"))
    last_seen = SignIn.objects.filter(user=OuterRef("pk")).order_by("-seen_at").values("seen_at")[:1]
    now = Prefetch("mandates", held.select_related("agency").order_by("agency__sort_key", "id"), to_attr="mandates_now")
    return staff.annotate(last_seen_at=Subquery(last_seen)).prefetch_related(now).order_by("sort_key", "id")


def staff_counts(*, as_: User, on: date) -> StaffCounts:
    """Count the officers whom an administrator may see."""
    held = Mandate.objects.valid_on(on).values("user")
    counts = User.objects.filter(policies.visible_accounts(as_, on=on), kind=AccountKind.STAFF).aggregate(
        working=Count("pk", filter=Q(is_active=True, pk__in=held)),
        idle=Count("pk", filter=Q(is_active=True) & ~Q(pk__in=held)),
        closed=Count("pk", filter=Q(is_active=False)),
    )
    return StaffCounts(**counts)


def mandates_of(account: User) -> list[Mandate]:
    """Return every mandate of an account, newest first, with agency and who granted it."""
    mandates = account.mandates.select_related("agency", "granted_by")
    return list(mandates.order_by("-valid_from", "-id"))


def agencies_to_grant(user: User, *, on: date) -> list[Agency]:
    """Return the agencies of a day in which the user may grant mandates, in Vietnamese order."""
    return list(units.agencies_on(on).filter(pk__in=policies.governed_agencies(user, on=on)))


def last_seen(account: User) -> datetime | None:
    """Return when an account was last in use."""
    seen: datetime | None = account.sign_ins.aggregate(last=Max("seen_at"))["last"]
    return seen
