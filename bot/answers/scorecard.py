"""The figures of an evaluation: what was right, wrong, offered and declined, and how well confidence holds."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.answers.reply import Answer, Choice, Reply

_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Labelled:
    """A question and the ids that answer it; none means: it must be declined."""

    q: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """One labelled question that was asked, and the reply."""

    question: Labelled
    reply: Reply

    @property
    def ranking(self) -> tuple[str, ...]:
        """The ids best first; what was answered or offered stands first."""
        return ranking(self.reply)

    @property
    def answered_right(self) -> bool:
        """Answered outright, and one of the entries shown is a right one."""
        return answered_right(self.reply, self.question.ids)

    @property
    def answered_wrong(self) -> bool:
        """Answered outright with nothing that is right: the worst thing that can happen."""
        return answered_wrong(self.reply, self.question.ids)

    @property
    def helped(self) -> bool:
        """Answered right, or the right one is among those offered."""
        return helped(self.reply, self.question.ids)


@dataclass(frozen=True)
class Band:
    """One row of the calibration table: how many rankings were about this sure, and how many of them were right."""

    low: float
    high: float
    count: int
    mean_confidence: float
    right: float


@dataclass(frozen=True)
class Report:
    """The figures of one run, shares 0..1. A question in scope has an entry, one out of scope must be declined."""

    in_scope: int
    top1: float
    top3: float
    answered_right: float
    answered_wrong: float
    helped: float
    out_of_scope: int
    out_answered: int
    out_offered: int
    bands: tuple[Band, ...]
    asked: tuple[Asked, ...]

    @property
    def misses(self) -> tuple[Asked, ...]:
        """What went wrong: answered wrong, then not helped, then off topic and yet answered or offered something."""
        inside = [one for one in self.asked if one.question.ids]
        wrong = [one for one in inside if one.answered_wrong]
        unhelped = [one for one in inside if not one.helped and not one.answered_wrong]
        outside = [one for one in self.asked if not one.question.ids and one.reply.outcome != "decline"]
        return (*wrong, *unhelped, *outside)


@dataclass(frozen=True)
class Measure:
    """
    One figure of a set: its name, the bar, whether the share must be at least or at most that, and the shares; the
    ``worst`` of a row's forms only where it was asked in other forms too.
    """

    name: str
    bar: float
    at_most: bool
    plain: float
    worst: float | None
    tuned: float
    held_out: float

    @property
    def reached(self) -> bool:
        """Whether the figure of the questions as they are typed reaches the bar."""
        return self.plain <= self.bar if self.at_most else self.plain >= self.bar


WHOLE_CONVERSATIONS = "whole_conversations"
"""The set that counts conversations, whose turns another has counted already."""


@dataclass(frozen=True)
class SetResult:
    """The measures of one set, over so many questions."""

    name: str
    questions: int
    measures: tuple[Measure, ...]
    misses: tuple[str, ...]


def summarise(asked: Sequence[Asked]) -> Report:
    """The figures over all that was *asked*."""
    inside = [one for one in asked if one.question.ids]
    outside = [one for one in asked if not one.question.ids]
    return Report(
        in_scope=len(inside),
        top1=share(any(one.ranking[:1] == (right,) for right in one.question.ids) for one in inside),
        top3=share(not set(one.ranking[:3]).isdisjoint(one.question.ids) for one in inside),
        answered_right=share(one.answered_right for one in inside),
        answered_wrong=share(one.answered_wrong for one in inside),
        helped=share(one.helped for one in inside),
        out_of_scope=len(outside),
        out_answered=sum(one.reply.outcome == "answer" for one in outside),
        out_offered=sum(one.reply.outcome == "choice" for one in outside),
        bands=tuple(_bands(asked)),
        asked=tuple(asked),
    )


def answered_right(reply: Reply, ids: Collection[str]) -> bool:
    """Whether a reply answers outright with one of the right entries (*ids*), among others perhaps."""
    return isinstance(reply, Answer) and any(entry.id in ids for entry in reply.entries)


def answered_wrong(reply: Reply, ids: Collection[str]) -> bool:
    """Whether a reply answers outright with nothing that is right."""
    return isinstance(reply, Answer) and not answered_right(reply, ids)


def helped(reply: Reply, ids: Collection[str]) -> bool:
    """Whether a reply answers right, or has a right one among those it offers."""
    options = reply.options if isinstance(reply, Choice) else ()
    return answered_right(reply, ids) or any(entry.id in ids for entry in options)


def ranking(reply: Reply) -> tuple[str, ...]:
    """The ids of a reply's ranking, best first; what is answered or offered stands first."""
    shown = reply.entries if isinstance(reply, Answer) else reply.options if isinstance(reply, Choice) else ()
    first = dict.fromkeys(entry.id for entry in shown)
    return tuple(first | dict.fromkeys(match.entry_id for match in reply.matches.ranked))[:10]


def interval(share: float, count: int) -> tuple[float, float]:
    """
    The 95% range of a *share* seen in *count* questions.

    Source: Wilson's score interval, https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval.
    """
    if not count:
        return 0.0, 1.0
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(hits: Iterable[bool]) -> float:
    """The share of hits among all, 0 to 1; 0 where there is nothing."""
    values = list(hits)
    return sum(values) / len(values) if values else 0.0


def _bands(asked: Sequence[Asked]) -> Iterable[Band]:
    sure = [(one.reply.matches.confidence, one.ranking[:1] and one.ranking[0] in one.question.ids) for one in asked]
    for low, high in pairwise(_BINS):
        inside = [(chance, bool(right)) for chance, right in sure if low <= chance < high or chance == high == 1.0]
        if inside:
            mean = sum(chance for chance, _ in inside) / len(inside)
            yield Band(low, high, len(inside), mean, share(right for _, right in inside))
