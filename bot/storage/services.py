"""Services: what they are now, and every change of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select

from bot.checkpoints.services import Change, Service
from bot.storage.bodies import read_service, service_body
from bot.storage.checkpoint_tables import service_changes, services
from bot.storage.columns import utc
from bot.storage.dialects import insert_or_update


@dataclass(frozen=True)
class Changed:
    """One line of a service's history as it is kept."""

    who: str
    at: datetime
    change: Change


class Services:
    """The services of one workspace."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    @staticmethod
    def workspaces(connection: Connection) -> list[str]:
        """The ids of the workspaces that have a service."""
        asked = select(services.c.workspace_id).distinct().order_by(services.c.workspace_id)
        return list(connection.execute(asked).scalars())

    def get(self, service_id: str) -> Service | None:
        """The service, or None."""
        return next(iter(self._where(services.c.id == service_id)), None)

    def get_all(self, ids: Iterable[str]) -> dict[str, Service]:
        """The services with these ids, by id; what is not there is left out."""
        return {one.id: one for one in self._where(services.c.id.in_(list(ids)))}

    def lock(self, service_id: str) -> Service | None:
        """The service, and everybody else who locks it waits until this transaction ends."""
        return next(iter(self._where(services.c.id == service_id, lock=True)), None)

    def sponsors(self) -> frozenset[str]:
        """Everybody who is the sponsor of a service."""
        asked = select(services.c.sponsor_id).where(services.c.workspace_id == self._workspace).distinct()
        return frozenset(self._connection.execute(asked).scalars())

    def in_channel(self, channel_id: str) -> list[Service]:
        """The services that work in a channel, by name."""
        return self._where(services.c.channel_id == channel_id)

    def of_person(self, user_id: str) -> list[Service]:
        """The services that a person owns or sponsors, by name."""
        return self._where(or_(services.c.owner_id == user_id, services.c.sponsor_id == user_id))

    def all(self) -> list[Service]:
        """Every service, by name."""
        return self._where()

    def usual_council(self) -> str:
        """The council of the service that was changed last: most workspaces belong to one."""
        asked = select(services.c.body).where(services.c.workspace_id == self._workspace)
        body = self._connection.execute(asked.order_by(services.c.changed_at.desc()).limit(1)).scalar_one_or_none()
        return read_service(body).council if body else ""

    def keep(self, service: Service, changes: Sequence[Change], *, who: str, at: datetime) -> None:
        """Keep the service as it is now, and what changed. Raises: ValueError: *at* has no time zone."""
        row = {
            "workspace_id": self._workspace,
            "id": service.id,
            "channel_id": service.channel_id,
            "owner_id": service.owner_id,
            "sponsor_id": service.sponsor_id,
            "name": service.name,
            "body": service_body(service),
            "changed_at": utc(at),
        }
        always = services.c.id.is_not(None)
        insert_or_update(self._connection, services, row, only_if=always)
        self._write_changes(service.id, changes, who=who, at=utc(at))

    def history(self, service_id: str) -> list[Changed]:
        """Every change of a service, the oldest first."""
        asked = select(service_changes).where(*self._changes_of(service_id)).order_by(service_changes.c.number)
        return [
            Changed(row["who"], row["made_at"], Change(row["field"], row["before"], row["after"]))
            for row in self._connection.execute(asked).mappings()
        ]

    def _write_changes(self, service_id: str, changes: Iterable[Change], *, who: str, at: datetime) -> None:
        asked = select(func.coalesce(func.max(service_changes.c.number), 0)).where(*self._changes_of(service_id))
        last = self._connection.execute(asked).scalar_one()
        same = {"workspace_id": self._workspace, "service_id": service_id, "who": who, "made_at": at}
        rows = [
            {**same, "number": number, "field": one.field, "before": one.before, "after": one.after}
            for number, one in enumerate(changes, last + 1)
        ]
        if rows:
            self._connection.execute(insert(service_changes), rows)

    def _where(self, *conditions: ColumnElement[bool], lock: bool = False) -> list[Service]:
        asked = select(services.c.body).where(services.c.workspace_id == self._workspace, *conditions)
        asked = asked.order_by(services.c.name, services.c.id)
        if lock:
            asked = asked.with_for_update()
        return [read_service(body) for body in self._connection.execute(asked).scalars()]

    def _changes_of(self, service_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return service_changes.c.workspace_id == self._workspace, service_changes.c.service_id == service_id
