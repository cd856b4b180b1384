"""The fit of the weights in ``bot/matching/confidence.py``, repeated on the collections that they come from.

    python -m benchmarks.calibration --data DIR --labelled FILE.jsonl

On each public collection every question is ranked without regard to exact names, and what can be seen of the ranking is
fitted to whether the first entry is right (a question out of scope never is). Right and wrong weigh alike, and so do
collections. The tuned halves (even places) of our own questions count as three collections; their other halves, and
whatever a name, a point or a phrase word for word settles, are never fitted.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.ablations import without
from benchmarks.collections import Collection, read_collections, read_own, read_sets
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
_OWN_COUNTS = 3
_WRONG = 0.02
_REFUSED = 0.84
_BANDS = (0.0, 0.2, 0.4, 0.6, 0.8)
_FITTED_SETS = ("plain", "council_voice", "false_premise", "near", "far")
_QUALITY_HEAD = (
    "collection",
    "weights",
    "AUROC right/wrong, in scope",
    "AUROC in/out of scope",
    "right at 2% wrong",
    "out answered there",
    "right where 84% out are refused",
    "wrong there",
)


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
    options = _parser().parse_args(arguments)
    public, absent = read_collections(options.data, full=False)
    own, missing = read_own(options.knowledge, options.labelled)
    sets, lacking = read_sets(options.knowledge, options.sets)
    print(f"Measured {circumstances(['numpy', 'rapidfuzz', 'PyStemmer'])}\n")
    for line in (*absent, *missing, *lacking):
        print(f"- {line}")
    if len(public) < 2:
        print("\nNothing to fit: at least two public collections are needed.")
        return
    seen = [see(one) for one in public]
    house = [*own, *(one for one in sets if one.name.rsplit(" ", 1)[-1] in _FITTED_SETS)]
    tuned, held_out = see_own(house) if house else ([], [])
    print(f"\n### The weights\n\n{_weights_table(fit(seen), fit([*seen, *tuned * _OWN_COUNTS]))}")
    print(f"\n### How good they are\n\n{_quality_table(seen, tuned, held_out)}")
    print("\n### How well they hold: right of those about so sure, %, questions out of scope counted as wrong\n")
    print(_bands_table([*seen, *held_out], shipped()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description="Fit the confidence.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the published files of public collections")
    parser.add_argument("--labelled", type=Path, metavar="FILE.jsonl", help="our own labelled questions")
    parser.add_argument("--sets", type=Path, metavar="DIR", default=REPOSITORY / "tests" / "content" / "questions")
    parser.add_argument("--knowledge", type=Path, metavar="DIR", default=REPOSITORY / "knowledge")
    return parser


def see(collection: Collection) -> Seen:
    """Rank a drawn part of the questions of a public collection and keep what can be seen of each ranking."""
    say(f"ranking {collection.name}")
    questions = [*collection.inside, *collection.outside]
    random.Random(_SEED).shuffle(questions)
    with without("exact names and points"):
        return _ranked(collection.name, Index(collection.library), questions[:_ASKED])


def see_own(collections: Sequence[Collection]) -> tuple[list[Seen], list[Seen]]:
    """Our own questions in two parts, both pooled: those at even places of each set, and those at odd ones."""
    say("ranking our own")
    index = Index(collections[0].library)
    halves = []
    for name, start in (("our own, tuned halves", 0), ("our own, held-out halves", 1)):
        questions = [one for each in collections for one in (*each.inside, *each.outside)[start::2]]
        halves.append(_ranked(name, index, questions))
    return [halves[0]], [halves[1]]


def fit(seen: Sequence[Seen]) -> Weights:
    """A ridge logistic regression over all of *seen*; in each, right and wrong count for half."""
    rows = np.vstack([one.rows for one in seen])
    right = np.concatenate([one.right for one in seen]).astype(np.float64)
    return weigh(rows, right, np.concatenate([_importance(one.right) for one in seen]))


def weigh(rows: Values, right: Values, importance: Values) -> Weights:
    """A ridge logistic regression of *right* (0 or 1) on *rows*, each counted as often as *importance* says."""
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread < 1e-9] = 1.0  # the same for all: the ridge leaves its weight at nothing
    weights = _logistic(np.column_stack([(rows - middle) / spread, np.ones(len(rows))]), right, importance)
    each = weights[:-1] / spread
    return Weights(each, float(weights[-1] - (each * middle).sum()))


def shipped() -> Weights:
    """The weights as they stand in ``bot/matching/confidence.py``."""
    return Weights(np.array(list(confidence.WEIGHTS.values())), confidence.BIAS)


def _ranked(name: str, index: Index, questions: Sequence[Labelled]) -> Seen:
    """What can be seen of each ranking that no rule settles."""
    pairs = [(index.search(question.q), question) for question in questions]
    pairs = [(matches, question) for matches, question in pairs if matches.rule == "words" and matches.ranked]
    evidence = [matches.evidence.row() for matches, _ in pairs]
    return Seen(
        name,
        np.array([[row[kind] for kind in confidence.WEIGHTS] for row in evidence]),
        np.array([matches.best in question.ids for matches, question in pairs]),
        np.array([bool(question.ids) for _, question in pairs]),
    )


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


def _weights_table(public: Weights, all_: Weights) -> str:
    now = shipped()
    names = [*confidence.WEIGHTS, "bias"]
    sets = [[*weights.each, weights.bias] for weights in (public, all_, now)]
    rows = [
        [name, f"{a:.3f}", f"{b:.3f}", f"{c:.3f}", f"{b - c:+.3f}"] for name, a, b, c in zip(names, *sets, strict=True)
    ]
    head = (
        "evidence",
        "fitted on the public ones",
        "and on our tuned halves",
        "in confidence.py",
        "difference of both",
    )
    return table(head, rows)


def _quality_table(seen: list[Seen], tuned: list[Seen], held_out: list[Seen]) -> str:
    """A row for each collection and each set of weights: how good weights are that were fitted without it."""
    rows = []
    for one in seen:
        others = [other for other in (*seen, *tuned * _OWN_COUNTS) if other is not one]
        rows += _quality_rows(one, {"of the others": fit(others), "its own": fit([one]), "confidence.py": shipped()})
    for one in held_out:
        sets = {
            "of the public ones": fit(seen),
            "of our tuned halves": fit(tuned),
            "of both": fit([*seen, *tuned * _OWN_COUNTS]),
        }
        rows += _quality_rows(one, {**sets, "confidence.py": shipped()})
    return table(_QUALITY_HEAD, rows)


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
                f"{percent(float((above & right[inside]).mean()))} at {refusing:.2f}" if len(out) else "-",
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


def _bands_table(seen: Sequence[Seen], weights: Weights) -> str:
    head = ("collection", *(f"{low:.1f} to {low + 0.2:.1f}" for low in _BANDS))
    return table(head, [[one.name, *_bands(weights.chances(one.rows), one.right)] for one in seen])


def _bands(sure: Values, right: Marks) -> list[str]:
    """For each band of confidence the share right and how many there are."""
    shown = []
    for low in _BANDS:
        inside = (sure >= low) & (sure < low + 0.2 if low < _BANDS[-1] else sure <= 1.0)
        shown.append(f"{percent(float(right[inside].mean()))} of {int(inside.sum())}" if inside.any() else "-")
    return shown


if __name__ == "__main__":
    main()
