"""Blind self-assessment: named people rate the points on their own, nobody reads anything before the end, then compare.

A ``Round`` knows who is asked and who is in, never what they said. What one person said is a ``Card``; cards are read
together only by ``close``, which makes the result of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final, Literal, get_args

from bot.checkpoints.calendar import LONDON, day_of
from bot.checkpoints.checkpoint import ANSWERABLE, Checkpoint
from bot.checkpoints.dates import check_aware, how_far, in_words
from bot.checkpoints.refusals import FORM, Refused, refuse
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenPrompt, prompts_for

Rating = Literal["met", "partly", "not yet", "does not apply", "do not know"]
RATINGS: Final[tuple[Rating, ...]] = get_args(Rating)
Away = Literal["", "withdrew", "gone"]
RoundState = Literal["open", "closed", "called off"]
Ending = Literal["", "all are in", "its last day is over", "the owner closed it"]

FEWEST: Final = 2
"""With fewer answers there is nothing to compare, and one person's ratings would stand alone: they are not shown."""

MOST_PEOPLE: Final = 20
MOST_POINTS: Final = 40
"""Two fields a point: as many as one form in Slack holds."""

LONGEST_REMARK: Final = 500


@dataclass(frozen=True)
class Seat:
    """One person asked; ``away`` says why nobody waits for them any more."""

    person_id: str
    away: Away = ""


@dataclass(frozen=True)
class Mark:
    """What one person thinks of one point."""

    rating: Rating
    note: str = ""


@dataclass(frozen=True)
class Card:
    """All that one person said; it stays out of ``repr``, so that no log or trace gives it away."""

    marks: Mapping[str, Mark] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Voice:
    """One rating in the result; ``person_id`` is empty unless the round was opened as a named one."""

    rating: Rating
    note: str = ""
    person_id: str = ""


@dataclass(frozen=True)
class Compared:
    """One point and how it is seen; ``disagreement`` is 0 (all the same) to 1 (as far apart as can be)."""

    prompt_id: str
    question: str
    voices: tuple[Voice, ...]
    disagreement: float

    def count(self, rating: Rating) -> int:
        """How many gave this rating."""
        return sum(voice.rating == rating for voice in self.voices)


@dataclass(frozen=True)
class Round:
    """
    One blind round of a checkpoint. It closes when everybody it waits for is in, or at ``closes_at``.

    ``given`` are those who are in. ``result`` is empty before the end, and after it where too few were in. ``told``
    says that the team has heard of the end.
    """

    id: str
    checkpoint_id: str
    service_id: str
    seats: tuple[Seat, ...]
    closes_at: dt.datetime
    named: bool
    opened_by: str
    opened_at: dt.datetime
    state: RoundState = "open"
    given: tuple[str, ...] = ()
    ending: Ending = ""
    closed_at: dt.datetime | None = None
    told: bool = False
    result: tuple[Compared, ...] = ()

    @property
    def last_day(self) -> dt.date:
        """The last day on which anybody can answer."""
        return day_of(self.closes_at - dt.timedelta(seconds=1))


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which a day is over in London."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=LONDON)


def open_round(
    id: str, checkpoint: Checkpoint, service: Service, people: Sequence[str], last_day: dt.date, *,
    named: bool, by: str, at: dt.datetime,
) -> Round:  # fmt: skip
    """
    A new round, open to the end of its last day.

    Raises: Refused: the checkpoint takes no answers, fewer than two people, too many, or a day that has passed.
    """
    check_aware(at)
    today = day_of(at)
    unique = tuple(dict.fromkeys(person for person in people if person))
    found: dict[str, str] = {}
    if checkpoint.state not in ANSWERABLE:
        found[FORM] = f"This checkpoint is {checkpoint.state}: there is nothing to rate."
    if len(prompts_for(checkpoint.template, service)) > MOST_POINTS:
        found[FORM] = f"This checkpoint has over {MOST_POINTS} points, more than fit in one form."
    if len(unique) < FEWEST:
        found["people"] = "Name at least two people: with one there is nothing to compare."
    elif len(unique) > MOST_PEOPLE:
        found["people"] = f"Name at most {MOST_PEOPLE} people, so that you can still talk it over."
    if last_day < today:
        far = how_far(last_day, today=today)
        found["last_day"] = f"{in_words(last_day)} is in the past ({far}). Give today or a day to come."
    if found:
        raise Refused(found)
    seats = tuple(Seat(person) for person in unique)
    return Round(id, checkpoint.id, service.id, seats, end_of(last_day), named, by, at)


def give(one: Round, card: Card, prompts: Sequence[FrozenPrompt], *, by: str, at: dt.datetime) -> Round:
    """
    The round with one more person in; a second card replaces the first. Who withdrew before is back.

    Raises: Refused: the person is not named, the round is closed, or a point has no rating or too long a note.
    """
    _check_open(one, at=at)
    _check_named(one, by)
    found: dict[str, str] = {}
    for prompt in prompts:
        mark = card.marks.get(prompt.id)
        if mark is None or mark.rating not in RATINGS:
            found[f"rating.{prompt.id}"] = f"Choose one of: {', '.join(RATINGS)}."
        elif len(mark.note) > LONGEST_REMARK:
            over = len(mark.note) - LONGEST_REMARK
            found[f"note.{prompt.id}"] = f"The note is {len(mark.note)} characters long. Take out {over}."
    if found:
        raise Refused(found)
    seats = tuple(Seat(by) if seat.person_id == by else seat for seat in one.seats)
    return replace(one, seats=seats, given=tuple(dict.fromkeys((*one.given, by))))


def withdraw(one: Round, *, by: str, at: dt.datetime) -> Round:
    """
    The round without this person's card; nobody waits for them any more. Until it closes they can come back.

    Raises: Refused: the person is not named, or the round is closed.
    """
    _check_open(one, at=at)
    _check_named(one, by)
    return _without(one, by, "withdrew")


def lose(one: Round, person_id: str) -> Round:
    """The round after a person has left the workspace: nobody waits for them; a card that they gave still counts."""
    if one.state != "open" or person_id in one.given:
        return one
    return _without(one, person_id, "gone")


def waiting_for(one: Round) -> tuple[str, ...]:
    """Who is still to answer."""
    return tuple(seat.person_id for seat in one.seats if not seat.away and seat.person_id not in one.given)


def why_it_ends(one: Round, *, at: dt.datetime) -> Ending:
    """Why an open round has to close now; empty where it does not."""
    check_aware(at)
    if one.state != "open":
        return ""
    if at >= one.closes_at:
        return "its last day is over"
    return "" if waiting_for(one) else "all are in"


def check_early(one: Round, service: Service, *, by: str, at: dt.datetime) -> None:
    """
    Whether somebody may close the round before its time.

    Raises: Refused: it is closed, the person is not the service owner, or fewer than two are in.
    """
    _check_open(one, at=at)
    if by != service.owner_id:
        raise refuse(FORM, "Only the service owner can close it before everybody is in.")
    if len(one.given) < FEWEST:
        raise refuse(FORM, f"{len(one.given)} of {len(one.seats)} are in. It can be closed early once two are.")


def check_call_off(one: Round, service: Service, *, by: str, at: dt.datetime) -> None:
    """
    Whether somebody may call the round off, so that nothing of it is ever shown.

    Raises: Refused: it is closed, or the person is neither who opened it nor the service owner.
    """
    _check_open(one, at=at)
    if by not in (one.opened_by, service.owner_id):
        raise refuse(FORM, "Only who opened it or the service owner can call it off.")


def call_off(one: Round, *, at: dt.datetime) -> Round:
    """The round, ended without a result."""
    return replace(one, state="called off", closed_at=at)


def close(
    one: Round, cards: Mapping[str, Card], prompts: Sequence[FrozenPrompt], *, ending: Ending, at: dt.datetime
) -> Round:
    """
    The round, closed, with its result: the points by disagreement, the most disputed first, equal ones in their order.

    Cards (by person) of people who are not in do not count. With fewer than two there is no result.
    Raises: ValueError: there is no reason to close it (a mistake of the caller).
    """
    if one.state != "open" or not ending:
        raise ValueError("a round is closed once, and for a reason")
    counted = {person: cards[person] for person in one.given if person in cards}
    result: list[Compared] = []
    for prompt in prompts if len(counted) >= FEWEST else ():
        voices = _voices(prompt.id, counted, named=one.named)
        spread = disagreement([voice.rating for voice in voices])
        result.append(Compared(prompt.id, prompt.question, voices, spread))
    result.sort(key=lambda compared: -compared.disagreement)
    return replace(one, state="closed", ending=ending, closed_at=min(at, one.closes_at), result=tuple(result))


def disagreement(ratings: Sequence[Rating]) -> float:
    """
    The mean distance between every two ratings, from 0 to 1.

    Met and not yet are 1 apart, a step of the scale 0.5; "does not apply" is 1 from every other rating (somebody
    thinks there is no question at all), "do not know" 0.5. Why this measure: docs/decisions/0009.
    """
    pairs = list(combinations(ratings, 2))
    return sum(_distance(one, other) for one, other in pairs) / len(pairs) if pairs else 0.0


def _voices(prompt_id: str, cards: Mapping[str, Card], *, named: bool) -> tuple[Voice, ...]:
    """What was said of a point, in an order that says nothing of who said it."""
    said = [(person, card.marks[prompt_id]) for person, card in cards.items() if prompt_id in card.marks]
    voices = [Voice(mark.rating, mark.note, person if named else "") for person, mark in said]
    return tuple(sorted(voices, key=lambda one: (RATINGS.index(one.rating), one.note, one.person_id)))


def _without(one: Round, person_id: str, away: Away) -> Round:
    seats = tuple(Seat(person_id, away) if seat.person_id == person_id else seat for seat in one.seats)
    return replace(one, seats=seats, given=tuple(person for person in one.given if person != person_id))


def _check_open(one: Round, *, at: dt.datetime) -> None:
    check_aware(at)
    if one.state == "called off":
        raise refuse(FORM, "This round was called off. Nothing of it is kept.")
    if one.state == "closed" or at >= one.closes_at:
        raise refuse(FORM, "This round is closed, and its answers stay as they are.")


def _check_named(one: Round, person_id: str) -> None:
    if person_id not in {seat.person_id for seat in one.seats}:
        raise refuse(FORM, "This round is for named people. Whoever opened it can open another one with you in it.")


def _distance(one: Rating, other: Rating) -> float:
    if one == other:
        return 0.0
    if "do not know" in (one, other):
        return 0.5
    if "does not apply" in (one, other):
        return 1.0
    return abs(RATINGS.index(one) - RATINGS.index(other)) / 2
