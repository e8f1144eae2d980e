"""Requests that are still being written: kept through errors and closed windows, sent when they are ready."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lienthong.accounts.models import User
from lienthong.catalogue import queries as catalogue
from lienthong.dossiers.deadlines import intake_answer_due
from lienthong.dossiers.events import DossierSubmitted
from lienthong.dossiers.models import Dossier, SubmittedItem
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.services.moving import Target, make_move
from lienthong.dossiers.services.receive import ChannelNotOffered, ItemsMissing
from lienthong.dossiers.services.request import (
    Request,
    missing_sentences,
    new_secret,
    open_items,
    write_items,
    write_request,
)
from lienthong.dossiers.states import Action, DossierState
from lienthong.infra.events import Fact
from lienthong.kernel.days import format_day, local_day


class DraftNotFound(DossierRefusal):
    """There is no such draft of this user."""

    def __init__(self) -> None:
        super().__init__("Không tìm thấy bản nháp này. Có thể bạn đã nộp hoặc đã xóa nó.")


class VersionChanged(DossierRefusal):
    """The procedure got a new version while the draft lay open."""

    def __init__(self, since: str) -> None:
        super().__init__(
            f"Thủ tục có quy định mới từ {since}. Bản nháp đã được giữ; hãy chuyển sang quy định mới và xem lại giấy tờ."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """Lệnh lưu nháp. ``draft_id`` is empty for a new one."""

    procedure_code: str
    request: Request
    channel: str
    receiving_agency_id: int | None
    draft_id: UUID | None = None


def save_draft(command: SaveDraft, *, acting_user: User, now: datetime) -> Dossier:
    """Keep a request as far as it is written; nothing is checked yet but that the procedure exists.

    Lưu nháp hồ sơ.

    Raises:
        ProcedureNotInForce: A new draft was begun for a procedure that does not hold today.
        DraftNotFound: The draft is not this user's.
    """
    with transaction.atomic():
        if command.draft_id is None:
            version = catalogue.procedure_in_force(command.procedure_code, on=local_day(now))
            dossier = Dossier(
                secret=new_secret(),
                version=version,
                procedure_code=version.procedure.code,
                field_code=version.procedure.field.code,
                submitted_by=acting_user,
                created_at=now,
            )
        else:
            dossier = _own_draft(command.draft_id, acting_user)
        dossier.channel = command.channel
        dossier.receiving_agency_id = command.receiving_agency_id
        dossier.updated_at = now
        write_request(dossier, command.request)
        dossier.save()
        if command.draft_id is None:
            open_items(dossier, dossier.version)
        write_items(dossier, command.request.items, acting_user=acting_user, now=now)
        return dossier


def renew_draft(draft_id: UUID, *, acting_user: User, now: datetime) -> Dossier:
    """Move a draft to the version in force today; papers that are asked for under the same name stay.

    Chuyển bản nháp sang quy định mới.
    """
    with transaction.atomic():
        dossier = _own_draft(draft_id, acting_user)
        version = catalogue.procedure_in_force(dossier.procedure_code, on=local_day(now))
        given = {row.name: row for row in dossier.items.filter(is_given=True).order_by("number")}
        dossier.items.all().delete()
        dossier.version = version
        dossier.updated_at = now
        dossier.save()
        open_items(dossier, version)
        kept = [row for row in dossier.items.order_by("number") if row.name in given]
        for row in kept:
            before = given[row.name]
            row.originals, row.certified_copies, row.copies = before.originals, before.certified_copies, before.copies
            row.is_given = row.number == before.number
        SubmittedItem.objects.bulk_update(kept, ["originals", "certified_copies", "copies", "is_given"])
        return dossier


def discard_draft(draft_id: UUID, *, acting_user: User, now: datetime) -> None:
    """Throw a draft away. Xóa nháp."""
    with transaction.atomic():
        _own_draft(draft_id, acting_user).delete()


def submit_draft(target: Target, *, acting_user: User, now: datetime) -> Dossier:
    """Send a draft to the desk: the last time at which everything is checked before an officer sees it.

    Nộp hồ sơ trực tuyến.

    Raises:
        ProcedureNotInForce: The procedure was abolished while the draft lay open.
        VersionChanged: The procedure has a new version; renew the draft first.
        ChannelNotOffered: The procedure is not offered online.
        ItemsMissing: Something required is missing; everything is named at once.
    """

    def decide(dossier: Dossier) -> Fact:
        today = local_day(now)
        in_force = catalogue.procedure_in_force(dossier.procedure_code, on=today)
        if in_force.pk != dossier.version_id:
            raise VersionChanged(format_day(in_force.valid_from))
        if dossier.channel not in in_force.channels:
            raise ChannelNotOffered(in_force, dossier.channel)
        if dossier.receiving_agency_id is None:
            raise ItemsMissing(["Nơi tiếp nhận hồ sơ"])
        already = list(dossier.items.filter(is_given=True).values_list("number", flat=True).order_by("number"))
        missing = missing_sentences(in_force, (), dossier.answers, on=today, already=already)
        if missing:
            raise ItemsMissing(missing)
        return DossierSubmitted(
            procedure_code=dossier.procedure_code,
            version_id=dossier.version_id,
            field_code=dossier.field_code,
            channel=dossier.channel,
            receiving_agency_id=dossier.receiving_agency_id,
            answer_due_at=intake_answer_due(dossier, now=now),
        )

    return make_move(target, Action.SUBMIT, decide, acting_user=acting_user, now=now)


def _own_draft(draft_id: UUID, acting_user: User) -> Dossier:
    draft = (
        Dossier.objects.select_for_update(of=("self",))
        .filter(public_id=draft_id, state=DossierState.DRAFT, submitted_by=acting_user)
        .first()
    )
    if draft is None:
        raise DraftNotFound
    return draft
