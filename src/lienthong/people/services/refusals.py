"""Why a change of people is refused, in words, and how a constraint of the database becomes such words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction

from lienthong.kernel.days import format_day
from lienthong.kernel.text import UncleanText, clean_line


class PeopleRefusal(Exception):
    """The change was not made; the message says what is wrong, which, and what to do."""


class TextRefused(PeopleRefusal):
    """A text is missing, too long, or holds something that may not be stored."""


class DayInTheFuture(PeopleRefusal):
    """A fact is dated later than today."""

    def __init__(self, day: date) -> None:
        super().__init__(f"Ngày {format_day(day)} chưa đến. Hãy nhập ngày không muộn hơn hôm nay.")


class EndsBeforeItBegins(PeopleRefusal):
    """The end of a span does not lie after its beginning."""

    def __init__(self, begins_on: date, ends_on: date) -> None:
        super().__init__(
            f"Ngày kết thúc {format_day(ends_on)} phải sau ngày bắt đầu {format_day(begins_on)}. Hãy kiểm tra lại ngày."
        )


@contextmanager
def refused_by(constraint: str, refusal: Callable[[], PeopleRefusal]) -> Iterator[None]:
    """Run statements of which one may break a constraint, and raise the refusal in its place.

    Args:
        constraint: Its name in the database.
        refusal: Makes the refusal, after the statement was undone, so that it may ask the database.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if broken != constraint:
            raise
        raise refusal() from error


def line(text: str, *, what: str, at_most: int, required: bool = False) -> str:
    """Give one clean line of text.

    Raises:
        TextRefused: It is missing although required, too long, or holds control characters; ``what`` begins the sentence.
    """
    try:
        cleaned = clean_line(text, at_most=at_most)
    except UncleanText as unclean:
        raise TextRefused(f"{what}: {unclean}") from unclean
    if required and not cleaned:
        raise TextRefused(f"Chưa nhập {what[0].lower()}{what[1:]}. Hãy bổ sung.")
    return cleaned


def refuse_future(day: date, *, today: date) -> None:
    """Refuse a day after today."""
    if day > today:
        raise DayInTheFuture(day)
