"""Days as people read and count them: months added and taken off, and a date in words."""

from __future__ import annotations

import calendar
import datetime as dt
from contextlib import suppress
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def add_months(day: dt.date, months: int) -> dt.date:
    """
    The same day of the month *months* later (earlier, where negative), or that month's last day where it is shorter.

    31 January plus one month is 28 or 29 February; 29 February plus twelve is 28 February. Counting back never lands
    later than the wanted day, so that a notice date worked out with it is never too late.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def in_words(day: dt.date) -> str:
    """The date as people write it: 3 March 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def read_date(text: str) -> dt.date | None:
    """A date as people in Britain write it (3 March 2027, 3 Mar 2027, 3/3/2027) or as 2027-03-03; None for no date."""
    words = " ".join(text.replace(",", " ").split())
    for form in ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return dt.datetime.strptime(words, form).replace(tzinfo=dt.UTC).date()
    return None


def how_far(day: dt.date, *, today: dt.date) -> str:
    """How far away a day is, said plainly: "today", "in 3 days", "4 months ago"."""
    days = (day - today).days
    if days == 0:
        return "today"
    if abs(days) == 1:
        return "tomorrow" if days > 0 else "yesterday"
    text = _length(abs(days))
    return f"in {text}" if days > 0 else f"{text} ago"


def check_aware(at: dt.datetime) -> None:
    """Refuse a moment without a time zone. Raises: ValueError."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(f"a moment needs a time zone: {at!r}")


def _length(days: int) -> str:
    if days < 14:
        return f"{days} days"
    if days < 61:
        return f"{days // 7} weeks"
    months = days * 12 // 365
    return f"{months} months" if months < 24 else f"{days // 365} years"
