from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.plain.worktime import LOCAL, WorkCalendar

CALENDAR = WorkCalendar()

moments = st.datetimes(datetime(2003, 1, 1), datetime(2031, 1, 1), timezones=st.just(LOCAL))  # noqa: DTZ001
hours = st.integers(min_value=0, max_value=500).map(lambda quarters: quarters / 4)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-24 09:00", 8, "2026-11-24 17:00"),
        ("2026-11-24 10:00", 8, "2026-11-25 09:00"),
        ("2026-11-24 08:30", 9, "2026-11-24 17:30"),
        ("2026-11-24 17:30", 1, "2026-11-25 09:30"),
        ("2026-11-24 23:59", 1, "2026-11-25 09:30"),
        ("2026-11-27 17:00", 1, "2026-11-30 09:00"),  # over the weekend
        ("2026-09-30 17:00", 1, "2026-10-08 09:00"),  # over the National Day holiday
        ("2026-02-13 17:00", 1, "2026-02-14 09:00"),  # a Saturday that is worked for the Spring Festival
        ("2026-11-28 12:00", 0, "2026-11-30 08:30"),
    ],
)
def test_working_hours_are_added(start: str, hours: float, end: str) -> None:
    assert CALENDAR.add(at(start), hours=hours) == at(end)


def test_a_working_day_has_nine_hours_or_what_the_office_says() -> None:
    assert CALENDAR.hours_per_day == 9
    assert CALENDAR.add_days(at("2026-11-24 10:00"), 2) == at("2026-11-26 10:00")
    short = WorkCalendar(opens=time(9), closes=time(16, 30))
    assert short.hours_per_day == 7.5
    assert short.add_days(at("2026-11-24 09:00"), 1) == at("2026-11-24 16:30")


@given(moments, hours)
def test_what_was_added_lies_between(moment: datetime, hours: float) -> None:
    assert CALENDAR.hours_between(moment, CALENDAR.add(moment, hours=hours)) == pytest.approx(hours)


@given(moments, hours, hours)
def test_adding_twice_is_adding_the_sum(moment: datetime, first: float, second: float) -> None:
    step = CALENDAR.add(CALENDAR.add(moment, hours=first), hours=second)
    whole = CALENDAR.add(moment, hours=first + second)
    assert CALENDAR.hours_between(step, whole) == CALENDAR.hours_between(whole, step) == 0


@given(moments, moments, hours)
def test_who_begins_later_is_never_done_earlier(first: datetime, second: datetime, hours: float) -> None:
    first, second = sorted([first, second])
    assert CALENDAR.add(first, hours=hours) <= CALENDAR.add(second, hours=hours)


@given(moments, st.integers(0, 60 * 24 * 900), st.integers(0, 60 * 24 * 900))
def test_spans_add_up(start: datetime, first: int, second: int) -> None:
    middle = start + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    parts = CALENDAR.hours_between(start, middle) + CALENDAR.hours_between(middle, end)
    assert CALENDAR.hours_between(start, end) == pytest.approx(parts)
    assert CALENDAR.hours_between(end, start) == 0 or start == end


@given(moments)
def test_the_time_zone_of_a_moment_makes_no_difference(moment: datetime) -> None:
    assert CALENDAR.add(moment.astimezone(UTC), hours=3) == CALENDAR.add(moment, hours=3)


def test_people_know_better_than_the_calendar() -> None:
    tuesday, saturday = date(2026, 11, 24), date(2026, 11, 28)
    calendar = WorkCalendar({tuesday: False, saturday: True})
    assert not calendar.is_working(tuesday)
    assert calendar.is_working(saturday)
    assert calendar.add(at("2026-11-23 17:00"), hours=1) == at("2026-11-25 09:00")


def test_holidays_and_make_up_days_are_known() -> None:
    assert not CALENDAR.is_working(date(2026, 10, 1))
    assert CALENDAR.is_working(date(2026, 2, 14))
    assert not CALENDAR.is_provisional(date(2026, 2, 14))


@pytest.mark.parametrize("day", [date(2003, 3, 3), date(2090, 3, 1)])
def test_a_year_without_a_notice_is_provisional(day: date) -> None:
    assert CALENDAR.is_provisional(day)
    assert CALENDAR.is_working(day) == (day.weekday() < 5)


def test_a_year_that_people_entered_is_not_provisional() -> None:
    calendar = WorkCalendar({date(2090, 1, 1): False})
    assert not calendar.is_provisional(date(2090, 3, 1))
    assert calendar.is_provisional(date(2091, 3, 1))


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 24, 9)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.add(naive, hours=1)
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.hours_between(naive, at("2026-11-24 09:00"))


def test_time_is_not_taken_away() -> None:
    with pytest.raises(ValueError, match="not taken away"):
        CALENDAR.add(at("2026-11-24 09:00"), hours=-1)


def test_a_day_closes_after_it_opens() -> None:
    with pytest.raises(ValueError, match="closes after"):
        WorkCalendar(opens=time(9), closes=time(9))
