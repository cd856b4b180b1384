"""The trial in a terminal: the real Bolt app behind signed HTTP, a stand-in Slack before it, numbers as buttons."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from bot.app import Running, build
from bot.errors import AdvisorError
from bot.manifest import COMMANDS, manifest
from bot.rendering.help import EXAMPLES
from bot.rendering.terminal import Element, draw_message
from bot.settings import Settings
from bot.trial.person import Person
from bot.trial.records import Message, View
from bot.trial.server import StandIn
from bot.usecases.knowledge_base import KnowledgeBase
from bot.web import wsgi_app

WELCOME = """\
Advisor, on trial in this terminal. Nothing leaves this machine; a small stand-in plays Slack.
Type a question as you would in a direct message. Type a number to press that button.
  /advisor /standard /platforms /cases /checkpoint   the slash commands
  home                                               the Home tab
  quit                                               leave
"""
_LONGEST_NUMBER = 3
_COMMAND_NAMES = frozenset(name for name, _, _ in COMMANDS)

Show = Callable[[str], None]


@contextmanager
def trial(settings: Settings, *, knowledge_base: KnowledgeBase | None = None) -> Iterator[tuple[StandIn, Running]]:
    """An Advisor behind a stand-in for Slack, on loopback, with a database that goes when it ends."""
    with tempfile.TemporaryDirectory(prefix="advisor-trial-") as folder, StandIn(manifest(), strict=False) as slack:
        tried = settings.model_copy(
            update={
                "slack_bot_token": SecretStr(slack.bot_token),
                "slack_signing_secret": SecretStr(slack.signing_secret),
                "slack_api_url": slack.api_url,
                "rate_limit": 0,  # nobody else is kept waiting on one's own machine
                "database_url": f"sqlite:///{Path(folder) / 'advisor.sqlite3'}",
            }
        )
        running = build(tried, knowledge_base=knowledge_base)
        slack.attach(wsgi_app(running))
        try:
            yield slack, running
        finally:
            running.close()


class Chat:
    """One person's direct conversation with Advisor: a line in, what Slack would show out."""

    def __init__(self, slack: StandIn, running: Running, show: Show, *, person: str = "Sam") -> None:
        self._running = running
        self._person: Person = slack.person(person)
        self._show = show
        self._elements: list[Element] = []
        self._place: Message | View | None = None
        self._seen: dict[str, Message] = {}

    def type(self, line: str) -> None:
        """
        Send *line*: a number presses a button, a command is a command, ``home`` opens the Home tab. Anything else is
        a question: in the form that is open for one, else a direct message.
        """
        before = self._person.modal()
        if line.isdecimal() and len(line) <= _LONGEST_NUMBER:
            self._press(int(line))
        elif field := self._field(line):
            self._fill_in(field, line)
        else:
            self._leave_form()
            self._say(line)
        self._running.settle()
        self._show_news(before, home=line == "home")

    def _say(self, line: str) -> None:
        command, _, rest = line.partition(" ")
        if line == "home":
            self._person.open_home()
        elif command in _COMMAND_NAMES:
            self._person.command(command, rest.strip())
        else:
            self._person.dm(line)

    def _field(self, line: str) -> Element | None:
        """The field of the form on the screen that *line* fills in; a command and ``home`` leave the form instead."""
        if line == "home" or line.partition(" ")[0] in _COMMAND_NAMES or self._person.modal() is None:
            return None
        return next((one for one in self._elements if one.kind == "input"), None)

    def _fill_in(self, field: Element, line: str) -> None:
        outcome = self._person.submit(values={field.action_id: line})
        for fault in outcome.errors.values():
            self._show(fault)

    def _leave_form(self) -> None:
        if self._person.modal() is not None:
            self._person.close(everything=True)

    def _press(self, number: int) -> None:
        if not 1 <= number <= len(self._elements) or self._place is None:
            self._show(f"There is no [{number}] to press; type a question.")
            return
        element = self._elements[number - 1]
        if element.kind in ("input", "submit"):
            self._show("Type your question instead of a number; that fills in the form and sends it.")
            return
        self._person.click(self._place, element.action_id, value=element.value or None)

    def _show_news(self, before: View | None, *, home: bool) -> None:
        """Show each message that is new or changed, then the form that came, or the Home tab."""
        messages = [message for message in self._person.answers() if self._seen.get(message.ts) != message]
        self._seen |= {message.ts: message for message in messages}
        form = self._person.home() if home else self._person.modal()
        if form is not None and before is not None and (form.id, form.hash) == (before.id, before.hash):
            form = None
        news: list[Message | View] = [*messages, *([form] if form else [])]
        for one in news:
            self._draw(one, numbered=one is _to_press(news))

    def _draw(self, news: Message | View, *, numbered: bool) -> None:
        text, elements = draw_message(_payload(news), numbered=numbered)
        if numbered:
            self._place, self._elements = news, elements
        self._show(text)


def _to_press(news: Sequence[Message | View]) -> Message | View:
    """What the next number is about: the newest that has something to press, else the newest."""
    return next((one for one in reversed(news) if draw_message(_payload(one))[1]), news[-1])


def _payload(news: Message | View) -> dict[str, object]:
    return dict(news.content) if isinstance(news, View) else {"text": news.text, "blocks": news.blocks}


def run_chat(settings: Settings, lines: Iterable[str], show: Show, *, interactive: bool) -> None:
    """
    Talk until *lines* end or say ``quit``. Without a single line (no terminal, no input) the example questions are
    asked, so that there is something to see.
    """
    show(WELCOME)
    with trial(settings) as (slack, running):
        chat = Chat(slack, running, show)
        typed = False
        for line in lines:
            typed = True
            if line.strip() in ("quit", "exit"):
                break
            if line.strip():
                _say(chat, line.strip(), show)
        if not typed and not interactive:
            for example in EXAMPLES:
                show(f"> {example}")
                _say(chat, example, show)
    show("Goodbye.")


def _say(chat: Chat, line: str, show: Show) -> None:
    try:
        chat.type(line)
    except (AdvisorError, LookupError) as error:
        show(f"That did not work: {error}")
