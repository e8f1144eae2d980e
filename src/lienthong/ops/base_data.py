"""Whether the database holds the places, agencies, calendars and procedures of the files that this version brings."""

import hashlib
from pathlib import Path

from django.conf import settings


def is_current() -> bool:
    """Say whether these very files were loaded last."""
    return _stamp().exists() and _stamp().read_text(encoding="ascii") == _digest()


def note_loaded() -> None:
    """Remember that they are loaded now."""
    _stamp().write_text(_digest(), encoding="ascii")


def forget() -> None:
    """Have them loaded again at the next start, which changes nothing that is right already."""
    _stamp().unlink(missing_ok=True)


def _stamp() -> Path:
    return Path(settings.DATA_DIR) / "base-data"


def _digest() -> str:
    digest = hashlib.sha256()
    sources = settings.CHECKOUT / "src" / "lienthong"
    for path in sorted([*sources.rglob("*.yaml"), *sources.rglob("*.csv")]):
        digest.update(f"{path.relative_to(sources)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
