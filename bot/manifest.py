"""The Slack app manifest, from one source for Socket Mode and for HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.errors import InputError

SCOPES = {
    "commands": "to offer /advisor, /standard, /platforms, /cases and /checkpoint",
    "channels:read": "to notice that it was brought into a channel, and say once what it does there; and that one was "
    "archived",
    "chat:write": "to answer",
    "app_mentions:read": "to hear a mention in a channel it is in",
    "im:history": "to read the direct messages that people write to it",
    "files:write": "to send the spreadsheet, the committee paper and the picture that somebody asked for",
    "im:write": "to send the answer to a question asked from the Home tab",
}
"""Every scope that is asked for, and why."""

OPTIONAL_SCOPES = {
    "channels:history": "to see whether a reminder was posted already, after a clock was killed while posting it; and "
    "to read the thread that somebody asks to have drafted as an entry",
    "groups:history": "the same in private channels",
    "users:read": "to look up e-mail addresses: Slack gives users:read.email only together with it",
    "users:read.email": "to find the owners and sponsors of an imported register by their e-mail addresses",
    "mpim:write": "to bring two people together who both said yes to an introduction; else each is told directly",
}
"""
Scopes that an administrator may leave out. Without the first two a reminder may, seldom, be posted twice, and a draft
has one message; without the last two a register names people by their Slack ids.
"""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
)

STEP_EVENT = "function_executed"

COMMANDS = (
    (
        "/advisor",
        "Ask anything about digital services in local government",
        "[your question], portfolio, export, paper, case or help",
    ),
    ("/standard", "The GOV.UK Service Standard, point by point", "[number or question]"),
    ("/platforms", "Platforms that councils can share", "[what you need]"),
    ("/cases", "What other councils did, and what came of it", "[what you are about to do] or who [area]"),
    (
        "/checkpoint",
        "Where your team stands, and what comes next",
        "start, plan, nudges, settings, receipt CODE or help",
    ),
)

SHORTCUTS = (
    ("ask_about_message", "Ask Advisor about this", "Look up what a message asks, for your eyes only"),
    ("draft_from_thread", "Draft an entry from this", "Turn a thread into the draft of an entry, sent to you alone"),
)

STEPS: dict[str, dict[str, Any]] = {
    "ask_advisor": {
        "title": "Ask Advisor",
        "description": "Look a question up in the checked answers. The same question always gets the same answer.",
        "inputs": {"question": ("string", "Question", "In your own words, without personal details", True)},
        "outputs": {
            "answer": ("string", "Answer", "The answer, or why there is none", True),
            "outcome": ("string", "Outcome", "answer, choice or decline", True),
            "source": ("string", "Source", "The address of the first source, where there is an answer", False),
        },
    },
    "start_checkpoint": {
        "title": "Start a checkpoint",
        "description": "Plan a checkpoint of a service; its channel is told and prompted at the right time.",
        "inputs": {
            "service": ("string", "Service", "Its name, or its id in the register", True),
            "template": ("string", "Checkpoint", "Such as: end of discovery", True),
            "due_on": ("slack#/types/date", "Date", "The day on which somebody decides", True),
            "person": ("slack#/types/user_id", "Person", "Who starts it", True),
        },
        "outputs": {
            "checkpoint": ("string", "Checkpoint", "What it is called", True),
            "due_on": ("slack#/types/date", "Date", "The day on which somebody decides", True),
            "channel": ("slack#/types/channel_id", "Channel", "Where the team is prompted", True),
            "owner": ("slack#/types/user_id", "Service owner", "Who hands it in", True),
        },
    },
    "checkpoint_decided": {
        "title": "Look up a decision",
        "description": "The last decision on the checkpoints of a service. It does not wait for one.",
        "inputs": {
            "service": ("string", "Service", "Its name, or its id in the register", True),
            "template": ("string", "Checkpoint", "Left empty: the last decision on any of them", False),
        },
        "outputs": {
            "decided": ("boolean", "Decided", "Whether there is a decision", True),
            "decision": ("string", "Decision", "Such as: met with conditions; or not decided", True),
            "checkpoint": ("string", "Checkpoint", "What it is called", False),
            "receipt": ("string", "Receipt", "The code of the receipt", False),
            "decided_on": ("slack#/types/date", "Date", "The day of the decision", False),
        },
    },
}
"""The steps for Workflow Builder: for each input and output its type, title, description, and whether it is needed."""

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
"""Where an installation in another workspace begins, and where Slack sends the browser back to."""

SHORT_DESCRIPTION = "Advice for digital teams in local government: the standard, shared platforms, case studies."

LONG_DESCRIPTION = (
    "Advisor answers questions about the GOV.UK Service Standard and the local government standard, shared platforms "
    "such as GOV.UK Notify and LocalGov Drupal, and what other councils have done, the failures included. Every answer "
    "was written by an editor and carries its sources and the day they were checked. It uses no language model. Ask it "
    "in a direct message, mention it in a channel, or use /advisor. When it does not know, it says so."
)


def wanted_scopes(*, agent_features: bool = False) -> frozenset[str]:
    """The scopes that the manifest asks for and that an administrator cannot leave out."""
    return frozenset([*SCOPES, *(["assistant:write"] if agent_features else [])])


def manifest(
    *,
    url: str | None = None,
    agent_features: bool = False,
    steps: bool = False,
    many: bool = False,
    org: bool = False,
    rotation: bool = False,
) -> dict[str, Any]:
    """
    The manifest to paste into Slack: for HTTP at *url*, or for Socket Mode where none is given.

    *agent_features* adds the agent view with suggested prompts, which needs a paid Slack plan; *steps* those for
    Workflow Builder, which need one too, and an app that is ready for organisations. With *many* any workspace may
    install it, by OAuth; *org* lets whole organisations do so, *rotation* has tokens end after 12 hours.
    Raises: InputError: *url* is not an https address, or is missing where there is *many*, or that is missing.
    Source: https://docs.slack.dev/reference/app-manifest, checked 2026-11-23.
    """
    if url is not None and not (url.startswith("https://") and urlsplit(url).hostname):
        raise InputError(f"{url!r} is no address that Slack can reach: give https://your-host")
    if many and url is None:
        raise InputError("many workspaces install Advisor at its own address: give --url https://your-host")
    if (org or rotation) and not many:
        raise InputError("--org and --rotation are for many workspaces: add --many.")
    endpoint = f"{url.rstrip('/')}/slack/events" if url else None
    scopes = sorted(wanted_scopes(agent_features=agent_features))
    made = {
        "display_information": {
            "name": "Advisor",
            "description": SHORT_DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": "#1d3557",
        },
        "features": _features(endpoint, agent_features),
        "oauth_config": {
            **({"redirect_urls": [f"{url.rstrip('/')}{REDIRECT_PATH}"]} if many and url else {}),
            "scopes": {"bot": scopes, "bot_optional": sorted(OPTIONAL_SCOPES)},
        },
        "settings": _settings(endpoint, steps=steps, org=org, rotation=rotation),
    }
    return made | {"functions": {name: _function(step) for name, step in STEPS.items()}} if steps else made


def _function(step: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": step["title"],
        "description": step["description"],
        "input_parameters": _parameters(step["inputs"]),
        "output_parameters": _parameters(step["outputs"]),
    }


def _parameters(given: dict[str, tuple[str, str, str, bool]]) -> dict[str, Any]:
    properties = {
        name: {"type": kind, "title": title, "description": description}
        for name, (kind, title, description, _) in given.items()
    }
    return {"properties": properties, "required": [name for name, (*_, needed) in given.items() if needed]}


def _features(endpoint: str | None, agent_features: bool) -> dict[str, Any]:
    features: dict[str, Any] = {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "Advisor", "always_online": True},
        "shortcuts": [
            {"type": "message", "callback_id": callback_id, "name": name, "description": description}
            for callback_id, name, description in SHORTCUTS
        ],
        "slash_commands": [
            {
                "command": command,
                "description": description,
                "usage_hint": hint,
                "should_escape": False,
                **({"url": endpoint} if endpoint else {}),
            }
            for command, description, hint in COMMANDS
        ],
    }
    if agent_features:
        features["agent_view"] = {"agent_description": SHORT_DESCRIPTION}
    return features


def _settings(endpoint: str | None, *, steps: bool, org: bool, rotation: bool) -> dict[str, Any]:
    address = {"request_url": endpoint} if endpoint else {}
    menus = {"message_menu_options_url": endpoint} if endpoint else {}
    return {
        "event_subscriptions": {**address, "bot_events": [*EVENTS, *((STEP_EVENT,) if steps else ())]},
        "interactivity": {"is_enabled": True, **address, **menus},
        "org_deploy_enabled": org or steps,
        "socket_mode_enabled": endpoint is None,
        "token_rotation_enabled": rotation,
    }
