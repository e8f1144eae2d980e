"""A digest of what a published version says, kept in the fact of publishing, so that it cannot come to say something else."""

import hashlib
from dataclasses import asdict

from lienthong.catalogue.definition import VersionData
from lienthong.infra.events import canonical, plain

# A version is published before its end is known, and its end is a fact of its own.
_NOT_PUBLISHED = frozenset({"valid_until", "status"})


def version_digest(data: VersionData) -> str:
    """Return the SHA-256 of what a version says, with all its parts, as 64 hexadecimal digits.

    Mã băm nội dung một phiên bản thủ tục.
    """
    said = {name: value for name, value in asdict(data).items() if name not in _NOT_PUBLISHED}
    return hashlib.sha256(canonical(plain(said)).encode()).hexdigest()
