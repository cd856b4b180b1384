"""How much each feature speaks for each entry, kept as postings: one pass over a question's features scores all.

The model is multinomial naive Bayes over whole entries (all phrases of an entry together), in which a feature is
weighed by how few entries have it, corrected by a perceptron trained on the phrases. See docs/quality.md for what
each part is worth.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.matching.features import stem

COMMON_WEIGHT = 2.0
"""What every feature weighs at least: "why", "who has" and "not" stand in every entry, and tell entries apart all the
same by how often. Measured: 2.6 points more right first on our council voice, 1.5 on BANKING77 whole."""

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Vector:
    """A phrase as features: positions in the feature space and weights; unit length unless it is empty."""

    at: Ints
    weight: Floats


class FeatureSpace:
    """
    The features of a knowledge base and their weights: what each tells (inverse entry frequency) and a floor.

    A name is looked up by its hash of 64 bits, for the names themselves would take ten times the room. That two names
    share one happens once in 10^14 lookups; two known names never do.
    """

    def __init__(self, names: Sequence[str], weights: Floats) -> None:
        """Raises: ValueError: two of the *names* have one hash; another process hashes otherwise."""
        keys = _keys(names)
        self._places = np.argsort(keys, kind="stable").astype(np.int32)
        self._keys = keys[self._places]
        if (self._keys[1:] == self._keys[:-1]).any():
            raise ValueError("two features have the same hash.")
        self.weights = weights

    @classmethod
    def of(
        cls, phrases: Iterable[Mapping[str, float]], owners: Sequence[int], classes: int
    ) -> tuple[list[str], FeatureSpace, list[Vector]]:
        """
        All features in *phrases* in the order of their places, the space of them, and the vector of each phrase; a
        feature found in nearly every entry weighs ``COMMON_WEIGHT``. The phrases are read once and not kept: as
        mappings they would take ten times the room.
        """
        names: dict[str, int] = {}
        counted: list[Vector] = []
        for features in phrases:
            at = np.fromiter((names.setdefault(one, len(names)) for one in features), np.int32, len(features))
            counted.append(Vector(at, np.fromiter(features.values(), np.float32, len(features))))
        space = cls(list(names), telling(counted, owners, classes, len(names)) + np.float32(COMMON_WEIGHT))
        return list(names), space, [space.weighed(one) for one in counted]

    def place(self, name: str) -> int | None:
        """The place of the feature *name*; None where no phrase has it."""
        key = hash(name)
        at = int(self._keys.searchsorted(key))
        return int(self._places[at]) if at < len(self._keys) and self._keys[at] == key else None

    def tells(self, place: int) -> float:
        """How much the feature at *place* tells by itself: next to nothing where nearly every entry has it."""
        return float(self.weights[place]) - COMMON_WEIGHT

    def has_pair(self, first: str, second: str) -> bool:
        """Whether two words stand side by side, by their stems, in any phrase."""
        return self.place(f"p:{stem(first)} {stem(second)}") is not None

    def vector(self, features: Mapping[str, float]) -> Vector:
        """The known features of a phrase, weighed and brought to unit length."""
        keys = _keys(features)
        at = np.minimum(self._keys.searchsorted(keys), max(len(self._keys) - 1, 0))
        known = self._keys[at] == keys
        weight = np.fromiter(features.values(), np.float32, len(features))
        return self.weighed(Vector(self._places[at[known]], weight[known]))

    def weighed(self, counted: Vector) -> Vector:
        """The vector with each feature's own weight, brought to unit length."""
        weight = counted.weight * self.weights[counted.at]
        length = float(np.sqrt(np.dot(weight, weight)))
        return Vector(counted.at, weight / np.float32(length) if length else weight)


def _keys(names: Collection[str]) -> npt.NDArray[np.int64]:
    return np.fromiter(map(hash, names), np.int64, len(names))


def telling(phrases: Sequence[Vector], owners: Sequence[int], classes: int, features: int) -> Floats:
    """How much each feature tells: the logarithm of in how few classes it is (inverse entry frequency), at least 0."""
    lengths = [len(one.at) for one in phrases]
    owner = np.repeat(np.asarray(owners, np.int64), lengths)
    at = np.concatenate([one.at for one in phrases]).astype(np.int64) if phrases else np.zeros(0, np.int64)
    owned = np.bincount(np.unique(at * classes + owner) // classes, minlength=features)
    return np.maximum(np.log((classes + 1) / (owned + 0.5)), 0.0).astype(np.float32)


@dataclass(frozen=True)
class Scores:
    """For every class: the score (log odds, higher is nearer) and the cosine to the class's centre (0..1)."""

    score: npt.NDArray[np.float64]
    cosine: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Postings:
    """
    Feature by feature the classes that have it: where its run starts, which classes, how much for each in the score and
    (rounded, for it is only looked at) in the cosine. The classes are of the smallest type that holds their number.
    """

    starts: npt.NDArray[np.int64]
    classes: npt.NDArray[np.unsignedinteger[Any]]
    weights: Floats
    centres: npt.NDArray[np.float16]
    base: npt.NDArray[np.float64]

    @property
    def size(self) -> int:
        """How many classes there are."""
        return len(self.base)

    def score(self, vector: Vector) -> Scores:
        """The scores of all classes for one phrase."""
        where, spread = _gather(self.starts, vector)
        classes = self.classes[where]
        total = float(vector.weight.sum())
        score = np.bincount(classes, weights=self.weights[where] * spread, minlength=self.size) + total * self.base
        cosine = np.bincount(classes, weights=self.centres[where] * spread, minlength=self.size)
        return Scores(score.astype(np.float64), cosine.astype(np.float64))

    def has(self, feature: int, owner: int) -> bool:
        """Whether the class *owner* has *feature* in one of its phrases."""
        run = slice(self.starts[feature], self.starts[feature + 1])
        at = int(np.searchsorted(self.classes[run], owner))
        return bool(at < run.stop - run.start and self.classes[run][at] == owner and self.centres[run][at] > 0)

    def contributions(self, vector: Vector, owner: int) -> Floats:
        """How much each feature of *vector* adds to the score of *owner*, aligned with the vector."""
        added = np.zeros(len(vector.at), np.float32)
        for place, feature in enumerate(vector.at):
            run = slice(self.starts[feature], self.starts[feature + 1])
            at = int(np.searchsorted(self.classes[run], owner))
            if at < run.stop - run.start and self.classes[run][at] == owner:
                added[place] = self.weights[run][at] * vector.weight[place]
        return added


@dataclass(frozen=True)
class Odds:
    """Postings of which nothing but the score is wanted, in a third of the room: small numbers, rounded weights."""

    starts: npt.NDArray[np.int64]
    classes: npt.NDArray[np.unsignedinteger[Any]]
    weights: npt.NDArray[np.float16]
    base: npt.NDArray[np.float64]

    def score(self, vector: Vector) -> npt.NDArray[np.float64]:
        """The scores of all classes for one phrase: log odds, higher is nearer."""
        where, spread = _gather(self.starts, vector)
        added = np.bincount(self.classes[where], self.weights[where] * spread, len(self.base))
        return np.asarray(added + float(vector.weight.sum()) * self.base, np.float64)


def _gather(starts: npt.NDArray[np.int64], vector: Vector) -> tuple[npt.NDArray[np.int64], Floats]:
    """The places of all postings of the vector's features, and for each the weight of its feature."""
    first = starts[vector.at]
    lengths = starts[vector.at + 1] - first
    before = np.cumsum(lengths) - lengths
    where = np.repeat(first - before, lengths) + np.arange(int(lengths.sum()), dtype=np.int64)
    return where, np.repeat(vector.weight, lengths)
