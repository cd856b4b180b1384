"""The self-test that somebody asks for in Slack: one at a time, slowly, so that nobody waits for it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.errors import InputError
from bot.rendering import selftest as words
from bot.rendering.message import Message
from bot.rendering.notes import not_allowed
from bot.storage.deliveries import Deliveries
from bot.usecases.knowledge_base import KnowledgeBase
from bot.usecases.selftest import run_sets

PAUSE_SECONDS: Final = 0.01
"""Between two questions, each of which takes a few milliseconds: everybody else gets most of the processor."""


class SelfTestDesk:
    """Runs the question sets in the thread of whoever asks; another thread can stop it."""

    def __init__(self, knowledge_base: KnowledgeBase, deliveries: Deliveries, folder: Path) -> None:
        self._base = knowledge_base
        self._deliveries = deliveries
        self._folder = folder
        self._running = threading.Lock()
        self._stopped = threading.Event()

    def run(self, workspace_id: str, *, at: dt.datetime, allowed: bool, limited: bool) -> Iterator[Message]:
        """
        What to tell the person who asks: that it has begun, then the figures; or why there are none.

        *limited*: nobody is named as administrator, so that everybody may ask, and a workspace has one an hour.
        """
        if not allowed:
            yield not_allowed()
        elif not self._folder.is_dir():
            yield words.no_sets()
        elif not self._running.acquire(blocking=False):
            yield words.under_way()
        else:
            try:
                yield from self._test(workspace_id, at, limited)
            finally:
                self._running.release()

    def stop(self) -> None:
        """End the one under way after the question that it is at."""
        self._stopped.set()

    def _test(self, workspace_id: str, at: dt.datetime, limited: bool) -> Iterator[Message]:
        if limited and not self._take_hour(workspace_id, at):
            yield words.too_soon()
            return
        yield words.begun()
        knowledge = self._base.current
        try:
            results = run_sets(self._folder, knowledge, forms=False, pause=self._pause)
        except InputError as error:
            yield words.cannot_test(str(error))
        else:
            yield words.sets_message(results, knowledge.library, on=at.date())

    def _take_hour(self, workspace_id: str, at: dt.datetime) -> bool:
        """Whether this workspace, in all processes together, has had none in this hour; from now on it has."""
        hour = f"selftest:{at.astimezone(dt.UTC):%Y-%m-%dT%H}"
        taken = self._deliveries.claim(workspace_id, hour, at=at)
        if taken:
            self._deliveries.done(taken)
        return taken is not None

    def _pause(self) -> None:
        if self._stopped.wait(PAUSE_SECONDS):
            raise InputError("Advisor is being stopped; ask again when it is back.")
