"""PostgreSQL's own programs (pg_dump, pg_restore, psql) on the database of the settings."""

import os
from typing import Any

import psycopg
from django.db import connection

from lienthong.infra.postgres import binaries
from lienthong.infra.postgres.refusals import ServerRefusal

_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "sslmode": "PGSSLMODE"}


def connection_facts(database: str | None = None) -> dict[str, Any]:
    """Return what psycopg and the programs need to reach the database of the settings, or another beside it."""
    facts = {name: value for name, value in connection.get_connection_params().items() if name in _VARIABLES}
    return {**facts, "dbname": database or connection.settings_dict["NAME"]}


def connect(database: str | None = None) -> "psycopg.Connection[Any]":
    """Open a connection of our own, outside Django's, with every statement its own transaction."""
    return psycopg.connect(**connection_facts(database), autocommit=True)


def environment(database: str | None = None) -> dict[str, str]:
    """Return the variables by which a program finds the database; a password on the command line would be public."""
    facts = connection_facts(database)
    named = {variable: str(facts[name]) for name, variable in _VARIABLES.items() if facts.get(name)}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TERM", "PAGER") if name in os.environ}
    return {**kept, **named, "PGDATABASE": facts["dbname"], "PGCLIENTENCODING": "UTF8", "PGAPPNAME": "lienthong"}


def matching_binaries() -> binaries.Binaries:
    """Return programs of the server's version, or the newest there are: a newer pg_dump reads an older server."""
    with connect() as server:
        major = server.info.server_version // 10000
    try:
        return binaries.find(major=major)
    except ServerRefusal:
        return binaries.find()
