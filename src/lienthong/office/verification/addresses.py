"""What the addresses of verification carry, read without trust."""

from __future__ import annotations

from django.http import QueryDict

LONGEST_ID = 18


def number_in(query: QueryDict, name: str) -> int | None:
    """Return a whole number that the address carries; None where it carries none that can be an id."""
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else None
