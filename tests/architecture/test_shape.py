"""The house keeps its shape: where writes live, what files are called, what every event, route, job and migration has."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from lienthong.infra import events
from lienthong.infra.dispatch import subscribers
from lienthong.infra.jobs import app as jobs
from lienthong.ops import worker

CHECKOUT = Path(__file__).resolve().parents[2]
SOURCE = CHECKOUT / "src" / "lienthong"
TESTS = CHECKOUT / "tests"
CONTEXTS = (
    "units",
    "people",
    "accounts",
    "catalogue",
    "documents",
    "verification",
    "dossiers",
    "payments",
    "poverty",
    "assistance",
)
SCREENS = ("portal", "office", "interop")
# Shares of one, degrees on the globe and metres of error.
NOT_MONEY = {"probability", "threshold", "latitude", "longitude", "accuracy_m", "west", "south", "east", "north"}

WRITING_CALLS = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "update_or_create",
    "get_or_create",
    "delete",
    "update",
    "aupdate",
}
MAY_WRITE = ("services", "services.py", "tasks.py", "migrations", "load.py")


def python_files(root: Path) -> list[Path]:
    return sorted(
        path for path in root.rglob("*.py") if "migrations" not in path.parts and "node_modules" not in path.parts
    )


def writes_in(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING_CALLS:
            text = ast.unparse(node.func.value)
            if ".objects" in text or ".filter(" in text or node.func.attr in {"save", "bulk_create", "bulk_update"}:
                yield node


@pytest.mark.parametrize("context", [*CONTEXTS, *SCREENS])
def test_writes_live_in_services(context: str) -> None:
    strays = [
        f"{path.relative_to(SOURCE)}:{call.lineno} {ast.unparse(call.func)}"
        for path in python_files(SOURCE / context)
        if not any(part in MAY_WRITE for part in path.relative_to(SOURCE / context).parts)
        for call in writes_in(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert strays == [], "move these writes into a service of the context"


def test_no_room_without_an_owner() -> None:
    nameless = [path for path in python_files(SOURCE) if path.stem in {"utils", "helpers", "common", "misc"}]

    assert nameless == []


@pytest.mark.parametrize(("root", "limit"), [(SOURCE, 400), (TESTS, 800)])
def test_a_long_file_is_two_rooms_in_one(root: Path, limit: int) -> None:
    long = [
        f"{path.relative_to(CHECKOUT)}: {lines}"
        for path in python_files(root)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > limit
    ]

    assert long == []


@pytest.mark.parametrize("context", CONTEXTS)
def test_each_context_says_in_its_docstring_what_it_owns(context: str) -> None:
    tree = ast.parse((SOURCE / context / "__init__.py").read_text(encoding="utf-8"))

    assert ast.get_docstring(tree)
    assert len(tree.body) == 1, "an __init__.py of a context holds its docstring and no code"


def test_no_workflow_by_django_signals() -> None:
    users = [
        path
        for path in python_files(SOURCE)
        if re.search(r"django\.(db\.models|dispatch).*(signals|receiver)", path.read_text())
    ]

    assert users == []


def test_every_fact_has_a_vietnamese_sentence() -> None:
    silent = [name for name, cls in events.known_facts().items() if not getattr(cls, "sentence", "").strip()]

    assert events.known_facts()
    assert silent == []


def test_every_sentence_names_only_fields_of_its_fact() -> None:
    for name, cls in events.known_facts().items():
        named = set(re.findall(r"\{(\w+)\}", cls.sentence))
        assert named <= set(cls.__dataclass_fields__), f"{name} speaks of {named - set(cls.__dataclass_fields__)}"


def test_every_fact_of_a_dossier_is_read_by_the_projection() -> None:
    from lienthong.dossiers import events as facts
    from lienthong.dossiers import projection

    own = {
        cls.__name__
        for cls in vars(facts).values()
        if isinstance(cls, type) and issubclass(cls, events.Fact) and cls is not events.Fact
    }

    assert own == set(projection._APPLY)


def test_every_subscriber_is_a_job_that_the_worker_knows() -> None:
    for name, tasks in subscribers().items():
        assert name in events.known_facts(), f"{name} is no fact"
        for task in tasks:
            assert task.name in jobs.tasks


def queues_named() -> set[str]:
    """Every queue that a task is declared for, or that a job is sent to."""
    sent = {
        keyword.value.value
        for path in python_files(SOURCE)
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        for keyword in call.keywords
        if keyword.arg == "queue" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
    }
    return sent | {task.queue for task in jobs.tasks.values()}


def test_every_queue_that_a_task_names_is_worked_by_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    async def run_worker_async(**options: Any) -> None:
        asked.update(options)

    house = MagicMock()
    fetching = house.with_connector.return_value
    fetching.open_async.return_value = AsyncMock()
    fetching.run_worker_async = run_worker_async
    for name, stand_in in {"app": house, "seal_events": MagicMock(), "connection": MagicMock()}.items():
        monkeypatch.setattr(worker, name, stand_in)
    monkeypatch.setattr(worker, "_dispatch", AsyncMock())

    worker.main()

    assert asked, "the worker was never started"
    worked = asked.get("queues")  # None works all of them
    assert len(queues_named()) > 1
    assert worked is None or queues_named() <= set(worked), "nobody does the jobs of the others"


def names_in(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} | {
        part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)
    }


def classes_like(bases: set[str], paths: list[Path]) -> dict[str, set[str]]:
    """Every class that names one of these as its base, by that base."""
    found: dict[str, set[str]] = {base: set() for base in bases}
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                for base in bases & {name for one in node.bases for name in names_in(one)}:
                    found[base].add(node.name)
    return found


def lacking_ports(source: Path, tests: Path) -> list[str]:
    """Say of every port what it lacks.

    A port is a Protocol of a ``ports.py``. Its adapters, in the source, and its fakes, in the tests, name it as their
    base; one test or fixture is run with each adapter and a fake: ``@pytest.mark.parametrize("post", [Post, FakePost])``.
    """
    ports = [path for path in python_files(source) if path.name == "ports.py"]
    protocols = classes_like({"Protocol"}, ports)["Protocol"]
    adapters = classes_like(protocols, [path for path in python_files(source) if path not in ports])
    fakes = classes_like(protocols, python_files(tests))
    run_together = [
        names_in(decorator)
        for path in python_files(tests)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        for decorator in node.decorator_list
        if names_in(decorator) & {"parametrize", "fixture"}
    ]
    lacking = []
    for port in sorted(protocols):
        lacking += [] if adapters[port] else [f"{port}: no adapter"]
        lacking += [] if fakes[port] else [f"{port}: no fake"]
        lacking += [
            f"{port}: no contract test of {adapter} and a fake"
            for adapter in sorted(adapters[port])
            if fakes[port] and not any(adapter in names and fakes[port] & names for names in run_together)
        ]
    return lacking


def test_every_port_has_an_adapter_and_a_fake_that_pass_one_contract_test() -> None:
    assert lacking_ports(SOURCE, TESTS) == []


def test_a_port_without_one_of_them_is_found(tmp_path: Path) -> None:
    source, tests = tmp_path / "src", tmp_path / "tests"
    for folder in (source, tests):
        folder.mkdir()
    (source / "ports.py").write_text("class Post(Protocol):\n    def send(self) -> None: ...\n")
    assert lacking_ports(source, tests) == ["Post: no adapter", "Post: no fake"]

    (source / "mail.py").write_text("class Mail(ports.Post): ...\n")
    (tests / "fakes.py").write_text("class FakePost(Post): ...\n")
    (tests / "test_post.py").write_text("@pytest.mark.parametrize('post', [FakePost])\ndef test_sends(post): ...\n")
    assert lacking_ports(source, tests) == ["Post: no contract test of Mail and a fake"]

    (tests / "test_post.py").write_text("@pytest.fixture(params=[mail.Mail, FakePost])\ndef post(request): ...\n")
    assert lacking_ports(source, tests) == []


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern


def test_every_route_says_who_may_come_in() -> None:
    undeclared = [
        route for route, pattern in routes(get_resolver().url_patterns) if not hasattr(pattern.callback, "access")
    ]

    assert undeclared == [], "decorate the view with @allowed(...) or @public"


def test_migrations_have_names() -> None:
    nameless = [
        path.name
        for context in [*CONTEXTS, "infra"]
        for path in (SOURCE / context / "migrations").glob("0*.py")
        if re.fullmatch(r"\d{4}_(auto.*|migration|initial|alter_.*)", path.stem)
    ]

    assert nameless == []


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_constraint_has_a_message_that_a_clerk_can_read() -> None:
    from django.db.models import CheckConstraint

    dumb = [
        f"{model.__name__}.{constraint.name}"
        for context in CONTEXTS
        for model in apps.get_app_config(context).get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint)
        and constraint.violation_error_message == CheckConstraint.default_violation_error_message
    ]

    assert dumb == []


def test_no_money_is_kept_as_a_fraction() -> None:
    from django.db.models import DecimalField, FloatField

    odd = [
        f"{model.__name__}.{field.name}"
        for context in CONTEXTS
        for model in apps.get_app_config(context).get_models()
        for field in model._meta.get_fields()
        if (isinstance(field, FloatField) and field.name not in NOT_MONEY)
        or (isinstance(field, DecimalField) and "percent" not in field.name)
    ]

    assert odd == []


def test_the_clock_is_read_only_at_the_edges() -> None:
    edge = {"infra/middleware.py", "infra/postgres", "ops", "config", "accounts/middleware.py"}
    readers = [
        str(path.relative_to(SOURCE))
        for path in python_files(SOURCE)
        if re.search(
            r"timezone\.now\(\)|timezone import now|datetime\.now\(|date\.today\(|localdate\(\)|time\.time\(\)",
            path.read_text(encoding="utf-8"),
        )
        and not any(str(path.relative_to(SOURCE)).startswith(place) for place in edge)
    ]

    assert readers == [], "the clock is an argument: now=, on="
