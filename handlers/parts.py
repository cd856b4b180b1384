"""What the listeners are lent: the use cases, the moment now, and a few settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from slack_sdk import WebClient

from bot.metrics import Metrics
from bot.storage.deliveries import Deliveries
from bot.usecases.administration import Administration
from bot.usecases.advise import Advisor
from bot.usecases.awaiting import AwaitingDesk
from bot.usecases.checkpoint_desks import CheckpointDesks
from bot.usecases.doorkeeping import Doorkeeper
from bot.usecases.network_desks import NetworkDesks
from bot.usecases.personal import PersonalDesk
from bot.usecases.portfolio import PortfolioDesk
from bot.usecases.selftest_desk import SelfTestDesk


@dataclass(frozen=True)
class Parts:
    """The parts of one running Advisor. ``now`` gives an aware datetime;

    ``erase`` deletes what is kept of a workspace, its tokens too; it does nothing, and says so, where the workspace has
    installed Advisor again since the moment given. ``client_of`` gives the client of a workspace other than the one
    that sent the request.
    """

    advisor: Advisor
    awaiting: AwaitingDesk
    checkpoints: CheckpointDesks
    portfolio: PortfolioDesk
    network: NetworkDesks
    deliveries: Deliveries
    selftest: SelfTestDesk
    administration: Administration
    doorkeeper: Doorkeeper
    personal: PersonalDesk
    now: Callable[[], dt.datetime]
    erase: Callable[[str, dt.datetime], bool]
    client_of: Callable[[str], WebClient]
    standing: Callable[[], Mapping[str, str]] = dict
    metrics: Metrics = field(default_factory=Metrics)
    help_channel: str | None = None
    agent_features: bool = False
