"""Which notifications are planned for a checkpoint, an action, evidence or a contract: what, to whom and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.checkpoints.calendar import (
    WorkCalendar,
    add_working_days,
    day_of,
    next_moment,
    sending_moment,
    working_day_from,
    working_day_until,
)
from bot.checkpoints.checkpoint import ANSWERABLE, Action, Checkpoint, Waiver
from bot.checkpoints.evidence import KnockOn
from bot.checkpoints.notifications import (
    Ask,
    Planned,
    Replanned,
    Sent,
    Settings,
    Snooze,
    Subject,
    gap_days,
    is_overdue,
    replanned,
    snooze_faults,
)
from bot.checkpoints.progress import left
from bot.checkpoints.quiet import NOTHING_SET, People, calendar_naming
from bot.checkpoints.radar import Radar
from bot.checkpoints.services import Service

__all__ = [
    "Ask", "Known", "Planned", "Replanned", "Sent", "Settings", "Snooze", "Subject",
    "ask_of", "gap_days", "is_overdue", "plan", "plan_action", "plan_contract", "plan_digest", "plan_evidence",
    "plan_waiver",
    "replanned", "snooze_faults", "still_holds",
]  # fmt: skip


@dataclass(frozen=True)
class Known:
    """
    What the store knows about a subject when it is planned again.

    ``sent`` are its notifications that went out, ``stored`` those planned and not sent, ``snooze`` the latest snooze;
    ``people`` is what those whom it may ask have set for themselves.
    """

    sent: Sequence[Sent] = ()
    stored: Sequence[Planned] = ()
    snooze: Snooze | None = None
    people: People = field(default_factory=dict)


NOTHING_KNOWN: Final = Known()


def ask_of(checkpoint: Checkpoint, service: Service) -> tuple[Ask, str] | None:
    """What a checkpoint needs next and of whom; None when it needs nothing, so that no empty nudge is ever sent."""
    if checkpoint.state in ANSWERABLE:
        return ("answer" if left(checkpoint, service) else "hand in"), service.owner_id
    if checkpoint.state == "submitted":
        return "decide", service.sponsor_id
    return None


def still_holds(planned: Planned, checkpoint: Checkpoint, service: Service) -> bool:
    """Whether a notification about a checkpoint still asks what is needed, of the right person and about its date."""
    asked = ask_of(checkpoint, service)
    about_on, series = _series_of(checkpoint)
    if asked is None or not planned.key.startswith(_stem(service, "checkpoint", checkpoint.id, about_on, series)):
        return False
    return planned.ask == "know it is overdue" or asked == (planned.ask, planned.owner_id)


def plan(
    checkpoint: Checkpoint,
    service: Service,
    calendar: WorkCalendar,
    settings: Settings,
    *,
    at: dt.datetime,
    known: Known = NOTHING_KNOWN,
) -> list[Planned]:
    """
    Everything that will be sent about a checkpoint after *at*, the earliest first.

    While the team has to act: before the date, on it, and after it (the channel, naming the owner), then one note to
    the sponsor. While it waits for the sponsor: the sponsor gets the series of an overdue one, counted from the day it
    was handed in, and the note at the end goes to the owner. Returned after its date: the team gets such a series,
    counted from the day of the decision. A reminder of before the date whose moment has passed is planned only where
    it was stored before; an overdue series starts at the next working moment at the earliest.
    """
    asked = ask_of(checkpoint, service)
    if asked is None:
        return []
    ask, owner = asked
    about_on, series = _series_of(checkpoint)
    about = _About(
        "checkpoint", checkpoint.id, about_on, ask, owner, service, calendar, settings, at, known.people, series=series
    )
    if ask == "decide":
        return _series(replace(about, direct=True), known, last_to=service.owner_id)
    return _series(about, known, last_to=service.sponsor_id)


def plan_action(
    action: Action,
    service: Service,
    calendar: WorkCalendar,
    settings: Settings,
    *,
    at: dt.datetime,
    known: Known = NOTHING_KNOWN,
) -> list[Planned]:
    """Everything that will be sent about a condition: as for a checkpoint, naming the action's owner."""
    if action.done_at is not None:
        return []
    ask: Ask = "do the action"
    about = _About(
        "action", action.id, action.due_on, ask, action.owner_id, service, calendar, settings, at, known.people
    )
    return _series(about, known, last_to=service.sponsor_id)


def plan_evidence(
    knock_on: KnockOn,
    service: Service,
    calendar: WorkCalendar,
    settings: Settings,
    *,
    at: dt.datetime,
    known: Known = NOTHING_KNOWN,
) -> list[Planned]:
    """
    What will be sent to one service about a piece of evidence: once well before it expires, and once when it has.

    Nothing is planned for a service of which no point relies on it.
    """
    if not any(reliance.service_id == service.id for reliance in knock_on.relied_on_by):
        return []
    piece, expiry = knock_on.evidence.id, knock_on.expires_on
    about = _About(
        "evidence", piece, expiry, "renew the evidence", service.owner_id, service, calendar, settings, at, known.people
    )
    longest = max(settings.before_days, default=0)
    rungs = [*_before(about, (longest,) if longest else (), known)]
    day = max(working_day_from(about.days, expiry), _first_day(about))
    rungs.append(replace(_rung(about, "expired", day), ask="check again"))
    return _unsent(about, rungs, known)


def plan_contract(
    radar: Radar,
    service: Service,
    calendar: WorkCalendar,
    settings: Settings,
    *,
    at: dt.datetime,
    known: Known = NOTHING_KNOWN,
) -> list[Planned]:
    """
    One nudge at each date of the contract's ladder, on the last working day until it.

    Of the dates that have passed unsaid only the newest is told, at the next working moment: late beats never.
    """
    ends_on = radar.ends_on
    ask: Ask = "decide on the contract"
    about = _About(
        "contract", service.id, ends_on, ask, service.owner_id, service, calendar, settings, at, known.people
    )
    said = {one.key for one in known.sent}
    rungs = [_rung(about, step.name, working_day_until(about.days, step.on)) for step in radar.steps]
    missed = [rung for rung in rungs if rung.send_at <= at]
    coming = [rung for rung in rungs if rung.send_at > at]
    if missed and missed[-1].key not in said:
        coming.insert(0, replace(missed[-1], send_at=next_moment(about.days, after=at)))
    return _unsent(about, coming, known)


def plan_waiver(
    checkpoint: Checkpoint,
    waiver: Waiver,
    service: Service,
    calendar: WorkCalendar,
    settings: Settings,
    *,
    at: dt.datetime,
    known: Known = NOTHING_KNOWN,
) -> list[Planned]:
    """What will be sent before a waiver ends and on its last day."""
    ask: Ask = "end the waiver"
    about = _About(
        "waiver", checkpoint.id, waiver.until, ask, service.owner_id, service, calendar, settings, at, known.people
    )
    return _unsent(about, list(_before(about, settings.before_days, known)), known)


def plan_digest(
    service: Service,
    calendar: WorkCalendar,
    settings: Settings,
    *,
    at: dt.datetime,
    known: Known = NOTHING_KNOWN,
) -> list[Planned]:
    """
    The next Monday digest of a service for its sponsor; where that Monday is none to work on, the next day that is.

    Whether there is anything to say is looked at when it is due: one is planned each week, and most are never sent. A
    digest that is due already stays planned. A sponsor who has stopped it (a snooze without end) gets none.
    """
    if not settings.digest or known.snooze is not None or service.phase == "retired":
        return []
    today = day_of(at)
    monday = today - dt.timedelta(days=today.weekday())
    about = _About("digest", service.sponsor_id, monday, "know the exceptions", service.sponsor_id, service, calendar,
                   settings, at, known.people, direct=True)  # fmt: skip
    waiting = [one for one in known.stored if one.key == f"{about.stem}monday"]
    if waiting:
        return waiting
    rung = _rung(about, "monday", working_day_from(about.days, monday))
    if rung.send_at <= at:
        about = replace(about, about_on=monday + dt.timedelta(days=7))
        rung = _rung(about, "monday", working_day_from(about.days, about.about_on))
    return [] if rung.key in {one.key for one in known.sent} else [rung]


@dataclass(frozen=True)
class _About:
    """What all notifications of one subject share."""

    subject: Subject
    subject_id: str
    about_on: dt.date
    ask: Ask
    owner_id: str
    service: Service
    calendar: WorkCalendar
    settings: Settings
    at: dt.datetime
    people: People
    direct: bool = False
    series: str = ""

    @property
    def days(self) -> WorkCalendar:
        """When the one who is asked can be asked."""
        return calendar_naming(self.calendar, self.people.get(self.owner_id, NOTHING_SET), direct=self.direct)

    @property
    def stem(self) -> str:
        return _stem(self.service, self.subject, self.subject_id, self.about_on, self.series)


def _series(about: _About, known: Known, *, last_to: str) -> list[Planned]:
    days = () if about.series else about.settings.before_days
    said = [one for one in known.sent if one.key.startswith(about.stem)]
    return _unsent(about, [*_before(about, days, known), *_after(about, said, last_to)], known)


def _before(about: _About, days: Iterable[int], known: Known) -> Iterator[Planned]:
    """The rungs before a date, on the last working day until each; of two on one day only the nearer one."""
    by_day: dict[dt.date, Planned] = {}
    for count in sorted(set(days), reverse=True):
        day = working_day_until(about.days, about.about_on - dt.timedelta(days=count))
        by_day[day] = _rung(about, f"before-{count}" if count else "due", day)
    stored = {one.key for one in known.stored}
    yield from (rung for rung in by_day.values() if rung.send_at > about.at or rung.key in stored)


def _after(about: _About, said: Sequence[Sent], last_to: str) -> Iterator[Planned]:
    """What is left of the overdue series after what was said, then the one note to the other person."""
    settings, calendar = about.settings, about.days
    overdue = sorted((one for one in said if is_overdue(one.key)), key=lambda one: one.at)
    number = max((int(one.key.rsplit("-", 1)[-1]) for one in overdue), default=0)
    gap = dt.timedelta(days=gap_days(overdue, settings))
    day = add_working_days(calendar, about.about_on, settings.overdue_after)
    if overdue:
        day = max(day, working_day_from(calendar, day_of(overdue[-1].at) + gap))
    day = max(day, _first_day(about))
    while number < settings.overdue_most:
        number += 1
        yield _rung(about, f"overdue-{number}", day)
        day = working_day_from(calendar, day + gap)
    if settings.note_to_sponsor and last_to and not any(one.key.endswith("/note") for one in said):
        note = replace(about, ask="know it is overdue", owner_id=last_to, direct=True)
        yield _rung(note, "note", working_day_from(note.days, day))


def _unsent(about: _About, rungs: Iterable[Planned], known: Known) -> list[Planned]:
    """The rungs that were not sent yet, in order: of those that fall on one moment for one person the last stays."""
    said = {one.key for one in known.sent}
    stored = {one.key: one.send_at for one in known.stored if one.send_at <= about.at}
    merged: dict[tuple[dt.datetime, str, str], Planned] = {}
    for rung in sorted((rung for rung in rungs if rung.key not in said), key=lambda rung: rung.send_at):
        moved = replace(rung, send_at=_moment(about, rung, known.snooze, stored.get(rung.key, rung.send_at)))
        merged[moved.send_at, moved.channel_id, moved.owner_id] = moved
    return sorted(merged.values(), key=lambda rung: (rung.send_at, rung.key))


def _moment(about: _About, rung: Planned, snooze: Snooze | None, usual: dt.datetime) -> dt.datetime:
    """When a rung is sent: as planned (what is due already stays due), or when the snooze ends."""
    if snooze is None or day_of(usual) >= snooze.until:
        return usual
    return sending_moment(about.days, working_day_from(about.days, snooze.until))


def _rung(about: _About, name: str, day: dt.date) -> Planned:
    service = about.service
    return Planned(
        key=about.stem + name,
        workspace_id=service.workspace_id,
        service_id=service.id,
        subject=about.subject,
        subject_id=about.subject_id,
        rung=name,
        ask=about.ask,
        owner_id=about.owner_id,
        channel_id="" if about.direct else service.channel_id,
        about_on=about.about_on,
        send_at=sending_moment(about.days, day),
    )


def _stem(service: Service, subject: Subject, subject_id: str, about_on: dt.date, series: str) -> str:
    """What the keys of one series begin with; only the series of a checkpoint's own date has no name."""
    named = f"{series}/" if series else ""
    return f"{service.id}/{subject}/{subject_id}/{named}{about_on.isoformat()}/"


def _series_of(checkpoint: Checkpoint) -> tuple[dt.date, str]:
    """The day from which a checkpoint's notifications are counted, and the name of their series."""
    if checkpoint.state == "submitted" and checkpoint.submitted_at is not None:
        return day_of(checkpoint.submitted_at), "decide"
    decided_on = day_of(checkpoint.decision.at) if checkpoint.decision else checkpoint.due_on
    if checkpoint.state == "returned" and decided_on >= checkpoint.due_on:
        return decided_on, "returned"
    return checkpoint.due_on, ""


def _first_day(about: _About) -> dt.date:
    """The day of the first moment that can still be sent."""
    return day_of(next_moment(about.days, after=about.at))
