"""Places with something to send: each knows when its next notification is due, so that a clock finds it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from bot.storage.checkpoint_tables import notifications, places
from bot.storage.dialects import insert_once

WAITING = ("planned", "posting")


def refresh_places(connection: Connection, workspace_id: str, place_ids: Iterable[str]) -> None:
    """Work out anew when the next notification of each place is due; a place that is new is made."""
    for place_id in sorted(place_ids):
        insert_once(connection, places, {"workspace_id": workspace_id, "place_id": place_id})
        first = (
            select(func.min(notifications.c.send_at))
            .where(notifications.c.workspace_id == workspace_id, notifications.c.place_id == place_id)
            .where(notifications.c.state.in_(WAITING))
            .scalar_subquery()
        )
        here = places.c.workspace_id == workspace_id, places.c.place_id == place_id
        connection.execute(update(places).where(*here).values(next_due_at=first))


def next_moment_of(
    connection: Connection, workspace_id: str, place_id: str, held: Mapping[str, datetime]
) -> datetime | None:
    """When a place has something to send next, given until when some of it is *held* back (by key)."""
    asked = select(func.min(notifications.c.send_at)).where(
        notifications.c.workspace_id == workspace_id,
        notifications.c.place_id == place_id,
        notifications.c.state.in_(WAITING),
        notifications.c.key.not_in(list(held)),
    )
    first = connection.execute(asked).scalar_one()
    return min((moment for moment in (first, *held.values()) if moment is not None), default=None)
