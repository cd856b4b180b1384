"""Receipts of decisions: a chain to which rows are only added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.checkpoints.receipts import Receipt
from bot.storage.checkpoint_tables import receipts
from bot.storage.columns import utc

_COLUMNS = (
    receipts.c.workspace_id,
    receipts.c.number,
    receipts.c.code,
    receipts.c.previous,
    receipts.c.hash,
    receipts.c.body,
)


class Receipts:
    """The receipts of one workspace."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def last(self) -> Receipt | None:
        """The newest receipt; the next one is chained to it."""
        asked = select(*_COLUMNS).where(receipts.c.workspace_id == self._workspace)
        row = self._connection.execute(asked.order_by(receipts.c.number.desc()).limit(1)).one_or_none()
        return None if row is None else Receipt(*row)

    def add(self, receipt: Receipt, checkpoint_id: str, *, at: datetime) -> None:
        """
        Add a receipt. Of two written at once the second is refused by its number, and its transaction with it.

        Raises: ValueError: *at* has no time zone. StorageError: that number is taken.
        """
        row = {column.name: getattr(receipt, column.name) for column in _COLUMNS}
        self._connection.execute(insert(receipts).values(**row, checkpoint_id=checkpoint_id, written_at=utc(at)))

    def get(self, code: str) -> Receipt | None:
        """The receipt with that code, or None."""
        asked = select(*_COLUMNS).where(receipts.c.workspace_id == self._workspace, receipts.c.code == code)
        row = self._connection.execute(asked.limit(1)).one_or_none()
        return None if row is None else Receipt(*row)

    def of_checkpoint(self, checkpoint_id: str) -> list[Receipt]:
        """The receipts of a checkpoint, the oldest first: one for each decision."""
        asked = select(*_COLUMNS).where(
            receipts.c.workspace_id == self._workspace, receipts.c.checkpoint_id == checkpoint_id
        )
        return [Receipt(*row) for row in self._connection.execute(asked.order_by(receipts.c.number))]

    def codes(self) -> dict[str, tuple[str, ...]]:
        """The codes of the receipts of each checkpoint, by its id, the oldest first."""
        asked = select(receipts.c.checkpoint_id, receipts.c.code).where(receipts.c.workspace_id == self._workspace)
        found: dict[str, tuple[str, ...]] = {}
        for checkpoint_id, code in self._connection.execute(asked.order_by(receipts.c.number)):
            found[checkpoint_id] = (*found.get(checkpoint_id, ()), code)
        return found

    def all(self) -> list[Receipt]:
        """The whole chain, in the order of its numbers."""
        asked = select(*_COLUMNS).where(receipts.c.workspace_id == self._workspace).order_by(receipts.c.number)
        return [Receipt(*row) for row in self._connection.execute(asked)]
