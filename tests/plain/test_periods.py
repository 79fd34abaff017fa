from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.plain.periods import PRESETS, Period, PeriodError, between, parse, preset

TODAY = date(2026, 11, 24)
STARTED = date(2024, 3, 1)

days = st.dates(date(2001, 1, 1), date(2099, 12, 31))
parts = st.builds(
    "{}{}".format,
    st.integers(2001, 2099),
    st.sampled_from(["", "H1", "H2", "Q1", "Q2", "Q3", "Q4", *[f"-{month:02}" for month in range(1, 13)]]),
)


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2026", "2026-01-01", "2026-12-31", "2026年"),
        ("2026H1", "2026-01-01", "2026-06-30", "2026年上半年"),
        ("2026h2", "2026-07-01", "2026-12-31", "2026年下半年"),
        ("2026Q3", "2026-07-01", "2026-09-30", "2026年第三季度"),
        ("２０２６Ｑ３", "2026-07-01", "2026-09-30", "2026年第三季度"),
        ("2026-06", "2026-06-01", "2026-06-30", "2026年6月"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024年2月"),
        ("2026-01-01..2026-06-30", "2026-01-01", "2026-06-30", "2026年上半年"),
        ("2026-1-5 至 2026-2-3", "2026-01-05", "2026-02-03", "2026-01-05至2026-02-03"),
        ("all", "2024-03-01", "2026-11-24", "2024-03-01至2026-11-24"),
        ("本季", "2026-10-01", "2026-12-31", "2026年第四季度"),
    ],
)
def test_periods_are_read_and_named(text: str, start: str, end: str, label: str) -> None:
    period = parse(text, TODAY, STARTED)
    assert (period.start.isoformat(), period.end.isoformat(), period.label) == (start, end, label)


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("month", "2026-11-01", "2026-11-30"),
        ("quarter", "2026-10-01", "2026-12-31"),
        ("half", "2026-01-01", "2026-06-30"),
        ("half2", "2026-07-01", "2026-12-31"),
        ("year", "2026-01-01", "2026-12-31"),
        ("all", "2024-03-01", "2026-11-24"),
    ],
)
def test_presets(code: str, start: str, end: str) -> None:
    period = preset(code, TODAY, STARTED)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert (period.code, period.name) == (code, PRESETS[code])


def test_a_programme_that_starts_tomorrow_has_a_period_too() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert preset("all", TODAY, tomorrow) == Period(tomorrow, tomorrow, "all")
    assert preset("all", TODAY).start == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "看不懂"),
        ("gestern", "看不懂"),
        ("2026H3", "看不懂"),
        ("2026-13", "看不懂"),
        ("1999", "年份不对"),
        ("2026-02-30..2026-03-01", "没有这一天"),
        ("2026-06-30..2026-01-01", "不能早于"),
    ],
)
def test_what_is_no_period_is_told(text: str, sentence: str) -> None:
    with pytest.raises(PeriodError, match=sentence):
        parse(text, TODAY)


@given(parts)
def test_a_part_of_a_year_is_spelled_as_it_was_read(text: str) -> None:
    assert parse(text, TODAY).code == text


@given(days, days)
def test_any_range_is_read_back_from_its_code(first: date, second: date) -> None:
    period = between(min(first, second), max(first, second))
    assert parse(period.code, TODAY) == period


@given(parts)
def test_what_is_before_a_part_is_its_neighbour_of_the_same_kind(text: str) -> None:
    period = parse(text, TODAY)
    earlier = period.before()
    assert earlier.end + timedelta(days=1) == period.start
    assert len(earlier.code) == len(period.code)


@given(days, days)
def test_what_is_before_a_range_is_as_long(first: date, second: date) -> None:
    period = between(min(first, second), max(first, second))
    earlier = period.before()
    assert earlier.end + timedelta(days=1) == period.start
    assert earlier.days == period.days or period.start.day == 1


def test_the_same_period_a_year_before() -> None:
    assert parse("2026Q3", TODAY).a_year_before().code == "2025Q3"
    assert parse("2025-02", TODAY).a_year_before().code == "2024-02"
    leap = between(date(2024, 2, 10), date(2024, 2, 29))
    assert leap.a_year_before() == between(date(2023, 2, 10), date(2023, 2, 28))


def test_the_bounds_are_moments_in_china() -> None:
    start, end = parse("2026-06", TODAY).bounds()
    assert start == datetime(2026, 5, 31, 16, tzinfo=UTC)
    assert end == datetime(2026, 6, 30, 16, tzinfo=UTC)


@given(days, days, days)
def test_a_day_is_inside_as_its_noon_is(first: date, second: date, day: date) -> None:
    period = between(min(first, second), max(first, second))
    start, end = period.bounds()
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=start.tzinfo)
    assert (day in period) == (start <= noon < end)
