"""Advisor's matching beside others: how often it is right, what each ingredient is worth, and what it costs.

    python -m benchmarks.matching --data DIR --labelled FILE.jsonl > table.md

DIR holds the published files of public collections (see ``benchmarks/collections.py``); FILE has our own labelled
questions. What is not there is not measured, and the output says so. ``bm25s``, ``tantivy`` and ``scikit-learn`` are
measured where they are installed.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

from benchmarks.ablations import ABLATIONS, without
from benchmarks.collections import Collection, pooled, read_collections, read_own, read_sets, wordings
from benchmarks.costs import Cost, measure
from benchmarks.engines import COST_ONLY, ENGINES, Ours, all_packages, installed
from benchmarks.figures import HEAD, Figures, cells, judge
from benchmarks.measuring import circumstances, milliseconds, points, say, table

REPOSITORY = Path(__file__).resolve().parent.parent
_PARTS = ("quality", "ablation", "cost")
_SIZES = (1_500, 15_000, 150_000)
_TIMED = 310
_COST_HEAD = (
    "phrases",
    "engine",
    "build s",
    "processor s",
    "p50 ms",
    "p95 ms",
    "processor p50 ms",
    "p95 ms",
    "x ours",
    "memory MB",
    "peak while building MB",
)
_ABLATION_HEAD = (
    "without",
    "first right",
    "with slips",
    "answered right",
    "answered wrong",
    "helped",
    "out of scope: answered",
    "offered a choice",
    "AUROC in/out",
    "right where 80% out are refused",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, run what was asked for, print Markdown."""
    options = _parser().parse_args(arguments)
    public, absent = read_collections(options.data)
    own, missing = read_own(options.knowledge, options.labelled)
    sets, lacking = read_sets(options.knowledge, options.sets)
    house = [*own, *pooled("our own, question sets", sets)]
    chosen = [
        one.sample(options.questions) for one in (*house, *public) if not options.only or options.only in one.name
    ]
    engines = [one for one in ENGINES if one in options.engines]
    judged = [one for one in engines if one not in COST_ONLY]
    print(f"Measured {circumstances(all_packages(engines))}\n")
    for line in (*missing, *lacking, *absent):
        print(f"- {line}")
    if "quality" in options.parts:
        for collection in chosen:
            print(f"\n### {_title(collection)}\n\n{_quality(collection, judged)}", flush=True)
    if "ablation" in options.parts and chosen:
        print(f"\n### What each ingredient is worth\n\n{_ablation(chosen)}", flush=True)
    if "cost" in options.parts and public:
        asked = _timed_questions(public)
        rows = [row for size in options.sizes for row in _cost(options.data, size, engines, asked)]
        print(f"\n### Cost\n\n{table(_COST_HEAD, rows)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description="Advisor beside others.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the published files of public collections")
    parser.add_argument("--labelled", type=Path, metavar="FILE.jsonl", help="our own labelled questions")
    parser.add_argument("--knowledge", type=Path, metavar="DIR", default=REPOSITORY / "knowledge")
    parser.add_argument("--sets", type=Path, metavar="DIR", default=REPOSITORY / "tests" / "content" / "questions")
    parser.add_argument("--questions", type=int, default=1_000, help="at most so many of each sort; 0 for all")
    parser.add_argument("--only", metavar="TEXT", help="only collections with this in their name")
    parser.add_argument("--parts", nargs="+", choices=_PARTS, default=_PARTS)
    parser.add_argument("--engines", nargs="+", choices=tuple(ENGINES), default=tuple(ENGINES))
    parser.add_argument("--sizes", nargs="+", type=int, default=_SIZES, metavar="PHRASES")
    return parser


def _title(collection: Collection) -> str:
    return (
        f"{collection.name}: {len(collection.library)} entries, {len(wordings(collection.library)):,} phrases, "
        f"{len(collection.inside):,} questions in scope, {len(collection.outside):,} out"
    )


def _quality(collection: Collection, engines: Sequence[str]) -> str:
    """One row an engine; those without a threshold answer as many questions in scope as ours does."""
    rows = []
    answered: float | None = None
    for name in engines:
        if not installed(name):
            rows.append([ENGINES[name]().name, "not installed", *[""] * (len(HEAD) - 1)])
            continue
        say(f"{collection.name}: {name}")
        engine = ENGINES[name]()
        engine.build(collection.library)
        figures = judge(engine, collection, answered=answered)
        if name == "ours":
            answered = figures.right + figures.wrong
        rows.append([engine.name, *cells(figures)])
    return table(("engine", *HEAD), rows)


def _ablation(collections: Sequence[Collection]) -> str:
    """What the engine loses (-) or wins (+) without each ingredient, in points: the mean, then by collection."""
    lost = {one.name: _losses(one) for one in collections}
    mean = {name: _mean([losses[name] for losses in lost.values()]) for name in ABLATIONS}
    parts = ["Change in points without it; the mean of all collections, then each.\n"]
    parts.append(table(_ABLATION_HEAD, [[name, *_changes(change)] for name, change in mean.items()]))
    for name, losses in lost.items():
        rows = [[one, *_changes(change)] for one, change in losses.items()]
        parts.append(f"\n#### {name}\n\n{table(_ABLATION_HEAD, rows)}")
    return "\n".join(parts)


def _losses(collection: Collection) -> dict[str, Figures]:
    whole = _ours(collection)
    losses = {}
    for name in ABLATIONS:
        say(f"{collection.name}: without {name}")
        with without(name):
            losses[name] = _ours(collection).minus(whole)
    return losses


def _ours(collection: Collection) -> Figures:
    engine = Ours()
    engine.build(collection.library)
    return judge(engine, collection)


def _mean(changes: Sequence[Figures]) -> Figures:
    table_ = np.array([[getattr(change, field.name) for field in fields(Figures)] for change in changes])
    known = np.maximum((~np.isnan(table_)).sum(axis=0), 1)
    return Figures(*(np.nansum(table_, axis=0) / known).tolist())


def _changes(change: Figures) -> list[str]:
    shown = (
        change.top1,
        change.slips,
        change.right,
        change.wrong,
        change.helped,
        change.out_answered,
        change.out_offered,
    )
    return [points(one) for one in (*shown, change.apart, change.right_at_80)]


def _timed_questions(collections: Sequence[Collection]) -> list[str]:
    """The questions that are timed: of the first collection, in scope and out, in a drawn order."""
    questions = [question.q for question in (*collections[0].inside, *collections[0].outside)]
    return random.Random(5).sample(questions, min(_TIMED, len(questions)))


def _cost(folder: Path, size: int, engines: Sequence[str], questions: Sequence[str]) -> list[list[str]]:
    costs = measure(folder, size, [one for one in engines if installed(one)], questions)
    ours = next((milliseconds(cost.times.processor, 0.5) for cost in costs if cost.engine == "ours"), float("nan"))
    rows = [_cost_row(size, cost, ours) for cost in costs]
    absent = [one for one in engines if not installed(one)]
    return rows + [[f"{size:,}", ENGINES[one]().name, "not installed", *[""] * 8] for one in absent]


def _cost_row(size: int, cost: Cost, ours: float) -> list[str]:
    name = ENGINES[cost.engine]().name
    if cost.note:
        return [f"{size:,}", name, cost.note, *[""] * 8]
    times = [milliseconds(one, part) for one in (cost.times.clock, cost.times.processor) for part in (0.5, 0.95)]
    numbers = [
        f"{cost.build:.2f}",
        f"{cost.build_processor:.2f}",
        *(f"{one:.2f}" for one in times),
        f"{times[2] / ours:.1f}",
    ]
    return [f"{size:,}", name, *numbers, *("-" if one is None else f"{one:.0f}" for one in (cost.grown, cost.peak))]


if __name__ == "__main__":
    main()
