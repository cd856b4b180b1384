"""Due dates as an .ics file that a calendar can take in or follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.dates import check_aware
from bot.checkpoints.radar import Radar
from bot.checkpoints.services import Service
from bot.checkpoints.signoff import open_actions

if TYPE_CHECKING:
    from icalendar import Event


@dataclass(frozen=True)
class DueDate:
    """One day in the calendar. ``uid`` stays the same when the day moves, so that the calendar moves it too."""

    uid: str
    on: dt.date
    title: str
    detail: str = ""
    link: str = ""


def due_dates(service: Service, checkpoints: Iterable[Checkpoint], radar: Radar | None) -> list[DueDate]:
    """Every day to come of a service: checkpoints not decided yet, open actions, and the dates of its contract."""
    found: list[DueDate] = []
    for checkpoint in checkpoints:
        title = checkpoint.template.title
        if checkpoint.state in ("planned", "open", "submitted", "returned"):
            found.append(DueDate(f"checkpoint-{checkpoint.id}", checkpoint.due_on, f"{service.name}: {title}"))
        for action in open_actions(checkpoint):
            found.append(DueDate(f"action-{action.id}", action.due_on, f"{service.name}: {action.what}", title))
    for step in radar.steps if radar else ():
        if not step.past:
            uid = f"contract-{service.id}-{step.name}"
            found.append(DueDate(uid, step.on, f"{service.name}: {step.what}", step.assumption))
    return sorted(found, key=lambda due: (due.on, due.uid))


def calendar_file(due: Sequence[DueDate], *, name: str, at: dt.datetime) -> bytes:
    """The .ics file: a whole-day entry for each date, without an alarm (the bot reminds, the calendar shows)."""
    from icalendar import Calendar

    check_aware(at)
    calendar = Calendar()
    calendar.add("prodid", "-//Advisor//Checkpoints//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for one in due:
        calendar.add_component(_event(one, at.astimezone(dt.UTC)))
    return bytes(calendar.to_ical())


def _event(due: DueDate, at: dt.datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{due.uid}@advisor")
    event.add("dtstamp", at)
    event.add("dtstart", due.on)
    event.add("dtend", due.on + dt.timedelta(days=1))
    event.add("summary", due.title)
    event.add("transp", "TRANSPARENT")
    if due.detail:
        event.add("description", due.detail)
    if due.link:
        event.add("url", due.link)
    return event
