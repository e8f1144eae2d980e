import os
from pathlib import Path

import pytest

from lienthong import __main__ as main
from lienthong.infra.postgres import place


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set both variables first, so that what a test makes of them is undone after it."""
    for name in main.OPTIONS.values():
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_takes_the_options_of_every_command_wherever_they_stand(tmp_path: Path) -> None:
    rest = main.take_options(["backup", "--data-dir", str(tmp_path), "x.tar", "--database-url=postgresql://a@/b"])
    assert rest == ["backup", "x.tar"]
    assert _environment() == {"LIENTHONG_DATA_DIR": str(tmp_path), "LIENTHONG_DATABASE_URL": "postgresql://a@/b"}


def test_makes_a_data_folder_absolute() -> None:
    main.take_options(["up", "--data-dir=relative/folder"])
    assert _environment()["LIENTHONG_DATA_DIR"] == str(Path.cwd() / "relative" / "folder")


def test_names_the_data_folder_when_nobody_does() -> None:
    main.take_options(["up"])
    assert _environment() == {"LIENTHONG_DATA_DIR": str(place.default_data_dir(main.CHECKOUT))}


def test_refuses_an_option_without_its_value() -> None:
    with pytest.raises(SystemExit, match="--data-dir cần một giá trị"):
        main.take_options(["up", "--data-dir"])


@pytest.mark.parametrize(
    "arguments", [["up"], ["test"], ["deadline", "--json"], ["doctor", "--help"], ["restore", "-h"]]
)
def test_starts_no_server_for_what_needs_none(arguments: list[str]) -> None:
    assert not main.needs_server(arguments)


@pytest.mark.parametrize(
    "arguments", [["doctor"], ["backup", "x.tar"], ["shell"], ["migrate"], ["demo", "--scale", "small"]]
)
def test_starts_the_server_for_what_asks_the_database(arguments: list[str]) -> None:
    assert main.needs_server(arguments)


def test_starts_no_server_beside_the_one_that_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIENTHONG_DATABASE_URL", "postgresql://a@/b")
    assert not main.needs_server(["doctor"])


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in main.OPTIONS.values() if name in os.environ}
