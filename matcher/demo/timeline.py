"""Months of work played in seconds: stories take their moves in the order of time, on a moving clock."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta

from matcher.db import LOCAL, at
from matcher.plain.worktime import WorkCalendar

#: A story acts, then yields the moment of its next move; what lies after the end is never played.
Story = Iterator[datetime]


class Days:
    """Days and hours counted back from the last day of the demo."""

    def __init__(self, last: date) -> None:
        self.last = last
        self.calendar = WorkCalendar()

    def back(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """So many days before the last day, at an hour; on a day off, the working day before.

        0 is the first minutes of the last day itself, so that it holds something and nothing lies ahead.
        """
        if days == 0:
            return datetime.combine(self.last, time(0, 1), LOCAL)
        return datetime.combine(self._working(self.last - timedelta(days=days), -1), time(hour, minute), LOCAL)

    def hours_back(self, hours: float) -> datetime:
        """So many working hours, fewer than a day has, before the last working day ended."""
        day = self._working(self.last - timedelta(days=1), -1)
        return datetime.combine(day, self.calendar.closes, LOCAL) - timedelta(hours=hours)

    def ahead(self, days: int, hour: int = 9) -> datetime:
        """So many days after the last day; on a day off, the working day after."""
        return datetime.combine(self._working(self.last + timedelta(days=days), 1), time(hour), LOCAL)

    def after(self, moment: datetime, days: float = 0, *, hours: float = 0) -> datetime:
        """So many working days and hours later."""
        return self.calendar.add(self.calendar.add_days(moment, days), hours=hours)

    @property
    def start_of_last_day(self) -> datetime:
        """The first minute of the last day: nothing of the demo lies after it."""
        return datetime.combine(self.last, time(0, 5), LOCAL)

    def _working(self, day: date, step: int) -> date:
        while not self.calendar.is_working(day):
            day += timedelta(days=step)
        return day


def play(stories: Iterable[tuple[datetime, Story]], *, until: datetime, after_each: Callable[[], object]) -> None:
    """Play all stories in the order of time, each from its first moment on, up to the end.

    `after_each` is called after every move while the clock still stands there: rows get their dates with it.
    """
    waiting = [(moment, number, story) for number, (moment, story) in enumerate(stories)]
    heapq.heapify(waiting)
    while waiting and waiting[0][0] <= until:
        moment, number, story = heapq.heappop(waiting)
        with at(moment):
            following = next(story, None)
            after_each()
        if following is not None:
            heapq.heappush(waiting, (max(following, moment), number, story))


def every_day(first: datetime, act: Callable[[], object]) -> Story:
    """A story without an end: the same act at the same hour of every day."""
    moment = first
    while True:
        act()
        moment += timedelta(days=1)
        yield moment
