"""Giving back from a conversation: a thread that somebody points at becomes the draft of an entry, for them alone."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import PostingError
from bot.rendering.portfolio_notes import file_sent, no_files
from bot.usecases.advise import Advisor
from handlers.files import send_files
from handlers.parts import Parts
from handlers.posting import answer, direct_messages_with

_MOST_MESSAGES = 50


def register(app: App) -> None:
    """The shortcut on a message."""
    app.shortcut("draft_from_thread")(draft_from_thread)


def draft_from_thread(
    ack: Ack, shortcut: dict[str, Any], client: WebClient, respond: Respond, advisor: Advisor, parts: Parts
) -> None:
    """Send the draft of an entry to whoever points at a message: of its thread where Advisor may read it."""
    ack()
    draft = advisor.draft(_texts(client, shortcut["channel"]["id"], shortcut["message"]), at=parts.now())
    message = file_sent([draft.title])
    try:
        send_files(client, direct_messages_with(client, shortcut["user"]["id"]), [draft])
    except PostingError as error:
        if error.code != "missing_scope":
            raise
        message = no_files()
    answer(respond, message, thread_ts=shortcut["message"].get("thread_ts"))


def _texts(client: WebClient, channel_id: str, pointed_at: dict[str, Any]) -> list[str]:
    """What people wrote in the thread; the message alone where Advisor is not in the channel or may not read it."""
    try:
        page = client.conversations_replies(
            channel=channel_id, ts=pointed_at.get("thread_ts") or pointed_at["ts"], limit=_MOST_MESSAGES
        )
        messages: list[dict[str, Any]] = page["messages"]
    except SlackApiError:
        messages = [pointed_at]
    found = [str(one.get("text") or "") for one in messages if not one.get("bot_id")]
    return found or [str(pointed_at.get("text") or "")]
