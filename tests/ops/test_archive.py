import io
import json
import tarfile
from pathlib import Path

import pytest

from lienthong.ops import archive


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    (tmp_path / "one").write_bytes(b"first" * 1000)
    (tmp_path / "two").write_bytes(b"")
    target = tmp_path / "whole.tar"
    with archive.writing(target) as writer:
        writer.manifest.facts = {"made_at": "2022-09-05"}
        writer.add("database.dump", tmp_path / "one")
        writer.add("files/ab/cd/abcd", tmp_path / "two")
    return target


def test_reads_back_what_was_written(whole: Path, tmp_path: Path) -> None:
    manifest = archive.verify(whole)
    assert manifest.facts == {"made_at": "2022-09-05"}
    assert manifest.names("files") == ["files/ab/cd/abcd"]
    archive.take_out(whole, lambda name: tmp_path / "out" / name)
    assert (tmp_path / "out" / "database.dump").read_bytes() == b"first" * 1000
    assert (tmp_path / "out" / "files" / "ab" / "cd" / "abcd").read_bytes() == b""
    assert not (tmp_path / "out" / archive.MANIFEST).exists()


def test_is_readable_by_its_owner_alone(whole: Path) -> None:
    assert whole.stat().st_mode & 0o077 == 0


def test_leaves_the_old_archive_when_writing_breaks_off(whole: Path, tmp_path: Path) -> None:
    before = whole.read_bytes()
    with pytest.raises(OSError, match="missing"), archive.writing(whole) as writer:
        writer.add("database.dump", tmp_path / "missing")
    assert whole.read_bytes() == before
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.parametrize("near", [b"firstfirst", b"files/ab/cd/abcd", b'"sha256"', b'"facts"'])
def test_refuses_a_changed_byte(whole: Path, near: bytes) -> None:
    content = bytearray(whole.read_bytes())
    content[content.index(near) + 3] ^= 0xFF
    whole.write_bytes(content)
    with pytest.raises(archive.ArchiveDamaged):
        archive.verify(whole)


@pytest.mark.parametrize("kept", [0, 100, 512, 3000, 6000])
def test_refuses_an_archive_that_was_cut_off(whole: Path, kept: int) -> None:
    whole.write_bytes(whole.read_bytes()[:kept])
    with pytest.raises(archive.ArchiveDamaged):
        archive.verify(whole)


def test_refuses_what_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "letter.tar").write_text("Kính gửi …" * 1000)
    with pytest.raises(archive.ArchiveDamaged, match="không phải tệp tar"):
        archive.verify(tmp_path / "letter.tar")
    with pytest.raises(archive.ArchiveDamaged, match="Không có tệp"):
        archive.verify(tmp_path / "nowhere.tar")


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd", "files/../../escape"])
def test_refuses_a_part_that_would_land_elsewhere(tmp_path: Path, name: str) -> None:
    evil = _hand_made(tmp_path / "evil.tar", [(name, b"x", tarfile.REGTYPE)])
    with pytest.raises(archive.ArchiveDamaged, match="không hợp lệ"):
        archive.verify(evil)


def test_refuses_links_and_doubled_parts(tmp_path: Path) -> None:
    link = _hand_made(tmp_path / "link.tar", [("database.dump", b"", tarfile.SYMTYPE)])
    with pytest.raises(archive.ArchiveDamaged, match="không hợp lệ"):
        archive.verify(link)
    twice = _hand_made(tmp_path / "twice.tar", [("one", b"1", tarfile.REGTYPE), ("one", b"2", tarfile.REGTYPE)])
    with pytest.raises(archive.ArchiveDamaged, match="không hợp lệ"):
        archive.verify(twice)


def test_refuses_the_format_of_a_later_version(tmp_path: Path) -> None:
    manifest = json.dumps({"format": 99, "facts": {}, "parts": {}}).encode()
    later = _hand_made(tmp_path / "later.tar", [(archive.MANIFEST, manifest, tarfile.REGTYPE)])
    with pytest.raises(archive.ArchiveDamaged, match="định dạng 99"):
        archive.verify(later)


def _hand_made(path: Path, parts: list[tuple[str, bytes, bytes]]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content, kind in parts:
            entry = tarfile.TarInfo(name)
            entry.type = kind
            entry.size = len(content)
            entry.linkname = "/etc/passwd" if kind == tarfile.SYMTYPE else ""
            tar.addfile(entry, io.BytesIO(content))
    return path
