"""The examples in the docstrings of the rules are true."""

import doctest
import importlib
import pkgutil

import pytest

import lienthong.rules

MODULES = [module.name for module in pkgutil.walk_packages(lienthong.rules.__path__, "lienthong.rules.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_modules_to_look_at() -> None:
    assert "lienthong.rules.deadlines" in MODULES
