"""Evidence: what shows that points are met, once for the whole workspace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from bot.checkpoints.evidence import Evidence
from bot.storage.bodies import evidence_body, read_evidence
from bot.storage.checkpoint_tables import evidence
from bot.storage.columns import utc
from bot.storage.dialects import insert_or_update


class EvidenceShelf:
    """The evidence of one workspace."""

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self._connection = connection
        self._workspace = workspace_id

    def get_all(self, ids: Iterable[str]) -> dict[str, Evidence]:
        """The pieces with these ids, by id; what is not there is left out."""
        asked = select(evidence.c.body).where(evidence.c.workspace_id == self._workspace, evidence.c.id.in_(list(ids)))
        found = (read_evidence(body) for body in self._connection.execute(asked).scalars())
        return {piece.id: piece for piece in found}

    def of_service(self, service_id: str) -> list[Evidence]:
        """The pieces that were added for a service, the newest first."""
        asked = select(evidence.c.body).where(
            evidence.c.workspace_id == self._workspace, evidence.c.service_id == service_id
        )
        return self._newest_first(read_evidence(body) for body in self._connection.execute(asked).scalars())

    def recent(self, most: int) -> list[Evidence]:
        """The pieces that were added or renewed last."""
        asked = select(evidence.c.body).where(evidence.c.workspace_id == self._workspace)
        asked = asked.order_by(evidence.c.changed_at.desc(), evidence.c.id).limit(most)
        return [read_evidence(body) for body in self._connection.execute(asked).scalars()]

    def all(self) -> list[Evidence]:
        """Every piece, the newest first."""
        asked = select(evidence.c.body).where(evidence.c.workspace_id == self._workspace)
        return self._newest_first(read_evidence(body) for body in self._connection.execute(asked).scalars())

    def homes(self) -> dict[str, str]:
        """The service for which each piece was added first, by the piece's id."""
        asked = select(evidence.c.id, evidence.c.service_id).where(evidence.c.workspace_id == self._workspace)
        return {id: service_id for id, service_id in self._connection.execute(asked)}

    def home_of(self, evidence_id: str) -> str:
        """The service for which a piece was added first; empty where there is no such piece."""
        asked = select(evidence.c.service_id).where(
            evidence.c.workspace_id == self._workspace, evidence.c.id == evidence_id
        )
        return str(self._connection.execute(asked).scalar_one_or_none() or "")

    def keep(self, piece: Evidence, service_id: str, *, at: datetime) -> None:
        """Keep a piece, new or renewed; *service_id* is where it was added. Raises: ValueError: naive *at*."""
        row = {
            "workspace_id": self._workspace,
            "id": piece.id,
            "service_id": service_id,
            "body": evidence_body(piece),
            "changed_at": utc(at),
        }
        insert_or_update(self._connection, evidence, row, only_if=evidence.c.id.is_not(None))

    def _newest_first(self, pieces: Iterable[Evidence]) -> list[Evidence]:
        return sorted(pieces, key=lambda piece: (piece.dated_on, piece.id), reverse=True)
