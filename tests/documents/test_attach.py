"""Files belong to things under roles; what ends keeps its row."""

from typing import Any
from uuid import uuid4

import pytest

from lienthong.documents.events import stream_of
from lienthong.documents.models import Attachment
from lienthong.documents.queries import NoSuchFile, attachments_of, attachments_of_many, get_file
from lienthong.documents.services import NothingAttached, attach, detach, move_attachments
from lienthong.infra.events import events_of, sentence_of
from tests.documents import specimens
from tests.documents.specimens import NOW, stored
from tests.documents.test_store import together

pytestmark = pytest.mark.django_db
DOSSIER = "dossier:12"


def test_a_file_is_found_with_its_thing_and_its_role() -> None:
    file = stored()

    attach(DOSSIER, "item:3", file, by=7, now=NOW)

    (attachment,) = attachments_of(DOSSIER)
    assert (attachment.role, attachment.file, attachment.attached_by) == ("item:3", file, 7)
    assert attachments_of("dossier:13") == []


def test_a_double_click_attaches_once() -> None:
    file = stored()

    first = attach(DOSSIER, "item:3", file, by=7, now=NOW)
    second = attach(DOSSIER, "item:3", file, by=7, now=NOW)

    assert first == second
    assert [event.name for event in events_of(stream_of(file.id))] == ["FileStored", "FileAttached"]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_attach_once() -> None:
    file = stored()

    together(*[lambda: attach(DOSSIER, "item:3", file, by=7, now=NOW) for _ in range(4)])

    assert Attachment.objects.count() == 1


def test_one_role_holds_several_pages_in_the_order_in_which_they_came() -> None:
    files = [stored(specimens.png(40 + page, 30), f"trang {page}.png") for page in range(3)]
    for file in files:
        attach(DOSSIER, "item:3", file, by=None, now=NOW)

    assert [attachment.file for attachment in attachments_of(DOSSIER)] == files


def test_a_detached_file_is_gone_from_the_list_and_stays_in_the_book() -> None:
    file = stored()
    attachment = attach(DOSSIER, "item:3", file, by=None, now=NOW)

    detach(attachment.pk, owner=DOSSIER, by=7, now=NOW)
    detach(attachment.pk, owner=DOSSIER, by=8, now=NOW)

    assert attachments_of(DOSSIER) == []
    attachment.refresh_from_db()
    assert (attachment.removed_at, attachment.removed_by) == (NOW, 7)
    assert [event.name for event in events_of(stream_of(file.id))] == ["FileStored", "FileAttached", "FileDetached"]


def test_a_detached_file_may_be_attached_again() -> None:
    file = stored()
    detach(attach(DOSSIER, "item:3", file, by=None, now=NOW).pk, owner=DOSSIER, by=None, now=NOW)

    attach(DOSSIER, "item:3", file, by=None, now=NOW)

    assert len(attachments_of(DOSSIER)) == 1
    assert Attachment.objects.count() == 2


def test_nobody_detaches_what_belongs_to_another_thing() -> None:
    attachment = attach(DOSSIER, "item:3", stored(), by=None, now=NOW)

    with pytest.raises(NothingAttached, match="tải lại trang"):
        detach(attachment.pk, owner="dossier:13", by=None, now=NOW)

    assert len(attachments_of(DOSSIER)) == 1


def test_a_draft_becomes_a_dossier_with_all_its_files() -> None:
    draft = f"draft:{uuid4()}"
    kept = [stored(specimens.pdf(text=str(page))) for page in range(2)]
    for place, file in enumerate(kept):
        attach(draft, f"item:{place}", file, by=None, now=NOW)
    taken_off = attach(draft, "item:9", stored(), by=None, now=NOW)
    detach(taken_off.pk, owner=draft, by=None, now=NOW)

    assert move_attachments(draft, DOSSIER, by=7, now=NOW) == 2
    assert move_attachments(draft, DOSSIER, by=7, now=NOW) == 0

    assert attachments_of(draft) == []
    assert [(one.role, one.file) for one in attachments_of(DOSSIER)] == [("item:0", kept[0]), ("item:1", kept[1])]
    last = list(events_of(stream_of(kept[0].id)))[-1]
    assert (last.name, last.actor_id) == ("FileMoved", 7)
    assert sentence_of(last) == f"Tệp được chuyển từ {draft} sang {DOSSIER}."


def test_a_file_that_is_there_already_does_not_come_twice() -> None:
    file = stored()
    attach("draft:1", "item:0", file, by=None, now=NOW)
    attach(DOSSIER, "item:0", file, by=None, now=NOW)

    assert move_attachments("draft:1", DOSSIER, by=None, now=NOW) == 0

    assert attachments_of("draft:1") == []
    assert len(attachments_of(DOSSIER)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_draft_sent_twice_at_once_gives_its_files_once() -> None:
    for page in range(3):
        attach("draft:1", f"item:{page}", stored(specimens.pdf(text=str(page))), by=None, now=NOW)

    moved = together(*[lambda: move_attachments("draft:1", DOSSIER, by=None, now=NOW) for _ in range(3)])

    assert sorted(moved) == [0, 0, 3]
    assert len(attachments_of(DOSSIER)) == 3


@pytest.mark.parametrize("things", [1, 30])
def test_the_files_of_many_things_cost_one_query(things: int, django_assert_num_queries: Any) -> None:
    owners = [f"dossier:{number}" for number in range(things)]
    file = stored()
    for owner in owners:
        attach(owner, "item:0", file, by=None, now=NOW)

    with django_assert_num_queries(1):
        found = attachments_of_many([*owners, "dossier:none"])
        assert [found[owner][0].file.name for owner in owners] == [file.name] * things
    assert found["dossier:none"] == []


def test_a_file_opens_only_through_the_thing_it_belongs_to() -> None:
    file = stored()
    attachment = attach(DOSSIER, "item:3", file, by=None, now=NOW)
    assert get_file(file.id, owner=DOSSIER) == file

    with pytest.raises(NoSuchFile):
        get_file(file.id, owner="dossier:13")
    detach(attachment.pk, owner=DOSSIER, by=None, now=NOW)
    with pytest.raises(NoSuchFile, match="đã được gỡ"):
        get_file(file.id, owner=DOSSIER)
