"""The examples in the docstrings of the kernel are true."""

import doctest
import importlib
import pkgutil

import pytest

import lienthong.kernel

MODULES = [module.name for module in pkgutil.iter_modules(lienthong.kernel.__path__, "lienthong.kernel.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_modules_to_look_at() -> None:
    assert "lienthong.kernel.text" in MODULES
