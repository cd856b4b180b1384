"""Answers given: what the buttons below one need later, so that no text has to travel in a button."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.tables import answers

_KEEP = insert(answers)
_ID_BYTES = 9  # 12 characters, and 72 bits that nobody guesses


@dataclass(frozen=True)
class KeptAnswer:
    """
    An answer as it was given. ``question`` is masked; ``entry_ids`` are those answered with or offered, best first;
    ``confidence`` is 0 to 1; ``channel_id`` and ``message_ts`` say where it stands, once that is known.
    """

    workspace_id: str
    answer_id: str
    question: str
    entry_ids: tuple[str, ...]
    outcome: str
    confidence: float
    knowledge_version: str
    at: datetime
    channel_id: str | None = None
    message_ts: str | None = None


class Answers:
    """The answers given in the last while, by their ids."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self,
        workspace_id: str,
        *,
        question: str,
        entry_ids: Sequence[str],
        outcome: str,
        confidence: float,
        knowledge_version: str,
        at: datetime,
        channel_id: str | None = None,
        message_ts: str | None = None,
    ) -> str:
        """
        Keep an answer; its id (12 url-safe characters, random). The *question* comes masked (``bot.privacy.mask``).

        Raises: ValueError: *at* has no time zone.
        """
        row = {
            "workspace_id": workspace_id,
            "answer_id": secrets.token_urlsafe(_ID_BYTES),
            "question": question,
            "entry_ids": list(entry_ids),
            "outcome": outcome,
            "confidence": confidence,
            "knowledge_version": knowledge_version,
            "channel_id": channel_id,
            "message_ts": message_ts,
            "at": utc(at),
        }
        with self._database.writing() as connection:
            connection.execute(_KEEP, row)
        return str(row["answer_id"])

    def placed(self, workspace_id: str, answer_id: str, *, channel_id: str, message_ts: str) -> bool:
        """Add where the answer stands, which Slack says only after posting it; False where it is forgotten."""
        place = update(answers).where(answers.c.workspace_id == workspace_id, answers.c.answer_id == answer_id)
        with self._database.writing() as connection:
            return connection.execute(place.values(channel_id=channel_id, message_ts=message_ts)).rowcount > 0

    def get(self, workspace_id: str, answer_id: str) -> KeptAnswer | None:
        """The answer, or None where this workspace has none of that id (any more)."""
        asked = select(answers).where(answers.c.workspace_id == workspace_id, answers.c.answer_id == answer_id)
        with self._database.reading() as connection:
            row = connection.execute(asked).mappings().one_or_none()
        return None if row is None else KeptAnswer(**{**row, "entry_ids": tuple(row["entry_ids"])})

    def forget_before(self, at: datetime) -> int:
        """Forget what was answered before *at*; how many were. Raises: ValueError: *at* has no time zone."""
        forgotten = delete(answers).where(answers.c.at < utc(at))
        with self._database.writing() as connection:
            return connection.execute(forgotten).rowcount
