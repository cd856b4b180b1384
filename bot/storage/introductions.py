"""Introductions as they are kept: two rows each, one for either side, in the workspace of that side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from bot.network.introductions import Introduction, Side
from bot.network.sharing import Party
from bot.storage.columns import utc
from bot.storage.dialects import insert_or_update
from bot.storage.network_tables import introductions


class Introductions:
    """The introductions of all workspaces; each method says whose it gives."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str, *, lock: bool = False) -> Introduction | None:
        """An introduction; None where it, or one of its sides, is gone. With *lock* others wait who lock it too."""
        asked = select(introductions).where(introductions.c.introduction_id == id).order_by(introductions.c.role)
        rows = self._connection.execute(asked.with_for_update() if lock else asked).mappings().all()
        return next(iter(_read(rows)), None)

    def of_parties(self, parties: Iterable[Party]) -> list[Introduction]:
        """Every introduction in which one of these parties has a side, the newest first."""
        wanted = [
            and_(introductions.c.workspace_id == one.workspace_id, introductions.c.council == one.council)
            for one in parties
        ]
        if not wanted:
            return []
        ids = select(introductions.c.introduction_id).where(or_(*wanted))
        asked = select(introductions).where(introductions.c.introduction_id.in_(ids))
        found = _read(self._connection.execute(asked).mappings().all())
        return sorted(found, key=lambda one: (one.asked_at, one.id), reverse=True)

    def keep(self, one: Introduction) -> None:
        """Keep both sides. Raises: ValueError: a moment has no time zone."""
        for role, side in (("asking", one.asking), ("asked", one.asked)):
            row = {
                "workspace_id": side.party.workspace_id,
                "introduction_id": one.id,
                "role": role,
                "council": side.party.council,
                "service_id": side.service_id,
                "user_id": side.user_id,
                "contact": side.contact,
                "said": side.said,
                "point": one.point,
                "asked_at": utc(one.asked_at),
                "closes_on": one.closes_on,
                "opened_at": utc(one.opened_at) if one.opened_at else None,
            }
            insert_or_update(self._connection, introductions, row, only_if=introductions.c.role.is_not(None))


def _read(rows: Iterable[Any]) -> list[Introduction]:
    """The introductions of which both sides are there."""
    sides: dict[str, dict[str, Any]] = {}
    for row in rows:
        sides.setdefault(row["introduction_id"], {})[row["role"]] = row
    return [
        Introduction(
            id, both["asking"]["point"], _side(both["asking"]), _side(both["asked"]), both["asking"]["asked_at"],
            both["asking"]["closes_on"], both["asking"]["opened_at"],
        )
        for id, both in sides.items()
        if len(both) == 2
    ]  # fmt: skip


def _side(row: Any) -> Side:
    party = Party(row["workspace_id"], row["council"])
    return Side(party, row["service_id"], row["user_id"], row["contact"], row["said"])
