"""
Advisor's processes, made to be killed: ``python -m tests.faults.mortal web|clock``.

They are the real ones, but that leases last seconds and not minutes, and that what kills everybody who takes it is
given up later: a test kills as often in a minute as a host does in years.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import time
from functools import partial

import bot.serving
import bot.storage.deliveries
import bot.usecases.notify
import bot.usecases.notify_place
from bot.app import build, utc_now
from bot.clock import Housekeeper
from bot.logs import set_up_logs
from bot.settings import read_settings
from bot.usecases.knowledge_base import KnowledgeBase

LEASE = dt.timedelta(seconds=3)
PLACES_LEASE = dt.timedelta(seconds=6)
PLACES_MARGIN = dt.timedelta(seconds=2)
SHIFT = "MORTAL_SHIFT_SECONDS"
"""By how much the clock's day is another than today: nobody is told anything at night or on a Sunday."""

_CLOCKS = 3


def main() -> None:
    """Run one of both until SIGTERM."""
    bot.storage.deliveries.LEASE = LEASE  # type: ignore[misc]
    bot.storage.deliveries.POSTING_LEASE = LEASE  # type: ignore[misc]
    bot.storage.deliveries.MOST_TRIES = 50  # type: ignore[misc]
    bot.usecases.notify.LEASE = PLACES_LEASE  # type: ignore[misc]
    bot.usecases.notify_place.MARGIN = PLACES_MARGIN  # type: ignore[misc]
    settings = read_settings()
    set_up_logs(settings.log_level)
    if sys.argv[1] == "web":
        vars(bot.serving)["Housekeeper"] = partial(Housekeeper, every=1.0)
        bot.serving.serve_http(settings)
    else:
        keep_clocks(bot.serving.open_knowledge(settings))


def keep_clocks(base: KnowledgeBase) -> None:
    """Three clocks, and another for each that dies."""
    alive: set[int] = set()
    leaving: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: leaving.append(True))
    while not leaving:
        while len(alive) < _CLOCKS:
            if (child := os.fork()) == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                run_clock(base)
            alive.add(child)
        ended, _ = os.waitpid(-1, os.WNOHANG)
        alive.discard(ended)
        time.sleep(0 if ended else 0.01)
    for child in alive:
        os.kill(child, signal.SIGKILL)


def run_clock(base: KnowledgeBase) -> None:
    """Pass after pass, until killed."""
    shift = dt.timedelta(seconds=float(os.environ[SHIFT]))

    def now() -> dt.datetime:
        return utc_now() + shift

    running = build(read_settings(), now=now, knowledge_base=base, migrate=False)
    while True:
        running.notifier.send_due(at=now(), now=now)
        time.sleep(0.1)


if __name__ == "__main__":
    main()
