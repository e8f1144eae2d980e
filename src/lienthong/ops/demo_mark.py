"""The mark in the data folder which says that its people and dossiers are invented; pages then say so too."""

from pathlib import Path

from django.conf import settings

NAME = "demo"


def is_set() -> bool:
    """Say whether this data folder holds a demo province."""
    return _path().exists()


def put() -> None:
    """Mark the data folder. Called by whatever loads invented people, before it does."""
    _path().touch(mode=0o600)
    settings.DEMO_MODE = True


def remove() -> None:
    """Take the mark away: a restored archive is real unless it says otherwise."""
    _path().unlink(missing_ok=True)
    settings.DEMO_MODE = False


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME
