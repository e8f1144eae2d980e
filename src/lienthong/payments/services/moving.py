"""How every verb on a run begins and ends: the row is locked, the version seen is compared, the table of moves asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lienthong.accounts.models import User
from lienthong.infra.events import Fact, KeyAlreadyUsed, record
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.payments import policies
from lienthong.payments.models import PaymentRun
from lienthong.payments.services.refusals import (
    KeyUsedElsewhere,
    NotPossibleNow,
    NotYourRun,
    RunUnknown,
    SignedBySamePerson,
    StaleRun,
)
from lienthong.payments.states import RUN_MOVES, RunAction, RunState

# Who has signed before, in this order; whoever signs now is none of them.
_SIGNED = (
    (RunAction.PREPARE, "prepared_by_id"),
    (RunAction.CHECK, "checked_by_id"),
    (RunAction.APPROVE, "approved_by_id"),
)
_SIGNING = (RunAction.CHECK, RunAction.APPROVE, RunAction.RELEASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTarget:
    """Which run, as of which version seen, and the key of this one action."""

    run_id: int
    seen: int
    client_key: UUID


Change = Callable[[PaymentRun], Fact]


def change_run(target: RunTarget, action: RunAction, change: Change, *, acting_user: User, now: datetime) -> PaymentRun:
    """Make one move of the table.

    Args:
        target: The run, the version seen and the key of this action.
        action: Which move.
        change: Changes columns of the locked run and what belongs to it; returns the fact.
        acting_user: Who.
        now: When.

    Returns:
        The run after the move; unchanged when this very action was made before.

    Raises:
        RunUnknown: There is none, or none that this user may see.
        StaleRun: It changed since the user saw it.
        NotYourRun: The user holds no mandate for it.
        NotPossibleNow: Its state does not allow it.
        SignedBySamePerson: The user has signed it before.
        KeyUsedElsewhere: The key belongs to another action.
    """
    try:
        with transaction.atomic():
            run = locked_run(target.run_id, acting_user=acting_user, now=now)
            if Event.objects.filter(stream=run.stream, client_key=target.client_key).exists():
                return run
            if not policies.may(action, acting_user, on=local_day(now)):
                raise NotYourRun(action)
            if run.version != target.seen:
                raise StaleRun
            check_move(run, action)
            if action in _SIGNING:
                _check_signers(run, acting_user)
            fact = change(run)
            run.state = RUN_MOVES[action][1]
            run.version += 1
            run.save()
            record(fact, stream=run.stream, actor_id=acting_user.pk, at=now, client_key=target.client_key)
            return run
    except KeyAlreadyUsed as used:
        raise KeyUsedElsewhere from used


def locked_run(run_id: int, *, acting_user: User, now: datetime) -> PaymentRun:
    """Return a run that the user may see, locked until the transaction ends.

    Raises:
        RunUnknown: There is none, or none for this user.
    """
    if not policies.sees_payments(acting_user, on=local_day(now)):
        raise RunUnknown(run_id)
    run = PaymentRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise RunUnknown(run_id)
    return run


def check_move(run: PaymentRun, action: RunAction) -> None:
    """Refuse a move that the table does not have from where the run is.

    Raises:
        NotPossibleNow: It does not.
    """
    if run.state not in RUN_MOVES[action][0]:
        raise NotPossibleNow(action, RunState(run.state))


def _check_signers(run: PaymentRun, acting_user: User) -> None:
    for done, name in _SIGNED:
        if getattr(run, name) == acting_user.pk:
            raise SignedBySamePerson(done)
