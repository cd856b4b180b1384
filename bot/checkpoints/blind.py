"""Blind self-assessment: named people answer on their own, nobody reads anything before all have, then they compare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final, Literal, get_args

from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.dates import check_aware, in_words
from bot.checkpoints.refusals import FORM, Refused, refuse
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenPrompt, prompts_for

View = Literal["met", "partly", "not yet", "does not apply", "do not know"]
VIEWS: Final[tuple[View, ...]] = get_args(View)
FEWEST: Final = 2
"""With fewer answers there is nothing to compare, and one person's view would stand alone: it is not shown."""


@dataclass(frozen=True)
class Seat:
    """One person asked, and the role in which."""

    person_id: str
    role: str


@dataclass(frozen=True)
class Round:
    """
    One blind round of a checkpoint. It closes when all seats have answered, or at ``closes_at``.

    ``views`` (person -> prompt -> view) stays out of ``repr``, so that no log or trace gives it away; read it with
    ``compare`` only.
    """

    id: str
    checkpoint_id: str
    seats: tuple[Seat, ...]
    closes_at: dt.datetime
    views: Mapping[str, Mapping[str, View]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Compared:
    """One prompt and how each role sees it; ``disagreement`` is 0 (all the same) to 1 (as far apart as can be)."""

    prompt: FrozenPrompt
    views: tuple[tuple[Seat, View], ...]
    disagreement: float


@dataclass(frozen=True)
class Comparison:
    """The points to talk about, the most disputed first, and who did not answer in time."""

    points: tuple[Compared, ...]
    missing: tuple[Seat, ...]


def open_round(
    id: str, checkpoint: Checkpoint, seats: tuple[Seat, ...], closes_at: dt.datetime, *, at: dt.datetime
) -> Round:
    """
    A new round.

    Raises: Refused: fewer than two people, somebody named twice, or an end that has passed.
    """
    check_aware(at)
    check_aware(closes_at)
    found: dict[str, str] = {}
    people = [seat.person_id for seat in seats]
    if len(people) < FEWEST:
        found["seats"] = "Name at least two people: with one there is nothing to compare."
    elif len(set(people)) < len(people) or "" in people:
        found["seats"] = "Each person has one seat. Name somebody else for the other role."
    if closes_at <= at:
        found["closes_at"] = f"{in_words(day_of(closes_at))} has passed. Give a day to come."
    if found:
        raise Refused(found)
    return Round(id, checkpoint.id, seats, closes_at)


def give_views(one: Round, views: Mapping[str, View], *, by: str, at: dt.datetime) -> Round:
    """
    The round with somebody's views; they replace what the same person gave before.

    Raises: Refused: the person has no seat, the round is closed, or a view is none of the five.
    """
    if by not in {seat.person_id for seat in one.seats}:
        raise refuse(FORM, "This round is for named people. Whoever opened it can open another one with you in it.")
    if is_closed(one, at=at):
        raise refuse(FORM, "This round is closed: the answers are on the table.")
    if not views or any(view not in VIEWS for view in views.values()):
        raise refuse(FORM, f"Answer each point with one of: {', '.join(VIEWS)}.")
    return replace(one, views={**one.views, by: dict(views)})


def waiting_for(one: Round) -> tuple[Seat, ...]:
    """Who has not answered yet; that is all that an open round tells."""
    return tuple(seat for seat in one.seats if seat.person_id not in one.views)


def is_closed(one: Round, *, at: dt.datetime) -> bool:
    """Whether the views may be read: all are in, or the end has come."""
    check_aware(at)
    return not waiting_for(one) or at >= one.closes_at


def compare(one: Round, checkpoint: Checkpoint, service: Service, *, at: dt.datetime) -> Comparison:
    """
    The points by disagreement, the most disputed first; equal ones in the template's order.

    Raises: Refused: the round is still open, or fewer than two people answered.
    """
    if not is_closed(one, at=at):
        raise refuse(FORM, "Nothing can be read before all have answered or the end has come.")
    answered = [seat for seat in one.seats if seat.person_id in one.views]
    if len(answered) < FEWEST:
        raise refuse(FORM, f"{len(answered)} of {len(one.seats)} answered in time: there is nothing to compare.")
    points = []
    for prompt in prompts_for(checkpoint.template, service):
        views = tuple((seat, one.views[seat.person_id].get(prompt.id, "do not know")) for seat in answered)
        points.append(Compared(prompt, views, disagreement(tuple(view for _, view in views))))
    points.sort(key=lambda compared: -compared.disagreement)
    return Comparison(tuple(points), waiting_for(one))


def disagreement(views: tuple[View, ...]) -> float:
    """
    The mean distance between every two views, from 0 to 1.

    Met and not yet are 1 apart, a step of the scale 0.5; "does not apply" is 1 from every other view (somebody thinks
    there is no question at all), "do not know" 0.5.
    """
    pairs = list(combinations(views, 2))
    return sum(_distance(one, other) for one, other in pairs) / len(pairs) if pairs else 0.0


def _distance(one: View, other: View) -> float:
    if one == other:
        return 0.0
    if "do not know" in (one, other):
        return 0.5
    if "does not apply" in (one, other):
        return 1.0
    return abs(VIEWS.index(one) - VIEWS.index(other)) / 2
