"""Deliveries that Slack has made already: each is worked on once, however often Slack repeats it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, select, update

from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.dialects import insert_or_update
from bot.storage.tables import processed_deliveries

LEASE: Final = timedelta(seconds=60)
"""How long whoever claimed a delivery has for it. An answer takes far less than a second, and Slack delivers again at
once, after about a minute and after about five (https://docs.slack.dev/apis/events-api, checked 2026-11-23)."""


class Deliveries:
    """Which deliveries have been taken, across threads, processes and restarts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, workspace_id: str, delivery_id: str, *, at: datetime) -> bool:
        """
        Take a delivery: True for the first, and again only where whoever took it has not finished within ``LEASE``.

        A process killed at work therefore loses nothing that Slack delivers again; one that takes longer than the lease
        may work beside its successor. Raises: ValueError: *at* has no time zone. StorageError: nobody has it; Slack
        should deliver again.
        """
        moment = utc(at)
        row = {"workspace_id": workspace_id, "delivery_id": delivery_id, "at": moment, "done": False}
        lapsed = processed_deliveries.c.done.is_(False) & (processed_deliveries.c.at <= moment - LEASE)
        with self._database.writing() as connection:
            return insert_or_update(connection, processed_deliveries, row, only_if=lapsed)

    def done(self, workspace_id: str, delivery_id: str) -> None:
        """Finish a delivery that was claimed: nobody takes it again. One that is forgotten stays forgotten."""
        finished = update(processed_deliveries).where(*_is(workspace_id, delivery_id)).values(done=True)
        with self._database.writing() as connection:
            connection.execute(finished)

    def give_back(self, workspace_id: str, delivery_id: str) -> None:
        """Let go of a delivery that was claimed and came to nothing: the next may take it at once."""
        with self._database.writing() as connection:
            connection.execute(delete(processed_deliveries).where(*_is(workspace_id, delivery_id)))

    def is_done(self, workspace_id: str, delivery_id: str) -> bool:
        """Whether the delivery is finished; False while somebody is at it, and where it is not known."""
        asked = select(processed_deliveries.c.done).where(*_is(workspace_id, delivery_id))
        with self._database.reading() as connection:
            return bool(connection.execute(asked).scalar_one_or_none())

    def forget_before(self, at: datetime) -> int:
        """Forget what was claimed before *at*; how many were. Raises: ValueError: *at* has no time zone."""
        forgotten = delete(processed_deliveries).where(processed_deliveries.c.at < utc(at))
        with self._database.writing() as connection:
            return connection.execute(forgotten).rowcount


def _is(workspace_id: str, delivery_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return processed_deliveries.c.workspace_id == workspace_id, processed_deliveries.c.delivery_id == delivery_id
