"""The mark in the data folder which says that its people and dossiers are invented; pages then say so too.

While ``up`` loads a demo province the mark names the database: what an interrupted load leaves is half a province, in
which nobody has worked yet, and the next ``up`` begins anew in that very database and no other.
"""

import hashlib
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


def begin_loading() -> None:
    """Mark the data folder and remember that this database is being filled, from empty."""
    put()
    _path().write_text(_name_of_database(), encoding="ascii")


def end_loading() -> None:
    """Remember that the province is complete."""
    _path().write_text("", encoding="ascii")


def is_half_loaded() -> bool:
    """Say whether a load of this database was broken off."""
    return is_set() and _path().read_text(encoding="ascii") == _name_of_database()


def remove() -> None:
    """Take the mark away: a restored archive is real unless it says otherwise."""
    _path().unlink(missing_ok=True)
    settings.DEMO_MODE = False


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME


def _name_of_database() -> str:
    return hashlib.sha256(settings.DATABASE_URL.encode()).hexdigest()
