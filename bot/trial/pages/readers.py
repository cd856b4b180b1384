"""Whoever looks at the pages: their workspace by name, where they are, and what they have not read."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from bot.trial.pages.mrkdwn import Names
from bot.trial.records import Channel, User
from bot.trial.workspace import Workspace


@dataclass(frozen=True)
class Spot:
    """Where somebody is: a person, a conversation or tab, and the thread beside it.

    ``tab`` is ``home`` or ``messages`` in the app, ``channel`` elsewhere.
    """

    who: User
    channel: Channel
    tab: str = "channel"
    thread_ts: str | None = None

    @property
    def base(self) -> str:
        """Return the beginning of every address of this person."""
        return f"/as/{quote(self.who.name)}"

    @property
    def address(self) -> str:
        """Return the address of the page, without its thread."""
        if self.tab == "channel":
            return f"{self.base}/channel/{quote(self.channel.name)}"
        return f"{self.base}/advisor/{self.tab}"

    @property
    def title(self) -> str:
        """Return what the page is called."""
        if self.tab == "channel":
            return f"#{self.channel.name}"
        return "Advisor: Home" if self.tab == "home" else "Advisor: Messages"


def names_for(workspace: Workspace, reader: str) -> Names:
    """Return what ids stand for, to one reader."""
    with workspace.lock:
        people = {user.id: user.real_name for user in workspace.users.values()}
        channels = {channel.id: channel.name for channel in workspace.channels.values() if channel.kind == "channel"}
    return Names(people, channels, reader, workspace.clock())


class ReadMarks:
    """How far each person has read each conversation."""

    def __init__(self) -> None:
        self.marks: dict[tuple[str, str], str] = {}

    def read(self, workspace: Workspace, user: str, channel: str) -> None:
        """Note that somebody has seen everything that stands in a conversation."""
        shown = workspace.messages(channel, user)
        if shown:
            self.marks[user, channel] = shown[-1].ts

    def unread(self, workspace: Workspace, user: str, channel: str) -> int:
        """Return how many messages of others came since somebody looked."""
        seen = self.marks.get((user, channel), "")
        return sum(each.ts > seen and each.user != user for each in workspace.messages(channel, user))
