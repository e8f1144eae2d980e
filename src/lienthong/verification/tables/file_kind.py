"""What a file really is, by its bytes; its name is only a claim."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from pathlib import Path

from lienthong.verification.tables.refusals import (
    DamagedFile,
    EmptyFile,
    FileMissing,
    NotATable,
    ProtectedFile,
    reason_of,
)

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_OLD_BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_SAVE_AGAIN = "Hãy mở bằng Excel và lưu lại thành “Excel Workbook (.xlsx)”."
_OTHERS = (
    (b"%PDF", "tệp PDF"), (b"\x89PNG", "ảnh PNG"), (b"\xff\xd8\xff", "ảnh JPEG"), (b"GIF8", "ảnh GIF"),
    (b"Rar!", "tệp nén RAR"), (b"7z\xbc\xaf", "tệp nén 7z"), (b"\x1f\x8b", "tệp nén gzip"), (b"{\\rtf", "văn bản RTF"),
    (b"SQLite format 3", "cơ sở dữ liệu SQLite"), (b"\x00\x01\x00\x00Standard", "cơ sở dữ liệu Access"),
)  # fmt: skip
_HEAD_BYTES = 65_536


class FileKind(StrEnum):
    """The kinds that are read. Loại tệp."""

    XLSX = "XLSX"
    XLS = "XLS"
    ODS = "ODS"
    PARQUET = "Parquet"
    TEXT = "CSV"


_EXTENSIONS = {
    ".xlsx": FileKind.XLSX, ".xlsm": FileKind.XLSX, ".xls": FileKind.XLS, ".ods": FileKind.ODS,
    ".parquet": FileKind.PARQUET, ".csv": FileKind.TEXT, ".tsv": FileKind.TEXT, ".txt": FileKind.TEXT,
}  # fmt: skip


def kind_by_name(name: str) -> FileKind | None:
    """Return the kind that a file's name claims."""
    return _EXTENSIONS.get(Path(name).suffix.lower())


def kind_of(path: Path) -> FileKind:
    """Find out what a file is.

    Raises:
        FileMissing: It is not there or may not be read.
        EmptyFile: It holds no byte but spaces.
        ProtectedFile: A password locks it.
        NotATable: It is something else; the sentence says what.
        DamagedFile: It begins as a workbook and is none.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except IsADirectoryError as folder:
        raise FileMissing(f"“{path}” là thư mục. Hãy nêu một tệp XLSX, CSV hoặc Parquet.") from folder
    except OSError as missing:
        raise FileMissing(f"Không mở được tệp “{path}” ({reason_of(missing)}). Hãy kiểm tra đường dẫn.") from missing
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise EmptyFile(f"Tệp “{path.name}” trống, không có dòng nào. Hãy xuất lại từ phần mềm gốc.")
    if head.startswith(b"PAR1"):
        return _parquet(path, size)
    if head.startswith(b"PK"):
        return _zipped(path)
    if head.startswith(_OLE):
        return _compound(path)
    for mark, words in _OTHERS:
        if head.startswith(mark):
            raise NotATable(
                f"Tệp “{path.name}” thực ra là {words}, không phải bảng dữ liệu. Hãy gửi tệp XLSX hoặc CSV."
            )
    start = head[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<meta", b"<style")) or b"<table" in head.lower():
        raise NotATable(f"Tệp “{path.name}” thực ra là trang web (HTML), dù mang tên bảng tính. {_SAVE_AGAIN}")
    if start.startswith(b"<?xml"):
        raise NotATable(f"Tệp “{path.name}” thực ra là XML. {_SAVE_AGAIN}")
    if start.startswith((b"{", b"[{")):
        raise NotATable(f"Tệp “{path.name}” thực ra là JSON. Hãy xuất ra XLSX, CSV hoặc Parquet.")
    return FileKind.TEXT


def _parquet(path: Path, size: int) -> FileKind:
    with path.open("rb") as file:
        file.seek(max(size - 4, 0))
        tail = file.read(4)
    if tail == b"PARE":
        raise ProtectedFile(f"Tệp “{path.name}” được mã hóa. Hãy xuất lại không mã hóa.")
    if tail != b"PAR1":
        raise DamagedFile(f"Tệp Parquet “{path.name}” bị cụt: thiếu phần cuối. Hãy chép lại tệp.")
    return FileKind.PARQUET


def _zipped(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise DamagedFile(
            f"Tệp “{path.name}” bị hỏng hoặc chép chưa hết. Hãy chép lại; nếu vẫn lỗi: {_SAVE_AGAIN}"
        ) from broken
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        if b"encryption-data" in manifest:
            raise _protected(path)
        return FileKind.ODS
    if "xl/workbook.bin" in names:
        raise NotATable(f"Tệp “{path.name}” là Excel nhị phân (.xlsb). {_SAVE_AGAIN}")
    if any(name.startswith("word/") for name in names):
        raise NotATable(f"Tệp “{path.name}” thực ra là văn bản Word. Hãy chép bảng sang Excel và lưu thành .xlsx.")
    raise NotATable(f"Tệp “{path.name}” là tệp nén (ZIP). Hãy giải nén và gửi tệp XLSX, CSV hoặc Parquet bên trong.")


def _compound(path: Path) -> FileKind:
    content = path.read_bytes()
    if _PROTECTED in content:
        raise _protected(path)
    if any(mark in content for mark in _OLD_BOOKS):
        return FileKind.XLS
    raise NotATable(f"Tệp “{path.name}” là tệp Office cũ nhưng không phải bảng tính. Hãy gửi tệp XLSX hoặc CSV.")


def _protected(path: Path) -> ProtectedFile:
    return ProtectedFile(
        f"Tệp “{path.name}” được đặt mật khẩu nên không đọc được. Hãy mở bằng Excel, bỏ mật khẩu "
        "(Tệp → Thông tin → Bảo vệ sổ làm việc) rồi lưu lại."
    )
