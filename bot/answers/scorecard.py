"""The figures of an evaluation: what was right, wrong, offered and declined, and how well confidence holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
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
class Outcome:
    """One question asked: the reply, the ranking, and how sure the matching was."""

    question: Labelled
    reply: Reply

    @property
    def ranking(self) -> tuple[str, ...]:
        """The ids best first; what was answered or offered stands first."""
        return ranking(self.reply)

    @property
    def answered_right(self) -> bool:
        """Answered outright, and one of the entries shown is a right one."""
        return isinstance(self.reply, Answer) and any(entry.id in self.question.ids for entry in self.reply.entries)

    @property
    def answered_wrong(self) -> bool:
        """Answered outright with nothing that is right: the worst thing that can happen."""
        return isinstance(self.reply, Answer) and not self.answered_right

    @property
    def helped(self) -> bool:
        """Answered right, or the right one is among those offered."""
        options = self.reply.options if isinstance(self.reply, Choice) else ()
        return self.answered_right or any(entry.id in self.question.ids for entry in options)


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
    outcomes: tuple[Outcome, ...]

    @property
    def misses(self) -> tuple[Outcome, ...]:
        """What went wrong: answered wrong, then not helped, then off topic and yet answered or offered something."""
        inside = [one for one in self.outcomes if one.question.ids]
        wrong = [one for one in inside if one.answered_wrong]
        unhelped = [one for one in inside if not one.helped and not one.answered_wrong]
        outside = [one for one in self.outcomes if not one.question.ids and one.reply.outcome != "decline"]
        return (*wrong, *unhelped, *outside)


@dataclass(frozen=True)
class Measure:
    """One figure of a set: its name, the bar, whether the share must be at least or at most that, and the shares."""

    name: str
    bar: float
    at_most: bool
    plain: float
    worst: float
    tuned: float
    held_out: float

    @property
    def reached(self) -> bool:
        """Whether the figure of the questions as they are typed reaches the bar."""
        return self.plain <= self.bar if self.at_most else self.plain >= self.bar


@dataclass(frozen=True)
class SetResult:
    """The measures of one set, over so many questions."""

    name: str
    questions: int
    measures: tuple[Measure, ...]
    misses: tuple[str, ...]


def summarise(outcomes: Sequence[Outcome]) -> Report:
    """The figures over *outcomes*."""
    inside = [one for one in outcomes if one.question.ids]
    outside = [one for one in outcomes if not one.question.ids]
    return Report(
        in_scope=len(inside),
        top1=_share(any(one.ranking[:1] == (right,) for right in one.question.ids) for one in inside),
        top3=_share(not set(one.ranking[:3]).isdisjoint(one.question.ids) for one in inside),
        answered_right=_share(one.answered_right for one in inside),
        answered_wrong=_share(one.answered_wrong for one in inside),
        helped=_share(one.helped for one in inside),
        out_of_scope=len(outside),
        out_answered=sum(one.reply.outcome == "answer" for one in outside),
        out_offered=sum(one.reply.outcome == "choice" for one in outside),
        bands=tuple(_bands(outcomes)),
        outcomes=tuple(outcomes),
    )


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


def _share(hits: Iterable[bool]) -> float:
    values = list(hits)
    return sum(values) / len(values) if values else 0.0


def _bands(outcomes: Sequence[Outcome]) -> Iterable[Band]:
    sure = [(one.reply.matches.confidence, one.ranking[:1] and one.ranking[0] in one.question.ids) for one in outcomes]
    for low, high in pairwise(_BINS):
        inside = [(chance, bool(right)) for chance, right in sure if low <= chance < high or chance == high == 1.0]
        if inside:
            mean = sum(chance for chance, _ in inside) / len(inside)
            yield Band(low, high, len(inside), mean, _share(right for _, right in inside))
