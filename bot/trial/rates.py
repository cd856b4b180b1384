"""Rate limits: how many calls of a method Slack takes in a minute, and when to come back."""

from __future__ import annotations

import math
from collections import deque
from datetime import datetime, timedelta

from bot.trial.records import Refusal

PER_MINUTE: dict[int, int] = {1: 1, 2: 20, 3: 50, 4: 100}
"""Source: https://docs.slack.dev/apis/web-api/rate-limits, checked 2026-11-23."""

POSTS = timedelta(seconds=1)
"""chat.postMessage: about one a second in each channel. Same source."""


class RateLimits:
    """A sliding window for each method; *patience* multiplies what is allowed, 0 switches the limits off."""

    def __init__(self, patience: int = 0) -> None:
        self.patience = patience
        self._seen: dict[str, deque[datetime]] = {}

    def count(self, method: str, tier: int, at: datetime, channel: str = "") -> None:
        """Count a call; refused with ``ratelimited`` and the seconds to wait when it is one too many."""
        if not self.patience:
            return
        if method == "chat.postMessage":
            self._take(f"{method} {channel}", self.patience, POSTS, at)
        elif tier:
            self._take(method, PER_MINUTE[tier] * self.patience, timedelta(minutes=1), at)

    def _take(self, key: str, allowed: int, window: timedelta, at: datetime) -> None:
        seen = self._seen.setdefault(key, deque())
        while seen and at - seen[0] >= window:
            seen.popleft()
        if len(seen) >= allowed:
            wait = (seen[0] + window - at).total_seconds()
            raise Refusal("ratelimited", retry_after=max(1, math.ceil(wait)))
        seen.append(at)
