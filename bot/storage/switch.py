"""The off switch of a workspace: while it is off, Advisor begins nothing there and answers with one line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select

from bot.storage.columns import utc
from bot.storage.dialects import insert_or_update
from bot.storage.tables import settings

_OFF = "off"
_SWITCH = select(settings.c.value).where(settings.c.workspace_id == bindparam("workspace"), settings.c.key == _OFF)


@dataclass(frozen=True)
class Off:
    """That Advisor is switched off: why, by whom, since when."""

    reason: str
    by: str
    since: datetime


def read_switch(connection: Connection, workspace_id: str) -> Off | None:
    """How the switch stands; None: on."""
    value = connection.execute(_SWITCH, {"workspace": workspace_id}).scalar_one_or_none()
    if value is None:
        return None
    kept = json.loads(value)
    return Off(kept["reason"], kept["by"], datetime.fromisoformat(kept["since"]))


def switch_off(connection: Connection, workspace_id: str, off: Off) -> None:
    """Switch off, or write down a new reason; *connection* is in a writing transaction."""
    kept = {"reason": off.reason, "by": off.by, "since": utc(off.since).isoformat(timespec="seconds")}
    row = {"workspace_id": workspace_id, "key": _OFF, "value": json.dumps(kept)}
    insert_or_update(connection, settings, row, only_if=settings.c.key.is_not(None))


def switch_on(connection: Connection, workspace_id: str) -> bool:
    """Switch on again; whether it was off."""
    here = settings.c.workspace_id == workspace_id, settings.c.key == _OFF
    return connection.execute(delete(settings).where(*here)).rowcount > 0


def is_on(workspace_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that a row's workspace is switched on."""
    return workspace_id.not_in(select(settings.c.workspace_id).where(settings.c.key == _OFF))
