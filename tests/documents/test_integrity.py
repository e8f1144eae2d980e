"""The doctor sees every file that is missing, cut, changed or nobody's."""

import os
import time

import pytest
from django.db import transaction

from lienthong.documents import vault
from lienthong.documents.integrity import attached_otherwise, contents_amiss, orphans
from lienthong.documents.models import Attachment
from lienthong.documents.queries import attachments_of
from lienthong.documents.services import attach, detach, move_attachments
from lienthong.infra.health import checks
from tests.documents import specimens
from tests.documents.specimens import NOW, stored

pytestmark = pytest.mark.django_db
DOSSIER = "dossier:12"


def rewrite(sha256: str, content: bytes) -> None:
    path = vault.path_of(sha256)
    path.unlink()
    path.write_bytes(content)


def test_finds_nothing_amiss_where_all_is_well() -> None:
    stored()
    stored(specimens.png(), "ảnh.png")

    assert list(contents_amiss()) == []
    assert list(orphans()) == []


def test_names_a_missing_file() -> None:
    file = stored(name="Đơn.pdf")
    vault.path_of(file.sha256).unlink()

    (sentence,) = contents_amiss()
    assert "Đơn.pdf" in sentence
    assert "bản sao lưu" in sentence


def test_names_a_file_that_was_cut() -> None:
    file = stored(name="Đơn.pdf")
    rewrite(file.sha256, specimens.pdf()[:50])

    assert any("dung lượng 50 byte" in sentence for sentence in contents_amiss())


@pytest.mark.parametrize("sample", [None, 1000, 2])
def test_sees_a_single_changed_byte(sample: int | None) -> None:
    content = specimens.pdf()
    file = stored(content)
    rewrite(file.sha256, content[:-1] + b"x")

    (sentence,) = contents_amiss(sample=sample)
    assert file.sha256[:12] in sentence


def test_a_sample_reads_no_more_than_it_says() -> None:
    files = [stored(specimens.png(40 + place, 30), f"{place}.png") for place in range(5)]
    for file in files:
        rewrite(file.sha256, b"x" * file.size)

    assert len(list(contents_amiss(sample=2))) == 2
    assert len(list(contents_amiss(sample=None))) == 5


def test_lists_orphans_and_unfinished_uploads_that_the_sweep_has_left_lying() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        stored()
        raise RuntimeError
    vault.incoming_folder().joinpath("dở.part").touch()
    assert list(orphans()) == [], "somebody may be sending them just now"

    three_days_ago = time.time() - 3 * 86_400
    for path in (*vault.kept_contents(), *vault.unfinished_contents()):
        os.utime(path, (three_days_ago, three_days_ago))

    first, second = orphans()
    assert "không thuộc tệp nào" in first
    assert "dở dang" in second


def test_is_asked_by_the_doctor() -> None:
    assert {"Tệp lưu trữ đủ và nguyên vẹn", "Không có tệp mồ côi"} <= set(checks())


def test_never_makes_a_path_of_what_is_no_digest() -> None:
    for nonsense in ("../../../etc/passwd", "", "A" * 64, "0" * 63):
        with pytest.raises(ValueError, match="SHA-256"):
            vault.path_of(nonsense)


class TestAttachedOtherwise:
    def test_finds_nothing_amiss_where_the_log_tells_every_attachment(self) -> None:
        first, second = stored(), stored(specimens.png(), "ảnh.png")
        attach("draft:1", "item:1", first, by=7, now=NOW)
        attach("draft:1", "item:2", second, by=7, now=NOW)
        move_attachments("draft:1", DOSSIER, by=7, now=NOW)
        attach("draft:1", "item:1", first, by=7, now=NOW)
        move_attachments("draft:1", DOSSIER, by=7, now=NOW)
        for attachment in attachments_of(DOSSIER):
            detach(attachment.pk, owner=DOSSIER, by=7, now=NOW)
        attach(DOSSIER, "item:1", first, by=7, now=NOW)
        assert list(attached_otherwise()) == []
        assert attached_otherwise in checks().values()

    def test_names_a_row_that_is_gone_and_one_that_was_put_there(self) -> None:
        attachment = attach(DOSSIER, "item:1", stored(), by=7, now=NOW)
        Attachment.objects.filter(pk=attachment.pk).delete()
        (sentence,) = attached_otherwise()
        assert (
            sentence == f"{DOSSIER}, item:1: tệp {attachment.file_id} không còn đính kèm mà nhật ký không ghi việc gỡ"
        )

        put = Attachment.objects.create(owner=DOSSIER, role="result", file=attachment.file, attached_at=NOW)
        assert f"{DOSSIER}, result: tệp {put.file_id} đính kèm mà nhật ký không ghi" in list(attached_otherwise())

    def test_names_both_ends_of_a_move_that_nobody_told(self) -> None:
        attach(DOSSIER, "item:1", stored(), by=7, now=NOW)
        Attachment.objects.update(owner="dossier:99")
        assert [sentence.split(",")[0] for sentence in attached_otherwise()] == [DOSSIER, "dossier:99"]

    def test_names_an_ended_attachment_whose_row_is_gone(self) -> None:
        attachment = attach(DOSSIER, "item:1", stored(), by=7, now=NOW)
        detach(attachment.pk, owner=DOSSIER, by=7, now=NOW)
        Attachment.objects.all().delete()
        (sentence,) = attached_otherwise()
        assert "đã gỡ khác với nhật ký" in sentence
