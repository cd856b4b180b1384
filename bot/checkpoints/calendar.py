"""When a council works: bank holidays by nation, office hours, days off and calm periods; always Europe/London."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from bot.checkpoints.dates import check_aware
from bot.knowledge.entry import Nation

LONDON: Final = ZoneInfo("Europe/London")
_SUBDIVISIONS: Final = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}
_LONGEST_SEARCH_DAYS: Final = 1500


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both counted, and why (a day off of the channel, a pre-election period)."""

    first_on: dt.date
    last_on: dt.date
    why: str = ""


@dataclass(frozen=True)
class WorkCalendar:
    """
    When the bot may start a message in a channel.

    ``sends_at`` is the usual time and lies inside the hours; ``closes_at`` is the first moment after them. Pre-election
    periods are set by the council, because their dates and meaning differ with the election. ``weekdays_off`` counts
    from Monday, 0.
    """

    nation: Nation = "england"
    opens_at: dt.time = dt.time(9, 0)
    closes_at: dt.time = dt.time(17, 0)
    sends_at: dt.time = dt.time(9, 30)
    days_off: tuple[Period, ...] = ()
    calm: tuple[Period, ...] = ()
    weekdays_off: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.opens_at <= self.sends_at < self.closes_at:
            raise ValueError("the time of sending lies outside the office hours")


def is_working_day(calendar: WorkCalendar, day: dt.date) -> bool:
    """Whether the bot may start a message on that day: no weekend, weekday or day off, bank holiday, calm period."""
    if day.weekday() > 4 or day.weekday() in calendar.weekdays_off or day in bank_holidays(calendar.nation, day.year):
        return False
    return not any(period.first_on <= day <= period.last_on for period in (*calendar.days_off, *calendar.calm))


@lru_cache(maxsize=400)
def bank_holidays(nation: Nation, year: int) -> frozenset[dt.date]:
    """
    The bank holidays of a nation in a year, substitute days included.

    Source: the holidays library, which follows the Banking and Financial Dealings Act 1971 and proclamations.
    """
    return frozenset(holidays.country_holidays("GB", subdiv=_SUBDIVISIONS[nation], years=year, language="en_GB"))


def working_day_from(calendar: WorkCalendar, day: dt.date) -> dt.date:
    """That day, or the first working day after it. Raises: ValueError: none in the next four years."""
    return _search(calendar, day, 1)


def working_day_until(calendar: WorkCalendar, day: dt.date) -> dt.date:
    """That day, or the last working day before it. Raises: ValueError: none in the last four years."""
    return _search(calendar, day, -1)


def add_working_days(calendar: WorkCalendar, day: dt.date, count: int) -> dt.date:
    """The working day *count* working days after *day* (which need not be one); 0 gives the first from that day on."""
    if count == 0:
        return working_day_from(calendar, day)
    for _ in range(count):
        day = working_day_from(calendar, day + dt.timedelta(days=1))
    return day


def sending_moment(calendar: WorkCalendar, day: dt.date) -> dt.datetime:
    """The usual moment of sending on that day, in Europe/London: 09:30 by the clock on the wall, summer and winter."""
    return dt.datetime.combine(day, calendar.sends_at, tzinfo=LONDON)


def next_moment(calendar: WorkCalendar, *, after: dt.datetime) -> dt.datetime:
    """The first usual moment of sending that is later than *after*."""
    day = day_of(after)
    if sending_moment(calendar, day) <= after:
        day += dt.timedelta(days=1)
    return sending_moment(calendar, working_day_from(calendar, day))


def soonest_moment(calendar: WorkCalendar, *, at: dt.datetime) -> dt.datetime:
    """*at* itself where the bot may start a message then, else the next moment of sending."""
    return at if is_working_moment(calendar, at=at) else next_moment(calendar, after=at)


def is_working_moment(calendar: WorkCalendar, *, at: dt.datetime) -> bool:
    """Whether the bot may start a message now: a working day, inside the hours."""
    local = at.astimezone(LONDON)
    return calendar.opens_at <= local.time() < calendar.closes_at and is_working_day(calendar, day_of(at))


def day_of(at: dt.datetime) -> dt.date:
    """The day it is in Europe/London at that moment."""
    check_aware(at)
    return at.astimezone(LONDON).date()


def _search(calendar: WorkCalendar, day: dt.date, step: int) -> dt.date:
    for days in range(_LONGEST_SEARCH_DAYS):
        candidate = day + dt.timedelta(days=step * days)
        if is_working_day(calendar, candidate):
            return candidate
    raise ValueError(f"no working day within {_LONGEST_SEARCH_DAYS} days of {day}: check the days off")
