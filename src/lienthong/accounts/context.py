"""Who is signed in, for the head of every page."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lienthong.accounts import policies


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """Return ``signed_in`` {name, role, unit}; None for a guest. Nothing is read before a page asks."""
    return {"signed_in": SimpleLazyObject(lambda: _who(request))}


def _who(request: HttpRequest) -> dict[str, str] | None:
    user, today = getattr(request, "user", None), getattr(request, "today", None)
    if user is None or today is None or not policies.is_signed_in(user):
        return None
    mandates = policies.mandates_of(user, on=today)
    return {
        "name": user.full_name,
        "role": mandates[0].role_words if mandates else "",
        "unit": mandates[0].agency.name if mandates else "",
    }
