"""Facts about each Web API method: its arguments, the scopes it asks for, its rate tier.

Source: Slack's method pages (https://docs.slack.dev/reference/methods) as of 2026-05-26, with the changes to
the Messages tab of 2026-06-30 (https://docs.slack.dev/changelog/2026/06/30/agent-messages-tab);
checked 2026-11-23.
"""

from __future__ import annotations

from dataclasses import dataclass

ALWAYS = frozenset({"token", "team_id"})
"""Arguments that every method takes."""


@dataclass(frozen=True)
class Facts:
    """One method. ``scopes``: any one of them will do; ``tier`` 0 means a limit of its own."""

    required: frozenset[str]
    optional: frozenset[str]
    scopes: tuple[str, ...]
    tier: int

    @property
    def known(self) -> frozenset[str]:
        """Return every argument that the method takes."""
        return ALWAYS | self.required | self.optional


WITHOUT_TOKEN = frozenset({"api.test", "oauth.v2.access"})
APP_TOKEN = frozenset({"apps.connections.open"})


def _facts(tier: int, scopes: str = "", required: str = "", optional: str = "") -> Facts:
    return Facts(frozenset(required.split()), frozenset(optional.split()), tuple(scopes.split()), tier)


METHODS: dict[str, Facts] = {
    "api.test": _facts(4, optional="error"),
    "auth.test": _facts(0),
    "auth.revoke": _facts(3, optional="test"),
    "apps.connections.open": _facts(3),
    "apps.uninstall": _facts(1, required="client_id client_secret"),
    "oauth.v2.access": _facts(
        0, optional="client_id client_secret code code_verifier grant_type redirect_uri refresh_token"
    ),
    "bots.info": _facts(3, scopes="users:read", optional="bot team_id"),
    "team.info": _facts(3, scopes="team:read", optional="domain team"),
    "users.info": _facts(4, scopes="users:read", required="user", optional="include_locale"),
    "users.lookupByEmail": _facts(3, scopes="users:read.email", required="email"),
    "users.conversations": _facts(
        3,
        scopes="channels:read groups:read im:read mpim:read",
        optional="cursor exclude_archived limit team_id types user",
    ),
    "chat.postMessage": _facts(
        0,
        scopes="chat:write",
        required="channel",
        optional="as_user attachments blocks current_draft_last_updated_ts icon_emoji icon_url "
        "link_names markdown_text metadata mrkdwn parse reply_broadcast text thread_ts "
        "unfurl_links unfurl_media username",
    ),
    "chat.postEphemeral": _facts(
        4,
        scopes="chat:write",
        required="channel user",
        optional="as_user attachments blocks icon_emoji icon_url link_names markdown_text parse text "
        "thread_ts username",
    ),
    "chat.update": _facts(
        3,
        scopes="chat:write",
        required="channel ts",
        optional="as_user attachments blocks file_ids link_names markdown_text metadata parse "
        "reply_broadcast text unfurled_attachments",
    ),
    "chat.delete": _facts(3, scopes="chat:write", required="channel ts", optional="as_user"),
    "chat.getPermalink": _facts(0, required="channel message_ts"),
    "conversations.info": _facts(
        3,
        scopes="channels:read groups:read im:read mpim:read",
        required="channel",
        optional="include_locale include_num_members",
    ),
    "conversations.open": _facts(
        3,
        scopes="channels:manage groups:write im:write mpim:write",
        optional="channel prevent_creation return_im users",
    ),
    "conversations.join": _facts(3, scopes="channels:join", required="channel"),
    "conversations.members": _facts(
        4, scopes="channels:read groups:read im:read mpim:read", required="channel", optional="cursor limit"
    ),
    "conversations.history": _facts(
        3,
        scopes="channels:history groups:history im:history mpim:history",
        required="channel",
        optional="cursor include_all_metadata inclusive latest limit oldest",
    ),
    "conversations.replies": _facts(
        3,
        scopes="channels:history groups:history im:history mpim:history",
        required="channel ts",
        optional="cursor include_all_metadata inclusive latest limit oldest",
    ),
    "conversations.list": _facts(
        2, scopes="channels:read groups:read im:read mpim:read", optional="cursor exclude_archived limit team_id types"
    ),
    "views.open": _facts(4, required="view", optional="interactivity_pointer trigger_id"),
    "views.push": _facts(4, required="view", optional="interactivity_pointer trigger_id"),
    "views.update": _facts(4, required="view", optional="external_id hash view_id"),
    "views.publish": _facts(4, required="user_id view", optional="hash"),
    "reactions.add": _facts(3, scopes="reactions:write", required="channel name timestamp"),
    "assistant.threads.setSuggestedPrompts": _facts(
        4, scopes="assistant:write", required="channel_id prompts", optional="thread_ts title"
    ),
    "assistant.threads.setStatus": _facts(
        0,
        scopes="chat:write",
        required="channel_id status thread_ts",
        optional="icon_emoji icon_url loading_messages username",
    ),
    "files.getUploadURLExternal": _facts(
        4, scopes="files:write", required="filename length", optional="alt_txt snippet_type"
    ),
    "files.completeUploadExternal": _facts(
        4, scopes="files:write", required="files", optional="blocks channel_id channels initial_comment thread_ts"
    ),
    "functions.completeSuccess": _facts(3, required="function_execution_id outputs"),
    "functions.completeError": _facts(3, required="error function_execution_id"),
}
