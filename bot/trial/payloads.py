"""The payloads of commands, clicks, forms and shortcuts.

Source: https://docs.slack.dev/reference/interaction-payloads and
https://docs.slack.dev/interactivity/implementing-slash-commands, checked 2026-11-23.
"""

from __future__ import annotations

from typing import Any

from bot.trial import cast
from bot.trial.elements import HELD_AS, INPUTS, controls, held_by, state_values
from bot.trial.records import Channel, Message, Payload, View
from bot.trial.workspace import Workspace


def command_fields(workspace: Workspace, user: str, channel: Channel, command: str, text: str) -> dict[str, str]:
    """Return the form of a slash command."""
    return {
        "token": workspace.installation.verification_token,
        "team_id": workspace.team_id,
        "team_domain": cast.TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": _channel_name(channel),
        "user_id": user,
        "user_name": workspace.users[user].name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url(workspace, workspace.handles.lend_response(user, channel.id)),
        "trigger_id": workspace.handles.lend_trigger(user),
    }


def action_in_message(
    workspace: Workspace, user: str, message: Message, actions: list[Payload], stored: dict[str, Any]
) -> Payload:
    """Return the ``block_actions`` of a click in a message; an ephemeral one is not sent along."""
    channel = workspace.channels[message.channel]
    token = workspace.handles.lend_response(user, channel.id, message.ts, message.thread_ts)
    container: Payload = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container |= {"is_ephemeral": message.is_ephemeral}
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    payload = _common(workspace, user, "block_actions") | {
        "container": container,
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "state": {"values": state_values(list(message.blocks), stored)},
        "response_url": response_url(workspace, token),
        "actions": actions,
    }
    return payload if message.is_ephemeral else payload | {"message": message.to_slack(metadata=True)}


def action_in_view(workspace: Workspace, user: str, view: View, actions: list[Payload]) -> Payload:
    """Return the ``block_actions`` of a click in a modal or on the Home tab."""
    shown = workspace.view_payload(view)
    return _common(workspace, user, "block_actions", view.id) | {
        "container": {"type": "view", "view_id": view.id},
        "view": shown,
        "state": shown["state"],
        "actions": actions,
    }


def submission(workspace: Workspace, view: View) -> Payload:
    """Return the ``view_submission`` of a modal."""
    return _common(workspace, view.user, "view_submission", view.id) | {
        "view": workspace.view_payload(view),
        "response_urls": _response_urls(workspace, view),
    }


def closing(workspace: Workspace, view: View, *, is_cleared: bool) -> Payload:
    """Return the ``view_closed`` of a modal; there is no trigger in it."""
    payload = _common(workspace, view.user, "view_closed")
    del payload["trigger_id"]
    return payload | {"view": workspace.view_payload(view), "is_cleared": is_cleared}


def message_shortcut(workspace: Workspace, user: str, callback_id: str, message: Message) -> Payload:
    """Return the ``message_action`` of a shortcut on a message."""
    channel = workspace.channels[message.channel]
    token = workspace.handles.lend_response(user, channel.id, thread_ts=message.thread_ts)
    return _common(workspace, user, "message_action") | {
        "callback_id": callback_id,
        "action_ts": workspace.new_ts(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "message": message.to_slack(),
        "response_url": response_url(workspace, token),
    }


def global_shortcut(workspace: Workspace, user: str, callback_id: str) -> Payload:
    """Return the ``shortcut`` of a global shortcut."""
    payload = _common(workspace, user, "shortcut")
    return payload | {"callback_id": callback_id, "action_ts": workspace.new_ts()}


def suggestion(
    workspace: Workspace, user: str, place: Message | View, block: Payload, element: Payload, typed: str
) -> Payload:
    """Return the ``block_suggestion`` of an external select in which *typed* was typed."""
    payload = _common(workspace, user, "block_suggestion")
    del payload["trigger_id"]
    payload |= {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
    if isinstance(place, View):
        container = {"type": "view", "view_id": place.id}
        return payload | {"container": container, "view": workspace.view_payload(place)}
    container = {"type": "message", "message_ts": place.ts, "channel_id": place.channel}
    return payload | {"container": container, "message": place.to_slack()}


def action(workspace: Workspace, block: Payload, element: Payload, chosen: Payload) -> Payload:
    """Return one entry of ``actions``; *chosen* is the state, or the value, of the control."""
    kind = element["type"]
    found: Payload = {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "type": kind,
        "action_ts": workspace.new_ts(),
    }
    for key in ("text", "placeholder", "confirm"):
        if key in element:
            found[key] = element[key]
    if kind in INPUTS:
        found[HELD_AS.get(kind, "value")] = held_by(chosen)
        return found
    return found | chosen


def response_url(workspace: Workspace, token: str) -> str:
    """Return the whole address of a response token."""
    return f"{workspace.public_url}/response/{token}"


def _common(workspace: Workspace, user: str, kind: str, view_id: str | None = None) -> Payload:
    person = workspace.users[user]
    who = {"id": user, "username": person.name, "name": person.name, "team_id": workspace.team_id}
    return {
        "type": kind,
        "user": who,
        "api_app_id": workspace.app_id,
        "token": workspace.installation.verification_token,
        "trigger_id": workspace.handles.lend_trigger(user, view_id),
        "team": workspace.team_payload(),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _response_urls(workspace: Workspace, view: View) -> list[Payload]:
    found = []
    values = state_values(view.blocks, view.values)
    for block, element in controls(view.blocks):
        if element.get("response_url_enabled"):
            channel = held_by(values[block["block_id"]][element["action_id"]])
            token = workspace.handles.lend_response(view.user, channel)
            place = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
            found.append({**place, "response_url": response_url(workspace, token)})
    return found


def _channel_name(channel: Channel) -> str:
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)
