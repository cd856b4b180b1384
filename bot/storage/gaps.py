"""Gaps: what people asked and did not get, for the editors. The words come masked, and nobody's id is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, insert, select

from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.tables import gaps

GapOutcome = Literal["outside", "no_entry", "person", "chat", "not_helpful", "choice_none"]
"""Why it is a gap: the reason of a decline, an answer marked unhelpful, or a choice of which none was meant."""

_ID_BYTES = 9


@dataclass(frozen=True)
class Gap:
    """A question that was not answered well; ``nearest`` is the id of the nearest entry, ``confidence`` 0 to 1."""

    id: str
    workspace_id: str
    question: str
    outcome: str
    nearest: str | None
    confidence: float
    at: datetime


class Gaps:
    """The questions that knowledge does not cover yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self,
        workspace_id: str,
        question: str,
        outcome: GapOutcome,
        nearest: str | None,
        confidence: float,
        *,
        at: datetime,
    ) -> None:
        """
        Record a gap. The *question* comes masked (``bot.privacy.mask``); *nearest* is an entry id or None.

        Raises: ValueError: *at* has no time zone.
        """
        row = {
            "workspace_id": workspace_id,
            "id": secrets.token_urlsafe(_ID_BYTES),
            "question": question,
            "outcome": outcome,
            "nearest": nearest,
            "confidence": confidence,
            "at": utc(at),
        }
        with self._database.writing() as connection:
            connection.execute(insert(gaps).values(row))

    def since(self, workspace_id: str | None, at: datetime) -> list[Gap]:
        """
        The gaps recorded at *at* or later, newest first; of every workspace for None, which only the command line asks.

        Raises: ValueError: *at* has no time zone.
        """
        asked = select(gaps).where(gaps.c.at >= utc(at)).order_by(gaps.c.at.desc(), gaps.c.id)
        if workspace_id is not None:
            asked = asked.where(gaps.c.workspace_id == workspace_id)
        with self._database.reading() as connection:
            return [Gap(**row) for row in connection.execute(asked).mappings()]

    def forget_before(self, at: datetime) -> int:
        """Forget what was recorded before *at*; how many were. Raises: ValueError: *at* has no time zone."""
        forgotten = delete(gaps).where(gaps.c.at < utc(at))
        with self._database.writing() as connection:
            return connection.execute(forgotten).rowcount
