"""Preparing a version: draft it, edit it, discard it. Nothing here is seen by the public."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.catalogue.comparison import differences
from lienthong.catalogue.definition import VersionData
from lienthong.catalogue.events import DraftDiscarded, DraftEdited, VersionDrafted, stream_of
from lienthong.catalogue.models import Field, Procedure, ProcedureVersion
from lienthong.catalogue.queries.versions import NoSuchProcedure, data_of, with_parts
from lienthong.catalogue.services.storage import facts_of, rewrite, write_parts
from lienthong.catalogue.states import Confidence, ReceivingLevel, VersionStatus
from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day

_MOST_WORDS = 900


class DraftRefused(Exception):
    """A draft cannot be made or changed so; the message says why, and what to do."""


class DraftAlreadyThere(DraftRefused):
    """The procedure has a draft already."""


class NotADraft(DraftRefused):
    """What was published is never edited."""


class DraftChangedMeanwhile(DraftRefused):
    """Somebody else edited the draft after this page was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddProcedure:
    """A procedure that the catalogue does not hold yet."""

    code: str
    field: str
    name: str
    receiving_level: ReceivingLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDraft:
    """What a draft shall say from now on, and the revision that the editor had before their eyes."""

    version_id: int
    revision: int
    data: VersionData


@transaction.atomic
def draft_version(code: str, *, actor_id: int, now: datetime) -> ProcedureVersion:
    """Copy the newest version of a procedure into a draft that starts tomorrow at the earliest.

    Soạn dự thảo.

    Raises:
        NoSuchProcedure: There is none with this code.
        DraftAlreadyThere: There is a draft; edit or discard that one.
    """
    procedure = hold_procedure(code)
    versions = list(with_parts(procedure.versions.order_by("valid_from", "number")))
    for version in versions:
        if version.status == VersionStatus.DRAFT:
            raise DraftAlreadyThere(
                _("Thủ tục %(code)s đã có dự thảo phiên bản %(number)s. Hãy sửa tiếp hoặc bỏ dự thảo đó.")
                % {"code": code, "number": version.number}
            )
    latest = [one for one in versions if one.status == VersionStatus.PUBLISHED][-1:] or versions[-1:]
    if not latest:
        raise NoSuchProcedure
    after = max(local_day(now), *(one.valid_from for one in versions))
    start = after.fromordinal(after.toordinal() + 1)
    data = replace(data_of(latest[0]), valid_from=start, valid_until=None, decision=None)
    return add_draft(procedure, data, actor_id=actor_id, now=now)


@transaction.atomic
def add_procedure(command: AddProcedure, *, actor_id: int, now: datetime) -> ProcedureVersion:
    """Begin a procedure that the catalogue does not hold yet, with an empty draft.

    Raises:
        DraftRefused: The code is taken, or there is no such field.
    """
    field = Field.objects.filter(code=command.field).first()
    if field is None:
        raise DraftRefused(_("Không có lĩnh vực mã “%(code)s”.") % {"code": command.field})
    procedure, is_new = Procedure.objects.get_or_create(
        code=command.code,
        defaults={
            "field": field,
            "code_confidence": Confidence.SECONDARY,
            "confidence": Confidence.SECONDARY,
        },
    )
    if not is_new:
        raise DraftRefused(
            _("Mã %(code)s đã có trong danh mục. Hãy mở thủ tục đó và soạn phiên bản mới.") % {"code": command.code}
        )
    day = local_day(now)
    start = day.fromordinal(day.toordinal() + 1)
    data = VersionData(valid_from=start, name=command.name, receiving_level=command.receiving_level)
    return add_draft(procedure, data, actor_id=actor_id, now=now)


@transaction.atomic
def edit_draft(command: EditDraft, *, actor_id: int, now: datetime) -> ProcedureVersion:
    """Let a draft say something else.

    Sửa dự thảo. Whoever edits a draft has prepared it, and cannot publish it.

    Raises:
        NoSuchProcedure: There is no such version.
        NotADraft: It was published.
        DraftChangedMeanwhile: Somebody else was faster.
        DraftRefused: Another version of the procedure starts on the same day.
    """
    version = _hold_draft(command.version_id)
    if version.revision != command.revision:
        raise DraftChangedMeanwhile(
            _(
                "Dự thảo vừa được người khác sửa sau khi bạn mở trang này. Hãy mở lại trang để xem bản mới, rồi sửa tiếp."
            )
        )
    before = data_of(version)
    changes = differences(before, command.data)
    if changes:
        change_draft(version, command.data, actor_id=actor_id, now=now)
    return version


@transaction.atomic
def discard_draft(version_id: int, *, actor_id: int, now: datetime) -> None:
    """Throw a draft away. A procedure that never had anything else goes with it.

    Bỏ dự thảo.

    Raises:
        NoSuchProcedure: There is no such version.
        NotADraft: It was published.
    """
    version = _hold_draft(version_id)
    procedure = version.procedure
    version.delete()
    record(DraftDiscarded(number=version.number), stream=stream_of(procedure.code), actor_id=actor_id, at=now)
    if not procedure.versions.exists() and not procedure.successors.exists():
        procedure.delete()


def add_draft(procedure: Procedure, data: VersionData, *, actor_id: int, now: datetime) -> ProcedureVersion:
    """Write a new draft of a procedure that is held."""
    refuse_same_day(procedure, data)
    last = procedure.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = ProcedureVersion.objects.create(
        procedure=procedure, number=last + 1, status=VersionStatus.DRAFT, prepared_by=[actor_id], **facts_of(data)
    )
    write_parts([(version, data)])
    fact = VersionDrafted(number=version.number, name=version.name)
    record(fact, stream=stream_of(procedure.code), actor_id=actor_id, at=now)
    return version


def change_draft(version: ProcedureVersion, data: VersionData, *, actor_id: int, now: datetime) -> None:
    """Write what a held draft says from now on."""
    changes = differences(data_of(version), data)
    refuse_same_day(version.procedure, data, but=version)
    version.prepared_by = sorted({*version.prepared_by, actor_id})
    rewrite(version, data)
    what = ", ".join(change.part.lower() for change in changes)[:_MOST_WORDS]
    fact = DraftEdited(number=version.number, what=what)
    record(fact, stream=stream_of(version.procedure.code), actor_id=actor_id, at=now)


def hold_procedure(code: str) -> Procedure:
    """Lock a procedure until the transaction ends, so that its versions change one after the other.

    Raises:
        NoSuchProcedure: There is none with this code.
    """
    procedure = Procedure.objects.select_for_update(of=("self",)).select_related("field").filter(code=code).first()
    if procedure is None:
        raise NoSuchProcedure
    return procedure


def _hold_draft(version_id: int) -> ProcedureVersion:
    code = ProcedureVersion.objects.filter(pk=version_id).values_list("procedure__code", flat=True).first()
    if code is None:
        raise NoSuchProcedure
    procedure = hold_procedure(code)
    version = with_parts(procedure.versions.filter(pk=version_id)).first()
    if version is None:
        raise NoSuchProcedure
    if version.status != VersionStatus.DRAFT:
        raise NotADraft(
            _("Phiên bản %(number)s đã được công bố nên không sửa được nữa. Hãy soạn một dự thảo mới.")
            % {"number": version.number}
        )
    return version


def refuse_same_day(procedure: Procedure, data: VersionData, *, but: ProcedureVersion | None = None) -> None:
    """Refuse a first day on which another version of the procedure starts, be it published or a draft."""
    others = procedure.versions.filter(valid_from=data.valid_from).exclude(status=VersionStatus.WITHDRAWN)
    if others.exclude(pk=but.pk if but else None).exists():
        raise DraftRefused(
            _("Thủ tục này đã có một phiên bản bắt đầu từ %(day)s. Hãy chọn ngày khác.")
            % {"day": format_day(data.valid_from)}
        )
