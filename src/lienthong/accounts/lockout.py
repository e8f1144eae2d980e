"""What somebody sees whose name is locked after too many wrong passwords."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer 429 with how long to wait."""
    return render(request, "base/errors/locked_out.html", status=429)
