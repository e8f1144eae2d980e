"""As whom the server runs: PostgreSQL refuses to be root, so root hands it to an account without rights."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVICE_NAME = "lienthong"


@dataclass(frozen=True)
class Account:
    """A user of the machine."""

    name: str
    uid: int
    gid: int

    def popen_options(self) -> dict[str, Any]:
        """Return what makes ``subprocess`` start a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def become(self) -> None:
        """Lay down root's rights in this process, for good, and leave root's home and scratch folder behind."""
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)
        os.environ["HOME"] = "/nonexistent"
        tempfile.tempdir = None  # looked for anew, where this account may write


def server_account(cluster: Path) -> Account | None:
    """Return as whom to run the server, or None when it runs as ourselves.

    Args:
        cluster: PostgreSQL's folder. When it is there already, its owner goes on owning it.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        owner = cluster.stat()
        return Account(name=_name_of(owner.st_uid), uid=owner.st_uid, gid=owner.st_gid)
    return _named(SERVICE_NAME) or _created() or _named("nobody")


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)


def _created() -> Account | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVICE_NAME]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        return None
    return _named(SERVICE_NAME)
