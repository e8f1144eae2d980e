"""Papers beside what is recorded: kept once, seen by whoever sees the record, taken away with a reason."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Circumstance
from lienthong.assistance.queries.evidence import EvidenceNotFound, evidence_of, get_evidence, recorded_of
from lienthong.assistance.services.evidence import MOST_FILES, AddEvidence, TooManyFiles, add_evidence, remove_evidence
from lienthong.assistance.services.refusals import NotYours, ReasonMissing, RecordUnknown
from lienthong.assistance.states import Programme
from lienthong.documents.services import Upload, store_upload
from lienthong.people.models import Person
from tests.assistance.known import disabled, leader, processor
from tests.documents.specimens import pdf
from tests.factories.assistance import MeritClaimFactory
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db
BOTH = frozenset(one.value for one in Programme)
SOCIAL_ONLY = frozenset({Programme.SOCIAL.value})


def stored(world: World, name: str = "giay-khai-sinh.pdf", content: bytes | None = None) -> UUID:
    upload = Upload(content=io.BytesIO(content or pdf(text=name)), name=name)
    return store_upload(upload, by=processor(world).pk, now=world.now).pk


def add(world: World, person: Person, owner: str, *files: UUID, by: Any = None) -> int:
    command = AddEvidence(person_id=person.pk, owner=owner, files=files)
    return add_evidence(command, acting_user=by or processor(world), now=world.now)


def of_fact(person: Person, name: str = "pension") -> str:
    return f"circumstance:{Circumstance.objects.get(person=person, name=name).pk}"


def test_a_scan_lies_beside_the_fact_with_day_kind_and_who_added_it(world: World) -> None:
    person = disabled(world)

    add(world, person, of_fact(person), stored(world))

    (one,) = evidence_of(person.pk, programmes=BOTH)
    assert (one.of.kind, one.attached_at, one.attached_by) == ("Hoàn cảnh", world.now, processor(world).full_name)
    assert "lương hưu" in one.of.words.casefold()
    assert get_evidence(one.file.pk, person_id=person.pk, programmes=BOTH) == one.file


def test_certificates_and_claims_take_papers_too(world: World) -> None:
    person = disabled(world)
    claim = MeritClaimFactory(person=person)
    kinds = {one.owner.partition(":")[0] for one in recorded_of(person.pk, programmes=BOTH)}

    assert kinds == {"circumstance", "certificate", "merit-claim"}
    add(world, person, f"merit-claim:{claim.pk}", stored(world))
    assert [one.of.kind for one in evidence_of(person.pk, programmes=BOTH)] == ["Diện người có công"]


def test_whoever_does_not_see_the_record_does_not_see_its_paper(world: World) -> None:
    person = disabled(world)
    claim = MeritClaimFactory(person=person)
    file = stored(world)
    add(world, person, f"merit-claim:{claim.pk}", file)

    assert evidence_of(person.pk, programmes=SOCIAL_ONLY) == []
    with pytest.raises(EvidenceNotFound):
        get_evidence(file, person_id=person.pk, programmes=SOCIAL_ONLY)
    with pytest.raises(EvidenceNotFound):
        get_evidence(file, person_id=disabled(world).pk, programmes=BOTH)


def test_the_same_file_again_changes_nothing(world: World) -> None:
    person, file = disabled(world), stored(world)
    assert [add(world, person, of_fact(person), file) for _again in range(2)] == [1, 1]


def test_only_whoever_records_there_adds_and_takes_away(world: World) -> None:
    person = disabled(world)
    with pytest.raises(NotYours):
        add(world, person, of_fact(person), stored(world), by=world.officer(Role.AUDITOR, COMMUNE))
    assert add(world, person, of_fact(person), stored(world), by=leader(world)) == 1


def test_what_was_withdrawn_or_belongs_to_another_takes_no_paper(world: World) -> None:
    person, other = disabled(world), disabled(world)
    owner = of_fact(person)
    with pytest.raises(RecordUnknown):
        add(world, other, owner, stored(world))
    Circumstance.objects.filter(person=person, name="pension").update(withdrawn_at=world.now)
    with pytest.raises(RecordUnknown):
        add(world, person, owner, stored(world))


def test_a_file_added_by_mistake_is_taken_away_with_a_reason(world: World) -> None:
    person = disabled(world)
    add(world, person, of_fact(person), stored(world))
    (one,) = evidence_of(person.pk, programmes=BOTH)
    who = {"person_id": person.pk, "acting_user": processor(world), "now": world.now}

    with pytest.raises(ReasonMissing):
        remove_evidence(one.attachment_id, reason="", **who)
    remove_evidence(one.attachment_id, reason="Giấy của người khác", **who)

    assert evidence_of(person.pk, programmes=BOTH) == []


def test_a_record_has_so_many_files_at_most(world: World) -> None:
    person = disabled(world)
    files = [stored(world, f"trang-{place}.pdf") for place in range(MOST_FILES + 1)]
    with pytest.raises(TooManyFiles):
        add(world, person, of_fact(person), *files)
    assert add(world, person, of_fact(person), *files[:MOST_FILES]) == MOST_FILES
