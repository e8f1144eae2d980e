"""Ends of a dossier: approved, refused, stopped, withdrawn."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import override

from lienthong.accounts.models import User
from lienthong.documents import services as documents
from lienthong.documents.models import StoredFile
from lienthong.dossiers import handlers, routing
from lienthong.dossiers.events import DossierApproved, DossierRefused, DossierStopped, DossierWithdrawn
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.services.moving import Target, make_move
from lienthong.dossiers.services.receive import ReasonMissing
from lienthong.dossiers.states import Action
from lienthong.infra.events import Fact
from lienthong.kernel.days import local_day
from lienthong.kernel.decisions import Decision

RESULT = "result"


class NotAtDecision(DossierRefusal):
    """The dossier has not reached the step that decides."""

    def __init__(self) -> None:
        super().__init__("Hồ sơ chưa tới bước phê duyệt. Chuyển hồ sơ qua các bước trước khi quyết định.")


class PreparedByTheSame(DossierRefusal):
    """Whoever prepared a dossier does not approve it."""

    def __init__(self) -> None:
        super().__init__("Bạn đã thụ lý hồ sơ này nên không phê duyệt được. Người ký phải khác người trình.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Lệnh phê duyệt. ``files`` are the signed result as it was stored; the applicant finds them where they track."""

    target: Target
    document_number: str = ""
    note: str = ""
    files: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Lệnh từ chối giải quyết; the reason is printed."""

    target: Target
    reason: str
    document_number: str = ""


def approve(command: Approve, *, acting_user: User, now: datetime) -> Dossier:
    """Grant what was asked and let the programme carry it out, in one transaction.

    Phê duyệt kết quả giải quyết.

    Raises:
        NotAtDecision: The current step does not decide.
        PreparedByTheSame: The same officer did an earlier step (four eyes).
        DossierRefusal: The programme's handler refuses, worded by it.
    """

    def decide(dossier: Dossier) -> Fact:
        _check_decider(dossier, acting_user)
        handler, proposal = _asked(dossier, now)
        handler.apply(dossier, acting_user=acting_user, now=now)
        if command.files:
            for file in StoredFile.objects.filter(pk__in=command.files).order_by("stored_at", "pk"):
                documents.attach(dossier.stream, RESULT, file, by=acting_user.pk, now=now)
        fact = DossierApproved(document_number=command.document_number.strip(), note=command.note.strip())
        handler.decided(dossier, fact, proposal, acting_user=acting_user, now=now)
        return fact

    return make_move(command.target, Action.APPROVE, decide, acting_user=acting_user, now=now)


def refuse(command: Refuse, *, acting_user: User, now: datetime) -> Dossier:
    """Refuse what was asked, in writing and with reasons, inside the time limit; the refusal is a result.

    Từ chối giải quyết hồ sơ.

    Raises:
        ReasonMissing: No reason was given.
        NotAtDecision: The current step does not decide.
        PreparedByTheSame: The same officer did an earlier step (four eyes).

    Legal source:
        61/2018/NĐ-CP, Điều 19 khoản 8.
    """

    def decide(dossier: Dossier) -> Fact:
        if not command.reason.strip():
            raise ReasonMissing
        _check_decider(dossier, acting_user)
        fact = DossierRefused(reason=command.reason.strip(), document_number=command.document_number.strip())
        handler, proposal = _asked(dossier, now)
        handler.decided(dossier, fact, proposal, acting_user=acting_user, now=now)
        return fact

    return make_move(command.target, Action.REFUSE, decide, acting_user=acting_user, now=now)


def stop(target: Target, *, reason: str, acting_user: User, now: datetime) -> Dossier:
    """Stop a dossier that can no longer be settled, with a notice. Not possible once there is a result.

    Dừng giải quyết hồ sơ.

    Legal source:
        03/2025/TT-VPCP, Mẫu số 05.
    """

    def decide(dossier: Dossier) -> Fact:
        if not reason.strip():
            raise ReasonMissing
        return DossierStopped(reason=reason.strip())

    return make_move(target, Action.STOP, decide, acting_user=acting_user, now=now)


def withdraw(target: Target, *, acting_user: User | None, now: datetime, reason: str = "", secret: str = "") -> Dossier:
    """Take a request back at the applicant's wish. Rút hồ sơ."""
    return make_move(
        target,
        Action.WITHDRAW,
        lambda dossier: DossierWithdrawn(reason=reason.strip()),
        acting_user=acting_user,
        now=now,
        secret=secret,
    )


def _asked(dossier: Dossier, now: datetime) -> tuple[handlers.ProcedureHandler, Decision[Any] | None]:
    """Return the handler with what it proposes before anything is carried out, in the language of the papers."""
    handler = handlers.for_procedure(dossier.procedure_code)
    with override("vi"):
        return handler, handler.proposal(dossier, on=local_day(now))


def _check_decider(dossier: Dossier, acting_user: User) -> None:
    if not routing.decides_now(dossier):
        raise NotAtDecision
    if acting_user.pk in dossier.preparer_ids:
        raise PreparedByTheSame
