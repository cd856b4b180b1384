"""How much each feature speaks for each entry, kept as postings: one pass over a question's features scores all.

The model is multinomial naive Bayes over whole entries (all phrases of an entry together), in which a feature is
weighed by how few entries have it, corrected by a perceptron trained on the phrases. See docs/quality.md for what
each part is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

SMOOTHING = 0.02
_PERCEPTRON_FROM_PHRASES = 4
_PERCEPTRON_EPOCHS = 10
_PERCEPTRON_STEP = 0.5
_PERCEPTRON_MARGIN = 2.0
_LARGEST_DENSE = 60_000_000
_NEGLIGIBLE = 0.01


@dataclass(frozen=True)
class Vector:
    """A phrase as features: positions in the feature space and weights; unit length unless it is empty."""

    at: Ints
    weight: Floats


class FeatureSpace:
    """The features of a knowledge base, and how much each one tells (inverse entry frequency)."""

    def __init__(self, names: Mapping[str, int], weights: Floats) -> None:
        self.names = names
        self.weights = weights

    @classmethod
    def of(cls, phrases: Sequence[Mapping[str, float]], owners: Sequence[int], classes: int) -> FeatureSpace:
        """The space of all features in *phrases*; one found in nearly every entry weighs nothing."""
        owned: dict[str, set[int]] = {}
        for features, owner in zip(phrases, owners, strict=True):
            for feature in features:
                owned.setdefault(feature, set()).add(owner)
        names = {feature: at for at, feature in enumerate(owned)}
        counts = np.fromiter((len(owners) for owners in owned.values()), np.float64, len(owned))
        weights = np.maximum(np.log((classes + 1) / (counts + 0.5)), 0.0)
        return cls(names, weights.astype(np.float32))

    def vector(self, features: Mapping[str, float]) -> Vector:
        """The known features of a phrase, weighed and brought to unit length."""
        known = [(self.names[name], weight) for name, weight in features.items() if name in self.names]
        at = np.fromiter((place for place, _ in known), np.int32, len(known))
        weight = np.fromiter((one for _, one in known), np.float32, len(known)) * self.weights[at]
        length = float(np.sqrt(np.dot(weight, weight)))
        return Vector(at, weight / np.float32(length) if length else weight)


@dataclass(frozen=True)
class Scores:
    """For every class: the score (log odds, higher is nearer) and the cosine to the class's centre (0..1)."""

    score: npt.NDArray[np.float64]
    cosine: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Postings:
    """Feature by feature the classes that have it: where its run starts, which classes, how much for each."""

    starts: npt.NDArray[np.int64]
    classes: Ints
    weights: Floats
    centres: Floats
    base: npt.NDArray[np.float64]

    @property
    def size(self) -> int:
        """How many classes there are."""
        return len(self.base)

    def score(self, vector: Vector) -> Scores:
        """The scores of all classes for one phrase."""
        where, spread = self._gather(vector)
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

    def _gather(self, vector: Vector) -> tuple[npt.NDArray[np.int64], Floats]:
        """The places of all postings of the vector's features, and for each the weight of its feature."""
        starts = self.starts[vector.at]
        lengths = self.starts[vector.at + 1] - starts
        before = np.cumsum(lengths) - lengths
        where = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()), dtype=np.int64)
        return where, np.repeat(vector.weight, lengths)


def fit(vectors: Sequence[Vector], owners: Sequence[int], classes: int, features: int) -> Postings:
    """The postings learnt from *vectors*, each the phrase of the class in *owners* beside it; deterministic."""
    matrix = _Matrix(vectors, np.asarray(owners, np.int32), features)
    counts = _sum_by_class(matrix, classes)
    smooth = _smoothing(matrix.owners, classes)
    weights = np.log(counts.values + smooth[counts.columns]) - np.log(smooth[counts.columns])
    base = np.log(smooth) - np.log(counts.column_sums(classes) + smooth * features)
    centres = counts.values / np.maximum(counts.column_lengths(classes), 1e-9)[counts.columns]
    trained = _train(matrix, counts, weights, base, smooth, classes)
    return _postings(counts, weights, centres, trained, base, features)


@dataclass(frozen=True)
class _Matrix:
    """All phrase vectors behind one another."""

    starts: npt.NDArray[np.int64]
    at: Ints
    weight: Floats
    owners: Ints
    features: int

    def __init__(self, vectors: Sequence[Vector], owners: Ints, features: int) -> None:
        lengths = np.fromiter((len(vector.at) for vector in vectors), np.int64, len(vectors))
        set_ = object.__setattr__
        set_(self, "starts", np.concatenate([[0], np.cumsum(lengths)]))
        set_(
            self,
            "at",
            np.concatenate([vector.at for vector in vectors]) if len(vectors) else np.zeros(0, np.int32),
        )
        weight = np.concatenate([vector.weight for vector in vectors]) if len(vectors) else np.zeros(0, np.float32)
        set_(self, "weight", weight)
        set_(self, "owners", owners)
        set_(self, "features", features)


@dataclass(frozen=True)
class _Sparse:
    """(feature, class) -> value, ordered by feature and then class."""

    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]

    def column_sums(self, classes: int) -> npt.NDArray[np.float64]:
        return np.bincount(self.columns, weights=self.values, minlength=classes).astype(np.float64)

    def column_lengths(self, classes: int) -> npt.NDArray[np.float64]:
        return np.sqrt(np.bincount(self.columns, weights=self.values**2, minlength=classes))


def _sum_by_class(matrix: _Matrix, classes: int) -> _Sparse:
    owner = np.repeat(matrix.owners.astype(np.int64), np.diff(matrix.starts))
    keys, inverse = np.unique(matrix.at.astype(np.int64) * classes + owner, return_inverse=True)
    values = np.bincount(inverse, weights=matrix.weight, minlength=len(keys))
    return _Sparse(keys // classes, keys % classes, values.astype(np.float64))


def _smoothing(owners: Ints, classes: int) -> npt.NDArray[np.float64]:
    """Grows with the square root of an entry's phrases, so that a big entry does not swallow all questions."""
    phrases = np.bincount(owners, minlength=classes).astype(np.float64)
    return SMOOTHING * np.sqrt(np.maximum(phrases, 1.0) / max(float(phrases.mean()), 1e-9))


def _train(
    matrix: _Matrix,
    counts: _Sparse,
    weights: npt.NDArray[np.float64],
    base: npt.NDArray[np.float64],
    smooth: npt.NDArray[np.float64],
    classes: int,
) -> Floats | None:
    """
    What an averaged perceptron adds, as a dense (features, classes) table; None where there is too little or too much.

    Each phrase is scored by naive Bayes with itself taken out of its own entry, so that it corrects what a new
    question would get wrong and not what the phrase already knows about itself.
    """
    phrases = len(matrix.owners)
    if phrases < _PERCEPTRON_FROM_PHRASES * classes or matrix.features * classes > _LARGEST_DENSE:
        return None
    start = _scores_without_self(matrix, counts, weights, base, smooth, classes)
    table = np.zeros((matrix.features, classes), np.float32)
    summed = np.zeros_like(table)
    step, seen = np.float32(_PERCEPTRON_STEP), 1
    order = np.random.default_rng(0)
    for _ in range(_PERCEPTRON_EPOCHS):
        for one in order.permutation(phrases):
            run = slice(matrix.starts[one], matrix.starts[one + 1])
            at, weight = matrix.at[run], matrix.weight[run]
            score = weight @ table[at] + start[one]
            right = int(matrix.owners[one])
            reached = float(score[right])
            score[right] = -np.inf
            rival = int(score.argmax())
            if reached - float(score[rival]) < _PERCEPTRON_MARGIN:
                change = step * weight
                table[at, right] += change
                table[at, rival] -= change
                summed[at, right] += seen * change
                summed[at, rival] -= seen * change
            seen += 1
    table -= summed / np.float32(seen)
    return table


def _scores_without_self(
    matrix: _Matrix,
    counts: _Sparse,
    weights: npt.NDArray[np.float64],
    base: npt.NDArray[np.float64],
    smooth: npt.NDArray[np.float64],
    classes: int,
) -> Floats:
    plain = _postings(counts, weights, weights, None, base, matrix.features)
    sums = counts.column_sums(classes)
    scores = np.empty((len(matrix.owners), classes), np.float32)
    keys = counts.rows * classes + counts.columns
    for one, owner in enumerate(matrix.owners.tolist()):
        run = slice(matrix.starts[one], matrix.starts[one + 1])
        at, weight = matrix.at[run], matrix.weight[run]
        scores[one] = plain.score(Vector(at, weight)).score
        value = counts.values[np.searchsorted(keys, at.astype(np.int64) * classes + owner)]
        left = np.maximum(value - weight, 0.0)
        whole = sums[owner] - weight.sum() + smooth[owner] * matrix.features
        scores[one, owner] = float((weight * (np.log(left + smooth[owner]) - np.log(whole))).sum())
    return scores


def _postings(
    counts: _Sparse,
    weights: npt.NDArray[np.float64],
    centres: npt.NDArray[np.float64],
    trained: Floats | None,
    base: npt.NDArray[np.float64],
    features: int,
) -> Postings:
    rows, columns = counts.rows, counts.columns
    values, middle = weights.astype(np.float32), centres.astype(np.float32)
    if trained is not None:
        values = values + trained[rows, columns]
        trained[rows, columns] = 0.0
        more_rows, more_columns = np.nonzero(np.abs(trained) > _NEGLIGIBLE)
        values = np.concatenate([values, trained[more_rows, more_columns]])
        middle = np.concatenate([middle, np.zeros(len(more_rows), np.float32)])
        rows, columns = np.concatenate([rows, more_rows]), np.concatenate([columns, more_columns])
        order = np.lexsort((columns, rows))
        rows, columns, values, middle = rows[order], columns[order], values[order], middle[order]
    starts = np.searchsorted(rows, np.arange(features + 1))
    return Postings(starts.astype(np.int64), columns.astype(np.int32), values, middle, base)
