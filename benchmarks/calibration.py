"""The fit of the weights in ``bot/matching/confidence.py``, repeated on the public collections that they come from.

    python -m benchmarks.calibration --data DIR

On each collection every question is ranked without regard to exact names, and what can be seen of the ranking is fitted
to whether the first entry is right (a question out of scope never is). Right and wrong weigh alike, and so do
collections. The first table says how good weights are on a collection that they were fitted without.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.ablations import without
from benchmarks.collections import Collection, read_collections, read_own
from benchmarks.measuring import Marks, Values, auroc, circumstances, percent, say, table
from bot.answers.scorecard import Labelled
from bot.matching import confidence
from bot.matching.index import Index

REPOSITORY = Path(__file__).resolve().parent.parent
_ASKED = 1_500
_SEED = 1
_RIDGE = 1.0
_IMPORTANCE = 1_000.0
_STEPS = 30
_WRONG = 0.02
_REFUSED = 0.84
_BANDS = (0.0, 0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class Seen:
    """The rankings of one collection: a row of evidence for each question, whether the first entry is right, and
    whether the question has one at all."""

    name: str
    rows: Values
    right: Marks
    inside: Marks


@dataclass(frozen=True)
class Weights:
    """What the fit gives: the weight of each kind of evidence, and the bias."""

    each: Values
    bias: float

    def chances(self, rows: Values) -> Values:
        """The probability for each of *rows* that the first entry is right."""
        odds: Values = np.clip(rows @ self.each + self.bias, -30, 30)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, rank, fit, print Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description="Fit the confidence.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the published files of public collections")
    parser.add_argument("--labelled", type=Path, metavar="FILE.jsonl", help="our own labelled questions: never fitted")
    parser.add_argument("--knowledge", type=Path, metavar="DIR", default=REPOSITORY / "knowledge")
    options = parser.parse_args(arguments)
    public, absent = read_collections(options.data, full=False)
    own, missing = read_own(options.knowledge, options.labelled)
    print(f"Measured {circumstances(['numpy', 'rapidfuzz', 'PyStemmer'])}\n")
    for line in (*absent, *missing):
        print(f"- {line}")
    if len(public) < 2:
        print("\nNothing to fit: at least two public collections are needed.")
        return
    seen = [see(one) for one in public]
    apart = [see(one) for one in own]
    fitted = fit(seen)
    print(f"\n### The weights\n\n{_weights_table(fitted)}")
    print(f"\n### How good they are\n\n{_quality_table(seen, apart, fitted)}")
    print(f"\n### How well they hold: right of those about so sure, %\n\n{_bands_table([*seen, *apart], fitted)}")


def see(collection: Collection) -> Seen:
    """Rank a drawn part of the questions of *collection* and keep what can be seen of each ranking."""
    say(f"ranking {collection.name}")
    questions = _drawn(collection)
    with without("exact names and points"):
        index = Index(collection.library)
        matches = [index.search(question.q) for question in questions]
    return Seen(
        collection.name,
        np.array([list(one.evidence.row().values()) for one in matches]),
        np.array([one.best in question.ids for one, question in zip(matches, questions, strict=True)]),
        np.array([bool(question.ids) for question in questions]),
    )


def fit(seen: Sequence[Seen]) -> Weights:
    """A ridge logistic regression over all of *seen*; in each, right and wrong count for half."""
    rows = np.vstack([one.rows for one in seen])
    right = np.concatenate([one.right for one in seen]).astype(np.float64)
    importance = np.concatenate([_importance(one.right) for one in seen])
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    standard = np.column_stack([(rows - middle) / spread, np.ones(len(rows))])
    weights = _logistic(standard, right, importance)
    each = weights[:-1] / spread
    return Weights(each, float(weights[-1] - (each * middle).sum()))


def shipped() -> Weights:
    """The weights as they stand in ``bot/matching/confidence.py``."""
    return Weights(np.array(list(confidence.WEIGHTS.values())), confidence.BIAS)


def _drawn(collection: Collection) -> list[Labelled]:
    questions = [*collection.inside, *collection.outside]
    random.Random(_SEED).shuffle(questions)
    return questions[:_ASKED]


def _importance(right: Marks) -> Values:
    return np.asarray(np.where(right, 0.5 / right.sum(), 0.5 / (~right).sum())) * _IMPORTANCE


def _logistic(rows: Values, right: Values, importance: Values) -> Values:
    """
    The weights of a logistic regression with a ridge on all but the last column.

    Source: Newton's method, https://en.wikipedia.org/wiki/Logistic_regression#Iteratively_reweighted_least_squares_(IRLS).
    """
    weights = np.zeros(rows.shape[1])
    ridge = np.full(rows.shape[1], _RIDGE)
    ridge[-1] = 1e-6
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (importance * (chance - right)) + ridge * weights
        curve = (rows * (importance * chance * (1 - chance))[:, None]).T @ rows + np.diag(ridge)
        change = np.linalg.solve(curve, slope)
        weights -= change
        if np.abs(change).max() < 1e-8:
            break
    return weights


def _weights_table(fitted: Weights) -> str:
    now = shipped()
    names = [*confidence.WEIGHTS, "bias"]
    pairs = zip(names, [*fitted.each, fitted.bias], [*now.each, now.bias], strict=True)
    rows = [[name, f"{new:.3f}", f"{old:.3f}", f"{new - old:+.3f}"] for name, new, old in pairs]
    return table(("evidence", "fitted now", "in confidence.py", "difference"), rows)


def _quality_table(seen: Sequence[Seen], apart: Sequence[Seen], fitted: Weights) -> str:
    """A row for each collection and each set of weights; our own questions are never fitted."""
    head = (
        "collection",
        "weights",
        "AUROC right/wrong, in scope",
        "AUROC in/out of scope",
        "right at 2% wrong",
        "out answered there",
        "right where 84% out are refused",
        "wrong there",
    )
    rows = []
    for one in seen:
        others = [other for other in seen if other is not one]
        sets = {"of the others": fit(others), "its own": fit([one]), "of all": fitted, "confidence.py": shipped()}
        rows += _quality_rows(one, sets)
    for one in apart:
        rows += _quality_rows(one, {"of all": fitted, "confidence.py": shipped()})
    return table(head, rows)


def _quality_rows(seen: Seen, sets: Mapping[str, Weights]) -> list[list[str]]:
    rows = []
    inside, right = seen.inside, seen.right
    for name, weights in sets.items():
        sure = weights.chances(seen.rows)
        best, threshold = _at_most_wrong(sure[inside], right[inside])
        out = sure[~inside]
        refusing = float(np.quantile(out, _REFUSED)) if len(out) else np.nan
        above = sure[inside] > refusing
        rows.append(
            [
                seen.name,
                name,
                f"{auroc(sure[inside & right], sure[inside & ~right]):.3f}",
                f"{auroc(sure[inside], out):.3f}" if len(out) else "-",
                f"{percent(best)} at {threshold:.2f}",
                percent(float((out >= threshold).mean())) if len(out) else "-",
                percent(float((above & right[inside]).mean())) if len(out) else "-",
                percent(float((above & ~right[inside]).mean())) if len(out) else "-",
            ]
        )
    return rows


def _at_most_wrong(sure: Values, right: Marks) -> tuple[float, float]:
    """The largest share right at a threshold that leaves at most 2% of all wrong, and that threshold."""
    best, threshold = 0.0, 1.0
    for candidate in np.unique(sure):
        answered = sure >= candidate
        share = float((answered & right).mean())
        if float((answered & ~right).mean()) <= _WRONG and share > best:
            best, threshold = share, float(candidate)
    return best, threshold


def _bands_table(seen: Sequence[Seen], fitted: Weights) -> str:
    head = ("collection", *(f"{low:.1f} to {low + 0.2:.1f}" for low in _BANDS))
    return table(head, [[one.name, *_bands(fitted.chances(one.rows), one.right)] for one in seen])


def _bands(sure: Values, right: Marks) -> list[str]:
    """For each band of confidence the share right and how many there are; questions out of scope count as wrong."""
    shown = []
    for low in _BANDS:
        inside = (sure >= low) & (sure < low + 0.2 if low < _BANDS[-1] else sure <= 1.0)
        shown.append(f"{percent(float(right[inside].mean()))} of {int(inside.sum())}" if inside.any() else "-")
    return shown


if __name__ == "__main__":
    main()
