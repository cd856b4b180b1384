"""Deliveries that Slack has made already: each is worked on once, however often Slack repeats it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.dialects import insert_once
from bot.storage.tables import processed_deliveries


class Deliveries:
    """Which deliveries have been taken, across threads, processes and restarts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, workspace_id: str, delivery_id: str, *, at: datetime) -> bool:
        """
        Take a delivery: True exactly once, False for whoever comes later.

        Raises: ValueError: *at* has no time zone. StorageError: nobody has it; Slack should deliver again.
        """
        row = {"workspace_id": workspace_id, "delivery_id": delivery_id, "at": utc(at)}
        with self._database.writing() as connection:
            return insert_once(connection, processed_deliveries, row)

    def forget_before(self, at: datetime) -> int:
        """Forget what was claimed before *at*; how many were. Raises: ValueError: *at* has no time zone."""
        forgotten = delete(processed_deliveries).where(processed_deliveries.c.at < utc(at))
        with self._database.writing() as connection:
            return connection.execute(forgotten).rowcount
