"""Concerns: the exceptions a sponsor is told of on a Monday. Where there is none, nothing is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import ANSWERABLE, Checkpoint
from bot.checkpoints.dates import how_far, in_words
from bot.checkpoints.progress import current
from bot.checkpoints.radar import Radar
from bot.checkpoints.services import PHASES, Service
from bot.checkpoints.signoff import open_actions

SOON: Final = dt.timedelta(days=28)
"""How near a date must be, on either side of today, where it would else be told every Monday for years."""

LONG_WAIT: Final = dt.timedelta(days=7)
"""How long a decision may wait before it is an exception; the usual reminders come before."""


@dataclass(frozen=True)
class Concern:
    """One exception: what is wrong, in plain text, and the id of the record that says so."""

    text: str
    record_id: str


def concerns(
    service: Service, checkpoints: Sequence[Checkpoint], radar: Radar | None, *, today: dt.date
) -> tuple[Concern, ...]:
    """
    What is out of order with a service, the gravest first; nothing for one that is retired.

    Counted: decisions that wait for more than a week, checkpoints and conditions whose day has passed, points whose
    evidence has expired, waivers that end within four weeks, contracts that have ended, and contracts whose day to
    decide is within four weeks of today.
    """
    if service.phase == PHASES[-1]:
        return ()
    standing = current(checkpoints)
    return (
        *_contract(service, radar, today),
        *_waiting(standing, today),
        *_late(standing, today),
        *(concern for one in checkpoints for concern in _actions(one, today)),
        *_to_check_again(standing),
        *_waivers(standing, today),
    )


def _contract(service: Service, radar: Radar | None, today: dt.date) -> Iterator[Concern]:
    if radar is not None and (radar.ends_on < today or abs(radar.decide_by - today) <= SOON):
        yield Concern(f"Contract with {radar.supplier}: {radar.headline}", service.id)


def _waiting(checkpoints: Sequence[Checkpoint], today: dt.date) -> Iterator[Concern]:
    for one in checkpoints:
        if one.state == "submitted" and one.submitted_at is not None:
            since = day_of(one.submitted_at)
            if today - since > LONG_WAIT:
                far = how_far(since, today=today)
                yield Concern(f"{_title(one)} waits for your decision: it was handed in {far}.", one.id)


def _late(checkpoints: Sequence[Checkpoint], today: dt.date) -> Iterator[Concern]:
    for one in checkpoints:
        if one.state in ANSWERABLE and one.due_on < today:
            yield Concern(f"{_title(one)} is overdue: it was due {_when(one.due_on, today)}.", one.id)


def _actions(checkpoint: Checkpoint, today: dt.date) -> Iterator[Concern]:
    for action in open_actions(checkpoint):
        if action.due_on < today:
            yield Concern(f"A condition is overdue: {action.what} (due {_when(action.due_on, today)}).", action.id)


def _to_check_again(checkpoints: Sequence[Checkpoint]) -> Iterator[Concern]:
    for one in checkpoints:
        if count := sum(bool(answer.lapsed) for answer in one.answers.values()):
            points = "1 point has" if count == 1 else f"{count} points have"
            yield Concern(f"{_title(one)}: {points} to be checked again, because evidence has expired.", one.id)


def _waivers(checkpoints: Sequence[Checkpoint], today: dt.date) -> Iterator[Concern]:
    for one in checkpoints:
        for waiver in one.decision.waivers if one.decision else ():
            if today <= waiver.until <= today + SOON:
                yield Concern(f"{_title(one)}: a waiver ends {_when(waiver.until, today)}.", one.id)


def _title(checkpoint: Checkpoint) -> str:
    text = checkpoint.template.title.removeprefix("Checkpoint: ")
    return text[:1].upper() + text[1:]


def _when(day: dt.date, today: dt.date) -> str:
    return f"{in_words(day)}, {how_far(day, today=today)}"
