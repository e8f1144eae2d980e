"""The lock files hold everything that is needed: they are installed without a resolver."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = PROJECT["project"]["dependencies"]
LOCKS = {
    "requirements.lock": RUNTIME,
    "requirements-dev.lock": [*RUNTIME, *PROJECT["dependency-groups"]["dev"]],
}


def locked(name: str) -> dict[str, str]:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    pins = [Requirement(line.rstrip(" \\")) for line in text.splitlines() if re.match(r"\w", line)]
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in pins
        if pin.marker is None or pin.marker.evaluate()
    }


def needed(directly: list[str]) -> dict[str, Requirement]:
    """Walk what the installed packages say they need, with the extras asked for, on this platform."""
    found: dict[str, Requirement] = {}
    waiting = [(Requirement(text), "") for text in directly]
    walked: set[str] = set()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in {"", *requirement.extras}:
            if f"{name}[{wanted}]" not in walked:
                walked.add(f"{name}[{wanted}]")
                waiting += [(Requirement(text), wanted) for text in metadata.requires(name) or ()]
        found[name] = requirement
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_that_is_needed_is_in_the_lock(name: str) -> None:
    lock = locked(name)
    wanted = needed(LOCKS[name])
    assert len(wanted) > len(LOCKS[name])
    assert [
        str(requirement)
        for package, requirement in sorted(wanted.items())
        if not requirement.specifier.contains(lock.get(package, "0"), prereleases=True)
    ] == []
    assert {package for package in wanted if lock.get(package) != metadata.version(package)} == set()
