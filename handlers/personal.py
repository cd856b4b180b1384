"""One's own data at the door: /advisor my data, and its two buttons."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.rendering.personal import copy_sent_message
from handlers.parts import Parts
from handlers.posting import answer, direct_messages_with, replace, send, tell, workspace_of

Body = dict[str, Any]
_WORDS = ("my data", "forget me")


def register(app: App) -> None:
    """``/advisor my data`` (or ``forget me``), and the buttons for a copy and for deletion."""
    app.command("/advisor", matchers=[is_about_own_data])(show_own_data)
    app.action("my_data_copy")(send_copy)
    app.action("my_data_delete")(delete_own_data)


def is_about_own_data(command: Body) -> bool:
    """Whether somebody asks for their own data, and for nothing else."""
    return " ".join(str(command.get("text") or "").casefold().split()) in _WORDS


def show_own_data(
    ack: Ack, command: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """What is held about the person who asks; only they see it."""
    ack()
    user = command["user_id"]
    direct = direct_messages_with(client, user)
    answer(respond, parts.personal.overview(workspace_of(context), user, direct=direct))


def send_copy(ack: Ack, body: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Send the copy to the direct messages of whoever pressed, whatever the button says."""
    ack()
    user = body["user"]["id"]
    direct = direct_messages_with(client, user)
    for piece in parts.personal.copy(workspace_of(context), user, direct=direct):
        send(client, direct, piece)
    tell(respond, body, copy_sent_message())


def delete_own_data(
    ack: Ack, body: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Delete the data of whoever pressed, and put what was done in the place of the question."""
    ack()
    user = body["user"]["id"]
    direct = direct_messages_with(client, user)
    replace(respond, body, parts.personal.delete(workspace_of(context), user, direct=direct, at=parts.now()))
