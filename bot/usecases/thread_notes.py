"""What is told where people asked, not about a service: which of it goes now, what it says, and what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from bot.checkpoints.calendar import WorkCalendar, is_working_moment, next_moment
from bot.checkpoints.notifications import Planned
from bot.rendering.message import Message
from bot.storage.outbox import Claim

UNTIL_RELOADED: Final = dt.timedelta(hours=1)
"""
For how long something is held that was planned by a process that has read newer knowledge than ours; if that is not so,
the next planning takes it back.
"""

_ONE_AFTER_THE_OTHER: Final = dt.timedelta(seconds=1)
"""A claim has time for few calls, so a channel hears about one thread in a pass; the next pass takes the next."""


@dataclass(frozen=True)
class Sorted:
    """
    What is due in a place: what is told in one thread now, in the words of ``message`` (by the batch that it carries),
    what nobody needs any more, and until when the rest is held, by key.
    """

    post: tuple[Planned, ...] = ()
    message: Callable[[str], Message] | None = None
    needless: tuple[Planned, ...] = ()
    held: Mapping[str, dt.datetime] = field(default_factory=dict)


class ThreadNotes(Protocol):
    """One kind of what is told where people asked."""

    def sort(self, claim: Claim, waiting: Sequence[Planned], *, at: dt.datetime) -> Sorted:
        """What to do with what is due in a place."""

    def unreachable(self, claim: Claim, lost: Sequence[Planned]) -> None:
        """Nobody can be told there: these will not be sent as they are."""


def told_now(
    ready: Sequence[Planned], calendar: WorkCalendar, *, at: dt.datetime, most: int, about: Mapping[str, str]
) -> tuple[list[Planned], dict[str, dt.datetime]]:
    """
    Of what is *ready* in a place that of the first thread, *about* (by key) so many subjects at most; until when the
    rest is held, by key.
    """
    if not is_working_moment(calendar, at=at):
        return [], {one.key: next_moment(calendar, after=at) for one in ready}
    here = [one for one in ready if one.thread_ts == ready[0].thread_ts]
    subjects = list(dict.fromkeys(about[one.key] for one in here))[:most]
    first = [one for one in here if about[one.key] in subjects]
    return first, {one.key: at + _ONE_AFTER_THE_OTHER for one in ready if one not in first}
