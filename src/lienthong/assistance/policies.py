"""Who may see and do what in social assistance and for people with merit. Pure, except that mandates and competence are read.

Social assistance is decided in the commune (before 1 July 2025 in the district), what is due to people with merit at the
province. Each programme is a field of work of its own: who works in one does not see the other. Citizens see their own,
elsewhere (``queries.own``).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db.models import Q

from lienthong.accounts.models import Mandate
from lienthong.accounts.policies import acts_for_field, is_staff, mandates_held
from lienthong.accounts.states import Role
from lienthong.assistance.states import Programme
from lienthong.rules.social_assistance.timing import deciding_authority_on
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import AgencyLevel

FIELDS: Final = {Programme.SOCIAL: "social-protection", Programme.MERIT: "merit"}
ALL: Final = tuple(FIELDS)
RUNNING_ROLES: Final = frozenset({Role.PROCESSOR, Role.DIVISION_HEAD, Role.LEADER})
APPROVING_ROLES: Final = frozenset({Role.DIVISION_HEAD, Role.LEADER})
COMMUNE_READING_ROLES: Final = RUNNING_ROLES | {Role.RECEIVER, Role.AUDITOR}
_AUTHORITY_OF_THE_COMMUNE: Final = "cấp xã"


def _held(user: Any, roles: Iterable[str], level: str, programme: str, *, on: date) -> list[Mandate]:
    return mandates_held(user, roles=roles, level=level, on=on, field_code=FIELDS[Programme(programme)])


def _at_the_province(user: Any, roles: Iterable[str], programme: str, *, on: date) -> bool:
    return acts_for_field(user, roles=roles, field_code=FIELDS[Programme(programme)], on=on)


def runs_province(user: Any, *, on: date, programme: str) -> bool:
    """Tell whether the user works on a programme in the province's competent agency."""
    return _at_the_province(user, RUNNING_ROLES, programme, on=on)


def approves_at_province(user: Any, *, on: date, programme: str) -> bool:
    """Tell whether the user may approve, as the second person, what another prepared for the whole province."""
    return _at_the_province(user, APPROVING_ROLES, programme, on=on)


def programmes_seen(user: Any, *, on: date) -> frozenset[str]:
    """Return the programmes of which the user sees every commune: the competent agency's officers and the auditors."""
    return frozenset(
        str(programme)
        for programme in ALL
        if runs_province(user, on=on, programme=programme)
        or _held(user, {Role.AUDITOR}, AgencyLevel.PROVINCE, programme, on=on)
    )


def sees_province(user: Any, *, on: date) -> bool:
    """Tell whether the user sees every commune, of one programme at least."""
    return bool(programmes_seen(user, on=on))


def drafts_law(user: Any, *, on: date) -> bool:
    """Tell whether the user reckons what a draft of the law would cost: whoever works in the province's competent agency."""
    return any(runs_province(user, on=on, programme=programme) for programme in ALL)


def communes_of(
    user: Any, *, on: date, roles: Iterable[str] = COMMUNE_READING_ROLES, programme: str = Programme.SOCIAL
) -> frozenset[int]:
    """Return the ids of the communes in which the user holds one of the roles for a programme.

    What those communes took over is theirs too: ``units.queries.within`` and ``lies_in`` say of rows and of a place.
    """
    return frozenset(mandate.agency.unit_id for mandate in _held(user, roles, AgencyLevel.COMMUNE, programme, on=on))


def sees_assistance(user: Any, *, on: date) -> bool:
    """Tell whether there is anything of the programmes for an officer: lists, pages of people, registers."""
    return is_staff(user) and (
        sees_province(user, on=on) or any(communes_of(user, on=on, programme=programme) for programme in ALL)
    )


def runs_a_commune(user: Any, *, on: date) -> bool:
    """Tell whether the user proposes and records in some commune."""
    return any(communes_of(user, on=on, roles=RUNNING_ROLES, programme=programme) for programme in ALL)


def runs_commune(user: Any, unit_id: int, *, on: date, programme: str = Programme.SOCIAL) -> bool:
    """Tell whether the user records facts and proposes in this commune, or in what it has become."""
    return units.lies_in(unit_id, communes_of(user, on=on, roles=RUNNING_ROLES, programme=programme), on=on)


def signs_in_commune(user: Any, unit_id: int, *, on: date) -> bool:
    """Tell whether the user decides on social assistance of this commune: its leader, before July 2025 the district's.

    Legal source:
        20/2021/NĐ-CP, Điều 8 khoản 1 điểm đ; 147/2025/NĐ-CP.
    """
    if deciding_authority_on(on, known_on=on).name.endswith(_AUTHORITY_OF_THE_COMMUNE):
        return units.lies_in(unit_id, communes_of(user, on=on, roles={Role.LEADER}), on=on)
    held = _held(user, {Role.LEADER}, AgencyLevel.DISTRICT, Programme.SOCIAL, on=on)
    places = {mandate.agency.unit_id for mandate in held}
    return bool(places) and AdministrativeUnit.objects.filter(pk=unit_id, parent_id__in=places).exists()


def decides_merit(user: Any, *, on: date) -> bool:
    """Tell whether the user decides on benefits of people with merit: a leader of the province's competent agency.

    Legal source:
        131/2021/NĐ-CP.
    """
    return _at_the_province(user, {Role.LEADER}, Programme.MERIT, on=on)


def proposes(user: Any, unit_id: int, *, on: date, programme: str) -> bool:
    """Tell whether the user proposes for people of this commune."""
    return runs_commune(user, unit_id, on=on, programme=programme) or (
        programme == Programme.MERIT and runs_province(user, on=on, programme=programme)
    )


def decides(user: Any, unit_id: int, *, on: date, programme: str) -> bool:
    """Tell whether the user decides what was proposed for people of this commune."""
    return decides_merit(user, on=on) if programme == Programme.MERIT else signs_in_commune(user, unit_id, on=on)


def visible_of(user: Any, programme: str, *, on: date, path: str = "unit") -> Q:
    """Return the predicate over rows that belong to one programme, of whatever commune ``path`` leads to."""
    if not is_staff(user):
        return Q(pk__in=[])
    if programme in programmes_seen(user, on=on):
        return Q(pk__isnull=False)
    return units.within(path, communes_of(user, on=on, programme=programme), on=on)


def visible_to(user: Any, *, on: date, path: str = "unit", programme: str | None = "programme") -> Q:
    """Return the one predicate that says which rows a user may see; used by list, record, export and count alike.

    Args:
        user: Anybody.
        on: The day.
        path: The way from the table that is asked to the commune: ``unit``, ``entitlement__unit``, ``person__unit``. A row
            keeps the commune of its day; the one that took it over sees it.
        programme: The way to the programme; None where the rows belong to both.
    """
    if not is_staff(user):
        return Q(pk__in=[])
    seen_all = programmes_seen(user, on=on)
    found = Q(pk__in=[])
    for one in ALL:
        of_programme = Q(**{programme: one}) if programme else Q()
        if one in seen_all:
            found |= of_programme if programme else Q(pk__isnull=False)
            continue
        communes = communes_of(user, on=on, programme=one)
        if communes:
            found |= of_programme & units.within(path, communes, on=on)
    return found
