"""Corridor 2: one pass of the clock. What is due is claimed, looked up, put into words, posted, and written down.

The promise: each notification is posted once. A clock may be killed at any point of the walk: whoever claims the place
next finds the batch that was begun and asks Slack for its message before anything is posted again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.checkpoints.notifications import Subject
from bot.logs import RequestThreads
from bot.storage.outbox import Claim, Outbox
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.notify_place import Now, PlaceDesk
from bot.usecases.poster import Poster
from bot.usecases.tally import Tally
from bot.usecases.thread_notes import ThreadNotes

LEASE: Final = dt.timedelta(minutes=5)
"""
How long a clock has for the places that it took at once. They are few, and a call takes 10 seconds at most; whatever
has less than ``notify_place.MARGIN`` left when its turn comes is not begun, but taken anew.
"""

_AT_ONCE = 20
"""How many places a clock takes at once, all its posters together."""

_Stops = Callable[[], bool]


class Notifier:
    """
    Sends what is due. Any number of these may run at once, in any number of processes. *notes* are, by subject, what is
    told where people asked; all else is about a service.
    """

    def __init__(
        self, rules: Rules, outbox: Outbox, poster: Poster, notes: Mapping[Subject, ThreadNotes], *, posters: int = 1
    ) -> None:
        """Args: posters: how many threads post at once, each in places of its own."""
        self._outbox = outbox
        self._desk = PlaceDesk(rules, outbox, poster, notes)
        self._posters = posters
        self._most = max(1, _AT_ONCE // posters)

    def send_due(self, *, at: dt.datetime, stops: _Stops = lambda: False, now: Now | None = None) -> Tally:
        """
        One pass: everything that is due. Where it *stops* before its end, what was claimed and not begun is free again
        at once.

        Args: at: when the pass begins. now: what time it is as the pass goes on; without it, it stays *at*. stops: is
        asked before each place, by several threads at once where there are several posters.
        Raises: StorageError.
        """
        moment = now or (lambda: at)
        claims = self._claim(stops, moment)
        if self._posters == 1 or len(claims) < self._most:
            return self._work(claims, stops, moment)
        # There is more than one poster can take: the others come to help.
        with RequestThreads(self._posters - 1, thread_name_prefix="poster") as threads:
            helpers = [threads.submit(self._help, stops, moment) for _ in range(self._posters - 1)]
            tally = self._work(claims, stops, moment)
        for helper in helpers:
            tally.add(helper.result())
        return tally

    def _help(self, stops: _Stops, now: Now) -> Tally:
        return self._work(self._claim(stops, now), stops, now)

    def _work(self, claims: Sequence[Claim], stops: _Stops, now: Now) -> Tally:
        """One poster, to the end of what is due."""
        tally = Tally()
        while claims:
            for claim in claims:
                if stops():
                    self._outbox.give_back(claim, {})
                else:
                    self._desk.serve(claim, tally, now)
            claims = self._claim(stops, now)
        return tally

    def _claim(self, stops: _Stops, now: Now) -> list[Claim]:
        return [] if stops() else self._outbox.claim_due(at=now(), lease=LEASE, most=self._most)
