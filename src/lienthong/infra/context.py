"""What every template may use without asking."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """Return the names of the house and whether its data are invented."""
    return {
        "demo_mode": settings.DEMO_MODE,
        "province_name": settings.PROVINCE_NAME,
        "language_choices": settings.LANGUAGES,
    }
