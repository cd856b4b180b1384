"""Web API: conversations and their history."""

from __future__ import annotations

import base64
from typing import TypeVar

from bot.trial.arguments import Arguments
from bot.trial.events import joined_event
from bot.trial.records import Channel, Message, Payload, Refusal
from bot.trial.workspace import Workspace

SCOPE_PREFIX = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
MOST_PEOPLE = 8
TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
PAGE = 100
MOST = 1000

T = TypeVar("T")


def channel_for(workspace: Workspace, channel_id: str) -> Channel:
    """Return a conversation that the bot can see; refused with ``channel_not_found``.

    Names are refused where Slack still takes some: only ids are safe. A private channel is seen by members.
    """
    channel = workspace.channels.get(channel_id)
    if channel is None or (channel.kind != "channel" and workspace.bot_user not in channel.members):
        raise Refusal("channel_not_found")
    return channel


def message_at(workspace: Workspace, channel_id: str, ts: str, *, error: str) -> Message:
    """Return a message that everybody sees; refused with *error* (an ephemeral one counts as absent)."""
    try:
        message = workspace.find(channel_id, ts)
    except Refusal:
        raise Refusal(error) from None
    if message.is_ephemeral:
        raise Refusal(error)
    return message


def need_scope(workspace: Workspace, *scopes: str) -> None:
    """Refuse with ``missing_scope`` unless one of *scopes* was granted."""
    granted = workspace.installation.scopes
    if not granted.intersection(scopes):
        raise Refusal("missing_scope", needed=",".join(scopes), provided=",".join(sorted(granted)))


def info(workspace: Workspace, arguments: Arguments) -> Payload:
    """``conversations.info``."""
    channel = channel_for(workspace, arguments.need("channel"))
    need_scope(workspace, f"{SCOPE_PREFIX[channel.kind]}:read")
    shown = channel.to_slack(workspace.bot_user)
    if not arguments.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def open_direct(workspace: Workspace, arguments: Arguments) -> Payload:
    """``conversations.open`` with one person, with two to eight (a group conversation), or by an existing id."""
    if "channel" in arguments:
        channel = channel_for(workspace, arguments.need("channel"))
        return {"channel": {"id": channel.id}}
    users = [user for user in arguments.need("users").split(",") if user]
    if not users:
        raise Refusal("users_list_not_supplied")
    if len(users) > MOST_PEOPLE:
        raise Refusal("too_many_users")
    people = [workspace.user(user).id for user in users]
    if workspace.bot_user in people:
        workspace.complain("conversations.open", "users names the bot itself: Slack adds it")
    need_scope(workspace, "mpim:write" if len(users) > 1 else "im:write")
    channel = workspace.im_with(people[0]) if len(people) == 1 else workspace.group_of(people)
    return {"channel": channel.to_slack(workspace.bot_user) if arguments.flag("return_im") else {"id": channel.id}}


def join(workspace: Workspace, arguments: Arguments) -> Payload:
    """``conversations.join``: the bot walks into a public channel."""
    channel = channel_for(workspace, arguments.need("channel"))
    if channel.kind != "channel":
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    if workspace.bot_user not in channel.members:
        channel.members.add(workspace.bot_user)
        workspace.echo(joined_event(workspace, channel, workspace.bot_user))
    return {"channel": channel.to_slack(workspace.bot_user)}


def members(workspace: Workspace, arguments: Arguments) -> Payload:
    """``conversations.members``."""
    channel = channel_for(workspace, arguments.need("channel"))
    need_scope(workspace, f"{SCOPE_PREFIX[channel.kind]}:read")
    page, cursor = _page(sorted(channel.members), arguments)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def list_channels(workspace: Workspace, arguments: Arguments) -> Payload:
    """``conversations.list``: of the types asked for; public channels where none is named."""
    kinds = _kinds(workspace, arguments)
    shown = [
        channel.to_slack(workspace.bot_user)
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or workspace.bot_user in channel.members)
        and not (channel.archived and arguments.flag("exclude_archived"))
    ]
    page, cursor = _page(shown, arguments)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def user_conversations(workspace: Workspace, arguments: Arguments) -> Payload:
    """``users.conversations``: those that the bot (or a person, where the bot sees them) is in."""
    kinds = _kinds(workspace, arguments)
    user = arguments.text("user") or workspace.bot_user
    shown = [
        channel.to_slack(workspace.bot_user)
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and user in channel.members
        and (channel.kind == "channel" or workspace.bot_user in channel.members)
        and not (channel.archived and arguments.flag("exclude_archived"))
    ]
    page, cursor = _page(shown, arguments)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def history(workspace: Workspace, arguments: Arguments) -> Payload:
    """``conversations.history``: newest first, without replies in threads."""
    channel = _readable(workspace, arguments)
    shown = [each for each in workspace.messages(channel.id) if not each.is_reply or each.broadcast]
    return _read(workspace, arguments, list(reversed(shown)))


def replies(workspace: Workspace, arguments: Arguments) -> Payload:
    """``conversations.replies``: the message and its thread, oldest first."""
    channel = _readable(workspace, arguments)
    asked = message_at(workspace, channel.id, arguments.need("ts"), error="thread_not_found")
    root = asked.thread_ts or asked.ts
    shown = [each for each in workspace.messages(channel.id) if root in (each.ts, each.thread_ts)]
    return _read(workspace, arguments, shown)


def _readable(workspace: Workspace, arguments: Arguments) -> Channel:
    channel = channel_for(workspace, arguments.need("channel"))
    need_scope(workspace, f"{SCOPE_PREFIX[channel.kind]}:history")
    if workspace.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def _read(workspace: Workspace, arguments: Arguments, messages: list[Message]) -> Payload:
    oldest, latest = arguments.text("oldest") or "0", arguments.text("latest") or "9999999999.999999"
    _check_ts(oldest, "invalid_ts_oldest")
    _check_ts(latest, "invalid_ts_latest")
    edges = {oldest, latest} if arguments.flag("inclusive") else set()
    chosen = [each for each in messages if float(oldest) < float(each.ts) < float(latest) or each.ts in edges]
    page, cursor = _page(chosen, arguments)
    metadata = arguments.flag("include_all_metadata")
    shown = [each.to_slack(metadata=metadata) for each in page]
    answer: Payload = {"messages": shown, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _check_ts(ts: str, error: str) -> None:
    try:
        float(ts)
    except ValueError:
        raise Refusal(error) from None


def _kinds(workspace: Workspace, arguments: Arguments) -> set[str]:
    names = (arguments.text("types") or "public_channel").replace(" ", "").split(",")
    if not set(names) <= TYPES.keys():
        raise Refusal("invalid_types")
    kinds = {TYPES[name] for name in names}
    for kind in sorted(kinds & SCOPE_PREFIX.keys()):
        need_scope(workspace, f"{SCOPE_PREFIX[kind]}:read")
    return kinds


def _page(items: list[T], arguments: Arguments) -> tuple[list[T], str]:
    limit = arguments.number("limit", PAGE, error="invalid_limit")
    if not 1 <= limit <= MOST:
        raise Refusal("invalid_limit")
    cursor = arguments.text("cursor")
    try:
        start = int(base64.b64decode(cursor, validate=True)) if cursor else 0
    except ValueError:
        raise Refusal("invalid_cursor") from None
    end = start + limit
    return items[start:end], base64.b64encode(str(end).encode()).decode() if end < len(items) else ""


METHODS = {
    "conversations.info": info,
    "conversations.open": open_direct,
    "conversations.join": join,
    "conversations.members": members,
    "conversations.list": list_channels,
    "conversations.history": history,
    "conversations.replies": replies,
    "users.conversations": user_conversations,
}
