"""From a planned notification to what the message says of it: what it is about, where it stands, which entry helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.notifications import Planned
from bot.checkpoints.progress import next_prompt, progress
from bot.checkpoints.radar import read_radar
from bot.checkpoints.schedule import ask_of
from bot.checkpoints.services import Service
from bot.knowledge.library import Library
from bot.rendering.checkpoint_words import counts_line
from bot.rendering.nudges import Nudge
from bot.storage.ledger import Pages
from bot.usecases.checkpoint_overview import name_of

_CONTRACT_HELP = "guide/supplier-contracts"


@dataclass(frozen=True)
class Background:
    """What the notifications of one message are about."""

    services: Mapping[str, Service]
    checkpoints: Mapping[str, Checkpoint]
    evidence: Mapping[str, Evidence]


def background(pages: Pages, planned: Sequence[Planned]) -> Background:
    """Everything that these notifications are about, as it is now."""
    ids = {_checkpoint_id(one) for one in planned}
    pieces = {one.subject_id for one in planned if one.subject == "evidence"}
    return Background(
        pages.services.get_all({one.service_id for one in planned}),
        pages.checkpoints.get_all(ids - {""}),
        pages.evidence.get_all(pieces) if pieces else {},
    )


def is_needed(one: Planned, known: Background) -> bool:
    """Whether it still asks for something: the service is there, and its checkpoint waits for somebody."""
    service = known.services.get(one.service_id)
    if service is None or one.subject not in ("checkpoint", "action"):
        return service is not None
    checkpoint = known.checkpoints.get(_checkpoint_id(one))
    if checkpoint is None:
        return False
    if one.subject == "checkpoint":
        return ask_of(checkpoint, service) is not None
    actions = checkpoint.decision.actions if checkpoint.decision else ()
    return any(action.id == one.subject_id and action.done_at is None for action in actions)


def nudge_of(one: Planned, known: Background, library: Library, *, note: str = "") -> Nudge:
    """One part of the message."""
    service = known.services[one.service_id]
    checkpoint = known.checkpoints.get(_checkpoint_id(one))
    about = name_of(one, service, known.checkpoints)
    detail, help_id = "", ""
    if one.subject == "checkpoint" and checkpoint is not None:
        detail = f"{counts_line(progress(checkpoint, service))}."
        prompt = next_prompt(checkpoint, service) if one.ask == "answer" else None
        help_id = prompt.help if prompt else ""
    elif one.subject == "contract" and service.contract is not None:
        detail = read_radar(service.contract, service.route, today=day_of(one.send_at)).headline
        help_id = _CONTRACT_HELP
    elif one.subject == "evidence" and one.subject_id in known.evidence:
        about = f'"{known.evidence[one.subject_id].title}"'
    entry = library.get(help_id)
    return Nudge(one, about, service.name, detail, entry.id if entry else "", entry.title if entry else "", note)


def _checkpoint_id(one: Planned) -> str:
    if one.subject == "action":
        return one.subject_id.rpartition("-")[0]
    return one.subject_id if one.subject in ("checkpoint", "waiver") else ""
