"""Sharing: what councils share, every change of that, and a line for each disclosure."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, insert, select

from bot.network.sharing import FIELDS, Field, Party, Shares, Viewer
from bot.storage.columns import utc
from bot.storage.dialects import insert_or_update
from bot.storage.network_tables import disclosures, sharing, sharing_changes
from bot.storage.people import person_hash

Occasion = Literal["who else", "introduction", "introduced", "contracts ending together", "names alike", "peer review"]
_ID_BYTES = 12


@dataclass(frozen=True)
class Disclosure:
    """One line of the log: who (a user of the same workspace, or a hash) saw which fields of a service, when."""

    party: Party
    service_id: str
    fields: tuple[Field, ...]
    seen_by: str
    seen_from: tuple[str, ...]
    occasion: str
    at: datetime


class Sharing:
    """What is shared in every workspace of this installation."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Shares]:
        """The shares of every party that shares anything, in a fixed order."""
        asked = select(sharing).order_by(sharing.c.workspace_id, sharing.c.council)
        found = [_read(row) for row in self._connection.execute(asked).mappings()]
        return [one for one in found if one.fields]

    def of(self, party: Party) -> Shares:
        """What a party shares; nothing where it never said so."""
        asked = select(sharing).where(sharing.c.workspace_id == party.workspace_id, sharing.c.council == party.council)
        row = self._connection.execute(asked).mappings().first()
        return Shares(party) if row is None else _read(row)

    def lock(self, parties: Iterable[Party]) -> None:
        """Let everybody else who locks one of these parties wait until this transaction ends."""
        for party in sorted(set(parties)):
            asked = select(sharing.c.council).where(
                sharing.c.workspace_id == party.workspace_id, sharing.c.council == party.council
            )
            self._connection.execute(asked.with_for_update()).first()

    def keep(self, shares: Shares, *, who: str, at: datetime) -> None:
        """Keep what a party shares from now on, and that it changed. Raises: ValueError: *at* has no time zone."""
        party, before = shares.party, self.of(shares.party)
        if before == shares:
            return
        key = {"workspace_id": party.workspace_id, "council": party.council}
        row = {**key, "fields": _sorted(shares.fields), "contact": shares.contact, "changed_by": who}
        always = sharing.c.council.is_not(None)
        insert_or_update(self._connection, sharing, {**row, "changed_at": utc(at)}, only_if=always)
        last = select(func.coalesce(func.max(sharing_changes.c.number), 0)).where(
            sharing_changes.c.workspace_id == party.workspace_id, sharing_changes.c.council == party.council
        )
        number = self._connection.execute(last).scalar_one() + 1
        line = {**key, "number": number, "who": who, "made_at": utc(at)}
        both = {"before": _sorted(before.fields), "after": _sorted(shares.fields)}
        self._connection.execute(insert(sharing_changes).values(**line, **both))

    def note(
        self, seen: Iterable[tuple[Party, str, Iterable[Field]]], viewer: Viewer, *, occasion: Occasion, at: datetime
    ) -> None:
        """Write a line for each service that *viewer* sees something of: (party, service id, fields)."""
        abroad = ""
        rows = []
        for party, service_id, fields in seen:
            if party.workspace_id != viewer.workspace_id and not abroad:
                abroad = person_hash(self._connection, viewer.workspace_id, viewer.user_id)
            rows.append(
                {
                    "workspace_id": party.workspace_id,
                    "id": secrets.token_hex(_ID_BYTES),
                    "council": party.council,
                    "service_id": service_id,
                    "fields": _sorted(fields),
                    "seen_by": viewer.user_id if party.workspace_id == viewer.workspace_id else abroad,
                    "seen_from": " ".join(sorted(viewer.councils)),
                    "occasion": occasion,
                    "made_at": utc(at),
                }
            )
        if rows:
            self._connection.execute(insert(disclosures), rows)

    def disclosed(self, party: Party, *, most: int = 100) -> list[Disclosure]:
        """Who saw what of a party, the newest first."""
        asked = (
            select(disclosures)
            .where(disclosures.c.workspace_id == party.workspace_id, disclosures.c.council == party.council)
            .order_by(disclosures.c.made_at.desc(), disclosures.c.id)
            .limit(most)
        )
        return [
            Disclosure(
                party,
                row["service_id"],
                tuple(row["fields"]),
                row["seen_by"],
                tuple(row["seen_from"].split()),
                row["occasion"],
                row["made_at"],
            )
            for row in self._connection.execute(asked).mappings()
        ]


def _read(row: object) -> Shares:
    kept = dict(row)  # type: ignore[call-overload]
    fields = frozenset(one for one in FIELDS if one in kept["fields"])
    return Shares(Party(kept["workspace_id"], kept["council"]), fields, kept["contact"])


def _sorted(fields: Iterable[Field]) -> Sequence[Field]:
    wanted = frozenset(fields)
    return [one for one in FIELDS if one in wanted]
