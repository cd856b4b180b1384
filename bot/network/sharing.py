"""What a council shares of its services, and the one filter through which anything of them reaches another council."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.services import Phase, Service
from bot.knowledge.entry import Route
from bot.network.points import points_met

Field = Literal["name", "phase", "route", "system", "supplier", "contract_end", "points_met", "contact"]
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
LONGEST_CONTACT: Final = 150


@dataclass(frozen=True, order=True)
class Party:
    """A council within one workspace: who shares, and to whom something is shown."""

    workspace_id: str
    council: str


@dataclass(frozen=True)
class Shares:
    """What one party shares: nothing, until it says so."""

    party: Party
    fields: frozenset[Field] = frozenset()
    contact: str = ""


@dataclass(frozen=True)
class Viewer:
    """Who looks, and the councils of their workspace for which they speak."""

    workspace_id: str
    user_id: str
    councils: frozenset[str] = frozenset()

    def is_own(self, party: Party) -> bool:
        """Whether a party is the viewer's own side."""
        return party.workspace_id == self.workspace_id and party.council in self.councils


@dataclass(frozen=True)
class Record:
    """Everything of one service that could ever be shared. It never leaves the corridor that disclosed it."""

    party: Party
    service_id: str
    area: str
    council: str
    name: str
    phase: Phase
    route: Route
    system: str = ""
    supplier: str = ""
    contract_end: dt.date | None = None
    points_met: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """
    A service as another council may see it: a field that is not shared is None, whatever stands in it.

    ``area`` is always there, for by it a service is found; ``council`` goes with its name.
    """

    area: str
    fields: frozenset[Field] = field(default_factory=frozenset)
    council: str | None = None
    name: str | None = None
    phase: Phase | None = None
    route: Route | None = None
    system: str | None = None
    supplier: str | None = None
    contract_end: dt.date | None = None
    points_met: tuple[str, ...] | None = None
    contact: str | None = None


def record_of(service: Service, checkpoints: Iterable[Checkpoint], *, council: str) -> Record:
    """A service with its points as they are signed off; *council* is the name behind its code."""
    contract = service.contract
    return Record(
        party=Party(service.workspace_id, service.council),
        service_id=service.id,
        area=service.service_area,
        council=council,
        name=service.name,
        phase=service.phase,
        route=service.route,
        system=service.system,
        supplier=contract.supplier if contract else "",
        contract_end=contract.ends_on if contract else None,
        points_met=points_met(checkpoints, service),
    )


def disclose(
    record: Record,
    shares: Shares,
    *,
    only: Collection[Field] = FIELDS,
    agreed: Collection[Field] = (),
) -> Listing | None:
    """
    THE filter: what of *record* another council may see; None where that is nothing.

    Args: only: what the occasion needs, for no more than that is disclosed; agreed: fields that the council has given
        for this one occasion (an introduction to which it said yes), beyond what it shares with all.
    Raises: ValueError: *shares* are those of another party.
    """
    if shares.party != record.party:
        raise ValueError("a record was held against the shares of another council")
    fields = frozenset(one for one in FIELDS if one in only and (one in shares.fields or one in agreed))
    values: Mapping[Field, Mapping[str, object]] = {
        "name": {"name": record.name, "council": record.council},
        "phase": {"phase": record.phase},
        "route": {"route": record.route},
        "system": {"system": record.system},
        "supplier": {"supplier": record.supplier},
        "contract_end": {"contract_end": record.contract_end},
        "points_met": {"points_met": record.points_met},
        "contact": {"contact": shares.contact},
    }
    given = {name: value for one in fields for name, value in values[one].items()}
    return Listing(area=record.area, fields=fields, **given) if fields else None  # type: ignore[arg-type]


def viewer_of(workspace_id: str, user_id: str, services: Iterable[Service]) -> Viewer:
    """
    Who somebody is to the network. In a workspace of one council everybody speaks for it; where several councils share
    a workspace, whoever owns or sponsors a service of one does.

    Args: services: all of the workspace.
    """
    here = list(services)
    councils = frozenset(one.council for one in here)
    if len(councils) > 1:
        councils = frozenset(one.council for one in here if user_id in (one.owner_id, one.sponsor_id))
    return Viewer(workspace_id, user_id, councils)


def may_open(user_id: str, council: str, services: Iterable[Service], *, is_admin: bool) -> bool:
    """
    Whether somebody may share more of a council: an administrator, or an owner or sponsor of its services.

    Where several councils share a workspace only an administrator may: anybody there can start a service in the name of
    any council, and must not open that council's records by it.
    Args: services: all of the workspace.
    """
    here = list(services)
    if council not in {one.council for one in here}:
        return False
    alone = len({one.council for one in here}) == 1
    return is_admin or (alone and may_close(user_id, council, here, is_admin=False))


def may_close(user_id: str, council: str, services: Iterable[Service], *, is_admin: bool) -> bool:
    """Whether somebody may share less of a council: an administrator, or an owner or sponsor of one of its services."""
    return is_admin or any(one.council == council and user_id in (one.owner_id, one.sponsor_id) for one in services)


def shared_more(before: Shares, after: Shares) -> bool:
    """Whether anything is shared after that was not before; the text of the contact counts where it is shared."""
    moved = "contact" in after.fields and after.contact != before.contact
    return bool(after.fields - before.fields) or moved
