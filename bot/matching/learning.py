"""What is learnt from phrases: naive Bayes over whole entries, and what a perceptron corrects in it. Deterministic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.scoring import Floats, Ints, Odds, Postings, Vector

SMOOTHING = 0.02
EPOCHS = 8
_STEPS = 300_000
"""Passes of the perceptron, and the steps at most: where phrases are very many, fewer passes teach the same."""
_FROM_PHRASES = 4
_LONGEST_STEP = 3.0
_MARGIN = 12.0
"""
How far ahead of its best rival a phrase must be before it is left alone, and how far one phrase may move the scores
towards that. Wide, since the scores are log odds of many features: on CLINC150 and BANKING77 whole 8 is a point better
than 2, and 12 tells in from out of scope better than 8; steps as long as they need to be, and no longer than 3, are
better than steps of 1.
"""
_TOGETHER = 100
_LARGEST_TABLE = 60_000_000
_NEGLIGIBLE = 0.01

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Phrases:
    """All phrase vectors behind one another: where each starts, its features, their weights, and whose it is."""

    starts: Places
    at: Ints
    weight: Floats
    owners: Ints
    features: int

    @classmethod
    def of(cls, vectors: Sequence[Vector], owners: Sequence[int], features: int) -> Phrases:
        """The vectors of a knowledge base, each the phrase of the class in *owners* beside it."""
        lengths = np.fromiter((len(vector.at) for vector in vectors), np.int64, len(vectors))
        return cls(
            starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
            at=np.concatenate([np.zeros(0, np.int32), *(vector.at for vector in vectors)]),
            weight=np.concatenate([np.zeros(0, np.float32), *(vector.weight for vector in vectors)]),
            owners=np.asarray(owners, np.int32),
            features=features,
        )

    @property
    def owner_of_each(self) -> Places:
        """The owner of every feature in the row, aligned with ``at``."""
        return np.repeat(self.owners.astype(np.int64), np.diff(self.starts))

    def only(self, kept: npt.NDArray[np.bool_]) -> Phrases:
        """The same phrases with only the features that are *kept*, numbered anew from 0."""
        inside = kept[self.at]
        number = (np.cumsum(kept) - 1).astype(np.int32)
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(inside)])
        return Phrases(before[self.starts], number[self.at[inside]], self.weight[inside], self.owners, int(kept.sum()))


@dataclass(frozen=True)
class Counts:
    """(feature, class) -> how much of the feature the class's phrases hold, by feature and then class."""

    rows: Places
    columns: Places
    values: Numbers

    def column_sums(self, classes: int) -> Numbers:
        """The sum of each class."""
        return np.bincount(self.columns, weights=self.values, minlength=classes).astype(np.float64)

    def column_lengths(self, classes: int) -> Numbers:
        """The length of each class as a vector."""
        return np.sqrt(np.bincount(self.columns, weights=self.values**2, minlength=classes)).astype(np.float64)


@dataclass(frozen=True)
class _Bayes:
    """Naive Bayes: the counts, the smoothing and constant part of each class, the weight of each count."""

    counts: Counts
    smooth: Numbers
    sums: Numbers
    base: Numbers
    weights: Numbers


def fit(vectors: Sequence[Vector], owners: Sequence[int], classes: int, features: int) -> Postings:
    """The postings learnt from *vectors*, each the phrase of the class in *owners* beside it."""
    phrases = Phrases.of(vectors, owners, features)
    bayes = _bayes(phrases, classes)
    lengths = np.maximum(bayes.counts.column_lengths(classes), 1e-9)
    centres = bayes.counts.values / lengths[bayes.counts.columns]
    return _postings(bayes, centres, _perceptron(phrases, bayes, classes), features)


def fit_bayes(vectors: Sequence[Vector], owners: Sequence[int], classes: int, features: int) -> Odds:
    """The same by naive Bayes alone: quick and small, and enough where a score is only one sign among others."""
    bayes = _bayes(Phrases.of(vectors, owners, features), classes)
    counts = bayes.counts
    starts = np.searchsorted(counts.rows, np.arange(features + 1)).astype(np.int64)
    small = counts.columns.astype(np.min_scalar_type(classes))
    return Odds(starts, small, bayes.weights.astype(np.float16), bayes.base)


def _bayes(phrases: Phrases, classes: int) -> _Bayes:
    keys, inverse = np.unique(phrases.at.astype(np.int64) * classes + phrases.owner_of_each, return_inverse=True)
    values = np.bincount(inverse, weights=phrases.weight, minlength=len(keys)).astype(np.float64)
    counts = Counts(keys // classes, keys % classes, values)
    smooth = _smoothing(phrases.owners, classes)
    sums = counts.column_sums(classes)
    base = np.log(smooth) - np.log(sums + smooth * phrases.features)
    weights = np.log(values + smooth[counts.columns]) - np.log(smooth[counts.columns])
    return _Bayes(counts, smooth, sums, base, weights)


def _smoothing(owners: Ints, classes: int) -> Numbers:
    """Grows with the square root of an entry's phrases, so that a big entry does not swallow all questions."""
    phrases = np.bincount(owners, minlength=classes).astype(np.float64)
    return SMOOTHING * np.sqrt(np.maximum(phrases, 1.0) / max(float(phrases.mean()), 1e-9))


def _perceptron(phrases: Phrases, bayes: _Bayes, classes: int) -> tuple[Ints, Floats] | None:
    """
    What an averaged perceptron adds: the features that it saw twice or more, and a table (feature, class) for them.

    Each phrase starts from its naive Bayes scores with itself taken out of its own entry, so that what is corrected is
    what a new question would get wrong and not what a phrase knows about itself. None where there are too few phrases
    to learn from, or the table would be too large.
    """
    seen = np.bincount(phrases.at, minlength=phrases.features) >= 2
    too_large = int(seen.sum()) * classes > _LARGEST_TABLE
    if too_large or len(phrases.owners) < _FROM_PHRASES * classes:
        return None
    table = _averaged(phrases.only(seen), _scores_without_self(phrases, bayes, classes), classes)
    return np.flatnonzero(seen).astype(np.int32), table


def _averaged(phrases: Phrases, start: Floats, classes: int) -> Floats:
    """
    The averaged corrections after all passes, in an order that is random and always the same.

    Source of the step: PA-I, Crammer et al., "Online Passive-Aggressive Algorithms", JMLR 7 (2006); a phrase has length
    1, so that what is short of the margin, shared between the two classes, is the step.
    """
    table = np.zeros((phrases.features, classes), np.float32)
    summed = np.zeros_like(table)
    order, step = np.random.default_rng(0), 1
    for _ in range(max(1, min(EPOCHS, _STEPS // max(len(phrases.owners), 1)))):
        for one in order.permutation(len(phrases.owners)):
            run = slice(phrases.starts[one], phrases.starts[one + 1])
            at, weight = phrases.at[run], phrases.weight[run]
            score = weight @ table[at] + start[one]
            right = int(phrases.owners[one])
            reached = float(score[right])
            score[right] = -np.inf
            rival = int(score.argmax())
            short = _MARGIN - (reached - float(score[rival]))
            if short > 0:
                change = np.float32(min(_LONGEST_STEP, short / 2)) * weight
                table[at, right] += change
                table[at, rival] -= change
                summed[at, right] += step * change
                summed[at, rival] -= step * change
            step += 1
    return table - summed / np.float32(step)


def _scores_without_self(phrases: Phrases, bayes: _Bayes, classes: int) -> Floats:
    """For every phrase the naive Bayes scores of all classes, its own as if the phrase had never been in it."""
    starts = np.searchsorted(bayes.counts.rows, np.arange(phrases.features + 1)).astype(np.int64)
    scores = np.empty((len(phrases.owners), classes), np.float32)
    for first in range(0, len(scores), _TOGETHER):
        last = min(first + _TOGETHER, len(scores))
        scores[first:last] = _scores_together(phrases, bayes, starts, first, last)
    scores[np.arange(len(scores)), phrases.owners] = _own_scores_without_self(phrases, bayes, classes)
    return scores


def _scores_together(phrases: Phrases, bayes: _Bayes, starts: Places, first: int, last: int) -> Numbers:
    """The naive Bayes scores of the phrases from *first* to *last*, a row a phrase, in one gather and one bincount."""
    classes = len(bayes.base)
    run = slice(phrases.starts[first], phrases.starts[last])
    at, weight = phrases.at[run], phrases.weight[run]
    phrase = np.repeat(np.arange(last - first), np.diff(phrases.starts[first : last + 1]))
    begins, lengths = starts[at], starts[at + 1] - starts[at]
    where = np.repeat(begins - (np.cumsum(lengths) - lengths), lengths) + np.arange(int(lengths.sum()))
    cell = np.repeat(phrase, lengths) * classes + bayes.counts.columns[where]
    added = np.bincount(
        cell, weights=bayes.weights[where] * np.repeat(weight, lengths), minlength=(last - first) * classes
    )
    total = np.bincount(phrase, weights=weight, minlength=last - first)
    return (added.reshape(last - first, classes) + total[:, None] * bayes.base).astype(np.float64)


def _own_scores_without_self(phrases: Phrases, bayes: _Bayes, classes: int) -> Numbers:
    owner = phrases.owner_of_each
    keys = bayes.counts.rows * classes + bayes.counts.columns
    value = bayes.counts.values[np.searchsorted(keys, phrases.at.astype(np.int64) * classes + owner)]
    left = np.maximum(value - phrases.weight, 0.0) + bayes.smooth[owner]
    phrase = np.repeat(np.arange(len(phrases.owners)), np.diff(phrases.starts))
    logs = np.bincount(phrase, weights=phrases.weight * np.log(left), minlength=len(phrases.owners))
    total = np.bincount(phrase, weights=phrases.weight, minlength=len(phrases.owners))
    whole = bayes.sums[phrases.owners] - total + bayes.smooth[phrases.owners] * phrases.features
    return (logs - total * np.log(whole)).astype(np.float64)


def _postings(bayes: _Bayes, centres: Numbers, learnt: tuple[Ints, Floats] | None, features: int) -> Postings:
    rows, columns = bayes.counts.rows, bayes.counts.columns
    values, middle = bayes.weights.astype(np.float32), centres.astype(np.float32)
    if learnt is not None:
        rows, columns, values, middle = _corrected(rows, columns, values, middle, learnt, features)
    starts = np.searchsorted(rows, np.arange(features + 1))
    classes = columns.astype(np.min_scalar_type(len(bayes.base)))
    return Postings(starts.astype(np.int64), classes, values, middle.astype(np.float16), bayes.base)


def _corrected(
    rows: Places, columns: Places, values: Floats, middle: Floats, learnt: tuple[Ints, Floats], features: int
) -> tuple[Places, Places, Floats, Floats]:
    """The postings with the perceptron's corrections added; what only it has to say becomes a posting of its own."""
    seen, table = learnt
    number = np.full(features, -1, np.int64)
    number[seen] = np.arange(len(seen))
    inside = number[rows] >= 0
    values = values.copy()
    values[inside] += table[number[rows[inside]], columns[inside]]
    table[number[rows[inside]], columns[inside]] = 0.0
    more_rows, more_columns = np.nonzero(np.abs(table) > _NEGLIGIBLE)
    all_rows = np.concatenate([rows, seen[more_rows].astype(np.int64)])
    all_columns = np.concatenate([columns, more_columns])
    order = np.lexsort((all_columns, all_rows))
    all_values = np.concatenate([values, table[more_rows, more_columns]])
    all_middle = np.concatenate([middle, np.zeros(len(more_rows), np.float32)])
    return all_rows[order], all_columns[order], all_values[order], all_middle[order]
