"""Whose data somebody may read, and who has read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from lienthong.accounts import policies
from lienthong.accounts.models import Mandate, User
from lienthong.accounts.states import AccountKind, Role
from lienthong.infra.models import ReadRecord
from lienthong.kernel.days import local_day
from lienthong.people.policies import Reader
from lienthong.units.models import AdministrativeUnit, Agency, UnitSuccession
from lienthong.units.states import COMMUNE_KINDS, AgencyLevel


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at personal data: who, as what, when, at what.

    ``who`` is a name only where an officer looked; ``subject`` is ``person:<id>`` or ``dossier:<id>``.
    """

    at: datetime
    who: str
    role: str
    agency: str
    subject: str
    action: str
    path: str


def reader_for(user: Any, *, on: date) -> Reader:
    """Return whose personal data a user may read on a day.

    A citizen reads their own. An officer whose role deals with people reads those of the communes that the agency
    serves; a provincial agency serves them all. Who only administers accounts or writes the catalogue reads nobody's.

    Args:
        user: Anybody; a guest reads nothing.
        on: The day.
    """
    if not policies.is_signed_in(user):
        return Reader(user_id=None, unit_codes=frozenset())
    served = policies.agencies_of(user, on=on, roles=policies.PERSONAL_DATA_ROLES)
    agencies = list(Agency.objects.filter(pk__in=served).order_by("id"))
    if any(agency.level == AgencyLevel.PROVINCE for agency in agencies):
        return Reader(user_id=user.pk, unit_codes=None, own_person_id=user.person_id)
    codes = _commune_codes({agency.unit_id for agency in agencies}, on=on) if agencies else frozenset()
    own = user.person_id if user.kind != AccountKind.ORGANIZATION else None
    return Reader(user_id=user.pk, unit_codes=codes, own_person_id=own)


def readings_of(subjects: Sequence[str], *, owner_id: int) -> QuerySet[ReadRecord]:
    """Return who looked at these records, newest first, without the owner's own looks.

    Nhật ký truy cập dữ liệu cá nhân.

    Args:
        subjects: What was looked at, as ``person:<id>`` or ``dossier:<id>``.
        owner_id: The account that asks.
    """
    looks = ReadRecord.objects.filter(subject__in=subjects)
    return looks.exclude(actor_id=owner_id).order_by("-at", "-id")


def told(looks: Iterable[ReadRecord]) -> list[Reading]:
    """Put looks into words: an officer by name, role and agency of that day; anybody else without a name."""
    rows = list(looks)
    mandates = Prefetch("mandates", Mandate.objects.select_related("agency").order_by("id"))
    actors = User.objects.prefetch_related(mandates).in_bulk({row.actor_id for row in rows if row.actor_id is not None})
    return [_told(row, actors.get(row.actor_id or 0)) for row in rows]


def _commune_codes(unit_ids: set[int], *, on: date) -> frozenset[str]:
    """Return the codes under which people of these places may be recorded: of the places, of what they were made of and
    of what became of them; for a district, of its communes.

    A code that on that day names a commune of another line is left out: new communes reuse the codes of old ones.
    """
    districts = AdministrativeUnit.objects.filter(pk__in=unit_ids).exclude(kind__in=COMMUNE_KINDS).values("code")
    within = AdministrativeUnit.objects.valid_on(on).filter(parent__code__in=districts)
    origin = unit_ids | set(within.values_list("pk", flat=True))
    line = _along(origin, "successor", "predecessor") | _along(origin, "predecessor", "successor")
    codes = set(AdministrativeUnit.objects.filter(pk__in=line, kind__in=COMMUNE_KINDS).values_list("code", flat=True))
    strangers = AdministrativeUnit.objects.valid_on(on).filter(code__in=codes).exclude(pk__in=line)
    return frozenset(codes - set(strangers.values_list("code", flat=True)))


def _along(origin: set[int], here: str, there: str) -> set[int]:
    found, frontier = set(origin), set(origin)
    while frontier:
        edges = UnitSuccession.objects.filter(**{f"{here}__in": frontier})
        frontier = set(edges.values_list(there, flat=True)) - found
        found |= frontier
    return found


def _told(row: ReadRecord, actor: User | None) -> Reading:
    who, role, agency = "Người có mã tra cứu", "", ""
    if actor is not None and actor.kind == AccountKind.STAFF:
        day = local_day(row.at)
        held = next((mandate for mandate in actor.mandates.all() if mandate.span.contains(day)), None)
        who = actor.full_name
        role, agency = (str(Role(held.role).label), held.agency.name) if held else ("", "")
    elif actor is not None:
        who = f"Một tài khoản {AccountKind(actor.kind).label}"
    return Reading(row.at, who, role, agency, row.subject, row.action, row.path)
