"""Which wrong beliefs a question may rest on, and how likely it does.

An entry's beliefs are looked for in the nearest entries alone. The weights were fitted on the tuned half of our own
questions about beliefs, beside questions that rest on none: ``benchmarks/belief_calibration.py`` repeats the fit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process

from bot.matching.confidence import squash
from bot.matching.corpus import Phrase
from bot.matching.learning import fit_bayes
from bot.matching.names import Wording
from bot.matching.presuming import fit_presuming
from bot.matching.scoring import Floats, Postings, Vector, postings_of

ENTRIES_LOOKED_AT: Final = 4
_NEAREST = 3

Belief = tuple[int, int]
"""The place of an entry, and the position of one of its beliefs."""


@dataclass(frozen=True)
class Resting:
    """
    What can be seen of a question beside one belief. Shares and likenesses are 0..1.

    ``nearest`` and ``all``: the mean cosine to the nearest three of the belief's wordings, and to all; ``loose``: the
    likeness to the nearest where what the wording leaves out does not count. ``over_questions``: how much nearer it is
    than the nearest of the entry's own questions (-1..1). ``odds`` and ``odds_over_all``: the log odds of the belief
    over the entry's questions, and over whatever is likeliest. ``share``: of the entry among the nearest. ``place``: of
    the entry in the ranking, from 0. ``over_beliefs``: its cosine as a share of the greatest to any belief.
    ``presuming``: how much the question sounds as if it took something for granted (log odds). ``beliefs``: how many
    the entry has.
    """

    nearest: float
    all: float
    loose: float
    over_questions: float
    odds: float
    odds_over_all: float
    share: float
    place: int
    over_beliefs: float
    presuming: float
    length: int
    beliefs: int

    def row(self) -> dict[str, float]:
        """The numbers that are weighed, by name."""
        return {
            "likeness to the nearest wordings": self.nearest,
            "likeness to all wordings": self.all,
            "likeness to a part": self.loose,
            "nearer than the entry's questions": self.over_questions,
            "odds over the entry's questions": self.odds,
            "odds over all": self.odds_over_all,
            "share of the entry": self.share,
            "place of the entry": float(self.place),
            "share of the greatest likeness": self.over_beliefs,
            "takes something for granted": self.presuming,
            "length": math.log1p(self.length),
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
    """A question as the beliefs need it: its stems, its vector, the nearest entries with their shares, best first."""

    roots: Sequence[str]
    vector: Vector
    nearest: Sequence[tuple[int, float]]


BIAS: Final = -15.816
WEIGHTS: Final[Mapping[str, float]] = {
    "likeness to the nearest wordings": -7.648,
    "likeness to all wordings": 13.682,
    "likeness to a part": 2.426,
    "nearer than the entry's questions": 6.972,
    "odds over the entry's questions": 0.135,
    "odds over all": 0.312,
    "share of the entry": 0.48,
    "place of the entry": -0.365,
    "share of the greatest likeness": 0.754,
    "takes something for granted": 0.164,
    "length": 4.856,
    "beliefs of the entry": -0.88,
}


@dataclass(frozen=True)
class Said:
    """
    What is learnt of beliefs: each wording by itself (its cosines), each belief and then the questions of each entry as
    a class (its log odds), and what each feature weighs in what takes something for granted.
    """

    cosines: Postings
    odds: Postings
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
        cosines=postings_of(said, features),
        odds=fit_bayes(own, owners, len(number) + entries, features),
        presuming=fit_presuming(own, [_is_belief(one) for _, one in both], features),
    )


class Beliefs:
    """The wordings of all beliefs of a library, to be laid beside a question. Immutable."""

    def __init__(self, wordings: Sequence[Wording], said: Said) -> None:
        """Args: wordings: of all entries, in the order in which *said* was learnt from them."""
        self._said = said
        self._texts: dict[Belief, list[str]] = {}
        self._numbers: dict[Belief, list[int]] = {}
        for number, one in enumerate(one for one in wordings if one.belief is not None):
            belief = one.owner, one.belief or 0
            self._texts.setdefault(belief, []).append(one.roots)
            self._numbers.setdefault(belief, []).append(number)
        self._classes = {belief: at for at, belief in enumerate(self._texts)}
        self._of: dict[int, list[Belief]] = {}
        for belief in self._texts:
            self._of.setdefault(belief[0], []).append(belief)
        self._questions: dict[int, list[str]] = {owner: [] for owner in self._of}
        for one in wordings:
            if one.belief is None and one.owner in self._questions:
                self._questions[one.owner].append(one.roots)

    def held(self, asked: Asked) -> tuple[Held, ...]:
        """The beliefs of the nearest entries, the likeliest first."""
        found = [Held(*belief, chance(resting), resting) for belief, resting in self._resting(asked)]
        return tuple(sorted(found, key=lambda one: (-one.chance, one.owner, one.position)))

    def _resting(self, asked: Asked) -> Iterator[tuple[Belief, Resting]]:
        looked_at = asked.nearest[:ENTRIES_LOOKED_AT]
        if not any(owner in self._of for owner, _ in looked_at):
            return
        cosines = self._said.cosines.score(asked.vector).cosine
        odds = self._said.odds.score(asked.vector).score
        greatest, likeliest = max(float(cosines.max()), 1e-9), float(odds.max())
        presuming = float(self._said.presuming[asked.vector.at] @ asked.vector.weight)
        question = " ".join(asked.roots)
        for place, (owner, share) in enumerate(looked_at):
            beliefs = self._of.get(owner, ())
            plain = _likeness(question, self._questions[owner], fuzz.token_sort_ratio) if beliefs else 0.0
            for belief in beliefs:
                own = np.sort(cosines[self._numbers[belief]])[::-1]
                texts, its_odds = self._texts[belief], float(odds[self._classes[belief]])
                yield (
                    belief,
                    Resting(
                        nearest=float(own[:_NEAREST].mean()),
                        all=float(own.mean()),
                        loose=_likeness(question, texts, fuzz.token_ratio),
                        over_questions=_likeness(question, texts, fuzz.token_sort_ratio) - plain,
                        odds=its_odds - float(odds[len(self._classes) + owner]),
                        odds_over_all=its_odds - likeliest,
                        share=share,
                        place=place,
                        over_beliefs=float(own[0]) / greatest,
                        presuming=presuming,
                        length=len(asked.roots),
                        beliefs=len(beliefs),
                    ),
                )


def chance(resting: Resting) -> float:
    """The probability (0..1) that a question rests on a belief."""
    return squash(BIAS + sum(WEIGHTS[name] * value for name, value in resting.row().items()))


def _is_belief(phrase: Phrase) -> bool:
    return phrase.belief is not None


def _belief(phrase: Phrase) -> Belief:
    return phrase.owner, phrase.belief or 0


def _likeness(question: str, texts: Sequence[str], scorer: Callable[..., float]) -> float:
    """How like *question* is to the nearest of *texts*, 0..1."""
    found = process.extractOne(question, texts, scorer=scorer)
    return found[1] / 100 if found else 0.0
