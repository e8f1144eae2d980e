"""Open a run of a month. What it holds is collected by a job afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import add_months, local_day
from lienthong.payments import policies, sources
from lienthong.payments.events import PaymentRunOpened, PaymentRunRetried
from lienthong.payments.models import PaymentRun
from lienthong.payments.services.moving import RunTarget, locked_run
from lienthong.payments.services.refusals import (
    MonthHasOpenRun,
    MonthWrong,
    NobodyOwes,
    NotPossibleNow,
    NotYourRun,
)
from lienthong.payments.states import OPEN_STATES, RunAction, RunState
from lienthong.rules.parameters import NoValueInForce

# What was recorded just before a run began may have been committed after it looked; asking twice is harmless.
OVERLAP = timedelta(days=1)
_MONTHS_AHEAD = 2
_RUNS = "payment-runs"


def hold_runs() -> bool:
    """Let no run begin until the transaction ends, and say whether one is being collected just now."""
    locks.hold(_RUNS)
    return PaymentRun.objects.filter(state=RunState.COLLECTING, stopped="").exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareRun:
    """Prepare what is paid in a month. Lập danh sách chi trả.

    Args:
        month: Any day of the month.
        since: Any day of the first month that is asked for in full; None takes the month after the last regular run.
        client_key: Key that the form chose: a second press does nothing.
    """

    month: date
    since: date | None = None
    client_key: UUID


@transaction.atomic
def prepare_run(command: PrepareRun, *, acting_user: User, now: datetime) -> PaymentRun:
    """Open the month's regular run, or one beside it when there was one; a job then collects its lines.

    Returns:
        The run, being collected; the one that this very key opened before.

    Raises:
        NotYourRun: The user is no accountant of the competent agency.
        MonthHasOpenRun: A run of the month was not released yet.
        MonthWrong: The month is too far ahead, lies before the law that is recorded, or the one to compute from is after it.
        NobodyOwes: No programme registered a source.
    """
    if not policies.prepares(acting_user, on=local_day(now)):
        raise NotYourRun(RunAction.PREPARE)
    locks.hold(_RUNS)
    known = PaymentRun.objects.filter(client_key=command.client_key).first()
    if known is not None:
        return known
    if not sources.registered():
        raise NobodyOwes
    month = command.month.replace(day=1)
    if month > add_months(local_day(now).replace(day=1), _MONTHS_AHEAD):
        raise MonthWrong(_("Tháng %(month)s còn quá xa, chưa thể lập danh sách.") % {"month": f"{month:%m/%Y}"})
    _check_law(month, on=local_day(now))
    waiting = PaymentRun.objects.filter(month=month, state__in=OPEN_STATES).first()
    if waiting is not None:
        raise MonthHasOpenRun(month, waiting.number, RunState(waiting.state))
    since = _since(command, month)
    run = PaymentRun.objects.create(
        month=month,
        number=(PaymentRun.objects.filter(month=month).aggregate(last=Max("number"))["last"] or 0) + 1,
        since=since,
        changed_since=_changed_since(since),
        started_at=now,
        prepared_by=acting_user,
        client_key=command.client_key,
        progress={"stage": _("Chờ tổng hợp"), "share": 0.0, "began": now.isoformat()},
    )
    fact = PaymentRunOpened(run_id=run.pk, month=month, number=run.number, since=run.since)
    record(fact, stream=run.stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
    return run


@transaction.atomic
def collect_again(target: RunTarget, *, acting_user: User, now: datetime) -> PaymentRun:
    """Let a run that stood still, for example because a budget did not suffice, be collected again.

    Whoever asks has prepared the list from now on, and does not release it.

    Raises:
        RunUnknown: There is none, or none for this user.
        NotYourRun: The user is no accountant of the competent agency.
        NotPossibleNow: It did not stand still.
    """
    locks.hold(_RUNS)
    run = locked_run(target.run_id, acting_user=acting_user, now=now)
    if not policies.prepares(acting_user, on=local_day(now)):
        raise NotYourRun(RunAction.PREPARE)
    if run.state != RunState.COLLECTING:
        raise NotPossibleNow(RunAction.PREPARE, RunState(run.state))
    if not run.stopped:
        return run
    run.stopped, run.shortfalls, run.prepared_by = "", [], acting_user
    run.progress = {"stage": _("Chờ tổng hợp"), "share": 0.0, "began": now.isoformat()}
    run.version += 1
    run.save(update_fields=["stopped", "shortfalls", "prepared_by", "progress", "version"])
    record(
        PaymentRunRetried(run_id=run.pk),
        stream=run.stream, actor_id=acting_user.pk, at=now, client_key=target.client_key,
    )  # fmt: skip
    return run


def _check_law(month: date, *, on: date) -> None:
    for source in sources.registered().values():
        try:
            source.known_on(month, on=on)
        except NoValueInForce as missing:
            words = {"source": source.label, "month": f"{month:%m/%Y}", "why": missing}
            raise MonthWrong(
                _("Chưa lập được danh sách tháng %(month)s cho “%(source)s”: %(why)s") % words
            ) from missing


def _since(command: PrepareRun, month: date) -> date:
    """Return the first month to ask for in full: none between the last run and this one is left out."""
    last = PaymentRun.objects.filter(digest__gt="", month__lt=month).aggregate(last=Max("month"))["last"]
    latest = month if last is None else add_months(last, 1)
    if command.since is None:
        return latest
    since = command.since.replace(day=1)
    if since > month:
        raise MonthWrong(_("Tháng bắt đầu tính lại không thể sau tháng chi trả."))
    return min(since, latest)


def _changed_since(since: date) -> datetime | None:
    """Return from when changes of the months before ``since`` count: since a run that asked for the last of them looked."""
    asked = PaymentRun.objects.filter(month__gte=add_months(since, -1))
    looked: datetime | None = asked.aggregate(last=Max("collected_at"))["last"]
    return looked - OVERLAP if looked else None
