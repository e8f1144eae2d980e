"""A machine without PySpark or Java: one sentence, and the one command that helps."""

import importlib.util
import shutil
from collections.abc import Callable

import pytest

from lienthong.verification.spark.cluster import INSTALL, SparkMissing, ensure_installed


def found(name: str) -> Callable[[str], object]:
    return lambda asked: object() if asked == name else None


def test_names_the_command_that_installs_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    with pytest.raises(SparkMissing) as refused:
        ensure_installed()

    assert INSTALL in str(refused.value)
    assert "requirements-spark.lock" in INSTALL


def test_names_the_package_that_brings_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", found("pyspark"))
    monkeypatch.setattr(shutil, "which", lambda _program: None)

    with pytest.raises(SparkMissing, match="default-jre-headless"):
        ensure_installed()
