"""What people may ask of their own data: what is held, a copy, and its deletion."""

from __future__ import annotations

import datetime as dt
import json

from bot.rendering import personal as screens
from bot.rendering.message import Message
from bot.storage.database import Database
from bot.storage.personal import Erased, PersonalData, Row
from bot.storage.roles import AuditLog


class PersonalDesk:
    """Serves one person at a time, and about nobody but themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def overview(self, workspace_id: str, user_id: str, *, direct: str = "") -> Message:
        """What is held about the person, with the buttons for a copy and for deletion."""
        with self._database.writing() as connection:  # whose hash is asked for may be the first of the workspace
            data = PersonalData(connection, workspace_id, user_id, direct)
            held, duties = data.held(), data.duties()
        return screens.overview_message({name: len(rows) for name, rows in held.items()}, duties)

    def copy(self, workspace_id: str, user_id: str, *, direct: str = "") -> list[Message]:
        """The copy as JSON, in as many messages as it takes."""
        return screens.copy_messages(self.copy_text(workspace_id, user_id, direct=direct))

    def copy_text(self, workspace_id: str, user_id: str, *, direct: str = "") -> str:
        """The copy as JSON text, a row a line."""
        with self._database.writing() as connection:
            held = PersonalData(connection, workspace_id, user_id, direct).held()
        tables = (f"{json.dumps(name)}: [\n{_lines(rows)}\n]" for name, rows in held.items())
        held_by_table = ",\n".join(tables)
        return f'{{"person": {json.dumps(user_id)}, "held": {{\n{held_by_table}\n}}}}\n'

    def delete(self, workspace_id: str, user_id: str, *, direct: str = "", at: dt.datetime) -> Message:
        """Delete what may go, and say what was done, what stays and why."""
        return screens.deleted_message(self.erase(workspace_id, user_id, direct=direct, at=at))

    def erase(self, workspace_id: str, user_id: str, *, direct: str = "", at: dt.datetime) -> Erased:
        """The same without words. The audit log keeps that it happened, and not to whom."""
        with self._database.writing() as connection:
            erased = PersonalData(connection, workspace_id, user_id, direct).erase()
            detail = "all that may go" if erased.alias else "in part, for they are still named for something"
            AuditLog(connection, workspace_id).add("deleted data of", who="somebody", detail=detail, at=at)
        return erased


def _lines(rows: list[Row]) -> str:
    return ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
