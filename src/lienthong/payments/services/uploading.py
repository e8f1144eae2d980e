"""Take in what banks answer as a job: sent in and looked at on screen, read and reconciled by the worker.

Tải lên sao kê, báo kết quả. What became of a file stays with it: taken, known before, or refused with its row, column and
reason. Killed at any moment, the job leaves a file that still waits; done again, it finishes.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.documents.file_names import clean_name
from lienthong.documents.queries import open_content
from lienthong.documents.services.drop import drop_file
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.infra.templatetags.formats import number
from lienthong.infra.working import Progress, alone, is_cut_off, moment
from lienthong.kernel.days import local_day
from lienthong.payments import policies
from lienthong.payments.file_events import StatementUploadAsked, StatementUploadEnded
from lienthong.payments.incoming.recognising import kind_of
from lienthong.payments.incoming.refusals import AnswerRefused
from lienthong.payments.models import Statement, StatementUpload
from lienthong.payments.queries.uploads import UploadNotFound
from lienthong.payments.services import answers, importing
from lienthong.payments.services.import_refusals import NotYoursToImport
from lienthong.payments.services.importing import ImportAnswer, Imported, ReadAnswer
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.states import UploadState
from lienthong.payments.templates import TemplateRefused

_SILENT: Final = timedelta(minutes=30)
"""After so long the work is taken for lost, and may be asked for again."""
_READ: Final = 0.6


def may_ask_again(upload: StatementUpload, *, now: datetime) -> bool:
    """Tell whether a file may be read anew: its work stopped, or nobody has heard of it for long."""
    is_lost = upload.state == UploadState.WAITING and now - upload.asked_at >= _SILENT
    return is_lost or (upload.state == UploadState.STOPPED and upload.file_id is not None)


def upload_answer(command: ImportAnswer, *, acting_user: User, now: datetime) -> StatementUpload:
    """Take a file in and let a job read it. A file that waits already, or was taken in before, is not read twice.

    Tải lên sao kê.

    Args:
        command: The file.
        acting_user: An accountant of the competent agency.
        now: When.

    Raises:
        AnswerRefused: By its first bytes it is no answer of a bank. Nothing is stored.
        AnswerTooLarge: It is larger than any answer.
        NotYoursToImport: The user may not.
    """
    if not policies.prepares(acting_user, on=local_day(now)):
        raise NotYoursToImport
    with importing.arrived(command.content) as (path, sha256):
        kind = kind_of(path)
        with transaction.atomic():
            locks.hold(f"statement-file:{sha256}")
            if waiting := StatementUpload.objects.filter(sha256=sha256, state=UploadState.WAITING).first():
                return waiting
            known = list(Statement.objects.filter(sha256=sha256).order_by("part"))
            kept = None
            if not known:
                kept = importing.keep_file(ReadAnswer(path, sha256, kind, None), command.name, by=acting_user, now=now)
            upload: StatementUpload = StatementUpload.objects.create(
                file_name=clean_name(command.name), file=kept, sha256=sha256, bank_code=command.bank_code,
                state=UploadState.KNOWN if known else UploadState.WAITING, uploaded_by=acting_user, uploaded_at=now, asked_at=now,
            )  # fmt: skip
            if known:
                _end(upload, UploadState.KNOWN, Imported(statements=known, already=True), at=now)
            else:
                _ask(upload, by=acting_user, now=now)
    return upload


@transaction.atomic
def ask_again(upload_id: int, *, acting_user: User, now: datetime) -> StatementUpload:
    """Let a file be read anew whose work stopped or was lost. Đọc lại tệp.

    Raises:
        UploadNotFound: There is none.
        NotYoursToImport: The user may not.
    """
    if not policies.prepares(acting_user, on=local_day(now)):
        raise NotYoursToImport
    sha256 = StatementUpload.objects.filter(pk=upload_id).values_list("sha256", flat=True).first()
    if sha256 is None:
        raise UploadNotFound
    locks.hold(f"statement-file:{sha256}")
    upload: StatementUpload = StatementUpload.objects.select_for_update().get(pk=upload_id)
    same = StatementUpload.objects.filter(sha256=sha256, state=UploadState.WAITING).exclude(pk=upload_id)
    if (waiting := same.first()) is not None:
        return waiting
    if may_ask_again(upload, now=now):
        upload.state, upload.reason, upload.asked_at = UploadState.WAITING, "", now
        _ask(upload, by=acting_user, now=now)
    return upload


def take_in_upload(upload_id: int, *, acting_user: User, now: datetime) -> None:
    """Read a file that was sent in, and reconcile it. After a kill it begins anew; called once more, it does nothing.

    Args:
        upload_id: The file.
        acting_user: Who asked.
        now: When they asked: the mandate and the day of that moment count.

    Raises:
        WorkedElsewhere: Another worker reads it.
    """
    with alone(f"statement-upload:{upload_id}"):
        upload = StatementUpload.objects.select_related("file").get(pk=upload_id)
        if upload.state != UploadState.WAITING:
            return
        try:
            _take_in(upload, acting_user=acting_user, now=now)
        except (AnswerRefused, TemplateRefused, PaymentRefused) as refusal:
            _give_up(upload_id, UploadState.REFUSED, refusal)
        except (OperationalError, InterfaceError):
            raise  # the job is done again
        except Exception:
            if is_cut_off():
                raise
            words = _("Có lỗi khi đọc tệp; chưa nhập gì. Bấm “Đọc lại”; nếu vẫn dừng, báo quản trị viên.")
            _give_up(upload_id, UploadState.STOPPED, PaymentRefused(words))
            raise


def _take_in(upload: StatementUpload, *, acting_user: User, now: datetime) -> None:
    if not policies.prepares(acting_user, on=local_day(now)):
        raise NotYoursToImport
    assert upload.file is not None
    progress = Progress(upload, now=moment())
    progress(_("Kiểm tra tệp"), 0.0)

    def tell(lines: int) -> None:
        progress(_("Đọc tệp: đã đọc %s dòng") % number(lines), _READ * lines / (lines + answers.LINES_AT_ONCE))

    with open_content(upload.file) as content, importing.arrived(content) as (path, sha256):
        read = importing.read_answer(path, sha256, bank_code=upload.bank_code, tell=tell)
        progress(_("Đối soát từng dòng"), _READ)
        with transaction.atomic():
            held = StatementUpload.objects.select_related("file").select_for_update(of=("self",)).get(pk=upload.pk)
            if held.state != UploadState.WAITING or held.file is None:
                return
            kept = held.file
            imported = importing.write_answer(read, keep=lambda: kept, by=acting_user, now=now)
            _end(held, UploadState.KNOWN if imported.already else UploadState.TAKEN, imported, at=moment())
        answers.drop_table()


def _ask(upload: StatementUpload, *, by: User, now: datetime) -> None:
    upload.progress = {"stage": _("Chờ đọc tệp"), "share": 0.0}
    upload.save(update_fields=["state", "reason", "asked_at", "progress"])
    record(StatementUploadAsked(upload_id=upload.pk), stream=upload.stream, actor_id=by.pk, at=now)


def _end(upload: StatementUpload, state: UploadState, imported: Imported, *, at: datetime) -> None:
    """Put down with a file what it turned out to be, in the transaction that wrote it."""
    upload.state, upload.ended_at = state, at
    upload.outcome = {} if imported.already else asdict(imported.outcome)
    upload.notices = imported.notices
    upload.progress = {"stage": _("Đã xong"), "share": 1.0}
    upload.statements.set(imported.statements)
    _let_go(upload, of_file=imported.already)
    upload.save()
    _tell(upload, at=at)


@transaction.atomic
def _give_up(upload_id: int, state: UploadState, why: Exception) -> None:
    upload = StatementUpload.objects.select_for_update().get(pk=upload_id)
    if upload.state != UploadState.WAITING:
        return
    upload.state, upload.reason, upload.ended_at = state, str(why)[:2000], moment()
    if isinstance(why, AnswerRefused):
        upload.row, upload.column = why.row, why.column[:120]
    upload.progress = {}
    _let_go(upload, of_file=state == UploadState.REFUSED)
    upload.save()
    _tell(upload, at=upload.ended_at)


def _let_go(upload: StatementUpload, *, of_file: bool) -> None:
    """Keep nothing of a file from which nothing was taken."""
    if of_file and upload.file_id is not None:
        dropped = upload.file_id
        upload.file = None
        upload.save(update_fields=["file", "state", "reason"])
        drop_file(dropped, by=None, now=upload.ended_at or upload.asked_at)


def _tell(upload: StatementUpload, *, at: datetime) -> None:
    record(StatementUploadEnded(upload_id=upload.pk, state=upload.state), stream=upload.stream, actor_id=None, at=at)
