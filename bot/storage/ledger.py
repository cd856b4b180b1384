"""The ledger: everything that checkpoints keep of one workspace, read or changed in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.storage.blind import BlindRounds
from bot.storage.checkpoints import Checkpoints
from bot.storage.database import Database
from bot.storage.evidence import EvidenceShelf
from bot.storage.plans import Plans
from bot.storage.prompt_messages import PromptMessages
from bot.storage.quiet import QuietTimes
from bot.storage.receipts import Receipts
from bot.storage.roles import Roles
from bot.storage.services import Services


@dataclass(frozen=True)
class Pages:
    """The stores of one workspace, on one connection; nothing in them reaches another workspace."""

    services: Services
    checkpoints: Checkpoints
    evidence: EvidenceShelf
    receipts: Receipts
    plans: Plans
    blind: BlindRounds
    prompt_messages: PromptMessages
    quiet: QuietTimes
    roles: Roles


class Ledger:
    """Opens the pages of a workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self, workspace_id: str) -> Iterator[Pages]:
        """The pages to read, all of one moment. Raises: StorageError."""
        with self._database.reading() as connection:
            yield pages_of(connection, workspace_id)

    @contextmanager
    def writing(self, workspace_id: str) -> Iterator[Pages]:
        """
        The pages to change: all of it is kept, or nothing where an exception leaves the block. Raises: StorageError.

        Two people who change one checkpoint at once wait for each other at ``services.lock``; what the second then
        reads is what the first has written.
        """
        with self._database.writing() as connection:
            yield pages_of(connection, workspace_id)

    def workspaces(self) -> list[str]:
        """The ids of all workspaces that have a service; for the clock and the command line."""
        with self._database.reading() as connection:
            return Services.workspaces(connection)


def pages_of(connection: Connection, workspace_id: str) -> Pages:
    """The pages of a workspace on a connection that is open already."""
    return Pages(
        Services(connection, workspace_id),
        Checkpoints(connection, workspace_id),
        EvidenceShelf(connection, workspace_id),
        Receipts(connection, workspace_id),
        Plans(connection, workspace_id),
        BlindRounds(connection, workspace_id),
        PromptMessages(connection, workspace_id),
        QuietTimes(connection, workspace_id),
        Roles(connection, workspace_id),
    )
