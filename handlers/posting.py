"""The ways out to Slack: a message in a channel or thread, one that only its reader sees, the answer to a click."""

from __future__ import annotations

from typing import Any

from slack_bolt import BoltContext, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import PostingError
from bot.rendering.message import Message
from bot.usecases.advise import Place


def workspace_of(context: BoltContext) -> str:
    """The id under which rows are kept: the enterprise's for an org-wide install, else the team's."""
    organisation = context.enterprise_id if context.is_enterprise_install else None
    return str(organisation or context.team_id or context.enterprise_id or "")


def send(client: WebClient, channel: str, message: Message, *, thread_ts: str | None = None) -> None:
    """
    Post *message* in *channel* (a user id means direct messages), in a thread where one is given.

    Raises: PostingError: Slack refused; ``code`` is Slack's word for why (``not_in_channel`` ...).
    """
    try:
        client.chat_postMessage(channel=channel, thread_ts=thread_ts, **_quiet(message))
    except SlackApiError as error:
        code = str(error.response.get("error", "unknown"))
        raise PostingError(f"Slack did not take the message: {code}.", code=code) from error


def answer(respond: Respond, message: Message, *, replace: bool = False, public: bool = False) -> None:
    """
    Answer a command or a click through its response_url: for the one person, unless *public*.

    *replace* puts the answer in the place of the message that was clicked.
    Raises: PostingError: Slack refused (the address is used up after five answers or 30 minutes).
    """
    result = respond(
        text=message.text,
        blocks=list(message.blocks),
        replace_original=replace,
        response_type="in_channel" if public else "ephemeral",
        unfurl_links=False,
        unfurl_media=False,
    )
    if result.status_code != 200:
        raise PostingError(f"Slack did not take the answer: HTTP {result.status_code}.", code="response_url")


def answer_click(body: dict[str, Any], respond: Respond, client: WebClient, message: Message) -> None:
    """Answer a click where it was made: unseen by others if the message was, else in the thread of the message."""
    container = body.get("container", {})
    if container.get("is_ephemeral"):
        answer(respond, message)
    elif container.get("type") == "message":
        thread = container.get("thread_ts") or (None if _is_direct(body) else container["message_ts"])
        send(client, container["channel_id"], message, thread_ts=thread)
    else:
        send(client, body["user"]["id"], message)


def place_of_click(body: dict[str, Any], context: BoltContext) -> Place:
    """The conversation that a clicked message belongs to."""
    container = body.get("container", {})
    thread = container.get("thread_ts") or ("" if _is_direct(body) else container.get("message_ts", ""))
    return Place(workspace_of(context), container.get("channel_id", ""), thread or "")


def is_private(body: dict[str, Any]) -> bool:
    """Whether the clicked message is one that only its reader sees."""
    return bool(body.get("container", {}).get("is_ephemeral"))


def _is_direct(body: dict[str, Any]) -> bool:
    return str(body.get("container", {}).get("channel_id", "")).startswith("D")


def _quiet(message: Message) -> dict[str, Any]:
    """The arguments of a post; links are not unfurled, for an answer lists its sources."""
    arguments: dict[str, Any] = {"text": message.text, "unfurl_links": False, "unfurl_media": False}
    if message.blocks:
        arguments["blocks"] = list(message.blocks)
    if message.metadata:
        arguments["metadata"] = message.metadata
    return arguments
