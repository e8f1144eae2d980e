"""Requests that are still being written: kept through errors and closed windows, sent when they are ready."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from lienthong.accounts.models import User
from lienthong.catalogue import queries as catalogue
from lienthong.documents import queries as papers
from lienthong.documents import services as documents
from lienthong.dossiers import policies
from lienthong.dossiers.deadlines import intake_answer_due
from lienthong.dossiers.digests import request_digest
from lienthong.dossiers.events import DossierSubmitted
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.services.moving import Target, make_move
from lienthong.dossiers.services.receive import ItemsMissing, check_offered
from lienthong.dossiers.services.renew import ITEM_ROLE, move_files, renew
from lienthong.dossiers.services.request import (
    Applicant,
    GivenItem,
    Request,
    missing_sentences,
    new_secret,
    open_items,
    request_of,
    write_items,
    write_request,
)
from lienthong.dossiers.states import Action, DossierState
from lienthong.infra import locks
from lienthong.infra.events import Fact
from lienthong.kernel.days import format_day, local_day
from lienthong.units import queries as units


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
    """Lệnh lưu nháp. ``draft_id`` is empty for a new one.

    ``new_id`` is the public id that a new draft gets: the form chooses it, so that a second press finds the first draft.
    """

    procedure_code: str
    request: Request
    channel: str
    receiving_agency_id: int | None
    draft_id: UUID | None = None
    new_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDraft:
    """Lệnh sửa một phần bản nháp: what is None stays as it is, so that two tabs do not undo one another."""

    draft_id: UUID
    receiving_agency_id: int | None = None
    unit_id: int | None = None
    applicant: Applicant | None = None
    representative_name: str | None = None
    summary: str | None = None
    answers: Mapping[str, Any] | None = None
    items: Sequence[GivenItem] | None = None
    return_way: str | None = None
    return_address: str | None = None


def save_draft(command: SaveDraft, *, acting_user: User, now: datetime) -> Dossier:
    """Keep a request as far as it is written; nothing is checked yet but that the procedure exists.

    Lưu nháp hồ sơ.

    Raises:
        ProcedureNotInForce: A new draft was begun for a procedure that does not hold today.
        DraftNotFound: The draft is not this user's.
    """
    with transaction.atomic():
        if command.new_id is not None and (begun := _begun_before(command.new_id, acting_user)) is not None:
            return begun
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
            dossier.public_id = command.new_id or dossier.public_id
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


def change_draft(command: ChangeDraft, *, acting_user: User, now: datetime) -> Dossier:
    """Keep one part of a draft: where, who, what, which papers, how the result comes back.

    Sửa bản nháp.

    Raises:
        DraftNotFound: The draft is not this user's, or was sent already.
    """
    with transaction.atomic():
        dossier = _own_draft(command.draft_id, acting_user)
        parts = ("applicant", "representative_name", "summary", "answers", "return_way", "return_address", "unit_id")
        given = {name: value for name in parts if (value := getattr(command, name)) is not None}
        write_request(dossier, replace(request_of(dossier), **given))
        if command.receiving_agency_id is not None:
            dossier.receiving_agency_id = command.receiving_agency_id
        dossier.updated_at = now
        dossier.save()
        if command.items:
            write_items(dossier, command.items, acting_user=acting_user, now=now)
        return dossier


def drop_draft_file(draft_id: UUID, file_id: UUID, *, acting_user: User, now: datetime) -> str:
    """Take a file off a draft; its paper is no longer handed in when it was the last. Done twice, it changes nothing.

    Gỡ tệp khỏi bản nháp.

    Returns:
        The name of the file, empty when it was not there any more.

    Raises:
        DraftNotFound: The draft is not this user's, or was sent already.
    """
    with transaction.atomic():
        dossier = _own_draft(draft_id, acting_user)
        attached = papers.attachments_of(dossier.stream)
        dropped = next((one for one in attached if one.file_id == file_id), None)
        if dropped is None:
            return ""
        documents.detach(dropped.pk, owner=dossier.stream, by=acting_user.pk, now=now)
        if not any(one.role == dropped.role and one.pk != dropped.pk for one in attached):
            number = int(dropped.role.removeprefix(ITEM_ROLE))
            dossier.items.filter(number=number, originals=0, certified_copies=0, copies=0).update(is_given=False)
        Dossier.objects.filter(pk=dossier.pk).update(updated_at=now)
        return dropped.file.name


def renew_draft(draft_id: UUID, *, acting_user: User, now: datetime) -> Dossier:
    """Move a draft to the version in force today; papers that are asked for under the same name keep their files.

    Chuyển bản nháp sang quy định mới.

    Raises:
        ProcedureNotInForce: No version holds today.
        DraftNotFound: The draft is not this user's, or was sent already.
    """
    with transaction.atomic():
        dossier = _own_draft(draft_id, acting_user)
        version = catalogue.procedure_in_force(dossier.procedure_code, on=local_day(now))
        renew(dossier, version, by=acting_user.pk, now=now)
        return dossier


def discard_draft(draft_id: UUID, *, acting_user: User, now: datetime) -> None:
    """Throw a draft and its files away: one's own, or what a colleague began for the desk.

    Xóa nháp.

    Raises:
        DraftNotFound: The draft is another's, or was sent or received already.
    """
    with transaction.atomic():
        dossier = _own_draft(draft_id, acting_user, on=local_day(now))
        move_files(dossier, {}, by=acting_user.pk, now=now)
        dossier.delete()


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
        check_offered(in_force, dossier.channel)
        if dossier.receiving_agency_id is None or not _receives(dossier.receiving_agency_id, on=today):
            raise ItemsMissing(["Nơi tiếp nhận hồ sơ"])
        items = list(dossier.items.order_by("number"))
        missing = missing_sentences(in_force, items, dossier.answers, on=today)
        if missing:
            raise ItemsMissing(missing)
        return DossierSubmitted(
            procedure_code=dossier.procedure_code,
            version_id=dossier.version_id,
            field_code=dossier.field_code,
            channel=dossier.channel,
            receiving_agency_id=dossier.receiving_agency_id,
            answer_due_at=intake_answer_due(dossier, now=now),
            request_digest=request_digest(dossier, items),
        )

    return make_move(target, Action.SUBMIT, decide, acting_user=acting_user, now=now)


def _own_draft(draft_id: UUID, acting_user: User, *, on: date | None = None) -> Dossier:
    """Return the draft of this user, locked; on a day, what colleagues began for the user's agency too."""
    whose = Q(submitted_by=acting_user) if on is None else policies.keeps_drafts(acting_user, on=on)
    rows = Dossier.objects.select_for_update(of=("self",)).filter(whose, public_id=draft_id)
    draft = rows.filter(state=DossierState.DRAFT).first()
    if draft is None:
        raise DraftNotFound
    return draft


def _begun_before(new_id: UUID, acting_user: User) -> Dossier | None:
    """Return the draft that an earlier press of the same button began."""
    locks.hold(f"draft:{new_id}")
    begun = Dossier.objects.filter(public_id=new_id).first()
    if begun is not None and begun.submitted_by_id != acting_user.pk:
        raise DraftNotFound
    return begun


def _receives(agency_id: int, *, on: date) -> bool:
    return units.agencies_on(on).filter(pk=agency_id).exists()
