"""What the screens of the village's part share: who may come in, the way round the four pages, days in words, tones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, note_read
from lienthong.infra.times import weekday_in_words
from lienthong.kernel.days import format_day
from lienthong.office.poverty.tones import CLASS_TONES
from lienthong.poverty import policies
from lienthong.poverty.queries.rounds import get_commune_review
from lienthong.poverty.states import CommuneState, HouseholdClass
from lienthong.poverty.working_days import working_days_left


@dataclass(frozen=True, slots=True)
class Way:
    """One of the pages of a commune in a round, for the links between them."""

    words: str
    url: str
    is_here: bool


def opened(request: HouseRequest, review_id: int, here: str) -> tuple[Any, dict[str, Any]]:
    """Load a commune's review that the user may see; return it with what every page of it shows.

    Raises:
        CommuneReviewNotFound: There is none, or none for this user.
    """
    review = get_commune_review(review_id, as_=request.user, on=request.today)
    note_read(request, f"{review.stream}:{here}")
    pages = {
        "poverty_village": _("Họp thôn"),
        "poverty_posting": _("Niêm yết"),
        "poverty_objections": _("Khiếu nại, kiến nghị"),
        "poverty_decision": _("Quyết định"),
    }
    ways = [Way(words, reverse(f"office:{name}", args=[review.pk]), name == here) for name, words in pages.items()]
    return review, {
        "review": review,
        "round": review.round,
        "commune": review.unit.name,
        "round_words": review.round.in_words,
        "stage": CommuneState(review.state).label,
        "ways": ways,
        "runs": policies.runs_commune(request.user, review.unit_id, on=request.today) and not review.round.closed_at,
        "signs": policies.signs_in_commune(request.user, review.unit_id, on=request.today)
        and not review.round.closed_at,
    }


def days_left_words(review: Any, last_day: date, *, on: date) -> str:
    """Write how long something still runs: còn 2 ngày làm việc (đến hết thứ Năm 19/11/2026)."""
    day = f"{weekday_in_words(last_day)} {format_day(last_day)}"
    if on > last_day:
        return _("đã hết từ %(day)s") % {"day": day}
    left = working_days_left(review.unit, last_day, on=on)
    if not left:
        return _("hôm nay là ngày cuối (%(day)s)") % {"day": day}
    return _("còn %(n)s ngày làm việc (đến hết %(day)s)") % {"n": left, "day": day}


def overdue_words(review: Any, due_on: date, *, on: date) -> tuple[str, str]:
    """Write how an answer stands against its day, with the tone."""
    if on <= due_on:
        return days_left_words(review, due_on, on=on), "soon" if working_days_left(
            review.unit, due_on, on=on
        ) < 2 else "wait"
    late = max(1, -working_days_left(review.unit, due_on, on=on))
    return _("trễ %(n)s ngày làm việc (hạn %(day)s)") % {"n": late, "day": format_day(due_on)}, "late"


def last_day_of(ends_on: date) -> date:
    """Return the last day before a half-open span ends."""
    return ends_on - timedelta(days=1)


def class_state(value: str | None) -> tuple[str, str]:
    """Return a class in words with its tone."""
    if not value:
        return _("chưa rõ"), "wait"
    return str(HouseholdClass(value).label), CLASS_TONES[HouseholdClass(value)]


def done_already(request: HouseRequest) -> None:
    """Say that a form came a second time."""
    messages.info(request, _("Thao tác này đã được ghi nhận trước đó, không thực hiện lại."))
