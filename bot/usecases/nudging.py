"""From a planned notification to what the message says of it: what it is about, where it stands, which entry helps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.checkpoints.blind import Round, waiting_for
from bot.checkpoints.blind_schedule import round_id_of
from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import ANSWERABLE, Checkpoint
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.notifications import Planned
from bot.checkpoints.progress import current, next_prompt, progress
from bot.checkpoints.radar import read_radar
from bot.checkpoints.schedule import ask_of
from bot.checkpoints.services import Service
from bot.knowledge.library import Library
from bot.portfolio.concerns import Concern, concerns
from bot.rendering.checkpoint_blind import end_line
from bot.rendering.checkpoint_words import counts_line, title_of
from bot.rendering.nudges import Nudge
from bot.storage.ledger import Pages
from bot.usecases.checkpoint_overview import name_of, with_rounds

_CONTRACT_HELP = "guide/supplier-contracts"
_MOST_POINTS = 5


@dataclass(frozen=True)
class Background:
    """
    What the notifications of one message are about. The checkpoint of a blind round is there by its id too; ``relying``
    is by the id of a piece of evidence.
    """

    services: Mapping[str, Service]
    checkpoints: Mapping[str, Checkpoint]
    evidence: Mapping[str, Evidence]
    rounds: Mapping[str, Round] = field(default_factory=dict)
    relying: Mapping[str, Sequence[Checkpoint]] = field(default_factory=dict)
    everything: Mapping[str, Sequence[Checkpoint]] = field(default_factory=dict)
    """All checkpoints of the services that a digest is about, by the service's id."""


def background(pages: Pages, planned: Sequence[Planned]) -> Background:
    """Everything that these notifications are about, as it is now."""
    rounds = pages.blind.get_all(sorted({round_id_of(one) for one in planned if one.subject == "blind"}))
    ids = {_checkpoint_id(one) for one in planned} | {one.checkpoint_id for one in rounds.values()}
    pieces = {one.subject_id for one in planned if one.subject == "evidence"}
    checkpoints = pages.checkpoints.get_all(ids - {""})
    digests = sorted({one.service_id for one in planned if one.subject == "digest"})
    everything: dict[str, list[Checkpoint]] = {id: [] for id in digests}
    for one in pages.checkpoints.of_services(digests):
        everything[one.service_id].append(one)
    return Background(
        pages.services.get_all({one.service_id for one in planned}),
        with_rounds(checkpoints, rounds.values()),
        pages.evidence.get_all(pieces) if pieces else {},
        rounds,
        {piece: current(pages.checkpoints.relying_on(piece)) for piece in pieces},
        everything,
    )


def is_needed(one: Planned, known: Background, *, today: dt.date) -> bool:
    """Whether it still asks for something: its checkpoint waits for somebody, its digest has an exception."""
    service = known.services.get(one.service_id)
    if one.subject == "blind":
        return service is not None and _is_needed_blind(one, known)
    if service is not None and one.subject == "digest":
        return one.owner_id == service.sponsor_id and bool(_concerns(service, known, today=today))
    if service is None or one.subject not in ("checkpoint", "action"):
        return service is not None
    checkpoint = known.checkpoints.get(_checkpoint_id(one))
    if checkpoint is None:
        return False
    if one.subject == "checkpoint":
        return ask_of(checkpoint, service) is not None
    actions = checkpoint.decision.actions if checkpoint.decision else ()
    return any(action.id == one.subject_id and action.done_at is None for action in actions)


def _is_needed_blind(one: Planned, known: Background) -> bool:
    """Whether a round still waits for this person, or has ended and the team has not heard of it."""
    round, checkpoint = known.rounds.get(round_id_of(one)), known.checkpoints.get(round_id_of(one))
    if round is None or checkpoint is None or checkpoint.state not in ANSWERABLE:
        return False
    if one.ask == "rate the points":
        return round.state == "open" and one.owner_id in waiting_for(round)
    return round.state == "closed" and not round.told


def nudge_of(one: Planned, known: Background, library: Library, *, today: dt.date, note: str = "") -> Nudge:
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
    elif one.subject == "blind" and one.ask != "rate the points":
        detail = end_line(known.rounds[round_id_of(one)])
    elif one.subject == "digest":
        lines = tuple(concern.text for concern in _concerns(service, known, today=today))
        return Nudge(one, about, service.name, note=note, lines=lines)
    elif one.subject == "evidence" and one.subject_id in known.evidence:
        about = f'"{known.evidence[one.subject_id].title}"'
        detail = _knock_ons(one, known.relying.get(one.subject_id, ()))
    entry = library.get(help_id)
    return Nudge(one, about, service.name, detail, entry.id if entry else "", entry.title if entry else "", note)


def _knock_ons(one: Planned, relying: Sequence[Checkpoint]) -> str:
    """The points of the service that rely on the piece, so that the team knows what it has to look at again."""
    points = [
        f"{prompt.question} ({title_of(checkpoint)})"
        for checkpoint in relying
        if checkpoint.service_id == one.service_id
        for prompt in checkpoint.template.prompts
        if (answer := checkpoint.answers.get(prompt.id)) and one.subject_id in answer.evidence_ids
    ]
    more = f" and {len(points) - _MOST_POINTS} more" if len(points) > _MOST_POINTS else ""
    count = "1 point relies" if len(points) == 1 else f"{len(points)} points rely"
    return f"{count} on it: {' '.join(points[:_MOST_POINTS])}{more}" if points else ""


def _concerns(service: Service, known: Background, *, today: dt.date) -> tuple[Concern, ...]:
    radar = read_radar(service.contract, service.route, today=today) if service.contract else None
    return concerns(service, known.everything.get(service.id, ()), radar, today=today)


def _checkpoint_id(one: Planned) -> str:
    if one.subject == "action":
        return one.subject_id.rpartition("-")[0]
    return one.subject_id if one.subject in ("checkpoint", "waiver") else ""
