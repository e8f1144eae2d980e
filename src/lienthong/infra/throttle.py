"""How often something may be tried in vain: wrong guesses are counted in the database, for every worker alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.infra import locks
from lienthong.infra.models import FailedTry

# A key may name a network address: it is forgotten when it can no longer count.
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many failed tries within a span, for each key. Giới hạn số lần thử."""

    tries: int
    within: timedelta


class TooManyTries(Exception):
    """There were too many failed tries; ``again_at`` is when the next one counts again."""

    def __init__(self, *, again_at: datetime, now: datetime) -> None:
        self.again_at = again_at
        self.minutes = max(1, -(-(again_at - now) // timedelta(minutes=1)))
        super().__init__(
            _("Đã thử sai quá nhiều lần. Hãy đợi %(minutes)s phút rồi thử lại.") % {"minutes": self.minutes}
        )


@transaction.atomic
def begin_try(keys: Sequence[str], *, limit: Limit, now: datetime) -> list[int]:
    """Count a try as failed before it is made, so that many at once are no way around the limit.

    Args:
        keys: What is counted: where it comes from, what it is aimed at. Each has its own count.
        limit: How many may fail, and within which time.
        now: When it is made.

    Returns:
        What ``succeeded`` takes back when the try turns out right.

    Raises:
        TooManyTries: One of the keys has used up its tries.
    """
    since = now - limit.within
    for key in sorted(keys):
        locks.hold(f"throttle:{key}")
        failed = list(FailedTry.objects.filter(key=key, at__gt=since).order_by("-at").values_list("at", flat=True))
        if len(failed) >= limit.tries:
            raise TooManyTries(again_at=failed[limit.tries - 1] + limit.within, now=now)
    FailedTry.objects.filter(at__lte=now - max(limit.within, KEPT)).delete()
    return [row.pk for row in FailedTry.objects.bulk_create(FailedTry(key=key, at=now) for key in keys)]


def succeeded(tries: Sequence[int]) -> None:
    """Take back the count of a try that was right."""
    FailedTry.objects.filter(pk__in=tries).delete()
