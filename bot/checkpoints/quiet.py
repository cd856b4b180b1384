"""When nothing is started, and how much in a week: what a council, a channel and a person set, and its faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from bot.checkpoints.calendar import Period, WorkCalendar
from bot.checkpoints.dates import add_months, in_words, read_date
from bot.checkpoints.notifications import Settings
from bot.checkpoints.services import Change
from bot.knowledge.councils import Council
from bot.knowledge.entry import Nation

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
NATION_NAMES: Final[Mapping[Nation, str]] = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
}
ASK_FROM_DAYS: Final = 90
"""A quiet time longer than this is kept only where the person says that it is meant: most are a slip of the year."""

LONGEST_DAYS: Final = 366
FURTHEST_MONTHS: Final = 24
LONGEST_NAME: Final = 100
LONGEST_WAIT_DAYS: Final = 14
"""A person's leave moves what is said in a channel only up to this length; for longer the team should still know."""

MOST_A_WEEK: Final = 10


@dataclass(frozen=True)
class Quiet:
    """
    What a channel or a person has set for what the bot starts there.

    ``days_off`` are their own days, a person's leave among them; ``weekdays_off`` counts from Monday, 0; ``a_week`` is
    the most messages in a week, None for what the council says. Opting out is of everything that the bot starts: what
    is due then goes to the person it asks directly, or where that person has opted out to the next who answers for it.
    """

    opted_out: bool = False
    days_off: tuple[Period, ...] = ()
    weekdays_off: tuple[int, ...] = ()
    a_week: int | None = None


@dataclass(frozen=True)
class CalmPeriod:
    """
    A pre-election period: nothing is started in it. ``applies_to`` is a nation, a council's code, or empty for all.

    Each council sets its own: when one begins, ends and what it forbids differs by nation and by election.
    """

    name: str
    first_on: dt.date
    last_on: dt.date
    applies_to: str = ""


@dataclass(frozen=True)
class CouncilQuiet:
    """What a council sets for everybody: office hours, how much a week, and calm periods."""

    opens_at: dt.time = dt.time(9, 0)
    closes_at: dt.time = dt.time(17, 0)
    sends_at: dt.time = dt.time(9, 30)
    person_a_week: int = 3
    channel_a_week: int = 3
    calm: tuple[CalmPeriod, ...] = ()


NOTHING_SET: Final = Quiet()
People = Mapping[str, Quiet]
"""What people have set, by their ids; who is not in it has set nothing."""


def calendar_of(nation: Nation, council: str, own: CouncilQuiet, channel: Quiet = NOTHING_SET) -> WorkCalendar:
    """When something may be started in a channel of a council."""
    calm = tuple(
        Period(one.first_on, one.last_on, one.name) for one in own.calm if one.applies_to in ("", nation, council)
    )
    return WorkCalendar(
        nation, own.opens_at, own.closes_at, own.sends_at, channel.days_off, calm, weekdays_off=channel.weekdays_off
    )


def calendar_naming(calendar: WorkCalendar, person: Quiet, *, direct: bool) -> WorkCalendar:
    """
    The calendar for what asks something of a person: their own days off hold too.

    In a channel only leave of at most ``LONGEST_WAIT_DAYS`` moves it; what goes to them directly waits for them.
    """
    if person == NOTHING_SET:
        return calendar
    days = [one for one in person.days_off if direct or _length(one) <= LONGEST_WAIT_DAYS]
    weekdays = {*calendar.weekdays_off, *person.weekdays_off}
    if len(weekdays) == len(WEEKDAYS):  # together they would leave no day at all
        weekdays = set(person.weekdays_off if direct else calendar.weekdays_off)
    return replace(calendar, days_off=(*calendar.days_off, *days), weekdays_off=tuple(sorted(weekdays)))


def budgets_of(settings: Settings, own: CouncilQuiet) -> Settings:
    """The settings with the council's own budgets."""
    return replace(settings, person_a_week=own.person_a_week, channel_a_week=own.channel_a_week)


def read_days_off(text: str) -> tuple[tuple[Period, ...], str]:
    """
    Days off as somebody wrote them, one a line: a day, or a day "to" a day, then a colon and why where it helps.

    Returns: the periods by date, and what is wrong with the first line that cannot be read ("" where all can).
    """
    found: list[Period] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        days, _, why = line.partition(":")
        first, _, last = days.replace("–", " to ").partition(" to ")
        begin = read_date(first)
        end = read_date(last) if last.strip() else begin
        if begin is None or end is None:
            wrong = first if begin is None else last
            return (), (
                f"Line {number}: {wrong.strip()!r} is no date. Write 24 December 2026, or 24 December 2026 to 1 "
                "January 2027: Christmas."
            )
        found.append(Period(begin, end, why.strip()))
    return tuple(sorted(found, key=lambda one: (one.first_on, one.last_on, one.why))), ""


def days_off_words(periods: Iterable[Period]) -> str:
    """Days off as ``read_days_off`` reads them, one a line."""
    return "\n".join(f"{period_words(one)}{': ' if one.why else ''}{one.why}" for one in periods)


def period_words(period: Period | CalmPeriod) -> str:
    """From when to when: "24 December 2026 to 1 January 2027"."""
    first, last = in_words(period.first_on), in_words(period.last_on)
    return first if first == last else f"{first} to {last}"


def applies_words(applies_to: str, councils: Mapping[str, Council]) -> str:
    """For whom a calm period holds, as people call it."""
    if applies_to in councils:
        return councils[applies_to].name
    nations = {str(nation): name for nation, name in NATION_NAMES.items()}
    return nations.get(applies_to, applies_to) or "everybody"


def quiet_faults(quiet: Quiet, before: Quiet, *, today: dt.date, meant: bool) -> dict[str, str]:
    """What is wrong with what a channel or person sets, by field; *meant*: long times are wanted like that."""
    found: dict[str, str] = {}
    if len(set(quiet.weekdays_off)) >= len(WEEKDAYS):
        found["weekdays_off"] = "No weekday would be left. Leave one free, or choose no messages at all."
    if quiet.a_week is not None and not 1 <= quiet.a_week <= MOST_A_WEEK:
        found["a_week"] = f"Give a number from 1 to {MOST_A_WEEK}, or choose no messages at all."
    for period in quiet.days_off:
        if fault := _period_fault(period, today=today, meant=meant, known=period in before.days_off):
            found["days_off"] = fault
            break
    return found


def calm_faults(calm: CalmPeriod, own: CouncilQuiet, *, today: dt.date, meant: bool) -> dict[str, str]:
    """What is wrong with a new calm period, by field."""
    found: dict[str, str] = {}
    if not calm.name:
        found["calm.name"] = "Say what it is, such as local elections."
    elif len(calm.name) > LONGEST_NAME:
        found["calm.name"] = f"This is {len(calm.name)} characters long; {LONGEST_NAME} is the most."
    if fault := _period_fault(Period(calm.first_on, calm.last_on), today=today, meant=meant):
        found["calm.last_on"] = fault
    elif any((one.first_on, one.last_on, one.applies_to) == _span(calm) for one in own.calm):
        found["calm.first_on"] = "There is one for these days already."
    return found


def hours_faults(own: CouncilQuiet) -> dict[str, str]:
    """What is wrong with office hours and budgets, by field."""
    found: dict[str, str] = {}
    if own.closes_at <= own.opens_at:
        found["closes_at"] = "This is not after the time at which the office opens."
    elif not own.opens_at <= own.sends_at < own.closes_at:
        found["sends_at"] = "This is outside the office hours."
    for name in ("person_a_week", "channel_a_week"):
        if not 1 <= getattr(own, name) <= MOST_A_WEEK:
            found[name] = f"Give a number from 1 to {MOST_A_WEEK}."
    return found


def changes_of(before: Any, after: Any) -> tuple[Change, ...]:
    """What differs between two of the same kind of settings, a line a field, as a person reads it."""
    names = [one.name for one in fields(before) if getattr(before, one.name) != getattr(after, one.name)]
    return tuple(Change(name, _words(getattr(before, name)), _words(getattr(after, name))) for name in names)


def in_force(periods: Iterable[Period | CalmPeriod], *, today: dt.date) -> list[Any]:
    """Those that are not over."""
    return [one for one in periods if one.last_on >= today]


def _period_fault(period: Period, *, today: dt.date, meant: bool, known: bool = False) -> str:
    days, words = _length(period), period_words(period)
    if period.last_on < period.first_on:
        return f"{words} ends before it begins. Turn the two days round."
    if days > LONGEST_DAYS:
        return f"{words} is {days} days long; {LONGEST_DAYS} is the most."
    if known:
        return ""
    if period.last_on < today:
        return f"{words} is over already. Give days that are still to come."
    if period.last_on > add_months(today, FURTHEST_MONTHS):
        return f"{words} is more than {FURTHEST_MONTHS // 12} years away. Set it when it comes nearer."
    if days > ASK_FROM_DAYS and not meant:
        return f"{words} is {days} days long. If that is meant, tick the box for long times below; else mend the days."
    return ""


def _length(period: Period) -> int:
    return (period.last_on - period.first_on).days + 1


def _span(calm: CalmPeriod) -> tuple[dt.date, dt.date, str]:
    return calm.first_on, calm.last_on, calm.applies_to


def _words(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(_parts(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    return "" if value is None else str(value)


def _parts(values: Iterable[Any]) -> Iterator[str]:
    for one in values:
        if isinstance(one, CalmPeriod):
            yield f"{one.name}, {period_words(one)}, for {one.applies_to or 'everybody'}"
        elif isinstance(one, Period):
            yield days_off_words([one])
        else:
            yield WEEKDAYS[one]
