"""Coming and going: brought into a channel, the channel archived, uninstalled, tokens revoked."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot.usecases.advise import Advisor
from handlers.deliveries import reply
from handlers.parts import Parts
from handlers.posting import workspace_of

_log = logging.getLogger(__name__)


def register(app: App) -> None:
    """member_joined_channel (ours), channel_archive, app_uninstalled, tokens_revoked."""
    app.event("member_joined_channel")(introduce)
    app.event("channel_archive")(note_archived)
    app.event("app_uninstalled")(forget_workspace)
    app.event("tokens_revoked")(forget_workspace_without_bot)


def introduce(event: dict[str, Any], client: WebClient, context: BoltContext, advisor: Advisor, parts: Parts) -> None:
    """One short message when Advisor itself is brought into a channel; other people's joining is none of ours."""
    if event.get("user") == context.bot_user_id:
        parts.checkpoints.overview.came_back(workspace_of(context), event["channel"])
        reply(parts, context, client, event["channel"], advisor.joined_channel(), thread_ts=None)


def note_archived(event: dict[str, Any], context: BoltContext, parts: Parts) -> None:
    """Note that nothing can be said in a channel any more; Slack tells so of public ones, and of others when we try."""
    parts.checkpoints.overview.archived(workspace_of(context), event["channel"])


def forget_workspace(event: dict[str, Any], context: BoltContext, parts: Parts) -> None:
    """Delete every row of a workspace that has uninstalled Advisor, unless it has installed it again since."""
    told_at = event.get("event_ts")
    at = dt.datetime.fromtimestamp(float(told_at), dt.UTC) if told_at else parts.now()
    if parts.erase(workspace_of(context), at):
        _log.info("A workspace uninstalled Advisor; its rows are deleted.", extra={"action": "workspace_erased"})
    else:
        _log.info("A workspace has installed Advisor again since.", extra={"action": "workspace_reinstalled"})


def forget_workspace_without_bot(event: dict[str, Any], context: BoltContext, parts: Parts) -> None:
    """The same where the bot's own token was revoked; a person's token is none of ours."""
    if event.get("tokens", {}).get("bot"):
        forget_workspace(event, context, parts)
