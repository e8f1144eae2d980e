"""Reads of the environment, in one place, so that every variable can be listed and documented."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]


def text(name: str, default: str) -> str:
    """Return ``LIENTHONG_<name>`` or the default."""
    return os.environ.get(f"LIENTHONG_{name}", default)


def flag(name: str, *, default: bool) -> bool:
    """Return whether ``LIENTHONG_<name>`` is one of 1, true, yes, on."""
    value = os.environ.get(f"LIENTHONG_{name}")
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def data_dir() -> Path:
    """Return the folder that holds everything an office must not lose: database, files, key."""
    return Path(text("DATA_DIR", str(CHECKOUT / "var"))).expanduser().resolve()
