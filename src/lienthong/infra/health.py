"""Checks that a context offers to ``./lienthong doctor``: a name and a function that lists what is wrong."""

from collections.abc import Callable, Iterable

Check = Callable[[], Iterable[str]]

_CHECKS: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """Add a check. ``name`` is Vietnamese; ``check`` yields one sentence for each thing that is wrong."""
    _CHECKS[name] = check


def checks() -> dict[str, Check]:
    """Return every check by name, in the order of registration."""
    return dict(_CHECKS)
