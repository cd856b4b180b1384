"""Each event is acted on once, and none that was acknowledged is lost, whoever dies meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.listener.listener_completion_handler import CustomListenerCompletionHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.errors import StorageError
from bot.rendering.message import Message
from bot.storage.deliveries import Taken
from handlers.parts import Parts
from handlers.posting import send, workspace_of

_AT_ONCE = 20
_MOST_REPLIES = 200
_EVENT_TYPE = "advisor_reply"
_NOT_KEPT = ("app_home_opened", "function_executed")
"""The next opening of the Home tab shows the same; a step of a workflow brings a token with it, and may not be done
twice."""

WRITTEN_BY_A_PERSON = (None, "file_share", "thread_broadcast")
"""The subtypes of messages that are somebody's own words."""

_log = logging.getLogger(__name__)


def register(app: App, parts: Parts) -> None:
    """
    Take each event before its listener runs, and mark it done after: a listener runs in a thread of its own, when the
    event has long been acknowledged, so only Bolt's completion handler knows when that is. In between the database
    keeps what was asked.
    """

    @app.middleware
    def take_each_event_once(
        body: dict[str, Any], context: BoltContext, client: WebClient, next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        event_id = body.get("event_id")
        if event_id is None:
            return next()
        workspace = workspace_of(context)
        taken: Taken | None = context.get("taken") or parts.deliveries.claim(
            workspace, event_id, at=parts.now(), body=body if _must_not_be_lost(body) else None
        )
        if taken is None:
            # What is kept will be answered; of anything else Slack hears that it is over only when it is.
            safe = parts.deliveries.is_safe(workspace, event_id)
            return BoltResponse(status=200 if safe else 503, body="")
        if taken.tries > 1 and _was_answered(client, body, event_id):
            parts.deliveries.done(taken)
            return BoltResponse(status=200, body="")
        context["taken"] = taken
        return next()

    def mark_done(context: BoltContext) -> None:
        if taken := context.get("taken"):
            _finish(parts, taken)

    app.listener_runner.listener_completion_handler = CustomListenerCompletionHandler(app.logger, mark_done)


def answer_left(app: App, parts: Parts) -> int:
    """
    Answer the events that somebody took and did not finish before the lease ended; how many were taken over.

    Raises: StorageError.
    """
    left = parts.deliveries.take_over(at=parts.now(), most=_AT_ONCE)
    for taken in left:
        # As over Socket Mode: it was signed, and checked, when it came.
        app.dispatch(BoltRequest(mode="socket_mode", body=dict(taken.body or {}), context={"taken": taken}))
    if left:
        _log.warning("%d deliveries were left by somebody else.", len(left), extra={"action": "deliveries_taken_over"})
    return len(left)


def leave(context: BoltContext) -> None:
    """
    Leave the event under way to whoever looks next when its lease ends: its listener failed, and Slack let nobody be
    told. What is not kept is over.
    """
    taken: Taken | None = context.get("taken")
    if taken is not None and taken.body is not None:
        context["taken"] = None


def reply(
    parts: Parts, context: BoltContext, client: WebClient, channel: str, message: Message, *, thread_ts: str | None
) -> None:
    """
    Post the reply to the event under way, unless somebody else has taken it over meanwhile.

    The message carries the event's id, by which it is found should we die before it is written down.
    Raises: PostingError: Slack refused. StorageError: nobody can say whose it is; it is answered later.
    """
    taken: Taken | None = context.get("taken")
    if taken is None:
        send(client, channel, message, thread_ts=thread_ts)
    elif parts.deliveries.begin(taken, at=parts.now()):
        carrying = {"event_type": _EVENT_TYPE, "event_payload": {"delivery": taken.delivery_id}}
        send(client, channel, Message(message.text, message.blocks, carrying), thread_ts=thread_ts)


@contextmanager
def once(parts: Parts, workspace_id: str, deed: str) -> Iterator[bool]:
    """
    Whether *deed* is still to be done, for people press a button twice; where it fails, the next press does it.

    Raises: StorageError: nobody can say.
    """
    taken = parts.deliveries.claim(workspace_id, deed, at=parts.now())
    try:
        yield taken is not None
    except Exception:
        if taken:
            parts.deliveries.give_back(taken)
        raise
    if taken:
        parts.deliveries.done(taken)


def _must_not_be_lost(body: dict[str, Any]) -> bool:
    """Whether an event is kept until it is answered: of messages only those that a person wrote to Advisor directly."""
    event = body.get("event", {})
    if event.get("type") == "message":
        by_a_person = not event.get("bot_id") and event.get("subtype") in WRITTEN_BY_A_PERSON
        return bool(by_a_person and event.get("channel_type") == "im")
    return bool(event.get("type") not in _NOT_KEPT)


def _was_answered(client: WebClient, body: dict[str, Any], event_id: str) -> bool:
    """
    Whether Slack has a reply that carries *event_id*. Where Advisor may not read it (the history scopes are optional),
    late beats lost: it is answered again.
    """
    event = body.get("event", {})
    channel, asked_at = event.get("channel"), event.get("ts") or event.get("event_ts")
    if not channel or not asked_at:
        return False
    thread = event.get("thread_ts") or (asked_at if event.get("type") == "app_mention" else None)
    given = {"channel": channel, "oldest": str(asked_at), "limit": _MOST_REPLIES, "include_all_metadata": True}
    try:
        page = client.conversations_replies(ts=thread, **given) if thread else client.conversations_history(**given)
    except (SlackClientError, OSError, HTTPException) as error:
        kind = type(error).__name__
        _log.warning("A reply could not be looked for (%s).", kind, extra={"action": "answered_in_doubt"})
        return False
    return any(_delivery_of(message) == event_id for message in page["messages"])


def _delivery_of(message: dict[str, Any]) -> str:
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("delivery", ""))


def _finish(parts: Parts, taken: Taken) -> None:
    try:
        parts.deliveries.done(taken)
    except StorageError as error:
        _log.warning("An event was answered but not marked so: %s", error, extra={"action": "delivery_not_marked"})
