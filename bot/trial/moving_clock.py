"""A clock that can be put forward, and never back."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.trial.workspace import Clock, now


class MovingClock:
    """The real time and whatever was added to it."""

    def __init__(self, ahead: timedelta = timedelta(), *, real: Clock = now) -> None:
        self.ahead = ahead
        self._real = real

    def __call__(self) -> datetime:
        """Return the moment it shows."""
        return self._real() + self.ahead

    def move_to(self, moment: datetime) -> None:
        """Show *moment* from now on; one that has passed changes nothing."""
        self.ahead = max(self.ahead, moment - self._real())
