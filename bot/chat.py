"""The trial in a terminal: the real Bolt app behind signed HTTP, a stand-in Slack before it, numbers as buttons."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
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
  /advisor /standard /platforms /cases   the slash commands
  home                                   the Home tab
  quit                                   leave
"""
_ANSWER_SECONDS = 10.0

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

    def __init__(self, slack: StandIn, show: Show, *, person: str = "Sam") -> None:
        self._slack = slack
        self._person: Person = slack.person(person)
        self._show = show
        self._elements: list[Element] = []
        self._place: Message | View | None = None
        self._seen: dict[str, str] = {}

    def type(self, line: str) -> None:
        """Send *line*: a number presses a button, a command is a command, anything else is a direct message."""
        if line.isdigit():
            self._press(int(line))
        elif line == "home":
            self._person.open_home()
            self._show_view(self._slack.wait_for(self._person.home, _ANSWER_SECONDS))
        else:
            self._expect_message(lambda: self._send(line))

    def _send(self, line: str) -> None:
        command, _, rest = line.partition(" ")
        if command in {name for name, _, _ in COMMANDS}:
            self._person.command(command, rest.strip())
        else:
            self._person.dm(line)

    def _press(self, number: int) -> None:
        if not 1 <= number <= len(self._elements) or self._place is None:
            self._show(f"There is no [{number}] to press; type a question.")
            return
        element = self._elements[number - 1]
        if element.kind == "input":
            self._show("Type your question instead of a number.")
            return
        before = self._person.modal()
        self._expect_anything(element, before)

    def _expect_anything(self, element: Element, before: View | None) -> None:
        """Press, and show whichever comes first: a form, or a message that is new or changed."""
        place = self._place
        assert place is not None
        self._person.click(place, element.action_id, value=element.value or None)

        def news() -> Message | View | None:
            form = self._person.modal()
            if form is not None and (before is None or (form.id, form.hash) != (before.id, before.hash)):
                return form
            return self._new_message()

        self._show_news(self._slack.wait_for(news, _ANSWER_SECONDS))

    def _expect_message(self, act: Callable[[], None]) -> None:
        act()
        self._show_news(self._slack.wait_for(self._new_message, _ANSWER_SECONDS))

    def _new_message(self) -> Message | None:
        for message in reversed(self._person.answers()):
            if self._seen.get(message.ts) != repr(message.blocks) + message.text:
                return message
        return None

    def _show_news(self, news: Message | View | None) -> None:
        if isinstance(news, View):
            self._show_view(news)
        elif news is not None:
            for message in self._person.answers():
                self._seen[message.ts] = repr(message.blocks) + message.text
            self._draw({"text": news.text, "blocks": news.blocks}, news)

    def _show_view(self, view: View | None) -> None:
        if view is not None:
            self._draw(dict(view.content), view)

    def _draw(self, payload: dict[str, object], place: Message | View) -> None:
        text, self._elements = draw_message(payload, numbered=True)
        self._place = place
        self._show(text)


def run_chat(settings: Settings, lines: Iterable[str], show: Show, *, interactive: bool) -> None:
    """
    Talk until *lines* end or say ``quit``. Without a single line (no terminal, no input) the example questions are
    asked, so that there is something to see.
    """
    show(WELCOME)
    with trial(settings) as (slack, _):
        chat = Chat(slack, show)
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
    except (AdvisorError, LookupError, TimeoutError) as error:
        show(f"That did not work: {error}")
