"""What an engine costs: time to build, time a question, memory. Each in a process of its own, asked in turn.

All processes of a size live at once and are asked ten questions each, round after round, so that what else the machine
does falls on all of them alike: ratios count, not milliseconds. The processor's time is noted too: a busy machine
stretches the clock's.
"""

from __future__ import annotations

import multiprocessing as mp
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.collections import Collection, enlarge, read_collections
from benchmarks.engines import ENGINES
from benchmarks.measuring import Times, memory, say, settle_memory
from bot.knowledge.library import Library

ENLARGED_ENTRIES = 500
_SVM_MOST = 20_000
_ROUND = 10
_WARM_UP = 10
_LONGEST_SECONDS = 15.0
_LEAST_ASKED = 20


@dataclass
class Cost:
    """One engine at one size; memory in MB over what the process had with the library loaded (None: not told)."""

    engine: str
    note: str = ""
    build: float = 0.0
    build_processor: float = 0.0
    grown: float | None = None
    peak: float | None = None
    times: Times = field(default_factory=Times)


def sized(collections: Sequence[Collection], phrases: int) -> Library:
    """
    A library of about *phrases* phrases: CLINC150 with ten phrases an intent or whole where that is the size, else one
    of 500 entries made from all collections.
    """
    small = {1_500: "CLINC150@10", 15_000: "CLINC150 full"}.get(phrases)
    for collection in collections:
        if collection.name == small:
            return collection.library
    entries = min(ENLARGED_ENTRIES, max(1, phrases // 10))
    wanted = [one.library for one in collections if one.name not in ("CLINC150@10",)]
    return enlarge(wanted, phrases=phrases, entries=entries)


def measure(folder: Path, phrases: int, engines: Sequence[str], questions: Sequence[str]) -> list[Cost]:
    """The costs of *engines* (keys of ``ENGINES``) at a size, over the collections in *folder*."""
    context = mp.get_context("spawn")
    costs: list[Cost] = []
    lines: list[tuple[Cost, Connection]] = []
    workers = []
    for engine in engines:
        cost = Cost(engine)
        costs.append(cost)
        if engine == "svm" and phrases > _SVM_MOST:
            cost.note = "left out: trains for many minutes"
            continue
        ours, theirs = context.Pipe()
        worker = context.Process(target=_work, args=(theirs, engine, folder, phrases), daemon=True)
        worker.start()
        theirs.close()
        workers.append(worker)
        try:
            cost.build, cost.build_processor, cost.grown, cost.peak = ours.recv()
        except EOFError:
            cost.note = "failed"
            continue
        lines.append((cost, ours))
        say(f"{phrases} phrases, {engine}: built in {cost.build:.1f} s")
    _ask_in_turn(lines, questions)
    for _, line in lines:
        line.send(None)
    for worker in workers:
        worker.join()
    return costs


def _ask_in_turn(lines: Sequence[tuple[Cost, Connection]], questions: Sequence[str]) -> None:
    for _, line in lines:
        line.send(list(questions[:_WARM_UP]))
        line.recv()
    for start in range(_WARM_UP, len(questions), _ROUND):
        for cost, line in lines:
            if len(cost.times.clock) < _LEAST_ASKED or sum(cost.times.clock) < _LONGEST_SECONDS:
                line.send(list(questions[start : start + _ROUND]))
                cost.times.add(line.recv())


def _work(line: Connection, engine_name: str, folder: Path, phrases: int) -> None:
    """The life of one process: build, tell what it cost, then time what is asked until there is nothing more."""
    library = sized(read_collections(folder)[0], phrases)
    engine = ENGINES[engine_name]()
    settle_memory()
    before = memory()
    built = Times()
    built.take(partial(engine.build, library))
    peak = memory()
    settle_memory()
    after = memory()
    grown = (after["now"] - before["now"], peak["peak"] - before["now"]) if before else (None, None)
    line.send((built.clock[0], built.processor[0], *grown))
    while (questions := line.recv()) is not None:
        times = Times()
        for question in questions:
            times.take(partial(engine.answer, question))
        line.send(times)
