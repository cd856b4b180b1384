"""Answers given in sight of their place: which entry stands in which thread, so that a change can be told there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, delete, select

from bot.storage.checkpoint_tables import notifications
from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.dialects import insert_or_update
from bot.storage.tables import given_answers

NO_SERVICE = ""
"""The service under which recalls are planned: they are about none."""


@dataclass(frozen=True)
class GivenAnswer:
    """
    An entry as it was last given in a thread; ``thread_ts`` is empty where it stands in direct messages beside the
    question. ``version`` is a hash of what the entry said then, ``changes`` are the material changes that it named;
    ``at`` is the beginning of the day on which it was given.
    """

    workspace_id: str
    channel_id: str
    thread_ts: str
    entry_id: str
    version: str
    changes: tuple[str, ...]
    at: datetime


class GivenAnswers:
    """What was answered where; neither what was asked nor by whom."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, given: GivenAnswer) -> None:
        """
        The entry stands in the thread as it is now; of two the later moment stays, of one moment the later written.

        Raises: ValueError: its moment has no time zone.
        """
        moment = utc(given.at)
        row = {**vars(given), "changes": list(given.changes), "at": moment}
        with self._database.writing() as connection:
            insert_or_update(connection, given_answers, row, only_if=given_answers.c.at <= moment)

    def workspaces(self) -> list[str]:
        """The ids of all workspaces in which something was answered; for the clock."""
        asked = select(given_answers.c.workspace_id).distinct().order_by(given_answers.c.workspace_id)
        with self._database.reading() as connection:
            return list(connection.execute(asked).scalars())

    def of_entries(self, workspace_id: str, entry_ids: Collection[str]) -> list[GivenAnswer]:
        """Where these entries were given, by place."""
        return self._where(workspace_id, given_answers.c.entry_id.in_(list(entry_ids)))

    def in_channel(self, workspace_id: str, channel_id: str) -> list[GivenAnswer]:
        """What was given in a channel, by thread."""
        return self._where(workspace_id, given_answers.c.channel_id == channel_id)

    def forget_before(self, at: datetime) -> int:
        """
        Forget what was given before *at*, and the recalls that were settled before; how many answers were.

        Raises: ValueError: *at* has no time zone.
        """
        settled = delete(notifications).where(
            notifications.c.service_id == NO_SERVICE, notifications.c.subject == "recall",
            notifications.c.state.in_(("posted", "collapsed", "withdrawn")), notifications.c.settled_at < utc(at),
        )  # fmt: skip
        with self._database.writing() as connection:
            connection.execute(settled)
            return connection.execute(delete(given_answers).where(given_answers.c.at < utc(at))).rowcount

    def _where(self, workspace_id: str, condition: ColumnElement[bool]) -> list[GivenAnswer]:
        asked = select(given_answers).where(given_answers.c.workspace_id == workspace_id, condition)
        asked = asked.order_by(given_answers.c.channel_id, given_answers.c.thread_ts, given_answers.c.entry_id)
        with self._database.reading() as connection:
            return [_read(row) for row in connection.execute(asked).mappings()]


def _read(row: RowMapping) -> GivenAnswer:
    return GivenAnswer(**{**row, "changes": tuple(row["changes"])})
