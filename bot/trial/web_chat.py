"""Web API: messages, and reactions to them."""

from __future__ import annotations

from bot.trial import cast
from bot.trial.arguments import Arguments
from bot.trial.events import changed_event, deleted_event, message_event, reaction_event
from bot.trial.outgoing import read_content, refuse_long
from bot.trial.records import Channel, Payload, Refusal
from bot.trial.web_conversations import channel_for, message_at
from bot.trial.workspace import Workspace


def post_message(workspace: Workspace, arguments: Arguments) -> Payload:
    """``chat.postMessage`` to a channel the bot is in, or to a person (their direct messages)."""
    channel = _writable(workspace, arguments)
    content = read_content(workspace, arguments, "chat.postMessage")
    thread_ts = _thread(workspace, channel, arguments, "chat.postMessage")
    message = workspace.post(
        channel.id,
        workspace.bot_user,
        content.text,
        blocks=content.blocks or (),
        metadata=content.metadata,
        thread_ts=thread_ts,
        bot_id=workspace.bot_id,
        app_id=workspace.app_id,
        broadcast=arguments.flag("reply_broadcast"),
        unfurl=arguments.flag("unfurl_links", True) or arguments.flag("unfurl_media", True),
    )
    workspace.echo(message_event(workspace, message))
    return {"channel": channel.id, "ts": message.ts, "message": message.to_slack(metadata=True)}


def post_ephemeral(workspace: Workspace, arguments: Arguments) -> Payload:
    """``chat.postEphemeral``: one member of the channel sees it, until they reload."""
    channel = _writable(workspace, arguments)
    user = workspace.users.get(arguments.need("user"))
    if user is None or user.id not in channel.members:
        raise Refusal("user_not_in_channel")
    refuse_long(arguments)
    content = read_content(workspace, arguments, "chat.postEphemeral")
    thread_ts = _thread(workspace, channel, arguments, "chat.postEphemeral", begin=False)
    message = workspace.post(
        channel.id,
        workspace.bot_user,
        content.text,
        blocks=content.blocks or (),
        thread_ts=thread_ts,
        bot_id=workspace.bot_id,
        app_id=workspace.app_id,
        reader=user.id,
    )
    return {"message_ts": message.ts}


def update(workspace: Workspace, arguments: Arguments) -> Payload:
    """``chat.update``: change one of the bot's own messages; blocks not given stay as they were."""
    channel = channel_for(workspace, arguments.need("channel"))
    before = message_at(workspace, channel.id, arguments.need("ts"), error="message_not_found")
    if before.user != workspace.bot_user:
        raise Refusal("cant_update_message")
    refuse_long(arguments)
    content = read_content(workspace, arguments, "chat.update")
    after = workspace.amend(
        before,
        text=content.text,
        blocks=before.blocks if content.blocks is None else content.blocks,
        metadata=content.metadata if "metadata" in content.given else before.metadata,
        edited_ts=workspace.new_ts(),
    )
    workspace.echo(changed_event(workspace, before, after))
    return {
        "channel": channel.id,
        "ts": after.ts,
        "text": after.text,
        "message": after.to_slack(metadata=True),
    }


def delete(workspace: Workspace, arguments: Arguments) -> Payload:
    """``chat.delete``: take away one of the bot's own messages."""
    channel = channel_for(workspace, arguments.need("channel"))
    message = message_at(workspace, channel.id, arguments.need("ts"), error="message_not_found")
    if message.user != workspace.bot_user:
        raise Refusal("cant_delete_message")
    workspace.remove(message)
    workspace.echo(deleted_event(workspace, message))
    return {"channel": channel.id, "ts": message.ts}


def permalink(workspace: Workspace, arguments: Arguments) -> Payload:
    """``chat.getPermalink``."""
    channel = channel_for(workspace, arguments.need("channel"))
    message = message_at(workspace, channel.id, arguments.need("message_ts"), error="message_not_found")
    link = f"https://{cast.TEAM_DOMAIN}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    query = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.is_reply else ""
    return {"channel": channel.id, "permalink": link + query}


def add_reaction(workspace: Workspace, arguments: Arguments) -> Payload:
    """``reactions.add``."""
    channel = channel_for(workspace, arguments.need("channel"))
    message = message_at(workspace, channel.id, arguments.need("timestamp"), error="message_not_found")
    name = arguments.need("name")
    if not name or ":" in name or " " in name:
        raise Refusal("invalid_name")
    users = message.reactions.get(name, ())
    if workspace.bot_user in users:
        raise Refusal("already_reacted")
    workspace.amend(message, reactions={**message.reactions, name: (*users, workspace.bot_user)})
    workspace.echo(reaction_event(workspace, message, workspace.bot_user, name))
    return {}


def _writable(workspace: Workspace, arguments: Arguments) -> Channel:
    wanted = arguments.need("channel")
    channel = workspace.im_with(wanted) if wanted in workspace.users else channel_for(workspace, wanted)
    if channel.kind == "im" and not workspace.manifest.messages_tab:
        raise Refusal("messages_tab_disabled")
    if channel.archived:
        raise Refusal("is_archived")
    public = channel.kind == "channel" and "chat:write.public" in workspace.installation.scopes
    if workspace.bot_user not in channel.members and not public:
        raise Refusal("not_in_channel")
    return channel


def _thread(
    workspace: Workspace, channel: Channel, arguments: Arguments, where: str, *, begin: bool = True
) -> str | None:
    ts = arguments.text("thread_ts")
    if not ts:
        return None
    parent = message_at(workspace, channel.id, ts, error="cannot_reply_to_message")
    if parent.is_reply:
        workspace.complain(where, "thread_ts names a reply: use the ts of the message that began the thread")
    if parent.thread_ts is None and begin:
        workspace.amend(parent, thread_ts=parent.ts)
    elif parent.thread_ts is None:
        workspace.complain(where, "nobody has replied in this thread yet, so the message may not be seen")
    return parent.thread_ts or parent.ts


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": permalink,
    "reactions.add": add_reaction,
}
