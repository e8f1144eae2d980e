"""Text files in whatever encoding offices send, as UTF-8.

Lines that are not UTF-8 keep each byte as the Western letter of its code point: that is how TCVN3 and VNI are decoded
later, name by name, by the engine. Bảng mã.
"""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from lienthong.kernel.old_encodings import decode_tcvn3, decode_vni, is_vietnamese_syllable
from lienthong.kernel.text import nfc
from lienthong.verification.tables.refusals import NotATable
from lienthong.verification.tables.table import name_rows

_CHUNK = 4_000_000
_SAMPLE_WORDS = 2_000
_WORD = re.compile("[A-Za-z\u00a1-\u024f\u0300-\u0323\u1e00-\u1eff\u20ab]+")
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})
_MOST_CONTROL_SHARE = 0.003


@dataclass(slots=True)
class Utf8Text:
    """A text file as UTF-8.

    Attributes:
        path: The file itself where it was UTF-8, else a copy that is.
        encoding: What it was, in words.
        lines: How many lines.
        quotes: How many quotation marks.
    """

    path: Path
    encoding: str
    lines: int
    quotes: int
    notices: list[str] = field(default_factory=list)


@contextmanager
def as_utf8(path: Path) -> Iterator[Utf8Text]:
    """Give a text file as UTF-8; a copy that had to be made is gone afterwards.

    Raises:
        NotATable: It holds bytes that no text holds.
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    utf_16 = _utf_16(head)
    if utf_16 is None:
        _refuse_binary(head, path.name)
        plain = _already_utf8(path)
        if plain is not None and (b"\n" in head or b"\r" not in head):
            yield plain
            return
    with tempfile.TemporaryDirectory(prefix="lienthong-") as folder:
        copy = Path(folder) / "table.csv"
        with path.open("rb") as source, copy.open("wb") as target:
            text = _from_utf_16(source, target, utf_16) if utf_16 else _line_by_line(source, target, _is_1258(head))
        text.path = copy
        yield text


def _utf_16(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    pairs = head[:4000]
    even, odd = pairs[0::2].count(0), pairs[1::2].count(0)
    # Digits, separators and most letters have a zero beside them; a UTF-8 text has none at all.
    if max(even, odd) > 0.25 * len(pairs) / 2 and min(even, odd) < 0.02 * len(pairs) / 2:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _refuse_binary(head: bytes, name: str) -> None:
    control = len(head) - len(head.translate(None, _CONTROL))
    if b"\0" in head or control > _MOST_CONTROL_SHARE * len(head):
        raise NotATable(
            f"Tệp “{name}” chứa dữ liệu nhị phân, không phải bảng dữ liệu đọc được. "
            "Hãy kiểm tra đã chọn đúng tệp, hoặc xuất lại ra XLSX, CSV (UTF-8) hoặc Parquet."
        )


def _already_utf8(path: Path) -> Utf8Text | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, quotes, last = 0, 0, b"\n"
    with path.open("rb") as file:
        has_mark = file.read(3) == codecs.BOM_UTF8
        file.seek(0)
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return None
            lines += chunk.count(b"\n")
            quotes += chunk.count(b'"')
            last = chunk[-1:]
    if decoder.getstate()[0]:
        return None
    return Utf8Text(path, "UTF-8 có BOM" if has_mark else "UTF-8", lines + (last != b"\n"), quotes)


def _from_utf_16(source: BinaryIO, target: BinaryIO, encoding: str) -> Utf8Text:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text = Utf8Text(Path(), encoding.upper().replace("-LE", " LE").replace("-BE", " BE"), 0, 0)
    last = "\n"
    while chunk := source.read(_CHUNK):
        decoded = decoder.decode(chunk).replace("\ufeff", "").replace("\0", "")
        target.write(decoded.encode())
        text.lines += decoded.count("\n")
        text.quotes += decoded.count('"')
        last = decoded[-1:] or last
    text.lines += last != "\n"
    return text


def _line_by_line(source: BinaryIO, target: BinaryIO, is_1258: bool) -> Utf8Text:
    """Copy each line: as it is where it is UTF-8, its bytes as letters where it is not."""
    text = Utf8Text(Path(), "", 0, 0)
    western: list[int] = []
    unicode_lines = 0
    for raw in _lines(source):
        text.lines += 1
        try:
            line = raw.decode("utf-8")
            unicode_lines += not raw.isascii()
        except UnicodeDecodeError:
            line = _western(raw, is_1258)
            western.append(text.lines)
        if text.lines == 1:
            line = line.removeprefix("\ufeff")
        text.quotes += line.count('"')
        target.write(line.encode() + b"\n")
    old = "Windows-1258" if is_1258 else "một byte (Windows-1252, TCVN3 hoặc VNI)"
    text.encoding = "UTF-8" if not western else old
    if western and unicode_lines:
        text.encoding = f"lẫn UTF-8 và {old}"
        text.notices.append(
            f"Tệp lẫn hai bảng mã: {len(western)} dòng không phải UTF-8 ({name_rows(western)}). "
            "Các dòng ấy được giữ nguyên từng ký tự để giải mã khi đối chiếu; hãy xem lại kết quả của chúng."
        )
    return text


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Give the lines without their ends, also those that end in a lone carriage return."""
    rest = b""
    while chunk := source.read(_CHUNK):
        block = (rest + chunk).replace(b"\r\n", b"\n")
        held = b"\r" if block.endswith(b"\r") else b""
        *lines, rest = block[: len(block) - len(held)].replace(b"\r", b"\n").split(b"\n")
        rest += held
        yield from lines
    if rest:
        yield rest.removesuffix(b"\r")


def _western(raw: bytes, is_1258: bool) -> str:
    for encoding in ("cp1258",) if is_1258 else ("cp1252",):
        try:
            return nfc(raw.decode(encoding)) if is_1258 else raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _is_1258(head: bytes) -> bool:
    """Say whether words read as Vietnamese in Windows-1258 rather than in TCVN3 or VNI."""
    words = [
        word
        for word in _WORD.findall(head.decode("cp1258", errors="ignore"))[: 20 * _SAMPLE_WORDS]
        if not word.isascii()
    ][:_SAMPLE_WORDS]
    as_1258 = sum(is_vietnamese_syllable(nfc(word)) for word in words)
    old = [word for word in _WORD.findall(_western(head, is_1258=False)) if not word.isascii()][:_SAMPLE_WORDS]
    return as_1258 > max(
        sum(is_vietnamese_syllable(decode(word)) for word in old) for decode in (decode_tcvn3, decode_vni)
    )
