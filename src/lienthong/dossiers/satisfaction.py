"""What applicants thought of how they were served: the distribution of ratings, never a single one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from lienthong.dossiers.models import Rating
from lienthong.dossiers.states import Satisfaction
from lienthong.kernel.days import local_moment

# Fewer ratings could be traced to the people who gave them.
FEWEST_SHOWN = 5
DEFINITION = _(
    "Mức độ hài lòng: đánh giá người nộp gửi trong kỳ, mỗi hồ sơ một lần. Dưới %(fewest)s lượt thì không công bố, để không "
    "đoán được ai đã đánh giá."
)


@dataclass(frozen=True, slots=True)
class Satisfied:
    """How many gave each level in a period. Mức độ hài lòng.

    ``by_level`` begins with the best level and names every level.
    """

    by_level: tuple[tuple[Satisfaction, int], ...]

    @property
    def ratings(self) -> int:
        """How many ratings were given."""
        return sum(count for _level, count in self.by_level)

    @property
    def may_be_shown(self) -> bool:
        """Whether there are enough of them to say nothing of anybody."""
        return self.ratings >= FEWEST_SHOWN

    @property
    def share_satisfied(self) -> float | None:
        """Share of the two best levels; None where too few have rated."""
        if not self.may_be_shown:
            return None
        best = {Satisfaction.VERY_SATISFIED, Satisfaction.SATISFIED}
        return sum(count for level, count in self.by_level if level in best) / self.ratings


def satisfaction(*, first: date, until: date, now: datetime) -> Satisfied:
    """Count the ratings given in a period by level.

    Args:
        first: First day of the period.
        until: Day after its last day.
        now: A period that is not over is counted up to now.
    """
    given = Rating.objects.filter(rated_at__gte=local_moment(first), rated_at__lt=min(local_moment(until), now))
    counted = dict(given.order_by().values_list("level").annotate(Count("pk")))
    return Satisfied(tuple((level, counted.get(level.value, 0)) for level in Satisfaction))
