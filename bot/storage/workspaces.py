"""A workspace as a whole: which there are, and everything that is kept of one."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import func, select, union_all

from bot.storage.database import Database
from bot.storage.tables import metadata, processed_deliveries, settings

_PLUMBING: Final = frozenset({processed_deliveries.name, settings.name})
"""What says nothing about anybody: which deliveries were seen, and the salt of the hashes, which is to stay secret."""


def count_rows(database: Database) -> dict[str, int]:
    """How many rows are kept of each workspace, by its id. Raises: StorageError."""
    each = [
        select(table.c.workspace_id, func.count().label("rows")).group_by(table.c.workspace_id)
        for table in metadata.sorted_tables
    ]
    all_of_them = union_all(*each).subquery()
    asked = select(all_of_them.c.workspace_id, func.sum(all_of_them.c.rows)).group_by(all_of_them.c.workspace_id)
    with database.reading() as connection:
        return {id: int(rows) for id, rows in sorted(tuple(row) for row in connection.execute(asked))}


def everything_of(database: Database, workspace_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of one workspace and of no other, by table, of one moment, without a token. Raises: StorageError."""
    with database.reading() as connection:
        return {
            table.name: [
                {name: value for name, value in row.items() if name != "workspace_id"}
                for row in connection.execute(
                    select(table).where(table.c.workspace_id == workspace_id).order_by(*table.primary_key)
                ).mappings()
            ]
            for table in metadata.sorted_tables
            if table.name not in _PLUMBING
        }
