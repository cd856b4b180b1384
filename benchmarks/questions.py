"""Our own knowledge, quickly: start, time a question, memory, and how often it is right, with a WRatio scan beside it.

    python -m benchmarks.questions --labelled FILE.jsonl --data DIR

At today's size, at the first start and at the second (from the snapshot of the index), and at 15,000 phrases (our own
and those of the public collections in DIR beside them). Each row has a process of its own. All times are the
processor's, and Advisor and the scan are asked in turn, so that the last column holds on a busy machine too.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing as mp
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rapidfuzz import fuzz

from benchmarks.collections import Collection, joined, read_collections, read_own, with_slips, wordings
from benchmarks.engines import Engine, Ours, Scan
from benchmarks.measuring import Times, circumstances, memory, milliseconds, percent, table
from bot.answers.scorecard import Labelled
from bot.knowledge.library import Library
from bot.knowledge.loading import load

REPOSITORY = Path(__file__).resolve().parent.parent
_LARGE = 15_000
_TIMED = 300
_BATCH_QUESTIONS = 20
_HEAD = (
    "start",
    "phrases",
    "entries",
    "read s",
    "index s",
    "process MB",
    "p50 ms",
    "p95 ms",
    "first right",
    "WRatio p50 ms",
    "p95 ms",
    "first right",
    "WRatio / Advisor, p50",
)


@dataclass(frozen=True)
class _Task:
    """What one process is to measure; *phrases* None is today's size."""

    name: str
    snapshots: Path
    knowledge: Path
    labelled: Path | None
    data: Path | None
    phrases: int | None


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, measure each size in a process of its own, print Markdown."""
    options = _parser().parse_args(arguments)
    print(f"Measured {circumstances(['numpy', 'rapidfuzz', 'PyStemmer'])}\n")
    _, missing = read_own(options.knowledge, options.labelled)
    for line in missing:
        print(f"- {line}; timed on the entries' own questions with slips")
    collections, absent = read_collections(options.data)
    if not collections:
        print(f"- {_LARGE:,} phrases: {absent[0]}")
    labelled = None if missing else options.labelled
    starts: list[tuple[str, int | None]] = [("first", None), ("second", None)]
    starts += [("first", _LARGE), ("second", _LARGE)] if collections else []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        rows = [_apart(_Task(name, place, options.knowledge, labelled, options.data, size)) for name, size in starts]
        print(f"\n{table(_HEAD, rows)}")
        if options.batch:
            print(f"\n{_batch(place, collections, options.batch)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description="Our own knowledge, quickly.")
    parser.add_argument("--labelled", type=Path, metavar="FILE.jsonl", help="our own labelled questions")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the published files of public collections")
    parser.add_argument("--knowledge", type=Path, metavar="DIR", default=REPOSITORY / "knowledge")
    parser.add_argument("--batch", type=int, metavar="N", help="also time advisor ask --batch with so many questions")
    return parser


def _apart(task: _Task) -> list[str]:
    """The row of *task*, measured in a new process."""
    with ProcessPoolExecutor(1, mp_context=mp.get_context("spawn")) as process:
        return process.submit(_row, task).result()


def _row(task: _Task) -> list[str]:
    start = time.process_time()
    library = load(task.knowledge).library
    read = time.process_time() - start
    if task.phrases is not None:
        version = f"{library.version} and {task.phrases}"
        others = [one.library for one in read_collections(task.data)[0] if "@" not in one.name]
        library = replace(joined(library, others, phrases=task.phrases), version=version)
    start = time.process_time()
    ours = Ours(task.snapshots)
    ours.build(library)
    index = time.process_time() - start
    ours.answer("what is alpha")
    used = memory()
    scan = Scan(fuzz.WRatio)
    scan.build(library)
    questions = _questions(task, library)
    own, theirs = _in_turn((ours, scan), [question.q for question in questions[:_TIMED]])
    right = [_first_right(engine, questions) if task.labelled else None for engine in (ours, scan)]
    return [
        task.name,
        f"{len(wordings(library)):,}",
        str(len(library)),
        f"{read:.2f}",
        f"{index:.2f}",
        f"{used['now']:.0f}" if used else "-",
        f"{milliseconds(own, 0.5):.2f}",
        f"{milliseconds(own, 0.95):.2f}",
        percent(right[0]),
        f"{milliseconds(theirs, 0.5):.2f}",
        f"{milliseconds(theirs, 0.95):.2f}",
        percent(right[1]),
        f"{milliseconds(theirs, 0.5) / milliseconds(own, 0.5):.1f}",
    ]


def _questions(task: _Task, library: Library) -> Sequence[Labelled]:
    """The labelled questions; where there are none, questions of the entries with slips in them."""
    if task.labelled:
        return read_own(task.knowledge, task.labelled)[0][0].inside
    return with_slips([Labelled(entry.questions[0], (entry.id,)) for entry in library if entry.questions])


def _in_turn(engines: Sequence[Engine], questions: Sequence[str]) -> list[list[float]]:
    """The processor's seconds for each question and engine, asked in turn; the first question is not counted."""
    taken = [Times() for _ in engines]
    for question in (questions[0], *questions):
        for engine, times in zip(engines, taken, strict=True):
            times.take(partial(engine.answer, question))
    return [times.processor[1:] for times in taken]


def _first_right(engine: Engine, questions: Sequence[Labelled]) -> float:
    return sum(engine.find(question.q).ids[:1] in [(one,) for one in question.ids] for question in questions) / len(
        questions
    )


def _batch(folder: Path, collections: Sequence[Collection], count: int) -> str:
    """How long the command line takes for *count* different questions in one go, its start included."""
    large = next((one for one in collections if one.name == "CLINC150 full"), None)
    if large is None:
        return "`advisor ask --json --batch`: not measured, CLINC150 is not there."
    knowledge = folder / "batch"
    knowledge.mkdir()
    entries = [
        {"id": entry.id, "title": entry.title, "questions": entry.questions[:_BATCH_QUESTIONS], "answer": entry.summary}
        for entry in large.library
    ]
    (knowledge / "knowledge.yaml").write_text(json.dumps(entries), encoding="utf-8")
    asked: dict[str, None] = {}
    for seed in range(100):
        asked.update(dict.fromkeys(question.q for question in with_slips((*large.inside, *large.outside), seed=seed)))
        if len(asked) >= count:
            break
    text = "\n".join(list(asked)[:count])
    command = [sys.executable, "-m", "bot", "ask", "--json", "--batch", "-", "--knowledge", str(knowledge)]
    start, before = time.perf_counter(), os.times()
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=REPOSITORY)
    taken, after = time.perf_counter() - start, os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return (
        f"`advisor ask --json --batch`: {len(answers):,} questions at {_BATCH_QUESTIONS * len(entries):,} phrases in "
        f"{taken:.1f} s, the start included; {processor:.1f} s of the processor."
    )


if __name__ == "__main__":
    main()
