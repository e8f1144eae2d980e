"""Where the embedded server's folders, its socket and its address are, as pure functions of the data folder."""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

DATABASE = "lienthong"
USER = "app"
PORT = 5432

# A unix socket's path may be 107 bytes long; the server appends this name to the folder.
_SOCKET_NAME = f"/.s.PGSQL.{PORT}"
_LONGEST_SOCKET_PATH = 107


def default_data_dir(checkout: Path) -> Path:
    """Return where data lie when nobody says otherwise: beside the checkout, for root where Debian keeps services."""
    return Path("/var/lib/lienthong") if os.geteuid() == 0 else checkout / "var"


def cluster_dir(data_dir: Path) -> Path:
    """Return the folder of PostgreSQL's own files."""
    return data_dir / "postgresql"


def socket_dir(data_dir: Path) -> Path:
    """Return the folder of the unix socket: inside the data folder, or a short one where that path is too long."""
    inside = data_dir / "run"
    if len(os.fsencode(inside)) + len(_SOCKET_NAME) <= _LONGEST_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    # Not tempfile.gettempdir(): TMPDIR differs between a terminal and a service, the answer must not.
    return Path("/tmp") / f"lienthong-{digest}"  # noqa: S108 -- its owner is checked before use


def database_url(data_dir: Path, database: str = DATABASE) -> str:
    """Return the address of a database of the embedded server, in the form of libpq."""
    return f"postgresql://{USER}@/{database}?host={quote(str(socket_dir(data_dir)), safe='')}"
