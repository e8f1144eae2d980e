"""What can happen to places, agencies and calendars."""

from dataclasses import dataclass
from datetime import date
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


@register_fact
@dataclass(frozen=True, kw_only=True)
class BoundariesLoaded(Fact):
    """Nạp ranh giới đơn vị hành chính từ một tệp. ``digest`` is the SHA-256 of the file."""

    sentence = "Nạp ranh giới của {count} đơn vị theo địa bàn ngày {on}, nguồn: {source}"
    count: int
    on: date
    source: str
    digest: str
