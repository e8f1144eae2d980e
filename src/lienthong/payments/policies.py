"""Who may see and do what with payments. Pure, except that mandates and the competent agency are read.

The province is the agency that the law of the day makes competent for social protection: its accountants prepare and release,
heads of its divisions check, its leaders approve, whichever programme owes the money (docs/decisions/0039). A commune's officers
see their own lines and record where people are paid. Auditors read.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from lienthong.accounts.policies import acts_for_field, is_staff, mandates_held
from lienthong.accounts.states import Role
from lienthong.payments import sources
from lienthong.payments.states import RunAction
from lienthong.units import queries as units
from lienthong.units.states import AgencyLevel

FIELD = "social-protection"
PROVINCE_ROLES = frozenset({Role.ACCOUNTANT, Role.PROCESSOR, Role.DIVISION_HEAD, Role.LEADER})
COMMUNE_WORKING_ROLES = frozenset({Role.RECEIVER, Role.PROCESSOR, Role.DIVISION_HEAD, Role.LEADER, Role.ACCOUNTANT})
# Whoever takes dossiers in at the desk says nothing of where money goes.
ACCOUNT_KEEPING_ROLES = COMMUNE_WORKING_ROLES - {Role.RECEIVER}
COMMUNE_READING_ROLES = COMMUNE_WORKING_ROLES | {Role.AUDITOR}


def _at_the_province(user: Any, roles: Iterable[str], *, on: date) -> bool:
    return acts_for_field(user, roles=roles, field_code=FIELD, on=on)


def prepares(user: Any, *, on: date) -> bool:
    """Tell whether the user prepares runs, sets budgets and paying accounts, and takes statements in."""
    return may(RunAction.PREPARE, user, on=on)


def checks(user: Any, *, on: date) -> bool:
    """Tell whether the user checks what was prepared."""
    return may(RunAction.CHECK, user, on=on)


def approves(user: Any, *, on: date) -> bool:
    """Tell whether the user approves runs, budgets and paying accounts."""
    return may(RunAction.APPROVE, user, on=on)


def settles_overpayments(user: Any, *, on: date) -> bool:
    """Tell whether the user puts down that money paid beyond what is owed has come back: the province's accountants."""
    return _at_the_province(user, {Role.ACCOUNTANT}, on=on)


# Who may make each move of a run.
_WHO: dict[RunAction, frozenset[Role]] = {
    RunAction.PREPARE: frozenset({Role.ACCOUNTANT}),
    RunAction.CHECK: frozenset({Role.DIVISION_HEAD}),
    RunAction.APPROVE: frozenset({Role.LEADER}),
    RunAction.RELEASE: frozenset({Role.ACCOUNTANT}),
    RunAction.CLOSE: frozenset({Role.ACCOUNTANT}),
    RunAction.CANCEL: frozenset({Role.ACCOUNTANT, Role.DIVISION_HEAD, Role.LEADER}),
}


def may(action: RunAction, user: Any, *, on: date) -> bool:
    """Tell whether the user's mandates allow a move of a run; who signed before is another question."""
    return _at_the_province(user, _WHO[action], on=on)


def sees_province(user: Any, *, on: date) -> bool:
    """Tell whether the user sees every commune: the competent agency's officers, and the province's auditors."""
    return _at_the_province(user, PROVINCE_ROLES, on=on) or bool(
        mandates_held(user, roles={Role.AUDITOR}, level=AgencyLevel.PROVINCE, on=on, field_code=FIELD)
    )


def communes_of(user: Any, *, on: date, roles: Iterable[str] = COMMUNE_READING_ROLES) -> frozenset[int]:
    """Return the ids of the communes in which the user holds one of the roles."""
    return frozenset(
        mandate.agency.unit_id
        for mandate in mandates_held(user, roles=roles, level=AgencyLevel.COMMUNE, on=on, field_code=FIELD)
    )


def sees_payments(user: Any, *, on: date) -> bool:
    """Tell whether there is anything of payments for an officer: runs, lines, accounts, complaints."""
    return is_staff(user) and (sees_province(user, on=on) or bool(communes_of(user, on=on)))


def records_accounts(user: Any, unit_id: int | None, *, on: date) -> bool:
    """Tell whether the user records and verifies where the people of a commune are paid."""
    return _works_for(user, unit_id, ACCOUNT_KEEPING_ROLES, on=on)


def answers_complaints(user: Any, unit_id: int | None, *, on: date) -> bool:
    """Tell whether the user takes in and answers what the people of a commune complain about."""
    return _works_for(user, unit_id, COMMUNE_WORKING_ROLES, on=on)


def _works_for(user: Any, unit_id: int | None, roles: Iterable[str], *, on: date) -> bool:
    if _at_the_province(user, PROVINCE_ROLES, on=on):
        return True
    return units.lies_in(unit_id, communes_of(user, on=on, roles=roles), on=on)


def grounds_seen(user: Any, *, on: date) -> Callable[[str, int | None], bool]:
    """Return what tells, of a source and a commune, whether the user sees on what ground money is owed there.

    Each programme says so of its own (docs/decisions/0039).
    """
    seen = {code: source.explains_to(user, on=on) for code, source in sources.registered().items()}

    def sees(source: str, unit_id: int | None) -> bool:
        units_seen = seen.get(source, frozenset())
        return units_seen is None or unit_id in units_seen

    return sees


def reasons_seen(user: Any, *, on: date) -> Callable[[str, int | None], bool]:
    """Return what tells whether the user reads why an amount is new, other, gone or too much.

    Whoever sees the ground does, and whoever signs runs: nobody signs for a difference, or has money paid back, that they may
    not understand (docs/decisions/0039).
    """
    if any(may(action, user, on=on) for action in _WHO):
        return lambda _source, _unit_id: True
    return grounds_seen(user, on=on)


def visible_to(user: Any, *, on: date, path: str = "unit") -> Q:
    """Return the one predicate that says which rows a user may see; used by list, record, export and count alike.

    Args:
        user: Anybody.
        on: The day.
        path: The way from the table that is asked to the commune: ``unit`` for lines and complaints, ``person__unit`` for
            accounts. A line keeps its commune for ever; the one that took that over sees it.
    """
    if sees_province(user, on=on):
        return Q()
    return units.within(path, communes_of(user, on=on), on=on)
