"""What of the notifications that are due goes out now: merged, inside the budget, and never out of date.

The store claims what is due and asks this module about one destination at a time (a channel, or one person's direct
messages). To keep the budgets also when several clocks run, the store inserts ``slots`` under a unique constraint, in
the transaction that claims the message; who loses holds the message back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.checkpoints.calendar import (
    WorkCalendar,
    day_of,
    is_working_moment,
    next_moment,
    sending_moment,
    working_day_from,
)
from bot.checkpoints.notifications import Planned, Sent, Settings, gap_days, is_overdue
from bot.checkpoints.quiet import NOTHING_SET, People, calendar_naming

NEWER: Final = "A newer one about the same thing is sent instead."


@dataclass(frozen=True)
class Limits:
    """How much may be sent: the council's settings, and what the place and the people named have set."""

    settings: Settings
    quiet: People = field(default_factory=dict)

    def for_place(self, one: Planned) -> int:
        """The most messages a week where this one goes."""
        own = self.quiet.get(one.channel_id or one.owner_id, NOTHING_SET).a_week
        return own or self.settings.channel_a_week

    def for_person(self, person_id: str) -> int:
        """The most messages a week that name a person."""
        return self.quiet.get(person_id, NOTHING_SET).a_week or self.settings.person_a_week


@dataclass(frozen=True)
class Outgoing:
    """One message: everything that falls together for a destination. The first item leads; each names its own ask."""

    workspace_id: str
    channel_id: str
    person_id: str
    items: tuple[Planned, ...]


@dataclass(frozen=True)
class Held:
    """A notification that waits, until when and why (the preview and ``/checkpoint nudges`` show it)."""

    planned: Planned
    until: dt.datetime
    why: str


@dataclass(frozen=True)
class Collapsed:
    """A notification that will never be sent, the key of the one that stands for it ("" for none), and why."""

    planned: Planned
    into: str
    why: str


@dataclass(frozen=True)
class Dispatch:
    """What to do with everything that was due: each notification is in exactly one of the three."""

    post: Outgoing | None
    hold: tuple[Held, ...]
    collapse: tuple[Collapsed, ...]


def dispatch(
    due: Sequence[Planned],
    sent: Sequence[Sent],
    calendar: WorkCalendar,
    limits: Limits,
    *,
    at: dt.datetime,
) -> Dispatch:
    """
    Sort out what is due for one destination.

    Of one subject only the newest stays. Outside working hours everything waits. An overdue nudge waits while its
    subject backs off, anything while its person had enough this week; all of it while the channel had a message today
    or enough this week. What is left goes out as one message.

    Args: due: for one destination, every ``send_at`` not later than *at*. sent: what went to this destination, to the
        people named in *due*, or about its subjects, for at least the last ``back_off_days`` and this week.
    """
    _check_one_destination(due)
    newest, collapsed = _newest(due)
    hold: list[Held] = []
    ready: list[Planned] = []
    whole = _why_nothing_goes(newest, sent, calendar, limits, at)
    for one in newest:
        wait = whole or _why_waits(one, sent, calendar, limits, at)
        if wait:
            hold.append(Held(one, *wait))
        else:
            ready.append(one)
    post = _outgoing(ready) if ready else None
    return Dispatch(post, tuple(hold), tuple(collapsed))


def slots(outgoing: Outgoing, sent: Sequence[Sent], *, at: dt.datetime) -> tuple[str, ...]:
    """
    The places in the budgets that a message takes, as keys that may exist once only.

    One for the destination's day, one for its week, one for the week of each person named.
    """
    day, place = day_of(at), _destination(outgoing.channel_id, outgoing.person_id)
    week = _week(day)
    taken = [f"{place}/{day.isoformat()}", f"{place}/{week}/{_messages_to(place, sent, at) + 1}"]
    people = sorted({item.owner_id for item in outgoing.items})
    taken += [f"person/{person}/{week}/{_messages_naming(person, sent, at) + 1}" for person in people]
    return tuple(f"{outgoing.workspace_id}/{one}" for one in taken)


def _check_one_destination(due: Iterable[Planned]) -> None:
    places = {_place(one) for one in due}
    if len(places) > 1:
        raise ValueError(f"one destination at a time, not {len(places)}")


def _newest(due: Iterable[Planned]) -> tuple[list[Planned], list[Collapsed]]:
    """Of each subject the newest; what is older is collapsed into it."""
    latest: dict[tuple[str, str, str, str], Planned] = {}
    ordered = sorted(due, key=lambda one: (one.send_at, one.key))
    for one in ordered:
        latest[_topic(one)] = one
    older = [one for one in ordered if latest[_topic(one)] is not one]
    return list(latest.values()), [Collapsed(one, latest[_topic(one)].key, NEWER) for one in older]


def _topic(one: Planned) -> tuple[str, str, str, str]:
    return one.service_id, one.subject, one.subject_id, one.owner_id


def _why_nothing_goes(
    due: Sequence[Planned], sent: Sequence[Sent], calendar: WorkCalendar, limits: Limits, at: dt.datetime
) -> tuple[dt.datetime, str] | None:
    if not is_working_moment(calendar, at=at):
        return next_moment(calendar, after=at), "Outside working hours."
    if not due:
        return None
    place = _place(due[0])
    if any(_sent_to(one) == place and day_of(one.at) == day_of(at) for one in sent):
        return _tomorrow(calendar, at), "There was a message today."
    most = limits.for_place(due[0])
    if _messages_to(place, sent, at) >= most:
        return _next_week(calendar, at), f"There were {most} messages this week."
    return None


def _why_waits(
    one: Planned, sent: Sequence[Sent], calendar: WorkCalendar, limits: Limits, at: dt.datetime
) -> tuple[dt.datetime, str] | None:
    settings, most = limits.settings, limits.for_person(one.owner_id)
    if _messages_naming(one.owner_id, sent, at) >= most:
        return _next_week(calendar, at), f"The person was named {most} times this week."
    if until := _back(one, calendar, limits, at):
        return until, "The person who is asked is away."
    stem = one.key.rsplit("/", 1)[0]
    mine = [past for past in sent if is_overdue(past.key) and past.key.rsplit("/", 1)[0] == stem]
    if not is_overdue(one.key) or not mine or gap_days(mine, settings) <= settings.overdue_every:
        return None
    again = max(day_of(past.at) for past in mine) + dt.timedelta(days=gap_days(mine, settings))
    if day_of(at) >= again:
        return None
    until = sending_moment(calendar, working_day_from(calendar, again))
    return until, "The last ones were not answered, so it comes less often."


def _back(one: Planned, calendar: WorkCalendar, limits: Limits, at: dt.datetime) -> dt.datetime | None:
    """When the person who is asked can be asked again; None where they can be now."""
    own = calendar_naming(calendar, limits.quiet.get(one.owner_id, NOTHING_SET), direct=not one.channel_id)
    return None if is_working_moment(own, at=at) else next_moment(own, after=at)


def _outgoing(items: Sequence[Planned]) -> Outgoing:
    """The message, overdue things first, then by the date they are about."""
    ordered = sorted(items, key=lambda one: (not is_overdue(one.key), one.about_on, one.key))
    first = ordered[0]
    return Outgoing(first.workspace_id, first.channel_id, "" if first.channel_id else first.owner_id, tuple(ordered))


def _messages_to(place: str, sent: Iterable[Sent], at: dt.datetime) -> int:
    """How many messages a destination had this week; what was merged into one message counts once."""
    return len({one.at for one in sent if _sent_to(one) == place and _same_week(one.at, at)})


def _messages_naming(person: str, sent: Iterable[Sent], at: dt.datetime) -> int:
    """How many messages named a person this week."""
    return len({(one.channel_id, one.at) for one in sent if one.owner_id == person and _same_week(one.at, at)})


def _tomorrow(calendar: WorkCalendar, at: dt.datetime) -> dt.datetime:
    return sending_moment(calendar, working_day_from(calendar, day_of(at) + dt.timedelta(days=1)))


def _next_week(calendar: WorkCalendar, at: dt.datetime) -> dt.datetime:
    day = day_of(at)
    return sending_moment(calendar, working_day_from(calendar, day + dt.timedelta(days=7 - day.weekday())))


def _same_week(one: dt.datetime, other: dt.datetime) -> bool:
    return _week(day_of(one)) == _week(day_of(other))


def _week(day: dt.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _place(one: Planned) -> str:
    return _destination(one.channel_id, "" if one.channel_id else one.owner_id)


def _sent_to(one: Sent) -> str:
    return _destination(one.channel_id, "" if one.channel_id else one.owner_id)


def _destination(channel_id: str, person_id: str) -> str:
    return f"channel/{channel_id}" if channel_id else f"direct/{person_id}"
