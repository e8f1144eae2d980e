"""Files of a released run: one for each bank that pays, lists for each commune. Made once, and then always the same.

Each file is one transaction: what was cut off in between is made when it is asked for again, with the same bytes, because
nothing in it depends on when or by whom it is written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from lienthong.accounts.models import User
from lienthong.documents.inspection.kinds import PDF, XLSX, XML, Kind
from lienthong.documents.services.store import store_stream
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.payments import policies
from lienthong.payments.file_events import PaymentFileMade
from lienthong.payments.models import PaymentFile, PaymentRun
from lienthong.payments.outgoing.credit_transfers import write_credit_transfers
from lienthong.payments.outgoing.schema import check_credit_transfers
from lienthong.payments.outgoing.values import Order, OrderRefused, Payer
from lienthong.payments.outgoing.workbook import write_transfer_workbook
from lienthong.payments.queries.leaving import (
    ListGroup,
    TransferGroup,
    covered_banks,
    list_groups,
    template_of,
    transfer_groups,
    transfers,
)
from lienthong.payments.services.list_files import write_list_paper, write_result_sheet
from lienthong.payments.services.refusals import PaymentRefused, RunUnknown
from lienthong.payments.states import Channel, FileKind, RunState
from lienthong.payments.templates import OutTemplate, out_template

Tell = Callable[[int, int], None]
_SHORT = {
    Channel.BANK: "NH", Channel.WALLET: "VI", Channel.MOBILE_MONEY: "TD", Channel.POST: "BD", Channel.CASH: "TM",
}  # fmt: skip


class NotYoursToExport(PaymentRefused):
    """The user is no accountant of the competent agency."""

    def __init__(self) -> None:
        super().__init__(_("Chỉ kế toán chi trả của sở phụ trách bảo trợ xã hội xuất được tệp chi trả."))


class NotReleasedYet(PaymentRefused):
    """The run was not released, so nothing may leave."""

    def __init__(self, run: PaymentRun) -> None:
        super().__init__(
            _("Đợt chi trả %(run)s đang %(state)s. Chỉ xuất tệp sau khi đợt được duyệt và chuyển chi trả.")
            % {"run": run, "state": RunState(run.state).label}
        )


class RunDoesNotAddUp(PaymentRefused):
    """The files together would not be what was approved."""

    def __init__(self, files: int, approved: int) -> None:
        super().__init__(
            _(
                "Các tệp cộng lại %(files)s đồng nhưng đợt được duyệt %(approved)s đồng. Chưa xuất tệp nào; hãy báo quản trị viên."
            )
            % {"files": files, "approved": approved}
        )


def export_run(
    run_id: int, *, acting_user: User, now: datetime, tell: Tell | None = None, with_lists: bool = True
) -> list[PaymentFile]:
    """Make every file of a run that is not made yet, and return all of them.

    Xuất tệp chi trả. Exported twice, nothing changes: the same files come back.

    Args:
        run_id: A released run.
        acting_user: An accountant of the competent agency.
        now: When.
        tell: Told after each file how many of how many are there.
        with_lists: Make the lists of the communes too; they may be made later.

    Raises:
        NotYoursToExport, RunUnknown, NotReleasedYet: The user or the run is wrong.
        NoPayingAccount, OrderRefused: A file cannot be made; the others stay.
        RunDoesNotAddUp: The lines are not what was approved.
    """
    if not policies.prepares(acting_user, on=local_day(now)):
        raise NotYoursToExport
    run = PaymentRun.objects.filter(pk=run_id).first()
    if run is None:
        raise RunUnknown
    if run.state not in {RunState.RELEASED, RunState.CLOSED} or run.released_at is None:
        raise NotReleasedYet(run)
    with override("vi"):
        jobs = [job for job in _jobs(run) if with_lists or isinstance(job.group, TransferGroup)]
        for done, job in enumerate(jobs, start=1):
            _make(run, job, by=acting_user, now=now)
            if tell is not None:
                tell(done, len(jobs))
    return list(PaymentFile.objects.filter(run=run).order_by("channel", "bank_code", "part", "kind"))


class _Job:
    """One file to make: what it is known by, and how it is written."""

    def __init__(
        self, group: TransferGroup | ListGroup, kind: FileKind, media: Kind, *, bank_code: str = "", part: int = 1
    ) -> None:
        self.group, self.kind, self.media, self.bank_code, self.part = group, kind, media, bank_code, part


def _jobs(run: PaymentRun) -> list[_Job]:
    """Return the files that a run needs, having made sure that they add up to what was approved."""
    assert run.released_at is not None
    groups = transfer_groups(run, on=local_day(run.released_at))
    lists = list_groups(run)
    made = PaymentFile.objects.filter(run=run).exclude(bank_code="").aggregate(amount=Sum("amount", default=0))
    amount = made["amount"] + sum(group.amount for group in groups) + sum(group.amount for group in lists)
    if amount != run.net_total:
        raise RunDoesNotAddUp(amount, run.net_total)
    jobs = []
    for group in groups:
        template = template_of(group.account.bank_code)
        kind = FileKind.XLSX if template and template.order_kind == FileKind.XLSX else FileKind.PAIN001
        media = XLSX if kind == FileKind.XLSX else XML
        jobs.append(_Job(group, kind, media, bank_code=group.account.bank_code))
    for one in lists:
        jobs += [_Job(one, FileKind.LIST, PDF, part=one.part), _Job(one, FileKind.XLSX, XLSX, part=one.part)]
    return jobs


@transaction.atomic
def _make(run: PaymentRun, job: _Job, *, by: User, now: datetime) -> None:
    locks.hold(f"payment-files:{run.pk}")
    if _is_made(run, job):
        return
    known = {"run": run, "channel": job.group.channel, "bank_code": job.bank_code, "kind": job.kind}
    parts = set(PaymentFile.objects.filter(**known).values_list("part", flat=True))
    known["part"] = part = job.part if job.part not in parts else max(parts) + 1
    message_id = message_id_of(run, job.group.channel, bank_code=job.bank_code, kind=job.kind, part=part)
    with _folder() as folder:
        path = folder / f"{message_id}{job.media.endings[0]}"
        if isinstance(job.group, TransferGroup):
            _write_transfers(run, job.group, job.kind, message_id, path)
        elif job.kind == FileKind.LIST:
            write_list_paper(run, job.group, message_id=message_id, to=path)
        else:
            write_result_sheet(run, job.group, message_id=message_id, to=path)
        with path.open("rb") as content:
            stored = store_stream(content, limit=path.stat().st_size, name=path.name, kind=job.media, by=by.pk, now=now)
    made = PaymentFile.objects.create(
        **known,
        unit=job.group.unit if isinstance(job.group, ListGroup) else None,
        banks=list(job.group.banks) if isinstance(job.group, TransferGroup) else [],
        file=stored,
        sha256=stored.sha256,
        lines=job.group.lines,
        amount=job.group.amount,
        message_id=message_id,
        made_by=by,
        made_at=now,
    )
    fact = PaymentFileMade(
        file_id=made.pk, run_id=run.pk, channel=made.channel, kind=made.kind, message_id=message_id, lines=made.lines,
        amount=made.amount, sha256=made.sha256,
    )  # fmt: skip
    record(fact, stream=run.stream, actor_id=by.pk, at=now)


def _is_made(run: PaymentRun, job: _Job) -> bool:
    """Tell whether the money of a file stands in one already, whichever file that is: nobody is put into two."""
    if isinstance(job.group, ListGroup):
        same = PaymentFile.objects.filter(run=run, channel=job.group.channel, kind=job.kind, unit=job.group.unit)
        return same.exists()
    covered = covered_banks(run)
    return any((job.group.channel, bank) in covered for bank in job.group.banks)


def message_id_of(run: PaymentRun, channel: str, *, bank_code: str = "", kind: str, part: int) -> str:
    """Return the number of a file, which follows from what it is: LT202609-1-12-NH-970405."""
    marks = [f"LT{run.month:%Y%m}", str(run.number), str(run.pk), _SHORT[Channel(channel)], bank_code or f"{part:03d}"]
    if bank_code and part > 1:
        marks.append(str(part))
    if not bank_code and kind == FileKind.XLSX:
        marks.append("KQ")
    return "-".join(marks)


def _write_transfers(run: PaymentRun, group: TransferGroup, kind: FileKind, message_id: str, path: Path) -> None:
    assert run.released_at is not None
    template = template_of(group.account.bank_code)
    plain_letters = template.plain_letters if template else True
    order = Order(
        message_id=message_id,
        made_at=run.released_at,
        pay_on=local_day(run.released_at),
        payer=Payer(name=group.account.holder_name, bank_code=group.account.bank_code, account=group.account.number),
        lines=group.lines,
        amount=group.amount,
        plain_letters=plain_letters,
    )
    lines = transfers(run, group.channel, group.banks)
    if kind == FileKind.XLSX:
        columns = OutTemplate(plain_letters=plain_letters)
        if template:
            columns = out_template(
                template.columns, sheet=template.sheet, first_row=template.first_row, plain_letters=plain_letters
            )
        write_transfer_workbook(order, lines, template=columns, to=path)
        return
    write_credit_transfers(order, lines, to=path)
    if (read := check_credit_transfers(path)) != group.lines:
        raise OrderRefused(_("Tệp %(name)s ghi %(read)s dòng thay vì %(lines)s.") % {
            "name": path.name, "read": read, "lines": group.lines,
        })  # fmt: skip


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lienthong-chi-") as folder:
        yield Path(folder)
