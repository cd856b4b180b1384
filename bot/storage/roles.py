"""Roles and the audit log of one workspace, on one connection."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, delete, func, insert, select

from bot.access.roles import Role
from bot.storage.access_tables import audit, roles
from bot.storage.columns import utc
from bot.storage.dialects import insert_once


@dataclass(frozen=True)
class Deed:
    """One act of administration: ``subject`` is whom or what it was about, ``detail`` what was said (a reason)."""

    number: int
    made_at: datetime
    who: str
    act: str
    subject: str
    detail: str


class Roles:
    """Who has which role."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def all(self) -> dict[str, frozenset[Role]]:
        """The roles of everybody who has one, by person."""
        asked = select(roles.c.user_id, roles.c.role).where(roles.c.workspace_id == self._workspace)
        found: defaultdict[str, set[Role]] = defaultdict(set)
        for user_id, role in self._connection.execute(asked):
            found[user_id].add(cast(Role, role))
        return {user_id: frozenset(held) for user_id, held in found.items()}

    def holders(self, role: Role) -> frozenset[str]:
        """Everybody to whom a role was given."""
        asked = select(roles.c.user_id).where(roles.c.workspace_id == self._workspace, roles.c.role == role)
        return frozenset(self._connection.execute(asked).scalars())

    def give(self, user_id: str, role: Role, *, by: str, at: datetime) -> bool:
        """Give a role; whether it is new. Raises: ValueError: *at* has no time zone."""
        row = {"workspace_id": self._workspace, "user_id": user_id, "role": role}
        return insert_once(self._connection, roles, {**row, "given_by": by, "given_at": utc(at)})

    def take(self, user_id: str, role: Role) -> bool:
        """Take a role away; whether it was there."""
        here = roles.c.workspace_id == self._workspace, roles.c.user_id == user_id, roles.c.role == role
        return self._connection.execute(delete(roles).where(*here)).rowcount > 0


class AuditLog:
    """What administrators did. Rows are added, and read; nothing here changes or removes one."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def add(self, act: str, *, who: str, subject: str = "", detail: str = "", at: datetime) -> None:
        """Add a line; *connection* is in a writing transaction. Raises: ValueError: *at* has no time zone."""
        last = select(func.coalesce(func.max(audit.c.number), 0)).where(audit.c.workspace_id == self._workspace)
        row = {"workspace_id": self._workspace, "number": self._connection.execute(last).scalar_one() + 1}
        words = {"who": who, "act": act, "subject": subject, "detail": detail}
        self._connection.execute(insert(audit).values(**row, **words, made_at=utc(at)))

    def newest(self, most: int | None = None) -> list[Deed]:
        """The lines, the newest first; all of them, or at most so many."""
        asked = select(audit).where(audit.c.workspace_id == self._workspace).order_by(audit.c.number.desc())
        columns = Deed.__dataclass_fields__
        rows = self._connection.execute(asked.limit(most) if most is not None else asked).mappings()
        return [Deed(**{name: row[name] for name in columns}) for row in rows]
