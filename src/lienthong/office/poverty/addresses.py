"""Addresses of one group of screens as another asks for them."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse


def address_if_there(name: str, *args: Any) -> str:
    """Return the address of a page of the office, empty where this house does not have the page."""
    try:
        return reverse(f"office:{name}", args=args)
    except NoReverseMatch:
        return ""
