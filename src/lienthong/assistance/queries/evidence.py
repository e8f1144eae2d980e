"""Papers beside what is recorded of a person: of which fact, certificate or claim each file is the evidence, since when, by whom.

Giấy tờ làm căn cứ. Whoever may see the record may see its files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.models import Circumstance
from lienthong.assistance.queries.fact_words import fact_label, plain_words
from lienthong.assistance.queries.facts import MERIT_PREFIX
from lienthong.assistance.queries.people import certificates_of, merit_claims_of
from lienthong.assistance.states import Programme
from lienthong.documents import queries as documents
from lienthong.documents.models import StoredFile
from lienthong.infra.missing import NotFound

ROLE: Final = "evidence"
"""What a file is to the record that it is attached to."""
OF_PEOPLE: Final = ""
"""The programme of what both read: certificates."""


class EvidenceNotFound(NotFound):
    """There is no such file beside what is recorded of this person, or none that the user may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Something recorded of a person that a paper may be the evidence of.

    Attributes:
        owner: Its key among the documents: ``circumstance:12``, ``certificate:3``, ``merit-claim:7``.
        kind: What sort of paper belongs to it, in words.
        programme: Whose record it is; empty for what both programmes read.
    """

    owner: str
    kind: str
    words: str
    programme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One file beside a record. Tệp làm căn cứ."""

    attachment_id: int
    file: StoredFile
    of: Recorded
    attached_at: datetime
    attached_by: str


def recorded_of(person_id: int, *, programmes: Collection[str]) -> list[Recorded]:
    """Return what is recorded of a person, and not withdrawn, in the programmes that are seen.

    Args:
        person_id: Of the person; whoever calls has asked whether the user may see them.
        programmes: Of which the user may see facts and claims.
    """
    return [one for one in _all_of(person_id) if not one.programme or one.programme in programmes]


def _all_of(person_id: int) -> Iterator[Recorded]:
    for row in certificates_of(person_id):
        words = _("số %(number)s, %(level)s") % {"number": row.number, "level": row.get_level_display()}
        kind = _("Giấy xác nhận khuyết tật")
        yield Recorded(owner=f"certificate:{row.pk}", kind=kind, words=words, programme=OF_PEOPLE)
    for claim in merit_claims_of(person_id):
        words = f"{claim.get_category_display()}, {_('quyết định %(number)s') % {'number': claim.decision_number}}"
        kind = _("Diện người có công")
        yield Recorded(owner=f"merit-claim:{claim.pk}", kind=kind, words=words, programme=Programme.MERIT.value)
    for fact in Circumstance.objects.filter(person=person_id, withdrawn_at=None).order_by("name", "-valid_from", "-pk"):
        is_merit = fact.name.startswith(MERIT_PREFIX)
        words = f"{fact_label(fact.name)}: {plain_words(fact.name, fact.value)}"
        programme = (Programme.MERIT if is_merit else Programme.SOCIAL).value
        yield Recorded(owner=f"circumstance:{fact.pk}", kind=_("Hoàn cảnh"), words=words, programme=programme)


def evidence_of(person_id: int, *, programmes: Collection[str]) -> list[Evidence]:
    """Return the files beside what is recorded of a person, newest first."""
    records = {one.owner: one for one in recorded_of(person_id, programmes=programmes)}
    attached = [one for rows in documents.attachments_of_many(list(records)).values() for one in rows]
    names = dict(
        User.objects.filter(pk__in={one.attached_by for one in attached if one.attached_by}).values_list(
            "pk", "full_name"
        )
    )
    found = [
        Evidence(
            attachment_id=one.pk, file=one.file, of=records[one.owner], attached_at=one.attached_at,
            attached_by=names.get(one.attached_by or 0, ""),
        )
        for one in attached
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.attached_at, one.attachment_id), reverse=True)


def get_evidence(file_id: UUID, *, person_id: int, programmes: Collection[str]) -> StoredFile:
    """Return a file beside what is recorded of a person.

    Raises:
        EvidenceNotFound: There is none among those that the user may see.
    """
    for one in evidence_of(person_id, programmes=programmes):
        if one.file.pk == file_id:
            return one.file
    raise EvidenceNotFound(file_id)
