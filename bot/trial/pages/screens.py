"""What a page shows: whole at first, and region by region for as long as it is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from bot.trial import cast
from bot.trial.pages.dates import full_words
from bot.trial.pages.drawing import Drawing
from bot.trial.pages.messages import MOST_SHOWN, Drawn, MessageDrawing
from bot.trial.pages.readers import ReadMarks, Spot, names_for
from bot.trial.pages.surface import Surface
from bot.trial.person import Person
from bot.trial.records import Channel, View
from bot.trial.server import StandIn

BANNER = "A trial on your own machine. Not Slack; nothing leaves this computer."
TO_TRY = {
    "priya": "Ask in a direct message: are our services any good?",
    "tom": "Type /platforms and what you need.",
    "sam": "Ask in #parking-permits: @Advisor what is alpha?",
    "jo": "Open a message's menu and choose Ask Advisor about this.",
}


@dataclass(frozen=True)
class Step:
    """A button that moves time: its name in the browser, its words, and what it does; that says what came of it.

    It is shown for as long as ``offered`` says so.
    """

    name: str
    words: str
    take: Callable[[], str]
    offered: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class Snapshot:
    """A page at one moment: the lines of its logs by the log's id, and the HTML of its other regions by theirs."""

    logs: dict[str, list[Drawn]]
    regions: dict[str, Markup]


class Screens:
    """Draws pages and their regions for any reader; *steps* are the buttons that move time, if it can be moved."""

    def __init__(self, slack: StandIn, steps: tuple[Step, ...] = ()) -> None:
        self.slack = slack
        self.workspace = slack.workspace
        self.steps = steps
        self.drawing = Drawing()
        self.messages = MessageDrawing(self.workspace, self.drawing)
        self.marks = ReadMarks()

    def start(self) -> Markup:
        """Return the page on which somebody chooses who to be."""
        return self.drawing.page("start.html", people=self._people(), to_try=TO_TRY, banner=BANNER, team=cast.TEAM_NAME)

    def page(self, spot: Spot, news: str, *, everything: bool = False) -> tuple[Markup, Snapshot]:
        """Return a whole page, which asks at the address *news* what is new, and what it shows."""
        shown = self.look(spot, everything=everything)
        hidden = 0 if everything else max(0, self.messages.how_many(spot) - MOST_SHOWN)
        known = self._known(spot) | {"shown": shown, "news": news, "hidden": hidden, "banner": BANNER}
        return self.drawing.page("page.html", **known), shown

    def look(self, spot: Spot, *, everything: bool = False) -> Snapshot:
        """Return what a page shows now, and note that its reader has seen it."""
        logs: dict[str, list[Drawn]] = {}
        if spot.tab != "home":
            logs["log-main"] = self.messages.conversation(spot, everything=everything)
            self.marks.read(self.workspace, spot.who.id, spot.channel.id)
        if spot.thread_ts is not None:
            logs["log-thread"] = self.messages.thread(spot)
        known = self._known(spot)
        regions = {name: self.drawing.page(f"{name}.html", **known) for name in ("places", "time", "state")}
        regions["modal-place"] = self.modal(spot)
        if spot.tab == "home":
            regions["home"] = self._home(spot)
        return Snapshot(logs, regions)

    def person(self, spot: Spot) -> Person:
        """Return the hands and eyes of a page's reader."""
        return self.slack.person(spot.who.id)

    def modal(self, spot: Spot) -> Markup:
        """Return the form in front, or nothing."""
        view = self.person(spot).modal()
        if view is None:
            return Markup()
        above = len(self.workspace.views.stack(spot.who.id)) > 1
        return self.drawing.page("modal.html", view=view, surface=self.view_surface(view, spot), spot=spot, above=above)

    def composer(self, spot: Spot, where: str, text: str = "", *, focus: bool = True) -> Markup:
        """Return the box to write in, empty or with *text* begun."""
        return self.drawing.page("composer.html", **self._known(spot), where=where, text=text, focus=focus)

    def asking(self, **known: Any) -> Markup:
        """Return the small question that stands before an act (are you sure?), or the field to edit a message."""
        return self.drawing.page("asking.html", **known)

    def view_surface(self, view: View, spot: Spot) -> Surface:
        """Return a form or Home tab as a place with blocks."""
        names = names_for(self.workspace, spot.who.id)
        level = 3 if view.kind == "modal" else 2
        return Surface(
            view.kind, view.id, view.kind, spot.base, level, names, view.blocks, dict(view.values), dict(view.errors)
        )

    def spot(self, who: str, tab: str, channel: str = "", thread_ts: str | None = None) -> Spot:
        """Return a place by the names in its address; LookupError where there is none."""
        user = self.workspace.person_named(who)
        if user.is_bot:
            raise LookupError(f"nobody can act as {user.real_name}")
        if tab == "channel":
            return Spot(user, self.workspace.channel_named(f"#{channel}"), tab, thread_ts)
        return Spot(user, self.workspace.im_with(user.id), tab, thread_ts)

    def _home(self, spot: Spot) -> Markup:
        view = self.person(spot).home()
        surface = self.view_surface(view, spot) if view else None
        return self.drawing.page("home.html", view=view, surface=surface, spot=spot)

    def _known(self, spot: Spot) -> dict[str, Any]:
        workspace = self.workspace
        with workspace.lock:
            channels = [each for each in workspace.channels.values() if _is_listed(each, spot.who.id)]
            im = workspace.im_with(spot.who.id)
            unread = {each.id: self.marks.unread(workspace, spot.who.id, each.id) for each in [*channels, im]}
            status = workspace.status.get((spot.channel.id, spot.thread_ts or ""), "")
            prompts = workspace.prompts.get(spot.channel.id, {}).get("prompts", [])
        now: datetime = workspace.clock()
        return {
            "spot": spot,
            "team": cast.TEAM_NAME,
            "app": workspace.manifest.name,
            "people": self._people(),
            "channels": channels,
            "im": im,
            "unread": unread,
            "status": status,
            "prompts": prompts,
            "commands": list(workspace.manifest.commands.values()),
            "bot_is_in": workspace.bot_user in spot.channel.members,
            "now_words": full_words(now),
            "now": now,
            "steps": [step for step in self.steps if step.offered()],
            "composer": self.composer,
        }

    def _people(self) -> list[Any]:
        with self.workspace.lock:
            return [user for user in self.workspace.users.values() if not user.is_bot]


def _is_listed(channel: Channel, reader: str) -> bool:
    """Whether a conversation stands in the list beside the page: public ones, and group conversations of the reader."""
    return channel.kind == "channel" or (channel.kind == "mpim" and reader in channel.members)
