"""The door: what is known of a request before anything is done about it, found out in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, case, delete, select, update

from bot.storage.access_tables import allowances
from bot.storage.columns import utc
from bot.storage.database import Database
from bot.storage.dialects import insert_once, insert_or_update
from bot.storage.people import person_hash
from bot.storage.switch import Off, read_switch
from bot.storage.tables import processed_deliveries

REMEMBERED: Final = timedelta(hours=1)
"""How long a signature is remembered; after five minutes its timestamp is refused anyway."""

_PERIOD_SECONDS: Final = 60.0
_REQUEST = "request:"


@dataclass(frozen=True)
class Found:
    """
    What the door found: ``replayed`` the very same request came before; ``off`` the workspace is switched off;
    ``wait_seconds`` above 0 this person has used up their allowance, and ``first_time`` is not told so yet.
    """

    replayed: bool = False
    off: Off | None = None
    wait_seconds: float = 0.0
    first_time: bool = False


class Door:
    """Looks at requests as they come in, across processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enter(self, workspace_id: str, user_id: str, *, signature: str, per_minute: int, at: datetime) -> Found:
        """
        Look at a request of *user_id*. Where it is served, it is taken off their allowance: *per_minute* at once, and
        so many every minute (0: without end). *signature* is empty where the request cannot be replayed.

        Raises: ValueError: *at* has no time zone. StorageError.
        """
        moment = utc(at)
        writes = signature or per_minute
        with self._database.writing() if writes else self._database.reading() as connection:
            if signature and not _is_new(connection, workspace_id, signature, moment):
                return Found(replayed=True)
            off = read_switch(connection, workspace_id)
            if off is not None or not per_minute:
                return Found(off=off)
            person = person_hash(connection, workspace_id, user_id)
            return _spend(connection, workspace_id, person, per_minute, moment.timestamp())

    def forget(self, *, at: datetime) -> int:
        """Forget signatures that are too old to be replayed and allowances that are all free again; how many."""
        moment = utc(at)
        old = processed_deliveries.c.delivery_id.startswith(_REQUEST), processed_deliveries.c.at < moment - REMEMBERED
        with self._database.writing() as connection:
            signatures = connection.execute(delete(processed_deliveries).where(*old)).rowcount
            free = delete(allowances).where(allowances.c.used_until < moment.timestamp())
            return signatures + connection.execute(free).rowcount


def _is_new(connection: Connection, workspace_id: str, signature: str, at: datetime) -> bool:
    """Whether no request came with this signature; it covers the timestamp and the body, which has ids of its own."""
    mark = _REQUEST + hashlib.sha256(signature.encode("utf-8", "replace")).hexdigest()
    row = {"workspace_id": workspace_id, "delivery_id": mark, "at": at, "done": True}
    return insert_once(connection, processed_deliveries, row)


def _spend(connection: Connection, workspace_id: str, person: str, per_minute: int, now: float) -> Found:
    """
    Take one request off an allowance, in one statement that two processes can run at once (the generic cell rate
    algorithm: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm, checked 2026-11-23).
    """
    each = _PERIOD_SECONDS / per_minute
    latest = now + _PERIOD_SECONDS - each
    used = allowances.c.used_until
    row = {"workspace_id": workspace_id, "person_hash": person, "used_until": now + each, "told": False}
    more = {"used_until": case((used > now, used), else_=now) + each, "told": False}
    if insert_or_update(connection, allowances, row, only_if=used <= latest, set_to=more):
        return Found()
    here = allowances.c.workspace_id == workspace_id, allowances.c.person_hash == person
    until = connection.execute(select(used).where(*here)).scalar_one()
    told = update(allowances).where(*here, allowances.c.told.is_(False)).values(told=True)
    return Found(wait_seconds=max(until - latest, 1.0), first_time=connection.execute(told).rowcount > 0)
