"""Putting papers beside what is recorded of a person, and taking away what was put there by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.events import EvidenceAdded, EvidenceRemoved
from lienthong.assistance.queries.evidence import ROLE, Evidence, EvidenceNotFound, Recorded, evidence_of, recorded_of
from lienthong.assistance.queries.people import Acts, acts_for, get_person
from lienthong.assistance.services.refusals import AssistanceRefusal, NotYours, RecordUnknown, reason_given
from lienthong.assistance.states import Programme
from lienthong.documents import services as documents
from lienthong.documents.models import StoredFile
from lienthong.infra.events import record
from lienthong.kernel.days import local_day

MOST_FILES: Final = 20
"""Beside one record: more belong into one PDF."""


class TooManyFiles(AssistanceRefusal):
    """A record has as many files as it may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvidence:
    """Đính kèm giấy tờ làm căn cứ.

    Attributes:
        owner: Key of the record: ``circumstance:12``.
        files: As ``documents`` stored them.
    """

    person_id: int
    owner: str
    files: Sequence[UUID]
    client_key: UUID | None = None


def add_evidence(command: AddEvidence, *, acting_user: User, now: datetime) -> int:
    """Put stored files beside a record of a person. The same file again changes nothing.

    Returns:
        How many files the record has now.

    Raises:
        PersonNotFound: There is no such person, or none whom the user may see.
        RecordUnknown: Nothing of that key is recorded of them.
        NotYours: The user records nothing of that programme where they live.
        TooManyFiles: There would be more files than one record may have.
    """
    with transaction.atomic():
        acts = _acts(command.person_id, acting_user, now)
        of = _recorded(command.person_id, command.owner, acts)
        _may_change(of, acts)
        there = [one for one in evidence_of(command.person_id, programmes=acts.programmes) if one.of == of]
        added = set(command.files) - {one.file.pk for one in there}
        if len(there) + len(added) > MOST_FILES:
            words = {"most": MOST_FILES}
            raise TooManyFiles(
                _("Mỗi thông tin kèm tối đa %(most)s tệp. Hãy ghép các trang thành một tệp PDF.") % words
            )
        for file in StoredFile.objects.filter(pk__in=added).order_by("stored_at", "pk"):
            documents.attach(of.owner, ROLE, file, by=acting_user.pk, now=now)
        fact = EvidenceAdded(
            person_id=command.person_id, owner=of.owner, programme=of.programme, files=len(added)
        )  # fmt: skip
        stream = f"assistance-person:{command.person_id}"
        record(fact, stream=stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
        return len(there) + len(added)


def remove_evidence(
    attachment_id: int, *, person_id: int, reason: str, acting_user: User, now: datetime
) -> Evidence:  # fmt: skip
    """Take a file away that was put there by mistake; that it was there stays in the log.

    Raises:
        PersonNotFound: There is no such person, or none whom the user may see.
        EvidenceNotFound: There is no such file among those that the user may see.
        NotYours: The user records nothing of that programme where the person lives.
        ReasonMissing: No reason is given.
    """
    reason = reason_given(reason)
    with transaction.atomic():
        acts = _acts(person_id, acting_user, now)
        rows = evidence_of(person_id, programmes=acts.programmes)
        found = next((one for one in rows if one.attachment_id == attachment_id), None)
        if found is None:
            raise EvidenceNotFound(attachment_id)
        _may_change(found.of, acts)
        documents.detach(attachment_id, owner=found.of.owner, by=acting_user.pk, now=now)
        fact = EvidenceRemoved(
            person_id=person_id, owner=found.of.owner, programme=found.of.programme, reason=reason
        )  # fmt: skip
        record(fact, stream=f"assistance-person:{person_id}", actor_id=acting_user.pk, at=now)
    return found


def may_change(of: Recorded, acts: Acts) -> bool:
    """Tell whether whoever may do ``acts`` adds and removes files of a record."""
    if of.programme == Programme.MERIT.value:
        return acts.claims_merit
    return acts.records or (not of.programme and acts.claims_merit)


def _may_change(of: Recorded, acts: Acts) -> None:
    if not may_change(of, acts):
        raise NotYours(_("Chỉ cán bộ phụ trách nơi người này ở thêm, gỡ được giấy tờ. Hãy chuyển cho nơi phụ trách."))


def _acts(person_id: int, user: User, now: datetime) -> Acts:
    on = local_day(now)
    return acts_for(get_person(person_id, as_=user, on=on), as_=user, on=on)


def _recorded(person_id: int, owner: str, acts: Acts) -> Recorded:
    for one in recorded_of(person_id, programmes=acts.programmes):
        if one.owner == owner:
            return one
    raise RecordUnknown(_("Thông tin này không còn, hoặc đã được rút. Hãy mở lại trang của người này."))
