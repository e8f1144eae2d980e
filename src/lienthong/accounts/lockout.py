"""What somebody sees whose name is locked after too many wrong passwords."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import render

from lienthong.infra.http import HouseRequest


def locked_out(
    request: HouseRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None, /, **_: Any
) -> HttpResponse:
    """Answer 429 with how long to wait. The name need not exist: a lock says nothing about it."""
    minutes = _minutes_left(str((credentials or {}).get("username", "")), now=request.received_at)
    locked = render(request, "base/errors/locked_out.html", {"minutes": minutes}, status=429)
    locked["Retry-After"] = str(minutes * 60)
    return locked


def _minutes_left(username: str, *, now: datetime) -> int:
    lasting = timedelta(hours=settings.AXES_COOLOFF_TIME)
    last = AccessAttempt.objects.filter(username=username).aggregate(last=Max("attempt_time"))["last"] or now
    left = min(last + lasting - now, lasting)
    return max(1, ceil(left / timedelta(minutes=1)))
