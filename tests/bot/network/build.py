"""Parties, records and shares for tests, with defaults for all that a test does not talk about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.network.sharing import Party, Record, Shares

LEEDS, YORK = Party("T1", "LDS"), Party("T2", "YOR")


def make_record(party: Party = LEEDS, **fields: Any) -> Record:
    defaults: dict[str, Any] = {
        "service_id": "s1",
        "area": "parking",
        "council": "Leeds City Council",
        "name": "Parking permits",
        "phase": "live",
        "route": "bought",
        "system": "Acme Pay",
        "supplier": "Acme",
        "contract_end": dt.date(2028, 3, 31),
        "points_met": ("service-standard/05",),
    }
    return Record(party, **defaults | fields)


def make_shares(*fields: str, party: Party = LEEDS, contact: str = "") -> Shares:
    return Shares(party, frozenset(fields), contact)  # type: ignore[arg-type]
