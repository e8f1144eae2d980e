"""Databases to measure on: on a server of their own with the durability of production, kept for the next run.

A database is named by what it holds: the benchmark, and a digest of its size, its seed and all our migrations. It is
marked complete when its data are; what was broken off, or belongs to older tables, is dropped.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from lienthong.config.settings.database import read_database_url
from lienthong.infra.postgres import place
from lienthong.infra.postgres.occupancy import Occupancy
from lienthong.infra.postgres.supervisor import Server
from lienthong.ops.console import Note

_COMPLETE = "complete"


@contextmanager
def server(url: str | None) -> Iterator[str]:
    """Have a server to make databases on.

    Args:
        url: A database on a server that may be used; None starts one of our own, with the settings of production.

    Yields:
        The address of a database on it.
    """
    if url:
        yield url
        return
    folder = Path(settings.DATA_DIR) / "bench"
    with Occupancy(folder, command="bench"), Server(folder):
        yield place.database_url(folder, "postgres")


def prepared(
    server_url: str, kind: str, key: dict[str, Any], *, build: Callable[[], None], fresh: bool, say: Note
) -> str:
    """Return the address of a database with the data of a benchmark, made now or found from an earlier run.

    Args:
        server_url: A database on the server.
        kind: Name of the data.
        key: What they depend on besides the tables.
        build: Fills the new database, with Django pointed at it.
        fresh: Whether to make it anew in any case.
        say: Takes a remark about what is done.
    """
    name = f"bench_{kind}_{_digest({**key, 'migrations': _migrations()})}"
    url = _address(server_url, name)
    with psycopg.connect(server_url, autocommit=True) as admin:
        for other, is_complete in _databases(admin, kind):
            if other != name or fresh or not is_complete:
                _drop(admin, other)
        if _exists(admin, name):
            say("dùng dữ liệu của lần trước")
            return url
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        point_django_at(url)
        call_command("migrate", verbosity=0, interactive=False)
        build()
        connections.close_all()
        admin.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(_COMPLETE)))
    return url


@contextmanager
def copy_of(url: str) -> Iterator[str]:
    """Have a copy of a database for the length of the block, so that measuring leaves the original as it is."""
    original = urlsplit(url).path.lstrip("/")
    name = f"{original}_run"
    server_url = _address(url, "postgres")
    connections.close_all()
    with psycopg.connect(server_url, autocommit=True) as admin:
        _drop(admin, name)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(original)))
    try:
        yield _address(url, name)
    finally:
        connections.close_all()
        with psycopg.connect(server_url, autocommit=True) as admin:
            _drop(admin, name)


def point_django_at(url: str) -> None:
    """Let this process, and all that it forks, work on another database."""
    connections.close_all()
    entry = read_database_url(url)
    connections.settings["default"].update(entry)
    settings.DATABASES["default"].update(entry)


def _databases(admin: "psycopg.Connection[Any]", kind: str) -> list[tuple[str, bool]]:
    found = admin.execute(
        "SELECT datname, coalesce(shobj_description(oid, 'pg_database'), '') = %s FROM pg_database WHERE datname ~ %s",
        [_COMPLETE, f"^bench_{kind}_[0-9a-f]+(_run)?$"],
    ).fetchall()
    return [(name, is_complete) for name, is_complete in found]


def _exists(admin: "psycopg.Connection[Any]", name: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop(admin: "psycopg.Connection[Any]", name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _address(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _migrations() -> str:
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda one: one.label):
        for file in sorted(Path(config.path).glob("migrations/0*.py")):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _digest(key: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(key, sort_keys=True, default=str).encode()).hexdigest()[:10]
