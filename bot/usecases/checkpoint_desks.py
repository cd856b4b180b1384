"""The desks of checkpoints together, as the listeners are lent them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.usecases.checkpoint_blind import BlindDesk
from bot.usecases.checkpoint_decisions import DecisionDesk
from bot.usecases.checkpoint_evidence import EvidenceDesk
from bot.usecases.checkpoint_overview import OverviewDesk
from bot.usecases.checkpoint_quiet import QuietDesk
from bot.usecases.checkpoint_rules import Rules
from bot.usecases.checkpoint_services import ServiceDesk
from bot.usecases.checkpoint_walk import WalkDesk
from bot.usecases.steps import StepDesk


@dataclass(frozen=True)
class CheckpointDesks:
    """Everything that teams and sponsors can do with checkpoints."""

    services: ServiceDesk
    walk: WalkDesk
    decisions: DecisionDesk
    overview: OverviewDesk
    evidence: EvidenceDesk
    blind: BlindDesk
    steps: StepDesk
    quiet: QuietDesk


def open_desks(rules: Rules) -> CheckpointDesks:
    """All desks over the same rules."""
    return CheckpointDesks(
        ServiceDesk(rules), WalkDesk(rules), DecisionDesk(rules), OverviewDesk(rules), EvidenceDesk(rules),
        BlindDesk(rules), StepDesk(rules), QuietDesk(rules),
    )  # fmt: skip
