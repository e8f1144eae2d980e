"""The catalogue as it comes with the programme, loaded once for each file of tests that asks for it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from lienthong.catalogue import services
from tests.databases import Databases


@pytest.fixture(scope="module")
def real_catalogue(databases: Databases, django_db_blocker: Any) -> Iterator[services.Loaded]:
    """Load the real procedures inside a transaction around the tests of a file, each of which rolls back for itself."""
    with django_db_blocker.unblock():
        databases.stand_on(province=False)
        with transaction.atomic():
            yield services.load_catalogue(now=datetime(2026, 11, 23, tzinfo=UTC))
            transaction.set_rollback(True)
