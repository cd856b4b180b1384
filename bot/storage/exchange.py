"""The peer review exchange: who offers to review, and the panels that were drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from bot.network.panels import Panel, Reviewer
from bot.storage.columns import utc
from bot.storage.dialects import insert_or_update
from bot.storage.network_tables import panels, reviewers

_REVIEWER: Final = TypeAdapter(Reviewer)
_PANEL: Final = TypeAdapter(Panel)


class Exchange:
    """The reviewers and panels of one workspace: nobody is drawn across workspaces."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def reviewers(self, *, lock: bool = False) -> list[Reviewer]:
        """Everybody who has offered, by id; with *lock* one draw waits for the other."""
        asked = select(reviewers.c.body).where(reviewers.c.workspace_id == self._workspace)
        asked = asked.order_by(reviewers.c.user_id)
        rows = self._connection.execute(asked.with_for_update() if lock else asked).scalars()
        return [_REVIEWER.validate_python(body) for body in rows]

    def panels(self) -> list[Panel]:
        """Every panel, the oldest first."""
        asked = select(panels.c.body).where(panels.c.workspace_id == self._workspace)
        found = [_PANEL.validate_python(body) for body in self._connection.execute(asked).scalars()]
        return sorted(found, key=lambda one: (one.asked_at, one.id))

    def keep_reviewer(self, one: Reviewer, *, at: datetime) -> None:
        """Keep what somebody offers. Raises: ValueError: *at* has no time zone."""
        body = _REVIEWER.dump_python(one, mode="json")
        row = {"workspace_id": self._workspace, "user_id": one.user_id, "body": body, "changed_at": utc(at)}
        insert_or_update(self._connection, reviewers, row, only_if=reviewers.c.user_id.is_not(None))

    def keep_panel(self, one: Panel, *, at: datetime) -> None:
        """Keep a panel as it is now. Raises: ValueError: *at* has no time zone."""
        row = {
            "workspace_id": self._workspace,
            "id": one.id,
            "checkpoint_id": one.checkpoint_id,
            "body": _PANEL.dump_python(one, mode="json"),
            "changed_at": utc(at),
        }
        insert_or_update(self._connection, panels, row, only_if=panels.c.id.is_not(None))
