"""The fit of the weights in ``bot/matching/beliefs.py``, repeated on the questions that they come from.

    python -m benchmarks.belief_calibration

Every belief of the nearest entries is one case: does the question rest on it? The tuned halves (even places) of the set
``premise`` say yes or no; those of ``no_premise`` and of the other sets always no. The other halves are only looked at.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.calibration import REPOSITORY, Weights, weigh
from benchmarks.measuring import Values, circumstances, percent, table
from bot.knowledge.library import Library
from bot.knowledge.loading import load
from bot.knowledge.question_sets import Row, read_rows
from bot.matching import beliefs
from bot.matching.index import Index

_RESTING_ON_NOTHING = ("no_premise", "plain", "council_voice", "near", "far")
_THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


@dataclass(frozen=True)
class Question:
    """One question: a row for each belief near it, and which of them it rests on."""

    rows: Values
    right: Values


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, rank, fit, print Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.belief_calibration")
    parser.add_argument("--knowledge", type=Path, metavar="DIR", default=REPOSITORY / "knowledge")
    parser.add_argument("--sets", type=Path, metavar="DIR", default=REPOSITORY / "tests" / "content" / "questions")
    options = parser.parse_args(arguments)
    library = load(options.knowledge).library
    index = Index(library)
    found = {
        name: [_seen(row, index, library) for row in read_rows(options.sets / f"{name}.yaml")]
        for name in ("premise", *_RESTING_ON_NOTHING)
    }
    tuned = [one for questions in found.values() for one in questions[::2] if len(one.rows)]
    rows, right = np.vstack([one.rows for one in tuned]), np.concatenate([one.right for one in tuned])
    weights = weigh(rows, right, np.ones(len(right)))
    names = list(beliefs.WEIGHTS)
    lines = [[name, f"{float(weight):.3f}"] for name, weight in zip(names, weights.each, strict=True)]
    print(f"Measured {circumstances(['numpy', 'PyStemmer'])}\n")
    print(table(("what is seen", "weight"), [*lines, ["bias", f"{weights.bias:.3f}"]]), "\n")
    print(table(("threshold", *_heads()), [*_lines(found, weights)]))


def _seen(row: Row, index: Index, library: Library) -> Question:
    near = [one for one in index.search(row["q"]).rests_on if one.resting is not None]
    corrects = row.get("corrects", ())
    right = [library[one.entry_id].beliefs[one.position].said[0] in corrects for one in near]
    seen = [one.resting.row() for one in near if one.resting is not None]
    rows = [[row[name] for name in beliefs.WEIGHTS] for row in seen]
    return Question(np.array(rows), np.array(right, np.float64))


def _heads() -> Iterator[str]:
    for half in ("tuned", "held out"):
        yield f"premise, {half}: the right belief first"
        yield f"premise, {half}: another first"
    for name in _RESTING_ON_NOTHING:
        yield f"{name}: any"


def _lines(found: dict[str, list[Question]], weights: Weights) -> Iterator[list[str]]:
    for threshold in _THRESHOLDS:
        line = [f"{threshold:.2f}"]
        for half in (0, 1):
            firsts = [_first(one, weights) for one in found["premise"][half::2]]
            for wanted in (1.0, 0.0):
                line.append(_share([sure >= threshold and right == wanted for sure, right in firsts]))
        for name in _RESTING_ON_NOTHING:
            line.append(_share([_first(one, weights)[0] >= threshold for one in found[name][1::2]]))
        yield line


def _first(question: Question, weights: Weights) -> tuple[float, float]:
    """How sure the likeliest belief is, and whether the question rests on it."""
    if not len(question.rows):
        return 0.0, 0.0
    chances = weights.chances(question.rows)
    at = int(chances.argmax())
    return float(chances[at]), float(question.right[at])


def _share(hits: Sequence[bool]) -> str:
    return percent(sum(hits) / len(hits)) if hits else "-"


if __name__ == "__main__":
    main()
