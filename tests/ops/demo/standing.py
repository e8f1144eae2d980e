"""One province for all tests of a module: built once, looked at by many, and taken away as if it had never been."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from lienthong.ops.demo.province import Province, Scale
from tests.databases import Databases


@contextmanager
def province_stands(databases: Databases, django_db_blocker: Any, scale: Scale, *, today: date) -> Iterator[None]:
    """Build a province inside a transaction that is never committed; each test rolls back to it."""
    hashers, settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS, ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock():
        databases.stand_on(province=True)
        outer = transaction.atomic()
        outer.__enter__()
        Province(scale=scale, seed=5, today=today, say=lambda words: None).build()
        yield
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)
        connection.close()
    settings.PASSWORD_HASHERS = hashers
