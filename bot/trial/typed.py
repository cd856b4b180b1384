"""Text as a person types it, turned into text as Slack sends it."""

from __future__ import annotations

import re

from bot.trial.workspace import Workspace

_BROADCAST = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")
_EMAIL = re.compile(r"(?<![\w.:|<])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
_LINK = re.compile(r"(?<![\w<|])(https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])")
_BARE_LINK = re.compile(
    r"(?<![\w@/.:|<-])((?:[a-z0-9-]+\.)+(?:uk|com|org|net|io|wales|scot)(?:/[^\s<>|]*\w)?)(?![\w@])"
)


def escape(text: str) -> str:
    """Return *text* with the three characters escaped that Slack escapes.

    Source: https://docs.slack.dev/messaging/formatting-message-text, checked 2026-11-23.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_message(workspace: Workspace, text: str) -> str:
    """Return what a message event carries: escaped, with names, channels and links in angle brackets."""
    return _with_links(_with_names(workspace, escape(text)))


def as_command(workspace: Workspace, text: str, *, should_escape: bool) -> str:
    """Return the ``text`` of a slash command: raw, or with names turned into ids where the manifest asks."""
    text = text.strip()
    return _with_links(_with_names(workspace, escape(text), labels=True)) if should_escape else text


def _with_names(workspace: Workspace, text: str, *, labels: bool = False) -> str:
    for user in sorted(workspace.users.values(), key=lambda user: -len(user.real_name)):
        for name in (user.real_name, user.name):
            found = f"<@{user.id}|{user.name}>" if labels else f"<@{user.id}>"
            text = re.sub(rf"(?<![\w<])@{re.escape(name)}\b", found, text, flags=re.IGNORECASE)
    for channel in list(workspace.channels.values()):
        if channel.name:
            found = f"<#{channel.id}|{channel.name}>"
            text = re.sub(rf"(?<![\w<&|])#{re.escape(channel.name)}\b", found, text)
    return _BROADCAST.sub(r"<!\1>", text)


def _with_links(text: str) -> str:
    text = _LINK.sub(r"<\1>", text)
    text = _EMAIL.sub(r"<mailto:\1|\1>", text)
    return _BARE_LINK.sub(r"<http://\1|\1>", text)
