"""Working days by nation, office hours, and half past nine on the wall in summer and winter."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkpoints.calendar import (
    LONDON,
    Period,
    WorkCalendar,
    add_working_days,
    day_of,
    is_working_day,
    is_working_moment,
    next_moment,
    sending_moment,
    working_day_from,
    working_day_until,
)

ENGLAND = WorkCalendar()
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2040, 12, 31))
MOMENTS = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001
NATIONS = st.sampled_from(["england", "wales", "scotland", "northern_ireland"])


@pytest.mark.parametrize(
    ("day", "england", "scotland", "northern_ireland"),
    [
        ("2027-01-01", False, False, False),
        ("2027-01-04", True, False, True),
        ("2027-03-17", True, True, False),
        ("2027-03-26", False, False, False),
        ("2027-03-29", False, True, False),
        ("2027-07-12", True, True, False),
        ("2027-08-02", True, False, True),
        ("2027-08-30", False, True, False),
        ("2027-11-30", True, False, True),
        ("2027-12-27", False, False, False),
        ("2027-12-28", False, False, False),
        ("2027-12-29", True, True, True),
        ("2027-05-15", False, False, False),
    ],
)
def test_bank_holidays_differ_by_nation(day: str, england: bool, scotland: bool, northern_ireland: bool) -> None:
    on = dt.date.fromisoformat(day)
    found = [is_working_day(WorkCalendar(nation), on) for nation in ("england", "scotland", "northern_ireland")]

    assert found == [england, scotland, northern_ireland]
    assert is_working_day(WorkCalendar("wales"), on) == england


def test_days_off_and_calm_periods_are_not_worked() -> None:
    calm = Period(dt.date(2027, 3, 22), dt.date(2027, 5, 6), "Local election")
    calendar = WorkCalendar(days_off=(Period(dt.date(2027, 5, 7), dt.date(2027, 5, 7)),), calm=(calm,))

    assert working_day_from(calendar, dt.date(2027, 3, 22)) == dt.date(2027, 5, 10)
    assert working_day_until(calendar, dt.date(2027, 5, 9)) == dt.date(2027, 3, 19)


@pytest.mark.parametrize(
    ("day", "count", "wanted"),
    [
        ("2027-01-11", 0, "2027-01-11"),
        ("2027-01-09", 0, "2027-01-11"),
        ("2027-01-08", 2, "2027-01-12"),
        ("2027-03-25", 1, "2027-03-30"),
        ("2027-12-24", 2, "2027-12-30"),
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(day: str, count: int, wanted: str) -> None:
    assert add_working_days(ENGLAND, dt.date.fromisoformat(day), count) == dt.date.fromisoformat(wanted)


@pytest.mark.parametrize(
    ("day", "utc_hour"), [("2027-03-25", 9), ("2027-03-30", 8), ("2027-10-29", 8), ("2027-11-01", 9)]
)
def test_half_past_nine_is_by_the_clock_on_the_wall(day: str, utc_hour: int) -> None:
    sent = sending_moment(ENGLAND, dt.date.fromisoformat(day)).astimezone(dt.UTC)

    assert (sent.hour, sent.minute) == (utc_hour, 30)


@given(MOMENTS, NATIONS)
def test_the_next_moment_is_the_first_one_after(at: dt.datetime, nation: Any) -> None:
    calendar = WorkCalendar(nation)
    found = next_moment(calendar, after=at)

    assert found > at
    assert is_working_moment(calendar, at=found)
    assert found.astimezone(LONDON).time() == dt.time(9, 30)
    between = [day_of(at) + dt.timedelta(days=days) for days in range(1, (found.date() - day_of(at)).days)]
    assert not any(is_working_day(calendar, day) for day in between)


def test_the_moment_itself_is_not_after_itself() -> None:
    monday = sending_moment(ENGLAND, dt.date(2027, 1, 11))

    assert next_moment(ENGLAND, after=monday) == sending_moment(ENGLAND, dt.date(2027, 1, 12))


@given(DAYS, st.integers(0, 30), NATIONS)
def test_counting_working_days_lands_on_one_and_counts_right(day: dt.date, count: int, nation: Any) -> None:
    calendar = WorkCalendar(nation)
    there = add_working_days(calendar, day, count)
    worked = [day + dt.timedelta(days=days) for days in range(1, (there - day).days + 1)]

    assert is_working_day(calendar, there)
    assert count == 0 or sum(is_working_day(calendar, one) for one in worked) == count


@pytest.mark.parametrize(
    ("hour", "minute", "wanted"), [(8, 59, False), (9, 0, True), (16, 59, True), (17, 0, False), (23, 30, False)]
)
def test_office_hours_begin_and_end_sharply(hour: int, minute: int, wanted: bool) -> None:
    summer = dt.datetime(2027, 7, 1, hour, minute, tzinfo=LONDON)

    assert is_working_moment(ENGLAND, at=summer.astimezone(dt.UTC)) is wanted


def test_late_in_the_evening_in_utc_is_the_next_day_in_london_summer() -> None:
    assert day_of(dt.datetime(2027, 6, 30, 23, 30, tzinfo=dt.UTC)) == dt.date(2027, 7, 1)


def test_a_calendar_that_never_works_says_so() -> None:
    never = WorkCalendar(days_off=(Period(dt.date(2020, 1, 1), dt.date(2060, 1, 1)),))

    with pytest.raises(ValueError, match="check the days off"):
        working_day_from(never, dt.date(2027, 1, 1))


def test_sending_outside_the_hours_cannot_be_set() -> None:
    with pytest.raises(ValueError, match="outside the office hours"):
        WorkCalendar(sends_at=dt.time(18, 0))


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        next_moment(ENGLAND, after=dt.datetime(2027, 1, 1))  # noqa: DTZ001
