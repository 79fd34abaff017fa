"""Working time in China: weekdays from 8:30 to 17:30, and the State Council's yearly holiday notice."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import chinese_calendar

LOCAL = ZoneInfo("Asia/Shanghai")
OPENS = time(8, 30)
CLOSES = time(17, 30)
ONE_DAY = timedelta(days=1)


class WorkCalendar:
    """Which days and hours are worked, and sums in working time. Moments are aware, answers are local.

    `overrides` are days that people entered (worked or not); they win over the published calendar, which
    wins over Monday to Friday. A working day is as long as from `opens` to `closes`: lunch is not taken off.
    """

    def __init__(
        self, overrides: Mapping[date, bool] | None = None, *, opens: time = OPENS, closes: time = CLOSES
    ) -> None:
        self.overrides = dict(overrides or {})
        self.opens, self.closes = opens, closes
        self._length = datetime.combine(date.min, closes) - datetime.combine(date.min, opens)
        if self._length <= timedelta():
            raise ValueError("A working day closes after it opens.")
        self._counts: dict[int, list[int]] = {}

    @property
    def hours_per_day(self) -> float:
        """The length of a working day."""
        return self._length.total_seconds() / 3600

    def is_working(self, day: date) -> bool:
        """Whether the day is worked."""
        entered = self.overrides.get(day)
        return _published(day)[0] if entered is None else entered

    def is_provisional(self, day: date) -> bool:
        """Whether the year's notice is not known yet, so that the answer about this day may change.

        A year is known as well when people entered its first day: they copied the notice.
        """
        is_entered = day in self.overrides or date(day.year, 1, 1) in self.overrides
        return not is_entered and not _published(day)[1]

    def add(self, moment: datetime, *, hours: float) -> datetime:
        """The moment after so many working hours; one that ends with the day is due that evening."""
        if hours < 0:
            raise ValueError("Working time is added, not taken away.")
        at, left = _local(moment), timedelta(hours=hours)
        day = at.date()
        while True:
            opens, closes = self._shift(day, not_before=at)
            if opens < closes and left <= closes - opens:
                return opens + left
            left -= closes - opens
            day += ONE_DAY

    def add_days(self, moment: datetime, days: float) -> datetime:
        """The moment after so many working days of full length."""
        return self.add(moment, hours=days * self.hours_per_day)

    def hours_between(self, start: datetime, end: datetime) -> float:
        """Working hours from a moment to a later one; 0 where it is not later."""
        start, end = _local(start), _local(end)
        if end <= start:
            return 0.0
        whole_days = self._working_days(start.date(), end.date())
        worked = whole_days * self._length + self._so_far(end) - self._so_far(start)
        return worked / timedelta(hours=1)

    def _shift(self, day: date, *, not_before: datetime) -> tuple[datetime, datetime]:
        """What is left of the day's working time from a moment on; empty on a day off."""
        closes = datetime.combine(day, self.closes, LOCAL)
        if not self.is_working(day):
            return closes, closes
        opens = datetime.combine(day, self.opens, LOCAL)
        return min(max(opens, not_before), closes), closes

    def _so_far(self, at: datetime) -> timedelta:
        """The working time of the day that is over at the moment."""
        opens, closes = self._shift(at.date(), not_before=at)
        return self._length - (closes - opens) if self.is_working(at.date()) else timedelta()

    def _working_days(self, start: date, end: date) -> int:
        """How many days are worked from one day up to, not with, a later one."""
        years = sum(self._count(year)[-1] for year in range(start.year, end.year))
        return years + self._count(end.year)[_day_of_year(end)] - self._count(start.year)[_day_of_year(start)]

    def _count(self, year: int) -> list[int]:
        """How many days of the year are worked before its first day, its second, …, its end.

        Counted once: a page asks for hundreds of spans.
        """
        if year not in self._counts:
            first = date(year, 1, 1).toordinal()
            days = range(first, date(year, 12, 31).toordinal() + 1)
            worked = (self.is_working(date.fromordinal(day)) for day in days)
            self._counts[year] = list(accumulate(worked, initial=0))
        return self._counts[year]


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(LOCAL)


def _day_of_year(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal()


@lru_cache(maxsize=8192)
def _published(day: date) -> tuple[bool, bool]:
    """(worked, known): by the published calendar, or by the week where the year is not in it."""
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < 5, False
