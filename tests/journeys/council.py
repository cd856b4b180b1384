"""A council with Advisor in its Slack: the real app behind signed HTTP, the stand-in before it, a clock that waits."""

from __future__ import annotations

import datetime as dt
import importlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.app import Running, build
from bot.manifest import manifest
from bot.settings import Settings
from bot.storage import tables
from bot.trial import cast
from bot.trial.person import Person
from bot.trial.records import Delivery, Message, View
from bot.trial.server import StandIn
from bot.usecases.knowledge_base import KnowledgeBase
from bot.web import wsgi_app

PARKING = "#parking-permits"
HOUSING = "#housing-repairs"
NOT_THERE = "#digital-leaders"
"""A channel that Advisor has not been invited to."""

WORKSPACE = cast.TEAM_ID
_PATIENCE_SECONDS = 20.0


@dataclass
class Clock:
    """The moment as Advisor and Slack see it; it moves only when a test says so."""

    moment: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    def __call__(self) -> dt.datetime:
        return self.moment

    def forward(self, **much: float) -> None:
        """Let so many ``seconds``, ``minutes``, ``days`` pass."""
        self.moment += dt.timedelta(**much)


@dataclass
class Council:
    """
    The workspace, the app and the clock of one journey. ``noisy`` says that this journey means warnings to be logged.
    """

    slack: StandIn
    settings: Settings
    knowledge_base: KnowledgeBase
    clock: Clock
    running: Running
    noisy: bool = False

    @property
    def sam(self) -> Person:
        """Somebody who asks."""
        return self.slack.person("Sam")

    @property
    def priya(self) -> Person:
        """Somebody else."""
        return self.slack.person("Priya")

    def start(self) -> None:
        """Start the app, as a new process would: another one, on the same database."""
        self.running = build(self.settings, now=self.clock, knowledge_base=self.knowledge_base)
        self.slack.attach(wsgi_app(self.running))

    def restart(self) -> None:
        """Stop the app and start it again."""
        self.running.close()
        self.start()

    def settle(self) -> None:
        """Wait until no listener is at work."""
        self.running.settle()

    def answer(self, person: Person, act: Callable[[], object], channel: str | None = None) -> Message:
        """What Advisor says to what *person* does: one message more there, or one that is different now."""
        before = {message.ts: message for message in person.answers(channel)}
        act()

        def news() -> list[Message]:
            said = [message for message in person.answers(channel) if message.subtype is None]
            new = [message for message in said if message.ts not in before]
            return new or [message for message in said if before.get(message.ts) != message]

        found = self.slack.wait_for(news, _PATIENCE_SECONDS)
        self.settle()
        assert len(found) == 1, [message.text for message in found]
        return found[0]

    def dm(self, person: Person, text: str, thread_ts: str | None = None) -> Message:
        """The answer to a direct message."""
        return self.answer(person, lambda: person.dm(text, thread_ts))

    def mention(self, person: Person, text: str, channel: str = PARKING, thread_ts: str | None = None) -> Message:
        """The answer to a mention."""
        return self.answer(person, lambda: person.mention(channel, text, thread_ts), channel)

    def command(self, person: Person, command: str, text: str = "", channel: str = PARKING) -> Message:
        """The answer to a slash command."""
        return self.answer(person, lambda: person.command(command, text, channel=channel), channel)

    def click(self, person: Person, message: Message, action_id: str, value: str | None = None) -> Message:
        """The answer to a click on a message, where the message stands."""
        return self.answer(person, lambda: person.click(message, action_id, value=value), message.channel)

    def form(self, person: Person, place: Message | View, action_id: str, value: str | None = None) -> View:
        """The form that a click opens, or turns to another page."""
        before = person.modal()
        person.click(place, action_id, value=value)
        self.settle()
        view = person.modal()
        assert view is not None
        assert before is None or (view.id, view.hash) != (before.id, before.hash)
        return view

    def home(self, person: Person) -> View:
        """The Home tab, opened."""
        person.open_home()
        self.settle()
        view = person.home()
        assert view is not None
        return view

    def last_event(self) -> Delivery:
        """The newest event of what a person did; the bot's own messages come back as events too."""
        events = [each for each in self.slack.deliveries if each.kind == "event"]
        return [each for each in events if "bot_id" not in each.payload["event"]][-1]

    def kept(self) -> list[dict[str, Any]]:
        """The answers that are kept, in no order."""
        with self.running.database.reading() as connection:
            return [dict(row) for row in connection.execute(select(tables.answers)).mappings()]

    def subject_of(self, message: Message) -> str:
        """The id of the entry that *message* answers with: what its "Read more" opens."""
        [found] = [one["value"] for one in buttons(message) if one["action_id"] == "open_entry"]
        return str(found)


class Gate:
    """Holds up whoever passes through it, until it is opened: for what happens while a listener is at work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, target: str, name: str) -> None:
        module = importlib.import_module(target)
        self._real: Callable[..., Any] = getattr(module, name)
        self._reached, self._opened = threading.Event(), threading.Event()
        monkeypatch.setattr(module, name, self)

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Wait, then do what was to be done."""
        self._reached.set()
        assert self._opened.wait(_PATIENCE_SECONDS), "nobody opened the gate"
        return self._real(*given, **named)

    def wait(self) -> None:
        """Return when somebody stands before the gate."""
        assert self._reached.wait(_PATIENCE_SECONDS), "nobody came to the gate"

    def open(self) -> None:
        """Let everybody through, from now on."""
        self._opened.set()


@contextmanager
def open_council(
    address: str, knowledge_base: KnowledgeBase, *, slack: dict[str, Any] | None = None, **changes: Any
) -> Iterator[Council]:
    """
    A council of its own, with its database at *address*. *changes* are settings; *slack* are arguments of the stand-in.

    The stand-in is strict: leaving raises where Advisor did what Slack would mind.
    """
    agents = bool(changes.get("agent_features"))
    clock = Clock()
    given: dict[str, Any] = {"clock": clock, "retry_delays": (), "ack_seconds": _PATIENCE_SECONDS, **(slack or {})}
    with StandIn(manifest(agent_features=agents, steps=True), **given) as stand_in:
        settings = make_settings(stand_in, address, **changes)
        running = build(settings, now=clock, knowledge_base=knowledge_base)
        council = Council(stand_in, settings, knowledge_base, clock, running)
        stand_in.attach(wsgi_app(running))
        try:
            yield council
        finally:
            stand_in.delivery.close()  # an event of the last moment would connect to the database again
            council.running.close()


def make_settings(slack: StandIn, address: str, **changes: Any) -> Settings:
    """Settings for that Slack and for nothing in the environment."""
    given: dict[str, Any] = {
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_signing_secret": SecretStr(slack.signing_secret),
        "slack_app_token": None,
        "slack_api_url": slack.api_url,
        "database_url": address,
        "agent_features": False,
        "help_channel": None,
        "admins": "",
        "rate_limit": 0,
    }
    return Settings(_env_file=None).model_copy(update=given | changes)


def buttons(place: Message | View) -> list[dict[str, Any]]:
    """Every button of a message or view."""
    elements = [one for block in place.blocks for one in (*block.get("elements", ()), block.get("accessory"))]
    return [one for one in elements if one and one.get("type") == "button"]


def action_ids(place: Message | View) -> set[str]:
    """The action ids of every button."""
    return {button["action_id"] for button in buttons(place)}


def value_of(place: Message | View, action_id: str) -> str:
    """What the button of that action id carries."""
    [value] = [button["value"] for button in buttons(place) if button["action_id"] == action_id]
    return str(value)


def words_of(node: Any) -> str:
    """Every word of a message or view, in the order in which it stands."""
    if isinstance(node, Message):
        return "\n".join([node.text, *(words_of(block) for block in node.blocks)])
    if isinstance(node, View):
        return "\n".join([node.title, *(words_of(block) for block in node.blocks)])
    if isinstance(node, dict):
        return "\n".join(words_of(each) for key, each in node.items() if key in _WORDY)
    if isinstance(node, list):
        return "\n".join(words_of(each) for each in node)
    return node if isinstance(node, str) else ""


_WORDY = {"text", "elements", "accessory", "element", "label", "hint", "fields"}
