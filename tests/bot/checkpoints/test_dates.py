"""Months added and taken off, and dates in words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkpoints.dates import add_months, check_aware, how_far, in_words


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2027-03-31", -1, "2027-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2027-01-15", -13, "2025-12-15"),
        ("2027-05-10", 0, "2027-05-10"),
    ],
)
def test_months_keep_the_day_or_take_the_last_one(day: str, months: int, wanted: str) -> None:
    assert add_months(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(wanted)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 240))
def test_counting_back_and_forth_never_lands_later(day: dt.date, months: int) -> None:
    there = add_months(day, -months)

    assert add_months(there, months) <= day
    assert (day - there).days >= months * 28


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (5, "in 5 days"), (-20, "2 weeks ago"), (92, "in 3 months"),
     (-365, "12 months ago"), (800, "in 2 years")],
)  # fmt: skip
def test_how_far_is_said_as_people_say_it(days: int, words: str) -> None:
    today = dt.date(2027, 1, 11)

    assert how_far(today + dt.timedelta(days=days), today=today) == words


def test_a_date_in_words() -> None:
    assert in_words(dt.date(2027, 3, 1)) == "1 March 2027"


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        check_aware(dt.datetime(2027, 1, 1))  # noqa: DTZ001
