"""Who keeps the catalogue. Mandates are of accounts and procedures of the catalogue; here the two meet."""

from __future__ import annotations

from datetime import date
from typing import Any

from lienthong.accounts import policies as accounts
from lienthong.accounts.states import Role


def keeps_catalogue(user: Any, *, on: date) -> bool:
    """Tell whether the user keeps any part of the catalogue on this day."""
    return bool(_mandates(user, on))


def keeps_whole_catalogue(user: Any, *, on: date) -> bool:
    """Tell whether the user keeps every field, so that a file may bring procedures of any."""
    return any(not mandate.fields for mandate in _mandates(user, on))


def keeps_field(user: Any, field_code: str, *, on: date) -> bool:
    """Tell whether the user keeps the procedures of one field."""
    return any(not mandate.fields or field_code in mandate.fields for mandate in _mandates(user, on))


def _mandates(user: Any, on: date) -> list[Any]:
    return [mandate for mandate in accounts.mandates_of(user, on=on) if mandate.role == Role.CATALOGUE_EDITOR]
