"""Conversations: which entry a thread is about, so that "and for beta?" is understood."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, select

from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.dialects import insert_or_update
from bot.storage.people import known_person_hash, person_hash
from bot.storage.tables import conversations

HOW_LONG: Final = timedelta(hours=24)
"""How long a thread keeps its subject."""

_SUBJECT = select(conversations.c.entry_id).where(
    conversations.c.workspace_id == bindparam("workspace"),
    conversations.c.channel_id == bindparam("channel"),
    conversations.c.thread_ts == bindparam("thread"),
    conversations.c.at >= bindparam("since"),
)


class Conversations:
    """The subject of each thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def subject(
        self, workspace_id: str, channel_id: str, thread_ts: str, *,
        at: datetime, within: timedelta = HOW_LONG, person_id: str = "",
    ) -> str | None:  # fmt: skip
        """
        The id of the entry that the thread is about, or None where none was remembered *within* the time before *at*.

        With *person_id* it is what that person talks about there unseen by others.
        Raises: ValueError: *at* has no time zone.
        """
        since = utc(at) - within
        with self._database.reading() as connection:
            if person_id:
                thread_ts = _private(known_person_hash(connection, workspace_id, person_id) or "")
            given = {"workspace": workspace_id, "channel": channel_id, "thread": thread_ts, "since": since}
            return connection.execute(_SUBJECT, given).scalar_one_or_none()

    def remember(
        self, workspace_id: str, channel_id: str, thread_ts: str, entry_id: str, *, at: datetime, person_id: str = ""
    ) -> None:
        """
        The thread is about *entry_id* from *at* on; of two at once the later moment stays, whoever writes last.

        With *person_id* only what that person talks about there unseen by others; kept is a salted hash.
        Raises: ValueError: *at* has no time zone.
        """
        moment = utc(at)
        key = {"workspace_id": workspace_id, "channel_id": channel_id, "thread_ts": thread_ts}
        row = {**key, "entry_id": entry_id, "at": moment}
        with self._database.writing() as connection:
            if person_id:
                row["thread_ts"] = _private(person_hash(connection, workspace_id, person_id))
            insert_or_update(connection, conversations, row, only_if=conversations.c.at <= moment)

    def forget_before(self, at: datetime) -> int:
        """Forget threads not spoken in since *at*; how many were. Raises: ValueError: *at* has no time zone."""
        forgotten = delete(conversations).where(conversations.c.at < utc(at))
        with self._database.writing() as connection:
            return connection.execute(forgotten).rowcount


def _private(hashed: str) -> str:
    """What stands in the place of a thread for what one person has unseen by others in a channel."""
    return f"private:{hashed}"
