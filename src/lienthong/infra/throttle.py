"""How often something may be tried in vain: wrong guesses are counted in the database, for every worker alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """So many failed tries within a span. Giới hạn số lần thử."""

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
def begin_try(limits: Mapping[str, Limit], *, now: datetime) -> list[int]:
    """Count a try as failed before it is made, so that many at once are no way around the limit.

    Args:
        limits: What is counted, such as where the try comes from, each with how many may fail and within which time.
        now: When it is made.

    Returns:
        What ``succeeded`` takes back when the try turns out right.

    Raises:
        TooManyTries: One of the keys has used up its tries.
    """
    for key, limit in sorted(limits.items(), key=lambda one: one[0]):
        locks.hold(f"throttle:{key}")
        since = now - limit.within
        failed = list(FailedTry.objects.filter(key=key, at__gt=since).order_by("-at").values_list("at", flat=True))
        if len(failed) >= limit.tries:
            raise TooManyTries(again_at=failed[limit.tries - 1] + limit.within, now=now)
    longest = max(limit.within for limit in limits.values())
    FailedTry.objects.filter(at__lte=now - max(longest, KEPT)).delete()
    return [row.pk for row in FailedTry.objects.bulk_create(FailedTry(key=key, at=now) for key in limits)]


def succeeded(tries: Sequence[int]) -> None:
    """Take back the count of a try that was right."""
    FailedTry.objects.filter(pk__in=tries).delete()
