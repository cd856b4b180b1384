"""What a workspace holds: people, channels, messages and views, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Payload = dict[str, Any]
"""Something in Slack's own JSON form."""


class Refusal(Exception):
    """Slack says no: ``code`` is its error name, ``extras`` the fields that come with it."""

    def __init__(self, code: str, **extras: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extras: Payload = extras


def faulty(code: str, *messages: str) -> Refusal:
    """Return a refusal that names the places of the faults, as Slack does in ``response_metadata``."""
    return Refusal(code, response_metadata={"messages": [f"[ERROR] {message}" for message in messages]})


@dataclass(frozen=True)
class User:
    """A person of the workspace, or the bot."""

    id: str
    name: str
    real_name: str
    title: str = ""
    is_bot: bool = False
    tz: str = "Europe/London"
    deleted: bool = False

    @property
    def email(self) -> str:
        """Return the address, made of the user name; empty for the bot."""
        return "" if self.is_bot else f"{self.name}@anytown.gov.uk"

    def to_slack(self, team_id: str) -> Payload:
        """Return the user object of ``users.info``."""
        profile = {"real_name": self.real_name, "display_name": self.name, "title": self.title}
        return {
            "id": self.id,
            "team_id": team_id,
            "name": self.name,
            "real_name": self.real_name,
            "tz": self.tz,
            "deleted": self.deleted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "profile": profile,
        }


@dataclass
class Channel:
    """A conversation; ``kind`` is ``channel`` (public), ``group`` (private), ``mpim`` (a few people) or ``im``
    (with the bot)."""

    id: str
    name: str
    kind: str = "channel"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    user: str = ""

    def to_slack(self, bot: str) -> Payload:
        """Return the conversation object as the bot sees it."""
        if self.kind == "im":
            return {"id": self.id, "is_im": True, "user": self.user, "is_archived": self.archived}
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "channel",
            "is_im": False,
            "is_archived": self.archived,
            "is_member": bot in self.members,
            "num_members": len(self.members),
        }


@dataclass(frozen=True)
class Message:
    """A message as it stands now; a later edit makes a new record with the same ``ts``.

    ``reader`` is the one person who sees an ephemeral message; ``notice`` is the error code of what
    Slack itself tells that person (``operation_timeout``), empty for everything else.
    """

    ts: str
    channel: str
    user: str
    text: str
    blocks: tuple[Payload, ...] = ()
    thread_ts: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    reader: str | None = None
    edited_ts: str | None = None
    metadata: Payload | None = None
    files: tuple[Payload, ...] = ()
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broadcast: bool = False
    notice: str = ""
    unfurl: bool = True

    @property
    def is_ephemeral(self) -> bool:
        """Return whether one person alone sees it."""
        return self.reader is not None

    @property
    def is_reply(self) -> bool:
        """Return whether it stands in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    def to_slack(self, *, metadata: bool = False) -> Payload:
        """Return the message object; the *metadata* stays out unless it is asked for."""
        shown: Payload = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        optional = {
            "subtype": self.subtype,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "thread_ts": self.thread_ts,
            "blocks": list(self.blocks) or None,
            "files": list(self.files) or None,
            "edited": {"user": self.user, "ts": self.edited_ts} if self.edited_ts else None,
            "metadata": self.metadata if metadata else None,
            "reactions": [
                {"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()
            ]
            or None,
        }
        return shown | {key: value for key, value in optional.items() if value is not None}


@dataclass
class View:
    """A modal or a Home tab that is open for one person.

    ``values`` is what was filled in (block id, then action id, to the state of the element);
    ``errors`` is what the app or Slack says under each input block.
    """

    id: str
    kind: str
    user: str
    content: Payload
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[str, dict[str, Payload]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Payload]:
        """Return the blocks of the view, each with its ``block_id``."""
        blocks: list[Payload] = self.content["blocks"]
        return blocks

    @property
    def title(self) -> str:
        """Return the words of the title; empty on a Home tab."""
        return str(self.content.get("title", {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        """Return the name that the app gave to the view."""
        return str(self.content.get("callback_id", ""))


@dataclass(frozen=True)
class Call:
    """One call of the app to the Web API: what it asked and what it was told."""

    method: str
    arguments: Payload
    answer: Payload
    status: int

    @property
    def error(self) -> str:
        """Return the error name; empty for a call that went well."""
        fine = self.answer.get("ok") and self.status == 200
        return "" if fine else str(self.answer.get("error", self.status))


@dataclass(frozen=True)
class Complaint:
    """Something Slack would let pass, and that is still a mistake of the app."""

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


@dataclass(frozen=True)
class Delivery:
    """One request of Slack to the app and the app's answer; ``status`` is None where none came in time.

    ``failure`` is Slack's reason for sending an event again (``http_timeout``, ``http_error``,
    ``connection_failed``); ``sent`` is the body as it went out.
    """

    kind: str
    payload: Payload = field(repr=False)
    attempt: int
    status: int | None
    body: str
    failure: str = ""
    sent: str = field(default="", repr=False)
    content_type: str = field(default="", repr=False)

    @property
    def ok(self) -> bool:
        """Return whether the app acknowledged it."""
        return self.status is not None and 200 <= self.status < 300
