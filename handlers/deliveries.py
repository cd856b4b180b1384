"""Each event is acted on once: Slack delivers again whatever it believes lost, and Bolt does not look."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse
from slack_bolt.listener.listener_completion_handler import CustomListenerCompletionHandler

from bot.errors import StorageError
from handlers.parts import Parts
from handlers.posting import workspace_of

_log = logging.getLogger(__name__)


def register(app: App, parts: Parts) -> None:
    """
    Take each event before its listener runs, and mark it done after: a listener runs in a thread of its own, when the
    event has long been acknowledged, so only Bolt's completion handler knows when that is.
    """

    @app.middleware
    def take_each_event_once(
        body: dict[str, Any], context: BoltContext, next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        event_id = body.get("event_id")
        if event_id is None or parts.deliveries.claim(workspace_of(context), event_id, at=parts.now()):
            return next()
        # Whoever is at it may yet be killed, so Slack hears that it is over only when it is.
        done = parts.deliveries.is_done(workspace_of(context), event_id)
        return BoltResponse(status=200 if done else 503, body="")

    def mark_done(body: dict[str, Any], context: BoltContext) -> None:
        if event_id := body.get("event_id"):
            _finish(parts, workspace_of(context), event_id)

    app.listener_runner.listener_completion_handler = CustomListenerCompletionHandler(app.logger, mark_done)


@contextmanager
def once(parts: Parts, workspace_id: str, deed: str) -> Iterator[bool]:
    """
    Whether *deed* is still to be done, for people press a button twice; where it fails, the next press does it.

    Raises: StorageError: nobody can say.
    """
    first = parts.deliveries.claim(workspace_id, deed, at=parts.now())
    try:
        yield first
    except Exception:
        if first:
            parts.deliveries.give_back(workspace_id, deed)
        raise
    if first:
        parts.deliveries.done(workspace_id, deed)


def _finish(parts: Parts, workspace_id: str, event_id: str) -> None:
    try:
        parts.deliveries.done(workspace_id, event_id)
    except StorageError as error:
        _log.warning("An event was answered but not marked so: %s", error, extra={"action": "delivery_not_marked"})
