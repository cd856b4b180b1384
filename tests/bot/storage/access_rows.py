"""One row in every table of roles, audit and allowances, or one more."""

from __future__ import annotations

import datetime as dt

from bot.storage.administration import Offices
from bot.storage.database import Database
from bot.storage.door import Door


def fill_access(database: Database, workspace_id: str, mark: str, *, at: dt.datetime) -> None:
    """One row more in each of them."""
    Door(database).enter(workspace_id, f"U{mark}", signature="", per_minute=30, at=at)
    with Offices(database).writing(workspace_id) as office:
        office.roles.give(f"U{mark}", "editor", by="UADMIN", at=at)
        office.audit.add("gave role editor", who="UADMIN", subject=f"U{mark}", at=at)
