"""Each event is acted on once: Slack delivers again whatever it believes lost, and Bolt does not look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse

from handlers.parts import Parts
from handlers.posting import workspace_of


def register(app: App, parts: Parts) -> None:
    """Stop a delivery of an event that was taken before, here or in another process; acknowledge it all the same."""

    @app.middleware
    def take_each_event_once(
        body: dict[str, Any], context: BoltContext, next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        event_id = body.get("event_id")
        if event_id and not parts.deliveries.claim(workspace_of(context), str(event_id), at=parts.now()):
            return BoltResponse(status=200, body="")
        return next()
