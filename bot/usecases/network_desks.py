"""The desks of the network together, as the listeners are lent them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.storage.commons import Commons
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.contracts_together import ContractsDesk
from bot.usecases.introducing import IntroductionDesk
from bot.usecases.network_reuse import ReuseDesk
from bot.usecases.network_sharing import IsAdmin, SharingDesk
from bot.usecases.peer_review import ReviewDesk


@dataclass(frozen=True)
class NetworkDesks:
    """Everything that councils do with each other."""

    sharing: SharingDesk
    reuse: ReuseDesk
    introductions: IntroductionDesk
    contracts: ContractsDesk
    reviews: ReviewDesk


def open_network(rules: Rules, commons: Commons, is_admin: IsAdmin) -> NetworkDesks:
    """All desks over the same rules."""
    return NetworkDesks(
        SharingDesk(rules, commons, is_admin),
        ReuseDesk(rules, commons),
        IntroductionDesk(rules, commons),
        ContractsDesk(rules, commons, is_admin),
        ReviewDesk(rules, commons),
    )
