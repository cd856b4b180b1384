"""A notification: what is planned, what was sent, what a council sets, and how a new plan replaces an old one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Subject = Literal["checkpoint", "action", "evidence", "contract", "waiver", "recall", "awaited", "blind", "digest"]
Ask = Literal[
    "answer",
    "hand in",
    "decide",
    "know it is overdue",
    "do the action",
    "check again",
    "renew the evidence",
    "decide on the contract",
    "end the waiver",
    "know it has changed",
    "know there is an answer",
    "rate the points",
    "talk about the ratings",
    "open another round",
    "know the exceptions",
]
"""
The one thing a notification asks; "know it is overdue" is the single note to the sponsor, "know it has changed" tells a
thread that an answer in it is an older one, "know there is an answer" whoever waited for one, "know the exceptions" is
the Monday digest.
"""


@dataclass(frozen=True)
class Settings:
    """
    A council's (or channel's) settings of what is planned and how much may be sent.

    Before a date: ``before_days`` (0 is the day itself). After it: the first ``overdue_after`` working days later, then
    every ``overdue_every`` days, ``overdue_most`` in all, then one note to the sponsor. The budget counts messages that
    the bot started in a calendar week (Monday to Sunday); an overdue series of which the last
    ``ignored_before_back_off`` were ignored goes on every ``back_off_days``. ``digest``: whether sponsors get the
    Monday digest.
    """

    before_days: tuple[int, ...] = (28, 7, 0)
    overdue_after: int = 2
    overdue_every: int = 7
    overdue_most: int = 4
    note_to_sponsor: bool = True
    person_a_week: int = 3
    channel_a_week: int = 3
    ignored_before_back_off: int = 2
    back_off_days: int = 14
    longest_snooze_days: int = 28
    digest: bool = True


@dataclass(frozen=True)
class Snooze:
    """A person asked to hear nothing about a subject before a day."""

    subject: Subject
    subject_id: str
    until: dt.date
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Planned:
    """
    One notification that will be sent.

    ``key`` is unique and stable: it is made of the service, the subject, the date it is about and the rung (for example
    ``s1/checkpoint/c1/2027-03-01/before-7``), so that planning twice gives the same keys and moving the date others.
    ``send_at`` is aware (Europe/London) and always a working moment. ``channel_id`` is empty when it goes to
    ``owner_id`` as a direct message. ``ask`` and ``owner_id`` are the one thing asked and of whom. ``thread_ts`` is
    empty but where it stands in a thread; a recall is about no service, and asks nobody by name. What was
    awaited is about no service either, and leaves nothing behind once it is settled.
    """

    key: str
    workspace_id: str
    service_id: str
    subject: Subject
    subject_id: str
    rung: str
    ask: Ask
    owner_id: str
    channel_id: str
    about_on: dt.date
    send_at: dt.datetime
    thread_ts: str = ""


@dataclass(frozen=True)
class Sent:
    """A notification that was sent, and what it led to ("" until somebody reacts; then "answered", "moved", ...)."""

    key: str
    subject: Subject
    subject_id: str
    channel_id: str
    owner_id: str
    at: dt.datetime
    led_to: str = ""


@dataclass(frozen=True)
class Replanned:
    """What the store does after planning again: rows to add, rows to change (same key), keys to take out."""

    add: tuple[Planned, ...]
    change: tuple[Planned, ...]
    remove: tuple[str, ...]


def replanned(stored: Iterable[Planned], planned: Iterable[Planned]) -> Replanned:
    """The difference between what is stored (planned and not sent) for a subject and its new plan."""
    old = {one.key: one for one in stored}
    new = {one.key: one for one in planned}
    return Replanned(
        add=tuple(one for key, one in new.items() if key not in old),
        change=tuple(one for key, one in new.items() if key in old and old[key] != one),
        remove=tuple(key for key in old if key not in new),
    )


def snooze_faults(until: dt.date, settings: Settings, *, today: dt.date) -> dict[str, str]:
    """What is wrong with a snooze until that day; empty where nothing is."""
    if not today < until <= today + dt.timedelta(days=settings.longest_snooze_days):
        return {"until": f"Choose a day after today and at most {settings.longest_snooze_days} days from now."}
    return {}


def gap_days(sent: Iterable[Sent], settings: Settings) -> int:
    """The days between two overdue nudges of a subject: longer once the last few of them were ignored."""
    last = sorted((one for one in sent if is_overdue(one.key)), key=lambda one: one.at)
    last = last[-settings.ignored_before_back_off :]
    ignored = len(last) >= settings.ignored_before_back_off and not any(one.led_to for one in last)
    return max(settings.back_off_days, settings.overdue_every) if ignored else settings.overdue_every


def is_overdue(key: str) -> bool:
    """Whether a key belongs to the series after a date."""
    return key.rsplit("/", 1)[-1].startswith("overdue-")
