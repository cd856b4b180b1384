"""Notifications that are due, as many as one likes, for those who measure or disturb the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import insert

from bot.checkpoints.notifications import Planned
from bot.checkpoints.services import Service, changes
from bot.storage.bodies import planned_body
from bot.storage.checkpoint_tables import notifications
from bot.storage.database import Database
from bot.storage.ledger import Ledger
from bot.storage.waiting import lock_places, refresh_places


def fill_due(database: Database, workspace_id: str, channels: Iterable[str], *, each: int, at: dt.datetime) -> None:
    """A service with *each* notifications due *at* that moment, in each of *channels*."""
    places, rows = list(channels), []
    with Ledger(database).writing(workspace_id) as pages:
        for place in places:
            service = _service(workspace_id, place)
            pages.services.keep(service, changes(None, service), who=service.owner_id, at=at)
    for place in places:
        rows += [_row(_planned(workspace_id, place, number, at)) for number in range(each)]
    with database.writing() as connection:
        lock_places(connection, workspace_id, places)
        connection.execute(insert(notifications), rows)
        refresh_places(connection, workspace_id, set(places))


def _service(workspace_id: str, place: str) -> Service:
    return Service(f"s-{place}", workspace_id, place, f"Service {place}", "LDS", f"UOWN{place}", f"USPON{place}")


def _planned(workspace_id: str, place: str, number: int, at: dt.datetime) -> Planned:
    return Planned(
        f"{place}-{number}", workspace_id, f"s-{place}", "contract", f"{number}", "x", "decide on the contract",
        f"UOWN{place}", place, at.date(), at,
    )  # fmt: skip


def _row(planned: Planned) -> dict[str, object]:
    return {
        "workspace_id": planned.workspace_id, "key": planned.key, "service_id": planned.service_id,
        "place_id": planned.channel_id, "owner_id": planned.owner_id, "subject": planned.subject,
        "subject_id": planned.subject_id, "send_at": planned.send_at, "body": planned_body(planned),
        "state": "planned", "batch": "", "channel_id": "", "message_ts": "", "why": "", "led_to": "",
    }  # fmt: skip
