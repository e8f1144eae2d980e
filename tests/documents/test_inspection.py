"""Every refusal says what is wrong, which file, and what to do; every accepted kind comes through."""

import io
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from lienthong.documents.inspection import kinds, office
from lienthong.documents.inspection.refusals import (
    CarriesProgram,
    FileBroken,
    FileLocked,
    FileRefused,
    HidesTooMuch,
    ImageTooLarge,
    KindNotAccepted,
    NotWhatItsNameSays,
    OldOfficeFile,
)
from tests.documents import specimens

NAME = "Giấy tờ.pdf"


def inspect(content: bytes, tmp_path: Path, name: str = NAME) -> kinds.Kind:
    file = tmp_path / "content"
    file.write_bytes(content)
    return kinds.inspect(file, name=name)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (specimens.pdf(), kinds.PDF),
        (specimens.png(), kinds.PNG),
        (specimens.jpeg(), kinds.JPEG),
        (specimens.tiff((2480, 3508), (2480, 3508)), kinds.TIFF),
        (specimens.heic(), kinds.HEIC),
        (specimens.docx(), kinds.DOCX),
        (specimens.xlsx(), kinds.XLSX),
    ],
    ids=["PDF", "PNG", "JPEG", "TIFF", "HEIC", "DOCX", "XLSX"],
)
def test_knows_each_accepted_kind_by_its_bytes_alone(content: bytes, kind: kinds.Kind, tmp_path: Path) -> None:
    assert inspect(content, tmp_path, "không có đuôi") is kind


def test_accepts_a_document_that_carries_the_workbook_of_its_chart(tmp_path: Path) -> None:
    content = specimens.docx(**{"word/embeddings/Microsoft_Excel_Sheet.xlsx": specimens.xlsx()})

    assert inspect(content, tmp_path) is kinds.DOCX


REFUSED = {
    "a program": (b"MZ" + b"\0" * 200, "ảnh.exe", KindNotAccepted),
    "a program called a PDF": (b"MZ" + b"\0" * 200, "đơn.pdf", NotWhatItsNameSays),
    "a page of the web": (b"<!doctype html><script>alert(1)</script>", "đơn.html", KindNotAccepted),
    "a picture with scripts": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "ảnh.svg", KindNotAccepted),
    "plain words called JPEG": ("Ảnh".encode(), "ảnh.JPG", NotWhatItsNameSays),
    "a plain archive": (specimens.office({"a.txt": b"a"}), "giấy tờ.zip", KindNotAccepted),
    "a plain archive called DOCX": (specimens.office({"a.txt": b"a"}), "đơn.docx", NotWhatItsNameSays),
    "an office file of before 2007": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "đơn.doc", OldOfficeFile),
    "half a PDF": (specimens.pdf()[:-200] + b" " * 4096, "đơn.pdf", FileBroken),
    "a PDF of no version": (specimens.pdf().replace(b"%PDF-1", b"%PDF-9", 1), "đơn.pdf", FileBroken),
    "a PDF with a password": (specimens.locked_pdf(user_password="mật khẩu"), "đơn.pdf", FileLocked),
    "a PDF that forbids use": (specimens.locked_pdf(user_password=""), "đơn.pdf", FileLocked),
    "a PNG wide as a wall": (specimens.png(1_000_000, 20), "ảnh.png", ImageTooLarge),
    "a PNG of a billion points": (specimens.png(20_000, 20_000), "ảnh.png", ImageTooLarge),
    "a PNG without width": (specimens.png(0, 20), "ảnh.png", FileBroken),
    "a PNG that was cut off": (specimens.png()[:-12], "ảnh.png", FileBroken),
    "a PNG of nine bytes": (specimens.png()[:9], "ảnh.png", FileBroken),
    "a JPEG of four billion points": (specimens.jpeg(65_500, 65_500), "ảnh.jpg", ImageTooLarge),
    "a JPEG without a frame": (b"\xff\xd8\xff\xda\0\x08", "ảnh.jpg", FileBroken),
    "a JPEG cut in its head": (specimens.jpeg()[:22], "ảnh.jpg", FileBroken),
    "a JPEG of endless segments": (b"\xff\xd8" + b"\xff\xe1\0\2" * 50_000, "ảnh.jpg", FileBroken),
    "a JPEG of no markers": (b"\xff\xd8\xff" + b"\xff" * 100, "ảnh.jpg", FileBroken),
    "a TIFF of endless pages": (specimens.tiff((10, 10), endless=True), "ảnh.tif", FileBroken),
    "a TIFF whose second page is huge": (specimens.tiff((10, 10), (10, 90_000)), "ảnh.tif", ImageTooLarge),
    "a TIFF cut short": (specimens.tiff((10, 10))[:-8], "ảnh.tif", FileBroken),
    "a HEIC without a size": (specimens.heic()[:24] + b"\0" * 40, "ảnh.heic", FileBroken),
    "a HEIC of a billion points": (specimens.heic(40_000, 40_000), "ảnh.heic", ImageTooLarge),
    "a document with macros": (specimens.docx(**{"word/vbaProject.bin": b"x"}), "đơn.docx", CarriesProgram),
    "a document with an archive inside": (specimens.docx(inside=specimens.office({"a": b"a"})), "đ.docx", HidesTooMuch),
    "a document with a hidden 7z": (specimens.docx(inside=b"7z\xbc\xaf\x27\x1c\0\4"), "đơn.docx", HidesTooMuch),
    "half a document": (specimens.docx()[:-30], "đơn.docx", FileBroken),
    "a document with a wrong checksum": (
        specimens.office({"word/document.xml": b"A" * 40}, method=zipfile.ZIP_STORED).replace(b"AAAA", b"AAAB", 1),
        "đơn.docx",
        FileBroken,
    ),
    "a document that lies about its size": (specimens.liar(), "đơn.docx", FileBroken),
    "a document packed by a method of its own": (
        specimens.office({"word/document.xml": b"A" * 40}, method=zipfile.ZIP_BZIP2),
        "đơn.docx",
        HidesTooMuch,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_in_words(case: str, tmp_path: Path) -> None:
    content, name, refusal = REFUSED[case]

    with pytest.raises(FileRefused) as refused:
        inspect(content, tmp_path, name)

    assert type(refused.value) is refusal
    assert f"“{name}”" in str(refused.value)
    assert "Hãy" in str(refused.value)
    assert "%" not in str(refused.value)


def test_a_document_locked_with_a_password_inside_is_refused(tmp_path: Path) -> None:
    content = bytearray(specimens.docx())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(FileLocked):
        inspect(bytes(content), tmp_path)


def test_a_bomb_of_42_kilobytes_that_holds_gigabytes_is_refused_without_unpacking(tmp_path: Path) -> None:
    bomb = specimens.bomb()
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) > 4 << 30
    assert len(bomb) < 60_000

    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(HidesTooMuch):
        inspect(bomb, tmp_path)
    seconds = time.perf_counter() - began
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2 << 20
    assert seconds < 1


def test_entries_that_share_their_bytes_are_refused_however_small(tmp_path: Path) -> None:
    small = specimens.docx()
    end = small.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", small, end + 16)[0]
    table = small[start:end]
    twice = table + table[table.rindex(b"PK\x01\x02") :].replace(b"document", b"document"[::-1])
    record = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(twice), start, 0)

    with pytest.raises(HidesTooMuch):
        inspect(small[:start] + twice + record, tmp_path)


def test_a_table_of_contents_longer_than_any_document_needs_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(HidesTooMuch):
        inspect(specimens.office({f"{i}": b"" for i in range(office.MAX_ENTRIES + 1)}), tmp_path)


def test_a_second_end_record_that_names_a_giant_table_is_believed_and_refused(tmp_path: Path) -> None:
    small = specimens.docx()
    end = small.rindex(b"PK\x05\x06")
    giant = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 9_000_000, 9_000_000, 400 << 20, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)

    with pytest.raises(HidesTooMuch):
        inspect(small[:end] + giant + locator + small[end:], tmp_path)
