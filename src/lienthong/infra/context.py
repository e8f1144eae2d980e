"""What every template may use without asking."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """Return the names of the house, whether its data are invented, and the shell that page kinds extend."""
    match = request.resolver_match
    in_office = match is not None and match.namespace.split(":")[0] in {"office", "ops"}
    return {
        "shell": "base/office.html" if in_office else "base/portal.html",
        "demo_mode": settings.DEMO_MODE,
        "province_name": settings.PROVINCE_NAME,
        "language_choices": settings.LANGUAGES,
    }
