"""Small files of every kind, whole and damaged, made here so that no file of anybody is needed."""

import io
import struct
import zipfile
import zlib
from datetime import datetime

from openpyxl import Workbook
from pypdf import PdfWriter

from lienthong.documents.models import StoredFile
from lienthong.documents.services import Upload, store_upload
from lienthong.kernel.days import LOCAL_ZONE

NOW = datetime(2026, 11, 23, 8, 15, tzinfo=LOCAL_ZONE)
WORD_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def pdf(*, text: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=420, height=595)
    writer.add_metadata({"/Title": text})
    return written(writer)


def locked_pdf(*, user_password: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=420, height=595)
    writer.encrypt(user_password=user_password, owner_password="owner", algorithm="RC4-128")
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def png(width: int = 40, height: int = 30) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\0" * (width + 1) * min(height, 30)))
    return b"\x89PNG\r\n\x1a\n" + head + rows + chunk(b"IEND", b"")


def jpeg(width: int = 40, height: int = 30) -> bytes:
    application = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8" + application + b"\xff" + frame + b"\xff\xda\0\x08\1\1\0\0\x3f\0\xff\xd9"


def tiff(*sizes: tuple[int, int], endless: bool = False) -> bytes:
    body, offset = b"", 8
    for place, (width, height) in enumerate(sizes):
        last = place == len(sizes) - 1
        following = (8 if endless else 0) if last else offset + 30
        body += struct.pack("<HHHIHHHHI", 2, 256, 3, 1, width, 0, 257, 4, 1)
        body += struct.pack("<I", height) + struct.pack("<I", following)
        offset += 30
    return b"II*\0" + struct.pack("<I", 8) + body


def heic(width: int = 4032, height: int = 3024) -> bytes:
    brand = b"ftypheic\0\0\0\0mif1heic"
    size = b"ispe\0\0\0\0" + struct.pack(">II", width, height)
    return struct.pack(">I", len(brand) + 4) + brand + struct.pack(">I", len(size) + 4) + size


def office(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        archive.writestr("[Content_Types].xml", WORD_TYPES)
        for name, body in parts.items():
            archive.writestr(name, body)
    return content.getvalue()


def docx(**more: bytes) -> bytes:
    return office({"word/document.xml": b"<document>Don de nghi</document>", **more})


def xlsx() -> bytes:
    book = Workbook()
    book.active.append(["Số định danh", "019184001234"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def bomb() -> bytes:
    """A DOCX of some 45 kB whose hundred entries share one packed body: over four gigabytes when unpacked."""
    kernel = office({"word/document.xml": b"\0" * (42 << 20)})
    end = kernel.rindex(b"PK\x05\x06")
    table = kernel[struct.unpack_from("<I", kernel, end + 16)[0] : end]
    entry = table[table.rindex(b"PK\x01\x02") :]
    many = b"".join(entry.replace(b"word/document.xml", b"word/docume%02d.xml" % i) for i in range(100))
    record = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 102, 102, len(table + many), end - len(table), 0)
    return kernel[:end] + many + record


def liar() -> bytes:
    """A DOCX whose table of contents says that a body of 40 MB is one of 100 bytes."""
    kernel = bytearray(office({"word/document.xml": b"\0" * (40 << 20)}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", kernel, kernel.rindex(mark) + at, 100)
    return bytes(kernel)


def upload(content: bytes, name: str = "Giấy khai sinh.pdf", declared_type: str = "") -> Upload:
    return Upload(content=io.BytesIO(content), name=name, declared_type=declared_type)


def stored(content: bytes | None = None, name: str = "Giấy khai sinh.pdf") -> StoredFile:
    return store_upload(upload(pdf() if content is None else content, name), by=None, now=NOW)
