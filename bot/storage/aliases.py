"""Judgements about names: which two of a workspace's names are one, and which are not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from bot.matching.alike_names import name_key
from bot.network.aliases import KINDS, Judgement, kind_of
from bot.storage.columns import utc
from bot.storage.dialects import insert_or_update
from bot.storage.network_tables import aliases


class Judgements:
    """The judgements of one workspace."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def all(self) -> list[Judgement]:
        """Every judgement, in a fixed order."""
        asked = select(aliases).where(aliases.c.workspace_id == self._workspace, aliases.c.kind.in_(KINDS))
        rows = self._connection.execute(asked.order_by(aliases.c.kind, aliases.c.first_key, aliases.c.second_key))
        return [Judgement(kind_of(row["kind"]), row["first"], row["second"], row["same"]) for row in rows.mappings()]

    def keep(self, one: Judgement, *, who: str, at: datetime) -> None:
        """Keep a judgement in the place of an earlier one about the same names. Raises: ValueError: naive *at*."""
        first, second = sorted((one.first, one.second), key=name_key)
        row = {
            "workspace_id": self._workspace,
            "kind": one.kind,
            "first_key": name_key(first),
            "second_key": name_key(second),
            "first": first,
            "second": second,
            "same": one.same,
            "judged_by": who,
            "judged_at": utc(at),
        }
        insert_or_update(self._connection, aliases, row, only_if=aliases.c.kind.is_not(None))
