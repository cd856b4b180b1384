"""What a pass of the clock counts, and what those who post in it share: until when a workspace must wait."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass


@dataclass
class Tally:
    """
    What one pass did, in notifications: ``found`` were in Slack already, ``doubted`` are perhaps there twice.

    ``resume_at`` is when Slack, which asked to wait, first takes messages again; None where it did not ask.
    """

    messages: int = 0
    posted: int = 0
    found: int = 0
    held: int = 0
    collapsed: int = 0
    redirected: int = 0
    failed: int = 0
    doubted: int = 0
    resume_at: dt.datetime | None = None

    def add(self, other: Tally) -> None:
        """Count what *other* did too."""
        self.messages += other.messages
        self.posted += other.posted
        self.found += other.found
        self.held += other.held
        self.collapsed += other.collapsed
        self.redirected += other.redirected
        self.failed += other.failed
        self.doubted += other.doubted
        if other.resume_at is not None:
            self.resume(other.resume_at)

    def resume(self, at: dt.datetime) -> None:
        """Slack takes messages again then."""
        self.resume_at = at if self.resume_at is None else min(self.resume_at, at)


class Pauses:
    """Until when nothing is tried in a workspace: Slack asked to wait, or did not answer. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[str, dt.datetime] = {}

    def hold(self, workspace_id: str, until: dt.datetime) -> None:
        """Try nothing there before *until*; a longer pause that is known already stays."""
        with self._lock:
            self._until[workspace_id] = max(until, self._until.get(workspace_id, until))

    def of(self, workspace_id: str, *, at: dt.datetime) -> dt.datetime | None:
        """Until when nothing is tried there; None where it may be, *at* that moment."""
        with self._lock:
            until = self._until.get(workspace_id)
        return until if until is not None and until > at else None
