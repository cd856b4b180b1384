"""Messages as the browser shows them, each drawn once and again only when something about it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from bot.trial import cast
from bot.trial.pages.dates import LONDON, day_words, moment_of
from bot.trial.pages.drawing import Drawing
from bot.trial.pages.readers import Spot, names_for
from bot.trial.pages.surface import Surface
from bot.trial.records import Message, User
from bot.trial.workspace import Workspace

MOST_SHOWN = 100
_KEPT = 2000
SLACKBOT = User(cast.SLACKBOT, "slackbot", "Slackbot", "What Slack itself says")


@dataclass(frozen=True)
class Drawn:
    """A message as HTML, with the id of its element."""

    id: str
    html: Markup


class MessageDrawing:
    """Draws the messages of a conversation or a thread for one reader."""

    def __init__(self, workspace: Workspace, drawing: Drawing) -> None:
        self._workspace = workspace
        self._drawing = drawing
        self._drawn: dict[tuple[str, str, str], tuple[Any, Drawn]] = {}

    def conversation(self, spot: Spot, *, everything: bool = False) -> list[Drawn]:
        """Return what stands in a conversation outside its threads, oldest first, the newest hundred at most."""
        shown = self._workspace.messages(spot.channel.id, spot.who.id)
        replies = Counter(each.thread_ts for each in shown if each.is_reply)
        messages = [each for each in shown if not each.is_reply or each.broadcast]
        return self._draw(messages if everything else messages[-MOST_SHOWN:], spot, "main", replies)

    def thread(self, spot: Spot) -> list[Drawn]:
        """Return the thread that is open beside the conversation, its first message included."""
        if spot.thread_ts is None:
            return []
        shown = self._workspace.messages(spot.channel.id, spot.who.id)
        return self._draw([each for each in shown if spot.thread_ts in (each.ts, each.thread_ts)], spot, "thread", {})

    def how_many(self, spot: Spot) -> int:
        """Return how many messages there are outside of threads."""
        return sum(not each.is_reply for each in self._workspace.messages(spot.channel.id, spot.who.id))

    def surface(self, message: Message, spot: Spot, where: str) -> Surface:
        """Return a message as a place with blocks."""
        return Surface(
            "message",
            f"{message.channel}/{message.ts}",
            where,
            spot.base,
            3,
            names_for(self._workspace, spot.who.id),
            message.blocks,
            self._workspace.filled.get((spot.who.id, message.channel, message.ts), {}),
        )

    def _draw(self, messages: Sequence[Message], spot: Spot, where: str, replies: Any) -> list[Drawn]:
        today = self._workspace.clock().astimezone(LONDON).date()
        before: date | None = None
        found = []
        for message in messages:
            day = moment_of(message.ts).date()
            heading = day_words(day, today) if where == "main" and day != before else ""
            found.append(self._one(message, spot, where, (heading, replies.get(message.ts, 0), today)))
            before = day
        return found

    def _one(self, message: Message, spot: Spot, where: str, around: tuple[str, int, date]) -> Drawn:
        place = (spot.who.id, where, f"{message.channel}/{message.ts}")
        filled = repr(self._workspace.filled.get((spot.who.id, message.channel, message.ts)))
        key = (message, filled, around, spot.tab, self._bot_is_in(spot))
        kept = self._drawn.get(place)
        if kept is not None and kept[0] == key:
            return kept[1]
        if len(self._drawn) >= _KEPT:
            self._drawn.clear()
        drawn = self._render(message, spot, where, around)
        self._drawn[place] = (key, drawn)
        return drawn

    def _render(self, message: Message, spot: Spot, where: str, around: tuple[str, int, date]) -> Drawn:
        heading, replies, _ = around
        surface = self.surface(message, spot, where)
        author = self._workspace.users.get(message.user, SLACKBOT)
        html = self._drawing.page(
            "message.html",
            message=message,
            author=author,
            surface=surface,
            spot=spot,
            where=where,
            heading=heading,
            replies=replies,
            moment=moment_of(message.ts),
            shortcuts=[each for each in self._workspace.manifest.shortcuts.values() if each.kind == "message"],
            names=surface.names,
            may_invite=message.notice == "not_in_channel" and not self._bot_is_in(spot),
        )
        return Drawn(surface.id("message"), html)

    def _bot_is_in(self, spot: Spot) -> bool:
        return self._workspace.bot_user in spot.channel.members
