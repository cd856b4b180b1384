"""Days and times as a person in Britain reads them, and Slack's date tokens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

LONDON = ZoneInfo("Europe/London")
_TOKEN = re.compile(r"\{(\w+)\}")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_ASSUMED_YEAR_DAYS = 365


def moment_of(ts: str) -> datetime:
    """Return the moment of a Slack timestamp, in London."""
    return datetime.fromtimestamp(float(ts), UTC).astimezone(LONDON)


def clock_words(moment: datetime) -> str:
    """Return the time of day: 09:30."""
    return moment.astimezone(LONDON).strftime("%H:%M")


def day_words(day: date, today: date) -> str:
    """Return a day as a heading: today, yesterday, or in full."""
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return _long(day, weekday=True)


def full_words(moment: datetime) -> str:
    """Return a moment in full: Monday 23 November 2026, 09:30."""
    local = moment.astimezone(LONDON)
    return f"{_long(local, weekday=True)}, {clock_words(local)}"


def ago_words(moment: datetime, now: datetime) -> str:
    """Return how far away a moment is: 3 hours ago, in 2 days."""
    seconds = (now - moment).total_seconds()
    number, unit = _largest(abs(seconds))
    if not number:
        return "just now"
    words = f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{words} ago" if seconds > 0 else f"in {words}"


def draw_date(unix: str, form: str, fallback: str, now: datetime) -> Markup:
    """Return ``<!date^unix^form|fallback>`` as HTML; the *fallback* where it cannot be read.

    Source: https://docs.slack.dev/messaging/formatting-message-text, checked 2026-11-23.
    """
    try:
        moment = datetime.fromtimestamp(int(unix), UTC).astimezone(LONDON)
    except (ValueError, OverflowError, OSError):
        return Markup("{}").format(fallback)
    words = _TOKEN.sub(lambda found: _token(found[1], found[0], moment, now), form)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(), full_words(moment), words)


def _token(name: str, raw: str, moment: datetime, now: datetime) -> str:
    make = _FORMS.get(name.removesuffix("_pretty"))
    if make is None:
        return ago_words(moment, now) if name == "ago" else raw
    if name.endswith("_pretty"):
        today = now.astimezone(LONDON).date()
        near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((moment.date() - today).days)
        if near:
            return near
    return make(moment)


def _long(day: date, *, weekday: bool = False) -> str:
    name = f"{day:%A} " if weekday else ""
    return f"{name}{day.day} {day:%B %Y}"


_FORMS: dict[str, Callable[[datetime], str]] = {
    "date_num": lambda moment: f"{moment:%Y-%m-%d}",
    "date_slash": lambda moment: f"{moment:%d/%m/%Y}",
    "date": lambda moment: _long(moment),
    "date_short": lambda moment: f"{moment.day} {moment:%b %Y}",
    "date_long": lambda moment: _long(moment, weekday=True),
    "date_long_full": lambda moment: _long(moment, weekday=True),
    "day_divider": lambda moment: _long(moment, weekday=True),
    "time": clock_words,
    "time_secs": lambda moment: f"{moment:%H:%M:%S}",
}


def _largest(seconds: float) -> tuple[int, str]:
    for size, unit in ((_ASSUMED_YEAR_DAYS * _DAY, "year"), (_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= size:
            return int(seconds // size), unit
    return 0, "second"
