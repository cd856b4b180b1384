"""What the tests of the stand-in are made of: a manifest, blocks and views, a clock, and two tiny apps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.trial.records import Payload
from bot.trial.server import StandIn

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SCOPES = (
    "commands chat:write app_mentions:read im:history im:write im:read channels:history channels:read "
    "channels:join users:read team:read reactions:read reactions:write files:write assistant:write"
).split()
EVENTS = (
    "app_mention message.im message.channels app_home_opened member_joined_channel channel_left "
    "channel_archive reaction_added app_uninstalled tokens_revoked function_executed"
).split()


STEP = {
    "title": "Plan a checkpoint",
    "description": "Plan it",
    "input_parameters": {"properties": {"service": {"type": "string"}}, "required": ["service"]},
    "output_parameters": {"properties": {"id": {"type": "string"}}, "required": ["id"]},
}


def make_manifest(**changes: Any) -> Payload:
    """Return a manifest with every part in use; *changes* are ``scopes``, ``events`` and switches."""
    shortcut = {"name": "Ask about this", "type": "message", "callback_id": "ask", "description": "Ask"}
    anywhere = {"name": "Ask", "type": "global", "callback_id": "ask_anywhere", "description": "Ask"}
    commands = [
        {"command": "/advisor", "description": "Ask"},
        {"command": "/escaped", "description": "Ask", "should_escape": True},
    ]
    return {
        "display_information": {"name": "Advisor"},
        "features": {
            "bot_user": {"display_name": "Advisor"},
            "app_home": {
                "home_tab_enabled": changes.get("home_tab", True),
                "messages_tab_enabled": changes.get("messages_tab", True),
            },
            "slash_commands": commands,
            "shortcuts": [shortcut, anywhere],
        },
        "oauth_config": {
            "scopes": {"bot": changes.get("scopes", SCOPES)},
            "redirect_urls": ["https://advisor.example.gov.uk/slack/oauth_redirect"],
        },
        "functions": {"plan_checkpoint": STEP},
        "settings": {
            "event_subscriptions": {"bot_events": changes.get("events", EVENTS)},
            "interactivity": {"is_enabled": changes.get("interactive", True)},
        },
    }


def plain(text: str) -> Payload:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text}


def section(text: str = "words", **fields: Any) -> Payload:
    """Return a section."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **fields}


def button(action_id: str = "go", text: str = "Go", **fields: Any) -> Payload:
    """Return a button."""
    return {"type": "button", "action_id": action_id, "text": plain(text), **fields}


def actions(*elements: Payload, block_id: str = "row") -> Payload:
    """Return a row of controls."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def options(*names: str) -> list[Payload]:
    """Return options whose value is their name in small letters."""
    return [{"text": plain(name), "value": name.lower()} for name in names]


def question(action_id: str = "q", block_id: str = "b", element: Payload | None = None, **fields: Any) -> Payload:
    """Return an input block."""
    control = element or {"type": "plain_text_input"}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Your question"),
        "element": {"action_id": action_id, **control},
        **fields,
    }


def modal(*blocks: Payload, **fields: Any) -> Payload:
    """Return a modal with a submit button."""
    view = {"type": "modal", "callback_id": "form", "title": plain("A form"), "submit": plain("Send")}
    return {**view, "blocks": list(blocks) or [question()], **fields}


def home(*blocks: Payload, **fields: Any) -> Payload:
    """Return a Home tab."""
    return {"type": "home", "blocks": list(blocks) or [section()], **fields}


@dataclass
class Clock:
    """A clock that stands still until it is moved on."""

    moment: datetime = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the moment it shows."""
        return self.moment

    def forward(self, **much: float) -> None:
        """Move on by so many ``seconds``, ``minutes``, ``days``."""
        self.moment += timedelta(**much)


def call(slack: StandIn, method: str, **arguments: Any) -> Payload:
    """Call the Web API with the bot token; return the answer, a refusal included."""
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    try:
        answer = client.api_call(method, json=arguments)
    except SlackApiError as refusal:
        answer = refusal.response
    data = answer.data
    assert isinstance(data, dict)
    return data


def error_of(slack: StandIn, method: str, **arguments: Any) -> str:
    """Return the error name of a call; empty when it went well."""
    return str(call(slack, method, **arguments).get("error", ""))


@dataclass
class Request:
    """A request that reached the app."""

    body: str
    headers: dict[str, str]


@dataclass
class Recorder:
    """An app that answers everything with the same words and remembers what it was asked."""

    status: int = 200
    body: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    before: Callable[[], object] = lambda: None
    requests: list[Request] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        headers = {name: str(value) for name, value in environ.items() if name.startswith("HTTP_")}
        self.requests.append(Request(environ["wsgi.input"].read(length).decode(), headers))
        self.before()
        start_response(
            f"{self.status} {HTTPStatus(self.status).phrase}", [("Content-Length", str(len(self.body))), *self.headers]
        )
        return [self.body.encode()]


def bolt_app(slack: StandIn) -> App:
    """Return a Bolt app without listeners that speaks to the stand-in."""
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    return App(client=client, signing_secret=slack.signing_secret, token_verification_enabled=False)


def attach(slack: StandIn, app: App) -> None:
    """Serve a Bolt app and let the stand-in deliver to it."""
    slack.attach(SlackRequestHandler(app))
