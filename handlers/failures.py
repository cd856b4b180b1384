"""The last resort: the person is told in plain words, the log has the trace once, a short code ties the two."""

from __future__ import annotations

import logging
import re
import secrets
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.rendering.failures import failure_message
from handlers.posting import answer, send

_log = logging.getLogger(__name__)


def register(app: App) -> None:
    """The error handler, and a listener that takes every click nobody else took (it must be the last)."""
    app.error(tell_and_log)
    app.action(re.compile(r".*"))(take_click)


def take_click(ack: Ack) -> None:
    """Acknowledge a click that needs no answer, such as a link's."""
    ack()


def tell_and_log(error: Exception, body: dict[str, Any], client: WebClient, respond: Respond | None) -> None:
    """Log *error* with its trace and tell the person, with the same reference in both."""
    reference = secrets.token_hex(3).upper()
    _log.error("A listener failed. Reference %s.", reference, exc_info=error, extra={"action": "listener_failed"})
    try:
        _tell(body, client, respond, reference)
    except Exception:
        _log.warning("The person could not be told. Reference %s.", reference, extra={"action": "telling_failed"})


def _tell(body: dict[str, Any], client: WebClient, respond: Respond | None, reference: str) -> None:
    message = failure_message(reference)
    event = body.get("event", {})
    if body.get("response_url") and respond is not None:
        answer(respond, message)
    elif event.get("type") in ("app_mention", "message"):
        thread = event.get("thread_ts") or (event["ts"] if event["type"] == "app_mention" else None)
        send(client, event["channel"], message, thread_ts=thread)
    elif user := body.get("user", {}).get("id"):
        send(client, user, message)
