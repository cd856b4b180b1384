"""Somebody who lets people act in a trial and writes down, as Markdown, what they did and what Advisor said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.rendering.drawing import draw_message
from bot.trial import cast
from bot.trial.pages.dates import LONDON
from bot.trial.person import Person
from bot.trial.records import Channel, Message, View
from bot.trial_run import Trial
from tests.journeys.council import Council

PARKING = "#parking-permits"
"""Where the service of the transcript is at home."""

MOST_NOTIFICATIONS = 12
_WIDTH = 110
_PATIENCE_SECONDS = 20.0


@dataclass
class Notebook:
    """What is written down so far, and on which day the last of it was."""

    lines: list[str] = field(default_factory=list)
    day: str = ""


class Scribe:
    """
    Lets people act and writes down what they did and what Advisor said, in the order of time. Where there are several
    Slacks each has a scribe, *whose* says whose Slack it is, and they write into one *notebook*.
    """

    def __init__(self, trial: Trial | Council, *, whose: str = "", notebook: Notebook | None = None) -> None:
        self._notebook = notebook or Notebook()
        self.lines = self._notebook.lines
        self._trial = trial
        self._slack = trial.slack
        self._whose = f" ({whose})" if whose else ""
        self._heard: dict[tuple[str, str], Message] = {}

    @property
    def sam(self) -> Person:
        """Who owns the service."""
        return self._slack.person("Sam")

    @property
    def priya(self) -> Person:
        """Who answers for it, and signs."""
        return self._slack.person("Priya")

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self.lines += [f"## {title}", ""]

    def tell(self, words: str, act: Callable[[], object]) -> None:
        """Write *words*, carry the act out, and write what Advisor says to it."""
        self._date()
        self.lines += [words, ""]
        act()
        self.listen()

    def listen(self) -> list[Message]:
        """Write down, and return, what Advisor has said or changed since."""
        self._trial.running.settle()
        found = [one for one in self._messages() if self._heard.get((one.channel, one.ts)) != one]
        for message in found:
            self._heard[message.channel, message.ts] = message
            self._quote(message)
        return found

    def skip(self) -> None:
        """Leave out of the page what has been said until now."""
        self._trial.running.settle()
        self._heard |= {(one.channel, one.ts): one for one in self._messages()}

    def show(self, person: Person) -> None:
        """Write down the form that is in front of somebody, and close it."""
        self._trial.running.settle()
        view = self.form(person)
        name = self._slack.workspace.users[person.id].real_name
        self._box(f"shows {name}{self._whose} a form", dict(view.content))
        person.close(everything=True)

    def until_asked(self, button: str) -> Message:
        """Put the clock forward, notification by notification, until one has that button; return it."""
        assert isinstance(self._trial, Trial)
        forward = next(step for step in self._trial.site.screens.steps if step.name == "next")
        for _ in range(MOST_NOTIFICATIONS):
            forward.take()
            self._date()
            for message in self.listen():
                if button in repr(message.blocks):
                    return message
        raise AssertionError(f"nobody was asked with {button}")

    def newest(self, button: str) -> Message:
        """The newest message of the channel with that button."""
        return [one for one in self.sam.answers(PARKING) if button in repr(one.blocks)][-1]

    def press(self, person: Person, message: Message, button: str) -> None:
        """Press a button that opens a form."""
        person.click(message, button)
        self._trial.running.settle()

    def form(self, person: Person) -> View:
        """The form in front, as soon as there is one."""
        view = self._slack.wait_for(person.modal, _PATIENCE_SECONDS)
        assert view is not None
        return view

    def fill(self, person: Person, **values: Any) -> None:
        """Fill in the form in front, field by field, and send it. Raises: AssertionError: it has faults."""
        view = self.form(person)
        by_name = {block["block_id"].partition(":")[0]: block["block_id"] for block in view.blocks}
        outcome = person.submit(view, {by_name[name]: value for name, value in values.items()})
        self._trial.running.settle()
        assert outcome.ok, (view.title, outcome.notice, outcome.errors)

    def day(self, *, weeks: int) -> str:
        """A day so many weeks from now, as forms have it."""
        return (self._slack.workspace.clock() + dt.timedelta(weeks=weeks)).date().isoformat()

    def _messages(self) -> list[Message]:
        workspace = self._slack.workspace
        with workspace.lock:
            found = [one for channel in workspace.channels for one in workspace.messages(channel)]
            for person in [one.id for one in workspace.users.values() if not one.is_bot and one.id != cast.SLACKBOT]:
                found += [one for channel in workspace.channels for one in workspace.messages(channel, person)]
        unique = {(one.channel, one.ts): one for one in found if one.user == workspace.bot_user}
        return sorted(unique.values(), key=lambda one: one.ts)

    def _quote(self, message: Message) -> None:
        workspace = self._slack.workspace
        channel = workspace.channels[message.channel]
        where = f"in #{channel.name}" if channel.kind == "channel" else f"to {self._readers(channel)}"
        if message.reader:
            where = f"to {workspace.users[message.reader].real_name} alone, {where}"
        self._box(f"{where}{self._whose}", {"text": message.text, "blocks": message.blocks})

    def _readers(self, channel: Channel) -> str:
        users = self._slack.workspace.users
        if channel.kind == "im":
            return users[channel.user].real_name
        return " and ".join(users[one].real_name for one in sorted(channel.members) if not users[one].is_bot)

    def _box(self, where: str, content: dict[str, Any]) -> None:
        text, _ = draw_message(content, numbered=False, width=_WIDTH)
        for user in self._slack.workspace.users.values():
            text = text.replace(f"@{user.id}", f"@{user.real_name}")
        self.lines += [f"**Advisor** {where}:", "", "```text", *text.strip().split("\n"), "```", ""]

    def _date(self) -> None:
        day = f"{self._slack.workspace.clock().astimezone(LONDON):%A %-d %B %Y}"
        if day != self._notebook.day:
            self._notebook.day = day
            self.lines += [f"### {day}", ""]
