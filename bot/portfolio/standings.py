"""Standings: how each service stands at each point of a standard, read from the answers that stand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from bot.checkpoints.checkpoint import Answer, Checkpoint
from bot.checkpoints.progress import current
from bot.checkpoints.services import Service
from bot.checkpoints.signoff import waived_prompts
from bot.checkpoints.templates import FrozenPrompt, prompts_for
from bot.portfolio.portfolio import Portfolio

Rating = Literal["not yet", "check again", "partly", "waived", "met", "does not apply", "not asked"]
RATINGS: Final[tuple[Rating, ...]] = get_args(Rating)
"""From the worst to the best, then what says nothing: of several answers at one point the worst stands."""

FAILED: Final[tuple[Rating, ...]] = ("not yet", "check again", "partly")
"""What counts against a point where the points that fail most are counted."""


@dataclass(frozen=True)
class Standing:
    """
    One service at one point, and where that is recorded: the checkpoint and the prompts whose answers were read.

    ``checkpoint_id`` is empty where nothing was asked about the point yet, or nothing answered.
    """

    service_id: str
    point: str
    rating: Rating
    checkpoint_id: str = ""
    prompt_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failing:
    """How many services fall short at one point, of those that have answered to it."""

    point: str
    not_yet: int
    check_again: int
    partly: int
    answered: int

    @property
    def failed(self) -> int:
        """How many fall short in any way."""
        return self.not_yet + self.check_again + self.partly


def standings(portfolio: Portfolio, points: Sequence[str], *, today: dt.date) -> dict[str, dict[str, Standing]]:
    """
    Every service at every one of *points* (ids of one standard), by service and point, in the order given.

    The newest checkpoint with an answer at a point says how the service stands there; of several prompts of it that
    are about the point the worst answer stands. A waiver that holds today stands above "not yet", and is named.
    """
    wanted = frozenset(points)
    return {one.id: _of_service(one, portfolio.of(one), points, wanted, today) for one in portfolio.services}


def most_failed(found: Mapping[str, Mapping[str, Standing]]) -> tuple[Failing, ...]:
    """The points at which services fall short, those at which most do first; points that nobody fails are left out."""
    counts: dict[str, Counter[str]] = {}
    for row in found.values():
        for standing in row.values():
            counts.setdefault(standing.point, Counter())[standing.rating] += 1
    failing = [
        Failing(point, count["not yet"], count["check again"], count["partly"], _answered(count))
        for point, count in counts.items()
    ]
    return tuple(sorted((one for one in failing if one.failed), key=lambda one: (-one.failed, -one.not_yet, one.point)))


def counted(row: Mapping[str, Standing]) -> dict[Rating, int]:
    """How often each rating stands in a row, without those that do not stand in it."""
    count = Counter(one.rating for one in row.values())
    return {rating: count[rating] for rating in RATINGS if count[rating]}


def number_of(point: str) -> str:
    """The number of a point as people call it: ``service-standard/05`` is "5"."""
    return point.rpartition("/")[2].lstrip("0")


def _answered(count: Counter[str]) -> int:
    return sum(count[rating] for rating in RATINGS if rating not in ("does not apply", "not asked"))


def _of_service(
    service: Service, checkpoints: Sequence[Checkpoint], points: Sequence[str], wanted: frozenset[str], today: dt.date
) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    for checkpoint in sorted(current(checkpoints), key=_age, reverse=True):
        if len(found) == len(points):
            break
        for point, prompts in _by_point(checkpoint, service, wanted).items():
            if point not in found and prompts:
                found[point] = _standing(service, checkpoint, point, prompts, today)
    return {point: found.get(point) or Standing(service.id, point, "not asked") for point in points}


def _age(checkpoint: Checkpoint) -> tuple[dt.datetime, str]:
    """When a checkpoint was answered last; one without answers is as old as it is."""
    newest = max((answer.at for answer in checkpoint.answers.values()), default=checkpoint.created_at)
    return newest, checkpoint.id


def _by_point(
    checkpoint: Checkpoint, service: Service, wanted: frozenset[str]
) -> dict[str, list[tuple[FrozenPrompt, Answer | None]]]:
    """The answered or waived prompts of a checkpoint by the points they are about."""
    found: dict[str, list[tuple[FrozenPrompt, Answer | None]]] = {}
    whole = checkpoint.state == "waived"
    if not checkpoint.answers and not whole:
        return found
    for prompt in prompts_for(checkpoint.template, service):
        answer = checkpoint.answers.get(prompt.id)
        if answer is None and not whole:
            continue
        for point in prompt.points:
            if point in wanted:
                found.setdefault(point, []).append((prompt, answer))
    return found


def _standing(
    service: Service,
    checkpoint: Checkpoint,
    point: str,
    prompts: Iterable[tuple[FrozenPrompt, Answer | None]],
    today: dt.date,
) -> Standing:
    waived = waived_prompts(checkpoint, today=today)
    ratings = {prompt.id: _rating(answer, is_waived=prompt.id in waived) for prompt, answer in prompts}
    worst = min(ratings.values(), key=RATINGS.index)
    if worst == "not asked":
        return Standing(service.id, point, worst)
    return Standing(service.id, point, worst, checkpoint.id, tuple(ratings))


def _rating(answer: Answer | None, *, is_waived: bool) -> Rating:
    if is_waived and (answer is None or answer.value != "met" or answer.lapsed):
        return "waived"
    if answer is None:
        return "not asked"
    return "check again" if answer.lapsed and answer.value in ("met", "partly") else answer.value
