"""Faults on demand: the next call of a method fails the way a test wants it to."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.trial.records import Payload


@dataclass
class Fault:
    """How calls of ``method`` go wrong, ``times`` times.

    ``after`` lets Slack do the work and then loses the answer; ``delay`` is seconds until it comes.
    """

    method: str
    error: str = ""
    status: int = 200
    retry_after: int | None = None
    body: str | None = None
    delay: float = 0.0
    after: bool = False
    times: int = 1

    @property
    def lets_through(self) -> bool:
        """Return whether the call is carried out before it fails (or is only slow)."""
        return self.after or not (self.error or self.body is not None or self.status != 200)

    def spoil(self, answer: Payload) -> tuple[int, str, dict[str, str]]:
        """Return status, body and headers of the spoilt answer to a call."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        if self.body is not None:
            return self.status, self.body, headers
        if self.error:
            return self.status, json.dumps({"ok": False, "error": self.error}), headers
        return self.status, json.dumps(answer) if self.status == 200 else "", headers


class Faults:
    """The faults still to come, first asked for, first met."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Ask for a fault."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget every fault still to come."""
        self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """Return the fault that this call meets, or None."""
        for fault in self._waiting:
            if fault.method in (method, "*"):
                fault.times -= 1
                if not fault.times:
                    self._waiting.remove(fault)
                return fault
        return None
