"""The heartbeat of the clocks, whichever process they run in, and how much waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, func, select

from bot.storage.checkpoint_tables import places
from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.dialects import insert_or_update
from bot.storage.switch import is_on
from bot.storage.tables import settings

INSTALLATION: Final = "installation"
"""What stands for the workspace in a row that belongs to this installation of Advisor as a whole."""

LATE: Final = timedelta(minutes=15)
"""Our own bar: a clock goes round twice a minute, and a place that Slack slowed down is due again within minutes."""

_CLOCK = "clock"


@dataclass(frozen=True)
class Beat:
    """How many channels and people have something due, and late; when a clock last went round (None: never yet)."""

    due: int
    late: int
    clock_at: datetime | None


class Heartbeat:
    """When a clock last went round; kept in the database, for web and clock may be different processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def clock_went_round(self, *, at: datetime) -> None:
        """Note a pass of a clock. Raises: ValueError: *at* has no time zone. StorageError."""
        row = {"workspace_id": INSTALLATION, "key": _CLOCK, "value": utc(at).isoformat(timespec="seconds")}
        with self._database.writing() as connection:
            insert_or_update(connection, settings, row, only_if=settings.c.value < row["value"])

    def beat(self, *, at: datetime) -> Beat:
        """How it stands at that moment. Raises: ValueError: *at* has no time zone. StorageError."""
        moment = utc(at)
        late = func.coalesce(func.sum(case((places.c.next_due_at <= moment - LATE, 1), else_=0)), 0)
        waiting = select(func.count(), late).where(places.c.next_due_at <= moment, is_on(places.c.workspace_id))
        passed = select(settings.c.value).where(settings.c.workspace_id == INSTALLATION, settings.c.key == _CLOCK)
        with self._database.reading() as connection:
            due, late_ones = connection.execute(waiting).one()
            clock = connection.execute(passed).scalar_one_or_none()
        return Beat(int(due), int(late_ones), datetime.fromisoformat(clock) if clock else None)
