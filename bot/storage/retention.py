"""Forgetting: what is past its time, and everything of a workspace that has removed Advisor."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, union

from bot.storage.answers import Answers
from bot.storage.awaited import AwaitedAnswers
from bot.storage.columns import utc
from bot.storage.conversations import Conversations
from bot.storage.database import Database
from bot.storage.deliveries import Deliveries
from bot.storage.feedback import Feedback
from bot.storage.gaps import Gaps
from bot.storage.given import GivenAnswers
from bot.storage.heartbeat import INSTALLATION
from bot.storage.tables import metadata


def forget_before(database: Database, *, at: datetime, subjects_at: datetime | None = None) -> dict[str, int]:
    """
    Forget in every store what is older than *at*. Welcomes and settings stay: they say nothing about a question. What
    threads are about is of no use after a day, and can be forgotten sooner: *subjects_at*.

    Returns: the number of rows deleted, by table. Raises: ValueError: *at* has no time zone.
    """
    moment = utc(at)
    return {
        "processed_deliveries": Deliveries(database).forget_before(moment),
        "conversations": Conversations(database).forget_before(subjects_at or moment),
        "awaited_answers": AwaitedAnswers(database).forget_before(moment),
        "answers": Answers(database).forget_before(moment),
        "given_answers": GivenAnswers(database).forget_before(moment),
        "feedback": Feedback(database).forget_before(moment),
        "gaps": Gaps(database).forget_before(moment),
    }


def erase_workspace(database: Database, workspace_id: str) -> dict[str, int]:
    """
    Delete every row of a workspace, its salt too, and none of another: all of it, or nothing where that fails.

    Returns: the number of rows deleted, by table.
    """
    with database.writing() as connection:
        return {
            # Children before their parents, for the day when tables refer to each other.
            table.name: connection.execute(delete(table).where(table.c.workspace_id == workspace_id)).rowcount
            for table in reversed(metadata.sorted_tables)
        }


def known_workspaces(database: Database) -> list[str]:
    """The ids of the workspaces of which there is any row, in order. Raises: StorageError."""
    every = union(*(select(table.c.workspace_id) for table in metadata.sorted_tables))
    with database.reading() as connection:
        found = set(connection.execute(every).scalars())
    return sorted(found - {INSTALLATION, ""})
