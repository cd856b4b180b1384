"""Evidence has a shelf life: what it is, when it expires, and which points have to be looked at again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.checkpoints.checkpoint import Answer, Checkpoint, Event, EventKind, Step
from bot.checkpoints.dates import add_months, check_aware, how_far, in_words
from bot.checkpoints.links import link_fault
from bot.checkpoints.refusals import Refused
from bot.knowledge.shelf_lives import DOCUMENT, ShelfLife

LONGEST_TITLE: Final = 150


@dataclass(frozen=True)
class Evidence:
    """
    Something that shows a point is met; one piece can serve many points and services of a workspace.

    ``dated_on`` is the day of the evidence itself (of the audit, not of typing it in). ``link`` has a scheme, or is
    empty where a note is all there is. Renewing keeps the id: what relied on it relies on the newer one.
    """

    id: str
    workspace_id: str
    type: str
    title: str
    link: str
    dated_on: dt.date
    added_by: str
    added_at: dt.datetime


@dataclass(frozen=True)
class Reliance:
    """One place that relies on a piece of evidence: a prompt of a checkpoint of a service, and its standard points."""

    service_id: str
    checkpoint_id: str
    prompt_id: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class KnockOn:
    """A piece of evidence that expires (or has), and all that relies on it and will have to be checked again."""

    evidence: Evidence
    expires_on: dt.date
    relied_on_by: tuple[Reliance, ...]


def evidence_faults(evidence: Evidence, *, today: dt.date, lives: Iterable[str]) -> dict[str, str]:
    """Everything wrong with a piece of evidence at once: field -> what is wrong and what to do."""
    found: dict[str, str] = {}
    if evidence.type not in lives:
        found["type"] = f"Choose one of: {', '.join(lives)}."
    if not evidence.title.strip():
        found["title"] = "Say in a few words what it is, so that others can use it too."
    elif len(evidence.title) > LONGEST_TITLE:
        found["title"] = f"This is {len(evidence.title)} characters long; {LONGEST_TITLE} is the most."
    if evidence.link and (fault := link_fault(evidence.link)):
        found["link"] = fault
    if evidence.dated_on > today:
        found["dated_on"] = f"{in_words(evidence.dated_on)} is still to come. Give the day of the evidence itself."
    return found


def evidence_remark(evidence: Evidence, *, today: dt.date, lives: Mapping[str, ShelfLife]) -> str:
    """What the person should know before they rely on it: it has expired already. Empty where all is well."""
    expiry = expires_on(evidence, lives)
    if expiry is None or expiry > today:
        return ""
    far, why = how_far(expiry, today=today), (lives.get(evidence.type) or lives[DOCUMENT]).why
    return f"This counted until {in_words(expiry)} ({far}), so the point will show as check again. {why}"


def expires_on(evidence: Evidence, lives: Mapping[str, ShelfLife]) -> dt.date | None:
    """The first day on which it no longer counts; None for ever. A type nobody knows any more counts as a document."""
    months = (lives.get(evidence.type) or lives[DOCUMENT]).months
    return None if months is None else add_months(evidence.dated_on, months)


def has_expired(evidence: Evidence, lives: Mapping[str, ShelfLife], *, today: dt.date) -> bool:
    """Whether it no longer counts on that day."""
    expiry = expires_on(evidence, lives)
    return expiry is not None and expiry <= today


def relying_on(evidence: Evidence, checkpoints: Iterable[Checkpoint], lives: Mapping[str, ShelfLife]) -> KnockOn | None:
    """
    All that relies on a piece of evidence and has not been marked; None where nothing does, or where it never expires.

    Give it the checkpoints that still count (see ``progress.current``), not those that a later one has replaced.
    """
    expiry = expires_on(evidence, lives)
    where = [
        _reliance(checkpoint, answer)
        for checkpoint in checkpoints
        for answer in checkpoint.answers.values()
        if evidence.id in answer.evidence_ids and evidence.id not in answer.lapsed
    ]
    return KnockOn(evidence, expiry, tuple(where)) if where and expiry is not None else None


def knock_ons(
    evidence: Iterable[Evidence],
    checkpoints: Sequence[Checkpoint],
    *,
    today: dt.date,
    lives: Mapping[str, ShelfLife],
) -> tuple[KnockOn, ...]:
    """What has to be checked again because evidence has expired, each reliance once: what is marked is left out."""
    gone = [piece for piece in evidence if has_expired(piece, lives, today=today)]
    found = (relying_on(piece, checkpoints, lives) for piece in gone)
    return tuple(knock_on for knock_on in found if knock_on is not None)


def check_again(checkpoint: Checkpoint, evidence_ids: Iterable[str], *, at: dt.datetime) -> Step:
    """Mark every answer that relies on one of these expired pieces; those marked already stay as they are."""
    return _marked(checkpoint, frozenset(evidence_ids), at, expired=True)


def restore(checkpoint: Checkpoint, evidence_ids: Iterable[str], *, at: dt.datetime) -> Step:
    """Take the mark off again, because these pieces were renewed."""
    return _marked(checkpoint, frozenset(evidence_ids), at, expired=False)


def renew(evidence: Evidence, *, dated_on: dt.date, link: str, by: str, at: dt.datetime, today: dt.date) -> Evidence:
    """
    The same piece with a newer date and link. What relied on it is restored with ``restore``.

    Raises: Refused: the date is not newer or still to come, or the link is not whole.
    """
    check_aware(at)
    renewed = replace(evidence, dated_on=dated_on, link=link, added_by=by, added_at=at)
    found = evidence_faults(renewed, today=today, lives=(evidence.type,))
    if dated_on <= evidence.dated_on:
        found["dated_on"] = f"What you have is of {in_words(evidence.dated_on)}: give something newer."
    if found:
        raise Refused(found)
    return renewed


def _reliance(checkpoint: Checkpoint, answer: Answer) -> Reliance:
    points = next((prompt.points for prompt in checkpoint.template.prompts if prompt.id == answer.prompt_id), ())
    return Reliance(checkpoint.service_id, checkpoint.id, answer.prompt_id, points)


def _marked(checkpoint: Checkpoint, ids: frozenset[str], at: dt.datetime, *, expired: bool) -> Step:
    check_aware(at)
    answers = dict(checkpoint.answers)
    events: list[Event] = []
    for prompt_id, answer in checkpoint.answers.items():
        lapsed = tuple(
            id for id in answer.evidence_ids if (id in answer.lapsed or id in ids) and (expired or id not in ids)
        )
        if lapsed == answer.lapsed:
            continue
        answers[prompt_id] = replace(answer, lapsed=lapsed)
        before, after = ", ".join(answer.lapsed), ", ".join(lapsed)
        kind: EventKind = "check again" if expired else "restored"
        events.append(Event(checkpoint.id, kind, "", at, prompt_id, before, after))
    return Step(replace(checkpoint, answers=answers), tuple(events))
