"""What can happen to places, agencies and calendars."""

from dataclasses import dataclass
from typing import Any

from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class CalendarPublished(Fact):
    """Công bố một phiên bản lịch làm việc. ``digest`` is that of its days and hours."""

    sentence = "Công bố lịch làm việc, phiên bản {number}: {note}"
    agency_code: str | None
    number: int
    note: str
    changes: list[dict[str, Any]]
    digest: str = ""
