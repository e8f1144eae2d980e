"""Who comes in where the policies of social assistance alone do not say it."""

from __future__ import annotations

from datetime import date
from typing import Any

from lienthong.assistance import policies


def takes_over(user: Any, *, on: date) -> bool:
    """Tell whether the user loads or approves registers."""
    return policies.runs_a_commune(user, on=on) or any(
        policies.runs_province(user, on=on, programme=programme) for programme in policies.ALL
    )
