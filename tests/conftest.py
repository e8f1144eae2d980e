"""The strict bench: what would be a silent bug in an office is a failing test here.

- an unordered list comes back in random order;
- a template that names an undefined variable fails;
- a datetime put into a date column fails;
- ``update()`` and ``delete()`` still work on unordered querysets, only reads of lists are shuffled.
"""

import datetime
import gc
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, models
from django.db.models.query import ModelIterable, QuerySet, ValuesIterable, ValuesListIterable
from django.template.base import Variable, VariableDoesNotExist
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from tests.databases import Databases

CHROMIUM = Path(os.environ.get("LIENTHONG_CHROMIUM", "/usr/bin/chromium"))
CHROMIUM_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


ASKS_FOR_TABLES = {"db", "transactional_db", "databases"}
WEIGHT = {"spark": 300, "kills": 400, "slow": 20, "browser": 20}

# Speed is measured by benchmarks: a busy machine is no reason for a property not to hold.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Without the slow tests somebody waits for the answer; with them every property is tried as often as Hypothesis would.
settings.register_profile("quick", settings.get_profile("house"), max_examples=30)


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples a property is tried with that names no number itself."""
    settings.load_profile("quick" if "not slow" in config.getoption("markexpr") else "house")


@pytest.fixture(scope="module", autouse=True)
def _what_a_module_left_is_looked_at_once() -> Iterator[None]:
    """Put what stays after a module aside, or each later collection walks over everything that was ever loaded."""
    yield
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what speaks to the database of the tests, and put the files that take longest first.

    A long file that comes last leaves one of two processors with nothing to do.
    """
    weights: Counter[Path] = Counter()
    for item in items:
        if item.get_closest_marker("django_db") or ASKS_FOR_TABLES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)
        weights[item.path] += max((WEIGHT.get(mark.name, 1) for mark in item.iter_markers()), default=1)
    items.sort(key=lambda item: -weights[item.path])
    _leave_out_browsers(items)


def _leave_out_browsers(items: list[pytest.Item]) -> None:
    """Leave browser tests out where there is no Chromium, never in CI."""
    if CHROMIUM.exists():
        return
    if os.environ.get("CI"):
        pytest.exit(f"CI has no Chromium at {CHROMIUM}: install Debian's package chromium", returncode=1)
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}; install Debian's package chromium"))


@pytest.fixture(scope="session")
def databases(django_db_setup: None, django_db_blocker: Any) -> Iterator[Databases]:
    """The databases of this process."""
    with django_db_blocker.unblock():
        databases = Databases(connection.settings_dict["NAME"])
    with pytest.MonkeyPatch.context() as patch:
        # What Django would empty after a test that commits is thrown away as a whole.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: None)
        yield databases
    with django_db_blocker.unblock():
        databases.drop()


@pytest.fixture
def _stands_on_its_database(request: pytest.FixtureRequest, databases: Databases, django_db_blocker: Any) -> None:
    marker = request.node.get_closest_marker("django_db")
    names = set(request.fixturenames)
    commits = bool(marker and marker.kwargs.get("transaction")) or bool(names & {"transactional_db", "live_server"})
    with django_db_blocker.unblock():
        databases.stand_on(province=bool(names & {"province", "world"}), commits=commits)


@pytest.fixture
def _django_db_helper(_stands_on_its_database: None, _django_db_helper: None) -> None:
    """Choose the database of a test before pytest-django begins its transaction there."""


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
def province(db: None) -> None:
    """Places, agencies and procedures are there: whoever asks for this stands on the database that holds them."""


@pytest.fixture
def world(province: None) -> Any:
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
