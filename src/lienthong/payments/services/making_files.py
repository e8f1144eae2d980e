"""Make the files of a run as a job: asked for on screen, done by the worker; how far it is, or why it stopped, stays with the run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.infra.working import alone, is_cut_off, moment
from lienthong.kernel.days import local_day
from lienthong.payments import policies
from lienthong.payments.file_events import PaymentFilesAsked
from lienthong.payments.models import PaymentRun
from lienthong.payments.outgoing.schema import SchemaMissing
from lienthong.payments.outgoing.values import OrderRefused
from lienthong.payments.queries.leaving import NoPayingAccount
from lienthong.payments.services.exporting import NotReleasedYet, NotYoursToExport, export_run
from lienthong.payments.services.refusals import PaymentRefused, RunUnknown
from lienthong.payments.states import RunState
from lienthong.payments.templates import TemplateRefused

MAKING, STOPPED, MADE = "making", "stopped", "made"
_SILENT: Final = timedelta(minutes=30)
"""After so long without a word the work is taken for lost, and may be asked for again."""


def is_making(run: PaymentRun, *, now: datetime) -> bool:
    """Tell whether the files of a run are being made."""
    told = run.progress.get("told")
    return run.progress.get("files") == MAKING and bool(told) and now - datetime.fromisoformat(told) < _SILENT


def why_stopped(run: PaymentRun) -> str:
    """Return why the last making of files ended without all of them; "" where it did not."""
    return str(run.progress.get("reason", "")) if run.progress.get("files") == STOPPED else ""


@transaction.atomic
def ask_for_files(run_id: int, *, acting_user: User, now: datetime) -> PaymentRun:
    """Let the files of a released run be made by a job; asked for again meanwhile, nothing more happens.

    Lập tệp chi trả.

    Raises:
        NotYoursToExport, RunUnknown, NotReleasedYet: The user or the run is wrong.
    """
    if not policies.prepares(acting_user, on=local_day(now)):
        raise NotYoursToExport
    run: PaymentRun | None = PaymentRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise RunUnknown
    if run.state not in {RunState.RELEASED, RunState.CLOSED} or run.released_at is None:
        raise NotReleasedYet(run)
    if is_making(run, now=now):
        return run
    _note(run, _("Chờ lập tệp"), 0.0, began=now, told=now)
    record(PaymentFilesAsked(run_id=run.pk), stream=run.stream, actor_id=acting_user.pk, at=now)
    return run


def make_files(run_id: int, *, acting_user: User, now: datetime) -> None:
    """Make what is left of the files that were asked for. After a kill it goes on; called once more, it does nothing.

    Args:
        run_id: Which run.
        acting_user: Who asked.
        now: When they asked: the mandate of that moment counts.

    Raises:
        WorkedElsewhere: Another worker makes them.
    """
    with alone(f"payment-files-asked:{run_id}"):
        run = PaymentRun.objects.get(pk=run_id)
        if run.progress.get("files") != MAKING:
            return
        began = moment()

        def tell(done: int, of_all: int) -> None:
            words = _("Đã lập %(done)s trên %(all)s tệp") % {"done": done, "all": of_all}
            _note(run, words, done / of_all, began=began, told=moment())

        try:
            export_run(run_id, acting_user=acting_user, now=now, tell=tell)
        except (PaymentRefused, NoPayingAccount, OrderRefused, SchemaMissing, TemplateRefused) as refusal:
            _stop(run, str(refusal), began=began)
        except Exception:
            if is_cut_off():
                raise
            _stop(
                run,
                _(
                    "Có lỗi khi lập tệp; tệp đã lập xong vẫn giữ nguyên. Bấm “Lập tệp”; nếu vẫn dừng, báo quản trị viên."
                ),
                began=began,
            )
            raise
        else:
            _note(run, _("Đã lập đủ tệp"), 1.0, began=began, told=moment(), files=MADE)


def _stop(run: PaymentRun, reason: str, *, began: datetime) -> None:
    _note(run, _("Đã dừng"), 0.0, began=began, told=moment(), files=STOPPED, reason=reason[:2000])


def _note(
    run: PaymentRun, stage: str, share: float, *, began: datetime, told: datetime, files: str = MAKING, reason: str = ""
) -> None:
    progress: dict[str, Any] = {
        "stage": stage, "share": round(share, 3), "began": began.isoformat(), "told": told.isoformat(), "files": files,
    }  # fmt: skip
    run.progress = {**progress, "reason": reason} if reason else progress
    PaymentRun.objects.filter(pk=run.pk).update(progress=run.progress)
