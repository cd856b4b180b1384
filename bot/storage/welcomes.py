"""Welcomes: who has been greeted already, as salted hashes."""

from __future__ import annotations

from datetime import datetime

from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.dialects import insert_once
from bot.storage.people import person_hash
from bot.storage.tables import welcomed


class Welcomes:
    """Who has been welcomed; kept as long as the workspace, or people would be welcomed again and again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first_time(self, workspace_id: str, user_id: str, *, at: datetime) -> bool:
        """
        Whether this person is met for the first time: True exactly once.

        Raises: ValueError: *at* has no time zone.
        """
        moment = utc(at)
        with self._database.writing() as connection:
            user_hash = person_hash(connection, workspace_id, user_id)
            return insert_once(
                connection, welcomed, {"workspace_id": workspace_id, "user_hash": user_hash, "at": moment}
            )
