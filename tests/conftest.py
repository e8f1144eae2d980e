"""The strict bench: what would be a silent bug in an office is a failing test here.

- an unordered list comes back in random order;
- a template that names an undefined variable fails;
- a datetime put into a date column fails;
- ``update()`` and ``delete()`` still work on unordered querysets, only reads of lists are shuffled.
"""

import datetime
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, models
from django.db.models.query import ModelIterable, QuerySet, ValuesIterable, ValuesListIterable
from django.template.base import Variable, VariableDoesNotExist
from playwright.sync_api import Browser, sync_playwright
from pytest_django.plugin import blocking_manager_key

CHROMIUM = Path(os.environ.get("LIENTHONG_CHROMIUM", "/usr/bin/chromium"))
CHROMIUM_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run tests on the loaded province last; leave browser tests out where there is no Chromium, never in CI."""
    items.sort(key=lambda item: (_flushes_tables(item), "world" in getattr(item, "fixturenames", ())))
    if CHROMIUM.exists():
        return
    if os.environ.get("CI"):
        pytest.exit(f"CI has no Chromium at {CHROMIUM}: install Debian's package chromium", returncode=1)
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}; install Debian's package chromium"))


def _flushes_tables(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    names = set(getattr(item, "fixturenames", ()))
    return bool(marker and marker.kwargs.get("transaction")) or bool(names & {"transactional_db", "live_server"})


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Empty the tables again for a test that does not ask for the province, when one before it left it there."""
    names = set(getattr(item, "fixturenames", ()))
    asks_for_tables = bool(item.get_closest_marker("django_db") or names & {"db", "transactional_db"})
    if not _Province.is_loaded or not asks_for_tables or names & {"province", "world"}:
        return
    with item.config.stash[blocking_manager_key].unblock():
        call_command("flush", interactive=False, verbosity=0)
    _Province.is_loaded = False


class _Province:
    """Whether this process left the province in its tables."""

    is_loaded = False


APPEND_ONLY = (
    "infra_event",
    "infra_eventseal",
    "infra_readrecord",
    "verification_verdict",
    "verification_exchangerow",
    "verification_judgement",
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let Django empty the tables of the log between tests: the database of a house refuses that."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_never_emptied")


@pytest.fixture(scope="module")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """A browser for the tests of one file.

    Playwright runs an event loop in this thread as long as it is there. In a loop Django refuses queries unless told not
    to, and has connections of their own: none may be left behind at either edge. A second Playwright in the thread fails,
    so nobody starts another.
    """
    connections.close_all()
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def province(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load places, agencies and procedures; they stay for the next test that asks for them."""
    from lienthong.units.models import Agency

    with django_db_blocker.unblock():
        if not Agency.objects.exists():
            load_province()
    _Province.is_loaded = True


def load_province() -> None:
    """Load our own base data into the test database."""
    from lienthong.catalogue import services as catalogue
    from lienthong.units import services as units
    from tests.world import NOW

    units.load_places(now=NOW)
    units.load_agencies(now=NOW)
    catalogue.load_catalogue(now=NOW)


@pytest.fixture
def world(province: None, db: None) -> Any:
    """Return the province with its law, and officers, citizens and dossiers on demand."""
    from tests.world import World

    return World()


@pytest.fixture(autouse=True)
def _what_is_read_once_is_forgotten() -> None:
    """Forget published steps and calendars: emptied tables begin their numbers anew, for other rows."""
    from lienthong.catalogue.queries import versions
    from lienthong.units.queries import calendar_version

    versions._STEPS_OF_PUBLISHED.clear()
    calendar_version.cache_clear()


@pytest.fixture(autouse=True)
def _house(settings: Any, tmp_path: Path) -> None:
    """Give each test its own file folder and a quick password hasher."""
    settings.FILES_DIR = tmp_path / "files"
    settings.VERIFICATION_DIR = tmp_path / "verification"
    settings.DEMO_MODE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _unordered_lists_come_in_random_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def shuffled(original: Any) -> Any:
        def iterate(self: Any) -> Iterator[Any]:
            queryset: QuerySet[Any] = self.queryset
            query = queryset.query
            free = not (queryset.ordered or query.is_sliced or query.combinator or query.distinct or query.group_by)
            if free and not query.select_for_update:
                self.queryset = queryset.order_by("?")
            yield from original(self)

        return iterate

    for iterable in (ModelIterable, ValuesIterable, ValuesListIterable):
        monkeypatch.setattr(iterable, "__iter__", shuffled(iterable.__iter__))


@pytest.fixture(autouse=True)
def _undefined_template_variables_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail on ``{{ name }}`` that nobody put into the context; ``{% if name %}`` and ``|default`` may ask."""
    from django.template import base

    original = base.FilterExpression.resolve

    def resolve(self: Any, context: Any, ignore_failures: bool = False) -> Any:
        forgiving = ignore_failures or any(
            function.__name__ in {"default", "default_if_none"} for function, _ in self.filters
        )
        if isinstance(self.var, Variable) and not forgiving:
            try:
                self.var.resolve(context)
            except VariableDoesNotExist as error:
                raise AssertionError(f"undefined template variable: {self.token} ({error})") from error
        return original(self, context, ignore_failures)

    monkeypatch.setattr(base.FilterExpression, "resolve", resolve)


@pytest.fixture(autouse=True)
def _datetimes_stay_out_of_date_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    original = models.DateField.to_python

    def to_python(self: Any, value: Any) -> Any:
        if type(self) is models.DateField and isinstance(value, datetime.datetime):
            raise AssertionError(f"a datetime was put into the date column {self}")
        return original(self, value)

    prepare = models.DateField.get_prep_value

    def get_prep_value(self: Any, value: Any) -> Any:
        if type(self) is models.DateField and isinstance(value, datetime.datetime):
            raise AssertionError(f"a datetime was put into the date column {self}")
        return prepare(self, value)

    monkeypatch.setattr(models.DateField, "to_python", to_python)
    monkeypatch.setattr(models.DateField, "get_prep_value", get_prep_value)
