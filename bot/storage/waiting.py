"""Places with something to send: each knows when its next notification is due, so that a clock finds it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from bot.storage.checkpoint_tables import notifications, places
from bot.storage.dialects import insert_once

WAITING = ("planned", "posting")
_FIRST = select(func.min(notifications.c.send_at)).where(
    notifications.c.workspace_id == bindparam("workspace"),
    notifications.c.place_id == bindparam("place"),
    notifications.c.state.in_(WAITING),
)


def lock_places(connection: Connection, workspace_id: str, place_ids: Iterable[str]) -> None:
    """
    Make everybody else who locks one of these places wait until this transaction ends; a place that is new is made.

    Whoever changes notifications locks their places first, and all in one order: two that each wait for what the other
    has would be refused by PostgreSQL.
    """
    ordered = sorted(set(place_ids))
    for place_id in ordered:
        insert_once(connection, places, {"workspace_id": workspace_id, "place_id": place_id})
    these = places.c.workspace_id == workspace_id, places.c.place_id.in_(ordered)
    connection.execute(select(places.c.place_id).where(*these).order_by(places.c.place_id).with_for_update()).all()


def refresh_places(connection: Connection, workspace_id: str, place_ids: Iterable[str]) -> None:
    """Work out anew when the next notification of each place is due; they are locked (``lock_places``)."""
    for place_id in sorted(place_ids):
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
    asked = _FIRST.where(notifications.c.key.not_in(list(held))) if held else _FIRST
    first = connection.execute(asked, {"workspace": workspace_id, "place": place_id}).scalar_one()
    return min((moment for moment in (first, *held.values()) if moment is not None), default=None)
