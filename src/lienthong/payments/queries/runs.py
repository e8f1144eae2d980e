"""Questions about runs: which there are, how far they are, what this user may do with one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from lienthong.infra.missing import NotFound
from lienthong.payments import policies
from lienthong.payments.models import PaymentLine, PaymentRun
from lienthong.payments.states import OPEN_STATES, RUN_MOVES, RunAction, RunState
from lienthong.units import queries as units

_SIGNED_BY = ("prepared_by_id", "checked_by_id", "approved_by_id")
_SIGNING = (RunAction.CHECK, RunAction.APPROVE, RunAction.RELEASE)


class RunNotFound(NotFound):
    """There is no such run, or the user sees no payments."""


def all_runs(user: Any, *, on: date) -> QuerySet[PaymentRun]:
    """Return runs, newest month first; none for whom payments are nothing. Các đợt chi trả."""
    runs = PaymentRun.objects.order_by("-month", "-number")
    return runs if policies.sees_payments(user, on=on) else runs.none()


def runs_that_pay(
    runs: QuerySet[PaymentRun], user: Any, *, on: date, commune: str = "", source: str = ""
) -> QuerySet[PaymentRun]:
    """Keep of runs those that hold lines of a commune or a programme, as far as the user may see lines.

    Args:
        runs: What is narrowed.
        user: Who asks.
        on: The day.
        commune: Code of one commune; empty for all.
        source: Code of one programme; empty for all.
    """
    if not commune and not source:
        return runs
    lines = PaymentLine.objects.filter(policies.visible_to(user, on=on))
    if commune:
        lines = lines.filter(units.of_code("unit", commune, on=on))
    if source:
        lines = lines.filter(source=source)
    return runs.filter(pk__in=lines.order_by().values("run"))


def get_run(run_id: int, user: Any, *, on: date) -> PaymentRun:
    """Return a run with who signed it.

    Raises:
        RunNotFound: There is none, or none for this user.
    """
    signers = ("prepared_by", "checked_by", "approved_by", "released_by", "closed_by", "cancelled_by")
    run = all_runs(user, on=on).select_related(*signers).filter(pk=run_id).first()
    if run is None:
        raise RunNotFound(run_id)
    return run


def run_of_month(month: date, number: int, user: Any, *, on: date) -> PaymentRun:
    """Return a run by its month and number.

    Raises:
        RunNotFound: There is none, or none for this user.
    """
    run = all_runs(user, on=on).filter(month=month.replace(day=1), number=number).first()
    if run is None:
        raise RunNotFound(month, number)
    return run


def open_runs(user: Any, *, on: date) -> QuerySet[PaymentRun]:
    """Return the runs that wait for somebody, oldest first. Việc cần làm của chi trả."""
    return all_runs(user, on=on).filter(state__in=OPEN_STATES).order_by("month", "number")


def actions_of(run: PaymentRun, user: Any, *, on: date) -> list[RunAction]:
    """Return what this user may do with a run now: its state, the user's mandates and who signed before allow it."""
    return [
        action
        for action, (origins, _target) in RUN_MOVES.items()
        if action != RunAction.PREPARE
        and RunState(run.state) in origins
        and policies.may(action, user, on=on)
        and not (action in _SIGNING and user.pk in {getattr(run, name) for name in _SIGNED_BY})
    ]


def waits_for(user: Any, *, on: date) -> list[PaymentRun]:
    """Return the open runs that this user may sign next."""
    return [run for run in open_runs(user, on=on) if set(actions_of(run, user, on=on)) & set(_SIGNING)]
