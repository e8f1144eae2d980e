"""Keeping files: once, whole, and never half."""

import hashlib
import io
import os
import threading
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from lienthong.documents import vault
from lienthong.documents.events import stream_of
from lienthong.documents.inspection.refusals import FileEmpty, FileTooLarge, KindNotAccepted
from lienthong.documents.models import StoredFile
from lienthong.documents.queries import open_content
from lienthong.documents.services import Upload, store_upload, sweep_orphans
from lienthong.infra.events import events_of
from tests.documents import specimens
from tests.documents.specimens import NOW, stored, upload


def everything_on_disk() -> list[Path]:
    from django.conf import settings

    return sorted(path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file())


class Flood:
    """A stream that is far larger than memory; it says how much was taken from it."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.largest_bite = 0

    def read(self, size: int = -1, /) -> bytes:
        self.largest_bite = max(self.largest_bite, size if size >= 0 else self.left)
        size = min(size, self.left)
        self.left -= size
        return b"\0" * size


@pytest.mark.django_db
class TestStoreUpload:
    def test_gives_back_the_very_bytes(self) -> None:
        content = specimens.pdf(text="Nguyễn Thị Ỷ")

        file = stored(content, "Đơn của Nguyễn Thị Ỷ.pdf")

        with open_content(file) as kept:
            assert kept.read() == content
        assert (file.sha256, file.size) == (hashlib.sha256(content).hexdigest(), len(content))
        assert (file.media_type, file.name) == ("application/pdf", "Đơn của Nguyễn Thị Ỷ.pdf")

    def test_takes_the_file_of_a_form(self) -> None:
        sent = SimpleUploadedFile("ảnh.jpg", specimens.jpeg(), content_type="image/jpeg")

        file = store_upload(Upload(content=sent, name=sent.name, declared_type=sent.content_type), by=7, now=NOW)

        assert (file.media_type, file.stored_by, file.stored_at) == ("image/jpeg", 7, NOW)

    def test_believes_the_bytes_and_not_the_sender(self) -> None:
        file = store_upload(upload(specimens.png(), "ảnh.jpg", "application/pdf"), by=None, now=NOW)

        assert (file.media_type, file.name) == ("image/png", "ảnh.jpg.png")

    def test_keeps_the_same_bytes_once_and_each_name(self) -> None:
        one, other = stored(name="một.pdf"), stored(name="hai.pdf")

        assert one.sha256 == other.sha256
        assert (one.name, other.name) == ("một.pdf", "hai.pdf")
        assert everything_on_disk() == [vault.path_of(one.sha256)]

    def test_writes_once_and_for_nobody_else(self) -> None:
        path = vault.path_of(stored().sha256)

        assert path.stat().st_mode & 0o777 == 0o400
        assert path.relative_to(path.parents[2]).parts[:2] == (path.name[:2], path.name[2:4])

    def test_puts_a_cut_content_right_when_it_comes_again(self) -> None:
        path = vault.path_of(stored().sha256)
        path.unlink()
        path.write_bytes(b"half")

        file = stored()

        assert path.stat().st_size == file.size

    def test_writes_down_who_stored_what(self) -> None:
        file = store_upload(upload(specimens.pdf(), declared_type="application/pdf\0\ud800"), by=7, now=NOW)

        (event,) = events_of(stream_of(file.id))
        assert (event.name, event.actor_id, event.payload["sha256"]) == ("FileStored", 7, file.sha256)
        assert event.payload["declared_type"] == "application/pdf"

    def test_refuses_an_empty_file(self) -> None:
        with pytest.raises(FileEmpty, match="rỗng"):
            stored(b"")
        assert everything_on_disk() == []

    def test_refuses_what_is_larger_than_the_limit_and_stops_reading(self, settings: Any) -> None:
        flood = Flood(10 << 30)
        tracemalloc.start()

        with pytest.raises(FileTooLarge, match="25 MB"):
            store_upload(Upload(content=flood, name="phim.pdf"), by=None, now=NOW)

        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (10 << 30) - flood.left < settings.UPLOAD_LIMIT_BYTES + (1 << 20)
        assert flood.largest_bite <= 1 << 20
        assert peak < 4 << 20
        assert everything_on_disk() == []

    def test_accepts_a_file_of_just_the_limit(self, settings: Any) -> None:
        content = specimens.pdf()
        settings.UPLOAD_LIMIT_BYTES = len(content)

        assert stored(content).size == len(content)
        with pytest.raises(FileTooLarge):
            stored(content + b" ")

    def test_leaves_nothing_of_a_refused_file(self) -> None:
        with pytest.raises(KindNotAccepted):
            stored(b"MZ" + b"\0" * 100, "chạy.exe")

        assert everything_on_disk() == []
        assert not StoredFile.objects.exists()

    def test_leaves_nothing_of_a_connection_that_broke(self) -> None:
        class Broken(io.BytesIO):
            def read(self, size: int | None = -1, /) -> bytes:
                raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            store_upload(Upload(content=Broken(), name="đơn.pdf"), by=None, now=NOW)

        assert everything_on_disk() == []


@pytest.mark.django_db
class TestSweepOrphans:
    def test_takes_away_what_a_rolled_back_transaction_left_after_a_day(self) -> None:
        kept = stored(specimens.pdf(text="giữ"))
        with pytest.raises(RuntimeError), transaction.atomic():
            orphan = stored(specimens.pdf(text="bỏ"))
            raise RuntimeError
        grow_old(vault.path_of(orphan.sha256), hours=25)
        grow_old(vault.path_of(kept.sha256), hours=25)

        assert sweep_orphans(now=NOW) == 1
        assert everything_on_disk() == [vault.path_of(kept.sha256)]

    def test_leaves_what_is_younger_than_a_day(self) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            orphan = stored()
            raise RuntimeError
        grow_old(vault.path_of(orphan.sha256), hours=23)

        assert sweep_orphans(now=NOW) == 0
        assert everything_on_disk() == [vault.path_of(orphan.sha256)]

    def test_takes_away_uploads_that_never_finished(self) -> None:
        vault.incoming_folder().mkdir(parents=True)
        part = vault.incoming_folder() / "dở.part"
        part.write_bytes(b"%PDF")
        grow_old(part, hours=25)

        assert sweep_orphans(now=NOW) == 1
        assert everything_on_disk() == []

    def test_runs_every_night_as_a_job(self) -> None:
        from lienthong.documents.tasks import sweep
        from lienthong.infra.jobs import app

        vault.incoming_folder().mkdir(parents=True)
        part = vault.incoming_folder() / "dở.part"
        part.touch()
        grow_old(part, hours=25)

        sweep(timestamp=int(NOW.timestamp()))

        assert everything_on_disk() == []
        assert "documents.sweep" in app.tasks


def grow_old(path: Path, *, hours: int) -> None:
    moment = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(path, (moment, moment))


def together(*jobs: Any) -> list[Any]:
    """Run jobs in threads of their own and return what they return; the first error is raised."""
    answers: list[Any] = [None] * len(jobs)

    def run(place: int, job: Any) -> None:
        try:
            answers[place] = job()
        except BaseException as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_the_same_bytes_from_eight_hands_lie_there_once(self) -> None:
        content = specimens.pdf() + b" " * 200_000 + b"\nstartxref\n0\n%%EOF"

        files = together(*[lambda i=i: stored(content, f"{i}.pdf") for i in range(8)])

        assert len({file.id for file in files}) == 8
        assert {file.sha256 for file in files} == {hashlib.sha256(content).hexdigest()}
        assert everything_on_disk() == [vault.path_of(files[0].sha256)]
        assert vault.path_of(files[0].sha256).read_bytes() == content

    def test_two_who_store_two_files_crosswise_do_not_wait_for_each_other(self) -> None:
        one, other = specimens.pdf(text="một"), specimens.pdf(text="hai")
        halfway = threading.Barrier(2, timeout=10)

        def store_both(first: bytes, second: bytes) -> int:
            with transaction.atomic():
                stored(first)
                halfway.wait()
                stored(second)
            return 2

        assert together(lambda: store_both(one, other), lambda: store_both(other, one)) == [2, 2]

    def test_the_sweep_never_takes_what_is_being_stored_again(self) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            orphan = stored()
            raise RuntimeError
        grow_old(vault.path_of(orphan.sha256), hours=25)
        written, swept = threading.Event(), threading.Event()

        def store() -> StoredFile:
            with transaction.atomic():
                file = stored()
                written.set()
                assert not swept.wait(timeout=0.5), "the sweep did not wait for the lock"
            return file

        def sweep() -> int:
            written.wait(timeout=10)
            count = sweep_orphans(now=NOW)
            swept.set()
            return count

        file, count = together(store, sweep)

        assert count == 0
        assert vault.path_of(file.sha256).is_file()
