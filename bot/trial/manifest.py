"""What an app manifest says that Slack acts on: commands, events, shortcuts, scopes and switches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.trial.records import Payload

EVENT_SCOPES: dict[str, str] = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "channel_archive": "channels:read",
    "channel_rename": "channels:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "team_join": "users:read",
    "user_change": "users:read",
}
"""The scope without which an event is not sent.
Source: https://docs.slack.dev/reference/events, checked 2026-11-23."""


@dataclass(frozen=True)
class Command:
    """A slash command; ``should_escape`` turns names in its text into ids."""

    command: str
    should_escape: bool = False
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True)
class Shortcut:
    """A shortcut; ``kind`` is ``message`` or ``global``."""

    callback_id: str
    name: str
    kind: str


@dataclass(frozen=True)
class Manifest:
    """The parts of a manifest that decide what the app receives and may do."""

    name: str = "Advisor"
    commands: dict[str, Command] = field(default_factory=dict)
    shortcuts: dict[str, Shortcut] = field(default_factory=dict)
    bot_events: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    redirect_urls: tuple[str, ...] = ()
    functions: dict[str, Payload] = field(default_factory=dict)
    interactive: bool = True
    home_tab: bool = True
    messages_tab: bool = True
    writable: bool = True
    socket_mode: bool = False
    token_rotation: bool = False


def read_manifest(raw: Payload) -> Manifest:
    """Return what matters of a manifest in Slack's JSON form; absent parts are switched off, as in Slack."""
    features, settings = raw.get("features", {}), raw.get("settings", {})
    oauth, home = raw.get("oauth_config", {}), features.get("app_home", {})
    scopes = oauth.get("scopes", {})
    name = features.get("bot_user", {}).get("display_name") or raw.get("display_information", {}).get("name")
    return Manifest(
        name=name or "Advisor",
        commands=_commands(features.get("slash_commands", [])),
        shortcuts=_shortcuts(features.get("shortcuts", [])),
        bot_events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        scopes=frozenset([*scopes.get("bot", []), *scopes.get("bot_optional", [])]),
        redirect_urls=tuple(oauth.get("redirect_urls", [])),
        functions=dict(raw.get("functions", {})),
        interactive=bool(settings.get("interactivity", {}).get("is_enabled")),
        home_tab=bool(home.get("home_tab_enabled")),
        messages_tab=bool(home.get("messages_tab_enabled")),
        writable=not home.get("messages_tab_read_only_enabled", False),
        socket_mode=bool(settings.get("socket_mode_enabled")),
        token_rotation=bool(settings.get("token_rotation_enabled")),
    )


def _commands(raw: list[Any]) -> dict[str, Command]:
    found = [
        Command(
            each["command"],
            bool(each.get("should_escape")),
            str(each.get("description", "")),
            str(each.get("usage_hint", "")),
        )
        for each in raw
    ]
    return {command.command: command for command in found}


def _shortcuts(raw: list[Any]) -> dict[str, Shortcut]:
    found = [Shortcut(each["callback_id"], each["name"], each["type"]) for each in raw]
    return {shortcut.callback_id: shortcut for shortcut in found}


def missing_scopes(manifest: Manifest, granted: frozenset[str]) -> list[str]:
    """Return one line for each event, command or feature whose scope was not granted."""
    lines = [
        f"the event {event} needs the scope {EVENT_SCOPES[event]}"
        for event in sorted(manifest.bot_events)
        if event in EVENT_SCOPES and EVENT_SCOPES[event] not in granted
    ]
    if manifest.commands and "commands" not in granted:
        lines.append("slash commands need the scope commands")
    return lines
