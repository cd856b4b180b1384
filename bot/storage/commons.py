"""The commons: the one place in this room that reads several workspaces, for what councils share with each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.network.sharing import Shares
from bot.storage.aliases import Judgements
from bot.storage.database import Database
from bot.storage.exchange import Exchange
from bot.storage.introductions import Introductions
from bot.storage.ledger import Pages, pages_of
from bot.storage.sharing import Sharing


@dataclass(frozen=True)
class CommonPages:
    """What belongs to the network, and the way to the pages of one workspace, on one connection."""

    connection: Connection
    sharing: Sharing
    introductions: Introductions

    def of(self, workspace_id: str) -> Pages:
        """The pages of one workspace, in the same transaction."""
        return pages_of(self.connection, workspace_id)

    def judgements(self, workspace_id: str) -> Judgements:
        """What editors of one workspace have said about names, in the same transaction."""
        return Judgements(self.connection, workspace_id)

    def exchange(self, workspace_id: str) -> Exchange:
        """The reviewers and panels of one workspace, in the same transaction."""
        return Exchange(self.connection, workspace_id)

    def sharing_parties(self) -> Iterator[tuple[Shares, Pages]]:
        """Every party that shares something with what it shares, and the pages of its workspace."""
        for shares in self.sharing.all():
            yield shares, self.of(shares.party.workspace_id)


class Commons:
    """Opens what belongs to the network."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self) -> Iterator[CommonPages]:
        """Pages to read, all of one moment. Raises: StorageError."""
        with self._database.reading() as connection:
            yield _pages(connection)

    @contextmanager
    def writing(self) -> Iterator[CommonPages]:
        """Pages to change: all is kept, or nothing where an exception leaves the block. Raises: StorageError."""
        with self._database.writing() as connection:
            yield _pages(connection)


def _pages(connection: Connection) -> CommonPages:
    return CommonPages(connection, Sharing(connection), Introductions(connection))
