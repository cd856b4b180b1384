"""From what an engine found on a collection to the figures of one table row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from benchmarks.collections import Collection, with_slips
from benchmarks.engines import Engine, Found
from benchmarks.measuring import Marks, Values, auroc, percent
from bot.answers.scorecard import Labelled

_REFUSED = (0.80, 0.84)


@dataclass(frozen=True)
class Figures:
    """Shares 0..1, NaN where there is nothing to count.

    ``right`` and ``wrong``: answered outright; ``helped``: right, or the right one among those offered;
    ``out_answered`` and ``out_offered``: of the questions out of scope; ``apart``: how often a question in scope is
    surer than one out of scope (AUROC); ``right_at_80`` and ``right_at_84``: right in scope at the threshold that
    refuses so many per cent out of scope.
    """

    top1: float
    top3: float
    one_slip: float
    slips: float
    right: float
    wrong: float
    helped: float
    out_answered: float
    out_offered: float
    apart: float
    right_at_80: float
    right_at_84: float

    def minus(self, other: Figures) -> Figures:
        """What *other* has less."""
        return Figures(*(getattr(self, field.name) - getattr(other, field.name) for field in fields(Figures)))


HEAD = (
    "first right",
    "in first three",
    "lost by one slip",
    "first right, 1 or 2 slips",
    "answered right",
    "answered wrong",
    "out of scope: answered",
    "offered a choice",
    "AUROC in/out",
    "right where 80% / 84% out are refused",
)


def cells(figures: Figures) -> list[str]:
    """The figures under ``HEAD``."""
    pair = f"{percent(figures.right_at_80)} / {percent(figures.right_at_84)}"
    return [
        percent(figures.top1),
        percent(figures.top3),
        percent(figures.top1 - figures.one_slip),
        percent(figures.slips),
        percent(figures.right),
        percent(figures.wrong),
        percent(figures.out_answered),
        percent(figures.out_offered),
        "-" if math.isnan(figures.apart) else f"{figures.apart:.3f}",
        "-" if math.isnan(figures.right_at_80) else pair,
    ]


def judge(engine: Engine, collection: Collection, *, answered: float | None = None) -> Figures:
    """
    The figures of *engine*, already built, on *collection*.

    An engine without a threshold gets the one at which it answers the share *answered* of the questions in scope.
    """
    inside = [engine.find(question.q) for question in collection.inside]
    outside = [engine.find(question.q) for question in collection.outside]
    first = _hits(inside, collection.inside, 1)
    sure, sure_outside = _scores(inside), _scores(outside)
    threshold = _threshold(sure, answered or 0.0)
    outright = np.array([_answers(found, threshold) for found in inside])
    shown = np.array([_shows(found, question) for found, question in zip(inside, collection.inside, strict=True)])
    offered = np.array([_offers(found, question) for found, question in zip(inside, collection.inside, strict=True)])
    refused = [_right_at(first, sure, sure_outside, share) for share in _REFUSED]
    return Figures(
        top1=float(first.mean()),
        top3=float(_hits(inside, collection.inside, 3).mean()),
        one_slip=_first_right(engine, with_slips(collection.inside, counts=(1,))),
        slips=_first_right(engine, with_slips(collection.inside)),
        right=float((outright & shown).mean()),
        wrong=float((outright & ~shown).mean()),
        helped=float(((outright & shown) | offered).mean()),
        out_answered=_mean([_answers(found, threshold) for found in outside]),
        out_offered=_mean([found.outcome == "choice" for found in outside]) if inside[0].outcome else math.nan,
        apart=auroc(sure, sure_outside),
        right_at_80=refused[0],
        right_at_84=refused[1],
    )


def _hits(found: Sequence[Found], questions: Sequence[Labelled], among: int) -> Marks:
    return np.array([not set(one.ids[:among]).isdisjoint(q.ids) for one, q in zip(found, questions, strict=True)])


def _first_right(engine: Engine, questions: Sequence[Labelled]) -> float:
    return float(_hits([engine.find(question.q) for question in questions], questions, 1).mean())


def _scores(found: Sequence[Found]) -> Values:
    return np.array([one.score for one in found], dtype=np.float64)


def _threshold(sure: Values, share: float) -> float:
    """The score from which on (about) *share* of the questions are answered."""
    count = round(share * len(sure))
    return float(np.sort(sure)[::-1][count - 1]) if count else math.inf


def _answers(found: Found, threshold: float) -> bool:
    return found.outcome == "answer" if found.outcome else found.score >= threshold


def _shows(found: Found, question: Labelled) -> bool:
    return not set(found.shown).isdisjoint(question.ids)


def _offers(found: Found, question: Labelled) -> bool:
    return not set(found.options).isdisjoint(question.ids)


def _right_at(first: Marks, sure: Values, outside: Values, refused: float) -> float:
    """The share right in scope above the score that so many out of scope do not reach."""
    if not len(outside):
        return math.nan
    return float((first & (sure > np.quantile(outside, refused, method="higher"))).mean())


def _mean(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if values else math.nan
