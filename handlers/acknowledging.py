"""Acknowledgements: Slack has its answer within three seconds and keeps it, however busy or unlucky listeners are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse

_NOTHING_TO_SAY = ("block_actions", "message_action", "shortcut")


def register(app: App) -> None:
    """
    Acknowledge commands, clicks and shortcuts before their listeners run, which may have to wait for a thread. Events
    Bolt acknowledges by itself; a form and a menu wait, for their answer says more than that they were received.
    """

    @app.middleware
    def acknowledge_at_once(
        body: dict[str, Any], context: BoltContext, next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        context["ack"] = LastingAck()  # type: ignore[no-untyped-call]  # as Bolt leaves its own
        if "command" in body or body.get("type") in _NOTHING_TO_SAY:
            context.ack()
        return next()


class LastingAck(Ack):
    """
    An acknowledgement that stays one. Bolt (1.30, ``listener/thread_runner.py``) takes it back where a listener fails
    right after it, waits three seconds for another, and then tells Slack that the request was not handled.
    """

    _given: BoltResponse | None = None

    @property
    def response(self) -> BoltResponse | None:
        """What Slack is answered; None before the acknowledgement."""
        return self._given

    @response.setter
    def response(self, given: BoltResponse | None) -> None:
        self._given = given or self._given
