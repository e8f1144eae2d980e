"""Working time of the province as one line of whole minutes, so that moments can be drawn, spaced and put in order."""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta

from lienthong.rules.working_time import WorkCalendar

_MINUTE = timedelta(minutes=1)


class Hours:
    """The minutes in which somebody is at work between two days, counted from zero.

    Args:
        calendar: Working days and office hours.
        first: First day.
        until: Day after the last.
    """

    def __init__(self, calendar: WorkCalendar, *, first: date, until: date) -> None:
        self.days: list[date] = []
        self._first_of_day: list[int] = []
        self._first_of_period: list[int] = []
        self._opens: list[datetime] = []
        self._closes: list[datetime] = []
        self.length = 0
        for ordinal in range(first.toordinal(), until.toordinal()):
            day = date.fromordinal(ordinal)
            periods = calendar.periods_on(day)
            if not periods:
                continue
            self.days.append(day)
            self._first_of_day.append(self.length)
            for opens, closes in periods:
                self._first_of_period.append(self.length)
                self._opens.append(opens.astimezone(UTC))  # every moment is written in UTC, so it is turned once
                self._closes.append(closes.astimezone(UTC))
                self.length += (closes - opens) // _MINUTE

    def moment(self, minute: int) -> datetime:
        """Return the moment of a minute."""
        place = bisect_right(self._first_of_period, minute) - 1
        return self._opens[place] + (minute - self._first_of_period[place]) * _MINUTE

    def minute(self, moment: datetime) -> int:
        """Return the first minute at or after a moment."""
        place = bisect_right(self._opens, moment) - 1
        if place < 0:
            return 0
        if moment >= self._closes[place]:
            return self._first_of_period[place + 1] if place + 1 < len(self._opens) else self.length
        return self._first_of_period[place] + -(-(moment - self._opens[place]) // _MINUTE)

    def worked_after(self, moment: datetime, minutes: int) -> datetime:
        """Return the moment at which so many minutes of work have passed; it may be the end of a period."""
        minute = self.minute(moment) + minutes
        place = bisect_left(self._first_of_period, minute) - 1
        return self._opens[place] + (minute - self._first_of_period[place]) * _MINUTE

    def day_at(self, minute: int) -> date:
        """Return the day of a minute."""
        return self.days[bisect_right(self._first_of_day, minute) - 1]

    def opening(self, day: date) -> int:
        """Return the first minute of a day, or of the first working day after it."""
        place = bisect_left(self.days, day)
        return self._first_of_day[place] if place < len(self.days) else self.length

    def day_after(self, minute: int, days: int) -> int:
        """Return the first minute of the day that is so many working days after that of a minute."""
        place = bisect_right(self._first_of_day, minute) - 1 + days
        return self._first_of_day[place] if place < len(self._first_of_day) else self.length

    def spans(self, first: date, until: date) -> tuple[int, int]:
        """Return the first minute on or after a day and the first on or after another."""
        return self.opening(first), self.opening(until)
