"""What happens by itself: what is due is sent, the knowledge folder is watched, and what is old is forgotten."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from bot.app import Running
from bot.logs import begin_request
from bot.usecases.tally import Tally

TICK_SECONDS = 30.0
UPKEEP_SECONDS = 3600.0
WATCH_SECONDS = 15.0
HOUSEKEEPING_SECONDS = 6 * 3600.0
_SHORTEST_REST_SECONDS = 1.0
_log = logging.getLogger(__name__)

Files = tuple[tuple[str, int, int], ...]
"""Of each file its path, its size in bytes, and when it was changed, in nanoseconds."""


class Clock:
    """
    One thread that sends what is due every half minute. Every hour it does what time does to checkpoints; then, and
    whenever the knowledge has changed, it plans whom to tell of answers that are older now, and of those that there are
    now.
    """

    def __init__(self, running: Running, *, every: float = TICK_SECONDS) -> None:
        self._running = running
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.run, name="clock", daemon=True)
        self._upkeep_left = 0.0
        self._version = ""

    def start(self) -> None:
        """Begin; the first pass happens at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the message under way, and wait for the thread where there is one."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def ask_to_stop(self) -> None:
        """End after the message under way; for a signal handler, which must not wait."""
        self._stop.set()

    def run(self) -> None:
        """Pass after pass until stopped; one that fails is logged, and the next still comes."""
        while True:
            rest = self._every
            try:
                rest = self._rest(self.tick())
            except Exception:
                _log.exception("The clock failed; it is tried again.", extra={"action": "clock_failed"})
            if self._stop.wait(rest):
                return

    def tick(self) -> Tally:
        """One pass."""
        begin_request()
        at = self._running.now()
        version = self._running.knowledge_base.current.library.version
        hour_is_over = self._upkeep_left <= 0
        if hour_is_over:
            self._running.upkeep.run(at=at)
            self._upkeep_left = UPKEEP_SECONDS
        if hour_is_over or version != self._version:
            self._running.recalls.plan(at=at)
            self._running.found.plan(at=at)
            self._version = version
        self._upkeep_left -= self._every
        self._running.upkeep.close_rounds(at=at)
        self._running.upkeep.plan_anew(at=at)
        tally = self._running.notifier.send_due(at=at, stops=self._stop.is_set, now=self._running.now)
        self._running.went_round(tally)
        if tally.messages or tally.failed:
            _log.info(
                "Sent %d messages; %d places wait.",
                tally.messages,
                tally.failed,
                extra={"action": "notifications_sent"},
            )
        return tally

    def _rest(self, tally: Tally) -> float:
        """Seconds until the next pass: fewer where Slack, which asked to wait, takes messages again before that."""
        if tally.resume_at is None:
            return self._every
        return min(self._every, max(_SHORTEST_REST_SECONDS, (tally.resume_at - self._running.now()).total_seconds()))


class Housekeeper:
    """
    One thread that every quarter of a minute takes in a changed knowledge folder and, where listeners run beside it
    (*answers*), answers what a killed process has left; and that forgets old rows every six hours.
    """

    def __init__(
        self, running: Running, *, every: float = WATCH_SECONDS, answers: bool = True, seen: Files | None = None
    ) -> None:
        """Args: seen: the folder when the knowledge was read, where that was not just now."""
        self._running = running
        self._every = every
        self._answers = answers
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="housekeeper", daemon=True)
        self._seen = fingerprint(running.settings.knowledge) if seen is None else seen

    def start(self) -> None:
        """Begin; the first housekeeping happens at once."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the thread."""
        self._stop.set()
        self._thread.join()

    def look(self) -> bool:
        """Reload the knowledge if the folder has changed; returns whether it was reloaded."""
        now = fingerprint(self._running.settings.knowledge)
        if now == self._seen:
            return False
        self._seen = now
        return self._running.knowledge_base.reload(today=self._running.now().date())

    def _work(self) -> None:
        left = 0.0
        while True:
            try:
                self.look()
                if self._answers:
                    self._running.answer_left()
                if left <= 0:
                    self._running.forget_old()
                    left = HOUSEKEEPING_SECONDS
            except Exception:
                _log.exception("Housekeeping failed; it is tried again.", extra={"action": "housekeeping_failed"})
            left -= self._every
            if self._stop.wait(self._every):
                return


def fingerprint(folder: Path) -> Files:
    """The files of a knowledge folder with size and time of change: different whenever an editor saved something."""
    files = (file for file in sorted(folder.rglob("*")) if file.suffix in {".yaml", ".yml"})
    return tuple((str(file), stat.st_size, stat.st_mtime_ns) for file in files if (stat := _stat(file)))


def _stat(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:
        return None
