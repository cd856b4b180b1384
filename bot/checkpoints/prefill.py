"""What is known already, put before the person as a draft: earlier answers of the same service, and its register entry.

A draft is never an answer: somebody has to read and save it, and the saved answer says where its text came from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import LONGEST_NOTE, Answer, Checkpoint
from bot.checkpoints.dates import add_months, in_words
from bot.checkpoints.evidence import Evidence, has_expired
from bot.checkpoints.progress import left
from bot.checkpoints.services import Contract, Service
from bot.checkpoints.templates import FrozenPrompt
from bot.knowledge.shelf_lives import ShelfLife

CONTRACT_HELP: Final = "guide/supplier-contracts"
"""A prompt whose helping entry is this one is about the contract, so that the register's dates are put before it."""


@dataclass(frozen=True)
class Draft:
    """A text for one prompt and where it comes from (``source`` goes into ``Given.prefilled`` when it is saved)."""

    prompt_id: str
    note: str
    evidence_ids: tuple[str, ...]
    source: str


def drafts(
    checkpoint: Checkpoint,
    service: Service,
    earlier: Iterable[Checkpoint],
    evidence: Mapping[str, Evidence],
    *,
    today: dt.date,
    lives: Mapping[str, ShelfLife],
) -> dict[str, Draft]:
    """
    A draft for each prompt not answered yet about which something is known, by prompt id.

    Args: earlier: other checkpoints of the workspace; those of other services are left out. evidence: by id; what has
        expired is not offered again.
    """
    known = _latest_answers(checkpoint, earlier)
    found: dict[str, Draft] = {}
    for prompt in left(checkpoint, service):
        if prompt.id in checkpoint.answers:
            continue
        draft = _from_answer(prompt, known.get(prompt.id), evidence, today, lives)
        draft = draft or _from_contract(prompt, service.contract)
        if draft is not None:
            found[prompt.id] = draft
    return found


def _latest_answers(checkpoint: Checkpoint, earlier: Iterable[Checkpoint]) -> dict[str, tuple[str, Answer]]:
    """By prompt id: where the newest answer to it was given, and the answer."""
    newest: dict[str, tuple[str, Answer]] = {}
    for other in earlier:
        if other.id == checkpoint.id or other.service_id != checkpoint.service_id:
            continue
        for answer in other.answers.values():
            if answer.prompt_id not in newest or newest[answer.prompt_id][1].at < answer.at:
                newest[answer.prompt_id] = (other.template.title, answer)
    return newest


def _from_answer(
    prompt: FrozenPrompt,
    known: tuple[str, Answer] | None,
    evidence: Mapping[str, Evidence],
    today: dt.date,
    lives: Mapping[str, ShelfLife],
) -> Draft | None:
    if known is None:
        return None
    title, answer = known
    fresh = tuple(
        id for id in answer.evidence_ids if id in evidence and not has_expired(evidence[id], lives, today=today)
    )
    if not answer.note.strip() and not fresh:
        return None
    return Draft(prompt.id, answer.note, fresh, f"{title}, answered on {in_words(day_of(answer.at))}")


def _from_contract(prompt: FrozenPrompt, contract: Contract | None) -> Draft | None:
    if contract is None or prompt.help != CONTRACT_HELP:
        return None
    lines = [f"{contract.supplier}: ends on {in_words(contract.ends_on)}."]
    if contract.notice_months:
        notice = in_words(add_months(contract.ends_on, -contract.notice_months))
        lines.append(f"Notice: {contract.notice_months} months, so by {notice}.")
    if contract.extensions:
        lines.append(f"Extension options, in months: {', '.join(str(months) for months in contract.extensions)}.")
    return Draft(prompt.id, " ".join(lines)[:LONGEST_NOTE], (), "the contract in the register")
