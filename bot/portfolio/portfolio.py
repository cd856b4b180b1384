"""The portfolio: everything recorded about the services of one workspace, read in one moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.checkpoints.checkpoint import Checkpoint, Event
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.panel_notes import PanelNote
from bot.checkpoints.radar import Radar, read_radar
from bot.checkpoints.services import PHASES, Service
from bot.knowledge.shelf_lives import ShelfLife, shipped_shelf_lives


@dataclass(frozen=True)
class Portfolio:
    """
    Services by name, and what is recorded about them.

    ``checkpoints`` are by the service's id and then by date. ``history`` holds the lines of the append-only history
    that are counted over time (decisions, actions done), ``notes`` what panels noted, the oldest first. ``receipts``
    are the codes of the receipts of each checkpoint, the oldest first. ``evidence_of`` says for which service a piece
    of evidence was added first.
    """

    services: tuple[Service, ...] = ()
    checkpoints: Mapping[str, tuple[Checkpoint, ...]] = field(default_factory=dict)
    history: tuple[Event, ...] = ()
    receipts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    evidence_of: Mapping[str, str] = field(default_factory=dict)
    lives: Mapping[str, ShelfLife] = field(default_factory=shipped_shelf_lives)
    notes: tuple[PanelNote, ...] = ()

    def of(self, service: Service) -> tuple[Checkpoint, ...]:
        """The checkpoints of a service, by date."""
        return self.checkpoints.get(service.id, ())


def radars(portfolio: Portfolio, *, today: dt.date) -> dict[str, Radar]:
    """The contract radar of every service that has a contract and is not retired, by the service's id."""
    return {
        one.id: read_radar(one.contract, one.route, today=today)
        for one in portfolio.services
        if one.contract is not None and one.phase != PHASES[-1]
    }


def is_leader(user_id: str, portfolio_sponsors: frozenset[str], admins: frozenset[str]) -> bool:
    """
    Whether somebody may look across: the sponsor of any service, or an administrator named in the settings.

    Where no administrator is named nobody is one. This is the whole rule of who is a leader; docs/decisions/0014.
    """
    return user_id in portfolio_sponsors or user_id in admins
