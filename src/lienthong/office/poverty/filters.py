"""Filters of a list as they stand in its address: read from it, written into it, offered as choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from lienthong.kernel.text import natural_key
from lienthong.poverty.queries.worklist import NO_HAMLET

LONGEST_FILTER = 120
CHOICES_AT_MOST = 60
Asked = TypeVar("Asked")


def typed(query: QueryDict, name: str, default: str = "") -> str:
    """Return what an address says of one filter, no longer than any value is."""
    return query.get(name, default)[:LONGEST_FILTER].replace("\0", "")


def asked_in(query: QueryDict, kind: type[Asked]) -> Asked:
    """Read the list that an address names, as a filter of the given kind."""
    usual: dict[str, str] = asdict(kind())  # type: ignore[call-overload]
    return kind(**{name: typed(query, name, default) for name, default in usual.items()})


def address_of(asked: Any) -> str:
    """Return the part of an address that names a list, with its question mark; empty for the whole list."""
    said = {name: value for name, value in asdict(asked).items() if value}
    return f"?{urlencode(said)}" if said else ""


def hamlet_words(hamlet: str) -> str:
    """Return a hamlet as people call it."""
    return _("chưa rõ thôn") if hamlet == NO_HAMLET else hamlet


def hamlet_choices(counted: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return the hamlets to choose from, each with its number of rows: Xóm 2 before Xóm 10, those of no hamlet last."""
    ordered = sorted(counted.items(), key=lambda one: (one[0] == NO_HAMLET, natural_key(one[0])))
    return [(name, hamlet_words(name), count) for name, count in ordered]
