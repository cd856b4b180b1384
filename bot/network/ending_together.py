"""Contracts for one need or system that end near each other, so that nobody buys alone what neighbours will buy too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.checkpoints.dates import add_months
from bot.checkpoints.radar import read_radar
from bot.checkpoints.services import Service
from bot.network.aliases import Aliases
from bot.network.alike import is_alike
from bot.network.sharing import Listing

WINDOW: Final = dt.timedelta(days=183)
"""How far apart two ends may be to be bought for together: half a year, which an extension or a bridge can close."""
HORIZON_MONTHS: Final = 48
"""How far ahead is looked: a framework call-off and a move take longer than two years where a contract is large."""


@dataclass(frozen=True)
class Neighbour:
    """A contract of another council, how many days after the own one it ends, and what is the same as there."""

    listing: Listing
    days_after: int
    same_supplier: bool
    same_system: bool = False


@dataclass(frozen=True)
class Together:
    """An own contract with its neighbours, the nearest end first."""

    service: Service
    ends_on: dt.date
    decide_by: dt.date
    neighbours: tuple[Neighbour, ...]


def ending_together(
    own: Iterable[Service],
    others: Sequence[Listing],
    aliases: Aliases,
    *,
    today: dt.date,
    window: dt.timedelta = WINDOW,
) -> list[Together]:
    """The own contracts that end from today on and have a neighbour, the one to decide on first first."""
    found = [_together(service, others, aliases, today, window) for service in own]
    return sorted((one for one in found if one), key=lambda one: (one.decide_by, one.service.id))


def is_same_need(service: Service, listing: Listing, aliases: Aliases) -> bool:
    """
    Whether a contract elsewhere is for what a service is for: by area, as written or as judged, or because both run on
    one system. One supplier says nothing of the need, for many sell several systems.
    """
    area = service.service_area or service.name
    return (
        _same_system(service, listing, aliases)
        or aliases.is_same("area", area, listing.area)
        or is_alike(area, listing.area)
    )


def _together(
    service: Service, others: Sequence[Listing], aliases: Aliases, today: dt.date, window: dt.timedelta
) -> Together | None:
    contract = service.contract
    if contract is None or service.phase == "retired":
        return None
    if not today <= contract.ends_on <= add_months(today, HORIZON_MONTHS):
        return None
    near = [
        Neighbour(
            one,
            (one.contract_end - contract.ends_on).days,
            _same_supplier(contract.supplier, one, aliases),
            _same_system(service, one, aliases),
        )
        for one in others
        if one.contract_end is not None
        and one.contract_end >= today
        and abs(one.contract_end - contract.ends_on) <= window
        and is_same_need(service, one, aliases)
    ]
    if not near:
        return None
    near.sort(key=lambda one: (abs(one.days_after), str(one.listing.council), str(one.listing.name)))
    decide_by = read_radar(contract, service.route, today=today).decide_by
    return Together(service, contract.ends_on, decide_by, tuple(near))


def _same_supplier(supplier: str, listing: Listing, aliases: Aliases) -> bool:
    return listing.supplier is not None and aliases.is_same("supplier", supplier, listing.supplier)


def _same_system(service: Service, listing: Listing, aliases: Aliases) -> bool:
    return listing.system is not None and aliases.is_same("system", service.system, listing.system)
