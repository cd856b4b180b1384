"""What the app says back: bodies of acknowledgements, and posts to a response address."""

from __future__ import annotations

import json
from typing import Any

from bot.trial.arguments import Arguments
from bot.trial.events import changed_event, deleted_event, message_event
from bot.trial.handles import ResponseUrl
from bot.trial.outgoing import read_content
from bot.trial.records import Message, Payload, Refusal
from bot.trial.workspace import Workspace

KNOWN = frozenset(
    [
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "mrkdwn",
        "metadata",
        "unfurl_links",
        "unfurl_media",
        "markdown_text",
        "link_names",
        "parse",
    ]
)
"""Fields of a response. Source: https://docs.slack.dev/interactivity/handling-user-interaction,
checked 2026-11-23."""

GONE = {"expired_url", "used_url", "invalid_url"}


def respond(workspace: Workspace, token: str, body: bytes) -> tuple[int, str]:
    """Carry out one POST to a response address and return status and body as Slack gives them."""
    try:
        with workspace.change():
            place = workspace.handles.use_response(token)
            say_back(workspace, place, _decoded(body), "response_url")
    except Refusal as refusal:
        answer = json.dumps({"ok": False, "error": refusal.code, **refusal.extras})
        return 404 if refusal.code in GONE else 400, answer
    return 200, "ok"


def acknowledge_command(workspace: Workspace, place: ResponseUrl, body: str) -> None:
    """Show what came in the body of the answer to a slash command: plain text, or JSON."""
    if not body.strip():
        return
    try:
        content = json.loads(body)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        content = {"text": body}
    if content.get("text") or content.get("blocks"):
        say_back(workspace, place, content, "the answer to a command")


def say_back(workspace: Workspace, place: ResponseUrl, content: Payload, where: str) -> None:
    """Post, replace or delete what *content* says; only the asker sees it unless it says ``in_channel``."""
    for name in sorted(content.keys() - KNOWN):
        workspace.complain(where, f"the field {name} does not exist")
    arguments = Arguments(content)
    original = _original(workspace, place)
    if arguments.flag("delete_original"):
        _delete(workspace, original, where)
        return
    said = read_content(workspace, arguments, where)
    fields: dict[str, Any] = {"text": said.text, "blocks": said.blocks or ()}
    if original is not None and arguments.flag("replace_original"):
        _replace(workspace, original, fields)
        return
    if arguments.flag("replace_original"):
        workspace.complain(where, "replace_original, but there is no message to replace")
    _post(workspace, place, arguments, fields)


def _post(workspace: Workspace, place: ResponseUrl, arguments: Arguments, fields: dict[str, Any]) -> None:
    kind = arguments.text("response_type") or "ephemeral"
    if kind not in ("ephemeral", "in_channel"):
        raise Refusal("invalid_response_type")
    message = workspace.post(
        place.channel,
        workspace.bot_user,
        bot_id=workspace.bot_id,
        app_id=workspace.app_id,
        thread_ts=arguments.text("thread_ts"),
        reader=place.user if kind == "ephemeral" else None,
        **fields,
    )
    if not message.is_ephemeral:
        workspace.echo(message_event(workspace, message))


def _original(workspace: Workspace, place: ResponseUrl) -> Message | None:
    try:
        return workspace.find(place.channel, place.ts) if place.ts else None
    except Refusal:
        return None


def _replace(workspace: Workspace, original: Message, fields: dict[str, Any]) -> None:
    after = workspace.amend(original, **fields, edited_ts=None if original.is_ephemeral else workspace.new_ts())
    if not original.is_ephemeral:
        workspace.echo(changed_event(workspace, original, after))


def _delete(workspace: Workspace, original: Message | None, where: str) -> None:
    if original is None:
        workspace.complain(where, "delete_original, but there is no message to delete")
        return
    workspace.remove(original)
    if not original.is_ephemeral:
        workspace.echo(deleted_event(workspace, original))


def _decoded(body: bytes) -> Payload:
    try:
        content = json.loads(body)
    except ValueError:
        raise Refusal("invalid_payload") from None
    if not isinstance(content, dict):
        raise Refusal("invalid_payload")
    return content
