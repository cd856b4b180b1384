"""The desks of the network together, as the listeners are lent them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.access.roles import Act
from bot.storage.commons import Commons
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.contracts_together import ContractsDesk
from bot.usecases.introducing import IntroductionDesk
from bot.usecases.network_reuse import ReuseDesk
from bot.usecases.network_sharing import SharingDesk
from bot.usecases.peer_review import ReviewDesk

May = Callable[[str, str, Act], bool]
"""Whether somebody (workspace, user) may do something that is for a role alone."""


@dataclass(frozen=True)
class NetworkDesks:
    """Everything that councils do with each other."""

    sharing: SharingDesk
    reuse: ReuseDesk
    introductions: IntroductionDesk
    contracts: ContractsDesk
    reviews: ReviewDesk


def open_network(rules: Rules, commons: Commons, may: May) -> NetworkDesks:
    """All desks over the same rules."""
    return NetworkDesks(
        SharingDesk(rules, commons, lambda workspace, user: may(workspace, user, "share_more")),
        ReuseDesk(rules, commons),
        IntroductionDesk(rules, commons),
        ContractsDesk(rules, commons, lambda workspace, user: may(workspace, user, "judge_names")),
        ReviewDesk(rules, commons),
    )
