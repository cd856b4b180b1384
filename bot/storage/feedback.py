"""Feedback: whether an answer helped, one vote for each person, and nobody's id."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, case, delete, func, select

from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.dialects import insert_or_update
from bot.storage.people import person_hash
from bot.storage.tables import answers, feedback

Verdict = Literal["helpful", "not_helpful"]


class Feedback:
    """The votes on answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, workspace_id: str, answer_id: str, user_id: str, verdict: Verdict, *, at: datetime) -> bool:
        """
        Count a person's vote on an answer; a second vote replaces the first.

        It counts for the first entry of the answer, where there is one. Returns: whether the vote is new or changed;
        False, too, where the answer is forgotten. Raises: ValueError: *at* has no time zone, or *verdict* is neither.
        """
        if verdict not in ("helpful", "not_helpful"):
            raise ValueError(f"a verdict is helpful or not_helpful, not {verdict!r}")
        moment = utc(at)
        with self._database.writing() as connection:
            entry_ids = _entry_ids(connection, workspace_id, answer_id)
            if entry_ids is None:
                return False
            row = {
                "workspace_id": workspace_id,
                "answer_id": answer_id,
                "voter_hash": person_hash(connection, workspace_id, user_id),
                "entry_id": entry_ids[0] if entry_ids else None,
                "verdict": verdict,
                "at": moment,
            }
            return insert_or_update(connection, feedback, row, only_if=feedback.c.verdict != verdict)

    def counts(self, workspace_id: str, since: datetime) -> dict[str, tuple[int, int]]:
        """
        By entry id, how many found it helpful and how many did not, of the votes given at *since* or later.

        Raises: ValueError: *since* has no time zone.
        """
        helpful = func.sum(case((feedback.c.verdict == "helpful", 1), else_=0))
        asked = (
            select(feedback.c.entry_id, helpful, func.count())
            .where(
                feedback.c.workspace_id == workspace_id,
                feedback.c.at >= utc(since),
                feedback.c.entry_id.is_not(None),
            )
            .group_by(feedback.c.entry_id)
            .order_by(feedback.c.entry_id)
        )
        with self._database.reading() as connection:
            return {entry_id: (yes, votes - yes) for entry_id, yes, votes in connection.execute(asked)}

    def forget_before(self, at: datetime) -> int:
        """Forget votes given before *at*; how many were. Raises: ValueError: *at* has no time zone."""
        forgotten = delete(feedback).where(feedback.c.at < utc(at))
        with self._database.writing() as connection:
            return connection.execute(forgotten).rowcount


def _entry_ids(connection: Connection, workspace_id: str, answer_id: str) -> list[str] | None:
    asked = select(answers.c.entry_ids).where(answers.c.workspace_id == workspace_id, answers.c.answer_id == answer_id)
    return connection.execute(asked).scalar_one_or_none()
