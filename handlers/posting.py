"""The ways out to Slack: a message for all or for one, a form, the answer to a click."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt import BoltContext, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import PostingError
from bot.rendering.message import Message, View
from bot.usecases.advise import Place

_log = logging.getLogger(__name__)

_NEWER_ON_SCREEN = ("hash_conflict", "not_found")
"""What Slack says where a form was pressed twice, or closed meanwhile: what the person sees now is right."""


def workspace_of(context: BoltContext) -> str:
    """The id under which rows are kept: the enterprise's for an org-wide install, else the team's."""
    organisation = context.enterprise_id if context.is_enterprise_install else None
    return str(organisation or context.team_id or context.enterprise_id or "")


def send(client: WebClient, channel: str, message: Message, *, thread_ts: str | None = None) -> str:
    """
    Post *message* in *channel* (a user id means direct messages), in a thread where one is given.

    Returns: Slack's timestamp of it, which names it in its channel.
    Raises: PostingError: Slack refused; ``code`` is Slack's word for why (``not_in_channel`` ...).
    """
    try:
        return str(client.chat_postMessage(channel=channel, thread_ts=thread_ts, **message.payload())["ts"])
    except SlackApiError as error:
        code = slacks_word(error)
        raise PostingError(f"Slack did not take the message: {code}.", code=code) from error


def change(client: WebClient, channel: str, message_ts: str, message: Message) -> bool:
    """Put *message* in the place of one that Advisor posted; False where Slack did not take it, for any reason."""
    given = {name: value for name, value in message.payload().items() if not name.startswith("unfurl_")}
    try:
        client.chat_update(channel=channel, ts=message_ts, **given)
    except (SlackClientError, OSError) as error:
        word = slacks_word(error) if isinstance(error, SlackApiError) else type(error).__name__
        _log.info("A message was left as it was: %s.", word, extra={"action": "message_not_changed"})
        return False
    return True


def answer(
    respond: Respond, message: Message, *, replace: bool = False, public: bool = False, thread_ts: str | None = None
) -> None:
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
        thread_ts=thread_ts,
        unfurl_links=False,
        unfurl_media=False,
    )
    if result.status_code != 200:
        raise PostingError(f"Slack did not take the answer: HTTP {result.status_code}.", code="response_url")


def replace(respond: Respond, body: dict[str, Any], message: Message) -> None:
    """Put *message* in the place of the one that was clicked, seen by whoever saw that. Raises: as ``answer``."""
    answer(respond, message, replace=True, public=not is_private(body))


def tell(respond: Respond, body: dict[str, Any], message: Message) -> None:
    """Tell the person who clicked, and nobody else, in the thread of the click. Raises: as ``answer``."""
    answer(respond, message, thread_ts=body["container"].get("thread_ts"))


def answer_click(body: dict[str, Any], respond: Respond, client: WebClient, message: Message) -> None:
    """Answer a click in a message: unseen by others if that was, else in its thread (in direct messages, beside it)."""
    container = body["container"]
    if is_private(body):
        tell(respond, body, message)
    else:
        send(client, container["channel_id"], message, thread_ts=_thread_of_click(body))


def show(client: WebClient, body: dict[str, Any], view: View) -> None:
    """Show *view*: on top of a list or in the form that was clicked in, else in a new form."""
    clicked_in = body.get("view", {})
    if clicked_in.get("type") != "modal":
        client.views_open(trigger_id=body["trigger_id"], view=view.payload())
    elif clicked_in.get("callback_id") == "list" and view.callback_id != "list":
        client.views_push(trigger_id=body["trigger_id"], view=view.payload())
    else:
        _update(client, clicked_in, view)


def direct_messages_with(client: WebClient, user_id: str) -> str:
    """The id of a person's direct conversation with Advisor."""
    return str(client.conversations_open(users=user_id)["channel"]["id"])


def private_place(context: BoltContext, channel_id: str, user_id: str) -> Place:
    """The conversation that one person has unseen in a channel: by commands, shortcuts and the buttons below those."""
    return Place(workspace_of(context), channel_id, person_id=user_id)


def place_of_click(body: dict[str, Any], context: BoltContext) -> Place:
    """The conversation that a clicked message belongs to."""
    channel = body["container"]["channel_id"]
    if is_private(body):
        return private_place(context, channel, body["user"]["id"])
    return Place(workspace_of(context), channel, _thread_of_click(body) or "")


def is_private(body: dict[str, Any]) -> bool:
    """Whether the clicked message is one that only its reader sees."""
    return bool(body["container"].get("is_ephemeral"))


def in_view(body: dict[str, Any]) -> bool:
    """Whether the click was in a form or on the Home tab, where there is no message to answer to."""
    return bool(body["container"]["type"] == "view")


def slacks_word(error: SlackApiError) -> str:
    """Slack's word for why it refused, such as ``not_in_channel``."""
    return str(error.response.get("error", "unknown"))


def _thread_of_click(body: dict[str, Any]) -> str | None:
    """The thread to go on in: the message's own, or below it in a channel; none in direct messages."""
    container = body["container"]
    beside = None if container["channel_id"].startswith("D") else container["message_ts"]
    return container.get("thread_ts") or beside


def _update(client: WebClient, clicked_in: dict[str, Any], view: View) -> None:
    try:
        client.views_update(view_id=clicked_in["id"], hash=clicked_in["hash"], view=view.payload())
    except SlackApiError as error:
        if slacks_word(error) not in _NEWER_ON_SCREEN:
            raise
