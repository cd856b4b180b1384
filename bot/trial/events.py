"""The events of the Events API, as the app receives them, and which of them it subscribed to.

Source: https://docs.slack.dev/reference/events, checked 2026-11-23.
"""

from __future__ import annotations

from bot.trial import cast
from bot.trial.manifest import EVENT_SCOPES
from bot.trial.records import Channel, Message, Payload
from bot.trial.workspace import Workspace

MESSAGE_EVENTS = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


def message_event(workspace: Workspace, message: Message) -> Payload:
    """Return the ``message`` event of a new message."""
    channel = workspace.channels[message.channel]
    event = message.to_slack()
    if message.user not in (workspace.bot_user, cast.SLACKBOT) and message.subtype is None:
        event["client_msg_id"] = f"{workspace.new_id('').lower()}-{message.ts}"
        event["blocks"] = [_as_rich_text(message)]
    if message.is_reply and message.thread_ts:
        event["parent_user_id"] = workspace.find(channel.id, message.thread_ts).user
    place = {"channel": channel.id, "channel_type": channel.kind, "team": workspace.team_id}
    return event | place | {"event_ts": message.ts}


def mention_event(workspace: Workspace, message: Message) -> Payload:
    """Return the ``app_mention`` event of a message that names the bot."""
    event = message_event(workspace, message)
    del event["channel_type"]
    return event | {"type": "app_mention"}


def changed_event(workspace: Workspace, before: Message, after: Message) -> Payload:
    """Return the event of an edited message."""
    extra = {"message": after.to_slack(), "previous_message": before.to_slack()}
    return _about(workspace, after, "message_changed") | extra


def deleted_event(workspace: Workspace, message: Message) -> Payload:
    """Return the event of a message that was taken away."""
    extra = {"deleted_ts": message.ts, "previous_message": message.to_slack()}
    return _about(workspace, message, "message_deleted") | extra


def joined_event(workspace: Workspace, channel: Channel, user: str, inviter: str | None = None) -> Payload:
    """Return the event of somebody (or the bot) entering a channel."""
    event = _membership(workspace, channel, user, "member_joined_channel")
    return event | ({"inviter": inviter} if inviter else {})


def left_event(workspace: Workspace, channel: Channel, user: str) -> Payload:
    """Return the event of somebody leaving a channel; the bot itself is told ``channel_left``."""
    if user == workspace.bot_user:
        return {"type": "channel_left", "channel": channel.id, "event_ts": workspace.new_ts()}
    return _membership(workspace, channel, user, "member_left_channel")


def home_event(workspace: Workspace, user: str, tab: str) -> Payload:
    """Return ``app_home_opened`` for the tab ``home`` or ``messages``."""
    event: Payload = {
        "type": "app_home_opened",
        "user": user,
        "channel": workspace.im_with(user).id,
        "tab": tab,
        "event_ts": workspace.new_ts(),
    }
    home = workspace.views.home(user)
    if tab == "home" and home is not None:
        event["view"] = workspace.view_payload(home)
    return event


def archived_event(workspace: Workspace, channel: Channel, user: str) -> Payload:
    """Return the event of a channel that *user* archived."""
    moment = workspace.new_ts()
    return {"type": "channel_archive", "channel": channel.id, "user": user, "event_ts": moment}


def reaction_event(workspace: Workspace, message: Message, user: str, name: str) -> Payload:
    """Return ``reaction_added``."""
    item = {"type": "message", "channel": message.channel, "ts": message.ts}
    event = {"type": "reaction_added", "user": user, "reaction": name, "item": item}
    return event | {"item_user": message.user, "event_ts": workspace.new_ts()}


def uninstall_events(workspace: Workspace) -> list[Payload]:
    """Return what follows an uninstall: the tokens are gone, then the app is."""
    tokens = {"oauth": [], "bot": [workspace.bot_user]}
    return [
        {"type": "tokens_revoked", "tokens": tokens, "event_ts": workspace.new_ts()},
        {"type": "app_uninstalled", "event_ts": workspace.new_ts()},
    ]


def is_subscribed(workspace: Workspace, event: Payload) -> bool:
    """Return whether the app gets *event*: subscribed in the manifest, with the scope, and in the channel."""
    name = event["type"]
    if name == "message":
        name = MESSAGE_EVENTS[event["channel_type"]]
    scope = EVENT_SCOPES.get(name)
    if name not in workspace.manifest.bot_events or (scope and scope not in workspace.installation.scopes):
        return False
    channel = workspace.channels.get(str(event.get("channel", "")))
    outside = channel is not None and workspace.bot_user not in channel.members
    return not outside or name in ("channel_left", "channel_archive", "channel_rename")


def envelope(workspace: Workspace, event: Payload) -> Payload:
    """Return the ``event_callback`` that carries *event*."""
    authorization = {
        "enterprise_id": None,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": workspace.installation.verification_token,
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(workspace.clock().timestamp()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{workspace.new_id('')}",
    }


def _about(workspace: Workspace, message: Message, subtype: str) -> Payload:
    channel = workspace.channels[message.channel]
    place = {"channel": channel.id, "channel_type": channel.kind, "hidden": True}
    moment = workspace.new_ts()
    return {"type": "message", "subtype": subtype, "ts": moment, "event_ts": moment} | place


def _membership(workspace: Workspace, channel: Channel, user: str, name: str) -> Payload:
    kind = "C" if channel.kind == "channel" else "G"
    place = {"channel": channel.id, "channel_type": kind, "team": workspace.team_id}
    return {"type": name, "user": user, "event_ts": workspace.new_ts()} | place


def _as_rich_text(message: Message) -> Payload:
    text = message.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": "typed", "elements": [section]}


def step_event(workspace: Workspace, callback_id: str, step_id: str, inputs: Payload) -> Payload:
    """Return ``function_executed``: a step of a workflow begins."""
    moment = workspace.new_ts()
    declared = workspace.manifest.functions[callback_id]
    function = {
        "id": f"Fn{callback_id.upper()}",
        "callback_id": callback_id,
        "title": declared["title"],
        "description": declared["description"],
        "type": "app",
        "input_parameters": _parameters(declared["input_parameters"]),
        "output_parameters": _parameters(declared["output_parameters"]),
        "app_id": workspace.app_id,
    }
    return {
        "type": "function_executed",
        "function": function,
        "inputs": inputs,
        "function_execution_id": step_id,
        "workflow_execution_id": workspace.new_id("Wx"),
        "event_ts": moment,
        "bot_access_token": workspace.installation.bot_token,
    }


def _parameters(declared: Payload) -> list[Payload]:
    """Return the parameters of a step as the event lists them."""
    needed = declared.get("required", [])
    return [{"name": name, **facts, "is_required": name in needed} for name, facts in declared["properties"].items()]
