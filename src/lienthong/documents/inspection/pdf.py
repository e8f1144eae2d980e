"""Whether a PDF begins and ends as one and opens without a password."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

from lienthong.documents.inspection.refusals import FileBroken, FileLocked

_HEADER = re.compile(rb"%PDF-[12]\.\d")
_TAIL_BYTES = 2048
# The entry of the trailer that names the encryption; it is never packed itself.
_ENCRYPTED = re.compile(rb"/Encrypt(\s+\d+\s+\d+\s+R|\s*<<)")


def examine(file: Path, name: str) -> None:
    """Refuse a PDF that is cut off or locked.

    Raises:
        FileBroken: No header, or no end.
        FileLocked: It is encrypted, be it only to forbid printing.
    """
    with file.open("rb") as content, mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as pages:
        tail = pages[-_TAIL_BYTES:]
        if not _HEADER.match(pages) or b"startxref" not in tail or b"%%EOF" not in tail:
            raise FileBroken(name)
        if _ENCRYPTED.search(pages):
            raise FileLocked(name)
