"""Which wrong beliefs a question may rest on, and how likely it does.

The beliefs of the nearest entries are looked at, and those that are likeliest by themselves. The weights were fitted on
the tuned half of our own questions about beliefs, beside questions that rest on none;
``benchmarks/belief_calibration.py`` repeats the fit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.matching.confidence import squash
from bot.matching.corpus import Phrase
from bot.matching.learning import Numbers, Phrases, fit_bayes
from bot.matching.names import Wording
from bot.matching.presuming import fit_presuming
from bot.matching.scoring import Floats, Odds, Vector

_ENTRIES_LOOKED_AT: Final = 4
_BELIEFS_LOOKED_AT: Final = 5
_NEAREST = 3
_LONGEST = 30
"""Words: longer questions are hardly any among those that the weights were fitted on."""

BeliefKey = tuple[int, int]
"""The place of an entry, and the position of one of its beliefs."""


@dataclass(frozen=True)
class Resting:
    """
    What can be seen of a question beside one belief. Shares and likenesses are 0..1.

    ``nearest``: the mean cosine to the nearest three of the belief's wordings.
    ``over_beliefs``: the greatest cosine as a share of the greatest to any belief looked at. ``odds`` and
    ``odds_over_all``: the log odds of the belief over the entry's questions, and over whatever is likeliest. ``place``:
    of the entry in the ranking, from 0; 4 where it is not among the nearest four. ``presuming``: how much the question
    sounds as if it took something for granted (log odds). ``beliefs``: how many the entry has.
    """

    nearest: float
    over_beliefs: float
    odds: float
    odds_over_all: float
    place: int
    presuming: float
    length: int
    beliefs: int

    def row(self) -> dict[str, float]:
        """The numbers that are weighed, by name."""
        return {
            "likeness to the nearest wordings": self.nearest,
            "share of the greatest likeness": self.over_beliefs,
            "odds over the entry's questions": self.odds,
            "odds over all": self.odds_over_all,
            "place of the entry": float(self.place),
            "takes something for granted": self.presuming,
            "length": math.log1p(min(self.length, _LONGEST)),
            "beliefs of the entry": math.log1p(self.beliefs),
        }


@dataclass(frozen=True)
class Held:
    """A belief of the entry at a place, by its position, and the probability (0..1) that the question rests on it."""

    owner: int
    position: int
    chance: float
    resting: Resting


@dataclass(frozen=True)
class Asked:
    """A question as the beliefs need it: its stems, its vector, the nearest entries, best first."""

    roots: Sequence[str]
    vector: Vector
    nearest: Sequence[int]


BIAS: Final = -8.855
WEIGHTS: Final[Mapping[str, float]] = {
    "likeness to the nearest wordings": -0.887,
    "share of the greatest likeness": 1.941,
    "odds over the entry's questions": 0.254,
    "odds over all": 0.341,
    "place of the entry": -0.601,
    "takes something for granted": 0.176,
    "length": 3.018,
    "beliefs of the entry": -0.824,
}


@dataclass(frozen=True)
class Said:
    """
    What is learnt of beliefs: the vectors of their wordings, those of one belief together; each belief and then the
    questions of each entry as a class (its log odds); what each feature weighs in what takes something for granted.
    """

    wordings: Phrases
    odds: Odds
    presuming: Floats


def learn_beliefs(phrases: Sequence[Phrase], vectors: Sequence[Vector], entries: int, features: int) -> Said:
    """What the *phrases* of a library say of its beliefs; *vectors* are aligned with them."""
    said = [vector for vector, one in zip(vectors, phrases, strict=True) if _is_belief(one)]
    number = {belief: at for at, belief in enumerate(dict.fromkeys(_belief(one) for one in phrases if _is_belief(one)))}
    both = [
        (vector, one)
        for vector, one in zip(vectors, phrases, strict=True)
        if _is_belief(one) or (one.field == "question" and one.owner < entries)
    ]
    owners = [number[_belief(one)] if _is_belief(one) else len(number) + one.owner for _, one in both]
    own = [vector for vector, _ in both]
    return Said(
        wordings=Phrases.of(said, [number[_belief(one)] for one in phrases if _is_belief(one)], features),
        odds=fit_bayes(own, owners, len(number) + entries, features),
        presuming=fit_presuming(own, [_is_belief(one) for _, one in both], features),
    )


class Beliefs:
    """All beliefs of a library, to be laid beside a question. Immutable."""

    def __init__(self, wordings: Sequence[Wording], said: Said) -> None:
        """Args: wordings: of all entries, in the order in which *said* was learnt from them."""
        self._said_so: dict[str, BeliefKey] = {}
        for one in wordings:
            if one.belief is not None:
                self._said_so.setdefault(one.roots, (one.owner, one.belief))
        every = dict.fromkeys((one.owner, one.belief) for one in wordings if one.belief is not None)
        self._every = tuple(every)
        self._said = said
        self._numbers: dict[BeliefKey, int] = {belief: number for number, belief in enumerate(every)}
        self._first = np.searchsorted(said.wordings.owners, np.arange(len(every) + 1))
        self._of: dict[int, list[BeliefKey]] = {}
        for belief in every:
            self._of.setdefault(belief[0], []).append(belief)

    def held(self, asked: Asked) -> tuple[Held, ...]:
        """
        The beliefs of the nearest entries and those that are likeliest by themselves, the likeliest first; one that is
        said word for word is certain.
        """
        said = self._said_so.get(" ".join(asked.roots))
        found = [
            Held(*belief, 1.0 if belief == said else chance(resting), resting)
            for belief, resting in self._resting(asked, said)
        ]
        return tuple(sorted(found, key=lambda one: (-one.chance, one.owner, one.position)))

    def _resting(self, asked: Asked, said: BeliefKey | None) -> Iterator[tuple[BeliefKey, Resting]]:
        if not self._numbers:
            return
        odds = self._said.odds.score(asked.vector)
        looked_at = asked.nearest[:_ENTRIES_LOOKED_AT]
        near = self._near(odds, looked_at, said)
        cosines = self._cosines(asked.vector, near)
        greatest, likeliest = max(*(float(own[0]) for own in cosines.values()), 1e-9), float(odds.max())
        presuming = float(self._said.presuming[asked.vector.at] @ asked.vector.weight)
        for belief in near:
            own, its_odds = cosines[belief], float(odds[self._numbers[belief]])
            yield (
                belief,
                Resting(
                    nearest=float(own[:_NEAREST].mean()),
                    over_beliefs=float(own[0]) / greatest,
                    odds=its_odds - float(odds[len(self._numbers) + belief[0]]),
                    odds_over_all=its_odds - likeliest,
                    place=looked_at.index(belief[0]) if belief[0] in looked_at else _ENTRIES_LOOKED_AT,
                    presuming=presuming,
                    length=len(asked.roots),
                    beliefs=len(self._of[belief[0]]),
                ),
            )

    def _near(self, odds: Numbers, looked_at: Sequence[int], said: BeliefKey | None) -> list[BeliefKey]:
        """What is *said* word for word, the beliefs of the nearest entries, and those likeliest whichever theirs."""
        likeliest = np.argsort(-odds[: len(self._numbers)], kind="stable")[:_BELIEFS_LOOKED_AT]
        of_entries = (belief for owner in looked_at for belief in self._of.get(owner, ()))
        first = () if said is None else (said,)
        return list(dict.fromkeys([*first, *of_entries, *(self._every[at] for at in likeliest)]))

    def _cosines(self, vector: Vector, near: Sequence[BeliefKey]) -> dict[BeliefKey, Numbers]:
        """For each belief in *near* the cosines of its wordings to a question, the greatest first."""
        said = self._said.wordings
        question = np.zeros(said.features, np.float32)
        question[vector.at] = vector.weight
        cosines = {}
        for belief in near:
            first, last = self._first[self._numbers[belief]], self._first[self._numbers[belief] + 1]
            run = slice(said.starts[first], said.starts[last])
            added = np.add.reduceat(said.weight[run] * question[said.at[run]], said.starts[first:last] - run.start)
            cosines[belief] = np.sort(added)[::-1].astype(np.float64)
        return cosines


def chance(resting: Resting) -> float:
    """The probability (0..1) that a question rests on a belief."""
    return squash(BIAS + sum(WEIGHTS[name] * value for name, value in resting.row().items()))


def _is_belief(phrase: Phrase) -> bool:
    return phrase.belief is not None


def _belief(phrase: Phrase) -> BeliefKey:
    return phrase.owner, phrase.belief or 0
