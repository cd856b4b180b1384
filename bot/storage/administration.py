"""What administrators look at and change in one workspace, in one transaction: roles, the audit log, the switch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.storage.database import Database
from bot.storage.roles import AuditLog, Roles
from bot.storage.switch import Off, read_switch, switch_off, switch_on


@dataclass(frozen=True)
class Office:
    """The papers of one workspace, on one connection; nothing in them reaches another workspace."""

    connection: Connection
    workspace_id: str
    roles: Roles
    audit: AuditLog

    def switch(self) -> Off | None:
        """How the switch stands; None: on."""
        return read_switch(self.connection, self.workspace_id)

    def switch_off(self, off: Off) -> None:
        """Switch off, or write down a new reason."""
        switch_off(self.connection, self.workspace_id, off)

    def switch_on(self) -> bool:
        """Switch on again; whether it was off."""
        return switch_on(self.connection, self.workspace_id)


class Offices:
    """Opens the office of a workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self, workspace_id: str) -> Iterator[Office]:
        """The office to look into. Raises: StorageError."""
        with self._database.reading() as connection:
            yield _office(connection, workspace_id)

    @contextmanager
    def writing(self, workspace_id: str) -> Iterator[Office]:
        """The office to work in: all of it is kept, or nothing where an exception leaves it. Raises: StorageError."""
        with self._database.writing() as connection:
            yield _office(connection, workspace_id)


def _office(connection: Connection, workspace_id: str) -> Office:
    return Office(connection, workspace_id, Roles(connection, workspace_id), AuditLog(connection, workspace_id))
