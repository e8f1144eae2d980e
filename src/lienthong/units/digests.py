"""A digest of a published calendar, kept in the fact of publishing, so that no day of it can change unseen."""

import hashlib

from lienthong.infra.events import canonical, plain
from lienthong.units.models import WorkCalendarVersion

_PUBLISHED = ("days", "hours", "known_from", "known_until", "announced_until")


def calendar_digest(version: WorkCalendarVersion) -> str:
    """Return the SHA-256 of the days and hours of a calendar, as 64 hexadecimal digits.

    Mã băm lịch làm việc.
    """
    said = {name: getattr(version, name) for name in _PUBLISHED}
    return hashlib.sha256(canonical(plain(said)).encode()).hexdigest()
