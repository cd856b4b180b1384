"""The state of the stand-in: who and what is in the workspace, behind one lock."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.trial import cast
from bot.trial.handles import Handles
from bot.trial.installation import Installation
from bot.trial.manifest import Manifest
from bot.trial.records import Call, Channel, Complaint, Delivery, Message, Payload, Refusal, User, View
from bot.trial.views import ViewBoard, view_to_slack

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the moment now, with its time zone."""
    return datetime.now(UTC)


class Workspace:
    """One Slack team with one app in it.

    Every read or change happens under ``lock``; ``changed`` wakes whoever waits for one, ``revision`` counts them.
    Methods raise ``Refusal`` with Slack's error name.
    """

    def __init__(
        self, manifest: Manifest, *, clock: Clock = now, bot_in: Sequence[str] = (cast.PARKING, cast.HOUSING)
    ) -> None:
        self.clock = clock
        self.manifest = manifest
        self.team_id, self.app_id = cast.TEAM_ID, cast.APP_ID
        self.bot_id, self.bot_user = cast.BOT_ID, cast.BOT_USER
        self.public_url = ""
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.installation = Installation(manifest)
        self.handles = Handles(lambda: self.clock())
        self.views = ViewBoard(self.new_id, self.new_ts)
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []
        self.complaints: list[Complaint] = []
        self.status: dict[tuple[str, str], str] = {}
        self.prompts: dict[str, Payload] = {}
        self.completed_steps: dict[str, Payload] = {}
        self.started_steps: dict[str, str] = {}
        self.filled: dict[tuple[str, str, str], dict[str, dict[str, Payload]]] = {}
        self.echo: Callable[[Payload], None] = lambda event: None
        self.connect: Callable[[], str] | None = None
        """Gives the address of a WebSocket that lets one connection in; None where Socket Mode is off."""
        bot = User(self.bot_user, manifest.name.lower(), manifest.name, is_bot=True)
        self.users = {user.id: user for user in [*cast.people(), bot]}
        self.channels = {channel.id: channel for channel in cast.channels()}
        self._messages: dict[str, list[Message]] = {}
        self._last_ts = 0
        self.revision = 0
        for channel_id in bot_in:
            self.channels[channel_id].members.add(self.bot_user)

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock while something changes, then wake everybody who waits."""
        with self.changed:
            yield
            self.revision += 1
            self.changed.notify_all()

    def complain(self, where: str, text: str) -> None:
        """Note a mistake of the app that Slack itself would let pass."""
        with self.change():
            self.complaints.append(Complaint(where, text))

    def new_id(self, prefix: str) -> str:
        """Return an id in Slack's form: *prefix* and ten upper-case letters or digits."""
        return prefix + secrets.token_hex(5).upper()

    def new_ts(self) -> str:
        """Return a timestamp in Slack's form, later than every one before it."""
        with self.lock:
            micros = int(self.clock().timestamp() * 1_000_000)
            self._last_ts = max(micros, self._last_ts + 1)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # People and conversations

    def user(self, user_id: str) -> User:
        """Return a person by id; refused with ``user_not_found``."""
        if user_id not in self.users:
            raise Refusal("user_not_found")
        return self.users[user_id]

    def person_named(self, name: str) -> User:
        """Return a user by id, by user name or by real name, in any case; LookupError where there is none."""
        wanted = name.lstrip("@").casefold()
        for user in list(self.users.values()):
            first_name = user.real_name.split()[0]
            if wanted in {each.casefold() for each in (user.id, user.name, user.real_name, first_name)}:
                return user
        raise LookupError(f"nobody here is called {name!r}")

    def channel_named(self, name: str) -> Channel:
        """Return a conversation by id or by ``#name``; LookupError where there is none."""
        for channel in list(self.channels.values()):
            if name == channel.id or (channel.name and name.lstrip("#") == channel.name):
                return channel
        raise LookupError(f"no channel is called {name!r}")

    def add_channel(self, name: str, *, kind: str = "channel", members: Sequence[str] = ()) -> Channel:
        """Make a channel (``kind`` is ``channel`` or ``group``) and return it."""
        with self.change():
            channel = Channel(self.new_id("C"), name, kind, set(members))
            self.channels[channel.id] = channel
            return channel

    def im_with(self, user_id: str) -> Channel:
        """Return the direct messages between *user_id* and the bot, opened if need be."""
        with self.lock:
            for channel in self.channels.values():
                if channel.kind == "im" and channel.user == user_id:
                    return channel
            with self.change():
                members = {user_id, self.bot_user}
                channel = Channel(self.new_id("D"), "", "im", members, user=self.user(user_id).id)
                self.channels[channel.id] = channel
                return channel

    def group_of(self, user_ids: Sequence[str]) -> Channel:
        """Return the group conversation of these people and the bot, opened if need be."""
        members = {*user_ids, self.bot_user}
        with self.change():
            for channel in self.channels.values():
                if channel.kind == "mpim" and channel.members == members:
                    return channel
            names = "--".join(sorted(self.user(user).name for user in members))
            channel = Channel(self.new_id("C"), f"mpdm-{names}-1", "mpim", members)
            self.channels[channel.id] = channel
            return channel

    # Messages

    def post(self, channel_id: str, user: str, text: str, **fields: Any) -> Message:
        """Add a message and return it; *fields* are those of ``Message``."""
        with self.change():
            message = Message(self.new_ts(), channel_id, user, text, **fields)
            self._messages.setdefault(channel_id, []).append(message)
            self.status.pop((channel_id, message.thread_ts or ""), None)
            return message

    def put_back(self, message: Message) -> None:
        """Add a message of an earlier run as it was; whatever comes next gets a later timestamp."""
        with self.change():
            self._messages.setdefault(message.channel, []).append(message)
            seconds, _, micros = message.ts.partition(".")
            self._last_ts = max(self._last_ts, int(seconds) * 1_000_000 + int(micros or 0))

    def amend(self, message: Message, **fields: Any) -> Message:
        """Replace fields of *message* where it stands and return the new record."""
        with self.change():
            amended = replace(self.find(message.channel, message.ts), **fields)
            kept = self._messages[message.channel]
            kept[[each.ts for each in kept].index(message.ts)] = amended
            return amended

    def remove(self, message: Message) -> None:
        """Take *message* away."""
        with self.change():
            kept = self._messages[message.channel]
            self._messages[message.channel] = [each for each in kept if each.ts != message.ts]

    def find(self, channel_id: str, ts: str) -> Message:
        """Return the message as it stands now; refused with ``message_not_found``."""
        with self.lock:
            for message in self._messages.get(channel_id, []):
                if message.ts == ts:
                    return message
        raise Refusal("message_not_found")

    def messages(self, channel_id: str, reader: str | None = None) -> list[Message]:
        """Return what stands in a conversation, oldest first, with what *reader* alone sees."""
        with self.lock:
            return [each for each in self._messages.get(channel_id, []) if each.reader in (None, reader)]

    def tell(self, user: str, channel_id: str, text: str, code: str) -> Message:
        """Show *user* one of Slack's own failure notes, with its error *code*."""
        return self.post(channel_id, cast.SLACKBOT, text, reader=user, notice=code)

    # Views

    def view_payload(self, view: View) -> Payload:
        """Return the view object in Slack's form."""
        return view_to_slack(view, team_id=self.team_id, app_id=self.app_id, bot_id=self.bot_id)

    def team_payload(self) -> Payload:
        """Return the team as payloads carry it."""
        return {"id": self.team_id, "domain": cast.TEAM_DOMAIN}
