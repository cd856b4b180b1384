"""The last resort: the person or workflow is told in plain words; the id of the request ties that to the trace."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltRequest, Respond
from slack_sdk import WebClient

from bot.errors import StorageError
from bot.logs import begin_request, request_id
from bot.metrics import Metrics
from bot.rendering.failures import failure_message
from bot.rendering.message import Message
from handlers.deliveries import leave
from handlers.posting import answer, send

_log = logging.getLogger(__name__)

_ASKED_BY_A_PERSON = ("app_mention", "message", "app_home_opened")


def register(app: App, metrics: Metrics) -> None:
    """The error handler, and a listener that takes every click nobody else took (it must be the last)."""

    @app.error
    def tell_and_log(
        error: Exception, body: dict[str, Any], request: BoltRequest, client: WebClient, respond: Respond | None,
        context: BoltContext,
    ) -> None:  # fmt: skip
        metrics.failed()
        if not _tell_and_log(error, body, request, client, respond):
            leave(context)

    app.action(re.compile(r".*"))(take_click)


def take_click(ack: Ack) -> None:
    """Acknowledge a click that needs no answer, such as a link's."""
    ack()


def _tell_and_log(
    error: Exception, body: dict[str, Any], request: BoltRequest, client: WebClient, respond: Respond | None
) -> bool:
    """Log *error* with its trace and tell the person, with the same reference in both; whether anybody was told."""
    reference = request_id() or begin_request()  # Bolt's own middlewares come before ours, and may fail too
    _log.error("A listener failed. Reference %s.", reference, exc_info=error, extra={"action": "listener_failed"})
    if isinstance(error, StorageError) and "x-slack-retry-num" in request.headers:
        return True  # without a database no event can be taken, and it comes again: the person heard the first time
    for tell in _ways_to_tell(body, client, respond, failure_message(reference)):
        try:
            tell()
        except Exception:  # the next way may do, and what failed first is in the log
            continue
        return True
    _log.warning("Nobody could be told. Reference %s.", reference, extra={"action": "telling_failed"})
    return False


def _ways_to_tell(
    body: dict[str, Any], client: WebClient, respond: Respond | None, message: Message
) -> Iterator[Callable[[], object]]:
    """Where the person looks for an answer, then their direct messages."""
    event = body.get("event", {})
    if event.get("type") == "function_executed":  # a step that is not ended would hang in its workflow
        step = event.get("function_execution_id", "")
        yield lambda: client.functions_completeError(function_execution_id=step, error=message.text)
        return
    asked = event.get("type") in _ASKED_BY_A_PERSON
    if body.get("response_url") and respond is not None:
        yield lambda: answer(respond, message)
    if asked and event.get("channel"):
        thread = event.get("thread_ts") or (event["ts"] if event["type"] == "app_mention" else None)
        yield lambda: send(client, event["channel"], message, thread_ts=thread)
    user = body.get("user", {}).get("id") or body.get("user_id") or (event.get("user") if asked else None)
    if user:
        yield lambda: send(client, user, message)
